//! The commands of a ticket: take, assign, put on hold, close, reopen … (T-TKT-03..08, T-STA).

mod leaving;
mod life;
mod move_to;
mod trash;

use std::sync::Arc;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{Command, RunCommand};
use domain::notification::Event;
use domain::policy::Capability;
use domain::ticket::Status;
use domain::ticket::machine::Rules;
use domain::views::FieldChange;
use entity::ticket_actor;

use super::{Loaded, people, state, update};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::idempotency;
use crate::moments;
use crate::notifications::{self, News};
use crate::people::ResolvedActor;
use crate::settings::Settings;
use crate::work::{self, Work};

pub(crate) use leaving::hand_over;
pub(crate) use trash::remove;

/// Longest justification, pending text and reason of agents, in characters.
pub(crate) const JUSTIFICATION_MAX: usize = 2_000;
/// Longest reason of reopening.
const REOPEN_REASON_MAX: usize = 10_000;

/// Runs one command.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid`, `NotFound`, `Forbidden`, `Disabled`, `Conflict`, `Refused` with the code of T-STA-29.
pub async fn run(ctx: &Ctx, form: RunCommand) -> Result<(), ServiceError> {
    check_lengths(&form)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, "command", &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let loaded = super::lock(w, form.number).await?;
            let key = form.key.clone();
            Run::new(w, loaded, form).await?.dispatch(w).await?;
            idempotency::answer(w, "command", &key, &true).await
        })
    })
    .await
}

/// What can be said of a command before any ticket is looked at.
///
/// # Errors
/// `Invalid` with every wrong field.
pub(crate) fn check_lengths(form: &RunCommand) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    let reason_max = if form.command == Command::Reopen { REOPEN_REASON_MAX } else { JUSTIFICATION_MAX };
    let reason = if form.command == Command::Delegate
        || form.command == Command::Reclassify
        || form.command == Command::ChangeSla
    {
        "justification"
    } else {
        "reason"
    };
    if form.reason.trim().chars().count() > reason_max {
        errors.add(reason, Code::TooLong);
    }
    if form.text.trim().chars().count() > JUSTIFICATION_MAX {
        errors.add("text", Code::TooLong);
    }
    if matches!(form.command, Command::ChangeSla | Command::Reopen) && form.reason.trim().is_empty() {
        errors.add(reason, Code::Required);
    }
    if form.command == Command::Delegate && form.to.trim().is_empty() {
        errors.add("to", Code::Required);
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors).into()) }
}

/// A command under way: the locked ticket, its settings, the form.
pub(crate) struct Run {
    pub(crate) loaded: Loaded,
    pub(crate) settings: Arc<Settings>,
    pub(crate) form: RunCommand,
    pub(crate) path: Vec<uuid::Uuid>,
}

impl Run {
    async fn new(w: &Work, loaded: Loaded, form: RunCommand) -> Result<Self, ServiceError> {
        let path = w.actor().path_of(loaded.ticket.entity_id);
        let settings = w.settings(&path).await?;
        Ok(Self { loaded, settings, form, path })
    }

    async fn dispatch(mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_right()?;
        match self.form.command {
            Command::Take => self.take(w).await,
            Command::GiveBack => self.give_back(w).await,
            Command::Assign => self.assign(w).await,
            Command::Delegate => self.delegate(w).await,
            Command::Reclassify => self.reclassify(w).await,
            Command::ChangeSla => self.change_sla(w).await,
            Command::Suspend => self.suspend(w).await,
            Command::Reactivate => self.reactivate(w).await,
            Command::Close => self.close(w).await,
            Command::Reopen => self.reopen(w).await,
            Command::Cancel => self.cancel(w).await,
            Command::Delete => self.delete(w).await,
            Command::Restore => self.restore(w).await,
            Command::Purge => self.purge(w).await,
        }
    }

    /// T-GEN-02 (7): each command asks it behind its fields and before its state.
    pub(crate) fn require_version(&self) -> Result<(), ServiceError> {
        let (wanted, present) = (self.form.version, self.loaded.ticket.version);
        if wanted == 0 || wanted == present {
            return Ok(());
        }
        Err(AppError::Conflict { version: present, conflicts: Vec::new() }.into())
    }

    /// T-GEN-02 (8): refuses what an over ticket no longer takes, and says what the actor may do instead.
    pub(crate) fn require_writable(&self, w: &Work) -> Result<(), ServiceError> {
        state::require_writable(&self.loaded, &self.rules(w))
    }

