//! The page of a command that needs words or says what follows: a question, its consequence, its fields, and the safe
//! button first.

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::Command;
use domain::lang::Lang;
use domain::views::{BlockedView, Choice, Moment, PropertyView, TimelineQuery};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::{Checkbox, SelectField, TextAreaField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::error::Refusal;
use crate::form_action::{form_action, refusal_of, send};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::not_found::NotFoundPage;
use crate::t::tickets as t;
use crate::tickets::server_fns::{RunCommand, ticket_page};
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::command_form::{RunAction, may};
use crate::tickets::widgets::composer::sentence_of;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;
use crate::validations::blocked;
use crate::validations::server_fns::validation_block;

/// Page `/tickets/:number/do/:command`.
#[component]
pub fn CommandPage() -> impl IntoView {
    let number = use_number();
    let params = use_params_map();
    let command = Memo::new(move |_| params.with(|map| map.get_str("command").and_then(words::command_of)));
    let run = form_action::<RunCommand>();
    let data = Resource::new_blocking(
        move || (number.get(), command.get()),
        |(number, command)| async move {
            let page = ticket_page(number, TimelineQuery { limit: 1, ..TimelineQuery::default() }).await?;
            // Only what closes a ticket waits for its validations (T-VAL-08).
            let blocked = if command == Some(Command::Close) { validation_block(number).await? } else { None };
            Ok::<_, Refusal>((page, blocked))
        },
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match (answer, command.get()) {
                (Ok((page, blocked)), Some(command)) => {
                    view! { <Ask page=page blocked=blocked command=command run=run/> }.into_any()
                }
                (Ok(_), None) => view! { <NotFoundPage/> }.into_any(),
                (Err(refusal), _) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Ask(
    page: PropertyView,
    #[prop(optional_no_strip)] blocked: Option<BlockedView>,
    command: Command,
    run: RunAction,
) -> impl IntoView {
    let lang = use_lang();
    let (number, title) = (page.ticket.number, page.ticket.title.clone());
    let error = refusal_of(run);
    let wrong = Memo::new(move |_| message::fields(error.get().as_ref()));
    let question = question(lang, command, number);
    let danger = matches!(command, Command::Cancel | Command::Delete | Command::Purge);
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    // The server decides; this only says beforehand what it would say.
    let reason = sentence_of(lang, wrong, "override_reason");
    let waits = blocked.as_ref().map(|blocked| {
        let typed = typed("form[reason]", "");
        blocked::notice(lang, blocked, "form[reason]", typed, reason)
    });
    let not_now =
        (!may(&page.ticket, command)).then(|| view! { <Banner tone=Tone::Warning text=t::command_not_now(lang)/> });
    view! {
        <PartPage number=number title=title name=question.clone() width="page-narrow">
            <form class="card form" method="post" action=RunCommand::url() on:submit=send(run)>
                <h1>{question}</h1>
                <FormError error=error fields=field_names(lang)/>
                {not_now}
                <p>{consequence(lang, command)}</p>
                <input r#type="hidden" name="form[number]" value=number.to_string()/>
                <input r#type="hidden" name="form[command]" value=command.as_str()/>
                <input r#type="hidden" name="form[key]" value=format!("{}-{}", command.as_str(), page.key)/>
                {waits}
                {fields(lang, &page, command, wrong)}
                {losses(lang, error)}
                <div class="dialog-foot">
                    <LinkButton href=format!("/tickets/{number}")>{t::leave_it(lang)}</LinkButton>
                    <SubmitButton kind=kind>{words::command(lang, command)}</SubmitButton>
                </div>
            </form>
        </PartPage>
    }
}

fn question(lang: Lang, command: Command, number: i64) -> String {
    let number = number.to_string();
    match command {
        Command::Take => t::ask_take(lang, &number),
        Command::GiveBack => t::ask_give_back(lang, &number),
        Command::Assign => t::ask_assign(lang, &number),
        Command::Delegate => t::ask_delegate(lang, &number),
        Command::Reclassify => t::ask_reclassify(lang, &number),
        Command::ChangeSla => t::ask_change_sla(lang, &number),
        Command::Suspend => t::ask_suspend(lang, &number),
        Command::Reactivate => t::ask_reactivate(lang, &number),
        Command::Close => t::ask_close(lang, &number),
        Command::Reopen => t::ask_reopen(lang, &number),
        Command::Cancel => t::ask_cancel(lang, &number),
        Command::Delete => t::ask_delete(lang, &number),
        Command::Restore => t::ask_restore(lang, &number),
        Command::Purge => t::ask_purge(lang, &number),
    }
}

fn consequence(lang: Lang, command: Command) -> &'static str {
    match command {
        Command::Take => t::then_take(lang),
        Command::GiveBack => t::then_give_back(lang),
        Command::Assign => t::then_assign(lang),
        Command::Delegate => t::then_delegate(lang),
        Command::Reclassify => t::then_reclassify(lang),
        Command::ChangeSla => t::then_change_sla(lang),
        Command::Suspend => t::then_suspend(lang),
        Command::Reactivate => t::then_reactivate(lang),
        Command::Close => t::then_close(lang),
        Command::Reopen => t::then_reopen(lang),
        Command::Cancel => t::then_cancel(lang),
        Command::Delete => t::then_delete(lang),
        Command::Restore => t::then_restore(lang),
        Command::Purge => t::then_purge(lang),
    }
}

fn fields(lang: Lang, page: &PropertyView, command: Command, wrong: Memo<FieldErrors>) -> AnyView {
    match command {
        Command::Assign => assignees(lang, page),
        Command::Delegate => view! {
            <SelectField
                name="form[to]"
                label=t::delegate_to(lang)
                options=page.choices.assignable.clone()
                value=typed("form[to]", "")
                blank=t::choose(lang)
                error=sentence_of(lang, wrong, "to")
                required=true
            />
            {reason(lang, t::justification(lang), "justification", false, wrong)}
        }
        .into_any(),
        Command::Reclassify => reclassify(lang, page, wrong),
        Command::ChangeSla => change_sla(lang, page, wrong),
        Command::Suspend => view! {
            <SelectField
                name="form[pending_reason]"
                label=t::field_pending_reason(lang)
                options=page.choices.pending_reasons.clone()
                value=typed("form[pending_reason]", &page.ticket.pending.as_ref().and_then(|pending| pending.reason.as_ref()).map_or_else(|| page.choices.pending_default.clone(), |reason| reason.id.to_string()))
                blank=t::choose(lang)
                error=sentence_of(lang, wrong, "reason")
            />
            <TextAreaField name="form[text]" label=t::pending_text(lang) text=typed("form[text]", "") error=sentence_of(lang, wrong, "text")/>
            <Checkbox name="form[public]" label=t::text_public(lang) hint=t::text_public_hint(lang) checked=ticked("form[public]")/>
        }
        .into_any(),
        Command::Reopen => view! {
            {reason(lang, t::reason(lang), "reason", true, wrong)}
            <Checkbox name="form[public]" label=t::reason_public(lang) hint=t::reason_public_hint(lang) checked=ticked("form[public]")/>
        }
        .into_any(),
        Command::Cancel | Command::Delete => reason(lang, t::reason(lang), "reason", false, wrong),
        Command::Purge => view! {
            <TextField name="form[confirm]" label=t::confirm_number(lang) autocomplete="off" required=true error=sentence_of(lang, wrong, "confirm")/>
        }
        .into_any(),
        Command::Take | Command::GiveBack | Command::Reactivate | Command::Close | Command::Restore => ().into_any(),
    }
}

/// What was typed into a field, if the form was refused just now, else what it begins with.
fn typed(name: &str, begin: &str) -> String {
    Refused::of::<RunCommand>().or(name, begin)
}

/// Whether a box was ticked that begins unticked.
fn ticked(name: &str) -> bool {
    Refused::of::<RunCommand>().ticked(name, false)
}

/// The reason; `code` is the name under which it may be refused.
fn reason(lang: Lang, label: &'static str, code: &'static str, required: bool, wrong: Memo<FieldErrors>) -> AnyView {
    let hint = if required { "" } else { t::optional(lang) };
    view! { <TextAreaField name="form[reason]" label=label text=typed("form[reason]", "") hint=hint required=required error=sentence_of(lang, wrong, code)/> }.into_any()
}

fn assignees(lang: Lang, page: &PropertyView) -> AnyView {
    let now: Vec<_> = page.ticket.assignees.iter().filter_map(|actor| actor.id).map(|id| id.to_string()).collect();
    let is_now = |choice: &Choice| now.iter().any(|id| choice.value.ends_with(id.as_str()));
    let box_of = |(at, choice): (usize, &Choice)| {
        let (name, value) = (choice.name.clone(), choice.value.clone());
        view! { <Checkbox name="form[assignees][]" id=format!("assignee-{at}") label=name value=value checked=is_now(choice)/> }.into_any()
    };
    let boxes = |groups: bool| -> Vec<AnyView> {
        let all = page.choices.assignable.iter().enumerate();
        all.filter(|(_, choice)| choice.value.starts_with("group:") == groups).map(box_of).collect()
    };
    let set = |legend: &'static str, rows: Vec<AnyView>| {
        (!rows.is_empty()).then(|| view! { <fieldset class="field"><legend>{legend}</legend>{rows}</fieldset> })
    };
    view! {
        <input r#type="hidden" name="form[replace]" value="true"/>
        <div class="form" id="form-assignees">{set(t::people(lang), boxes(false))}{set(t::groups(lang), boxes(true))}</div>
    }
    .into_any()
}

fn reclassify(lang: Lang, page: &PropertyView, wrong: Memo<FieldErrors>) -> AnyView {
    let ticket = &page.ticket;
    let category = ticket.category.as_ref().map(|category| category.id.to_string()).unwrap_or_default();
    let mut categories = page.choices.ticket_categories.clone();
    categories.insert(0, Choice { value: "none".to_owned(), name: t::none_category(lang).to_owned(), depth: 0 });
    let entities = (page.choices.entities.len() > 1).then(|| {
        view! { <SelectField name="form[entity]" label=t::field_entity(lang) options=page.choices.entities.clone() value=typed("form[entity]", "") blank=t::stays(lang) error=sentence_of(lang, wrong, "entity")/> }
    });
    view! {
        <SelectField name="form[kind]" label=t::field_type(lang) options=words::kinds(lang) value=typed("form[kind]", ticket.kind.as_str()) error=sentence_of(lang, wrong, "type")/>
        <SelectField name="form[category]" label=t::field_category(lang) options=categories value=typed("form[category]", &category) blank=t::stays(lang) error=sentence_of(lang, wrong, "category")/>
        {entities}
        {reason(lang, t::justification(lang), "justification", false, wrong)}
    }
    .into_any()
}

fn change_sla(lang: Lang, page: &PropertyView, wrong: Memo<FieldErrors>) -> AnyView {
    let ticket = &page.ticket;
    // With its seconds: without them an untouched time would count as changed.
    let text = |at: Option<&Moment>| at.and_then(|at| at.as_str().get(..19)).unwrap_or_default().to_owned();
    let field = |field: &'static str, at: Option<&Moment>| {
        let name = format!("form[{field}]");
        let value = typed(&name, &text(at));
        view! { <TextField name=name label=words::field(lang, field) kind="datetime-local" value=value hint=t::empty_stays(lang) error=sentence_of(lang, wrong, field)/> }
    };
    view! {
        {field("due_own_at", ticket.due_own_at.as_ref())}
        {field("due_resolve_at", ticket.due_resolve_at.as_ref())}
        {reason(lang, t::justification(lang), "justification", true, wrong)}
    }
    .into_any()
}

/// A change of entity that would drop something asks once more (T-TKT-06).
fn losses(lang: Lang, error: Memo<Option<AppError>>) -> impl Fn() -> Option<AnyView> {
    move || {
        let asked = error.with(|error| matches!(error, Some(AppError::Refused { code: Code::EntityChangeLosses, .. })));
        asked.then(|| view! { <Checkbox name="form[accept_losses]" label=t::accept_losses(lang)/> }.into_any())
    }
}

fn field_names(lang: Lang) -> Vec<FieldName> {
    vec![
        FieldName { field: "to", label: t::delegate_to(lang) },
        FieldName { field: "reason", label: t::reason(lang) },
        FieldName { field: "text", label: t::pending_text(lang) },
        FieldName { field: "pending_reason", label: t::field_pending_reason(lang) },
        FieldName { field: "category", label: t::field_category(lang) },
        FieldName { field: "entity", label: t::field_entity(lang) },
        FieldName { field: "due_own_at", label: t::field_due_own_at(lang) },
        FieldName { field: "due_resolve_at", label: t::field_due_resolve_at(lang) },
        FieldName { field: "confirm", label: t::confirm_number(lang) },
        FieldName { field: "assignees", label: t::field_assignee(lang) },
    ]
}
