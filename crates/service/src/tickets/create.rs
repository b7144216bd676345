//! Registering a ticket (T-TKT-01, T-STA-01), alone or with the commands that come with it.

pub(crate) mod follow_up;
mod form;
mod further;
mod portal;

use std::sync::Arc;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::CreateTicket;
use domain::notification::Event;
use domain::occurrence::{BodyFormat, Visibility, check_past};
use domain::policy::{CapSet, Capability};
use domain::settings::Key;
use domain::ticket::priority::{MAJOR, MIDDLE, priority};
use domain::ticket::{Status, TicketType};
use entity::{list_row, ticket};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

pub use self::form::{for_new_ticket, keep_new};
pub use self::further::{Further, Suspend};
use super::{Loaded, people, row_id, state};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::lists::{self, Purpose};
use crate::notifications::{self, News};
use crate::people::ResolvedActor;
use crate::sanitise::{self, Rich};
use crate::settings::Settings;
use crate::work::{self, Work};
use crate::{customers, deadlines, documents, drafts, idempotency, moments};

/// Longest title in characters.
pub(crate) const TITLE_MAX: usize = 250;
/// Title made from the description: its first characters.
const TITLE_FROM_TEXT: usize = 70;

/// Registers a ticket and answers its number.
///
/// # Errors
/// `Forbidden(ticket.create)`, `Invalid` with every wrong field, `Refused(IdempotencyMismatch)`.
pub async fn create(ctx: &Ctx, form: CreateTicket) -> Result<i64, ServiceError> {
    create_with(ctx, form, Further::default()).await
}

/// Registers a ticket with the commands that come with it, and answers its number: one refusal refuses all.
///
/// # Errors
/// As `create`; of a further command what it would answer alone, its fields below its name (`occurrence.body`).
pub async fn create_with(ctx: &Ctx, form: CreateTicket, further: Further) -> Result<i64, ServiceError> {
    let mut kept = serde_json::to_value(&form)?;
    if let Some(fields) = kept.as_object_mut() {
        fields.extend(further.texts().map(|(name, text)| (name.to_owned(), text.into())));
    }
    drafts::keep(ctx, "ticket", "new", &kept).await;
    let body = sanitise::check(&form.description, form.format);
    let hash = idempotency::content_hash(&(&form, &further));
    let further = further.read(ctx);
    work::write(ctx, move |w| {
        let (form, body, hash, further) = (form.clone(), body.clone(), hash.clone(), further.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<i64>(w, "ticket", &form.key, &hash).await? {
                drafts::remove(w, "ticket", "new").await?;
                return Ok(done);
            }
            let entity = entity_of(&w.tx, w.actor(), &form).await?;
            let caps = w.actor().caps(entity);
            if !caps.contains(Capability::TicketCreate) {
                return Err(AppError::Forbidden(Capability::TicketCreate.name().to_owned()).into());
            }
            let new = New::check(w, entity, caps, &form, body).await;
            let further = further.and_then(|further| further.for_agents_only(caps.is_agent()));
            let (new, further) = further::both(new, further)?;
            let number = new.insert(w).await?;
            further.run(w, number).await?;
            idempotency::answer(w, "ticket", &form.key, &number).await?;
            drafts::remove(w, "ticket", "new").await?;
            Ok(number)
        })
    })
    .await
}

async fn entity_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    form: &CreateTicket,
) -> Result<Uuid, ServiceError> {
    let may = actor.entities_with(Capability::TicketCreate);
    if may.is_empty() {
        return Err(AppError::Forbidden(Capability::TicketCreate.name().to_owned()).into());
    }
    if !form.entity.is_empty() {
        let wanted = form.entity.parse::<Uuid>().ok().filter(|id| actor.entities().contains(id));
        return wanted.ok_or_else(|| AppError::field("entity", Code::UnknownReference).into());
    }
    // Default: the first requester's own entity, else one's own.
    let first = form.requesters.first().map(String::as_str).unwrap_or_default();
    if !first.is_empty()
        && let Ok(ResolvedActor::User(user)) =
            crate::people::resolve_actor(connection, actor, actor.user.entity_id, first).await?
        && let Some(user) = entity::app_user::Entity::find_by_id(user).one(connection).await?
        && may.contains(&user.entity_id)
    {
        return Ok(user.entity_id);
    }
    if may.contains(&actor.user.entity_id) {
        return Ok(actor.user.entity_id);
    }
    may.first().copied().ok_or_else(|| AppError::field("entity", Code::Required).into())
}

