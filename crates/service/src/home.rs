//! Home of agents: counts of the lists they work in, of their tasks and of what they are asked to validate, each bounded, and what
//! is due first.
//!
//! Does not belong here: which rows the lists have (`tickets`), words and addresses (`app`).

use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{Count, HomeCount, HomeList, HomeView, ListQuery};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{drafts, moments, tasks, tickets, validations};

/// Tickets named as next.
const NEXT: u32 = 5;
/// Tasks and requests for validation are counted up to here.
const COUNTED: u32 = 99;

/// What Home shows, in a number of queries that does not grow with the desk.
///
/// # Errors
/// `NotFound` for people who are agents nowhere: their home is My requests.
pub async fn view(ctx: &Ctx) -> Result<HomeView, ServiceError> {
    if !ctx.actor.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let today = moments::local_date(ctx.now(), ctx.actor.zone).to_string();
    let snapshot = ctx.db().snapshot().await?;
    let mut counts = Vec::new();
    for list in HomeList::ALL {
        let count = tickets::list::count(ctx, &snapshot, &list.query(&today)).await?;
        counts.push(HomeCount { list, count });
    }
    let answers = !ctx.actor.entities_with(Capability::ValidationAnswer).is_empty();
    let approvals = if answers { Some(some(validations::count_waiting(ctx, &snapshot).await?)) } else { None };
    let [tasks, late_tasks] = tasks::numbers(ctx, &snapshot).await?.map(some);
    let drafts = drafts::number(ctx, &snapshot).await?;
    drop(snapshot);
    let mine = HomeList::Mine.query(&today);
    let next = tickets::list(ctx, ListQuery { sort: "due_resolve_at".to_owned(), limit: NEXT, ..mine }).await?;
    Ok(HomeView { counts, approvals, tasks, late_tasks, next, drafts, today })
}

/// A number that is counted to one more than it is told.
fn some(counted: u32) -> Count {
    Count { value: counted.min(COUNTED), exact: counted <= COUNTED }
}
