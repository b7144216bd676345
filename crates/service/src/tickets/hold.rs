//! Putting a ticket on hold (T-STA-12, 13, T-PEN-02), by its command or together with an entry (T-STA-31).

use domain::error::{Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::settings::Key;
use domain::ticket::Side;
use domain::ticket::machine::{Rules, Trigger};
use domain::views::FieldChange;
use entity::list_row;
use uuid::Uuid;

use super::{Loaded, state};
use crate::error::ServiceError;
use crate::history;
use crate::lists;
use crate::occurrences::{self, Plain};
use crate::pending;
use crate::sanitise;
use crate::settings::Settings;
use crate::sql::unique;
use crate::work::Work;

/// A suspension as it was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// Pending reason id; empty = none.
    pub(crate) reason: &'a str,
    /// Text, up to 2 000 characters: the caller has looked at its length.
    pub(crate) text: &'a str,
    /// The text becomes a public occurrence.
    pub(crate) public: bool,
    /// What stands before the names of its fields: empty, or `suspend.`.
    pub(crate) prefix: &'a str,
}

/// A suspension whose fields are right.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    reason: Option<list_row::Model>,
    text: String,
    public: bool,
}

/// What the history keeps of a suspension.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// The former reason and the new one, by name.
    pub(crate) changes: Vec<FieldChange>,
    /// The text, for agents (T-STA-33).
    pub(crate) text: Option<String>,
}

impl Hold {
    /// Reads the fields that need stored data; what is wrong is noted at its field.
    pub(crate) async fn read(
        w: &Work,
        settings: &Settings,
        path: &[Uuid],
        asked: Asked<'_>,
        errors: &mut FieldErrors,
    ) -> Result<Self, ServiceError> {
        let text = sanitise::nfc(asked.text).trim().to_owned();
        if text.is_empty() && settings.is_on(Key::SuspensionTextRequired) {
            errors.add(format!("{}text", asked.prefix), Code::Required);
        }
        let mut reason = None;
        if !asked.reason.trim().is_empty() {
            let found = lists::active_row(&w.tx, lists::PENDING_REASONS, path, asked.reason).await?;
            reason = errors.check(&format!("{}reason", asked.prefix), found);
        }
        Ok(Self { reason, text, public: asked.public })
    }

    /// Puts the ticket on hold, or replaces why it is; answers what the history keeps. The caller saves the row.
    ///
    /// # Errors
    /// `Refused` with the code of T-STA-29.
    pub(crate) async fn apply(self, w: &Work, loaded: &mut Loaded, rules: &Rules) -> Result<Told, ServiceError> {
        state::apply(w, loaded, Trigger::Suspend, rules).await?;
        let side = loaded.side();
        let is_told = self.public && !self.text.is_empty();
        let kept = (!self.text.is_empty() && !self.public).then(|| self.text.clone());
        let ticket = &mut loaded.ticket;
        // T-STA-13: the same reason counts on.
        let reason = self.reason.as_ref().map(|row| row.id);
        let before = ticket.pending_reason_id;
        let counts_on = ticket.pending_since.is_some() && before == reason;
        if !counts_on {
            ticket.pending_since = Some(w.now());
        }
        ticket.pending_reason_id = reason;
        ticket.pending_text.clone_from(&kept);
        // T-CLK-03: an agent who asks for something himself takes nothing into account.
        if side == Side::Service {
            ticket.taken_at = ticket.taken_at.or(Some(w.now()));
        }
        if !counts_on {
            pending::start(w, &loaded.ticket, self.reason.as_ref()).await?;
        }
        if is_told {
            let plain = Plain { text: &self.text, visibility: Visibility::Public, side };
            occurrences::add_plain(w, loaded, plain).await?;
        }
        let names = lists::refs(&w.tx, &unique([before, reason].into_iter().flatten()), w.actor().lang).await?;
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).map(|row| row.name.clone()).unwrap_or_default();
        let changes = history::change("pending_reason", name(before), name(reason)).into_iter().collect();
        Ok(Told { changes, text: kept })
    }
}
