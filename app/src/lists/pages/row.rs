//! One row of a list: its form, what holds on to it, and deleting it.

use domain::error::Code;
use domain::lang::Lang;
use domain::pending::Fault;
use domain::views::ListRowPageView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::kept::refused::Refused;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::lists::address::{self, Question};
use crate::lists::server_fns::{RemoveListRow, SaveListRow, edited_list_row};
use crate::lists::widgets::form::{Shape, form, present};
use crate::lists::widgets::notes::notes;
use crate::lists::words;
use crate::t::lists_admin as t;

/// Page `/settings/lists/:list/:id`.
#[component]
pub fn ListRowPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let late = Refused::of::<SaveListRow>();
    let question = Memo::new(move |_| query.with(Question::read).or_late(&late));
    let place = move || params.with(|map| (map.get("list").unwrap_or_default(), map.get("id").unwrap_or_default()));
    let data = Resource::new_blocking(place, |(list, id)| edited_list_row(list, id));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Row page=page question=question.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Row(page: ListRowPageView, question: Question) -> impl IntoView {
    let lang = use_lang();
    let back = address::list(page.list, &page.row.entity.id.to_string());
    let stored = present(page.list, &page.row);
    let mut values = question.typed_of(&stored.id).cloned().unwrap_or_else(|| stored.clone());
    // What is saved next takes the place of what is stored now.
    values.version = stored.version;
    let shape = Shape {
        list: page.list,
        home: page.home,
        parents: &page.parents,
        groups: &page.groups,
        templates: &page.templates,
        named: &page.row.rule_templates,
        is_fixed: page.is_fixed,
        wrong: &question.wrong,
    };
    let form = form(lang, &shape, &values, Some(back.clone()));
    view! {
        <PageTitle text=page.row.name.clone()/>
        <AgentLayout>
            <div class="page page-narrow">
                <p class="small">
                    <a class="back-link quiet-link muted" href=back><Icon name="arrow-left"/>{words::list(lang, page.list)}</a>
                </p>
                <div class="page-head"><h1>{page.row.name.clone()}</h1></div>
                <p class="small muted">{t::of_entity(lang, &page.row.entity.name)}</p>
                {notes(lang, &question)}
                {faults(lang, &page.row.faults)}
                {form}
                {used(lang, &page, &question)}
                {remove(lang, &page)}
            </div>
        </AgentLayout>
    }
}

/// What the rule of a pending reason cannot do, so that nobody waits for it in vain (T-PEN-04, T-PEN-06).
fn faults(lang: Lang, faults: &[Fault]) -> AnyView {
    faults
        .iter()
        .map(|fault| view! { <Banner tone=Tone::Warning text=words::fault(lang, *fault)/> })
        .collect_view()
        .into_any()
}

/// What holds on to the row, so that it is known before something is refused.
fn used(lang: Lang, page: &ListRowPageView, question: &Question) -> Option<AnyView> {
    let mut told = words::uses(lang, &page.used);
    if told.is_empty() && question.refused == Some(Code::InUse) {
        told.push(t::used_records(lang).to_owned());
    }
    if told.is_empty() {
        return None;
    }
    let told = told.into_iter().map(|one| view! { <li>{one}</li> }).collect_view();
    let view = view! {
        <section class="card" aria-labelledby="row-used">
            <h2 class="card-title" id="row-used">{t::used(lang)}</h2>
            <ul class="list-uses">{told}</ul>
        </section>
    };
    Some(view.into_any())
}

/// Deleting, where nothing that is known holds on to the row.
fn remove(lang: Lang, page: &ListRowPageView) -> Option<AnyView> {
    if page.used.is_used() {
        return None;
    }
    let view = view! {
        <form class="card form" method="post" action=RemoveListRow::url() aria-labelledby="row-remove">
            <h2 class="card-title" id="row-remove">{t::delete_title(lang)}</h2>
            <p class="small muted">{t::delete_hint(lang)}</p>
            <input r#type="hidden" name="form[list]" value=page.list.as_str()/>
            <input r#type="hidden" name="form[id]" value=page.row.id.to_string()/>
            <input r#type="hidden" name="form[version]" value=page.row.version.to_string()/>
            <div class="form-foot"><SubmitButton kind=ButtonKind::Plain icon="trash-2">{t::delete(lang)}</SubmitButton></div>
        </form>
    };
    Some(view.into_any())
}
