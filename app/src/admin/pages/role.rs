//! A role: its capabilities beside those of another one, who has it, and its copy.

mod table;

use domain::lang::Lang;
use domain::policy::{CapSet, Capability};
use domain::views::{RoleEffect, RolePage as Data};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::admin::address;
use crate::admin::capabilities;
use crate::admin::server_fns::{DeleteRole, SaveRole, admin_role};
use crate::admin::typed::Typed;
use crate::admin::widgets::{Part, done, frame, hidden};
use crate::admin::words;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::{SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::admin as t;

/// Page `/admin/roles/:id`.
#[component]
pub fn RolePage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let query = use_query_map();
    let typed = StoredValue::new(Typed::take());
    let asked = Memo::new(move |_| {
        let id = params.with(|map| map.get("id").unwrap_or_default());
        (id, query.with(|map| map.get("compare").unwrap_or_default()))
    });
    let data = Resource::new_blocking(move || asked.get(), |(id, compare)| admin_role(id, compare));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => {
                    let note = query.with_untracked(|map| map.get("done").unwrap_or_default());
                    role(lang, &page, &typed.get_value(), &note)
                }
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn role(lang: Lang, page: &Data, typed: &Typed, note: &str) -> AnyView {
    let name = words::role(lang, &page.role.role);
    let kind = if page.role.shipped { t::shipped(lang) } else { t::own_role(lang) };
    let signs = view! { <span class="badge">{kind}</span> };
    let effects = (note == "saved").then(|| effects(lang, &page.effects));
    let shipped = page.role.shipped.then(|| view! { <Banner tone=Tone::Info text=t::shipped_about(lang)/> });
    let copying = typed.of("copy_role");
    let copy = page.may_copy.then(|| copy(lang, page, &name, &copying));
    let delete = page.may_change.then(|| delete(lang, page));
    let content = view! {
        {done(lang, note)}
        {effects}
        {shipped}
        {compare(lang, page)}
        {rights(lang, page, &typed.of("save_role"), copying.is_some())}
        {holders(lang, page)}
        {copy}
        {delete}
    };
    frame(lang, Part::Roles, &name, signs.into_any(), content.into_any())
}

/// Who gained or lost what by the save just now.
fn effects(lang: Lang, effects: &[RoleEffect]) -> AnyView {
    if effects.is_empty() {
        return view! { <Banner tone=Tone::Info text=t::nobody_affected(lang)/> }.into_any();
    }
    let parts = effects.iter().map(|effect| one_effect(lang, effect)).collect_view();
    view! {
        <section class="card" aria-labelledby="effects">
            <h2 class="card-title" id="effects">{t::effects(lang)}</h2>
            {parts}
        </section>
    }
    .into_any()
}

fn one_effect(lang: Lang, effect: &RoleEffect) -> AnyView {
    let names: Vec<&str> = effect.names.iter().map(|user| user.name.as_str()).collect();
    let people = t::people(lang, i64::from(effect.people));
    let who = if names.is_empty() { people } else { [people.as_str(), ": ", &names.join(", ")].concat() };
    let list = |set: CapSet| set.iter().map(|one| capabilities::word(lang, one)).collect::<Vec<_>>().join(" · ");
    let gained = (!effect.gained.is_empty()).then(|| {
        view! { <p><Icon name="plus" small=true/><b>{t::gain(lang)}</b>" "{list(effect.gained)}</p> }
    });
    let lost = (!effect.lost.is_empty()).then(|| {
        view! { <p><Icon name="minus" small=true/><b>{t::lose(lang)}</b>" "{list(effect.lost)}</p> }
    });
    view! { <div class="admin-effect"><p>{who}</p>{gained}{lost}</div> }.into_any()
}

fn compare(lang: Lang, page: &Data) -> AnyView {
    let own = page.role.role.id;
    let others: Vec<_> = page.roles.iter().filter(|role| role.id != own).cloned().collect();
    let chosen = page.compared.as_ref().map(|other| other.role.id.to_string()).unwrap_or_default();
    view! {
        <form class="filter-bar" method="get" action=address::role(&own.to_string(), "")>
            <SelectField name="compare" label=t::compare_with(lang) options=words::role_choices(lang, &others) value=chosen blank=t::nothing(lang)/>
            <button class="btn btn-sm" r#type="submit">{t::compare(lang)}</button>
        </form>
    }
    .into_any()
}

fn names(lang: Lang) -> Vec<FieldName> {
    vec![FieldName { field: "name", label: t::name(lang) }]
}

/// The table; of a copy, in a form.
fn rights(lang: Lang, page: &Data, typed: &Typed, is_copying: bool) -> AnyView {
    if !page.may_change {
        return table::table(lang, page, page.role.capabilities, false);
    }
    let refusal = refusal_of(form_action::<SaveRole>());
    // The copy is made by the same function: its refusal stands beside its own form.
    let error = Signal::derive(move || if is_copying { None } else { refusal.get() });
    let wrong =
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), "name")));
    let held = if typed.is_some() {
        typed.or("capabilities", "").split(' ').filter_map(|name| name.parse::<Capability>().ok()).collect::<CapSet>()
    } else {
        page.role.capabilities
    };
    view! {
        <form class="form" method="post" action=SaveRole::url() aria-label=t::role(lang)>
            <FormError error=error fields=names(lang)/>
            {hidden("form[id]", page.role.role.id.to_string())}
            {hidden("form[version]", page.role.version.to_string())}
            <TextField name="form[name]" label=t::name(lang) value=typed.or("name", &page.role.role.name) error=wrong required=true maxlength=100 autocomplete="off"/>
            {table::table(lang, page, held, true)}
            <div class="form-foot">
                <span class="draft-state muted small">{t::save_role_about(lang, i64::from(page.role.people))}</span>
                <SubmitButton>{t::save(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

fn holders(lang: Lang, page: &Data) -> AnyView {
    let rows = page
        .holders
        .iter()
        .map(|holder| {
            let place =
                if holder.recursive { t::entity_below(lang, &holder.entity.name) } else { holder.entity.name.clone() };
            view! {
                <li>
                    <Icon name="user"/>
                    <a class="quiet-link" href=address::user(&holder.user.id.to_string(), "")>{holder.user.name.clone()}</a>
                    <span class="muted small">{place}</span>
                </li>
            }
        })
        .collect_view();
    let title = t::who_has_it_n(lang, i64::from(page.role.people));
    view! {
        <section class="card" aria-labelledby="holders">
            <h2 class="card-title" id="holders">{title}</h2>
            <ul class="admin-rows">{rows}</ul>
        </section>
    }
    .into_any()
}

fn copy(lang: Lang, page: &Data, name: &str, typed: &Typed) -> AnyView {
    let error = refusal_of(form_action::<SaveRole>());
    let is_of_copy = typed.is_some() || !page.may_change;
    let shown = Signal::derive(move || if is_of_copy { error.get() } else { None });
    let begun = t::copy_of(lang, name);
    view! {
        <section class="card" aria-labelledby="copy">
            <h2 class="card-title" id="copy">{t::copy_role(lang)}</h2>
            <form class="form admin-add" method="post" action=SaveRole::url()>
                <FormError error=shown/>
                {hidden("form[copy_of]", page.role.role.id.to_string())}
                <div class="filter-bar">
                    <TextField name="form[name]" id="copy-name" label=t::name_of_copy(lang) value=typed.or("name", &begun) maxlength=100 autocomplete="off"/>
                    <SubmitButton kind=ButtonKind::Plain icon="copy">{t::copy(lang)}</SubmitButton>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn delete(lang: Lang, page: &Data) -> AnyView {
    let error = refusal_of(form_action::<DeleteRole>());
    view! {
        <section class="card" aria-labelledby="delete">
            <h2 class="card-title" id="delete">{t::delete_role(lang)}</h2>
            <FormError error=error/>
            <form class="admin-command" method="post" action=DeleteRole::url()>
                {hidden("id", page.role.role.id.to_string())}
                {hidden("version", page.role.version.to_string())}
                <p>{t::delete_role_about(lang)}</p>
                <SubmitButton kind=ButtonKind::Plain icon="trash-2">{t::delete(lang)}</SubmitButton>
            </form>
        </section>
    }
    .into_any()
}
