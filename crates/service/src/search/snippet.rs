//! The stretch of a text around the first hit, with the hits marked (T-OCC-26).

use std::ops::Range;

use domain::search::{Query, Term};
use domain::views::Snippet;

use super::fold::{Token, tokens};

/// Longest snippet, in characters.
const LENGTH: usize = 200;
/// Characters of the text in it: the rest says at both ends that the text goes on.
const SHOWN: usize = LENGTH - 2;
const GOES_ON: &str = "…";
/// Characters shown before the first hit.
const BEFORE: usize = 60;
/// After the first hit, words are looked at for this many bytes: more cannot be shown.
const REACH: usize = LENGTH * 4;

/// First word from which a term matches, and how many words it takes.
pub(super) fn first_match(tokens: &[Token], term: &Term) -> Option<usize> {
    (0..tokens.len()).find(|at| matches_at(tokens, *at, term))
}

fn matches_at(tokens: &[Token], at: usize, term: &Term) -> bool {
    let Some(found) = tokens.get(at..at.saturating_add(term.words.len())) else { return false };
    !found.is_empty()
        && found
            .iter()
            .zip(&term.words)
            .all(|(token, word)| if term.prefix { token.word.starts_with(word.as_str()) } else { token.word == *word })
}

/// Tokens up to the reach of the first hit; `None` in the second place when nothing matches.
fn scan(text: &str, terms: &[&Term]) -> (Vec<Token>, Option<usize>) {
    let longest = terms.iter().map(|term| term.words.len()).max().unwrap_or(1);
    let mut seen: Vec<Token> = Vec::new();
    let mut first: Option<usize> = None;
    for token in tokens(text) {
        if first.is_some_and(|first| token.start > first + REACH) {
            break;
        }
        seen.push(token);
        if first.is_none() {
            let from = seen.len().saturating_sub(longest);
            let hit = (from..seen.len()).find(|at| terms.iter().any(|term| matches_at(&seen, *at, term)));
            first = hit.and_then(|at| seen.get(at)).map(|token| token.start);
        }
    }
    (seen, first)
}

/// At most 200 characters of `text` around the first hit, line breaks as blanks; the beginning where nothing matches.
pub(super) fn snippet(text: &str, query: &Query) -> Vec<Snippet> {
    let terms: Vec<&Term> = query.terms.iter().filter(|term| !term.negative).collect();
    let (tokens, first) = scan(text, &terms);
    let window = window(text, first.unwrap_or(0));
    let mut out = Vec::new();
    if has_words(text, 0..window.start) {
        push(&mut out, GOES_ON, 0..GOES_ON.len(), false);
    }
    let mut at = window.start;
    for hit in hits_of(&tokens, &terms) {
        let hit = hit.start.max(at)..hit.end.min(window.end);
        if hit.start >= hit.end {
            continue;
        }
        push(&mut out, text, at..hit.start, false);
        push(&mut out, text, hit.clone(), true);
        at = hit.end;
    }
    push(&mut out, text, at..window.end, false);
    if has_words(text, window.end..text.len()) {
        push(&mut out, GOES_ON, 0..GOES_ON.len(), false);
    }
    out
}

fn has_words(text: &str, range: Range<usize>) -> bool {
    text.get(range).is_some_and(|part| !part.trim().is_empty())
}

fn push(out: &mut Vec<Snippet>, text: &str, range: Range<usize>, hit: bool) {
    let piece: String =
        text.get(range).unwrap_or_default().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if !piece.is_empty() {
        out.push(Snippet { text: piece, hit });
    }
}

/// Byte ranges of all hits in a text, in order.
pub(super) fn hits(text: &str, query: &Query) -> Vec<Range<usize>> {
    let terms: Vec<&Term> = query.terms.iter().filter(|term| !term.negative).collect();
    hits_of(&tokens(text).collect::<Vec<_>>(), &terms)
}

