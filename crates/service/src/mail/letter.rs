//! From the parts of a mail to its bytes: headers, the two forms of the text, pictures and files (mail.md sections 4 and 5).
//!
//! Does not belong here: what the parts say (`compose`, `template`), how bytes reach a server (`transport`).

mod page;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use domain::lang::Lang;
use domain::mail::{SUBJECT_MAX, Unsent};
use domain::text::normalise_line;
use lettre::Address;
pub use lettre::address::Envelope;
use lettre::message::header::{self, ContentTransferEncoding, ContentType, HeaderName, HeaderValue, Headers};
use lettre::message::{Attachment, Body, Mailbox, Mailboxes, MultiPart, SinglePart};

pub(crate) use page::{frame, plain};

/// Longest name of a person or file in characters.
const NAME_MAX: usize = 200;
/// Longest address in bytes: a path of RFC 5321 without its brackets.
const ADDRESS_MAX: usize = 254;
/// Longest message id in bytes; a longer one is none of ours.
const ID_MAX: usize = 400;
/// Ids in `References` beside that of the ticket (M-HDR-03).
const REFERENCES: usize = 8;
/// Longest `References` in characters (M-HDR-03).
const REFERENCES_MAX: usize = 1_500;
/// The last second a `Date` can name.
const LATEST: u64 = 253_402_300_799;

/// Everything a mail is made of. Names and subject may hold anything: they never make a header (M-HDR-05).
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// Name of the sender; empty = the address alone.
    pub(crate) from_name: String,
    /// Address of the sender, and of the envelope.
    pub(crate) from_address: String,
    /// Name of the recipient; empty = the address alone.
    pub(crate) to_name: String,
    /// The one address it goes to (M-RCP-01).
    pub(crate) to_address: String,
    /// Subject (`domain::mail::subject`).
    pub(crate) subject: String,
    /// Language of the recipient.
    pub(crate) lang: Lang,
    /// The plain form, whole ([`plain`]).
    pub(crate) text: String,
    /// The HTML form: a document ([`frame`]), or the inside of one.
    pub(crate) html: String,
    /// Its own id, in angle brackets (M-HDR-02).
    pub(crate) message_id: String,
    /// The id all mails about the ticket refer to (M-HDR-03).
    pub(crate) root_id: String,
    /// Ids of earlier mails to this person about the ticket, newest last, without the root.
    pub(crate) references: Vec<String>,
    /// Number of the ticket; 0 = it is about none.
    pub(crate) ticket: i64,
    /// What tells the mails of this instance from those of others (M-HDR-04).
    pub(crate) instance: String,
    /// When it was made, in seconds since 1970.
    pub(crate) date: i64,
    /// Pictures of the text, each with its `cid`.
    pub(crate) inline: Vec<Part>,
    /// Files beside the text, in their order.
    pub(crate) files: Vec<Part>,
    /// What it says of itself to programs.
    pub(crate) marks: Marks,
}

/// What tells programs how to treat a mail (M-HDR-01, M-HDR-04).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Many get such a mail: `Precedence: bulk`.
    pub(crate) is_bulk: bool,
    /// Nothing comes back from it: the envelope has no sender, so that no program answers.
    pub(crate) is_receipt: bool,
    /// Address at which a POST ends mails of this kind to this person.
    pub(crate) unsubscribe: Option<String>,
}

/// A file that travels along.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its name.
    pub(crate) name: String,
    /// Its media type; what is none travels as unknown bytes.
    pub(crate) media_type: String,
    /// Its content.
    pub(crate) bytes: Bytes,
    /// What the text calls it, without `cid:` and brackets; none = it stands beside the text.
    pub(crate) cid: Option<String>,
}

/// Makes the bytes of a mail and the envelope for the server.
///
/// # Errors
/// `InvalidAddress` when the sender's or the recipient's address is not one address (M-HDR-05).
pub(crate) fn build(letter: Letter) -> Result<(Envelope, Vec<u8>), Unsent> {
    let (from, to) = (address(&letter.from_address)?, address(&letter.to_address)?);
    let sender = (!letter.marks.is_receipt).then(|| from.clone());
    let envelope = Envelope::new(sender, vec![to.clone()]);
    let envelope = envelope.map_err(|_no_recipient| Unsent::InvalidAddress)?;
    let mut bytes = headers(&letter, from, to).to_string().into_bytes();
    bytes.extend(body(letter).formatted());
    Ok((envelope, bytes))
}

fn headers(letter: &Letter, from: Address, to: Address) -> Headers {
    let mut headers = Headers::new();
    headers.set(header::From::from(Mailboxes::from(mailbox(&letter.from_name, from))));
    headers.set(header::To::from(Mailboxes::from(mailbox(&letter.to_name, to))));
    headers.set(header::Subject::from(line(&letter.subject, SUBJECT_MAX)));
    let seconds = u64::try_from(letter.date).unwrap_or_default().min(LATEST);
    headers.set(header::Date::new(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)));
    headers.set(header::MIME_VERSION_1_0);
    if let Some(id) = id(&letter.message_id) {
        set_ids(&mut headers, "Message-ID", &[id]);
    }
    let ids = thread(&letter.root_id, &letter.references);
    if let Some(newest) = ids.last().copied() {
        set_ids(&mut headers, "In-Reply-To", &[newest]);
        set_ids(&mut headers, "References", &ids);
    }
    for (name, value) in [
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
        ("X-Guichet-Loop", line(&letter.instance, NAME_MAX)),
    ] {
        headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    if letter.ticket > 0 {
        let name = HeaderName::new_from_ascii_str("X-Guichet-Ticket");
        headers.insert_raw(HeaderValue::new(name, letter.ticket.to_string()));
    }
    mark(&mut headers, &letter.marks);
    headers
}

