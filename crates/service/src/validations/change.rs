//! Withdrawing a request that waits, and asking a refused one again (T-VAL-05). Nothing else of a request can be changed.

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::ChangeValidation;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::validation::State;
use entity::{document, validation};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::ask::{New, may_be_asked, store};
use super::{KIND, Request, record, tell};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::history::Record;
use crate::people::ResolvedActor;
use crate::sql::Sql;
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{documents, idempotency};

/// Names of the commands for idempotency keys.
const WITHDRAW: &str = "validation_withdraw";
const AGAIN: &str = "validation_again";

/// Withdraws a request that waits; those who are asked need not answer, and see the ticket no more by it.
///
/// # Errors
/// `NotFound`, `Forbidden` for who neither asked nor holds `validation.override`, `Refused(ValidationClosed)` for one that was
/// withdrawn and on a ticket that is over, `Refused(TransitionNotAllowed)` for one that is decided.
pub async fn withdraw(ctx: &Ctx, form: ChangeValidation) -> Result<(), ServiceError> {
    let id: Uuid = form.id.parse().map_err(|_no_id| AppError::NotFound)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, WITHDRAW, &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let (mut loaded, request) = own(w, id, form.ticket).await?;
            require_open(&loaded, &request)?;
            if request.state() != State::Waiting {
                return Err(Code::TransitionNotAllowed.into());
            }
            take_back(w, &loaded, &request).await?;
            tickets::save(w, &mut loaded.ticket, Touch::PrivateEntry).await?;
            idempotency::answer(w, WITHDRAW, &form.key, &true).await
        })
    })
    .await
}

/// Asks a refused request again; the new one, whose id is answered, replaces it.
///
/// # Errors
/// In the order of T-GEN-02: `NotFound`, `Forbidden` as of [`withdraw`]; `Invalid` on `targets` (`approver_is_asker`) for who is
/// asked himself, and on `targets[n]` (`unknown_reference`) where somebody may not be asked any more (T-VAL-01);
/// `Refused(ValidationClosed)` as of [`withdraw`], `Refused(TransitionNotAllowed)` for one that is not refused.
pub async fn ask_again(ctx: &Ctx, form: ChangeValidation) -> Result<Uuid, ServiceError> {
    let id: Uuid = form.id.parse().map_err(|_no_id| AppError::NotFound)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Uuid>(w, AGAIN, &form.key, &hash).await? {
                return Ok(done);
            }
            let (mut loaded, request) = own(w, id, form.ticket).await?;
            if request.targets.iter().any(|one| one.user_id == Some(w.actor().id())) {
                return Err(AppError::field("targets", Code::ApproverIsAsker).into());
            }
            let targets = still_asked(w, &loaded, &request).await?;
            require_open(&loaded, &request)?;
            if request.state() != State::Refused {
                return Err(Code::TransitionNotAllowed.into());
            }
            state::require_writable_plainly(&loaded)?;
            let new = replace(w, &mut loaded, &request, targets).await?;
            idempotency::answer(w, AGAIN, &form.key, &new).await?;
            Ok(new)
        })
    })
    .await
}

/// A request of the actor or for who may override; `number` 0 = any ticket.
async fn own(w: &Work, id: Uuid, number: i64) -> Result<(Loaded, Request), ServiceError> {
    let first = Request::find(&w.tx, id).await?;
    let loaded = tickets::lock_by_id(w, first.row.ticket_id).await?;
    // Read again under the lock of the ticket.
    let request = Request::find(&w.tx, id).await?;
    if (number != 0 && number != loaded.ticket.number) || !request.is_seen(&loaded, w.actor()) {
        return Err(AppError::NotFound.into());
    }
    if request.row.asker_id != w.actor().id() {
        loaded.require(Capability::ValidationOverride)?;
    }
    Ok((loaded, request))
}

