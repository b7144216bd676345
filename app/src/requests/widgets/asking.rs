//! Commands that ask first: cancel, reopen. The question is part of the page's address (`?ask=cancel`), so it works
//! without scripts (P-DEV: "page of its own with Confirm and Back").

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::RequestDetail;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::note::reopen_over;
use super::steps::may;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::TextAreaField;
use crate::components::form_error::{FieldName, FormError};
use crate::kept::refused::{Refused, left};
use crate::message;
use crate::requests::server_fns::RunRequestCommand;
use crate::t::common;
use crate::t::requests as t;

/// The words of a question.
struct Question {
    command: &'static str,
    title: &'static str,
    text: &'static str,
    button: &'static str,
    cannot: &'static str,
    kind: ButtonKind,
    is_required: bool,
    max: u32,
}

/// The question that the address asks; where its command is not possible now, that it is not.
pub(crate) fn asking(
    lang: Lang,
    request: &RequestDetail,
    ask: &str,
    refusal: Signal<Option<AppError>>,
) -> Option<AnyView> {
    let question = match ask {
        "cancel" => Question {
            command: "cancel",
            title: t::cancel_ask(lang),
            text: t::cancel_text(lang),
            button: t::cancel(lang),
            cannot: t::cannot_cancel(lang),
            kind: ButtonKind::Danger,
            is_required: false,
            max: 2_000,
        },
        "reopen" => Question {
            command: "reopen",
            title: t::reopen_ask(lang),
            text: t::reopen_text(lang),
            button: t::reopen(lang),
            cannot: t::cannot_reopen(lang),
            kind: ButtonKind::Primary,
            is_required: true,
            max: 10_000,
        },
        _ => return None,
    };
    if may(request, question.command) {
        return Some(form(lang, request, question, refusal));
    }
    // Why it was refused stands above already.
    let is_told = refusal.with_untracked(Option::is_some);
    let cannot = match (question.command, request.reopen_off.as_str()) {
        ("reopen", "period_over") => reopen_over(lang, request),
        _ => question.cannot.to_owned(),
    };
    if is_told {
        return left(&Refused::of::<RunRequestCommand>(), "form[reason]");
    }
    Some(view! { <Banner tone=Tone::Warning text=cannot/> }.into_any())
}

fn form(lang: Lang, request: &RequestDetail, question: Question, refusal: Signal<Option<AppError>>) -> AnyView {
    let Question { command, title, text, button, kind, is_required, max, .. } = question;
    let back = format!("/requests/{}", request.number);
    // The form of the note has the same key; each command needs its own.
    let key = [request.key.as_str(), "-", command].concat();
    let wrong =
        Signal::derive(move || message::field_sentence(lang, &message::fields(refusal.get().as_ref()), "reason"));
    let typed = Refused::of::<RunRequestCommand>().about("form[command]", command).or("form[reason]", "");
    let hint = if is_required { "" } else { t::optional(lang) };
    let fields = vec![FieldName { field: "reason", label: t::reason(lang) }];
    // What reopens a request is for everybody to read, also when an agent reopens his own here.
    let public = is_required.then(|| view! { <input r#type="hidden" name="form[public]" value="true"/> });
    view! {
        <section class="card" aria-labelledby="ask-title">
            <h2 class="card-title" id="ask-title">{title}</h2>
            <form class="form" method="post" action=RunRequestCommand::url()>
                <FormError error=refusal fields=fields/>
                <p>{text}</p>
                <input r#type="hidden" name="form[number]" value=request.number.to_string()/>
                <input r#type="hidden" name="form[command]" value=command/>
                <input r#type="hidden" name="form[key]" value=key/>
                {public}
                <TextAreaField name="form[reason]" label=t::reason(lang) text=typed hint=hint error=wrong required=is_required maxlength=max rows=3/>
                <div class="form-foot">
                    <a class="btn btn-ghost btn-sm" href=back>{common::back(lang)}</a>
                    <SubmitButton kind=kind>{button}</SubmitButton>
                </div>
            </form>
        </section>
    }
    .into_any()
}
