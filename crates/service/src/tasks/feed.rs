//! The calendar feed of a person: one secret address, made, replaced and revoked by him (T-TSK-10).

use chrono::{DateTime, Utc};
use domain::format::Moment;
use domain::task::TaskState;
use entity::app_user;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

use crate::account::secret_hash;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services, random_token};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::scope;
use crate::sql::Sql;
use crate::work;

/// Seconds of a day.
const DAY: i64 = 24 * 3600;
/// Days back and ahead that a feed shows.
const BACK: i64 = 30;
const AHEAD: i64 = 365;
/// Most entries of a feed.
const MAX: i64 = 5_000;
/// Longest line of a calendar, in bytes without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Makes the feed of the caller, or replaces it; its address is told here only.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn make_feed(ctx: &Ctx) -> Result<String, ServiceError> {
    let secret = random_token(32);
    let hash = secret_hash(&secret);
    work::write(ctx, move |w| {
        let hash = hash.clone();
        Box::pin(async move {
            let mut sql = Sql::new("INSERT INTO calendar_feed (user_id, token_hash, created_at) VALUES (");
            sql.bind(w.actor().id()).push_bind(",", hash).push_bind(",", w.now());
            sql.push(") ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at");
            sql.run(&w.tx).await?;
            Ok(())
        })
    })
    .await?;
    Ok(format!("{}/ical/{secret}.ics", ctx.services.base_url))
}

/// Takes the feed of the caller back: its address leads nowhere from now on. Without a feed nothing happens.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn revoke_feed(ctx: &Ctx) -> Result<(), ServiceError> {
    work::write(ctx, move |w| {
        Box::pin(async move {
            let mut sql = Sql::new("DELETE FROM calendar_feed WHERE user_id = ");
            sql.bind(w.actor().id()).run(&w.tx).await?;
            Ok(())
        })
    })
    .await
}

/// When the caller made his feed.
pub(super) async fn since(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Option<Moment>, ServiceError> {
    let mut sql = Sql::new("SELECT created_at FROM calendar_feed WHERE user_id = ");
    let at: Option<i64> = sql.bind(ctx.actor.id()).scalar(connection).await?;
    Ok(at.map(|at| moment(at, ctx.actor.zone)))
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    title: String,
    visibility: String,
    state: String,
    planned_begin: i64,
    planned_end: i64,
    changed_at: i64,
    version: i32,
}

/// The calendar behind a secret, with the rights its owner has at this moment; `None` for one that is no more, and for an owner
/// who is disabled.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn calendar(services: &Services, secret: &str) -> Result<Option<String>, ServiceError> {
    let reader = services.db.reader();
    let mut sql = Sql::new(
        "SELECT u.id FROM calendar_feed f JOIN app_user u ON u.id = f.user_id WHERE u.active = TRUE AND f.token_hash = ",
    );
    let Some(user): Option<Uuid> = sql.bind(secret_hash(secret)).scalar(reader).await? else { return Ok(None) };
    let Some(user) = app_user::Entity::find_by_id(user).one(reader).await? else { return Ok(None) };
    let now = services.now();
    let actor = Actor::load(reader, user, String::new()).await?.asking_at(now);
    let rows = planned(reader, &actor, now).await?;
    Ok(Some(text(&rows, &services.base_url, now)))
}

/// His own planned tasks that he sees, by begin.
async fn planned(connection: &impl ConnectionTrait, actor: &Actor, now: i64) -> Result<Vec<Row>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT k.id, t.number, t.title, k.visibility, k.state, k.planned_begin, k.planned_end, \
         COALESCE(k.edited_at, k.registered_at) AS changed_at, k.version \
         FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE k.removed_at IS NULL AND k.user_id = ",
    );
    sql.bind(actor.id())
        .push_bind(" AND k.planned_end > ", now - BACK * DAY)
        .push_bind(" AND k.planned_begin < ", now + AHEAD * DAY)
        .push(" AND k.entity_id IN ")
        .list(actor.agent_entities())
        .push(" AND ")
        .append(&scope::tickets(actor))
        .push(" AND ")
        .append(&scope::tasks(actor))
        .push_bind(" ORDER BY k.planned_begin, k.id LIMIT ", MAX);
    Ok(sql.all(connection).await?)
}

/// The calendar as RFC 5545 wants it.
fn text(rows: &[Row], base_url: &str, now: i64) -> String {
    let mut out = String::new();
    for head in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guichet//Tasks//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        line(&mut out, head);
    }
    for row in rows {
        let number = row.number;
        // What only the attending team reads leaves the product without its words.
        let summary =
            if row.visibility == "public" { format!("#{number} {}", row.title) } else { format!("#{number}") };
        let state: TaskState = row.state.parse().unwrap_or_default();
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}@guichet", row.id));
        line(&mut out, &format!("DTSTAMP:{}", utc(now)));
        line(&mut out, &format!("LAST-MODIFIED:{}", utc(row.changed_at)));
        line(&mut out, &format!("SEQUENCE:{}", row.version));
        line(&mut out, &format!("DTSTART:{}", utc(row.planned_begin)));
        line(&mut out, &format!("DTEND:{}", utc(row.planned_end)));
        line(&mut out, &format!("SUMMARY:{}", escaped(&summary)));
        line(&mut out, &format!("URL:{base_url}/tickets/{number}/tasks/{}", row.id));
        line(&mut out, if state.is_open() { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" });
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

/// A moment of the world's clock, `20260309T120000Z`.
fn utc(at: i64) -> String {
    DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default().format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text in the form of a value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a line, folded between characters where it is too long.
fn line(out: &mut String, text: &str) {
    let mut length = 0;
    for c in text.chars() {
        if length + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_tsk_10_long_lines_are_folded_and_signs_of_the_format_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\r\u{7}"), "a\\,b\\;c\\\\d\\ne");
        let mut out = String::new();
        line(&mut out, &"é".repeat(80));
        for part in out.trim_end().split("\r\n") {
            assert!(part.len() <= LINE, "{} bytes", part.len());
        }
        assert_eq!(out.trim_end().replace("\r\n ", ""), "é".repeat(80));
        assert_eq!(utc(0), "19700101T000000Z");
    }

    #[test]
    fn t_tsk_10_a_private_task_tells_its_number_only() {
        let row = |visibility: &str| Row {
            id: Uuid::nil(),
            number: 42,
            title: "Printer, again".to_owned(),
            visibility: visibility.to_owned(),
            state: "todo".to_owned(),
            planned_begin: 0,
            planned_end: 3600,
            changed_at: 0,
            version: 1,
        };
        let made = text(&[row("public"), row("private")], "https://desk.example", 0);
        assert!(made.contains("SUMMARY:#42 Printer\\, again\r\n") && made.contains("SUMMARY:#42\r\n"), "{made}");
        assert!(made.starts_with("BEGIN:VCALENDAR\r\n") && made.ends_with("END:VCALENDAR\r\n"));
    }
}
