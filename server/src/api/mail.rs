//! Outgoing mails for those who may set settings (M-DLV-09); never what a mail says.

use axum::routing::{MethodRouter, post};
use domain::forms::OutgoingCommand;
use domain::mail::MailState;
use domain::views::{OutgoingMail, OutgoingQuery};
use serde_json::{Value, json};
use service::mail;

use super::Api;
use super::body::OptionalBody;
use super::extract::{Caller, Id, Key, Params};
use super::json::{Answer, object};
use super::problem::ApiError;
use super::replay::Once;

/// What can be done to a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A new one in place of one that failed for good.
    SendAgain,
    /// It is final from now on.
    GiveUp,
}

/// `GET /mail/outgoing`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = OutgoingQuery {
        state: params.word("state", &MailState::ALL.map(MailState::as_str)),
        ticket: params.text("ticket"),
        address: params.text("address"),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    params.finish()?;
    let found = mail::outgoing(&caller.ctx, query).await?;
    let counts = found.counts.iter().map(|(state, count)| {
        object([("state", json!(state)), ("count", json!(count.value)), ("count_exact", json!(count.exact))])
    });
    Ok(Answer::ok(object([
        ("items", found.page.items.iter().map(form).collect()),
        ("next_cursor", json!(found.page.next_cursor)),
        ("counts", counts.collect()),
        ("oldest_queued", json!(found.oldest_queued)),
    ])))
}

fn form(mail: &OutgoingMail) -> Value {
    object([
        ("id", json!(mail.id)),
        ("kind", json!(mail.kind)),
        ("event", json!(mail.event)),
        ("ticket", json!(mail.ticket)),
        ("name", json!(mail.name)),
        ("to", json!(mail.to)),
        ("state", json!(mail.state)),
        ("answer", json!(mail.answer)),
        ("tries", json!(mail.tries)),
        ("queued_at", json!(mail.queued_at)),
        ("at", json!(mail.at)),
        ("next_try_at", json!(mail.next_try_at)),
        ("actions", json!(actions(mail))),
    ])
}

fn actions(mail: &OutgoingMail) -> Vec<&'static str> {
    let all = [(mail.can_send_again, "send-again"), (mail.can_give_up, "give-up")];
    all.into_iter().filter(|(may, _)| *may).map(|(_, name)| name).collect()
}

/// The route of an action.
pub fn action(action: Action) -> MethodRouter<Api> {
    post(move |caller: Caller, id: Id, key: Key, params: Params, body: OptionalBody| {
        run(action, caller, id, key, params, body)
    })
}

async fn run(
    action: Action,
    caller: Caller,
    Id(id): Id,
    key: Key,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    body.finish()?;
    let ctx = &caller.ctx;
    let form_of = OutgoingCommand { mail: id.to_string(), key: key.0.clone(), back: String::new() };
    let scope = match action {
        Action::SendAgain => "outgoing_send_again",
        Action::GiveUp => "outgoing_give_up",
    };
    let once = Once::begin(ctx, &key, scope, None).await?;
    match action {
        Action::SendAgain => mail::outgoing_send_again(ctx, form_of).await?,
        Action::GiveUp => mail::give_up(ctx, form_of).await?,
    }
    once.finish(ctx, Answer::ok(form(&mail::outgoing_mail(ctx, id).await?))).await
}
