//! Adding a task (T-TSK-01, 02), alone or with the ticket it begins.

use domain::duration::Minutes;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AddTask;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy;
use domain::task::{self as rules_of, Plan, TaskState};
use domain::ticket::Side;
use domain::views::{Ref, SavedTask};
use entity::task;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::{KIND, fields, plans, rows};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::occurrences::attachments;
use crate::sanitise::{self, Rich};
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency, notifications, search};

/// Adds a task and answers its id, with what is to know about it.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` with every wrong field, `NotFound`, `Forbidden`, `Refused` by state.
pub async fn add(ctx: &Ctx, form: AddTask) -> Result<SavedTask, ServiceError> {
    // First of all: a refusal below never loses the text.
    drafts::keep(ctx, KIND, &form.ticket.to_string(), &serde_json::to_value(&form)?).await;
    let parsed = Parsed::read(ctx, &form);
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, parsed, hash) = (form.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            let object = form.ticket.to_string();
            if let Some(done) = idempotency::claim::<SavedTask>(w, KIND, &form.key, &hash).await? {
                drafts::remove(w, KIND, &object).await?;
                return Ok(done);
            }
            let parsed = parsed?;
            let mut loaded = tickets::lock(w, form.ticket).await?;
            let saved = insert(w, &mut loaded, &form, parsed).await?;
            idempotency::answer(w, KIND, &form.key, &saved).await?;
            drafts::remove(w, KIND, &object).await?;
            Ok(saved)
        })
    })
    .await
}

/// Fields that need no stored data (T-GEN-02, step 2), parsed before the write lock.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    content: Rich,
    visibility: Option<Visibility>,
    state: TaskState,
    plan: Option<Plan>,
    estimated: Option<Minutes>,
    actual: Option<Minutes>,
    reminder: Option<i32>,
    attachments: Vec<Uuid>,
}

impl Parsed {
    /// Reads them.
    ///
    /// # Errors
    /// `Invalid` with every wrong one.
    pub(crate) fn read(ctx: &Ctx, form: &AddTask) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let content = errors.check("content", sanitise::check(&form.content, form.format));
        let visibility = match form.visibility.as_str() {
            "" => None,
            word => errors.check("visibility", word.parse::<Visibility>()),
        };
        let state = match form.state.as_str() {
            "" => Some(TaskState::default()),
            word => errors.check("state", word.parse::<TaskState>()),
        };
        let begin = fields::time(ctx, "planned_begin", &form.planned_begin, &mut errors);
        let end = fields::time(ctx, "planned_end", &form.planned_end, &mut errors);
        let length = errors.check("duration_minutes", rules_of::minutes(&form.duration_minutes)).flatten();
        let names = ["planned_begin", "planned_end", "duration_minutes"];
        let is_readable = names.iter().all(|field| errors.of(field).is_none());
        let plan = if is_readable { rules_of::plan(begin, end, length, &mut errors) } else { None };
        let estimated = errors.check("estimated_minutes", rules_of::minutes(&form.estimated_minutes)).flatten();
        let actual = errors.check("actual_minutes", rules_of::minutes(&form.actual_minutes)).flatten();
        let reminder = errors.check("reminder_minutes", rules_of::reminder(&form.reminder_minutes)).flatten();
        if reminder.is_some() && form.planned_begin.trim().is_empty() {
            errors.add("reminder_minutes", Code::BeginRequired);
        }
        let attachments = attachments(&form.attachments, &mut errors);
        let whole = match (content, state) {
            (Some(content), Some(state)) => {
                Some(Self { content, visibility, state, plan, estimated, actual, reminder, attachments })
            }
            _ => None,
        };
        errors.or(whole)
    }
}

/// Adds a task to a locked ticket, with everything that follows from it.
///
/// # Errors
/// As `add`.
pub(crate) async fn insert(
    w: &mut Work,
    loaded: &mut Loaded,
    form: &AddTask,
    parsed: Parsed,
) -> Result<SavedTask, ServiceError> {
    policy::can_add_task(loaded.caps, &loaded.facts)
        .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
    let path = w.actor().path_of(loaded.ticket.entity_id);
    let settings = w.settings(&path).await?;
    let new = Checked::read(w, &path, form, &parsed).await?;
    let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    state::require_writable(loaded, &rules)?;
    let row = store(w, loaded, &new, parsed).await?;
    let changed = plans::follow(w, loaded, &settings).await?;
    if loaded.side() == Side::Service && loaded.ticket.taken_at.is_none() {
        loaded.ticket.taken_at = Some(w.now());
    }
    save_ticket(w, loaded, changed, new.visibility).await?;
    notifications::of_task(w, &loaded.ticket, &loaded.actors, Event::TaskGiven, &row).await?;
    Ok(SavedTask { id: row.id, warnings: plans::warnings(w, &row).await? })
}

