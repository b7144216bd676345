//! The list of users.

use domain::lang::Lang;
use domain::views::{Choice, Moment, UserList, UserListQuery, UserRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::address::{self, with};
use crate::admin::server_fns::admin_users;
use crate::admin::widgets::{Part, frame};
use crate::admin::words;
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::components::when::Time;
use crate::layouts::answer::{Loading, refused};
use crate::t::admin as t;

/// Page `/admin/users`.
#[component]
pub fn UsersPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let question = Memo::new(move |_| {
        query.with(|map| {
            let text = |name: &str| map.get(name).unwrap_or_default();
            UserListQuery {
                q: text("q"),
                role: text("role"),
                entity: text("entity"),
                state: text("state"),
                cursor: text("cursor"),
            }
        })
    });
    let data = Resource::new_blocking(move || question.get(), admin_users);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(list) => users(lang, &list, &question.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn users(lang: Lang, list: &UserList, question: &UserListQuery) -> AnyView {
    let tools = view! {
        <span class="page-tools">
            <LinkButton href=address::user("new", "") kind=ButtonKind::Primary icon="user-plus">{t::add_user(lang)}</LinkButton>
        </span>
    };
    let rows = if list.page.items.is_empty() {
        view! { <EmptyState icon="users" title=t::no_users(lang) text=t::no_users_hint(lang)/> }.into_any()
    } else {
        table(lang, &list.page.items, &list.page.now)
    };
    let same = |cursor: &str| {
        let pairs = [
            ("q", question.q.as_str()),
            ("role", question.role.as_str()),
            ("entity", question.entity.as_str()),
            ("state", question.state.as_str()),
            ("cursor", cursor),
        ];
        with("/admin/users", &pairs)
    };
    let next = list.page.next_cursor.as_deref().map(same);
    let first = (!question.cursor.is_empty()).then(|| same(""));
    let count = list.page.count.map(|count| {
        if count.exact {
            t::people(lang, i64::from(count.value))
        } else {
            t::people_more(lang, &count.value.to_string())
        }
    });
    let content = view! {
        {filters(lang, list, question)}
        {rows}
        <Pagination first=first next=next count=count.unwrap_or_default()/>
    };
    frame(lang, Part::Users, t::users(lang), tools.into_any(), content.into_any())
}

fn filters(lang: Lang, list: &UserList, question: &UserListQuery) -> AnyView {
    let states = [("", t::state_active(lang)), ("disabled", t::state_disabled(lang)), ("all", t::state_all(lang))]
        .map(|(value, name)| Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 })
        .to_vec();
    let is_narrowed =
        [&question.q, &question.role, &question.entity, &question.state].iter().any(|text| !text.is_empty());
    let clear = is_narrowed.then(|| {
        view! { <a class="btn btn-ghost btn-sm" href=Part::Users.path()>{crate::t::common::clear_filters(lang)}</a> }
    });
    view! {
        <form class="filter-bar" role="search" method="get" action=Part::Users.path() aria-label=t::find_users(lang)>
            <TextField name="q" label=t::name_or_email(lang) kind="search" value=question.q.clone() maxlength=100/>
            <SelectField name="role" label=t::role(lang) options=words::role_choices(lang, &list.roles) value=question.role.clone() blank=t::any(lang)/>
            <SelectField name="entity" label=t::entity(lang) options=list.entities.clone() value=question.entity.clone() blank=t::any(lang)/>
            <SelectField name="state" label=t::state(lang) options=states value=question.state.clone()/>
            <button class="btn btn-sm" r#type="submit"><Icon name="search"/>{crate::t::common::show(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn table(lang: Lang, rows: &[UserRow], now: &Moment) -> AnyView {
    let rows = rows.iter().map(|row| line(lang, row, now)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table admin-table">
                <caption class="vh">{t::users(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::name(lang)}</th>
                        <th scope="col">{t::roles(lang)}</th>
                        <th scope="col" class="col-updated">{t::last_seen(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, row: &UserRow, now: &Moment) -> AnyView {
    let roles: Vec<String> = row.roles.iter().map(|held| words::held(lang, held)).collect();
    let roles = if roles.is_empty() { t::no_role(lang).to_owned() } else { roles.join(" · ") };
    let flag = (!row.active).then(|| view! { <span class="row-flag">{t::disabled(lang)}</span> });
    let seen = match &row.last_seen_at {
        Some(at) => view! { <Time moment=at.clone() now=Some(now.clone())/> }.into_any(),
        None => view! { <span class="muted">{t::never_seen(lang)}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="card-wide">
                <a class="row-title" href=address::user(&row.id.to_string(), "")>{row.name.clone()}</a>
                {flag}
                <small class="admin-second">{row.email.clone()}</small>
            </th>
            <td title=roles.clone()>{roles.clone()}</td>
            <td data-label=row.last_seen_at.as_ref().map(|_| t::last_seen(lang))>{seen}</td>
        </tr>
    }
    .into_any()
}
