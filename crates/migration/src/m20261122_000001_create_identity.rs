//! Entities, people, groups, roles, sessions, tokens, settings, lists.

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
        drop_tables(manager, TABLES).await
    }
}

const TABLES: &[&str] = &[
    "number_sequence",
    "instance_secret",
    "audit",
    "list_row",
    "setting",
    "login_attempt",
    "api_token",
    "session",
    "assignment",
    "role",
    "app_group_member",
    "app_group",
    "app_user",
    "entity",
];

const UP: &str = "
CREATE TABLE entity (
    id @uuid PRIMARY KEY, parent_id @uuid REFERENCES entity(id), name TEXT NOT NULL,
    language TEXT NOT NULL, time_zone TEXT NOT NULL, currency TEXT NOT NULL,
    created_at BIGINT NOT NULL, version INTEGER NOT NULL
);
CREATE TABLE app_user (
    id @uuid PRIMARY KEY, entity_id @uuid NOT NULL REFERENCES entity(id), name TEXT NOT NULL,
    email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE, password_hash TEXT, phone TEXT, extension TEXT,
    language TEXT NOT NULL, time_zone TEXT NOT NULL, theme TEXT NOT NULL, density TEXT NOT NULL,
    default_visibility TEXT NOT NULL, timeline_order TEXT, show_events @bool NOT NULL, signature TEXT NOT NULL,
    active @bool NOT NULL, created_at BIGINT NOT NULL, last_seen_at BIGINT, version INTEGER NOT NULL
);
CREATE INDEX app_user_name ON app_user (name, id);
CREATE TABLE app_group (
    id @uuid PRIMARY KEY, entity_id @uuid NOT NULL REFERENCES entity(id), name TEXT NOT NULL,
    recursive @bool NOT NULL, may_be_assigned @bool NOT NULL, may_be_asked @bool NOT NULL, may_be_requester @bool NOT NULL,
    active @bool NOT NULL, created_at BIGINT NOT NULL, version INTEGER NOT NULL
);
CREATE TABLE app_group_member (
    group_id @uuid NOT NULL REFERENCES app_group(id), user_id @uuid NOT NULL REFERENCES app_user(id),
    manager @bool NOT NULL, PRIMARY KEY (group_id, user_id)
);
CREATE INDEX app_group_member_user ON app_group_member (user_id);
CREATE TABLE role (
    id @uuid PRIMARY KEY, key TEXT UNIQUE, name TEXT NOT NULL, shipped @bool NOT NULL,
    capabilities TEXT NOT NULL, created_at BIGINT NOT NULL, version INTEGER NOT NULL
);
CREATE TABLE assignment (
    id @uuid PRIMARY KEY, user_id @uuid NOT NULL REFERENCES app_user(id), entity_id @uuid NOT NULL REFERENCES entity(id),
    role_id @uuid NOT NULL REFERENCES role(id), recursive @bool NOT NULL, UNIQUE (user_id, entity_id, role_id)
);
CREATE INDEX assignment_entity ON assignment (entity_id, role_id);
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY, user_id @uuid NOT NULL REFERENCES app_user(id), created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expires ON session (expires_at);
CREATE TABLE api_token (
    id @uuid PRIMARY KEY, user_id @uuid NOT NULL REFERENCES app_user(id), token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, scope TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, last_used_at BIGINT
);
CREATE INDEX api_token_user ON api_token (user_id);
CREATE TABLE login_attempt (
    id @uuid PRIMARY KEY, account_key TEXT NOT NULL, address TEXT NOT NULL, success @bool NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX login_attempt_account ON login_attempt (account_key, address, at);
CREATE INDEX login_attempt_address ON login_attempt (address, at);
CREATE TABLE setting (
    entity_id @uuid NOT NULL REFERENCES entity(id), key TEXT NOT NULL, value TEXT NOT NULL,
    updated_at BIGINT NOT NULL, PRIMARY KEY (entity_id, key)
);
CREATE TABLE list_row (
    id @uuid PRIMARY KEY, list TEXT NOT NULL, entity_id @uuid NOT NULL REFERENCES entity(id), recursive @bool NOT NULL,
    parent_id @uuid REFERENCES list_row(id), code TEXT, names TEXT NOT NULL, labels TEXT, active @bool NOT NULL,
    position INTEGER NOT NULL, for_tickets @bool NOT NULL, for_occurrences @bool NOT NULL, for_incident @bool NOT NULL,
    for_request @bool NOT NULL, portal @bool NOT NULL, group_id @uuid REFERENCES app_group(id), version INTEGER NOT NULL
);
CREATE INDEX list_row_list ON list_row (list, entity_id, position);
CREATE TABLE audit (
    id @uuid PRIMARY KEY, at BIGINT NOT NULL, user_id @uuid, entity_id @uuid, kind TEXT NOT NULL, object TEXT NOT NULL, data TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE TABLE instance_secret (name TEXT PRIMARY KEY, value TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE number_sequence (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO number_sequence (name, value) VALUES ('ticket', 0);
";
