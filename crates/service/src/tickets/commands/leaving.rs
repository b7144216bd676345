//! The open tickets of somebody who leaves go to somebody else (T-ROL-09).

use domain::error::{AppError, Code};
use domain::forms::{Command, RunCommand};
use uuid::Uuid;

use super::Run;
use crate::error::ServiceError;
use crate::people::{ResolvedActor, may_be_assigned};
use crate::tickets::{lock, people};
use crate::work::Work;

/// Puts `to` in the place of the assignee `from`; answers whether the actor sees the ticket at all.
///
/// # Errors
/// `Forbidden` without `ticket.assign` in its entity; `Invalid` with `not_assignable` on `hand_over_to`.
pub(crate) async fn hand_over(w: &mut Work, number: i64, from: Uuid, to: &ResolvedActor) -> Result<bool, ServiceError> {
    let loaded = match lock(w, number).await {
        Err(error) if error.public == AppError::NotFound => return Ok(false),
        loaded => loaded?,
    };
    let form = RunCommand { number, command: Command::Assign, ..RunCommand::default() };
    let mut run = Run::new(w, loaded, form).await?;
    run.require_right()?;
    if !may_be_assigned(&w.tx, w.actor(), run.loaded.ticket.entity_id, to).await? {
        return Err(AppError::field("hand_over_to", Code::NotAssignable).into());
    }
    let others = run.loaded.of_role("assignee").filter(|row| row.user_id != Some(from));
    let mut wanted: Vec<ResolvedActor> = others.map(people::resolved).collect();
    if !wanted.contains(to) {
        wanted.insert(0, to.clone());
    }
    run.set_assignees(w, &wanted, "delegated").await?;
    Ok(true)
}
