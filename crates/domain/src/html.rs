//! Rich text that has been through the sanitiser.

use serde::{Deserialize, Serialize};

/// HTML reduced to the tags of T-GEN-05. Only `service::sanitise` makes it, only `RichText` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Wraps what the sanitiser returned; nothing else may call this (a source test looks).
    #[must_use]
    pub const fn from_sanitised(html: String) -> Self {
        Self(html)
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
