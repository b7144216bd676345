//! Every code with its status and its one English sentence: for `title`, the OpenAPI document and the page of errors.

/// Codes of whole answers: status, code, sentence.
pub const ERRORS: &[(u16, &str, &str)] = &[
    (400, "malformed_request", "The request cannot be read."),
    (401, "unauthenticated", "A valid token is needed."),
    (401, "invalid_credentials", "The address and the password do not belong together."),
    (403, "forbidden", "The right to do this is missing."),
    (403, "disabled_by_setting", "A setting switches this off."),
    (403, "read_only_token", "This token may only read."),
    (404, "not_found", "There is nothing here, or it may not be seen."),
    (405, "method_not_allowed", "This address does not take this method."),
    (409, "conflict", "The same field was changed meanwhile."),
    (409, "already_answered", "The request for validation was answered already."),
    (409, "already_solved", "The ticket is solved already."),
    (409, "already_taken", "Somebody else has taken the ticket."),
    (409, "entity_change_losses", "Some values are not valid in the new entity; accept their loss to go on."),
    (409, "entry_deleted", "The entry was removed."),
    (409, "in_use", "The object is in use."),
    (409, "last_administrator", "The last administrator must stay."),
    (409, "mail_already_sent", "A mail was sent and cannot be recalled; acknowledge it to go on."),
    (409, "message_already_read", "Somebody has read the message, or a mail of it was sent: it cannot be taken back."),
    (409, "not_pending", "The ticket is not on hold."),
    (409, "not_solved", "The ticket is not solved."),
    (409, "reopen_period_over", "The time to reopen the ticket is over."),
    (409, "request_in_progress", "The same request is still running."),
    (409, "setup_closed", "The first set-up is done."),
    (409, "solution_required", "Closing an open ticket needs a solution."),
    (409, "survey_closed", "The survey was answered, or the ticket was reopened: nothing can be changed any more."),
    (409, "survey_expired", "The time to answer the survey is over."),
    (409, "ticket_cancelled", "The ticket is cancelled."),
    (409, "ticket_closed", "The ticket is closed."),
    (409, "ticket_deleted", "The ticket is in the trash."),
    (409, "ticket_merged", "The ticket was merged into another one."),
    (409, "transition_not_allowed", "The status of the ticket does not allow this."),
    (409, "validation_blocks", "A validation is missing."),
    (409, "validation_closed", "The request for validation was withdrawn, or its ticket is over."),
    (412, "precondition_failed", "The object has another version by now."),
    (413, "body_too_large", "The body is larger than 2 MiB."),
    (415, "unsupported_media_type", "This address does not take this content type."),
    (422, "invalid", "Some fields are not valid."),
    (422, "idempotency_mismatch", "The key was used before with other content."),
    (422, "too_many_rows", "The export would be larger than allowed; narrow it by filters."),
    (428, "version_required", "An update needs a version or If-Match."),
    (429, "too_many_requests", "Too many requests; try again later."),
    (500, "internal", "Something went wrong; the reference leads to the cause in the log."),
    (503, "unavailable", "The service is away for a moment; try again."),
    (507, "storage_full", "There is no room to write; reading goes on."),
];

/// Codes of single fields and query parameters, in `errors` of an answer with code `invalid`.
pub const FIELD_CODES: &[(&str, &str)] = &[
    ("required", "The field must not be empty."),
    ("too_long", "The text is too long."),
    ("too_many", "There are too many values."),
    ("invalid", "The value has the wrong form, or is not one of those allowed."),
    ("out_of_range", "The number lies outside its limits."),
    ("in_future", "The time lies in the future."),
    ("too_old", "The time lies before 2000-01-01."),
    ("unknown_reference", "The object does not exist, is inactive, or may not be seen."),
    ("duplicate", "The value occurs twice."),
    ("duplicate_name", "Another one of its kind has this name already; a row of a list, in this language."),
    ("not_allowed", "The caller may not set this field or value."),
    ("unknown_field", "There is no such field."),
    ("unknown_setting", "There is no such setting."),
    ("time_format", "The time spent has the wrong form."),
    ("time_out_of_range", "The time spent lies outside 0 to 1440 minutes."),
    ("due_before_opening", "The due time lies before the opening."),
    ("due_order", "The time to own lies after the time to resolve."),
    ("calendar_empty", "The calendar has no working minute."),
    ("begin_required", "A plan or reminder needs a begin."),
    ("end_required", "A begin needs an end or a duration."),
    ("end_before_begin", "The end does not lie after the begin."),
    ("duration_mismatch", "The duration contradicts the end."),
    ("assignee_cannot_see", "This person may not read private tasks."),
    ("category_not_allowed", "The category is not allowed for this type, entity or caller."),
    ("not_assignable", "This person or group cannot be assigned here."),
    ("file_empty", "The file is empty."),
    ("too_large", "The file is too large."),
    ("type_not_allowed", "Files of this type are not accepted."),
    ("too_many_pixels", "The image has more than 40 million pixels, or more than 16000 a side."),
    ("mail_not_configured", "No mail can be sent: there is no transport."),
    ("mail_requires_public", "Only a public entry can be sent by mail."),
    ("mail_template_missing", "The template of the mail is missing or broken."),
    ("template_invalid", "The text is not written in the language of templates; data holds line, column and reason."),
    ("template_unknown_variable", "The text names a variable that does not exist; data holds line, column and reason."),
    ("template_too_large", "The text is, prints or does too much; data holds line, column and reason."),
    ("no_recipient", "Nobody among the requesters has an address."),
    (
        "approver_is_asker",
        "Nobody is asked for a validation by himself, and nobody answers his own request for a group.",
    ),
    ("weak_password", "The password is too short or easily guessed."),
    ("wrong_password", "The present password is another one."),
];

/// The fixed English sentence of a code.
#[must_use]
pub fn title(code: &str) -> &'static str {
    ERRORS.iter().find(|(_, known, _)| *known == code).map_or("The request was refused.", |(_, _, sentence)| *sentence)
}

#[cfg(test)]
mod tests {
    use domain::error::Code;

    use super::*;

    #[test]
    fn a_bas_01_every_code_of_the_domain_has_a_sentence() {
        for code in Code::ALL {
            let code = code.as_str();
            let is_known = ERRORS.iter().any(|(_, known, _)| *known == code)
                || FIELD_CODES.iter().any(|(known, _)| *known == code);
            assert!(is_known, "{code}");
        }
    }

    #[test]
    fn a_err_01_no_code_stands_twice() {
        for (index, (_, code, _)) in ERRORS.iter().enumerate() {
            assert!(ERRORS.iter().skip(index + 1).all(|(_, other, _)| other != code), "{code}");
        }
    }
}
