//! A try to sign in, for the limits of A-AUT-03.

use sea_orm::entity::prelude::*;

/// A try to sign in, for the limits of A-AUT-03.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub account_key: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    pub success: bool,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