    /// T-GEN-02 (4): the capability, before anything is said about states.
    fn require_right(&self) -> Result<(), ServiceError> {
        let caps = self.loaded.caps;
        let portal = !self.loaded.is_agent() || (self.loaded.facts.requester_side && !self.loaded.facts.assigned);
        let needed = match self.form.command {
            Command::Take if self.form.take_over => Capability::TicketAssign,
            Command::Take | Command::GiveBack => Capability::TicketTake,
            Command::Assign => Capability::TicketAssign,
            Command::Delegate => Capability::TicketDelegate,
            Command::Reclassify => Capability::TicketReclassify,
            Command::ChangeSla => Capability::TicketChangeSla,
            Command::Suspend => Capability::TicketSuspend,
            Command::Reactivate => Capability::TicketReactivate,
            Command::Close => Capability::TicketClose,
            // The requester side cancels and reopens by settings and state, not by a capability (T-STA-24, 26).
            Command::Reopen if portal && !caps.contains(Capability::TicketReopen) => {
                return self.require_requester_side(Capability::TicketReopen);
            }
            Command::Cancel if portal && !caps.contains(Capability::TicketCancel) => {
                return self.require_requester_side(Capability::TicketCancel);
            }
            Command::Reopen => Capability::TicketReopen,
            Command::Cancel => Capability::TicketCancel,
            Command::Delete => Capability::TicketDelete,
            Command::Restore => Capability::TicketRestore,
            Command::Purge => Capability::TicketPurge,
        };
        self.loaded.require(needed)
    }

    fn require_requester_side(&self, instead: Capability) -> Result<(), ServiceError> {
        if self.loaded.facts.requester_side {
            Ok(())
        } else {
            Err(AppError::Forbidden(instead.name().to_owned()).into())
        }
    }

    pub(crate) fn rules(&self, w: &Work) -> Rules {
        state::rules(&self.loaded, &self.settings, w.now(), entity_zone(w, &self.loaded))
    }

    pub(crate) fn reason(&self) -> Option<String> {
        let reason = crate::sanitise::nfc(&self.form.reason).trim().to_owned();
        (!reason.is_empty()).then_some(reason)
    }

    async fn take(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        self.require_writable(w)?;
        let me = w.actor().id();
        let present = people::active_assignees(&w.tx, &self.loaded.actors).await?;
        let others: Vec<&domain::views::ActorView> = present.iter().filter(|p| p.id != Some(me)).collect();
        if let Some(other) = others.first().filter(|_| !self.form.take_over) {
            let data = self.loaded.is_agent().then(|| serde_json::json!({ "by": other.name }));
            return Err(AppError::Refused { code: Code::AlreadyTaken, data }.into());
        }
        if present.iter().any(|p| p.id == Some(me)) && others.is_empty() {
            return Ok(());
        }
        let mut wanted: Vec<ResolvedActor> =
            self.loaded.of_role("assignee").filter(|a| a.user_id.is_none()).map(people::resolved).collect();
        wanted.insert(0, ResolvedActor::User(me));
        self.set_assignees(w, &wanted, "taken").await
    }

    async fn give_back(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        self.require_writable(w)?;
        let me = w.actor().id();
        let wanted: Vec<ResolvedActor> =
            self.loaded.of_role("assignee").filter(|a| a.user_id != Some(me)).map(people::resolved).collect();
        self.set_assignees(w, &wanted, "given_back").await
    }

    async fn assign(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let mut errors = FieldErrors::new();
        let entity = self.loaded.ticket.entity_id;
        let stays: Vec<ResolvedActor> = self.loaded.of_role("assignee").map(people::resolved).collect();
        let mut wanted = stays.clone();
        let (list, add, remove) = (self.form.assignees.clone(), self.form.add.clone(), self.form.remove.clone());
        if self.form.replace || !list.is_empty() {
            wanted = self.named(w, "assignees", &list, &stays, &mut errors).await?;
        }
        let gone = people::resolve_all(&w.tx, w.actor(), entity, ("remove", &remove), &stays, &mut errors).await?;
        wanted.retain(|p| !gone.contains(p));
        for person in self.named(w, "add", &add, &stays, &mut errors).await? {
            if !wanted.contains(&person) {
                wanted.push(person);
            }
        }
        if wanted.len() > people::MAX {
            errors.add("assignees", Code::TooMany);
        }
        errors.or(Some(()))?;
        self.require_version()?;
        self.require_writable(w)?;
        self.set_assignees(w, &wanted, "assigned").await
    }

    /// People of a field; those who are not assigned yet must be assignable.
    async fn named(
        &self,
        w: &Work,
        field: &str,
        texts: &[String],
        stays: &[ResolvedActor],
        errors: &mut FieldErrors,
    ) -> Result<Vec<ResolvedActor>, ServiceError> {
        let entity = self.loaded.ticket.entity_id;
        let found = people::resolve_at(&w.tx, w.actor(), entity, (field, texts), stays, errors).await?;
        let new: Vec<(usize, ResolvedActor)> = found.iter().filter(|(_, p)| !stays.contains(p)).cloned().collect();
        people::check_assignable(&w.tx, w.actor(), entity, field, &new, errors).await?;
        Ok(found.into_iter().map(|(_, found)| found).collect())
    }

