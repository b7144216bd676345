//! A line across the page that says something about all of it.

use leptos::prelude::*;

use super::icon::Icon;

/// What a banner is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    #[default]
    Info,
    /// Something was done.
    Done,
    /// Something needs care.
    Warning,
    /// Something failed; spoken at once.
    Error,
}

/// A banner; actions follow the words as links or buttons.
#[component]
pub fn Banner(
    /// What it is about.
    #[prop(optional)]
    tone: Tone,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// Links or buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (data, icon, role) = match tone {
        Tone::Info => ("info", "info", "status"),
        Tone::Done => ("done", "circle-check", "status"),
        Tone::Warning => ("warning", "triangle-alert", "status"),
        Tone::Error => ("error", "circle-alert", "alert"),
    };
    view! {
        <div class="banner" data-tone=data role=role>
            <Icon name=icon/>
            <span>{text}</span>
            {children.map(|children| children())}
        </div>
    }
}
