//! Live events: ids and numbers, never text (architecture: live events; A-EVT).
//!
//! Rows are written in the transaction of the change; every instance reads them by cursor and tells
//! its own listeners. A private change carries its audience, so that no stream of a requester hears of it.
//!
//! Belongs here: the rows, and what somebody may hear of them. Whom this instance tells is `hub`, what decides is `scene`, whether
//! what listeners came with still opens is `guard`, what is forgotten `sweep`.

mod guard;
mod hub;
mod scene;
mod sweep;

use std::sync::Arc;

use domain::occurrence::Visibility;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use hub::{Hub, Listener, Told, WAITING_MAX};
use scene::Scene;
pub use sweep::sweep;

use crate::db::{Db, Engine};
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// A change as the event table holds it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Change {
    /// Order within the instance's database.
    pub seq: i64,
    /// Transaction, for the cursor on PostgreSQL; 0 on SQLite.
    pub xid: i64,
    /// Entity of the object.
    pub entity_id: Uuid,
    /// `ticket`, `occurrence`, `task`, `solution`, `message`, `chat`, `document`, `validation`, `notification`, `customer`,
    /// `customer_occurrence`.
    pub kind: String,
    /// `created`, `changed`, `removed`.
    pub what: String,
    /// Its id.
    pub object_id: Uuid,
    /// Its ticket, or its customer.
    pub ticket_id: Uuid,
    /// Number of its ticket; 0 for what belongs to a customer.
    pub ticket_number: i64,
    /// Its version.
    pub version: i32,
    /// `public`, `private`, `hidden`: turned private just now, for readers of public entries it is `removed`; or `person`.
    pub audience: String,
    /// Author of a private entry, who may see it; of the audience `person`, who that is.
    pub author_id: Option<Uuid>,
}

impl Change {
    /// Where it stands in the event table.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position(self.xid, self.seq)
    }
}

/// A position in the event table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(pub i64, pub i64);

/// What changed, for `emit`.
#[derive(Clone, Debug)]
pub struct NewChange<'a> {
    /// `ticket`, `occurrence`, `task`, `solution`, `message`, `chat`, `document`, `validation`.
    pub kind: &'a str,
    /// `created`, `changed`, `removed`.
    pub what: &'a str,
    /// Its id.
    pub object: Uuid,
    /// Its version.
    pub version: i32,
    /// `public`, `private`, `hidden`.
    pub audience: &'a str,
    /// Author of a private entry.
    pub author: Option<Uuid>,
}

/// Audience of a change of an entry.
#[must_use]
pub const fn audience(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => "private",
        Visibility::Public => "public",
    }
}

/// Writes the event row of a change in its transaction.
pub(crate) async fn emit(w: &Work, ticket: &entity::ticket::Model, change: NewChange<'_>) -> Result<(), ServiceError> {
    let mut sql = Sql::new(
        "INSERT INTO event (entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id, at) VALUES (",
    );
    sql.bind(ticket.entity_id)
        .push_bind(",", change.kind)
        .push_bind(",", change.what)
        .push_bind(",", change.object)
        .push_bind(",", ticket.id)
        .push_bind(",", ticket.number)
        .push_bind(",", change.version)
        .push_bind(",", change.audience)
        .push_bind(",", change.author)
        .push_bind(",", w.now())
        .push(")");
    sql.run(&w.tx).await?;
    Ok(())
}

/// Audience of what concerns one person: nobody else hears of it.
const PERSON: &str = "person";

/// Writes the event rows of what concerns single people: id of the object and its person.
pub(crate) async fn tell(
    w: &Work,
    ticket: &entity::ticket::Model,
    kind: &str,
    people: &[(Uuid, Uuid)],
) -> Result<(), ServiceError> {
    if people.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(
        "INSERT INTO event (entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id, at) VALUES ",
    );
    for (index, (object, person)) in people.iter().enumerate() {
        sql.push(if index == 0 { "(" } else { ",(" })
            .bind(ticket.entity_id)
            .push_bind(",", kind)
            .push(",'created'")
            .push_bind(",", *object)
            .push_bind(",", ticket.id)
            .push_bind(",", ticket.number)
            .push(",0")
            .push_bind(",", PERSON)
            .push_bind(",", Some(*person))
            .push_bind(",", w.now())
            .push(")");
    }
    sql.run(&w.tx).await?;
    Ok(())
}

