//! The row of a mail, written in the transaction of its cause (M-DLV-01).

use domain::error::Code;
use domain::mail::{MailState, Unsent, message_id};
use domain::views::FieldChange;
use entity::{outbox, ticket};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::about::About;
use super::kind::Kind;
use super::recipients::Recipient;
use super::{domain_of, mac};
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::sql::Sql;
use crate::work::Work;

/// Rows of one statement: engines limit the number of its values.
const AT_ONCE: usize = 500;

/// What a mail is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause {
    /// Which mail of M-OUT.
    pub(crate) kind: Kind,
    /// It was sent before and is sent again, changed (M-OUT-10).
    pub(crate) changed: bool,
}

/// Writes a mail to each recipient; those who can get none have a row too, which says why (M-RCP-02).
pub(crate) async fn queue(
    w: &Work,
    ticket: &ticket::Model,
    entry: impl Into<About>,
    cause: Cause,
    recipients: &[Recipient],
) -> Result<(), ServiceError> {
    let about = entry.into();
    let Some(mailer) = &w.ctx.services.mailer else { return Ok(()) };
    // A job asks for some: the system has no account.
    let author = Some(w.actor().id()).filter(|id| !id.is_nil());
    let rows: Vec<outbox::ActiveModel> = recipients
        .iter()
        .map(|recipient| {
            let id = new_id();
            let state = if recipient.problem.is_some() { MailState::Failed } else { MailState::Queued };
            outbox::ActiveModel {
                id: Set(id),
                kind: Set(cause.kind.as_str().to_owned()),
                entity_id: Set(ticket.entity_id),
                ticket_id: Set(ticket.id),
                entry_kind: Set(about.kind.to_owned()),
                entry_id: Set(about.id),
                // The text of this version is sent, whatever is edited later.
                entry_version: Set(about.version),
                author_id: Set(author),
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
    for part in rows.chunks(AT_ONCE) {
        outbox::Entity::insert_many(part.to_vec()).exec_without_returning(&w.tx).await?;
    }
    let names = recipients.iter().filter(|recipient| recipient.problem.is_none());
    let changes = names.map(|recipient| told(&recipient.name, "")).collect();
    record(w, "mail_queued", about, changes, author.is_none()).await
}

/// Who a mail event is about, and what the server said (M-DLV-06).
pub(crate) fn told(name: &str, answer: &str) -> FieldChange {
    FieldChange { field: "mail".to_owned(), old: answer.to_owned(), new: name.to_owned() }
}

/// Writes a mail event, as private as its entry.
pub(crate) async fn record(
    w: &Work,
    kind: &'static str,
    about: About,
    changes: Vec<FieldChange>,
    automatic: bool,
) -> Result<(), ServiceError> {
    let entry = Some((about.kind, about.id, about.visibility, about.author));
    history::record(w, about.ticket, Record { kind, changes, entry, automatic, ..Record::default() }).await
}

/// Before an entry is hidden or removed: what was sent cannot be recalled, which the writer has to know; what waits is taken back.
///
/// # Errors
/// `Refused(MailAlreadySent)` when a mail was sent or is queued and the writer did not say that he knows (T-OCC-18, T-OCC-21).
pub(crate) async fn recall(w: &Work, entry: impl Into<About>, is_known: bool) -> Result<(), ServiceError> {
    let about = entry.into();
    let mails = super::of_entries(&w.tx, &[about.id]).await?.remove(&about.id).unwrap_or_default();
    let gone_or_going = |mail: &outbox::Model| mail.is_open || super::state_of(mail) != MailState::Failed;
    if !is_known && mails.iter().any(gone_or_going) {
        return Err(Code::MailAlreadySent.into());
    }
    withdraw(w, about).await
}

/// Takes back the mails of a message; answers `false`, and takes none, when one has left or is leaving (T-MSG-04).
pub(crate) async fn take_back(w: &Work, entry: impl Into<About>) -> Result<bool, ServiceError> {
    let about = entry.into();
    let mails = super::of_entries(&w.tx, &[about.id]).await?.remove(&about.id).unwrap_or_default();
    if mails.iter().any(|mail| has_left(mail, w.now())) {
        return Ok(false);
    }
    withdraw(w, about).await?;
    Ok(true)
}

/// Whether a mail has left, or some instance is sending it at this moment.
pub(crate) fn has_left(mail: &outbox::Model, now: i64) -> bool {
    matches!(super::state_of(mail), MailState::Sent | MailState::Bounced) || (mail.is_open && mail.lease_until > now)
}

/// Takes back the mails of an entry that were not sent yet (T-OCC-18, T-OCC-21).
async fn withdraw(w: &Work, about: About) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE outbox SET is_open = FALSE, state = ");
    sql.bind(MailState::Failed.as_str())
        .push_bind(", answer = ", Unsent::Withdrawn.as_str())
        .push_bind(", state_at = ", w.now())
        .push_bind(", fence = fence + 1 WHERE is_open AND entry_id = ", about.id)
        .push(" RETURNING *");
    let back: Vec<outbox::Model> = sql.all(&w.tx).await?;
    if back.is_empty() {
        return Ok(());
    }
    let changes = back.iter().map(|mail| told(&mail.name, Unsent::Withdrawn.as_str())).collect();
    record(w, "mail_failed", about, changes, false).await
}
