//! The list of groups.

use domain::lang::Lang;
use domain::views::{GroupRow, Page};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::address::{self, with};
use crate::admin::server_fns::admin_groups;
use crate::admin::widgets::{Part, done, frame};
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::layouts::answer::{Loading, refused};
use crate::t::admin as t;

/// Page `/admin/groups`.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let text = move |name: &'static str| query.with(|map| map.get(name).unwrap_or_default());
    let question = Memo::new(move |_| (text("q"), text("cursor"), text("done")));
    let data = Resource::new_blocking(move || question.get(), |(q, cursor, _done)| admin_groups(q, cursor));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => {
                    let (q, cursor, note) = question.get_untracked();
                    groups(lang, &page, &q, &cursor, &note)
                }
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn groups(lang: Lang, page: &Page<GroupRow>, q: &str, cursor: &str, note: &str) -> AnyView {
    let tools = view! {
        <span class="page-tools">
            <LinkButton href=address::group("new", "") kind=ButtonKind::Primary icon="plus">{t::add_group(lang)}</LinkButton>
        </span>
    };
    let rows = if page.items.is_empty() {
        view! { <EmptyState icon="users" title=t::no_groups(lang) text=t::no_groups_hint(lang)/> }.into_any()
    } else {
        table(lang, &page.items)
    };
    let same = |cursor: &str| with(Part::Groups.path(), &[("q", q), ("cursor", cursor)]);
    let next = page.next_cursor.as_deref().map(same);
    let first = (!cursor.is_empty()).then(|| same(""));
    let content = view! {
        {done(lang, note)}
        <form class="filter-bar" role="search" method="get" action=Part::Groups.path() aria-label=t::find_groups(lang)>
            <TextField name="q" label=t::name(lang) kind="search" value=q maxlength=100/>
            <button class="btn btn-sm" r#type="submit"><Icon name="search"/>{crate::t::common::show(lang)}</button>
        </form>
        {rows}
        <Pagination first=first next=next/>
    };
    frame(lang, Part::Groups, t::groups(lang), tools.into_any(), content.into_any())
}

fn table(lang: Lang, rows: &[GroupRow]) -> AnyView {
    let rows = rows.iter().map(|row| line(lang, row)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table admin-table">
                <caption class="vh">{t::groups(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::name(lang)}</th>
                        <th scope="col">{t::entity(lang)}</th>
                        <th scope="col">{t::may_be(lang)}</th>
                        <th scope="col" class="col-short num">{t::members(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, row: &GroupRow) -> AnyView {
    let flags = [
        (row.may_be_assigned, t::assigned(lang)),
        (row.may_be_asked, t::asked(lang)),
        (row.may_be_requester, t::requester(lang)),
    ];
    let flags: Vec<&str> = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, word)| word).collect();
    let entity = if row.recursive { t::entity_below(lang, &row.entity.name) } else { row.entity.name.clone() };
    view! {
        <tr>
            <th scope="row" class="card-wide">
                <a class="row-title" href=address::group(&row.id.to_string(), "")>{row.name.clone()}</a>
            </th>
            <td>{entity}</td>
            <td>{flags.join(" · ")}</td>
            <td class="num" data-label=t::members(lang)>{row.members.to_string()}</td>
        </tr>
    }
    .into_any()
}
