//! What is to know of a ticket that was solved all the same (T-GEN-12).

use domain::forms::AddSolution;
use domain::views::Warning;
use serde_json::json;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{knowledge, tasks, tickets};

/// What is to know behind the solution of a form that was saved: tasks that are still open, and an article whose text is for agents
/// (T-SOL-02, T-SOL-03). What cannot be found out is no reason to say that nothing was saved.
pub async fn warnings(ctx: &Ctx, form: &AddSolution) -> Vec<Warning> {
    let mut out = open_tasks(ctx, form.ticket).await.unwrap_or_default();
    if let Ok(article) = form.article.trim().parse::<Uuid>()
        && knowledge::insertable(ctx, article).await.is_ok_and(|made| made.is_internal)
    {
        out.push(Warning { code: "internal_text".to_owned(), data: json!({}) });
    }
    out
}

/// Tasks that stay open behind a solved ticket, as far as the actor sees them (T-SOL-02).
///
/// # Errors
/// `NotFound` for tickets out of sight.
pub(crate) async fn open_tasks(ctx: &Ctx, number: i64) -> Result<Vec<Warning>, ServiceError> {
    let reader = ctx.db().reader();
    let loaded = tickets::load_visible(reader, &ctx.actor, number).await?;
    let open = tasks::open_of(reader, &ctx.actor, loaded.ticket.id).await?.len();
    let warning = || Warning { code: "open_tasks".to_owned(), data: json!({ "count": open }) };
    Ok((open > 0).then(warning).into_iter().collect())
}
