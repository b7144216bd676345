//! Requests as their reader may see them, in a number of queries that does not grow with theirs.

use std::collections::BTreeMap;

use domain::policy::{CapSet, Capability};
use domain::validation::{Standing, State};
use domain::views::{ActorView, DocumentView, TargetView, ValidationView};
use entity::{document, ticket, validation, validation_target};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Request, answer_of, state_of};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::{self, ActorDirectory};
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded};
use crate::{documents, sanitise};

/// What its ticket is to the reader of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    number: i64,
    caps: CapSet,
    is_over: bool,
}

impl Home {
    /// What a ticket is to an actor.
    pub(super) fn of(actor: &Actor, ticket: &ticket::Model) -> Self {
        let is_over = ticket.deleted_at.is_some() || tickets::status_of(ticket).is_over();
        Self { number: ticket.number, caps: actor.caps(ticket.entity_id), is_over }
    }
}

/// The views of requests of one ticket.
pub(super) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: Vec<validation::Model>,
) -> Result<Vec<ValidationView>, ServiceError> {
    let homes = BTreeMap::from([(loaded.ticket.id, Home::of(&ctx.actor, &loaded.ticket))]);
    of_homes(ctx, connection, &homes, rows).await
}

/// Requests of several tickets; those of tickets that are not among `homes` are left out.
pub(super) async fn of_homes(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    homes: &BTreeMap<Uuid, Home>,
    rows: Vec<validation::Model>,
) -> Result<Vec<ValidationView>, ServiceError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut of_request: BTreeMap<Uuid, Vec<validation_target::Model>> = BTreeMap::new();
    for target in super::targets(connection, &ids).await? {
        of_request.entry(target.validation_id).or_default().push(target);
    }
    let targets = of_request.values().flatten();
    let entries: Vec<Uuid> = ids.iter().copied().chain(targets.clone().map(|one| one.id)).collect();
    let files = documents::of_entries(connection, &entries).await?;
    let named = targets.clone().flat_map(|one| [one.user_id, one.answered_by_id]).flatten();
    let authors = files.values().flatten().map(|file| file.author_id);
    let users = unique(named.chain(authors).chain(rows.iter().map(|row| row.asker_id)));
    let groups = unique(targets.filter_map(|one| one.group_id));
    let names = people::actor_views(connection, &users, &groups).await?;
    let request = |row: validation::Model| {
        let home = homes.get(&row.ticket_id)?;
        let targets = of_request.remove(&row.id).unwrap_or_default();
        let shown = Shown { ctx, home, agent: home.caps.is_agent(), names: &names, files: &files };
        Some(shown.view(&Request { row, targets }))
    };
    Ok(rows.into_iter().filter_map(request).collect())
}

/// A target's person or group.
pub(super) fn target(row: &validation_target::Model, names: &ActorDirectory, agent: bool) -> ActorView {
    let full = match (row.user_id, row.group_id) {
        (Some(user), _) => names.user(user),
        (_, Some(group)) => names.group(group),
        _ => ActorView::default(),
    };
    if agent { full } else { people::reduced(full) }
}

/// What a view is made from.
struct Shown<'s> {
    ctx: &'s Ctx,
    home: &'s Home,
    agent: bool,
    names: &'s ActorDirectory,
    files: &'s BTreeMap<Uuid, Vec<document::Model>>,
}

impl Shown<'_> {
    fn view(&self, request: &Request) -> ValidationView {
        let (row, zone) = (&request.row, self.ctx.actor.zone);
        ValidationView {
            id: row.id,
            ticket: self.home.number,
            asker: self.names.author(Some(row.asker_id), self.agent),
            comment: sanitise::stored(row.comment.clone()),
            comment_text: row.comment_text.clone(),
            required_percent: u8::try_from(row.required_percent).unwrap_or(0),
            state: request.state(),
            asked_at: moment(row.asked_at, zone),
            withdrawn_at: row.withdrawn_at.map(|at| moment(at, zone)),
            replaced: row.replaced_by_id.is_some(),
            targets: request.targets.iter().map(|one| self.target(one)).collect(),
            attachments: self.files(row.id),
            actions: self.actions(request),
        }
    }

    fn target(&self, row: &validation_target::Model) -> TargetView {
        TargetView {
            id: row.id,
            target: target(row, self.names, self.agent),
            answer: answer_of(row),
            by: row.answered_by_id.map(|by| self.names.author(Some(by), self.agent)),
            at: row.answered_at.map(|at| moment(at, self.ctx.actor.zone)),
            comment: row.comment.clone(),
            comment_html: sanitise::linked(&row.comment),
            attachments: self.files(row.id),
        }
    }

    fn files(&self, entry: Uuid) -> Vec<DocumentView> {
        let number = self.home.number;
        let files = self.files.get(&entry).map(Vec::as_slice).unwrap_or_default();
        let view = |row: &document::Model| {
            let author = self.names.author(Some(row.author_id), self.agent);
            documents::view(row, Some(number), author, self.ctx.actor.zone)
        };
        files.iter().map(view).collect()
    }

    /// What the reader may do now.
    fn actions(&self, request: &Request) -> Vec<String> {
        let (home, me) = (self.home, self.ctx.actor.id());
        if home.is_over || !request.counts() {
            return Vec::new();
        }
        let is_asker = request.row.asker_id == me;
        let may_change = is_asker || home.caps.contains(Capability::ValidationOverride);
        let is_waited_for =
            request.of(&self.ctx.actor).iter().any(|one| one.answer.is_none() && (one.user_id.is_some() || !is_asker));
        let is_asked = request.targets.iter().any(|one| one.user_id == Some(me));
        let listed = [
            ("answer", is_waited_for && home.caps.contains(Capability::ValidationAnswer)),
            ("withdraw", may_change && request.state() == State::Waiting),
            ("ask-again", may_change && !is_asked && request.state() == State::Refused),
        ];
        listed.iter().filter(|(_, may)| *may).map(|(name, _)| (*name).to_owned()).collect()
    }
}

#[derive(Debug, FromQueryResult)]
struct StateRow {
    ticket_id: Uuid,
    state: String,
}

/// Where tickets stand by their validations (T-VAL-04); those that were never asked about are left out. One query.
pub(crate) async fn standings(
    connection: &impl ConnectionTrait,
    tickets: &[Uuid],
) -> Result<BTreeMap<Uuid, Standing>, ServiceError> {
    if tickets.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new(
        "SELECT DISTINCT v.ticket_id, v.state FROM validation v WHERE v.withdrawn_at IS NULL AND v.replaced_by_id IS NULL AND v.ticket_id IN ",
    );
    sql.list(tickets.iter().copied());
    let mut states: BTreeMap<Uuid, Vec<State>> = BTreeMap::new();
    for row in sql.all::<StateRow>(connection).await? {
        states.entry(row.ticket_id).or_default().extend(row.state.parse::<State>());
    }
    Ok(states.into_iter().map(|(ticket, states)| (ticket, domain::validation::standing(states))).collect())
}

/// Where one ticket stands by rows at hand.
pub(super) fn standing_of(rows: &[validation::Model]) -> Standing {
    let counting = rows.iter().filter(|row| row.withdrawn_at.is_none() && row.replaced_by_id.is_none());
    domain::validation::standing(counting.map(state_of))
}
