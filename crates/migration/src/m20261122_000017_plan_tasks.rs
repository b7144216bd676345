//! Tasks with their former versions, what a task template sets besides its text, and calendar feeds.
//!
//! `remind_at` is when the next reminder is due, `reminded_at` the due time that was told last: each is told once.

use sea_orm_migration::prelude::*;

use crate::ddl::run;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &str = "
CREATE TABLE task (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entity_id @uuid NOT NULL REFERENCES entity(id),
    author_id @uuid REFERENCES app_user(id), body TEXT NOT NULL, body_text TEXT NOT NULL, visibility TEXT NOT NULL, state TEXT NOT NULL,
    category_id @uuid REFERENCES list_row(id), planned_begin BIGINT, planned_end BIGINT, estimated_minutes INTEGER, actual_minutes INTEGER,
    user_id @uuid REFERENCES app_user(id), group_id @uuid REFERENCES app_group(id), reminder_minutes INTEGER, remind_at BIGINT,
    reminded_at BIGINT, template_id @uuid, template_name TEXT, done_at BIGINT, done_by_id @uuid REFERENCES app_user(id),
    registered_at BIGINT NOT NULL, edited_at BIGINT, edited_by_id @uuid REFERENCES app_user(id), public_edited_at BIGINT,
    revision_count INTEGER NOT NULL, removed_at BIGINT, removed_by_id @uuid REFERENCES app_user(id), removed_reason TEXT,
    version INTEGER NOT NULL
);
CREATE INDEX task_timeline ON task (ticket_id, registered_at, id);
CREATE INDEX task_user ON task (user_id, planned_begin) WHERE user_id IS NOT NULL;
CREATE INDEX task_user_end ON task (user_id, planned_end) WHERE user_id IS NOT NULL AND planned_end IS NOT NULL;
CREATE INDEX task_group ON task (group_id, planned_begin) WHERE group_id IS NOT NULL;
CREATE INDEX task_author ON task (author_id, registered_at);
CREATE INDEX task_category ON task (category_id) WHERE category_id IS NOT NULL;
CREATE INDEX task_reminder ON task (remind_at) WHERE remind_at IS NOT NULL;
CREATE TABLE task_revision (
    id @uuid PRIMARY KEY, task_id @uuid NOT NULL REFERENCES task(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    at BIGINT NOT NULL, by_id @uuid REFERENCES app_user(id), what TEXT NOT NULL, body TEXT NOT NULL, body_text TEXT NOT NULL,
    visibility TEXT NOT NULL, state TEXT NOT NULL, category_id @uuid, planned_begin BIGINT, planned_end BIGINT,
    estimated_minutes INTEGER, actual_minutes INTEGER, user_id @uuid, group_id @uuid, reminder_minutes INTEGER,
    attachments TEXT NOT NULL, UNIQUE (task_id, number)
);
CREATE TABLE calendar_feed (
    user_id @uuid PRIMARY KEY REFERENCES app_user(id), token_hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL
);
ALTER TABLE template ADD COLUMN sets TEXT;
";

const DOWN: &str = "
ALTER TABLE template DROP COLUMN sets;
DROP TABLE calendar_feed;
DROP TABLE task_revision;
DROP TABLE task;
";
