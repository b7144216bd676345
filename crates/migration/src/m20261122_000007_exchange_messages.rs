//! Messages between service side and requester side, and who has read them (T-MSG).

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
        drop_tables(manager, &["message_read", "message"]).await
    }
}

const UP: &str = "
CREATE TABLE message (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE,
    author_id @uuid NOT NULL REFERENCES app_user(id), side TEXT NOT NULL, text TEXT NOT NULL,
    sent_at BIGINT NOT NULL, withdrawn_at BIGINT
);
CREATE INDEX message_timeline ON message (ticket_id, sent_at, id) WHERE withdrawn_at IS NULL;
CREATE INDEX message_ticket ON message (ticket_id);
CREATE INDEX message_author ON message (author_id);
CREATE TABLE message_read (
    message_id @uuid NOT NULL REFERENCES message(id) ON DELETE CASCADE, user_id @uuid NOT NULL REFERENCES app_user(id),
    side TEXT NOT NULL, read_at BIGINT NOT NULL, PRIMARY KEY (message_id, user_id)
);
CREATE INDEX message_read_user ON message_read (user_id);
";
