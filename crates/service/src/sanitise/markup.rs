//! Reads cleaned markup: its pictures and its plain text. Only for what the cleaner wrote, where `<` and
//! `>` in texts and `"` in values are always escaped.

use std::ops::Range;

use uuid::Uuid;

use super::document_id;

#[derive(Clone, Copy, Debug)]
enum Piece<'a> {
    Tag(&'a str),
    Text(&'a str),
}

/// Cuts markup into tags and texts.
#[derive(Debug)]
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let is_tag = self.0.starts_with('<');
        let end = if is_tag { tag_end(self.0) } else { self.0.find('<').unwrap_or(self.0.len()) };
        let (piece, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        Some(if is_tag { Piece::Tag(piece) } else { Piece::Text(piece) })
    }
}

fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Name of a tag and whether it closes.
fn name(tag: &str) -> (&str, bool) {
    let inner = tag.trim_start_matches('<');
    let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    (inner.split([' ', '>', '/']).next().unwrap_or_default(), closes)
}

fn source(tag: &str) -> Option<Uuid> {
    let (_, rest) = tag.split_once(" src=\"")?;
    document_id(rest.split_once('"')?.0)
}

/// The same markup with only those pictures `keep` says yes to; pictures without a document go in any case.
pub(super) fn filter_images(html: &str, mut keep: impl FnMut(Uuid) -> bool) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in Pieces(html) {
        match piece {
            Piece::Tag(tag) if name(tag) == ("img", false) => {
                if source(tag).is_some_and(&mut keep) {
                    out.push_str(tag);
                }
            }
            Piece::Tag(piece) | Piece::Text(piece) => out.push_str(piece),
        }
    }
    out
}

/// The same markup with a `<mark>` around every range that `hits` names of a stretch of words. Tags and references stay as
/// they are, so what was safe stays safe.
pub(super) fn mark(html: &str, hits: impl Fn(&str) -> Vec<Range<usize>>) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in Pieces(html) {
        match piece {
            Piece::Tag(tag) => out.push_str(tag),
            Piece::Text(text) => {
                let mut rest = text;
                while let Some((words, sign)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
                    mark_words(&mut out, words, hits(words));
                    let (_, length) = reference(sign);
                    let (kept, after) = sign.split_at_checked(length).unwrap_or((sign, ""));
                    out.push_str(kept);
                    rest = after;
                }
                mark_words(&mut out, rest, hits(rest));
            }
        }
    }
    out
}

/// Ranges that overlap share the first one's mark.
fn mark_words(out: &mut String, words: &str, hits: Vec<Range<usize>>) {
    let mut at = 0;
    for hit in hits {
        let start = hit.start.max(at);
        let (before, found) = (words.get(at..start), words.get(start..hit.end));
        if let (Some(before), Some(found)) = (before, found.filter(|found| !found.is_empty())) {
            out.push_str(before);
            out.push_str("<mark>");
            out.push_str(found);
            out.push_str("</mark>");
            at = hit.end;
        }
    }
    out.push_str(words.get(at..).unwrap_or_default());
}

/// The text alone: lines where blocks and breaks were, no decoration.
pub(super) fn plain(html: &str) -> String {
    let mut writer = Plain::default();
    for piece in Pieces(html) {
        match piece {
            Piece::Tag(tag) => writer.tag(tag),
            Piece::Text(text) => writer.text(text),
        }
    }
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

#[derive(Debug, Default)]
struct Plain {
    out: String,
    breaks: usize,
    blank: bool,
    verbatim: usize,
}

impl Plain {
    fn tag(&mut self, tag: &str) {
        let (name, closes) = name(tag);
        match name {
            "br" => self.breaks += 1,
            "td" | "th" => self.blank = true,
            "pre" => {
                self.breaks = self.breaks.max(1);
                self.verbatim = if closes { self.verbatim.saturating_sub(1) } else { self.verbatim + 1 };
            }
            "p" | "h2" | "h3" | "blockquote" | "ul" | "ol" | "li" | "hr" | "table" | "thead" | "tbody" | "tr" => {
                self.breaks = self.breaks.max(1);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let (c, length) = if next == '&' { reference(rest) } else { (next, next.len_utf8()) };
            rest = rest.get(length..).unwrap_or_default();
            self.character(c);
        }
    }

    fn character(&mut self, c: char) {
        if self.verbatim > 0 && c == '\n' {
            self.breaks += 1;
        } else if self.verbatim == 0 && c.is_whitespace() {
            self.blank = true;
        } else {
            self.separate();
            self.out.push(c);
        }
    }

    /// At most one empty line: more would only stretch mails and comparisons.
    fn separate(&mut self) {
        if !self.out.is_empty() {
            match self.breaks {
                0 if self.blank => self.out.push(' '),
                0 => {}
                1 => self.out.push('\n'),
                _ => self.out.push_str("\n\n"),
            }
        }
        self.breaks = 0;
        self.blank = false;
    }
}

/// The character a reference stands for and how many bytes it takes; the cleaner writes these five only.
fn reference(text: &str) -> (char, usize) {
    const KNOWN: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];
    KNOWN.iter().find(|(word, _)| text.starts_with(word)).map_or(('&', 1), |(word, c)| (*c, word.len()))
}
