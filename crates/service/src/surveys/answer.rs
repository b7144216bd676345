//! Giving an answer, and changing it within twelve hours (T-SRV-02).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AnswerSurvey;
use domain::occurrence::Visibility;
use domain::survey::{self as rules, SurveyState};
use entity::survey;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::{KIND, all, stand};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::history::{self, Record, change};
use crate::work::Work;
use crate::{idempotency, sanitise, tickets, work};

/// Name of the command for idempotency keys.
const SCOPE: &str = "survey";

/// An answer whose fields are right.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    score: u8,
    comment: String,
}

impl Checked {
    /// # Errors
    /// `Invalid` with every wrong field: `required`, `invalid`, `out_of_range` on `score`, `too_long` on `comment`.
    pub(super) fn read(score: &str, comment: &str) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let score = errors.check("score", rules::score(score));
        let comment = errors.check("comment", rules::comment(&sanitise::lines(comment)));
        errors.or(score.zip(comment).map(|(score, comment)| Self { score, comment }))
    }
}

/// Who answers.
#[derive(Clone, Debug)]
pub(super) struct Answerer {
    /// His account.
    pub(super) user: Option<Uuid>,
    /// His address, for people without one.
    pub(super) key: String,
    /// His name.
    pub(super) name: String,
}

impl Answerer {
    /// Whether the answer of a survey is his.
    pub(super) fn gave(&self, row: &survey::Model) -> bool {
        match self.user {
            Some(user) => row.answered_by_id == Some(user),
            None => row.answered_by_id.is_none() && row.answered_by_key.as_deref() == Some(self.key.as_str()),
        }
    }
}

/// Answers the survey of the last closing of a ticket.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` on `score` and `comment`; `NotFound` for tickets out of sight; `Forbidden`, without a
/// capability's name, for who is not on the requester side; `NotFound` without a survey; `Refused` with `survey_closed` or
/// `survey_expired`.
pub async fn answer(ctx: &Ctx, form: AnswerSurvey) -> Result<(), ServiceError> {
    let checked = Checked::read(&form.score, &form.comment)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, checked, hash) = (form.clone(), checked.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, SCOPE, &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let loaded = tickets::lock(w, form.ticket).await?;
            if !loaded.facts.requester_side {
                return Err(AppError::Forbidden(String::new()).into());
            }
            let user = &w.actor().user;
            let who = Answerer { user: Some(user.id), key: user.email_key.clone(), name: user.name.clone() };
            let last = all(&w.tx, loaded.ticket.id).await?.into_iter().next().ok_or(AppError::NotFound)?;
            store(w, last, &who, &checked).await?;
            idempotency::answer(w, SCOPE, &form.key, &true).await
        })
    })
    .await
}

/// Stores an answer; its ticket is locked, so the first one counts.
pub(super) async fn store(w: &Work, row: survey::Model, who: &Answerer, checked: &Checked) -> Result<(), ServiceError> {
    let is_mine = who.gave(&row);
    stand(&row, is_mine).check(w.now()).map_err(|code| refusal(code, &row))?;
    let old = row.score.map(|score| score.to_string()).unwrap_or_default();
    let comment = (!checked.comment.is_empty()).then(|| checked.comment.clone());
    let is_same = is_mine && row.score == Some(i32::from(checked.score)) && row.comment == checked.comment;
    if is_same {
        return Ok(());
    }
    let (ticket, id) = (row.ticket_id, row.id);
    let answered_at = row.answered_at.or(Some(w.now()));
    let row = survey::Model {
        state: SurveyState::Answered.as_str().to_owned(),
        score: Some(i32::from(checked.score)),
        comment: checked.comment.clone(),
        answered_at,
        answered_by_id: who.user,
        answered_by_key: Some(who.key.clone()),
        answered_by_name: Some(who.name.clone()),
        changed_at: Some(w.now()),
        ..row
    };
    row.into_active_model().reset_all().update(&w.tx).await?;
    let changes = change("score", old, checked.score.to_string()).into_iter().collect();
    let entry = Some((KIND, id, Visibility::Public, who.user));
    // The comment is for agents, as reasons are (T-STA-33).
    let record = Record { kind: "survey_answered", changes, entry, reason: comment, ..Record::default() };
    history::record(w, ticket, record).await
}

/// `survey_closed` says whether the ticket was reopened meanwhile.
fn refusal(code: Code, row: &survey::Model) -> AppError {
    let is_reopened = matches!(super::state_of(row), SurveyState::Withdrawn | SurveyState::Superseded);
    let data = (code == Code::SurveyClosed).then(|| serde_json::json!({ "reopened": is_reopened }));
    AppError::Refused { code, data }
}