/// A ticket whose every field is right.
struct New {
    entity: Uuid,
    kind: TicketType,
    title: String,
    body: Rich,
    urgency: u8,
    impact: u8,
    priority: Option<u8>,
    category: Option<list_row::Model>,
    source: Option<Uuid>,
    location: Option<Uuid>,
    customer: Option<Uuid>,
    requesters: Vec<ResolvedActor>,
    observers: Vec<ResolvedActor>,
    assignees: Vec<ResolvedActor>,
    opened_at: i64,
    due_own_at: Option<i64>,
    due_resolve_at: Option<i64>,
    attachments: Vec<Uuid>,
    follows: Option<Loaded>,
    settings: Arc<Settings>,
}

impl New {
    async fn check(
        w: &Work,
        entity: Uuid,
        caps: CapSet,
        form: &CreateTicket,
        body: Result<Rich, Code>,
    ) -> Result<Self, ServiceError> {
        let actor = w.actor();
        let path = actor.path_of(entity);
        let settings = w.settings(&path).await?;
        // In My requests an agent asks as everybody else does (P-NEW-02).
        let agent = caps.is_agent() && !form.is_of_portal();
        let mut errors = FieldErrors::new();
        if !agent {
            refuse_agents_fields(form, &mut errors);
        }
        let kind = match form.kind.as_str() {
            "" => Some(if agent { TicketType::Incident } else { TicketType::Request }),
            // The third card of the portal (P-NEW-01): its own word, so that the form finds it again in its draft.
            "question" if form.is_of_portal() => Some(TicketType::Request),
            text => errors.check("type", text.parse()),
        };
        let body = if agent { errors.check("description", body) } else { said(form, body, &mut errors) };
        let title = errors.check("title", title(&form.title, body.as_ref(), agent));
        let urgency = errors.check("urgency", level(&form.urgency, 5));
        let impact = errors.check("impact", level(&form.impact, 5));
        let by_hand = priority_by_hand(&form.priority, caps, &mut errors);
        let category = super::choices::category(&w.tx, &path, &form.category, kind, agent, &mut errors).await?;
        let source = source(w, &path, form, agent, &settings, &mut errors).await?;
        let location = reference(w, lists::LOCATIONS, &path, "location", &form.location, &mut errors).await?;
        let customer = if agent && !form.customer.trim().is_empty() {
            customers::for_ticket(w, entity, &form.customer, None, &mut errors).await?
        } else {
            None
        };
        let requesters = if agent {
            let texts = if form.requesters.iter().all(|t| t.trim().is_empty()) {
                vec!["me".to_owned()]
            } else {
                form.requesters.clone()
            };
            people::resolve_all(&w.tx, actor, entity, ("requesters", &texts), &[], &mut errors).await?
        } else {
            portal::requesters(w, &form.requesters, &mut errors).await?
        };
        let observers =
            people::resolve_all(&w.tx, actor, entity, ("observers", &form.observers), &[], &mut errors).await?;
        let named = people::resolve_at(&w.tx, actor, entity, ("assignees", &form.assignees), &[], &mut errors).await?;
        let assignees: Vec<ResolvedActor> = named.iter().map(|(_, found)| found.clone()).collect();
        if agent && !assignees.is_empty() {
            let only_self = assignees == [ResolvedActor::User(actor.id())];
            if let Err(capability) = people::may_name_assignees(caps, only_self) {
                return Err(AppError::Forbidden(capability.name().to_owned()).into());
            }
            people::check_assignable(&w.tx, actor, entity, "assignees", &named, &mut errors).await?;
        }
        let attachments = ids(&form.attachments, &mut errors);
        let follows = follow_up::of(&w.tx, actor, &form.follow_up_of).await?;
        let follows = errors.check("follow_up_of", follows).flatten();
        let opened_at = time(&form.opened_at, w, "opened_at", &mut errors)
            .map_or(Some(w.now()), |at| errors.check("opened_at", check_past(at, w.now())));
        let (due_own_at, due_resolve_at) = due_dates(w, form, caps, opened_at.unwrap_or(w.now()), &mut errors);
        let whole = match (kind, title, body, urgency, impact, opened_at) {
            (Some(kind), Some(title), Some(body), Some(urgency), Some(impact), Some(opened_at)) => Some(Self {
                entity,
                kind,
                title,
                body,
                urgency,
                impact,
                priority: by_hand,
                category,
                source,
                location,
                customer,
                requesters,
                observers,
                assignees,
                opened_at,
                due_own_at,
                due_resolve_at,
                attachments,
                follows,
                settings,
            }),
            _ => None,
        };
        Ok(errors.or(whole)?)
    }

