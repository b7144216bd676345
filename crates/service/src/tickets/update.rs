//! Changing fields of a ticket: merged with others' changes, refused where both changed the same (T-GEN-07).

mod conflicts;
mod description;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{Patch, TicketPatch, UpdateTicket};
use domain::policy::Capability;
use domain::ticket::priority::priority;
use domain::views::FieldChange;
use entity::ticket;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

pub use self::description::description_revisions;
pub(crate) use self::description::drop_file;
use super::create::{TITLE_MAX, ids, level};
use super::{Loaded, Touch, people, state};
use crate::ctx::Ctx;
use crate::customers;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::lists::{self, Chosen, Purpose};
use crate::people::ResolvedActor;
use crate::sanitise::{self, Rich};
use crate::search::{self, Doc};
use crate::sql::unique;
use crate::work::{self, Work};

/// One property as the page saves it.
///
/// # Errors
/// As `update`; `UnknownField` for a field that is not one.
pub async fn update_field(ctx: &Ctx, form: UpdateTicket) -> Result<(), ServiceError> {
    let text = Patch::from_text(form.value.clone());
    let list = || {
        let texts: Vec<String> =
            form.value.split(['\n', ',']).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
        Patch::Set(texts)
    };
    let mut patch = TicketPatch {
        version: (!form.keep_mine).then_some(form.version),
        format: form.format,
        ..TicketPatch::default()
    };
    match form.field.as_str() {
        "title" => patch.title = Patch::Set(form.value.clone()),
        "description" => patch.description = Patch::Set(form.value.clone()),
        "urgency" => patch.urgency = text,
        "impact" => patch.impact = text,
        "priority" => patch.priority = text,
        "source" => patch.source = text,
        "location" => patch.location = text,
        "requesters" => patch.requesters = list(),
        "observers" => patch.observers = list(),
        _ => return Err(AppError::field(form.field, Code::UnknownField).into()),
    }
    update(ctx, form.number, patch).await
}

/// Changes fields of a ticket.
///
/// # Errors
/// `NotFound`, `Forbidden(ticket.update)`, `Invalid`, `Conflict`, `PreconditionFailed`, and the codes of T-TKT-07.
pub async fn update(ctx: &Ctx, number: i64, patch: TicketPatch) -> Result<(), ServiceError> {
    let body = match &patch.description {
        Patch::Set(text) => Some(sanitise::check(text, patch.format)),
        Patch::Clear => Some(Err(Code::Required)),
        Patch::Keep => None,
    };
    work::write(ctx, move |w| {
        let (patch, body) = (patch.clone(), body.clone());
        Box::pin(async move {
            let mut loaded = super::lock(w, number).await?;
            let only_priority = is_priority_only(&patch);
            if only_priority {
                loaded.require(Capability::TicketChangePriority)?;
            } else {
                loaded.require(Capability::TicketUpdate)?;
            }
            if let Some(version) = patch.if_match.filter(|v| *v != loaded.ticket.version) {
                tracing::debug!(version, "precondition failed");
                return Err(AppError::PreconditionFailed(loaded.ticket.version).into());
            }
            let wanted = Wanted::check(w, &loaded, &patch, body).await?;
            if let Some(version) = patch.version {
                wanted.refuse_conflicts(w, &loaded, version).await?;
            }
            state::require_writable_plainly(&loaded)?;
            wanted.store(w, &mut loaded).await
        })
    })
    .await
}

fn is_priority_only(patch: &TicketPatch) -> bool {
    !patch.priority.is_keep()
        && patch.title.is_keep()
        && patch.description.is_keep()
        && patch.urgency.is_keep()
        && patch.impact.is_keep()
        && patch.source.is_keep()
        && patch.location.is_keep()
        && patch.requesters.is_keep()
        && patch.observers.is_keep()
        && patch.customer.is_keep()
        && patch.attachments.is_keep()
}

/// The fields of a patch, typed; `None` = stays.
struct Wanted {
    title: Option<String>,
    body: Option<Rich>,
    urgency: Option<u8>,
    impact: Option<u8>,
    priority: Option<u8>,
    source: Option<Option<Uuid>>,
    location: Option<Option<Uuid>>,
    customer: Option<Option<Uuid>>,
    requesters: Option<Vec<ResolvedActor>>,
    observers: Option<Vec<ResolvedActor>>,
    attachments: Option<Vec<Uuid>>,
    computed: u8,
}

