//! A requester, observer or assignee of a ticket.

use sea_orm::entity::prelude::*;

/// A requester, observer or assignee of a ticket.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_actor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub role: String,
    pub user_id: Option<Uuid>,
    pub group_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
