//! From the words of the domain to the words of the reader: fields, values, commands, events.

use domain::format;
use domain::forms::Command;
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::solution::Way;
use domain::ticket::{Status, TicketType};
use domain::views::{ActorKind, ActorView, Choice, EventView, FieldChange, Moment};

use crate::components::mail_sign::answer_words;
use crate::components::sign::{priority_word, status_word};
use crate::t::messages;
use crate::t::tickets as t;

/// A name as shown; the system has none of its own.
pub(crate) fn name(lang: Lang, actor: &ActorView) -> String {
    if actor.kind == ActorKind::System {
        return t::automatic(lang).to_owned();
    }
    if actor.disabled { t::person_disabled(lang, &actor.name) } else { actor.name.clone() }
}

/// Several names.
pub(crate) fn names(lang: Lang, actors: &[ActorView]) -> String {
    actors.iter().map(|actor| name(lang, actor)).collect::<Vec<_>>().join(", ")
}

/// The word of a type.
pub(crate) fn kind(lang: Lang, kind: TicketType) -> &'static str {
    match kind {
        TicketType::Incident => t::kind_incident(lang),
        TicketType::Request => t::kind_request(lang),
    }
}

/// The word of an impact 1..5.
pub(crate) fn impact(lang: Lang, level: u8) -> &'static str {
    match level {
        1 => t::impact_1(lang),
        2 => t::impact_2(lang),
        4 => t::impact_4(lang),
        5 => t::impact_5(lang),
        _ => t::impact_3(lang),
    }
}

/// The word of a visibility.
pub(crate) fn visibility(lang: Lang, visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => t::private(lang),
        Visibility::Public => t::public(lang),
    }
}

/// Types as options.
pub(crate) fn kinds(lang: Lang) -> Vec<Choice> {
    TicketType::ALL.iter().map(|one| choice(one.as_str(), kind(lang, *one))).collect()
}

/// Urgencies or priorities as options, the highest first.
pub(crate) fn levels(lang: Lang, highest: u8) -> Vec<Choice> {
    (1..=highest).rev().map(|level| choice(level.to_string(), priority_word(lang, level))).collect()
}

/// Impacts as options, the highest first.
pub(crate) fn impacts(lang: Lang) -> Vec<Choice> {
    (1..=5).rev().map(|level| choice(level.to_string(), impact(lang, level))).collect()
}

fn choice(value: impl Into<String>, name: impl Into<String>) -> Choice {
    Choice { value: value.into(), name: name.into(), depth: 0 }
}

/// "None", in the gender of what there is none of.
pub(crate) fn nothing(lang: Lang, field: &str) -> &'static str {
    match field {
        "category" => t::none_category(lang),
        "location" => t::none_location(lang),
        "source" => t::none_source(lang),
        _ => t::none(lang),
    }
}

/// The name of a field, in forms, history and conflicts.
pub(crate) fn field(lang: Lang, field: &str) -> &'static str {
    match field {
        "title" => t::field_title(lang),
        "description" => t::field_description(lang),
        "status" => t::field_status(lang),
        "type" | "kind" => t::field_type(lang),
        "urgency" => t::field_urgency(lang),
        "impact" => t::field_impact(lang),
        "priority" => t::field_priority(lang),
        "category" => t::field_category(lang),
        "source" => t::field_source(lang),
        "location" => t::field_location(lang),
        "entity" => t::field_entity(lang),
        "requester" | "requesters" => t::field_requester(lang),
        "observer" | "observers" => t::field_observer(lang),
        "assignee" | "assignees" => t::field_assignee(lang),
        "opened_at" => t::field_opened_at(lang),
        "due_own_at" => t::field_due_own_at(lang),
        "due_resolve_at" => t::field_due_resolve_at(lang),
        "occurred_at" => t::field_occurred_at(lang),
        "minutes" => t::field_minutes(lang),
        "visibility" => t::field_visibility(lang),
        "body" => t::field_body(lang),
        "attachments" => t::field_attachments(lang),
        "pending_reason" => t::field_pending_reason(lang),
        "routing_group" => t::field_routing_group(lang),
        "solution_type" => t::field_solution_type(lang),
        "way" => t::field_way(lang),
        "delay" => t::field_delay(lang),
        "score" => t::field_score(lang),
        "validation" => t::field_validation(lang),
        "customer" => t::field_customer(lang),
        _ => t::field_other(lang),
    }
}

