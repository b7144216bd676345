//! A former version of an occurrence (T-OCC-16).

use sea_orm::entity::prelude::*;

/// A former version of an occurrence (T-OCC-16).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "occurrence_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occurrence_id: Uuid,
    pub number: i32,
    pub at: i64,
    pub by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub what: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub body_text: String,
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    pub occurred_at: i64,
    pub minutes: Option<i32>,
    pub category_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub attachments: String,
}

impl ActiveModelBehavior for ActiveModel {}
