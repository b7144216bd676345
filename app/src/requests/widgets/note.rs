//! "Add a note": the form by which a requester writes to the team (P-OCC), and what stands there when he cannot.
//! An ordinary post: the server leads back to the entry, or to this page with the refusal and everything typed.

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::RequestDetail;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::begun::begun;
use super::steps::may;
use crate::components::banner::Banner;
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{Checkbox, FieldError, SelectField};
use crate::components::form_error::{FieldName, FormError};
use crate::kept::{TextKept, upload_path};
use crate::message;
use crate::messages::{self, form::Writing};
use crate::t::requests as t;
use crate::tickets::server_fns::{AddOccurrence, SaveDraft};

const HINT: &str = "note-hint";

/// Id of the form in which the reader writes to the team; `None` where there is none.
pub(crate) fn anchor(request: &RequestDetail) -> Option<&'static str> {
    match request.note_off.as_str() {
        "" => Some("note-form"),
        "disabled" if may(request, "message") => Some("message-form"),
        _ => None,
    }
}

/// The form, or why there is none. Where notes are switched off and messages are not, it writes a message (P-OCC-06).
pub(crate) fn note(
    lang: Lang,
    request: &RequestDetail,
    refusal: Signal<Option<AppError>>,
    message_refusal: Signal<Option<AppError>>,
) -> AnyView {
    if anchor(request) == Some("message-form") {
        let writing = Writing {
            number: request.number,
            key: &request.key,
            from: "conversation",
            to_team: true,
            draft: request.draft.as_ref(),
            refusal: message_refusal,
        };
        let form = messages::form::form(lang, &writing, None);
        return view! { <Banner text=t::off_disabled(lang)/>{kept(lang, request)}{form} }.into_any();
    }
    let why = match request.note_off.as_str() {
        "" => return form(lang, request, refusal),
        "disabled" => view! { <Banner text=t::off_disabled(lang)/> }.into_any(),
        // Why it is not reopened either, where one might expect to (P-ACT-08).
        "closed" => over(lang, request, reopen_over(lang, request)),
        "cancelled" => over(lang, request, t::off_cancelled(lang).to_owned()),
        _ => view! { <Banner text=t::off_forbidden(lang)/> }.into_any(),
    };
    view! { {why}{kept(lang, request)} }.into_any()
}

/// What the reader had begun in the form of a note that is not there any more (P-GEN-05).
fn kept(lang: Lang, request: &RequestDetail) -> Option<AnyView> {
    let note = request.draft.as_ref().filter(|draft| draft.kind == "occurrence");
    messages::form::kept(lang, begun(note, "body").0)
}

/// What can still be done with a request that is over (P-OCC-06).
fn over(lang: Lang, request: &RequestDetail, why: String) -> AnyView {
    let link = |action: &'static str, href: String, word: &'static str| {
        may(request, action).then(|| view! { <a class="btn btn-sm" href=href>{word}</a> })
    };
    let reopen = link("reopen", format!("/requests/{}?ask=reopen", request.number), t::reopen(lang));
    let follow_up = link("follow-up", format!("/requests/new?follow_up_of={}", request.number), t::follow_up(lang));
    view! { <Banner text=why>{reopen}{follow_up}</Banner> }.into_any()
}

/// That a closed request takes no more notes, or that the days to reopen it are over.
pub(crate) fn reopen_over(lang: Lang, request: &RequestDetail) -> String {
    match (request.reopen_off.as_str(), may(request, "follow-up")) {
        ("period_over", true) => t::reopen_over_follow(lang, request.reopen_days),
        ("period_over", false) => t::reopen_over(lang, request.reopen_days),
        _ => t::off_closed(lang).to_owned(),
    }
}

