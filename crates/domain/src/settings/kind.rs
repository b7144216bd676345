//! What a setting holds, for whom, and among which others it stands.

use super::Key;

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// A category of occurrences.
    OccurrenceCategory,
    /// A request source for occurrences.
    OccurrenceSource,
    /// A request source for tickets.
    TicketSource,
    /// A template of a mail; none = the shipped one of that purpose.
    MailTemplate,
    /// A group.
    Group,
    /// A calendar with working hours.
    Calendar,
}

/// What a text has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// Any one line, also none.
    Line,
    /// One word of `A-Z a-z 0-9 -`.
    Tag,
    /// Endings of file names, separated by `;`; none = none is forbidden.
    Extensions,
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `true` or `false`.
    Switch,
    /// A whole number between two limits, both included.
    Integer {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// `never`, or whole days from 0 on.
    Days {
        /// The largest number.
        most: i64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// An object, by its id; empty = none.
    Reference(Reference),
    /// One line of text.
    Text {
        /// Most characters.
        most: usize,
        /// What it has to look like.
        form: TextForm,
    },
    /// `https:`, `mailto:` or `tel:`; empty = none.
    Address,
    /// The IANA name of a time zone.
    TimeZone,
    /// A currency of ISO 4217, by its three letters.
    Currency,
    /// Priorities by urgency and impact (T-PRI-02).
    Matrix,
    /// The mail server: shown, never set here.
    Transport,
}

impl Kind {
    /// The word of the API (T-SET-08).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Switch => "bool",
            Self::Integer { .. } => "int",
            Self::Days { .. } => "days",
            Self::Word(_) => "enum",
            Self::Reference(_) => "ref",
            Self::Text { .. } => "text",
            Self::Address => "address",
            Self::TimeZone => "time_zone",
            Self::Currency => "currency",
            Self::Matrix => "matrix",
            Self::Transport => "transport",
        }
    }
}

/// For whom a value counts (T-SET-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One value for all: that of the root entity.
    Instance,
    /// Each entity holds its own, or inherits.
    Entity,
}

impl Scope {
    /// The letter of settings.md and of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "I",
            Self::Entity => "E",
        }
    }
}

/// The groups of the page, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// Requester portal.
    Portal,
    /// Mail and messages.
    Mail,
    /// Life of a ticket.
    Ticket,
    /// Instance and entity.
    Instance,
}

impl Area {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::Portal, Self::Mail, Self::Ticket, Self::Instance];
}

/// What a reply on a solved ticket may do (T-STA-09..11).
const POLICIES: &[&str] = &["reopen", "ask", "append-only"];
/// Languages of the interface.
const LANGUAGES: &[&str] = &["en", "pt-BR", "es", "fr"];

impl Key {
    /// What it holds.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::PortalShowOccurrences
            | Self::PortalRegisterOccurrence
            | Self::PortalCancel
            | Self::PortalShowSolution
            | Self::PortalNotifyResponsible
            | Self::MessagesEnabled
            | Self::MessagesReply
            | Self::MessagesAlertResponsible
            | Self::ChatEnabled
            | Self::SuspensionTextRequired
            | Self::SurveyEnabled
            | Self::KnowledgeSuggestions
            | Self::ValidationBlocksSolving => Kind::Switch,
            Self::PortalDefaultCategory => Kind::Reference(Reference::OccurrenceCategory),
            Self::PortalDefaultSource => Kind::Reference(Reference::OccurrenceSource),
            Self::TicketDefaultSource => Kind::Reference(Reference::TicketSource),
            Self::TicketDefaultGroup => Kind::Reference(Reference::Group),
            Self::WorkingCalendar => Kind::Reference(Reference::Calendar),
            Self::MailTemplateRequester
            | Self::MailTemplateResponsible
            | Self::MailTemplateMessage
            | Self::MailTemplateChatOffline => Kind::Reference(Reference::MailTemplate),
            Self::MailTransport => Kind::Transport,
            Self::MailSenderName => Kind::Text { most: 100, form: TextForm::Line },
            Self::MailSubjectTag => Kind::Text { most: 20, form: TextForm::Tag },
            Self::UploadForbiddenExtensions => Kind::Text { most: 1_000, form: TextForm::Extensions },
            Self::ReopenDays => Kind::Integer { least: 0, most: 365 },
            Self::SurveyValidDays => Kind::Integer { least: 1, most: 365 },
            Self::TrashKeepDays => Kind::Integer { least: 0, most: 3_650 },
            Self::UploadMaxMib => Kind::Integer { least: 1, most: 1_024 },
            Self::SessionIdleMinutes => Kind::Integer { least: 5, most: 1_440 },
            Self::SessionMaxHours => Kind::Integer { least: 1, most: 720 },
            Self::ListsExportMaxRows => Kind::Integer { least: 1_000, most: 1_000_000 },
            Self::ReopenPolicy => Kind::Word(POLICIES),
            Self::AutoCloseDays => Kind::Days { most: 99 },
            Self::PriorityMatrix => Kind::Matrix,
            Self::EntityLanguage => Kind::Word(LANGUAGES),
            Self::EntityTimeZone => Kind::TimeZone,
            Self::EntityCurrency => Kind::Currency,
            Self::HelpContactUrl => Kind::Address,
        }
    }

    /// For whom its value counts.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::MailTransport
            | Self::UploadMaxMib
            | Self::UploadForbiddenExtensions
            | Self::SessionIdleMinutes
            | Self::SessionMaxHours
            | Self::ListsExportMaxRows => Scope::Instance,
            _ => Scope::Entity,
        }
    }

    /// Its group on the page.
    #[must_use]
    pub const fn area(self) -> Area {
        match self {
            Self::PortalShowOccurrences
            | Self::PortalRegisterOccurrence
            | Self::PortalDefaultCategory
            | Self::PortalDefaultSource
            | Self::PortalCancel
            | Self::PortalShowSolution
            | Self::PortalNotifyResponsible
            | Self::KnowledgeSuggestions => Area::Portal,
            Self::MailTransport
            | Self::MailTemplateRequester
            | Self::MailTemplateResponsible
            | Self::MailTemplateMessage
            | Self::MailTemplateChatOffline
            | Self::MailSenderName
            | Self::MailSubjectTag
            | Self::MessagesEnabled
            | Self::MessagesReply
            | Self::MessagesAlertResponsible
            | Self::ChatEnabled => Area::Mail,
            Self::ReopenDays
            | Self::ReopenPolicy
            | Self::AutoCloseDays
            | Self::SuspensionTextRequired
            | Self::SurveyEnabled
            | Self::SurveyValidDays
            | Self::TicketDefaultGroup
            | Self::TicketDefaultSource
            | Self::WorkingCalendar
            | Self::PriorityMatrix
            | Self::ValidationBlocksSolving
            | Self::TrashKeepDays => Area::Ticket,
            Self::EntityLanguage
            | Self::EntityTimeZone
            | Self::EntityCurrency
            | Self::UploadMaxMib
            | Self::UploadForbiddenExtensions
            | Self::SessionIdleMinutes
            | Self::SessionMaxHours
            | Self::ListsExportMaxRows
            | Self::HelpContactUrl => Area::Instance,
        }
    }

    /// Held by the entity itself: each has a value of its own, and none inherits.
    #[must_use]
    pub const fn is_of_entity(self) -> bool {
        matches!(self, Self::EntityLanguage | Self::EntityTimeZone | Self::EntityCurrency)
    }
}
