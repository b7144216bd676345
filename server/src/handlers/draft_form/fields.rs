//! The fields of each form that a draft keeps.

use super::Kind;

impl Kind {
    /// Fields of one text.
    pub(super) const fn texts(self) -> &'static [&'static str] {
        match self {
            Self::Occurrence => &[
                "body",
                "format",
                "visibility",
                "occurred_at",
                "minutes",
                "category",
                "source",
                "reply_to",
                "template",
                "send_mail",
                "notify_responsible",
                "then",
                "pending_reason",
                "pending_text",
                "pending_public",
                "save_to_knowledge",
            ],
            Self::OccurrenceEdit => {
                &["body", "format", "visibility", "occurred_at", "minutes", "category", "source", "send_mail", "begun"]
            }
            Self::Message => &["text", "send_mail"],
            Self::Chat => &["text"],
            Self::Solution => &[
                "body",
                "format",
                "kind",
                "template",
                "article",
                "open_tasks",
                "override_reason",
                "close",
                "save_to_knowledge",
            ],
            Self::SolutionEdit => &["body", "format", "kind", "begun"],
            Self::Task => &[
                "content",
                "format",
                "category",
                "state",
                "visibility",
                "planned_begin",
                "planned_end",
                "duration_minutes",
                "estimated_minutes",
                "actual_minutes",
                "user",
                "group",
                "reminder_minutes",
                "template",
            ],
            Self::TaskEdit => &[
                "content",
                "format",
                "category",
                "state",
                "visibility",
                "planned_begin",
                "planned_end",
                "duration_minutes",
                "estimated_minutes",
                "actual_minutes",
                "user",
                "group",
                "reminder_minutes",
                "begun",
            ],
            Self::CustomerOccurrence => &[
                "customer",
                "fixed",
                "body",
                "category",
                "impact",
                "occurred_on",
                "ticket",
                "alt_1",
                "alt_2",
                "search",
                "then",
                "begun",
            ],
            Self::Ticket => &[
                "entity",
                "kind",
                "title",
                "description",
                "format",
                "urgency",
                "impact",
                "priority",
                "category",
                "source",
                "location",
                "opened_at",
                "due_own_at",
                "due_resolve_at",
                "customer",
                "follow_up_of",
            ],
            Self::Article => &[
                "title",
                "body",
                "format",
                "language",
                "translation_of",
                "category",
                "audience",
                "entity",
                "recursive",
                "owner",
                "review_on",
                "confirm_public",
                "publish",
                "begun",
            ],
            Self::Validation => &["comment", "format", "required_percent"],
            Self::ValidationAnswer => &["answer", "comment"],
            Self::Document => &["name", "comment", "visibility"],
        }
    }

    /// Fields of several texts, besides the files.
    pub(super) const fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Occurrence
            | Self::OccurrenceEdit
            | Self::Message
            | Self::Chat
            | Self::Task
            | Self::TaskEdit
            | Self::SolutionEdit
            | Self::Article
            | Self::ValidationAnswer
            | Self::Document
            | Self::CustomerOccurrence => &[],
            Self::Solution => &["cascade"],
            Self::Validation => &["targets"],
            Self::Ticket => &["requesters", "observers", "assignees"],
        }
    }
}
