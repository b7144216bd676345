//! The page of the settings: found by name or number, broken ones first, then group by group.

use domain::error::AppError;
use domain::lang::Lang;
use domain::lists::List;
use domain::settings::{Area, Key};
use domain::views::{SettingView, SettingsView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::LinkButton;
use crate::components::empty::EmptyState;
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::lists::address as list_address;
use crate::mail::address::OUTGOING;
use crate::message;
use crate::settings::address::{self, Question};
use crate::settings::server_fns::{SaveSetting, settings_page};
use crate::settings::widgets::mail_server::mail_server;
use crate::settings::widgets::row::row;
use crate::settings::words;
use crate::t::settings as t;
use crate::t::{mail, shell};

/// Page `/settings`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let late = Refused::of::<SaveSetting>();
    let question = Memo::new(move |_| query.with(Question::read).or_late(&late));
    let data = Resource::new_blocking(move || question.with(|question| question.entity.clone()), settings_page);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Settings page=page question=question.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Settings(page: SettingsView, question: Question) -> impl IntoView {
    let lang = use_lang();
    let is_meant = |view: &&SettingView| words::is_meant(lang, view.key, &question.q);
    let found: Vec<&SettingView> = page.items.iter().filter(is_meant).collect();
    let groups = if found.is_empty() {
        let title = t::nothing(lang, &question.q);
        view! { <EmptyState icon="search" title=title text=t::nothing_hint(lang)/> }.into_any()
    } else {
        groups(lang, &page, &found, &question)
    };
    let warnings = (page.warnings() > 0).then(|| {
        let count = i64::try_from(page.warnings()).unwrap_or(i64::MAX);
        view! { <Banner tone=Tone::Warning text=t::warnings(lang, count)/> }
    });
    view! {
        <PageTitle text=t::title(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <div class="page-head"><h1>{t::title(lang)}</h1>{ways(lang, &page)}</div>
                {find(lang, &page, &question)}
                {unsaved(lang)}
                {warnings}
                {groups}
            </div>
        </AgentLayout>
    }
}

/// The way to the outgoing mails, and those to the templates and to the lists of the same entity for who may edit them.
fn ways(lang: Lang, page: &SettingsView) -> AnyView {
    let may_edit = use_viewer().is_some_and(|viewer| viewer.can("admin.templates"));
    let edited = may_edit.then(|| {
        let lists = list_address::list(List::default(), &page.entity.id.to_string());
        view! {
            <LinkButton href=lists icon="list">{shell::lists(lang)}</LinkButton>
            <LinkButton href="/settings/templates" icon="layout-template">{shell::templates(lang)}</LinkButton>
        }
    });
    view! {
        <div class="page-tools">
            {edited}
            <LinkButton href=OUTGOING icon="mail">{mail::title(lang)}</LinkButton>
        </div>
    }
    .into_any()
}

/// A refusal that is about no row: the right went away meanwhile, or the server did.
fn unsaved(lang: Lang) -> AnyView {
    let refusal = refusal_of(form_action::<SaveSetting>());
    let banner = move || {
        refusal.with(|error| {
            error.as_ref().map(|error: &AppError| {
                view! { <Banner tone=Tone::Error text=message::sentence(lang, error)/> }
            })
        })
    };
    banner.into_any()
}

/// What is looked for, and in which entity.
fn find(lang: Lang, page: &SettingsView, question: &Question) -> AnyView {
    let entity = page.entity.id.to_string();
    let entities = if page.entities.len() > 1 {
        let options = page.entities.clone();
        view! { <SelectField name="entity" label=t::entity(lang) options=options value=entity.clone()/> }.into_any()
    } else {
        view! { <input r#type="hidden" name="entity" value=entity.clone()/> }.into_any()
    };
    let clear = (!question.q.is_empty()).then(|| {
        view! { <a class="btn btn-ghost btn-sm" href=address::page(&entity, "")>{t::show_all(lang)}</a> }
    });
    view! {
        <form class="filter-bar settings-find" role="search" method="get" action="/settings" aria-label=t::find(lang)>
            <TextField name="q" id="settings-q" label=t::find(lang) kind="search" value=question.q.clone() maxlength=100 placeholder=t::find_hint(lang)/>
            {entities}
            <button class="btn btn-sm" r#type="submit"><Icon name="search"/>{t::show(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

/// Broken rows first, then the groups in their order.
fn groups(lang: Lang, page: &SettingsView, found: &[&SettingView], question: &Question) -> AnyView {
    let (broken, good): (Vec<&SettingView>, Vec<&SettingView>) =
        found.iter().copied().partition(|view| view.warning.is_some());
    let first = (!broken.is_empty()).then(|| group(lang, "settings-broken", t::broken(lang), page, &broken, question));
    let rest: Vec<AnyView> = Area::ALL
        .into_iter()
        .zip(["settings-portal", "settings-mail", "settings-ticket", "settings-instance"])
        .filter_map(|(area, id)| {
            let rows: Vec<&SettingView> = good.iter().copied().filter(|view| view.key.area() == area).collect();
            (!rows.is_empty()).then(|| group(lang, id, words::area(lang, area), page, &rows, question))
        })
        .collect();
    view! { {first}{rest} }.into_any()
}

fn group(
    lang: Lang,
    id: &'static str,
    title: &'static str,
    page: &SettingsView,
    rows: &[&SettingView],
    question: &Question,
) -> AnyView {
    let rows: Vec<AnyView> = rows.iter().map(|view| one(lang, page, view, question)).collect();
    view! {
        <section class="card settings-group" aria-labelledby=id>
            <h2 class="card-title" id=id>{title}</h2>
            {rows}
        </section>
    }
    .into_any()
}

fn one(lang: Lang, page: &SettingsView, view: &SettingView, question: &Question) -> AnyView {
    match &page.mail {
        Some(mail) if view.key == Key::MailTransport => mail_server(lang, page, mail, view.warning),
        _ => row(lang, page, view, question),
    }
}
