//! What a reply template sets besides the text, and which one an occurrence was begun with: its name stays when it is gone.

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
ALTER TABLE template ADD COLUMN category_id @uuid;
ALTER TABLE template ADD COLUMN source_id @uuid;
ALTER TABLE template ADD COLUMN visibility TEXT;
ALTER TABLE occurrence ADD COLUMN template_id @uuid;
ALTER TABLE occurrence ADD COLUMN template_name TEXT;
";

const DOWN: &str = "
ALTER TABLE occurrence DROP COLUMN template_name;
ALTER TABLE occurrence DROP COLUMN template_id;
ALTER TABLE template DROP COLUMN visibility;
ALTER TABLE template DROP COLUMN source_id;
ALTER TABLE template DROP COLUMN category_id;
";
