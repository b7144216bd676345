//! Saying something (T-CHT-01, T-CHT-03, T-CHT-08). The first line begins the chat.

use domain::chat::UNREAD_FOR;
use domain::error::AppError;
use domain::forms::SendChat;
use domain::message::check;
use domain::occurrence::Visibility;
use domain::policy;
use domain::settings::Key;
use domain::ticket::Side;
use entity::{chat, chat_line};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::{KIND, last_number, open_of};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::sql::Sql;
use crate::tickets::{self, Loaded, Touch, state};
use crate::work::{self, Work};
use crate::{drafts, idempotency, messages, notifications, sanitise};

/// Says a line and answers its id.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid` on `text`, `NotFound` also for those who stand on neither side, `Forbidden`, `Disabled`
/// while the setting 316 is off, `Refused` by state. The text is kept as a draft in any case.
pub async fn send(ctx: &Ctx, form: SendChat) -> Result<Uuid, ServiceError> {
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
            let id = insert(w, &mut loaded, text).await?;
            idempotency::answer(w, KIND, &form.key, &id).await?;
            drafts::remove(w, KIND, &object).await?;
            Ok(id)
        })
    })
    .await
}

async fn insert(w: &Work, loaded: &mut Loaded, text: String) -> Result<Uuid, ServiceError> {
    if !messages::sees(loaded, false) {
        return Err(AppError::NotFound.into());
    }
    policy::can_add_occurrence(loaded.caps, &loaded.facts)
        .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    if !super::is_on(&settings) {
        return Err(AppError::Disabled(Key::ChatEnabled.as_str().to_owned()).into());
    }
    let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    state::require_writable(loaded, &rules)?;
    let open = open_of(&w.tx, loaded.ticket.id).await?;
    let is_first = open.is_none();
    let chat = match open {
        Some(chat) => chat,
        None => begin(w, loaded).await?,
    };
    let line = store(w, loaded, &chat, text).await?;
    stir(w, loaded.side(), &chat, &line).await?;
    let change =
        NewChange { kind: KIND, what: "created", object: line.id, version: 1, audience: "public", author: None };
    events::emit(w, &loaded.ticket, change).await?;
    if is_first {
        notifications::chat(w, &loaded.ticket, &loaded.actors, chat.id).await?;
        // Observers see no chat, so they must not see by a date that there is one.
        tickets::save(w, &mut loaded.ticket, Touch::PrivateEntry).await?;
    }
    Ok(line.id)
}

async fn begin(w: &Work, loaded: &Loaded) -> Result<chat::Model, ServiceError> {
    let row = chat::ActiveModel {
        id: Set(new_id()),
        ticket_id: Set(loaded.ticket.id),
        started_at: Set(w.now()),
        last_line_at: Set(w.now()),
        waiting_since: Set(None),
        ended_at: Set(None),
    };
    let chat = row.insert(&w.tx).await?;
    let entry = Some((KIND, chat.id, Visibility::Public, Some(w.actor().id())));
    history::record(w, loaded.ticket.id, Record { kind: "chat_started", entry, ..Record::default() }).await?;
    Ok(chat)
}

/// The ticket is locked: lines are numbered one after the other, and none is older than the one before (T-CHT-06).
async fn store(w: &Work, loaded: &Loaded, chat: &chat::Model, text: String) -> Result<chat_line::Model, ServiceError> {
    let sent_at = w.now().max(chat.last_line_at);
    let row = chat_line::ActiveModel {
        id: Set(new_id()),
        ticket_id: Set(loaded.ticket.id),
        chat_id: Set(chat.id),
        number: Set(last_number(&w.tx, loaded.ticket.id).await? + 1),
        author_id: Set(w.actor().id()),
        side: Set(loaded.side().as_str().to_owned()),
        text: Set(text),
        sent_at: Set(sent_at),
        mail_due_at: Set(Some(sent_at + UNREAD_FOR)),
    };
    Ok(row.insert(&w.tx).await?)
}

/// The chat goes on; the requester side waits from its first line on that was not answered (T-CHT-04). Who has said something is
/// not writing any more.
async fn stir(w: &Work, side: Side, chat: &chat::Model, line: &chat_line::Model) -> Result<(), ServiceError> {
    let waiting = if side == Side::Requester { Some(chat.waiting_since.unwrap_or(line.sent_at)) } else { None };
    let mut sql = Sql::new("UPDATE chat SET last_line_at = ");
    sql.bind(line.sent_at).push_bind(", waiting_since = ", waiting).push_bind(" WHERE id = ", chat.id);
    sql.run(&w.tx).await?;
    let mut sql = Sql::new("UPDATE chat_presence SET typing_until = 0 WHERE typing_until > 0 AND user_id = ");
    sql.bind(w.actor().id()).run(&w.tx).await?;
    Ok(())
}
