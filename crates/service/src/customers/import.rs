//! Files of customers (C-IMP): looked at first, taken in whole or not at all.
//!
//! The preview is bound to the file and to what it found: its id holds a fingerprint of every row's fate, signed, and running
//! it finds the same or is refused.

mod plan;

use domain::customer::import::BYTES_MAX;
use domain::error::{AppError, Code};
use domain::forms::ImportCustomers;
use domain::views::{ImportPreview, ImportResult, Ref};
use entity::{audit, customer, document};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use self::plan::{Fate, Plan};
use super::fields::{Values, entity_of};
use super::history::Changed;
use super::{rows, save};
use crate::ctx::{Ctx, new_id};
use crate::cursor;
use crate::error::ServiceError;
use crate::work::{Work, write};
use crate::{idempotency, settings};

/// Name of the command for idempotency keys, and kind of the audit row.
const IMPORT: &str = "customers_imported";
/// Rows of one statement.
const BATCH: usize = 200;
/// Wrong cells that a preview tells.
const ERRORS_MAX: usize = 200;

/// What the id of a preview holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Bound {
    upload: Uuid,
    entity: Uuid,
    ignore: bool,
    state: String,
}

fn binding(ctx: &Ctx) -> String {
    format!("customer-import:{}", ctx.actor.id())
}

/// Looks at an own upload: what it would create, change and leave alone, and what is wrong with it (C-IMP-02). `entity` is where
/// the customers go, empty = the writer's own; unknown columns are left out only if `ignore` says so.
///
/// # Errors
/// `Forbidden(customer.edit)`; `Invalid` on `entity`, and on `upload`: `unknown_reference`, `too_large`, `too_many`, and what is
/// wrong with the heading row.
pub async fn preview(ctx: &Ctx, upload: &str, entity: &str, ignore: bool) -> Result<ImportPreview, ServiceError> {
    let entity = save::home(&ctx.actor, &domain::forms::Patch::from_text(entity.to_owned()))?;
    let upload = upload.trim().parse::<Uuid>().map_err(|_no_id| AppError::field("upload", Code::UnknownReference))?;
    let (file, text) = content(ctx, upload).await?;
    let snapshot = ctx.db().snapshot().await?;
    let plan = Plan::make(&snapshot, &ctx.actor, entity, &text, ignore).await?;
    drop(snapshot);
    let bound = Bound { upload, entity, ignore, state: plan.fingerprint() };
    Ok(view(ctx, &bound, file, plan))
}

/// The same preview again, as its page shows it when it is loaded anew.
///
/// # Errors
/// As [`preview`]; `NotFound` for an id that is none of the caller's.
pub async fn preview_again(ctx: &Ctx, id: &str) -> Result<ImportPreview, ServiceError> {
    let bound = open(ctx, id)?;
    preview(ctx, &bound.upload.to_string(), &bound.entity.to_string(), bound.ignore).await
}

fn open(ctx: &Ctx, id: &str) -> Result<Bound, AppError> {
    let bound: Option<Bound> =
        cursor::open(&ctx.services.secret, &binding(ctx), id).map_err(|_not_ours| AppError::NotFound)?;
    bound.ok_or(AppError::NotFound)
}

fn view(ctx: &Ctx, bound: &Bound, file: String, plan: Plan) -> ImportPreview {
    let count = |wanted: fn(&Fate) -> bool| {
        u32::try_from(plan.rows.iter().filter(|row| wanted(&row.fate)).count()).unwrap_or(u32::MAX)
    };
    ImportPreview {
        id: cursor::seal(&ctx.services.secret, &binding(ctx), bound),
        file,
        entity: Ref { id: bound.entity, name: ctx.actor.entity_name(bound.entity) },
        created: count(|fate| matches!(fate, Fate::Create(_))),
        updated: count(|fate| matches!(fate, Fate::Update(..))),
        unchanged: count(|fate| matches!(fate, Fate::Unchanged(..))),
        wrong: count(|fate| matches!(fate, Fate::Wrong)),
        unknown_columns: plan.unknown,
        errors: plan.errors.into_iter().take(ERRORS_MAX).collect(),
    }
}

