//! Articles that tickets use (T-KNO-03): linked and unlinked by the team, in closed tickets too (T-TKT-07). A link outlives its
//! article and then says that there was one.

use std::collections::BTreeMap;

use domain::error::{AppError, Code};
use domain::knowledge::{ArticleStatus, Audience};
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::search::Query;
use domain::views::{ArticleHint, ArticleRow, ArticleText, LinkedArticle, TicketArticles};
use entity::{article, article_link};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::rows::{audience_of, hint, is_public, own_first, views};
use super::{KIND, id_of, list, load, select};
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::moments::moment;
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded, Touch};
use crate::work::{Work, write};
use crate::{lists, occurrences, people, sanitise, scope, solutions};

/// Articles a picker offers.
const FOUND: i64 = 10;
/// Articles a ticket shows.
const LINKED: i64 = 200;
/// Characters of the entry an article is made from.
const ENTRY: usize = 200;

/// The tab "Knowledge base" of a ticket: what it uses, what fits the words asked for, and the entry an article may be made from.
///
/// # Errors
/// `NotFound` for tickets out of sight, and for readers who are no agents; `Invalid` on `q`.
pub async fn of_ticket(ctx: &Ctx, number: i64, q: &str, entry: &str) -> Result<TicketArticles, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let linked = linked(ctx, &snapshot, &loaded).await?;
    let mut found = fitting(ctx, &snapshot, &loaded, q).await?;
    found.retain(|row| linked.iter().all(|link| link.id != row.id));
    drop(snapshot);
    let may_link = loaded.caps.contains(Capability::TicketUpdate) && loaded.ticket.deleted_at.is_none();
    Ok(TicketArticles {
        number,
        title: loaded.ticket.title.clone(),
        status: loaded.status(),
        linked,
        found,
        may_link,
        may_write: loaded.caps.contains(Capability::KnowledgeEdit),
        entry: match entry.parse::<Uuid>() {
            Ok(id) => entry_of(ctx, number, id).await?,
            Err(_none) => None,
        },
        key: random_token(16),
        now: ctx.moment(),
    })
}

/// The entry an article may be made from, if it is one of the ticket: its first words, and whether it is private.
async fn entry_of(ctx: &Ctx, number: i64, id: Uuid) -> Result<Option<(Uuid, String, bool)>, ServiceError> {
    let words = |text: &str| domain::text::excerpt(&text.replace('\n', " "), ENTRY);
    match occurrences::get(ctx, id).await {
        Ok(view) if view.ticket == number && view.removed.is_none() => {
            return Ok(Some((id, words(&view.body_text), view.visibility.is_private())));
        }
        Err(error) if error.public != AppError::NotFound => return Err(error),
        _ => {}
    }
    // T-SOL-04: a solution, too.
    match solutions::get(ctx, id).await {
        Ok(view) if view.ticket == number => Ok(Some((id, words(&view.body_text), false))),
        Err(error) if error.public != AppError::NotFound => Err(error),
        _ => Ok(None),
    }
}

/// Articles that fit some words and count in the entity of a ticket; none for no words.
///
/// # Errors
/// `Invalid` on `q`; `Unavailable` when the database is away.
pub(crate) async fn fitting(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    q: &str,
) -> Result<Vec<ArticleRow>, ServiceError> {
    let path = ctx.actor.path_of(loaded.ticket.entity_id);
    let rows = list::matching(ctx, connection, q, &path, FOUND).await?;
    views(ctx, connection, &rows, &crate::search::parse(q).unwrap_or_default()).await
}

/// Whether an article counts in the entity of a ticket.
fn reaches(ctx: &Ctx, loaded: &Loaded, row: &article::Model) -> bool {
    lists::reaches(row.entity_id, row.recursive, &ctx.actor.path_of(loaded.ticket.entity_id))
}

