//! What a person typed and has not sent (T-DRF).

use sea_orm::entity::prelude::*;

/// What a person typed and has not sent (T-DRF).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub object: String,
    #[sea_orm(column_type = "Text")]
    pub fields: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub other: Option<String>,
    pub other_saved_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub device: String,
    pub saved_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
