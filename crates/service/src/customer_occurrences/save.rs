//! Registering and changing occurrences (C-OCC-01, C-OCC-06 to C-OCC-08).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{CustomerOccurrencePatch, Decided, Patch, SaveCustomerOccurrence};
use domain::policy::Capability;
use entity::{customer_occurrence, customer_occurrence_revision};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::fields::{Read, Values};
use super::images::{self, Looked};
use super::revisions::States;
use super::{KIND, Loaded, rows};
use crate::ctx::{Ctx, new_id};
use crate::customers;
use crate::error::ServiceError;
use crate::work::{Work, write};
use crate::{drafts, idempotency};

/// Name of the command for idempotency keys.
const CREATE: &str = "customer_occurrence";

/// What a change was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// Version the caller has read: what was changed since to another value is refused; absent = without comparison.
    pub version: Option<i32>,
    /// Version that must be the present one.
    pub if_match: Option<i32>,
}

/// Through which door an occurrence comes (C-OCC-01).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Door {
    /// The customer as the writer named him; empty = nobody.
    pub customer: String,
    /// The customer whose page or address it comes by: another one is refused.
    pub fixed: Option<Uuid>,
    /// Object of the draft that it becomes; empty = none.
    pub draft: String,
}

/// Registers an occurrence and answers its id.
///
/// # Errors
/// `NotFound` when the customer of the page may not be seen, `Forbidden(customer.edit)`; `Invalid` with every wrong field:
/// `unknown_reference` on `customer`, `not_allowed` for another one than that of the page; `Refused(IdempotencyMismatch)`.
pub async fn create(ctx: &Ctx, door: Door, patch: CustomerOccurrencePatch, key: &str) -> Result<Uuid, ServiceError> {
    let looked = images::look(ctx, &ids(&patch)).await?;
    let (key, hash) = (key.to_owned(), idempotency::content_hash(&(&door.customer, door.fixed, &patch)));
    let id = write(ctx, move |w| {
        let (door, patch, looked) = (door.clone(), patch.clone(), looked.clone());
        let (key, hash) = (key.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Uuid>(w, CREATE, &key, &hash).await? {
                drafts::remove(w, KIND, &door.draft).await?;
                return Ok(done);
            }
            let id = register(w, &door, &patch, &looked).await?;
            idempotency::answer(w, CREATE, &key, &id).await?;
            drafts::remove(w, KIND, &door.draft).await?;
            Ok(id)
        })
    })
    .await?;
    ctx.services.bell.ring_for_pictures();
    Ok(id)
}

/// Ids of the images a change names.
fn ids(patch: &CustomerOccurrencePatch) -> Vec<Uuid> {
    patch.images.iter().flatten().filter_map(|image| image.id.trim().parse().ok()).take(50).collect()
}

async fn register(
    w: &Work,
    door: &Door,
    patch: &CustomerOccurrencePatch,
    looked: &Looked,
) -> Result<Uuid, ServiceError> {
    let mut errors = FieldErrors::new();
    let Some(customer) = customer(w, door, &mut errors).await? else {
        // Without a customer nothing says which categories there are; the other fields are checked all the same.
        let entity = w.actor().user.entity_id;
        Read::check(w, entity, None, patch, &mut errors).await?;
        images::judge(patch.images.as_deref(), &[], looked, &mut errors);
        return Err(AppError::Invalid(errors).into());
    };
    customer.require_register()?;
    let read = Read::check(w, customer.row.entity_id, None, patch, &mut errors).await?;
    images::judge(patch.images.as_deref(), &[], looked, &mut errors);
    let values = errors.or(read.whole())?;
    let mut row = customer_occurrence::Model {
        id: new_id(),
        entity_id: customer.row.entity_id,
        recursive: customer.row.recursive,
        customer_id: customer.row.id,
        body: String::new(),
        category_id: values.category,
        impact: String::new(),
        occurred_on: values.occurred_on,
        ticket_id: None,
        author_id: w.actor().id(),
        registered_at: w.now(),
        edited_at: None,
        edited_by_id: None,
        revision_count: 0,
        removed_at: None,
        removed_by_id: None,
        version: 1,
    };
    values.write(&mut row);
    let new = customer_occurrence::ActiveModel::from(row.clone());
    customer_occurrence::Entity::insert(new).exec_without_returning(&w.tx).await?;
    images::attach(w, &row, &values.images, looked).await?;
    rows::follow(w, None, &row).await?;
    rows::tell(w, &customer.row, &row, "created").await?;
    Ok(row.id)
}

