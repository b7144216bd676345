//! Rows of tasks: shown as their reader may see them.

use std::collections::BTreeMap;

use domain::duration::Minutes;
use domain::error::AppError;
use domain::ids::TicketNumber;
use domain::occurrence::Visibility;
use domain::policy::{self, CapSet, Capability};
use domain::task::{Plan, TaskState};
use domain::ticket::Side;
use domain::views::{ActorView, OccurrenceView, Ref, RemovedView, TaskFacts, TaskView};
use entity::{document, read_mark, task, ticket};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::KIND;
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::ActorDirectory;
use crate::search::Doc;
use crate::sql::unique;
use crate::tickets::{self, Loaded};
use crate::{documents, lists, people, sanitise};

/// Visibility of a row.
pub(crate) fn visibility_of(row: &task::Model) -> Visibility {
    row.visibility.parse().unwrap_or(Visibility::Private)
}

/// State of a row.
pub(crate) fn state_of(row: &task::Model) -> TaskState {
    row.state.parse().unwrap_or_default()
}

/// Plan of a row.
pub(crate) fn plan_of(row: &task::Model) -> Option<Plan> {
    Some(Plan { begin: row.planned_begin?, end: row.planned_end? })
}

/// Whether the reader sees this task (T-VIS-03); in the portal public ones only.
pub(crate) fn sees(actor: &Actor, loaded: &Loaded, row: &task::Model, portal: bool) -> bool {
    let private = visibility_of(row).is_private();
    let is_author = row.author_id == Some(actor.id());
    !(portal && private) && policy::can_see_task(loaded.caps, private, is_author)
}

/// Whether the task is the actor's to do: his own, or nobody's of a group of his (T-TSK-03).
pub(crate) fn is_doer(actor: &Actor, row: &task::Model) -> bool {
    match row.user_id {
        Some(user) => user == actor.id(),
        None => row.group_id.is_some_and(|group| actor.groups.contains(&group)),
    }
}

/// A task as the index holds it. Everything that is not plainly public counts as private.
pub(crate) fn doc(row: &task::Model) -> Doc<'_> {
    Doc {
        ticket_id: row.ticket_id,
        entity_id: row.entity_id,
        kind: KIND,
        entry_id: row.id,
        author: row.author_id,
        private: row.visibility != Visibility::Public.as_str(),
        at: row.registered_at,
        text: &row.body_text,
    }
}

/// Refuses whoever may not write the form of a task: a new one of a ticket, named by its number, or a stored one by its id.
///
/// # Errors
/// `NotFound`, `Forbidden` with the capability.
pub(crate) async fn require_writer(ctx: &Ctx, object: &str) -> Result<(), ServiceError> {
    let forbidden = |capability: Capability| AppError::Forbidden(capability.name().to_owned());
    let reader = ctx.db().reader();
    if let Ok(id) = object.parse::<Uuid>() {
        let row = task::Entity::find_by_id(id).one(reader).await?.ok_or(AppError::NotFound)?;
        let loaded = tickets::load_visible_by_id(reader, &ctx.actor, row.ticket_id).await?;
        if !sees(&ctx.actor, &loaded, &row, false) {
            return Err(AppError::NotFound.into());
        }
        let mine = row.author_id == Some(ctx.actor.id());
        return Ok(policy::can_update_task(loaded.caps, mine).map_err(forbidden)?);
    }
    let number: TicketNumber = object.parse().map_err(|_no_number| AppError::NotFound)?;
    let loaded = tickets::load_visible(reader, &ctx.actor, number.get()).await?;
    Ok(policy::can_add_task(loaded.caps, &loaded.facts).map_err(forbidden)?)
}

/// What its ticket is to the reader of a task.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    number: i64,
    caps: CapSet,
    agent: bool,
    writable: bool,
    read_at: Option<i64>,
}

impl Home {
    /// What a ticket is to an actor; in the portal he reads as everybody else (T-VIS-04).
    pub(crate) fn of(actor: &Actor, ticket: &ticket::Model, portal: bool) -> Self {
        let caps = actor.caps(ticket.entity_id);
        Self {
            number: ticket.number,
            caps,
            agent: caps.is_agent() && !portal,
            writable: tickets::require_writable(ticket).is_ok(),
            read_at: None,
        }
    }
}

/// The tasks of one ticket as their reader sees them, in a fixed number of queries.
pub(crate) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: &[task::Model],
    portal: bool,
) -> Result<Vec<TaskView>, ServiceError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mark = read_mark::Entity::find_by_id((ctx.actor.id(), loaded.ticket.id)).one(connection).await?;
    let home = Home { read_at: mark.map(|mark| mark.read_at), ..Home::of(&ctx.actor, &loaded.ticket, portal) };
    let homes = BTreeMap::from([(loaded.ticket.id, home)]);
    of_homes(ctx, connection, &homes, rows).await
}

