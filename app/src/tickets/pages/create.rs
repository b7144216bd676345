//! Registering a ticket (T-TKT-01).

use domain::error::FieldErrors;
use domain::lang::Lang;
use domain::views::{Choice, NewTicketView};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use serde_json::Value;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{Checkbox, FieldError, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::PriorityBadge;
use crate::customers::chooser::Chooser;
use crate::form_action::{FormAction, form_action, refusal_of, send};
use crate::kept::{TextKept, upload_path};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::{chooser as choice, tickets as t};
use crate::tickets::server_fns::{CreateTicket, LookForCustomer, new_ticket};
use crate::tickets::widgets::composer::{sentence_of, wrong_file};
use crate::tickets::widgets::draft::{DiscardForm, Draft, DraftState, text_and_html};
use crate::tickets::widgets::header::follow_up_path;
use crate::tickets::widgets::words;

type CreateAction = FormAction<CreateTicket>;

const PATH: &str = "/tickets/new";
const DISCARD: &str = "discard-ticket";

/// Page `/tickets/new`; `?follow_up_of=12` begins with what ticket 12 says, `?words=acme` with customers to choose from,
/// `?title=VPN` with that title, unless there is one already.
#[component]
pub fn CreateTicketPage() -> impl IntoView {
    let create = form_action::<CreateTicket>();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|map| (map.get("follow_up_of").unwrap_or_default(), map.get("words").unwrap_or_default()))
    });
    let data = Resource::new_blocking(move || asked.get(), |(follow_up, words)| new_ticket(follow_up, words));
    let title = move || query.with_untracked(|map| map.get("title").unwrap_or_default());
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Create page=page create=create title=title() looked_for={asked.get_untracked().1}/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Create(page: NewTicketView, create: CreateAction, title: String, looked_for: String) -> impl IntoView {
    let lang = use_lang();
    let (here, back) = match page.follows {
        Some(number) => (follow_up_path(number), format!("/tickets/{number}")),
        None => (PATH.to_owned(), "/tickets".to_owned()),
    };
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
                {page.follows.map(|number| follows(lang, number))}
                <TextKept/>
                <FormError error=error fields=field_names(lang)/>
                <div class="page-split">
                    <div class="stack">{texts(lang, &page, title, wrong, &here)}</div>
                    <div class="stack card">{facts(lang, &page, wrong, looked_for)}</div>
                </div>
                <div class="form-foot">
                    <DraftState draft=draft discard=DISCARD/>
                    <LinkButton href=back kind=ButtonKind::Ghost>{t::cancel(lang)}</LinkButton>
                    <SubmitButton>{t::create_ticket(lang)}</SubmitButton>
                </div>
            </form>
            <DiscardForm id=DISCARD draft=draft back=here/>
        </AgentLayout>
    }
}

/// Which ticket it follows (T-STA-30).
fn follows(lang: Lang, number: i64) -> AnyView {
    view! {
        <p class="muted"><a class="link" href=format!("/tickets/{number}")>{t::follow_up_of(lang, &number.to_string())}</a></p>
        <input r#type="hidden" name="form[follow_up_of]" value=number.to_string()/>
    }
    .into_any()
}

/// What a field begins with: what the ticket it follows says, else what the draft holds.
fn begun<'p>(page: &'p NewTicketView, field: &str) -> Option<&'p Value> {
    page.begun.get(field).or_else(|| page.draft.as_ref().and_then(|draft| draft.fields.get(field)))
}

/// A text.
fn saved(page: &NewTicketView, field: &str) -> String {
    begun(page, field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Several texts.
fn saved_list<'p>(page: &'p NewTicketView, field: &str) -> impl Iterator<Item = &'p str> + use<'p> {
    begun(page, field).and_then(Value::as_array).into_iter().flatten().map(|text| text.as_str().unwrap_or_default())
}

/// One of them.
fn saved_at(page: &NewTicketView, field: &str, at: usize) -> String {
    saved_list(page, field).nth(at).unwrap_or_default().to_owned()
}

/// `title` is that of the address: what somebody typed, and what a ticket that is followed says, goes before it.
fn texts(lang: Lang, page: &NewTicketView, title: String, wrong: Memo<FieldErrors>, here: &str) -> AnyView {
    let known = saved(page, "title");
    let title = if known.trim().is_empty() { title } else { known };
    let (text, html) = text_and_html(page.draft.as_ref(), "description");
    let error = sentence_of(lang, wrong, "description");
    let attached = page.draft.as_ref().map(|draft| draft.attachments.clone()).unwrap_or_default();
    view! {
        <TextField
            name="form[title]"
            label=t::field_title(lang)
            value=title
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
                upload_action=upload_path("ticket", "new", here)
            />
            <FieldError id="form-attachments-error" error=wrong_file(lang, wrong)/>
        </div>
    }
    .into_any()
}

fn facts(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>, looked_for: String) -> AnyView {
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
        {page.sees_customers.then(|| customer(lang, page, wrong, looked_for))}
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
                value=saved_at(page, "observers", 0)
                error=first_of(lang, wrong, "observers")
            />
        </details>
    }
    .into_any()
}

/// Whose it is, for those who see customers (C-CUS-03): looked for without leaving the page, or by a page that comes back to it.
fn customer(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>, looked_for: String) -> AnyView {
    let button = view! {
        <button class="btn btn-sm" r#type="submit" formaction=LookForCustomer::url() formnovalidate=true>
            {choice::find(lang)}
        </button>
    };
    Chooser {
        lang,
        name: "form[customer]",
        search: "words",
        id: "form-customer",
        purpose: "new-ticket".to_owned(),
        chosen: page.customer.as_ref(),
        found: &page.found,
        words: looked_for,
        may_be_empty: true,
        error: sentence_of(lang, wrong, "customer"),
        button: button.into_any(),
    }
    .view()
}

/// Somebody of the list, or an address; in a follow-up the other requesters of the ticket before it, too.
fn people(lang: Lang, page: &NewTicketView, wrong: Memo<FieldErrors>) -> AnyView {
    let shared = page.shared.iter().enumerate().map(|(index, one)| {
        let checked = saved_list(page, "requesters").any(|value| value == one.value);
        view! {
            <Checkbox
                name="form[requesters][]"
                id=format!("form-requesters-{index}")
                value=one.value.clone()
                label=one.name.clone()
                checked=checked
            />
        }
    });
    view! {
        <SelectField
            name="form[requesters][]"
            label=t::field_requester(lang)
            options=page.choices.people.clone()
            value=saved_at(page, "requesters", 0)
            blank=t::me(lang)
            error=first_of(lang, wrong, "requesters")
        />
        <TextField
            name="form[requesters][]"
            id="form-requesters-more"
            label=t::other_requester(lang)
            hint=t::email_hint(lang)
            autocomplete="off"
            value=saved_at(page, "requesters", 1)
        />
        {shared.collect_view()}
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
            value=saved_at(page, "assignees", 0)
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
        "customer",
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
