//! Commands that come with a new ticket of an agent (T-TKT-01): all of them or none, each checked as if it came alone.

use domain::error::{AppError, Code, FieldError, FieldErrors};
use domain::forms::{AddOccurrence, AddSolution, AddTask};
use domain::policy::Capability;
use domain::solution::Way;
use domain::ticket::machine::Trigger;
use serde::Serialize;
use uuid::Uuid;

use crate::ctx::{Ctx, new_id};
use crate::customer_occurrences;
use crate::error::ServiceError;
use crate::occurrences::{self, Parsed};
use crate::solutions;
use crate::tasks;
use crate::tickets::commands::JUSTIFICATION_MAX;
use crate::tickets::hold::{Asked, Hold};
use crate::tickets::{self, Loaded, state, update};
use crate::work::Work;

/// What happens to a ticket right after its registration, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Further {
    /// Puts it on hold (T-STA-12).
    pub suspend: Option<Suspend>,
    /// Its first occurrence; number and key of the form are not read.
    pub occurrence: Option<AddOccurrence>,
    /// Its first task; number and key of the form are not read.
    pub task: Option<AddTask>,
    /// What solves it at once (T-STA-15, 16); number, key, version and `close` of the form are not read.
    pub solution: Option<AddSolution>,
    /// Closes it: with its solution (T-STA-21), as without one an open ticket is not closed.
    pub close: bool,
    /// The customer occurrence it is opened from, which names it from now on (C-OCC-11).
    pub about: Option<Uuid>,
}

/// A suspension (T-PEN-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Suspend {
    /// Pending reason id; empty = none.
    pub reason: String,
    /// Up to 2 000 characters.
    pub text: String,
    /// The text becomes a public occurrence.
    pub public: bool,
}

/// The same with the fields that need no stored data read.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    suspend: Option<Suspend>,
    occurrence: Option<(AddOccurrence, Parsed)>,
    task: Option<(AddTask, tasks::Parsed)>,
    solution: Option<(AddSolution, solutions::Parsed)>,
    close: bool,
    about: Option<Uuid>,
}

impl Further {
    /// Reads what needs no stored data (T-GEN-02, step 2).
    pub(super) fn read(&self, ctx: &Ctx) -> Result<Ready, AppError> {
        let mut errors = FieldErrors::new();
        if self.suspend.as_ref().is_some_and(|asked| asked.text.trim().chars().count() > JUSTIFICATION_MAX) {
            errors.add("suspend.text", Code::TooLong);
        }
        let mut occurrence = None;
        if let Some(form) = &self.occurrence {
            let parsed = named("occurrence", Parsed::read(ctx, form), &mut errors)?;
            occurrence = parsed.map(|parsed| (form.clone(), parsed));
        }
        let mut task = None;
        if let Some(form) = &self.task {
            let parsed = named("task", tasks::Parsed::read(ctx, form), &mut errors)?;
            task = parsed.map(|parsed| (form.clone(), parsed));
        }
        let mut solution = None;
        if let Some(form) = &self.solution {
            let form = AddSolution { version: 0, close: self.close, ..form.clone() };
            let parsed = named("solution", solutions::Parsed::read(&form), &mut errors)?;
            solution = parsed.map(|parsed| (form, parsed));
        }
        let (suspend, close, about) = (self.suspend.clone(), self.close, self.about);
        errors.or(Some(Ready { suspend, occurrence, task, solution, close, about }))
    }

    /// The texts of the entries by the names of these, for the draft that a refusal leaves.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let occurrence = self.occurrence.as_ref().map(|form| ("occurrence", form.body.as_str()));
        let task = self.task.as_ref().map(|form| ("task", form.content.as_str()));
        let solution = self.solution.as_ref().map(|form| ("solution", form.body.as_str()));
        [occurrence, task, solution].into_iter().flatten()
    }
}

