//! A desk in a database of its own, with a clock that only the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::forms::{AddOccurrence, Command, RunCommand};
use domain::notification::Event;
use domain::policy::{Capability, ShippedRole};
use domain::settings::Key;
use domain::ticket::Status;
use entity::{app_group, app_user, list_row, role, ticket};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use service::actor::Actor;
use service::ctx::new_id;
use service::db::Db;
use service::documents::Files;
use service::events::{self, Hub, Position};
use service::sql::Sql;
use service::{Clock, Ctx, ServiceError, Services, account, install, occurrences, tickets};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::build::{TicketBuilder, note};
use crate::desk;

/// 2026-03-12T13:00:00Z, a Thursday: what the clock of every desk shows at first.
pub const NOW: i64 = 1_773_320_400;

/// Hashing is slow on purpose, so one hash serves the whole process.
static HASH: OnceCell<String> = OnceCell::const_new();

/// An instance around a database, with files in memory and the clock at `NOW`.
#[must_use]
pub fn bare(db: Db) -> Services {
    Services {
        db,
        clock: Clock::Fixed(Arc::new(AtomicI64::new(NOW))),
        files: Files::memory(),
        hub: Hub::default(),
        secret: Arc::new([7; 32]),
        mailer: None,
        bell: Arc::default(),
        base_url: Arc::from("http://127.0.0.1:3000"),
    }
}

/// The small desk: entity Acme (root) with Brasil below, `admin`, `supervisor`, `tech1`, `tech2` (member of the group
/// Network), `observer` (the auditor), all at the root; `requester1` and `requester2` in Brasil. Everybody lives in Brasil,
/// reads English in UTC, and has no password before `let_in`.
#[derive(Debug)]
pub struct World {
    /// The instance.
    pub services: Services,
    /// Entity Acme.
    pub root: Uuid,
    /// Entity Brasil, below Acme.
    pub brasil: Uuid,
    /// Group Network.
    pub network: Uuid,
}

impl World {
    /// The desk of a database that was made from the template `Desk`.
    pub async fn open(db: Db) -> Self {
        let root = named(&db, "entity", desk::ROOT).await;
        let brasil = named(&db, "entity", desk::BRASIL).await;
        let network = named(&db, "app_group", desk::NETWORK).await;
        Self { services: bare(db), root, brasil, network }
    }

