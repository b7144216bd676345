//! Sign-in, set-up, profile.

use serde::{Deserialize, Serialize};

/// Sign in with address and password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Address of the account; case does not matter.
    pub email: String,
    /// The password as typed.
    pub password: String,
    /// Path to return to, local only.
    pub next: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// First-run set-up: the organisation and its first administrator.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetUp {
    /// One-time token that the server printed at its first start.
    pub token: String,
    /// Name of the root entity, 1..100 characters.
    pub organisation: String,
    /// Language code of the entity.
    pub language: String,
    /// IANA time zone of the entity.
    pub time_zone: String,
    /// Name of the administrator, 1..100 characters.
    pub name: String,
    /// Address of the administrator.
    pub email: String,
    /// Password, 12..256 characters, not among the guessable ones.
    pub password: String,
}

impl std::fmt::Debug for SetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetUp").field("organisation", &self.organisation).finish_non_exhaustive()
    }
}

/// The own profile. Empty text leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveProfile {
    /// Version the form was made from; 0 = without comparison.
    pub version: i32,
    /// `en`, `pt-BR`, `es`, `fr`.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// `auto`, `light`, `dark`, `contrast`, `contrast-dark`.
    pub theme: String,
    /// `compact`, `comfortable`.
    pub density: String,
    /// Visibility a new occurrence starts with: `private`, `public`.
    pub default_visibility: String,
    /// Visibility a new task starts with: `private`, `public`.
    pub task_default_visibility: String,
    /// `asc` (oldest first), `desc`; `none` = the default of the place.
    pub timeline_order: String,
    /// `true`, `false`.
    pub show_events: String,
    /// Plain text, up to 2 000 characters; `None` leaves it as it is.
    pub signature: Option<String>,
}

/// A new password for oneself; ends all other sessions.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one.
    pub current_password: String,
    /// The new one, 12..256 characters.
    pub new_password: String,
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangePassword").finish_non_exhaustive()
    }
}
