//! The versions of an article, word by word, and going back to one (T-KNO-01).

use std::collections::BTreeMap;

use domain::error::AppError;
use domain::knowledge::ArticleStatus;
use domain::occurrence::BodyFormat;
use domain::policy::{self, Capability};
use domain::views::{ArticleRevision, ArticleRevisions, Ref};
use entity::{article, article_revision, document};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::fields::{self, ATTACHMENTS, BODY, CATEGORY, LANGUAGE, TITLE, Values, split};
use super::save::{ArticleChange, apply};
use super::{is_agent_of, load, lock, may_edit};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::unique;
use crate::work::{Work, write};
use crate::{lists, people, sanitise};

/// All versions the reader may see, oldest first. Those that were drafts are for those who write.
///
/// # Errors
/// `NotFound` for readers who are no agents, and for articles out of sight.
pub async fn revisions(ctx: &Ctx, id: Uuid) -> Result<ArticleRevisions, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = load(&snapshot, &ctx.actor, id).await?;
    if !is_agent_of(&ctx.actor, &row) {
        return Err(AppError::NotFound.into());
    }
    let mut stored = article_revision::Entity::find()
        .filter(article_revision::Column::ArticleId.eq(id))
        .order_by_asc(article_revision::Column::Number)
        .all(&snapshot)
        .await?;
    stored.retain(|version| sees(&ctx.actor, &row, version));
    let people = unique(stored.iter().flat_map(|version| [version.by_id, version.owner_id]).flatten());
    let names = people::actor_views(&snapshot, &people, &[]).await?;
    let categories = unique(stored.iter().filter_map(|version| version.category_id));
    let categories = lists::refs(&snapshot, &categories, ctx.actor.lang).await?;
    let files = file_names(&snapshot, id).await?;
    let mut former = String::new();
    let view = |version: article_revision::Model| {
        let text = [version.title.as_str(), "\n", version.body_text.as_str()].concat();
        let diff = sanitise::word_diff(&former, &text);
        former = text;
        ArticleRevision {
            revision: version.number,
            at: moment(version.at, ctx.actor.zone),
            by: names.author(version.by_id, true),
            what: version.what,
            title: version.title,
            body: sanitise::stored(version.body),
            body_text: version.body_text,
            language: version.language.parse().unwrap_or_default(),
            category: version.category_id.and_then(|id| categories.get(&id)).cloned(),
            audience: version.audience.parse().unwrap_or_default(),
            status: version.status.parse().unwrap_or_default(),
            owner: version.owner_id.map(|id| Ref { id, name: names.user(id).name }),
            review_on: version.review_on,
            attachments: split(&version.attachments)
                .into_iter()
                .filter_map(|id| files.get(&id).map(|name| Ref { id, name: name.clone() }))
                .collect(),
            diff,
        }
    };
    Ok(ArticleRevisions {
        id,
        title: row.title.clone(),
        version: row.version,
        editable: may_edit(&ctx.actor, &row) && row.deleted_at.is_none(),
        revisions: stored.into_iter().map(view).collect(),
        now: ctx.moment(),
    })
}

/// A version is read as an article in its state would be; agents below the entity read what was published.
fn sees(actor: &Actor, row: &article::Model, version: &article_revision::Model) -> bool {
    let audience = version.audience.parse().unwrap_or_default();
    let status: ArticleStatus = version.status.parse().unwrap_or_default();
    let at_home = policy::can_read_article(actor.caps(row.entity_id), true, audience, status);
    let reaches = |entity: &Uuid| lists::reaches(row.entity_id, row.recursive, &actor.path_of(*entity));
    let below = || {
        let mut entities = actor.entities_with(Capability::KnowledgeView).into_iter().filter(reaches);
        entities.any(|entity| policy::can_read_article(actor.caps(entity), false, audience, status))
    };
    at_home || below()
}

async fn file_names(connection: &impl ConnectionTrait, id: Uuid) -> Result<BTreeMap<Uuid, String>, ServiceError> {
    let rows = document::Entity::find().filter(document::Column::EntryId.eq(id)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Makes the words, language, category and files of a version the present ones again, as a new version. Audience and status stay.
///
/// # Errors
/// `NotFound` for articles and versions out of sight; `Forbidden(knowledge.edit)`; `Refused(EntryDeleted)` in the trash; `Conflict`
/// for another version of the article than `version`.
pub async fn restore_revision(
    ctx: &Ctx,
    id: Uuid,
    number: i32,
    version: Option<i32>,
    if_match: Option<i32>,
) -> Result<(), ServiceError> {
    write(ctx, move |w| Box::pin(back_to(w, id, number, version, if_match))).await
}

async fn back_to(
    w: &Work,
    id: Uuid,
    number: i32,
    version: Option<i32>,
    if_match: Option<i32>,
) -> Result<(), ServiceError> {
    let row = lock(w, id).await?;
    if version.is_some_and(|from| from != row.version) {
        return Err(AppError::Conflict { version: row.version, conflicts: Vec::new() }.into());
    }
    let found = article_revision::Entity::find()
        .filter(article_revision::Column::ArticleId.eq(id))
        .filter(article_revision::Column::Number.eq(number))
        .one(&w.tx)
        .await?
        .ok_or(AppError::NotFound)?;
    let mut values: Values = fields::of_revision(&found);
    values.retain(|name, _| [TITLE, BODY, LANGUAGE, CATEGORY, ATTACHMENTS].contains(name));
    if let Some(category) = values.get(CATEGORY).filter(|category| !category.is_empty()) {
        // One that was removed or switched off meanwhile does not come back.
        let path = w.actor().path_of(row.entity_id);
        if lists::active_row(&w.tx, lists::KNOWLEDGE_CATEGORIES, &path, category).await?.is_err() {
            values.remove(CATEGORY);
        }
    }
    let files = values.remove(ATTACHMENTS).map(|text| split(&text)).unwrap_or_default();
    let files: Vec<String> = files.iter().map(Uuid::to_string).collect();
    let read = fields::read(&values, BodyFormat::Html, Some(&files))?;
    let change = ArticleChange { if_match, ..ArticleChange::default() };
    apply(w, id, read, &change, "restored").await
}
