//! A secret of the instance, made at its first start.

use sea_orm::entity::prelude::*;

/// A secret of the instance, made at its first start.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instance_secret")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub value: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
