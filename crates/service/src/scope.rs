//! The only place that turns rights into SQL: which tickets a person may see (T-VIS-01, 02), and which articles.

mod articles;

use domain::policy::Capability;
use domain::validation::SIGHT;
use uuid::Uuid;

use crate::actor::Actor;
use crate::sql::{Sql, unique};
use crate::tickets::walk::{Walk, Walks};

pub use articles::{article_trash, articles, articles_of, open_articles, public_articles, reads_internal_articles};

/// Condition on `ticket` under the alias `t`: T-VIS-01 without the trash.
#[must_use]
pub fn tickets(actor: &Actor) -> Sql {
    let mut sql = Sql::new("t.deleted_at IS NULL AND ");
    sql.append(&visible(actor));
    sql
}

/// Ids of the same tickets, once each. Every way to see some is asked for itself, so that an engine begins with what a person has
/// to do with instead of comparing all tickets with it.
#[must_use]
pub fn ticket_ids(actor: &Actor) -> Sql {
    ids(&visible_ways(actor))
}

/// Condition on `ticket` under the alias `t`: the trash (T-VIS-08).
#[must_use]
pub fn trash(actor: &Actor) -> Sql {
    let mut sql = Sql::new("t.deleted_at IS NOT NULL AND t.entity_id IN ");
    let mut entities = actor.entities_with(Capability::TicketRestore);
    entities.extend(actor.entities_with(Capability::TicketPurge));
    sql.list(entities);
    sql
}

/// Entities whose every ticket the person may see.
#[must_use]
pub fn whole_entities(actor: &Actor) -> Vec<Uuid> {
    actor.entities_with(Capability::TicketViewAll)
}

/// Whether `ticket.view-all` covers every entity in which the person may see anything.
#[must_use]
pub fn sees_whole_entities_only(actor: &Actor) -> bool {
    let whole = whole_entities(actor);
    !whole.is_empty() && ways(actor).iter().all(|(_, entities)| entities.iter().all(|e| whole.contains(e)))
}

/// Condition on `ticket` under the alias `t`: My requests (P-GEN-01), through one's own person and groups only.
#[must_use]
pub fn portal(actor: &Actor, role: PortalRole) -> Sql {
    let mut sql = Sql::new("t.deleted_at IS NULL AND (");
    join_or(&mut sql, &portal_ways(actor, role));
    sql.push(")");
    sql
}

/// Ids of the tickets of My requests, as [`ticket_ids`] has them.
#[must_use]
pub fn portal_ids(actor: &Actor) -> Sql {
    ids(&portal_ways(actor, PortalRole::All))
}

fn portal_ways(actor: &Actor, role: PortalRole) -> Vec<Sql> {
    let own = actor.entities_with(Capability::TicketViewOwn);
    let group = actor.entities_with(Capability::TicketViewGroup);
    let mut parts = Vec::new();
    if matches!(role, PortalRole::Mine | PortalRole::All) {
        parts.push(own_tickets(actor, &own, "'requester'", true));
    }
    if matches!(role, PortalRole::Observed | PortalRole::All) {
        parts.push(own_tickets(actor, &own, "'observer'", false));
    }
    if matches!(role, PortalRole::Groups | PortalRole::All) {
        parts.push(group_tickets(actor, &group));
    }
    parts
}

/// The same tickets as walks of an index; `None` where there would be too many.
pub(crate) fn portal_walks(actor: &Actor, role: PortalRole) -> Option<Walks> {
    let own = actor.entities_with(Capability::TicketViewOwn);
    let group = actor.entities_with(Capability::TicketViewGroup);
    let mut walks = Vec::new();
    if matches!(role, PortalRole::Mine | PortalRole::All) {
        walks.push(Walk::of_user("requester", actor.id()).within(&own));
        walks.push(Walk::of_writer(actor.id()).within(&own));
    }
    if matches!(role, PortalRole::Observed | PortalRole::All) {
        walks.push(Walk::of_user("observer", actor.id()).within(&own));
    }
    if matches!(role, PortalRole::Groups | PortalRole::All) {
        for of in ["requester", "observer"] {
            walks.extend(actor.groups.iter().map(|id| Walk::of_group(of, *id).within(&group)));
        }
    }
    Walks::within_rights(walks, Sql::new("t.deleted_at IS NULL"))
}

/// Through which relation a request is listed (P-LIS-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalRole {
    /// Requester or writer.
    Mine,
    /// A group of mine is requester or observer.
    Groups,
    /// Observer.
    Observed,
    /// Any of them.
    All,
}

