//! Solutions with their former versions, and what the job that closes tickets looks for. Tickets that were solved before have no solution: none is made up for them.

use sea_orm_migration::prelude::*;

use crate::ddl::{is_sqlite, run};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        run(manager, &types(is_sqlite(manager))).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &str = "
CREATE TABLE solution (
    id @uuid PRIMARY KEY, ticket_id @uuid NOT NULL REFERENCES ticket(id) ON DELETE CASCADE, entity_id @uuid NOT NULL REFERENCES entity(id),
    author_id @uuid REFERENCES app_user(id), body TEXT NOT NULL, body_text TEXT NOT NULL, type_id @uuid REFERENCES list_row(id),
    template_id @uuid, template_name TEXT, state TEXT NOT NULL, answered_at BIGINT, answered_by_id @uuid REFERENCES app_user(id),
    answered_name TEXT, comment TEXT, registered_at BIGINT NOT NULL, edited_at BIGINT, edited_by_id @uuid REFERENCES app_user(id),
    revision_count INTEGER NOT NULL, version INTEGER NOT NULL
);
CREATE INDEX solution_timeline ON solution (ticket_id, registered_at, id);
CREATE INDEX solution_author ON solution (author_id, registered_at);
CREATE INDEX solution_type ON solution (type_id) WHERE type_id IS NOT NULL;
CREATE TABLE solution_revision (
    id @uuid PRIMARY KEY, solution_id @uuid NOT NULL REFERENCES solution(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    at BIGINT NOT NULL, by_id @uuid REFERENCES app_user(id), body TEXT NOT NULL, body_text TEXT NOT NULL, type_id @uuid,
    attachments TEXT NOT NULL, UNIQUE (solution_id, number)
);
CREATE INDEX solution_revision_type ON solution_revision (type_id) WHERE type_id IS NOT NULL;
CREATE TABLE closing_block (
    ticket_id @uuid PRIMARY KEY REFERENCES ticket(id) ON DELETE CASCADE, since BIGINT NOT NULL, retry_at BIGINT NOT NULL
);
CREATE INDEX ticket_close_due ON ticket (close_due_at, id) WHERE close_due_at IS NOT NULL AND status = 'solved' AND deleted_at IS NULL;
ALTER TABLE occurrence ADD COLUMN author_name TEXT;
";

const DOWN: &str = "
ALTER TABLE occurrence DROP COLUMN author_name;
DROP INDEX ticket_close_due;
DROP TABLE closing_block;
DELETE FROM signed_link WHERE kind = 'solution';
DROP TABLE solution_revision;
DROP TABLE solution;
UPDATE template SET category_id = NULL WHERE category_id IN (SELECT id FROM list_row WHERE list = 'solution-types');
DELETE FROM template WHERE kind = 'solution';
DELETE FROM search_public WHERE kind = 'solution';
DELETE FROM document WHERE entry_kind = 'solution';
DELETE FROM list_row WHERE list = 'solution-types';
";

/// Code and names in en, pt-BR, es, fr of the shipped solution types (T-SOL-01).
const TYPES: [(&str, [&str; 4]); 4] = [
    ("corrective", ["Corrective", "Corretiva", "Correctiva", "Corrective"]),
    ("workaround", ["Workaround", "Solução de contorno", "Solución temporal", "Solution de contournement"]),
    ("information", ["Information", "Informação", "Información", "Information"]),
    ("other", ["Other", "Outra", "Otra", "Autre"]),
];

/// An instance that was set up before gets the shipped types; a new one gets them when it is set up.
fn types(is_sqlite: bool) -> String {
    let one = |(index, (code, [en, pt, es, fr])): (usize, &(&str, [&str; 4]))| {
        let hex = format!("01980000000070008000000001900{:03x}", index + 1);
        let id = if is_sqlite { format!("X'{hex}'") } else { format!("CAST('{hex}' AS UUID)") };
        let position = index + 1;
        format!(
            "INSERT INTO list_row (id, list, entity_id, recursive, parent_id, code, names, labels, active, position, for_tickets, \
             for_occurrences, for_incident, for_request, portal, group_id, version) SELECT {id}, 'solution-types', e.id, TRUE, NULL, \
             '{code}', '{{\"en\":\"{en}\",\"pt-BR\":\"{pt}\",\"es\":\"{es}\",\"fr\":\"{fr}\"}}', NULL, TRUE, {position}, TRUE, TRUE, \
             TRUE, TRUE, FALSE, NULL, 1 FROM entity e WHERE e.parent_id IS NULL AND NOT EXISTS (SELECT 1 FROM entity o \
             WHERE o.parent_id IS NULL AND o.id < e.id);\n"
        )
    };
    TYPES.iter().enumerate().map(one).collect()
}
