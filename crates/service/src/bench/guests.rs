//! People of the desk for what is measured over HTTP: who listens to streams, who writes, who opens pages.

use std::fmt;

use domain::forms::{AddOccurrence, SignIn};
use domain::views::{ListQuery, TimelineQuery};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Bench, BenchOptions, LONG, REQUESTER};
use crate::ctx::{Ctx, Services, random_token};
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{account, demo, occurrences, requests, tokens};

/// Somebody with a request under way, and a token to hear of it.
#[derive(Clone)]
pub struct Guest {
    /// His token of the API.
    pub token: String,
    /// Number of his request.
    pub ticket: i64,
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").field("ticket", &self.ticket).finish_non_exhaustive()
    }
}

#[derive(Debug, FromQueryResult)]
struct Asking {
    email: String,
    number: i64,
}

/// At most so many requesters of tickets under way, each with a new token, which stays.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn guests(services: &Services, count: usize) -> Result<Vec<Guest>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT u.email AS email, MAX(t.number) AS number FROM ticket_actor a JOIN ticket t ON t.id = a.ticket_id \
         JOIN app_user u ON u.id = a.user_id WHERE a.role = 'requester' AND t.status = 'assigned' AND t.deleted_at IS NULL \
         AND u.active = TRUE GROUP BY u.id, u.email ORDER BY MAX(t.number) DESC LIMIT ",
    );
    sql.bind(i64::try_from(count).unwrap_or(i64::MAX));
    let found: Vec<Asking> = sql.all(services.db.reader()).await?;
    let mut guests = Vec::with_capacity(found.len());
    for asking in found {
        let made = tokens::create_for(services, &asking.email, "measurement", "read", Some(1)).await?;
        guests.push(Guest { token: made.token, ticket: asking.number });
    }
    Ok(guests)
}

/// A request of the agent who writes, with his rights of this moment.
///
/// # Errors
/// `NotFound` when the database does not hold the demo desk.
pub async fn speaker(services: &Services) -> Result<Ctx, ServiceError> {
    let bench = Bench::on(services, BenchOptions::default()).await?;
    bench.ctx(bench.agent).await
}

/// Registers a public occurrence and answers its id: it is saved then.
///
/// # Errors
/// What registering refuses.
pub async fn speak(ctx: &Ctx, ticket: i64) -> Result<Uuid, ServiceError> {
    let form = AddOccurrence {
        ticket,
        key: random_token(16),
        body: "<p>Measurement: we look at it.</p>".to_owned(),
        visibility: "public".to_owned(),
        ..AddOccurrence::default()
    };
    occurrences::add(ctx, form).await
}

/// Somebody of the requester side who opens his pages.
pub struct Reader {
    /// The value of his session's cookie.
    pub session: String,
    /// Number of a request with a long conversation.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Title of the first request of his list.
    pub first: String,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("number", &self.number).finish_non_exhaustive()
    }
}

/// `requester1` of the demo desk, signed in by the password everybody has there.
///
/// # Errors
/// `NotFound` when the database does not hold the demo desk; `InvalidCredentials` when the password is another one by now.
pub async fn reader(services: &Services) -> Result<Reader, ServiceError> {
    let bench = Bench::on(services, BenchOptions::default()).await?;
    let number = bench.longest(LONG, Some(bench.requester)).await?;
    let ctx = bench.ctx(bench.requester).await?;
    let list = requests::list(&ctx, ListQuery::default()).await?;
    let request = requests::detail(&ctx, number, TimelineQuery::default()).await?;
    let form = SignIn { email: REQUESTER.to_owned(), password: demo::PASSWORD.to_owned(), next: String::new() };
    let signed_in = account::sign_in(services, form, "", "measurement").await?;
    Ok(Reader {
        session: signed_in.cookie_token,
        number,
        title: request.title,
        first: list.items.into_iter().next().map(|row| row.title).unwrap_or_default(),
    })
}
