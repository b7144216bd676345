//! The long text of a draft, as its form begins with it.

use domain::views::DraftView;

/// The text of a draft, and its markup where it was written in the editor.
pub(crate) fn begun(draft: Option<&DraftView>, field: &str) -> (String, String) {
    let Some(draft) = draft else { return (String::new(), String::new()) };
    let body = draft.text(field);
    if draft.text("format") == "html" { (plain(&body), body) } else { (body, String::new()) }
}

/// Markup as plain text, for the area that is there before and without scripts.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (index, piece) in html.split('<').enumerate() {
        // Before the first `<` there is no tag.
        let (tag, words) = if index == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
        if matches!(tag.trim_end_matches(['/', ' ']), "br" | "/p" | "/li" | "/h3" | "/h4" | "/blockquote" | "/pre") {
            text.push('\n');
        }
        text.push_str(words);
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_gen_05_a_draft_of_the_editor_reads_as_plain_text_without_scripts() {
        let cases = [
            ("", ""),
            ("<p>One</p><p>Two &amp; &lt;b&gt;</p>", "One\nTwo & <b>"),
            ("no markup", "no markup"),
            ("a<br/>b", "a\nb"),
            ("<p>cut <b", "cut"),
        ];
        for (html, text) in cases {
            assert_eq!(plain(html), text, "{html}");
        }
    }
}
