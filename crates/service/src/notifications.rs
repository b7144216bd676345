//! Notifications in the product (tickets.md section 20): written with what they tell of, read by their receiver alone.
//!
//! Who is told of what is decided by `domain::notification`. Each row names ids only; whether its receiver may still see the
//! ticket and the entry is asked again whenever he looks.

mod circle;
mod list;
mod preferences;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};

use domain::notification::{Event, GROUP_MAX, Why};
use domain::policy::{self, Capability};
use domain::settings::Key;
use entity::{ticket, ticket_actor};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

pub(crate) use circle::{Circle, Person, people};
pub use list::{NotificationQuery, Read, list, open, read, unread};
pub(crate) use list::{has_unread, read_of_chat, read_of_messages, read_of_ticket};
use preferences::Chosen;
pub use preferences::{preferences, save_form, save_preferences};
pub(crate) use tasks::of_task;

use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::events;
use crate::mail::{self, Listener};
use crate::sql::Sql;
use crate::tickets;
use crate::work::Work;

/// Rows of one statement: engines limit the number of its values.
const AT_ONCE: usize = 200;
/// In seconds.
const A_DAY: i64 = 86_400;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct News<'a> {
    /// What.
    pub(crate) event: Event,
    /// Kind and id of the public entry it is about.
    pub(crate) entry: Option<(&'a str, Uuid)>,
    /// Only these people of the ticket are concerned: those who were assigned just now.
    pub(crate) only: Option<&'a [ticket_actor::Model]>,
    /// These addresses, as they are compared, get a mail of its own that says it too.
    pub(crate) letters: &'a [String],
}

impl News<'_> {
    /// About the ticket as a whole, for everybody the event is told to.
    pub(crate) const fn of(event: Event) -> Self {
        Self { event, entry: None, only: None, letters: &[] }
    }
}

/// A row to be.
struct Told<'a> {
    id: Uuid,
    user: Uuid,
    event: Event,
    why: Why,
    entry: Option<(&'a str, Uuid)>,
}

