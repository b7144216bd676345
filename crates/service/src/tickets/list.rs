//! The ticket list: keyset pages whose cost does not grow with the desk (T-LST).

use std::collections::BTreeMap;

use domain::error::{AppError, Code};
use domain::policy::Capability;
use domain::ticket::Status;
use domain::views::{ActorView, Count, ListQuery, Page, TicketRow};
use entity::{list_row, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::filters::{self, Filters};
use super::{kind_of, people, status_of};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::{Sql, unique};
use crate::{chat, lists, messages, scope, solutions};

/// Most rows that are counted exactly (T-LST-04).
pub(crate) const COUNT_MAX: i64 = 1_000;
/// Past this number of (entity, status) pairs one plain query is cheaper than their union.
const BRANCHES_MAX: usize = 120;

/// Tickets the actor may see, filtered and ordered.
///
/// # Errors
/// `Invalid` at an unknown filter, sort or cursor.
pub async fn list(ctx: &Ctx, query: ListQuery) -> Result<Page<TicketRow>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let filters = filters::read(ctx, &snapshot, &query, false).await?;
    let sort = Sort::read(&query.sort, &ctx.actor)?;
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let binding = binding(ctx, &query, "tickets");
    let position: Option<(i64, i64)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let scope = if query.trash { scope::trash(&ctx.actor) } else { scope::tickets(&ctx.actor) };
    let mut found = if is_branched(ctx, &query, &filters, &sort) {
        branched(ctx, &snapshot, &filters, &sort, position, limit + 1).await?
    } else {
        of_scope(&snapshot, &scope, &filters, &sort, position, limit + 1).await?
    };
    let count = if query.count { Some(count_of(&snapshot, &scope, &filters, &found).await?) } else { None };
    let keep = usize::try_from(limit).unwrap_or(50);
    let more = found.len() > keep;
    found.truncate(keep);
    let next_cursor = found
        .last()
        .filter(|_| more)
        .map(|last| cursor::seal(&ctx.services.secret, &binding, &(last.sort_key, last.number)));
    let items = rows(ctx, &snapshot, &found).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// How many tickets a list has for the actor, exact to 1 000.
///
/// # Errors
/// `Invalid` at an unknown filter.
pub(crate) async fn count(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    query: &ListQuery,
) -> Result<Count, ServiceError> {
    let filters = filters::read(ctx, connection, query, false).await?;
    count_of(connection, &scope::tickets(&ctx.actor), &filters, &[]).await
}

/// What a cursor is bound to: path, filters, sort and reader (A-LST-01).
pub(crate) fn binding(ctx: &Ctx, query: &ListQuery, path: &str) -> String {
    let unbound = ListQuery { cursor: String::new(), limit: 0, count: false, ..query.clone() };
    format!("{path}:{}:{}", ctx.actor.id(), serde_json::to_string(&unbound).unwrap_or_default())
}

/// Id, number and sort key of a row.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) number: i64,
    pub(crate) sort_key: i64,
    /// Rows in all, where reading them all was the way to the page.
    pub(crate) total: Option<i64>,
}

/// An order: an expression on `t` that is never NULL, and its direction; ties by number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sort {
    key: &'static str,
    descending: bool,
    /// An index (entity, status, key, number) walks in this order.
    indexed: bool,
}

impl Sort {
    pub(crate) fn read(text: &str, actor: &Actor) -> Result<Self, ServiceError> {
        let private = super::sees_private_everywhere(actor);
        let (name, descending) = match text {
            "" => ("updated_at", true),
            text => text.strip_prefix('-').map_or((text, false), |name| (name, true)),
        };
        let (key, indexed) = match name {
            "updated_at" if private => ("t.updated_at", true),
            "updated_at" => ("t.public_updated_at", false),
            "number" => ("t.number", true),
            "opened_at" => ("t.opened_at", true),
            // Hidden from readers who are no agents: they get the order of numbers (A-LST-04).
            "priority" if !actor.is_agent() => ("t.number", true),
            "priority" => ("CAST(t.priority AS BIGINT)", false),
            "due_resolve_at" => ("COALESCE(t.due_resolve_at, 9999999999)", false),
            "status" => (
                "(CASE t.status WHEN 'new' THEN 1 WHEN 'assigned' THEN 2 WHEN 'planned' THEN 3 WHEN 'pending' THEN 4 \
                 WHEN 'solved' THEN 5 WHEN 'closed' THEN 6 ELSE 7 END)",
                false,
            ),
            _ => return Err(AppError::field("sort", Code::Invalid).into()),
        };
        Ok(Self { key, descending, indexed: indexed || name == "priority" })
    }

