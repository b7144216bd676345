//! Knowledge articles: their versions, the tickets that use them, and their search index. What portal users may not read lies
//! in an index table of its own, which their queries never name.

use sea_orm_migration::prelude::*;

use crate::ddl::{drop_tables, is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        for table in INDEXES {
            let sql = if is_sqlite(manager) { SQLITE } else { POSTGRES };
            run(manager, &sql.replace("@table", table)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) {
            drop_tables(manager, &["search_article_public_fts", "search_article_internal_fts"]).await?;
        }
        drop_tables(manager, &INDEXES).await?;
        // Their files go with them: nothing else could name them.
        run(manager, "DELETE FROM document WHERE entry_kind = 'article'").await?;
        drop_tables(manager, &["article_link", "article_revision", "article"]).await
    }
}

const INDEXES: [&str; 2] = ["search_article_public", "search_article_internal"];

const UP: &str = "
CREATE TABLE article (
    id @uuid PRIMARY KEY, entity_id @uuid NOT NULL REFERENCES entity(id), recursive @bool NOT NULL, family_id @uuid NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL, body_text TEXT NOT NULL, language TEXT NOT NULL,
    category_id @uuid REFERENCES list_row(id), audience TEXT NOT NULL, status TEXT NOT NULL,
    owner_id @uuid REFERENCES app_user(id), review_on TEXT, from_private @bool NOT NULL,
    author_id @uuid REFERENCES app_user(id), edited_by_id @uuid REFERENCES app_user(id), helped BIGINT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT, deleted_by_id @uuid REFERENCES app_user(id),
    revision INTEGER NOT NULL, version INTEGER NOT NULL
);
CREATE INDEX article_updated ON article (entity_id, status, updated_at DESC, id DESC);
CREATE INDEX article_family ON article (family_id);
CREATE INDEX article_category ON article (category_id) WHERE category_id IS NOT NULL;
CREATE INDEX article_review ON article (owner_id, review_on) WHERE review_on IS NOT NULL;
CREATE TABLE article_revision (
    id @uuid PRIMARY KEY, article_id @uuid NOT NULL REFERENCES article(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    row_version INTEGER NOT NULL, at BIGINT NOT NULL, by_id @uuid REFERENCES app_user(id), what TEXT NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL, body_text TEXT NOT NULL, language TEXT NOT NULL, category_id @uuid,
    audience TEXT NOT NULL, status TEXT NOT NULL, recursive @bool NOT NULL, owner_id @uuid, review_on TEXT,
    attachments TEXT NOT NULL, UNIQUE (article_id, number)
);
CREATE INDEX article_revision_category ON article_revision (category_id) WHERE category_id IS NOT NULL;
CREATE TABLE article_link (
    article_id @uuid NOT NULL, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE,
    by_id @uuid REFERENCES app_user(id), at BIGINT NOT NULL, PRIMARY KEY (article_id, ticket_id)
);
CREATE INDEX article_link_ticket ON article_link (ticket_id, at);
";

/// `words` is folded text, words separated by blanks, as in the index of tickets.
const SQLITE: &str = "
CREATE TABLE @table (
    id @serial, article_id @uuid NOT NULL REFERENCES article(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX @table_article ON @table (article_id);
CREATE VIRTUAL TABLE @table_fts USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='3');
";

const POSTGRES: &str = "
CREATE TABLE @table (
    id @serial, article_id @uuid NOT NULL REFERENCES article(id) ON DELETE CASCADE, words TSVECTOR NOT NULL
);
CREATE UNIQUE INDEX @table_article ON @table (article_id);
CREATE INDEX @table_words ON @table USING gin (words) WITH (fastupdate = off);
";
