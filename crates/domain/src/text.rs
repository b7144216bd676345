//! Small rules for plain text: cleaning, cutting, initials (T-GEN-04). The NFC step belongs to `service`,
//! which knows Unicode tables; rich text is `service::sanitise`.

/// One line, for titles and names: without control characters and signs that turn the direction of text,
/// line breaks and tabs as spaces, trimmed.
#[must_use]
pub fn normalise_line(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() && !turns_direction(*c))
        .collect();
    clean.trim().to_owned()
}

/// Several lines: control characters other than tab and line feed are removed, the ends trimmed.
#[must_use]
pub fn normalise_text(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    clean.trim().to_owned()
}

const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Length as every limit counts it: Unicode scalar values, not bytes.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// The beginning of a text, at most `max` characters, cut between words; within the first word if that
/// alone is longer. No ellipsis is added.
#[must_use]
pub fn cut_at_word(text: &str, max: usize) -> &str {
    let text = text.trim();
    let Some((end, next)) = text.char_indices().nth(max) else {
        return text;
    };
    let head = text.get(..end).unwrap_or(text);
    if next.is_whitespace() {
        return head.trim_end();
    }
    match head.rsplit_once(char::is_whitespace) {
        Some((words, _)) => words.trim_end(),
        None => head,
    }
}

/// The beginning of a text as [`cut_at_word`] cuts it, with "…" where something is missing.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    let head = cut_at_word(text, max);
    let sign = if head.len() < text.trim().len() { "…" } else { "" };
    [head, sign].concat()
}

/// Two letters for an avatar: of the first and the last word of a name, in capitals; `?` without letters.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let Some(first) = letters.next() else {
        return "?".to_owned();
    };
    let last = letters.next_back();
    // One capital each: the capital of some letters is two (ß).
    [Some(first), last].into_iter().flatten().filter_map(|c| c.to_uppercase().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_04_a_title_is_one_clean_line() {
        let cases = [
            ("  VPN drops  ", "VPN drops"),
            ("VPN\ndrops\tagain", "VPN drops again"),
            ("VPN\r\ndrops", "VPN drops"),
            ("a\u{0}b\u{7f}c\u{85}d", "abcd"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("\u{2066}name\u{2069}", "name"),
            ("\u{a0}\u{2003}", ""),
        ];
        for (typed, expected) in cases {
            assert_eq!(normalise_line(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn t_gen_04_a_text_keeps_tabs_and_line_feeds() {
        assert_eq!(normalise_text(" a\r\n\tb\u{1b}[0m \n"), "a\n\tb[0m");
        assert_eq!(normalise_text("left \u{202A}right\u{202C}"), "left \u{202A}right\u{202C}");
        assert_eq!(normalise_text("\n \t"), "");
    }

    #[test]
    fn t_gen_04_length_counts_characters() {
        assert_eq!(length("ação"), 4);
        assert_eq!(length("😀"), 1);
    }

    #[test]
    fn section_4_a_title_made_from_the_description_is_cut_at_a_word() {
        let cases = [
            ("The VPN drops", 70, "The VPN drops"),
            ("The VPN drops", 13, "The VPN drops"),
            ("The VPN drops", 12, "The VPN"),
            ("The VPN drops", 7, "The VPN"),
            ("The VPN drops", 8, "The VPN"),
            ("Donaudampfschifffahrt", 5, "Donau"),
            ("ação rápida", 4, "ação"),
            ("ação rápida", 6, "ação"),
            ("", 5, ""),
            ("word", 0, ""),
        ];
        for (text, max, expected) in cases {
            assert_eq!(cut_at_word(text, max), expected, "{text} {max}");
        }
    }

    #[test]
    fn a_text_that_goes_on_says_so() {
        let cases =
            [(" The VPN drops ", 13, "The VPN drops"), ("The VPN drops", 8, "The VPN…"), ("ação rápida", 4, "ação…")];
        for (text, max, expected) in cases {
            assert_eq!(excerpt(text, max), expected, "{text} {max}");
        }
        assert_eq!(excerpt("", 5), "");
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        let cases = [
            ("Ana Souza", "AS"),
            ("ana maria de souza", "AS"),
            ("Émile Zola", "ÉZ"),
            ("Prince", "P"),
            ("(ext) Bob", "EB"),
            ("ßeta", "S"),
            ("", "?"),
            ("- -", "?"),
        ];
        for (name, expected) in cases {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
