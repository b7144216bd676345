//! An organisation or person served by an entity.

use sea_orm::entity::prelude::*;

/// An organisation or person served by an entity. The table has further columns, for the search alone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    pub recursive: bool,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub legal_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub document_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub document_key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub contacts: String,
    pub segment_id: Option<Uuid>,
    pub responsible_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub last_occurred_on: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_impact: Option<String>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