async fn linked(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<Vec<LinkedArticle>, ServiceError> {
    let links = article_link::Entity::find()
        .filter(article_link::Column::TicketId.eq(loaded.ticket.id))
        .order_by_desc(article_link::Column::At)
        .order_by_desc(article_link::Column::ArticleId)
        .all(connection)
        .await?;
    let ids = unique(links.iter().map(|link| link.article_id));
    let mut condition = scope::open_articles(&ctx.actor);
    condition.push(" AND a.id IN ").list(ids.iter().copied());
    let rows = select(connection, &condition, "a.id", LINKED).await?;
    let read = views(ctx, connection, &rows, &Query::default()).await?;
    let mut read: BTreeMap<Uuid, ArticleRow> = read.into_iter().map(|row| (row.id, row)).collect();
    let there = article::Entity::find()
        .filter(article::Column::Id.is_in(ids))
        .filter(article::Column::DeletedAt.is_null())
        .all(connection)
        .await?;
    let names = people::actor_views(connection, &unique(links.iter().filter_map(|link| link.by_id)), &[]).await?;
    let view = |link: &article_link::Model| {
        let row = read.remove(&link.article_id);
        let is_removed = there.iter().all(|row| row.id != link.article_id);
        // One that the reader may not read leaves no trace; one that is gone says so (T-KNO-05).
        (row.is_some() || is_removed).then(|| LinkedArticle {
            id: link.article_id,
            row,
            is_removed,
            by: names.author(link.by_id, true),
            at: moment(link.at, ctx.actor.zone),
        })
    };
    Ok(links.iter().filter_map(view).collect())
}

/// Links an article to a ticket; one that is linked stays so.
///
/// # Errors
/// `NotFound` for tickets out of sight; `Forbidden(ticket.update)`; `Refused(TicketDeleted)`; `Invalid` on `article`
/// (`unknown_reference`) for one that the actor may not read or that does not count in the entity of the ticket.
pub async fn link(ctx: &Ctx, number: i64, article: &str) -> Result<(), ServiceError> {
    let article = article.to_owned();
    write(ctx, move |w| {
        let article = article.clone();
        Box::pin(async move {
            let mut loaded = lock(w, number).await?;
            let row = named(w, &loaded, &article).await?;
            link_in(w, &mut loaded, &row).await
        })
    })
    .await
}

/// The ticket, if the actor may change its links now.
pub(super) async fn lock(w: &Work, number: i64) -> Result<Loaded, ServiceError> {
    let loaded = tickets::lock(w, number).await?;
    loaded.require(Capability::TicketUpdate)?;
    if loaded.ticket.deleted_at.is_some() {
        return Err(Code::TicketDeleted.into());
    }
    Ok(loaded)
}

/// The article of a field `article`.
pub(crate) async fn named(w: &Work, loaded: &Loaded, text: &str) -> Result<article::Model, ServiceError> {
    let unknown = || AppError::field(KIND, Code::UnknownReference);
    let id = text.trim().parse::<Uuid>().map_err(|_no_id| unknown())?;
    match load(&w.tx, w.actor(), id).await {
        Ok(row) if row.deleted_at.is_none() && reaches(&w.ctx, loaded, &row) => Ok(row),
        Ok(_) => Err(unknown().into()),
        Err(error) if error.public == AppError::NotFound => Err(unknown().into()),
        Err(error) => Err(error),
    }
}

/// Links an article to a locked ticket once, with its event.
pub(crate) async fn link_in(w: &Work, loaded: &mut Loaded, row: &article::Model) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO article_link (article_id, ticket_id, by_id, at) VALUES (");
    sql.bind(row.id)
        .push_bind(", ", loaded.ticket.id)
        .push_bind(", ", w.actor().id())
        .push_bind(", ", w.now())
        .push(") ON CONFLICT (article_id, ticket_id) DO NOTHING");
    if sql.run(&w.tx).await?.rows_affected() == 0 {
        return Ok(());
    }
    told(w, loaded, row.id, is_public(row), "record_linked", "created").await
}

/// Takes a link away.
///
/// # Errors
/// As [`link`]; `NotFound` when there is none.
pub async fn unlink(ctx: &Ctx, number: i64, article: &str) -> Result<(), ServiceError> {
    let id = id_of(article)?;
    write(ctx, move |w| {
        Box::pin(async move {
            let mut loaded = lock(w, number).await?;
            let mut sql = Sql::new("DELETE FROM article_link WHERE article_id = ");
            sql.bind(id).push_bind(" AND ticket_id = ", loaded.ticket.id);
            if sql.run(&w.tx).await?.rows_affected() == 0 {
                return Err(AppError::NotFound.into());
            }
            let row = article::Entity::find_by_id(id).one(&w.tx).await?;
            let was_shown = row.as_ref().is_some_and(is_public);
            told(w, &mut loaded, id, was_shown, "record_unlinked", "removed").await
        })
    })
    .await
}

/// Event, dates and live event of a link. The title is in none of them: who reads the history asks for it under his own rights.
async fn told(
    w: &Work,
    loaded: &mut Loaded,
    article: Uuid,
    is_shown: bool,
    kind: &str,
    what: &str,
) -> Result<(), ServiceError> {
    let visibility = if is_shown { Visibility::Public } else { Visibility::Private };
    let author = Some(w.actor().id());
    tickets::save(w, &mut loaded.ticket, if is_shown { Touch::PublicEntry } else { Touch::PrivateEntry }).await?;
    let entry = Some((KIND, article, visibility, author));
    history::record(w, loaded.ticket.id, Record { kind, entry, ..Record::default() }).await?;
    let audience = events::audience(visibility);
    let author = author.filter(|_| visibility.is_private());
    events::emit(w, &loaded.ticket, NewChange { kind: KIND, what, object: article, version: 1, audience, author }).await
}

/// The published public articles of a request (P-DET-06), whoever reads, his own language first.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn of_request(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    ticket: Uuid,
) -> Result<Vec<ArticleHint>, ServiceError> {
    let mut condition = scope::public_articles(&ctx.actor);
    condition.push_bind(" AND a.id IN (SELECT l.article_id FROM article_link l WHERE l.ticket_id = ", ticket).push(")");
    let mut rows = select(connection, &condition, "a.title, a.id", LINKED).await?;
    own_first(&ctx.actor, &mut rows);
    Ok(rows.iter().map(|row| hint(row, false)).collect())
}

