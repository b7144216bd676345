//! Live events: ids and numbers, never text (architecture: live events; A-EVT).
//!
//! Rows are written in the transaction of the change; every instance reads them by cursor and tells
//! its own listeners. A private change carries its audience, so that no stream of a requester hears of it.

use std::sync::Arc;

use domain::occurrence::Visibility;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

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

/// Whether somebody reaches the customer of a change; of one who is gone, whether he sees customers of the entity.
async fn hears_of_customer(ctx: &crate::ctx::Ctx, change: &Change) -> Result<bool, ServiceError> {
    use domain::policy::Capability::CustomerView;

    let mut sql = Sql::new("SELECT 1 AS found FROM customer c WHERE c.id = ");
    sql.bind(change.ticket_id).push(" AND ").append(&crate::scope::customers(&ctx.actor, CustomerView, "c"));
    let is_reached = !sql.rows(ctx.db().reader()).await?.is_empty();
    Ok(is_reached || (change.what == "removed" && ctx.actor.has(change.entity_id, CustomerView)))
}

/// Rows after a position, oldest first, at most 500; on PostgreSQL only those no running transaction can still precede.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn after(db: &Db, position: Position) -> Result<Vec<Change>, ServiceError> {
    const COLUMNS: &str = "SELECT seq, xid, entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id FROM event WHERE ";
    let mut sql = Sql::new(COLUMNS);
    match db.engine() {
        Engine::Sqlite => sql.push_bind("seq > ", position.1).push(" ORDER BY seq LIMIT 500"),
        Engine::Postgres => sql
            .push_bind("(xid, seq) > (", position.0)
            .push_bind(", ", position.1)
            .push(") AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xid, seq LIMIT 500"),
    };
    Ok(sql.all(db.reader()).await?)
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

/// Whether rows at a position are still kept (48 h).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn is_kept(connection: &impl ConnectionTrait, position: Position) -> Result<bool, ServiceError> {
    let oldest: Option<i64> = Sql::new("SELECT COALESCE(MIN(seq), 0) FROM event").scalar(connection).await?;
    Ok(oldest.is_none_or(|oldest| position.1 + 1 >= oldest))
}

/// This instance's listeners: one reader of the table wakes all of them.
#[derive(Clone, Debug)]
pub struct Hub {
    wake: Arc<Notify>,
    changes: broadcast::Sender<Arc<Change>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { wake: Arc::new(Notify::new()), changes: broadcast::channel(1024).0 }
    }
}

impl Hub {
    /// A commit of this instance: read at once instead of at the next tick.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether somebody listens.
    #[must_use]
    pub fn has_listeners(&self) -> bool {
        self.changes.receiver_count() > 0
    }

    /// Hears every change from now on; the listener checks its own rights.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Arc<Change>> {
        self.changes.subscribe()
    }

    /// Reads the table by cursor until `stop` resolves: 5 times a second while someone listens, at once after own commits.
    pub async fn run(self, db: Db, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut position = None;
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(std::time::Duration::from_millis(200)) => {}
            }
            if !self.has_listeners() {
                position = None;
                continue;
            }
            position = self.pass(&db, position).await.or(position);
        }
    }

    async fn pass(&self, db: &Db, position: Option<Position>) -> Option<Position> {
        // A listener subscribes before it reads its own backlog, so starting a little early costs nothing.
        let Some(start) = position else { return newest(db).await.ok() };
        let rows = after(db, start).await.ok()?;
        let last = rows.last().map(|row| Position(row.xid, row.seq));
        for row in rows {
            // No receiver left is no failure: there is nobody to tell.
            let _unheard = self.changes.send(Arc::new(row));
        }
        last
    }
}

/// A change as one listener may hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// `created`, `changed`, `removed`; an entry that turned private is `removed` for readers of public entries.
    pub what: String,
    /// Version, for agents only (A-VER-02).
    pub version: Option<i32>,
}

