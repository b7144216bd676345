//! Who is here and who is writing (T-CHT-02): rows of a minute, in no history. Every instance reads them, so that it does not
//! matter which one somebody is connected to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::chat::{ONLINE_FOR, TYPING_FOR, is_typing};
use domain::error::AppError;
use domain::settings::Key;
use domain::ticket::Side;
use sea_orm::{ConnectionTrait, FromQueryResult};
use tokio::time::Instant;
use uuid::Uuid;

use super::visible;
use crate::ctx::Ctx;
use crate::cursor;
use crate::db::Db;
use crate::error::ServiceError;
use crate::messages;
use crate::scope;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};
use crate::work;

/// Rows older than this say nothing any more.
const FORGET_AFTER: i64 = 3_600;
/// What one stream has read is good enough for the others of its instance for so long.
const FRESH: Duration = Duration::from_millis(500);

/// What somebody does in a chat at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// He is here.
    Here,
    /// He is here and writes.
    Writing,
}

/// Who does what, by the number of the ticket and the key of the person.
pub type Signs = BTreeMap<(i64, String), Sign>;

/// Who is in some chat at a moment, by the number of the ticket.
#[derive(Debug, Default)]
pub struct Presence(BTreeMap<i64, Vec<Row>>);

#[derive(Debug, FromQueryResult)]
struct Row {
    user_id: Uuid,
    ticket_number: i64,
    typing_until: i64,
    entity_id: Uuid,
}

/// Somebody of a chat who is here.
#[derive(Debug, FromQueryResult)]
pub(super) struct Present {
    pub(super) user_id: Uuid,
    pub(super) name: String,
    pub(super) side: String,
    pub(super) typing_until: i64,
}

/// Notes that a stream of the actor which tells of chats is open: of these tickets, none = of all he sees. Tickets whose chat he
/// may not see are left out.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn note_presence(ctx: &Ctx, tickets: &[i64]) -> Result<(), ServiceError> {
    let mut places: Vec<(i64, Side)> = Vec::new();
    if tickets.is_empty() {
        places.push((0, if ctx.actor.is_agent() { Side::Service } else { Side::Requester }));
    }
    for number in tickets {
        if let Some(loaded) = of_sides(ctx, *number).await? {
            places.push((*number, side_of(&loaded)));
        }
    }
    store(ctx, places, None).await
}

/// Notes that the actor is writing in a chat, or has stopped. It is a sign of being here, too.
///
/// # Errors
/// `NotFound` also for those who stand on neither side; `Disabled` while the setting 316 is off.
pub async fn note_typing(ctx: &Ctx, number: i64, typing: bool) -> Result<(), ServiceError> {
    let found = visible(ctx, "t.number = ", number.into()).await?.filter(|loaded| messages::sees(loaded, false));
    let loaded = found.ok_or(AppError::NotFound)?;
    if !is_on(ctx, &loaded).await? {
        return Err(AppError::Disabled(Key::ChatEnabled.as_str().to_owned()).into());
    }
    store(ctx, vec![(number, side_of(&loaded))], Some(typing)).await
}

