//! A live event: ids and numbers, never text.

use sea_orm::entity::prelude::*;

/// A live event: ids and numbers, never text.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub xid: i64,
    pub entity_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub what: String,
    pub object_id: Uuid,
    pub ticket_id: Uuid,
    pub ticket_number: i64,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub audience: String,
    pub author_id: Option<Uuid>,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