impl Wanted {
    async fn check(
        w: &Work,
        loaded: &Loaded,
        patch: &TicketPatch,
        body: Option<Result<Rich, Code>>,
    ) -> Result<Self, ServiceError> {
        let mut errors = FieldErrors::new();
        let path = w.actor().path_of(loaded.ticket.entity_id);
        let title = match &patch.title {
            Patch::Keep => None,
            Patch::Clear => {
                errors.add("title", Code::Required);
                None
            }
            Patch::Set(text) => errors.check("title", checked_title(text)),
        };
        let body = body.and_then(|body| errors.check("description", body));
        let urgency = required_level(&patch.urgency, "urgency", &mut errors);
        let impact = required_level(&patch.impact, "impact", &mut errors);
        let text = match &patch.priority {
            Patch::Set(text) => text.as_str(),
            Patch::Clear => {
                errors.add("priority", Code::Required);
                ""
            }
            Patch::Keep => "",
        };
        let by_hand = super::create::priority_by_hand(text, loaded.caps, &mut errors);
        let of = |list, field, present| Chosen { list, field, purpose: Purpose::Ticket, present };
        let source = of(lists::SOURCES, "source", loaded.ticket.source_id);
        let source = source.read(&w.tx, &path, &patch.source, &mut errors).await?;
        let location = of(lists::LOCATIONS, "location", loaded.ticket.location_id);
        let location = location.read(&w.tx, &path, &patch.location, &mut errors).await?;
        let present = loaded.ticket.customer_id;
        let customer = match &patch.customer {
            Patch::Keep => None,
            // Nobody takes away, or guesses, what he may not see (C-RGT).
            Patch::Clear | Patch::Set(_) if !loaded.caps.contains(Capability::CustomerView) => {
                let code = if patch.customer == Patch::Clear { Code::NotAllowed } else { Code::UnknownReference };
                errors.add("customer", code);
                None
            }
            Patch::Clear => Some(None),
            Patch::Set(text) => {
                let entity = loaded.ticket.entity_id;
                customers::for_ticket(w, entity, text, present, &mut errors).await?.map(Some)
            }
        };
        let requesters = people_of(w, loaded, ("requester", "requesters"), &patch.requesters, &mut errors).await?;
        if is_emptied(&patch.requesters) {
            errors.add("requesters", Code::Required);
        }
        let observers = people_of(w, loaded, ("observer", "observers"), &patch.observers, &mut errors).await?;
        let attachments = patch.attachments.clone().into_option();
        let attachments = attachments.map(|texts| ids(&texts.unwrap_or_default(), &mut errors));
        let settings = w.settings(&path).await?;
        let now = |level: Option<u8>, stored: i32| level.unwrap_or_else(|| u8::try_from(stored).unwrap_or(3));
        let computed =
            priority(now(urgency, loaded.ticket.urgency), now(impact, loaded.ticket.impact), &settings.matrix());
        let wanted = Self {
            title,
            body,
            urgency,
            impact,
            priority: by_hand,
            source,
            location,
            customer,
            requesters,
            observers,
            attachments,
            computed,
        };
        Ok(errors.or(Some(wanted))?)
    }

    async fn store(self, w: &mut Work, loaded: &mut Loaded) -> Result<(), ServiceError> {
        let before = loaded.ticket.clone();
        let mut changes: Vec<FieldChange> = Vec::new();
        let ticket = &mut loaded.ticket;
        if let Some(title) = self.title {
            changes.extend(history::change("title", ticket.title.clone(), title.clone()));
            ticket.title = title;
        }
        for (field, level, stored) in
            [("urgency", self.urgency, &mut ticket.urgency), ("impact", self.impact, &mut ticket.impact)]
        {
            if let Some(level) = level.map(i32::from) {
                changes.extend(history::change(field, stored.to_string(), level.to_string()));
                *stored = level;
            }
        }
        let levels_changed = before.urgency != ticket.urgency || before.impact != ticket.impact;
        if let Some(by_hand) = self.priority {
            ticket.priority = i32::from(by_hand);
            ticket.priority_by_hand = true;
        } else if levels_changed {
            ticket.priority = i32::from(self.computed);
            ticket.priority_by_hand = false;
        }
        changes.extend(history::change("priority", before.priority.to_string(), ticket.priority.to_string()));
        let rows = [before.source_id, before.location_id, self.source.flatten(), self.location.flatten()];
        let rows = unique(rows.into_iter().flatten());
        let names = lists::refs(&w.tx, &rows, w.actor().lang).await?;
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).map(|r| r.name.clone()).unwrap_or_default();
        for (field, value, stored) in
            [("source", self.source, &mut ticket.source_id), ("location", self.location, &mut ticket.location_id)]
        {
            if let Some(id) = value {
                if *stored != id {
                    changes.extend(history::change(field, name(*stored), name(id)));
                }
                *stored = id;
            }
        }
        if let Some(wanted) = self.customer.filter(|wanted| *wanted != ticket.customer_id) {
            let ids = unique([before.customer_id, wanted].into_iter().flatten());
            let names = customers::Named::load(&w.tx, w.actor(), &ids).await?;
            let name = |id: Option<Uuid>| names.get(id).map(|one| one.name).unwrap_or_default();
            let (old, new) = (name(before.customer_id), name(wanted));
            // One that the writer does not see has no name, and yet it went.
            changes.extend(history::change("customer", old, new).or_else(|| history::change("customer", "…", "")));
            ticket.customer_id = wanted;
        }
        let described = self.body.is_some() || self.attachments.is_some();
        if described {
            changes.extend(description::describe(w, ticket, self.body, self.attachments).await?);
        }
        if let Some(wanted) = self.requesters {
            changes.extend(people::replace(w, &loaded.ticket, &mut loaded.actors, "requester", &wanted).await?);
        }
        if let Some(wanted) = self.observers {
            changes.extend(people::replace(w, &loaded.ticket, &mut loaded.actors, "observer", &wanted).await?);
        }
        if changes.is_empty() {
            return Ok(());
        }
        finish(w, loaded, "field_changed", changes, None).await
    }
}

