//! The two engines: how they are opened so that saved means saved.

use std::str::FromStr;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use crate::error::ServiceError;

/// Which engine holds the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one writer at a time.
    Sqlite,
    /// A server, many writers, many instances.
    Postgres,
}

/// Oldest SQLite that cannot lose committed WAL data when two connections write.
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);

/// Connections: on SQLite one writes beside several that read, on PostgreSQL one pool does both.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    engine: Engine,
}

impl Db {
    /// Opens `sqlite://path` or `postgres://…`.
    ///
    /// # Errors
    /// When the database cannot be opened, or is a SQLite older than 3.51.3.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let write = Database::connect(sqlite_options(url, 1)).await?;
            let read = Database::connect(sqlite_options(url, 8)).await?;
            require_sqlite_floor(&write).await?;
            return Ok(Self { read, write, engine: Engine::Sqlite });
        }
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(20)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire_if_idle_for(Duration::from_secs(30))
            .sqlx_logging(false)
            .map_sqlx_postgres_opts(|o| o.options([("statement_timeout", "10s"), ("lock_timeout", "10s")]));
        let pool = Database::connect(options).await?;
        warn_if_commits_may_be_lost(&pool).await?;
        Ok(Self { read: pool.clone(), write: pool, engine: Engine::Postgres })
    }

    /// Which engine it is.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The pool that reads.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The pool that writes; use cases go through `work::write`.
    #[must_use]
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// One connection, one snapshot: every query of a page sees the same moment.
    ///
    /// # Errors
    /// `Unavailable` when no connection can be had.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, ServiceError> {
        let options = match self.engine {
            Engine::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..Default::default()
            },
            Engine::Postgres => {
                TransactionOptions { isolation_level: Some(IsolationLevel::RepeatableRead), ..Default::default() }
            }
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// Begins a writing transaction; on SQLite it takes the write lock at once.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, ServiceError> {
        let options = match self.engine {
            Engine::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            },
            Engine::Postgres => TransactionOptions::default(),
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Closes all connections; on SQLite this writes the log back into the file.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        if self.engine == Engine::Sqlite { self.write.close().await } else { Ok(()) }
    }
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(20))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|o| {
            o.create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(15))
                .pragma("cache_size", "-8000")
                .pragma("temp_store", "memory")
                .optimize_on_close(true, 400)
        });
    options
}

async fn require_sqlite_floor(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let row = connection
        .query_one_raw(Statement::from_string(connection.get_database_backend(), "SELECT sqlite_version() AS v"))
        .await?
        .ok_or_else(|| DbErr::Custom("sqlite_version() gave no row".into()))?;
    let version: String = row.try_get("", "v")?;
    let mut parts = version.split('.').map(|p| u32::from_str(p).unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < SQLITE_FLOOR {
        return Err(DbErr::Custom(format!("SQLite {version} can lose committed data; 3.51.3 or later is needed")));
    }
    Ok(())
}

async fn warn_if_commits_may_be_lost(pool: &DatabaseConnection) -> Result<(), DbErr> {
    let row = pool
        .query_one_raw(Statement::from_string(
            pool.get_database_backend(),
            "SELECT current_setting('synchronous_commit') AS v",
        ))
        .await?;
    if let Some(row) = row {
        let value: String = row.try_get("", "v")?;
        if value == "off" {
            tracing::warn!("PostgreSQL runs with synchronous_commit = off: an answered save may be lost in a crash");
        }
    }
    Ok(())
}
