//! What a new task begins with, apart from what a new occurrence begins with (T-TSK-01); until now it followed that.

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
ALTER TABLE app_user ADD COLUMN task_default_visibility TEXT NOT NULL DEFAULT 'private';
UPDATE app_user SET task_default_visibility = default_visibility;
";

const DOWN: &str = "
ALTER TABLE app_user DROP COLUMN task_default_visibility;
";
