//! Around the pages before signing in.

use leptos::prelude::*;

use crate::account::preferences::PreferenceLine;
use crate::boot::use_boot;
use crate::components::icon::Mark;

/// A card in the middle, languages and themes below.
#[component]
pub fn AuthLayout(
    /// The `h1`.
    #[prop(into)]
    title: String,
    /// No languages and themes below: choosing one would load the page anew, without what it carries.
    #[prop(optional)]
    alone: bool,
    /// The content of the card.
    children: Children,
) -> impl IntoView {
    let organisation = use_boot().organisation.clone();
    let brand =
        if organisation.is_empty() { "Guichet".to_owned() } else { ["Guichet · ", organisation.as_str()].concat() };
    view! {
        <main class="auth" id="main" tabindex="-1">
            <div class="auth-card">
                <div class="auth-brand"><Mark/><span>{brand}</span></div>
                <h1>{title}</h1>
                {children()}
            </div>
            {(!alone).then(|| view! { <PreferenceLine/> })}
        </main>
    }
}
