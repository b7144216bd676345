//! What the pages of articles have in common: rows, signs, the bar of what was done, answers that are none.

use domain::error::AppError;
use domain::format::smart;
use domain::knowledge::{ArticleStatus, Audience};
use domain::lang::Lang;
use domain::views::{ArticleRow, Moment, Snippet};
use leptos::prelude::*;

use crate::account::preferences::own_name;
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::error::Refusal;
use crate::knowledge::{address, words};
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::not_found::NotFoundPage;
use crate::t::knowledge as t;

/// The page for an answer that is none, in the shell of the reader's side.
pub(super) fn refused(lang: Lang, refusal: &Refusal) -> AnyView {
    if refusal.0 == AppError::NotFound {
        return view! { <NotFoundPage/> }.into_any();
    }
    let words = message::sentence(lang, &refusal.0);
    view! {
        <PageTitle text=t::title(lang)/>
        <OwnLayout>
            <div class="page"><EmptyState icon="circle-alert" title=t::title(lang) text=words page=true/></div>
        </OwnLayout>
    }
    .into_any()
}

/// What the last post did, as a line above the page.
pub(super) fn done(lang: Lang, what: &str) -> Option<AnyView> {
    words::done(lang, what).map(|text| view! { <Banner tone=Tone::Done text=text/> }.into_any())
}

/// Why the last post was refused.
pub(super) fn told(lang: Lang, error: Option<AppError>) -> Option<AnyView> {
    error.map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any())
}

/// A stretch of a text with its hits marked.
pub(crate) fn snippet(parts: &[Snippet]) -> AnyView {
    parts
        .iter()
        .map(|part| {
            let text = part.text.clone();
            if part.hit { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
        })
        .collect::<Vec<_>>()
        .into_any()
}

/// Status and audience, each with icon and word; published ones say for whom only. Nothing for readers who are no agents.
pub(super) fn signs(lang: Lang, row: &ArticleRow) -> AnyView {
    let status = (row.status != ArticleStatus::Published).then(|| {
        let icon = if row.status == ArticleStatus::Draft { "pencil" } else { "archive" };
        view! {
            <span class="article-state" data-status=row.status.as_str()><Icon name=icon small=true/>{words::status(lang, row.status)}</span>
        }
    });
    let audience = row.audience.map(|audience| match audience {
        Audience::Agents => {
            view! { <span class="private-mark"><Icon name="lock"/>{words::audience(lang, audience)}</span> }.into_any()
        }
        Audience::Public => {
            view! { <span class="public-mark"><Icon name="eye"/>{words::audience(lang, audience)}</span> }.into_any()
        }
    });
    let review = row.is_review_due.then(|| {
        view! { <span class="article-state" data-status="review"><Icon name="calendar-clock" small=true/>{t::review_due(lang)}</span> }
    });
    view! { {audience}{status}{review} }.into_any()
}

/// An article as a row: title, signs, what it says, category, language and last change.
pub(crate) fn row(lang: Lang, row: &ArticleRow, now: &Moment, action: Option<AnyView>) -> AnyView {
    let category = row.category.as_ref().map(|category| view! { <span>{category.name.clone()}</span> });
    let code = row.language.code();
    // Which language it is in is told where it is not the reader's.
    let language = (row.language != lang).then(|| view! { <span lang=code>{own_name(row.language)}</span> });
    let updated = t::updated(lang, &smart(&row.updated_at, now, lang));
    view! {
        <li class="article-row">
            <a class="result-title" href=address::page(row.id) lang=code>{row.title.clone()}</a>
            <p class="result-line">{signs(lang, row)}{category}{language}<span>{updated}</span></p>
            <p class="result-hit" lang=code>{snippet(&row.snippet)}</p>
            {action}
        </li>
    }
    .into_any()
}
