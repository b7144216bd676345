//! A mail to one recipient, written with its cause (M-DLV-01).

use sea_orm::entity::prelude::*;

/// A mail to one recipient, written with its cause (M-DLV-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub entity_id: Uuid,
    pub ticket_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub entry_kind: String,
    pub entry_id: Uuid,
    pub entry_version: i32,
    pub author_id: Option<Uuid>,
    pub user_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    #[sea_orm(column_type = "Text")]
    pub address_key: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    pub changed: bool,
    #[sea_orm(column_type = "Text")]
    pub message_id: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub is_open: bool,
    pub due_at: i64,
    pub tries: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub state_at: i64,
    pub lease_until: i64,
    pub fence: i32,
    pub created_at: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub event: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub why: Option<String>,
    pub forced: bool,
}

impl ActiveModelBehavior for ActiveModel {}
