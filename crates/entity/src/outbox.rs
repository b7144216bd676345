//! A mail to send, written with its cause.

use sea_orm::entity::prelude::*;

/// A mail to send, written with its cause.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub object_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub due_at: i64,
    pub tries: i32,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
