//! Home of agents: counts of the lists they work in, each bounded, and what is due first.
//!
//! Does not belong here: which rows the lists have (`tickets`), words and addresses (`app`).

use domain::error::AppError;
use domain::views::{HomeCount, HomeList, HomeView, ListQuery};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{drafts, moments, tickets};

/// Tickets named as next.
const NEXT: u32 = 5;

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
    let drafts = drafts::number(ctx, &snapshot).await?;
    drop(snapshot);
    let mine = HomeList::Mine.query(&today);
    let next = tickets::list(ctx, ListQuery { sort: "due_resolve_at".to_owned(), limit: NEXT, ..mine }).await?;
    Ok(HomeView { counts, next, drafts, today })
}