/// Audience of what concerns a customer: whoever reaches him hears of it.
const CUSTOMER: &str = "customer";

/// Writes the event row of a customer or of one of his occurrences; the customer's id stands where others have their ticket's.
pub(crate) async fn tell_of_customer(
    w: &Work,
    customer: &entity::customer::Model,
    change: NewChange<'_>,
) -> Result<(), ServiceError> {
    let mut sql = Sql::new(
        "INSERT INTO event (entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id, at) VALUES (",
    );
    sql.bind(customer.entity_id)
        .push_bind(",", change.kind)
        .push_bind(",", change.what)
        .push_bind(",", change.object)
        .push_bind(",", customer.id)
        .push_bind(",0,", change.version)
        .push_bind(",", CUSTOMER)
        .push_bind(",", change.author)
        .push_bind(",", w.now())
        .push(")");
    sql.run(&w.tx).await?;
    Ok(())
}

/// The same of many customers in one statement; the change is that of each customer himself.
pub(crate) async fn tell_of_customers(
    w: &Work,
    customers: &[&entity::customer::Model],
    kind: &str,
    what: &str,
) -> Result<(), ServiceError> {
    let mut sql = Sql::new(
        "INSERT INTO event (entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id, at) VALUES ",
    );
    for (at, customer) in customers.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).bind(customer.entity_id);
        sql.push_bind(",", kind).push_bind(",", what).push_bind(",", customer.id).push_bind(",", customer.id);
        sql.push_bind(",0,", customer.version).push_bind(",", CUSTOMER);
        sql.push_bind(",", Some(w.actor().id())).push_bind(",", w.now()).push(")");
    }
    sql.run(&w.tx).await?;
    Ok(())
}

/// What a listener wants to hear of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Numbers of tickets; none = of all.
    pub tickets: Vec<i64>,
    /// Kinds of changes; none = all.
    pub kinds: Vec<String>,
}

impl Wanted {
    /// Whether a change is one of those.
    #[must_use]
    pub fn has(&self, change: &Change) -> bool {
        (self.tickets.is_empty() || self.tickets.contains(&change.ticket_number))
            && (self.kinds.is_empty() || self.kinds.contains(&change.kind))
    }
}

/// Rows after a position, oldest first, at most 500; on PostgreSQL only those no running transaction can still precede.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn after(db: &Db, position: Position) -> Result<Vec<Change>, ServiceError> {
    read(db, position, &Wanted::default(), 500).await
}

async fn read(db: &Db, position: Position, wanted: &Wanted, limit: i64) -> Result<Vec<Change>, ServiceError> {
    const COLUMNS: &str = "SELECT seq, xid, entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id FROM event WHERE ";
    let mut sql = Sql::new(COLUMNS);
    match db.engine() {
        Engine::Sqlite => sql.push_bind("seq > ", position.1),
        Engine::Postgres => sql
            .push_bind("(xid, seq) > (", position.0)
            .push_bind(", ", position.1)
            .push(") AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
    };
    if !wanted.tickets.is_empty() {
        sql.push(" AND ticket_number IN ").list(wanted.tickets.iter().copied());
    }
    if !wanted.kinds.is_empty() {
        sql.push(" AND kind IN ").list(wanted.kinds.iter().map(String::as_str));
    }
    sql.push(match db.engine() {
        Engine::Sqlite => " ORDER BY seq LIMIT ",
        Engine::Postgres => " ORDER BY xid, seq LIMIT ",
    });
    Ok(sql.bind(limit).all(db.reader()).await?)
}

/// The newest position; a listener that starts now hears what comes after it.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn newest(db: &Db) -> Result<Position, ServiceError> {
    let sql = match db.engine() {
        Engine::Sqlite => Sql::new("SELECT 0 AS xid, COALESCE(MAX(seq), 0) AS seq FROM event"),
        Engine::Postgres => Sql::new(
            "SELECT COALESCE(xid, 0) AS xid, COALESCE(seq, 0) AS seq FROM (SELECT 1) one LEFT JOIN \
             (SELECT xid, seq FROM event WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
             ORDER BY xid DESC, seq DESC LIMIT 1) e ON TRUE",
        ),
    };
    let row = sql.rows(db.reader()).await?;
    match row.first() {
        Some(row) => Ok(Position(row.try_get("", "xid")?, row.try_get("", "seq")?)),
        None => Ok(Position::default()),
    }
}

