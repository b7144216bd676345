//! The list of roles, and the way to "why may somebody do something".

use domain::lang::Lang;
use domain::views::{RoleList, RoleView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::address;
use crate::admin::server_fns::admin_roles;
use crate::admin::widgets::{Part, done, frame};
use crate::admin::words;
use crate::boot::use_lang;
use crate::components::button::LinkButton;
use crate::layouts::answer::{Loading, refused};
use crate::t::admin as t;

/// Page `/admin/roles`.
#[component]
pub fn RolesPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let note = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let data = Resource::new_blocking(move || note.get(), |_note| admin_roles());
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(list) => roles(lang, &list, &note.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn roles(lang: Lang, list: &RoleList, note: &str) -> AnyView {
    let tools = view! {
        <span class="page-tools"><LinkButton href="/admin/roles/why" icon="circle-question-mark">{t::why(lang)}</LinkButton></span>
    };
    let rows = list.roles.iter().map(|role| line(lang, role)).collect_view();
    let content = view! {
        {done(lang, note)}
        <p class="muted small">{t::roles_about(lang)}</p>
        <div class="table-frame">
            <table class="data-table admin-table">
                <caption class="vh">{t::roles(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::role(lang)}</th>
                        <th scope="col" class="col-status">{t::kind(lang)}</th>
                        <th scope="col" class="col-short num">{t::rights(lang)}</th>
                        <th scope="col" class="col-short num">{t::who_has_it(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    frame(lang, Part::Roles, t::roles(lang), tools.into_any(), content.into_any())
}

fn line(lang: Lang, role: &RoleView) -> AnyView {
    let kind = if role.shipped { t::shipped(lang) } else { t::own_role(lang) };
    view! {
        <tr>
            <th scope="row" class="card-wide">
                <a class="row-title" href=address::role(&role.role.id.to_string(), "")>{words::role(lang, &role.role)}</a>
            </th>
            <td>{kind}</td>
            <td class="num" data-label=t::rights(lang)>{role.capabilities.len().to_string()}</td>
            <td class="num" data-label=t::who_has_it(lang)>{role.people.to_string()}</td>
        </tr>
    }
    .into_any()
}
