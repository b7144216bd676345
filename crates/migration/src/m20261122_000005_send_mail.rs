//! Mails out: a row per recipient, the state of the server they go through, and the templates of all texts.
//! The outbox of the steps before was never written to, so it is replaced.

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
        drop_tables(manager, &["outbox", "mail_transport", "template"]).await?;
        run(manager, DOWN).await
    }
}

const UP: &str = "
DROP TABLE outbox;
CREATE TABLE outbox (
    id @uuid PRIMARY KEY, kind TEXT NOT NULL, entity_id @uuid NOT NULL REFERENCES entity(id),
    ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entry_kind TEXT NOT NULL, entry_id @uuid NOT NULL, entry_version INTEGER NOT NULL,
    author_id @uuid REFERENCES app_user(id), user_id @uuid REFERENCES app_user(id), name TEXT NOT NULL, address TEXT NOT NULL, address_key TEXT NOT NULL,
    language TEXT NOT NULL, changed @bool NOT NULL, message_id TEXT NOT NULL,
    state TEXT NOT NULL, is_open @bool NOT NULL, due_at BIGINT NOT NULL, tries INTEGER NOT NULL, answer TEXT, state_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL, fence INTEGER NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE is_open;
CREATE INDEX outbox_order ON outbox (ticket_id, address_key, id);
CREATE INDEX outbox_entry ON outbox (entry_id, id);
CREATE INDEX outbox_entity ON outbox (entity_id);
CREATE TABLE mail_transport (
    id INTEGER PRIMARY KEY, failing_since BIGINT, failures INTEGER NOT NULL, next_try_at BIGINT NOT NULL, answer TEXT
);
INSERT INTO mail_transport (id, failing_since, failures, next_try_at, answer) VALUES (1, NULL, 0, 0, NULL);
CREATE TABLE template (
    id @uuid PRIMARY KEY, kind TEXT NOT NULL, entity_id @uuid NOT NULL REFERENCES entity(id), recursive @bool NOT NULL, active @bool NOT NULL,
    purpose TEXT, name TEXT NOT NULL, texts TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, version INTEGER NOT NULL,
    UNIQUE (kind, entity_id, name)
);
CREATE INDEX template_entity ON template (entity_id, kind);
";

const DOWN: &str = "
CREATE TABLE outbox (
    id @uuid PRIMARY KEY, kind TEXT NOT NULL, object_id @uuid NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL,
    due_at BIGINT NOT NULL, tries INTEGER NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'queued';
";
