//! The automatic solution of a ticket whose reminders are used up (T-STA-17, T-PEN-06).

use domain::template::TemplateKind;
use uuid::Uuid;

use crate::error::ServiceError;
use crate::tickets::Loaded;
use crate::work::Work;
use crate::{solutions, templates};

/// Solves the ticket with the text of the reason's solution template; answers `false`, and does nothing, where there is no such
/// text, or where the ticket may not be solved now (T-VAL-08): it is tried again a day later.
pub(super) async fn solve(w: &Work, loaded: &mut Loaded, template: Option<Uuid>) -> Result<bool, ServiceError> {
    let Some(made) = templates::automatic(w, loaded, TemplateKind::Solution, template).await? else { return Ok(false) };
    solutions::solve_automatically(w, loaded, &made).await
}
