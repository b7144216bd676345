//! The only `<Title>` of the application.

use leptos::prelude::*;
use leptos_meta::Title;

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
    let text = move || {
        let whole = [text.get().as_str(), " · Guichet"].concat();
        if cfg!(feature = "ssr") { escape(&whole) } else { whole }
    };
    view! { <Title text=text/> }
}
