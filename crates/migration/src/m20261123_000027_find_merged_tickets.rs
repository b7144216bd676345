//! Which tickets were merged into others: few, and left out wherever entries are counted without reading their tickets.

use sea_orm_migration::prelude::*;

use crate::ddl::run;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "CREATE INDEX ticket_merged ON ticket (entity_id, id) WHERE merged_into_id IS NOT NULL;").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "DROP INDEX ticket_merged;").await
    }
}
