//! Knowledge articles in their list, on their pages, beside tickets and under the form of a new request.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Choice, Count, DiffPart, DocumentView, Moment, Ref, Snippet};
use crate::forms::SaveArticle;
use crate::html::SafeHtml;
use crate::knowledge::{ArticleStatus, Audience};
use crate::lang::Lang;
use crate::ticket::Status;

/// What a list of articles is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArticleQuery {
    /// Text as T-OCC-25; empty = all.
    pub q: String,
    /// `public`, `internal`, `draft`, `archived`, `review` (past, one's own), `trash`; empty = all that count.
    pub part: String,
    /// Category id, with what stands below it; empty = all.
    pub category: String,
    /// `en`, `pt-BR`, `es`, `fr`; empty = all, the reader's first.
    pub language: String,
    /// Where to go on.
    pub cursor: String,
    /// Rows of a page; 0 = 50.
    pub limit: u32,
}

/// An article without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// The stretch with the first hit, or the first lines.
    pub snippet: Vec<Snippet>,
    /// Language.
    pub language: Lang,
    /// Category in the reader's language.
    pub category: Option<Ref>,
    /// For whom; absent for readers who are no agents, for whom all are public.
    pub audience: Option<Audience>,
    /// Where it stands.
    pub status: ArticleStatus,
    /// Day of the next review, `2026-03-12`; for agents only.
    pub review_on: Option<String>,
    /// That day has passed.
    pub is_review_due: bool,
    /// Last change.
    pub updated_at: Moment,
    /// Version.
    pub version: i32,
}

/// A page of articles with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleList {
    /// The articles.
    pub items: Vec<ArticleRow>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// How many there are.
    pub count: Count,
    /// The text asks for nothing: no words, or only words to leave out.
    pub is_empty_query: bool,
    /// Parts the reader may ask for, with how many articles are in each; empty for readers who are no agents.
    pub parts: Vec<(String, u32)>,
    /// Categories to choose from.
    pub categories: Vec<Choice>,
    /// The reader may write articles.
    pub may_write: bool,
    /// The server's clock.
    pub now: Moment,
}

/// Another language of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleTranslation {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Language.
    pub language: Lang,
    /// Where it stands.
    pub status: ArticleStatus,
}

/// A ticket that uses an article, as far as the reader may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleTicket {
    /// Number.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Status.
    pub status: Status,
}

/// A whole article as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleView {
    /// All but the text.
    pub row: ArticleRow,
    /// The text.
    pub body: SafeHtml,
    /// The same without markup.
    pub body_text: String,
    /// Files.
    pub attachments: Vec<DocumentView>,
    /// Its other languages that the reader may read.
    pub translations: Vec<ArticleTranslation>,
    /// What only agents are told; absent for everybody else.
    pub about: Option<ArticleAbout>,
}

/// What only agents are told of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleAbout {
    /// Where it is kept.
    pub entity: Ref,
    /// Also in sub-entities.
    pub recursive: bool,
    /// Who looks after it.
    pub owner: Option<Ref>,
    /// Who wrote it first.
    pub author: ActorView,
    /// Who changed it last.
    pub edited_by: ActorView,
    /// When it was begun.
    pub created_at: Moment,
    /// Number of the present version.
    pub revision: i32,
    /// It was made from a private entry (T-KNO-04).
    pub is_from_private: bool,
    /// How often it solved a request before it was sent (P-NEW-04).
    pub helped: i64,
    /// Tickets it is linked to that the reader may see, counted up to 1 000 (T-KNO-02).
    pub used: Count,
    /// The newest of them.
    pub tickets: Vec<ArticleTicket>,
    /// The reader may change it.
    pub editable: bool,
    /// The reader may remove it for ever.
    pub may_purge: bool,
    /// It lies in the trash since.
    pub deleted_at: Option<Moment>,
}

/// What the page of an article shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticlePage {
    /// The article.
    pub article: ArticleView,
    /// The server's clock.
    pub now: Moment,
}

