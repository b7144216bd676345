//! Settings of an entity, and the mail server.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Choice, Moment, Ref};
use crate::settings::Key;

/// Where a value comes from (T-SET-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The entity holds it itself.
    Own,
    /// The nearest entity above that holds one.
    Inherited(Ref),
    /// Nobody on the way holds one.
    Default,
}

impl Origin {
    /// The word of the API.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Inherited(_) => "inherited",
            Self::Default => "default",
        }
    }
}

/// What is wrong with a setting that was right when it was saved (T-SET-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingWarning {
    /// What it names is gone, inactive, or not visible in the entity.
    UnknownReference,
    /// No template can be used: none is there, or it does not compile.
    MailTemplateMissing,
    /// The template failed while a mail was made, and was not changed since (M-CON-07).
    MailTemplateFailed,
    /// The environment names no mail server.
    MailNotConfigured,
    /// The mail server cannot be reached.
    MailFailing,
}

impl SettingWarning {
    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownReference => "unknown_reference",
            Self::MailTemplateMissing => "mail_template_missing",
            Self::MailTemplateFailed => "mail_template_failed",
            Self::MailNotConfigured => "mail_not_configured",
            Self::MailFailing => "mail_failing",
        }
    }
}

/// One setting as an entity has it (T-SET-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingView {
    /// Which.
    pub key: Key,
    /// The value in force; a shipped row that is named by its code is given by its id.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The value without one of its own; what *Inherit* gives.
    pub above: String,
    /// Where that one comes from: `Inherited` or `Default`.
    pub above_origin: Origin,
    /// What is wrong with it.
    pub warning: Option<SettingWarning>,
    /// What a reference may name.
    pub choices: Vec<Choice>,
}

/// The mail server as the environment names it (M-TRN-01); never the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTransportView {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// `implicit`, `required`, `opportunistic`, `none`.
    pub tls: String,
    /// Address mails come from.
    pub sender: String,
}

/// The mail server and its state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServerView {
    /// The server; none = email is not configured.
    pub server: Option<MailTransportView>,
    /// Since when it cannot be reached (M-TRN-04).
    pub failing_since: Option<Moment>,
    /// What it, or the way to it, said last.
    pub answer: Option<String>,
    /// The last test of anybody.
    pub last_test: Option<MailTestView>,
}

/// A test of the mail server (M-TRN-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTestView {
    /// When it ended.
    pub at: Moment,
    /// Where the mail went.
    pub to: String,
    /// How far it came.
    pub steps: Vec<MailStep>,
}

/// One step of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailStep {
    /// `resolve`, `connect`, `tls`, `sign_in`, `accepted`.
    pub name: String,
    /// Whether it succeeded.
    pub ok: bool,
    /// What the server said, word for word; never the password.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// The settings of an entity, for the page and the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// Whose.
    pub entity: Ref,
    /// Grows with every save.
    pub version: i32,
    /// The rows, in the order of the registry.
    pub items: Vec<SettingView>,
    /// The mail server, for those who hold the right in the root entity and look at it.
    pub mail: Option<MailServerView>,
    /// Entities whose settings the reader may set, trees in order.
    pub entities: Vec<Choice>,
    /// The server's clock.
    pub now: Moment,
}

impl SettingsView {
    /// How many rows need care (T-SET-06).
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.items.iter().filter(|row| row.warning.is_some()).count()
    }

    /// The entity it is about.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.entity.id
    }
}
