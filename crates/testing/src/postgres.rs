//! PostgreSQL: one throw-away cluster per test process on a Unix socket. A running server is never assumed and never touched.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use tokio::sync::OnceCell;

use crate::database::{Template, fill, path_text};

static ORDINARY: OnceLock<Result<Cluster, String>> = OnceLock::new();
static DURABLE: OnceLock<Result<Cluster, String>> = OnceLock::new();
static MORTAL: OnceLock<Result<Cluster, String>> = OnceLock::new();

/// What ordinary tests may lose: the cluster dies with them.
const CARELESS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";
/// What makes an answered commit survive.
const CAREFUL: &str = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on";

/// A cluster of this process; a watcher stops and removes it when the process is gone, however it ended.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    options: String,
    databases: AtomicU32,
    migrated: OnceCell<()>,
    desk: OnceCell<()>,
}

impl Cluster {
    /// The cluster of ordinary tests.
    pub async fn ordinary() -> &'static Self {
        get(&ORDINARY, CARELESS).await
    }

    /// The cluster of durability tests: every commit reaches the disk.
    pub async fn durable() -> &'static Self {
        get(&DURABLE, CAREFUL).await
    }

    /// A cluster for the one test of a process that stops it: nobody else's database is in it.
    pub async fn mortal() -> &'static Self {
        get(&MORTAL, CARELESS).await
    }

    fn start(durability: &str) -> Result<Self, String> {
        let bin = binaries().ok_or(
            "PostgreSQL is missing: apt-get install -y --no-install-recommends postgresql-15, or set GUICHET_TEST_PG_BIN; \
             GUICHET_TEST_ENGINES=sqlite leaves it out of a local run",
        )?;
        // Short, because the path of the socket has at most 107 bytes.
        let folder = tempfile::Builder::new().prefix("gpg").tempdir_in("/tmp").map_err(|e| e.to_string())?.keep();
        if is_root() {
            checked(Command::new("chown").arg("nobody:nogroup").arg(&folder))?;
        }
        let options = format!(
            "-c listen_addresses='' -k {} -c max_connections=400 -c shared_buffers=64MB -c autovacuum=off {durability}",
            folder.display()
        );
        let cluster = Self {
            bin,
            folder,
            options,
            databases: AtomicU32::new(0),
            migrated: OnceCell::new(),
            desk: OnceCell::new(),
        };
        cluster.watch()?;
        checked(cluster.command("initdb").arg("-D").arg(cluster.data()).args([
            "-A",
            "trust",
            "-U",
            "guichet",
            "--no-locale",
            "-E",
            "UTF8",
            "--no-sync",
        ]))?;
        cluster.serve()?;
        Ok(cluster)
    }

    fn serve(&self) -> Result<(), String> {
        let log = self.folder.join("log");
        checked(self.command("pg_ctl").arg("-D").arg(self.data()).args(["-w", "-t", "60", "-l"]).arg(log).args([
            "-o",
            &self.options,
            "start",
        ]))
    }

    /// Ends the server as a power cut would and starts it again. Blocks.
    pub fn crash(&self) {
        self.end("immediate");
        self.resume();
    }

    /// Ends the server as its operator would: every connection is cut, and nobody listens any more. Blocks.
    pub fn stop(&self) {
        self.end("fast");
    }

    /// Starts the server again. Blocks.
    pub fn resume(&self) {
        self.serve().expect("the server starts again");
    }

    fn end(&self, mode: &str) {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-w", "-m", mode, "stop"]);
        checked(&mut stop).expect("the server stops");
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A program of PostgreSQL, which refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let words = self.words(program);
        let mut words = words.iter();
        let mut command = Command::new(words.next().expect("a program"));
        command.args(words).current_dir(&self.folder).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    fn words(&self, program: &str) -> Vec<String> {
        let program = path_text(&self.bin.join(program)).to_owned();
        if is_root() {
            let drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];
            drop.into_iter().map(str::to_owned).chain([program]).collect()
        } else {
            vec![program]
        }
    }

    /// Statics are never dropped, so a process of its own waits for the end of this one.
    fn watch(&self) -> Result<(), String> {
        const SCRIPT: &str = r#"(
            pid=$1; folder=$2; shift 2
            while kill -0 "$pid" 2>/dev/null; do sleep 1; done
            "$@"
            rm -rf "$folder"
        ) </dev/null >/dev/null 2>&1 &"#;
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT, "watcher", &std::process::id().to_string(), path_text(&self.folder)])
            .args(self.words("pg_ctl"))
            .args(["-D", path_text(&self.data()), "-m", "immediate", "stop"])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl+C ends the tests, not their watcher.
            .process_group(0);
        checked(&mut command)
    }

    /// Address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://guichet@localhost/{database}?host={}&sslmode=disable", path_text(&self.folder))
    }

    /// A new database from a template; answers its name.
    pub(crate) async fn create_database(&self, template: Template) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let from = match template {
            Template::Empty => "template0",
            Template::Migrated => self.migrated().await,
            Template::Desk => self.desk().await,
        };
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {from}")).await;
        name
    }

    async fn migrated(&self) -> &'static str {
        const NAME: &str = "template_migrated";
        self.migrated
            .get_or_init(|| async {
                self.run(&format!("CREATE DATABASE {NAME} TEMPLATE template0")).await;
                fill(&self.url(NAME), Template::Migrated).await;
            })
            .await;
        NAME
    }

    async fn desk(&self) -> &'static str {
        const NAME: &str = "template_desk";
        self.desk
            .get_or_init(|| async {
                self.run(&format!("CREATE DATABASE {NAME} TEMPLATE template0")).await;
                fill(&self.url(NAME), Template::Desk).await;
            })
            .await;
        NAME
    }

    pub(crate) async fn drop_database(&self, name: &str) {
        self.run(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }

    /// One statement by a connection of its own: pools do not outlive the runtime of their test.
    async fn run(&self, statement: &str) {
        let mut options = ConnectOptions::new(self.url("postgres"));
        options.max_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await.expect("the cluster answers");
        connection.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        connection.close().await.expect("the connection closes");
    }
}

async fn get(cell: &'static OnceLock<Result<Cluster, String>>, durability: &'static str) -> &'static Cluster {
    let started = tokio::task::spawn_blocking(move || cell.get_or_init(|| Cluster::start(durability)));
    match started.await.expect("the start of PostgreSQL was not interrupted") {
        Ok(cluster) => cluster,
        Err(reason) => panic!("{reason}"),
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The folder of `initdb`: as told, the newest of Debian's, or whatever is in the path.
fn binaries() -> Option<PathBuf> {
    let told = std::env::var_os("GUICHET_TEST_PG_BIN").map(PathBuf::from);
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let has_initdb = |folder: &PathBuf| folder.join("initdb").is_file();
    told.into_iter().chain(debian.into_iter().rev()).chain(in_path).find(has_initdb).map(|folder| absolute(&folder))
}

fn absolute(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_unknown| folder.to_owned())
}

fn checked(command: &mut Command) -> Result<(), String> {
    let Output { status, stdout, stderr } = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let said = [stdout, stderr].concat();
    Err(format!("{command:?} failed ({status}): {}", String::from_utf8_lossy(&said)))
}
