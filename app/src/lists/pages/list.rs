//! A list of an entity: its rows in order, those of the entities above among them, and the form of a new one.

use domain::lang::Lang;
use domain::lists::List;
use domain::views::ListPageView;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::boot::{use_lang, use_viewer};
use crate::components::empty::EmptyState;
use crate::components::field::SelectField;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::kept::refused::Refused;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::lists::address::{self, Question};
use crate::lists::server_fns::{SaveListRow, edited_list};
use crate::lists::widgets::form::{Shape, blank, form};
use crate::lists::widgets::notes::notes;
use crate::lists::widgets::table::table;
use crate::lists::words;
use crate::t::lists_admin as t;
use crate::t::shell;

/// Pages `/settings/lists` and `/settings/lists/:list`.
#[component]
pub fn ListPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let late = Refused::of::<SaveListRow>();
    let question = Memo::new(move |_| query.with(Question::read).or_late(&late));
    // Without a name the first list is shown.
    let list = move || params.with(|map| map.get("list")).unwrap_or_else(|| List::default().as_str().to_owned());
    let data = Resource::new_blocking(
        move || (list(), question.with(|question| question.entity.clone())),
        |(list, entity)| edited_list(list, entity),
    );
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Rows page=page question=question.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Rows(page: ListPageView, question: Question) -> impl IntoView {
    let lang = use_lang();
    let title = words::list(lang, page.list);
    let rows = if page.rows.is_empty() {
        view! { <EmptyState icon="list" title=t::empty(lang) text=t::empty_hint(lang)/> }.into_any()
    } else {
        table(lang, &page, &question)
    };
    let values = question.typed_of("").cloned().unwrap_or_else(|| blank(page.list, page.entity.id.to_string()));
    let shape = Shape {
        list: page.list,
        home: page.home,
        parents: &page.parents,
        groups: &page.groups,
        templates: &page.templates,
        named: &[],
        is_fixed: false,
        wrong: &question.wrong,
    };
    let form = form(lang, &shape, &values, None);
    view! {
        <PageTitle text=title/>
        <AgentLayout>
            <div class="page page-mid">
                {back(lang)}
                <div class="page-head"><h1>{title}</h1></div>
                <p class="small muted">{words::about(lang, page.list)}</p>
                {tabs(lang, &page)}
                {entities(lang, &page)}
                {notes(lang, &question)}
                {rows}
                {form}
            </div>
        </AgentLayout>
    }
}

/// The way to the settings, for those who may set any.
fn back(lang: Lang) -> Option<AnyView> {
    let may_set = use_viewer().is_some_and(|viewer| viewer.can("admin.settings"));
    may_set.then(|| {
        view! {
            <p class="small">
                <a class="back-link quiet-link muted" href="/settings"><Icon name="arrow-left"/>{shell::settings(lang)}</a>
            </p>
        }
        .into_any()
    })
}

/// The other lists of the same entity.
fn tabs(lang: Lang, page: &ListPageView) -> AnyView {
    let entity = page.entity.id.to_string();
    let links = List::ALL
        .map(|list| {
            let current = (list == page.list).then_some("page");
            view! { <a href=address::list(list, &entity) aria-current=current>{words::list(lang, list)}</a> }
        })
        .into_iter()
        .collect_view();
    view! { <nav class="list-tabs" aria-label=shell::lists(lang)>{links}</nav> }.into_any()
}

/// Whose list it is, where there is a choice.
fn entities(lang: Lang, page: &ListPageView) -> Option<AnyView> {
    if page.entities.len() < 2 {
        return None;
    }
    let (options, value) = (page.entities.clone(), page.entity.id.to_string());
    let action = address::list(page.list, "");
    let form = view! {
        <form class="filter-bar" method="get" action=action aria-label=t::entity(lang)>
            <SelectField name="entity" label=t::entity(lang) options=options value=value/>
            <button class="btn btn-sm" r#type="submit">{t::show(lang)}</button>
        </form>
    };
    Some(form.into_any())
}
