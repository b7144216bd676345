//! Finding tickets by what was written in them (T-OCC-25..27).

use domain::error::Code;
use service::search;

use super::extract::{Caller, Params};
use super::json::{self, Answer};
use super::problem::ApiError;

/// `GET /search`: tickets, occurrences, tasks and solutions.
pub async fn show(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let q = params.text("q");
    if q.trim().is_empty() {
        params.wrong("q", Code::Required);
    }
    let kinds: Vec<String> =
        params.many("kinds").split(',').map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty()).collect();
    let entity = params.id("entity");
    let (cursor, limit, is_counted) = (params.text("cursor"), params.limit(), params.flag("count"));
    params.finish()?;
    let page = search::search(&caller.ctx, &q, &kinds, entity, &cursor, limit).await?;
    let items = page.items.iter().map(json::search_hit).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, is_counted.then_some(page.count))))
}
