//! Files of knowledge articles. They have no ticket: who may open the article may open its files.

use std::collections::{BTreeMap, BTreeSet};

use domain::error::{AppError, Code, FieldErrors};
use domain::knowledge::Audience;
use domain::occurrence::{ATTACHMENTS_MAX, Visibility};
use entity::{article, document};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::{ARTICLE, retain};
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// The field files are told at.
const FIELD: &str = "attachments";

/// Gives an article exactly these files, in this order: own uploads come, files it has or had stay or come back, others go.
///
/// # Errors
/// `Invalid`: `unknown_reference` and `duplicate` at `attachments[i]`, `too_many` on `attachments` over 20.
pub(crate) async fn set_of_article(w: &Work, article: &article::Model, ids: &[Uuid]) -> Result<(), ServiceError> {
    if ids.len() > ATTACHMENTS_MAX {
        return Err(AppError::field(FIELD, Code::TooMany).into());
    }
    let known = Condition::any()
        .add(document::Column::Id.is_in(ids.iter().copied()))
        .add(document::Column::EntryId.eq(article.id));
    let rows: BTreeMap<Uuid, document::Model> =
        document::Entity::find().filter(known).all(&w.tx).await?.into_iter().map(|row| (row.id, row)).collect();
    let belongs = |row: &document::Model| row.entry_id == Some(article.id);
    let is_own_upload = |row: &document::Model| {
        row.ticket_id.is_none()
            && row.entry_id.is_none()
            && row.author_id == w.actor().id()
            && row.expires_at.is_some_and(|at| at > w.now())
    };
    let mut errors = FieldErrors::new();
    let mut seen = BTreeSet::new();
    for (index, id) in ids.iter().enumerate() {
        let name = format!("{FIELD}[{index}]");
        if !seen.insert(*id) {
            errors.add(name, Code::Duplicate);
        } else if !rows.get(id).is_some_and(|row| belongs(row) || is_own_upload(row)) {
            errors.add(name, Code::UnknownReference);
        }
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors).into());
    }
    retain(w, article.id, ids).await?;
    for (position, id) in (0_i32..).zip(ids) {
        let mut sql =
            Sql::new("UPDATE document SET removed_at = NULL, removed_by_id = NULL, expires_at = NULL, position = ");
        sql.bind(position)
            .push_bind(", entity_id = ", article.entity_id)
            .push_bind(", entry_kind = ", ARTICLE)
            .push_bind(", entry_id = ", article.id)
            .push_bind(", visibility = ", visibility(article).as_str())
            .push_bind(", registered_at = COALESCE(registered_at, ", w.now())
            .push_bind(") WHERE ticket_id IS NULL AND (entry_id IS NULL OR entry_id = ", article.id)
            .push_bind(") AND id = ", *id);
        if sql.run(&w.tx).await?.rows_affected() != 1 {
            // Another transaction attached it between the look and the update.
            return Err(AppError::field(FIELD, Code::UnknownReference).into());
        }
    }
    Ok(())
}

/// What a file of an article is marked with: for everybody only where the article is.
fn visibility(article: &article::Model) -> Visibility {
    if article.audience == Audience::Public.as_str() { Visibility::Public } else { Visibility::Private }
}

/// Copies the files of an entry for an article (T-KNO-04): the same contents under new ids. Answers old → new, in order.
pub(crate) async fn copy_for_article(
    w: &Work,
    article: &article::Model,
    rows: Vec<document::Model>,
) -> Result<Vec<(Uuid, Uuid)>, ServiceError> {
    let mut out = Vec::new();
    for (position, row) in (0_i32..).zip(rows) {
        let id = new_id();
        out.push((row.id, id));
        let copy = document::Model {
            id,
            entity_id: article.entity_id,
            ticket_id: None,
            entry_kind: Some(ARTICLE.to_owned()),
            entry_id: Some(article.id),
            position,
            visibility: visibility(article).as_str().to_owned(),
            comment: None,
            author_id: w.actor().id(),
            uploaded_at: w.now(),
            registered_at: Some(w.now()),
            expires_at: None,
            version: 1,
            ..row
        };
        copy.into_active_model().reset_all().insert(&w.tx).await?;
    }
    Ok(out)
}

/// Forgets the files of an article that goes for ever; the collector removes contents that nobody else names.
pub(crate) async fn forget_of_article(w: &Work, article: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("DELETE FROM document WHERE entry_kind = ");
    sql.bind(ARTICLE).push_bind(" AND entry_id = ", article);
    sql.run(&w.tx).await?;
    Ok(())
}
