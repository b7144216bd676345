//! Somebody who is asked for a validation, with his answer (T-VAL).

use sea_orm::entity::prelude::*;

/// Somebody who is asked for a validation, with his answer (T-VAL).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub validation_id: Uuid,
    pub ticket_id: Uuid,
    pub position: i32,
    pub user_id: Option<Uuid>,
    pub group_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub answered_by_id: Option<Uuid>,
    pub answered_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub withdrawn_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
