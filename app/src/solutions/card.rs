//! A solution as an entry of the timeline, for both sides: what solved it, and what became of it.

use domain::format;
use domain::lang::Lang;
use domain::solution::SolutionState;
use domain::views::{ActorKind, Moment, SolutionView};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::rich_text::{RichText, is_long};
use crate::components::when::Time;
use crate::t::solutions as t;

/// What the two sides show differently.
pub(crate) struct Parts {
    /// The author as the reader calls him.
    pub(crate) author: String,
    /// A deep link names it.
    pub(crate) ring: Option<&'static str>,
    /// The ticket is over: nobody answers any more.
    pub(crate) over: bool,
    /// Its files.
    pub(crate) files: Option<AnyView>,
    /// What stands below it besides.
    pub(crate) foot: AnyView,
}

/// The card.
pub(crate) fn card(lang: Lang, entry: &SolutionView, now: &Moment, parts: Parts) -> AnyView {
    let anchor = ["solution-", &entry.id.to_string()].concat();
    let heading = ["h-", &anchor].concat();
    let labelled_by = heading.clone();
    let here = ["#", &anchor].concat();
    let kind = entry
        .kind
        .as_ref()
        .map_or_else(|| t::solution(lang).to_owned(), |kind| [t::solution(lang), " · ", kind.name.as_str()].concat());
    let comment =
        (!entry.comment.is_empty()).then(|| view! { <p class="solution-comment">{entry.comment.clone()}</p> });
    let state = entry.state.as_str();
    view! {
        <li>
            <article class="entry entry-solution" id=anchor tabindex="-1" aria-labelledby=labelled_by data-state=state data-ring=parts.ring>
                <header class="entry-head" id=heading>
                    <Icon name="lightbulb" small=true/>
                    <span class="entry-author">{parts.author}</span>
                    <span class="entry-kind">{kind}</span>
                    <a class="entry-time" href=here><Time moment=entry.registered_at.clone() now=Some(now.clone())/></a>
                </header>
                <RichText html=entry.body.clone() long=is_long(&entry.body_text)/>
                {parts.files}
                <p class="solution-state"><Icon name=icon(entry.state) small=true/>{answered(lang, entry, now, parts.over)}</p>
                {comment}
                <footer class="entry-foot">{parts.foot}</footer>
            </article>
        </li>
    }
    .into_any()
}

const fn icon(state: SolutionState) -> &'static str {
    match state {
        SolutionState::Waiting => "hourglass",
        SolutionState::Accepted => "circle-check",
        SolutionState::Refused => "circle-x",
    }
}

/// "Approved by Ana, 12 Mar 14:02".
fn answered(lang: Lang, entry: &SolutionView, now: &Moment, over: bool) -> String {
    let waits = if over { t::unanswered(lang) } else { t::waiting(lang) };
    let (Some(by), Some(at)) = (&entry.answered_by, &entry.answered_at) else { return waits.to_owned() };
    let at = format::smart(at, now, lang);
    match (entry.state, by.kind) {
        (SolutionState::Waiting, _) => waits.to_owned(),
        (SolutionState::Accepted, ActorKind::System) => t::accepted_automatically(lang, &at),
        (SolutionState::Accepted, _) => t::approved_by(lang, &by.name, &at),
        (SolutionState::Refused, ActorKind::System) => t::refused_at(lang, &at),
        (SolutionState::Refused, _) => t::refused_by(lang, &by.name, &at),
    }
}
