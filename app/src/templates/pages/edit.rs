//! The page of a template: one form for name, place and the four texts, and how they look with a ticket. What was typed and
//! refused, or only shown, comes back until it is saved or discarded.

use domain::error::{AppError, FieldErrors};
use domain::forms::SaveTemplate as Form;
use domain::lang::Lang;
use domain::template::{TemplateKind, text_field};
use domain::views;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::parts;
use crate::account::preferences::own_name;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::field::{Checkbox, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::templates as t;
use crate::tasks::words as tasks;
use crate::templates::server_fns::{RemoveTemplate, SaveTemplate, template_form};
use crate::templates::{address, words};
use crate::tickets::server_fns::DiscardDraft;

/// Pages `/settings/templates/new` and `/settings/templates/:id`.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let of = |name: &str| query.with(|map| map.get(name).unwrap_or_default());
        let id = params.with(|map| map.get("id").unwrap_or_default());
        (id, of("kind"), of("ticket"), of("language"))
    });
    let saved = Memo::new(move |_| query.with(|map| map.get("saved").is_some()));
    let data = Resource::new_blocking(
        move || asked.get(),
        |(id, kind, ticket, language)| template_form(id, kind, ticket, language),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Template page=with_late(page) asked=asked.get_untracked() saved=saved.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// The same with what was posted after the sign-in had ended; its version is that it was typed on (T-DRF-03).
fn with_late(page: views::TemplatePage) -> views::TemplatePage {
    let typed = Refused::of::<SaveTemplate>().about("form[id]", &page.form.id);
    if !typed.is_some() || typed.value("form[reset]").is_some() {
        return page;
    }
    let text = |name: &str, held: &str| typed.or(&["form[", name, "]"].concat(), held);
    let begun = &page.form;
    let own = |of: Lang| text(Form::text_name(of), begun.text(of));
    let form = Form {
        id: begun.id.clone(),
        kind: begun.kind.clone(),
        version: text("version", "").parse().unwrap_or(begun.version),
        name: text("name", &begun.name),
        entity: text("entity", &begun.entity),
        recursive: typed.ticked("form[recursive]", begun.recursive),
        active: typed.ticked("form[active]", begun.active),
        text_en: own(Lang::En),
        text_pt_br: own(Lang::PtBr),
        text_es: own(Lang::Es),
        text_fr: own(Lang::Fr),
        category: text("category", &begun.category),
        source: text("source", &begun.source),
        visibility: text("visibility", &begun.visibility),
        state: text("state", &begun.state),
        estimated_minutes: text("estimated_minutes", &begun.estimated_minutes),
        user: text("user", &begun.user),
        group: text("group", &begun.group),
        reminder_minutes: text("reminder_minutes", &begun.reminder_minutes),
        ..Form::default()
    };
    views::TemplatePage { form, ..page }
}

/// Id, kind, ticket and language of the address.
type Asked = (String, String, String, String);

#[component]
fn Template(page: views::TemplatePage, asked: Asked, saved: bool) -> impl IntoView {
    let lang = use_lang();
    let kind = page.kind;
    let title = page.row.as_ref().map_or_else(|| words::new(lang, kind).to_owned(), |row| row.name.clone());
    let refusal = refusal_of(form_action::<SaveTemplate>());
    let removal = refusal_of(form_action::<RemoveTemplate>());
    let told =
        move || removal.get().map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    let (_, _, ticket, language) = asked;
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-mid">
                <p class="small">
                    <a class="back-link quiet-link muted" href=address::list(kind)><Icon name="arrow-left"/>{words::kind(lang, kind)}</a>
                </p>
                <div class="page-head"><h1>{title}</h1></div>
                {told}
                {parts::notices(lang, &page, saved)}
                {form(lang, &page, refusal, &ticket, &language)}
                {parts::preview(lang, &page)}
                {parts::used(lang, &page)}
                {parts::remove(lang, &page)}
                {discard(&page)}
            </div>
        </AgentLayout>
    }
}

