//! Solving a ticket: the solution and the status in one command (T-SOL-02, T-STA-15, 16, 21).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AddSolution;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::settings::Key;
use domain::solution::{AutoClose, Cascade, LINK_LIFE, OpenTasks, SolutionState, Way};
use domain::template::TemplateKind;
use domain::ticket::machine::{Rules, Trigger};
use domain::ticket::{Side, Status};
use domain::views::Ref;
use entity::solution;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::rows::{self, By};
use super::{KIND, closing};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history;
use crate::mail;
use crate::sanitise::{self, Rich};
use crate::search;
use crate::settings::Settings;
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency, knowledge, lists, signed_links, tasks, templates, validations};

/// Longest reason for passing over a validation, in characters.
const OVERRIDE_MAX: usize = 2_000;

/// Solves a ticket and answers the id of the solution.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` with every wrong field, `NotFound`, `Forbidden`, `Conflict`, `Refused` by state.
pub async fn add(ctx: &Ctx, form: AddSolution) -> Result<Uuid, ServiceError> {
    // First of all: a refusal below never loses the text.
    drafts::keep(ctx, KIND, &form.ticket.to_string(), &serde_json::to_value(&form)?).await;
    save(ctx, form, true).await
}

/// The same with a text that was not written at its ticket: a draft there is another text, and stays (T-BLK-01).
///
/// # Errors
/// As [`add`].
pub(crate) async fn add_from_elsewhere(ctx: &Ctx, form: AddSolution) -> Result<Uuid, ServiceError> {
    save(ctx, form, false).await
}

/// What can be said of a solution before any ticket is looked at.
///
/// # Errors
/// `Invalid` with every wrong field.
pub(crate) fn check(form: &AddSolution) -> Result<(), AppError> {
    Parsed::read(form).map(|_parsed| ())
}

/// Solves in one transaction; `is_drafted`: the draft of the ticket is this text, and goes with it.
async fn save(ctx: &Ctx, form: AddSolution, is_drafted: bool) -> Result<Uuid, ServiceError> {
    let parsed = Parsed::read(&form);
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, parsed, hash) = (form.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            let object = form.ticket.to_string();
            if let Some(done) = idempotency::claim::<Uuid>(w, KIND, &form.key, &hash).await? {
                if is_drafted {
                    drafts::remove(w, KIND, &object).await?;
                }
                return Ok(done);
            }
            let parsed = parsed?;
            let mut loaded = tickets::lock(w, form.ticket).await?;
            let id = insert(w, &mut loaded, &form, parsed).await?;
            idempotency::answer(w, KIND, &form.key, &id).await?;
            if is_drafted {
                drafts::remove(w, KIND, &object).await?;
            }
            Ok(id)
        })
    })
    .await
}

/// Fields that need no stored data (T-GEN-02, step 2), parsed before the write lock.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(super) body: Rich,
    pub(super) attachments: Vec<Uuid>,
}

impl Parsed {
    /// Reads them.
    ///
    /// # Errors
    /// `Invalid` with every wrong one.
    pub(crate) fn read(form: &AddSolution) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let body = errors.check("body", sanitise::check(&form.body, form.format));
        let attachments = tickets::create::ids(&form.attachments, &mut errors);
        if attachments.len() > domain::occurrence::ATTACHMENTS_MAX {
            errors.add("attachments", Code::TooMany);
        }
        if !form.open_tasks.is_empty() {
            errors.check("open_tasks", form.open_tasks.parse::<OpenTasks>());
        }
        for (index, word) in form.cascade.iter().enumerate().filter(|(_, word)| !word.is_empty()) {
            // Links between tickets come with their part too.
            errors.check(&format!("cascade[{index}]"), word.parse::<Cascade>());
        }
        if form.override_reason.trim().chars().count() > OVERRIDE_MAX {
            errors.add("override_reason", Code::TooLong);
        }
        errors.or(body.map(|body| Self { body, attachments }))
    }
}

/// Solves a locked ticket, with everything that follows from it, and answers the id of the solution.
///
/// # Errors
/// As [`add`].
pub(crate) async fn insert(
    w: &mut Work,
    loaded: &mut Loaded,
    form: &AddSolution,
    parsed: Parsed,
) -> Result<Uuid, ServiceError> {
    loaded.require(Capability::TicketSolve)?;
    loaded.require(Capability::SolutionAdd)?;
    if form.close {
        loaded.require(Capability::TicketClose)?;
    }
    if form.save_to_knowledge {
        loaded.require(Capability::KnowledgeEdit)?;
    }
    let path = w.actor().path_of(loaded.ticket.entity_id);
    let settings = w.settings(&path).await?;
    let new = Checked::read(w, form, &path).await?;
    if form.version != 0 && form.version != loaded.ticket.version {
        return Err(AppError::Conflict { version: loaded.ticket.version, conflicts: Vec::new() }.into());
    }
    let article =
        if form.article.trim().is_empty() { None } else { Some(knowledge::named(w, loaded, &form.article).await?) };
    let trigger = if form.close { Trigger::CloseWithSolution } else { Trigger::Solve };
    let zone = w.actor().entity_zone(loaded.ticket.entity_id);
    let validation_passed = validations::pass_over(w, loaded, Some(&form.override_reason)).await?;
    if form.open_tasks == OpenTasks::Done.as_str() {
        // Before the ticket is solved: the end of its last open plan is a step of its own.
        tasks::finish_open(w, loaded).await?;
    }
    let rules = Rules { validation_passed, ..state::rules(loaded, &settings, w.now(), zone) };
    state::apply(w, loaded, trigger, &rules).await?;
    let row = store(w, loaded, new, parsed).await?;
    finish(w, loaded, &row, form.close, &settings).await?;
    if let Some(article) = article {
        knowledge::link_in(w, loaded, &article).await?;
    }
    Ok(row.id)
}

