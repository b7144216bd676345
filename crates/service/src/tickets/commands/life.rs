//! Commands of the life of a ticket: hold, resume, close, reopen, cancel.

use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::settings::Key;
use domain::ticket::Side;
use domain::ticket::machine::Trigger;

use super::Run;
use crate::error::ServiceError;
use crate::lists;
use crate::occurrences::{self, Plain};
use crate::tickets::state;
use crate::work::Work;

impl Run {
    /// T-STA-12, 13 with T-PEN-02.
    pub(super) async fn suspend(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let mut errors = FieldErrors::new();
        let text = crate::sanitise::nfc(&self.form.text).trim().to_owned();
        if text.is_empty() && self.settings.is_on(Key::SuspensionTextRequired) {
            errors.add("text", Code::Required);
        }
        let mut reason = None;
        if !self.form.pending_reason.trim().is_empty() {
            let found = lists::active_row(&w.tx, lists::PENDING_REASONS, &self.path, &self.form.pending_reason).await?;
            reason = errors.check("reason", found);
        }
        errors.or(Some(()))?;
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, Trigger::Suspend, &rules).await?;
        let ticket = &mut self.loaded.ticket;
        let same_reason = ticket.pending_since.is_some() && ticket.pending_reason_id == reason.as_ref().map(|r| r.id);
        ticket.pending_reason_id = reason.as_ref().map(|r| r.id);
        ticket.pending_text = (!text.is_empty() && !self.form.public).then(|| text.clone());
        if !same_reason {
            ticket.pending_since = Some(w.now());
        }
        ticket.taken_at = ticket.taken_at.or(Some(w.now()));
        if self.form.public && !text.is_empty() {
            occurrences::add_plain(
                w,
                &mut self.loaded,
                Plain { text: &text, visibility: Visibility::Public, side: Side::Service },
            )
            .await?;
        }
        let kept = (!text.is_empty() && !self.form.public).then_some(text);
        self.finish(w, "suspended", Vec::new(), kept).await
    }

    /// T-STA-14.
    pub(super) async fn reactivate(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, Trigger::Reactivate, &rules).await?;
        self.finish(w, "reactivated", Vec::new(), None).await
    }

    /// T-STA-20.
    pub(super) async fn close(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, Trigger::Close, &rules).await?;
        self.finish(w, "closed", Vec::new(), None).await
    }

    /// T-STA-23 for agents, T-STA-24 for the requester side; the reason becomes an occurrence.
    pub(super) async fn reopen(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let agent = self.loaded.caps.contains(Capability::TicketReopen);
        let trigger = if agent { Trigger::ReopenByAgent } else { Trigger::ReopenByRequester };
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, trigger, &rules).await?;
        let reason = self.reason().unwrap_or_default();
        let visibility = if agent && !self.form.public { Visibility::Private } else { Visibility::Public };
        let side = self.loaded.side();
        occurrences::add_plain(w, &mut self.loaded, Plain { text: &reason, visibility, side }).await?;
        self.finish(w, "reopened", Vec::new(), None).await
    }

    /// T-STA-25 for agents, T-STA-26 for the requester side.
    pub(super) async fn cancel(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let agent = self.loaded.caps.contains(Capability::TicketCancel);
        if !agent && !self.settings.is_on(Key::PortalCancel) {
            return Err(AppError::Disabled(Key::PortalCancel.as_str().to_owned()).into());
        }
        let trigger = if agent { Trigger::CancelByAgent } else { Trigger::CancelByRequester };
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, trigger, &rules).await?;
        let reason = self.reason();
        self.finish(w, "cancelled", Vec::new(), reason).await
    }
}