/// Condition on `occurrence` under the alias `o`: private entries only for holders of view-private and their agent author (T-VIS-03).
#[must_use]
pub fn entries(actor: &Actor) -> Sql {
    let mut sql = Sql::new("(o.visibility = 'public'");
    let private = actor.entities_with(Capability::OccurrenceViewPrivate);
    if !private.is_empty() {
        sql.push(" OR o.entity_id IN ").list(private);
    }
    let agent = actor.agent_entities();
    if !agent.is_empty() {
        sql.push_bind(" OR (o.author_id = ", actor.id()).push(" AND o.entity_id IN ").list(agent).push(")");
    }
    sql.push(")");
    sql
}

/// Condition on `task` under the alias `k`: public tasks by `task.view-public`, private ones only for holders of view-private and
/// their agent author (T-VIS-03).
#[must_use]
pub fn tasks(actor: &Actor) -> Sql {
    let mut sql = Sql::new("((k.visibility = 'public' AND k.entity_id IN ");
    sql.list(actor.entities_with(Capability::TaskViewPublic));
    sql.push(") OR (k.visibility <> 'public' AND (k.entity_id IN ");
    sql.list(actor.entities_with(Capability::TaskViewPrivate));
    sql.push_bind(" OR (k.author_id = ", actor.id()).push(" AND k.entity_id IN ");
    sql.list(actor.agent_entities()).push("))))");
    sql
}

/// The same in My requests: public ones, whoever reads (T-VIS-04).
#[must_use]
pub fn portal_tasks(actor: &Actor) -> Sql {
    let mut sql = Sql::new("(k.visibility = 'public' AND k.entity_id IN ");
    sql.list(actor.entities_with(Capability::TaskViewPublic)).push(")");
    sql
}

/// Targets of requests that are not withdrawn, by which the actor is asked himself or by a group: `column` of each, in the
/// entities where he may answer the caller has to ask for (T-VAL-07).
#[must_use]
pub fn asked(actor: &Actor, column: &str) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(column).push_bind(" FROM validation_target WHERE withdrawn_at IS NULL AND user_id = ", actor.id());
    sql.push(" UNION SELECT ").push(column).push(" FROM validation_target WHERE withdrawn_at IS NULL AND group_id IN ");
    sql.list(actor.groups.iter().copied());
    sql
}

/// Condition on `alias`, a customer or something that carries entity and reach of one: those that reach an entity in which the
/// person holds `capability` (C-RGT-01). `customer.edit` counts together with `customer.view` only.
#[must_use]
pub fn customers(actor: &Actor, capability: Capability, alias: &str) -> Sql {
    let held = actor.entities_with(capability);
    let held: Vec<Uuid> = held.into_iter().filter(|entity| actor.has(*entity, Capability::CustomerView)).collect();
    reaching(actor, &held, alias)
}

/// Condition on `ticket` under the alias `t`: visible ones that say something about their customer to this person. Where he sees
/// no customers, a ticket does not tell him whose it is, and neither does a list or a number of them (C-RGT).
#[must_use]
pub fn customer_tickets(actor: &Actor) -> Sql {
    let mut sql = Sql::new("t.entity_id IN ");
    sql.list(actor.entities_with(Capability::CustomerView)).push(" AND ").append(&tickets(actor));
    sql
}

/// As [`customers`], for what reaches one of some entities: their own, and what reaches down from above.
#[must_use]
pub fn reaching(actor: &Actor, entities: &[Uuid], alias: &str) -> Sql {
    let above = unique(entities.iter().flat_map(|entity| actor.path_of(*entity).into_iter().skip(1)));
    let mut sql = Sql::new("(");
    sql.push(alias).push(".entity_id IN ").list(entities.iter().copied());
    if !above.is_empty() {
        sql.push(" OR (")
            .push(alias)
            .push(".recursive = TRUE AND ")
            .push(alias)
            .push(".entity_id IN ")
            .list(above)
            .push(")");
    }
    sql.push(")");
    sql
}

fn ways(actor: &Actor) -> [(Capability, Vec<Uuid>); 5] {
    [
        Capability::TicketViewAssigned,
        Capability::TicketViewUnassignedOfMyGroups,
        Capability::TicketViewGroup,
        Capability::TicketViewOwn,
        Capability::ValidationAnswer,
    ]
    .map(|capability| (capability, actor.entities_with(capability)))
}

fn visible(actor: &Actor) -> Sql {
    let mut sql = Sql::new("(");
    join_or(&mut sql, &visible_ways(actor));
    sql.push(")");
    sql
}