/// A stored value as people read it: words for words of the domain, dates for instants, anything else as it is.
pub(crate) fn value(lang: Lang, field: &str, text: &str) -> String {
    let level = text.parse::<u8>().ok();
    match (field, level) {
        ("priority" | "urgency", Some(level)) => priority_word(lang, level).to_owned(),
        ("impact", Some(level)) => impact(lang, level).to_owned(),
        ("status", _) => {
            text.parse::<Status>().map_or_else(|_| text.to_owned(), |status| status_word(lang, status).to_owned())
        }
        ("type" | "kind", _) => {
            text.parse::<TicketType>().map_or_else(|_| text.to_owned(), |one| kind(lang, one).to_owned())
        }
        ("way", _) => text.parse::<Way>().map_or_else(|_| text.to_owned(), |one| way(lang, one).to_owned()),
        // What the server said; the name of the recipient is left as it is.
        ("mail", _) => answer_words(lang, text),
        ("validation", _) if text == "refused" => t::validation_refused(lang).to_owned(),
        ("validation", _) => t::validation_granted(lang).to_owned(),
        ("visibility", _) => {
            text.parse::<Visibility>().map_or_else(|_| text.to_owned(), |one| visibility(lang, one).to_owned())
        }
        _ => Moment::try_from(text.to_owned()).map_or_else(|_| text.to_owned(), |at| format::date_time(&at, lang)),
    }
}

/// How a ticket came to be closed (T-SOL-10).
fn way(lang: Lang, way: Way) -> &'static str {
    match way {
        Way::Requester => t::way_requester(lang),
        Way::ByHand => t::way_by_hand(lang),
        Way::Automatic => t::way_automatic(lang),
    }
}

/// One change as a sentence: "Priority: Medium became High".
pub(crate) fn change(lang: Lang, change: &FieldChange) -> String {
    let (old, new) = (value(lang, &change.field, &change.old), value(lang, &change.field, &change.new));
    sentence(lang, &change.field, &old, &new)
}

/// The sentence of a change; where a value is shown apart, its place can be marked by the caller.
pub(crate) fn sentence(lang: Lang, name: &str, old: &str, new: &str) -> String {
    let word = field(lang, name);
    match (name, old.is_empty(), new.is_empty()) {
        (_, true, true) => t::change_silent(lang, word),
        ("mail", true, false) => new.to_owned(),
        ("follow_up", ..) => t::change_follow_up(lang, new),
        ("follow_up_of", ..) => t::change_follow_up_of(lang, new),
        ("mail", false, _) => t::change_mail(lang, old, new),
        ("assignee", true, false) => t::change_assigned(lang, new),
        ("assignee", false, true) => t::change_unassigned(lang, old),
        (_, true, false) => t::change_set(lang, word, new),
        (_, false, true) => t::change_cleared(lang, word, old),
        (_, false, false) => t::change_became(lang, word, new, old),
    }
}

