//! What one ticket or many of them are to their reader, in a number of queries that does not grow with their number.
//!
//! Belongs here: names, list rows and counts gathered once for all of them, and the view made of these. Does not belong here:
//! which tickets (`list`, `requests`), what their reader may do (`detail`).

use std::collections::BTreeMap;

use domain::clock::Goal;
use domain::duration::Minutes;
use domain::error::AppError;
use domain::policy::Capability;
use domain::settings::Key;
use domain::ticket::Status;
use domain::validation::Standing;
use domain::views::{Ref, TicketDetail};
use entity::{list_row, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Loaded, detail, kind_of, list, people, status_of};
use crate::actor::Actor;
use crate::clocks::Clocks;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::ActorDirectory;
use crate::scope::{self, PortalRole};
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::{chat, customers, lists, messages, sanitise, solutions, validations};

/// The tickets of a page of a list, in the order of their numbers given: whole but for description, files, commands and time
/// spent, which lists leave out. One that went out of sight meanwhile is left out.
///
/// `portal`: as My requests shows them, whoever reads (T-VIS-04).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn of_page(ctx: &Ctx, numbers: &[i64], portal: bool) -> Result<Vec<TicketDetail>, ServiceError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = ctx.db().snapshot().await?;
    let ids = visible(&snapshot, &ctx.actor, numbers, portal).await?;
    let tickets = list::by_id(&snapshot, &ids).await?;
    let mut loaded = load(&snapshot, &ctx.actor, &ids, tickets).await?;
    if portal {
        loaded = loaded.into_iter().map(as_portal).collect();
    }
    let gathered = Gathered::load(ctx, &snapshot, &loaded, portal).await?;
    let place = |one: &TicketDetail| numbers.iter().position(|number| *number == one.number);
    let mut out: Vec<TicketDetail> = loaded.iter().map(|one| gathered.view(ctx, one)).collect();
    out.sort_by_key(place);
    Ok(out)
}

/// One of the reader's requests as My requests shows it (T-VIS-04), without its conversation; nothing is marked as read.
///
/// # Errors
/// `NotFound` for numbers that are none of the reader's requests.
pub async fn portal_detail(ctx: &Ctx, number: i64) -> Result<TicketDetail, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let ids = visible(&snapshot, &ctx.actor, &[number], true).await?;
    let id = ids.first().copied().ok_or(AppError::NotFound)?;
    let loaded = as_portal(super::load_visible_by_id(&snapshot, &ctx.actor, id).await?);
    let settings = Settings::load(&snapshot, &super::path(ctx, &loaded.ticket)).await?;
    let gathered = Gathered::load(ctx, &snapshot, std::slice::from_ref(&loaded), true).await?;
    let actions = detail::actions(ctx, &snapshot, &loaded, &settings).await?;
    Ok(TicketDetail { actions, ..gathered.view(ctx, &loaded) })
}

/// Ids of the tickets among `numbers` that the reader may see, in the trash too; in the portal those that are his requests.
async fn visible(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    numbers: &[i64],
    portal: bool,
) -> Result<Vec<Uuid>, ServiceError> {
    let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE t.number IN ");
    sql.list(numbers.iter().copied()).push(" AND ((");
    if portal {
        sql.append(&scope::portal(actor, PortalRole::All));
    } else {
        sql.append(&scope::tickets(actor)).push(") OR (").append(&scope::trash(actor));
    }
    sql.push("))");
    let mut ids = Vec::new();
    for row in sql.rows(connection).await? {
        ids.push(row.try_get("", "id")?);
    }
    Ok(ids)
}

