//! One request for validation for who is asked: the request, the answer, and of the ticket what its requesters would see
//! (T-VAL-06, T-VAL-07).

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::views::{ApprovalView, Timeline};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::location::Url;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::rich_text::{RichText, is_long};
use crate::components::sign::StatusBadge;
use crate::error::Refusal;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::not_found::NotFoundPage;
use crate::requests::widgets::conversation;
use crate::t::requests;
use crate::t::validations as t;
use crate::validations::card::{self, Answering};
use crate::validations::server_fns::{AnswerValidation, approval_page};

/// Page `/approvals/:id`.
#[component]
pub fn ApprovalPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let done = Memo::new(move |_| query.with(|query| query.get_str("done") == Some("answered")));
    let refusal = refusal_of(form_action::<AnswerValidation>());
    let data = Resource::new_blocking(move || (id.get(), cursor.get()), |(id, cursor)| approval_page(id, cursor));
    view! {
        <Transition>
            {move || data.get().map(|answer| match answer {
                Ok(page) => approval(&page, done.get_untracked(), refusal),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
    .into_any()
}

fn refused(refusal: &Refusal) -> AnyView {
    if refusal.0 == AppError::NotFound {
        return view! { <NotFoundPage/> }.into_any();
    }
    let lang = use_lang();
    let words = message::sentence(lang, &refusal.0);
    view! {
        <PageTitle text=t::approvals(lang)/>
        <OwnLayout>
            <div class="page page-mid">
                <div class="page-head"><h1>{t::approvals(lang)}</h1></div>
                <Banner tone=Tone::Error text=words/>
            </div>
        </OwnLayout>
    }
    .into_any()
}

fn approval(page: &ApprovalView, is_done: bool, refusal: Memo<Option<AppError>>) -> AnyView {
    let lang = use_lang();
    let may_answer = page.request.may("answer");
    let told = (is_done && !may_answer).then(|| view! { <Banner tone=Tone::Done text=t::answered_done(lang)/> });
    // Where the form is gone, the page says why the last answer was refused.
    let wrong = refusal.get_untracked().filter(|_| !may_answer);
    let wrong = wrong.map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    let answer = if may_answer {
        let answering = Answering {
            id: page.request.id.to_string(),
            key: &page.key,
            draft: page.draft.as_ref(),
            upload_max: page.upload_max,
            forbidden: &page.forbidden_extensions,
            refusal,
        };
        card::answer_form(lang, &answering)
    } else {
        card::no_more(lang)
    };
    let back = t::approvals(lang);
    let title = t::number_title(lang, &page.number.to_string(), &page.title);
    let asked = card::card(lang, &page.request, &page.now, None);
    let ticket = (about(lang, page), entries(lang, page));
    view! {
        <PageTitle text=t::approval_of(lang, &page.title)/>
        <OwnLayout>
            <div class="page page-mid">
                <p class="small">
                    <a class="back-link quiet-link muted" href="/approvals"><Icon name="arrow-left"/>{back}</a>
                </p>
                <div class="page-head"><h1>{title}</h1></div>
                {told}
                {wrong}
                <h2 class="card-title">{t::what_is_asked(lang)}</h2>
                {asked}
                {answer}
                {ticket}
            </div>
        </OwnLayout>
    }
    .into_any()
}

/// The ticket as its requesters see it.
fn about(lang: Lang, page: &ApprovalView) -> AnyView {
    let names =
        |names: &[String], words: fn(Lang, &str) -> String| (!names.is_empty()).then(|| words(lang, &names.join(", ")));
    let opened = t::opened(lang, &format::smart(&page.opened_at, &page.now, lang));
    let facts = [names(&page.requesters, t::requesters), names(&page.assignees, t::assignees), Some(opened)];
    let facts = facts.into_iter().flatten().map(|fact| view! { <span>{fact}</span> }).collect_view();
    let files = (!page.description_files.is_empty()).then(|| conversation::file_list(lang, &page.description_files));
    let link = page.agent.then(|| {
        let href = format!("/tickets/{}", page.number);
        view! { <p><a class="link" href=href>{t::open_ticket(lang)}</a></p> }
    });
    view! {
        <section class="card" aria-labelledby="about">
            <h2 class="card-title" id="about">{t::about(lang)}</h2>
            <p class="request-facts"><StatusBadge status=page.status portal=true pill=true/>{facts}</p>
            <RichText html=page.description.clone() long=is_long(&page.description_text)/>
            {files}
            {link}
        </section>
    }
    .into_any()
}

fn entries(lang: Lang, page: &ApprovalView) -> Option<AnyView> {
    let timeline: &Timeline = &page.timeline;
    if timeline.entries.is_empty() && timeline.previous_cursor.is_none() {
        return None;
    }
    let rows = timeline
        .entries
        .iter()
        .map(|entry| conversation::entry_view(lang, entry, &page.now, page.status.is_over()))
        .collect_view();
    let link = |cursor: &Option<String>, word: &'static str| {
        cursor.as_ref().map(|cursor| {
            let href = format!("/approvals/{}?cursor={}", page.request.id, Url::escape(cursor));
            view! { <p><a class="btn btn-sm" href=href>{word}</a></p> }
        })
    };
    let (first, second) = if timeline.order == "desc" {
        (requests::later(lang), requests::earlier(lang))
    } else {
        (requests::earlier(lang), requests::later(lang))
    };
    Some(
        view! {
            <section aria-labelledby="entries">
                <h2 class="card-title" id="entries">{t::entries(lang)}</h2>
                {link(&timeline.previous_cursor, first)}
                <ol class="timeline" aria-label=t::entries(lang)>{rows}</ol>
                {link(&timeline.next_cursor, second)}
            </section>
        }
        .into_any(),
    )
}
