//! The history of a ticket (T-HIS).

use service::history::{self, HistoryQuery};
use service::tickets;

use super::extract::{Caller, Number, Params};
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
/// `GET /tickets/{number}/history`.
pub async fn show(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let tab = params.word("tab", &["ticket", "chat"]);
    let portal = params.word("as", &["portal"]) == "portal";
    let query = HistoryQuery {
        kinds: params.words("kind", KINDS),
        person: params.ids("person", &["me", "none"]),
        text: params.text("text"),
        from: params.period("from"),
        to: params.period("to"),
        not_kinds: params.words("not.kind", KINDS),
        not_person: params.ids("not.person", &["me", "none"]),
        not_text: params.text("not.text"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
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
    let items = page.items.iter().map(|row| json::history_row(&row.event, agent)).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}