/// The rows with their people.
async fn load(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
    mut tickets: BTreeMap<Uuid, ticket::Model>,
) -> Result<Vec<Loaded>, ServiceError> {
    let mut of_ticket: BTreeMap<Uuid, Vec<ticket_actor::Model>> = BTreeMap::new();
    if !ids.is_empty() {
        let rows = ticket_actor::Entity::find()
            .filter(ticket_actor::Column::TicketId.is_in(ids.iter().copied()))
            .order_by_asc(ticket_actor::Column::Position)
            .order_by_asc(ticket_actor::Column::Id)
            .all(connection)
            .await?;
        for row in rows {
            of_ticket.entry(row.ticket_id).or_default().push(row);
        }
    }
    let one = |ticket: ticket::Model| {
        let actors = of_ticket.remove(&ticket.id).unwrap_or_default();
        let facts = super::facts(actor, &ticket, &actors);
        // Nothing is done to a row of a list, so nobody asks for its plans.
        Loaded { caps: actor.caps(ticket.entity_id), facts, actors, ticket, has_open_plan: false }
    };
    Ok(ids.iter().filter_map(|id| tickets.remove(id)).map(one).collect())
}

/// The reader as one of the requesters: his rights that are not marked P do not count (T-ROL-03, T-VIS-04).
pub(super) fn as_portal(loaded: Loaded) -> Loaded {
    Loaded { caps: loaded.caps.iter().filter(|capability| capability.is_portal()).collect(), ..loaded }
}

/// What the views of some tickets name.
#[derive(Debug)]
pub(crate) struct Gathered {
    names: ActorDirectory,
    rows: Vec<list_row::Model>,
    /// All ticket categories of the entities concerned, for the names of branches.
    categories: Vec<list_row::Model>,
    unread: BTreeMap<Uuid, u32>,
    /// Numbers of survivors the reader may see (T-MRG-06).
    survivors: BTreeMap<Uuid, i64>,
    clocks: Clocks,
    /// Since when the clock of those stands still that the reader sees as an agent (T-CLK-05).
    paused: BTreeMap<Uuid, i64>,
    /// Where those tickets stand by their validations that the reader sees as an agent (T-VAL-04).
    standings: BTreeMap<Uuid, Standing>,
    /// Customers the reader may see.
    customers: customers::Named,
}

impl Gathered {
    /// Gathers it.
    pub(crate) async fn load(
        ctx: &Ctx,
        connection: &impl ConnectionTrait,
        loaded: &[Loaded],
        portal: bool,
    ) -> Result<Self, ServiceError> {
        let (users, groups) = people_of(loaded);
        let names = crate::people::actor_views(connection, &users, &groups).await?;
        let row_ids = unique(loaded.iter().flat_map(|one| rows_of(&one.ticket)).flatten());
        let rows = list::reasons(connection, &row_ids).await?;
        let categories = categories(connection, &ctx.actor, loaded).await?;
        let unread = unread(ctx, connection, loaded, portal).await?;
        let merged_ids = unique(loaded.iter().filter_map(|one| one.ticket.merged_into_id));
        let survivors = survivors(connection, &ctx.actor, &merged_ids).await?;
        let entities = unique(loaded.iter().map(|one| one.ticket.entity_id));
        let clocks = Clocks::load(connection, &ctx.actor, &entities).await?;
        let paused = paused(connection, loaded).await?;
        let at_desk = unique(loaded.iter().filter(|one| one.is_agent()).map(|one| one.ticket.id));
        let standings = validations::standings(connection, &at_desk).await?;
        let customer_ids = unique(
            loaded
                .iter()
                .filter(|one| one.caps.contains(Capability::CustomerView))
                .filter_map(|one| one.ticket.customer_id),
        );
        let customers = customers::Named::load(connection, &ctx.actor, &customer_ids).await?;
        Ok(Self { names, rows, categories, unread, survivors, clocks, paused, standings, customers })
    }