    async fn insert(self, w: &mut Work) -> Result<i64, ServiceError> {
        let number = super::next_number(&w.tx).await?;
        let computed = priority(self.urgency, self.impact, &self.settings.matrix());
        let assigned_user = self.assignees.iter().any(|a| matches!(a, ResolvedActor::User(_)));
        let status = if self.assignees.is_empty() { Status::New } else { Status::Assigned };
        let path = w.actor().path_of(self.entity);
        let routing = super::choices::routing_group(&w.tx, &path, self.category.as_ref(), &self.settings).await?;
        let row = ticket::ActiveModel {
            id: Set(row_id()),
            number: Set(number),
            entity_id: Set(self.entity),
            kind: Set(self.kind.as_str().to_owned()),
            title: Set(self.title.clone()),
            description: Set(String::new()),
            description_text: Set(self.body.text.clone()),
            description_edited_at: Set(None),
            status: Set(status.as_str().to_owned()),
            urgency: Set(i32::from(self.urgency)),
            impact: Set(i32::from(self.impact)),
            priority: Set(i32::from(self.priority.unwrap_or(computed))),
            priority_by_hand: Set(self.priority.is_some()),
            category_id: Set(self.category.as_ref().map(|c| c.id)),
            source_id: Set(self.source),
            location_id: Set(self.location),
            writer_id: Set(Some(w.actor().id())),
            routing_group_id: Set(routing),
            opened_at: Set(self.opened_at),
            assigned_at: Set((status == Status::Assigned).then_some(w.now())),
            taken_at: Set(assigned_user.then_some(self.opened_at)),
            due_own_at: Set(self.due_own_at),
            due_resolve_at: Set(self.due_resolve_at),
            solved_at: Set(None),
            closed_at: Set(None),
            cancelled_at: Set(None),
            close_due_at: Set(None),
            pending_reason_id: Set(None),
            pending_text: Set(None),
            pending_since: Set(None),
            answer_awaited: Set(false),
            reopen_count: Set(0),
            merged_into_id: Set(None),
            deleted_at: Set(None),
            deleted_by_id: Set(None),
            deleted_reason: Set(None),
            version: Set(1),
            created_at: Set(w.now()),
            updated_at: Set(w.now()),
            public_updated_at: Set(w.now()),
            customer_id: Set(self.customer),
        };
        let mut ticket = row.insert(&w.tx).await?;
        let mut actors = Vec::new();
        people::replace(w, &ticket, &mut actors, "requester", &self.requesters).await?;
        people::replace(w, &ticket, &mut actors, "observer", &self.observers).await?;
        people::replace(w, &ticket, &mut actors, "assignee", &self.assignees).await?;
        let files = documents::attach(
            w,
            &ticket,
            "description",
            ticket.id,
            Visibility::Public,
            &self.attachments,
            "attachments",
        )
        .await?;
        sanitise::keep_images(&self.body.html, &files).as_str().clone_into(&mut ticket.description);
        super::update::store_description(w, &ticket).await?;
        state::open_interval(w, ticket.id, status).await?;
        deadlines::look_again(w, &ticket).await?;
        super::update::index(w, &ticket).await?;
        super::marks::mark_read_in(w, ticket.id).await?;
        history::record(w, ticket.id, Record { kind: "created", version: 1, ..Record::default() }).await?;
        if let Some(source) = &self.follows {
            follow_up::record(w, &source.ticket, &ticket).await?;
        }
        events::emit(
            w,
            &ticket,
            NewChange {
                kind: "ticket",
                what: "created",
                object: ticket.id,
                version: 1,
                audience: "public",
                author: None,
            },
        )
        .await?;
        let news = [News::of(Event::Registered), News::of(Event::Assigned)];
        notifications::add(w, &ticket, &actors, &news).await?;
        Ok(number)
    }
}

fn refuse_agents_fields(form: &CreateTicket, errors: &mut FieldErrors) {
    let given = [
        ("impact", !form.impact.is_empty()),
        ("priority", !form.priority.is_empty()),
        ("source", !form.source.is_empty()),
        ("observers", form.observers.iter().any(|t| !t.trim().is_empty())),
        ("assignees", form.assignees.iter().any(|t| !t.trim().is_empty())),
        ("customer", !form.customer.trim().is_empty()),
        ("opened_at", !form.opened_at.is_empty()),
        ("due_own_at", !form.due_own_at.is_empty()),
        ("due_resolve_at", !form.due_resolve_at.is_empty()),
    ];
    for (field, _) in given.iter().filter(|(_, is_given)| *is_given) {
        errors.add(*field, Code::NotAllowed);
    }
}

