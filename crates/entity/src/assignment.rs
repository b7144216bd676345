//! A role of a person in an entity (T-ROL-01).

use sea_orm::entity::prelude::*;

/// A role of a person in an entity (T-ROL-01).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub entity_id: Uuid,
    pub role_id: Uuid,
    pub recursive: bool,
}

impl ActiveModelBehavior for ActiveModel {}
