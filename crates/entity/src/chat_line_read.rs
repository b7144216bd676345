//! When a person first had a line of a chat before him (T-CHT-02).

use sea_orm::entity::prelude::*;

/// When a person first had a line of a chat before him (T-CHT-02).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat_line_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub side: String,
    pub read_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