/// The form behind "Discard", which stands in the notice above.
fn discard(page: &views::TemplatePage) -> AnyView {
    let object = page.row.as_ref().map_or_else(|| ["new-", page.kind.plural()].concat(), |row| row.id.to_string());
    let back = page.row.as_ref().map_or_else(|| address::new(page.kind), |row| address::page(row.id));
    view! {
        <form id=parts::DISCARD method="post" action=DiscardDraft::url() hidden=true>
            <input r#type="hidden" name="kind" value="template"/>
            <input r#type="hidden" name="object" value=object/>
            <input r#type="hidden" name="back" value=back/>
        </form>
    }
    .into_any()
}

fn form(
    lang: Lang,
    page: &views::TemplatePage,
    refusal: Memo<Option<AppError>>,
    ticket: &str,
    language: &str,
) -> AnyView {
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let begun = &page.form;
    let texts = Lang::ALL.into_iter().map(|of| parts::text(lang, of, page, wrong)).collect_view();
    let may_save = page.row.as_ref().is_none_or(|row| row.editable);
    let read_only = (!may_save).then(|| {
        let entity = page.row.as_ref().map(|row| row.entity.name.clone()).unwrap_or_default();
        view! { <Banner text=t::read_only(lang, &entity)/> }
    });
    let save = may_save.then(|| view! { <SubmitButton>{t::save(lang)}</SubmitButton> });
    let reset = (may_save && page.row.as_ref().is_some_and(|row| row.shipped)).then(|| {
        view! {
            <button class="btn btn-ghost btn-sm" r#type="submit" name="form[reset]" value="true">{t::reset(lang)}</button>
        }
    });
    let sets = match page.kind {
        TemplateKind::Reply | TemplateKind::Task => Some(sets(lang, page, wrong)),
        TemplateKind::Solution => Some(sets_type(lang, page, wrong)),
        TemplateKind::Mail => None,
    };
    view! {
        <form class="card form" method="post" action=SaveTemplate::url()>
            // Enter in a field takes the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <FormError error=refusal fields=field_names(lang)/>
            {read_only}
            <input r#type="hidden" name="form[id]" value=begun.id.clone()/>
            <input r#type="hidden" name="form[kind]" value=page.kind.plural()/>
            <input r#type="hidden" name="form[version]" value=begun.version.to_string()/>
            <div class="field-grid">
                <TextField name="form[name]" label=t::name(lang) value=begun.name.clone() required=true maxlength=100 error=sentence(lang, wrong, "name")/>
                {entity(lang, page, wrong)}
            </div>
            <Checkbox name="form[recursive]" label=t::recursive(lang) checked=begun.recursive/>
            <Checkbox name="form[active]" label=t::active(lang) checked=begun.active/>
            {sets}
            <fieldset class="template-texts">
                <legend>{t::texts(lang)}</legend>
                <p class="field-hint" id=parts::TEXTS_HINT>{t::texts_hint(lang)}</p>
                {texts}
            </fieldset>
            {parts::variables(lang, page)}
            {parts::ask_preview(lang, page, ticket, language)}
            <div class="form-foot"><span class="draft-state"></span>{reset}{save}</div>
        </form>
    }
    .into_any()
}

/// Where it is kept: chosen once.
fn entity(lang: Lang, page: &views::TemplatePage, wrong: Memo<FieldErrors>) -> AnyView {
    match &page.row {
        Some(row) => {
            let name = row.entity.name.clone();
            view! { <div class="field"><span class="field-label">{t::entity(lang)}</span><span>{name}</span></div> }
                .into_any()
        }
        None => view! {
            <SelectField
                name="form[entity]"
                label=t::entity(lang)
                options=page.entities.clone()
                value=page.form.entity.clone()
                error=sentence(lang, wrong, "entity")
            />
        }
        .into_any(),
    }
}

