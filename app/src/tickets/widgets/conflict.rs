//! Two people changed the same field: both values side by side, and the choice between them (T-GEN-07). Different
//! fields never come here.

use std::sync::Arc;

use domain::error::{AppError, FieldConflict};
use domain::format;
use domain::lang::Lang;
use domain::views::{FormChoices, Moment, PropertyView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde_json::Value;

use super::header::UpdateAction;
use super::words;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{LinkButton, SubmitButton};
use crate::form_action::send;
use crate::message;
use crate::t::tickets as t;
use crate::tickets::server_fns::UpdateTicket;

/// Why a property was not saved: the choice between both values, or a sentence.
#[component]
pub(crate) fn UpdateRefused(
    /// The refusal.
    error: Memo<Option<AppError>>,
    /// The page.
    page: Memo<Arc<PropertyView>>,
    /// The action behind the properties.
    update: UpdateAction,
) -> impl IntoView {
    let lang = use_lang();
    move || {
        let error = error.get()?;
        let shown = match &error {
            AppError::Conflict { conflicts, .. } if !conflicts.is_empty() => {
                page.with(|page| choice(lang, page, conflicts, update))
            }
            // The sentence of the one field is worth more than "1 field is wrong".
            AppError::Invalid(fields) if fields.0.len() == 1 => {
                let words = fields.0.first().map(|wrong| message::code_sentence(lang, wrong.code)).unwrap_or_default();
                view! { <Banner tone=Tone::Error text=words/> }.into_any()
            }
            other => view! { <Banner tone=Tone::Error text=message::sentence(lang, other)/> }.into_any(),
        };
        Some(shown)
    }
}

fn choice(lang: Lang, page: &PropertyView, conflicts: &[FieldConflict], update: UpdateAction) -> AnyView {
    let number = page.ticket.number;
    let forms = conflicts.iter().map(|conflict| {
        let mine = raw(&conflict.yours);
        view! {
            <form class="form" method="post" action=UpdateTicket::url() on:submit=send(update)>
                <input r#type="hidden" name="form[number]" value=number.to_string()/>
                <input r#type="hidden" name="form[version]" value=page.ticket.version.to_string()/>
                <input r#type="hidden" name="form[field]" value=conflict.field.clone()/>
                <input r#type="hidden" name="form[format]" value="text"/>
                <input r#type="hidden" name="form[keep_mine]" value="true"/>
                {cards(lang, conflict, &page.choices, Some((raw(&conflict.theirs), mine)))}
                <div class="dialog-foot">
                    <LinkButton href=format!("/tickets/{number}")>{t::keep_theirs(lang)}</LinkButton>
                    <SubmitButton>{t::use_mine(lang)}</SubmitButton>
                </div>
            </form>
        }
    });
    let forms = forms.collect_view();
    view! { <section class="card" role="alert" aria-label=t::conflict_title(lang)>{forms}</section> }.into_any()
}

/// What a form that was refused repeats of the values that were shown beside its own: saving it again decides these fields and
/// no others.
pub(crate) fn decided(error: Option<&AppError>) -> Option<AnyView> {
    let Some(AppError::Conflict { version, conflicts }) = error else { return None };
    let fields = conflicts.iter().map(|one| one.field.as_str()).collect::<Vec<_>>().join(",");
    let inputs = view! {
        <input r#type="hidden" name="form[seen]" value=version.to_string()/>
        <input r#type="hidden" name="form[decided]" value=fields/>
    };
    Some(inputs.into_any())
}

/// Both values of a field. With `values` they are radios that send one of them, mine chosen; else they only tell.
pub(crate) fn cards(
    lang: Lang,
    conflict: &FieldConflict,
    choices: &FormChoices,
    values: Option<(String, String)>,
) -> AnyView {
    let field = conflict.field.as_str();
    let label = words::field(lang, field);
    let when = Moment::try_from(conflict.at.clone()).map(|at| format::date_time(&at, lang)).unwrap_or_default();
    let by = conflict.by.clone().unwrap_or_else(|| t::automatic(lang).to_owned());
    let (theirs, yours) = (shown(lang, field, &conflict.theirs, choices), shown(lang, field, &conflict.yours, choices));
    let radio = |value: String, checked: bool| view! { <input class="radio radio-primary" r#type="radio" name="form[value]" value=value checked=checked/> };
    let (their_radio, my_radio) = match values {
        Some((theirs, mine)) => (Some(radio(theirs, false)), Some(radio(mine, true))),
        None => (None, None),
    };
    view! {
        <fieldset class="field">
            <legend>{t::conflict_changed(lang, &by, label, &when)}</legend>
            <div class="choice-cards">
                <label class="choice-card">{their_radio}<span>{t::theirs(lang)}<small>{theirs}</small></span></label>
                <label class="choice-card">{my_radio}<span>{t::yours(lang)}<small>{yours}</small></span></label>
            </div>
        </fieldset>
    }
    .into_any()
}

/// A value as a form sends it.
fn raw(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(people) => people.iter().map(person).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// Somebody beside a ticket as its forms write him.
fn person(value: &Value) -> String {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("kind") {
        kind @ ("user" | "group") => format!("{kind}:{}", text("id")),
        _ => text("email").to_owned(),
    }
}

/// A value as people read it: the name of what an id stands for.
fn shown(lang: Lang, field: &str, value: &Value, choices: &FormChoices) -> String {
    let text = match value {
        Value::Array(named) => {
            let name = |one: &Value| one.get("name").and_then(Value::as_str).map(str::to_owned);
            named.iter().filter_map(name).collect::<Vec<_>>().join(", ")
        }
        value => raw(value),
    };
    let lists = [
        &choices.ticket_sources,
        &choices.occurrence_sources,
        &choices.locations,
        &choices.occurrence_categories,
        &choices.ticket_categories,
    ];
    let named = lists.into_iter().flatten().find(|choice| !text.is_empty() && choice.value == text);
    match named {
        Some(choice) => choice.name.clone(),
        None if text.is_empty() => words::nothing(lang, field).to_owned(),
        None => words::value(lang, field, &text),
    }
}
