//! Icons of the sprite, and the mark of the product.

use leptos::prelude::*;

use crate::boot::use_boot;

/// An icon of the sprite (names: `style/icons.txt`). Says nothing by itself: a word or `aria-label` stands beside it.
#[component]
pub fn Icon(
    /// Name in the sprite.
    name: &'static str,
    /// 14 px instead of 16.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let href = [use_boot().asset("icons.svg").as_str(), "#", name].concat();
    let class = if small { "icon icon-sm" } else { "icon" };
    view! { <svg class=class aria-hidden="true"><use href=href></use></svg> }
}

/// The mark of the product: a counter window.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
            <path fill="currentColor" fill-rule="evenodd" d="M4 1h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3Zm2.5 3.5a1 1 0 0 0-1 1V10h9V5.500a1 1 0 0 0-1-1h-7Zm-1 8.250a1 1 0 1 0 0 2h9a1 1 0 1 0 0-2h-9Z"></path>
        </svg>
    }
}
