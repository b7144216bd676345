//! A text to begin with or to send, per language (T-TPL-01).

use sea_orm::entity::prelude::*;

/// A text to begin with or to send, per language (T-TPL-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub entity_id: Uuid,
    pub recursive: bool,
    pub active: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub purpose: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub texts: String,
    pub category_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub visibility: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub sets: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
