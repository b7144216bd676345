//! What people are told of, and what of it they do not want to hear.
//! An entry is told to a person once per event, however often it turns private and public again.

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
        drop_tables(manager, &["notification", "notification_preference"]).await
    }
}

const UP: &str = "
CREATE TABLE notification (
    id @uuid PRIMARY KEY, user_id @uuid NOT NULL REFERENCES app_user(id), event TEXT NOT NULL, why TEXT NOT NULL,
    ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entry_kind TEXT, entry_id @uuid,
    author_id @uuid REFERENCES app_user(id), at BIGINT NOT NULL, read_at BIGINT
);
CREATE INDEX notification_newest ON notification (user_id, id);
CREATE INDEX notification_unread ON notification (user_id, ticket_id) WHERE read_at IS NULL;
CREATE INDEX notification_ticket ON notification (ticket_id);
CREATE UNIQUE INDEX notification_once ON notification (user_id, event, entry_id) WHERE entry_id IS NOT NULL;
CREATE TABLE notification_preference (
    user_id @uuid NOT NULL REFERENCES app_user(id), event TEXT NOT NULL, app @bool NOT NULL, mail @bool NOT NULL,
    PRIMARY KEY (user_id, event)
);
";
