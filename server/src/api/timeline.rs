//! The timeline of a ticket (T-TIM): the description first, then its entries.

use domain::error::Code;
use domain::views::{ActorView, TicketDetail, TimelineQuery};
use serde_json::{Value, json};
use service::{Ctx, tickets};

use super::extract::{Caller, Number, Params};
use super::json::{Answer, actor, document, object, timeline_entry};
use super::problem::ApiError;

/// Kinds of entries (T-TIM-01).
const KINDS: [&str; 9] = [
    "description",
    "occurrence",
    "task",
    "solution",
    "validation_request",
    "validation_answer",
    "message",
    "document",
    "event",
];

/// `GET /tickets/{number}/timeline`.
pub async fn show(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let kinds = params.many("kind");
    if !kinds.is_empty() && kinds.split(',').any(|kind| !KINDS.contains(&kind.trim())) {
        params.wrong("kind", Code::Invalid);
    }
    let query = TimelineQuery {
        order: params.word("order", &["asc", "desc"]),
        kinds,
        public_only: params.flag("public_only"),
        mine: params.flag("mine"),
        with_attachments: params.flag("has_attachments"),
        find: params.text("find"),
        around: params.text("around"),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    params.finish()?;
    let ctx = &caller.ctx;
    let ticket = tickets::detail(ctx, number).await?;
    let has_description = shows_description(ctx, &ticket, &query);
    let timeline = tickets::timeline(ctx, number, query).await?;
    let mut items: Vec<Value> = Vec::new();
    items.extend(has_description.then(|| description(&ticket)));
    items.extend(timeline.entries.iter().map(|entry| timeline_entry(entry, ticket.agent)));
    Ok(Answer::ok(object([
        ("items", Value::Array(items)),
        ("next_cursor", json!(timeline.next_cursor)),
        ("previous_cursor", json!(timeline.previous_cursor)),
        ("order", json!(timeline.order)),
        ("hits", json!(timeline.hits)),
    ])))
}

/// The description stands at the top of the first page, unless a filter leaves it out.
fn shows_description(ctx: &Ctx, ticket: &TicketDetail, query: &TimelineQuery) -> bool {
    let is_first = query.cursor.is_empty() && query.around.is_empty() && query.find.trim().is_empty();
    let is_wanted = query.kinds.is_empty() || query.kinds.split(',').any(|kind| kind.trim() == "description");
    let is_mine = is_person(&ticket.writer, &ctx.actor.view());
    is_first
        && is_wanted
        && (!query.mine || is_mine)
        && (!query.with_attachments || !ticket.description_files.is_empty())
}

/// Readers who are no agents get no id of the writer; his name is all there is to compare.
fn is_person(writer: &ActorView, me: &ActorView) -> bool {
    writer.kind == me.kind && if writer.id.is_some() { writer.id == me.id } else { writer.name == me.name }
}

fn description(ticket: &TicketDetail) -> Value {
    object([
        ("kind", json!("description")),
        ("id", Value::Null),
        ("at", json!(ticket.created_at)),
        ("author", actor(&ticket.writer, ticket.agent)),
        ("body", json!(ticket.description)),
        ("body_text", json!(ticket.description_text)),
        ("edited_at", json!(ticket.description_edited_at)),
        ("attachments", ticket.description_files.iter().map(|file| document(file, ticket.agent, &[])).collect()),
    ])
}
