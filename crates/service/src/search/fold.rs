//! Folding: case, accents and compatibility forms do not matter (T-OCC-25), in four languages alike.

use std::iter::Peekable;
use std::str::CharIndices;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Longest word kept, in characters: longer ones are data, and PostgreSQL takes no lexeme over 2 KB.
const WORD_MAX: usize = 200;

/// The folded form of one character, piece by piece; nothing for marks and signs without width.
fn fold_into(c: char, emit: &mut impl FnMut(char)) {
    if c.is_ascii() {
        emit(c.to_ascii_lowercase());
        return;
    }
    decompose_compatible(c, |part| {
        if is_dropped(part) {
            return;
        }
        for lower in part.to_lowercase().filter(|lower| !is_dropped(*lower)) {
            match plain_letters(lower) {
                Some(letters) => letters.chars().for_each(&mut *emit),
                None => emit(lower),
            }
        }
    });
}

fn is_dropped(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// Letters that Unicode does not decompose, as people type them who have no such key.
const fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'ŋ' => "n",
        'þ' => "th",
        'ŧ' => "t",
        _ => return None,
    })
}

/// Lower case, without accents and compatibility forms: `AÇÃO` → `acao`, `œ` → `oe`, `ß` → `ss`, `ﬁ` → `fi`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_into(c, &mut |folded| out.push(folded));
    }
    out
}

/// The folded words of a text, one blank between two: what the index holds.
#[must_use]
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in tokens(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&token.word);
    }
    out
}

/// A word cut to the length the index keeps.
pub(super) fn cut(word: &str) -> &str {
    word.char_indices().nth(WORD_MAX).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

/// A folded word and where it stands in the original text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words of a text in order. One original character may end one word and begin the next (`½` is `1⁄2`).
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    Tokens { characters: text.char_indices().peekable(), ready: Vec::new(), open: None }
}

struct Tokens<'a> {
    characters: Peekable<CharIndices<'a>>,
    ready: Vec<Token>,
    open: Option<Token>,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            if !self.ready.is_empty() {
                return Some(self.ready.remove(0));
            }
            let Some((start, c)) = self.characters.next() else {
                return self.open.take().map(finished);
            };
            let end = start + c.len_utf8();
            let (ready, open) = (&mut self.ready, &mut self.open);
            // Marks fold to nothing: they belong to the word they follow.
            if let Some(token) = open.as_mut().filter(|_| is_dropped(c)) {
                token.end = end;
            }
            fold_into(c, &mut |folded| {
                if folded.is_alphanumeric() {
                    let token = open.get_or_insert_with(|| Token { word: String::new(), start, end });
                    token.word.push(folded);
                    token.end = end;
                } else {
                    ready.extend(open.take().map(finished));
                }
            });
        }
    }
}

fn finished(token: Token) -> Token {
    if token.word.len() <= WORD_MAX { token } else { Token { word: cut(&token.word).to_owned(), ..token } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_25_case_accents_and_compatibility_forms_fold() {
        let cases = [
            ("ação", "acao"),
            ("AÇÃO", "acao"),
            ("ac\u{327}a\u{303}o", "acao"),
            ("œuvre", "oeuvre"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("ẞ", "ss"),
            ("Ærø", "aero"),
            ("Łódź", "lodz"),
            ("ﬁn", "fin"),
            ("ＶＰＮ", "vpn"),
            ("İstanbul", "istanbul"),
            ("niño", "nino"),
            ("№5", "no5"),
            ("co\u{AD}op", "coop"),
            ("\u{201C}a b\u{201D} -c", "\u{201C}a b\u{201D} -c"),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn t_occ_25_words_are_letters_and_digits_only() {
        assert_eq!(words("  E-Mail: ana@acme.org, l'été!\n#42 "), "e mail ana acme org l ete 42");
        assert_eq!(words("½ x"), "1 2 x");
        assert_eq!(words("!?"), "");
        assert_eq!(words(&"a".repeat(500)).len(), WORD_MAX);
    }

    #[test]
    fn tokens_know_where_they_stand_in_the_original() {
        let text = "Ação: l\u{327}œuvre ½";
        let found: Vec<(String, &str)> = tokens(text).map(|t| (t.word, text.get(t.start..t.end).unwrap())).collect();
        let expected = [("acao", "Ação"), ("loeuvre", "l\u{327}œuvre"), ("1", "½"), ("2", "½")];
        assert_eq!(found, expected.map(|(word, original)| (word.to_owned(), original)));
    }

    #[test]
    fn both_ways_to_fold_agree() {
        for text in ["Ação ½ E-Mail", "ﬁ №5 İ", "a\u{200D}b"] {
            let from_fold: Vec<String> =
                fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
            assert_eq!(words(text), from_fold.join(" "), "{text}");
        }
    }
}
