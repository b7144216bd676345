//! Making and changing customers (customers.md section 1): everything of one call or nothing, each change with its history.

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{CustomerPatch, Decided, Patch, SaveCustomer};
use domain::policy::Capability;
use entity::customer;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fields::{Values, entity_of};
use super::history::{Changed, Since, record};
use super::{KIND, NEVER, change, rows};
use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::sql::Sql;
use crate::work::{Work, write};
use crate::{drafts, idempotency, scope, search, settings};

/// Name of the command for idempotency keys.
const CREATE: &str = "create_customer";
/// Most customers of the same name that are told.
const SIMILAR_MAX: i64 = 5;

/// What a change was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// Version the caller has read: what was changed since to another value is refused; absent = without comparison.
    pub version: Option<i32>,
    /// Version that must be the present one.
    pub if_match: Option<i32>,
}

/// A saved customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Its id.
    pub id: Uuid,
    /// Others with the same name that the writer sees, at most 5: the warning `similar_name` (C-CUS-01).
    pub similar: Vec<Uuid>,
}

/// Makes a customer.
///
/// # Errors
/// `Forbidden(customer.edit)`; `Invalid` with every wrong field, `duplicate` on `document_id` with the other customer's id;
/// `Refused(IdempotencyMismatch)`.
pub async fn create(ctx: &Ctx, patch: CustomerPatch, key: &str) -> Result<Saved, ServiceError> {
    create_from(ctx, patch, key, "").await
}

/// The same, which takes the place of the draft `object`.
async fn create_from(ctx: &Ctx, patch: CustomerPatch, key: &str, object: &str) -> Result<Saved, ServiceError> {
    let (key, hash, object) = (key.to_owned(), idempotency::content_hash(&patch), object.to_owned());
    write(ctx, move |w| {
        let (patch, key, hash, object) = (patch.clone(), key.clone(), hash.clone(), object.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Saved>(w, CREATE, &key, &hash).await? {
                return Ok(done);
            }
            let entity = home(w.actor(), &patch.entity)?;
            settings::lock_entity(w, entity).await?;
            let mut errors = FieldErrors::new();
            let blank = Values { entity, recursive: true, ..Values::default() };
            let values = blank.patched(&patch, &mut errors);
            if patch.name.is_keep() {
                errors.add("name", Code::Required);
            }
            let (id, before) = (new_id(), Values { entity, ..Values::default() });
            values.check_references(&w.tx, w.actor(), &before, &mut errors).await?;
            values.check_document(&w.tx, id, &mut errors).await?;
            errors.or(Some(()))?;
            let row = insert(w, id, &values).await?;
            let saved = Saved { id, similar: similar(&w.tx, w.actor(), &row).await? };
            idempotency::answer(w, CREATE, &key, &saved).await?;
            drafts::remove(w, KIND, &object).await?;
            Ok(saved)
        })
    })
    .await
}

/// The entity of a new customer: the one that is named, else the writer's own, else the first in which he keeps customers.
pub(super) fn home(actor: &Actor, wanted: &Patch<String>) -> Result<Uuid, AppError> {
    // Who sees no customer at all is not told that there are any.
    if actor.entities_with(Capability::CustomerView).is_empty() {
        return Err(AppError::NotFound);
    }
    if let Patch::Set(text) = wanted
        && !text.trim().is_empty()
    {
        let id = text.trim().parse::<Uuid>().map_err(|_no_id| AppError::field("entity", Code::UnknownReference))?;
        entity_of(actor, id)?;
        return Ok(id);
    }
    let held = actor.entities_with(Capability::CustomerEdit);
    let may = |id: &Uuid| actor.has(*id, Capability::CustomerView);
    let own = held.iter().copied().find(|id| *id == actor.user.entity_id).filter(|id| may(id));
    let found = own.or_else(|| held.into_iter().find(may));
    found.ok_or_else(|| super::forbidden(Capability::CustomerEdit))
}

/// The row of a new customer.
pub(super) fn new_row(now: i64, id: Uuid, values: &Values) -> Result<customer::Model, ServiceError> {
    let mut row = customer::Model {
        id,
        entity_id: values.entity,
        recursive: values.recursive,
        name: String::new(),
        name_key: String::new(),
        legal_name: None,
        document_id: None,
        document_key: None,
        contacts: String::new(),
        segment_id: None,
        responsible_id: None,
        status: String::new(),
        last_occurred_on: NEVER,
        last_impact: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    values.write(&mut row)?;
    Ok(row)
}

/// Stores a new customer with words, history and live event.
async fn insert(w: &Work, id: Uuid, values: &Values) -> Result<customer::Model, ServiceError> {
    let row = new_row(w.now(), id, values)?;
    customer::Entity::insert(customer::ActiveModel::from(row.clone())).exec_without_returning(&w.tx).await?;
    rows::index_words(&w.tx, w.ctx.db().engine(), &row).await?;
    let changes = values.changes(&w.tx, w.actor(), &Values::default()).await?;
    record(w, "customer_created", &row, &Changed { version: 1, old: None, changes }).await?;
    tell(w, &row, "created").await?;
    Ok(row)
}

/// Tells those who reach a customer that he changed.
pub(super) async fn tell(w: &Work, row: &customer::Model, what: &str) -> Result<(), ServiceError> {
    let change = NewChange {
        kind: KIND,
        what,
        object: row.id,
        version: row.version,
        audience: KIND,
        author: Some(w.actor().id()),
    };
    events::tell_of_customer(w, row, change).await
}

/// Others of the same name that the writer sees.
async fn similar(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    row: &customer::Model,
) -> Result<Vec<Uuid>, ServiceError> {
    let mut sql = Sql::new("SELECT c.id FROM customer c WHERE c.name_key = ");
    sql.bind(search::fold(&row.name)).push_bind(" AND c.id <> ", row.id).push(" AND ");
    sql.append(&scope::customers(actor, Capability::CustomerView, "c"));
    sql.push_bind(" ORDER BY c.id LIMIT ", SIMILAR_MAX);
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        out.push(row.try_get("", "id")?);
    }
    Ok(out)
}

