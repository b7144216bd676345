//! Registering a ticket (T-TKT-01).

use domain::error::FieldErrors;
use domain::lang::Lang;
use domain::views::{Choice, DraftView, NewTicketView};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{FieldError, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::PriorityBadge;
use crate::form_action::{FormAction, form_action, refusal_of, send};
use crate::kept::{TextKept, upload_path};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tickets as t;
use crate::tickets::server_fns::{CreateTicket, new_ticket};
use crate::tickets::widgets::composer::{sentence_of, wrong_file};
use crate::tickets::widgets::draft::{DiscardForm, Draft, DraftState, text_and_html};
use crate::tickets::widgets::words;

type CreateAction = FormAction<CreateTicket>;

const DISCARD: &str = "discard-ticket";

/// Page `/tickets/new`.
#[component]
pub fn CreateTicketPage() -> impl IntoView {
    let create = form_action::<CreateTicket>();
    let data = Resource::new_blocking(|| (), |()| new_ticket());
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Create page=page create=create/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Create(page: NewTicketView, create: CreateAction) -> impl IntoView {
    let lang = use_lang();
    let form = NodeRef::<html::Form>::new();
    let draft = Draft::new(form, "ticket", "new".to_owned(), page.draft.as_ref());
    let error = refusal_of(create);
    let wrong = Memo::new(move |_| message::fields(error.get().as_ref()));
    forget_after_save(create, draft);
    view! {
        <PageTitle text=t::create_ticket(lang)/>
        <AgentLayout skip_to_form="new-ticket">
            <form
                class="page page-mid editor-tall"
                id="new-ticket"
                method="post"
                action=CreateTicket::url()
                node_ref=form
                on:submit=send(create)
                on:input=move |_| draft.typed()
                on:change=move |_| draft.typed()
            >
                <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
                <input r#type="hidden" name="form[key]" value=page.key.clone()/>
                <div class="page-head"><h1>{t::create_ticket(lang)}</h1></div>
                <TextKept/>
                <FormError error=error fields=field_names(lang)/>
                <div class="page-split">
                    <div class="stack">{texts(lang, &page, wrong)}</div>
                    <div class="stack card">{facts(lang, &page, wrong)}</div>
                </div>
                <div class="form-foot">
                    <DraftState draft=draft discard=DISCARD/>
                    <LinkButton href="/tickets" kind=ButtonKind::Ghost>{t::cancel(lang)}</LinkButton>
                    <SubmitButton>{t::create_ticket(lang)}</SubmitButton>
                </div>
            </form>
            <DiscardForm id=DISCARD draft=draft back="/tickets/new"/>
        </AgentLayout>
    }
}

/// A text of the draft.
fn saved(page: &NewTicketView, field: &str) -> String {
    page.draft.as_ref().map(|draft| draft.text(field)).unwrap_or_default()
}

/// One of several texts of the draft.
fn saved_at(draft: Option<&DraftView>, field: &str, at: usize) -> String {
    let list = draft.and_then(|draft| draft.fields.get(field)).and_then(serde_json::Value::as_array);
    list.and_then(|all| all.get(at)).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

fn texts(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>) -> AnyView {
    let (text, html) = text_and_html(page.draft.as_ref(), "description");
    let error = sentence_of(lang, wrong, "description");
    let attached = page.draft.as_ref().map(|draft| draft.attachments.clone()).unwrap_or_default();
    view! {
        <TextField
            name="form[title]"
            label=t::field_title(lang)
            value=saved(page, "title")
            hint=t::title_hint(lang)
            maxlength=250
            error=sentence_of(lang, wrong, "title")
        />
        <div class="field">
            <label class="field-label" r#for="form-description">
                {t::field_description(lang)}<span class="field-required">{t::required(lang)}</span>
            </label>
            <DeskEditor
                name="form[description]"
                format_name="form[format]"
                label=t::field_description(lang)
                text=text
                html=html
                rows=8
                described_by="form-description-error"
                invalid=Signal::derive(move || error.with(Option::is_some))
            />
            <FieldError id="form-description-error" error=error/>
        </div>
        <div class="field">
            <span class="field-label">{t::field_attachments(lang)}</span>
            <DeskFiles
                name="form[attachments][]"
                attached=attached
                max_bytes=page.choices.upload_max
                forbidden=page.choices.forbidden_extensions.clone()
                upload_action=upload_path("ticket", "new", "/tickets/new")
            />
            <FieldError id="form-attachments-error" error=wrong_file(lang, wrong)/>
        </div>
    }
    .into_any()
}

fn facts(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>) -> AnyView {
    let choices = &page.choices;
    let select = |field: &'static str, options: Vec<Choice>, blank: &'static str| {
        view! {
            <SelectField
                name=format!("form[{field}]")
                label=words::field(lang, field)
                options=options
                value=saved(page, field)
                blank=blank
                error=sentence_of(lang, wrong, if field == "kind" { "type" } else { field })
            />
        }
        .into_any()
    };
    let entity =
        (choices.entities.len() > 1).then(|| select("entity", choices.entities.clone(), t::of_the_requester(lang)));
    let priority =
        page.may_set_priority.then(|| select("priority", words::levels(lang, 6), t::from_urgency_and_impact(lang)));
    // Below its field the value needs no name.
    let made = if page.may_set_priority {
        "= ".to_owned()
    } else {
        [t::field_priority(lang), crate::t::requests::colon(lang)].concat()
    };
    view! {
        {people(lang, page, wrong)}
        <div class="field-grid field-grid-tight">
            {select("kind", words::kinds(lang), "")}
            {select("category", choices.ticket_categories.clone(), t::none_category(lang))}
            {select("urgency", words::levels(lang, 5), t::usual_urgency(lang))}
            {select("impact", words::impacts(lang), t::usual_impact(lang))}
            {priority}
            // Follows the two (`frontend/js/tickets`); without scripts it is not shown.
            <output class="computed-priority" data-matrix=page.priorities.clone()>{made}<PriorityBadge level=3/></output>
        </div>
        {assignee(lang, page, wrong)}
        <details class="fold">
            <summary><Icon name="chevron-right"/>{t::more_fields(lang)}</summary>
            {entity}
            {select("location", choices.locations.clone(), t::none_location(lang))}
            {select("source", choices.ticket_sources.clone(), t::usual_source(lang))}
            {time(lang, page, wrong, "opened_at")}
            {time(lang, page, wrong, "due_own_at")}
            {time(lang, page, wrong, "due_resolve_at")}
            <TextField
                name="form[observers][]"
                label=t::field_observer(lang)
                hint=t::email_hint(lang)
                value=saved_at(page.draft.as_ref(), "observers", 0)
                error=first_of(lang, wrong, "observers")
            />
        </details>
    }
    .into_any()
}

/// Somebody of the list, or an address.
fn people(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>) -> AnyView {
    view! {
        <SelectField
            name="form[requesters][]"
            label=t::field_requester(lang)
            options=page.choices.people.clone()
            value=saved_at(page.draft.as_ref(), "requesters", 0)
            blank=t::me(lang)
            error=first_of(lang, wrong, "requesters")
        />
        <TextField
            name="form[requesters][]"
            id="form-requesters-more"
            label=t::other_requester(lang)
            hint=t::email_hint(lang)
            autocomplete="off"
            value=saved_at(page.draft.as_ref(), "requesters", 1)
        />
    }
    .into_any()
}

fn assignee(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>) -> AnyView {
    let mut options = vec![Choice { value: "me".to_owned(), name: t::me(lang).to_owned(), depth: 0 }];
    if page.may_assign {
        options.extend(page.choices.assignable.iter().cloned());
    }
    view! {
        <SelectField
            name="form[assignees][]"
            label=t::field_assignee(lang)
            options=options
            value=saved_at(page.draft.as_ref(), "assignees", 0)
            blank=t::unassigned(lang)
            error=first_of(lang, wrong, "assignees")
        />
    }
    .into_any()
}

fn time(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>, field: &'static str) -> AnyView {
    view! {
        <TextField
            name=format!("form[{field}]")
            label=words::field(lang, field)
            kind="datetime-local"
            value=saved(page, field)
            error=sentence_of(lang, wrong, field)
        />
    }
    .into_any()
}

/// The first wrong one of a list: `requesters` or `requesters[1]`.
fn first_of(lang: Lang, wrong: Memo<FieldErrors>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        wrong.with(|wrong| {
            let found = wrong.0.iter().find(|one| message::base_of(&one.field) == field);
            found.map(|one| message::code_sentence(lang, one.code).to_owned())
        })
    })
}

fn field_names(lang: Lang) -> Vec<FieldName> {
    [
        "title",
        "description",
        "attachments",
        "requesters",
        "category",
        "urgency",
        "impact",
        "priority",
        "assignees",
        "location",
        "source",
        "entity",
        "opened_at",
        "due_own_at",
        "due_resolve_at",
        "observers",
    ]
    .map(|field| FieldName { field, label: words::field(lang, field) })
    .to_vec()
}

fn forget_after_save(create: CreateAction, draft: Draft) {
    let value = create.value();
    Effect::new(move |_| {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            draft.posted();
        }
    });
}
