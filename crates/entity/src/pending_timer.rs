//! When a pending ticket is reminded of, or solved by itself, next (T-PEN-03, T-PEN-06).

use sea_orm::entity::prelude::*;

/// When a pending ticket is reminded of, or solved by itself, next (T-PEN-03, T-PEN-06).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_timer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub reason_id: Uuid,
    pub reminders: i32,
    pub last_at: Option<i64>,
    pub due_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