/// Name and text of an own upload.
async fn content(ctx: &Ctx, upload: Uuid) -> Result<(String, String), ServiceError> {
    let unknown = || AppError::field("upload", Code::UnknownReference);
    let row = document::Entity::find_by_id(upload).one(ctx.db().reader()).await?;
    let is_own = |row: &document::Model| {
        row.author_id == ctx.actor.id()
            && row.ticket_id.is_none()
            && row.entry_id.is_none()
            && row.expires_at.is_some_and(|at| at > ctx.now())
    };
    let row = row.filter(is_own).ok_or_else(unknown)?;
    if row.size > BYTES_MAX {
        return Err(AppError::field("upload", Code::TooLarge).into());
    }
    let bytes = ctx.services.files.read(&row.sha256).await?.ok_or_else(unknown)?;
    Ok((row.name, plan::decoded(&bytes)))
}

/// Takes a previewed file in, all of it in one transaction (C-IMP-03).
///
/// # Errors
/// `NotFound` for a preview that is none of the caller's; `Conflict` when the data changed since it was made; `Invalid` on
/// `only_right_rows` (`required`) where rows are wrong and nobody said to leave them out, on `upload` (`unknown_field`) where
/// columns are unknown.
pub async fn import(ctx: &Ctx, form: &ImportCustomers) -> Result<ImportResult, ServiceError> {
    let bound = open(ctx, &form.preview)?;
    let (file, text) = content(ctx, bound.upload).await?;
    let (form, hash) = (form.clone(), idempotency::content_hash(form));
    let text = std::sync::Arc::new(text);
    write(ctx, move |w| {
        let (form, hash, bound, file, text) =
            (form.clone(), hash.clone(), bound.clone(), file.clone(), std::sync::Arc::clone(&text));
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<ImportResult>(w, IMPORT, &form.key, &hash).await? {
                return Ok(done);
            }
            entity_of(w.actor(), bound.entity)?;
            settings::lock_entity(w, bound.entity).await?;
            let plan = Plan::make(&w.tx, w.actor(), bound.entity, &text, bound.ignore).await?;
            if plan.fingerprint() != bound.state {
                return Err(AppError::Conflict { version: 0, conflicts: Vec::new() }.into());
            }
            if !plan.unknown.is_empty() && !bound.ignore {
                return Err(AppError::field("upload", Code::UnknownField).into());
            }
            if plan.rows.iter().any(|row| matches!(row.fate, Fate::Wrong)) && !form.only_right_rows {
                return Err(AppError::field("only_right_rows", Code::Required).into());
            }
            let result = take_in(w, plan).await?;
            let data = json!({
                "file": file, "created": result.created, "updated": result.updated, "skipped": result.skipped,
            });
            crate::audit::record(w, IMPORT, Some(bound.entity), bound.upload.to_string(), &data).await?;
            idempotency::answer(w, IMPORT, &form.key, &result).await?;
            Ok(result)
        })
    })
    .await
}

async fn take_in(w: &Work, plan: Plan) -> Result<ImportResult, ServiceError> {
    let mut result = ImportResult::default();
    let mut new: Vec<Values> = Vec::new();
    for row in plan.rows {
        match row.fate {
            Fate::Create(values) => {
                result.created += 1;
                new.push(*values);
            }
            Fate::Update(before, values) => {
                result.updated += 1;
                save::store(w, &before, &values, "customer_imported").await?;
            }
            Fate::Unchanged(..) | Fate::Wrong => result.skipped += 1,
        }
    }
    for batch in new.chunks(BATCH) {
        insert_all(w, batch).await?;
    }
    Ok(result)
}

/// Stores many new customers in few statements. Nobody waits for live events of a file.
async fn insert_all(w: &Work, batch: &[Values]) -> Result<(), ServiceError> {
    let mut stored = Vec::with_capacity(batch.len());
    let mut told = Vec::with_capacity(batch.len());
    for values in batch {
        let row = save::new_row(w, new_id(), values)?;
        let changed = Changed { version: 1, old: None, changes: Vec::new() };
        told.push(audit::ActiveModel {
            id: Set(new_id()),
            at: Set(w.now()),
            user_id: Set(Some(w.actor().id())),
            entity_id: Set(Some(row.entity_id)),
            kind: Set("customer_imported".to_owned()),
            object: Set(row.id.to_string()),
            data: Set(serde_json::to_string(&changed)?),
        });
        stored.push(row);
    }
    let new: Vec<customer::ActiveModel> = stored.iter().cloned().map(customer::ActiveModel::from).collect();
    customer::Entity::insert_many(new).exec_without_returning(&w.tx).await?;
    audit::Entity::insert_many(told).exec_without_returning(&w.tx).await?;
    for row in &stored {
        rows::index_words(&w.tx, w.ctx.db().engine(), row).await?;
    }
    Ok(())
}
