//! What solved a ticket, with its answer (T-SOL).

use sea_orm::entity::prelude::*;

/// What solved a ticket, with its answer (T-SOL).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "solution")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub entity_id: Uuid,
    pub author_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub body_text: String,
    pub type_id: Option<Uuid>,
    pub template_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub template_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub answered_at: Option<i64>,
    pub answered_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answered_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    pub registered_at: i64,
    pub edited_at: Option<i64>,
    pub edited_by_id: Option<Uuid>,
    pub revision_count: i32,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
