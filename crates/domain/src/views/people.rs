//! People and choices.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::format::Moment;
use crate::lang::Lang;

/// A reference to something with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ref {
    /// Its id.
    pub id: Uuid,
    /// Its name in the reader's language.
    pub name: String,
}

/// What an actor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A person with an account.
    User,
    /// A group.
    Group,
    /// An address without account.
    Email,
    /// The system, shown as "Automatic" (T-GEN-11).
    #[default]
    System,
}

/// A person, group or address beside a ticket; `email`, `id` and `disabled` only for agents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorView {
    /// What it is.
    pub kind: ActorKind,
    /// Account or group id; absent for addresses, the system and requester-side readers.
    pub id: Option<Uuid>,
    /// Name as shown; empty for the system.
    pub name: String,
    /// Address, for agents only.
    pub email: Option<String>,
    /// A disabled account stays listed and marked (T-ROL-09).
    pub disabled: bool,
}

/// An option of a choice field, indented by its depth in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Value to send.
    pub value: String,
    /// Name in the reader's language.
    pub name: String,
    /// 0 = root of the tree.
    pub depth: u8,
}

/// The signed-in person as pages need him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language of the interface.
    pub lang: Lang,
    /// IANA name.
    pub time_zone: String,
    /// `auto`, `light`, `dark`, `contrast`, `contrast-dark`.
    pub theme: String,
    /// `compact`, `comfortable`.
    pub density: String,
    /// Visibility a new occurrence starts with.
    pub default_visibility: String,
    /// Visibility a new task starts with.
    pub task_default_visibility: String,
    /// `asc`, `desc`; empty = default of the place.
    pub timeline_order: String,
    /// Whether the timeline shows events at once.
    pub show_events: bool,
    /// Plain text under one's mails.
    pub signature: String,
    /// Agent in at least one entity (T-ROL-03).
    pub agent: bool,
    /// Names of the capabilities held in at least one entity: pages hide by them, `service` decides.
    pub capabilities: Vec<String>,
    /// Name of the home entity.
    pub entity: String,
    /// Version of the account.
    pub version: i32,
}

impl Viewer {
    /// Whether a capability is held somewhere; only for hiding commands.
    #[must_use]
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|c| c == capability)
    }
}

/// The person a ticket is about, for agents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// The first requester.
    pub actor: ActorView,
    /// Phone, if known.
    pub phone: Option<String>,
    /// Extension, if known.
    pub extension: Option<String>,
    /// Home entity.
    pub entity: Option<String>,
    /// Other open tickets of this person the reader may see, at most 9 counted.
    pub other_open: u32,
}

/// A saved draft (T-DRF).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftView {
    /// Draft id.
    pub id: Uuid,
    /// Kind of form.
    pub kind: String,
    /// Number, id or `new`.
    pub object: String,
    /// Field → text or list of texts.
    pub fields: serde_json::Value,
    /// Uploaded files of the draft.
    pub attachments: Vec<super::DocumentView>,
    /// When it was saved.
    pub saved_at: Moment,
    /// The version of another device, kept for 7 days (T-DRF-04).
    pub other: Option<serde_json::Value>,
}

impl DraftView {
    /// A text field of the draft; empty when absent.
    #[must_use]
    pub fn text(&self, field: &str) -> String {
        self.fields.get(field).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    }

    /// The version its form began from; nothing for one of a new object.
    #[must_use]
    pub fn begun(&self) -> Option<i32> {
        self.text("begun").parse().ok().filter(|version| *version > 0)
    }
}
