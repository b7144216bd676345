//! A chat of a ticket from its first line to its end (T-CHT-03); one at a time.

use sea_orm::entity::prelude::*;

/// A chat of a ticket from its first line to its end (T-CHT-03); one at a time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub started_at: i64,
    pub last_line_at: i64,
    pub waiting_since: Option<i64>,
    pub ended_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
