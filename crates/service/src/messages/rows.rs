//! Messages as their reader may see them: in their order, in a number of queries that does not grow with theirs.

use std::collections::{BTreeMap, BTreeSet};

use domain::mail::MailState;
use domain::policy::Capability;
use domain::ticket::Side;
use domain::views::{MessageView, ReaderView};
use entity::{message, message_read, outbox};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::ActorDirectory;
use crate::sql::unique;
use crate::tickets::{self, Loaded, people};
use crate::{mail, sanitise};

/// The views of rows the reader may see; `portal` = in the form for the requester side.
pub(crate) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: &[message::Model],
    portal: bool,
) -> Result<Vec<MessageView>, ServiceError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let agent = loaded.is_agent() && !portal;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let reads = reads(connection, &ids).await?;
    let (mails, past, sent) = if agent {
        (mail::of_entries(connection, &ids).await?, mail::of_past(connection, &ids).await?, BTreeSet::new())
    } else {
        (BTreeMap::new(), BTreeMap::new(), mail::sent_ones(connection, &ids).await?)
    };
    let readers = reads.values().flatten().filter(|_| agent).map(|read| read.user_id);
    let named = unique(rows.iter().map(|row| row.author_id).chain(readers));
    let names = people::directory(connection, &[], &named).await?;
    let shown = Shown {
        ctx,
        loaded,
        agent,
        reads: &reads,
        mails: &mails,
        past: &past,
        sent: &sent,
        names: &names,
        is_open: tickets::require_writable(&loaded.ticket).is_ok(),
    };
    Ok(rows.iter().map(|row| shown.view(row)).collect())
}

/// Who has had which message before him, the first one first; one query.
async fn reads(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<message_read::Model>>, ServiceError> {
    let found = message_read::Entity::find()
        .filter(message_read::Column::MessageId.is_in(ids.iter().copied()))
        .order_by_asc(message_read::Column::ReadAt)
        .order_by_asc(message_read::Column::UserId)
        .all(connection)
        .await?;
    let mut out: BTreeMap<Uuid, Vec<message_read::Model>> = BTreeMap::new();
    for row in found {
        out.entry(row.message_id).or_default().push(row);
    }
    Ok(out)
}

/// What the views are made from.
struct Shown<'s> {
    ctx: &'s Ctx,
    loaded: &'s Loaded,
    agent: bool,
    reads: &'s BTreeMap<Uuid, Vec<message_read::Model>>,
    mails: &'s BTreeMap<Uuid, Vec<outbox::Model>>,
    past: &'s BTreeMap<Uuid, mail::Past>,
    sent: &'s BTreeSet<Uuid>,
    names: &'s ActorDirectory,
    is_open: bool,
}

impl Shown<'_> {
    fn view(&self, row: &message::Model) -> MessageView {
        let (actor, agent) = (&self.ctx.actor, self.agent);
        let at = |at: i64| moment(at, actor.zone);
        let mine = row.author_id == actor.id();
        let reads = self.reads.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let own = reads.iter().find(|read| read.user_id == actor.id());
        let others: Vec<&message_read::Model> = reads.iter().filter(|read| read.side != row.side).collect();
        let first = if agent { others.first().copied() } else { own };
        let readers = others.iter().filter(|_| agent).map(|read| ReaderView {
            name: people::author(self.names, Some(read.user_id), true).name,
            at: at(read.read_at),
        });
        let mails = self.mails.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let past = self.past.get(&row.id);
        let was_sent = self.sent.contains(&row.id) || past.is_some_and(|past| past.sent);
        let has_left = was_sent || mails.iter().any(|mail| mail::has_left(mail, self.ctx.now()));
        let may_send = agent && self.loaded.caps.contains(Capability::OccurrenceSendMail);
        let shown = mail::view(mails, actor.zone, may_send);
        let side = side_of(row);
        // Agents are told of answers, the requester side of everything others wrote.
        let counts = !agent || side == Side::Requester;
        MessageView {
            id: row.id,
            ticket: self.loaded.ticket.number,
            author: people::author(self.names, Some(row.author_id), agent),
            side,
            html: sanitise::linked(&row.text),
            text: row.text.clone(),
            sent_at: at(row.sent_at),
            read_at: first.map(|read| at(read.read_at)),
            readers: readers.collect(),
            mail_state: mail::worst(MailState::worst(shown.iter().map(|mail| mail.state)), past),
            sent_by_mail: was_sent || shown.iter().any(|mail| mail.state == MailState::Sent),
            mails: shown,
            mine,
            unread: !mine && counts && own.is_none(),
            can_withdraw: mine && self.is_open && reads.is_empty() && !has_left,
        }
    }
}

/// Side of a row.
pub(crate) fn side_of(row: &message::Model) -> Side {
    row.side.parse().unwrap_or(Side::System)
}
