//! The list of articles: everything the reader may read, by text and part, his own language first (T-KNO-02).

use std::collections::BTreeSet;

use domain::error::{AppError, Code};
use domain::lang::Lang;
use domain::policy::Capability;
use domain::search::Query;
use domain::views::{ArticleList, ArticleQuery, ArticleRow, Choice, Count, Page};
use entity::{article, list_row};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::rows::{today, views};
use super::{is_agent_of, require_reader};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{cursor, lists, scope, search};

/// Rows of a page unless the caller says otherwise.
const PAGE: u32 = 50;
/// Most rows of a page (A-LST-01).
const PAGE_MAX: u32 = 200;
/// Rows are counted exactly up to here.
const COUNTED: i64 = 1_000;
/// Parts only agents may ask for.
const PARTS: [&str; 6] = ["public", "internal", "draft", "archived", "review", "trash"];

/// Own language, last change, id: what orders articles.
type Position = (i64, i64, Uuid);

/// The articles the reader may read. Archived ones, and those of the trash, are parts of their own.
///
/// # Errors
/// `Forbidden(knowledge.view)`; `Invalid`: `q` `too_long`, an unknown part, category or language, a foreign `cursor`.
pub async fn list(ctx: &Ctx, query: &ArticleQuery) -> Result<ArticleList, ServiceError> {
    require_reader(&ctx.actor)?;
    let words = search::parse(&query.q).map_err(|code| AppError::field("q", code))?;
    let snapshot = ctx.db().snapshot().await?;
    let categories = categories(&snapshot, &ctx.actor).await?;
    let condition = condition(ctx, query, &words, &categories, None)?;
    let limit = if query.limit == 0 { PAGE } else { query.limit.min(PAGE_MAX) };
    let filters = [&query.q, &query.part, &query.category, &query.language];
    let binding = format!("articles:{}:{}", ctx.actor.id(), serde_json::to_string(&filters)?);
    let position: Option<Position> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let is_empty_query = !query.q.trim().is_empty() && words.is_empty();
    let (rows, count) = if is_empty_query {
        (Vec::new(), Count { value: 0, exact: true })
    } else {
        (page(ctx, &snapshot, &condition, position, i64::from(limit) + 1).await?, count(&snapshot, &condition).await?)
    };
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > keep;
    let (positions, found): (Vec<Position>, Vec<article::Model>) = rows.into_iter().take(keep).unzip();
    let next_cursor =
        positions.last().filter(|_| is_more).map(|position| cursor::seal(&ctx.services.secret, &binding, position));
    let items = views(ctx, &snapshot, &found, &words).await?;
    Ok(ArticleList {
        items,
        next_cursor,
        count,
        is_empty_query,
        parts: parts(ctx, &snapshot).await?,
        categories: choices(&categories, ctx.actor.lang),
        may_write: !ctx.actor.entities_with(Capability::KnowledgeEdit).is_empty(),
        now: ctx.moment(),
    })
}