impl Ready {
    /// Who is no agent brings no further commands.
    pub(super) fn for_agents_only(self, agent: bool) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let given = [
            ("suspend", self.suspend.is_some()),
            ("occurrence", self.occurrence.is_some()),
            ("task", self.task.is_some()),
            ("solution", self.solution.is_some()),
            ("close", self.close),
        ];
        for (field, _) in given.iter().filter(|(_, is_given)| *is_given && !agent) {
            errors.add(*field, Code::NotAllowed);
        }
        errors.or(Some(self))
    }

    fn is_empty(&self) -> bool {
        let has_entry = self.occurrence.is_some() || self.task.is_some() || self.solution.is_some();
        self.suspend.is_none() && !has_entry && !self.close && self.about.is_none()
    }

    /// Runs them on the ticket just registered.
    pub(super) async fn run(self, w: &mut Work, number: i64) -> Result<(), ServiceError> {
        if self.is_empty() {
            return Ok(());
        }
        let mut loaded = tickets::lock(w, number).await?;
        if let Some(id) = self.about {
            customer_occurrences::link(w, id, &loaded.ticket).await?;
        }
        if let Some(asked) = &self.suspend {
            suspend(w, &mut loaded, asked).await?;
        }
        if let Some((form, parsed)) = self.occurrence {
            let added = occurrences::insert(w, &mut loaded, new_id(), &form, parsed).await;
            added.map_err(|error| within("occurrence", error))?;
        }
        if let Some((form, parsed)) = self.task {
            let added = tasks::insert(w, &mut loaded, &form, parsed).await;
            added.map_err(|error| within("task", error))?;
        }
        match self.solution {
            // It closes the ticket too, where that is asked for (T-STA-21).
            Some((form, parsed)) => {
                let solved = solutions::insert(w, &mut loaded, &form, parsed).await;
                solved.map(|_id| ()).map_err(|error| within("solution", error))
            }
            None if self.close => close(w, &mut loaded).await,
            None => Ok(()),
        }
    }
}

/// As `close` alone: refused while the ticket is open and has no solution (T-STA-20, 29).
async fn close(w: &Work, loaded: &mut Loaded) -> Result<(), ServiceError> {
    loaded.require(Capability::TicketClose)?;
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    state::apply(w, loaded, Trigger::Close, &rules).await?;
    update::finish(w, loaded, "closed", solutions::closing::told(Way::ByHand, None), None).await
}

async fn suspend(w: &mut Work, loaded: &mut Loaded, asked: &Suspend) -> Result<(), ServiceError> {
    loaded.require(Capability::TicketSuspend)?;
    let path = w.actor().path_of(loaded.ticket.entity_id);
    let settings = w.settings(&path).await?;
    let mut errors = FieldErrors::new();
    let asked = Asked { reason: &asked.reason, text: &asked.text, public: asked.public, prefix: "suspend." };
    let hold = Hold::read(w, &settings, &path, asked, &mut errors).await?;
    errors.or(Some(()))?;
    let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    let told = hold.apply(w, loaded, &rules).await?;
    update::finish(w, loaded, "suspended", told.changes, told.text).await
}

/// Wrong fields of an entry are named below it (A-ERR-02).
fn below(entry: &str, error: AppError) -> AppError {
    let AppError::Invalid(FieldErrors(wrong)) = error else { return error };
    let named = |wrong: FieldError| FieldError { field: format!("{entry}.{}", wrong.field), ..wrong };
    AppError::Invalid(FieldErrors(wrong.into_iter().map(named).collect()))
}

/// The same of what a service refused.
fn within(entry: &str, mut error: ServiceError) -> ServiceError {
    error.public = below(entry, error.public);
    error
}

/// What was read of an entry; its wrong fields are noted below it.
fn named<T>(entry: &str, read: Result<T, AppError>, errors: &mut FieldErrors) -> Result<Option<T>, AppError> {
    match read.map_err(|error| below(entry, error)) {
        Ok(parsed) => Ok(Some(parsed)),
        Err(AppError::Invalid(FieldErrors(wrong))) => {
            errors.0.extend(wrong);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Two checks whose wrong fields are named at once (T-GEN-02).
pub(super) fn both<A, B>(a: Result<A, ServiceError>, b: Result<B, AppError>) -> Result<(A, B), ServiceError> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(error), Err(AppError::Invalid(FieldErrors(more)))) => {
            let AppError::Invalid(FieldErrors(mut wrong)) = error.public.clone() else { return Err(error) };
            wrong.extend(more);
            Err(AppError::Invalid(FieldErrors(wrong)).into())
        }
        (Err(error), _) => Err(error),
        (Ok(_), Err(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_02_wrong_fields_of_the_ticket_and_of_its_occurrence_are_named_at_once() {
        let ticket: Result<(), ServiceError> = Err(AppError::field("title", Code::TooLong).into());
        let entry: Result<(), AppError> = Err(below("occurrence", AppError::field("body", Code::Required)));
        let Err(error) = both(ticket, entry) else { panic!("must be refused") };
        let AppError::Invalid(errors) = error.public else { panic!("must be about fields") };
        assert_eq!(errors.of("title"), Some(Code::TooLong));
        assert_eq!(errors.of("occurrence.body"), Some(Code::Required));
    }
}
