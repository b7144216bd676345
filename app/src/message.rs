//! From refusals to sentences: what happened, what to do, what is safe. Only known variants become words;
//! text that came along is never shown, because anybody can write an error into an address.

use domain::error::{AppError, Code, ErrorRef, FieldError, FieldErrors};
use domain::lang::Lang;

use crate::error::Refusal;
use crate::t::errors as e;

/// Name of the files of a form in [`FieldErrors`].
const FILES: &str = "attachments";

/// The refusal of a form's action, once it has one; forms take it from [`crate::form_action::refusal_of`].
pub fn refusal<T>(value: &Option<Result<T, Refusal>>) -> Option<AppError> {
    match value {
        Some(Err(Refusal(error))) => Some(error.clone()),
        _ => None,
    }
}

/// The wrong fields of a refusal; none when it is about something else.
#[must_use]
pub fn fields(error: Option<&AppError>) -> FieldErrors {
    match error {
        Some(AppError::Invalid(fields)) => fields.clone(),
        _ => FieldErrors::new(),
    }
}

/// One sentence for a refusal.
#[must_use]
pub fn sentence(lang: Lang, error: &AppError) -> String {
    let fixed = match error {
        AppError::Unauthenticated => signed_out(lang),
        AppError::InvalidCredentials => e::invalid_credentials(lang),
        AppError::NotFound => e::not_found(lang),
        AppError::Forbidden(_) | AppError::ReadOnlyToken => e::forbidden(lang),
        AppError::Disabled(_) => e::disabled(lang),
        AppError::Invalid(fields) => return e::fields_wrong(lang, i64::try_from(fields.0.len()).unwrap_or(i64::MAX)),
        AppError::Conflict { .. } => e::conflict(lang),
        AppError::PreconditionFailed(_) | AppError::VersionRequired => e::changed_meanwhile(lang),
        AppError::Refused { code, .. } => code_sentence(lang, *code),
        AppError::TooMany { retry_s } => return wait(lang, i64::from(*retry_s)),
        AppError::Unavailable { .. } => e::unavailable(lang),
        AppError::Internal(reference) => return internal(lang, reference),
        AppError::StorageFull => e::storage_full(lang),
        AppError::Transport(_) => e::transport(lang),
    };
    fixed.to_owned()
}

/// A form that came after its writer's session had ended leads to the page "Sign in" and from there back to its own page, where
/// he is signed in again.
#[cfg(feature = "ssr")]
fn signed_out(lang: Lang) -> &'static str {
    use leptos::prelude::use_context;

    if use_context::<crate::kept::refused::Posted>().is_some_and(|posted| posted.is_late) {
        return crate::t::common::text_kept(lang);
    }
    let is_back = use_context::<crate::context::Request>().is_some_and(|request| request.ctx.is_some());
    if is_back { e::not_sent(lang) } else { e::unauthenticated(lang) }
}

/// In the browser it is the page that has been signed out, and its fields keep their text.
#[cfg(not(feature = "ssr"))]
fn signed_out(lang: Lang) -> &'static str {
    e::unauthenticated(lang)
}

fn wait(lang: Lang, seconds: i64) -> String {
    if seconds > 90 {
        e::try_again_in_minutes(lang, (seconds + 59) / 60)
    } else {
        e::try_again_in_seconds(lang, seconds.max(1))
    }
}

/// A reference is shown only if it looks like one of ours.
fn internal(lang: Lang, ErrorRef(reference): &ErrorRef) -> String {
    let is_ours = (1..=16).contains(&reference.len())
        && reference.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if is_ours { e::internal_with_reference(lang, reference) } else { e::internal(lang).to_owned() }
}

/// The sentence of a wrong field, if it is wrong.
#[must_use]
pub fn field_sentence(lang: Lang, errors: &FieldErrors, field: &str) -> Option<String> {
    errors.of(field).map(|code| code_sentence(lang, code).to_owned())
}

/// The field a wrong one belongs to on the page: `attachments[2]` is shown at `attachments`.
#[must_use]
pub fn base_of(field: &str) -> &str {
    field.split('[').next().unwrap_or(field)
}

/// The sentence of the first wrong file of a form, if one is wrong.
#[must_use]
pub fn files_sentence(lang: Lang, errors: &FieldErrors) -> Option<String> {
    errors.0.iter().find(|wrong| base_of(&wrong.field) == FILES).map(|wrong| wrong_sentence(lang, wrong).to_owned())
}

/// The sentence of one wrong field in the list above a form.
#[must_use]
pub fn wrong_sentence(lang: Lang, wrong: &FieldError) -> &'static str {
    match wrong.code {
        Code::Required if base_of(&wrong.field) == FILES => e::file_missing(lang),
        // Chosen but never uploaded, or forgotten since.
        Code::UnknownReference if base_of(&wrong.field) == FILES => e::file_not_uploaded(lang),
        code => code_sentence(lang, code),
    }
}

