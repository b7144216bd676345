//! The audit log, for its page and its file.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FieldChange, Moment, Page, Ref};
use crate::error::FieldErrors;

/// What the page of the audit log asks for; the same names as in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Account id, or a part of a name or address.
    pub person: String,
    /// Kinds of rows, comma separated; `_exported` stands for all kinds that end so.
    pub kind: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Keyset cursor.
    pub cursor: String,
}

/// A row of the log in readable parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Row id.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// Who; none = the system.
    pub person: Option<Ref>,
    /// In which entity.
    pub entity: Option<Ref>,
    /// What was done.
    pub kind: String,
    /// To which object: an id, a key, or a number.
    pub object: String,
    /// Name of the object, as far as there is one and the reader knows it.
    pub name: String,
    /// What the row keeps: fields with their old and new values. Names of fields are those of the API.
    pub facts: Vec<FieldChange>,
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The rows, newest first.
    pub page: Page<AuditLine>,
    /// Name of the person that is asked for by id.
    pub person: String,
    /// What is wrong with the filters; there are no rows then.
    pub errors: FieldErrors,
}
