//! The row of a mail, written in the transaction of its cause (M-DLV-01).

use domain::error::Code;
use domain::mail::{MailState, Unsent, message_id};
use domain::notification::{Event, Why};
use domain::views::FieldChange;
use entity::{outbox, ticket};
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::about::{About, TICKET};
use super::kind::Kind;
use super::recipients::{Asked, Recipient, observers};
use super::{domain_of, mac, past};
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::sql::Sql;
use crate::tickets::Loaded;
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

/// A mail to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct New<'a> {
    /// Which mail of M-OUT.
    pub(super) kind: Kind,
    /// Kind, id and version of what it is about; the text of this version is sent, whatever is edited later.
    pub(super) entry: (&'a str, Uuid, i32),
    /// It was sent before and is sent again, changed (M-OUT-10).
    pub(super) changed: bool,
    /// To whom.
    pub(super) recipient: &'a Recipient,
    /// What it tells of, and why him; of letters, nothing.
    pub(super) told: Option<(Event, Why)>,
    /// No preference stops it (M-RCP-05).
    pub(super) forced: bool,
}

impl<'a> New<'a> {
    /// A letter about an entry.
    fn of_entry(about: &About, cause: Cause, recipient: &'a Recipient) -> Self {
        Self {
            kind: cause.kind,
            entry: (about.kind, about.id, about.version),
            changed: cause.changed,
            recipient,
            told: None,
            forced: false,
        }
    }
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
    let all: Vec<New<'_>> = recipients.iter().map(|recipient| New::of_entry(&about, cause, recipient)).collect();
    insert(w, ticket, about, &all).await
}

/// Writes a letter that asks the requesters for something, and tells them of an event by that (M-OUT-06).
pub(crate) async fn ask(
    w: &Work,
    ticket: &ticket::Model,
    entry: impl Into<About>,
    (kind, event): (Kind, Event),
    asked: &Asked,
) -> Result<(), ServiceError> {
    let about = entry.into();
    let cause = Cause { kind, changed: false };
    let told = Some((event, Why::Requester));
    let of = |recipient| New { told, forced: asked.forced, ..New::of_entry(&about, cause, recipient) };
    let all: Vec<New<'_>> = asked.people.iter().map(of).collect();
    insert(w, ticket, about, &all).await
}

/// Writes copies of what is mailed to the requesters of a ticket to those of its observers who want them (M-OUT-08).
pub(crate) async fn copy_to_observers(
    w: &Work,
    loaded: &Loaded,
    entry: impl Into<About>,
    cause: Cause,
    others: &[Recipient],
) -> Result<(), ServiceError> {
    let author = Some(w.actor().id());
    let found = observers(&w.tx, loaded.ticket.entity_id, &loaded.actors, author, others).await?;
    queue(w, &loaded.ticket, entry, Cause { kind: Kind::Observer, ..cause }, &found).await
}

/// Writes mails about one entry of a ticket, and that they are queued into its history (M-DLV-06).
pub(super) async fn insert(
    w: &Work,
    ticket: &ticket::Model,
    about: About,
    all: &[New<'_>],
) -> Result<(), ServiceError> {
    let Some(domain) = sender_domain(w) else { return Ok(()) };
    let at = (ticket.entity_id, Some(ticket.id));
    let rows: Vec<outbox::ActiveModel> = all.iter().map(|new| row(w, new_id(), at, &domain, new)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    for part in rows.chunks(AT_ONCE) {
        outbox::Entity::insert_many(part.to_vec()).exec_without_returning(&w.tx).await?;
    }
    let reachable = all.iter().map(|new| new.recipient).filter(|recipient| recipient.problem.is_none());
    let changes = reachable.map(|recipient| told(&recipient.name, "")).collect();
    // A job asks for some.
    record(w, "mail_queued", about, changes, w.actor().id().is_nil()).await
}

/// Writes a mail about no ticket, under an id that the caller chose.
pub(super) async fn insert_apart(w: &Work, id: Uuid, entity: Uuid, new: &New<'_>) -> Result<(), ServiceError> {
    let Some(domain) = sender_domain(w) else { return Ok(()) };
    let row = row(w, id, (entity, None), &domain, new);
    outbox::Entity::insert(row).exec_without_returning(&w.tx).await?;
    Ok(())
}

/// The domain of the address mails come from; nothing without a way out.
fn sender_domain(w: &Work) -> Option<String> {
    w.ctx.services.mailer.as_ref().map(|mailer| domain_of(mailer.address()).to_owned())
}

fn row(w: &Work, id: Uuid, (entity, ticket): (Uuid, Option<Uuid>), domain: &str, new: &New<'_>) -> outbox::ActiveModel {
    let recipient = new.recipient;
    let state = if recipient.problem.is_some() { MailState::Failed } else { MailState::Queued };
    let (entry_kind, entry_id, entry_version) = new.entry;
    outbox::ActiveModel {
        id: Set(id),
        kind: Set(new.kind.as_str().to_owned()),
        entity_id: Set(entity),
        ticket_id: Set(ticket),
        entry_kind: Set(entry_kind.to_owned()),
        entry_id: Set(entry_id),
        entry_version: Set(entry_version),
        // The system itself is nobody.
        author_id: Set(Some(w.actor().id()).filter(|id| !id.is_nil())),
        user_id: Set(recipient.user),
        name: Set(recipient.name.clone()),
        address: Set(recipient.address.clone()),
        address_key: Set(recipient.key()),
        language: Set(recipient.lang.code().to_owned()),
        changed: Set(new.changed),
        message_id: Set(message_id('o', id, &mac(&w.ctx.services.secret, id), domain)),
        state: Set(state.as_str().to_owned()),
        is_open: Set(recipient.problem.is_none()),
        due_at: Set(w.now()),
        tries: Set(0),
        answer: Set(recipient.problem.map(|problem| problem.as_str().to_owned())),
        state_at: Set(w.now()),
        lease_until: Set(0),
        fence: Set(0),
        created_at: Set(w.now()),
        event: Set(new.told.map(|(event, _)| event.as_str().to_owned())),
        why: Set(new.told.map(|(_, why)| why.as_str().to_owned())),
        forced: Set(new.forced),
    }
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
    let is_entry = about.kind != TICKET;
    let entry = is_entry.then_some((about.kind, about.id, about.visibility, about.author));
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
    if !is_known && (mails.iter().any(gone_or_going) || past::has_left(&w.tx, about.id).await?) {
        return Err(Code::MailAlreadySent.into());
    }
    withdraw(w, about).await
}

/// Takes back the mails of a message; answers `false`, and takes none, when one has left or is leaving (T-MSG-04).
pub(crate) async fn take_back(w: &Work, entry: impl Into<About>) -> Result<bool, ServiceError> {
    let about = entry.into();
    let mails = super::of_entries(&w.tx, &[about.id]).await?.remove(&about.id).unwrap_or_default();
    if mails.iter().any(|mail| has_left(mail, w.now())) || past::has_left(&w.tx, about.id).await? {
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
