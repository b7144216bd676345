//! What became of the mails of an entry, and sending one again (M-DLV-04, M-DLV-05).

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use domain::error::{AppError, Code};
use domain::forms::SendMailAgain;
use domain::mail::MailState;
use domain::policy::Capability;
use domain::views::MailView;
use entity::outbox;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::about::About;
use super::kind::Kind;
use super::present::present;
use super::queue::{Cause, queue};
use super::recipients::{self, Recipient, language_of};
use super::responsible;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::idempotency;
use crate::moments::moment;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};
use crate::work::{self, Work};

/// Mails that carry entries, oldest first; one query. What only tells that there is one does not stand beside it.
pub(crate) async fn of_entries(
    connection: &impl ConnectionTrait,
    entries: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<outbox::Model>>, ServiceError> {
    let mut out: BTreeMap<Uuid, Vec<outbox::Model>> = BTreeMap::new();
    if entries.is_empty() {
        return Ok(out);
    }
    let rows = outbox::Entity::find()
        .filter(outbox::Column::EntryId.is_in(entries.iter().copied()))
        .filter(outbox::Column::Kind.is_in(Kind::OF_ENTRIES.map(Kind::as_str)))
        .order_by_asc(outbox::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        out.entry(row.entry_id).or_default().push(row);
    }
    Ok(out)
}

/// Which of the entries were sent to a requester: all that the requester side learns (M-DLV-04); mails to the team are none of
/// its business (P-HID-01).
pub(crate) async fn sent_ones(
    connection: &impl ConnectionTrait,
    entries: &[Uuid],
) -> Result<BTreeSet<Uuid>, ServiceError> {
    if entries.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sql = Sql::new("SELECT entry_id FROM outbox WHERE state = 'sent' AND kind IN ");
    sql.list(Kind::TO_REQUESTERS.map(Kind::as_str))
        .push(" AND entry_id IN ")
        .list(entries.iter().copied())
        // Of mails whose rows are gone (M-DLV-08).
        .push(" UNION SELECT entry_id FROM mail_outcome WHERE sent AND entry_id IN ")
        .list(entries.iter().copied());
    let mut out = BTreeSet::new();
    for row in sql.rows(connection).await? {
        out.insert(row.try_get("", "entry_id")?);
    }
    Ok(out)
}

/// State of a row.
pub(crate) fn state_of(row: &outbox::Model) -> MailState {
    row.state.parse().unwrap_or(MailState::Failed)
}

/// The mails of one entry as agents see them; `may_send` = the reader may send them again.
pub(crate) fn view(rows: &[outbox::Model], zone: Tz, may_send: bool) -> Vec<MailView> {
    let mut newer: BTreeSet<String> = BTreeSet::new();
    let mut out: Vec<MailView> = rows
        .iter()
        .rev()
        .map(|row| {
            // A person stays the same when his address is corrected.
            let is_last = newer.insert(row.user_id.map_or_else(|| row.address_key.clone(), |id| id.to_string()));
            MailView {
                id: row.id,
                name: row.name.clone(),
                to: row.address.clone(),
                state: state_of(row),
                answer: row.answer.clone(),
                at: moment(row.state_at, zone),
                next_try_at: (row.is_open && state_of(row) == MailState::Failed).then(|| moment(row.due_at, zone)),
                can_send_again: may_send && is_last && failed_for_good(row),
            }
        })
        .collect();
    out.reverse();
    out
}

fn at_mail(code: Code) -> AppError {
    AppError::field("mail", code)
}

fn failed_for_good(row: &outbox::Model) -> bool {
    !row.is_open && matches!(state_of(row), MailState::Failed | MailState::Bounced)
}

/// The observers who get a copy of an entry, or that nobody does.
async fn observers(w: &Work, loaded: &Loaded, about: &About) -> Result<Result<Vec<Recipient>, Code>, ServiceError> {
    if w.ctx.services.mailer.is_none() {
        return Ok(Err(Code::MailNotConfigured));
    }
    let found = recipients::observers(&w.tx, loaded.ticket.entity_id, &loaded.actors, about.author, &[]).await?;
    Ok(if found.is_empty() { Err(Code::NoRecipient) } else { Ok(found) })
}

/// Sends a mail that failed for good again: a new row under today's rights and address; the old one stays (M-DLV-05).
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when it did not fail for good (`transition_not_allowed`) or the entry is gone (`entry_deleted`);
/// `Invalid` on `mail` when the entry is no longer public, or no mail can leave (the codes of T-OCC-12).
pub async fn send_again(ctx: &Ctx, form: SendMailAgain) -> Result<(), ServiceError> {
    let id: Uuid = form.mail.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<()>(w, "send_again", &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let mail = outbox::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
            let loaded = tickets::lock_by_id(w, mail.ticket_id.ok_or(AppError::NotFound)?).await?;
            let about = About::of(&w.tx, &mail).await?.ok_or(AppError::NotFound)?;
            if !loaded.is_agent() || !about.is_seen(w.actor(), &loaded) {
                return Err(AppError::NotFound.into());
            }
            loaded.require(Capability::OccurrenceSendMail)?;
            if about.is_removed {
                return Err(Code::EntryDeleted.into());
            }
            if about.visibility.is_private() {
                return Err(at_mail(Code::MailRequiresPublic).into());
            }
            // Read again under the lock of the ticket: a twin may have sent it meanwhile.
            let siblings = of_entries(&w.tx, &[about.id]).await?.remove(&about.id).unwrap_or_default();
            let again = view(&siblings, Tz::UTC, true).into_iter().any(|mail| mail.id == id && mail.can_send_again);
            if !again {
                return Err(Code::TransitionNotAllowed.into());
            }
            let path = w.actor().path_of(loaded.ticket.entity_id);
            let settings = w.settings(&path).await?;
            let kind = Kind::read(&mail.kind).ok_or_else(|| at_mail(Code::MailTemplateMissing))?;
            let found = match kind {
                Kind::Requester | Kind::Message | Kind::Reminder | Kind::Solved => {
                    recipients::check(&w.ctx, &w.tx, &loaded, &settings, kind).await?
                }
                Kind::Observer => observers(w, &loaded, &about).await?,
                Kind::Responsible => responsible::again(w, &loaded, &settings, &path, &about).await?,
                // They stand beside no entry.
                Kind::ChatRequester
                | Kind::ChatTeam
                | Kind::Receipt
                | Kind::Survey
                | Kind::Notice
                | Kind::Invitation => return Err(Code::TransitionNotAllowed.into()),
            };
            let found = found.map_err(at_mail)?;
            let same = |recipient: &&Recipient| match mail.user_id {
                Some(user) => recipient.user == Some(user),
                None => recipient.user.is_none() && recipient.key() == mail.address_key,
            };
            let recipient = found.iter().find(same).filter(|recipient| recipient.problem.is_none());
            let recipient = recipient.ok_or_else(|| at_mail(Code::NoRecipient))?.clone();
            // Who may no longer see it is not mailed by a click either (M-RCP-03).
            let home = language_of(&w.tx, loaded.ticket.entity_id).await?;
            if present(&w.tx, &mail, &loaded.ticket, &loaded.actors, &about, home).await?.is_none() {
                return Err(at_mail(Code::NoRecipient).into());
            }
            let cause = Cause { kind, changed: mail.changed };
            queue(w, &loaded.ticket, about, cause, std::slice::from_ref(&recipient)).await?;
            idempotency::answer(w, "send_again", &form.key, &()).await
        })
    })
    .await
}
