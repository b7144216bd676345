//! The demo desk: an invented organisation with people, tickets and conversations in four languages, and a generator of
//! desks of any size for measurements. Never loaded by itself, and never beside real data.

mod articles;
mod asked;
mod chats;
mod customers;
mod desk;
mod entries;
mod images;
mod random;
mod rows;
pub mod scale;
mod story;
mod tickets;

use domain::error::Code;
use domain::lang::Lang;
use entity::{
    document, occurrence, occurrence_revision, read_mark, solution, status_interval, ticket, ticket_actor, ticket_event,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use self::articles::ArticleFile;
use self::desk::{Desk, DeskFile};
use self::random::Random;
use self::rows::insert_all;
use self::tickets::{TicketFile, Whole};
use crate::account::passwords;
use crate::ctx::Services;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::search::{self, Doc};
use crate::solutions::rows as rows_of_solutions;
use crate::sql::Sql;

/// Everybody's password on the demo desk.
pub const PASSWORD: &str = "demo-guichet-2026";

const ARTICLES: &str = include_str!("demo/articles.json");
const DESK: &str = include_str!("demo/desk.json");
const TICKETS: &str = include_str!("demo/tickets.json");

/// Somebody of the demo desk, to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// His address.
    pub email: String,
    /// His name.
    pub name: String,
    /// Key of his shipped role, `technician`.
    pub role: String,
    /// His language.
    pub language: Lang,
}

/// What was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskSummary {
    /// The people, in the order of the file; everybody's password is [`PASSWORD`].
    pub accounts: Vec<Account>,
    /// Number of tickets; their numbers are 1 up to it.
    pub tickets: u64,
    /// Number of occurrences, removed ones too.
    pub occurrences: u64,
}

/// Whether nobody has an account yet: only then the demo desk may be loaded.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn is_empty(services: &Services) -> Result<bool, ServiceError> {
    has_no_user(services.db.reader()).await
}

async fn has_no_user(connection: &impl ConnectionTrait) -> Result<bool, ServiceError> {
    Ok(Sql::new("SELECT 1 AS one FROM app_user LIMIT 1").rows(connection).await?.is_empty())
}

/// Loads the demo desk, all of it or nothing. Times lie before the moment of loading; `seed` decides what is unread.
///
/// # Errors
/// `Refused(SetupClosed)` when somebody has an account; `Unavailable` when the database is away; `StorageFull`.
pub async fn load_desk(services: &Services, seed: u64) -> Result<DeskSummary, ServiceError> {
    let desk_file: DeskFile = serde_json::from_str(DESK)?;
    let ticket_file: TicketFile = serde_json::from_str(TICKETS)?;
    let article_file: ArticleFile = serde_json::from_str(ARTICLES)?;
    let password_hash = passwords::hash(PASSWORD).await?;
    let (now, mut random) = (services.now(), Random::new(seed));
    let tx = services.db.begin().await?;
    if !has_no_user(&tx).await? {
        return Err(Code::SetupClosed.into());
    }
    let desk = desk::insert(&tx, &desk_file, &password_hash, now).await?;
    let mut wholes = Vec::new();
    for (item, number) in ticket_file.tickets.iter().zip(1..) {
        wholes.push(tickets::build(&desk, item, number, now, &mut random)?);
    }
    let summary = summary(&desk, &wholes)?;
    let documents = documents(services, &wholes).await?;
    let placed: Vec<(Uuid, i64)> = wholes.iter().map(|whole| (whole.ticket.id, whole.ticket.updated_at)).collect();
    let all: Vec<ticket::Model> = wholes.iter().map(|whole| whole.ticket.clone()).collect();
    store(&tx, services.db.engine(), wholes, documents).await?;
    chats::insert(&tx, &desk, &all, now).await?;
    articles::insert(&tx, services.db.engine(), &desk, &article_file, &placed, now).await?;
    customers::insert(&tx, services.db.engine(), &desk, now, seed).await?;
    let mut sql = Sql::new("UPDATE number_sequence SET value = ");
    let last = i64::try_from(summary.tickets).unwrap_or(i64::MAX);
    sql.bind(last).push_bind(" WHERE name = 'ticket' AND value < ", last).run(&tx).await?;
    tx.commit().await?;
    Ok(summary)
}

