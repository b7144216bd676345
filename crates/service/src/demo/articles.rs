//! The knowledge base of the demo desk: articles of every kind in four languages, and the tickets that use them.

use std::collections::BTreeMap;

use domain::knowledge::{ArticleStatus, Audience};
use domain::occurrence::BodyFormat;
use entity::{article, article_link, article_revision, list_row, ticket_event};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::desk::{self, Desk, Texts, known, known_id};
use super::rows::insert_all;
use crate::ctx::new_id;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::{lists, sanitise, search};

const DAY: i64 = 86_400;

/// `articles.json`.
#[derive(Debug, Deserialize)]
pub(super) struct ArticleFile {
    categories: Vec<CategoryItem>,
    pub(super) articles: Vec<ArticleItem>,
}

#[derive(Debug, Deserialize)]
struct CategoryItem {
    key: String,
    parent: Option<String>,
    names: Texts,
}

/// An article in the file; times are days before or after the moment of loading.
#[derive(Debug, Deserialize)]
pub(super) struct ArticleItem {
    key: String,
    /// Key of the article it translates.
    family: Option<String>,
    entity: String,
    pub(super) language: String,
    title: String,
    html: String,
    /// Text of its first version, where that was another one.
    former: Option<String>,
    category: Option<String>,
    audience: Audience,
    status: ArticleStatus,
    owner: String,
    written_ago_days: i64,
    review_in_days: Option<i64>,
    helped: i64,
    /// Numbers of the tickets that use it.
    tickets: Vec<usize>,
}

/// What is written before anything can point at it.
#[derive(Debug, Default)]
struct Rows {
    articles: Vec<article::Model>,
    revisions: Vec<article_revision::Model>,
    links: Vec<article_link::Model>,
    events: Vec<ticket_event::Model>,
}

/// Inserts all of it; `tickets` are id and last change of the tickets, by their numbers from 1 on.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    engine: Engine,
    desk: &Desk,
    file: &ArticleFile,
    tickets: &[(Uuid, i64)],
    now: i64,
) -> Result<(), ServiceError> {
    let root = *known(&desk.entities, "acme")?;
    let mut categories: BTreeMap<String, Uuid> = BTreeMap::new();
    let mut rows: Vec<list_row::Model> = Vec::new();
    for (item, position) in file.categories.iter().zip(1..) {
        let mut row = desk::list_row_of(lists::KNOWLEDGE_CATEGORIES, root, &item.names, position)?;
        row.parent_id = known_id(&categories, item.parent.as_deref())?;
        categories.insert(item.key.clone(), row.id);
        rows.push(row);
    }
    insert_all::<list_row::Entity>(tx, rows).await?;
    let rows = build(desk, file, &categories, tickets, now)?;
    insert_all::<article::Entity>(tx, rows.articles.clone()).await?;
    for row in &rows.articles {
        search::index_article(tx, engine, row).await?;
    }
    insert_all::<article_revision::Entity>(tx, rows.revisions).await?;
    insert_all::<article_link::Entity>(tx, rows.links).await?;
    insert_all::<ticket_event::Entity>(tx, rows.events).await
}

fn build(
    desk: &Desk,
    file: &ArticleFile,
    categories: &BTreeMap<String, Uuid>,
    tickets: &[(Uuid, i64)],
    now: i64,
) -> Result<Rows, ServiceError> {
    let mut out = Rows::default();
    let mut families: BTreeMap<String, Uuid> = BTreeMap::new();
    for item in &file.articles {
        let family = known_id(&families, item.family.as_deref())?;
        let row = row(desk, item, categories, family, now)?;
        families.insert(item.key.clone(), row.family_id);
        let is_public = item.status == ArticleStatus::Published && item.audience == Audience::Public;
        for number in &item.tickets {
            let (ticket_id, at) = number
                .checked_sub(1)
                .and_then(|index| tickets.get(index))
                .copied()
                .ok_or_else(|| ServiceError::internal(format!("the demo articles name ticket {number}")))?;
            out.links.push(article_link::Model { article_id: row.id, ticket_id, by_id: row.owner_id, at });
            out.events.push(event(&row, ticket_id, at, is_public));
        }
        out.revisions.extend(versions(item, &row));
        out.articles.push(row);
    }
    Ok(out)
}

