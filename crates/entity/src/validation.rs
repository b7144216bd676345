//! A request for validation (T-VAL).

use sea_orm::entity::prelude::*;

/// A request for validation (T-VAL).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub asker_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    #[sea_orm(column_type = "Text")]
    pub comment_text: String,
    pub required_percent: i32,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub asked_at: i64,
    pub withdrawn_at: Option<i64>,
    pub withdrawn_by_id: Option<Uuid>,
    pub replaced_by_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
