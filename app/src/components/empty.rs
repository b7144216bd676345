//! Nothing to show: one sentence, one way on.

use leptos::prelude::*;

use super::icon::Icon;
use super::text_area::filled;

/// What stands where nothing is.
#[component]
pub fn EmptyState(
    /// Icon above the words.
    #[prop(default = "inbox")]
    icon: &'static str,
    /// What is not there.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(optional, into)]
    text: String,
    /// The title is the `h1` of the page.
    #[prop(optional)]
    page: bool,
    /// One button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let title = if page { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() };
    view! {
        <div class="empty">
            <Icon name=icon/>
            {title}
            {filled(text).map(|text| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
