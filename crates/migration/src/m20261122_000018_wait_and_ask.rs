//! What a pending reason does by itself, when it does it next, the survey after closing, and the signed links
//! of mails.

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
        drop_tables(manager, &["signed_link", "survey", "pending_timer"]).await?;
        run(manager, DOWN).await
    }
}

const UP: &str = "
ALTER TABLE list_row ADD COLUMN rule TEXT;
CREATE TABLE pending_timer (
    ticket_id @uuid PRIMARY KEY REFERENCES ticket(id) ON DELETE CASCADE, reason_id @uuid NOT NULL REFERENCES list_row(id),
    reminders INTEGER NOT NULL, last_at BIGINT, due_at BIGINT
);
CREATE INDEX pending_timer_due ON pending_timer (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX pending_timer_reason ON pending_timer (reason_id);
INSERT INTO pending_timer (ticket_id, reason_id, reminders) SELECT id, pending_reason_id, 0 FROM ticket WHERE status = 'pending' AND pending_reason_id IS NOT NULL;
CREATE TABLE survey (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, state TEXT NOT NULL,
    sent_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, score INTEGER, comment TEXT NOT NULL, answered_at BIGINT,
    answered_by_id @uuid REFERENCES app_user(id), answered_by_key TEXT, answered_by_name TEXT, changed_at BIGINT
);
CREATE INDEX survey_ticket ON survey (ticket_id, sent_at, id);
CREATE TABLE signed_link (
    token_hash TEXT PRIMARY KEY, kind TEXT NOT NULL, object_id @uuid NOT NULL,
    ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, user_id @uuid REFERENCES app_user(id),
    address_key TEXT NOT NULL, name TEXT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX signed_link_ticket ON signed_link (ticket_id);
CREATE INDEX signed_link_user ON signed_link (user_id) WHERE user_id IS NOT NULL;
";

const DOWN: &str = "
ALTER TABLE list_row DROP COLUMN rule;
";
