//! The requests for validation of a ticket, and the form of a new one (T-VAL-06).

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::{Choice, ValidationView, ValidationsView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::desk_files::DeskFiles;
use crate::components::empty::EmptyState;
use crate::components::field::{Checkbox, FieldError, TextAreaField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::form_action::{form_action, refusal_of};
use crate::kept::{TextKept, upload_path};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::validations as t;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;
use crate::validations::server_fns::{AskValidation, AskValidationAgain, WithdrawValidation, ticket_validations};
use crate::validations::{blocked, card};

/// Page `/tickets/:number/validations`.
#[component]
pub fn TicketValidationsPage() -> impl IntoView {
    let (number, query) = (use_number(), use_query_map());
    let done = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let data = Resource::new_blocking(move || number.get(), ticket_validations);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Validations page=page done=done.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Validations(page: ValidationsView, done: String) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let asking = refusal_of(form_action::<AskValidation>());
    let others = [refusal_of(form_action::<WithdrawValidation>()), refusal_of(form_action::<AskValidationAgain>())];
    let wrong = others.into_iter().find_map(|refusal| refusal.get_untracked());
    let told = match wrong {
        Some(error) => Some(view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any()),
        None if asking.with_untracked(Option::is_some) => None,
        None => done_words(lang, &done).map(|words| view! { <Banner tone=Tone::Done text=words/> }.into_any()),
    };
    let why =
        page.blocked.as_ref().map(|blocked| view! { <Banner tone=Tone::Warning text=blocked::words(lang, blocked)/> });
    let list = if page.requests.is_empty() {
        view! { <EmptyState icon="badge-check" title=t::none(lang)/> }.into_any()
    } else {
        page.requests.iter().map(|one| card::card(lang, one, &page.now, commands(lang, one))).collect_view().into_any()
    };
    let form = page.may_ask.then(|| form(lang, &page, asking));
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=t::title(lang)
            part="validations"
            width="page-narrow"
        >
            {told}
            {why}
            {list}
            {form}
        </PartPage>
    }
}

/// What the last post did.
fn done_words(lang: Lang, done: &str) -> Option<&'static str> {
    match done {
        "asked" => Some(t::asked_done(lang)),
        "withdrawn" => Some(t::withdrawn_done(lang)),
        "again" => Some(t::again_done(lang)),
        _ => None,
    }
}

/// What the reader may do with a request now.
fn commands(lang: Lang, request: &ValidationView) -> Option<AnyView> {
    let command = |may: &str, action: &'static str, word: &'static str| {
        request.may(may).then(|| {
            view! {
                <form method="post" action=action>
                    <input r#type="hidden" name="form[id]" value=request.id.to_string()/>
                    <input r#type="hidden" name="form[ticket]" value=request.ticket.to_string()/>
                    <button class="btn btn-sm" r#type="submit">{word}</button>
                </form>
            }
        })
    };
    let answer = request.may("answer").then(|| {
        let href = format!("/approvals/{}", request.id);
        view! { <a class="btn btn-sm" href=href>{t::answer(lang)}</a> }
    });
    let withdraw = command("withdraw", WithdrawValidation::url(), t::withdraw(lang));
    let again = command("ask-again", AskValidationAgain::url(), t::ask_again(lang));
    (!request.actions.is_empty())
        .then(|| view! { <div class="btn-group validation-commands">{answer}{again}{withdraw}</div> }.into_any())
}

fn form(lang: Lang, page: &ValidationsView, refusal: Memo<Option<AppError>>) -> AnyView {
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            refusal.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), field))
        })
    };
    let wrong_target = Signal::derive(move || {
        let fields = refusal.with(|error| message::fields(error.as_ref()));
        let first = fields.0.iter().find(|wrong| message::base_of(&wrong.field) == "targets");
        first.map(|wrong| message::wrong_sentence(lang, wrong).to_owned())
    });
    let wrong_file =
        Signal::derive(move || refusal.with(|error| message::files_sentence(lang, &message::fields(error.as_ref()))));
    let draft = page.draft.as_ref();
    let text = |field: &str| draft.map(|draft| draft.text(field)).unwrap_or_default();
    let here = format!("/tickets/{}/validations#ask", page.number);
    let upload = upload_path("validation", &page.number.to_string(), &here);
    let fields = vec![
        FieldName { field: "comment", label: t::comment(lang) },
        FieldName { field: "targets", label: t::targets(lang) },
        FieldName { field: "required_percent", label: t::percent(lang) },
        FieldName { field: "attachments", label: t::files(lang) },
    ];
    view! {
        <form class="card form" id="ask" method="post" action=AskValidation::url() aria-labelledby="ask-title">
            <h2 class="card-title" id="ask-title">{t::ask(lang)}</h2>
            <TextKept/>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[ticket]" value=page.number.to_string()/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <input r#type="hidden" name="form[format]" value="text"/>
            <TextAreaField name="form[comment]" label=t::comment(lang) text=text("comment") error=wrong("comment")/>
            {targets(lang, page, wrong_target)}
            <TextField
                name="form[required_percent]"
                label=t::percent(lang)
                hint=t::percent_hint(lang)
                kind="number"
                value=text("required_percent")
                error=wrong("required_percent")
            />
            <DeskFiles
                name="form[attachments][]"
                attached=draft.map(|draft| draft.attachments.clone()).unwrap_or_default()
                max_bytes=page.upload_max
                forbidden=page.forbidden_extensions.clone()
                upload_action=upload
            />
            <FieldError id="form-attachments-error" error=wrong_file/>
            <div class="form-foot"><SubmitButton>{t::ask(lang)}</SubmitButton></div>
        </form>
    }
    .into_any()
}

/// Those at hand as boxes to tick, others by their addresses; what was begun is ticked and typed again.
fn targets(lang: Lang, page: &ValidationsView, error: Signal<Option<String>>) -> AnyView {
    let begun: Vec<String> = page.draft.as_ref().map(|draft| listed(draft.fields.get("targets"))).unwrap_or_default();
    let box_of = |(at, choice): (usize, &Choice)| {
        let (name, value) = (choice.name.clone(), choice.value.clone());
        let is_begun = begun.contains(&value);
        view! { <Checkbox name="form[targets][]" id=format!("target-{at}") label=name value=value checked=is_begun/> }
            .into_any()
    };
    let boxes = |groups: bool| -> Vec<AnyView> {
        let all = page.choices.iter().enumerate();
        all.filter(|(_, choice)| choice.value.starts_with("group:") == groups).map(box_of).collect()
    };
    let set = |legend: &'static str, rows: Vec<AnyView>| {
        (!rows.is_empty()).then(|| {
            view! { <fieldset class="field choices"><legend>{legend}</legend><div class="choices-list">{rows}</div></fieldset> }
        })
    };
    let is_offered = |text: &&String| page.choices.iter().any(|choice| choice.value == **text);
    let typed: Vec<String> = begun.iter().filter(|text| !is_offered(text)).cloned().collect();
    view! {
        <div class="form" role="group" aria-label=t::targets(lang)>
            {set(t::groups(lang), boxes(true))}
            {set(t::people(lang), boxes(false))}
            <TextAreaField name="form[targets][]" label=t::more(lang) hint=t::more_hint(lang) text=typed.join("\n") rows=2 error=error/>
        </div>
    }
    .into_any()
}

/// The texts of a list that a draft keeps.
fn listed(kept: Option<&serde_json::Value>) -> Vec<String> {
    let items = kept.and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let texts = items.iter().filter_map(serde_json::Value::as_str).filter(|text| !text.is_empty());
    texts.map(str::to_owned).collect()
}
