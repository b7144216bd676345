//! Tickets, their people, occurrences, files, history, drafts, live events.

use sea_orm_migration::prelude::*;

use crate::ddl::{drop_tables, is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        run(manager, if is_sqlite(manager) { EVENT_SQLITE } else { EVENT_POSTGRES }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

const TABLES: &[&str] = &[
    "event",
    "outbox",
    "idempotency",
    "draft",
    "read_mark",
    "status_interval",
    "ticket_event",
    "document",
    "description_revision",
    "occurrence_revision",
    "occurrence",
    "ticket_actor",
    "ticket",
];

/// On SQLite writers queue up, so the sequence alone is the order of commits: the transaction id is 0.
const EVENT_SQLITE: &str = "
CREATE TABLE event (
    seq @serial, xid BIGINT NOT NULL DEFAULT 0, entity_id BLOB NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL,
    object_id BLOB NOT NULL, ticket_id BLOB NOT NULL, ticket_number BIGINT NOT NULL, version INTEGER NOT NULL,
    audience TEXT NOT NULL, author_id BLOB, at BIGINT NOT NULL
);
CREATE INDEX event_at ON event (at);
";

const EVENT_POSTGRES: &str = "
CREATE TABLE event (
    seq @serial, xid BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint), entity_id UUID NOT NULL, kind TEXT NOT NULL,
    what TEXT NOT NULL, object_id UUID NOT NULL, ticket_id UUID NOT NULL, ticket_number BIGINT NOT NULL,
    version INTEGER NOT NULL, audience TEXT NOT NULL, author_id UUID, at BIGINT NOT NULL
);
CREATE INDEX event_at ON event (at);
CREATE INDEX event_cursor ON event (xid, seq);
";

const UP: &str = "
CREATE TABLE ticket (
    id @uuid PRIMARY KEY, number BIGINT NOT NULL UNIQUE, entity_id @uuid NOT NULL REFERENCES entity(id), kind TEXT NOT NULL,
    title TEXT NOT NULL, description TEXT NOT NULL, description_text TEXT NOT NULL, description_edited_at BIGINT,
    status TEXT NOT NULL, urgency INTEGER NOT NULL, impact INTEGER NOT NULL, priority INTEGER NOT NULL, priority_by_hand @bool NOT NULL,
    category_id @uuid REFERENCES list_row(id), source_id @uuid REFERENCES list_row(id), location_id @uuid REFERENCES list_row(id),
    writer_id @uuid REFERENCES app_user(id), routing_group_id @uuid REFERENCES app_group(id),
    opened_at BIGINT NOT NULL, assigned_at BIGINT, taken_at BIGINT, due_own_at BIGINT, due_resolve_at BIGINT,
    solved_at BIGINT, closed_at BIGINT, cancelled_at BIGINT, close_due_at BIGINT,
    pending_reason_id @uuid REFERENCES list_row(id), pending_text TEXT, pending_since BIGINT,
    answer_awaited @bool NOT NULL, reopen_count INTEGER NOT NULL, merged_into_id @uuid REFERENCES ticket(id),
    deleted_at BIGINT, deleted_by_id @uuid REFERENCES app_user(id), deleted_reason TEXT,
    version INTEGER NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, public_updated_at BIGINT NOT NULL
);
CREATE INDEX ticket_updated ON ticket (entity_id, status, updated_at DESC, number DESC);
CREATE INDEX ticket_priority ON ticket (entity_id, status, priority DESC, number DESC);
CREATE INDEX ticket_opened ON ticket (entity_id, status, opened_at DESC, number DESC);
CREATE INDEX ticket_number ON ticket (entity_id, status, number DESC);
CREATE INDEX ticket_writer ON ticket (writer_id, public_updated_at DESC);
CREATE INDEX ticket_routing ON ticket (routing_group_id, status);
CREATE INDEX ticket_trash ON ticket (entity_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE TABLE ticket_actor (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, role TEXT NOT NULL,
    user_id @uuid REFERENCES app_user(id), group_id @uuid REFERENCES app_group(id), email TEXT, name TEXT, position INTEGER NOT NULL
);
CREATE INDEX ticket_actor_ticket ON ticket_actor (ticket_id, role, position);
CREATE INDEX ticket_actor_user ON ticket_actor (user_id, role, ticket_id) WHERE user_id IS NOT NULL;
CREATE INDEX ticket_actor_group ON ticket_actor (group_id, role, ticket_id) WHERE group_id IS NOT NULL;
CREATE UNIQUE INDEX ticket_actor_once_user ON ticket_actor (ticket_id, role, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX ticket_actor_once_group ON ticket_actor (ticket_id, role, group_id) WHERE group_id IS NOT NULL;
CREATE TABLE occurrence (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entity_id @uuid NOT NULL REFERENCES entity(id),
    author_id @uuid REFERENCES app_user(id), side TEXT NOT NULL, body TEXT NOT NULL, body_text TEXT NOT NULL, visibility TEXT NOT NULL,
    occurred_at BIGINT NOT NULL, registered_at BIGINT NOT NULL, minutes INTEGER,
    category_id @uuid REFERENCES list_row(id), source_id @uuid REFERENCES list_row(id),
    reply_to_id @uuid REFERENCES occurrence(id), root_id @uuid REFERENCES occurrence(id),
    edited_at BIGINT, edited_by_id @uuid REFERENCES app_user(id), public_edited_at BIGINT, revision_count INTEGER NOT NULL,
    removed_at BIGINT, removed_by_id @uuid REFERENCES app_user(id), removed_reason TEXT, version INTEGER NOT NULL
);
CREATE INDEX occurrence_timeline ON occurrence (ticket_id, registered_at, id);
CREATE INDEX occurrence_author ON occurrence (author_id, registered_at);
CREATE TABLE occurrence_revision (
    id @uuid PRIMARY KEY, occurrence_id @uuid NOT NULL REFERENCES occurrence(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    at BIGINT NOT NULL, by_id @uuid REFERENCES app_user(id), what TEXT NOT NULL, body TEXT NOT NULL, body_text TEXT NOT NULL,
    visibility TEXT NOT NULL, occurred_at BIGINT NOT NULL, minutes INTEGER, category_id @uuid, source_id @uuid, attachments TEXT NOT NULL,
    UNIQUE (occurrence_id, number)
);
CREATE TABLE description_revision (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    at BIGINT NOT NULL, by_id @uuid REFERENCES app_user(id), body TEXT NOT NULL, body_text TEXT NOT NULL, UNIQUE (ticket_id, number)
);
CREATE TABLE document (
    id @uuid PRIMARY KEY, entity_id @uuid NOT NULL REFERENCES entity(id), ticket_id @uuid REFERENCES ticket(id) ON DELETE CASCADE,
    entry_kind TEXT, entry_id @uuid, position INTEGER NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL,
    visibility TEXT NOT NULL, comment TEXT, author_id @uuid NOT NULL REFERENCES app_user(id), uploaded_at BIGINT NOT NULL,
    registered_at BIGINT, expires_at BIGINT, removed_at BIGINT, removed_by_id @uuid, version INTEGER NOT NULL
);
CREATE INDEX document_ticket ON document (ticket_id, registered_at) WHERE ticket_id IS NOT NULL;
CREATE INDEX document_entry ON document (entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX document_expiry ON document (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX document_content ON document (sha256);
CREATE TABLE ticket_event (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, at BIGINT NOT NULL, author_id @uuid REFERENCES app_user(id),
    kind TEXT NOT NULL, public @bool NOT NULL, entry_kind TEXT, entry_id @uuid, entry_private @bool NOT NULL, entry_author_id @uuid,
    changes TEXT NOT NULL, data TEXT NOT NULL
);
CREATE INDEX ticket_event_ticket ON ticket_event (ticket_id, at, id);
CREATE TABLE status_interval (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, status TEXT NOT NULL, from_at BIGINT NOT NULL, to_at BIGINT
);
CREATE INDEX status_interval_ticket ON status_interval (ticket_id, from_at);
CREATE TABLE read_mark (
    user_id @uuid NOT NULL REFERENCES app_user(id), ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE,
    read_at BIGINT NOT NULL, last_entry_id @uuid, PRIMARY KEY (user_id, ticket_id)
);
CREATE TABLE draft (
    id @uuid PRIMARY KEY, user_id @uuid NOT NULL REFERENCES app_user(id), kind TEXT NOT NULL, object TEXT NOT NULL,
    fields TEXT NOT NULL, other TEXT, other_saved_at BIGINT, device TEXT NOT NULL, saved_at BIGINT NOT NULL, UNIQUE (user_id, kind, object)
);
CREATE INDEX draft_saved ON draft (saved_at);
CREATE TABLE idempotency (
    user_id @uuid NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, content_hash TEXT NOT NULL, answer TEXT, created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, scope, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
CREATE TABLE outbox (
    id @uuid PRIMARY KEY, kind TEXT NOT NULL, object_id @uuid NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL,
    due_at BIGINT NOT NULL, tries INTEGER NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'queued';
";
