//! The history of a ticket (T-HIS).

use domain::error::Code;
use domain::views::{EventView, HistoryRow, Page};
use serde_json::Value;
use service::history::{self, HistoryQuery};
use service::{search, tickets};

use super::extract::{Caller, Number, Params, uuid};
use super::json::{self, Answer};
use super::problem::ApiError;

/// Every kind of event of T-HIS, those of later parts too.
const KINDS: &[&str] = &[
    "created",
    "status_changed",
    "taken",
    "assigned",
    "unassigned",
    "delegated",
    "given_back",
    "suspended",
    "reactivated",
    "reminder_sent",
    "solution_added",
    "solution_edited",
    "solution_approved",
    "solution_refused",
    "reopened",
    "cancelled",
    "closed",
    "follow_up_created",
    "reclassified",
    "priority_changed",
    "due_changed",
    "field_changed",
    "actor_added",
    "actor_removed",
    "occurrence_added",
    "occurrence_edited",
    "occurrence_deleted",
    "visibility_changed",
    "task_added",
    "task_edited",
    "task_state_changed",
    "task_deleted",
    "validation_requested",
    "validation_answered",
    "validation_withdrawn",
    "validation_overridden",
    "document_added",
    "document_removed",
    "cost_added",
    "cost_edited",
    "cost_deleted",
    "item_linked",
    "item_unlinked",
    "ticket_linked",
    "ticket_unlinked",
    "record_linked",
    "record_unlinked",
    "merged_from",
    "merged_into",
    "mail_queued",
    "mail_sent",
    "mail_failed",
    "mail_bounced",
    "message_sent",
    "chat_started",
    "chat_ended",
    "survey_sent",
    "survey_answered",
    "nobody_to_notify",
    "deleted",
    "restored",
];
/// Longest text looked for, in characters.
const TEXT_MAX: usize = 200;

/// `GET /tickets/{number}/history`. With `text`, rows that do not match are left out of each page, so that pages may be short.
pub async fn show(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let tab = params.word("tab", &["ticket", "chat"]);
    let portal = params.word("as", &["portal"]) == "portal";
    let kinds = params.many("kind");
    if !kinds.is_empty() && kinds.split(',').any(|kind| !KINDS.contains(&kind.trim())) {
        params.wrong("kind", Code::Invalid);
    }
    let mut person = params.text("person");
    if person == "me" {
        person = caller.ctx.actor.id().to_string();
    } else if !person.is_empty() && uuid(&person).is_none() {
        params.wrong("person", Code::Invalid);
    }
    let text = params.text("text");
    if text.chars().count() > TEXT_MAX {
        params.wrong("text", Code::TooLong);
    }
    let query = HistoryQuery {
        kinds,
        person,
        from: params.text("from"),
        to: params.text("to"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        portal,
    };
    params.finish()?;
    if tab == "chat" {
        // The chat comes with a later part.
        return Err(ApiError::NOT_FOUND);
    }
    let ctx = &caller.ctx;
    let agent = tickets::detail(ctx, number).await?.agent && !portal;
    let page = history::list(ctx, number, query).await?;
    answer(page, &text, agent).map(Answer::ok)
}

/// Words of an event as its reader sees them, for the filter "text".
fn words(event: &EventView) -> String {
    let mut out = format!("{} {} {}", event.author.name, event.kind, event.reason.as_deref().unwrap_or_default());
    for change in &event.changes {
        for word in [&change.field, &change.old, &change.new] {
            out.push(' ');
            out.push_str(word);
        }
    }
    out
}

fn answer(page: Page<HistoryRow>, text: &str, agent: bool) -> Result<Value, ApiError> {
    let query = search::parse(text).map_err(|code| ApiError::field("text", code))?;
    let fits = |event: &EventView| text.trim().is_empty() || search::find_in_text(&words(event), &query);
    let items =
        page.items.iter().filter(|row| fits(&row.event)).map(|row| json::history_row(&row.event, agent)).collect();
    Ok(json::list(items, page.next_cursor, page.count))
}
