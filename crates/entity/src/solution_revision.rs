//! A former version of a solution (T-SOL-06).

use sea_orm::entity::prelude::*;

/// A former version of a solution (T-SOL-06).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "solution_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub solution_id: Uuid,
    pub number: i32,
    pub at: i64,
    pub by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub body_text: String,
    pub type_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub attachments: String,
}

impl ActiveModelBehavior for ActiveModel {}