/// What follows from a stored solution, whoever solved: the ticket is saved, everybody is told.
pub(super) async fn finish(
    w: &Work,
    loaded: &mut Loaded,
    row: &solution::Model,
    by_hand: bool,
    settings: &Settings,
) -> Result<(), ServiceError> {
    if loaded.side() == Side::Service && loaded.ticket.taken_at.is_none() {
        loaded.ticket.taken_at = Some(w.now());
    }
    tickets::save(w, &mut loaded.ticket, Touch::Fields).await?;
    let version = loaded.ticket.version;
    history::record(w, loaded.ticket.id, rows::record("solution_added", row, version)).await?;
    tell(w, loaded, row).await?;
    if loaded.status() == Status::Closed {
        closed(w, loaded, row, by_hand, settings).await
    } else {
        let asked = mail::asked(&w.ctx, &w.tx, loaded, Event::Solved).await?;
        let until = w.now() + LINK_LIFE;
        signed_links::store(w, (KIND, row.id), loaded.ticket.id, &asked.people, until).await?;
        mail::ask(w, &loaded.ticket, row, (mail::Kind::Solved, Event::Solved), &asked).await
    }
}

/// A ticket that solving closed: at once, where nobody is waited for (T-STA-16), or because it was asked for (T-STA-21).
async fn closed(
    w: &Work,
    loaded: &Loaded,
    row: &solution::Model,
    by_hand: bool,
    settings: &Settings,
) -> Result<(), ServiceError> {
    let at_once = AutoClose::read(settings.text(Key::AutoCloseDays)) == AutoClose::AtOnce;
    if !by_hand && at_once {
        rows::settle(w, row.id, SolutionState::Accepted, &By::System, None).await?;
    }
    let way = if by_hand { Way::ByHand } else { Way::Automatic };
    let record = history::Record {
        kind: "closed",
        changes: closing::told(way, None),
        version: loaded.ticket.version,
        automatic: !by_hand,
        ..history::Record::default()
    };
    history::record(w, loaded.ticket.id, record).await
}

/// Tells streams of the ticket and of its solution.
async fn tell(w: &Work, loaded: &Loaded, row: &solution::Model) -> Result<(), ServiceError> {
    let ticket = &loaded.ticket;
    for (kind, what, object, version) in
        [("ticket", "changed", ticket.id, ticket.version), (KIND, "created", row.id, row.version)]
    {
        let change = NewChange { kind, what, object, version, audience: "public", author: None };
        events::emit(w, ticket, change).await?;
    }
    Ok(())
}

/// Fields that need stored data (T-GEN-02, step 6).
pub(super) struct Checked {
    pub(super) kind: Option<Uuid>,
    pub(super) template: Option<Ref>,
}

impl Checked {
    async fn read(w: &Work, form: &AddSolution, path: &[Uuid]) -> Result<Self, ServiceError> {
        let mut errors = FieldErrors::new();
        let mut kind = None;
        if !form.kind.trim().is_empty() {
            let found = lists::active_row(&w.tx, lists::SOLUTION_TYPES, path, &form.kind).await?;
            kind = errors.check("type", found).map(|row| row.id);
        }
        let mut template = None;
        if !form.template.trim().is_empty() {
            let found = templates::named_of(&w.tx, TemplateKind::Solution, &form.template, path).await?;
            template = errors.check("template", found.ok_or(Code::UnknownReference));
        }
        Ok(errors.or(Some(Self { kind, template }))?)
    }
}

/// Writes the row of a solution with its files.
pub(super) async fn store(
    w: &Work,
    loaded: &Loaded,
    new: Checked,
    parsed: Parsed,
) -> Result<solution::Model, ServiceError> {
    let (id, ticket) = (new_id(), &loaded.ticket);
    let files = &parsed.attachments;
    let attached = documents::attach(w, ticket, KIND, id, Visibility::Public, files, "attachments").await?;
    let html = sanitise::keep_images(&parsed.body.html, &attached);
    let row = solution::ActiveModel {
        id: Set(id),
        ticket_id: Set(ticket.id),
        entity_id: Set(ticket.entity_id),
        author_id: Set(w.actor().account()),
        body: Set(html.as_str().to_owned()),
        body_text: Set(parsed.body.text),
        type_id: Set(new.kind),
        template_id: Set(new.template.as_ref().map(|template| template.id)),
        template_name: Set(new.template.map(|template| template.name)),
        state: Set(SolutionState::Waiting.as_str().to_owned()),
        answered_at: Set(None),
        answered_by_id: Set(None),
        answered_name: Set(None),
        comment: Set(None),
        registered_at: Set(w.now()),
        edited_at: Set(None),
        edited_by_id: Set(None),
        revision_count: Set(0),
        version: Set(1),
    };
    let row = row.insert(&w.tx).await?;
    search::index_new(w, rows::doc(&row)).await?;
    Ok(row)
}
