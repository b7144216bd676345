//! What each action asks: the fields of the single ticket, named so that they post into its form inside that of all of them.

use domain::error::FieldErrors;
use domain::forms::{self, BulkAction};
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::views::{BulkPage, Choice};
use leptos::prelude::*;

use crate::boot::use_viewer;
use crate::components::field::{Checkbox, FieldError, SelectField, TextAreaField, TextField};
use crate::components::form_error::FieldName;
use crate::components::icon::Icon;
use crate::kept::refused::Refused;
use crate::t::bulk as t;
use crate::t::{solve, tickets};
use crate::tickets::server_fns::BulkTickets;
use crate::tickets::widgets::composer::sentence_of;
use crate::tickets::widgets::words;

/// What the names of the fields of an action begin with.
pub(super) fn prefix(action: BulkAction) -> &'static str {
    match action {
        BulkAction::Occurrence => "form[occurrence]",
        BulkAction::Solve => "form[solution]",
        BulkAction::Priority | BulkAction::Urgency => "form",
        _ => "form[command]",
    }
}

/// What the summary of a refusal calls them.
pub(super) fn names(lang: Lang, action: BulkAction) -> Vec<FieldName> {
    let of = |field: &'static str, label: &'static str| FieldName { field, label };
    match action {
        BulkAction::Assign => vec![of("assignees", tickets::field_assignee(lang))],
        BulkAction::Priority => vec![of("priority", tickets::field_priority(lang))],
        BulkAction::Urgency => vec![of("urgency", tickets::field_urgency(lang))],
        BulkAction::Suspend => vec![of("text", tickets::pending_text(lang))],
        BulkAction::Occurrence => {
            vec![of("body", tickets::field_body(lang)), of("minutes", tickets::field_minutes(lang))]
        }
        BulkAction::Solve => vec![of("body", solve::body(lang))],
        BulkAction::Close | BulkAction::Delete => vec![of("reason", tickets::reason(lang))],
        BulkAction::Take | BulkAction::Reactivate | BulkAction::Restore => Vec::new(),
    }
}

/// What was typed: in a form that was refused just now, else in the action that is tried again.
struct Typed {
    refused: Refused,
    again: Option<forms::BulkTickets>,
}

impl Typed {
    fn of(page: &BulkPage, action: BulkAction) -> Self {
        let again = page.typed.clone().filter(|typed| typed.action == action);
        Self { refused: Refused::of::<BulkTickets>().about("form[action]", action.as_str()), again }
    }

    fn text(&self, name: &str, of: fn(&forms::BulkTickets) -> &str, begin: &str) -> String {
        self.refused.or(name, self.again.as_ref().map_or(begin, of))
    }

    fn ticked(&self, name: &str, of: fn(&forms::BulkTickets) -> bool) -> bool {
        self.refused.ticked(name, self.again.as_ref().is_some_and(of))
    }
}

/// The fields.
pub(super) fn fields(lang: Lang, page: &BulkPage, action: BulkAction, wrong: Memo<FieldErrors>) -> AnyView {
    let typed = Typed::of(page, action);
    match action {
        BulkAction::Assign => assign(lang, page, &typed, wrong),
        BulkAction::Priority => level(lang, ("priority", tickets::field_priority(lang)), 6, &typed, wrong),
        BulkAction::Urgency => level(lang, ("urgency", tickets::field_urgency(lang)), 5, &typed, wrong),
        BulkAction::Suspend => suspend(lang, page, &typed, wrong),
        BulkAction::Occurrence => occurrence(lang, &typed, wrong),
        BulkAction::Solve => solution(lang, page, &typed, wrong),
        BulkAction::Close | BulkAction::Delete => {
            let text = typed.text("form[command][reason]", |form| &form.command.reason, "");
            let hint = if action == BulkAction::Close { t::close_reason_hint(lang) } else { tickets::optional(lang) };
            view! { <TextAreaField name="form[command][reason]" label=tickets::reason(lang) text=text hint=hint error=sentence_of(lang, wrong, "reason")/> }
                .into_any()
        }
        BulkAction::Take | BulkAction::Reactivate | BulkAction::Restore => ().into_any(),
    }
}

fn assign(lang: Lang, page: &BulkPage, typed: &Typed, wrong: Memo<FieldErrors>) -> AnyView {
    let before: Vec<String> = typed.again.as_ref().map(|form| form.command.assignees.clone()).unwrap_or_default();
    let boxes = |groups: bool| -> Vec<AnyView> {
        let all = page.assignable.iter().enumerate();
        let all = all.filter(|(_, choice)| choice.value.starts_with("group:") == groups);
        all.map(|(at, choice): (usize, &Choice)| {
            let (name, value) = (choice.name.clone(), choice.value.clone());
            let checked = before.contains(&value);
            view! { <Checkbox name="form[command][assignees][]" id=format!("assignee-{at}") label=name value=value checked=checked/> }
                .into_any()
        })
        .collect()
    };
    let set = |legend: &'static str, rows: Vec<AnyView>| {
        (!rows.is_empty()).then(|| view! { <fieldset class="field"><legend>{legend}</legend>{rows}</fieldset> })
    };
    view! {
        <div class="form" id="form-command-assignees">
            {set(tickets::people(lang), boxes(false))}
            {set(tickets::groups(lang), boxes(true))}
            <FieldError id="form-command-assignees-error" error=sentence_of(lang, wrong, "assignees")/>
        </div>
    }
    .into_any()
}

