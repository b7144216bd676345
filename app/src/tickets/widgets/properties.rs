//! Properties of a ticket, each with its own small form: one field, one save, one event. The forms stand in native
//! popovers, so they open before and without scripts.

use domain::forms::Command;
use domain::lang::Lang;
use domain::views::{ActorKind, ActorView, Choice, PropertyView, Ref, TicketDetail};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::command_form::{command_path, may};
use super::header::UpdateAction;
use super::words;
use crate::components::button::SubmitButton;
use crate::components::desk_editor::DeskEditor;
use crate::components::field::{Field, SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::sign::priority_word;
use crate::components::text_area::TextArea;
use crate::form_action::send;
use crate::t::tickets as t;
use crate::tickets::server_fns::UpdateTicket;

/// The list of properties.
pub(crate) fn properties(lang: Lang, page: &PropertyView, update: UpdateAction) -> AnyView {
    let ticket = &page.ticket;
    let row =
        |field: &'static str, value: String, control: AnyView| editable(lang, ticket, update, field, value, control);
    let name = |one: &Option<Ref>| one.as_ref().map(|one| one.name.clone()).unwrap_or_default();
    let id = |one: &Option<Ref>| one.as_ref().map(|one| one.id.to_string()).unwrap_or_default();
    let category = ticket.category_path.clone().unwrap_or_else(|| name(&ticket.category));
    view! {
        <dl class="props">
            {row("title", ticket.title.clone(), line(lang, "title", &ticket.title))}
            {moved(lang, ticket, "type", words::kind(lang, ticket.kind).to_owned())}
            {moved(lang, ticket, "category", category)}
            {row("urgency", priority_word(lang, ticket.urgency).to_owned(), list(lang, "urgency", words::levels(lang, 5), ticket.urgency.to_string(), false))}
            {row("impact", words::impact(lang, ticket.impact).to_owned(), list(lang, "impact", words::impacts(lang), ticket.impact.to_string(), false))}
            {row("requesters", words::names(lang, &ticket.requesters), people(lang, "requesters", &ticket.requesters))}
            {row("observers", words::names(lang, &ticket.observers), people(lang, "observers", &ticket.observers))}
            {row("location", name(&ticket.location), list(lang, "location", page.choices.locations.clone(), id(&ticket.location), true))}
            {row("source", name(&ticket.source), list(lang, "source", page.choices.ticket_sources.clone(), id(&ticket.source), false))}
            {customer(lang, ticket)}
            {plain(t::field_entity(lang), ticket.entity.name.clone())}
        </dl>
    }
    .into_any()
}

/// The customer stands on a page of its own; those who see no customers in this entity see no such property.
fn customer(lang: Lang, ticket: &TicketDetail) -> Option<AnyView> {
    ticket.shows_customer.then(|| {
        let name = ticket.customer.as_ref().map(|one| one.name.clone()).unwrap_or_default();
        let href = format!("/tickets/{}/customer", ticket.number);
        let value = shown(lang, "customer", name);
        view! { <dt>{t::field_customer(lang)}</dt><dd><a class="prop" href=href>{value}</a></dd> }.into_any()
    })
}

/// A property that only tells.
pub(crate) fn plain(label: &'static str, value: String) -> AnyView {
    view! { <dt>{label}</dt><dd>{value}</dd> }.into_any()
}

fn shown(lang: Lang, field: &str, value: String) -> String {
    if value.is_empty() { words::nothing(lang, field).to_owned() } else { value }
}

/// A property whose form opens at its value; plain text for those who may not change it.
fn editable(
    lang: Lang,
    ticket: &TicketDetail,
    update: UpdateAction,
    field: &'static str,
    value: String,
    control: AnyView,
) -> AnyView {
    let label = words::field(lang, field);
    let value = shown(lang, field, value);
    if !ticket.actions.iter().any(|action| action == "update") {
        return plain(label, value);
    }
    let id = format!("edit-{field}");
    let name = t::property_edit(lang, label, &value);
    view! {
        <dt>{label}</dt>
        <dd>
            <button r#type="button" popovertarget=id.clone() aria-label=name>{value}<Icon name="pencil" small=true/></button>
            <div id=id class="pop pop-end pop-wide" popover="auto">
                <form class="form" method="post" action=UpdateTicket::url() on:submit=send(update)>
                    {hidden(ticket, field)}
                    {control}
                    <div class="form-foot"><SubmitButton>{t::save(lang)}</SubmitButton></div>
                </form>
            </div>
        </dd>
    }
    .into_any()
}

fn hidden(ticket: &TicketDetail, field: &'static str) -> AnyView {
    view! {
        <input r#type="hidden" name="form[number]" value=ticket.number.to_string()/>
        <input r#type="hidden" name="form[version]" value=ticket.version.to_string()/>
        <input r#type="hidden" name="form[field]" value=field/>
    }
    .into_any()
}

/// A property that a command changes: leads to its page.
fn moved(lang: Lang, ticket: &TicketDetail, field: &'static str, value: String) -> AnyView {
    let label = words::field(lang, field);
    let value = shown(lang, field, value);
    if !may(ticket, Command::Reclassify) {
        return plain(label, value);
    }
    let name = t::property_edit(lang, label, &value);
    let href = command_path(ticket.number, Command::Reclassify);
    view! { <dt>{label}</dt><dd><a class="prop" href=href aria-label=name>{value}<Icon name="pencil" small=true/></a></dd> }.into_any()
}

fn line(lang: Lang, field: &'static str, value: &str) -> AnyView {
    view! { <TextField name="form[value]" id=format!("value-{field}") label=words::field(lang, field) value=value.to_owned() maxlength=250/> }.into_any()
}

fn list(lang: Lang, field: &'static str, options: Vec<Choice>, value: String, may_be_empty: bool) -> AnyView {
    let blank = if may_be_empty || value.is_empty() { words::nothing(lang, field) } else { "" };
    view! { <SelectField name="form[value]" id=format!("value-{field}") label=words::field(lang, field) options=options value=value blank=blank/> }.into_any()
}

/// People as lines: an address, or the name the server gave a group.
fn people(lang: Lang, field: &'static str, actors: &[ActorView]) -> AnyView {
    let lines: Vec<String> = actors.iter().map(handle).collect();
    let id = format!("value-{field}");
    view! {
        <Field id=id.clone() label=words::field(lang, field) hint=t::people_hint(lang)>
            <TextArea id=id.clone() name="form[value]" text=lines.join("\n") rows=3 class="textarea" described_by=format!("{id}-hint")/>
        </Field>
    }
    .into_any()
}

fn handle(actor: &ActorView) -> String {
    match (actor.kind, &actor.email, actor.id) {
        (ActorKind::Group, _, Some(id)) => format!("group:{id}"),
        (_, Some(email), _) => email.clone(),
        (_, None, Some(id)) => format!("user:{id}"),
        _ => actor.name.clone(),
    }
}

/// The form that changes the description, below it.
pub(crate) fn description_form(lang: Lang, ticket: &TicketDetail, update: UpdateAction) -> Option<AnyView> {
    if !ticket.actions.iter().any(|action| action == "update") {
        return None;
    }
    Some(
        view! {
            <details class="entry-edit no-print">
                <summary><Icon name="pencil" small=true/>{t::edit_description(lang)}</summary>
                <form class="form" method="post" action=UpdateTicket::url() on:submit=send(update)>
                    {hidden(ticket, "description")}
                    <DeskEditor
                        name="form[value]"
                        id="value-description"
                        format_name="form[format]"
                        label=t::field_description(lang)
                        text=ticket.description_text.clone()
                        html=ticket.description.as_str().to_owned()
                    />
                    <div class="form-foot"><SubmitButton>{t::save(lang)}</SubmitButton></div>
                </form>
            </details>
        }
        .into_any(),
    )
}
