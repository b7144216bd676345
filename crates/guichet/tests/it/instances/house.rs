//! A PostgreSQL, a mail server, a folder for files, and instances of the real binary on them.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use domain::settings::Key;
use sea_orm::TryGetable;
use service::sql::Sql;
use service::{Clock, tokens};
use testing::{Engine, Sink, Template, TestDb, World, engines};

/// What the binary says once it listens.
const READY: &str = "Guichet listens on ";
/// A port may be taken by somebody else between its choice and its use.
const PORTS: usize = 5;
/// How long an instance may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the instances share.
pub(super) struct House {
    /// The desk, beside all instances, with the clock of the machine.
    pub(super) world: World,
    /// Their mail server.
    pub(super) sink: Sink,
    db: TestDb,
    data: PathBuf,
}

impl House {
    /// Nothing (said on stderr) when PostgreSQL is not part of this run. The database is in a cluster of these tests, where
    /// saved means saved, and no other test holds events back.
    pub(super) async fn open() -> Option<Self> {
        if !engines().contains(&Engine::Postgres) {
            eprintln!("not run: GUICHET_TEST_ENGINES leaves PostgreSQL out");
            return None;
        }
        let db = TestDb::durable(Engine::Postgres, Template::Desk).await;
        let mut world = World::open(db.db().clone()).await;
        world.services.clock = Clock::System;
        world.quiet().await;
        world.set(Key::ChatEnabled, world.root, "true").await;
        let data = std::env::temp_dir().join(format!("guichet-instances-{}", service::ctx::random_token(9)));
        Some(Self { world, sink: Sink::start().await, db, data })
    }

    /// One more instance, once it listens.
    pub(super) async fn start(&self) -> Instance {
        for _port in 0..PORTS {
            let command = self.command(free_address());
            let started = tokio::task::spawn_blocking(move || Instance::spawn(command));
            let started = tokio::time::timeout(PATIENCE, started).await.expect("an instance starts in time");
            if let Some(instance) = started.expect("the start was not interrupted") {
                return instance;
            }
        }
        panic!("no instance could listen on any of {PORTS} ports")
    }

    fn command(&self, address: SocketAddr) -> (Command, SocketAddr) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        // The binary refuses variables it does not know, and those of the tests are not meant for it.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GUICHET_") {
                command.env_remove(name);
            }
        }
        command
            .args(["serve", "--log", "error", "--base-url", "http://desk.test", "--mail-from", "desk@example.org"])
            .args(["--listen", &address.to_string(), "--database-url", self.db.url(), "--smtp-url", &self.sink.url()])
            .arg("--data")
            .arg(&self.data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        (command, address)
    }

    /// A new token of a person.
    pub(super) async fn token(&self, who: &str) -> String {
        let email = self.world.person(who).await.email;
        tokens::create_for(&self.world.services, &email, "tests", "full", None).await.unwrap().token
    }

    /// Ids of the letters to requesters in a state; of all of them without one.
    pub(super) async fn letters(&self, state: &str) -> BTreeSet<String> {
        let mut sql = Sql::new("SELECT message_id FROM outbox WHERE kind = 'requester'");
        if !state.is_empty() {
            sql.push_bind(" AND state = ", state);
        }
        let rows = sql.rows(self.world.db().reader()).await.unwrap();
        rows.iter().map(|row| row.try_get("", "message_id").unwrap()).collect()
    }

    /// Mails some instance has taken to send, each with the number of its attempt.
    pub(super) async fn leased(&self) -> Vec<(String, i32)> {
        let sql = Sql::new("SELECT message_id, fence FROM outbox WHERE is_open AND lease_until > 0");
        let rows = sql.rows(self.world.db().reader()).await.unwrap();
        rows.iter().map(|row| (row.try_get("", "message_id").unwrap(), row.try_get("", "fence").unwrap())).collect()
    }

    /// As if so much time had passed that every lease is over and every mail is due. No instance may be there: it would go on
    /// sending what is taken from it.
    pub(super) async fn end_leases(&self) {
        self.world.run(&Sql::new("UPDATE outbox SET lease_until = 0, due_at = 0 WHERE is_open")).await;
    }

    /// The first column of what a query answers.
    pub(super) async fn column<T: TryGetable + Ord>(&self, sql: &str) -> BTreeSet<T> {
        let rows = Sql::new(sql).rows(self.world.db().reader()).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Removes everything.
    pub(super) async fn close(self) {
        self.db.remove().await;
        // Nothing was uploaded, so there may be no folder.
        let _absent = std::fs::remove_dir_all(&self.data);
    }
}

/// An address of this machine that nobody listens on.
fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("the address of a listener")
}

/// A running server; killed when it is dropped.
pub(super) struct Instance {
    /// Where it listens.
    pub(super) address: SocketAddr,
    child: Child,
    /// Whoever says something to a closed pipe dies of it.
    _out: BufReader<ChildStdout>,
}

impl Instance {
    /// Nothing when it ended instead of listening. Blocks.
    fn spawn((mut command, address): (Command, SocketAddr)) -> Option<Self> {
        let mut child = command.spawn().expect("the binary starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        while !line.starts_with(READY) {
            line.clear();
            if out.read_line(&mut line).expect("its output is text") == 0 {
                child.wait().expect("it has ended");
                return None;
            }
        }
        Some(Self { address, child, _out: out })
    }

    /// Ends it as a power cut would: no destructor, no flush, no farewell.
    pub(super) fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }

    /// Asks it to stop and waits until it has.
    pub(super) async fn stop(mut self) {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(asked.expect("a shell").success(), "it can be asked to stop");
        let gone = tokio::task::spawn_blocking(move || {
            let ending = &mut self;
            ending.child.wait().expect("it ends")
        });
        let status = tokio::time::timeout(PATIENCE, gone).await.expect("it ends in time");
        assert!(status.expect("the wait was not interrupted").success(), "it ends well");
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Of one that has ended nothing is left to kill.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}
