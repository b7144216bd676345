//! Filters of the ticket list as SQL conditions (T-LST-03, A-LST-03, 04). Unknown names and values are refused, never ignored.

use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::ticket::Status;
use domain::validation::Standing;
use domain::views::ListQuery;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::walk::{Walk, Walks};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{history, lists, search};

/// The conditions of a list: a set of statuses, which drives the index, and the rest.
#[derive(Debug)]
pub(crate) struct Filters {
    /// Statuses wanted.
    pub(crate) statuses: Vec<Status>,
    /// Conditions on `t`, each beginning with " AND ", without that of `walks`.
    pub(crate) rest: Sql,
    /// The tickets of the people one condition names, which then need not be looked for.
    pub(crate) walks: Option<Walks>,
    /// The condition that `walks` stands for.
    walked: Sql,
    /// A condition selects few rows by itself, so the list need not walk the order index.
    pub(crate) selective: bool,
}

impl Filters {
    /// Every condition on `t`, each beginning with " AND ".
    pub(crate) fn all(&self) -> Sql {
        let mut sql = self.rest.clone();
        sql.append(&self.walked);
        sql
    }
}

/// Reads all filters of a query.
pub(crate) async fn read(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    query: &ListQuery,
    portal: bool,
) -> Result<Filters, ServiceError> {
    let mut errors = FieldErrors::new();
    let mut filters =
        Filters { statuses: Vec::new(), rest: Sql::default(), walks: None, walked: Sql::default(), selective: false };
    let mut given: Vec<(String, String)> = [
        ("status", &query.status),
        ("assignee", &query.assignee),
        ("type", &query.kind),
        ("priority", &query.priority),
        ("text", &query.text),
    ]
    .into_iter()
    .filter(|(_, value)| !value.trim().is_empty())
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect();
    given.extend(query.more.iter().cloned());
    filters.statuses = Status::ALL.to_vec();
    for (name, value) in &given {
        let (negated, bare) = name.strip_prefix("not.").map_or((false, name.as_str()), |bare| (true, bare));
        if bare == "status" {
            if let Some(wanted) = errors.check(name, statuses(value)) {
                filters.statuses.retain(|status| wanted.contains(status) != negated);
            }
            continue;
        }
        match condition(ctx, connection, bare, value, portal).await? {
            Ok(Condition { sql, hidden, selective }) => {
                filters.selective |= selective && !negated;
                let walks =
                    if negated || hidden || filters.walks.is_some() { None } else { walks(&ctx.actor, bare, value) };
                if bare == "customer" {
                    // Where the reader sees no customers, no ticket fulfils a condition on them, nor its opposite (A-LST-04).
                    let shown = ctx.actor.entities_with(Capability::CustomerView);
                    filters.rest.push(" AND t.entity_id IN ").list(shown);
                }
                let place = if walks.is_some() { &mut filters.walked } else { &mut filters.rest };
                append(place, &ctx.actor, &sql, negated, hidden);
                if walks.is_some() {
                    filters.walks = walks;
                }
            }
            Err(code) => errors.add(name.clone(), code),
        }
    }
    if errors.is_empty() { Ok(filters) } else { Err(AppError::Invalid(errors).into()) }
}

struct Condition {
    sql: Sql,
    /// The field is hidden from readers who are no agents: false for them, also negated (A-LST-04).
    hidden: bool,
    selective: bool,
}

fn append(rest: &mut Sql, actor: &Actor, condition: &Sql, negated: bool, hidden: bool) {
    rest.push(" AND (");
    if hidden {
        rest.push("t.entity_id IN ").list(actor.agent_entities()).push(" AND ");
    }
    rest.push(if negated { "NOT (" } else { "(" }).append(condition).push("))");
}

fn statuses(value: &str) -> Result<Vec<Status>, Code> {
    let mut out = Vec::new();
    for word in value.split(',').map(str::trim) {
        match word {
            "all" => out.extend(Status::ALL),
            "open" => out.extend(Status::ALL.iter().filter(|s| s.is_open())),
            "not_closed" => out.extend(Status::ALL.iter().filter(|s| !s.is_over())),
            word => out.push(word.parse().map_err(|_unknown| Code::Invalid)?),
        }
    }
    Ok(out)
}

