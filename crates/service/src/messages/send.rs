//! Sending a message (T-MSG-01, T-MSG-03, T-MSG-05).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::SendMessage;
use domain::message::{Off, check};
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::ticket::Side;
use entity::message;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::KIND;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::mail::{self, Cause, Recipient};
use crate::settings::Settings;
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{drafts, idempotency, notifications, sanitise};

/// Sends a message and answers its id.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` with every wrong field, `NotFound` also for those who stand on neither side, `Forbidden`,
/// `Disabled`, `Refused` by state.
pub async fn send(ctx: &Ctx, form: SendMessage) -> Result<Uuid, ServiceError> {
    // First of all: a refusal below never loses the text.
    drafts::keep(ctx, KIND, &form.ticket.to_string(), &serde_json::to_value(&form)?).await;
    let text = check(sanitise::lines(&form.text)).map_err(|code| AppError::field("text", code));
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, text, hash) = (form.clone(), text.clone(), hash.clone());
        Box::pin(async move {
            let object = form.ticket.to_string();
            if let Some(done) = idempotency::claim::<Uuid>(w, KIND, &form.key, &hash).await? {
                drafts::remove(w, KIND, &object).await?;
                return Ok(done);
            }
            let text = text?;
            let mut loaded = tickets::lock(w, form.ticket).await?;
            let id = insert(w, &mut loaded, &form, text).await?;
            idempotency::answer(w, KIND, &form.key, &id).await?;
            drafts::remove(w, KIND, &object).await?;
            Ok(id)
        })
    })
    .await
}

async fn insert(w: &Work, loaded: &mut Loaded, form: &SendMessage, text: String) -> Result<Uuid, ServiceError> {
    if !super::sees(loaded, false) {
        return Err(AppError::NotFound.into());
    }
    policy::can_add_occurrence(loaded.caps, &loaded.facts)
        .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
    let is_service = loaded.side() == Side::Service;
    if form.send_mail && is_service {
        loaded.require(Capability::OccurrenceSendMail)?;
    }
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let off = super::sending(&w.tx, loaded, &settings).await?.off();
    if let Some(key) = switched_off(off) {
        return Err(AppError::Disabled(key.as_str().to_owned()).into());
    }
    let mail_to = recipients(w, loaded, form, &settings).await?;
    let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    state::require_writable(loaded, &rules)?;
    if off == Some(Off::NobodyAssigned) {
        return Err(Code::TransitionNotAllowed.into());
    }
    let row = store(w, loaded, text).await?;
    mail::queue(w, &loaded.ticket, &row, Cause { kind: mail::Kind::Message, changed: false }, &mail_to).await?;
    if is_service || settings.is_on(Key::MessagesAlertResponsible) {
        // The responsible as T-MSG-03 wants, and the requester side (T-NTF-02).
        notifications::message(w, &loaded.ticket, &loaded.actors, row.id).await?;
    }
    // Observers see no messages, so they must not see by a date that there is one; the requester side has its number of new ones.
    tickets::save(w, &mut loaded.ticket, Touch::PrivateEntry).await?;
    Ok(row.id)
}

/// The setting that switches messages off.
const fn switched_off(off: Option<Off>) -> Option<Key> {
    match off {
        Some(Off::Disabled) => Some(Key::MessagesEnabled),
        Some(Off::NoReply) => Some(Key::MessagesReply),
        _ => None,
    }
}

/// Who gets it by mail; refused where nobody would get it at all (T-MSG-05).
async fn recipients(
    w: &Work,
    loaded: &Loaded,
    form: &SendMessage,
    settings: &Settings,
) -> Result<Vec<Recipient>, ServiceError> {
    let mut errors = FieldErrors::new();
    let mut mail_to = Vec::new();
    if loaded.side() != Side::Service {
        if form.send_mail {
            errors.add("send_mail", Code::NotAllowed);
        }
    } else if form.send_mail {
        let found = mail::check(&w.ctx, &w.tx, loaded, settings, mail::Kind::Message).await?;
        mail_to = errors.check("send_mail", found).unwrap_or_default();
    } else if !mail::has_account(&w.ctx, &w.tx, loaded).await? {
        errors.add("send_mail", Code::NoRecipient);
    }
    Ok(errors.or(Some(mail_to))?)
}

async fn store(w: &Work, loaded: &Loaded, text: String) -> Result<message::Model, ServiceError> {
    let author = w.actor().id();
    let row = message::ActiveModel {
        id: Set(new_id()),
        ticket_id: Set(loaded.ticket.id),
        author_id: Set(author),
        side: Set(loaded.side().as_str().to_owned()),
        text: Set(text),
        sent_at: Set(w.now()),
        withdrawn_at: Set(None),
    };
    let row = row.insert(&w.tx).await?;
    let entry = Some((KIND, row.id, Visibility::Public, Some(author)));
    history::record(w, loaded.ticket.id, Record { kind: "message_sent", entry, ..Record::default() }).await?;
    let change =
        NewChange { kind: KIND, what: "created", object: row.id, version: 1, audience: "public", author: None };
    events::emit(w, &loaded.ticket, change).await?;
    Ok(row)
}
