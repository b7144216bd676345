//! A row of an editable list: categories, sources, locations, reasons (T-SET-09).

use sea_orm::entity::prelude::*;

/// A row of an editable list: categories, sources, locations, reasons (T-SET-09).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub list: String,
    pub entity_id: Uuid,
    pub recursive: bool,
    pub parent_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub code: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub names: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub labels: Option<String>,
    pub active: bool,
    pub position: i32,
    pub for_tickets: bool,
    pub for_occurrences: bool,
    pub for_incident: bool,
    pub for_request: bool,
    pub portal: bool,
    pub group_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub rule: Option<String>,
    pub version: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub hours: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