/// What an event says besides its changes; `None` where they say it all.
pub(crate) fn event(lang: Lang, event: &EventView) -> Option<&'static str> {
    let word = match event.kind.as_str() {
        "created" => t::event_created(lang),
        "taken" => t::event_taken(lang),
        "given_back" => t::event_given_back(lang),
        "delegated" => t::event_delegated(lang),
        "suspended" => t::event_suspended(lang),
        "reactivated" => t::event_reactivated(lang),
        "reopened" => t::event_reopened(lang),
        "closed" => t::event_closed(lang),
        "solution_added" => t::event_solution_added(lang),
        "solution_edited" => t::event_solution_edited(lang),
        "solution_approved" => t::event_solution_approved(lang),
        "solution_refused" => t::event_solution_refused(lang),
        "closing_blocked" => t::event_closing_blocked(lang),
        "cancelled" => t::event_cancelled(lang),
        "deleted" => t::event_deleted(lang),
        "restored" => t::event_restored(lang),
        "occurrence_added" => t::event_occurrence_added(lang),
        "occurrence_edited" => t::event_occurrence_edited(lang),
        "occurrence_deleted" => t::event_occurrence_deleted(lang),
        "visibility_changed" => t::event_visibility_changed(lang),
        "document_added" => t::event_document_added(lang),
        "document_removed" => t::event_document_removed(lang),
        "message_sent" => messages::event_sent(lang),
        "chat_started" => messages::chat_started(lang),
        "chat_ended" => messages::chat_ended(lang),
        "chat_line" => messages::event_said(lang),
        "record_linked" => t::event_article_linked(lang),
        "record_unlinked" => t::event_article_unlinked(lang),
        "mail_queued" => t::event_mail_queued(lang),
        "mail_sent" => t::event_mail_sent(lang),
        "mail_failed" => t::event_mail_failed(lang),
        "nobody_to_notify" => t::event_nobody_to_notify(lang),
        "reminder_sent" => t::event_reminder_sent(lang),
        "survey_sent" => t::event_survey_sent(lang),
        "survey_answered" => t::event_survey_answered(lang),
        "validation_requested" => t::event_validation_requested(lang),
        "validation_withdrawn" => t::event_validation_withdrawn(lang),
        "validation_overridden" => t::event_validation_overridden(lang),
        _ if event.changes.is_empty() => t::event_other(lang),
        _ => return None,
    };
    Some(word)
}

/// Everything an event says, in one line.
pub(crate) fn event_line(lang: Lang, view: &EventView) -> String {
    let said = event(lang, view).map(str::to_owned);
    let changes = view.changes.iter().map(|one| change(lang, one));
    said.into_iter().chain(changes).chain(view.reason.clone()).collect::<Vec<_>>().join(" · ")
}

/// The icon of an event.
pub(crate) fn event_icon(kind: &str) -> &'static str {
    match kind {
        "occurrence_added" | "occurrence_edited" => "notebook-pen",
        "occurrence_deleted" | "deleted" => "trash-2",
        "document_added" | "document_removed" => "paperclip",
        "visibility_changed" => "eye",
        "solution_added" | "solution_edited" => "lightbulb",
        "solution_approved" => "circle-check",
        "solution_refused" => "circle-x",
        "message_sent" => "message-square",
        "chat_started" | "chat_ended" | "chat_line" => "messages-square",
        "record_linked" | "record_unlinked" => "book-open",
        "mail_queued" => "mail",
        "mail_sent" => "mail-check",
        "mail_failed" => "mail-x",
        _ => "circle-dot",
    }
}

/// The words of a command on buttons and in menus.
pub(crate) fn command(lang: Lang, command: Command) -> &'static str {
    match command {
        Command::Take => t::command_take(lang),
        Command::GiveBack => t::command_give_back(lang),
        Command::Assign => t::command_assign(lang),
        Command::Delegate => t::command_delegate(lang),
        Command::Reclassify => t::command_reclassify(lang),
        Command::ChangeSla => t::command_change_sla(lang),
        Command::Suspend => t::command_suspend(lang),
        Command::Reactivate => t::command_reactivate(lang),
        Command::Close => t::command_close(lang),
        Command::Reopen => t::command_reopen(lang),
        Command::Cancel => t::command_cancel(lang),
        Command::Delete => t::command_delete(lang),
        Command::Restore => t::command_restore(lang),
        Command::Purge => t::command_purge(lang),
    }
}

/// The icon of a command.
pub(crate) const fn command_icon(command: Command) -> &'static str {
    match command {
        Command::Take => "user-check",
        Command::GiveBack => "inbox",
        Command::Assign => "user-plus",
        Command::Delegate => "send",
        Command::Reclassify => "layers",
        Command::ChangeSla => "clock",
        Command::Suspend => "circle-pause",
        Command::Reactivate => "play",
        Command::Close => "archive",
        Command::Reopen | Command::Restore => "undo-2",
        Command::Cancel => "circle-slash",
        Command::Delete | Command::Purge => "trash-2",
    }
}

/// Whether a command is given by one click; the others have a page that asks for words or says what follows.
pub(crate) const fn is_direct(command: Command) -> bool {
    matches!(command, Command::Take | Command::GiveBack | Command::Reactivate | Command::Restore)
}

/// Reads the word of a command in an address.
pub(crate) fn command_of(text: &str) -> Option<Command> {
    Command::ALL.iter().copied().find(|command| command.as_str() == text)
}
