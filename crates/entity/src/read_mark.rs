//! How far a person has read a ticket (T-TIM-07).

use sea_orm::entity::prelude::*;

/// How far a person has read a ticket (T-TIM-07).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "read_mark")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub read_at: i64,
    pub last_entry_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