fn summary(desk: &Desk, wholes: &[Whole]) -> Result<DeskSummary, ServiceError> {
    let mut accounts = Vec::new();
    for key in &desk.order {
        let person = desk::known(&desk.people, key)?;
        accounts.push(Account {
            email: person.email.clone(),
            name: person.name.clone(),
            role: person.role.key().to_owned(),
            language: person.language.parse()?,
        });
    }
    let occurrences: usize = wholes.iter().map(|whole| whole.occurrences.len()).sum();
    Ok(DeskSummary { accounts, tickets: count(wholes.len()), occurrences: count(occurrences) })
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Stores the pictures before their rows are written: a row never names a content that is not there.
async fn documents(services: &Services, wholes: &[Whole]) -> Result<Vec<document::Model>, ServiceError> {
    let mut out = Vec::new();
    for whole in wholes {
        for pinned in &whole.pinned {
            let picture = images::of(whole.ticket.number, pinned.entry);
            if let Some((picture, entry)) = picture.zip(whole.occurrences.get(pinned.entry)) {
                out.push(images::attach(services, picture, pinned.document, entry).await?);
            }
        }
    }
    Ok(out)
}

/// Writes the rows table by table, what others point at first.
async fn store(
    tx: &impl ConnectionTrait,
    engine: Engine,
    wholes: Vec<Whole>,
    documents: Vec<document::Model>,
) -> Result<(), ServiceError> {
    let mut tickets: Vec<ticket::Model> = Vec::new();
    let mut actors: Vec<ticket_actor::Model> = Vec::new();
    let mut occurrences: Vec<occurrence::Model> = Vec::new();
    let mut revisions: Vec<occurrence_revision::Model> = Vec::new();
    let mut events: Vec<ticket_event::Model> = Vec::new();
    let mut solutions: Vec<solution::Model> = Vec::new();
    let mut intervals: Vec<status_interval::Model> = Vec::new();
    let mut marks: Vec<read_mark::Model> = Vec::new();
    for whole in wholes {
        tickets.push(whole.ticket);
        actors.extend(whole.actors);
        occurrences.extend(whole.occurrences);
        revisions.extend(whole.revisions);
        solutions.extend(whole.solution);
        events.extend(whole.events);
        intervals.extend(whole.intervals);
        marks.extend(whole.marks);
    }
    insert_all::<ticket::Entity>(tx, tickets.clone()).await?;
    insert_all::<ticket_actor::Entity>(tx, actors.clone()).await?;
    asked::insert(tx, &tickets, &actors).await?;
    insert_all::<occurrence::Entity>(tx, occurrences.clone()).await?;
    insert_all::<solution::Entity>(tx, solutions.clone()).await?;
    index(tx, engine, &tickets, &occurrences).await?;
    for row in &solutions {
        search::index_on(tx, engine, rows_of_solutions::doc(row)).await?;
    }
    insert_all::<occurrence_revision::Entity>(tx, revisions).await?;
    insert_all::<document::Entity>(tx, documents).await?;
    insert_all::<ticket_event::Entity>(tx, events).await?;
    insert_all::<status_interval::Entity>(tx, intervals).await?;
    insert_all::<read_mark::Entity>(tx, marks).await
}

/// Words of tickets and of the occurrences that are not removed; their tickets are written already.
async fn index(
    tx: &impl ConnectionTrait,
    engine: Engine,
    tickets: &[ticket::Model],
    occurrences: &[occurrence::Model],
) -> Result<(), ServiceError> {
    for ticket in tickets {
        let doc = Doc {
            ticket_id: ticket.id,
            entity_id: ticket.entity_id,
            kind: "ticket",
            entry_id: ticket.id,
            author: ticket.writer_id,
            private: false,
            at: ticket.opened_at,
            text: &search::ticket_text(ticket),
        };
        search::index_on(tx, engine, doc).await?;
    }
    for row in occurrences.iter().filter(|row| row.removed_at.is_none()) {
        search::index_on(tx, engine, search::occurrence_doc(row)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_demo_desk_can_be_read() {
        serde_json::from_str::<DeskFile>(DESK).unwrap();
        let file: TicketFile = serde_json::from_str(TICKETS).unwrap();
        assert_eq!(file.tickets.len(), 60);
        let file: ArticleFile = serde_json::from_str(ARTICLES).unwrap();
        for lang in Lang::ALL {
            let written = file.articles.iter().filter(|article| article.language == lang.code()).count();
            assert!(written >= 2, "{lang:?}");
        }
    }
}