/// Articles of the search over everything (T-LST-08): those of the list that fit, in its order; `None` for those who may read none
/// anywhere.
///
/// # Errors
/// `Invalid` for a foreign `cursor`.
pub(crate) async fn found(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    find: &search::Find<'_>,
) -> Result<Option<Page<ArticleRow>>, ServiceError> {
    let actor = &ctx.actor;
    if require_reader(actor).is_err() {
        return Ok(None);
    }
    let place = find.entity.map(|entity| {
        let mut sql = Sql::default();
        sql.among("a.entity_id", actor.below(entity).into_iter().collect::<Vec<_>>());
        sql
    });
    let condition = condition(ctx, &ArticleQuery::default(), find.query, &[], place.as_ref())?;
    let position: Option<Position> = cursor::open(&ctx.services.secret, find.binding, find.cursor)?;
    let mut rows = page(ctx, connection, &condition, position, i64::from(find.limit) + 1).await?;
    let most = usize::try_from(find.limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > most;
    rows.truncate(most);
    let next_cursor =
        rows.last().filter(|_| is_more).map(|(position, _)| cursor::seal(&ctx.services.secret, find.binding, position));
    let count = if find.is_counted { Some(count(connection, &condition).await?) } else { None };
    let rows: Vec<article::Model> = rows.into_iter().map(|(_, row)| row).collect();
    let items = views(ctx, connection, &rows, find.query).await?;
    Ok(Some(Page { items, next_cursor, count, now: ctx.moment() }))
}

/// Everything a row must fulfil, on alias `a`; also what a caller asks of its place, on the same alias.
fn condition(
    ctx: &Ctx,
    query: &ArticleQuery,
    words: &Query,
    categories: &[list_row::Model],
    place: Option<&Sql>,
) -> Result<Sql, AppError> {
    let actor = &ctx.actor;
    let invalid = |field: &str| AppError::field(field, Code::Invalid);
    if !query.part.is_empty() && (!PARTS.contains(&query.part.as_str()) || !scope::reads_internal_articles(actor)) {
        return Err(invalid("part"));
    }
    let mut sql = match query.part.as_str() {
        "trash" => scope::article_trash(actor),
        _ if scope::reads_internal_articles(actor) => scope::articles(actor),
        // Portal users: nothing else is named in their SQL.
        _ => scope::public_articles(actor),
    };
    sql.push(match query.part.as_str() {
        "public" => " AND a.status = 'published' AND a.audience = 'public'",
        "internal" => " AND a.status = 'published' AND a.audience = 'agents'",
        "draft" => " AND a.status = 'draft'",
        "archived" => " AND a.status = 'archived'",
        "review" | "trash" => "",
        _ => " AND a.status <> 'archived'",
    });
    if query.part == "review" {
        sql.append(&to_review(ctx));
    }
    if !query.language.is_empty() {
        let lang: Lang = query.language.parse().map_err(|_unknown| invalid("language"))?;
        sql.push_bind(" AND a.language = ", lang.code());
    }
    if !query.category.is_empty() {
        let id = query.category.parse::<Uuid>().map_err(|_no_id| invalid("category"))?;
        sql.push(" AND a.category_id IN ").list(with_below(categories, id));
    }
    if let Some(place) = place {
        sql.push(" AND ").append(place);
    }
    if !words.is_empty() {
        let engine = ctx.db().engine();
        if query.part == "trash" {
            // What lies there has no words in the index: its titles are compared.
            return Err(AppError::field("q", Code::NotAllowed));
        }
        let fits = search::article_condition(words, engine, scope::reads_internal_articles(actor), &sql);
        sql.push(" AND ").append(&fits);
    }
    Ok(sql)
}

/// One's own articles whose review day has passed (T-KNO-05).
fn to_review(ctx: &Ctx) -> Sql {
    let mut sql = Sql::new(" AND a.status <> 'archived' AND a.owner_id = ");
    sql.bind(ctx.actor.id()).push_bind(" AND a.review_on < ", today(ctx));
    sql
}

async fn page(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    condition: &Sql,
    after: Option<Position>,
    most: i64,
) -> Result<Vec<(Position, article::Model)>, ServiceError> {
    let mut sql = Sql::new("SELECT x.* FROM (SELECT a.*, CAST(CASE WHEN a.language = ");
    sql.bind(ctx.actor.lang.code())
        .push(" THEN 1 ELSE 0 END AS BIGINT) AS own FROM article a WHERE ")
        .append(condition);
    sql.push(") AS x");
    if let Some((own, at, id)) = after {
        sql.push_bind(" WHERE (x.own, x.updated_at, x.id) < (", own).push_bind(", ", at).push_bind(", ", id).push(")");
    }
    sql.push_bind(" ORDER BY x.own DESC, x.updated_at DESC, x.id DESC LIMIT ", most);
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        let own: i64 = row.try_get("", "own")?;
        let row = article::Model::from_query_result(&row, "")?;
        out.push(((own, row.updated_at, row.id), row));
    }
    Ok(out)
}

async fn count(connection: &impl ConnectionTrait, condition: &Sql) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM article a WHERE ");
    sql.append(condition).push_bind(" LIMIT ", COUNTED + 1).push(") AS n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(Count { value: u32::try_from(found.min(COUNTED)).unwrap_or_default(), exact: found <= COUNTED })
}

