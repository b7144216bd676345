//! Fields of a new occurrence that name something stored: category, source, the entry it answers, why the ticket waits.

use domain::error::{Code, FieldErrors};
use domain::forms::AddOccurrence;
use domain::settings::Key;
use domain::views::Ref;
use entity::occurrence;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::Then;
use crate::error::ServiceError;
use crate::lists::{self, Purpose};
use crate::occurrences::rows;
use crate::settings::Settings;
use crate::tickets::Loaded;
use crate::tickets::hold::{Asked, Hold};
use crate::work::Work;
use crate::{requests, templates};

/// The suspension that comes with the entry.
pub(super) async fn hold(
    w: &Work,
    agent: bool,
    form: &AddOccurrence,
    then: Then,
    settings: &Settings,
    path: &[Uuid],
    errors: &mut FieldErrors,
) -> Result<Option<Hold>, ServiceError> {
    if then != Then::Suspend || !agent {
        return Ok(None);
    }
    let asked = Asked {
        reason: &form.pending_reason,
        text: &form.pending_text,
        public: form.pending_public,
        prefix: "suspend.",
    };
    Hold::read(w, settings, path, asked, errors).await.map(Some)
}

/// The category: of who is no agent the locked one, if there is one (P-OCC-03).
pub(super) async fn category(
    w: &Work,
    agent: bool,
    form: &AddOccurrence,
    settings: &Settings,
    path: &[Uuid],
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    let locked = settings.text(Key::PortalDefaultCategory);
    if !agent && !locked.is_empty() {
        // P-OCC-03: a locked field takes its own value only; a broken one saves none.
        if !form.category.is_empty() && form.category != locked {
            errors.add("category", Code::NotAllowed);
        }
        return Ok(lists::active_row(&w.tx, lists::OCCURRENCE_CATEGORIES, path, locked).await?.ok().map(|row| row.id));
    }
    if form.category.trim().is_empty() {
        return Ok(None);
    }
    Ok(errors
        .check("category", lists::active_row(&w.tx, lists::OCCURRENCE_CATEGORIES, path, &form.category).await?)
        .map(|row| row.id))
}

/// The source: of who is no agent that of the portal (P-OCC-03).
pub(super) async fn source(
    w: &Work,
    agent: bool,
    form: &AddOccurrence,
    settings: &Settings,
    path: &[Uuid],
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    if agent {
        if form.source.trim().is_empty() {
            return Ok(None);
        }
        let found = lists::fitting_row(&w.tx, lists::SOURCES, path, &form.source, Purpose::Occurrence).await?;
        return Ok(errors.check("source", found).map(|row| row.id));
    }
    let locked = requests::source(&w.tx, settings, path).await?.map(|row| row.id);
    if !form.source.trim().is_empty() && form.source.trim().parse::<Uuid>().ok() != locked {
        errors.add("source", Code::NotAllowed);
    }
    Ok(locked)
}

/// The reply template it was begun with: kept with the name it has, or had when it was removed (T-TPL-04).
pub(super) async fn template(
    w: &Work,
    agent: bool,
    text: &str,
    path: &[Uuid],
    errors: &mut FieldErrors,
) -> Result<Option<Ref>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if !agent {
        errors.add("template", Code::NotAllowed);
        return Ok(None);
    }
    let found = templates::named(&w.tx, text, path).await?;
    Ok(errors.check("template", found.ok_or(Code::UnknownReference)))
}

/// The entry it answers, one of the same ticket that the writer sees.
pub(super) async fn reply_target(
    w: &Work,
    loaded: &Loaded,
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Option<occurrence::Model>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found = match text.parse::<Uuid>() {
        Ok(id) => occurrence::Entity::find_by_id(id).one(&w.tx).await?,
        Err(_not_an_id) => None,
    };
    let found = found.filter(|row| row.ticket_id == loaded.ticket.id && rows::sees(w.actor(), loaded, row, false));
    if found.as_ref().is_some_and(|row| row.removed_at.is_some()) {
        return Err(Code::EntryDeleted.into());
    }
    Ok(errors.check("reply_to", found.ok_or(Code::UnknownReference)))
}
