//! A named set of capabilities (T-ROL-02).

use sea_orm::entity::prelude::*;

/// A named set of capabilities (T-ROL-02).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub shipped: bool,
    #[sea_orm(column_type = "Text")]
    pub capabilities: String,
    pub created_at: i64,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
