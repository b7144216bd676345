//! Small pictures of the images of customer occurrences. A row is written with its image and waits until a job has made the
//! picture; `is_open` = it still waits, without a content and not open = it cannot be made.

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
        drop_tables(manager, &["thumbnail"]).await
    }
}

const UP: &str = "
CREATE TABLE thumbnail (
    document_id @uuid PRIMARY KEY REFERENCES document(id) ON DELETE CASCADE, is_open @bool NOT NULL, tries INTEGER NOT NULL,
    lease_until BIGINT NOT NULL, sha256 TEXT, size BIGINT
);
CREATE INDEX thumbnail_open ON thumbnail (lease_until, document_id) WHERE is_open;
CREATE INDEX thumbnail_content ON thumbnail (sha256) WHERE sha256 IS NOT NULL;
INSERT INTO thumbnail (document_id, is_open, tries, lease_until)
    SELECT id, TRUE, 0, 0 FROM document WHERE entry_kind = 'customer_occurrence';
";
