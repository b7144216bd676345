//! The form of a knowledge article.

use serde::{Deserialize, Serialize};

use crate::occurrence::BodyFormat;

/// An article as its page posts it (T-KNO-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveArticle {
    /// Id; empty = a new one.
    pub id: String,
    /// Idempotency key of a new one, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Version the form was made from; 0 = without comparison.
    pub version: i32,
    /// The same as text, as a draft keeps it: what was saved since is told by it. Empty = a new one.
    pub begun: String,
    /// Of a form that was refused: the version whose values its writer was shown beside his; 0 = none.
    pub seen: i32,
    /// Names of the fields he was shown, with commas between: those he decides on.
    pub decided: String,
    /// Number of the ticket a new one is linked to; 0 = none.
    pub ticket: i64,
    /// 1..250 characters.
    pub title: String,
    /// Rich text.
    pub body: String,
    /// How `body` was written.
    pub format: BodyFormat,
    /// `en`, `pt-BR`, `es`, `fr`.
    pub language: String,
    /// Of a new one: id of the article it is a translation of; empty = none.
    pub translation_of: String,
    /// Id of a category; empty = none.
    pub category: String,
    /// `public`, `agents`.
    pub audience: String,
    /// Of a new one: entity id.
    pub entity: String,
    /// Also in sub-entities.
    pub recursive: bool,
    /// Id of the user who looks after it; empty = nobody.
    pub owner: String,
    /// Day on which it shall be looked at again, `2026-03-12`; empty = none.
    pub review_on: String,
    /// Ids of the files it has from now on.
    pub attachments: Vec<String>,
    /// The writer knows that it comes from a private entry and shall be public (T-KNO-04).
    pub confirm_public: bool,
    /// Publish it, too.
    pub publish: bool,
}
