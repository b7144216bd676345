//! Validations (T-VAL): named people agree to a request, or do not, before a ticket goes on.
//!
//! Belongs here: asking, answering, withdrawing, listing, and the one guard of solving and closing. Does not belong here: what
//! answers make of a request (`domain::validation`), the sight of those who are asked (`scope`).

mod answer;
mod approvals;
mod ask;
mod change;
mod guard;
mod list;
mod page;
mod rows;
pub(crate) mod timeline;

use domain::error::AppError;
use domain::notification::{Event, Why};
use domain::validation::{Answer, State};
use entity::{validation, validation_target};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use answer::answer;
pub(crate) use approvals::count_waiting;
pub use approvals::{approval, approvals, waiting};
pub use ask::ask;
pub(crate) use change::withdraw_open;
pub use change::{ask_again, withdraw};
pub use guard::blocked;
pub(crate) use guard::{blocking, judged, pass_over, refusal_data};
pub use list::{ValidationQuery, all, get, list};
pub use page::page;
pub(crate) use rows::standings;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::notifications;
use crate::sql::{Sql, unique};
use crate::tickets::Loaded;
use crate::work::Work;

/// Name of requests in events, drafts, files and anchors.
pub(crate) const KIND: &str = "validation";
/// Name of answers in drafts and files.
pub(crate) const ANSWER: &str = "validation_answer";

/// A request with those who are asked, in their order.
#[derive(Clone, Debug)]
struct Request {
    row: validation::Model,
    targets: Vec<validation_target::Model>,
}

impl Request {
    /// # Errors
    /// `NotFound` for an unknown one.
    async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Self, ServiceError> {
        let row = validation::Entity::find_by_id(id).one(connection).await?.ok_or(AppError::NotFound)?;
        let targets = targets(connection, &[id]).await?;
        Ok(Self { row, targets })
    }

    /// Targets that are the actor himself, then groups of his.
    fn of<'r>(&'r self, actor: &Actor) -> Vec<&'r validation_target::Model> {
        let own = self.targets.iter().filter(|one| one.user_id == Some(actor.id()));
        let by_group =
            self.targets.iter().filter(|one| one.group_id.is_some_and(|group| actor.groups.contains(&group)));
        own.chain(by_group).collect()
    }

    /// Whether the actor may see it on a ticket that he sees: agents all of them, others those that name them (T-VAL-06, 07).
    fn is_seen(&self, loaded: &Loaded, actor: &Actor) -> bool {
        loaded.is_agent() || !self.of(actor).is_empty()
    }

    /// Where it stands.
    fn state(&self) -> State {
        state_of(&self.row)
    }

    /// Whether it was neither withdrawn nor replaced (T-VAL-04).
    const fn counts(&self) -> bool {
        self.row.withdrawn_at.is_none() && self.row.replaced_by_id.is_none()
    }
}

/// State of a row; stored words are only written by this module.
fn state_of(row: &validation::Model) -> State {
    row.state.parse().unwrap_or(State::Waiting)
}

/// Answer of a row.
fn answer_of(row: &validation_target::Model) -> Option<Answer> {
    row.answer.as_deref().and_then(|word| word.parse().ok())
}

/// Targets of some requests, in their order.
async fn targets(
    connection: &impl ConnectionTrait,
    requests: &[Uuid],
) -> Result<Vec<validation_target::Model>, ServiceError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    Ok(validation_target::Entity::find()
        .filter(validation_target::Column::ValidationId.is_in(requests.iter().copied()))
        .order_by_asc(validation_target::Column::ValidationId)
        .order_by_asc(validation_target::Column::Position)
        .order_by_asc(validation_target::Column::Id)
        .all(connection)
        .await?)
}

/// What happened to a request: an event of the history and a live event, for agents and those who are asked.
async fn record(w: &Work, loaded: &Loaded, request: Uuid, what: &str, event: Record<'_>) -> Result<(), ServiceError> {
    history::record(w, loaded.ticket.id, event).await?;
    let change = NewChange { kind: KIND, what, object: request, version: 1, audience: "public", author: None };
    events::emit(w, &loaded.ticket, change).await
}

/// Tells those who are asked (T-NTF-02).
async fn tell(
    w: &Work,
    loaded: &Loaded,
    request: Uuid,
    targets: &[validation_target::Model],
    event: Event,
) -> Result<(), ServiceError> {
    let groups = unique(targets.iter().filter_map(|one| one.group_id));
    let mut people: Vec<(Uuid, Why)> =
        targets.iter().filter_map(|one| one.user_id).map(|user| (user, Why::Approver)).collect();
    for user in notifications::members_of(&w.tx, groups).await? {
        if people.iter().all(|(known, _)| *known != user) {
            people.push((user, Why::ApproverGroup));
        }
    }
    notifications::named(w, &loaded.ticket, &people, event, (KIND, request)).await
}

/// Whether `ctx` may hear of a change of a request: agents, and those it names.
pub(crate) async fn hears(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    request: Uuid,
    is_agent: bool,
) -> Result<bool, ServiceError> {
    if is_agent {
        return Ok(true);
    }
    let mut sql = Sql::new("SELECT 1 AS found FROM validation v WHERE v.id = ");
    sql.bind(request).push(" AND v.id IN (").append(&crate::scope::asked(actor, "validation_id")).push(")");
    Ok(!sql.rows(connection).await?.is_empty())
}

/// Whether a request still waits for answers: neither decided, withdrawn nor replaced.
pub(crate) async fn is_waited_for(connection: &impl ConnectionTrait, request: Uuid) -> Result<bool, ServiceError> {
    let found = validation::Entity::find_by_id(request).one(connection).await?;
    let is_open = |row: &validation::Model| row.withdrawn_at.is_none() && row.replaced_by_id.is_none();
    Ok(found.is_some_and(|row| is_open(&row) && state_of(&row) == State::Waiting))
}

/// Whether some request of a ticket names the actor.
async fn hears_of(connection: &impl ConnectionTrait, actor: &Actor, ticket: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 AS found FROM ticket t WHERE t.id = ");
    sql.bind(ticket).push(" AND t.id IN (").append(&crate::scope::asked(actor, "ticket_id")).push(")");
    Ok(!sql.rows(connection).await?.is_empty())
}
