//! The small picture of an image, made by a job (C-IMG-05).

use sea_orm::entity::prelude::*;

/// The small picture of an image, made by a job (C-IMG-05).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thumbnail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    pub is_open: bool,
    pub tries: i32,
    pub lease_until: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub sha256: Option<String>,
    pub size: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
