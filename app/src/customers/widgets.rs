//! Parts of the pages of customers.

use domain::customer::{CustomerStatus, Impact};
use domain::lang::Lang;
use leptos::prelude::*;

use super::words;
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::layouts::agent::AgentLayout;

pub(crate) mod chart;
pub(crate) mod contacts;
pub(crate) mod entry;
pub(crate) mod filters;
pub(crate) mod images;
pub(crate) mod occurrence_form;

/// The way back: address and word.
pub(crate) type Back = (String, String);

/// The shell of a page: the way back, heading with its tools, content.
pub(crate) fn frame(title: &str, back: Option<Back>, tools: AnyView, content: AnyView) -> AnyView {
    let back = back.map(|(href, word)| {
        view! {
            <p class="small"><a class="back-link quiet-link muted" href=href><Icon name="arrow-left"/>{word}</a></p>
        }
    });
    let title = title.to_owned();
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-mid">
                {back}
                <div class="page-head"><h1>{title}</h1>{tools}</div>
                {content}
            </div>
        </AgentLayout>
    }
    .into_any()
}

/// A page without tools beside its heading.
pub(crate) fn plain(title: &str, back: Option<Back>, content: AnyView) -> AnyView {
    frame(title, back, ().into_any(), content)
}

/// What was done just now, above the page.
pub(crate) fn done(lang: Lang, note: &str) -> AnyView {
    match words::done(lang, note) {
        Some(text) => view! { <Banner tone=Tone::Done text=text/> }.into_any(),
        None => ().into_any(),
    }
}

/// A hidden field.
pub(crate) fn hidden(name: &'static str, value: impl Into<String>) -> AnyView {
    let value: String = value.into();
    view! { <input r#type="hidden" name=name value=value/> }.into_any()
}

/// An impact: colour, icon and word (C-OCC-04).
pub(crate) fn impact(lang: Lang, impact: Impact) -> AnyView {
    view! {
        <span class="impact" data-impact=impact.as_str()><Icon name=words::impact_icon(impact)/>{words::impact(lang, impact)}</span>
    }
    .into_any()
}

/// A state: icon and word.
pub(crate) fn status(lang: Lang, status: CustomerStatus) -> AnyView {
    let icon = match status {
        CustomerStatus::Active => "circle-check",
        CustomerStatus::Blocked => "circle-slash",
        CustomerStatus::Leaving => "clock",
        CustomerStatus::Inactive => "archive",
    };
    view! {
        <span class="customer-status" data-state=status.as_str()><Icon name=icon small=true/>{words::status(lang, status)}</span>
    }
    .into_any()
}
