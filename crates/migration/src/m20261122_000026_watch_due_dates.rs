//! When the due dates of open tickets are looked at next, and which of them were told already: each date once at risk, once passed.
//!
//! What had passed before counts as told: nobody is told of years of it at once.

use sea_orm_migration::prelude::*;

use crate::ddl::{drop_tables, is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        run(manager, &known(is_sqlite(manager))).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["due_watch"]).await
    }
}

const UP: &str = "
CREATE TABLE due_watch (
    ticket_id @uuid PRIMARY KEY REFERENCES ticket(id) ON DELETE CASCADE, look_at BIGINT, own_at_risk BIGINT, own_overdue BIGINT,
    resolve_at_risk BIGINT, resolve_overdue BIGINT
);
CREATE INDEX due_watch_look ON due_watch (look_at, ticket_id) WHERE look_at IS NOT NULL;
";

/// The open tickets that have a date are looked at once, as soon as a job runs.
fn known(is_sqlite: bool) -> String {
    let now =
        if is_sqlite { "CAST(strftime('%s', 'now') AS INTEGER)" } else { "CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)" };
    format!(
        "INSERT INTO due_watch (ticket_id, look_at, own_overdue, resolve_overdue) SELECT id, 0, \
         CASE WHEN due_own_at < {now} THEN due_own_at END, CASE WHEN due_resolve_at < {now} THEN due_resolve_at END FROM ticket \
         WHERE status IN ('new', 'assigned', 'planned', 'pending') AND (due_own_at IS NOT NULL OR due_resolve_at IS NOT NULL)"
    )
}
