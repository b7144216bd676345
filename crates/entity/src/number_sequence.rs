//! A public number sequence (T-GEN-10).

use sea_orm::entity::prelude::*;

/// A public number sequence (T-GEN-10).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "number_sequence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub name: String,
    pub value: i64,
}

impl ActiveModelBehavior for ActiveModel {}
