//! A way into the product without sign-in, in a mail; of its secret only the hash is kept (T-SOL-08).

use sea_orm::entity::prelude::*;

/// A way into the product without sign-in, in a mail; of its secret only the hash is kept (T-SOL-08).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signed_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub token_hash: String,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub object_id: Uuid,
    pub ticket_id: Uuid,
    pub user_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub address_key: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
