//! The forms and pages of one occurrence (C-OCC-01, C-OCC-07).

use domain::customer::IMAGE_BYTES_MAX;
use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{
    Choice, CustomerImageView, CustomerOccurrenceForm, CustomerOccurrencePage, CustomerOccurrenceView, DraftView,
};
use entity::customer;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::fields::today;
use super::{KIND, is_image_of};
use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::customers::{self, Purpose};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::{drafts, lists};

/// One occurrence.
///
/// # Errors
/// `NotFound` for one out of sight.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<CustomerOccurrenceView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load(&snapshot, &ctx.actor, id).await?;
    super::view(&snapshot, &ctx.actor, loaded.row).await
}

/// What the form of a new occurrence needs: of the customer of a page (`fixed`), or of one who is chosen. `words` look for a
/// customer, `chosen` is the one who was picked, both where no script does it.
///
/// # Errors
/// `NotFound` for a customer out of sight, and for those who see none at all; `Forbidden(customer.edit)`.
pub async fn form(ctx: &Ctx, fixed: &str, chosen: &str, words: &str) -> Result<CustomerOccurrenceForm, ServiceError> {
    let actor = &ctx.actor;
    super::require_sight(actor)?;
    let snapshot = ctx.db().snapshot().await?;
    let fixed_row = if fixed.is_empty() {
        if actor.entities_with(Capability::CustomerEdit).is_empty() {
            return Err(customers::forbidden(Capability::CustomerEdit).into());
        }
        None
    } else {
        let loaded = customers::load(&snapshot, actor, customers::read_id(fixed)?).await?;
        loaded.require_register()?;
        Some(loaded.row)
    };
    drop(snapshot);
    let object = if fixed.is_empty() { "new" } else { fixed };
    let draft = drafts::find(ctx, KIND, object).await?;
    let wanted = if chosen.is_empty() {
        draft.as_ref().map(|draft| draft.text("customer")).unwrap_or_default()
    } else {
        chosen.to_owned()
    };
    let snapshot = ctx.db().snapshot().await?;
    let row = match (&fixed_row, wanted.trim().parse::<Uuid>()) {
        (Some(row), _) => Some(row.clone()),
        (None, Ok(id)) => customers::load(&snapshot, actor, id).await.ok().map(|loaded| loaded.row),
        (None, Err(_nobody)) => None,
    };
    let mut out = whole(ctx, &snapshot, row.as_ref(), None, draft, object.to_owned()).await?;
    drop(snapshot);
    out.is_fixed = fixed_row.is_some();
    if !words.trim().is_empty() && fixed_row.is_none() {
        out.found = customers::pick(ctx, words, Purpose::Register).await?;
    }
    Ok(out)
}

async fn whole(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    customer: Option<&customer::Model>,
    present: Option<&CustomerOccurrenceView>,
    draft: Option<DraftView>,
    object: String,
) -> Result<CustomerOccurrenceForm, ServiceError> {
    let actor = &ctx.actor;
    let entity = customer.map_or(actor.user.entity_id, |row| row.entity_id);
    let path = actor.path_of(entity);
    let rows = lists::rows(connection, lists::CUSTOMER_CATEGORIES, &path).await?;
    let mut categories = lists::choices(&rows, actor.lang);
    if let Some(own) = present.and_then(|one| one.category.as_ref()) {
        add(&mut categories, own.id, &own.name);
    }
    let settings = Settings::load(connection, &path).await?;
    let images = images(present, draft.as_ref());
    Ok(CustomerOccurrenceForm {
        customer: customer.map(|row| customers::choice(actor, row)),
        is_fixed: true,
        found: Vec::new(),
        images,
        draft,
        object,
        key: random_token(16),
        categories,
        may_add_category: !actor.entities_with(Capability::AdminTemplates).is_empty(),
        today: today(actor, ctx.now()),
        upload_max: settings.upload_max().min(IMAGE_BYTES_MAX),
    })
}

