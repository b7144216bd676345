//! A line of a chat, numbered in the order of saving (T-CHT-06).

use sea_orm::entity::prelude::*;

/// A line of a chat, numbered in the order of saving (T-CHT-06).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub chat_id: Uuid,
    pub number: i64,
    pub author_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub side: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub sent_at: i64,
    pub mail_due_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