/// A version of an article with its word difference to the one before (T-KNO-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRevision {
    /// 1 = the first.
    pub revision: i32,
    /// When it was made.
    pub at: Moment,
    /// Who made it.
    pub by: ActorView,
    /// `created`, `edited`, `published`, `archived`, `withdrawn`, `restored`.
    pub what: String,
    /// Title.
    pub title: String,
    /// The text.
    pub body: SafeHtml,
    /// The same without markup.
    pub body_text: String,
    /// Language.
    pub language: Lang,
    /// Category in the reader's language.
    pub category: Option<Ref>,
    /// For whom.
    pub audience: Audience,
    /// Where it stood.
    pub status: ArticleStatus,
    /// Who looked after it.
    pub owner: Option<Ref>,
    /// Day of the next review.
    pub review_on: Option<String>,
    /// Files it had.
    pub attachments: Vec<Ref>,
    /// Words against the version before, title first.
    pub diff: Vec<DiffPart>,
}

/// What the page of the versions of an article shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRevisions {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Version of the article, to restore from.
    pub version: i32,
    /// The reader may restore one.
    pub editable: bool,
    /// All versions, oldest first.
    pub revisions: Vec<ArticleRevision>,
    /// The server's clock.
    pub now: Moment,
}

/// What the form of an article needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleForm {
    /// What the fields begin with: what was typed and not saved, else what is stored.
    pub form: SaveArticle,
    /// The text of the fields without markup, for pages without scripts.
    pub text: String,
    /// The same with markup, for the editor.
    pub html: String,
    /// The stored one; none = a new one.
    pub row: Option<ArticleRow>,
    /// What the fields show was typed and is not saved.
    pub is_unsaved: bool,
    /// Somebody saved another version since that was typed.
    pub is_stale: bool,
    /// It was made from a private entry (T-KNO-04).
    pub is_from_private: bool,
    /// The article it is a translation of.
    pub translation_of: Option<Ref>,
    /// Where it is kept; none = chosen in the form.
    pub entity: Option<Ref>,
    /// Entities a new one may be kept in.
    pub entities: Vec<Choice>,
    /// Categories to choose from.
    pub categories: Vec<Choice>,
    /// People who may look after it.
    pub owners: Vec<Choice>,
    /// Files, those of the draft included.
    pub attachments: Vec<DocumentView>,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden file extensions.
    pub forbidden_extensions: Vec<String>,
    /// When the draft was saved.
    pub saved_at: Option<Moment>,
}

/// An article that a ticket uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedArticle {
    /// Id of the article.
    pub id: Uuid,
    /// Title; absent for one that was removed (T-KNO-05) or that the reader may not read.
    pub row: Option<ArticleRow>,
    /// It lies in the trash.
    pub is_removed: bool,
    /// Who linked it.
    pub by: ActorView,
    /// When.
    pub at: Moment,
}

/// The tab "Knowledge base" of a ticket (T-KNO-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketArticles {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// Articles it uses, the newest link first.
    pub linked: Vec<LinkedArticle>,
    /// Articles that fit the words asked for, without those.
    pub found: Vec<ArticleRow>,
    /// The reader may link and unlink.
    pub may_link: bool,
    /// The reader may write articles.
    pub may_write: bool,
    /// The entry an article shall be made from: its first words, and whether it is private (T-KNO-04).
    pub entry: Option<(Uuid, String, bool)>,
    /// A fresh idempotency key.
    pub key: String,
    /// The server's clock.
    pub now: Moment,
}

/// A published public article that may help (P-NEW-04), or that a request names (P-DET-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleHint {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// First lines.
    pub lines: String,
    /// Language.
    pub language: Lang,
    /// The whole text; empty where it is long, or was not asked for.
    pub html: SafeHtml,
}

/// A text to put into a solution (T-SOL-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleText {
    /// Id of the article.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Plain text.
    pub text: String,
    /// The same as cleaned markup, without pictures: they belong to the article.
    pub html: String,
    /// It is for agents: whoever puts it where requesters read is warned (`internal_text`).
    pub is_internal: bool,
}
