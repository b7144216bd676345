//! Hand-written SQL for hot reads: one text for both engines, values always bound.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value};

/// A statement under construction: text with `?` and the values that go there.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Starts with `text`, which holds no user input.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Appends text, which holds no user input.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends `?` and its value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.text.push('?');
        self.values.push(value.into());
        self
    }

    /// Appends text that ends where its value goes: `push_bind(" AND a = ", 1)`.
    pub fn push_bind(&mut self, text: &str, value: impl Into<Value>) -> &mut Self {
        self.push(text).bind(value)
    }

    /// Appends `(?, ?, …)`; an empty list becomes `(NULL)`, which matches nothing.
    pub fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.text.push('(');
        let mut empty = true;
        for value in values {
            if !empty {
                self.text.push(',');
            }
            self.bind(value);
            empty = false;
        }
        self.text.push_str(if empty { "NULL)" } else { ")" });
        self
    }

    /// Appends `(column IS NOT NULL AND column IN (…))`, false for an empty list: never NULL, so that it can be negated.
    pub fn among<V: Into<Value>>(&mut self, column: &str, values: Vec<V>) -> &mut Self {
        if values.is_empty() {
            return self.push("1 = 0");
        }
        self.push("(").push(column).push(" IS NOT NULL AND ").push(column).push(" IN ").list(values).push(")")
    }

    /// Appends another piece with its values.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        self.text.push_str(&other.text);
        self.values.extend(other.values.iter().cloned());
        self
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The statement in the dialect of `backend`.
    #[must_use]
    pub fn statement(&self, backend: DbBackend) -> Statement {
        let text = if backend == DbBackend::Postgres { numbered(&self.text) } else { self.text.clone() };
        Statement::from_sql_and_values(backend, text, self.values.iter().cloned())
    }

    /// All rows.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn rows(&self, connection: &impl ConnectionTrait) -> Result<Vec<QueryResult>, DbErr> {
        connection.query_all_raw(self.statement(connection.get_database_backend())).await
    }

    /// All rows as `T`.
    ///
    /// # Errors
    /// What the engine says, or a column that does not fit.
    pub async fn all<T: FromQueryResult>(&self, connection: &impl ConnectionTrait) -> Result<Vec<T>, DbErr> {
        self.rows(connection).await?.iter().map(|row| T::from_query_result(row, "")).collect()
    }

    /// The first row as `T`.
    ///
    /// # Errors
    /// What the engine says, or a column that does not fit.
    pub async fn one<T: FromQueryResult>(&self, connection: &impl ConnectionTrait) -> Result<Option<T>, DbErr> {
        connection
            .query_one_raw(self.statement(connection.get_database_backend()))
            .await?
            .map(|row| T::from_query_result(&row, ""))
            .transpose()
    }

    /// The first column of the first row.
    ///
    /// # Errors
    /// What the engine says, or a column that does not fit.
    pub async fn scalar<T: sea_orm::TryGetable>(&self, connection: &impl ConnectionTrait) -> Result<Option<T>, DbErr> {
        match connection.query_one_raw(self.statement(connection.get_database_backend())).await? {
            Some(row) => Ok(Some(row.try_get_by_index(0)?)),
            None => Ok(None),
        }
    }

    /// Runs it for its effect.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn run(&self, connection: &impl ConnectionTrait) -> Result<ExecResult, DbErr> {
        connection.execute_raw(self.statement(connection.get_database_backend())).await
    }
}

/// Ids for an IN list, once each and in a fixed order.
pub(crate) fn unique(ids: impl IntoIterator<Item = uuid::Uuid>) -> Vec<uuid::Uuid> {
    ids.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut n = 0;
    for piece in text.split_inclusive('?') {
        match piece.strip_suffix('?') {
            Some(start) => {
                n += 1;
                out.push_str(start);
                out.push('$');
                out.push_str(&n.to_string());
            }
            None => out.push_str(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_become_numbers_in_order() {
        assert_eq!(numbered("a = ? AND b IN (?,?)"), "a = $1 AND b IN ($2,$3)");
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        let mut sql = Sql::new("x IN ");
        sql.list(Vec::<i64>::new());
        assert_eq!(sql.text, "x IN (NULL)");
    }
}
