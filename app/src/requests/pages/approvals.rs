//! "To validate": what the reader is asked for, whichever side of the desk he works on (T-VAL-06, P-APR-01).

use domain::lang::Lang;
use domain::validation::Answer;
use domain::views::{ApprovalRow, ApprovalsView, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::sign::StatusBadge;
use crate::components::when::Time;
use crate::error::Refusal;
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::t::validations as t;
use crate::validations::server_fns::approval_list;
use crate::validations::words;

const PATH: &str = "/approvals";

/// Page `/approvals`.
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let cursor = Memo::new(move |_| params.with(|params| params.get("cursor").unwrap_or_default()));
    let found = Resource::new_blocking(
        move || cursor.get(),
        |cursor| async move {
            let answer = approval_list(cursor.clone()).await;
            (cursor, answer)
        },
    );
    view! {
        <PageTitle text=t::approvals(lang)/>
        <OwnLayout>
            <div class="page page-mid">
                <div class="page-head"><h1>{t::approvals(lang)}</h1></div>
                <Transition>
                    {move || Suspend::new(async move {
                        let (cursor, answer) = found.await;
                        content(lang, &cursor, answer)
                    })}
                </Transition>
            </div>
        </OwnLayout>
    }
    .into_any()
}

fn content(lang: Lang, cursor: &str, answer: Result<ApprovalsView, Refusal>) -> AnyView {
    let page = match answer {
        Ok(page) => page,
        Err(Refusal(error)) => {
            return view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any();
        }
    };
    if page.rows.is_empty() {
        return view! {
            <EmptyState icon="badge-check" title=t::approvals_none(lang) text=t::approvals_none_text(lang)/>
        }
        .into_any();
    }
    let waiting = (page.waiting > 0).then(|| {
        view! { <p class="small muted">{t::approvals_count(lang, i64::from(page.waiting))}</p> }
    });
    let rows = page.rows.iter().map(|one| view! { <li>{row(lang, one, &page.now)}</li> }).collect_view();
    let first = (!cursor.is_empty()).then(|| PATH.to_owned());
    let next = page.next_cursor.as_ref().map(|cursor| [PATH, "?cursor=", &Url::escape(cursor)].concat());
    view! {
        {waiting}
        <ul class="request-list">{rows}</ul>
        <Pagination first=first next=next/>
    }
    .into_any()
}

/// The whole row is the link.
fn row(lang: Lang, row: &ApprovalRow, now: &Moment) -> AnyView {
    let href = format!("{PATH}/{}", row.id);
    let said = if row.waiting {
        view! { <span class="count count-new">{t::waits_for_you(lang)}</span> }.into_any()
    } else {
        match row.answer {
            Some(Answer::Granted) => t::you_granted(lang).into_any(),
            Some(Answer::Refused) => t::you_refused(lang).into_any(),
            None => ().into_any(),
        }
    };
    view! {
        <article class="request-row" data-unread=row.waiting.then_some("")>
            <a class="request-title" href=href>{row.title.clone()}</a>
            <span class="request-meta">{words::state_sign(lang, row.state)}</span>
            <span class="request-meta request-end">{format!("#{}", row.ticket)}</span>
            <div class="request-foot">
                <span class="request-meta approval-said"><span>{said}</span><span>{t::asked_by(lang, &row.asker.name)}</span></span>
                <span class="request-meta"><StatusBadge status=row.status portal=true/></span>
                <span class="request-meta request-end"><Time moment=row.asked_at.clone() now=Some(now.clone())/></span>
            </div>
        </article>
    }
    .into_any()
}
