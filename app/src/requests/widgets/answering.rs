//! "Does the solution work?" (P-ACT-01, 02): one form to say yes, and the question behind "Not solved", which asks what is
//! missing. The question is part of the page's address (`?ask=refuse`), so it works without scripts.

use domain::error::AppError;
use domain::lang::Lang;
use domain::solution::COMMENT_MAX;
use domain::views::RequestDetail;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::steps::may;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::field::TextAreaField;
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::kept::refused::{Refused, left};
use crate::message;
use crate::solutions::server_fns::AnswerSolution;
use crate::t::common;
use crate::t::requests as t;

/// The question, while the reader may answer it; that it is over, where the address still asks.
pub(crate) fn answering(
    lang: Lang,
    request: &RequestDetail,
    ask: &str,
    refusal: Signal<Option<AppError>>,
) -> Option<AnyView> {
    if !may(request, "approve") {
        // A refusal that finds the form gone is told here: somebody answered before.
        let told = refusal.get_untracked().map(|error| message::sentence(lang, &error));
        let told = told.or_else(|| (ask == "refuse").then(|| t::cannot_answer(lang).to_owned()));
        let typed = left(&Refused::of::<AnswerSolution>(), "form[text]");
        return told.map(|text| view! { <Banner tone=Tone::Warning text=text/>{typed} }.into_any());
    }
    let form = if ask == "refuse" { refuse(lang, request, refusal) } else { approve(lang, request, refusal) };
    let title = if ask == "refuse" { t::refuse_ask(lang) } else { t::answer_ask(lang) };
    Some(
        view! {
            <section class="card solution-answer" id="answer" aria-labelledby="answer-title">
                <h2 class="card-title" id="answer-title">{title}</h2>
                {form}
            </section>
        }
        .into_any(),
    )
}

fn approve(lang: Lang, request: &RequestDetail, refusal: Signal<Option<AppError>>) -> AnyView {
    // What was typed is in sight again.
    let is_open = !typed("approve").is_empty();
    let not_solved = format!("/requests/{}?ask=refuse#answer", request.number);
    view! {
        <form class="form" method="post" action=AnswerSolution::url()>
            <FormError error=refusal/>
            {hidden(request, "approve")}
            <details class="fold" open=is_open>
                <summary><Icon name="chevron-right"/>{t::add_comment(lang)}</summary>
                {text(lang, "comment", &typed("approve"), refusal)}
            </details>
            <div class="form-foot">
                <a class="btn" href=not_solved>{t::not_solved(lang)}</a>
                <SubmitButton icon="circle-check" large=true>{t::it_works(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

fn refuse(lang: Lang, request: &RequestDetail, refusal: Signal<Option<AppError>>) -> AnyView {
    let back = format!("/requests/{}", request.number);
    view! {
        <form class="form" method="post" action=AnswerSolution::url()>
            <FormError error=refusal/>
            <p>{t::refuse_text(lang)}</p>
            {hidden(request, "refuse")}
            {text(lang, "reason", &typed("refuse"), refusal)}
            <div class="form-foot">
                <a class="btn btn-ghost" href=back>{common::back(lang)}</a>
                <SubmitButton large=true>{t::not_solved(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// The form of the note has the same key; each answer needs its own.
fn hidden(request: &RequestDetail, answer: &'static str) -> AnyView {
    let key = [request.key.as_str(), "-", answer].concat();
    view! {
        <input r#type="hidden" name="form[ticket]" value=request.number.to_string()/>
        <input r#type="hidden" name="form[answer]" value=answer/>
        <input r#type="hidden" name="form[key]" value=key/>
    }
    .into_any()
}

/// The words of an answer that was refused just now.
fn typed(answer: &str) -> String {
    Refused::of::<AnswerSolution>().about("form[answer]", answer).or("form[text]", "")
}

/// The words that go with an answer; `typed` are those of a refused one, `field` is what the server calls them.
fn text(lang: Lang, field: &'static str, typed: &str, refusal: Signal<Option<AppError>>) -> AnyView {
    let wrong = Signal::derive(move || message::field_sentence(lang, &message::fields(refusal.get().as_ref()), field));
    let is_required = field == "reason";
    let (label, hint) = if is_required { (t::reason(lang), "") } else { (t::comment(lang), t::optional(lang)) };
    let longest = u32::try_from(COMMENT_MAX).unwrap_or(u32::MAX);
    view! {
        <TextAreaField name="form[text]" label=label text=typed hint=hint error=wrong required=is_required maxlength=longest rows=2/>
    }
    .into_any()
}