/// The description of a request: what is told, or the one line where nothing more is (P-NEW-02). Where that line is missing
/// too, its own field says so.
fn said(form: &CreateTicket, body: Result<Rich, Code>, errors: &mut FieldErrors) -> Option<Rich> {
    let line = sanitise::title(&form.title);
    match body {
        Err(Code::Required) if line.is_empty() => None,
        Err(Code::Required) => errors.check("description", sanitise::check(&line, BodyFormat::Text)),
        body => errors.check("description", body),
    }
}

/// A title: cleaned; empty = the first words of the description (agents), required in the portal (P-NEW-02).
fn title(text: &str, body: Option<&Rich>, agent: bool) -> Result<String, Code> {
    let title = sanitise::title(text);
    if title.chars().count() > TITLE_MAX {
        return Err(Code::TooLong);
    }
    if !title.is_empty() {
        return Ok(title);
    }
    if !agent {
        return Err(Code::Required);
    }
    let text = body.map(|b| sanitise::title(&b.text)).unwrap_or_default();
    let cut = domain::text::cut_at_word(&text, TITLE_FROM_TEXT).to_owned();
    Ok(if cut.is_empty() { "–".to_owned() } else { cut })
}

/// A level 1..max as text; empty = the middle.
pub(crate) fn level(text: &str, max: u8) -> Result<u8, Code> {
    if text.trim().is_empty() {
        return Ok(MIDDLE);
    }
    let value: u8 = text
        .trim()
        .parse()
        .map_err(|_not_a_number| if text.trim().parse::<i64>().is_ok() { Code::OutOfRange } else { Code::Invalid })?;
    if (1..=max).contains(&value) { Ok(value) } else { Err(Code::OutOfRange) }
}

pub(crate) fn priority_by_hand(text: &str, caps: CapSet, errors: &mut FieldErrors) -> Option<u8> {
    if text.trim().is_empty() {
        return None;
    }
    if !caps.contains(Capability::TicketChangePriority) {
        if errors.of("priority").is_none() {
            errors.add("priority", Code::NotAllowed);
        }
        return None;
    }
    errors.check("priority", level(text, MAJOR))
}

fn time(text: &str, w: &Work, field: &str, errors: &mut FieldErrors) -> Option<i64> {
    if text.trim().is_empty() { None } else { errors.check(field, moments::parse(text, w.actor().zone)) }
}

fn due_dates(
    w: &Work,
    form: &CreateTicket,
    caps: CapSet,
    opened: i64,
    errors: &mut FieldErrors,
) -> (Option<i64>, Option<i64>) {
    let own = time(&form.due_own_at, w, "due_own_at", errors);
    let resolve = time(&form.due_resolve_at, w, "due_resolve_at", errors);
    if (own.is_some() || resolve.is_some()) && !caps.contains(Capability::TicketChangeSla) {
        for (field, _) in [("due_own_at", own), ("due_resolve_at", resolve)].iter().filter(|(_, value)| value.is_some())
        {
            if errors.of(field).is_none() {
                errors.add(*field, Code::NotAllowed);
            }
        }
        return (None, None);
    }
    super::commands::check_due(opened, own, resolve, errors);
    (own, resolve)
}

async fn reference(
    w: &Work,
    list: &str,
    path: &[Uuid],
    field: &str,
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Ok(errors.check(field, lists::active_row(&w.tx, list, path, text).await?).map(|row| row.id))
}

async fn source(
    w: &Work,
    path: &[Uuid],
    form: &CreateTicket,
    agent: bool,
    settings: &Settings,
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    if agent && !form.source.trim().is_empty() {
        let found = lists::fitting_row(&w.tx, lists::SOURCES, path, &form.source, Purpose::Ticket).await?;
        return Ok(errors.check("source", found).map(|row| row.id));
    }
    let code = if agent { settings.text(Key::TicketDefaultSource).to_owned() } else { "portal".to_owned() };
    if code.parse::<Uuid>().is_ok() {
        // One that broke since it was chosen leaves the field empty (T-SET-06).
        let found = lists::fitting_row(&w.tx, lists::SOURCES, path, &code, Purpose::Ticket).await?;
        return Ok(found.ok().map(|row| row.id));
    }
    Ok(lists::by_code(&w.tx, lists::SOURCES, path, &code).await?.map(|row| row.id))
}

/// Ids of uploads as text; a malformed one is noted at its place.
pub(crate) fn ids(texts: &[String], errors: &mut FieldErrors) -> Vec<Uuid> {
    let given = texts.iter().enumerate().filter(|(_, text)| !text.is_empty());
    let mut out = Vec::new();
    for (index, text) in given {
        let id = text.parse::<Uuid>().map_err(|_not_an_id| Code::UnknownReference);
        out.extend(errors.check(&format!("attachments[{index}]"), id));
    }
    out
}