    /// A ticket for its reader, without files of the description, commands and time spent.
    pub(crate) fn view(&self, ctx: &Ctx, loaded: &Loaded) -> TicketDetail {
        let (ticket, actor, agent) = (&loaded.ticket, &ctx.actor, loaded.is_agent());
        let row_ref = |id: Option<Uuid>| {
            id.and_then(|id| self.rows.iter().find(|row| row.id == id))
                .map(|row| Ref { id: row.id, name: lists::name(row, actor.lang) })
        };
        let of = |role: &str| loaded.of_role(role).map(|row| people::view(row, &self.names, agent)).collect::<Vec<_>>();
        let at = |at: Option<i64>| at.map(|at| moment(at, actor.zone));
        let sees_private = loaded.caps.contains(Capability::OccurrenceViewPrivate);
        let now = ctx.now();
        let time = self.clocks.of(ticket.entity_id);
        let due = |due_at: Option<i64>, reached_at: Option<i64>, pauses: bool| {
            let goal = Goal { opened_at: ticket.opened_at, due_at, reached_at, pauses };
            goal.state(status_of(ticket), now, time).as_str().to_owned()
        };
        let since = self.paused.get(&ticket.id).copied();
        let left = since.zip(ticket.due_resolve_at).map(|(since, due)| time.between(since, due) / 60);
        TicketDetail {
            id: ticket.id,
            number: ticket.number,
            agent,
            entity: Ref { id: ticket.entity_id, name: actor.entity_name(ticket.entity_id) },
            kind: kind_of(ticket),
            title: ticket.title.clone(),
            description: sanitise::stored(ticket.description.clone()),
            description_text: ticket.description_text.clone(),
            description_edited_at: at(ticket.description_edited_at),
            description_files: Vec::new(),
            status: status_of(ticket),
            urgency: level(ticket.urgency),
            impact: level(ticket.impact),
            priority: level(ticket.priority),
            priority_by_hand: ticket.priority_by_hand,
            category: row_ref(ticket.category_id),
            category_path: ticket.category_id.filter(|_| agent).and_then(|id| {
                let path = actor.path_of(ticket.entity_id);
                Some(lists::path_name(&self.categories, &path, id, actor.lang)).filter(|path| !path.is_empty())
            }),
            source: row_ref(ticket.source_id).filter(|_| agent),
            location: row_ref(ticket.location_id).filter(|_| agent),
            customer: self.customers.get(ticket.customer_id).filter(|_| agent),
            shows_customer: agent && loaded.caps.contains(Capability::CustomerView),
            requesters: of("requester"),
            observers: if agent { of("observer") } else { Vec::new() },
            assignees: of("assignee"),
            writer: people::author(&self.names, ticket.writer_id, agent),
            routing_group: ticket
                .routing_group_id
                .filter(|_| agent)
                .map(|id| Ref { id, name: self.names.group(id).name }),
            opened_at: moment(ticket.opened_at, actor.zone),
            taken_at: at(ticket.taken_at).filter(|_| agent),
            due_own_at: at(ticket.due_own_at).filter(|_| agent),
            due_resolve_at: at(ticket.due_resolve_at),
            due_own_state: due(ticket.due_own_at, ticket.taken_at, false),
            due_resolve_state: due(ticket.due_resolve_at, ticket.solved_at, true),
            due_resolve_left: left.map(|minutes| Minutes(i32::try_from(minutes).unwrap_or(i32::MAX))),
            solved_at: at(ticket.solved_at),
            closed_at: at(ticket.closed_at),
            cancelled_at: at(ticket.cancelled_at).filter(|_| agent),
            close_due_at: at(ticket.close_due_at),
            pending: detail::pending(ticket, &self.rows, actor, agent),
            validation: self.standings.get(&ticket.id).copied().unwrap_or_default(),
            answer_awaited: ticket.answer_awaited,
            reopen_count: if agent { ticket.reopen_count } else { 0 },
            merged_into: ticket.merged_into_id.and_then(|id| self.survivors.get(&id)).copied(),
            deleted_at: at(ticket.deleted_at),
            unread: self.unread.get(&ticket.id).copied().unwrap_or(0),
            actions: Vec::new(),
            version: if agent { ticket.version } else { 0 },
            created_at: moment(ticket.created_at, actor.zone),
            updated_at: moment(if sees_private { ticket.updated_at } else { ticket.public_updated_at }, actor.zone),
            now: moment(now, actor.zone),
            worked: None,
        }
    }
}

fn level(stored: i32) -> u8 {
    u8::try_from(stored).unwrap_or(3)
}

fn rows_of(ticket: &ticket::Model) -> [Option<Uuid>; 4] {
    [ticket.category_id, ticket.source_id, ticket.location_id, ticket.pending_reason_id]
}

