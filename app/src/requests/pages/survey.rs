//! The survey of a request: the form while it can be answered or changed, else what became of it (P-ACT-06).

use domain::error::Code;
use domain::lang::Lang;
use domain::survey::SurveyState;
use domain::views::SurveyView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::{Refused, left};
use crate::layouts::portal::PortalLayout;
use crate::requests::widgets::frame::{part_head, refused, use_number};
use crate::surveys::form::{Address, Asked, form, score_words, when};
use crate::surveys::server_fns::{AnswerSurvey, request_survey};
use crate::t::survey as t;

/// The page `/requests/{number}/survey`.
#[component]
pub fn RequestSurveyPage() -> impl IntoView {
    let lang = use_lang();
    let (number, query) = (use_number(), use_query_map());
    let address = Memo::new(move |_| query.with(Address::read));
    let found = Resource::new_blocking(move || number.get(), request_survey);
    view! {
        <PortalLayout>
            <Transition>
                {move || {
                    let address = address.get();
                    Suspend::new(async move {
                        match found.await {
                            Ok(view) => content(lang, view, &address),
                            Err(refusal) => refused(lang, &refusal),
                        }
                    })
                }}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

fn content(lang: Lang, view: SurveyView, address: &Address) -> AnyView {
    let head = part_head(lang, view.number, &view.title, t::title(lang).to_owned(), t::title(lang));
    let body = match view.off {
        Some(code) => over(lang, &view, code),
        None => open(lang, view, address),
    };
    view! {
        {head}
        {body}
    }
    .into_any()
}

fn open(lang: Lang, view: SurveyView, address: &Address) -> AnyView {
    let thanks = view.changes_until.as_ref().map(|until| {
        let tone = if address.done { Tone::Done } else { Tone::Info };
        view! { <Banner tone=tone text=t::changes_until(lang, &when(lang, until))/> }
    });
    let asked = Asked {
        action: AnswerSurvey::url().to_owned(),
        hidden: ("form[ticket]", view.number.to_string()),
        score: address.score.or(view.score),
        comment: view.comment,
        refusal: refusal_of(form_action::<AnswerSurvey>()).into(),
    };
    view! { {thanks}<section class="card">{form(lang, asked)}</section> }.into_any()
}

fn over(lang: Lang, view: &SurveyView, code: Code) -> AnyView {
    let answered = view.answered_at.as_ref().map(|at| when(lang, at)).unwrap_or_default();
    let words = match (code, view.state) {
        (Code::SurveyExpired, _) => t::expired(lang).to_owned(),
        (_, SurveyState::Withdrawn | SurveyState::Superseded) => t::reopened(lang).to_owned(),
        _ if view.is_mine => t::thanks(lang, &answered),
        _ => t::answered_already(lang, &answered),
    };
    let mine = view.score.map(|score| {
        view! {
            <section class="card">
                <p><b>{score_words(lang, score)}</b></p>
                {(!view.comment.is_empty()).then(|| view! { <p class="survey-comment">{view.comment.clone()}</p> })}
            </section>
        }
    });
    let typed = left(&Refused::of::<AnswerSurvey>(), "form[comment]");
    view! { <Banner text=words/>{typed}{mine} }.into_any()
}