/// One sentence for a code.
#[must_use]
pub fn code_sentence(lang: Lang, code: Code) -> &'static str {
    match code {
        Code::Required => e::required(lang),
        Code::TooLong => e::too_long(lang),
        Code::TooMany => e::too_many(lang),
        Code::Invalid => e::invalid(lang),
        Code::OutOfRange => e::out_of_range(lang),
        Code::InFuture => e::in_future(lang),
        Code::TooOld => e::too_old(lang),
        Code::UnknownReference => e::unknown_reference(lang),
        Code::Duplicate => e::duplicate(lang),
        Code::DuplicateName => e::duplicate_name(lang),
        Code::NotAllowed => e::not_allowed(lang),
        Code::UnknownField => e::unknown_field(lang),
        Code::UnknownSetting => e::unknown_setting(lang),
        Code::TimeFormat => e::time_format(lang),
        Code::TimeOutOfRange => e::time_out_of_range(lang),
        Code::DueBeforeOpening => e::due_before_opening(lang),
        Code::DueOrder => e::due_order(lang),
        Code::CalendarEmpty => e::calendar_empty(lang),
        Code::BeginRequired => e::begin_required(lang),
        Code::EndRequired => e::end_required(lang),
        Code::EndBeforeBegin => e::end_before_begin(lang),
        Code::DurationMismatch => e::duration_mismatch(lang),
        Code::AssigneeCannotSee => e::assignee_cannot_see(lang),
        Code::CategoryNotAllowed => e::category_not_allowed(lang),
        Code::NotAssignable => e::not_assignable(lang),
        Code::FileEmpty => e::file_empty(lang),
        Code::TooLarge => e::too_large(lang),
        Code::TypeNotAllowed => e::type_not_allowed(lang),
        Code::MailNotConfigured => e::mail_not_configured(lang),
        Code::MailRequiresPublic => e::mail_requires_public(lang),
        Code::MailTemplateMissing => e::mail_template_missing(lang),
        Code::NoRecipient => e::no_recipient(lang),
        Code::TemplateInvalid => e::template_invalid(lang),
        Code::TemplateUnknownVariable => e::template_unknown_variable(lang),
        Code::TooManyPixels => e::too_many_pixels(lang),
        Code::TemplateTooLarge => e::template_too_large(lang),
        Code::WeakPassword => e::weak_password(lang),
        Code::WrongPassword => e::wrong_password(lang),
        Code::IdempotencyMismatch => e::idempotency_mismatch(lang),
        Code::TooManyRows => e::too_many_rows(lang),
        Code::AlreadySolved => e::already_solved(lang),
        Code::AlreadyTaken => e::already_taken(lang),
        Code::Conflict => e::conflict(lang),
        Code::EntityChangeLosses => e::entity_change_losses(lang),
        Code::EntryDeleted => e::entry_deleted(lang),
        Code::InUse => e::in_use(lang),
        Code::MailAlreadySent => e::mail_already_sent(lang),
        Code::MessageAlreadyRead => e::message_already_read(lang),
        Code::NotPending => e::not_pending(lang),
        Code::NotSolved => e::not_solved(lang),
        Code::ReopenPeriodOver => e::reopen_period_over(lang),
        Code::RequestInProgress => e::request_in_progress(lang),
        Code::SolutionRequired => e::solution_required(lang),
        Code::SurveyClosed => e::survey_closed(lang),
        Code::SurveyExpired => e::survey_expired(lang),
        Code::TicketCancelled => e::ticket_cancelled(lang),
        Code::TicketClosed => e::ticket_closed(lang),
        Code::TicketDeleted => e::ticket_deleted(lang),
        Code::TicketMerged => e::ticket_merged(lang),
        Code::TransitionNotAllowed => e::transition_not_allowed(lang),
        Code::ValidationBlocks => e::validation_blocks(lang),
        Code::ValidationClosed => e::validation_closed(lang),
        Code::AlreadyAnswered => e::already_answered(lang),
        Code::ApproverIsAsker => e::approver_is_asker(lang),
        Code::LastAdministrator => e::last_administrator(lang),
        Code::InvalidCredentials => e::invalid_credentials(lang),
        Code::Unauthenticated => e::unauthenticated(lang),
        Code::SetupClosed => e::setup_closed(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_refusal_is_never_repeated() {
        let evil = "<b>call 555</b>".to_owned();
        for error in [
            AppError::Transport(evil.clone()),
            AppError::Forbidden(evil.clone()),
            AppError::Disabled(evil.clone()),
            AppError::Internal(ErrorRef(evil.clone())),
        ] {
            for lang in Lang::ALL {
                assert!(!sentence(lang, &error).contains("555"), "{error:?}");
            }
        }
        assert!(sentence(Lang::En, &AppError::Internal(ErrorRef("abc-DEF_123".to_owned()))).ends_with("abc-DEF_123"));
    }

    #[test]
    fn every_code_has_a_sentence_in_every_language() {
        for code in Code::ALL {
            for lang in Lang::ALL {
                assert!(!code_sentence(lang, *code).is_empty(), "{code} {lang}");
            }
        }
    }

    #[test]
    fn t_doc_01_a_file_that_was_not_uploaded_is_told_at_the_files() {
        let errors = FieldErrors::one("attachments[1]", Code::UnknownReference);
        let told = files_sentence(Lang::En, &errors).unwrap_or_default();
        assert_eq!(told, e::file_not_uploaded(Lang::En));
        assert_eq!(files_sentence(Lang::En, &FieldErrors::one("body", Code::Required)), None);
    }

    #[test]
    fn waiting_is_told_in_the_unit_people_use() {
        assert_eq!(sentence(Lang::En, &AppError::TooMany { retry_s: 1 }), "Too many tries. Try again in 1 second.");
        assert_eq!(sentence(Lang::En, &AppError::TooMany { retry_s: 91 }), "Too many tries. Try again in 2 minutes.");
    }
}