/// Everybody the views name: people and writers, groups and queues.
fn people_of(loaded: &[Loaded]) -> (Vec<Uuid>, Vec<Uuid>) {
    let actors = || loaded.iter().flat_map(|one| &one.actors);
    let writers = loaded.iter().filter_map(|one| one.ticket.writer_id);
    let queues = loaded.iter().filter(|one| one.is_agent()).filter_map(|one| one.ticket.routing_group_id);
    let users = unique(actors().filter_map(|row| row.user_id).chain(writers));
    let groups = unique(actors().filter_map(|row| row.group_id).chain(queues));
    (users, groups)
}

async fn categories(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    loaded: &[Loaded],
) -> Result<Vec<list_row::Model>, ServiceError> {
    let named = loaded.iter().filter(|one| one.is_agent() && one.ticket.category_id.is_some());
    let entities = unique(named.flat_map(|one| actor.path_of(one.ticket.entity_id)));
    if entities.is_empty() {
        return Ok(Vec::new());
    }
    lists::rows_of_entities(connection, lists::TICKET_CATEGORIES, &entities).await
}

/// Entries of others the reader has not seen, by ticket (T-TIM-07). Agents count from their first visit on: a ticket never
/// opened is not "unread" to the whole desk.
async fn unread(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &[Loaded],
    portal: bool,
) -> Result<BTreeMap<Uuid, u32>, ServiceError> {
    let (agents, others): (Vec<&Loaded>, Vec<&Loaded>) = loaded.iter().partition(|one| one.is_agent() && !portal);
    let agent_ids: Vec<Uuid> = agents.iter().map(|one| one.ticket.id).collect();
    let mut out = list::unread(connection, &ctx.actor, &agent_ids, false).await?;
    let paths: Vec<Vec<Uuid>> = others.iter().map(|one| ctx.actor.path_of(one.ticket.entity_id)).collect();
    let shown = Settings::switched_on(connection, Key::PortalShowOccurrences, &paths).await?;
    let other_ids: Vec<Uuid> =
        others.iter().filter(|one| shown.contains(&one.ticket.entity_id)).map(|one| one.ticket.id).collect();
    out.extend(list::unread(connection, &ctx.actor, &other_ids, true).await?);
    let all: Vec<Uuid> = others.iter().map(|one| one.ticket.id).collect();
    let out = list::plus(out, solutions::unread(connection, &ctx.actor, &agent_ids, false).await?);
    let out = list::plus(out, messages::unread(connection, &ctx.actor, &agent_ids, &all).await?);
    Ok(list::plus(out, chat::unread(connection, &ctx.actor, &agent_ids, &all).await?))
}

/// Since when pending tickets with a time to resolve are pending, of those the reader sees as an agent. Another reason begins no
/// new pause, so the interval counts and not the reason.
async fn paused(connection: &impl ConnectionTrait, loaded: &[Loaded]) -> Result<BTreeMap<Uuid, i64>, ServiceError> {
    let waits =
        |one: &&Loaded| one.is_agent() && one.status() == Status::Pending && one.ticket.due_resolve_at.is_some();
    let ids = unique(loaded.iter().filter(waits).map(|one| one.ticket.id));
    let mut out = BTreeMap::new();
    if ids.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new("SELECT ticket_id, from_at FROM status_interval WHERE to_at IS NULL AND ticket_id IN ");
    for row in sql.list(ids).rows(connection).await? {
        out.insert(row.try_get("", "ticket_id")?, row.try_get("", "from_at")?);
    }
    Ok(out)
}

async fn survivors(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, i64>, ServiceError> {
    let mut out = BTreeMap::new();
    if ids.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new("SELECT t.id, t.number FROM ticket t WHERE t.id IN ");
    sql.list(ids.iter().copied()).push(" AND ((").append(&scope::tickets(actor));
    sql.push(") OR (").append(&scope::trash(actor)).push("))");
    for row in sql.rows(connection).await? {
        out.insert(row.try_get("", "id")?, row.try_get("", "number")?);
    }
    Ok(out)
}
