//! One matter with number, status and people.

use sea_orm::entity::prelude::*;

/// One matter with number, status and people.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: i64,
    pub entity_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "Text")]
    pub description_text: String,
    pub description_edited_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub urgency: i32,
    pub impact: i32,
    pub priority: i32,
    pub priority_by_hand: bool,
    pub category_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    pub location_id: Option<Uuid>,
    pub writer_id: Option<Uuid>,
    pub routing_group_id: Option<Uuid>,
    pub opened_at: i64,
    pub assigned_at: Option<i64>,
    pub taken_at: Option<i64>,
    pub due_own_at: Option<i64>,
    pub due_resolve_at: Option<i64>,
    pub solved_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub cancelled_at: Option<i64>,
    pub close_due_at: Option<i64>,
    pub pending_reason_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub pending_text: Option<String>,
    pub pending_since: Option<i64>,
    pub answer_awaited: bool,
    pub reopen_count: i32,
    pub merged_into_id: Option<Uuid>,
    pub deleted_at: Option<i64>,
    pub deleted_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub deleted_reason: Option<String>,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    pub public_updated_at: i64,
    pub customer_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
