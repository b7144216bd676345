//! The solution of a ticket whose reminders are used up, written by the system (T-STA-17, T-PEN-06).

use domain::ticket::machine::Trigger;

use super::add::{Checked, Parsed, finish, store};
use super::closing;
use crate::error::ServiceError;
use crate::sanitise::{self, Rich};
use crate::templates::Automatic;
use crate::tickets::{Loaded, state};
use crate::work::Work;

/// Solves a locked ticket with a text of the system, in the transaction of `w`; at once closed where nobody is waited for
/// (T-STA-16). Answers `false`, and writes one event of it, where a validation is in the way (T-VAL-08).
///
/// # Errors
/// `Refused` by the state machine; `Unavailable` when the database is away.
pub(crate) async fn solve_automatically(w: &Work, loaded: &mut Loaded, made: &Automatic) -> Result<bool, ServiceError> {
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let zone = w.actor().entity_zone(loaded.ticket.entity_id);
    let rules = state::rules(loaded, &settings, w.now(), zone);
    match state::apply(w, loaded, Trigger::Solve, &rules).await {
        Ok(_changed) => {}
        Err(error) if closing::is_blocked(&error) => {
            closing::put_off(w, loaded.ticket.id).await?;
            return Ok(false);
        }
        Err(error) => return Err(error),
    }
    let body = Rich { html: sanitise::stored(made.html.clone()), text: made.text.clone(), images: Vec::new() };
    let new = Checked { kind: None, template: Some(made.template.clone()) };
    let row = store(w, loaded, new, Parsed { body, attachments: Vec::new() }).await?;
    finish(w, loaded, &row, false, &settings).await?;
    Ok(true)
}
