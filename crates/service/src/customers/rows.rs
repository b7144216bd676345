//! What follows from a stored customer: its words, the day of its last occurrence.

use domain::customer::Contact;
use entity::customer;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::NEVER;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::search;
use crate::sql::Sql;

/// The words by which a customer is found (C-CUS-03); the document number has a column of its own.
pub(super) fn text(row: &customer::Model, contacts: &[Contact]) -> String {
    let mut out = row.name.clone();
    for part in row.legal_name.iter().chain(contacts.iter().flat_map(|one| [&one.name, &one.email])) {
        out.push('\n');
        out.push_str(part);
    }
    out
}

/// Writes the words of a stored customer; former ones go.
pub(crate) async fn index_words(
    connection: &impl ConnectionTrait,
    engine: Engine,
    row: &customer::Model,
) -> Result<(), ServiceError> {
    let text = text(row, &super::contacts(row));
    if engine == Engine::Postgres {
        let mut sql = Sql::new("UPDATE customer SET words = CAST(CAST(");
        sql.bind(search::vector(&text)).push_bind(" AS TEXT) AS TSVECTOR) WHERE id = ", row.id);
        sql.run(connection).await?;
        return Ok(());
    }
    forget_words(connection, engine, row.id).await?;
    let mut sql = Sql::new("INSERT INTO customer_fts (rowid, words) SELECT c.seq, ");
    sql.bind(search::limited(&text)).push_bind(" FROM customer c WHERE c.id = ", row.id);
    sql.run(connection).await?;
    Ok(())
}

/// Takes the words of a customer out, before he goes.
pub(super) async fn forget_words(
    connection: &impl ConnectionTrait,
    engine: Engine,
    id: Uuid,
) -> Result<(), ServiceError> {
    if engine == Engine::Sqlite {
        let mut sql = Sql::new("DELETE FROM customer_fts WHERE rowid IN (SELECT c.seq FROM customer c WHERE c.id = ");
        sql.bind(id).push(")").run(connection).await?;
    }
    Ok(())
}

/// Writes the words of many stored customers who have none yet.
pub(super) async fn index_many(
    connection: &impl ConnectionTrait,
    engine: Engine,
    rows: &[&customer::Model],
) -> Result<(), ServiceError> {
    let mut sql = Sql::new(match engine {
        Engine::Sqlite => "INSERT INTO customer_fts (rowid, words) WITH v (id, words) AS (VALUES ",
        Engine::Postgres => "WITH v (id, words) AS (VALUES ",
    });
    for (at, row) in rows.iter().enumerate() {
        let text = text(row, &super::contacts(row));
        sql.push(if at == 0 { "(" } else { ", (" }).bind(row.id);
        match engine {
            Engine::Sqlite => sql.push_bind(", ", search::limited(&text)).push(")"),
            Engine::Postgres => sql.push_bind(", CAST(", search::vector(&text)).push(" AS TEXT))"),
        };
    }
    sql.push(match engine {
        Engine::Sqlite => ") SELECT c.seq, v.words FROM v JOIN customer c ON c.id = v.id",
        Engine::Postgres => ") UPDATE customer SET words = CAST(v.words AS TSVECTOR) FROM v WHERE customer.id = v.id",
    });
    sql.run(connection).await?;
    Ok(())
}

/// Takes the words of many customers out, before others come.
pub(super) async fn forget_many(
    connection: &impl ConnectionTrait,
    engine: Engine,
    rows: &[&customer::Model],
) -> Result<(), ServiceError> {
    if engine == Engine::Sqlite {
        let mut sql = Sql::new("DELETE FROM customer_fts WHERE rowid IN (SELECT c.seq FROM customer c WHERE c.id IN ");
        sql.list(rows.iter().map(|row| row.id)).push(")").run(connection).await?;
    }
    Ok(())
}

/// Writes down which occurrence is the last one (C-OCC-13), after one came, went or changed.
pub(crate) async fn set_last(connection: &impl ConnectionTrait, customer: Uuid) -> Result<(), ServiceError> {
    let mut last = Sql::new(
        "SELECT o.occurred_on, o.impact FROM customer_occurrence o WHERE o.removed_at IS NULL AND o.customer_id = ",
    );
    last.bind(customer).push(" ORDER BY o.occurred_on DESC, o.registered_at DESC, o.id DESC LIMIT 1");
    let rows = last.rows(connection).await?;
    let (day, impact) = match rows.first() {
        Some(row) => (row.try_get("", "occurred_on")?, Some(row.try_get::<String>("", "impact")?)),
        None => (NEVER, None),
    };
    let mut sql = Sql::new("UPDATE customer SET last_occurred_on = ");
    sql.bind(day).push_bind(", last_impact = ", impact).push_bind(" WHERE id = ", customer);
    sql.run(connection).await?;
    Ok(())
}
