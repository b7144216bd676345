//! What the caller was told of, and what he wants to be told of (tickets.md section 20).

use domain::error::{AppError, Code, FieldErrors};
use domain::notification::Event;
use domain::views::{NotificationPreference, NotificationView};
use serde_json::{Value, json};
use service::Ctx;
use service::notifications::{self, NotificationQuery, Read};

use super::body::{ITEMS, JsonBody, ListBody};
use super::extract::{Caller, Key, Params, uuid};
use super::fields::Fields;
use super::json::{self, Answer, object};
use super::problem::ApiError;
use super::replay::Once;

/// `GET /me/notifications`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = NotificationQuery {
        unread: params.flag("unread"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
    };
    params.finish()?;
    let page = notifications::list(&caller.ctx, query).await?;
    let items = page.items.iter().map(form).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

fn form(view: &NotificationView) -> Value {
    let entry = view.entry.as_ref();
    object([
        ("id", json!(view.id)),
        ("event", json!(view.event)),
        ("why", json!(view.why)),
        ("ticket", json!(view.ticket)),
        ("entry", entry.map_or(Value::Null, |(kind, id)| json!({ "kind": kind, "id": id }))),
        ("at", json!(view.at)),
        ("read_at", json!(view.read_at)),
    ])
}

/// `POST /me/notifications/read`: `ids`, or `until` one of them.
pub async fn read(caller: Caller, key: Key, params: Params, JsonBody(mut body): JsonBody) -> Result<Answer, ApiError> {
    params.finish()?;
    let what = what(&mut body);
    body.finish()?;
    let Some(what) = what else { return Err(ApiError::field("ids", Code::Required)) };
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "read-notifications", None).await?;
    notifications::read(ctx, what, &key.0).await?;
    once.finish(ctx, Answer::nothing()).await
}

/// What is read from now on; wrong fields are noted.
fn what(body: &mut Fields) -> Option<Read> {
    let (until, texts) = (body.text("until"), body.texts("ids").unwrap_or_default());
    let mut ids = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match uuid(text) {
            Some(id) => ids.push(id),
            None => body.wrong(&format!("ids[{index}]"), Code::UnknownReference),
        }
    }
    if until.is_empty() {
        return (!texts.is_empty()).then_some(Read::Ids(ids));
    }
    if !texts.is_empty() {
        // One contradicts the other.
        body.wrong("until", Code::NotAllowed);
    }
    let last = uuid(&until);
    if last.is_none() {
        body.wrong("until", Code::UnknownReference);
    }
    // Something is wanted in any case: what is wrong about it was noted.
    Some(last.map_or(Read::Ids(ids), Read::Until))
}

/// `GET /me/notification-preferences`.
pub async fn preferences(caller: Caller, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    present(&caller.ctx).await
}

async fn present(ctx: &Ctx) -> Result<Answer, ApiError> {
    let items: Vec<Value> = notifications::preferences(ctx).await?.iter().map(json::value).collect();
    Ok(Answer::ok(object([("items", Value::Array(items))])))
}

/// `PUT /me/notification-preferences`: the list of them, by itself or as they are answered.
pub async fn save_preferences(
    caller: Caller,
    params: Params,
    ListBody { fields: mut body, name }: ListBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    if !body.has(name) {
        body.wrong(name, Code::Required);
    }
    let mut wanted = Vec::new();
    for mut item in body.objects(name) {
        for switch in ["app", "mail"] {
            if !item.has(switch) {
                item.wrong(switch, Code::Required);
            }
        }
        let (event, app, mail) = (item.required("event"), item.flag("app"), item.flag("mail"));
        match event.parse::<Event>() {
            Ok(event) => wanted.push(NotificationPreference { event, app, mail }),
            Err(code) if !event.is_empty() => item.wrong("event", code),
            Err(_missing) => {}
        }
        body.absorb(item);
    }
    body.finish()?;
    notifications::save_preferences(&caller.ctx, wanted).await.map_err(|error| as_sent(error.public, name))?;
    present(&caller.ctx).await
}

/// Wrong items are named where they stand in the body: `[0].app` of a list by itself.
fn as_sent(error: AppError, name: &str) -> ApiError {
    let AppError::Invalid(FieldErrors(mut errors)) = error else { return error.into() };
    for wrong in &mut errors {
        if let Some(place) = wrong.field.strip_prefix(ITEMS) {
            wrong.field = [name, place].concat();
        }
    }
    FieldErrors(errors).into()
}
