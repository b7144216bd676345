//! What was posted by a form without a draft and refused (T-DRF-03).

use sea_orm::entity::prelude::*;

/// What was posted by a form without a draft and refused (T-DRF-03).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refused_form")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub place: String,
    #[sea_orm(column_type = "Text")]
    pub key_hash: String,
    #[sea_orm(column_type = "Text")]
    pub fields: String,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