/// Whether everything after a position is still kept (48 h); a position of before is told to begin anew.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn is_kept(db: &Db, position: Position) -> Result<bool, ServiceError> {
    let is_start = position.1 == 0;
    let oldest = sweep::oldest(db).await?;
    Ok(oldest.map_or(is_start, |oldest| position >= oldest || (is_start && oldest.1 == 1)))
}

/// A change as one listener may hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// `created`, `changed`, `removed`; an entry that turned private is `removed` for readers of public entries.
    pub what: String,
    /// Version, for agents only (A-VER-02).
    pub version: Option<i32>,
}

/// A change with what somebody may hear of it.
#[derive(Clone, Debug)]
pub struct News {
    /// The change.
    pub change: Arc<Change>,
    /// What may be told of it.
    pub heard: Heard,
}

/// What `ctx` may hear of a change at this moment, with the rights `ctx` holds (A-EVT-01, T-VIS-07); `None` = nothing.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn heard(ctx: &crate::ctx::Ctx, change: &Change) -> Result<Option<Heard>, ServiceError> {
    let scene = Scene::load(ctx.db(), &[change]).await?;
    Ok(scene.heard(&ctx.actor, ctx.actor.at, change))
}

/// What a listener missed.
#[derive(Debug)]
pub struct Missed {
    /// What he may hear of, oldest first.
    pub news: Vec<News>,
    /// Up to here everything was looked at.
    pub position: Position,
    /// Nothing that can be read by now is left.
    pub is_all: bool,
}

/// Rows one look into the table takes.
const PAGE: i64 = 200;

/// What `ctx` may hear of what came after a position, a page of it: for who resumes, or could not keep up.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn missed(ctx: &crate::ctx::Ctx, wanted: &Wanted, position: Position) -> Result<Missed, ServiceError> {
    let changes = read(ctx.db(), position, wanted, PAGE).await?;
    let is_all = i64::try_from(changes.len()).is_ok_and(|count| count < PAGE);
    let position = changes.last().map_or(position, Change::position);
    let scene = Scene::load(ctx.db(), &changes.iter().collect::<Vec<_>>()).await?;
    let hear = |change: Change| {
        let heard = scene.heard(&ctx.actor, ctx.now(), &change)?;
        Some(News { change: Arc::new(change), heard })
    };
    Ok(Missed { news: changes.into_iter().filter_map(hear).collect(), position, is_all })
}

/// Whether `ctx` may hear of a change at all; a database that is away counts as no.
pub async fn sees(ctx: &crate::ctx::Ctx, change: &Change) -> bool {
    matches!(heard(ctx, change).await, Ok(Some(_)))
}

/// The person of `ctx` as long as the session or token he came with still opens (A-AUT-02).
async fn holder(ctx: &crate::ctx::Ctx) -> Result<Option<entity::app_user::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT u.* FROM app_user u WHERE u.active = TRUE AND u.id = ");
    sql.bind(ctx.actor.id());
    for (index, table) in ["session", "api_token"].into_iter().enumerate() {
        sql.push(if index == 0 { " AND (" } else { " OR " });
        sql.push("EXISTS (SELECT 1 FROM ").push(table).push(" c WHERE c.user_id = u.id");
        sql.push_bind(" AND c.token_hash = ", ctx.actor.credential.clone());
        sql.push_bind(" AND c.expires_at > ", ctx.now()).push(")");
    }
    sql.push(")");
    Ok(sql.one(ctx.db().reader()).await?)
}

/// The same request with the rights of this moment; `None` when what he came with opens nothing any more.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn renewed(ctx: &crate::ctx::Ctx) -> Result<Option<crate::ctx::Ctx>, ServiceError> {
    let Some(user) = holder(ctx).await? else { return Ok(None) };
    let actor = crate::actor::Actor::load(ctx.db().reader(), user, ctx.actor.credential.clone()).await?;
    Ok(Some(crate::ctx::Ctx::new(ctx.services.clone(), actor)))
}
