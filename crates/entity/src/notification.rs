//! What somebody was told of (T-NTF).

use sea_orm::entity::prelude::*;

/// What somebody was told of (T-NTF).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub event: String,
    #[sea_orm(column_type = "Text")]
    pub why: String,
    pub ticket_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub entry_kind: Option<String>,
    pub entry_id: Option<Uuid>,
    pub author_id: Option<Uuid>,
    pub at: i64,
    pub read_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