async fn store(ctx: &Ctx, places: Vec<(i64, Side)>, typing: Option<bool>) -> Result<(), ServiceError> {
    if places.is_empty() {
        return Ok(());
    }
    work::write(ctx, move |w| {
        let places = places.clone();
        Box::pin(async move {
            for (number, side) in places {
                let until = if typing == Some(true) { w.now() + TYPING_FOR } else { 0 };
                let mut sql = Sql::new("INSERT INTO chat_presence (user_id, ticket_number, side, seen_at, typing_until) VALUES (");
                sql.bind(w.actor().id())
                    .push_bind(", ", number)
                    .push_bind(", ", side.as_str())
                    .push_bind(", ", w.now())
                    .push_bind(", ", until)
                    .push(") ON CONFLICT (user_id, ticket_number) DO UPDATE SET seen_at = excluded.seen_at, side = excluded.side");
                if typing.is_some() {
                    sql.push(", typing_until = excluded.typing_until");
                }
                sql.run(&w.tx).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Who is in some chat at this moment, or was half a second ago: one stream of the instance reads it for all of them.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn presence(ctx: &Ctx) -> Result<Arc<Presence>, ServiceError> {
    let mut kept = ctx.services.hub.presence().lock().await;
    if let Some((at, presence)) = &*kept
        && at.elapsed() < FRESH
    {
        return Ok(Arc::clone(presence));
    }
    let presence = Arc::new(read(ctx, None).await?);
    *kept = Some((Instant::now(), Arc::clone(&presence)));
    Ok(presence)
}

/// Who is in the chats of these tickets, or of any.
async fn read(ctx: &Ctx, tickets: Option<&[i64]>) -> Result<Presence, ServiceError> {
    let mut sql = Sql::new(
        "SELECT p.user_id, p.ticket_number, p.typing_until, t.entity_id FROM chat_presence p \
         JOIN ticket t ON t.number = p.ticket_number WHERE p.seen_at > ",
    );
    sql.bind(ctx.now() - ONLINE_FOR);
    if let Some(tickets) = tickets {
        sql.push(" AND p.ticket_number IN ").list(tickets.iter().copied());
    }
    let mut presence = Presence::default();
    for row in sql.all::<Row>(ctx.db().reader()).await? {
        presence.0.entry(row.ticket_number).or_default().push(row);
    }
    Ok(presence)
}

/// Who else is here and who is writing, of chats the actor may see at this moment (T-VIS-07). `known` is what was told before: rights
/// are looked at only where something differs from it.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn signs(ctx: &Ctx, tickets: &[i64], known: &Signs) -> Result<Signs, ServiceError> {
    if tickets.is_empty() {
        return Ok(Signs::new());
    }
    let presence = read(ctx, Some(tickets)).await?;
    signs_in(ctx, tickets, known, &presence).await
}

/// The same by what was read already.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn signs_in(ctx: &Ctx, tickets: &[i64], known: &Signs, presence: &Presence) -> Result<Signs, ServiceError> {
    let mut out = Signs::new();
    for row in tickets.iter().filter_map(|number| presence.0.get(number)).flatten() {
        if row.user_id != ctx.actor.id() {
            let sign = if is_typing(row.typing_until, ctx.now()) { Sign::Writing } else { Sign::Here };
            out.insert((row.ticket_number, key_of(ctx, row.entity_id, row.user_id)), sign);
        }
    }
    for number in tickets {
        let before = of_ticket(known, *number);
        if of_ticket(&out, *number) != before && of_sides(ctx, *number).await?.is_none() {
            // He may not see it any more: nothing differs for him.
            out.retain(|place, _| place.0 != *number);
            out.extend(before);
        }
    }
    Ok(out)
}

fn of_ticket(signs: &Signs, number: i64) -> Signs {
    signs.iter().filter(|(place, _)| place.0 == number).map(|(place, sign)| (place.clone(), *sign)).collect()
}

/// Those of the tickets whose chat the actor would see, if it were not switched off (T-CHT-07).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn switched_off(ctx: &Ctx, tickets: &[i64]) -> Result<Vec<i64>, ServiceError> {
    let reader = ctx.db().reader();
    let on = super::entities_on(reader, &ctx.actor).await?;
    let mut sql = Sql::new("SELECT t.number AS chat_number, t.entity_id FROM ticket t WHERE t.number IN ");
    sql.list(tickets.iter().copied()).push(" AND ").append(&scope::tickets(&ctx.actor));
    let mut out = Vec::new();
    for row in sql.push(" AND ").append(&messages::sides_where(&ctx.actor)).rows(reader).await? {
        if !on.contains(&row.try_get::<Uuid>("", "entity_id")?) {
            out.push(row.try_get("", "chat_number")?);
        }
    }
    Ok(out)
}

/// By what the stream and the page name somebody to the actor: the requester side learns no ids of people (P-HID-01).
pub(super) fn key_of(ctx: &Ctx, entity: Uuid, user: Uuid) -> String {
    if ctx.actor.is_agent_in(entity) {
        return user.to_string();
    }
    let binding = format!("person of chat:{}", ctx.actor.id());
    cursor::alias(&ctx.services.secret, &binding, user.as_bytes())
}

/// Who else is here, by name.
pub(super) async fn present(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    number: i64,
) -> Result<Vec<Present>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT p.user_id, u.name, p.side, p.typing_until FROM chat_presence p JOIN app_user u ON u.id = p.user_id \
         WHERE u.active = TRUE AND p.ticket_number = ",
    );
    sql.bind(number)
        .push_bind(" AND p.seen_at > ", ctx.now() - ONLINE_FOR)
        .push_bind(" AND p.user_id <> ", ctx.actor.id())
        .push(" ORDER BY u.name, u.id LIMIT 50");
    Ok(sql.all(connection).await?)
}

/// A ticket whose chat is switched on, if the actor stands on one of its sides.
async fn of_sides(ctx: &Ctx, number: i64) -> Result<Option<Loaded>, ServiceError> {
    let found = visible(ctx, "t.number = ", number.into()).await?.filter(|loaded| messages::sees(loaded, false));
    match found {
        Some(loaded) if is_on(ctx, &loaded).await? => Ok(Some(loaded)),
        _ => Ok(None),
    }
}

async fn is_on(ctx: &Ctx, loaded: &Loaded) -> Result<bool, ServiceError> {
    let settings = Settings::load(ctx.db().reader(), &tickets::path(ctx, &loaded.ticket)).await?;
    Ok(super::is_on(&settings))
}

fn side_of(loaded: &Loaded) -> Side {
    if loaded.side() == Side::Requester { Side::Requester } else { Side::Service }
}

/// Forgets who was here long ago.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sweep(db: &Db, now: i64) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM chat_presence WHERE seen_at < ").bind(now - FORGET_AFTER).run(db.writer()).await?;
    Ok(())
}
