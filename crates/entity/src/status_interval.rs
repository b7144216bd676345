//! A stretch of time in one status (T-CLK-01).

use sea_orm::entity::prelude::*;

/// A stretch of time in one status (T-CLK-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_interval")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub from_at: i64,
    pub to_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
