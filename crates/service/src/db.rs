//! The two engines: how they are opened so that saved means saved.

use std::str::FromStr;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::Connection as _;
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

/// How long a statement waits for others before its caller hears `Unavailable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For what another transaction has locked: on SQLite the one right to write, on PostgreSQL rows and tables.
    pub lock: Duration,
    /// For a connection, while all of the pool are in use or the server takes none.
    pub connection: Duration,
}

impl Patience {
    /// What an instance is given. Writers of SQLite stand in one line, so they wait longer.
    #[must_use]
    pub const fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self { lock: Duration::from_secs(15), connection: Duration::from_secs(20) },
            Engine::Postgres => Self { lock: Duration::from_secs(10), connection: Duration::from_secs(5) },
        }
    }
}

/// Plans of PostgreSQL for what is read depend on the words and people asked for: one plan for all reads whole tables for a rare
/// word.
const PLAN_BY_VALUE: &str = "force_custom_plan";
/// What a use case reads and writes is found by its key, by the same plan every time: the engine may keep it.
const PLAN_ONCE: &str = "auto";

/// Connections: those that write beside those that read. On SQLite one writes; on PostgreSQL both may do either, and differ in how
/// their statements are planned.
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
        Self::connect_with(url, Patience::of(engine_of(url))).await
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// As `connect`.
    pub async fn connect_with(url: &str, patience: Patience) -> Result<Self, DbErr> {
        if engine_of(url) == Engine::Sqlite {
            let write = Database::connect(sqlite_options(url, 1, patience)).await?;
            let read = Database::connect(sqlite_options(url, 8, patience)).await?;
            require_sqlite_floor(&write).await?;
            return Ok(Self { read, write, engine: Engine::Sqlite });
        }
        let read = Database::connect(postgres_options(url, 20, patience, PLAN_BY_VALUE)).await?;
        let write = Database::connect(postgres_options(url, 12, patience, PLAN_ONCE)).await?;
        warn_if_commits_may_be_lost(&write).await?;
        Ok(Self { read, write, engine: Engine::Postgres })
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

    /// The same connections, whose statements `ear` hears from now on: for tests that count them or look at their plans.
    /// The bounds of transactions are not told.
    #[must_use]
    pub fn heard_by(mut self, ear: impl Fn(&Statement) + Clone + Send + Sync + 'static) -> Self {
        let ear_of_writer = ear.clone();
        self.read.set_metric_callback(move |info| ear(info.statement));
        self.write.set_metric_callback(move |info| ear_of_writer(info.statement));
        self
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

fn engine_of(url: &str) -> Engine {
    if url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres }
}

fn sqlite_options(url: &str, connections: u32, patience: Patience) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(patience.connection)
        .test_before_acquire(false)
        .sqlx_logging(false)
        // When the disk is full or fails, SQLite ends the transaction by itself and the driver goes on counting it: the next
        // BEGIN would become a savepoint inside nothing, and after a refusal a COMMIT would save nothing. An idle connection
        // that still counts a transaction is therefore replaced.
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            let is_idle = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_idle) })
        })
        .map_sqlx_sqlite_opts(move |o| {
            o.create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(patience.lock)
                .pragma("cache_size", "-8000")
                .pragma("temp_store", "memory")
                .optimize_on_close(true, 400)
        });
    options
}

fn postgres_options(url: &str, connections: u32, patience: Patience, plans: &'static str) -> ConnectOptions {
    let lock_timeout = format!("{}ms", patience.lock.as_millis());
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(patience.connection)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |o| {
            o.options([
                ("statement_timeout", "10s"),
                ("lock_timeout", lock_timeout.as_str()),
                ("plan_cache_mode", plans),
                // Compiling a statement takes longer than any of ours runs.
                ("jit", "off"),
                // Pages lie in memory or on disks without heads.
                ("random_page_cost", "1.1"),
            ])
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
