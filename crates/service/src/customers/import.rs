//! Files of customers (C-IMP): looked at first, taken in whole or not at all.
//!
//! The preview is bound to the file and to what it found: its id holds a fingerprint of every row's fate, signed, and running
//! it finds the same or is refused.

mod plan;
mod prepared;
mod remembered;

use std::sync::Arc;

use domain::customer::import::BYTES_MAX;
use domain::error::{AppError, Code};
use domain::forms::ImportCustomers;
use domain::views::{ImportPreview, ImportResult, Ref};
use entity::document;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use self::plan::{Fate, Plan};
use self::prepared::Prepared;
use super::fields::entity_of;
use super::save;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::work::write;
use crate::{idempotency, settings};

/// Name of the command for idempotency keys, and kind of the audit row.
const IMPORT: &str = "customers_imported";
/// How often a file is judged when the data changes in between.
const TRIES: u32 = 3;
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
    let _turn = turn().await?;
    let snapshot = ctx.db().snapshot().await?;
    let stamp = plan::stamp(&snapshot, &ctx.actor, entity).await?;
    let plan = Plan::make(&snapshot, &ctx.actor, entity, &text, ignore).await?;
    drop(snapshot);
    let bound = Bound { upload, entity, ignore, state: plan.fingerprint() };
    let preview = view(ctx, &bound, file, plan);
    remembered::keep(&preview.id, &stamp, &preview);
    Ok(preview)
}

/// The same preview again, as its page shows it when it is loaded anew: the file is judged again only if the data is another one
/// by now, or so many were looked at since that this one is forgotten.
///
/// # Errors
/// As [`preview`]; `NotFound` for an id that is none of the caller's.
pub async fn preview_again(ctx: &Ctx, id: &str) -> Result<ImportPreview, ServiceError> {
    let bound = open(ctx, id)?;
    own(ctx, bound.upload).await?;
    save::home(&ctx.actor, &domain::forms::Patch::Set(bound.entity.to_string()))?;
    let stamp = plan::stamp(ctx.db().reader(), &ctx.actor, bound.entity).await?;
    if let Some(known) = remembered::find(&stamp, id) {
        return Ok(known);
    }
    let made = preview(ctx, &bound.upload.to_string(), &bound.entity.to_string(), bound.ignore).await?;
    // The address of the page still holds the former id.
    remembered::keep(id, &stamp, &made);
    Ok(made)
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
    let left_out = u32::try_from(plan.errors.len().saturating_sub(ERRORS_MAX)).unwrap_or(u32::MAX);
    ImportPreview {
        id: cursor::seal(&ctx.services.secret, &binding(ctx), bound),
        file,
        entity: Ref { id: bound.entity, name: ctx.actor.entity_name(bound.entity) },
        created: count(|fate| matches!(fate, Fate::Create(_))),
        updated: count(|fate| matches!(fate, Fate::Update(..))),
        unchanged: count(|fate| matches!(fate, Fate::Unchanged(..))),
        wrong: count(|fate| matches!(fate, Fate::Wrong)),
        must_ignore: !plan.unknown.is_empty() && !bound.ignore,
        unknown_columns: plan.unknown,
        errors: plan.errors.into_iter().take(ERRORS_MAX).collect(),
        left_out,
    }
}

/// An own upload that is still there.
async fn own(ctx: &Ctx, upload: Uuid) -> Result<document::Model, ServiceError> {
    let row = document::Entity::find_by_id(upload).one(ctx.db().reader()).await?;
    let is_own = |row: &document::Model| {
        row.author_id == ctx.actor.id()
            && row.ticket_id.is_none()
            && row.entry_id.is_none()
            && row.expires_at.is_some_and(|at| at > ctx.now())
    };
    Ok(row.filter(is_own).ok_or_else(unknown)?)
}

fn unknown() -> AppError {
    AppError::field("upload", Code::UnknownReference)
}

/// Name and text of an own upload.
async fn content(ctx: &Ctx, upload: Uuid) -> Result<(String, String), ServiceError> {
    let row = own(ctx, upload).await?;
    if row.size > BYTES_MAX {
        return Err(AppError::field("upload", Code::TooLarge).into());
    }
    let bytes = ctx.services.files.read(&row.sha256).await?.ok_or_else(unknown)?;
    Ok((row.name, plan::decoded(&bytes)))
}