fn visible_ways(actor: &Actor) -> Vec<Sql> {
    let whole = whole_entities(actor);
    let mut parts = Vec::new();
    if !whole.is_empty() {
        let mut sql = Sql::new("t.entity_id IN ");
        sql.list(whole.clone());
        parts.push(sql);
    }
    for (capability, entities) in ways(actor) {
        let rest: Vec<Uuid> = entities.into_iter().filter(|e| !whole.contains(e)).collect();
        if rest.is_empty() {
            continue;
        }
        parts.push(match capability {
            Capability::TicketViewAssigned => assigned_tickets(actor, &rest),
            Capability::TicketViewUnassignedOfMyGroups => queue_tickets(actor, &rest),
            Capability::TicketViewGroup => group_tickets(actor, &rest),
            Capability::ValidationAnswer => asked_tickets(actor, &rest),
            _ => own_tickets(actor, &rest, "'requester','observer'", true),
        });
    }
    parts
}

fn ids(ways: &[Sql]) -> Sql {
    let mut sql = Sql::new("");
    for way in ways {
        sql.push(if sql.is_empty() { "" } else { " UNION " });
        sql.push("SELECT t.id FROM ticket t WHERE t.deleted_at IS NULL AND ").append(way);
    }
    if sql.is_empty() {
        sql.push("SELECT t.id FROM ticket t WHERE 1 = 0");
    }
    sql
}

fn join_or(sql: &mut Sql, parts: &[Sql]) {
    if parts.is_empty() {
        sql.push("1 = 0");
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        sql.append(part);
    }
}

fn own_tickets(actor: &Actor, entities: &[Uuid], roles: &str, writer: bool) -> Sql {
    let mut sql = Sql::new("(t.entity_id IN ");
    sql.list(entities.iter().copied());
    sql.push_bind(" AND t.id IN (SELECT ticket_id FROM ticket_actor WHERE user_id = ", actor.id());
    sql.push(" AND role IN (").push(roles).push(")");
    if writer {
        sql.push_bind(" UNION SELECT id FROM ticket WHERE writer_id = ", actor.id());
    }
    sql.push("))");
    sql
}

fn group_tickets(actor: &Actor, entities: &[Uuid]) -> Sql {
    let mut sql = Sql::new("(t.entity_id IN ");
    sql.list(entities.iter().copied());
    sql.push(
        " AND t.id IN (SELECT ticket_id FROM ticket_actor WHERE role IN ('requester','observer') AND group_id IN ",
    );
    sql.list(actor.groups.iter().copied()).push("))");
    sql
}

/// Tickets of which the actor is a named approver, until the ticket has been over for 30 days (T-VAL-07).
fn asked_tickets(actor: &Actor, entities: &[Uuid]) -> Sql {
    let mut sql = Sql::new("(t.entity_id IN ");
    sql.list(entities.iter().copied()).push(" AND t.id IN (").append(&asked(actor, "ticket_id"));
    sql.push(") AND (t.status NOT IN ('closed','cancelled') OR ");
    sql.push_bind("COALESCE(t.closed_at, t.cancelled_at, 0) > ", actor.at - SIGHT).push("))");
    sql
}

fn assigned_tickets(actor: &Actor, entities: &[Uuid]) -> Sql {
    let mut sql = Sql::new("(t.entity_id IN ");
    sql.list(entities.iter().copied());
    sql.push_bind(
        " AND t.id IN (SELECT ticket_id FROM ticket_actor WHERE role = 'assignee' AND (user_id = ",
        actor.id(),
    );
    sql.push(" OR group_id IN ").list(actor.groups.iter().copied()).push(")))");
    sql
}

fn queue_tickets(actor: &Actor, entities: &[Uuid]) -> Sql {
    let mut sql = Sql::new("(t.entity_id IN ");
    sql.list(entities.iter().copied());
    sql.push(
        " AND NOT EXISTS (SELECT 1 FROM ticket_actor a JOIN app_user u ON u.id = a.user_id \
         WHERE a.ticket_id = t.id AND a.role = 'assignee' AND u.active = TRUE) \
         AND (t.id IN (SELECT ticket_id FROM ticket_actor WHERE role = 'assignee' AND group_id IN ",
    );
    sql.list(actor.groups.iter().copied());
    sql.push(") OR (t.routing_group_id IN ").list(actor.groups.iter().copied());
    sql.push(" AND NOT EXISTS (SELECT 1 FROM ticket_actor a WHERE a.ticket_id = t.id AND a.role = 'assignee' AND a.group_id IS NOT NULL))))");
    sql
}
