//! Commands that come with a new ticket of an agent (T-TKT-01): all of them or none, each checked as if it came alone.

use domain::error::{AppError, Code, FieldError, FieldErrors};
use domain::forms::{AddOccurrence, AddTask};
use domain::policy::Capability;
use serde::Serialize;
use uuid::Uuid;

use crate::ctx::{Ctx, new_id};
use crate::customer_occurrences;
use crate::error::ServiceError;
use crate::occurrences::{self, Parsed};
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
            match Parsed::read(ctx, form).map_err(|error| below("occurrence", error)) {
                Ok(parsed) => occurrence = Some((form.clone(), parsed)),
                Err(AppError::Invalid(FieldErrors(wrong))) => errors.0.extend(wrong),
                Err(other) => return Err(other),
            }
        }
        let mut task = None;
        if let Some(form) = &self.task {
            match tasks::Parsed::read(ctx, form).map_err(|error| below("task", error)) {
                Ok(parsed) => task = Some((form.clone(), parsed)),
                Err(AppError::Invalid(FieldErrors(wrong))) => errors.0.extend(wrong),
                Err(other) => return Err(other),
            }
        }
        errors.or(Some(Ready { suspend: self.suspend.clone(), occurrence, task, about: self.about }))
    }

    /// The text of the occurrence, for the draft that a refusal leaves.
    pub(super) fn text(&self) -> Option<&str> {
        self.occurrence.as_ref().map(|form| form.body.as_str())
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
        ];
        for (field, _) in given.iter().filter(|(_, is_given)| *is_given && !agent) {
            errors.add(*field, Code::NotAllowed);
        }
        errors.or(Some(self))
    }

    /// Runs them on the ticket just registered.
    pub(super) async fn run(self, w: &mut Work, number: i64) -> Result<(), ServiceError> {
        if self.suspend.is_none() && self.occurrence.is_none() && self.task.is_none() && self.about.is_none() {
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
            added.map_err(|mut error| {
                error.public = below("occurrence", error.public.clone());
                error
            })?;
        }
        if let Some((form, parsed)) = self.task {
            let added = tasks::insert(w, &mut loaded, &form, parsed).await;
            added.map_err(|mut error| {
                error.public = below("task", error.public.clone());
                error
            })?;
        }
        Ok(())
    }
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

/// Wrong fields of the occurrence or task are named below it (A-ERR-02).
fn below(entry: &str, error: AppError) -> AppError {
    let AppError::Invalid(FieldErrors(wrong)) = error else { return error };
    let named = |wrong: FieldError| FieldError { field: format!("{entry}.{}", wrong.field), ..wrong };
    AppError::Invalid(FieldErrors(wrong.into_iter().map(named).collect()))
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
