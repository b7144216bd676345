//! Membership of a person in a group.

use sea_orm::entity::prelude::*;

/// Membership of a person in a group.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_group_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub manager: bool,
}

impl ActiveModelBehavior for ActiveModel {}