/// What a reply or a task sets besides its text.
fn sets(lang: Lang, page: &views::TemplatePage, wrong: Memo<FieldErrors>) -> AnyView {
    let begun = &page.form;
    let option = |value: &str, name: &str| views::Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 };
    let visibilities =
        vec![option("private", crate::t::tickets::private(lang)), option("public", crate::t::tickets::public(lang))];
    let source = (page.kind == TemplateKind::Reply).then(|| {
        view! {
            <SelectField
                name="form[source]"
                label=t::source(lang)
                options=parts::with_chosen(lang, page.sources.clone(), &begun.source)
                value=begun.source.clone()
                blank=t::sets_none(lang)
                error=sentence(lang, wrong, "source")
            />
        }
    });
    let of_task = (page.kind == TemplateKind::Task).then(|| sets_of_task(lang, page, wrong));
    view! {
        <div class="field-grid">
            <SelectField
                name="form[category]"
                label=t::category(lang)
                options=parts::with_chosen(lang, page.categories.clone(), &begun.category)
                value=begun.category.clone()
                blank=t::sets_none(lang)
                error=sentence(lang, wrong, "category")
            />
            {source}
            <SelectField
                name="form[visibility]"
                label=t::visibility(lang)
                options=visibilities
                value=begun.visibility.clone()
                blank=t::sets_none(lang)
                error=sentence(lang, wrong, "visibility")
            />
            {of_task}
        </div>
    }
    .into_any()
}

/// What a solution sets besides its text: the form calls its type as it calls the category of a reply.
fn sets_type(lang: Lang, page: &views::TemplatePage, wrong: Memo<FieldErrors>) -> AnyView {
    let begun = &page.form;
    view! {
        <div class="field-grid">
            <SelectField
                name="form[category]"
                id="form-type"
                label=t::solution_type(lang)
                options=parts::with_chosen(lang, page.categories.clone(), &begun.category)
                value=begun.category.clone()
                blank=t::sets_none(lang)
                error=sentence(lang, wrong, "type")
            />
        </div>
    }
    .into_any()
}

/// What only a task has: where it begins, how long it takes, who does it, when to remind.
fn sets_of_task(lang: Lang, page: &views::TemplatePage, wrong: Memo<FieldErrors>) -> AnyView {
    let begun = &page.form;
    let select = |field: &'static str, options: Vec<views::Choice>, value: &str| {
        view! {
            <SelectField
                name=["form[", field, "]"].concat()
                label=tasks::field(lang, field)
                options=parts::with_chosen(lang, options, value)
                value=value.to_owned()
                blank=t::sets_none(lang)
                error=sentence(lang, wrong, field)
            />
        }
    };
    // People and groups come as one list, each with what it is.
    let of = |kind: &str| -> Vec<views::Choice> {
        let known = page.assignable.iter().filter_map(|choice| {
            let value = choice.value.strip_prefix(kind)?.to_owned();
            Some(views::Choice { value, ..choice.clone() })
        });
        known.collect()
    };
    view! {
        {select("state", tasks::states(lang), &begun.state)}
        <TextField
            name="form[estimated_minutes]"
            label=tasks::field(lang, "estimated_minutes")
            value=begun.estimated_minutes.clone()
            placeholder="1h30"
            error=sentence(lang, wrong, "estimated_minutes")
        />
        {select("user", of("user:"), &begun.user)}
        {select("group", of("group:"), &begun.group)}
        {select("reminder_minutes", tasks::reminders(lang), &begun.reminder_minutes)}
    }
    .into_any()
}

fn sentence(lang: Lang, wrong: Memo<FieldErrors>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || wrong.with(|wrong| message::field_sentence(lang, wrong, field)))
}

fn field_names(lang: Lang) -> Vec<FieldName> {
    let plain = [
        ("name", t::name(lang)),
        ("entity", t::entity(lang)),
        ("category", t::category(lang)),
        ("type", t::solution_type(lang)),
        ("source", t::source(lang)),
        ("visibility", t::visibility(lang)),
    ];
    let texts = Lang::ALL.map(|of| (text_field(of), own_name(of)));
    let of_tasks = ["state", "estimated_minutes", "user", "group", "reminder_minutes"]
        .map(|field| (field, tasks::field(lang, field)));
    plain.into_iter().chain(of_tasks).chain(texts).map(|(field, label)| FieldName { field, label }).collect()
}
