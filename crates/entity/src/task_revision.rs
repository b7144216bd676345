//! A former version of a task (T-TSK-02, T-OCC-16).

use sea_orm::entity::prelude::*;

/// A former version of a task (T-TSK-02, T-OCC-16).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    pub number: i32,
    pub at: i64,
    pub by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub what: String,
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
    #[sea_orm(column_type = "Text")]
    pub attachments: String,
}

impl ActiveModelBehavior for ActiveModel {}
