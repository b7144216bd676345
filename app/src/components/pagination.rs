//! The ends of a list that is read by cursor.

use leptos::prelude::*;

use super::icon::Icon;
use crate::boot::use_lang;
use crate::t::common as t;

/// Links to the first and the next page of a list, whose addresses hold its whole state. A list that fits on one page
/// needs neither; of such a one only the number of rows is said.
#[component]
pub fn Pagination(
    /// Address of the first page; `None` while it is shown.
    #[prop(optional_no_strip)]
    first: Option<String>,
    /// Address of the next page; `None` on the last.
    #[prop(optional_no_strip)]
    next: Option<String>,
    /// How many rows there are, in words.
    #[prop(optional, into)]
    count: String,
) -> impl IntoView {
    let lang = use_lang();
    let fits = first.is_none() && next.is_none();
    if fits && count.is_empty() {
        return ().into_any();
    }
    let first = match first {
        Some(href) => view! { <a class="btn btn-sm" href=href><Icon name="chevron-left"/>{t::first_page(lang)}</a> }.into_any(),
        None => view! {
            <a class="btn btn-sm" aria-disabled="true" title=t::this_is_the_first_page(lang)><Icon name="chevron-left"/>{t::first_page(lang)}</a>
        }
        .into_any(),
    };
    let next = match next {
        Some(href) => view! { <a class="btn btn-sm" href=href rel="next">{t::next_page(lang)}<Icon name="chevron-right"/></a> }.into_any(),
        None => view! {
            <a class="btn btn-sm" aria-disabled="true" title=t::this_is_the_last_page(lang)>{t::next_page(lang)}<Icon name="chevron-right"/></a>
        }
        .into_any(),
    };
    let steps = (!fits).then(|| view! { <span class="btn-group">{first}{next}</span> });
    view! {
        <nav class="paging" aria-label=t::pages(lang)>
            <span>{count}</span>
            {steps}
        </nav>
    }
    .into_any()
}
