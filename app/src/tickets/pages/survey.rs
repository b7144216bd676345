//! What the requesters of a ticket said after its closings, for its agents (T-SRV-02).

use domain::lang::Lang;
use domain::survey::SurveyState;
use domain::views::{SurveyView, TicketSurveys};
use leptos::prelude::*;

use crate::boot::use_lang;
use crate::components::empty::EmptyState;
use crate::layouts::answer::{Loading, refused};
use crate::surveys::form::{score_words, when};
use crate::surveys::server_fns::surveys_of_ticket;
use crate::t::survey as t;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

/// Page `/tickets/:number/survey`.
#[component]
pub fn TicketSurveyPage() -> impl IntoView {
    let number = use_number();
    let data = Resource::new_blocking(move || number.get(), surveys_of_ticket);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Surveys page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Surveys(page: TicketSurveys) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let content = if page.surveys.is_empty() {
        view! { <EmptyState icon="message-square" title=t::none(lang) text=t::none_hint(lang)/> }.into_any()
    } else {
        page.surveys.iter().map(|survey| card(lang, number, survey)).collect_view().into_any()
    };
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=t::survey(lang)
            part="survey"
            width="page-narrow"
        >
            <div class="stack">{content}</div>
        </PartPage>
    }
}

fn card(lang: Lang, number: i64, survey: &SurveyView) -> AnyView {
    let fact = |name: &'static str, value: String| view! { <dt>{name}</dt><dd>{value}</dd> };
    let score = survey.score.map(|score| fact(t::score(lang), score_words(lang, score)));
    let by = survey.answered_by.as_ref().map(|actor| fact(t::answered_by(lang), words::name(lang, actor)));
    let at = survey.answered_at.as_ref().map(|at| fact(t::answered_at(lang), when(lang, at)));
    let is_open = survey.state == SurveyState::Open;
    let until = is_open.then(|| fact(t::open_until(lang), when(lang, &survey.expires_at)));
    let comment = (!survey.comment.is_empty()).then(|| {
        view! { <blockquote class="survey-comment">{survey.comment.clone()}</blockquote> }
    });
    // Who asked for it himself answers on the side of the requesters.
    let mine = (survey.off.is_none() && survey.is_mine).then(|| {
        view! { <p><a class="link" href=format!("/requests/{number}/survey")>{t::change(lang)}</a></p> }
    });
    view! {
        <section class="card">
            <h2 class="card-title">{t::after_closing(lang, &when(lang, &survey.sent_at))}</h2>
            <p class="muted small">{state(lang, survey.state)}</p>
            <dl class="props">{score}{by}{at}{until}</dl>
            {comment}
            {mine}
        </section>
    }
    .into_any()
}

fn state(lang: Lang, state: SurveyState) -> &'static str {
    match state {
        SurveyState::Open => t::state_open(lang),
        SurveyState::Answered => t::state_answered(lang),
        SurveyState::Withdrawn => t::state_withdrawn(lang),
        SurveyState::Superseded => t::state_superseded(lang),
    }
}
