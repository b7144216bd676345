//! Answering a request for validation: once per target, and for ever (T-VAL-02).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AnswerValidation;
use domain::notification::{Event, Why};
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::validation::{self as rules, Answer, State};
use domain::views::FieldChange;
use entity::validation_target;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::ask::files_of;
use super::{ANSWER, KIND, Request, answer_of, record};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::history::Record;
use crate::notifications::{self, News};
use crate::sql::Sql;
use crate::tickets::{self, Loaded, Touch};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency, sanitise};

/// Answers for the actor, else for a group of his. `number` is the ticket a caller named, if he named one.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` with every wrong field, `NotFound` also for requests that name others, `Forbidden`,
/// `Refused(ValidationClosed)` after withdrawal and on a ticket that is over, `Refused(AlreadyAnswered)`.
pub async fn answer(ctx: &Ctx, form: AnswerValidation, number: Option<i64>) -> Result<(), ServiceError> {
    let id: Uuid = form.id.parse().map_err(|_no_id| AppError::NotFound)?;
    drafts::keep(ctx, ANSWER, &form.id, &serde_json::to_value(&form)?).await;
    let parsed = Parsed::read(&form);
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, parsed, hash) = (form.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, ANSWER, &form.key, &hash).await?.is_some() {
                return drafts::remove(w, ANSWER, &form.id).await;
            }
            let parsed = parsed?;
            answered(w, id, number, parsed).await?;
            idempotency::answer(w, ANSWER, &form.key, &true).await?;
            drafts::remove(w, ANSWER, &form.id).await
        })
    })
    .await
}

/// Fields that need no stored data (T-GEN-02, step 2).
#[derive(Clone, Debug)]
struct Parsed {
    answer: Answer,
    comment: String,
    files: Vec<Uuid>,
}

impl Parsed {
    fn read(form: &AnswerValidation) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let answer = if form.answer.trim().is_empty() { Err(Code::Required) } else { form.answer.parse::<Answer>() };
        let answer = errors.check("answer", answer);
        // A wrong answer needs no words; too many are too many in any case.
        let comment = rules::comment(answer.unwrap_or(Answer::Granted), sanitise::lines(&form.comment));
        let comment = errors.check("comment", comment);
        let files = files_of(&form.attachments, &mut errors);
        errors.or(answer.zip(comment).map(|(answer, comment)| Self { answer, comment, files }))
    }
}

async fn answered(w: &Work, id: Uuid, number: Option<i64>, parsed: Parsed) -> Result<(), ServiceError> {
    let first = Request::find(&w.tx, id).await?;
    let mut loaded = tickets::lock_by_id(w, first.row.ticket_id).await?;
    // Read again under the lock of the ticket: somebody may have answered or withdrawn meanwhile.
    let request = Request::find(&w.tx, id).await?;
    let is_elsewhere = number.is_some_and(|number| number != loaded.ticket.number);
    if is_elsewhere || !request.is_seen(&loaded, w.actor()) {
        return Err(AppError::NotFound.into());
    }
    loaded.require(Capability::ValidationAnswer)?;
    let target = chosen(&request, w)?;
    let (kind, files) = (documents::VALIDATION_ANSWER, &parsed.files);
    documents::attach(w, &loaded.ticket, kind, target.id, Visibility::Private, files, "attachments").await?;
    let is_over = loaded.ticket.deleted_at.is_some() || loaded.status().is_over();
    if is_over || !request.counts() {
        return Err(Code::ValidationClosed.into());
    }
    if target.answer.is_some() {
        return Err(Code::AlreadyAnswered.into());
    }
    let target_id = target.id;
    store(w, target.clone(), &parsed).await?;
    decide(w, &request, target_id, parsed.answer).await?;
    let change = FieldChange { field: KIND.into(), old: String::new(), new: parsed.answer.as_str().into() };
    let entry = Some((KIND, id, Visibility::Public, Some(request.row.asker_id)));
    let event = Record { kind: "validation_answered", changes: vec![change], entry, ..Record::default() };
    record(w, &loaded, id, "changed", event).await?;
    tickets::save(w, &mut loaded.ticket, Touch::PrivateEntry).await?;
    told(w, &loaded, &request, target_id).await
}

/// The target the actor answers for: himself, else a group of his; one that was answered only when there is no other.
fn chosen<'r>(request: &'r Request, w: &Work) -> Result<&'r validation_target::Model, ServiceError> {
    let of = request.of(w.actor());
    let is_asker = request.row.asker_id == w.actor().id();
    let may_answer = |one: &&&validation_target::Model| one.user_id.is_some() || !is_asker;
    let open = of.iter().find(|one| may_answer(one) && one.answer.is_none());
    match open.or_else(|| of.iter().find(may_answer)) {
        Some(one) => Ok(*one),
        None if of.is_empty() => Err(AppError::Forbidden(Capability::ValidationAnswer.name().to_owned()).into()),
        None => Err(AppError::field("answer", Code::ApproverIsAsker).into()),
    }
}

async fn store(w: &Work, target: validation_target::Model, parsed: &Parsed) -> Result<(), ServiceError> {
    let row = validation_target::Model {
        answer: Some(parsed.answer.as_str().to_owned()),
        answered_by_id: Some(w.actor().id()),
        answered_at: Some(w.now()),
        comment: parsed.comment.clone(),
        ..target
    };
    row.into_active_model().reset_all().update(&w.tx).await?;
    Ok(())
}

/// What the answer makes of the request (T-VAL-03); what is decided stays so.
async fn decide(w: &Work, request: &Request, target: Uuid, answer: Answer) -> Result<(), ServiceError> {
    if request.state() != State::Waiting {
        return Ok(());
    }
    let others = request.targets.iter().filter(|one| one.id != target).filter_map(answer_of);
    let answers: Vec<Answer> = others.chain(std::iter::once(answer)).collect();
    let percent = u8::try_from(request.row.required_percent).unwrap_or(0);
    let state = rules::state(&answers, request.targets.len(), percent);
    let mut sql = Sql::new("UPDATE validation SET state = ");
    sql.bind(state.as_str()).push_bind(" WHERE id = ", request.row.id).run(&w.tx).await?;
    Ok(())
}

/// Tells those who work on the ticket, and who asked (T-NTF-02).
async fn told(w: &Work, loaded: &Loaded, request: &Request, target: Uuid) -> Result<(), ServiceError> {
    let event = Event::ValidationAnswered;
    let asker = [(request.row.asker_id, Why::Asker)];
    // Each answer is told, so its own id names it.
    notifications::named(w, &loaded.ticket, &asker, event, (KIND, target)).await?;
    let news = News { entry: Some((KIND, target)), ..News::of(event) };
    notifications::add(w, &loaded.ticket, &loaded.actors, &[news]).await
}
