//! `POST /tickets/bulk`: one action on many tickets (T-BLK-01). Its parameters are the bodies of the single calls.

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{AddOccurrence, AddSolution, BulkAction, BulkTickets, Command};
use domain::views::BulkResult;
use serde_json::{Value, json};
use service::idempotency;
use service::tickets::bulk;

use super::body::JsonBody;
use super::extract::{Caller, Key, Params};
use super::fields::Fields;
use super::json::Answer;
use super::problem::{self, ApiError};
use super::{actions, occurrences, solutions};

/// `POST /tickets/bulk`: 200 whatever single tickets are refused; each says so itself.
pub async fn run(caller: Caller, key: Key, params: Params, JsonBody(mut body): JsonBody) -> Result<Answer, ApiError> {
    params.finish()?;
    let action = action(&mut body);
    let numbers = numbers(&mut body);
    let mut sent = body.object_or_empty("parameters");
    let form = match action {
        Some(action) => {
            let form = form(action, &mut sent);
            body.absorb(sent);
            form
        }
        // What an unknown action takes is not known either.
        None => BulkTickets::default(),
    };
    body.finish()?;
    let ctx = &caller.ctx;
    let is_known = idempotency::is_answered(ctx, bulk::KIND, &key.0).await?;
    let done = bulk::run(ctx, BulkTickets { key: key.0, numbers, ..form }).await;
    let action = action.unwrap_or_default();
    let results = done.map_err(|error| ApiError::from(as_sent(error.public, action)))?;
    let results: Vec<Value> = results.into_iter().map(|one| result(one, action)).collect();
    Ok(Answer::ok(json!({ "results": results })).replayed(is_known))
}

fn action(body: &mut Fields) -> Option<BulkAction> {
    let word = body.required("action");
    if word.is_empty() {
        return None;
    }
    word.parse().map_err(|code| body.wrong("action", code)).ok()
}

fn numbers(body: &mut Fields) -> Vec<i64> {
    match body.raw("numbers") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => {
            let mut out = Vec::new();
            for (index, item) in items.iter().enumerate() {
                match item.as_i64() {
                    Some(number) => out.push(number),
                    None => body.wrong(&format!("numbers[{index}]"), Code::Invalid),
                }
            }
            out
        }
        Some(_) => {
            body.wrong("numbers", Code::Invalid);
            Vec::new()
        }
    }
}

/// The parameters of an action; what is none of them stays behind and is unknown.
fn form(action: BulkAction, sent: &mut Fields) -> BulkTickets {
    let mut form = BulkTickets { action, ..BulkTickets::default() };
    match action {
        BulkAction::Occurrence => {
            let (send_mail, notify_responsible) = (sent.flag("send_mail"), sent.flag("notify_responsible"));
            form.occurrence = AddOccurrence { send_mail, notify_responsible, ..occurrences::entry(sent) };
            occurrences::and_then(sent, &mut form.occurrence);
        }
        BulkAction::Solve => {
            // A template stands for the text.
            let text = if sent.has("template") { sent.text("body") } else { sent.required("body") };
            let override_reason = sent.text("override_reason");
            form.solution = AddSolution { body: text, override_reason, ..solutions::besides(sent) };
        }
        BulkAction::Priority | BulkAction::Urgency => form.level = sent.number(action.as_str()),
        _ => {
            let command = action.command().unwrap_or_default();
            form.command = actions::form(command, 0, sent);
            if let Some(solution) = actions::with_solution(command, sent) {
                let override_reason = form.command.reason.clone();
                form.solution = AddSolution { override_reason, ..solution };
            }
        }
    }
    form
}

/// Wrong fields by the names under which they were sent.
fn as_sent(error: AppError, action: BulkAction) -> AppError {
    let error = if action == BulkAction::Close { actions::named_as_sent(error, Command::Close) } else { error };
    let AppError::Invalid(FieldErrors(mut errors)) = error else { return error };
    for wrong in errors.iter_mut().filter(|wrong| !matches!(wrong.field.as_str(), "numbers" | "key")) {
        wrong.field.insert_str(0, "parameters.");
    }
    AppError::Invalid(FieldErrors(errors))
}

fn result(one: BulkResult, action: BulkAction) -> Value {
    let mut out = match one.error {
        Some(error) => problem::members(&as_sent(error, action)),
        None => [("code".to_owned(), Value::Null), ("errors".to_owned(), json!([]))].into_iter().collect(),
    };
    let is_done = out.get("code").is_some_and(Value::is_null);
    out.insert("number".to_owned(), json!(one.number));
    out.insert("ok".to_owned(), json!(is_done));
    out.insert("warnings".to_owned(), json!(one.warnings));
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(json: &str) -> Fields {
        super::super::body::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn t_blk_01_an_action_takes_what_its_single_call_takes() {
        let mut assign = sent(r#"{"add":[{"kind":"user","id":"1"}]}"#);
        let form = form(BulkAction::Assign, &mut assign);
        assert_eq!((form.command.command, form.command.add.as_slice()), (Command::Assign, &["user:1".to_owned()][..]));
        let mut wrong = sent(r#"{"text":"x"}"#);
        super::form(BulkAction::Reactivate, &mut wrong);
        assert_eq!(wrong.finish(), Err(ApiError::field("text", Code::UnknownField)));
        let mut close = sent(r#"{"override_reason":"late","solution":{"body":"Done."}}"#);
        let form = super::form(BulkAction::Close, &mut close);
        assert_eq!((form.solution.body.as_str(), form.solution.override_reason.as_str()), ("Done.", "late"));
        assert!(form.solution.close && close.finish().is_ok());
    }

    #[test]
    fn t_blk_01_a_template_stands_for_the_text_of_a_solution() {
        let mut nothing = sent("{}");
        form(BulkAction::Solve, &mut nothing);
        assert_eq!(nothing.finish(), Err(ApiError::field("body", Code::Required)));
        let mut template = sent(r#"{"template":"t"}"#);
        assert!(form(BulkAction::Solve, &mut template).solves() && template.finish().is_ok());
    }

    #[test]
    fn t_blk_01_a_refused_ticket_says_why_as_a_single_call_does() {
        let error = AppError::field("text", Code::TooLong);
        let one = BulkResult { number: 7, error: Some(error), warnings: Vec::new() };
        let told = result(one, BulkAction::Suspend);
        assert_eq!((&told["ok"], &told["code"]), (&json!(false), &json!("invalid")));
        assert_eq!(told["errors"], json!([{ "field": "parameters.text", "code": "too_long" }]));
        let done = result(BulkResult { number: 7, error: None, warnings: Vec::new() }, BulkAction::Suspend);
        assert_eq!((&done["ok"], &done["code"], &done["number"]), (&json!(true), &Value::Null, &json!(7)));
    }
}
