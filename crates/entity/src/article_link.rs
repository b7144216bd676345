//! A ticket that uses an article (T-KNO-03). It outlives the article: what is left says "removed article".

use sea_orm::entity::prelude::*;

/// A ticket that uses an article (T-KNO-03).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub by_id: Option<Uuid>,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
