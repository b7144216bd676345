//! What a person or a program sends. Values are as typed: `service` parses them, all wrong fields at once.
//!
//! A page posts every field as text; the API builds the same structs from its typed bodies, so that both
//! channels meet the same checks.

mod access;
mod account;
mod bulk;
mod chat;
mod customers;
mod decided;
mod documents;
mod knowledge;
mod lists;
mod mail;
mod messages;
mod notifications;
mod occurrences;
mod settings;
mod solutions;
mod surveys;
mod tasks;
mod templates;
mod tickets;
mod validations;

pub use access::{
    AcceptInvitation, ChangeMember, EntityPatch, GrantForm, GroupPatch, Membership, RolePatch, RunUserCommand,
    SaveAssignment, SaveEntity, SaveGroup, SaveRole, SaveUser, UserCommand, UserPatch, WhyForm,
};
pub use account::{ChangePassword, SaveProfile, SetUp, SignIn};
pub use bulk::{BULK_MAX, BulkAction, BulkTickets};
pub use chat::{EndChat, SendChat, TakeChat};
pub use customers::{
    CustomerImage, CustomerOccurrencePatch, CustomerPatch, ImportCustomers, OpenTicketFrom, RemoveCustomer,
    RunCustomerOccurrence, SaveCustomer, SaveCustomerOccurrence, SetTicketCustomer,
};
pub use decided::Decided;
pub use documents::{AddDocuments, RemoveDocument};
pub use knowledge::SaveArticle;
pub use lists::{ListRowPatch, MoveListRow, RemoveListRow, RulePatch, SaveListRow};
pub use mail::OutgoingCommand;
pub use messages::{SendMessage, WithdrawMessage};
pub use notifications::SaveNotificationPreferences;
pub use occurrences::{AddOccurrence, EditOccurrence, OccurrencePatch, RemoveOccurrence, SaveDraft, SendMailAgain};
pub use settings::SaveSetting;
pub use solutions::{AddSolution, AnswerByLink, AnswerSolution, EditSolution, SolutionPatch};
pub use surveys::{AnswerSurvey, AnswerSurveyByLink};
pub use tasks::{AddTask, EditTask, MoveTask, PauseTask, SetTask, TaskPatch};
pub use templates::SaveTemplate;
pub use tickets::{Command, CreateTicket, RunCommand, TicketPatch, UpdateTicket};
pub use validations::{AnswerValidation, AskValidation, ChangeValidation};

use serde::{Deserialize, Serialize};

/// A field of a partial update: left alone, emptied, or given a value (A-BAS-04).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Patch<T> {
    /// Absent: stays as it is.
    #[default]
    Keep,
    /// `null`: emptied.
    Clear,
    /// A new value.
    Set(T),
}

impl Patch<String> {
    /// A field of a whole form: empty text empties the field.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        if text.trim().is_empty() { Self::Clear } else { Self::Set(text) }
    }
}

impl<T> Patch<T> {
    /// Whether the field stays as it is.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// `Keep` → `None`, `Clear` → `Some(None)`, `Set` → `Some(Some)`.
    pub fn into_option(self) -> Option<Option<T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}
