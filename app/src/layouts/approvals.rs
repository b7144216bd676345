//! The number beside "To validate" (T-VAL-06, P-APR-01).

use domain::lang::Lang;
use leptos::prelude::*;

use crate::t::shell as t;

/// Most that is counted; more is shown as so many and more.
const MOST: u32 = 99;

/// A number to see, a sentence to hear; none while nothing waits.
pub(crate) fn approvals_count(lang: Lang, waiting: u32) -> Option<AnyView> {
    (waiting > 0).then(|| {
        let shown = if waiting > MOST { format!("{MOST}+") } else { waiting.to_string() };
        let words = t::approvals_count(lang, i64::from(waiting.min(MOST)));
        let title = words.clone();
        view! {
            " "
            <span class="count count-new" title=title>
                <span aria-hidden="true">{shown}</span>
                <span class="vh">{words}</span>
            </span>
        }
        .into_any()
    })
}