async fn condition(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    name: &str,
    value: &str,
    portal: bool,
) -> Result<Result<Condition, Code>, ServiceError> {
    let actor = &ctx.actor;
    let plain = |sql: Result<Sql, Code>| sql.map(|sql| Condition { sql, hidden: false, selective: false });
    let hidden = |sql: Result<Sql, Code>| sql.map(|sql| Condition { sql, hidden: true, selective: false });
    let few = |sql: Result<Sql, Code>| sql.map(|sql| Condition { sql, hidden: false, selective: true });
    Ok(match name {
        "number" => few(numbers("t.number", value, 1, i64::MAX)),
        "type" => plain(words("t.kind", value, &["incident", "request"])),
        "priority" => hidden(small_numbers("t.priority", value, 6)),
        "urgency" => hidden(small_numbers("t.urgency", value, 5)),
        "impact" => hidden(small_numbers("t.impact", value, 5)),
        "category" => plain(tree(connection, actor, "t.category_id", value).await?),
        "source" => hidden(ids("t.source_id", value)),
        "location" => hidden(ids("t.location_id", value)),
        "customer" => hidden(ids("t.customer_id", value)),
        "pending_reason" => hidden(ids("t.pending_reason_id", value)),
        "entity" => hidden(entities(actor, value, true)),
        "entity_only" => hidden(entities(actor, value, false)),
        "assignee" | "requester" => {
            let none = value.trim() == "none";
            people(actor, name, value).map(|sql| Condition { sql, hidden: false, selective: !none })
        }
        "group" => people(actor, "assignee", value).map(|sql| Condition {
            sql,
            hidden: true,
            selective: value.trim() != "none",
        }),
        "writer" => writer(actor, value).map(|sql| Condition { sql, hidden: true, selective: true }),
        "validation" => hidden(validation(value)),
        "unread" => flag(value).map(|on| Condition { sql: unread(actor, on), hidden: false, selective: on }),
        "overdue" => flag(value).map(|on| Condition { sql: overdue(ctx, on), hidden: false, selective: false }),
        "text" => text(ctx, value, portal).map(|sql| Condition { sql, hidden: false, selective: true }),
        _ => plain(period(ctx, name, value)),
    })
}

fn values(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|v| !v.is_empty())
}

fn numbers(column: &str, value: &str, min: i64, max: i64) -> Result<Sql, Code> {
    let parsed: Vec<i64> = values(value)
        .map(|v| v.trim_start_matches('#').parse::<i64>().map_err(|_bad| Code::Invalid))
        .collect::<Result<_, _>>()?;
    if parsed.is_empty() || parsed.iter().any(|n| !(min..=max).contains(n)) {
        return Err(Code::Invalid);
    }
    let mut sql = Sql::new(column);
    sql.push(" IN ").list(parsed);
    Ok(sql)
}

fn small_numbers(column: &str, value: &str, max: i32) -> Result<Sql, Code> {
    let parsed: Vec<i32> =
        values(value).map(|v| v.parse::<i32>().map_err(|_bad| Code::Invalid)).collect::<Result<_, _>>()?;
    if parsed.is_empty() || parsed.iter().any(|n| !(1..=max).contains(n)) {
        return Err(Code::Invalid);
    }
    let mut sql = Sql::new(column);
    sql.push(" IN ").list(parsed);
    Ok(sql)
}

fn words(column: &str, value: &str, known: &[&str]) -> Result<Sql, Code> {
    let given: Vec<String> = values(value).map(str::to_owned).collect();
    if given.is_empty() || given.iter().any(|word| !known.contains(&word.as_str())) {
        return Err(Code::Invalid);
    }
    let mut sql = Sql::new(column);
    sql.push(" IN ").list(given);
    Ok(sql)
}

/// Some ids, or `none`, joined by "or" (A-LST-03).
fn ids(column: &str, value: &str) -> Result<Sql, Code> {
    let (none, named): (Vec<&str>, Vec<&str>) = values(value).partition(|text| *text == "none");
    let parsed: Vec<Uuid> =
        named.into_iter().map(|id| id.parse().map_err(|_bad| Code::Invalid)).collect::<Result<_, _>>()?;
    none_or(column, !none.is_empty(), parsed)
}

