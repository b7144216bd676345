//! What a template printed, as plain text and as markup. Markup comes from here and from rich values only.

use super::Rendered;
use super::values::{CLOSE, OPEN, Rich};
use crate::links::linked;

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
