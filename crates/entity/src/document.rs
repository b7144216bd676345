//! A file: uploaded, then attached to an entry (T-DOC).

use sea_orm::entity::prelude::*;

/// A file: uploaded, then attached to an entry (T-DOC).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    pub ticket_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub entry_kind: Option<String>,
    pub entry_id: Option<Uuid>,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub media_type: String,
    pub size: i64,
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    pub author_id: Uuid,
    pub uploaded_at: i64,
    pub registered_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub removed_at: Option<i64>,
    pub removed_by_id: Option<Uuid>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
