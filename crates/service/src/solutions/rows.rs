//! Rows of solutions: the one that counts, its answer, and what their readers see.

use std::collections::{BTreeMap, BTreeSet};

use domain::mail::MailState;
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::solution::{COMMENT_MAX, SolutionState};
use domain::ticket::Status;
use domain::views::{ActorKind, ActorView, Ref, SolutionView};
use entity::{read_mark, solution, ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::KIND;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::Record;
use crate::moments::moment;
use crate::people::ActorDirectory;
use crate::search::Doc;
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded, people};
use crate::work::Work;
use crate::{documents, lists, mail, sanitise, search};

/// State of a row.
pub(crate) fn state_of(row: &solution::Model) -> SolutionState {
    row.state.parse().unwrap_or_default()
}

/// The solution of a ticket that counts: the last one (T-SOL-05).
pub(crate) async fn last(
    connection: &impl ConnectionTrait,
    ticket: Uuid,
) -> Result<Option<solution::Model>, ServiceError> {
    Ok(solution::Entity::find()
        .filter(solution::Column::TicketId.eq(ticket))
        .order_by_desc(solution::Column::RegisteredAt)
        .order_by_desc(solution::Column::Id)
        .one(connection)
        .await?)
}

/// Who answers a solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum By {
    /// The system, where nobody is waited for.
    #[default]
    System,
    /// The actor himself.
    Actor,
    /// A person without account, by his name or address (T-ROL-10).
    Named(String),
}

/// Writes the answer of a solution.
pub(crate) async fn settle(
    w: &Work,
    id: Uuid,
    state: SolutionState,
    by: &By,
    comment: Option<&str>,
) -> Result<(), ServiceError> {
    let user = (*by == By::Actor).then(|| w.actor().id()).filter(|id| !id.is_nil());
    let name = if let By::Named(name) = by { Some(name.clone()) } else { None };
    let mut sql = Sql::new("UPDATE solution SET state = ");
    sql.bind(state.as_str())
        .push_bind(", answered_at = ", w.now())
        .push_bind(", answered_by_id = ", user)
        .push_bind(", answered_name = ", name)
        .push_bind(", comment = ", comment.filter(|text| !text.is_empty()).map(str::to_owned))
        .push_bind(" WHERE id = ", id);
    sql.run(&w.tx).await?;
    Ok(())
}

/// The last solution is refused by whoever opens the ticket again (T-STA-09, 19, 23, 24); `because` adds why.
pub(crate) async fn refused(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let Some(row) = last(&w.tx, ticket.id).await? else { return Ok(()) };
    settle(w, row.id, SolutionState::Refused, &By::Actor, None).await?;
    emit_changed(w, ticket, &row).await
}

/// Why the last solution was refused: the text of the entry that opened the ticket again.
pub(crate) async fn because(w: &Work, ticket: &ticket::Model, reason: &str) -> Result<(), ServiceError> {
    let Some(row) = last(&w.tx, ticket.id).await?.filter(|row| state_of(row) == SolutionState::Refused) else {
        return Ok(());
    };
    let reason: String = reason.trim().chars().take(COMMENT_MAX).collect();
    let mut sql = Sql::new("UPDATE solution SET comment = ");
    sql.bind((!reason.is_empty()).then_some(reason)).push_bind(" WHERE id = ", row.id);
    sql.run(&w.tx).await?;
    Ok(())
}

/// Tells streams that a solution changed.
pub(super) async fn emit_changed(w: &Work, ticket: &ticket::Model, row: &solution::Model) -> Result<(), ServiceError> {
    let change = NewChange {
        kind: KIND,
        what: "changed",
        object: row.id,
        version: row.version,
        audience: "public",
        author: None,
    };
    events::emit(w, ticket, change).await
}

/// Writes the words of a solution into the public index.
pub(super) async fn index(w: &Work, row: &solution::Model) -> Result<(), ServiceError> {
    search::index(w, doc(row)).await
}

/// A solution as the index holds it.
pub(crate) fn doc(row: &solution::Model) -> Doc<'_> {
    Doc {
        ticket_id: row.ticket_id,
        entity_id: row.entity_id,
        kind: KIND,
        entry_id: row.id,
        author: row.author_id,
        private: false,
        at: row.registered_at,
        text: &row.body_text,
    }
}

/// An event about a solution.
pub(super) fn record<'a>(kind: &'a str, row: &solution::Model, version: i32) -> Record<'a> {
    let entry = Some((KIND, row.id, Visibility::Public, row.author_id));
    Record { kind, entry, version, ..Record::default() }
}

/// What the views are made from.
struct Shown<'s> {
    ctx: &'s Ctx,
    loaded: &'s Loaded,
    agent: bool,
    names: ActorDirectory,
    types: BTreeMap<Uuid, Ref>,
    sent: BTreeSet<Uuid>,
    read_at: Option<i64>,
    last: Option<Uuid>,
}