fn mark(headers: &mut Headers, marks: &Marks) {
    if marks.is_bulk {
        let name = HeaderName::new_from_ascii_str("Precedence");
        headers.insert_raw(HeaderValue::new(name, "bulk".to_owned()));
    }
    if let Some(address) = marks.unsubscribe.as_deref().filter(|address| is_id(address)) {
        set_ids(headers, "List-Unsubscribe", &[["<", address, ">"].concat().as_str()]);
        set_ids(headers, "List-Unsubscribe-Post", &["List-Unsubscribe=One-Click"]);
    }
}

/// Ids and addresses as they are, one on each line: an encoder of words could take them apart.
fn set_ids(headers: &mut Headers, name: &'static str, ids: &[&str]) {
    let name = HeaderName::new_from_ascii_str(name);
    headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, ids.join(" "), ids.join("\r\n ")));
}

/// The text in both forms, inside a part with its pictures, inside one with the files; a part that would hold only one is left out.
fn body(letter: Letter) -> MultiPart {
    let Letter { lang, text, html, inline, files, .. } = letter;
    let html = if page::is_whole(&html) { html } else { frame(lang, &html, &[], None) };
    let (inline, loose): (Vec<Part>, Vec<Part>) = inline.into_iter().partition(|part| cid(part).is_some());
    let text = MultiPart::alternative_plain_html(lines(&text), lines(&html));
    let with_pictures = if inline.is_empty() {
        text
    } else {
        inline.into_iter().map(single).fold(MultiPart::related().multipart(text), MultiPart::singlepart)
    };
    if loose.is_empty() && files.is_empty() {
        return with_pictures;
    }
    let files = loose.into_iter().chain(files).map(single);
    files.fold(MultiPart::mixed().multipart(with_pictures), MultiPart::singlepart)
}

/// Always base64: a file is not to be changed on its way, not even the ends of its lines.
fn single(part: Part) -> SinglePart {
    // A message or multipart inside base64 is no valid part.
    let kind = part.media_type.to_ascii_lowercase();
    let is_nested = kind.starts_with("message/") || kind.starts_with("multipart/");
    let is_odd = is_nested || kind.chars().any(char::is_control);
    let kind = ContentType::parse(if is_odd { "application/octet-stream" } else { &kind })
        .or_else(|_no_type| ContentType::parse("application/octet-stream"))
        .unwrap_or(ContentType::TEXT_PLAIN);
    let name: String =
        line(&part.name, NAME_MAX).chars().map(|c| if matches!(c, '/' | '\\' | '"') { '_' } else { c }).collect();
    let name = if name.is_empty() { "file".to_owned() } else { name };
    let attachment = match cid(&part) {
        Some(cid) => Attachment::new_inline_with_name(cid.to_owned(), name),
        None => Attachment::new(name),
    };
    let bytes: Vec<u8> = part.bytes.into();
    let body = Body::new_with_encoding(bytes, ContentTransferEncoding::Base64).unwrap_or_else(Body::new);
    attachment.body(body, kind)
}

fn cid(part: &Part) -> Option<&str> {
    part.cid.as_deref().filter(|cid| is_id(cid))
}

/// One address in the form of RFC 5321 (M-HDR-05).
fn address(text: &str) -> Result<Address, Unsent> {
    if text.len() > ADDRESS_MAX || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Unsent::InvalidAddress);
    }
    text.parse::<Address>().map_err(|_not_an_address| Unsent::InvalidAddress)
}

fn mailbox(name: &str, address: Address) -> Mailbox {
    let name = line(name, NAME_MAX);
    Mailbox::new((!name.is_empty()).then_some(name), address)
}

/// Words of a person for a header: one line, without control characters, not too long. What is left is encoded where it has to be;
/// what only looks encoded would be decoded by whoever reads it, so it is taken apart.
fn line(text: &str, max: usize) -> String {
    let cut: String = normalise_line(text).replace("=?", "= ?").chars().take(max).collect();
    cut.trim_end().to_owned()
}

/// The root, then the newest of the earlier ids, oldest first, as many as there is room for (M-HDR-03).
fn thread<'a>(root: &'a str, earlier: &'a [String]) -> Vec<&'a str> {
    let root = id(root);
    let mut room = REFERENCES_MAX.saturating_sub(root.map_or(0, str::len));
    let known = earlier.iter().rev().filter_map(|text| id(text)).filter(|id| Some(*id) != root).take(REFERENCES);
    let newest = known.take_while(|id| {
        // With the line break and the blank before it.
        let need = id.len().saturating_add(3);
        let fits = need <= room;
        room = room.saturating_sub(need);
        fits
    });
    let mut ids: Vec<&str> = newest.collect();
    ids.extend(root);
    ids.reverse();
    ids
}

/// A message id as it may stand in a header.
fn id(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    is_id(inner).then_some(text)
}

fn is_id(inner: &str) -> bool {
    let allowed = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>');
    !inner.is_empty() && inner.len() <= ID_MAX && inner.chars().all(allowed)
}

/// Line ends as one kind, so that the encoder of bodies writes them all as mails need them.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}
