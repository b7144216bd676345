//! A survey after a closing, with its answer (T-SRV-01).

use sea_orm::entity::prelude::*;

/// A survey after a closing, with its answer (T-SRV-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub sent_at: i64,
    pub expires_at: i64,
    pub score: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub answered_at: Option<i64>,
    pub answered_by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answered_by_key: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answered_by_name: Option<String>,
    pub changed_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
