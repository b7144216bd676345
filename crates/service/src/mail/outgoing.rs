//! The page "Outgoing mail" (M-DLV-09): what waits and what became of the rest, in the entities whose settings somebody may set.
//! It shows no text.

use std::collections::BTreeSet;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::OutgoingCommand;
use domain::ids::TicketNumber;
use domain::mail::{MailState, Unsent};
use domain::notification::{Event, Why};
use domain::policy::Capability;
use domain::views::{Count, OutgoingMail, OutgoingQuery, OutgoingView, Page};
use entity::{mail_transport, outbox};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

use super::about::About;
use super::compose::ticket_of;
use super::kind::Kind;
use super::present::present;
use super::queue::{New, insert, record, told};
use super::recipients::{has_template, language_of};
use super::trial;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::named_like;
use crate::sql::Sql;
use crate::tickets::list::COUNT_MAX;
use crate::work::Work;
use crate::{cursor, idempotency, work};

/// Rows of a page when the caller does not say, and the most.
const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 200;
/// Longest part of an address that is looked for.
const ADDRESS_MAX: usize = 254;
/// Names of the commands for idempotency keys.
const AGAIN: &str = "outgoing_send_again";
const GIVE_UP: &str = "outgoing_give_up";

/// No mail of the same kind went to the same person about the same after it.
const IS_NEWEST: &str = "NOT EXISTS (SELECT 1 FROM outbox n WHERE n.entry_id = o.entry_id AND n.kind = o.kind \
    AND COALESCE(n.event, '') = COALESCE(o.event, '') AND n.id > o.id \
    AND (n.user_id = o.user_id OR (n.user_id IS NULL AND o.user_id IS NULL AND n.address_key = o.address_key)))";

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    event: Option<String>,
    number: Option<i64>,
    name: String,
    address: String,
    state: String,
    is_open: bool,
    due_at: i64,
    tries: i32,
    answer: Option<String>,
    state_at: i64,
    created_at: i64,
    newest: i64,
}

fn selected() -> Sql {
    let mut sql = Sql::new(
        "SELECT o.id, o.kind, o.event, t.number, o.name, o.address, o.state, o.is_open, o.due_at, o.tries, o.answer, o.state_at, \
         o.created_at, CAST(CASE WHEN ",
    );
    sql.push(IS_NEWEST).push(" THEN 1 ELSE 0 END AS BIGINT) AS newest");
    sql
}

/// The entities whose outgoing mails the caller administers.
fn held(ctx: &Ctx) -> Result<Vec<Uuid>, AppError> {
    let held = ctx.actor.entities_with(Capability::AdminSettings);
    if held.is_empty() { Err(AppError::NotFound) } else { Ok(held) }
}

/// Conditions on the mails that are asked for, under the alias `o`.
fn filter(held: &[Uuid], query: &OutgoingQuery) -> Result<Sql, AppError> {
    let mut errors = FieldErrors::new();
    let state = (!query.state.is_empty()).then(|| errors.check("state", query.state.parse::<MailState>())).flatten();
    let number = query.ticket.trim().trim_start_matches('#');
    let ticket = (!number.is_empty())
        .then(|| errors.check("ticket", number.parse::<TicketNumber>().map_err(|_not_a_number| Code::Invalid)));
    let address = query.address.trim();
    if address.chars().count() > ADDRESS_MAX {
        errors.add("address", Code::TooLong);
    }
    errors.or(Some(()))?;
    let mut sql = Sql::new(" FROM outbox o LEFT JOIN ticket t ON t.id = o.ticket_id WHERE o.entity_id IN ");
    sql.list(held.iter().copied());
    if let Some(state) = state {
        sql.push_bind(" AND o.state = ", state.as_str());
    }
    if let Some(ticket) = ticket.flatten() {
        sql.push_bind(" AND t.number = ", ticket.0);
    }
    if !address.is_empty() {
        sql.push(" AND ").append(&named_like("o", address, &["address_key"]));
    }
    Ok(sql)
}