/// A column that is empty or names one of the ids; never NULL, so that it can be negated.
fn none_or(column: &str, may_be_none: bool, ids: Vec<Uuid>) -> Result<Sql, Code> {
    let mut sql = Sql::default();
    match (may_be_none, ids.is_empty()) {
        (false, true) => return Err(Code::Invalid),
        (true, true) => sql.push(column).push(" IS NULL"),
        (false, false) => sql.among(column, ids),
        (true, false) => sql.push(column).push(" IS NULL OR ").among(column, ids),
    };
    Ok(sql)
}

/// A category with everything below it.
async fn tree(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    column: &str,
    value: &str,
) -> Result<Result<Sql, Code>, ServiceError> {
    let (none, named): (Vec<&str>, Vec<&str>) = values(value).partition(|text| *text == "none");
    let Ok(mut wanted) = named.into_iter().map(str::parse).collect::<Result<Vec<Uuid>, _>>() else {
        return Ok(Err(Code::Invalid));
    };
    if wanted.is_empty() {
        return Ok(none_or(column, !none.is_empty(), wanted));
    }
    let rows = lists::rows_of_entities(connection, lists::TICKET_CATEGORIES, &actor.entities()).await?;
    for _depth in 0..8 {
        let below: Vec<Uuid> = rows
            .iter()
            .filter(|r| r.parent_id.is_some_and(|p| wanted.contains(&p)) && !wanted.contains(&r.id))
            .map(|r| r.id)
            .collect();
        if below.is_empty() {
            break;
        }
        wanted.extend(below);
    }
    Ok(none_or(column, !none.is_empty(), wanted))
}

fn entities(actor: &Actor, value: &str, below: bool) -> Result<Sql, Code> {
    let mut wanted = Vec::new();
    for text in values(value) {
        let id: Uuid = text.parse().map_err(|_bad| Code::Invalid)?;
        if below { wanted.extend(actor.below(id)) } else { wanted.push(id) }
    }
    let mut sql = Sql::default();
    sql.among("t.entity_id", wanted);
    Ok(sql)
}

/// `me`, `my_groups`, `none` or ids of people and groups of one role.
fn people(actor: &Actor, role: &str, value: &str) -> Result<Sql, Code> {
    let mut sql = Sql::default();
    for (index, text) in values(value).enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        if text == "none" {
            sql.push("NOT EXISTS (SELECT 1 FROM ticket_actor a WHERE a.ticket_id = t.id")
                .push_bind(" AND a.role = ", role)
                .push(")");
            continue;
        }
        sql.push("t.id IN (SELECT ticket_id FROM ticket_actor WHERE").push_bind(" role = ", role);
        match text {
            "me" => sql.push_bind(" AND user_id = ", actor.id()),
            "my_groups" => sql.push(" AND group_id IN ").list(actor.groups.iter().copied()),
            id => {
                let id = person(id)?;
                sql.push_bind(" AND (user_id = ", id).push_bind(" OR group_id = ", id).push(")")
            }
        };
        sql.push(")");
    }
    if sql.is_empty() { Err(Code::Invalid) } else { Ok(sql) }
}

/// The walks that stand for a condition on people, where each of its values names one or several.
fn walks(actor: &Actor, name: &str, value: &str) -> Option<Walks> {
    if name != "assignee" && name != "requester" {
        return None;
    }
    let mut walks = Vec::new();
    for text in values(value) {
        match text {
            "none" => return None,
            "me" => walks.push(Walk::of_user(name, actor.id())),
            "my_groups" => walks.extend(actor.groups.iter().map(|group| Walk::of_group(name, *group))),
            id => {
                let id = person(id).ok()?;
                walks.extend([Walk::of_user(name, id), Walk::of_group(name, id)]);
            }
        }
    }
    Walks::new(walks)
}

/// The id of a person or a group, which may say what it is.
fn person(text: &str) -> Result<Uuid, Code> {
    text.trim_start_matches("user:").trim_start_matches("group:").parse().map_err(|_bad| Code::Invalid)
}