/// Takes a previewed file in, all of it in one transaction (C-IMP-03). The file is read and judged before, so that others wait
/// only while rows are written; a change of the data in between is met by judging once more.
///
/// # Errors
/// `NotFound` for a preview that is none of the caller's; `Conflict` when the data changed since it was made; `Invalid` on
/// `only_right_rows` (`required`) where rows are wrong and nobody said to leave them out, on `upload` (`unknown_field`) where
/// columns are unknown.
pub async fn import(ctx: &Ctx, form: &ImportCustomers) -> Result<ImportResult, ServiceError> {
    let bound = open(ctx, &form.preview)?;
    let (file, text) = content(ctx, bound.upload).await?;
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let ready = prepare(ctx, &bound, &text, form).await?;
        let may_be_late = ready.is_ok() && tries > 0;
        match take_in(ctx, form, &bound, &file, ready).await {
            Err(error) if may_be_late && matches!(error.public, AppError::Conflict { .. }) => {}
            done => return done,
        }
    }
}

/// What is to be written, with the stamp of the data it was made from.
type Ready = Result<(String, Arc<Prepared>), AppError>;

async fn prepare(ctx: &Ctx, bound: &Bound, text: &str, form: &ImportCustomers) -> Result<Ready, ServiceError> {
    let _turn = turn().await?;
    let snapshot = ctx.db().snapshot().await?;
    let stamp = plan::stamp(&snapshot, &ctx.actor, bound.entity).await?;
    let plan = match Plan::make(&snapshot, &ctx.actor, bound.entity, text, bound.ignore).await {
        Ok(plan) => plan,
        Err(error) if matches!(error.public, AppError::Invalid(_)) => return Ok(Err(error.public)),
        Err(error) => return Err(error),
    };
    if plan.fingerprint() != bound.state {
        return Ok(Err(AppError::Conflict { version: 0, conflicts: Vec::new() }));
    }
    if !plan.unknown.is_empty() && !bound.ignore && !form.ignore_unknown {
        return Ok(Err(AppError::field("upload", Code::UnknownField)));
    }
    if plan.rows.iter().any(|row| matches!(row.fate, Fate::Wrong)) && !form.only_right_rows {
        return Ok(Err(AppError::field("only_right_rows", Code::Required)));
    }
    Ok(Ok((stamp, Prepared::make(ctx, &snapshot, plan).await?)))
}

/// Writes what is ready, unless it was written before under the same key or the data is another one by now.
async fn take_in(
    ctx: &Ctx,
    form: &ImportCustomers,
    bound: &Bound,
    file: &str,
    ready: Ready,
) -> Result<ImportResult, ServiceError> {
    let (key, hash) = (form.key.clone(), idempotency::content_hash(form));
    let (bound, file) = (bound.clone(), file.to_owned());
    write(ctx, move |w| {
        let (key, hash, bound, file, ready) = (key.clone(), hash.clone(), bound.clone(), file.clone(), ready.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<ImportResult>(w, IMPORT, &key, &hash).await? {
                return Ok(done);
            }
            entity_of(w.actor(), bound.entity)?;
            let (stamp, prepared) = ready?;
            settings::lock_entity(w, bound.entity).await?;
            if plan::stamp(&w.tx, w.actor(), bound.entity).await? != stamp {
                return Err(AppError::Conflict { version: 0, conflicts: Vec::new() }.into());
            }
            prepared.store(w).await?;
            let result = prepared.result;
            let data = json!({
                "file": file, "created": result.created, "updated": result.updated, "skipped": result.skipped,
            });
            crate::audit::record(w, IMPORT, Some(bound.entity), bound.upload.to_string(), &data).await?;
            idempotency::answer(w, IMPORT, &key, &result).await?;
            Ok(result)
        })
    })
    .await
}

/// One file is judged at a time: it takes a processor and the memory of all its rows.
async fn turn() -> Result<SemaphorePermit<'static>, ServiceError> {
    static TURN: Semaphore = Semaphore::const_new(1);
    TURN.acquire().await.map_err(ServiceError::internal)
}