/// The customer of a new occurrence, locked; `None` = there is none, which was noted.
async fn customer(w: &Work, door: &Door, errors: &mut FieldErrors) -> Result<Option<customers::Loaded>, ServiceError> {
    if let Some(fixed) = door.fixed {
        let loaded = customers::lock(w, fixed).await?;
        loaded.require_register()?;
        if !door.customer.trim().is_empty() && door.customer.trim() != fixed.to_string() {
            errors.add("customer", Code::NotAllowed);
        }
        return Ok(Some(loaded));
    }
    super::require_sight(w.actor())?;
    if w.actor().entities_with(Capability::CustomerEdit).is_empty() {
        return Err(customers::forbidden(Capability::CustomerEdit).into());
    }
    let text = door.customer.trim();
    if text.is_empty() {
        errors.add("customer", Code::Required);
        return Ok(None);
    }
    let Ok(id) = text.parse::<Uuid>() else {
        errors.add("customer", Code::UnknownReference);
        return Ok(None);
    };
    match customers::lock(w, id).await {
        Ok(loaded) => Ok(Some(loaded)),
        Err(error) if error.public == AppError::NotFound => {
            errors.add("customer", Code::UnknownReference);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Changes an occurrence; the former version is kept (C-OCC-07, C-OCC-08).
///
/// # Errors
/// `NotFound` for one out of sight, `Forbidden(customer.edit)` for those who may not; `Invalid` with every wrong field;
/// `Conflict` and `PreconditionFailed` by version; `Refused(EntryDeleted)`.
pub async fn update(ctx: &Ctx, id: Uuid, patch: CustomerOccurrencePatch, basis: Basis) -> Result<(), ServiceError> {
    update_from(ctx, id, patch, (basis, Decided::default())).await
}

/// The same from a form whose writer decided over what others saved.
async fn update_from(
    ctx: &Ctx,
    id: Uuid,
    patch: CustomerOccurrencePatch,
    from: (Basis, Decided),
) -> Result<(), ServiceError> {
    let looked = images::look(ctx, &ids(&patch)).await?;
    write(ctx, move |w| {
        let (patch, from, looked) = (patch.clone(), from.clone(), looked.clone());
        Box::pin(async move { change(w, id, &patch, &from, &looked).await })
    })
    .await?;
    ctx.services.bell.ring_for_pictures();
    Ok(())
}

async fn change(
    w: &Work,
    id: Uuid,
    patch: &CustomerOccurrencePatch,
    (basis, decided): &(Basis, Decided),
    looked: &Looked,
) -> Result<(), ServiceError> {
    let loaded = super::lock(w, id).await?;
    loaded.require_change(w.actor())?;
    if basis.if_match.is_some_and(|wanted| wanted != loaded.row.version) {
        return Err(AppError::PreconditionFailed(loaded.row.version).into());
    }
    let stored = Values::of(&loaded.row, images::pictures(&w.tx, id).await?);
    let states = match basis.version.filter(|from| *from < loaded.row.version) {
        Some(from) => Some(States::load(w, &loaded.row, &stored, from).await?),
        None => None,
    };
    let base = states.as_ref().map_or(&stored, States::base).clone();
    let mut errors = FieldErrors::new();
    let mut read = Read::check(w, loaded.row.entity_id, Some(&base), patch, &mut errors).await?;
    images::judge(patch.images.as_deref(), &[&stored.images, &base.images], looked, &mut errors);
    errors.or(Some(()))?;
    // An empty field says nothing about a ticket that its sender does not see.
    if read.ticket == Some(None)
        && let Some(linked) = base.ticket
        && super::ticket_numbers(&w.tx, w.actor(), &[linked]).await?.is_empty()
    {
        read.ticket = None;
    }
    let yours = read.over(&base);
    let values = stored.merged(&base, &yours);
    if let Some(states) = &states {
        states.refuse(w, &loaded.row, &stored, &yours, decided).await?;
    }
    if loaded.row.removed_at.is_some() {
        return Err(Code::EntryDeleted.into());
    }
    if values == stored {
        return Ok(());
    }
    store(w, &loaded, &stored, &values, looked).await
}

/// Keeps the stored version and puts another one in its place.
pub(super) async fn store(
    w: &Work,
    loaded: &Loaded,
    stored: &Values,
    values: &Values,
    looked: &Looked,
) -> Result<(), ServiceError> {
    let before = &loaded.row;
    let kept = customer_occurrence_revision::Model {
        id: new_id(),
        occurrence_id: before.id,
        number: before.version,
        at: before.edited_at.unwrap_or(before.registered_at),
        by_id: Some(before.edited_by_id.unwrap_or(before.author_id)),
        body: stored.body.clone(),
        category_id: stored.category,
        impact: stored.impact.as_str().to_owned(),
        occurred_on: stored.occurred_on,
        ticket_id: stored.ticket,
        images: serde_json::to_string(&stored.images)?,
    };
    let kept = customer_occurrence_revision::ActiveModel::from(kept);
    customer_occurrence_revision::Entity::insert(kept).exec_without_returning(&w.tx).await?;
    let mut row = before.clone();
    values.write(&mut row);
    row.version += 1;
    row.revision_count += 1;
    row.edited_at = Some(w.now());
    row.edited_by_id = Some(w.actor().id());
    row.clone().into_active_model().reset_all().update(&w.tx).await?;
    if values.images != stored.images {
        images::attach(w, &row, &values.images, looked).await?;
    }
    rows::follow(w, Some(before), &row).await?;
    rows::tell(w, &loaded.customer.row, &row, "changed").await
}

/// Saves the form of a page, new or changed, and answers customer and occurrence. What was typed is kept first, so that a
/// refusal loses nothing (C-OCC-05); `None` = a customer was looked for, and keeping was all there was to do (C-CUS-03).
///
/// # Errors
/// As [`create`] and [`update`].
pub async fn save_form(ctx: &Ctx, form: &SaveCustomerOccurrence) -> Result<Option<(Uuid, Uuid)>, ServiceError> {
    let object = draft_object(form);
    drafts::keep(ctx, KIND, &object, &serde_json::to_value(form)?).await;
    if form.is_search() {
        return Ok(None);
    }
    let id = save(ctx, form, object).await?;
    let row = customer_occurrence::Entity::find_by_id(id).one(ctx.db().reader()).await?;
    Ok(row.map(|row| (row.customer_id, id)))
}

async fn save(ctx: &Ctx, form: &SaveCustomerOccurrence, object: String) -> Result<Uuid, ServiceError> {
    let text = |text: &String| Patch::from_text(text.clone());
    let patch = CustomerOccurrencePatch {
        body: text(&form.body),
        category: text(&form.category),
        impact: text(&form.impact),
        occurred_on: text(&form.occurred_on),
        ticket: text(&form.ticket),
        images: Some(form.images()),
    };
    if form.id.is_empty() {
        let fixed = if form.fixed.is_empty() { None } else { Some(customers::read_id(&form.fixed)?) };
        let door = Door { customer: form.customer.clone(), fixed, draft: object };
        return create(ctx, door, patch, &form.key).await;
    }
    let id = customers::read_id(&form.id)?;
    let basis = Basis { version: (form.version > 0).then_some(form.version), if_match: None };
    update_from(ctx, id, patch, (basis, Decided::read(form.seen, &form.decided))).await?;
    drafts::discard(ctx, KIND, &object).await?;
    Ok(id)
}

/// Object of the draft of a form: the occurrence, the customer, or `new`.
fn draft_object(form: &SaveCustomerOccurrence) -> String {
    [&form.id, &form.fixed].into_iter().find(|text| !text.is_empty()).map_or_else(|| "new".to_owned(), Clone::clone)
}