/// Tells the people of a ticket what the actor just did, in the transaction of his act: each once per event, never himself, only
/// who sees the ticket and the entry, and nobody who switched the event off (T-NTF-01..03); by mail who wants that (M-OUT-05).
///
/// The caller names no private entry.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn add(
    w: &Work,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    news: &[News<'_>],
) -> Result<(), ServiceError> {
    let path = w.actor().path_of(ticket.entity_id);
    let circle = Circle::load(&w.tx, ticket, actors, &path).await?;
    let me = w.actor().id();
    let by = policy::side_of(w.actor().caps(ticket.entity_id), &tickets::facts(w.actor(), ticket, actors));
    let mut told: Vec<(Told<'_>, &Person)> = Vec::new();
    for one in news {
        for person in circle.people().iter().filter(|person| person.id != me) {
            let place = one.only.map_or(person.place, |rows| circle.place(person.id, rows));
            let Some(why) = domain::notification::why(one.event, by, &place).filter(|_| circle.sees(person)) else {
                continue;
            };
            let is_shown = one.entry.is_none() || person.caps.contains(Capability::OccurrenceViewPublic);
            let is_for_him = !one.event.is_for_agents() || person.caps.is_agent();
            if is_shown && is_for_him {
                told.push((Told { id: new_id(), user: person.id, event: one.event, why, entry: one.entry }, person));
            }
        }
    }
    let is_hidden = |(row, person): &(Told<'_>, &Person)| {
        !person.caps.is_agent() && row.entry.is_some_and(|(kind, _)| kind == "occurrence")
    };
    // P-HIS-02: what the portal does not show is not told there either.
    if told.iter().any(is_hidden) && !w.settings(&path).await?.is_on(Key::PortalShowOccurrences) {
        told.retain(|row| !is_hidden(row));
    }
    deliver(w, ticket, actors, news, told).await
}

/// Queues the mails and writes the rows, each for who wants it there.
async fn deliver(
    w: &Work,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    news: &[News<'_>],
    told: Vec<(Told<'_>, &Person)>,
) -> Result<(), ServiceError> {
    let users: BTreeSet<Uuid> = told.iter().map(|(row, _)| row.user).collect();
    let chosen = Chosen::load(&w.tx, users).await?;
    let listeners: Vec<Listener<'_>> = told
        .iter()
        .map(|(row, person)| Listener {
            person,
            event: row.event,
            why: row.why,
            entry: row.entry,
            wants: chosen.by_mail(row.user, row.event),
        })
        .collect();
    mail::tell(w, ticket, actors, news, &listeners).await?;
    let told: Vec<Told<'_>> = told.into_iter().map(|(row, _)| row).collect();
    let told: Vec<Told<'_>> = told.into_iter().filter(|row| chosen.in_app(row.user, row.event)).collect();
    store(w, ticket, &told).await
}

/// Warns those who may set the settings of a ticket's entity that mails about it did not leave because they were too many, each
/// once a day, whatever ticket it was (M-LOP-01).
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn mail_limited(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let path = w.actor().path_of(ticket.entity_id);
    let event = Event::MailLimited;
    let mut sql = Sql::new(
        "SELECT DISTINCT u.id FROM app_user u JOIN assignment a ON a.user_id = u.id JOIN role r ON r.id = a.role_id \
         WHERE u.active = TRUE AND (a.entity_id = ",
    );
    sql.bind(ticket.entity_id)
        .push(" OR (a.recursive = TRUE AND a.entity_id IN ")
        .list(path)
        .push_bind(")) AND (' ' || r.capabilities || ' ') LIKE ", format!("% {} %", Capability::AdminSettings.name()))
        .push_bind(
            " AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.user_id = u.id AND n.event = ",
            event.as_str(),
        )
        .push_bind(" AND n.at > ", w.now() - A_DAY)
        .push(")");
    let mut users: BTreeSet<Uuid> = BTreeSet::new();
    for row in sql.rows(&w.tx).await? {
        users.insert(row.try_get("", "id")?);
    }
    let chosen = Chosen::load(&w.tx, users.clone()).await?;
    let wanting = users.into_iter().filter(|user| chosen.in_app(*user, event));
    let told: Vec<Told<'_>> =
        wanting.map(|user| Told { id: new_id(), user, event, why: Why::Administrator, entry: None }).collect();
    store(w, ticket, &told).await
}

/// Tells of a message that was sent: of one of the requester side the responsible (P-MSG-02), of one of the service side the
/// requester side. Whether the setting `messages.alert_responsible` (300) wants it is asked by the caller.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn message(
    w: &Work,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    message: Uuid,
) -> Result<(), ServiceError> {
    let news = News { entry: Some(("message", message)), ..News::of(Event::Message) };
    add(w, ticket, actors, &[news]).await
}

/// Tells of a chat that began: the responsible of one of the requester side, the requester side of one of the service side. Its
/// further lines ring for nobody: who is away gets them by mail (T-CHT-05).
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn chat(
    w: &Work,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    chat: Uuid,
) -> Result<(), ServiceError> {
    let news = News { entry: Some((crate::chat::KIND, chat)), ..News::of(Event::Chat) };
    add(w, ticket, actors, &[news]).await
}

/// Tells people whom an entry names, whatever they are to its ticket: who is asked for a validation, and who asked. Each once,
/// never the actor himself, nobody whose account is disabled or who switched the event off; by mail who wants that.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn named(
    w: &Work,
    ticket: &ticket::Model,
    people: &[(Uuid, Why)],
    event: Event,
    entry: (&str, Uuid),
) -> Result<(), ServiceError> {
    let me = w.actor().id();
    let others: BTreeSet<Uuid> = people.iter().map(|(id, _)| *id).filter(|id| *id != me).collect();
    let path = w.actor().path_of(ticket.entity_id);
    let found = circle::people(&w.tx, ticket.entity_id, &path, others.into_iter().collect()).await?;
    let mut left: BTreeMap<Uuid, &Person> = found.iter().map(|person| (person.id, person)).collect();
    let once = people.iter().filter_map(|(user, why)| left.remove(user).map(|person| (*why, person)));
    let told = once
        .map(|(why, person)| (Told { id: new_id(), user: person.id, event, why, entry: Some(entry) }, person))
        .collect();
    deliver(w, ticket, &[], &[], told).await
}

/// Members of groups that are active and small enough to be told (`GROUP_MAX`).
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn members_of(
    connection: &impl ConnectionTrait,
    groups: Vec<Uuid>,
) -> Result<BTreeSet<Uuid>, ServiceError> {
    let mut out = BTreeSet::new();
    if groups.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT DISTINCT m.user_id FROM app_group_member m JOIN app_group g ON g.id = m.group_id \
         WHERE g.active = TRUE AND m.group_id IN (SELECT c.group_id FROM app_group_member c WHERE c.group_id IN ",
    );
    sql.list(groups).push_bind(" GROUP BY c.group_id HAVING COUNT(*) <= ", GROUP_MAX).push(")");
    for row in sql.rows(connection).await? {
        out.insert(row.try_get("", "user_id")?);
    }
    Ok(out)
}

async fn store(w: &Work, ticket: &ticket::Model, told: &[Told<'_>]) -> Result<(), ServiceError> {
    let author = Some(w.actor().id()).filter(|id| !id.is_nil());
    for part in told.chunks(AT_ONCE) {
        let mut sql = Sql::new(
            "INSERT INTO notification (id, user_id, event, why, ticket_id, entry_kind, entry_id, author_id, at) VALUES ",
        );
        for (index, row) in part.iter().enumerate() {
            sql.push(if index == 0 { "(" } else { ",(" })
                .bind(row.id)
                .push_bind(",", row.user)
                .push_bind(",", row.event.as_str())
                .push_bind(",", row.why.as_str())
                .push_bind(",", ticket.id)
                .push_bind(",", row.entry.map(|(kind, _)| kind.to_owned()))
                .push_bind(",", row.entry.map(|(_, id)| id))
                .push_bind(",", author)
                .push_bind(",", w.now())
                .push(")");
        }
        // An entry that was told of already is not told of again.
        sql.push(" ON CONFLICT DO NOTHING");
        sql.run(&w.tx).await?;
        let rows: Vec<(Uuid, Uuid)> = part.iter().map(|row| (row.id, row.user)).collect();
        events::tell(w, ticket, "notification", &rows).await?;
    }
    Ok(())
}
