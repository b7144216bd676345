//! The only `<Title>` of the application.

use leptos::prelude::*;
use leptos_meta::Title;

#[cfg(feature = "ssr")]
use super::escape;

/// The title of the page, the same words as its `h1`.
///
/// The framework writes a title unescaped on the server (`leptos_meta` 0.8.7); the browser assigns plain text.
#[component]
pub fn PageTitle(
    /// The words, without the product's name.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let whole = move |text: String| [text.as_str(), " · Guichet"].concat();
    // The server writes the head when the page is done and its signals are gone.
    #[cfg(feature = "ssr")]
    let text = escape(&whole(text.get_untracked()));
    #[cfg(not(feature = "ssr"))]
    let text = move || whole(text.get());
    view! { <Title text=text/> }
}
