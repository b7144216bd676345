//! What happens next: the four steps of a request with the present one marked, and one sentence (P-DET-02).

use domain::format;
use domain::lang::Lang;
use domain::ticket::Status;
use domain::views::RequestDetail;
use leptos::prelude::*;

use crate::components::sign::portal_status_word;
use crate::t::requests as t;

/// Index of the present step.
const fn step_of(status: Status) -> usize {
    match status {
        Status::New => 0,
        Status::Assigned | Status::Planned | Status::Pending => 1,
        Status::Solved => 2,
        Status::Closed | Status::Cancelled => 3,
    }
}

/// The steps; a cancelled request ends in a word of its own.
pub(crate) fn steps(lang: Lang, request: &RequestDetail) -> AnyView {
    let last = if request.status == Status::Cancelled { Status::Cancelled } else { Status::Closed };
    let words = [
        t::step_received(lang),
        portal_status_word(lang, Status::Assigned),
        portal_status_word(lang, Status::Solved),
        portal_status_word(lang, last),
    ];
    let present = step_of(request.status);
    let items = words
        .into_iter()
        .enumerate()
        .map(|(index, word)| {
            if index == present {
                view! { <li aria-current="step">{word}</li> }.into_any()
            } else {
                view! { <li>{word}</li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2 class="card-title">{t::next_title(lang)}</h2>
            <ol class="steps">{items}</ol>
            <p class="steps-say">{sentence(lang, request)}</p>
        </section>
    }
    .into_any()
}

/// What the requester may expect, or is expected to do.
fn sentence(lang: Lang, request: &RequestDetail) -> String {
    let fixed = match request.status {
        Status::New => t::say_new(lang),
        Status::Assigned | Status::Planned => {
            match request.assignees.first().filter(|person| !person.name.is_empty()) {
                Some(person) => return t::say_in_progress_by(lang, &person.name),
                None => t::say_in_progress(lang),
            }
        }
        Status::Pending => match request.pending_label.as_deref().filter(|label| !label.is_empty()) {
            Some(label) => return t::say_pending(lang, label),
            None => t::say_pending_plain(lang),
        },
        Status::Solved if request.answer_awaited => t::say_awaited(lang),
        Status::Solved => match &request.close_due_at {
            Some(at) => return t::say_solved_until(lang, &format::date(at, lang)),
            None => t::say_solved(lang),
        },
        Status::Closed if may(request, "reopen") => t::say_closed_reopen(lang),
        Status::Closed => t::say_closed(lang),
        Status::Cancelled => t::say_cancelled(lang),
    };
    fixed.to_owned()
}

/// Whether the reader may do something now.
pub(crate) fn may(request: &RequestDetail, action: &str) -> bool {
    request.actions.iter().any(|one| one == action)
}
