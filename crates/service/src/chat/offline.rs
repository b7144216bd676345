//! Unread lines by mail to who is away (T-CHT-05): once, all of them in one mail, at most one in 15 minutes.

use std::collections::{BTreeMap, BTreeSet};

use domain::chat::{OfflineMail, Unread, is_online};
use domain::policy::{self, Capability, Facts};
use domain::ticket::Side;
use entity::{chat_line, chat_line_read, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::end::locked;
use super::is_on;
use super::rows::side_of;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::mail::{self, About, Cause};
use crate::notifications::{Circle, Person};
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded};
use crate::work::{self, Work};

/// Tickets of one round.
const AT_ONCE: i64 = 50;
/// Where nothing can be mailed now, it is tried again after so many seconds.
const AGAIN: i64 = 300;

#[derive(Debug, FromQueryResult)]
struct Seen {
    user_id: Uuid,
    seen_at: i64,
}

#[derive(Debug, FromQueryResult)]
struct Mailed {
    user_id: Uuid,
    ticket_id: Uuid,
    number: i64,
    at: i64,
}

/// Looks after lines that are due to be, and answers of how many tickets.
pub(crate) async fn mail_unread(ctx: &Ctx) -> Result<usize, ServiceError> {
    let mut sql = Sql::new("SELECT l.ticket_id FROM chat_line l WHERE l.mail_due_at <= ");
    sql.bind(ctx.now()).push(" GROUP BY l.ticket_id ORDER BY MIN(l.mail_due_at)").push_bind(" LIMIT ", AT_ONCE);
    let mut found: Vec<Uuid> = Vec::new();
    for row in sql.rows(ctx.db().reader()).await? {
        found.push(row.try_get("", "ticket_id")?);
    }
    for ticket in &found {
        let ticket = *ticket;
        work::write(ctx, move |w| Box::pin(look(w, ticket))).await?;
    }
    Ok(found.len())
}

/// Somebody of the other side whom lines may wait for.
struct Reader<'p> {
    person: &'p Person,
    side: Side,
    is_online: bool,
    /// He was mailed up to this number on this ticket.
    mailed: i64,
    last_mail_at: Option<i64>,
}

async fn look(w: &Work, id: Uuid) -> Result<(), ServiceError> {
    // Locked: another instance that looks at the same ticket waits, and then finds nothing due.
    let Some(ticket) = locked(w, id).await? else { return Ok(()) };
    let lines = due_lines(w, ticket.id).await?;
    if !lines.iter().any(|line| line.mail_due_at.is_some_and(|at| at <= w.now())) {
        return Ok(());
    }
    let path = w.actor().path_of(ticket.entity_id);
    let settings = w.settings(&path).await?;
    // Mails skip a ticket in the trash (T-TKT-08), and a chat that is switched off.
    let can_leave = ticket.deleted_at.is_none()
        && is_on(&settings)
        && mail::can_leave_about_chats(&w.ctx, &w.tx, &settings, &path).await?;
    let actors = actors_of(w, ticket.id).await?;
    let circle = Circle::load(&w.tx, &ticket, &actors, &path).await?;
    let readers = readers(w, &ticket, &circle).await?;
    let reads = reads(w, &lines).await?;
    let mut next: BTreeMap<Uuid, Option<i64>> = lines.iter().map(|line| (line.id, None)).collect();
    for reader in &readers {
        let waiting: Vec<(&chat_line::Model, Unread)> =
            lines.iter().filter(|line| is_for(line, reader)).map(|line| (line, unread(line, reader, &reads))).collect();
        let is_now = waiting.iter().any(|(_, unread)| unread.offline_mail(w.now()) == OfflineMail::Now);
        if is_now && can_leave {
            let open: Vec<&chat_line::Model> = waiting
                .iter()
                .filter(|(_, unread)| !unread.is_read && !unread.is_mailed)
                .map(|(line, _)| *line)
                .collect();
            queue(w, &ticket, reader, &open).await?;
            continue;
        }
        for (line, unread) in waiting {
            let at = match unread.offline_mail(w.now()) {
                OfflineMail::Now => w.now() + AGAIN,
                OfflineMail::Later(at) => at,
                OfflineMail::Never => continue,
            };
            let due = next.entry(line.id).or_default();
            *due = Some(due.map_or(at, |other| other.min(at)));
        }
    }
    put_off(w, &next).await
}

