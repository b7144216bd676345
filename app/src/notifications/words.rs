//! Events and reasons in the reader's language.

use domain::lang::Lang;
use domain::notification::{Event, Why};
use domain::views::{ActorKind, NotificationView};

use crate::t::{common, notifications as t};

/// Who did what, in one sentence.
pub(crate) fn happened(lang: Lang, told: &NotificationView) -> String {
    let name = match (told.author.kind, told.author.name.as_str()) {
        (ActorKind::System, _) | (_, "") => common::automatic(lang),
        (_, name) => name,
    };
    match (told.event, told.why) {
        (Event::Assigned, Why::Assignee) => t::assigned(lang, name),
        (Event::Assigned, _) => t::assigned_group(lang, name),
        (Event::Delegated, Why::Assignee) => t::delegated(lang, name),
        (Event::Delegated, _) => t::delegated_group(lang, name),
        (Event::RequesterOccurrence | Event::PublicOccurrence, _) => t::added_note(lang, name),
        (Event::Message, _) => t::sent_message(lang, name),
        (Event::Chat, _) => t::began_chat(lang, name),
        (Event::Reopened, _) => t::reopened(lang, name),
        (Event::Registered, Why::Requester) => t::registered(lang, name),
        (Event::Registered, _) => t::registered_observed(lang, name),
        (Event::Pending, _) if !told.label.is_empty() => t::pending_label(lang, name, &told.label),
        (Event::Pending, _) => t::pending(lang, name),
        (Event::Solved, _) => t::solved(lang, name),
        (Event::Closed, _) => t::closed(lang, name),
        (Event::Cancelled, _) => t::cancelled(lang, name),
        (Event::Reminder, _) => t::reminder(lang).to_owned(),
        (Event::Survey, _) => t::survey(lang).to_owned(),
        (Event::SolutionApproved, _) => t::solution_approved(lang, name),
        (Event::SolutionRefused, _) => t::solution_refused(lang, name),
        (Event::DueAtRisk, _) => t::due_at_risk(lang).to_owned(),
        (Event::Overdue, _) => t::overdue(lang).to_owned(),
        (Event::TaskGiven, Why::TaskGroup) => t::task_given_group(lang, name),
        (Event::TaskGiven, _) => t::task_given(lang, name),
        (Event::TaskChanged, _) => t::task_changed(lang, name),
        (Event::TaskReminder, _) => t::task_reminder(lang).to_owned(),
        (Event::ValidationAsked, _) => t::validation_asked(lang, name),
        (Event::ValidationWithdrawn, _) => t::validation_withdrawn(lang, name),
        (Event::ValidationAnswered, _) => t::validation_answered(lang, name),
        (Event::MailLimited, _) => t::mail_limited(lang).to_owned(),
    }
}

/// Why the reader was told.
pub(crate) fn why(lang: Lang, why: Why) -> &'static str {
    match why {
        Why::Assignee => t::why_assignee(lang),
        Why::AssignedGroup => t::why_assigned_group(lang),
        Why::RoutingGroup => t::why_routing_group(lang),
        Why::Requester => t::why_requester(lang),
        Why::RequesterGroup => t::why_requester_group(lang),
        Why::Observer => t::why_observer(lang),
        Why::ObserverGroup => t::why_observer_group(lang),
        Why::TaskUser => t::why_task_user(lang),
        Why::TaskGroup => t::why_task_group(lang),
        Why::Approver => t::why_approver(lang),
        Why::ApproverGroup => t::why_approver_group(lang),
        Why::Asker => t::why_asker(lang),
        Why::Administrator => t::why_administrator(lang),
    }
}

/// An event as a line of the preferences.
pub(crate) fn event(lang: Lang, event: Event) -> &'static str {
    match event {
        Event::Assigned => t::event_assigned(lang),
        Event::Delegated => t::event_delegated(lang),
        Event::RequesterOccurrence => t::event_requester_occurrence(lang),
        Event::Message => t::event_message(lang),
        Event::Chat => t::event_chat(lang),
        Event::Reopened => t::event_reopened(lang),
        Event::Registered => t::event_registered(lang),
        Event::PublicOccurrence => t::event_public_occurrence(lang),
        Event::Pending => t::event_pending(lang),
        Event::Solved => t::event_solved(lang),
        Event::Closed => t::event_closed(lang),
        Event::Cancelled => t::event_cancelled(lang),
        Event::Reminder => t::event_reminder(lang),
        Event::Survey => t::event_survey(lang),
        Event::SolutionApproved => t::event_solution_approved(lang),
        Event::SolutionRefused => t::event_solution_refused(lang),
        Event::DueAtRisk => t::event_due_at_risk(lang),
        Event::Overdue => t::event_overdue(lang),
        Event::TaskGiven => t::event_task_given(lang),
        Event::TaskChanged => t::event_task_changed(lang),
        Event::TaskReminder => t::event_task_reminder(lang),
        Event::ValidationAsked => t::event_validation_asked(lang),
        Event::ValidationWithdrawn => t::event_validation_withdrawn(lang),
        Event::ValidationAnswered => t::event_validation_answered(lang),
        Event::MailLimited => t::event_mail_limited(lang),
    }
}

/// The icon of an event.
pub(crate) const fn icon(event: Event) -> &'static str {
    match event {
        Event::Assigned => "user-plus",
        Event::Delegated => "send",
        Event::RequesterOccurrence | Event::PublicOccurrence => "notebook-pen",
        Event::Message => "message-square",
        Event::Chat => "messages-square",
        Event::Reopened | Event::SolutionRefused => "undo-2",
        Event::Registered => "inbox",
        Event::Pending => "circle-pause",
        Event::Solved | Event::SolutionApproved => "circle-check",
        Event::Closed => "archive",
        Event::Cancelled => "circle-slash",
        Event::Reminder => "bell",
        Event::Survey => "message-square",
        Event::DueAtRisk => "clock-alert",
        Event::Overdue | Event::TaskReminder => "alarm-clock",
        Event::TaskGiven | Event::TaskChanged => "list-checks",
        Event::ValidationAsked | Event::ValidationWithdrawn | Event::ValidationAnswered => "badge-check",
        Event::MailLimited => "mail-warning",
    }
}