fn row(
    desk: &Desk,
    item: &ArticleItem,
    categories: &BTreeMap<String, Uuid>,
    family: Option<Uuid>,
    now: i64,
) -> Result<article::Model, ServiceError> {
    let (id, owner) = (new_id(), known(&desk.people, &item.owner)?.id);
    let body = sanitise::rich(&item.html, BodyFormat::Html);
    let created_at = now - item.written_ago_days * DAY;
    let steps = steps(item);
    let last = i32::try_from(steps.len()).unwrap_or(1);
    Ok(article::Model {
        id,
        entity_id: *known(&desk.entities, &item.entity)?,
        recursive: true,
        family_id: family.unwrap_or(id),
        title: sanitise::title(&item.title),
        body: body.html.as_str().to_owned(),
        body_text: body.text,
        language: item.language.clone(),
        category_id: known_id(categories, item.category.as_deref())?,
        audience: item.audience.as_str().to_owned(),
        status: item.status.as_str().to_owned(),
        owner_id: Some(owner),
        review_on: item.review_in_days.and_then(|days| day(now + days * DAY)),
        from_private: false,
        author_id: Some(owner),
        edited_by_id: Some(owner),
        helped: item.helped,
        created_at,
        updated_at: created_at + i64::from(last - 1) * DAY,
        deleted_at: None,
        deleted_by_id: None,
        revision: last,
        version: last,
    })
}

/// The calendar day of a moment.
fn day(at: i64) -> Option<String> {
    chrono::DateTime::from_timestamp(at, 0).map(|at| at.date_naive().to_string())
}

/// What its versions are called and the status each left it in, oldest first.
fn steps(item: &ArticleItem) -> Vec<(&'static str, ArticleStatus)> {
    let mut out = vec![("created", ArticleStatus::Draft)];
    if item.status != ArticleStatus::Draft {
        out.push(("published", ArticleStatus::Published));
    }
    if item.former.is_some() {
        out.push(("edited", ArticleStatus::Published));
    }
    if item.status == ArticleStatus::Archived {
        out.push(("archived", ArticleStatus::Archived));
    }
    out
}

/// All versions of an article, a day apart, with the former text up to the edit.
fn versions(item: &ArticleItem, row: &article::Model) -> Vec<article_revision::Model> {
    let former = item.former.as_ref().map(|html| sanitise::rich(html, BodyFormat::Html));
    let mut is_former = former.is_some();
    let mut out = Vec::new();
    for ((what, status), number) in steps(item).into_iter().zip(1..) {
        is_former &= what != "edited";
        let (body, body_text) = match former.as_ref().filter(|_| is_former) {
            Some(rich) => (rich.html.as_str().to_owned(), rich.text.clone()),
            None => (row.body.clone(), row.body_text.clone()),
        };
        out.push(article_revision::Model {
            id: new_id(),
            article_id: row.id,
            number,
            row_version: number,
            at: row.created_at + i64::from(number - 1) * DAY,
            by_id: row.author_id,
            what: what.to_owned(),
            title: row.title.clone(),
            body,
            body_text,
            language: row.language.clone(),
            category_id: row.category_id,
            audience: row.audience.clone(),
            status: status.as_str().to_owned(),
            recursive: row.recursive,
            owner_id: row.owner_id,
            review_on: row.review_on.clone(),
            attachments: String::new(),
        });
    }
    out
}

/// That a ticket uses it, with the last change of the ticket, so that no date moves.
fn event(row: &article::Model, ticket_id: Uuid, at: i64, is_public: bool) -> ticket_event::Model {
    ticket_event::Model {
        id: new_id(),
        ticket_id,
        at,
        author_id: row.owner_id,
        kind: "record_linked".to_owned(),
        public: false,
        entry_kind: Some(crate::knowledge::KIND.to_owned()),
        entry_id: Some(row.id),
        entry_private: !is_public,
        entry_author_id: row.owner_id,
        changes: "[]".to_owned(),
        data: r#"{"version":0}"#.to_owned(),
    }
}