/// Lines of a ticket that were not settled yet, in their order.
async fn due_lines(w: &Work, ticket: Uuid) -> Result<Vec<chat_line::Model>, ServiceError> {
    Ok(chat_line::Entity::find()
        .filter(chat_line::Column::TicketId.eq(ticket))
        .filter(chat_line::Column::MailDueAt.is_not_null())
        .order_by_asc(chat_line::Column::Number)
        .all(&w.tx)
        .await?)
}

async fn actors_of(w: &Work, ticket: Uuid) -> Result<Vec<ticket_actor::Model>, ServiceError> {
    Ok(ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.eq(ticket))
        .order_by_asc(ticket_actor::Column::Position)
        .all(&w.tx)
        .await?)
}

/// The requester side and the responsible, as far as they see the chat, with what was heard of them and sent to them.
async fn readers<'p>(w: &Work, ticket: &ticket::Model, circle: &'p Circle) -> Result<Vec<Reader<'p>>, ServiceError> {
    let requesters = requesters(circle);
    let responsible = circle.responsible();
    let asked = |id: Uuid| requesters.iter().any(|person| person.id == id);
    let of_desk: Vec<&Person> = responsible.into_iter().filter(|person| !asked(person.id)).collect();
    let ids = unique(requesters.iter().chain(&of_desk).map(|person| person.id));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if w.ctx.db().engine() == Engine::Postgres {
        // One mail in 15 minutes counts over all tickets: two of them must not decide about one person at once.
        let mut lock = Sql::new("SELECT id FROM app_user WHERE id IN ");
        lock.list(ids.iter().copied()).push(" ORDER BY id FOR NO KEY UPDATE").rows(&w.tx).await?;
    }
    let mut sql = Sql::new("SELECT p.user_id, MAX(p.seen_at) AS seen_at FROM chat_presence p WHERE p.user_id IN ");
    let seen: Vec<Seen> = sql.list(ids.iter().copied()).push(" GROUP BY p.user_id").all(&w.tx).await?;
    let mut sql = Sql::new("SELECT m.user_id, m.ticket_id, m.number, m.at FROM chat_mail m WHERE m.user_id IN ");
    let mailed: Vec<Mailed> = sql.list(ids.iter().copied()).all(&w.tx).await?;
    let reader = |person: &'p Person, side: Side| Reader {
        person,
        side,
        is_online: seen.iter().any(|row| row.user_id == person.id && is_online(row.seen_at, w.now())),
        mailed: mailed
            .iter()
            .find(|row| row.user_id == person.id && row.ticket_id == ticket.id)
            .map_or(0, |row| row.number),
        last_mail_at: mailed.iter().filter(|row| row.user_id == person.id).map(|row| row.at).max(),
    };
    let requesters = requesters.into_iter().map(|person| reader(person, Side::Requester));
    Ok(requesters.chain(of_desk.into_iter().map(|person| reader(person, Side::Service))).collect())
}

/// People with an account on the requester side who see the chat.
fn requesters(circle: &Circle) -> Vec<&Person> {
    let is_one = |person: &&Person| {
        let place = &person.place;
        let facts = Facts {
            requester_side: place.requester || place.requester_group,
            assigned: place.assignee || place.assigned_group,
            observer: place.observer || place.observer_group,
            writer: place.writer,
        };
        circle.sees(person)
            && person.caps.contains(Capability::OccurrenceViewPublic)
            && policy::side_of(person.caps, &facts) == Side::Requester
    };
    circle.people().iter().filter(is_one).collect()
}

