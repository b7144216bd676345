//! A ticket as it is printed (T-LST-09): its properties and its timeline as filtered, as long as paper takes it.

use domain::error::AppError;
use domain::views::{PrintView, TimelineQuery};

use super::details::as_portal;
use super::{detail, timeline};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::settings::Settings;

/// From so many entries on, the rest is another print.
const ENTRIES_MAX: usize = 1_000;
/// Entries that are read at once.
const PAGE: u32 = 200;

/// What is printed of a ticket. Without `private` it is what the requester side sees of it, whoever prints (T-VIS-04): the paper
/// may be given away. With it, it is what the reader himself sees. Nothing is marked as read.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity; `Invalid` on a wrong filter.
pub async fn print(ctx: &Ctx, number: i64, query: TimelineQuery, private: bool) -> Result<PrintView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &super::path(ctx, &loaded.ticket)).await?;
    let loaded = if private { loaded } else { as_portal(loaded) };
    let ticket = detail::view(ctx, &snapshot, &loaded, &settings).await?;
    let mut query = TimelineQuery { around: String::new(), limit: PAGE, ..query };
    let mut all = timeline::of_loaded(ctx, &snapshot, &loaded, &query, &settings, !private).await?;
    while all.entries.len() < ENTRIES_MAX
        && let Some(cursor) = all.next_cursor.take()
    {
        query.cursor = cursor;
        let next = timeline::of_loaded(ctx, &snapshot, &loaded, &query, &settings, !private).await?;
        all.entries.extend(next.entries);
        all.next_cursor = next.next_cursor;
    }
    Ok(PrintView { ticket, timeline: all, private })
}
