//! The answer of the requester side: *It works* and *Not solved* (T-STA-18, 19, T-SOL-07), the same in the product and by a signed
//! link.

use domain::error::AppError;
use domain::forms::AnswerSolution;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy;
use domain::solution::{Answer, SolutionState, Way};
use domain::ticket::Status;
use entity::solution;

use super::closing;
use super::rows::{self, By};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::notifications::{self, News};
use crate::occurrences::{self, Plain};
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{idempotency, sanitise};

/// Name of the command for idempotency keys.
const SCOPE: &str = "answer_solution";

/// Approves or refuses the solution of a ticket.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid`, `NotFound`, `Forbidden`, `Conflict`, `Refused` with the code of T-STA-29. The same answer
/// by the same person is answered as the first was.
pub async fn answer(ctx: &Ctx, form: AnswerSolution) -> Result<(), ServiceError> {
    let given = Given::read(&form.answer, &form.text, By::Actor)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, given, hash) = (form.clone(), given.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, SCOPE, &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let mut loaded = tickets::lock(w, form.ticket).await?;
            policy::can_answer_solution(loaded.caps, &loaded.facts)
                .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
            if form.version != 0 && form.version != loaded.ticket.version {
                return Err(AppError::Conflict { version: loaded.ticket.version, conflicts: Vec::new() }.into());
            }
            given.give(w, &mut loaded).await?;
            idempotency::answer(w, SCOPE, &form.key, &true).await
        })
    })
    .await
}

/// An answer whose fields are right.
#[derive(Clone, Debug)]
pub(super) struct Given {
    answer: Answer,
    text: String,
    by: By,
}

impl Given {
    /// Reads it.
    ///
    /// # Errors
    /// `Invalid` on `answer`, `comment` or `reason`.
    pub(super) fn read(answer: &str, text: &str, by: By) -> Result<Self, AppError> {
        let answer: Answer = answer.parse().map_err(|code| AppError::field("answer", code))?;
        let text = answer.check(&sanitise::lines(text)).map_err(|code| AppError::field(answer.field(), code))?;
        Ok(Self { answer, text, by })
    }

    /// Writes it on a locked ticket, with everything that follows from it.
    ///
    /// # Errors
    /// `Refused` with the code of T-STA-29.
    pub(super) async fn give(&self, w: &mut Work, loaded: &mut Loaded) -> Result<(), ServiceError> {
        let last = rows::last(&w.tx, loaded.ticket.id).await?;
        if last.as_ref().is_some_and(|row| self.is_repeated(w, loaded, row)) {
            return Ok(());
        }
        let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
        let zone = w.actor().entity_zone(loaded.ticket.entity_id);
        let rules = state::rules(loaded, &settings, w.now(), zone);
        state::apply(w, loaded, self.answer.trigger(), &rules).await?;
        if let Some(row) = &last {
            rows::settle(w, row.id, self.answer.state(), &self.by, Some(&self.text)).await?;
            rows::emit_changed(w, &loaded.ticket, row).await?;
        }
        if self.answer == Answer::Refuse {
            self.write_reason(w, loaded).await?;
        }
        tickets::save(w, &mut loaded.ticket, Touch::Fields).await?;
        self.record(w, loaded, last.as_ref()).await?;
        let ticket = &loaded.ticket;
        let change = NewChange {
            kind: "ticket",
            what: "changed",
            object: ticket.id,
            version: ticket.version,
            audience: "public",
            author: None,
        };
        events::emit(w, ticket, change).await?;
        if self.answer == Answer::Approve {
            // A refusal is told by the step itself.
            notifications::add(w, ticket, &loaded.actors, &[News::of(Event::SolutionApproved)]).await?;
        }
        Ok(())
    }

    /// The same by somebody.
    pub(super) fn by(self, by: By) -> Self {
        Self { by, ..self }
    }

    /// Whether this person gave this answer before, and it still stands (T-SOL-07).
    pub(super) fn is_repeated(&self, w: &Work, loaded: &Loaded, last: &solution::Model) -> bool {
        let is_same_person = match &self.by {
            By::Actor => last.answered_by_id == Some(w.actor().id()),
            By::Named(name) => last.answered_by_id.is_none() && last.answered_name.as_ref() == Some(name),
            By::System => false,
        };
        let stands = match self.answer {
            Answer::Approve => loaded.status() == Status::Closed,
            Answer::Refuse => loaded.status().is_open(),
        };
        let is_there = loaded.ticket.deleted_at.is_none() && loaded.ticket.merged_into_id.is_none();
        is_same_person && stands && is_there && rows::state_of(last) == self.answer.state()
    }

    /// The reason of a refusal is a public occurrence (T-STA-19).
    async fn write_reason(&self, w: &Work, loaded: &mut Loaded) -> Result<(), ServiceError> {
        let side = loaded.side();
        let name = if let By::Named(name) = &self.by { Some(name.clone()) } else { None };
        let plain = Plain { text: &self.text, visibility: Visibility::Public, side };
        occurrences::add_named(w, loaded, plain, name).await?;
        Ok(())
    }

    async fn record(&self, w: &Work, loaded: &Loaded, last: Option<&solution::Model>) -> Result<(), ServiceError> {
        let (ticket, version) = (loaded.ticket.id, loaded.ticket.version);
        let kind = match self.answer.state() {
            SolutionState::Refused => "solution_refused",
            SolutionState::Accepted | SolutionState::Waiting => "solution_approved",
        };
        let event = match last {
            Some(row) => rows::record(kind, row, version),
            None => Record { kind, version, ..Record::default() },
        };
        history::record(w, ticket, event).await?;
        if self.answer == Answer::Refuse {
            return Ok(());
        }
        let changes = closing::told(Way::Requester, None);
        history::record(w, ticket, Record { kind: "closed", changes, version, ..Record::default() }).await
    }
}
