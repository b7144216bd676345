//! Settings of an entity, and the test of the mail server (T-SET-08, M-TRN-02).

use std::collections::BTreeMap;

use domain::error::{Code, FieldErrors};
use domain::settings::{Key as Setting, Kind};
use domain::views::{MailServerView, MailTestView, Origin, SettingView, SettingWarning, SettingsView};
use serde_json::{Map, Value, json};
use service::{mail, settings};

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Conditions, Key, Params};
use super::fields::Fields;
use super::json::{Answer, object, value};
use super::problem::ApiError;
use super::replay::Once;

/// `GET /settings`.
pub async fn show(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let entity = params.id("entity");
    params.finish()?;
    let entity = entity.ok_or_else(|| ApiError::field("entity", Code::Required))?;
    Ok(Answer::ok(whole(&settings::list(&caller.ctx, &entity.to_string()).await?)))
}

/// `PATCH /settings`: all keys or none.
pub async fn update(
    caller: Caller,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let entity = body.required("entity");
    let values = values(&mut body);
    body.finish()?;
    let values = values?;
    conditions.require(version)?;
    let new = settings::NewSettings { values, version, if_match: conditions.if_match };
    Ok(Answer::changed(whole(&settings::save(&caller.ctx, &entity, new).await?)))
}

/// `POST /settings/mail/actions/test`.
pub async fn test_mail(
    caller: Caller,
    key: Key,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "mail_test", None).await?;
    let test = mail::send_test(ctx, &key.0).await?;
    once.finish(ctx, Answer::ok(tested(&test))).await
}

/// Values as the service takes them: texts, whatever their type; `null` = inherit.
fn values(body: &mut Fields) -> Result<BTreeMap<String, Option<String>>, ApiError> {
    let given = match body.raw("values") {
        Some(Value::Object(given)) => given,
        other => {
            let is_absent = other.is_none_or(|value| value.is_null());
            body.wrong("values", if is_absent { Code::Required } else { Code::Invalid });
            Map::new()
        }
    };
    let mut errors = FieldErrors::new();
    let mut out = BTreeMap::new();
    for (key, value) in given {
        match text(&key, value) {
            Ok(value) => drop(out.insert(key, value)),
            Err(code) => errors.add(key, code),
        }
    }
    if errors.is_empty() { Ok(out) } else { Err(errors.into()) }
}

/// A value of the wrong type is none, even if it looks like one: `"true"` is a text.
fn text(key: &str, value: Value) -> Result<Option<String>, Code> {
    let Some(kind) = Setting::read(key).map(Setting::kind) else { return Ok(None) };
    let is_none = value.is_null();
    let fits = match kind {
        Kind::Switch => value.is_boolean(),
        Kind::Integer { .. } => value.is_number(),
        Kind::Days { .. } => value.is_number() || value == "never",
        Kind::Matrix => value.is_array(),
        Kind::Transport => true,
        Kind::Word(_) | Kind::Reference(_) | Kind::Text { .. } | Kind::Address | Kind::TimeZone | Kind::Currency => {
            value.is_string()
        }
    };
    if is_none {
        return Ok(None);
    }
    match value {
        _ if !fits => Err(Code::Invalid),
        Value::String(text) => Ok(Some(text)),
        other => Ok(Some(other.to_string())),
    }
}

fn whole(view: &SettingsView) -> Value {
    let items: Vec<Value> = view.items.iter().map(|row| item(row, view.mail.as_ref())).collect();
    object([("entity", value(&view.entity)), ("version", json!(view.version)), ("items", Value::Array(items))])
}

fn item(row: &SettingView, mail: Option<&MailServerView>) -> Value {
    let from = match &row.origin {
        Origin::Inherited(entity) => value(entity),
        Origin::Own | Origin::Default => Value::Null,
    };
    let shown = match mail {
        Some(mail) if row.key.kind() == Kind::Transport => server(mail),
        _ => typed(row.key, &row.value),
    };
    object([
        ("key", json!(row.key.as_str())),
        ("number", json!(row.key.number())),
        ("type", json!(row.key.kind().as_str())),
        ("value", shown),
        ("origin", json!(row.origin.as_str())),
        ("inherited_from", from),
        ("default", typed(row.key, row.key.default_value())),
        ("scope", json!(row.key.scope().as_str())),
        ("warning", json!(row.warning.map(SettingWarning::as_str))),
    ])
}

/// A stored value in its type; what is none is `null`.
fn typed(key: Setting, text: &str) -> Value {
    match key.kind() {
        Kind::Switch => json!(text == "true"),
        Kind::Integer { .. } | Kind::Days { .. } => text.parse::<i64>().map_or_else(|_word| json!(text), |n| json!(n)),
        Kind::Matrix if text.is_empty() => json!(domain::ticket::priority::DEFAULT_MATRIX),
        Kind::Matrix => serde_json::from_str(text).unwrap_or(Value::Null),
        Kind::Reference(_) | Kind::Address | Kind::Transport if text.is_empty() => Value::Null,
        _ => json!(text),
    }
}

fn server(mail: &MailServerView) -> Value {
    let Some(server) = &mail.server else { return Value::Null };
    object([
        ("host", json!(server.host)),
        ("port", json!(server.port)),
        ("tls", json!(server.tls)),
        ("sender", json!(server.sender)),
        ("failing_since", json!(mail.failing_since)),
        ("answer", json!(mail.answer)),
        ("last_test", mail.last_test.as_ref().map_or(Value::Null, tested)),
    ])
}

fn tested(test: &MailTestView) -> Value {
    object([("at", json!(test.at)), ("to", json!(test.to)), ("steps", value(&test.steps))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_set_08_values_have_the_type_of_their_setting() {
        assert_eq!(typed(Setting::PortalCancel, "true"), json!(true));
        assert_eq!(typed(Setting::ReopenDays, "7"), json!(7));
        assert_eq!(typed(Setting::TicketDefaultGroup, ""), Value::Null);
        assert_eq!(typed(Setting::PriorityMatrix, "")[4][4], json!(5));
        assert_eq!(text("portal.cancel", json!(true)), Ok(Some("true".to_owned())));
        assert_eq!(text("portal.cancel", json!("true")), Err(Code::Invalid));
        assert_eq!(text("reopen_days", json!(7)), Ok(Some("7".to_owned())));
        assert_eq!(text("reopen_days", Value::Null), Ok(None));
        assert_eq!(text("mail.subject_tag", json!("Desk")), Ok(Some("Desk".to_owned())));
        assert_eq!(text("priority.matrix", json!([[1]])), Ok(Some("[[1]]".to_owned())));
    }
}
