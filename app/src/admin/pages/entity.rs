//! An entity: its name, its place, and its end.

use domain::lang::Lang;
use domain::views::{Choice, EntityRow, EntityTree};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::admin::server_fns::{DeleteEntity, SaveEntity, admin_entities};
use crate::admin::typed::Typed;
use crate::admin::widgets::{Part, frame, hidden};
use crate::boot::use_lang;
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::{SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::not_found::NotFoundPage;
use crate::t::admin as t;

/// Page `/admin/entities/:id`.
#[component]
pub fn EntityPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let typed = StoredValue::new(Typed::take());
    let id = Memo::new(move |_| params.with(|map| map.get("id").unwrap_or_default()));
    let data = Resource::new_blocking(move || id.get(), |_id| admin_entities());
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(tree) => one(lang, &tree, &id.get_untracked(), &typed.get_value().of("save_entity")),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn one(lang: Lang, tree: &EntityTree, id: &str, typed: &Typed) -> AnyView {
    let found = tree.rows.iter().find(|row| row.id.to_string() == id);
    if found.is_none() && id != "new" {
        return view! { <NotFoundPage/> }.into_any();
    }
    let delete = found.filter(|row| !row.is_root).map(|row| delete(lang, row));
    let title = found.map_or_else(|| t::add_entity(lang).to_owned(), |row| row.name.clone());
    let content = view! {
        {form(lang, tree, found, typed)}
        {delete}
    };
    frame(lang, Part::Entities, &title, ().into_any(), content.into_any())
}

fn names(lang: Lang) -> Vec<FieldName> {
    [("name", t::name(lang)), ("parent", t::parent(lang))].map(|(field, label)| FieldName { field, label }).to_vec()
}

fn form(lang: Lang, tree: &EntityTree, row: Option<&EntityRow>, typed: &Typed) -> AnyView {
    let error = refusal_of(form_action::<SaveEntity>());
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let held = row.cloned().unwrap_or_default();
    let own = held.id.to_string();
    let first = tree.choices.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let parent = match row {
        None => first,
        Some(row) => row.parent.as_ref().map(|parent| parent.id.to_string()).unwrap_or_default(),
    };
    // The root stays where it is, and so does the topmost one in sight: what is above it is not the reader's.
    let place = (row.is_none() || !parent.is_empty()).then(|| {
        let options: Vec<Choice> = tree.choices.iter().filter(|choice| choice.value != own).cloned().collect();
        view! {
            <SelectField name="form[parent]" label=t::parent(lang) hint=t::parent_about(lang) options=options value=typed.or("parent", &parent) error=wrong("parent")/>
        }
    });
    let ids = row.map(|row| {
        view! {
            {hidden("form[id]", row.id.to_string())}
            {hidden("form[version]", row.version.to_string())}
        }
    });
    let submit = if row.is_none() { t::add_entity(lang) } else { t::save(lang) };
    view! {
        <form class="card form" method="post" action=SaveEntity::url() aria-label=t::entity(lang)>
            <FormError error=error fields=names(lang)/>
            {ids}
            <div class="field-grid">
                <TextField name="form[name]" label=t::name(lang) value=typed.or("name", &held.name) error=wrong("name") required=true maxlength=100 autocomplete="off"/>
                {place}
            </div>
            <div class="form-foot">
                <span class="draft-state"></span>
                <SubmitButton>{submit}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

fn delete(lang: Lang, row: &EntityRow) -> AnyView {
    let error = refusal_of(form_action::<DeleteEntity>());
    view! {
        <section class="card" aria-labelledby="delete">
            <h2 class="card-title" id="delete">{t::delete_entity(lang)}</h2>
            <FormError error=error/>
            <form class="admin-command" method="post" action=DeleteEntity::url()>
                {hidden("id", row.id.to_string())}
                {hidden("version", row.version.to_string())}
                <p>{t::delete_entity_about(lang)}</p>
                <SubmitButton kind=ButtonKind::Plain icon="trash-2">{t::delete(lang)}</SubmitButton>
            </form>
        </section>
    }
    .into_any()
}
