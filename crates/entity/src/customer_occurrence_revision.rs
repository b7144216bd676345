//! A former version of a customer occurrence.

use sea_orm::entity::prelude::*;

/// A former version of a customer occurrence (C-OCC-07).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_occurrence_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occurrence_id: Uuid,
    pub number: i32,
    pub at: i64,
    pub by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub category_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub impact: String,
    pub occurred_on: i32,
    pub ticket_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub images: String,
}

impl ActiveModelBehavior for ActiveModel {}
