//! Invitations, what a group insists on, and the ways by which the administration finds its rows: who holds a role, what
//! happened to one object.

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
CREATE TABLE invitation (
    token_hash TEXT PRIMARY KEY, user_id @uuid NOT NULL REFERENCES app_user(id), by_id @uuid NOT NULL REFERENCES app_user(id),
    created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX invitation_user ON invitation (user_id);
CREATE TABLE app_group_address (
    group_id @uuid NOT NULL REFERENCES app_group(id), address TEXT NOT NULL, PRIMARY KEY (group_id, address)
);
CREATE TABLE app_group_mail (
    group_id @uuid NOT NULL REFERENCES app_group(id), event TEXT NOT NULL, PRIMARY KEY (group_id, event)
);
CREATE INDEX assignment_role ON assignment (role_id);
CREATE INDEX audit_object ON audit (object, at, id);
CREATE INDEX app_user_entity ON app_user (entity_id);
";

const DOWN: &str = "
DROP INDEX app_user_entity;
DROP INDEX audit_object;
DROP INDEX assignment_role;
DROP TABLE app_group_mail;
DROP TABLE app_group_address;
DROP TABLE invitation;
";