/// The outgoing mails of the entities whose settings the caller may set, newest first.
///
/// # Errors
/// `NotFound` for those who hold `admin.settings` nowhere (T-SET-02); `Invalid` with every wrong filter.
pub async fn outgoing(ctx: &Ctx, query: OutgoingQuery) -> Result<OutgoingView, ServiceError> {
    let held = held(ctx)?;
    let limit = match query.limit {
        0 => LIMIT,
        limit if limit <= LIMIT_MAX => limit,
        _ => return Err(AppError::field("limit", Code::Invalid).into()),
    };
    let wanted = filter(&held, &query)?;
    let filters = serde_json::json!([query.state, query.ticket, query.address]);
    let binding = format!("outgoing:{}:{filters}", ctx.actor.id());
    let after: Option<Uuid> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let snapshot = ctx.db().snapshot().await?;
    let mut sql = selected();
    sql.append(&wanted);
    if let Some(after) = after {
        sql.push_bind(" AND o.id < ", after);
    }
    sql.push_bind(" ORDER BY o.id DESC LIMIT ", i64::from(limit) + 1);
    let mut rows: Vec<Row> = sql.all(&snapshot).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > keep;
    rows.truncate(keep);
    let last = rows.last().filter(|_| is_more);
    let next_cursor = last.map(|row| cursor::seal(&ctx.services.secret, &binding, &row.id));
    let items = rows.into_iter().map(|row| view(ctx, row)).collect();
    Ok(OutgoingView {
        page: Page { items, next_cursor, count: None, now: ctx.moment() },
        counts: counts(&snapshot, &held).await?,
        oldest_queued: oldest(&snapshot, &held).await?.map(|at| moment(at, ctx.actor.zone)),
        failing: failing(ctx, &snapshot).await?,
    })
}

/// One of them.
///
/// # Errors
/// `NotFound` for one of another entity, and as [`outgoing`].
pub async fn outgoing_mail(ctx: &Ctx, id: Uuid) -> Result<OutgoingMail, ServiceError> {
    let wanted = filter(&held(ctx)?, &OutgoingQuery::default())?;
    let mut sql = selected();
    sql.append(&wanted).push_bind(" AND o.id = ", id);
    let row: Option<Row> = sql.one(ctx.db().reader()).await?;
    Ok(view(ctx, row.ok_or(AppError::NotFound)?))
}

fn view(ctx: &Ctx, row: Row) -> OutgoingMail {
    let at = |at: i64| moment(at, ctx.actor.zone);
    let state = row.state.parse().unwrap_or(MailState::Failed);
    let is_final = !row.is_open && matches!(state, MailState::Failed | MailState::Bounced);
    OutgoingMail {
        id: row.id,
        event: row.event.and_then(|word| word.parse::<Event>().ok()),
        ticket: row.number,
        name: row.name,
        to: row.address,
        state,
        answer: row.answer,
        tries: row.tries,
        queued_at: at(row.created_at),
        at: at(row.state_at),
        next_try_at: (row.is_open && row.tries > 0).then(|| at(row.due_at)),
        // A link to choose a password is made anew where the person is administered.
        can_send_again: is_final && row.newest == 1 && row.kind != Kind::Invitation.as_str(),
        can_give_up: row.is_open,
        kind: row.kind,
    }
}

/// How many are in each state, up to 1 000.
async fn counts(connection: &impl ConnectionTrait, held: &[Uuid]) -> Result<Vec<(MailState, Count)>, ServiceError> {
    let mut out = Vec::new();
    for state in MailState::ALL {
        let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM outbox o WHERE o.state = ");
        sql.bind(state.as_str()).push(" AND o.entity_id IN ").list(held.iter().copied());
        sql.push_bind(" LIMIT ", COUNT_MAX + 1).push(") x");
        let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
        let value = u32::try_from(found.min(COUNT_MAX)).unwrap_or(0);
        out.push((state, Count { value, exact: found <= COUNT_MAX }));
    }
    Ok(out)
}

/// When the oldest one was queued that was not tried yet.
async fn oldest(connection: &impl ConnectionTrait, held: &[Uuid]) -> Result<Option<i64>, ServiceError> {
    let mut sql =
        Sql::new("SELECT MIN(o.created_at) FROM outbox o WHERE o.is_open AND o.state = 'queued' AND o.entity_id IN ");
    let found: Option<Option<i64>> = sql.list(held.iter().copied()).scalar(connection).await?;
    Ok(found.flatten())
}

/// Since when the server cannot be reached, for those who may set the settings of the root entity (M-TRN-04).
async fn failing(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
) -> Result<Option<(domain::format::Moment, String)>, ServiceError> {
    if trial::root(&ctx.actor).is_none() || ctx.services.mailer.is_none() {
        return Ok(None);
    }
    let state = mail_transport::Entity::find_by_id(1).one(connection).await?;
    let since = state.and_then(|state| state.failing_since.map(|at| (at, state.answer.unwrap_or_default())));
    Ok(since.map(|(at, answer)| (moment(at, ctx.actor.zone), answer)))
}

/// A mail the caller administers, with its ticket locked before it.
async fn lock(w: &Work, id: Uuid) -> Result<outbox::Model, ServiceError> {
    let held: BTreeSet<Uuid> = held(&w.ctx)?.into_iter().collect();
    let found = outbox::Entity::find_by_id(id).one(&w.tx).await?.filter(|mail| held.contains(&mail.entity_id));
    let mail = found.ok_or(AppError::NotFound)?;
    if let (Engine::Postgres, Some(ticket)) = (w.ctx.db().engine(), mail.ticket_id) {
        // Tickets are locked before their mails, here as by those who edit and remove; a twin waits here.
        let mut sql = Sql::new("SELECT id FROM ticket WHERE id = ");
        sql.bind(ticket).push(" FOR NO KEY UPDATE").rows(&w.tx).await?;
    }
    Ok(mail)
}

