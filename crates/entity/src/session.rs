//! A signed-in browser; the key is the SHA-256 of its cookie.

use sea_orm::entity::prelude::*;

/// A signed-in browser; the key is the SHA-256 of its cookie.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub token_hash: String,
    pub user_id: Uuid,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    #[sea_orm(column_type = "Text")]
    pub agent: String,
}

impl ActiveModelBehavior for ActiveModel {}
