//! An article of the knowledge base (T-KNO-01).

use sea_orm::entity::prelude::*;

/// An article of the knowledge base (T-KNO-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    pub recursive: bool,
    pub family_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub body_text: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    pub category_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub audience: String,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub owner_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub review_on: Option<String>,
    pub from_private: bool,
    pub author_id: Option<Uuid>,
    pub edited_by_id: Option<Uuid>,
    pub helped: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub deleted_at: Option<i64>,
    pub deleted_by_id: Option<Uuid>,
    pub revision: i32,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
