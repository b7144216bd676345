//! Multi-row inserts of few sizes, so that the engines prepare each of them once.

use sea_orm::{ConnectionTrait, Value};

use crate::error::ServiceError;
use crate::sql::Sql;

/// Rows of one statement. The widest table here has 29 columns: far below the 32 766 values of SQLite.
const SIZES: [usize; 3] = [100, 10, 1];

/// Rows of one table that wait to be written.
#[derive(Debug)]
pub(super) struct Bulk {
    head: String,
    vector: bool,
    rows: Vec<Vec<Value>>,
}

impl Bulk {
    /// `head` is the statement up to and with `VALUES`.
    pub(super) fn new(head: &str) -> Self {
        Self { head: head.to_owned(), vector: false, rows: Vec::new() }
    }

    /// The last value of each row is the text of a PostgreSQL word vector.
    pub(super) fn with_vector(mut self, vector: bool) -> Self {
        self.vector = vector;
        self
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: Vec<Value>) {
        self.rows.push(row);
    }

    /// Writes what waits, in order.
    pub(super) async fn write(&mut self, connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
        let rows = std::mem::take(&mut self.rows);
        let mut rest = rows.as_slice();
        for size in SIZES {
            while let Some((part, left)) = rest.split_at_checked(size) {
                self.statement(part).run(connection).await?;
                rest = left;
            }
        }
        Ok(())
    }

    fn statement(&self, rows: &[Vec<Value>]) -> Sql {
        let mut sql = Sql::new(&self.head);
        for (index, row) in rows.iter().enumerate() {
            sql.push(if index == 0 { " (" } else { ",(" });
            for (column, value) in row.iter().enumerate() {
                sql.push(if column == 0 { "" } else { "," });
                if self.vector && column + 1 == row.len() {
                    sql.push_bind("CAST(CAST(", value.clone()).push(" AS TEXT) AS TSVECTOR)");
                } else {
                    sql.bind(value.clone());
                }
            }
            sql.push(")");
        }
        sql
    }
}
