//! The settings this release reads: key, number of the source product, default (settings.md); what each may hold is in `kind`,
//! whether a value is one in `value`.
//!
//! Belongs here: the registry and its pure rules. Does not belong here: stored values and references (`service::settings`),
//! words (`app`).

mod kind;
#[cfg(test)]
mod tests;
mod value;

use serde::{Deserialize, Serialize};

pub use kind::{Area, Kind, Reference, Scope, TextForm};
pub use value::validate;

macro_rules! settings {
    ($($name:ident => $key:literal, $number:expr, $default:literal, $doc:literal);+ $(;)?) => {
        /// A setting, by its literal key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Key { $(#[doc = $doc] $name),+ }

        impl Key {
            /// Every key there is.
            pub const ALL: &[Key] = &[$(Key::$name),+];

            /// The literal key.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Key::$name => $key),+ }
            }

            /// Number of the CITSmart parameter with the same function.
            #[must_use]
            pub const fn number(self) -> Option<u16> {
                match self { $(Key::$name => $number),+ }
            }

            /// Value while no entity on the path holds its own.
            #[must_use]
            pub const fn default_value(self) -> &'static str {
                match self { $(Key::$name => $default),+ }
            }
        }
    };
}

settings! {
    PortalShowOccurrences => "portal.show_occurrences", Some(298), "true", "Requesters see public occurrences and tasks.";
    PortalRegisterOccurrence => "portal.register_occurrence", Some(252), "true", "Requesters may register occurrences.";
    PortalDefaultCategory => "portal.default_category", Some(262), "", "Category of portal occurrences; locked when set.";
    PortalDefaultSource => "portal.default_source", Some(263), "portal", "Source of portal occurrences; locked when set.";
    PortalCancel => "portal.cancel", Some(302), "false", "The requester side may cancel open tickets.";
    PortalShowSolution => "portal.show_solution", Some(371), "true", "The requester side reads the solution.";
    PortalNotifyResponsible => "portal.notify_responsible", None, "true", "First state of the tick that tells the responsible.";
    MailTransport => "mail.transport", Some(10), "", "The mail server; the environment holds it.";
    MailTemplateRequester => "mail.template_requester", Some(251), "", "Mail to the requesters for a public occurrence; empty = the shipped one.";
    MailTemplateResponsible => "mail.template_responsible", Some(253), "", "Mail to the responsible for a note of the requester side; empty = the shipped one.";
    MailTemplateMessage => "mail.template_message", Some(417), "", "Mail of a message; empty = the shipped one.";
    MailTemplateChatOffline => "mail.template_chat_offline", Some(447), "", "Mail of chat lines left unread by somebody who is away; empty = the shipped one.";
    MailSenderName => "mail.sender_name", None, "", "Display name of the sender; empty = the name of the entity.";
    MailSubjectTag => "mail.subject_tag", None, "Guichet", "Word in the subject before the number.";
    MessagesEnabled => "messages.enabled", Some(299), "true", "Messages to the requester.";
    MessagesReply => "messages.reply", None, "true", "The requester side may answer messages.";
    MessagesAlertResponsible => "messages.alert_responsible", Some(300), "true", "The responsible is told of each message of the requester side.";
    ChatEnabled => "chat.enabled", Some(316), "false", "Live chat on the ticket.";
    ReopenDays => "reopen_days", Some(171), "7", "Days after closing within which the requester side may reopen.";
    ReopenPolicy => "reopen_policy", None, "reopen", "What a reply on a solved ticket does: reopen, ask, append-only.";
    AutoCloseDays => "auto_close_days", None, "never", "Automatic closing after solving.";
    SuspensionTextRequired => "suspension.text_required", Some(372), "false", "Suspending needs a text.";
    SurveyEnabled => "survey.enabled", None, "false", "Survey after closing.";
    SurveyValidDays => "survey.valid_days", Some(139), "30", "Days in which a survey can be answered.";
    TicketDefaultGroup => "ticket.default_group", Some(9), "", "Routing group when the category names none.";
    TicketDefaultSource => "ticket.default_source", Some(65), "phone", "Preselected source in the agent's form.";
    PriorityMatrix => "priority.matrix", Some(104), "", "Priority from urgency and impact; empty = T-PRI-02.";
    WorkingCalendar => "working_calendar", None, "", "Working time: clocks, automatic closing, reminders; empty = 24 hours, 7 days.";
    ValidationBlocksSolving => "validation.blocks_solving", None, "false", "Solving and closing wait for validations.";
    TrashKeepDays => "trash.keep_days", None, "0", "Days after which tickets in the trash are removed for ever; 0 = never.";
    EntityLanguage => "entity.language", Some(66), "en", "Language of mails to people without a preference.";
    EntityTimeZone => "entity.time_zone", None, "UTC", "Days and due times of the entity.";
    EntityCurrency => "entity.currency", None, "EUR", "Currency of costs, budgets, contracts.";
    UploadMaxMib => "upload.max_mib", Some(278), "25", "Largest file in MiB.";
    UploadForbiddenExtensions => "upload.forbidden_extensions", Some(318), "exe;com;bat;cmd;scr;msi;ps1;vbs;jar;lnk;hta", "Refused file names.";
    SessionIdleMinutes => "session.idle_minutes", None, "480", "Sign-out after this many minutes without a request.";
    SessionMaxHours => "session.max_hours", None, "168", "Sign-out after this many hours in any case.";
    ListsExportMaxRows => "lists.export_max_rows", Some(261), "100000", "Most rows of an export; a larger one is refused, never cut.";
    KnowledgeSuggestions => "knowledge.suggestions", None, "true", "Suggests published public articles while a new request is typed.";
    HelpContactUrl => "help.contact_url", None, "", "Link Help.";
}

impl Key {
    /// Reads a literal key.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.as_str() == text)
    }

    /// Every number by which the key is found: where several parameters of CITSmart are one here.
    #[must_use]
    pub const fn numbers(self) -> &'static [u16] {
        match self {
            Self::MailTransport => &[10, 11, 12, 13, 14, 199, 269, 297],
            Self::ListsExportMaxRows => &[261, 378],
            _ => &[],
        }
    }

    /// Whether a number of CITSmart means this key.
    #[must_use]
    pub fn has_number(self, number: u16) -> bool {
        self.number() == Some(number) || self.numbers().contains(&number)
    }
}
