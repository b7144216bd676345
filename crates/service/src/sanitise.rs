//! Rich text: what comes in as markup, plain text or Markdown goes out as the few tags of T-GEN-05.
//!
//! The only place that makes a `SafeHtml`. Cleaned once, on write; what is stored is the cleaned form,
//! and beside it the plain form for search, comparison and mail.

mod markup;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;
use std::time::Duration;

use ammonia::{Builder, UrlRelative};
use domain::error::Code;
use domain::html::SafeHtml;
use domain::occurrence::{BODY_MAX, BodyFormat};
use domain::text::length;
use domain::views::DiffPart;
use similar::{ChangeTag, TextDiff};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::links;

/// The tags that stay (T-GEN-05).
const TAGS: &[&str] = &[
    "p",
    "br",
    "strong",
    "em",
    "s",
    "h2",
    "h3",
    "blockquote",
    "pre",
    "code",
    "ul",
    "ol",
    "li",
    "hr",
    "a",
    "img",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
];

/// Where pictures live: the address of a document (api.md section 6).
const DOCUMENT_PATH: &str = "/documents/";

/// How long a comparison may take before it becomes coarser.
const DIFF_TIME: Duration = Duration::from_millis(300);

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);

fn cleaner() -> Builder<'static> {
    let mut builder = Builder::new();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("img", HashSet::from(["src", "alt"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true)
        .attribute_filter(attribute);
    builder
}

/// Relative addresses reach this filter too: links must be absolute, pictures must be documents of ours.
fn attribute<'u>(element: &str, name: &str, value: &'u str) -> Option<Cow<'u, str>> {
    match (element, name) {
        ("a", "href") => is_safe_link(value).then_some(Cow::Borrowed(value)),
        ("img", "src") => document_id(value).map(|id| Cow::Owned(format!("{DOCUMENT_PATH}{id}"))),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Stricter than a browser, which would also read `ht\ntp:` or `https:host`.
fn is_safe_link(value: &str) -> bool {
    let start: String = value.chars().take(8).collect::<String>().to_ascii_lowercase();
    let known = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| start.starts_with(scheme));
    known && !value.chars().any(char::is_control)
}

fn document_id(src: &str) -> Option<Uuid> {
    let id = src.strip_prefix(DOCUMENT_PATH)?;
    // The parser of ids also reads braces, `urn:` and bare digits; an address has one form only.
    (id.len() == 36).then(|| Uuid::try_parse(id).ok()).flatten()
}

/// A rich text in all its forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    /// Cleaned markup, to store and show.
    pub html: SafeHtml,
    /// The same without markup, lines separated by `\n`: for search, comparison, mail.
    pub text: String,
    /// Documents its pictures name, in order, each once.
    pub images: Vec<Uuid>,
}

impl Rich {
    /// No text and no picture (T-GEN-05).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images.is_empty() && self.text.chars().all(is_blank)
    }
}

/// Blank to the eye: white space and signs without width.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{2800}' | '\u{FEFF}')
}

/// Cleans a rich text (T-GEN-05). Never fails: what is not allowed is left out, its text kept.
#[must_use]
pub fn rich(text: &str, format: BodyFormat) -> Rich {
    let text = prepared(text);
    let source = match format {
        BodyFormat::Html => text,
        BodyFormat::Text => paragraphs(&text),
        BodyFormat::Markdown => markdown(&text),
    };
    // Character references may bring control characters back in. Composing (NFC) must not happen after the
    // cleaning: `>` and a following U+0338 would become another sign and take a tag apart.
    let clean: String = CLEANER.clean(&source).to_string().chars().filter(|c| is_kept(*c)).collect();
    let mut images = Vec::new();
    let html = markup::filter_images(&clean, |id| {
        if !images.contains(&id) {
            images.push(id);
        }
        true
    });
    Rich { text: nfc(&markup::plain(&html)), html: SafeHtml::from_sanitised(html), images }
}

/// Cleans a rich text that must not be empty (T-GEN-05).
///
/// # Errors
/// `TooLong` over 200 000 characters of submitted markup, `Required` without any text and picture.
pub fn check(text: &str, format: BodyFormat) -> Result<Rich, Code> {
    if length(prepared(text).trim()) > BODY_MAX {
        return Err(Code::TooLong);
    }
    let rich = rich(text, format);
    if rich.is_empty() { Err(Code::Required) } else { Ok(rich) }
}

/// Whether a text without markup says what is stored: a form without the editor must not take the markup away.
#[must_use]
pub fn says(new: &Rich, format: BodyFormat, stored_text: &str) -> bool {
    format == BodyFormat::Text && new.text.split_whitespace().eq(stored_text.split_whitespace())
}

