//! Commands of the life of a ticket: hold, resume, close, reopen, cancel.

use domain::error::{AppError, FieldErrors};
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::settings::Key;
use domain::solution::Way;
use domain::ticket::machine::{Rules, Trigger};

use super::Run;
use crate::error::ServiceError;
use crate::occurrences::{self, Plain};
use crate::solutions;
use crate::tickets::hold::{Asked, Hold};
use crate::tickets::state;
use crate::validations;
use crate::work::Work;

impl Run {
    /// T-STA-12, 13 with T-PEN-02.
    pub(super) async fn suspend(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let mut errors = FieldErrors::new();
        let form = &self.form;
        let asked = Asked { reason: &form.pending_reason, text: &form.text, public: form.public, prefix: "" };
        let hold = Hold::read(w, &self.settings, &self.path, asked, &mut errors).await?;
        errors.or(Some(()))?;
        self.require_version()?;
        let rules = self.rules(w);
        let told = hold.apply(w, &mut self.loaded, &rules).await?;
        self.finish(w, "suspended", told.changes, told.text).await
    }

    /// T-STA-14.
    pub(super) async fn reactivate(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, Trigger::Reactivate, &rules).await?;
        self.finish(w, "reactivated", Vec::new(), None).await
    }

    /// T-STA-20.
    pub(super) async fn close(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        // The reason of closing is why a missing validation is passed over (T-VAL-08).
        let validation_passed = validations::pass_over(w, &self.loaded, self.reason().as_deref()).await?;
        let rules = Rules { validation_passed, ..self.rules(w) };
        state::apply(w, &mut self.loaded, Trigger::Close, &rules).await?;
        self.finish(w, "closed", solutions::closing::told(Way::ByHand, None), None).await
    }

    /// T-STA-23 for agents, T-STA-24 for the requester side; the reason becomes an occurrence.
    pub(super) async fn reopen(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        let agent = self.loaded.caps.contains(Capability::TicketReopen);
        let trigger = if agent { Trigger::ReopenByAgent } else { Trigger::ReopenByRequester };
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, trigger, &rules).await?;
        let reason = self.reason().unwrap_or_default();
        solutions::because(w, &self.loaded.ticket, &reason).await?;
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
        self.require_version()?;
        let trigger = if agent { Trigger::CancelByAgent } else { Trigger::CancelByRequester };
        let rules = self.rules(w);
        state::apply(w, &mut self.loaded, trigger, &rules).await?;
        let reason = self.reason();
        self.finish(w, "cancelled", Vec::new(), reason).await
    }
}
