//! Whether mails can leave at present, for all instances: one row (M-TRN-04).

use sea_orm::entity::prelude::*;

/// Whether mails can leave at present, for all instances: one row (M-TRN-04).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_transport")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub failing_since: Option<i64>,
    pub failures: i32,
    pub next_try_at: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
