//! A group of people (T-ROL-04).

use sea_orm::entity::prelude::*;

/// A group of people (T-ROL-04).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub recursive: bool,
    pub may_be_assigned: bool,
    pub may_be_asked: bool,
    pub may_be_requester: bool,
    pub active: bool,
    pub created_at: i64,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