fn form(lang: Lang, request: &RequestDetail, refusal: Signal<Option<AppError>>) -> AnyView {
    let (text, html) = begun(request.draft.as_ref(), "body");
    let attached = request.draft.as_ref().map(|draft| draft.attachments.clone()).unwrap_or_default();
    let is_wrong = Signal::derive(move || message::fields(refusal.get().as_ref()).of("body").is_some());
    let wrong_file = Signal::derive(move || message::files_sentence(lang, &message::fields(refusal.get().as_ref())));
    let here = format!("/requests/{}#note-form", request.number);
    let upload = upload_path("occurrence", &request.number.to_string(), &here);
    let fields = vec![
        FieldName { field: "body", label: t::write(lang) },
        FieldName { field: "category", label: t::category(lang) },
        FieldName { field: "attachments", label: t::files(lang) },
    ];
    view! {
        <form
            class="composer"
            id="note-form"
            method="post"
            action=AddOccurrence::url()
            aria-label=t::write(lang)
            data-draft=SaveDraft::url()
            data-draft-kind="occurrence"
            data-draft-object=request.number.to_string()
            data-draft-saved=t::draft_saved(lang, "{time}")
            data-draft-without="ticket from visibility"
        >
            // Ctrl+Enter takes the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <TextKept/>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[ticket]" value=request.number.to_string()/>
            <input r#type="hidden" name="form[key]" value=request.key.clone()/>
            <input r#type="hidden" name="form[from]" value="request"/>
            <input r#type="hidden" name="form[visibility]" value="public"/>
            <div class="field">
                <label r#for="form-body">{t::write(lang)}</label>
                <p class="field-hint" id=HINT>{hint(lang, request)}</p>
                <DeskEditor
                    name="form[body]"
                    format_name="form[format]"
                    label=t::write(lang)
                    text=text
                    html=html
                    described_by=HINT
                    invalid=is_wrong
                    rows=3
                />
            </div>
            {category(lang, request, refusal)}
            {source(lang, request)}
            <DeskFiles
                name="form[attachments][]"
                attached=attached
                max_bytes=request.upload_max
                forbidden=request.forbidden_extensions.clone()
                upload_action=upload
            />
            <FieldError id="form-attachments-error" error=wrong_file/>
            {tick(lang, request)}
            <div class="form-foot">
                <span class="draft-state small muted" data-draft-state=""></span>
                <button class="btn btn-primary" r#type="submit">{t::add_note(lang)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// "Notify the responsible", as the setting or the draft says; absent where no mail can leave (P-OCC-04).
fn tick(lang: Lang, request: &RequestDetail) -> Option<AnyView> {
    let usual = request.notify?;
    let drafted = request.draft.as_ref().and_then(|draft| draft.fields.get("notify_responsible"));
    // The server keeps a switch, the browser what the box would send.
    let is_on = drafted.map_or(usual, |kept| kept.as_bool().unwrap_or(kept.as_str() == Some("true")));
    let label = t::notify_responsible(lang);
    Some(view! { <Checkbox name="form[notify_responsible]" label=label checked=is_on/> }.into_any())
}

/// What the note will do to a solved request, else where it is read and that no mail leaves (P-OCC-04, 05).
fn hint(lang: Lang, request: &RequestDetail) -> String {
    let effect = match request.note_effect.as_str() {
        "reopen" => t::effect_reopen(lang),
        "ask" => t::effect_ask(lang),
        "append-only" => t::effect_append(lang),
        _ if request.notify.is_some() => t::team_sees(lang),
        _ => return t::no_mail(lang).to_owned(),
    };
    if request.notify.is_some() { effect.to_owned() } else { [effect, " ", t::no_mail(lang)].concat() }
}

/// The source: locked and shown (P-OCC-03).
fn source(lang: Lang, request: &RequestDetail) -> Option<AnyView> {
    let locked = request.locked_source.clone()?;
    Some(
        view! { <p class="field"><span class="field-label">{t::source(lang)}</span><span>{locked}</span></p> }
            .into_any(),
    )
}

/// The category: offered, locked and shown, or absent (P-OCC-03).
fn category(lang: Lang, request: &RequestDetail, refusal: Signal<Option<AppError>>) -> AnyView {
    if let Some(locked) = request.locked_category.clone() {
        return view! { <p class="field"><span class="field-label">{t::category(lang)}</span><span>{locked}</span></p> }.into_any();
    }
    if request.categories.is_empty() {
        return ().into_any();
    }
    let chosen = request.draft.as_ref().map(|draft| draft.text("category")).unwrap_or_default();
    let error =
        Signal::derive(move || message::field_sentence(lang, &message::fields(refusal.get().as_ref()), "category"));
    view! {
        <SelectField
            name="form[category]"
            label=t::category(lang)
            options=request.categories.clone()
            value=chosen
            blank=t::no_category(lang)
            error=error
        />
    }
    .into_any()
}
