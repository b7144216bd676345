//! The survey after closing (section 9, T-SRV).

use domain::forms::AnswerSurvey;
use domain::views::SurveyView;
use serde_json::{Value, json};
use service::surveys;

use super::body::JsonBody;
use super::extract::{Caller, Key, Number, Params};
use super::json::{self, Answer};
use super::problem::ApiError;
use super::replay::Once;

fn form(view: &SurveyView) -> Value {
    let whole = json::object([
        ("ticket", json!(view.number)),
        ("state", json!(view.state)),
        ("sent_at", json!(view.sent_at)),
        ("expires_at", json!(view.expires_at)),
        ("score", json!(view.score)),
        ("comment", json!(view.comment)),
        ("answered_at", json!(view.answered_at)),
        ("answered_by", view.answered_by.as_ref().map_or(Value::Null, |actor| json::actor(actor, true))),
        ("off", json!(view.off)),
        ("earlier", view.earlier.iter().map(form).collect()),
    ]);
    json::without(whole, if view.agent { &[] } else { &["answered_by", "earlier"] })
}

/// `GET /tickets/{number}/survey`: that of the last closing.
pub async fn show(caller: Caller, Number(number): Number, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&surveys::get(&caller.ctx, number).await?)))
}

/// `POST /tickets/{number}/survey`: the answer of the requester side, or its change within twelve hours.
pub async fn answer(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form =
        AnswerSurvey { ticket: number, key: key.0.clone(), score: body.number("score"), comment: body.text("comment") };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "survey", Some(number)).await?;
    surveys::answer(ctx, form).await?;
    let view = surveys::get(ctx, number).await?;
    once.finish(ctx, Answer::created(&format!("/tickets/{number}/survey"), self::form(&view))).await
}
