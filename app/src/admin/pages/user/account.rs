//! Name, address and the like.

use domain::lang::Lang;
use domain::views::{Choice, UserDetail, UserPage as Data};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::account::preferences::own_name;
use crate::admin::server_fns::SaveUser;
use crate::admin::typed::Typed;
use crate::admin::widgets::hidden;
use crate::admin::words;
use crate::components::button::SubmitButton;
use crate::components::field::{Checkbox, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::form_action::{form_action, refusal_of};
use crate::message;
use crate::t::admin as t;

fn names(lang: Lang) -> Vec<FieldName> {
    [
        ("name", t::name(lang)),
        ("email", t::email(lang)),
        ("language", t::language(lang)),
        ("time_zone", t::time_zone(lang)),
        ("phone", t::phone(lang)),
        ("extension", t::extension(lang)),
        ("entity", t::home_entity(lang)),
        ("role", t::role(lang)),
    ]
    .map(|(field, label)| FieldName { field, label })
    .to_vec()
}

/// The form of an account; a new one also has its first role.
pub(super) fn form(lang: Lang, page: &Data, user: Option<&UserDetail>, typed: &Typed) -> AnyView {
    let error = refusal_of(form_action::<SaveUser>());
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let held = user.cloned().unwrap_or_default();
    let languages =
        Lang::ALL.map(|l| Choice { value: l.code().to_owned(), name: own_name(l).to_owned(), depth: 0 }).to_vec();
    let first_entity = page.entities.first().map(|entity| entity.value.clone()).unwrap_or_default();
    let home = user.map_or(first_entity, |user| user.entity.id.to_string());
    let as_entity = if user.is_none() { t::as_entity(lang) } else { "" };
    let mut entities = page.entities.clone();
    if entities.iter().all(|entity| entity.value != home) {
        entities.insert(0, Choice { value: home.clone(), name: held.entity.name.clone(), depth: 0 });
    }
    let first_role = user.is_none().then(|| {
        view! {
            <SelectField name="form[role]" label=t::first_role(lang) options=words::role_choices(lang, &page.roles) value=typed.or("role", "") blank=t::no_role(lang) error=wrong("assignments[0].role")/>
            <Checkbox name="form[recursive]" label=t::and_below(lang) checked=typed.ticked("recursive", true)/>
        }
    });
    let ids = user.map(|user| {
        view! {
            {hidden("form[id]", user.id.to_string())}
            {hidden("form[version]", user.version.to_string())}
        }
    });
    let submit = if user.is_none() { t::add_user(lang) } else { t::save(lang) };
    let hint = if user.is_none() { t::new_user_about(lang) } else { "" };
    view! {
        <form class="card form" method="post" action=SaveUser::url() aria-label=t::account(lang)>
            <FormError error=error fields=names(lang)/>
            {ids}
            <div class="field-grid">
                <TextField name="form[name]" label=t::name(lang) value=typed.or("name", &held.name) error=wrong("name") required=true maxlength=100 autocomplete="off"/>
                <TextField name="form[email]" label=t::email(lang) kind="email" value=typed.or("email", &held.email) error=wrong("email") required=true maxlength=254 autocomplete="off"/>
                <SelectField name="form[language]" label=t::language(lang) options=languages value=typed.or("language", &held.language) blank=as_entity error=wrong("language")/>
                <TextField name="form[time_zone]" label=t::time_zone(lang) value=typed.or("time_zone", &held.time_zone) placeholder=as_entity error=wrong("time_zone") maxlength=64/>
                <TextField name="form[phone]" label=t::phone(lang) kind="tel" value=typed.or("phone", &held.phone) error=wrong("phone") maxlength=51 autocomplete="off"/>
                <TextField name="form[extension]" label=t::extension(lang) value=typed.or("extension", &held.extension) error=wrong("extension") maxlength=21 autocomplete="off"/>
                <SelectField name="form[entity]" label=t::home_entity(lang) options=entities value=typed.or("entity", &home) error=wrong("entity")/>
                {first_role}
            </div>
            <div class="form-foot">
                <span class="draft-state muted small">{hint}</span>
                <SubmitButton>{submit}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// The same for those who may not change it.
pub(super) fn facts(lang: Lang, user: &UserDetail) -> AnyView {
    let rows = [
        (t::email(lang), &user.email),
        (t::phone(lang), &user.phone),
        (t::extension(lang), &user.extension),
        (t::home_entity(lang), &user.entity.name),
    ];
    let rows = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value.clone()}</dd></div> })
        .collect_view();
    view! { <section class="card" aria-label=t::account(lang)><dl class="setting-facts">{rows}</dl></section> }
        .into_any()
}