#[derive(Debug, FromQueryResult)]
struct PartCount {
    part: String,
    articles: i64,
}

/// What there is to ask for, with how much is in each; nothing for readers who are no agents.
async fn parts(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Vec<(String, u32)>, ServiceError> {
    let actor = &ctx.actor;
    if !scope::reads_internal_articles(actor) {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "SELECT CASE WHEN a.status = 'published' AND a.audience = 'agents' THEN 'internal' \
         WHEN a.status = 'published' THEN 'public' ELSE a.status END AS part, COUNT(*) AS articles FROM article a WHERE ",
    );
    sql.append(&scope::articles(actor)).push(" GROUP BY 1");
    let found: Vec<PartCount> = sql.all(connection).await?;
    let of = |part: &str| found.iter().find(|row| row.part == part).map_or(0, |row| row.articles);
    let mut out = vec![("public", of("public")), ("internal", of("internal"))];
    if !actor.entities_with(Capability::KnowledgeEdit).is_empty() {
        let mut review = scope::articles(actor);
        review.append(&to_review(ctx));
        out.extend([("draft", of("draft")), ("archived", of("archived"))]);
        out.push(("review", i64::from(count(connection, &review).await?.value)));
        out.push(("trash", i64::from(count(connection, &scope::article_trash(actor)).await?.value)));
    }
    Ok(out.into_iter().map(|(part, count)| (part.to_owned(), u32::try_from(count).unwrap_or(u32::MAX))).collect())
}

/// Categories to choose from: for agents those of their entities, for others those that hold something they may read.
async fn categories(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<list_row::Model>, ServiceError> {
    let rows = lists::rows_of_entities(connection, lists::KNOWLEDGE_CATEGORIES, &actor.entities()).await?;
    if scope::reads_internal_articles(actor) {
        return Ok(rows);
    }
    let mut sql = Sql::new("SELECT DISTINCT a.category_id AS id FROM article a WHERE a.category_id IS NOT NULL AND ");
    sql.append(&scope::public_articles(actor));
    let mut used: BTreeSet<Uuid> = BTreeSet::new();
    for row in sql.rows(connection).await? {
        let mut at: Option<Uuid> = Some(row.try_get("", "id")?);
        // With what stands above it, so that the tree has its roots.
        while let Some(id) = at.filter(|id| used.insert(*id)) {
            at = rows.iter().find(|row| row.id == id).and_then(|row| row.parent_id);
        }
    }
    Ok(rows.into_iter().filter(|row| used.contains(&row.id)).collect())
}

/// Options, trees in order of their branches.
pub(super) fn choices(rows: &[list_row::Model], lang: Lang) -> Vec<Choice> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (row.position, row.id));
    lists::choices(&rows, lang)
}

/// A category and everything below it.
fn with_below(rows: &[list_row::Model], id: Uuid) -> Vec<Uuid> {
    let mut out = vec![id];
    let mut at = 0;
    while let Some(parent) = out.get(at).copied() {
        at += 1;
        let below: Vec<Uuid> = rows
            .iter()
            .filter(|row| row.parent_id == Some(parent) && !out.contains(&row.id))
            .map(|row| row.id)
            .collect();
        out.extend(below);
    }
    out
}

/// Articles that fit some words and count in an entity (`path`: it and what stands above it), for pickers: the newest of the
/// reader's language first.
pub(super) async fn matching(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    text: &str,
    path: &[Uuid],
    most: i64,
) -> Result<Vec<article::Model>, ServiceError> {
    let query = ArticleQuery { q: text.to_owned(), ..ArticleQuery::default() };
    let words = search::parse(text).map_err(|code| AppError::field("q", code))?;
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let condition = condition(ctx, &query, &words, &[], Some(&scope::articles_of(path)))?;
    let rows = page(ctx, connection, &condition, None, most).await?;
    Ok(rows.into_iter().map(|(_, row)| row).filter(|row| is_agent_of(&ctx.actor, row)).collect())
}
