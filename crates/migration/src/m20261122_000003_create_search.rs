//! The search index. Private text has tables of its own, which a requester's query never names.

use sea_orm_migration::prelude::*;

use crate::ddl::{drop_tables, is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["search_public", "search_private"] {
            let sql = if is_sqlite(manager) { SQLITE } else { POSTGRES };
            run(manager, &sql.replace("@table", table)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) {
            drop_tables(manager, &["search_public_fts", "search_private_fts"]).await?;
        }
        drop_tables(manager, &["search_public", "search_private"]).await
    }
}

/// `words` is folded text, words separated by blanks. The FTS table keeps no copy of it (contentless).
const SQLITE: &str = "
CREATE TABLE @table (
    id @serial, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entity_id @uuid NOT NULL,
    kind TEXT NOT NULL, entry_id @uuid NOT NULL, author_id @uuid, at BIGINT NOT NULL
);
CREATE UNIQUE INDEX @table_entry ON @table (entry_id);
CREATE INDEX @table_ticket ON @table (ticket_id);
CREATE VIRTUAL TABLE @table_fts USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='3');
";

const POSTGRES: &str = "
CREATE TABLE @table (
    id @serial, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entity_id @uuid NOT NULL,
    kind TEXT NOT NULL, entry_id @uuid NOT NULL, author_id @uuid, at BIGINT NOT NULL, words TSVECTOR NOT NULL
);
CREATE UNIQUE INDEX @table_entry ON @table (entry_id);
CREATE INDEX @table_ticket ON @table (ticket_id);
CREATE INDEX @table_words ON @table USING gin (words) WITH (fastupdate = off);
";
