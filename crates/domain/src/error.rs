//! Every way of saying no, without a word of prose: pages translate these, the API sends their names.
//!
//! Belongs here: codes, wrong fields, the error that crosses the wire. Does not belong here: causes
//! (they stay in `service::error`), HTTP statuses (`server::api::problem`), sentences (`app`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::views::ActorView;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $text:literal),+ $(,)?) => {
        /// A reason for a refusal, literal in the API. Sources: T-GEN-03 and the rule that names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $name),+ }

        impl Code {
            /// Every code there is, for tests that compare them with their sentences.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The word on the wire, `snake_case`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }
        }
    };
}

codes! {
    // Fields (422): T-GEN-03.
    Required => "required", TooLong => "too_long", TooMany => "too_many", Invalid => "invalid",
    OutOfRange => "out_of_range", InFuture => "in_future", TooOld => "too_old",
    UnknownReference => "unknown_reference", Duplicate => "duplicate", DuplicateName => "duplicate_name",
    NotAllowed => "not_allowed",
    UnknownField => "unknown_field", UnknownSetting => "unknown_setting",
    // Fields with a rule of their own (422).
    TimeFormat => "time_format", TimeOutOfRange => "time_out_of_range", DueBeforeOpening => "due_before_opening",
    DueOrder => "due_order", CalendarEmpty => "calendar_empty", CategoryNotAllowed => "category_not_allowed", NotAssignable => "not_assignable",
    FileEmpty => "file_empty", TooLarge => "too_large", TypeNotAllowed => "type_not_allowed",
    TooManyPixels => "too_many_pixels",
    MailNotConfigured => "mail_not_configured", MailRequiresPublic => "mail_requires_public",
    MailTemplateMissing => "mail_template_missing", NoRecipient => "no_recipient",
    TemplateInvalid => "template_invalid", TemplateUnknownVariable => "template_unknown_variable",
    TemplateTooLarge => "template_too_large",
    BeginRequired => "begin_required", EndRequired => "end_required", EndBeforeBegin => "end_before_begin",
    DurationMismatch => "duration_mismatch", AssigneeCannotSee => "assignee_cannot_see",
    WeakPassword => "weak_password", WrongPassword => "wrong_password",
    ApproverIsAsker => "approver_is_asker",
    IdempotencyMismatch => "idempotency_mismatch",
    // Whole answers (422): T-HIS-04.
    TooManyRows => "too_many_rows",
    // State and business (409): tickets.md section 21.
    AlreadyAnswered => "already_answered", AlreadySolved => "already_solved", AlreadyTaken => "already_taken", Conflict => "conflict",
    EntityChangeLosses => "entity_change_losses", EntryDeleted => "entry_deleted", InUse => "in_use",
    MailAlreadySent => "mail_already_sent", MessageAlreadyRead => "message_already_read", NotPending => "not_pending", NotSolved => "not_solved",
    ReopenPeriodOver => "reopen_period_over", RequestInProgress => "request_in_progress",
    SolutionRequired => "solution_required", SurveyClosed => "survey_closed", SurveyExpired => "survey_expired",
    TicketCancelled => "ticket_cancelled",
    TicketClosed => "ticket_closed", TicketDeleted => "ticket_deleted", TicketMerged => "ticket_merged",
    TransitionNotAllowed => "transition_not_allowed", ValidationBlocks => "validation_blocks",
    ValidationClosed => "validation_closed",
    LastAdministrator => "last_administrator",
    // Access.
    InvalidCredentials => "invalid_credentials", Unauthenticated => "unauthenticated",
    SetupClosed => "setup_closed",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One wrong field: its path in the form (`attachments[2]`, `body`) and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Path of the field in the form or body, as A-ERR-02 writes it.
    pub field: String,
    /// Why it is wrong.
    pub code: Code,
    /// Where in it, and more of why; of few codes only. Never shown word for word by a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
}

