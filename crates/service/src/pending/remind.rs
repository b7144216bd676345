//! A reminder: a public entry of the system with the text of the reason's template, and a mail to the requesters (T-PEN-04).

use domain::notification::Event;
use domain::template::TemplateKind;
use uuid::Uuid;

use crate::error::ServiceError;
use crate::mail;
use crate::notifications::{self, News};
use crate::occurrences;
use crate::templates;
use crate::tickets::{self, Loaded, Touch};
use crate::work::Work;

/// Kind of the entry in notifications.
const ENTRY: &str = "occurrence";

/// Reminds the requesters; answers `false`, and does nothing, where the template is missing, inactive or broken: the row of the
/// reason says so.
pub(super) async fn remind(w: &Work, loaded: &mut Loaded, template: Option<Uuid>) -> Result<bool, ServiceError> {
    let made = templates::automatic(w, loaded, TemplateKind::Reply, template).await?;
    let Some(made) = made else { return Ok(false) };
    let entry = occurrences::add_automatic(w, loaded, &made, "reminder_sent").await?;
    tickets::save(w, &mut loaded.ticket, Touch::PublicEntry).await?;
    let news = News { entry: Some((ENTRY, entry.id)), ..News::of(Event::Reminder) };
    notifications::add(w, &loaded.ticket, &loaded.actors, &[news]).await?;
    let asked = mail::asked(&w.ctx, &w.tx, loaded, Event::Reminder).await?;
    mail::ask(w, &loaded.ticket, &entry, (mail::Kind::Reminder, Event::Reminder), &asked).await?;
    Ok(true)
}