/// Tasks of several tickets; those of tickets that are not among `homes` are left out.
pub(crate) async fn of_homes(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    homes: &BTreeMap<Uuid, Home>,
    rows: &[task::Model],
) -> Result<Vec<TaskView>, ServiceError> {
    let shown: Vec<Uuid> = rows.iter().filter(|row| row.removed_at.is_none()).map(|row| row.id).collect();
    let files = documents::of_entries(connection, &shown).await?;
    let users = rows.iter().flat_map(|row| {
        let uploaders = files.get(&row.id).into_iter().flatten().map(|file| file.author_id);
        [row.author_id, row.edited_by_id, row.removed_by_id, row.user_id, row.done_by_id]
            .into_iter()
            .flatten()
            .chain(uploaders)
    });
    let (users, groups) = (unique(users), unique(rows.iter().filter_map(|row| row.group_id)));
    let names = people::actor_views(connection, &users, &groups).await?;
    let categories = unique(rows.iter().filter_map(|row| row.category_id));
    let refs = lists::refs(connection, &categories, ctx.actor.lang).await?;
    let shared = Shared { actor: &ctx.actor, names, refs, files };
    Ok(rows.iter().filter_map(|row| Some(shared.view(homes.get(&row.ticket_id)?, row))).collect())
}

/// What the views of some tasks name.
struct Shared<'a> {
    actor: &'a Actor,
    names: ActorDirectory,
    refs: BTreeMap<Uuid, Ref>,
    files: BTreeMap<Uuid, Vec<document::Model>>,
}

impl Shared<'_> {
    fn view(&self, home: &Home, row: &task::Model) -> TaskView {
        let agent = home.agent;
        let mine = agent && row.author_id == Some(self.actor.id());
        let at = |at: i64| moment(at, self.actor.zone);
        let removed = row.removed_at.map(|when| RemovedView {
            at: at(when),
            by: row.removed_by_id.filter(|_| agent).map(|by| self.names.author(Some(by), true)),
            reason: row.removed_reason.clone().filter(|_| agent),
        });
        let is_removed = removed.is_some();
        // The requester side reads the name of whoever does it (T-TSK-02).
        let person = if agent { row.author_id } else { row.user_id.or(row.author_id) };
        let author = self.names.author(person, agent);
        let edited = if agent { row.edited_at } else { row.public_edited_at };
        let template = row.template_name.clone().filter(|_| agent && !is_removed);
        let is_news = home.read_at.is_some_and(|read_at| row.registered_at > read_at);
        let facts = if is_removed { TaskFacts::default() } else { self.facts(home, row, &author) };
        let entry = OccurrenceView {
            id: row.id,
            ticket: home.number,
            side: Side::Service,
            body: sanitise::stored(if is_removed { String::new() } else { row.body.clone() }),
            body_text: if is_removed { String::new() } else { row.body_text.clone() },
            visibility: visibility_of(row),
            occurred_at: at(row.registered_at),
            registered_at: at(row.registered_at),
            shows_both_times: false,
            minutes: facts.actual,
            category: row.category_id.filter(|_| agent).and_then(|id| self.refs.get(&id)).cloned(),
            source: None,
            template: template.map(|name| Ref { id: row.template_id.unwrap_or_default(), name }),
            reply_to: None,
            root: None,
            attachments: self.attachments(home, row),
            mails: Vec::new(),
            mail_state: None,
            sent_by_mail: false,
            edited_at: edited.filter(|_| !is_removed).map(at),
            edited_by: row.edited_by_id.filter(|_| agent && !is_removed).map(|by| self.names.author(Some(by), true)),
            revision_count: if agent { row.revision_count } else { 0 },
            actions: if is_removed || !agent { Vec::new() } else { self.actions(home, row, mine) },
            version: if agent { row.version } else { 0 },
            unread: !mine && row.author_id != Some(self.actor.id()) && is_news,
            author,
            removed,
            mine,
        };
        TaskView { entry, facts }
    }

    fn facts(&self, home: &Home, row: &task::Model, person: &ActorView) -> TaskFacts {
        let agent = home.agent;
        let at = |at: Option<i64>| at.map(|at| moment(at, self.actor.zone));
        let shown = TaskFacts {
            state: state_of(row),
            planned_begin: at(row.planned_begin),
            planned_end: at(row.planned_end),
            ..TaskFacts::default()
        };
        if !agent {
            return TaskFacts { user: Some(person.clone()), ..shown };
        }
        TaskFacts {
            estimated: row.estimated_minutes.map(Minutes),
            actual: row.actual_minutes.map(Minutes),
            user: row.user_id.map(|id| self.names.user(id)),
            group: row.group_id.map(|id| self.names.group(id)),
            reminder: row.reminder_minutes,
            done_at: at(row.done_at),
            done_by: row.done_by_id.map(|by| self.names.author(Some(by), true)),
            ..shown
        }
    }

    fn attachments(&self, home: &Home, row: &task::Model) -> Vec<domain::views::DocumentView> {
        let found = self.files.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let view = |file: &document::Model| {
            let author = self.names.author(Some(file.author_id), home.agent);
            documents::view(file, Some(home.number), author, self.actor.zone)
        };
        found.iter().map(view).collect()
    }

    fn actions(&self, home: &Home, row: &task::Model, mine: bool) -> Vec<String> {
        let may_update = policy::can_update_task(home.caps, mine).is_ok();
        let may_progress = may_update || is_doer(self.actor, row);
        let state = state_of(row);
        let listed = [
            ("update", may_update),
            ("delete", policy::can_delete_task(home.caps, mine).is_ok()),
            ("progress", may_progress),
            ("pause", may_progress && state.is_open()),
            ("resume", may_progress && state == TaskState::OnHold),
        ];
        let may = listed.iter().filter(|(_, may)| *may && home.writable);
        may.map(|(name, _)| (*name).to_owned()).collect()
    }
}