/// All wrong fields of one form at once (T-GEN-02); empty means that none is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// No wrong field yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A single wrong field.
    #[must_use]
    pub fn one(field: impl Into<String>, code: Code) -> Self {
        Self(vec![FieldError { field: field.into(), code, data: None }])
    }

    /// Notes one more wrong field.
    pub fn add(&mut self, field: impl Into<String>, code: Code) {
        self.0.push(FieldError { field: field.into(), code, data: None });
    }

    /// Notes one more wrong field, with where it is wrong.
    pub fn add_with(&mut self, field: impl Into<String>, code: Code, data: serde_json::Value) {
        self.0.push(FieldError { field: field.into(), code, data: Some(data) });
    }

    /// Keeps the value of a good field, notes the code of a wrong one.
    pub fn check<T>(&mut self, field: &str, value: Result<T, Code>) -> Option<T> {
        value.map_err(|code| self.add(field, code)).ok()
    }

    /// The code of one field, if it is wrong.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<Code> {
        self.0.iter().find(|e| e.field == field).map(|e| e.code)
    }

    /// Whether every field is right.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` if every field is right, else all that are wrong.
    ///
    /// # Errors
    /// `AppError::Invalid` with every wrong field.
    pub fn or<T>(self, value: Option<T>) -> Result<T, AppError> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(AppError::Invalid(self)),
        }
    }
}

/// Two people changed the same field (T-GEN-07): what each of them wants, as text to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// Name of the field as in the form.
    pub field: String,
    /// What the refused save carried.
    pub yours: serde_json::Value,
    /// What is stored now.
    pub theirs: serde_json::Value,
    /// Who stored it; `None` = the system.
    pub by: Option<String>,
    /// The same with what the reader may know of him (api.md section 5).
    #[serde(default)]
    pub actor: ActorView,
    /// When, RFC 3339 with the reader's offset.
    pub at: String,
}

/// Reference under which the log keeps the cause of an internal error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorRef(pub String);

/// What a command answers when it says no: the only error that leaves the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the sign-in expired (401).
    #[error("unauthenticated")]
    Unauthenticated,
    /// Sign-in refused; one answer for wrong password, unknown and disabled account (401).
    #[error("invalid_credentials")]
    InvalidCredentials,
    /// Unknown, or not for the eyes of the caller: never tells which (404).
    #[error("not_found")]
    NotFound,
    /// The object is visible, the named capability is missing (403).
    #[error("forbidden {0}")]
    Forbidden(String),
    /// A token of scope `read` was used to write (403).
    #[error("read_only_token")]
    ReadOnlyToken,
    /// The named setting switches this off (403).
    #[error("disabled_by_setting {0}")]
    Disabled(String),
    /// Wrong fields, all at once (422).
    #[error("invalid")]
    Invalid(FieldErrors),
    /// The same field was changed meanwhile (409).
    #[error("conflict")]
    Conflict {
        /// Present version of the object.
        version: i32,
        /// Every field both changed.
        conflicts: Vec<FieldConflict>,
    },
    /// `If-Match` names another version (412).
    #[error("precondition_failed")]
    PreconditionFailed(i32),
    /// An update that names no version (428).
    #[error("version_required")]
    VersionRequired,
    /// State or business rule says no (409); `data` holds what the actor may know of it.
    #[error("refused {code}")]
    Refused {
        /// Which rule.
        code: Code,
        /// Facts for the sentence, already filtered by the actor's rights.
        data: Option<serde_json::Value>,
    },
    /// Too many tries (429).
    #[error("too_many_requests")]
    TooMany {
        /// Seconds until the next try may succeed.
        retry_s: u32,
    },
    /// Database or store away, or shutting down (503).
    #[error("unavailable")]
    Unavailable {
        /// Seconds until the next try may succeed.
        retry_s: u32,
    },
    /// A defect; the cause is in the log under the reference (500).
    #[error("internal {}", .0.0)]
    Internal(ErrorRef),
    /// No room to write (507).
    #[error("storage_full")]
    StorageFull,
    /// The answer did not arrive or could not be read; never shown word for word.
    #[error("transport")]
    Transport(String),
}

impl AppError {
    /// A refusal without further facts.
    #[must_use]
    pub const fn refused(code: Code) -> Self {
        Self::Refused { code, data: None }
    }

    /// A single wrong field.
    #[must_use]
    pub fn field(field: impl Into<String>, code: Code) -> Self {
        Self::Invalid(FieldErrors::one(field, code))
    }
}
