//! The words of a page in the browser: no language is compiled in, the page brings a file of its own one.
//!
//! `build.rs` gives every sentence a number, `scripts/build-assets.mjs` writes its text into the line of that number.
//! Slots are numbered in alphabetical order, `{0}`, `{1}`; a plural has three lines (one, many, other) and its number
//! in `{n}`. The server does not use this: its functions in [`crate::t`] hold all languages.

use std::sync::OnceLock;

use domain::format::{self, Plural};
use domain::lang::Lang;

static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();

/// Takes the file of words, once, before anything is shown; `false` when its lines are those of other keys.
pub fn load(file: String) -> bool {
    // A document has one language for its whole life, so the words may stay for as long.
    let file: &'static str = file.leak();
    let mut lines = file.split('\n');
    lines.next() == Some(crate::t::KEYS) && WORDS.set(lines.collect()).is_ok()
}

/// The sentence of a number, as it stands in the file. Empty before [`load`], and for sentences of pages that are HTML alone,
/// which the file leaves out: whoever shows one in the browser hears of it.
#[inline(never)] // Hundreds of functions call it: a copy in each would be larger than the words were.
#[must_use]
pub fn text(number: usize) -> &'static str {
    let found = WORDS.get().and_then(|words| words.get(number)).copied().unwrap_or_default();
    if found.is_empty() {
        leptos::logging::error!("a word of pages that are HTML alone");
    }
    found
}

/// A sentence with its slots filled.
#[must_use]
pub fn fill(number: usize, slots: &[&str]) -> String {
    put(text(number), "", slots)
}

/// A sentence with plural forms, the first of them at `number`.
#[must_use]
pub fn count(number: usize, n: i64, lang: Lang, slots: &[&str]) -> String {
    let form = match format::plural(n, lang) {
        Plural::One => 0,
        Plural::Many => 1,
        Plural::Other => 2,
    };
    put(text(number + form), &format::number(n, lang), slots)
}

fn put(text: &str, n: &str, slots: &[&str]) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (slot, words) = piece.split_once('}').unwrap_or_default();
        // What is no number is the `n` of a plural.
        let value = slot.parse::<usize>().map_or(Some(n), |slot| slots.get(slot).copied());
        filled.push_str(value.unwrap_or_default());
        filled.push_str(words);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_by_their_number() {
        assert_eq!(put("as it is", "", &[]), "as it is");
        assert_eq!(put("{1}: {0}, {0}!", "", &["a", "b"]), "b: a, a!");
        assert_eq!(put("{n} of {0}", "1,000", &["{1}"]), "1,000 of {1}");
    }

    #[test]
    fn words_of_other_keys_are_refused_and_those_of_this_build_are_found() {
        assert!(!load("other\nYes".to_owned()));
        assert_eq!(text(0), "");
        assert!(load([crate::t::KEYS, "Yes", "{n} file of {0}", "{n} of files of {0}", "{n} files of {0}"].join("\n")));
        assert_eq!(text(0), "Yes");
        assert_eq!(count(1, 1, Lang::En, &["Ana"]), "1 file of Ana");
        assert_eq!(count(1, 1_234, Lang::En, &["Ana"]), "1,234 files of Ana");
        assert_eq!(count(1, 2_000_000, Lang::Fr, &["Ana"]), "2\u{202f}000\u{202f}000 of files of Ana");
        assert_eq!(fill(3, &["Ana"]), " files of Ana");
        assert_eq!(text(4), "");
    }
}