/// The views of rows the reader may see, in their order: a number of queries that does not grow with theirs.
pub(crate) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: &[solution::Model],
    portal: bool,
) -> Result<Vec<SolutionView>, ServiceError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let agent = loaded.is_agent() && !portal;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut files = documents::of_entries(connection, &ids).await?;
    let (mut mails, sent) = if agent {
        (mail::of_entries(connection, &ids).await?, BTreeSet::new())
    } else {
        (BTreeMap::new(), mail::sent_ones(connection, &ids).await?)
    };
    let named = unique(rows.iter().flat_map(|row| [row.author_id, row.answered_by_id]).flatten());
    let types = unique(rows.iter().filter_map(|row| row.type_id));
    let mark = read_mark::Entity::find_by_id((ctx.actor.id(), loaded.ticket.id)).one(connection).await?;
    let shown = Shown {
        ctx,
        loaded,
        agent,
        names: people::directory(connection, &[], &named).await?,
        types: lists::refs(connection, &types, ctx.actor.lang).await?,
        sent,
        read_at: mark.map(|mark| mark.read_at),
        last: last(connection, loaded.ticket.id).await?.map(|row| row.id),
    };
    let number = Some(loaded.ticket.number);
    let may_send = agent && loaded.caps.contains(Capability::OccurrenceSendMail);
    Ok(rows
        .iter()
        .map(|row| {
            let own = mails.remove(&row.id).unwrap_or_default();
            let mails = mail::view(&own, ctx.actor.zone, may_send);
            let attached = files.remove(&row.id).unwrap_or_default();
            let file = |file: &entity::document::Model| {
                documents::view(file, number, shown.author(Some(file.author_id)), ctx.actor.zone)
            };
            SolutionView {
                attachments: attached.iter().map(file).collect(),
                mail_state: MailState::worst(mails.iter().map(|mail| mail.state)),
                sent_by_mail: shown.sent.contains(&row.id) || mails.iter().any(|mail| mail.state == MailState::Sent),
                mails,
                ..shown.view(row)
            }
        })
        .collect())
}

impl Shown<'_> {
    fn author(&self, id: Option<Uuid>) -> ActorView {
        people::author(&self.names, id, self.agent)
    }

    fn view(&self, row: &solution::Model) -> SolutionView {
        let zone = self.ctx.actor.zone;
        let mine = row.author_id == Some(self.ctx.actor.id());
        SolutionView {
            id: row.id,
            ticket: self.loaded.ticket.number,
            author: self.author(row.author_id),
            body: sanitise::stored(row.body.clone()),
            body_text: row.body_text.clone(),
            kind: row.type_id.and_then(|id| self.types.get(&id)).cloned(),
            template: row
                .template_name
                .clone()
                .filter(|_| self.agent)
                .map(|name| Ref { id: row.template_id.unwrap_or_default(), name }),
            attachments: Vec::new(),
            state: state_of(row),
            answered_by: row.answered_at.map(|_| self.answered_by(row)),
            answered_at: row.answered_at.map(|at| moment(at, zone)),
            comment: row.comment.clone().unwrap_or_default(),
            registered_at: moment(row.registered_at, zone),
            edited_at: row.edited_at.map(|at| moment(at, zone)),
            revision_count: if self.agent { row.revision_count } else { 0 },
            version: if self.agent { row.version } else { 0 },
            mails: Vec::new(),
            mail_state: None,
            sent_by_mail: false,
            actions: self.actions(row, mine),
            unread: !mine && self.read_at.is_some_and(|at| row.registered_at > at),
            mine,
        }
    }

    fn answered_by(&self, row: &solution::Model) -> ActorView {
        match &row.answered_name {
            Some(name) => {
                let full = ActorView { kind: ActorKind::Email, name: name.clone(), ..ActorView::default() };
                // Who has no name here is stored by his address, which is the team's alone (P-HID-01).
                if self.agent { full } else { crate::people::reduced(full) }
            }
            None => self.author(row.answered_by_id),
        }
    }

    /// Only the one that waits is changed or answered (T-SOL-05, T-SOL-06).
    fn actions(&self, row: &solution::Model, mine: bool) -> Vec<String> {
        let Loaded { ticket, caps, facts, .. } = self.loaded;
        let waits = self.last == Some(row.id)
            && state_of(row) == SolutionState::Waiting
            && tickets::status_of(ticket) == Status::Solved
            && tickets::require_writable(ticket).is_ok();
        if !waits {
            return Vec::new();
        }
        let answers = policy::can_answer_solution(*caps, facts).is_ok();
        let listed = [
            ("update", self.agent && policy::can_update_occurrence(*caps, mine).is_ok()),
            ("approve", answers),
            ("refuse", answers),
        ];
        listed.iter().filter(|(_, may)| *may).map(|(name, _)| (*name).to_owned()).collect()
    }
}