/// Writes the ticket back after a change of a task, and tells that its status changed with it.
pub(super) async fn save_ticket(
    w: &Work,
    loaded: &mut Loaded,
    changed: bool,
    visibility: Visibility,
) -> Result<(), ServiceError> {
    let touch = match (changed, visibility) {
        (true, _) => Touch::Fields,
        (false, Visibility::Public) => Touch::PublicEntry,
        (false, Visibility::Private) => Touch::PrivateEntry,
    };
    tickets::save(w, &mut loaded.ticket, touch).await?;
    if !changed {
        return Ok(());
    }
    let ticket = &loaded.ticket;
    let change = NewChange {
        kind: "ticket",
        what: "changed",
        object: ticket.id,
        version: ticket.version,
        audience: "public",
        author: None,
    };
    events::emit(w, ticket, change).await
}

/// Fields that need stored data (T-GEN-02, step 6).
struct Checked {
    visibility: Visibility,
    category: Option<Uuid>,
    user: Option<Uuid>,
    group: Option<Uuid>,
    template: Option<Ref>,
}

impl Checked {
    async fn read(w: &Work, path: &[Uuid], form: &AddTask, parsed: &Parsed) -> Result<Self, ServiceError> {
        let mut errors = FieldErrors::new();
        let category = fields::category(w, path, &form.category, &mut errors).await?;
        let user = fields::user(&w.tx, path, &form.user, &mut errors).await?;
        let group = fields::group(&w.tx, path, &form.group, &mut errors).await?;
        let template = fields::template(w, path, &form.template, &mut errors).await?;
        let visibility = parsed.visibility.unwrap_or_else(|| fields::default_visibility(w.actor()));
        let me = Some(w.actor().id());
        fields::check_sight(&w.tx, path, visibility, user, me, &mut errors).await?;
        Ok(errors.or(Some(Self { visibility, category, user, group, template }))?)
    }
}

async fn store(w: &Work, loaded: &Loaded, new: &Checked, parsed: Parsed) -> Result<task::Model, ServiceError> {
    let id = new_id();
    let ticket = &loaded.ticket;
    let files = documents::attach(w, ticket, KIND, id, new.visibility, &parsed.attachments, "attachments").await?;
    let html = sanitise::keep_images(&parsed.content.html, &files);
    let is_done = parsed.state == TaskState::Done;
    let me = Some(w.actor().id());
    let row = task::Model {
        id,
        ticket_id: ticket.id,
        entity_id: ticket.entity_id,
        author_id: me,
        body: html.as_str().to_owned(),
        body_text: parsed.content.text,
        visibility: new.visibility.as_str().to_owned(),
        state: parsed.state.as_str().to_owned(),
        category_id: new.category,
        planned_begin: parsed.plan.map(|plan| plan.begin),
        planned_end: parsed.plan.map(|plan| plan.end),
        estimated_minutes: parsed.estimated.map(|minutes| minutes.0),
        actual_minutes: parsed.actual.map(|minutes| minutes.0),
        user_id: new.user,
        group_id: new.group,
        reminder_minutes: parsed.reminder,
        remind_at: parsed.plan.and_then(|plan| plan.remind_at(parsed.reminder, None, w.now())),
        reminded_at: None,
        template_id: new.template.as_ref().map(|template| template.id),
        template_name: new.template.as_ref().map(|template| template.name.clone()),
        done_at: is_done.then_some(w.now()),
        done_by_id: me.filter(|_| is_done),
        registered_at: w.now(),
        edited_at: None,
        edited_by_id: None,
        public_edited_at: None,
        revision_count: 0,
        removed_at: None,
        removed_by_id: None,
        removed_reason: None,
        version: 1,
    };
    let row = row.into_active_model().reset_all().insert(&w.tx).await?;
    search::index_new(w, rows::doc(&row)).await?;
    let entry = Some((KIND, id, new.visibility, me));
    history::record(w, ticket.id, Record { kind: "task_added", entry, ..Record::default() }).await?;
    let change = NewChange {
        kind: KIND,
        what: "created",
        object: id,
        version: 1,
        audience: events::audience(new.visibility),
        author: me.filter(|_| new.visibility.is_private()),
    };
    events::emit(w, ticket, change).await?;
    Ok(row)
}
