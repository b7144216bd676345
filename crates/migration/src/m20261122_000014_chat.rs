//! Chats, their lines and who has read them; who is here at this moment; who got his unread lines by mail (T-CHT).

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
        drop_tables(manager, &["chat_mail", "chat_presence", "chat_line_read", "chat_line", "chat"]).await
    }
}

const UP: &str = "
CREATE TABLE chat (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, started_at BIGINT NOT NULL,
    last_line_at BIGINT NOT NULL, waiting_since BIGINT, ended_at BIGINT
);
CREATE UNIQUE INDEX chat_open ON chat (ticket_id) WHERE ended_at IS NULL;
CREATE INDEX chat_idle ON chat (last_line_at) WHERE ended_at IS NULL;
CREATE INDEX chat_ticket ON chat (ticket_id);
CREATE TABLE chat_line (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE,
    chat_id @uuid NOT NULL REFERENCES chat(id) ON DELETE CASCADE, number BIGINT NOT NULL, author_id @uuid NOT NULL REFERENCES app_user(id),
    side TEXT NOT NULL, text TEXT NOT NULL, sent_at BIGINT NOT NULL, mail_due_at BIGINT, UNIQUE (ticket_id, number)
);
CREATE INDEX chat_line_time ON chat_line (ticket_id, sent_at, id);
CREATE INDEX chat_line_chat ON chat_line (chat_id);
CREATE INDEX chat_line_author ON chat_line (author_id);
CREATE INDEX chat_line_mail ON chat_line (mail_due_at) WHERE mail_due_at IS NOT NULL;
CREATE TABLE chat_line_read (
    line_id @uuid NOT NULL REFERENCES chat_line(id) ON DELETE CASCADE, user_id @uuid NOT NULL REFERENCES app_user(id),
    side TEXT NOT NULL, read_at BIGINT NOT NULL, PRIMARY KEY (line_id, user_id)
);
CREATE INDEX chat_line_read_user ON chat_line_read (user_id);
CREATE TABLE chat_presence (
    user_id @uuid NOT NULL REFERENCES app_user(id), ticket_number BIGINT NOT NULL, side TEXT NOT NULL, seen_at BIGINT NOT NULL,
    typing_until BIGINT NOT NULL, PRIMARY KEY (user_id, ticket_number)
);
CREATE INDEX chat_presence_ticket ON chat_presence (ticket_number, seen_at);
CREATE TABLE chat_mail (
    user_id @uuid NOT NULL REFERENCES app_user(id), ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE,
    number BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (user_id, ticket_id)
);
CREATE INDEX chat_mail_ticket ON chat_mail (ticket_id);
";
