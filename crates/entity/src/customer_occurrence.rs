//! A dated event about a customer.

use sea_orm::entity::prelude::*;

/// A dated event about a customer; entity and reach are those of the customer.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_occurrence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    pub recursive: bool,
    pub customer_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub category_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub impact: String,
    pub occurred_on: i32,
    pub ticket_id: Option<Uuid>,
    pub author_id: Uuid,
    pub registered_at: i64,
    pub edited_at: Option<i64>,
    pub edited_by_id: Option<Uuid>,
    pub revision_count: i32,
    pub removed_at: Option<i64>,
    pub removed_by_id: Option<Uuid>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
