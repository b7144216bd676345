//! The only place that turns rights into SQL: which tickets a person may see (T-VIS-01, 02).

use domain::policy::Capability;
use uuid::Uuid;

use crate::actor::Actor;
use crate::sql::Sql;
use crate::tickets::walk::{Walk, Walks};

/// Condition on `ticket` under the alias `t`: T-VIS-01 without the trash.
#[must_use]
pub fn tickets(actor: &Actor) -> Sql {
    let mut sql = Sql::new("t.deleted_at IS NULL AND ");
    sql.append(&visible(actor));
    sql
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
    join_or(&mut sql, &parts);
    sql.push(")");
    sql
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

fn ways(actor: &Actor) -> [(Capability, Vec<Uuid>); 4] {
    [
        Capability::TicketViewAssigned,
        Capability::TicketViewUnassignedOfMyGroups,
        Capability::TicketViewGroup,
        Capability::TicketViewOwn,
    ]
    .map(|capability| (capability, actor.entities_with(capability)))
}

fn visible(actor: &Actor) -> Sql {
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
            _ => own_tickets(actor, &rest, "'requester','observer'", true),
        });
    }
    let mut sql = Sql::new("(");
    join_or(&mut sql, &parts);
    sql.push(")");
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