/// Whether a line was said to somebody: by the other side, and not by himself.
fn is_for(line: &chat_line::Model, reader: &Reader<'_>) -> bool {
    side_of(line) != reader.side && line.author_id != reader.person.id
}

/// Who has read which of the lines.
async fn reads(w: &Work, lines: &[chat_line::Model]) -> Result<Vec<chat_line_read::Model>, ServiceError> {
    Ok(chat_line_read::Entity::find()
        .filter(chat_line_read::Column::LineId.is_in(lines.iter().map(|line| line.id)))
        .all(&w.tx)
        .await?)
}

/// What a colleague has read is in good hands: nobody else of the service side is mailed about it.
fn unread(line: &chat_line::Model, reader: &Reader<'_>, reads: &[chat_line_read::Model]) -> Unread {
    let stands_for = |read: &chat_line_read::Model| {
        read.user_id == reader.person.id || (reader.side == Side::Service && read.side == Side::Service.as_str())
    };
    Unread {
        sent_at: line.sent_at,
        is_read: reads.iter().any(|read| read.line_id == line.id && stands_for(read)),
        is_mailed: line.number <= reader.mailed,
        is_online: reader.is_online,
        last_mail_at: reader.last_mail_at,
    }
}

/// Writes the mail of a person: it names the first of his lines, and as its version the number of the last one.
async fn queue(
    w: &Work,
    ticket: &ticket::Model,
    reader: &Reader<'_>,
    lines: &[&chat_line::Model],
) -> Result<(), ServiceError> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
    let recipient = mail::of_person(&w.tx, ticket.entity_id, reader.person).await?;
    // An address that can get none is as good as none: there is no entry that could say so.
    if recipient.problem.is_none() {
        let about = About::of_lines(first, i32::try_from(last.number).unwrap_or(i32::MAX));
        let kind = if reader.side == Side::Requester { mail::Kind::ChatRequester } else { mail::Kind::ChatTeam };
        mail::queue(w, ticket, about, Cause { kind, changed: false }, std::slice::from_ref(&recipient)).await?;
    }
    let mut sql = Sql::new("INSERT INTO chat_mail (user_id, ticket_id, number, at) VALUES (");
    sql.bind(reader.person.id)
        .push_bind(", ", ticket.id)
        .push_bind(", ", last.number)
        .push_bind(", ", w.now())
        .push(") ON CONFLICT (user_id, ticket_id) DO UPDATE SET number = excluded.number, at = excluded.at");
    sql.run(&w.tx).await?;
    Ok(())
}

/// When to look at each line again; `None` = nothing more is due for it.
async fn put_off(w: &Work, next: &BTreeMap<Uuid, Option<i64>>) -> Result<(), ServiceError> {
    for due in next.values().copied().collect::<BTreeSet<Option<i64>>>() {
        let lines = next.iter().filter(|(_, at)| **at == due).map(|(id, _)| *id);
        let mut sql = Sql::new("UPDATE chat_line SET mail_due_at = ");
        sql.bind(due).push(" WHERE id IN ").list(lines).run(&w.tx).await?;
    }
    Ok(())
}

/// People of the requester side whom no mail about a chat can reach, by id and name (setting 447).
pub(super) async fn unreachable(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<Vec<(Uuid, String)>, ServiceError> {
    let path = tickets::path(ctx, &loaded.ticket);
    let circle = Circle::load(connection, &loaded.ticket, &loaded.actors, &path).await?;
    let can_leave = mail::can_leave_about_chats(ctx, connection, settings, &path).await?;
    let mut out = Vec::new();
    for person in requesters(&circle) {
        let is_reached = can_leave && mail::can_reach(person);
        if !is_reached {
            out.push((person.id, person.name.clone()));
        }
    }
    Ok(out)
}
