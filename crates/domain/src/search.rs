//! What a person means by a search text (T-OCC-25). The text comes folded (case, accents, compatibility
//! forms) from `service`, so that query and index are folded by one function; SQL is made there too.

use crate::error::Code;

/// Longest search text, in characters.
pub const MAX_QUERY: usize = 200;

/// From how many letters on the last word also matches as the beginning of a word.
const PREFIX_FROM: usize = 3;

/// All terms are joined by "and".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// In the order typed.
    pub terms: Vec<Term>,
}

/// A word, or several in order (a quoted phrase).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// At least one word, of letters and digits only.
    pub words: Vec<String>,
    /// Must not occur.
    pub negative: bool,
    /// The only word may go on after what was typed.
    pub prefix: bool,
}

impl Query {
    /// Nothing to look for: no term at all, or only terms that exclude. There are no hits then, but a hint.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.iter().all(|term| term.negative)
    }
}

/// Reads a folded search text.
///
/// # Errors
/// `Code::TooLong` above 200 characters.
pub fn parse(text: &str) -> Result<Query, Code> {
    let text = text.trim();
    if text.chars().count() > MAX_QUERY {
        return Err(Code::TooLong);
    }
    let mut terms: Vec<Term> = Vec::new();
    // Whether the piece read last was a bare word: only such a one is matched as a prefix.
    let mut ends_in_bare_word = false;
    let mut rest = text;
    while !rest.is_empty() {
        let (negative, body) = match rest.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, rest),
        };
        let (piece, is_quoted, after) = match body.strip_prefix(is_quote) {
            Some(inside) => {
                let (piece, after) = inside.split_once(is_quote).unwrap_or((inside, ""));
                (piece, true, after)
            }
            None => {
                let (piece, after) = split_before(body, |c| c.is_whitespace() || is_quote(c));
                (piece, false, after)
            }
        };
        let words: Vec<String> = words_of(piece);
        if !words.is_empty() {
            ends_in_bare_word = !negative && !is_quoted;
            if ends_in_bare_word {
                terms.extend(words.into_iter().map(|word| Term { words: vec![word], negative, prefix: false }));
            } else {
                terms.push(Term { words, negative, prefix: false });
            }
        }
        rest = after.trim_start();
    }
    if ends_in_bare_word && let Some(last) = terms.last_mut() {
        last.prefix = last.words.iter().all(|word| word.chars().count() >= PREFIX_FROM);
    }
    Ok(Query { terms })
}

fn words_of(piece: &str) -> Vec<String> {
    piece.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Straight quotes, and those that phones and word processors put in their place.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '«' | '»')
}

fn split_before(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.char_indices().find(|(_, c)| is_end(*c)).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Term {
        Term { words: vec![word.to_owned()], negative: false, prefix: false }
    }

    fn prefix(text: &str) -> Term {
        Term { prefix: true, ..word(text) }
    }

    fn phrase(words: &[&str]) -> Term {
        Term { words: words.iter().map(|word| (*word).to_owned()).collect(), negative: false, prefix: false }
    }

    fn not(term: Term) -> Term {
        Term { negative: true, ..term }
    }

    #[test]
    fn t_occ_25_words_phrases_and_exclusions() {
        let cases = [
            ("vpn", vec![prefix("vpn")]),
            ("vp", vec![word("vp")]),
            ("vpn drops", vec![word("vpn"), prefix("drops")]),
            ("drops at", vec![word("drops"), word("at")]),
            ("\"vpn drops\" daily", vec![phrase(&["vpn", "drops"]), prefix("daily")]),
            ("daily \"vpn drops\"", vec![word("daily"), phrase(&["vpn", "drops"])]),
            ("daily \"drops\"", vec![word("daily"), word("drops")]),
            ("\u{201C}vpn drops\u{201D}", vec![phrase(&["vpn", "drops"])]),
            ("« vpn drops »", vec![phrase(&["vpn", "drops"])]),
            ("vpn -drops", vec![word("vpn"), not(word("drops"))]),
            ("-drops vpn", vec![not(word("drops")), prefix("vpn")]),
            ("vpn -\"very old\"", vec![word("vpn"), not(phrase(&["very", "old"]))]),
            ("vpn -well-known", vec![word("vpn"), not(phrase(&["well", "known"]))]),
            ("e-mail", vec![word("e"), prefix("mail")]),
            ("ana@acme.org", vec![word("ana"), word("acme"), prefix("org")]),
            ("open \"never closed", vec![word("open"), phrase(&["never", "closed"])]),
            ("one\"two three\"", vec![word("one"), phrase(&["two", "three"])]),
            ("error 500 !", vec![word("error"), prefix("500")]),
            ("--vpn", vec![not(word("vpn"))]),
            ("a - b", vec![word("a"), word("b")]),
            ("#4182", vec![prefix("4182")]),
        ];
        for (text, terms) in cases {
            assert_eq!(parse(text), Ok(Query { terms }), "{text}");
        }
    }

    #[test]
    fn t_occ_25_nothing_or_only_signs_finds_nothing() {
        for text in ["", "   ", "-", "\"\"", "\"", "!?", "- - -", "-\"", "%_*"] {
            let query = parse(text).unwrap();
            assert!(query.terms.is_empty() && query.is_empty(), "{text}");
        }
        assert!(parse("-only -without").unwrap().is_empty());
        assert!(!parse("vpn -drops").unwrap().is_empty());
    }

    #[test]
    fn t_occ_25_a_query_has_at_most_200_characters() {
        assert!(parse(&"é".repeat(200)).is_ok());
        assert!(parse(&format!("  {}  ", "a".repeat(200))).is_ok());
        assert_eq!(parse(&"a".repeat(201)), Err(Code::TooLong));
    }
}
