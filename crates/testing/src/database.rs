//! A database per test, whatever the engine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use service::db::{Db, Engine};
use tempfile::TempDir;

use crate::postgres::Cluster;
use crate::{desk, sqlite};

/// What a test finds in its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// Nothing.
    Empty,
    /// The schema.
    Migrated,
    /// The schema and the small desk of `World`.
    Desk,
}

/// Engines of this run: both, unless `GUICHET_TEST_ENGINES` names fewer.
#[must_use]
pub fn engines() -> Vec<Engine> {
    let wanted = std::env::var("GUICHET_TEST_ENGINES").unwrap_or_default();
    if wanted.trim().is_empty() {
        return vec![Engine::Sqlite, Engine::Postgres];
    }
    wanted
        .split(',')
        .map(|name| match name.trim() {
            "sqlite" => Engine::Sqlite,
            "postgres" => Engine::Postgres,
            other => panic!("GUICHET_TEST_ENGINES: {other:?} is neither sqlite nor postgres"),
        })
        .collect()
}

#[derive(Debug)]
enum Place {
    File(TempDir),
    Database { cluster: &'static Cluster, name: String },
}

/// An open database that goes with its test.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    place: Place,
}

impl TestDb {
    /// A database, or `None` (said on stderr) when its engine is not part of this run.
    pub async fn if_wanted(engine: Engine, template: Template) -> Option<Self> {
        if !engines().contains(&engine) {
            eprintln!("not run on {engine:?}: GUICHET_TEST_ENGINES leaves it out");
            return None;
        }
        Some(match engine {
            Engine::Sqlite => Self::sqlite(template, sqlite::fast_folder()).await,
            Engine::Postgres => Self::postgres(template, Cluster::ordinary().await).await,
        })
    }

    /// One whose engine flushes every commit to the disk, for tests of durability.
    pub async fn durable(engine: Engine, template: Template) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite(template, std::env::temp_dir()).await,
            Engine::Postgres => Self::postgres(template, Cluster::durable().await).await,
        }
    }

    /// One in a PostgreSQL cluster of its own, for the one test of a process that stops the server.
    pub async fn mortal(template: Template) -> Self {
        Self::postgres(template, Cluster::mortal().await).await
    }

    async fn sqlite(template: Template, folder: PathBuf) -> Self {
        let folder =
            tempfile::Builder::new().prefix("guichet-test-").tempdir_in(folder).expect("a folder for the test");
        let file = folder.path().join("guichet.db");
        sqlite::write_template(template, &file).await;
        let url = sqlite::url(&file);
        Self { db: open(&url).await, url, place: Place::File(folder) }
    }

    async fn postgres(template: Template, cluster: &'static Cluster) -> Self {
        let name = cluster.create_database(template).await;
        let url = cluster.url(&name);
        Self { db: open(&url).await, url, place: Place::Database { cluster, name } }
    }

    /// The connections.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Address for another process.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The cluster it is in, if it is a PostgreSQL one.
    #[must_use]
    pub const fn cluster(&self) -> Option<&'static Cluster> {
        match &self.place {
            Place::File(_) => None,
            Place::Database { cluster, .. } => Some(*cluster),
        }
    }

    /// Closes and removes it.
    pub async fn remove(self) {
        // A write that a test left behind holds its connection until it is done.
        let closed = tokio::time::timeout(Duration::from_secs(10), self.db.close()).await;
        closed.expect("a connection was never given back").expect("connections close");
        match self.place {
            Place::File(folder) => drop(folder),
            Place::Database { cluster, name } => cluster.drop_database(&name).await,
        }
    }
}

/// Opens a database as the server does.
pub(crate) async fn open(url: &str) -> Db {
    Db::connect(url).await.unwrap_or_else(|error| panic!("{url} does not open: {error}"))
}

/// Fills an empty database and closes it.
pub(crate) async fn fill(url: &str, template: Template) {
    let db = open(url).await;
    if template != Template::Empty {
        Migrator::up(db.writer(), None).await.expect("migrations run");
    }
    if template == Template::Desk {
        desk::build(&db).await;
    }
    db.close().await.expect("connections close");
}

/// Text of a path in an address.
pub(crate) fn path_text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}
