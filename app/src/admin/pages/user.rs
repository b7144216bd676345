//! A user: account, roles, groups, and what else can be done to him. A new one has the account and a first role.

mod account;
mod commands;

use domain::lang::Lang;
use domain::mail::is_unattended;
use domain::views::{HeldRole, UserDetail, UserPage as Data};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::admin::address;
use crate::admin::server_fns::{SaveAssignment, admin_user};
use crate::admin::typed::Typed;
use crate::admin::widgets::{Part, done, frame, hidden};
use crate::admin::words;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::{Checkbox, SelectField};
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::admin as t;

/// Page `/admin/users/:id`.
#[component]
pub fn UserPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let query = use_query_map();
    let typed = StoredValue::new(Typed::take());
    let id = Memo::new(move |_| params.with(|map| map.get("id").unwrap_or_default()));
    let data = Resource::new_blocking(move || id.get(), admin_user);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => {
                    let note = query.with_untracked(|map| map.get("done").unwrap_or_default());
                    user(lang, &page, &typed.get_value(), &note)
                }
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn user(lang: Lang, page: &Data, typed: &Typed, note: &str) -> AnyView {
    let Some(user) = &page.user else {
        let form = account::form(lang, page, None, &typed.of("save_user"));
        return frame(lang, Part::Users, t::add_user(lang), ().into_any(), form);
    };
    let account = if user.may_change && !user.removed {
        account::form(lang, page, Some(user), &typed.of("save_user"))
    } else {
        account::facts(lang, user)
    };
    let commands = user.may_change.then(|| commands::commands(lang, page, user));
    let content = view! {
        {done(lang, note)}
        {invitation(lang, user, typed)}
        {account}
        {roles(lang, page, user, &typed.of("save_assignment"))}
        {groups(lang, user)}
        {commands}
    };
    frame(lang, Part::Users, &user.name, signs(lang, page, user), content.into_any())
}

/// What stands beside the name.
fn signs(lang: Lang, page: &Data, user: &UserDetail) -> AnyView {
    let state = if user.removed { Some(t::removed(lang)) } else { (!user.active).then(|| t::disabled(lang)) };
    let state = state.map(|word| view! { <span class="badge admin-off">{word}</span> });
    let seen = match &user.last_seen_at {
        Some(at) => view! { <span class="muted small">{t::last_seen(lang)}" "<Time moment=at.clone() now=Some(page.now.clone())/></span> }.into_any(),
        None => view! { <span class="muted small">{t::never_seen(lang)}</span> }.into_any(),
    };
    view! { {state}{seen} }.into_any()
}

/// A link that was made just now: shown here and nowhere else.
fn invitation(lang: Lang, user: &UserDetail, typed: &Typed) -> Option<AnyView> {
    // It may have been kept for a page that was never opened: whose it is must be said.
    let is_his = typed.value("for").is_some_and(|id| id == user.id.to_string());
    let secret = typed.value("invitation").filter(|secret| is_his && !secret.is_empty())?;
    let link = link_of(secret);
    let is_mailed = sends_mail() && !is_unattended(&user.email);
    let mailed = is_mailed.then(|| view! { <p class="small">{t::invitation_mailed(lang, &user.email)}</p> });
    Some(
        view! {
            <section class="card admin-link" aria-labelledby="invitation">
                <h2 class="card-title" id="invitation">{t::invitation(lang)}</h2>
                <p class="small">{t::invitation_about(lang)}</p>
                {mailed}
                <input class="input input-sm" r#type="text" readonly=true value=link aria-labelledby="invitation"/>
            </section>
        }
        .into_any(),
    )
}

#[cfg(feature = "ssr")]
fn link_of(secret: &str) -> String {
    let base = crate::context::request().map(|request| request.services.base_url.to_string()).unwrap_or_default();
    [base.as_str(), "/invitation?token=", secret].concat()
}

/// Whether the link was mailed to its person too (M-OUT-07).
#[cfg(feature = "ssr")]
fn sends_mail() -> bool {
    crate::context::request().is_ok_and(|request| request.services.mailer.is_some())
}

/// No browser makes this page.
#[cfg(not(feature = "ssr"))]
const fn sends_mail() -> bool {
    false
}

/// No browser makes this page.
#[cfg(not(feature = "ssr"))]
fn link_of(secret: &str) -> String {
    ["/invitation?token=", secret].concat()
}

fn roles(lang: Lang, page: &Data, user: &UserDetail, typed: &Typed) -> AnyView {
    let held = if user.roles.is_empty() {
        view! { <p class="muted small">{t::no_role_about(lang)}</p> }.into_any()
    } else {
        let rows = user.roles.iter().map(|held| role_line(lang, user, held)).collect_view();
        view! { <ul class="admin-rows">{rows}</ul> }.into_any()
    };
    let error = refusal_of(form_action::<SaveAssignment>());
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let home = user.entity.id.to_string();
    let add = (!user.removed).then(|| {
        view! {
            <form class="form admin-add" method="post" action=SaveAssignment::url()>
                <FormError error=error/>
                {hidden("form[user]", user.id.to_string())}
                <div class="filter-bar">
                    <SelectField name="form[role]" id="grant-role" label=t::role(lang) options=words::role_choices(lang, &page.roles) value=typed.or("role", "") blank=t::choose(lang) error=wrong("role")/>
                    <SelectField name="form[entity]" id="grant-entity" label=t::entity(lang) options=page.entities.clone() value=typed.or("entity", &home) error=wrong("entity")/>
                    <Checkbox name="form[recursive]" id="grant-recursive" label=t::and_below(lang) checked=typed.ticked("recursive", true)/>
                    <SubmitButton kind=ButtonKind::Plain icon="plus">{t::add_role(lang)}</SubmitButton>
                </div>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="roles">
            <h2 class="card-title" id="roles">{t::roles(lang)}</h2>
            {held}
            {add}
        </section>
    }
    .into_any()
}

fn role_line(lang: Lang, user: &UserDetail, held: &HeldRole) -> AnyView {
    let words = words::held(lang, held);
    let label = t::take_role(lang, &words);
    view! {
        <li>
            <Icon name="shield"/>
            <a class="quiet-link" href=address::role(&held.role.id.to_string(), "")>{words}</a>
            <form method="post" action=SaveAssignment::url()>
                {hidden("form[user]", user.id.to_string())}
                {hidden("form[remove]", held.id.to_string())}
                <button class="btn btn-ghost btn-sm" r#type="submit" aria-label=label>{t::take_away(lang)}</button>
            </form>
        </li>
    }
    .into_any()
}

fn groups(lang: Lang, user: &UserDetail) -> AnyView {
    let content = if user.groups.is_empty() {
        view! { <p class="muted small">{t::no_group(lang)}</p> }.into_any()
    } else {
        let links = user
            .groups
            .iter()
            .map(|group| {
                view! { <li><Icon name="users"/><a class="quiet-link" href=address::group(&group.id.to_string(), "")>{group.name.clone()}</a></li> }
            })
            .collect_view();
        view! { <ul class="admin-rows">{links}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="groups">
            <h2 class="card-title" id="groups">{t::groups(lang)}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// A sentence that waits for a decision of the reader.
pub(super) fn hint(text: String) -> AnyView {
    view! { <Banner tone=Tone::Info text=text/> }.into_any()
}