fn hits_of(tokens: &[Token], terms: &[&Term]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for at in 0..tokens.len() {
        for term in terms.iter().filter(|term| matches_at(tokens, at, term)) {
            let last = tokens.get(at + term.words.len().saturating_sub(1));
            if let (Some(first), Some(last)) = (tokens.get(at), last) {
                out.push(first.start..last.end);
            }
        }
    }
    out
}

/// Where the snippet begins and ends in bytes: between words where there is a place between words.
fn window(text: &str, hit: usize) -> Range<usize> {
    let head = text.get(..hit).unwrap_or_default();
    let earliest = head.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let start = if earliest == 0 {
        0
    } else {
        let lead = head.get(earliest..).unwrap_or_default();
        lead.find(char::is_whitespace).map_or(earliest, |blank| earliest + blank)
    };
    let skipped: usize =
        text.get(start..hit).unwrap_or_default().chars().take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
    let start = start + skipped;
    let tail = text.get(start..).unwrap_or_default();
    let Some((limit, next)) = tail.char_indices().nth(SHOWN) else {
        return start..start + tail.trim_end().len();
    };
    let body = tail.get(..limit).unwrap_or(tail);
    if next.is_whitespace() {
        return start..start + body.trim_end().len();
    }
    // A cut inside a word goes back to its beginning, but never before the hit.
    let end = body.rfind(char::is_whitespace).filter(|blank| start + blank > hit).unwrap_or(limit);
    start..start + end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, typed: &str) -> Vec<(String, bool)> {
        let query = crate::search::parse(typed).unwrap();
        snippet(text, &query).into_iter().map(|s| (s.text, s.hit)).collect()
    }

    fn marked(text: &str, typed: &str) -> String {
        of(text, typed).into_iter().map(|(text, hit)| if hit { format!("[{text}]") } else { text }).collect()
    }

    #[test]
    fn t_occ_26_hits_are_marked_as_they_were_written() {
        let cases = [
            ("A AÇÃO foi feita", "acao", "A [AÇÃO] foi feita"),
            ("Straße und Strasse", "strasse", "[Straße] und [Strasse]"),
            ("cable\nreplaced", "\"cable replaced\"", "[cable replaced]"),
            ("replacing the cable", "repl", "[replacing] the cable"),
            ("one two three", "two -three", "one [two] three"),
            ("nothing here", "absent", "nothing here"),
            ("a\u{303}b", "ab", "[a\u{303}b]"),
            ("", "x", ""),
        ];
        for (text, typed, expected) in cases {
            assert_eq!(marked(text, typed), expected, "{typed}");
        }
    }

    #[test]
    fn t_occ_26_a_snippet_has_at_most_200_characters_and_holds_the_first_hit() {
        let text = format!("{} needle {}", "lorem ipsum ".repeat(500), "dolor sit ".repeat(500));
        let found = of(&text, "needle");
        assert!(found.iter().any(|(text, hit)| *hit && text == "needle"));
        let length: usize = found.iter().map(|(text, _)| text.chars().count()).sum();
        assert!(length <= LENGTH && length > 100, "{length}");
        assert!(found[1].0.starts_with("lorem") || found[1].0.starts_with("ipsum"));
        let one_word = of(&"é".repeat(1000), "x");
        assert_eq!(one_word[0].0.chars().count(), SHOWN);
    }

    #[test]
    fn t_occ_26_a_snippet_says_at_which_end_the_text_goes_on() {
        let long = "lorem ipsum ".repeat(50);
        let ends = |text: &str| {
            let found = marked(text, "needle");
            (found.starts_with(GOES_ON), found.ends_with(GOES_ON))
        };
        assert_eq!(ends("a needle here "), (false, false));
        assert_eq!(ends(&format!("needle {long}")), (false, true));
        assert_eq!(ends(&format!("{long} needle")), (true, false));
        assert_eq!(ends(&format!("{long} needle {long}")), (true, true));
    }
}