/// Sends a mail that failed for good again: a new row under today's rights and address, the old one stays (M-DLV-05).
///
/// # Errors
/// `NotFound`; `Refused(TransitionNotAllowed)` when it did not fail for good, or was sent again already; `Refused(EntryDeleted)`
/// when what it is about is gone; `Invalid` on `mail` when none can leave or nobody is there to get it.
pub async fn outgoing_send_again(ctx: &Ctx, form: OutgoingCommand) -> Result<(), ServiceError> {
    let id: Uuid = form.mail.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            let mail = lock(w, id).await?;
            if idempotency::claim::<()>(w, AGAIN, &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            again(w, &mail).await?;
            idempotency::answer(w, AGAIN, &form.key, &()).await
        })
    })
    .await
}

async fn again(w: &Work, mail: &outbox::Model) -> Result<(), ServiceError> {
    let at_mail = |code: Code| AppError::field("mail", code);
    // Under the lock: a twin may have sent it meanwhile.
    if !failed_for_good(w, mail.id).await? {
        return Err(Code::TransitionNotAllowed.into());
    }
    if w.ctx.services.mailer.is_none() {
        return Err(at_mail(Code::MailNotConfigured).into());
    }
    let kind = Kind::read(&mail.kind).ok_or(Code::TransitionNotAllowed)?;
    let (ticket, actors) = ticket_of(&w.tx, mail).await?.ok_or(Code::EntryDeleted)?;
    let about = About::of(&w.tx, mail).await?.filter(|about| !about.is_removed).ok_or(Code::EntryDeleted)?;
    if about.visibility.is_private() {
        return Err(at_mail(Code::MailRequiresPublic).into());
    }
    let path = w.actor().path_of(ticket.entity_id);
    let settings = w.settings(&path).await?;
    if !has_template(&w.tx, &settings, kind, &path).await? {
        return Err(at_mail(Code::MailTemplateMissing).into());
    }
    let home = language_of(&w.tx, ticket.entity_id).await?;
    let found = present(&w.tx, mail, &ticket, &actors, &about, home).await?;
    let recipient = found.ok_or_else(|| at_mail(Code::NoRecipient))?;
    let event = mail.event.as_deref().and_then(|word| word.parse::<Event>().ok());
    let why = mail.why.as_deref().and_then(|word| word.parse::<Why>().ok());
    let new = New {
        kind,
        entry: (about.kind, about.id, about.version),
        changed: mail.changed,
        recipient: &recipient,
        told: event.zip(why),
        forced: mail.forced,
    };
    insert(w, &ticket, about, std::slice::from_ref(&new)).await
}

/// Whether a mail failed for good and was not sent again.
async fn failed_for_good(w: &Work, id: Uuid) -> Result<bool, ServiceError> {
    let mut sql =
        Sql::new("SELECT 1 FROM outbox o WHERE NOT o.is_open AND o.state IN ('failed', 'bounced') AND o.id = ");
    sql.bind(id).push(" AND ").push(IS_NEWEST);
    Ok(!sql.rows(&w.tx).await?.is_empty())
}

/// Gives a mail up that waits: it is final from now on (M-DLV-09). One that is under way at this moment may still arrive.
///
/// # Errors
/// `NotFound`; `Refused(TransitionNotAllowed)` when it is final already.
pub async fn give_up(ctx: &Ctx, form: OutgoingCommand) -> Result<(), ServiceError> {
    let id: Uuid = form.mail.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            let mail = lock(w, id).await?;
            if idempotency::claim::<()>(w, GIVE_UP, &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let mut sql = Sql::new("UPDATE outbox SET is_open = FALSE, state = ");
            sql.bind(MailState::Failed.as_str())
                .push_bind(", answer = ", Unsent::GivenUp.as_str())
                .push_bind(", state_at = ", w.now())
                .push_bind(", fence = fence + 1 WHERE is_open AND id = ", id);
            if sql.run(&w.tx).await?.rows_affected() == 0 {
                return Err(Code::TransitionNotAllowed.into());
            }
            if let Some(about) = About::of(&w.tx, &mail).await? {
                record(w, "mail_failed", about, vec![told(&mail.name, Unsent::GivenUp.as_str())], false).await?;
            }
            idempotency::answer(w, GIVE_UP, &form.key, &()).await
        })
    })
    .await
}
