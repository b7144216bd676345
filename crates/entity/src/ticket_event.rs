//! A row of the history (T-HIS).

use sea_orm::entity::prelude::*;

/// A row of the history (T-HIS).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub at: i64,
    pub author_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub public: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub entry_kind: Option<String>,
    pub entry_id: Option<Uuid>,
    pub entry_private: bool,
    pub entry_author_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub changes: String,
    #[sea_orm(column_type = "Text")]
    pub data: String,
}

impl ActiveModelBehavior for ActiveModel {}
