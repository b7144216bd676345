//! Plain text as markup, its web addresses as links: one rule for mails and pages.

/// Plain words as markup, with a link for every http(s) address in them.
pub(crate) fn linked(text: &str) -> String {
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
pub(crate) fn escaped(text: &str) -> String {
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