fn writer(actor: &Actor, value: &str) -> Result<Sql, Code> {
    let wanted: Vec<Uuid> = values(value)
        .map(|v| if v == "me" { Ok(actor.id()) } else { v.parse().map_err(|_bad| Code::Invalid) })
        .collect::<Result<_, _>>()?;
    let mut sql = Sql::new("t.writer_id IS NOT NULL AND t.writer_id IN ");
    sql.list(wanted);
    Ok(sql)
}

fn flag(value: &str) -> Result<bool, Code> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Code::Invalid),
    }
}

fn unread(actor: &Actor, on: bool) -> Sql {
    // Opened before, and something the reader may see came after it.
    let column = if actor.entities_with(Capability::OccurrenceViewPrivate).is_empty() {
        "public_updated_at"
    } else {
        "updated_at"
    };
    let mut sql = Sql::new(if on { "" } else { "NOT " });
    sql.push("EXISTS (SELECT 1 FROM read_mark r WHERE r.ticket_id = t.id").push_bind(" AND r.user_id = ", actor.id());
    sql.push(&format!(" AND r.read_at < t.{column})"));
    sql
}

/// Where a ticket stands by its validations (T-VAL-04).
fn validation(value: &str) -> Result<Sql, Code> {
    const ANY: &str =
        "SELECT 1 FROM validation v WHERE v.ticket_id = t.id AND v.withdrawn_at IS NULL AND v.replaced_by_id IS NULL";
    let mut parts = Vec::new();
    for word in values(value) {
        parts.push(match word.parse::<Standing>()? {
            Standing::None => format!("NOT EXISTS ({ANY})"),
            Standing::Refused => format!("EXISTS ({ANY} AND v.state = 'refused')"),
            Standing::Waiting => {
                format!("(EXISTS ({ANY} AND v.state = 'waiting') AND NOT EXISTS ({ANY} AND v.state = 'refused'))")
            }
            Standing::Granted => format!("(EXISTS ({ANY}) AND NOT EXISTS ({ANY} AND v.state <> 'granted'))"),
        });
    }
    if parts.is_empty() { Err(Code::Invalid) } else { Ok(Sql::new(&parts.join(" OR "))) }
}

fn overdue(ctx: &Ctx, on: bool) -> Sql {
    let mut sql = Sql::new(if on { "" } else { "NOT " });
    sql.push("(t.due_resolve_at IS NOT NULL AND t.status IN ('new','assigned','planned')");
    sql.push_bind(" AND t.due_resolve_at < ", ctx.now()).push(")");
    sql
}

fn text(ctx: &Ctx, value: &str, portal: bool) -> Result<Sql, Code> {
    let number = value.trim().trim_start_matches('#').parse::<i64>().ok();
    let query = search::parse(value)?;
    let engine = ctx.db().engine();
    let found = if portal {
        search::text_condition_portal(&ctx.actor, &query, engine)
    } else {
        search::text_condition(&ctx.actor, &query, engine)
    };
    let mut sql = Sql::new("(");
    match found {
        Some(found) => sql.append(&found),
        None => sql.push("1 = 0"),
    };
    if let Some(number) = number {
        sql.push_bind(" OR t.number = ", number);
    }
    sql.push(")");
    Ok(sql)
}

fn period(ctx: &Ctx, name: &str, value: &str) -> Result<Sql, Code> {
    let (field, end) = name
        .strip_suffix("_from")
        .map(|f| (f, false))
        .or_else(|| name.strip_suffix("_to").map(|f| (f, true)))
        .ok_or(Code::Invalid)?;
    let column = match field {
        "opened" => "t.opened_at",
        "solved" => "t.solved_at",
        "closed" => "t.closed_at",
        "due" => "t.due_resolve_at",
        "updated" if super::sees_private_everywhere(&ctx.actor) => "t.updated_at",
        "updated" => "t.public_updated_at",
        _ => return Err(Code::Invalid),
    };
    let (first, after) = history::parse_period(value, ctx.actor.zone)?;
    let mut sql = Sql::new(&format!("{column} IS NOT NULL AND {column}"));
    if end {
        sql.push_bind(" < ", after)
    } else {
        sql.push_bind(" >= ", first)
    };
    Ok(sql)
}
