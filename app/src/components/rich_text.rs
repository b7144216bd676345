//! The only place that shows markup of people.

use domain::html::SafeHtml;
use leptos::prelude::*;

use super::icon::Icon;
use crate::boot::use_lang;
use crate::t::common as t;

/// A text of more lines is folded to half of them.
const FOLD_FROM: usize = 24;
/// Bytes of a line: as many characters as fit, as nearly all of them are one byte.
const LINE: usize = 72;

/// Cleaned rich text. Takes nothing but what the sanitiser made.
#[component]
pub fn RichText(
    /// The text.
    html: SafeHtml,
    /// Classes of the frame.
    #[prop(default = "entry-body")]
    class: &'static str,
    /// It takes more room than an entry should (`is_long`): the style sheet folds it, also without scripts, and unfolds
    /// it by itself where something in it is looked for.
    #[prop(optional)]
    long: bool,
) -> impl IntoView {
    let fold = long.then(|| {
        let lang = use_lang();
        view! {
            <details class="entry-more">
                <summary>
                    <Icon name="chevron-down"/>
                    <span class="when-folded">{t::show_all(lang)}</span>
                    <span class="when-unfolded">{t::show_less(lang)}</span>
                </summary>
            </details>
        }
    });
    view! {
        <div class=class inner_html=html.as_str().to_owned()></div>
        {fold}
    }
}

/// Whether a text without markup has more lines than an entry shows at once.
#[must_use]
pub fn is_long(text: &str) -> bool {
    text.lines().map(|line| line.len() / LINE + 1).sum::<usize>() > FOLD_FROM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_long_from_25_lines_on_written_or_wrapped() {
        assert!(!is_long(""));
        assert!(!is_long(&"line\n".repeat(24)));
        assert!(is_long(&"line\n".repeat(25)));
        assert!(!is_long(&"word ".repeat(300)));
        assert!(is_long(&"word ".repeat(400)));
    }
}
