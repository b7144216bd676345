//! Mails that tell of events, mails about no ticket, and what stays of an entry's mails when their rows are removed.

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
        run(manager, DOWN).await?;
        drop_tables(manager, &["mail_outcome"]).await
    }
}

/// SQLite cannot take `NOT NULL` from a column: the table is made anew, under its own name, so that it can be taken back whole.
/// `event` and `why` are what a mail tells of and to whom, `forced` is a mail no preference stops.
const UP: &str = "
CREATE TABLE outbox_kept AS SELECT * FROM outbox;
DROP TABLE outbox;
CREATE TABLE outbox (
    id @uuid PRIMARY KEY, kind TEXT NOT NULL, entity_id @uuid NOT NULL REFERENCES entity(id),
    ticket_id @uuid REFERENCES ticket(id) ON DELETE CASCADE, entry_kind TEXT NOT NULL, entry_id @uuid NOT NULL, entry_version INTEGER NOT NULL,
    author_id @uuid REFERENCES app_user(id), user_id @uuid REFERENCES app_user(id), name TEXT NOT NULL, address TEXT NOT NULL, address_key TEXT NOT NULL,
    language TEXT NOT NULL, changed @bool NOT NULL, message_id TEXT NOT NULL,
    state TEXT NOT NULL, is_open @bool NOT NULL, due_at BIGINT NOT NULL, tries INTEGER NOT NULL, answer TEXT, state_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL, fence INTEGER NOT NULL, created_at BIGINT NOT NULL,
    event TEXT, why TEXT, forced @bool NOT NULL
);
INSERT INTO outbox (id, kind, entity_id, ticket_id, entry_kind, entry_id, entry_version, author_id, user_id, name, address, address_key,
    language, changed, message_id, state, is_open, due_at, tries, answer, state_at, lease_until, fence, created_at, event, why, forced)
    SELECT id, kind, entity_id, ticket_id, entry_kind, entry_id, entry_version, author_id, user_id, name, address, address_key,
    language, changed, message_id, state, is_open, due_at, tries, answer, state_at, lease_until, fence, created_at, NULL, NULL, FALSE FROM outbox_kept;
DROP TABLE outbox_kept;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE is_open;
CREATE INDEX outbox_order ON outbox (ticket_id, address_key, id);
CREATE INDEX outbox_entry ON outbox (entry_id, id);
CREATE INDEX outbox_entity ON outbox (entity_id, id);
CREATE INDEX outbox_state ON outbox (state, id);
CREATE INDEX outbox_address ON outbox (address_key, state_at);
CREATE INDEX outbox_ended ON outbox (state_at) WHERE NOT is_open;
CREATE TABLE mail_outcome (
    entry_id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, worst INTEGER NOT NULL, sent @bool NOT NULL
);
CREATE INDEX mail_outcome_ticket ON mail_outcome (ticket_id);
";

const DOWN: &str = "
CREATE TABLE outbox_kept AS SELECT * FROM outbox WHERE kind IN ('requester', 'responsible', 'message', 'chat_requester', 'chat_team');
DROP TABLE outbox;
CREATE TABLE outbox (
    id @uuid PRIMARY KEY, kind TEXT NOT NULL, entity_id @uuid NOT NULL REFERENCES entity(id),
    ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entry_kind TEXT NOT NULL, entry_id @uuid NOT NULL, entry_version INTEGER NOT NULL,
    author_id @uuid REFERENCES app_user(id), user_id @uuid REFERENCES app_user(id), name TEXT NOT NULL, address TEXT NOT NULL, address_key TEXT NOT NULL,
    language TEXT NOT NULL, changed @bool NOT NULL, message_id TEXT NOT NULL,
    state TEXT NOT NULL, is_open @bool NOT NULL, due_at BIGINT NOT NULL, tries INTEGER NOT NULL, answer TEXT, state_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL, fence INTEGER NOT NULL, created_at BIGINT NOT NULL
);
INSERT INTO outbox (id, kind, entity_id, ticket_id, entry_kind, entry_id, entry_version, author_id, user_id, name, address, address_key,
    language, changed, message_id, state, is_open, due_at, tries, answer, state_at, lease_until, fence, created_at)
    SELECT id, kind, entity_id, ticket_id, entry_kind, entry_id, entry_version, author_id, user_id, name, address, address_key,
    language, changed, message_id, state, is_open, due_at, tries, answer, state_at, lease_until, fence, created_at FROM outbox_kept;
DROP TABLE outbox_kept;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE is_open;
CREATE INDEX outbox_order ON outbox (ticket_id, address_key, id);
CREATE INDEX outbox_entry ON outbox (entry_id, id);
CREATE INDEX outbox_entity ON outbox (entity_id);
";
