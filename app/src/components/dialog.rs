//! Native dialogs. Each has an address of its own, so it opens before and without scripts.

use leptos::prelude::*;

/// A question or a form in the middle of the page; buttons belong into a `div.dialog-foot` among the children.
#[component]
pub fn Dialog(
    /// Its name, a question where it asks.
    #[prop(into)]
    title: String,
    /// Id of its title, one of a kind on the page.
    #[prop(default = "dialog-title")]
    title_id: &'static str,
    /// 48rem instead of 32.
    #[prop(optional)]
    wide: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    let class = if wide { "dialog dialog-wide" } else { "dialog" };
    view! {
        <dialog class=class open=true aria-labelledby=title_id>
            <h2 id=title_id>{title}</h2>
            {children()}
        </dialog>
    }
}
