//! What a template printed, as plain text and as markup. Markup comes from here and from rich values only.

use super::Rendered;
use super::values::{CLOSE, OPEN, Rich};

/// A stretch of what was printed.
#[derive(Clone, Copy, Debug)]
enum Piece<'a> {
    Text(&'a str),
    Rich(&'a Rich),
}

/// Puts the rich values in place. `None` when they stand there so often that the mail would be huge: each once is always allowed,
/// so that a template never fails for the length of an entry.
pub(super) fn finish(printed: &str, rich: &[Rich]) -> Option<Rendered> {
    let pieces = pieces(printed, rich);
    let size = |rich: &Rich| rich.text.len().saturating_add(rich.html.len());
    let allowed: usize = rich.iter().map(size).sum::<usize>().saturating_add(super::OUTPUT_MAX);
    let used = pieces.iter().map(|piece| match *piece {
        Piece::Rich(rich) => size(rich),
        Piece::Text(_) => 0,
    });
    if used.sum::<usize>() > allowed {
        return None;
    }
    let (mut text, mut html) = (String::new(), String::new());
    for piece in pieces {
        match piece {
            Piece::Text(words) => {
                text.push_str(words);
                paragraphs(words, &mut html);
            }
            Piece::Rich(rich) => {
                text.push_str(&rich.text);
                if rich.html.trim().is_empty() {
                    paragraphs(&rich.text, &mut html);
                } else {
                    html.push_str(&rich.html);
                }
            }
        }
    }
    Some(Rendered { text: tidy(&text), html })
}

/// Cuts at the marks; one that means nothing is left out.
fn pieces<'a>(printed: &'a str, rich: &'a [Rich]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = printed;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (number, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        pieces.push(Piece::Text(before));
        pieces.extend(number.parse::<usize>().ok().and_then(|number| rich.get(number)).map(Piece::Rich));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// No blanks at the ends of lines, at most one empty line in a row, none at the ends of the text.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_apart = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            is_apart = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if is_apart { "\n\n" } else { "\n" });
        }
        is_apart = false;
        out.push_str(line);
    }
    out.trim_start().to_owned()
}

/// A paragraph for every stretch between empty lines, a break for every line end in it.
fn paragraphs(text: &str, out: &mut String) {
    let mut is_open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            if is_open {
                out.push_str("</p>");
            }
            is_open = false;
            continue;
        }
        out.push_str(if is_open { "<br>" } else { "<p>" });
        is_open = true;
        out.push_str(&linked(line));
    }
    if is_open {
        out.push_str("</p>");
    }
}

/// Plain words as markup, with a link for every http(s) address in them.
pub(in crate::mail) fn linked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, address, after)) = next_address(rest) {
        let address = escaped(address);
        out.push_str(&escaped(before));
        out.push_str(&format!("<a href=\"{address}\">{address}</a>"));
        rest = after;
    }
    out.push_str(&escaped(rest));
    out
}

/// The first address in a text, with what stands before and behind it.
fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    starts.filter_map(|at| text.split_at_checked(at)).find_map(|(before, from)| {
        let host = from.strip_prefix("https://").or_else(|| from.strip_prefix("http://"))?;
        let is_word = before.chars().next_back().is_some_and(char::is_alphanumeric);
        let has_host = host.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '[');
        if is_word || !has_host {
            return None;
        }
        let ends =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”');
        let (run, _) = from.split_at_checked(from.find(ends).unwrap_or(from.len()))?;
        // What ends a sentence or a bracket around the address is not part of it.
        let has_bracket = run.contains('(');
        let closes =
            |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…') || (c == ')' && !has_bracket);
        let (address, after) = from.split_at_checked(run.trim_end_matches(closes).len())?;
        Some((before, address, after))
    })
}

/// A text with nothing left in it that means something in markup, also between quotes.
pub(in crate::mail) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
