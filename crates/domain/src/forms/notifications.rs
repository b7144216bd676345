//! What somebody is told of.

use serde::{Deserialize, Serialize};

/// The preferences of the page (T-NTF-03): what it showed, and what was ticked of it. What it did not show stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveNotificationPreferences {
    /// Events the page offered, by their words.
    pub shown: Vec<String>,
    /// Those to be told in the product.
    pub app: Vec<String>,
    /// Those to be told by mail.
    pub mail: Vec<String>,
}