/// Drops pictures that are not documents of the same entry (T-GEN-05).
#[must_use]
pub fn keep_images(html: &SafeHtml, allowed: &[Uuid]) -> SafeHtml {
    SafeHtml::from_sanitised(markup::filter_images(html.as_str(), |id| allowed.contains(&id)))
}

/// A stored text for a mail: cleaned once more, its pictures named by the parts they travel as; others are gone, as a mail shows
/// nothing from elsewhere (M-CON-02, M-CON-03).
pub(crate) fn for_mail(html: &str, parts: &BTreeMap<Uuid, String>) -> String {
    let clean = CLEANER.clean(html).to_string();
    let kept = markup::filter_images(&clean, |id| parts.contains_key(&id));
    parts.iter().fold(kept, |html, (id, cid)| {
        html.replace(&format!("src=\"{DOCUMENT_PATH}{id}\""), &format!("src=\"cid:{cid}\""))
    })
}

/// Markup that was stored cleaned, for showing; the database is written by this program only.
#[must_use]
pub fn stored(html: String) -> SafeHtml {
    SafeHtml::from_sanitised(html)
}

/// A stored text for a page that looks for something: every hit stands in a `<mark>`. `hits` names the byte ranges of the
/// hits in a stretch of words; a phrase that runs across a tag is in no stretch and stays unmarked. Never store the result.
#[must_use]
pub fn mark(html: &SafeHtml, hits: impl Fn(&str) -> Vec<Range<usize>>) -> SafeHtml {
    SafeHtml::from_sanitised(markup::mark(html.as_str(), hits))
}

/// One line as titles and names are stored (T-GEN-04).
#[must_use]
pub fn title(text: &str) -> String {
    domain::text::normalise_line(&nfc(text))
}

/// Several lines of plain text as they are stored (T-GEN-04).
#[must_use]
pub fn lines(text: &str) -> String {
    domain::text::normalise_text(&nfc(&text.replace("\r\n", "\n").replace('\r', "\n")))
}

/// A line of at most `max` characters, for fields like names and reasons.
///
/// # Errors
/// `TooLong` above `max` characters.
pub fn line(text: &str, max: usize) -> Result<String, Code> {
    let line = title(text);
    if length(&line) > max { Err(Code::TooLong) } else { Ok(line) }
}

/// Composed form, in which every text is stored and counted (T-GEN-04).
#[must_use]
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// What changed from `old` to `new`, word by word (T-OCC-16); neighbours of one kind are one part.
#[must_use]
pub fn word_diff(old: &str, new: &str) -> Vec<DiffPart> {
    let diff = TextDiff::configure().timeout(DIFF_TIME).diff_words(old, new);
    let mut parts: Vec<DiffPart> = Vec::new();
    for change in diff.iter_all_changes() {
        let op = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Insert => "added",
            ChangeTag::Delete => "removed",
        };
        match parts.last_mut().filter(|part| part.op == op) {
            Some(part) => part.text.push_str(change.value()),
            None => parts.push(DiffPart { op: op.to_owned(), text: change.value().to_owned() }),
        }
    }
    parts
}

fn is_kept(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\t')
}

fn prepared(text: &str) -> String {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    text.nfc().filter(|c| is_kept(*c)).collect()
}

/// Plain text as markup: a paragraph for every stretch between blank lines, a break for every line end in it.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            if open {
                out.push_str("</p>");
                open = false;
            }
            continue;
        }
        out.push_str(if open { "<br>" } else { "<p>" });
        open = true;
        for c in line.trim_end().chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                c => out.push(c),
            }
        }
    }
    if open {
        out.push_str("</p>");
    }
    out
}

/// Plain text as markup: its line breaks, and its web addresses as links (T-MSG).
#[must_use]
pub fn linked(text: &str) -> SafeHtml {
    let mut source = String::with_capacity(text.len() + 64);
    source.push_str("<p>");
    for (at, line) in prepared(text).lines().enumerate() {
        if at > 0 {
            source.push_str("<br>");
        }
        source.push_str(&links::linked(line.trim_end()));
    }
    source.push_str("</p>");
    SafeHtml::from_sanitised(CLEANER.clean(&source).to_string())
}

/// Raw markup in it passes through to the cleaner; what the tags of T-GEN-05 have no word for gets the nearest.
fn markdown(text: &str) -> String {
    const NEAREST: [(&str, &str); 10] = [
        ("<del>", "<s>"),
        ("</del>", "</s>"),
        ("<h1>", "<h2>"),
        ("</h1>", "</h2>"),
        ("<h4>", "<h3>"),
        ("</h4>", "</h3>"),
        ("<h5>", "<h3>"),
        ("</h5>", "</h3>"),
        ("<h6>", "<h3>"),
        ("</h6>", "</h3>"),
    ];
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(text, &options);
    NEAREST.iter().fold(html, |html, (from, to)| html.replace(from, to))
}
