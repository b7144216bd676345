//! The form of a message: an ordinary post, which leads back to the message or, refused, to the form with everything typed.

use domain::error::AppError;
use domain::lang::Lang;
use domain::message::{Off, TEXT_MAX};
use domain::views::DraftView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::server_fns::SendMessage;
use crate::components::banner::Banner;
use crate::components::field::TextAreaField;
use crate::components::form_error::{FieldName, FormError};
use crate::kept::TextKept;
use crate::message;
use crate::t::messages as t;
use crate::t::{chat, requests};
use crate::tickets::server_fns::SaveDraft;

/// What a form begins with.
pub(crate) struct Writing<'a> {
    /// Number of the ticket.
    pub(crate) number: i64,
    /// The idempotency key.
    pub(crate) key: &'a str,
    /// Page it returns to: `ticket`, `request`, `conversation`.
    pub(crate) from: &'static str,
    /// To the team, not to the requesters.
    pub(crate) to_team: bool,
    /// What its writer had begun.
    pub(crate) draft: Option<&'a DraftView>,
    /// Why it was refused.
    pub(crate) refusal: Signal<Option<AppError>>,
}

/// The form; `mail` stands between the text and the button.
pub(crate) fn form(lang: Lang, writing: &Writing<'_>, mail: Option<AnyView>) -> AnyView {
    let refusal = writing.refusal;
    let (label, hint) = if writing.to_team {
        (t::to_team(lang), t::hint_team(lang))
    } else {
        (t::to_requester(lang), t::hint_requester(lang))
    };
    let text = writing.draft.map(|draft| draft.text("text")).unwrap_or_default();
    let wrong = Signal::derive(move || message::field_sentence(lang, &message::fields(refusal.get().as_ref()), "text"));
    let fields = vec![
        FieldName { field: "text", label: t::message(lang) },
        FieldName { field: "send_mail", label: crate::t::tickets::send_by_mail(lang) },
    ];
    let longest = u32::try_from(TEXT_MAX).unwrap_or(u32::MAX);
    view! {
        <form
            class="composer"
            id="message-form"
            method="post"
            action=SendMessage::url()
            aria-label=label
            data-draft=SaveDraft::url()
            data-draft-kind="message"
            data-draft-object=writing.number.to_string()
            data-draft-saved=requests::draft_saved(lang, "{time}")
            data-draft-without="ticket from"
        >
            <TextKept/>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[ticket]" value=writing.number.to_string()/>
            <input r#type="hidden" name="form[key]" value=writing.key.to_owned()/>
            <input r#type="hidden" name="form[from]" value=writing.from/>
            <TextAreaField name="form[text]" label=label hint=hint text=text error=wrong maxlength=longest/>
            {mail}
            <div class="form-foot">
                <span class="draft-state small muted" data-draft-state=""></span>
                <button class="btn btn-primary" r#type="submit">{t::send(lang)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Why there is no form, and what its writer had begun (P-GEN-05).
pub(crate) fn no_form(lang: Lang, off: Off, draft: Option<&DraftView>) -> AnyView {
    let text = draft.map(|draft| draft.text("text")).unwrap_or_default();
    view! {
        <Banner text=off_words(lang, off)/>
        {kept(lang, text)}
    }
    .into_any()
}

/// A text whose form is gone: it is kept, and can be taken along. Nothing where there is none.
pub(crate) fn kept(lang: Lang, text: String) -> Option<AnyView> {
    (!text.is_empty()).then(|| {
        view! {
            <div class="kept-text">
                <p class="muted small">{chat::text_kept(lang)}</p>
                <p class="history-text">{text}</p>
            </div>
        }
        .into_any()
    })
}

/// Why there is no form.
fn off_words(lang: Lang, off: Off) -> &'static str {
    match off {
        Off::Forbidden => t::off_forbidden(lang),
        Off::Disabled => t::off_disabled(lang),
        Off::NoReply => t::off_no_reply(lang),
        Off::Over => t::off_over(lang),
        Off::NobodyAssigned => t::off_nobody(lang),
    }
}
