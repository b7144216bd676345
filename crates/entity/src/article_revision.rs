//! A version of an article, the present one included (T-KNO-01).

use sea_orm::entity::prelude::*;

/// A version of an article, the present one included (T-KNO-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub article_id: Uuid,
    pub number: i32,
    pub row_version: i32,
    pub at: i64,
    pub by_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub what: String,
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
    pub recursive: bool,
    pub owner_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub review_on: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub attachments: String,
}

impl ActiveModelBehavior for ActiveModel {}
