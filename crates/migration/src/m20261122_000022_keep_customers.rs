//! Customers, their occurrences with former versions, and the lists the report reads instead of counting.

use sea_orm_migration::prelude::*;

use crate::ddl::{drop_tables, is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = is_sqlite(manager);
        // Beginnings of names are looked for as ranges, which only the plain order of characters allows.
        run(manager, &UP.replace("@key", if sqlite { "TEXT" } else { "TEXT COLLATE \"C\"" })).await?;
        run(manager, if sqlite { SQLITE } else { POSTGRES }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await?;
        if is_sqlite(manager) {
            drop_tables(manager, &["customer_fts"]).await?;
        }
        drop_tables(manager, TABLES).await
    }
}

const TABLES: &[&str] = &["customer_tally", "customer_occurrence_revision", "customer_occurrence", "customer"];

/// `name_key` and `document_key` are folded. `last_occurred_on` and `occurred_on` are days since 1970-01-01; a customer without
/// occurrence has -1000000, so that the index orders all of them. `recursive` of an occurrence and of a tally is that of the
/// customer. A tally is the list of what happened in 16 days, `block` = days since 1970-01-01 divided by 16, rounded down: entries like
/// `+3.17`, on the fourth of these days about the customer whose `seq` is 17; `-3.17` takes one back.
const UP: &str = "
CREATE TABLE customer (
    seq @serial, id @uuid NOT NULL UNIQUE, entity_id @uuid NOT NULL REFERENCES entity(id), recursive @bool NOT NULL,
    name TEXT NOT NULL, name_key @key NOT NULL, legal_name TEXT, document_id TEXT, document_key @key, contacts TEXT NOT NULL,
    segment_id @uuid REFERENCES list_row(id), responsible_id @uuid REFERENCES app_user(id), status TEXT NOT NULL,
    last_occurred_on INTEGER NOT NULL, last_impact TEXT, version INTEGER NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE INDEX customer_name ON customer (name_key, id);
CREATE INDEX customer_last ON customer (last_occurred_on DESC, id DESC);
CREATE INDEX customer_updated ON customer (updated_at DESC, id DESC);
CREATE INDEX customer_responsible ON customer (responsible_id, name_key, id) WHERE responsible_id IS NOT NULL;
CREATE INDEX customer_segment ON customer (segment_id, name_key, id) WHERE segment_id IS NOT NULL;
CREATE INDEX customer_document ON customer (document_key) WHERE document_key IS NOT NULL;
CREATE UNIQUE INDEX customer_document_once ON customer (entity_id, document_key) WHERE document_key IS NOT NULL;
CREATE TABLE customer_occurrence (
    id @uuid PRIMARY KEY, entity_id @uuid NOT NULL REFERENCES entity(id), recursive @bool NOT NULL,
    customer_id @uuid NOT NULL REFERENCES customer(id), body TEXT NOT NULL, category_id @uuid NOT NULL REFERENCES list_row(id),
    impact TEXT NOT NULL, occurred_on INTEGER NOT NULL, ticket_id @uuid REFERENCES ticket(id) ON DELETE SET NULL,
    author_id @uuid NOT NULL REFERENCES app_user(id), registered_at BIGINT NOT NULL, edited_at BIGINT, edited_by_id @uuid,
    revision_count INTEGER NOT NULL, removed_at BIGINT, removed_by_id @uuid, version INTEGER NOT NULL
);
CREATE INDEX customer_occurrence_list ON customer_occurrence (customer_id, occurred_on DESC, registered_at DESC, id DESC);
CREATE INDEX customer_occurrence_entity ON customer_occurrence (entity_id, occurred_on DESC, registered_at DESC, id DESC) WHERE removed_at IS NULL;
CREATE INDEX customer_occurrence_counts ON customer_occurrence (entity_id, occurred_on, customer_id, impact, category_id, recursive) WHERE removed_at IS NULL;
CREATE INDEX customer_occurrence_ticket ON customer_occurrence (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX customer_occurrence_category ON customer_occurrence (category_id);
CREATE TABLE customer_occurrence_revision (
    id @uuid PRIMARY KEY, occurrence_id @uuid NOT NULL REFERENCES customer_occurrence(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    at BIGINT NOT NULL, by_id @uuid, body TEXT NOT NULL, category_id @uuid NOT NULL, impact TEXT NOT NULL, occurred_on INTEGER NOT NULL,
    ticket_id @uuid, images TEXT NOT NULL, UNIQUE (occurrence_id, number)
);
CREATE INDEX customer_occurrence_revision_category ON customer_occurrence_revision (category_id);
CREATE TABLE customer_tally (
    entity_id @uuid NOT NULL, recursive @bool NOT NULL, block INTEGER NOT NULL, category_id @uuid NOT NULL, impact TEXT NOT NULL,
    entries TEXT NOT NULL, PRIMARY KEY (entity_id, block, recursive, category_id, impact)
);
ALTER TABLE ticket ADD COLUMN customer_id @uuid;
CREATE INDEX ticket_customer ON ticket (customer_id, status) WHERE customer_id IS NOT NULL;
CREATE INDEX ticket_period_opened ON ticket (entity_id, opened_at, taken_at, merged_into_id, deleted_at, category_id, source_id, customer_id, id)
    WHERE deleted_at IS NULL;
";

/// The words are folded, separated by blanks; the FTS table keeps no copy of them (contentless).
const SQLITE: &str = "
CREATE VIRTUAL TABLE customer_fts USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='3');
";

const POSTGRES: &str = "
ALTER TABLE customer ADD COLUMN words TSVECTOR NOT NULL DEFAULT '';
CREATE INDEX customer_words ON customer USING gin (words) WITH (fastupdate = off);
";

const DOWN: &str = "
DROP INDEX ticket_period_opened;
DROP INDEX ticket_customer;
ALTER TABLE ticket DROP COLUMN customer_id;
";