fn is_emptied(patch: &Patch<Vec<String>>) -> bool {
    match patch {
        Patch::Keep => false,
        Patch::Clear => true,
        Patch::Set(texts) => texts.iter().all(|text| text.trim().is_empty()),
    }
}

/// The people a list makes of a role; `None` = they stay.
async fn people_of(
    w: &Work,
    loaded: &Loaded,
    (role, field): (&str, &str),
    patch: &Patch<Vec<String>>,
    errors: &mut FieldErrors,
) -> Result<Option<Vec<ResolvedActor>>, ServiceError> {
    let Some(texts) = patch.clone().into_option() else { return Ok(None) };
    let texts = texts.unwrap_or_default();
    let present: Vec<ResolvedActor> = loaded.of_role(role).map(people::resolved).collect();
    let entity = loaded.ticket.entity_id;
    people::resolve_all(&w.tx, w.actor(), entity, (field, &texts), &present, errors).await.map(Some)
}

/// Fields that the requester side is told nothing of (P-HID-01), as the history names them.
const HIDDEN: [&str; 8] = ["urgency", "impact", "priority", "source", "location", "customer", "observer", "due_own_at"];

/// Saves the row with a new version, its history row, search index and live event. Of a change of fields that it does not see the
/// requester side learns nothing, neither by an event nor by a date (P-GEN-02, P-HID-02, A-EVT-02).
pub(crate) async fn finish(
    w: &Work,
    loaded: &mut Loaded,
    kind: &str,
    changes: Vec<FieldChange>,
    reason: Option<String>,
) -> Result<(), ServiceError> {
    let is_hidden = !changes.is_empty() && changes.iter().all(|change| HIDDEN.contains(&change.field.as_str()));
    let touch = if is_hidden { Touch::HiddenFields } else { Touch::Fields };
    super::save(w, &mut loaded.ticket, touch).await?;
    let ticket = &loaded.ticket;
    history::record(w, ticket.id, Record { kind, changes, reason, version: ticket.version, ..Record::default() })
        .await?;
    index(w, ticket).await?;
    let change = NewChange {
        kind: "ticket",
        what: "changed",
        object: ticket.id,
        version: ticket.version,
        audience: if is_hidden { "private" } else { "public" },
        author: None,
    };
    events::emit(w, ticket, change).await
}

/// Stores the description column after its images are known.
pub(crate) async fn store_description(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let mut row = ticket.clone().into_active_model();
    row.description = Set(ticket.description.clone());
    row.update(&w.tx).await?;
    Ok(())
}

/// Writes the ticket's own words into the public index.
pub(crate) async fn index(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let doc = Doc {
        ticket_id: ticket.id,
        entity_id: ticket.entity_id,
        kind: "ticket",
        entry_id: ticket.id,
        author: ticket.writer_id,
        private: false,
        at: ticket.opened_at,
        text: &search::ticket_text(ticket),
    };
    search::index(w, doc).await
}

fn checked_title(text: &str) -> Result<String, Code> {
    let title = sanitise::title(text);
    match title.chars().count() {
        0 => Err(Code::Required),
        n if n > TITLE_MAX => Err(Code::TooLong),
        _ => Ok(title),
    }
}

fn required_level(patch: &Patch<String>, field: &str, errors: &mut FieldErrors) -> Option<u8> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => {
            errors.add(field, Code::Required);
            None
        }
        Patch::Set(text) => errors.check(field, level(text, 5)),
    }
}
