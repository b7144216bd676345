//! Requests for validation with those who are asked (T-VAL), and what dashboards walk to count a period (T-STT-02).
//! A target carries its ticket and whether its request was withdrawn: by these its sight is decided in every list.

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
        drop_tables(manager, &["validation_target", "validation"]).await
    }
}

/// The indexes hold every column that a dashboard asks of what they lead to, so that no wide row is read to be counted; that of
/// tickets by their opening comes with their last column, the customer.
const UP: &str = "
CREATE TABLE validation (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE,
    asker_id @uuid NOT NULL REFERENCES app_user(id), comment TEXT NOT NULL, comment_text TEXT NOT NULL,
    required_percent INTEGER NOT NULL, state TEXT NOT NULL, asked_at BIGINT NOT NULL,
    withdrawn_at BIGINT, withdrawn_by_id @uuid REFERENCES app_user(id), replaced_by_id @uuid
);
CREATE INDEX validation_ticket ON validation (ticket_id, asked_at, id);
CREATE INDEX validation_asker ON validation (asker_id);
CREATE TABLE validation_target (
    id @uuid PRIMARY KEY, validation_id @uuid NOT NULL REFERENCES validation(id) ON DELETE CASCADE,
    ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    user_id @uuid REFERENCES app_user(id), group_id @uuid REFERENCES app_group(id),
    answer TEXT, answered_by_id @uuid REFERENCES app_user(id), answered_at BIGINT, comment TEXT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX validation_target_request ON validation_target (validation_id, position);
CREATE INDEX validation_target_ticket ON validation_target (ticket_id);
CREATE INDEX validation_target_user ON validation_target (user_id, ticket_id) WHERE user_id IS NOT NULL;
CREATE INDEX validation_target_group ON validation_target (group_id, ticket_id) WHERE group_id IS NOT NULL;
CREATE INDEX ticket_backlog ON ticket (entity_id, status, opened_at, due_resolve_at, merged_into_id, deleted_at)
    WHERE deleted_at IS NULL AND status IN ('new','assigned','planned','pending');
CREATE INDEX ticket_period_solved ON ticket (entity_id, solved_at, opened_at, due_resolve_at, merged_into_id, deleted_at, id)
    WHERE deleted_at IS NULL AND solved_at IS NOT NULL;
CREATE INDEX ticket_period_closed ON ticket (entity_id, closed_at, opened_at, merged_into_id, deleted_at, id)
    WHERE deleted_at IS NULL AND closed_at IS NOT NULL;
CREATE INDEX status_interval_ended ON status_interval (ticket_id, status, to_at, from_at) WHERE to_at IS NOT NULL;
CREATE INDEX occurrence_period ON occurrence (entity_id, occurred_at, visibility, author_id, removed_at, ticket_id, minutes)
    WHERE minutes IS NOT NULL;
CREATE INDEX task_period ON task (entity_id, (COALESCE(done_at, registered_at))) WHERE actual_minutes IS NOT NULL;
";

const DOWN: &str = "
DROP INDEX task_period;
DROP INDEX occurrence_period;
DROP INDEX status_interval_ended;
DROP INDEX ticket_period_closed;
DROP INDEX ticket_period_solved;
DROP INDEX ticket_backlog;
";
