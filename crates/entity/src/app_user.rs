//! A person who may sign in; disabled, never deleted (T-ROL-09).

use sea_orm::entity::prelude::*;

/// A person who may sign in; disabled, never deleted (T-ROL-09).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub email: String,
    #[sea_orm(column_type = "Text")]
    pub email_key: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub extension: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    #[sea_orm(column_type = "Text")]
    pub theme: String,
    #[sea_orm(column_type = "Text")]
    pub density: String,
    #[sea_orm(column_type = "Text")]
    pub default_visibility: String,
    #[sea_orm(column_type = "Text")]
    pub task_default_visibility: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub timeline_order: Option<String>,
    pub show_events: bool,
    #[sea_orm(column_type = "Text")]
    pub signature: String,
    pub active: bool,
    pub created_at: i64,
    pub last_seen_at: Option<i64>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
