//! States of requests and answers in the reader's language, with their icons.

use domain::lang::Lang;
use domain::validation::{Answer, State};
use domain::views::ValidationView;
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::t::validations as t;

/// Word, icon and sign of a state.
const fn sign(state: State) -> (&'static str, &'static str) {
    match state {
        State::Waiting => ("hourglass", "pending"),
        State::Granted => ("check", "solved"),
        State::Refused => ("circle-x", "urgent"),
    }
}

/// The word of a state.
pub(crate) fn state(lang: Lang, state: State) -> &'static str {
    match state {
        State::Waiting => t::waiting(lang),
        State::Granted => t::granted(lang),
        State::Refused => t::refused(lang),
    }
}

/// A state as icon and word.
pub(crate) fn state_sign(lang: Lang, one: State) -> AnyView {
    let (icon, tone) = sign(one);
    view! { <span class="validation-state" data-tone=tone><Icon name=icon/>{state(lang, one)}</span> }.into_any()
}

/// The state of a request, which may be withdrawn or asked again.
pub(crate) fn request_sign(lang: Lang, request: &ValidationView) -> AnyView {
    let word = if request.withdrawn_at.is_some() {
        t::withdrawn(lang)
    } else if request.replaced {
        t::replaced(lang)
    } else {
        return state_sign(lang, request.state);
    };
    view! { <span class="validation-state" data-tone="closed"><Icon name="undo-2"/>{word}</span> }.into_any()
}

/// An answer as icon and word.
pub(crate) fn answer_sign(lang: Lang, answer: Answer) -> AnyView {
    state_sign(
        lang,
        match answer {
            Answer::Granted => State::Granted,
            Answer::Refused => State::Refused,
        },
    )
}
