//! When a person first had a message before him (T-MSG-02).

use sea_orm::entity::prelude::*;

/// When a person first had a message before him (T-MSG-02).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub side: String,
    pub read_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