/// What `ctx` may hear of a change at this moment, with the rights `ctx` holds (A-EVT-01, T-VIS-07); `None` = nothing.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn heard(ctx: &crate::ctx::Ctx, change: &Change) -> Result<Option<Heard>, ServiceError> {
    use domain::policy::{can_see_entry, can_see_task};

    let (actor, reader) = (&ctx.actor, ctx.db().reader());
    if change.audience == PERSON && change.author_id != Some(actor.id()) {
        return Ok(None);
    }
    if change.audience == CUSTOMER {
        let heard = Heard { what: change.what.clone(), version: Some(change.version) };
        return Ok(hears_of_customer(ctx, change).await?.then_some(heard));
    }
    let mut sql = Sql::new("SELECT t.entity_id FROM ticket t WHERE t.id = ");
    sql.bind(change.ticket_id).push(" AND ((").append(&crate::scope::tickets(actor));
    sql.push(") OR (").append(&crate::scope::trash(actor)).push("))");
    let Some(entity) = sql.scalar::<Uuid>(reader).await? else { return Ok(None) };
    if change.audience == PERSON {
        return Ok(Some(Heard { what: change.what.clone(), version: None }));
    }
    let caps = actor.caps(entity);
    let agent = caps.is_agent();
    let whole = Heard { what: change.what.clone(), version: agent.then_some(change.version) };
    if change.kind == "ticket" {
        return Ok(Some(whole));
    }
    if change.kind == crate::messages::KIND {
        return Ok(hears_messages(ctx, change).await?.then_some(whole));
    }
    if change.kind == crate::chat::KIND {
        return Ok(crate::chat::hears(ctx, change).await?.then_some(whole));
    }
    if change.kind == crate::validations::KIND {
        let hears = crate::validations::hears(reader, actor, change.object_id, agent).await?;
        return Ok(hears.then_some(whole));
    }
    let is_task = change.kind == crate::tasks::KIND;
    if !agent && (is_task || change.kind == "occurrence") {
        let settings = crate::settings::Settings::load(reader, &actor.path_of(entity)).await?;
        if !settings.is_on(domain::settings::Key::PortalShowOccurrences) {
            return Ok(None);
        }
    }
    if !agent && change.kind == crate::solutions::KIND {
        let settings = crate::settings::Settings::load(reader, &actor.path_of(entity)).await?;
        if !settings.is_on(domain::settings::Key::PortalShowSolution) {
            return Ok(None);
        }
    }
    let is_author = change.author_id == Some(actor.id());
    let can_see = if is_task { can_see_task } else { can_see_entry };
    let sees_private = can_see(caps, true, is_author);
    let sees_public = can_see(caps, false, is_author);
    Ok(match change.audience.as_str() {
        "public" => sees_public.then_some(whole),
        "private" => sees_private.then_some(whole),
        _ if sees_private => Some(Heard { what: "changed".to_owned(), ..whole }),
        _ => sees_public.then(|| Heard { what: "removed".to_owned(), version: None }),
    })
}

/// Whether `ctx` is on one of the two sides a message goes between (T-MSG-04); who has read it, and what became of its mails, is
/// for agents.
async fn hears_messages(ctx: &crate::ctx::Ctx, change: &Change) -> Result<bool, ServiceError> {
    let reader = ctx.db().reader();
    let loaded = match crate::tickets::load_visible_by_id(reader, &ctx.actor, change.ticket_id).await {
        Ok(loaded) => loaded,
        Err(error) if error.public == domain::error::AppError::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let is_for_agents = change.what == "changed";
    Ok(crate::messages::sees(&loaded, false) && (loaded.is_agent() || !is_for_agents))
}

/// Whether `ctx` may hear of a change at all; a database that is away counts as no.
pub async fn sees(ctx: &crate::ctx::Ctx, change: &Change) -> bool {
    matches!(heard(ctx, change).await, Ok(Some(_)))
}

/// The person of `ctx` as long as the session or token he came with still opens (A-AUT-02): streams outlive requests.
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

/// Whether what the listener came with still opens: one query, asked every second of an open stream.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn still_opens(ctx: &crate::ctx::Ctx) -> Result<bool, ServiceError> {
    Ok(holder(ctx).await?.is_some())
}

/// The listener with his rights of this moment; `None` when what he came with opens nothing any more.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn renewed(ctx: &crate::ctx::Ctx) -> Result<Option<crate::ctx::Ctx>, ServiceError> {
    let Some(user) = holder(ctx).await? else { return Ok(None) };
    let actor = crate::actor::Actor::load(ctx.db().reader(), user, ctx.actor.credential.clone()).await?;
    Ok(Some(crate::ctx::Ctx::new(ctx.services.clone(), actor)))
}
