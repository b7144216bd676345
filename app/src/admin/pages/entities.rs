//! The tree of entities.

use domain::format;
use domain::lang::Lang;
use domain::views::{EntityRow, EntityTree};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::address;
use crate::admin::server_fns::admin_entities;
use crate::admin::widgets::{Part, done, frame};
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton};
use crate::layouts::answer::{Loading, refused};
use crate::t::admin as t;

/// Tickets that are said exactly.
const COUNTED: u32 = 1_000;

/// Page `/admin/entities`.
#[component]
pub fn EntitiesPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let note = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let data = Resource::new_blocking(move || note.get(), |_note| admin_entities());
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(tree) => entities(lang, &tree, &note.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn entities(lang: Lang, tree: &EntityTree, note: &str) -> AnyView {
    let tools = view! {
        <span class="page-tools">
            <LinkButton href=address::entity("new", "") kind=ButtonKind::Primary icon="plus">{t::add_entity(lang)}</LinkButton>
        </span>
    };
    let rows = tree.rows.iter().map(|row| line(lang, row)).collect_view();
    let content = view! {
        {done(lang, note)}
        <p class="muted small">{t::entities_about(lang)}</p>
        <div class="table-frame">
            <table class="data-table admin-table">
                <caption class="vh">{t::entities(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::entity(lang)}</th>
                        <th scope="col" class="col-short num">{t::users(lang)}</th>
                        <th scope="col" class="col-short num">{t::groups(lang)}</th>
                        <th scope="col" class="col-short num">{t::tickets(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    frame(lang, Part::Entities, t::entities(lang), tools.into_any(), content.into_any())
}

fn line(lang: Lang, row: &EntityRow) -> AnyView {
    let indent = "\u{a0}\u{a0}\u{a0}\u{a0}".repeat(usize::from(row.depth));
    let is_exact = row.tickets <= COUNTED;
    let tickets = format::count_capped(i64::from(row.tickets.min(COUNTED)), is_exact, lang);
    view! {
        <tr>
            <th scope="row" class="card-wide">
                <span aria-hidden="true">{indent}</span>
                <a class="row-title" href=address::entity(&row.id.to_string(), "")>{row.name.clone()}</a>
            </th>
            <td class="num" data-label=t::users(lang)>{row.people.to_string()}</td>
            <td class="num" data-label=t::groups(lang)>{row.groups.to_string()}</td>
            <td class="num" data-label=t::tickets(lang)>{tickets}</td>
        </tr>
    }
    .into_any()
}