/// Refuses a request that counts no more, and any on a ticket that is over.
fn require_open(loaded: &Loaded, request: &Request) -> Result<(), ServiceError> {
    let is_over = loaded.ticket.deleted_at.is_some() || loaded.status().is_over();
    if is_over || !request.counts() { Err(Code::ValidationClosed.into()) } else { Ok(()) }
}

/// Those of a request, as long as each of them may still be asked: who was disabled or lost the right meanwhile is named.
async fn still_asked(w: &Work, loaded: &Loaded, request: &Request) -> Result<Vec<ResolvedActor>, ServiceError> {
    let mut errors = FieldErrors::new();
    let mut targets = Vec::new();
    for (index, target) in request.targets.iter().enumerate() {
        let user = target.user_id.map(ResolvedActor::User);
        let Some(one) = user.or_else(|| target.group_id.map(ResolvedActor::Group)) else { continue };
        if !may_be_asked(w, loaded, &one).await? {
            errors.add(format!("targets[{index}]"), Code::UnknownReference);
        }
        targets.push(one);
    }
    Ok(errors.or(Some(targets))?)
}

async fn take_back(w: &Work, loaded: &Loaded, request: &Request) -> Result<(), ServiceError> {
    let id = request.row.id;
    let mut sql = Sql::new("UPDATE validation SET withdrawn_at = ");
    sql.bind(w.now()).push_bind(", withdrawn_by_id = ", w.actor().id()).push_bind(" WHERE id = ", id);
    sql.run(&w.tx).await?;
    let mut sql = Sql::new("UPDATE validation_target SET withdrawn_at = ");
    sql.bind(w.now()).push_bind(" WHERE validation_id = ", id).run(&w.tx).await?;
    let entry = Some((KIND, id, Visibility::Public, Some(request.row.asker_id)));
    let event = Record { kind: "validation_withdrawn", entry, ..Record::default() };
    record(w, loaded, id, "removed", event).await?;
    let waiting: Vec<_> = request.targets.iter().filter(|one| one.answer.is_none()).cloned().collect();
    tell(w, loaded, id, &waiting, Event::ValidationWithdrawn).await
}

/// Withdraws what waits when a ticket is cancelled (T-STA-25); the caller saves the ticket.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn withdraw_open(w: &Work, loaded: &Loaded) -> Result<(), ServiceError> {
    let rows = validation::Entity::find()
        .filter(validation::Column::TicketId.eq(loaded.ticket.id))
        .filter(validation::Column::State.eq(State::Waiting.as_str()))
        .filter(validation::Column::WithdrawnAt.is_null())
        .filter(validation::Column::ReplacedById.is_null())
        .all(&w.tx)
        .await?;
    for row in rows {
        let targets = super::targets(&w.tx, &[row.id]).await?;
        take_back(w, loaded, &Request { row, targets }).await?;
    }
    Ok(())
}

async fn replace(
    w: &Work,
    loaded: &mut Loaded,
    request: &Request,
    targets: Vec<ResolvedActor>,
) -> Result<Uuid, ServiceError> {
    let (id, old) = (new_id(), &request.row);
    let mut sql = Sql::new("UPDATE validation SET replaced_by_id = ");
    sql.bind(id).push_bind(" WHERE id = ", old.id).run(&w.tx).await?;
    copy_files(w, old.id, id).await?;
    let new = New {
        comment: old.comment.clone(),
        comment_text: old.comment_text.clone(),
        percent: u8::try_from(old.required_percent).unwrap_or(0),
        targets,
    };
    store(w, loaded, id, new).await?;
    Ok(id)
}

/// The new request shows the same files; their contents are the same.
async fn copy_files(w: &Work, from: Uuid, to: Uuid) -> Result<(), ServiceError> {
    let files = documents::of_entries(&w.tx, &[from]).await?.remove(&from).unwrap_or_default();
    for file in files {
        let copy =
            document::Model { id: new_id(), entry_id: Some(to), registered_at: Some(w.now()), version: 1, ..file };
        copy.into_active_model().reset_all().insert(&w.tx).await?;
    }
    Ok(())
}
