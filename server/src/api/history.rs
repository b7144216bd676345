//! The history of a ticket (T-HIS).

use app::{requests, tickets as desk};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use domain::error::AppError;
use futures::{StreamExt as _, stream};
use service::history::{self, HistoryQuery};
use service::{Ctx, tickets};

use super::extract::{Caller, Number, Params};
use super::json::{self, Answer};
use super::problem::ApiError;
use super::table;

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
    "closing_blocked",
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
    // Only in the tab "Chat".
    "chat_line",
];

/// `GET /tickets/{number}/history`.
pub async fn show(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let query = HistoryQuery {
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
        ..filters(&mut params)
    };
    params.finish()?;
    let is_chat = query.chat;
    let ctx = &caller.ctx;
    let agent = tickets::detail(ctx, number).await?.agent && !query.portal;
    let page = history::list(ctx, number, query).await?;
    let items = page.items.iter().map(|row| json::history_row(row, agent, is_chat)).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// `GET /tickets/{number}/history/export` (T-HIS-04), in the words of the caller's language.
pub async fn export(caller: Caller, Number(number): Number, mut params: Params) -> Result<Response, ApiError> {
    let _only_one = params.word("format", &["csv"]);
    let query = filters(&mut params);
    params.finish()?;
    Ok(csv(&caller.ctx, number, query).await?)
}

fn filters(params: &mut Params) -> HistoryQuery {
    HistoryQuery {
        kinds: params.words("kind", KINDS),
        person: params.ids("person", &["me", "none"]),
        text: params.text("text"),
        from: params.period("from"),
        to: params.period("to"),
        not_kinds: params.words("not.kind", KINDS),
        not_person: params.ids("not.person", &["me", "none"]),
        not_text: params.text("not.text"),
        portal: params.word("as", &["portal"]) == "portal",
        chat: params.word("tab", &["ticket", "chat"]) == "chat",
        ..HistoryQuery::default()
    }
}

/// The history as a file that is read while it is sent. Pages share it.
///
/// # Errors
/// As `service::history::export`.
pub async fn csv(ctx: &Ctx, number: i64, query: HistoryQuery) -> Result<Response, AppError> {
    let export = history::export(ctx, number, query).await?;
    let (lang, is_agent) = (ctx.actor.lang, export.is_agent());
    let head = if is_agent { desk::table::head(lang) } else { requests::table::head(lang) };
    let head = stream::once(std::future::ready(Ok(Bytes::from(head))));
    // What fails now breaks the answer off: half a table must not look like a whole one.
    let rows = stream::try_unfold(export, move |mut export| async move {
        let rows = export.next().await.map_err(std::io::Error::other)?;
        let text = rows
            .map(|rows| if is_agent { desk::table::lines(lang, &rows) } else { requests::table::lines(lang, &rows) });
        Ok::<_, std::io::Error>(text.map(|text| (Bytes::from(text), export)))
    });
    Ok(table::csv(&format!("{number}-history.csv"), Body::from_stream(head.chain(rows))))
}
