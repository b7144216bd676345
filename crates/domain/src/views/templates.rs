//! Templates in their list, on their page and in the composer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Choice, Moment, Ref};
use crate::error::Code;
use crate::forms::SaveTemplate;
use crate::html::SafeHtml;
use crate::lang::Lang;
use crate::occurrence::Visibility;
use crate::settings::Key;
use crate::template::TemplateKind;

/// A template without its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRow {
    /// Id.
    pub id: Uuid,
    /// What it is for.
    pub kind: TemplateKind,
    /// Name.
    pub name: String,
    /// Where it is kept.
    pub entity: Ref,
    /// Also in sub-entities.
    pub recursive: bool,
    /// May be chosen.
    pub active: bool,
    /// Came with the product: it can be reset and is never deleted.
    pub shipped: bool,
    /// A text of it does not compile (T-SET-06).
    pub broken: bool,
    /// The reader may change it.
    pub editable: bool,
    /// Languages it has a text in.
    pub languages: Vec<Lang>,
    /// Reply and task: category it sets; solution: type it sets.
    pub category: Option<Ref>,
    /// Reply: source it sets.
    pub source: Option<Ref>,
    /// Reply and task: visibility it sets.
    pub visibility: Option<Visibility>,
    /// Task: what else it sets, by the names of the fields of a task; empty ones are left out.
    pub sets: BTreeMap<String, String>,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Version.
    pub version: i32,
}

/// A template with its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// All but the texts.
    pub row: TemplateRow,
    /// Text per language, as written.
    pub texts: BTreeMap<Lang, String>,
}

/// A setting that names a template (T-SET-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateUse {
    /// The setting.
    pub key: Key,
    /// Whose; absent where the reader may not know the entity.
    pub entity: Option<Ref>,
}

/// Why a text is refused, and where (T-TPL-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFault {
    /// Language of the text.
    pub lang: Lang,
    /// `TemplateInvalid`, `TemplateUnknownVariable`, `TemplateTooLarge`.
    pub code: Code,
    /// Line, from 1 on.
    pub line: u32,
    /// Column in characters, from 1 on.
    pub column: u32,
    /// What is wrong, in English, for whoever writes templates.
    pub reason: String,
    /// The known variable that is nearest to an unknown one.
    pub nearest: Option<String>,
}

/// A template with the values of a ticket, as its reader would get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePreview {
    /// Number of the ticket.
    pub ticket: i64,
    /// Language.
    pub lang: Lang,
    /// Without markup.
    pub text: String,
    /// As it is shown.
    pub html: SafeHtml,
}

/// What the page of a template needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePage {
    /// The stored one; none = a new one.
    pub row: Option<TemplateRow>,
    /// What it is for.
    pub kind: TemplateKind,
    /// What the fields begin with: what was typed and not saved, else what is stored.
    pub form: SaveTemplate,
    /// What the fields show was typed and is not saved.
    pub is_unsaved: bool,
    /// Somebody saved another version since that was typed.
    pub is_stale: bool,
    /// What is wrong with the texts shown.
    pub faults: Vec<TemplateFault>,
    /// Settings that name it.
    pub uses: Vec<TemplateUse>,
    /// Entities a new one may be kept in, trees in order.
    pub entities: Vec<Choice>,
    /// Reply: categories it may set; solution: types.
    pub categories: Vec<Choice>,
    /// Reply: sources it may set.
    pub sources: Vec<Choice>,
    /// Task: people and groups it may set: `user:<id>`, `group:<id>`.
    pub assignable: Vec<Choice>,
    /// Variables it may name.
    pub variables: Vec<String>,
    /// The texts shown with the ticket that was asked for.
    pub preview: Option<TemplatePreview>,
    /// The ticket that was asked for cannot be seen.
    pub is_ticket_unknown: bool,
}

/// A reply template made ready for a ticket (T-OCC-09).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyText {
    /// Id of the template.
    pub id: Uuid,
    /// Plain text.
    pub text: String,
    /// The same as cleaned markup, for the editor.
    pub html: String,
    /// Category id to set, of a solution its type; empty = none.
    pub category: String,
    /// Source id to set; empty = none.
    pub source: String,
    /// `private`, `public` to set; empty = none.
    pub visibility: String,
}
