//! An entry written by a person (T-OCC).

use sea_orm::entity::prelude::*;

/// An entry written by a person (T-OCC).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "occurrence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub entity_id: Uuid,
    pub author_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub author_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub side: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub body_text: String,
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    pub occurred_at: i64,
    pub registered_at: i64,
    pub minutes: Option<i32>,
    pub category_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    pub reply_to_id: Option<Uuid>,
    pub root_id: Option<Uuid>,
    pub edited_at: Option<i64>,
    pub edited_by_id: Option<Uuid>,
    pub public_edited_at: Option<i64>,
    pub revision_count: i32,
    pub removed_at: Option<i64>,
    pub removed_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub removed_reason: Option<String>,
    pub template_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub template_name: Option<String>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