    async fn delegate(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        if !self.loaded.facts.assigned {
            self.loaded.require(Capability::TicketAssign)?;
        }
        let entity = self.loaded.ticket.entity_id;
        let mut errors = FieldErrors::new();
        let to = [self.form.to.clone()];
        let found = people::resolve_at(&w.tx, w.actor(), entity, ("to", &to), &[], &mut errors).await?;
        people::check_assignable(&w.tx, w.actor(), entity, "to", &found, &mut errors).await?;
        let mut at_to = FieldErrors::new();
        if let Some(first) = errors.0.first() {
            at_to.add("to", first.code);
        }
        let target = at_to.or(found.into_iter().next().map(|(_, found)| found))?;
        self.require_version()?;
        self.require_writable(w)?;
        let (me, groups) = (w.actor().id(), w.actor().groups.clone());
        let to_group = matches!(target, ResolvedActor::Group(_));
        let mut wanted: Vec<ResolvedActor> = self
            .loaded
            .of_role("assignee")
            .filter(|a| a.user_id != Some(me) && !(to_group && a.group_id.is_some_and(|g| groups.contains(&g))))
            .map(people::resolved)
            .collect();
        if !wanted.contains(&target) {
            wanted.insert(0, target);
        }
        self.set_assignees(w, &wanted, "delegated").await
    }

    /// One change of the assignees, whatever the command: counts once, by its result (T-STA section 5).
    async fn set_assignees(&mut self, w: &mut Work, wanted: &[ResolvedActor], kind: &str) -> Result<(), ServiceError> {
        let known: Vec<uuid::Uuid> = self.loaded.of_role("assignee").map(|row| row.id).collect();
        let before = !known.is_empty();
        let ticket = self.loaded.ticket.clone();
        let changes = people::replace(w, &ticket, &mut self.loaded.actors, "assignee", wanted).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let after = !wanted.is_empty();
        if after && wanted.iter().any(|p| matches!(p, ResolvedActor::User(_))) {
            self.loaded.ticket.taken_at = self.loaded.ticket.taken_at.or(Some(w.now()));
        }
        let rules = self.rules(w);
        if let Some(trigger) = state::assignment_trigger(self.loaded.status(), before, after) {
            state::apply(w, &mut self.loaded, trigger, &rules).await?;
        }
        let kind = if after {
            kind
        } else if kind == "assigned" {
            "unassigned"
        } else {
            kind
        };
        let reason = self.reason();
        update::finish(w, &mut self.loaded, kind, changes, reason).await?;
        // Who was assigned before has no new work; who took it knows.
        let me = w.actor().id();
        let is_new = |row: &&ticket_actor::Model| !known.contains(&row.id) && row.user_id != Some(me);
        let fresh: Vec<ticket_actor::Model> = self.loaded.of_role("assignee").filter(is_new).cloned().collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let event = if kind == "delegated" { Event::Delegated } else { Event::Assigned };
        let news = News { only: Some(&fresh), ..News::of(event) };
        notifications::add(w, &self.loaded.ticket, &self.loaded.actors, &[news]).await
    }

    /// Saves a change without old and new fields under a history kind.
    pub(crate) async fn finish(
        &mut self,
        w: &mut Work,
        kind: &str,
        changes: Vec<FieldChange>,
        reason: Option<String>,
    ) -> Result<(), ServiceError> {
        update::finish(w, &mut self.loaded, kind, changes, reason).await
    }

    pub(crate) fn status(&self) -> Status {
        self.loaded.status()
    }
}

/// Zone of the ticket's entity; computed from its stored name.
pub(crate) fn entity_zone(w: &Work, loaded: &Loaded) -> chrono_tz::Tz {
    w.actor().entity_zone(loaded.ticket.entity_id)
}

/// Notes due dates before the opening or in the wrong order.
pub(crate) fn check_due(opened: i64, own: Option<i64>, resolve: Option<i64>, errors: &mut FieldErrors) {
    for (field, due) in [("due_own_at", own), ("due_resolve_at", resolve)] {
        if due.is_some_and(|due| due < opened) {
            errors.add(field, Code::DueBeforeOpening);
        }
    }
    if let (Some(own), Some(resolve)) = (own, resolve)
        && own > resolve
        && errors.of("due_own_at").is_none()
    {
        errors.add("due_own_at", Code::DueOrder);
    }
}

/// A time of a command: empty = stays, `none` = emptied.
pub(crate) fn optional_time(
    text: &str,
    field: &str,
    zone: chrono_tz::Tz,
    errors: &mut FieldErrors,
) -> Option<Option<i64>> {
    match text.trim() {
        "" => None,
        "none" => Some(None),
        text => errors.check(field, moments::parse(text, zone)).map(Some),
    }
}
