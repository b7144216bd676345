//! Asking for a validation (T-VAL-01).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::AskValidation;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::ticket::Side;
use domain::validation::{self as rules, State, TARGETS_MAX};
use entity::{app_group, validation, validation_target};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::{KIND, record, tell};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::history::Record;
use crate::people::{self, ResolvedActor};
use crate::sanitise::{self, Rich};
use crate::sql::Sql;
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency};

/// Asks and answers the id of the request.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` with every wrong field, `NotFound`, `Forbidden`, `Refused` by state.
pub async fn ask(ctx: &Ctx, form: AskValidation) -> Result<Uuid, ServiceError> {
    // First of all: a refusal below never loses the text.
    drafts::keep(ctx, KIND, &form.ticket.to_string(), &serde_json::to_value(&form)?).await;
    let parsed = Parsed::read(&form);
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, parsed, hash) = (form.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            let object = form.ticket.to_string();
            if let Some(done) = idempotency::claim::<Uuid>(w, KIND, &form.key, &hash).await? {
                drafts::remove(w, KIND, &object).await?;
                return Ok(done);
            }
            let parsed = parsed?;
            let mut loaded = tickets::lock(w, form.ticket).await?;
            let id = asked(w, &mut loaded, parsed).await?;
            idempotency::answer(w, KIND, &form.key, &id).await?;
            drafts::remove(w, KIND, &object).await?;
            Ok(id)
        })
    })
    .await
}

/// Fields that need no stored data (T-GEN-02, step 2).
#[derive(Clone, Debug)]
struct Parsed {
    comment: Rich,
    targets: Vec<String>,
    percent: u8,
    files: Vec<Uuid>,
}

impl Parsed {
    fn read(form: &AskValidation) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let comment = match sanitise::check(&form.comment, form.format) {
            Err(Code::Required) => Ok(Rich::default()),
            read => read,
        };
        let comment = errors.check("comment", comment);
        let lines = form.targets.iter().flat_map(|text| text.split(['\n', ';'])).map(str::trim);
        let targets: Vec<String> = lines.filter(|text| !text.is_empty()).map(str::to_owned).collect();
        if targets.is_empty() {
            errors.add("targets", Code::Required);
        } else if targets.len() > TARGETS_MAX {
            errors.add("targets", Code::TooMany);
        }
        let percent = errors.check("required_percent", rules::percent(&form.required_percent));
        let files = files_of(&form.attachments, &mut errors);
        errors.or(comment.zip(percent).map(|(comment, percent)| Self { comment, targets, percent, files }))
    }
}

/// Ids of uploads; malformed ones are noted.
pub(super) fn files_of(texts: &[String], errors: &mut FieldErrors) -> Vec<Uuid> {
    let texts: Vec<String> = texts.iter().filter(|text| !text.trim().is_empty()).cloned().collect();
    match documents::ids(&texts, "attachments") {
        Ok(ids) => ids,
        Err(AppError::Invalid(wrong)) => {
            errors.0.extend(wrong.0);
            Vec::new()
        }
        Err(_other) => Vec::new(),
    }
}

async fn asked(w: &Work, loaded: &mut Loaded, parsed: Parsed) -> Result<Uuid, ServiceError> {
    loaded.require(Capability::ValidationRequest)?;
    let targets = approvers(w, loaded, &parsed.targets).await?;
    let id = new_id();
    let attached = documents::attach(
        w,
        &loaded.ticket,
        documents::VALIDATION,
        id,
        Visibility::Private,
        &parsed.files,
        "attachments",
    )
    .await?;
    state::require_writable_plainly(loaded)?;
    let comment = sanitise::keep_images(&parsed.comment.html, &attached).as_str().to_owned();
    let new = New { comment, comment_text: parsed.comment.text, percent: parsed.percent, targets };
    store(w, loaded, id, new).await?;
    Ok(id)
}

