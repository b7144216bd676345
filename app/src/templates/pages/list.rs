//! The list of templates: kind by kind, with where each is kept and what is wrong.

use domain::lang::Lang;
use domain::template::TemplateKind;
use domain::views::TemplateRow;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::t::templates as t;
use crate::templates::server_fns::template_list;
use crate::templates::{address, words};

/// Page `/settings/templates?kind=…`.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let query = use_query_map();
    let kind = Memo::new(move |_| {
        let word = query.with(|map| map.get("kind")).unwrap_or_default();
        TemplateKind::of_plural(&word).unwrap_or_default()
    });
    let removed = Memo::new(move |_| query.with(|map| map.get("removed").is_some()));
    let data = Resource::new_blocking(move || kind.get().plural().to_owned(), template_list);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(rows) => view! { <Templates kind=kind.get_untracked() rows=rows removed=removed.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Templates(kind: TemplateKind, rows: Vec<TemplateRow>, removed: bool) -> impl IntoView {
    let lang = use_lang();
    let removed = removed.then(|| view! { <Banner tone=Tone::Done text=t::removed(lang)/> });
    let table = if rows.is_empty() {
        view! { <EmptyState icon="layout-template" title=t::none_yet(lang) text=t::none_yet_hint(lang)/> }.into_any()
    } else {
        table(lang, kind, &rows)
    };
    view! {
        <PageTitle text=t::title(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <div class="page-head">
                    <h1>{t::title(lang)}</h1>
                    <span class="page-tools">
                        <LinkButton href=address::new(kind) kind=ButtonKind::Primary icon="plus">{words::new(lang, kind)}</LinkButton>
                    </span>
                </div>
                {tabs(lang, kind)}
                {removed}
                {table}
            </div>
        </AgentLayout>
    }
}

fn tabs(lang: Lang, shown: TemplateKind) -> AnyView {
    let links = TemplateKind::ALL
        .into_iter()
        .map(|kind| {
            let current = (kind == shown).then_some("page");
            view! { <a href=address::list(kind) aria-current=current>{words::kind(lang, kind)}</a> }
        })
        .collect_view();
    view! { <nav class="template-tabs" aria-label=t::kinds(lang)>{links}</nav> }.into_any()
}

fn table(lang: Lang, kind: TemplateKind, rows: &[TemplateRow]) -> AnyView {
    let rows = rows.iter().map(|row| line(lang, row)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table template-table">
                <caption class="vh">{words::kind(lang, kind)}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="col-title">{t::name(lang)}</th>
                        <th scope="col">{t::entity(lang)}</th>
                        <th scope="col">{t::languages(lang)}</th>
                        <th scope="col">{t::state(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, row: &TemplateRow) -> AnyView {
    let icon = if row.broken {
        "triangle-alert"
    } else if row.active {
        "circle-check"
    } else {
        "circle-slash"
    };
    let mark = if row.broken {
        "broken"
    } else if row.active {
        "active"
    } else {
        "inactive"
    };
    view! {
        <tr>
            <th scope="row" class="card-wide"><a class="row-title" href=address::page(row.id)>{row.name.clone()}</a></th>
            <td>{row.entity.name.clone()}</td>
            <td>{words::languages(row)}</td>
            <td><span class="template-state" data-state=mark><Icon name=icon small=true/>{words::state(lang, row)}</span></td>
        </tr>
    }
    .into_any()
}
