//! A request for validation as a card: who asked what of whom, how far it is, and the answers in their order.

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::validation::{Answer, COMMENT_MAX};
use domain::views::{DocumentView, DraftView, Moment, TargetView, ValidationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::server_fns::AnswerValidation;
use super::words;
use crate::components::banner::Banner;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{FieldError, TextAreaField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::components::rich_text::{RichText, is_long};
use crate::components::when::Time;
use crate::kept::{TextKept, upload_path};
use crate::message;
use crate::t::validations as t;

/// The card; `foot` are the commands of the page.
pub(crate) fn card(lang: Lang, request: &ValidationView, now: &Moment, foot: Option<AnyView>) -> AnyView {
    let anchor = format!("validation-{}", request.id);
    let heading = ["h-", &anchor].concat();
    let labelled_by = heading.clone();
    let comment = (!request.comment_text.is_empty() || !request.attachments.is_empty()).then(|| {
        view! { <RichText html=request.comment.clone() long=is_long(&request.comment_text)/>{files(lang, &request.attachments)} }
    });
    let targets = request.targets.iter().map(|one| target(lang, one, now)).collect_view();
    let class = if request.counts() { "card validation" } else { "card validation validation-past" };
    view! {
        <article class=class id=anchor tabindex="-1" aria-labelledby=labelled_by>
            <header class="validation-head" id=heading>
                {words::request_sign(lang, request)}
                <span class="entry-author">{t::asked_by(lang, &request.asker.name)}</span>
                <span class="entry-time"><Time moment=request.asked_at.clone() now=Some(now.clone())/></span>
            </header>
            {comment}
            <p class="small muted">{progress(lang, request)}</p>
            <ul class="validation-targets" aria-label=t::answers(lang)>{targets}</ul>
            {foot}
        </article>
    }
    .into_any()
}

/// "1 of 2 answered · 50 % must agree".
pub(super) fn progress(lang: Lang, request: &ValidationView) -> String {
    let answered = request.answered(Answer::Granted) + request.answered(Answer::Refused);
    let rule = match request.required_percent {
        0 => t::first_decides(lang).to_owned(),
        percent => t::needs(lang, &percent.to_string()),
    };
    let so_far = t::progress(lang, &answered.to_string(), &request.targets.len().to_string());
    [so_far.as_str(), " · ", &rule].concat()
}

fn target(lang: Lang, one: &TargetView, now: &Moment) -> AnyView {
    let name = match &one.by {
        Some(by) if by.name != one.target.name => t::answered_for(lang, &one.target.name, &by.name),
        _ => one.target.name.clone(),
    };
    let state = match one.answer {
        Some(answer) => words::answer_sign(lang, answer),
        None => view! { <span class="muted">{t::no_answer(lang)}</span> }.into_any(),
    };
    let at = one.at.clone().map(|at| view! { <span class="entry-time"><Time moment=at now=Some(now.clone())/></span> });
    let comment = (!one.comment.is_empty())
        .then(|| view! { <RichText html=one.comment_html.clone() long=is_long(&one.comment)/> });
    view! {
        <li>
            <div class="validation-line"><b>{name}</b>{state}{at}</div>
            {comment}
            {files(lang, &one.attachments)}
        </li>
    }
    .into_any()
}

fn files(lang: Lang, files: &[DocumentView]) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let rows = files.iter().map(|file| {
        let icon = if file.is_image { "file-image" } else { "file-text" };
        let href = format!("/documents/{}", file.id);
        view! {
            <li>
                <Icon name=icon/>
                <a href=href rel="external">{file.name.clone()}</a>
                <span class="file-size">{format::file_size(file.size, lang)}</span>
            </li>
        }
    });
    Some(view! { <ul class="file-list">{rows.collect_view()}</ul> }.into_any())
}

/// What the form of an answer begins with.
pub(crate) struct Answering<'a> {
    /// The request.
    pub(crate) id: String,
    /// The idempotency key.
    pub(crate) key: &'a str,
    /// What its writer had begun.
    pub(crate) draft: Option<&'a DraftView>,
    /// Largest file in bytes.
    pub(crate) upload_max: i64,
    /// Forbidden extensions.
    pub(crate) forbidden: &'a [String],
    /// Why it was refused.
    pub(crate) refusal: Memo<Option<AppError>>,
}

/// The form of an answer: two buttons, and why.
pub(crate) fn answer_form(lang: Lang, answering: &Answering<'_>) -> AnyView {
    let refusal = answering.refusal;
    let wrong = Signal::derive(move || {
        refusal.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), "comment"))
    });
    let wrong_file =
        Signal::derive(move || refusal.with(|error| message::files_sentence(lang, &message::fields(error.as_ref()))));
    let text = answering.draft.map(|draft| draft.text("comment")).unwrap_or_default();
    let attached = answering.draft.map(|draft| draft.attachments.clone()).unwrap_or_default();
    let here = format!("/approvals/{}#answer", answering.id);
    let upload = upload_path("validation_answer", &answering.id, &here);
    let fields = vec![
        FieldName { field: "comment", label: t::answer_comment(lang) },
        FieldName { field: "attachments", label: t::files(lang) },
    ];
    let longest = u32::try_from(COMMENT_MAX).unwrap_or(u32::MAX);
    view! {
        <form class="card form" id="answer" method="post" action=AnswerValidation::url() aria-label=t::your_answer(lang)>
            <TextKept/>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[id]" value=answering.id.clone()/>
            <input r#type="hidden" name="form[key]" value=answering.key.to_owned()/>
            <TextAreaField
                name="form[comment]"
                label=t::answer_comment(lang)
                hint=t::answer_hint(lang)
                text=text
                error=wrong
                maxlength=longest
            />
            <DeskFiles
                name="form[attachments][]"
                attached=attached
                max_bytes=answering.upload_max
                forbidden=answering.forbidden.to_vec()
                upload_action=upload
            />
            <FieldError id="form-attachments-error" error=wrong_file/>
            <div class="form-foot">
                <button class="btn" r#type="submit" name="form[answer]" value="refused">{t::refuse(lang)}</button>
                <button class="btn btn-primary" r#type="submit" name="form[answer]" value="granted">{t::approve(lang)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// What stands where no answer is wanted.
pub(crate) fn no_more(lang: Lang) -> AnyView {
    view! { <Banner text=t::no_more(lang)/> }.into_any()
}
