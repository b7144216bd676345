//! Articles as rows of a list: what their reader may know of each, in a fixed number of queries.

use domain::knowledge::{ArticleStatus, Audience};
use domain::lang::Lang;
use domain::search::Query;
use domain::views::{ArticleHint, ArticleRow};
use entity::article;
use sea_orm::ConnectionTrait;

use super::is_agent_of;
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::{local_date, moment};
use crate::sql::unique;
use crate::{lists, sanitise, search};

/// Longest beginning of an article that is told beside its title, in characters.
const LINES: usize = 160;
/// A text longer than this is not sent along before somebody asks for it, in characters.
const WHOLE_MAX: usize = 6_000;

/// Language of a row; stored words are only written by this program.
pub(super) fn language_of(row: &article::Model) -> Lang {
    row.language.parse().unwrap_or_default()
}

/// Status of a row; what cannot be read is nobody's but the writers'.
pub(super) fn status_of(row: &article::Model) -> ArticleStatus {
    row.status.parse().unwrap_or_default()
}

/// Audience of a row; what cannot be read is for agents.
pub(super) fn audience_of(row: &article::Model) -> Audience {
    row.audience.parse().unwrap_or_default()
}

/// Whether everybody may read it.
pub(super) fn is_public(row: &article::Model) -> bool {
    row.deleted_at.is_none() && status_of(row) == ArticleStatus::Published && audience_of(row) == Audience::Public
}

/// Today, as the reader's calendar shows it, in the form review days are stored in.
pub(super) fn today(ctx: &Ctx) -> String {
    local_date(ctx.now(), ctx.actor.zone).to_string()
}

/// Rows as their reader sees them; names of categories in one query.
pub(super) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    rows: &[article::Model],
    query: &Query,
) -> Result<Vec<ArticleRow>, ServiceError> {
    let ids = unique(rows.iter().filter_map(|row| row.category_id));
    let categories = lists::refs(connection, &ids, ctx.actor.lang).await?;
    let today = today(ctx);
    let view = |row: &article::Model| {
        let agent = is_agent_of(&ctx.actor, row);
        let review_on = row.review_on.clone().filter(|_| agent);
        ArticleRow {
            id: row.id,
            title: row.title.clone(),
            snippet: search::article_snippet(row, query),
            language: language_of(row),
            category: row.category_id.and_then(|id| categories.get(&id)).cloned(),
            audience: agent.then(|| audience_of(row)),
            status: status_of(row),
            is_review_due: review_on.as_ref().is_some_and(|day| *day < today),
            review_on,
            updated_at: moment(row.updated_at, ctx.actor.zone),
            version: row.version,
        }
    };
    Ok(rows.iter().map(view).collect())
}

/// A published public article as it helps: title, first lines, and its text where it is short.
pub(super) fn hint(row: &article::Model, is_whole: bool) -> ArticleHint {
    let fits = is_whole && domain::text::length(&row.body_text) <= WHOLE_MAX;
    ArticleHint {
        id: row.id,
        title: row.title.clone(),
        lines: domain::text::excerpt(&row.body_text.replace('\n', " "), LINES),
        language: language_of(row),
        html: if fits { sanitise::stored(row.body.clone()) } else { domain::html::SafeHtml::default() },
    }
}

/// The reader's own language before the others.
pub(super) fn own_first(actor: &Actor, rows: &mut [article::Model]) {
    rows.sort_by_key(|row| language_of(row) != actor.lang);
}
