//! The row of a mail, written in the transaction of its cause (M-DLV-01).

use domain::error::Code;
use domain::mail::{MailState, Unsent, message_id};
use domain::occurrence::Visibility;
use domain::views::FieldChange;
use entity::{outbox, ticket};
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::recipients::Recipient;
use super::{domain_of, mac};
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::sql::Sql;
use crate::work::Work;

/// What a mail is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause {
    /// Which mail of M-OUT: `requester`.
    pub(crate) kind: &'static str,
    /// Kind of the entry: `occurrence`.
    pub(crate) entry_kind: &'static str,
    /// Its id.
    pub(crate) entry: Uuid,
    /// Its version: the text of this one is sent, whatever is edited later.
    pub(crate) version: i32,
    /// It was sent before and is sent again, changed (M-OUT-10).
    pub(crate) changed: bool,
}

/// Writes a mail to each recipient; those who can get none have a row too, which says why (M-RCP-02).
pub(crate) async fn queue(
    w: &Work,
    ticket: &ticket::Model,
    cause: Cause,
    recipients: &[Recipient],
) -> Result<(), ServiceError> {
    let Some(mailer) = &w.ctx.services.mailer else { return Ok(()) };
    let rows: Vec<outbox::ActiveModel> = recipients
        .iter()
        .map(|recipient| {
            let id = new_id();
            let state = if recipient.problem.is_some() { MailState::Failed } else { MailState::Queued };
            outbox::ActiveModel {
                id: Set(id),
                kind: Set(cause.kind.to_owned()),
                entity_id: Set(ticket.entity_id),
                ticket_id: Set(ticket.id),
                entry_kind: Set(cause.entry_kind.to_owned()),
                entry_id: Set(cause.entry),
                entry_version: Set(cause.version),
                author_id: Set(Some(w.actor().id())),
                user_id: Set(recipient.user),
                name: Set(recipient.name.clone()),
                address: Set(recipient.address.clone()),
                address_key: Set(recipient.key()),
                language: Set(recipient.lang.code().to_owned()),
                changed: Set(cause.changed),
                message_id: Set(message_id('o', id, &mac(&w.ctx.services.secret, id), domain_of(mailer.address()))),
                state: Set(state.as_str().to_owned()),
                is_open: Set(recipient.problem.is_none()),
                due_at: Set(w.now()),
                tries: Set(0),
                answer: Set(recipient.problem.map(|problem| problem.as_str().to_owned())),
                state_at: Set(w.now()),
                lease_until: Set(0),
                fence: Set(0),
                created_at: Set(w.now()),
            }
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    outbox::Entity::insert_many(rows).exec_without_returning(&w.tx).await?;
    let names = recipients.iter().filter(|recipient| recipient.problem.is_none());
    let changes = names.map(|recipient| told(&recipient.name, "")).collect();
    record(w, ticket.id, "mail_queued", cause.entry, changes, false).await
}

/// Who a mail event is about, and what the server said (M-DLV-06).
pub(crate) fn told(name: &str, answer: &str) -> FieldChange {
    FieldChange { field: "mail".to_owned(), old: answer.to_owned(), new: name.to_owned() }
}

/// Writes a mail event; entries that are mailed are public.
pub(crate) async fn record(
    w: &Work,
    ticket: Uuid,
    kind: &'static str,
    entry: Uuid,
    changes: Vec<FieldChange>,
    automatic: bool,
) -> Result<(), ServiceError> {
    let entry = Some(("occurrence", entry, Visibility::Public, None));
    history::record(w, ticket, Record { kind, changes, entry, automatic, ..Record::default() }).await
}

/// Before an entry is hidden or removed: what was sent cannot be recalled, which the writer has to know; what waits is taken back.
///
/// # Errors
/// `Refused(MailAlreadySent)` when a mail was sent or is queued and the writer did not say that he knows (T-OCC-18, T-OCC-21).
pub(crate) async fn recall(w: &Work, entry: Uuid, is_known: bool) -> Result<(), ServiceError> {
    let mails = super::of_entries(&w.tx, &[entry]).await?.remove(&entry).unwrap_or_default();
    let gone_or_going = |mail: &outbox::Model| mail.is_open || super::state_of(mail) != MailState::Failed;
    if !is_known && mails.iter().any(gone_or_going) {
        return Err(Code::MailAlreadySent.into());
    }
    withdraw(w, entry).await
}

/// Takes back the mails of an entry that were not sent yet (T-OCC-18, T-OCC-21).
async fn withdraw(w: &Work, entry: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE outbox SET is_open = FALSE, state = ");
    sql.bind(MailState::Failed.as_str())
        .push_bind(", answer = ", Unsent::Withdrawn.as_str())
        .push_bind(", state_at = ", w.now())
        .push_bind(", fence = fence + 1 WHERE is_open AND entry_id = ", entry);
    sql.run(&w.tx).await?;
    Ok(())
}