/// Images of the form: those of its draft where there is one, else those the occurrence has.
fn images(present: Option<&CustomerOccurrenceView>, draft: Option<&DraftView>) -> Vec<CustomerImageView> {
    let own = present.map(|one| one.images.clone()).unwrap_or_default();
    let Some(draft) = draft else { return own };
    let ids: Vec<String> = match draft.fields.get("attachments") {
        Some(serde_json::Value::Array(items)) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => return own,
    };
    let said = [draft.text("alt_1"), draft.text("alt_2")];
    let mut out = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let said = said.get(at).cloned().unwrap_or_default();
        if let Some(image) = own.iter().find(|image| image.id.to_string() == *id) {
            out.push(CustomerImageView { said, ..image.clone() });
        } else if let Some(file) = draft.attachments.iter().find(|file| file.id.to_string() == *id) {
            out.push(CustomerImageView {
                id: file.id,
                name: file.name.clone(),
                alt: file.name.clone(),
                said,
                size: file.size,
                media_type: file.media_type.clone(),
            });
        }
    }
    out.retain(|image| is_image_of(&image.media_type));
    out
}

fn add(choices: &mut Vec<Choice>, id: Uuid, name: &str) {
    let value = id.to_string();
    if choices.iter().all(|choice| choice.value != value) {
        choices.push(Choice { value, name: name.to_owned(), depth: 0 });
    }
}

/// The page that changes an occurrence.
///
/// # Errors
/// `NotFound` for one out of sight, `Forbidden(customer.edit)` for those who may not; `Refused(EntryDeleted)`.
pub async fn edit_page(ctx: &Ctx, id: &str) -> Result<CustomerOccurrencePage, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load(&snapshot, &ctx.actor, customers::read_id(id)?).await?;
    loaded.require_change(&ctx.actor)?;
    if loaded.row.removed_at.is_some() {
        return Err(domain::error::Code::EntryDeleted.into());
    }
    let row = loaded.row.clone();
    let occurrence = super::view(&snapshot, &ctx.actor, loaded.row).await?;
    drop(snapshot);
    let object = occurrence.id.to_string();
    let draft = drafts::find(ctx, KIND, &object).await?;
    let snapshot = ctx.db().snapshot().await?;
    let draft = match draft {
        Some(draft) => Some(super::resume::followed(ctx, &snapshot, &row, draft).await?),
        None => None,
    };
    let form = whole(ctx, &snapshot, Some(&loaded.customer.row), Some(&occurrence), draft, object).await?;
    Ok(CustomerOccurrencePage { occurrence, form: Some(form), revisions: Vec::new(), now: ctx.moment() })
}

/// Whether the actor may write the form whose draft is named so: `new`, a customer, or an occurrence.
///
/// # Errors
/// `NotFound` for what is out of sight, `Forbidden(customer.edit)`.
pub(crate) async fn require_writer(ctx: &Ctx, object: &str) -> Result<(), ServiceError> {
    let actor = &ctx.actor;
    if object == "new" {
        super::require_sight(actor)?;
        if actor.entities_with(Capability::CustomerEdit).is_empty() {
            return Err(customers::forbidden(Capability::CustomerEdit).into());
        }
        return Ok(());
    }
    let id = customers::read_id(object)?;
    let snapshot = ctx.db().snapshot().await?;
    match customers::load(&snapshot, actor, id).await {
        Ok(loaded) => Ok(loaded.require_register()?),
        Err(error) if error.public == AppError::NotFound => {
            Ok(super::load(&snapshot, actor, id).await?.require_change(actor)?)
        }
        Err(error) => Err(error),
    }
}

/// The page with the versions of an occurrence, and the one that asks before it is deleted.
///
/// # Errors
/// `NotFound` for one out of sight.
pub async fn revision_page(ctx: &Ctx, id: &str) -> Result<CustomerOccurrencePage, ServiceError> {
    let id = customers::read_id(id)?;
    let occurrence = get(ctx, id).await?;
    let revisions = super::revisions(ctx, id).await?;
    Ok(CustomerOccurrencePage { occurrence, form: None, revisions, now: ctx.moment() })
}

/// Categories of the filters, also those that are no longer active (C-OCC-12).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn category_choices(ctx: &Ctx) -> Result<Vec<Choice>, ServiceError> {
    let actor: &Actor = &ctx.actor;
    let held = actor.entities_with(Capability::CustomerView);
    if held.is_empty() {
        return Err(AppError::NotFound.into());
    }
    let mut rows = lists::rows_of_entities(ctx.db().reader(), lists::CUSTOMER_CATEGORIES, &held).await?;
    rows.sort_by_key(|row| (!row.active, row.position, row.id));
    let name = |row: &entity::list_row::Model| lists::name(row, actor.lang);
    Ok(rows.iter().map(|row| Choice { value: row.id.to_string(), name: name(row), depth: 0 }).collect())
}
