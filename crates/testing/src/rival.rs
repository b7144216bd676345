//! Somebody else in the database: a backup, a migration, a forgotten console.

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use service::db::{Db, Engine};
use service::sql::Sql;

use crate::database::open;

/// A foreign transaction that keeps every writer of tickets out: on SQLite it holds the one right to write, on PostgreSQL the
/// table `ticket`. Readers go on.
#[derive(Debug)]
pub struct Rival {
    db: Db,
    transaction: DatabaseTransaction,
}

impl Rival {
    /// Takes the lock, by connections of its own.
    pub async fn seize(url: &str) -> Self {
        let db = open(url).await;
        let immediate = (db.engine() == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
        let transaction = db.writer().begin_with_options(options).await.expect("nobody else holds the lock");
        if db.engine() == Engine::Postgres {
            let lock = Sql::new("LOCK TABLE ticket IN EXCLUSIVE MODE");
            lock.run(&transaction).await.expect("nobody else holds the lock");
        }
        Self { db, transaction }
    }

    /// Gives it back, and leaves.
    pub async fn give_way(self) {
        self.transaction.rollback().await.expect("the lock is given back");
        self.db.close().await.expect("connections close");
    }
}
