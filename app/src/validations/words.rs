//! States of requests and answers in the reader's language, with their icons.

use domain::lang::Lang;
use domain::validation::{Answer, State};
use domain::views::ValidationView;
use leptos::prelude::*;

use super::card::progress;
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

/// The word of an answer.
fn answer(lang: Lang, answer: Answer) -> &'static str {
    state(lang, state_like(answer))
}

/// The state that looks like an answer.
const fn state_like(answer: Answer) -> State {
    match answer {
        Answer::Granted => State::Granted,
        Answer::Refused => State::Refused,
    }
}

/// Puts words into the requests and answers of a timeline, in the language of its reader: what each is; of a request where it
/// stands, whom it asks and how far it is; of an answer what it says, and for which group.
pub(crate) fn put_words(timeline: &mut domain::views::Timeline, lang: Lang) {
    for entry in &mut timeline.entries {
        let domain::views::Entry::Validation(entry) = entry else { continue };
        let Some(request) = &entry.whole else { continue };
        let (title, parts) = match &entry.answer {
            Some(one) => {
                let said = one.answer.map(|said| answer(lang, said)).unwrap_or_default().to_owned();
                let group = (one.target.name != entry.author.name).then(|| one.target.name.clone());
                (t::entry_answer(lang), [Some(said), group, None])
            }
            None => {
                let asked: Vec<&str> = request.targets.iter().map(|one| one.target.name.as_str()).collect();
                let parts = [request_word(lang, request).to_owned(), asked.join(", "), progress(lang, request)];
                (t::entry_request(lang), parts.map(Some))
            }
        };
        title.clone_into(&mut entry.title);
        entry.line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    }
}

/// The word of a request, which may be withdrawn or asked again.
fn request_word(lang: Lang, request: &ValidationView) -> &'static str {
    if request.withdrawn_at.is_some() {
        t::withdrawn(lang)
    } else if request.replaced {
        t::replaced(lang)
    } else {
        state(lang, request.state)
    }
}

/// A state as icon and word.
pub(crate) fn state_sign(lang: Lang, one: State) -> AnyView {
    let (icon, tone) = sign(one);
    view! { <span class="validation-state" data-tone=tone><Icon name=icon/>{state(lang, one)}</span> }.into_any()
}

/// The state of a request, which may be withdrawn or asked again.
pub(crate) fn request_sign(lang: Lang, request: &ValidationView) -> AnyView {
    if request.counts() {
        return state_sign(lang, request.state);
    }
    let word = request_word(lang, request);
    view! { <span class="validation-state" data-tone="closed"><Icon name="undo-2"/>{word}</span> }.into_any()
}

/// An answer as icon and word.
pub(crate) fn answer_sign(lang: Lang, answer: Answer) -> AnyView {
    state_sign(lang, state_like(answer))
}
