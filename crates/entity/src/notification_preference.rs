//! What somebody wants to be told of, where it is not the default (T-NTF-03).

use sea_orm::entity::prelude::*;

/// What somebody wants to be told of, where it is not the default (T-NTF-03).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub event: String,
    pub app: bool,
    pub mail: bool,
}

impl ActiveModelBehavior for ActiveModel {}
