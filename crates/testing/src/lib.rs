//! What tests stand on: a database of their own on each engine, a small desk in it, and short ways to ask it things.
//!
//! SQLite: a copy of a prepared file per test. PostgreSQL: one throw-away cluster per test process, a database from a
//! template per test. `GUICHET_TEST_ENGINES=sqlite` (or `postgres`) narrows a run; a missing PostgreSQL is an error.
#![expect(clippy::expect_used, reason = "a test that cannot prepare itself has to fail at once, with the reason")]

mod answers;
mod build;
mod course;
mod database;
mod desk;
mod postgres;
mod rival;
mod smtp;
mod sqlite;
mod statements;
pub mod table;
mod world;

pub use answers::{conflict, disabled, error, field, forbidden, refused};
pub use build::{TicketBuilder, note, upload};
/// Reads workbooks as the programs of others do.
pub use calamine;
pub use course::{Course, Expected};
pub use database::{Template, TestDb, engines};
pub use desk::PASSWORD;
pub use postgres::Cluster;
pub use rival::Rival;
pub use service::Services;
pub use service::db::{Db, Engine, Patience};
pub use service::sql::Sql;
pub use smtp::{Behaviour, Encryption, Received, Sink, Stage};
pub use statements::Statements;
pub use world::{NOW, World, bare};

/// Runs a test on a desk of its own, unless its engine was left out of the run.
pub async fn run<F: AsyncFnOnce(World)>(engine: Engine, test: F) {
    let Some(db) = TestDb::if_wanted(engine, Template::Desk).await else { return };
    test(World::open(db.db().clone()).await).await;
    db.remove().await;
}

/// Runs a test beside a desk whose address it needs: for instances and rivals of its own.
pub async fn run_beside<F: AsyncFnOnce(&TestDb)>(engine: Engine, test: F) {
    let Some(db) = TestDb::if_wanted(engine, Template::Desk).await else { return };
    test(&db).await;
    db.remove().await;
}

/// Runs a test on an instance that nobody has set up yet.
pub async fn run_bare<F: AsyncFnOnce(Services)>(engine: Engine, test: F) {
    let Some(db) = TestDb::if_wanted(engine, Template::Migrated).await else { return };
    test(bare(db.db().clone())).await;
    db.remove().await;
}

/// Runs a test on a database without a single table.
pub async fn run_empty<F: AsyncFnOnce(Db)>(engine: Engine, test: F) {
    let Some(db) = TestDb::if_wanted(engine, Template::Empty).await else { return };
    test(db.db().clone()).await;
    db.remove().await;
}

/// One test for both engines: `both_engines!(name, |world: World| async move { … })` becomes `name::sqlite` and
/// `name::postgres`. `Services` instead of `World` gives an instance before its set-up, `Db` an empty database, `&TestDb` the
/// database of a desk with its address.
#[macro_export]
macro_rules! both_engines {
    ($name:ident, |$it:ident: World| async move $block:block) => {
        $crate::both_engines!(@ $name, $it, $crate::World, run, $block);
    };
    ($name:ident, |$it:ident: Services| async move $block:block) => {
        $crate::both_engines!(@ $name, $it, $crate::Services, run_bare, $block);
    };
    ($name:ident, |$it:ident: Db| async move $block:block) => {
        $crate::both_engines!(@ $name, $it, $crate::Db, run_empty, $block);
    };
    ($name:ident, |$it:ident: &TestDb| async move $block:block) => {
        $crate::both_engines!(@ $name, $it, &$crate::TestDb, run_beside, $block);
    };
    (@ $name:ident, $it:ident, $type:ty, $run:ident, $block:block) => {
        #[cfg(test)]
        mod $name {
            use super::*;

            async fn story($it: $type) $block

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::$run($crate::Engine::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::$run($crate::Engine::Postgres, story).await;
            }
        }
    };
}
