//! The only place that shows markup of people.

use domain::html::SafeHtml;
use leptos::prelude::*;

/// Cleaned rich text. Takes nothing but what the sanitiser made.
#[component]
pub fn RichText(
    /// The text.
    html: SafeHtml,
    /// Classes of the frame.
    #[prop(default = "entry-body")]
    class: &'static str,
) -> impl IntoView {
    view! { <div class=class inner_html=html.as_str().to_owned()></div> }
}
