//! What was posted by a form without a draft and refused: kept for a day, for the browser it came from.
//! Names no person and no link: both are part of a hash.

use sea_orm_migration::prelude::*;

use crate::ddl::{drop_tables, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["refused_form"]).await
    }
}

const UP: &str = "
CREATE TABLE refused_form (
    place TEXT PRIMARY KEY, key_hash TEXT NOT NULL, fields TEXT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX refused_form_expired ON refused_form (expires_at);
";