    /// The orders of My requests: the last change the requester side may see, or the number.
    pub(crate) fn portal(text: &str) -> Result<Self, ServiceError> {
        let (key, descending) = match text {
            "" | "-updated_at" => ("t.public_updated_at", true),
            "updated_at" => ("t.public_updated_at", false),
            "number" => ("t.number", false),
            "-number" => ("t.number", true),
            _ => return Err(AppError::field("sort", Code::Invalid).into()),
        };
        Ok(Self { key, descending, indexed: false })
    }

    /// The key as the people of a ticket carry it, where an index of theirs walks in this order.
    fn is_walked(self) -> bool {
        matches!(self.key, "t.updated_at" | "t.public_updated_at")
    }

    /// The key without its table.
    pub(super) fn bare(self) -> &'static str {
        self.key.trim_start_matches("t.")
    }

    pub(super) fn direction(self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }

    /// The key as the index knows it.
    fn column(self) -> &'static str {
        if self.key == "CAST(t.priority AS BIGINT)" { "t.priority" } else { self.key }
    }

    fn append_position(self, sql: &mut Sql, position: Option<(i64, i64)>) {
        if let Some((key, number)) = position {
            let sign = if self.descending { "<" } else { ">" };
            sql.push(&format!(" AND ({}, t.number) {sign} (", self.column()));
            sql.bind(key).push_bind(", ", number).push(")");
        }
    }

    fn append_order(self, sql: &mut Sql) {
        let direction = self.direction();
        sql.push(&format!(" ORDER BY {} {direction}, t.number {direction}", self.column()));
    }
}

fn is_branched(ctx: &Ctx, query: &ListQuery, filters: &Filters, sort: &Sort) -> bool {
    let entities = scope::whole_entities(&ctx.actor).len();
    !query.trash
        && !filters.selective
        && sort.indexed
        && scope::sees_whole_entities_only(&ctx.actor)
        && entities * filters.statuses.len() <= BRANCHES_MAX
}

