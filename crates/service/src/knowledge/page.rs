//! One article as its reader sees it: the text, its files and languages, and for agents who wrote it and which tickets use it.

use domain::policy::Capability;
use domain::search::Query;
use domain::ticket::Status;
use domain::views::{
    ArticleAbout, ArticlePage, ArticleTicket, ArticleTranslation, ArticleView, Count, DocumentView, Ref,
};
use entity::article;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::rows::{language_of, status_of, views};
use super::{id_of, is_agent_of, load, may_edit, require_reader, select};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::{self, ActorDirectory};
use crate::sql::{Sql, unique};
use crate::{documents, sanitise, scope};

/// Tickets an article page names.
const TICKETS: i64 = 10;
/// Tickets are counted exactly up to here.
const COUNTED: i64 = 1_000;
/// Most languages of one family.
const FAMILY: i64 = 20;

/// An article.
///
/// # Errors
/// `NotFound` for unknown and for invisible ones alike.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<ArticleView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = load(&snapshot, &ctx.actor, id).await?;
    view(ctx, &snapshot, row).await
}

/// The same for the page, whose address is as somebody typed it.
///
/// # Errors
/// As [`get`]; `Forbidden(knowledge.view)`.
pub async fn page(ctx: &Ctx, id: &str) -> Result<ArticlePage, ServiceError> {
    require_reader(&ctx.actor)?;
    Ok(ArticlePage { article: get(ctx, id_of(id)?).await?, now: ctx.moment() })
}

async fn view(ctx: &Ctx, connection: &impl ConnectionTrait, row: article::Model) -> Result<ArticleView, ServiceError> {
    let agent = is_agent_of(&ctx.actor, &row);
    let files = documents::of_entries(connection, &[row.id]).await?.into_values().flatten().collect::<Vec<_>>();
    let people = unique(
        [row.author_id, row.edited_by_id, row.owner_id].into_iter().flatten().chain(files.iter().map(|f| f.author_id)),
    );
    let names = people::actor_views(connection, &people, &[]).await?;
    let translations = translations(ctx, connection, &row).await?;
    let about = if agent { Some(about(ctx, connection, &row, &names).await?) } else { None };
    let attachments: Vec<DocumentView> = files
        .iter()
        .map(|file| documents::view(file, None, names.author(Some(file.author_id), agent), ctx.actor.zone))
        .collect();
    let listed = views(ctx, connection, std::slice::from_ref(&row), &Query::default()).await?;
    let first = listed.into_iter().next().ok_or_else(|| ServiceError::internal("an article without a view"))?;
    Ok(ArticleView {
        row: first,
        body: sanitise::stored(row.body),
        body_text: row.body_text,
        attachments,
        translations,
        about,
    })
}

/// Its other languages, as far as the reader may read them.
async fn translations(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: &article::Model,
) -> Result<Vec<ArticleTranslation>, ServiceError> {
    let mut condition = if scope::reads_internal_articles(&ctx.actor) {
        scope::articles(&ctx.actor)
    } else {
        scope::public_articles(&ctx.actor)
    };
    condition.push_bind(" AND a.family_id = ", row.family_id).push_bind(" AND a.id <> ", row.id);
    let found = select(connection, &condition, "a.language, a.id", FAMILY).await?;
    Ok(found
        .into_iter()
        .map(|row| ArticleTranslation {
            id: row.id,
            language: language_of(&row),
            status: status_of(&row),
            title: row.title,
        })
        .collect())
}

#[derive(Debug, FromQueryResult)]
struct TicketRow {
    number: i64,
    title: String,
    status: String,
}

async fn about(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: &article::Model,
    names: &ActorDirectory,
) -> Result<ArticleAbout, ServiceError> {
    let actor = &ctx.actor;
    let mut used = Sql::new(" FROM article_link l JOIN ticket t ON t.id = l.ticket_id WHERE l.article_id = ");
    used.bind(row.id).push(" AND ").append(&scope::tickets(actor));
    let mut sql = Sql::new("SELECT t.number, t.title, t.status");
    sql.append(&used).push_bind(" ORDER BY t.number DESC LIMIT ", TICKETS);
    let tickets: Vec<TicketRow> = sql.all(connection).await?;
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one");
    sql.append(&used).push_bind(" LIMIT ", COUNTED + 1).push(") AS n");
    let count: i64 = sql.scalar(connection).await?.unwrap_or(0);
    let editable = may_edit(actor, row);
    Ok(ArticleAbout {
        entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
        recursive: row.recursive,
        owner: row.owner_id.map(|id| Ref { id, name: names.user(id).name }),
        author: names.author(row.author_id, true),
        edited_by: names.author(row.edited_by_id, true),
        created_at: moment(row.created_at, actor.zone),
        revision: row.revision,
        is_from_private: row.from_private,
        helped: row.helped,
        used: Count { value: u32::try_from(count.min(COUNTED)).unwrap_or_default(), exact: count <= COUNTED },
        tickets: tickets
            .into_iter()
            .map(|row| ArticleTicket {
                number: row.number,
                title: row.title,
                status: row.status.parse().unwrap_or(Status::New),
            })
            .collect(),
        editable,
        may_purge: editable && actor.has(row.entity_id, Capability::TicketPurge),
        deleted_at: row.deleted_at.map(|at| moment(at, actor.zone)),
    })
}