/// Changes a customer.
///
/// # Errors
/// `NotFound` for one out of sight, `Forbidden(customer.edit)` without that right in its own entity; `Invalid` with every wrong
/// field; `Conflict` and `PreconditionFailed` by version; `Refused(InUse)` with tickets that would lose it (C-CUS-07).
pub async fn update(ctx: &Ctx, id: Uuid, patch: CustomerPatch, basis: Basis) -> Result<Saved, ServiceError> {
    update_from(ctx, id, patch, basis, Decided::default()).await
}

/// The same from a form whose writer `decided` over what others saved.
async fn update_from(
    ctx: &Ctx,
    id: Uuid,
    patch: CustomerPatch,
    basis: Basis,
    decided: Decided,
) -> Result<Saved, ServiceError> {
    write(ctx, move |w| {
        let (patch, decided) = (patch.clone(), decided.clone());
        Box::pin(async move { update_in(w, id, &patch, basis, &decided).await })
    })
    .await
}

async fn update_in(
    w: &Work,
    id: Uuid,
    patch: &CustomerPatch,
    basis: Basis,
    decided: &Decided,
) -> Result<Saved, ServiceError> {
    let loaded = super::lock(w, id).await?;
    loaded.require_change()?;
    let row = loaded.row;
    if basis.if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    let stored = Values::of(&row);
    let since = match basis.version.filter(|from| *from < row.version) {
        Some(from) => Some((from, Since::load(w, &row, from).await?)),
        None => None,
    };
    let base = match &since {
        // What nobody knows any more cannot be compared.
        Some((from, since)) => {
            since.base(*from).ok_or_else(|| AppError::Conflict { version: row.version, conflicts: Vec::new() })?
        }
        None => stored.clone(),
    };
    let mut errors = FieldErrors::new();
    let yours = base.patched(patch, &mut errors);
    let values = stored.merged(&base, &yours);
    if values.entity != stored.entity && errors.of("entity").is_none() {
        entity_of(w.actor(), values.entity)?;
    }
    settings::lock_entity(w, values.entity).await?;
    values.check_references(&w.tx, w.actor(), &stored, &mut errors).await?;
    values.check_document(&w.tx, id, &mut errors).await?;
    errors.or(Some(()))?;
    if let Some((_from, since)) = &since {
        since.refuse(w, &row, &base, &yours, decided).await?;
    }
    if values == stored {
        return Ok(Saved { id, similar: Vec::new() });
    }
    let after = store(w, &row, &values, "customer_changed").await?;
    let similar = if after.name_key == row.name_key { Vec::new() } else { similar(&w.tx, w.actor(), &after).await? };
    Ok(Saved { id, similar })
}

/// Stores a changed customer with everything that follows from it.
pub(super) async fn store(
    w: &Work,
    before: &customer::Model,
    values: &Values,
    kind: &str,
) -> Result<customer::Model, ServiceError> {
    let mut row = before.clone();
    values.write(&mut row)?;
    row.version += 1;
    row.updated_at = w.now();
    if row.entity_id != before.entity_id || row.recursive != before.recursive {
        change::require_tickets_reached(w, &row).await?;
        change::take_along(w, before, &row).await?;
    }
    row.clone().into_active_model().reset_all().update(&w.tx).await?;
    rows::index_words(&w.tx, w.ctx.db().engine(), &row).await?;
    let old = Values::of(before);
    let changes = values.changes(&w.tx, w.actor(), &old).await?;
    record(w, kind, &row, &Changed { version: row.version, old: Some(old), changes }).await?;
    tell(w, &row, "changed").await?;
    Ok(row)
}

/// Saves the form of the page. What was typed is kept first, so that a refusal loses nothing.
///
/// # Errors
/// As [`create`] and [`update`].
pub async fn save_form(ctx: &Ctx, form: &SaveCustomer) -> Result<Saved, ServiceError> {
    let object = if form.id.is_empty() { "new" } else { form.id.as_str() };
    drafts::keep(ctx, KIND, object, &serde_json::to_value(form)?).await;
    let text = |text: &String| Patch::from_text(text.clone());
    let patch = CustomerPatch {
        name: text(&form.name),
        legal_name: text(&form.legal_name),
        document_id: text(&form.document_id),
        contacts: Some(form.contacts()),
        segment: text(&form.segment),
        responsible: text(&form.responsible),
        status: if form.status.is_empty() { Patch::Keep } else { text(&form.status) },
        entity: if form.entity.is_empty() { Patch::Keep } else { text(&form.entity) },
        recursive: Some(form.recursive),
    };
    if form.id.is_empty() {
        return create_from(ctx, patch, &form.key, "new").await;
    }
    let id = super::read_id(&form.id)?;
    let basis = Basis { version: (form.version > 0).then_some(form.version), if_match: None };
    let saved = update_from(ctx, id, patch, basis, Decided::read(form.seen, &form.decided)).await?;
    drafts::discard(ctx, KIND, &form.id).await?;
    Ok(saved)
}
