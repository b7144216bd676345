//! News of the page itself: short lines that leave by themselves, and the polite region screen readers follow.
//! Errors are never only here.

use std::time::Duration;

use leptos::prelude::*;

/// How long a line stays.
const STAY: Duration = Duration::from_secs(10);

/// The lines shown now; one for the whole application.
#[derive(Clone, Copy, Debug)]
pub struct Toasts(RwSignal<Vec<(u32, String)>>);

impl Toasts {
    /// Makes the stack and gives it to everything below.
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new())));
    }

    /// Says that something was done, for ten seconds.
    pub fn say(self, text: impl Into<String>) {
        let text = text.into();
        let id = self.0.with_untracked(|all| all.last().map_or(0, |(id, _)| id.wrapping_add(1)));
        self.0.update(|all| all.push((id, text)));
        set_timeout(move || self.0.update(|all| all.retain(|(other, _)| *other != id)), STAY);
    }
}

/// The stack of lines; nothing happens where none was provided.
#[must_use]
pub fn use_toasts() -> Option<Toasts> {
    use_context::<Toasts>()
}

/// The stack on the page, and the region for what others did (`#news`).
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let lines = move || {
        toasts
            .map(|toasts| toasts.0.get())
            .unwrap_or_default()
            .into_iter()
            .map(|(_, text)| view! { <div class="toast">{text}</div> })
            .collect_view()
    };
    view! {
        <div class="toasts" role="status" aria-live="polite">{lines}</div>
        <div class="vh" role="status" aria-live="polite" id="news"></div>
    }
}
