//! What was changed in the administration of an entity is found by its kind: settings saved since a version, mail tests of the
//! last minutes.

use sea_orm_migration::prelude::*;

use crate::ddl::run;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &str = "
CREATE INDEX audit_entity ON audit (entity_id, kind, at, id);
";

const DOWN: &str = "
DROP INDEX audit_entity;
";
