//! When the due dates of a ticket are looked at next, and which of them were told (T-NTF-02).

use sea_orm::entity::prelude::*;

/// When the due dates of a ticket are looked at next, and which of them were told (T-NTF-02).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "due_watch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub look_at: Option<i64>,
    pub own_at_risk: Option<i64>,
    pub own_overdue: Option<i64>,
    pub resolve_at_risk: Option<i64>,
    pub resolve_overdue: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