/// One short walk of the order index per entity and status, merged: O(k) however many tickets there are.
async fn branched(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    filters: &Filters,
    sort: &Sort,
    position: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<Found>, ServiceError> {
    let mut sql = Sql::new("SELECT id, number, sort_key, CAST(NULL AS BIGINT) AS total FROM (");
    let mut first = true;
    for entity in scope::whole_entities(&ctx.actor) {
        for status in &filters.statuses {
            sql.push(if first { "" } else { " UNION ALL " });
            first = false;
            sql.push(&format!("SELECT * FROM (SELECT t.id, t.number, {} AS sort_key FROM ticket t WHERE", sort.key));
            sql.push_bind(" t.entity_id = ", entity)
                .push_bind(" AND t.status = ", status.as_str())
                .push(" AND t.deleted_at IS NULL");
            sql.append(&filters.all());
            sort.append_position(&mut sql, position);
            sort.append_order(&mut sql);
            sql.push_bind(" LIMIT ", limit).push(") b");
        }
    }
    if first {
        return Ok(Vec::new());
    }
    let direction = sort.direction();
    sql.push(&format!(") u ORDER BY sort_key {direction}, number {direction}")).push_bind(" LIMIT ", limit);
    Ok(sql.all(connection).await?)
}

/// Rows under any scope: walks of somebody's tickets where the filters name him, otherwise one query over the whole set.
pub(crate) async fn of_scope(
    connection: &impl ConnectionTrait,
    scope: &Sql,
    filters: &Filters,
    sort: &Sort,
    position: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<Found>, ServiceError> {
    match filters.walks.as_ref().filter(|_| sort.is_walked()) {
        Some(walks) => {
            let condition = walks.condition(scope, &filters.rest);
            walks.page(connection, &filters.statuses, &condition, *sort, position, limit).await
        }
        None => plain(connection, scope, filters, sort, position, limit).await,
    }
}

async fn plain(
    connection: &impl ConnectionTrait,
    scope: &Sql,
    filters: &Filters,
    sort: &Sort,
    position: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<Found>, ServiceError> {
    let columns = format!("SELECT t.id, t.number, CAST({} AS BIGINT) AS sort_key", sort.key);
    if !filters.selective {
        let mut sql = Sql::new(&columns);
        sql.push(", CAST(NULL AS BIGINT) AS total FROM ticket t WHERE ").append(&whole(scope, filters));
        sort.append_position(&mut sql, position);
        sort.append_order(&mut sql);
        sql.push_bind(" LIMIT ", limit);
        return Ok(sql.all(connection).await?);
    }
    // Few rows that are dear to find, by words for example: found once, then counted and cut.
    let direction = sort.direction();
    let mut sql = Sql::new("WITH f AS MATERIALIZED (");
    sql.push(&columns).push(" FROM ticket t WHERE ").append(&whole(scope, filters));
    sql.push(") SELECT f.*, (SELECT COUNT(*) FROM f) AS total FROM f");
    if let Some((key, number)) = position {
        let sign = if sort.descending { "<" } else { ">" };
        sql.push(&format!(" WHERE (sort_key, number) {sign} (")).bind(key).push_bind(", ", number).push(")");
    }
    sql.push(&format!(" ORDER BY sort_key {direction}, number {direction}")).push_bind(" LIMIT ", limit);
    Ok(sql.all(connection).await?)
}

/// The conditions of a list on `t`.
fn whole(scope: &Sql, filters: &Filters) -> Sql {
    let mut sql = scope.clone();
    append_statuses(&mut sql, &filters.statuses);
    sql.append(&filters.all());
    sql
}

fn append_statuses(sql: &mut Sql, statuses: &[Status]) {
    if statuses.len() < Status::ALL.len() {
        sql.push(" AND t.status IN ").list(statuses.iter().map(|s| s.as_str().to_owned()));
    }
}

/// Rows under a scope, exact to 1 000; `found` may know already.
pub(crate) async fn count_of(
    connection: &impl ConnectionTrait,
    scope: &Sql,
    filters: &Filters,
    found: &[Found],
) -> Result<Count, ServiceError> {
    let known = found.first().and_then(|row| row.total);
    let n = match &filters.walks {
        _ if known.is_some() => known.unwrap_or_default(),
        Some(walks) => {
            let condition = walks.condition(scope, &filters.rest);
            walks.count(connection, &filters.statuses, &condition).await?
        }
        None => {
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM ticket t WHERE ");
            sql.append(&whole(scope, filters)).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
            sql.scalar(connection).await?.unwrap_or(0)
        }
    };
    Ok(Count { value: u32::try_from(n.min(COUNT_MAX)).unwrap_or(0), exact: n <= COUNT_MAX })
}

/// The rows of a page in its order: five queries, whatever the number of rows.
async fn rows(ctx: &Ctx, connection: &impl ConnectionTrait, found: &[Found]) -> Result<Vec<TicketRow>, ServiceError> {
    let ids: Vec<Uuid> = found.iter().map(|f| f.id).collect();
    let mut tickets = by_id(connection, &ids).await?;
    let first = first_people(connection, &ids).await?;
    let reasons_ids = unique(tickets.values().filter_map(|t| t.pending_reason_id));
    let reasons = reasons(connection, &reasons_ids).await?;
    let unread = unread(connection, &ctx.actor, &ids, false).await?;
    let (at_desk, elsewhere): (Vec<Uuid>, Vec<Uuid>) = tickets
        .values()
        .map(|ticket| ticket.id)
        .partition(|id| tickets.get(id).is_some_and(|ticket| ctx.actor.is_agent_in(ticket.entity_id)));
    let unread = plus(unread, messages::unread(connection, &ctx.actor, &at_desk, &elsewhere).await?);
    let unread = plus(unread, chat::unread(connection, &ctx.actor, &at_desk, &elsewhere).await?);
    let unread = plus(unread, solutions::unread(connection, &ctx.actor, &at_desk, false).await?);
    let private = super::sees_private_everywhere(&ctx.actor);
    Ok(ids
        .iter()
        .filter_map(|id| tickets.remove(id))
        .map(|ticket| {
            let agent = ctx.actor.is_agent_in(ticket.entity_id);
            let zone = ctx.actor.zone;
            let status = status_of(&ticket);
            TicketRow {
                id: ticket.id,
                number: ticket.number,
                status,
                kind: kind_of(&ticket),
                priority: if agent { u8::try_from(ticket.priority).unwrap_or(3) } else { 0 },
                requester: first.get(&(ticket.id, "requester".into())).map(|p| shown(p, agent)),
                assignee: first.get(&(ticket.id, "assignee".into())).map(|p| shown(p, agent)),
                updated_at: moment(if private { ticket.updated_at } else { ticket.public_updated_at }, zone),
                opened_at: moment(ticket.opened_at, zone),
                due_resolve_at: ticket.due_resolve_at.map(|at| moment(at, zone)),
                overdue: status.is_open()
                    && status != Status::Pending
                    && ticket.due_resolve_at.is_some_and(|due| due < ctx.now()),
                pending_label: (status == Status::Pending).then(|| pending_label(&ticket, &reasons, &ctx.actor)),
                unread: unread.get(&ticket.id).copied().unwrap_or(0),
                title: ticket.title,
            }
        })
        .collect())
}

fn shown(person: &ActorView, agent: bool) -> ActorView {
    if agent { person.clone() } else { ActorView { id: None, email: None, disabled: false, ..person.clone() } }
}

/// Public label of a pending ticket.
pub(crate) fn pending_label(ticket: &ticket::Model, reasons: &[list_row::Model], actor: &Actor) -> String {
    ticket
        .pending_reason_id
        .and_then(|id| reasons.iter().find(|row| row.id == id))
        .map_or_else(|| lists::waiting(actor.lang).to_owned(), |row| lists::label(row, actor.lang))
}

pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, ticket::Model>, ServiceError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    // The description is not part of a list: an empty text in its place keeps long ones on the disk.
    let mut sql = Sql::new(
        "SELECT id, number, entity_id, kind, title, '' AS description, '' AS description_text, description_edited_at, status, urgency, impact, \
         priority, priority_by_hand, category_id, source_id, location_id, writer_id, routing_group_id, opened_at, assigned_at, taken_at, \
         due_own_at, due_resolve_at, solved_at, closed_at, cancelled_at, close_due_at, pending_reason_id, pending_text, pending_since, \
         answer_awaited, reopen_count, merged_into_id, deleted_at, deleted_by_id, deleted_reason, version, created_at, updated_at, \
         public_updated_at, customer_id FROM ticket WHERE id IN ",
    );
    let rows: Vec<ticket::Model> = sql.list(ids.iter().copied()).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// First requester and first assignee of each ticket; people before groups.
pub(crate) async fn first_people(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<BTreeMap<(Uuid, String), ActorView>, ServiceError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.is_in(ids.iter().copied()))
        .filter(ticket_actor::Column::Role.is_in(["requester", "assignee"]))
        .order_by_asc(ticket_actor::Column::Position)
        .all(connection)
        .await?;
    let names = people::directory(connection, &rows, &[]).await?;
    let mut out = BTreeMap::new();
    for row in rows.iter().filter(|r| r.group_id.is_none()).chain(rows.iter().filter(|r| r.group_id.is_some())) {
        out.entry((row.ticket_id, row.role.clone())).or_insert_with(|| people::view(row, &names, true));
    }
    Ok(out)
}

pub(crate) async fn reasons(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<list_row::Model>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(list_row::Entity::find().filter(list_row::Column::Id.is_in(ids.iter().copied())).all(connection).await?)
}

#[derive(Debug, FromQueryResult)]
struct UnreadRow {
    ticket_id: Uuid,
    n: i64,
}

/// Unread occurrences of each ticket opened before; in the portal only public ones count, and a request never opened counts whole.
pub(crate) async fn unread(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
    portal: bool,
) -> Result<BTreeMap<Uuid, u32>, ServiceError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let join = if portal { "LEFT JOIN" } else { "JOIN" };
    let (entries, tasks) = if portal {
        (Sql::new("o.visibility = 'public'"), scope::portal_tasks(actor))
    } else {
        (scope::entries(actor), scope::tasks(actor))
    };
    let mut sql = Sql::new("SELECT e.ticket_id, COUNT(*) AS n FROM (");
    for (index, (table, alias, visible)) in
        [("occurrence", "o", &entries), ("task", "k", &tasks)].into_iter().enumerate()
    {
        sql.push(if index == 0 { "" } else { " UNION ALL " });
        sql.push(&format!(
            "SELECT {alias}.ticket_id FROM {table} {alias} {join} read_mark r ON r.ticket_id = {alias}.ticket_id"
        ));
        sql.push_bind(" AND r.user_id = ", actor.id())
            .push(&format!(" WHERE {alias}.removed_at IS NULL AND {alias}.registered_at > COALESCE(r.read_at, 0)"))
            .push(&format!(" AND {alias}.ticket_id IN "))
            .list(ids.iter().copied())
            .push(&format!(" AND ({alias}.author_id IS NULL OR {alias}.author_id <> "))
            .bind(actor.id())
            .push(") AND ")
            .append(visible);
    }
    sql.push(") e GROUP BY e.ticket_id");
    let rows: Vec<UnreadRow> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.ticket_id, u32::try_from(row.n.min(99)).unwrap_or(99))).collect())
}

/// Two counts by ticket as one.
pub(crate) fn plus(mut counts: BTreeMap<Uuid, u32>, more: BTreeMap<Uuid, u32>) -> BTreeMap<Uuid, u32> {
    for (ticket, n) in more {
        let count = counts.entry(ticket).or_insert(0);
        *count = count.saturating_add(n).min(99);
    }
    counts
}

/// Whether a person may look into the trash at all.
#[must_use]
pub fn has_trash(actor: &Actor) -> bool {
    !actor.entities_with(Capability::TicketRestore).is_empty()
        || !actor.entities_with(Capability::TicketPurge).is_empty()
}