fn level(
    lang: Lang,
    (field, label): (&'static str, &'static str),
    highest: u8,
    typed: &Typed,
    wrong: Memo<FieldErrors>,
) -> AnyView {
    let value = typed.text("form[level]", |form| &form.level, "");
    view! {
        <SelectField
            name="form[level]"
            id=format!("form-{field}")
            label=label
            options=words::levels(lang, highest)
            value=value
            blank=tickets::choose(lang)
            required=true
            error=sentence_of(lang, wrong, field)
        />
    }
    .into_any()
}

fn suspend(lang: Lang, page: &BulkPage, typed: &Typed, wrong: Memo<FieldErrors>) -> AnyView {
    let reason =
        typed.text("form[command][pending_reason]", |form| &form.command.pending_reason, &page.pending_default);
    let text = typed.text("form[command][text]", |form| &form.command.text, "");
    let public = typed.ticked("form[command][public]", |form| form.command.public);
    view! {
        <SelectField
            name="form[command][pending_reason]"
            label=tickets::field_pending_reason(lang)
            options=page.pending_reasons.clone()
            value=reason
            blank=tickets::choose(lang)
            error=sentence_of(lang, wrong, "reason")
        />
        <TextAreaField name="form[command][text]" label=tickets::pending_text(lang) text=text error=sentence_of(lang, wrong, "text")/>
        <Checkbox name="form[command][public]" label=tickets::text_public(lang) hint=tickets::text_public_hint(lang) checked=public/>
    }
    .into_any()
}

fn occurrence(lang: Lang, typed: &Typed, wrong: Memo<FieldErrors>) -> AnyView {
    let text = typed.text("form[occurrence][body]", |form| &form.occurrence.body, "");
    let minutes = typed.text("form[occurrence][minutes]", |form| &form.occurrence.minutes, "");
    let begin = use_viewer().map(|viewer| viewer.default_visibility).unwrap_or_default();
    let visibility = typed.text("form[visibility]", |form| &form.visibility, &begin);
    let is_private = visibility != Visibility::Public.as_str();
    view! {
        <fieldset class="visibility-switch" id="form-visibility" role="radiogroup" aria-label=tickets::who_can_read(lang)>
            <label>
                <input r#type="radio" name="form[visibility]" value="private" checked=is_private/>
                <Icon name="lock"/>{tickets::private(lang)}
            </label>
            <label>
                <input r#type="radio" name="form[visibility]" value="public" checked={!is_private}/>
                <Icon name="eye"/>{tickets::public(lang)}
            </label>
        </fieldset>
        <input r#type="hidden" name="form[occurrence][format]" value="text"/>
        <TextAreaField name="form[occurrence][body]" label=tickets::field_body(lang) text=text required=true rows=8 error=sentence_of(lang, wrong, "body")/>
        <TextField name="form[occurrence][minutes]" label=tickets::field_minutes(lang) value=minutes hint=t::minutes_hint(lang) error=sentence_of(lang, wrong, "minutes")/>
    }
    .into_any()
}

fn solution(lang: Lang, page: &BulkPage, typed: &Typed, wrong: Memo<FieldErrors>) -> AnyView {
    let text = typed.text("form[solution][body]", |form| &form.solution.body, "");
    let kind = typed.text("form[solution][kind]", |form| &form.solution.kind, "");
    let template = typed.text("form[solution][template]", |form| &form.solution.template, "");
    let ends_tasks = typed.ticked("form[solution][open_tasks]", |form| form.solution.open_tasks == "done");
    let templates = (!page.solution_templates.is_empty()).then(|| {
        view! {
            <SelectField
                name="form[solution][template]"
                label=solve::template(lang)
                options=page.solution_templates.clone()
                value=template
                blank=tickets::none(lang)
                hint=t::template_hint(lang)
                error=sentence_of(lang, wrong, "template")
            />
        }
    });
    view! {
        <input r#type="hidden" name="form[solution][format]" value="text"/>
        <TextAreaField name="form[solution][body]" label=solve::body(lang) text=text rows=8 error=sentence_of(lang, wrong, "body")/>
        {templates}
        <SelectField
            name="form[solution][kind]"
            id="form-solution-type"
            label=tickets::field_solution_type(lang)
            options=page.solution_types.clone()
            value=kind
            blank=tickets::none(lang)
            error=sentence_of(lang, wrong, "type")
        />
        <Checkbox name="form[solution][open_tasks]" value="done" label=t::end_tasks(lang) checked=ends_tasks/>
    }
    .into_any()
}