/// Who is asked: people who may answer here, and groups with that flag (T-VAL-01).
async fn approvers(w: &Work, loaded: &Loaded, texts: &[String]) -> Result<Vec<ResolvedActor>, ServiceError> {
    let (actor, entity) = (w.actor(), loaded.ticket.entity_id);
    let mut errors = FieldErrors::new();
    let found = tickets::people::resolve_at(&w.tx, actor, entity, ("targets", texts), &[], &mut errors).await?;
    for (index, one) in &found {
        let wrong = match one {
            ResolvedActor::User(id) if *id == actor.id() => Some(Code::ApproverIsAsker),
            _ if may_be_asked(w, loaded, one).await? => None,
            _ => Some(Code::UnknownReference),
        };
        if let Some(code) = wrong {
            errors.add(format!("targets[{index}]"), code);
        }
    }
    Ok(errors.or(Some(found.into_iter().map(|(_, one)| one).collect()))?)
}

/// Whether a person may answer here, or a group has the flag and reaches here (T-VAL-01).
pub(super) async fn may_be_asked(w: &Work, loaded: &Loaded, one: &ResolvedActor) -> Result<bool, ServiceError> {
    let (actor, entity) = (w.actor(), loaded.ticket.entity_id);
    match one {
        ResolvedActor::User(id) => {
            let mut sql = Sql::new("SELECT 1 AS found FROM app_user u WHERE u.active = TRUE AND u.id = ");
            sql.bind(*id).push(" AND ");
            sql.append(&people::has_role_in(actor, &[entity], Some(Capability::ValidationAnswer)));
            Ok(!sql.rows(&w.tx).await?.is_empty())
        }
        ResolvedActor::Group(id) => {
            let group = app_group::Entity::find_by_id(*id).one(&w.tx).await?;
            let path = actor.path_of(entity);
            Ok(group.is_some_and(|row| row.active && row.may_be_asked && people::group_reaches(&row, &path)))
        }
        ResolvedActor::Email { .. } => Ok(false),
    }
}

/// A request to be.
#[derive(Clone, Debug)]
pub(super) struct New {
    pub(super) comment: String,
    pub(super) comment_text: String,
    pub(super) percent: u8,
    pub(super) targets: Vec<ResolvedActor>,
}

/// Writes a request with those who are asked, and tells them.
pub(super) async fn store(w: &Work, loaded: &mut Loaded, id: Uuid, new: New) -> Result<(), ServiceError> {
    let (me, ticket) = (w.actor().id(), loaded.ticket.id);
    let row = validation::ActiveModel {
        id: Set(id),
        ticket_id: Set(ticket),
        asker_id: Set(me),
        comment: Set(new.comment),
        comment_text: Set(new.comment_text),
        required_percent: Set(i32::from(new.percent)),
        state: Set(State::Waiting.as_str().to_owned()),
        asked_at: Set(w.now()),
        withdrawn_at: Set(None),
        withdrawn_by_id: Set(None),
        replaced_by_id: Set(None),
    };
    row.insert(&w.tx).await?;
    let mut targets = Vec::new();
    for (position, one) in (0_i32..).zip(&new.targets) {
        let (user, group) = match one {
            ResolvedActor::User(id) => (Some(*id), None),
            ResolvedActor::Group(id) => (None, Some(*id)),
            ResolvedActor::Email { .. } => continue,
        };
        let target = validation_target::ActiveModel {
            id: Set(new_id()),
            validation_id: Set(id),
            ticket_id: Set(ticket),
            position: Set(position),
            user_id: Set(user),
            group_id: Set(group),
            answer: Set(None),
            answered_by_id: Set(None),
            answered_at: Set(None),
            comment: Set(String::new()),
            withdrawn_at: Set(None),
        };
        targets.push(target.insert(&w.tx).await?);
    }
    let entry = Some((KIND, id, Visibility::Public, Some(me)));
    let event = Record { kind: "validation_requested", entry, ..Record::default() };
    record(w, loaded, id, "created", event).await?;
    if loaded.side() == Side::Service && loaded.ticket.taken_at.is_none() {
        loaded.ticket.taken_at = Some(w.now());
    }
    // The requester side must not see by a date that somebody was asked (T-VIS-05).
    tickets::save(w, &mut loaded.ticket, Touch::PrivateEntry).await?;
    tell(w, loaded, id, &targets, Event::ValidationAsked).await
}
