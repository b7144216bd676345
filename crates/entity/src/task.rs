//! Something to do for a ticket (T-TSK).

use sea_orm::entity::prelude::*;

/// Something to do for a ticket (T-TSK).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub entity_id: Uuid,
    pub author_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub body_text: String,
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub category_id: Option<Uuid>,
    pub planned_begin: Option<i64>,
    pub planned_end: Option<i64>,
    pub estimated_minutes: Option<i32>,
    pub actual_minutes: Option<i32>,
    pub user_id: Option<Uuid>,
    pub group_id: Option<Uuid>,
    pub reminder_minutes: Option<i32>,
    pub remind_at: Option<i64>,
    pub reminded_at: Option<i64>,
    pub template_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub template_name: Option<String>,
    pub done_at: Option<i64>,
    pub done_by_id: Option<Uuid>,
    pub registered_at: i64,
    pub edited_at: Option<i64>,
    pub edited_by_id: Option<Uuid>,
    pub public_edited_at: Option<i64>,
    pub revision_count: i32,
    pub removed_at: Option<i64>,
    pub removed_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub removed_reason: Option<String>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