    /// The connections.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.services.db
    }

    /// What the clock shows, seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.services.now()
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        if let Clock::Fixed(at) = &self.services.clock {
            at.fetch_add(seconds, Ordering::Relaxed);
        }
    }

    /// A request of somebody, with his rights of this moment.
    pub async fn ctx(&self, name: &str) -> Ctx {
        let user = self.person(name).await;
        let actor = Actor::load(self.db().reader(), user, String::new()).await.expect("an actor");
        Ctx::new(self.services.clone(), actor)
    }

    /// An account by its short name.
    pub async fn person(&self, name: &str) -> app_user::Model {
        let found = app_user::Entity::find().filter(app_user::Column::EmailKey.eq(desk::email(name)));
        let found = found.one(self.db().reader()).await.expect("people can be read");
        found.unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// An account as forms name it: `user:<id>`.
    pub async fn user(&self, name: &str) -> String {
        format!("user:{}", self.person(name).await.id)
    }

    /// One more person, living in `entity` with a shipped role there (and below).
    pub async fn hire(&self, name: &str, role: ShippedRole, entity: Uuid) -> Uuid {
        let roles = install::shipped_roles(self.db().writer(), NOW).await.expect("roles");
        let id = desk::add_person(self.db(), name, entity).await;
        desk::assign(self.db(), id, entity, roles.get(&role).copied().expect("a shipped role"), true).await;
        id
    }

    /// One more person with exactly these capabilities at the root and below.
    pub async fn hire_with(&self, name: &str, capabilities: &[Capability]) -> Uuid {
        let names: Vec<&str> = capabilities.iter().copied().map(Capability::name).collect();
        let own = role::Model {
            id: new_id(),
            key: None,
            name: format!("Role of {name}"),
            shipped: false,
            capabilities: names.join(" "),
            created_at: NOW,
            version: 1,
        };
        let role_id = own.id;
        let row = role::ActiveModel::from(own);
        role::Entity::insert(row).exec_without_returning(self.db().writer()).await.expect("a role");
        let id = desk::add_person(self.db(), name, self.brasil).await;
        desk::assign(self.db(), id, self.root, role_id, true).await;
        id
    }

    /// One more entity.
    pub async fn entity(&self, name: &str, parent: Uuid) -> Uuid {
        desk::add_entity(self.db(), name, Some(parent), "UTC").await
    }

    /// One more group of the root entity, which may be requester.
    pub async fn group(&self, name: &str, members: &[&str]) -> Uuid {
        let id = new_id();
        let group = app_group::Model {
            id,
            entity_id: self.root,
            name: name.to_owned(),
            recursive: true,
            may_be_assigned: true,
            may_be_asked: false,
            may_be_requester: true,
            active: true,
            created_at: NOW,
            version: 1,
        };
        desk::insert_group(self.db(), group).await;
        for member in members {
            desk::add_member(self.db(), id, self.person(member).await.id).await;
        }
        id
    }

    /// Gives somebody the password `PASSWORD`.
    pub async fn let_in(&self, name: &str) {
        let hash = HASH.get_or_init(|| async { account::passwords::hash(desk::PASSWORD).await.expect("a hash") }).await;
        let mut sql = Sql::new("UPDATE app_user SET password_hash = ");
        sql.bind(hash.clone()).push_bind(" WHERE email_key = ", desk::email(name));
        self.run(&sql).await;
    }

    /// Disables an account.
    pub async fn disable(&self, name: &str) {
        let mut sql = Sql::new("UPDATE app_user SET active = FALSE WHERE email_key = ");
        sql.bind(desk::email(name));
        self.run(&sql).await;
    }

    /// Sets a column of an account that holds text.
    pub async fn prefer(&self, name: &str, column: &str, value: &str) {
        let mut sql = Sql::new(&format!("UPDATE app_user SET {column} = "));
        sql.bind(value).push_bind(" WHERE email_key = ", desk::email(name));
        self.run(&sql).await;
    }

    /// Nobody who is there by now wants mails of what he is told: tests of other mails count theirs alone.
    pub async fn quiet(&self) {
        for event in Event::MAILED {
            let mut sql = Sql::new("INSERT INTO notification_preference (user_id, event, app, mail) SELECT id, ");
            sql.bind(event.as_str()).push(", TRUE, FALSE FROM app_user WHERE active = TRUE ON CONFLICT DO NOTHING");
            self.run(&sql).await;
        }
    }

    /// Sets a setting in an entity.
    pub async fn set(&self, key: Key, entity: Uuid, value: &str) {
        let mut sql = Sql::new("INSERT INTO setting (entity_id, key, value, updated_at) VALUES (");
        sql.bind(entity)
            .push_bind(", ", key.as_str())
            .push_bind(", ", value)
            .push_bind(", ", self.now())
            .push(") ON CONFLICT (entity_id, key) DO UPDATE SET value = excluded.value");
        self.run(&sql).await;
    }

    /// One more row of a list at the root, changed by `change` before it is stored; answers its id as text.
    pub async fn list_row(&self, list: &str, name: &str, change: impl FnOnce(&mut list_row::Model)) -> String {
        let mut row = list_row::Model {
            id: new_id(),
            list: list.to_owned(),
            entity_id: self.root,
            recursive: true,
            parent_id: None,
            code: None,
            names: format!("{{\"en\":\"{name}\"}}"),
            labels: None,
            active: true,
            position: 100,
            for_tickets: true,
            for_occurrences: true,
            for_incident: true,
            for_request: true,
            portal: true,
            group_id: None,
            rule: None,
            version: 1,
            hours: None,
        };
        change(&mut row);
        let id = row.id.to_string();
        let row = list_row::ActiveModel::from(row);
        list_row::Entity::insert(row).exec_without_returning(self.db().writer()).await.expect("a list row");
        id
    }

    /// Id of a shipped row by its code, as text.
    pub async fn coded(&self, list: &str, code: &str) -> String {
        let mut sql = Sql::new("SELECT id FROM list_row WHERE list = ");
        sql.bind(list).push_bind(" AND code = ", code);
        let id: Option<Uuid> = sql.scalar(self.db().reader()).await.expect("lists can be read");
        id.unwrap_or_else(|| panic!("{list} has no row {code}")).to_string()
    }

    /// A ticket to be: by the supervisor, for requester1, unless said otherwise.
    #[must_use]
    pub const fn ticket(&self) -> TicketBuilder<'_> {
        TicketBuilder::new(self)
    }

    /// Adds an occurrence as plain text.
    pub async fn occurrence(&self, author: &str, number: i64, visibility: &str, text: &str) -> Uuid {
        let form = AddOccurrence { visibility: visibility.to_owned(), ..note(number, text) };
        let added = occurrences::add(&self.ctx(author).await, form).await;
        added.unwrap_or_else(|error| panic!("{author} could not write: {error:?}"))
    }

    /// Gives a command without arguments.
    ///
    /// # Errors
    /// What the use case says.
    pub async fn command(&self, name: &str, number: i64, command: Command) -> Result<(), ServiceError> {
        tickets::run(&self.ctx(name).await, RunCommand { number, command, ..RunCommand::default() }).await
    }

    /// The stored row of a ticket.
    pub async fn row(&self, number: i64) -> ticket::Model {
        let found = ticket::Entity::find().filter(ticket::Column::Number.eq(number)).one(self.db().reader()).await;
        found.expect("tickets can be read").unwrap_or_else(|| panic!("there is no ticket {number}"))
    }

    /// The stored status of a ticket.
    pub async fn status(&self, number: i64) -> Status {
        self.row(number).await.status.parse().expect("a known status")
    }

    /// Puts a ticket into a status that no command of this release leads to (solved), as its command would leave it.
    pub async fn put_status(&self, number: i64, status: Status) {
        let (id, now) = (self.row(number).await.id, self.now());
        let mut sql = Sql::new("UPDATE ticket SET status = ");
        sql.bind(status.as_str());
        if matches!(status, Status::Solved | Status::Closed) {
            sql.push_bind(", solved_at = ", now);
        }
        if status == Status::Closed {
            sql.push_bind(", closed_at = ", now);
        }
        sql.push_bind(" WHERE id = ", id);
        self.run(&sql).await;
        let mut sql = Sql::new("UPDATE status_interval SET to_at = ");
        sql.bind(now).push_bind(" WHERE to_at IS NULL AND ticket_id = ", id);
        self.run(&sql).await;
        let mut sql = Sql::new("INSERT INTO status_interval (id, ticket_id, status, from_at) VALUES (");
        sql.bind(new_id()).push_bind(", ", id).push_bind(", ", status.as_str()).push_bind(", ", now).push(")");
        self.run(&sql).await;
    }

    /// Rows of a table.
    pub async fn count(&self, table: &str) -> i64 {
        let sql = Sql::new(&format!("SELECT COUNT(*) FROM {table}"));
        sql.scalar(self.db().reader()).await.expect("tables can be counted").unwrap_or(0)
    }

    /// The newest live event, once every event written so far can be read: PostgreSQL shows them only when no transaction of
    /// the whole cluster is older, and other tests run beside this one.
    pub async fn settled_events(&self) -> Position {
        let written = self.newest_event_written().await;
        for _try in 0..2_000 {
            let position = events::newest(self.db()).await.expect("events can be read");
            if position.1 == written {
                return position;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the events of this database never settled")
    }

    async fn newest_event_written(&self) -> i64 {
        let sql = Sql::new("SELECT COALESCE(MAX(seq), 0) FROM event");
        sql.scalar(self.db().reader()).await.expect("events can be read").unwrap_or(0)
    }

    /// Runs a statement behind the back of the use cases.
    pub async fn run(&self, sql: &Sql) {
        sql.run(self.db().writer()).await.expect("the statement of the test runs");
    }

    /// The integrity check finds nothing.
    pub async fn assert_sound(&self) {
        let findings = service::fsck::check(&self.services).await.expect("the check runs");
        assert!(findings.is_empty(), "the integrity check found {findings:?}");
    }
}

async fn named(db: &Db, table: &str, name: &str) -> Uuid {
    let mut sql = Sql::new(&format!("SELECT id FROM {table} WHERE name = "));
    let id: Option<Uuid> = sql.bind(name).scalar(db.reader()).await.expect("the desk can be read");
    id.unwrap_or_else(|| panic!("{table} has no {name}"))
}