/// Titles of the published public articles of a ticket, for templates (T-TPL-03).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn public_titles(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<Vec<String>, ServiceError> {
    let mut condition = Sql::new("a.deleted_at IS NULL AND a.status = ");
    condition
        .bind(ArticleStatus::Published.as_str())
        .push_bind(" AND a.audience = ", Audience::Public.as_str())
        .push_bind(" AND a.id IN (SELECT l.article_id FROM article_link l WHERE l.ticket_id = ", ticket)
        .push(")");
    let rows = select(connection, &condition, "a.title, a.id", LINKED).await?;
    Ok(rows.into_iter().map(|row| row.title).collect())
}

/// A text to put into a solution (T-SOL-03), without its pictures: they are files of the article.
///
/// # Errors
/// `NotFound` for articles out of sight.
pub async fn insertable(ctx: &Ctx, id: Uuid) -> Result<ArticleText, ServiceError> {
    let row = load(ctx.db().reader(), &ctx.actor, id).await?;
    if row.deleted_at.is_some() {
        return Err(AppError::NotFound.into());
    }
    let is_internal = audience_of(&row) == Audience::Agents || !is_public(&row);
    let html = sanitise::keep_images(&sanitise::stored(row.body), &[]).as_str().to_owned();
    Ok(ArticleText { id: row.id, title: row.title, text: row.body_text, html, is_internal })
}
