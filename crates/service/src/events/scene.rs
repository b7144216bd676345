//! What decides who hears of some changes, read once for whoever listens (A-EVT-01, T-VIS-07).
//!
//! Belongs here: reading it in a fixed number of queries, and asking `domain::policy` with it for one person after the other.
//! Does not belong here: who listens (`hub`). Lists ask for the same sight by SQL (`scope`); a test holds the two together.

use std::collections::BTreeMap;

use domain::notification::Place;
use domain::policy::{self, CapSet, Facts};
use domain::settings::Key;
use domain::validation::SIGHT;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{CUSTOMER, Change, Heard, PERSON};
use crate::actor::Actor;
use crate::db::Db;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::sql::{Sql, unique};
use crate::{chat, customers, messages, solutions, tasks, validations};

/// Switches that decide what the requester side hears of.
const SWITCHES: [Key; 3] = [Key::PortalShowOccurrences, Key::PortalShowSolution, Key::ChatEnabled];

/// Tickets, customers and switches of some changes at one moment.
#[derive(Debug, Default)]
pub(super) struct Scene {
    tickets: BTreeMap<Uuid, Ticket>,
    customers: BTreeMap<Uuid, Customer>,
    switches: Vec<Switch>,
}

#[derive(Debug)]
struct Ticket {
    row: Row,
    people: Vec<Person>,
    targets: Vec<Target>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    entity_id: Uuid,
    status: String,
    over_at: i64,
    deleted_at: Option<i64>,
    writer_id: Option<Uuid>,
    routing_group_id: Option<Uuid>,
}

#[derive(Debug, FromQueryResult)]
struct Person {
    ticket_id: Uuid,
    role: String,
    user_id: Option<Uuid>,
    group_id: Option<Uuid>,
    /// The person again, while his account is active.
    active_id: Option<Uuid>,
}

/// Somebody who is asked for a validation.
#[derive(Debug, FromQueryResult)]
struct Target {
    ticket_id: Uuid,
    validation_id: Uuid,
    user_id: Option<Uuid>,
    group_id: Option<Uuid>,
}

#[derive(Debug, FromQueryResult)]
struct Customer {
    id: Uuid,
    entity_id: Uuid,
    recursive: bool,
}

#[derive(Debug, FromQueryResult)]
struct Switch {
    entity_id: Uuid,
    key: String,
    value: String,
}

impl Scene {
    /// Reads it in one snapshot; nothing is asked for no change.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(super) async fn load(db: &Db, changes: &[&Change]) -> Result<Self, ServiceError> {
        let mut scene = Self::default();
        if changes.is_empty() {
            return Ok(scene);
        }
        let of_customers = |change: &Change| change.audience == CUSTOMER;
        let tickets = unique(changes.iter().filter(|change| !of_customers(change)).map(|change| change.ticket_id));
        let customers = unique(changes.iter().filter(|change| of_customers(change)).map(|change| change.ticket_id));
        let snapshot = db.snapshot().await?;
        if !tickets.is_empty() {
            scene.read_tickets(&snapshot, &tickets).await?;
        }
        if !customers.is_empty() {
            let mut sql = Sql::new("SELECT c.id, c.entity_id, c.recursive FROM customer c WHERE c.id IN ");
            let rows: Vec<Customer> = sql.list(customers).all(&snapshot).await?;
            scene.customers = rows.into_iter().map(|row| (row.id, row)).collect();
        }
        if changes.iter().any(|change| is_switched(change)) {
            let mut sql = Sql::new("SELECT s.entity_id, s.key, s.value FROM setting s WHERE s.key IN ");
            scene.switches = sql.list(SWITCHES.map(Key::as_str)).all(&snapshot).await?;
        }
        Ok(scene)
    }

    async fn read_tickets(&mut self, snapshot: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), ServiceError> {
        let mut sql = Sql::new(
            "SELECT t.id, t.entity_id, t.status, COALESCE(t.closed_at, t.cancelled_at, 0) AS over_at, t.deleted_at, t.writer_id, \
             t.routing_group_id FROM ticket t WHERE t.id IN ",
        );
        for row in sql.list(ids.iter().copied()).all::<Row>(snapshot).await? {
            self.tickets.insert(row.id, Ticket { row, people: Vec::new(), targets: Vec::new() });
        }
        let mut sql = Sql::new(
            "SELECT a.ticket_id, a.role, a.user_id, a.group_id, u.id AS active_id FROM ticket_actor a \
             LEFT JOIN app_user u ON u.id = a.user_id AND u.active = TRUE WHERE a.ticket_id IN ",
        );
        for person in sql.list(ids.iter().copied()).all::<Person>(snapshot).await? {
            if let Some(ticket) = self.tickets.get_mut(&person.ticket_id) {
                ticket.people.push(person);
            }
        }
        let mut sql = Sql::new(
            "SELECT v.ticket_id, v.validation_id, v.user_id, v.group_id FROM validation_target v \
             WHERE v.withdrawn_at IS NULL AND v.ticket_id IN ",
        );
        for target in sql.list(ids.iter().copied()).all::<Target>(snapshot).await? {
            if let Some(ticket) = self.tickets.get_mut(&target.ticket_id) {
                ticket.targets.push(target);
            }
        }
        Ok(())
    }

    /// What somebody may hear of a change at `at` (seconds since 1970); `None` = nothing.
    pub(super) fn heard(&self, actor: &Actor, at: i64, change: &Change) -> Option<Heard> {
        if change.audience == PERSON && change.author_id != Some(actor.id()) {
            return None;
        }
        if change.audience == CUSTOMER {
            let heard = Heard { what: change.what.clone(), version: Some(change.version) };
            return self.reaches(actor, change).then_some(heard);
        }
        let ticket = self.tickets.get(&change.ticket_id)?;
        let (caps, place) = (actor.caps(ticket.row.entity_id), ticket.place(actor));
        let is_asked = ticket.is_asked(actor, at);
        if !policy::can_see_ticket(caps, ticket.row.deleted_at.is_some(), &place, ticket.is_taken(), is_asked) {
            return None;
        }
        if change.audience == PERSON {
            return Some(Heard { what: change.what.clone(), version: None });
        }
        self.of_ticket(actor, change, ticket, caps, &place)
    }

    /// The same for somebody who sees the ticket.
    fn of_ticket(&self, actor: &Actor, change: &Change, ticket: &Ticket, caps: CapSet, place: &Place) -> Option<Heard> {
        let (agent, entity) = (caps.is_agent(), ticket.row.entity_id);
        let whole = || Heard { what: change.what.clone(), version: agent.then_some(change.version) };
        let is_between = || policy::can_see_messages(caps, &Facts::from(place));
        match change.kind.as_str() {
            // Fields that the requester side does not see are changed for agents only.
            "ticket" => return (agent || change.audience == "public").then(whole),
            // Who has read one, and what became of its mails, is for agents.
            messages::KIND => return (is_between() && (agent || change.what != "changed")).then(whole),
            chat::KIND => {
                let is_shown = agent || change.audience == "public";
                return (is_shown && is_between() && self.is_on(actor, entity, Key::ChatEnabled)).then(whole);
            }
            validations::KIND => return (agent || ticket.names(actor, change.object_id)).then(whole),
            OCCURRENCE | tasks::KIND if !agent && !self.is_on(actor, entity, Key::PortalShowOccurrences) => {
                return None;
            }
            solutions::KIND if !agent && !self.is_on(actor, entity, Key::PortalShowSolution) => return None,
            _ => {}
        }
        let is_author = change.author_id == Some(actor.id());
        let can_see = if change.kind == tasks::KIND { policy::can_see_task } else { policy::can_see_entry };
        let (sees_private, sees_public) = (can_see(caps, true, is_author), can_see(caps, false, is_author));
        match change.audience.as_str() {
            "public" => sees_public.then(whole),
            "private" => sees_private.then(whole),
            _ if sees_private => Some(Heard { what: "changed".to_owned(), ..whole() }),
            _ => sees_public.then(|| Heard { what: "removed".to_owned(), version: None }),
        }
    }

    /// Whether somebody reaches the customer of a change; of one who is gone, whether he sees customers of the entity.
    fn reaches(&self, actor: &Actor, change: &Change) -> bool {
        let is_reached = |customer: &Customer| customers::reach(actor, customer.entity_id, customer.recursive).view;
        self.customers.get(&change.ticket_id).is_some_and(is_reached)
            || (change.what == "removed" && actor.has(change.entity_id, policy::Capability::CustomerView))
    }

    /// A switch in an entity: the nearest own value on the way up, else the default (T-SET-01).
    fn is_on(&self, actor: &Actor, entity: Uuid, key: Key) -> bool {
        let own = |entity: &Uuid| {
            self.switches.iter().find(|switch| switch.entity_id == *entity && switch.key == key.as_str())
        };
        let value = actor.path_of(entity).iter().find_map(own).map(|switch| switch.value.as_str());
        value.unwrap_or(key.default_value()) == "true"
    }
}

/// Whether a switch may decide who hears of it.
fn is_switched(change: &Change) -> bool {
    matches!(change.kind.as_str(), OCCURRENCE | tasks::KIND | solutions::KIND | chat::KIND)
}

impl Ticket {
    /// What somebody is to it.
    fn place(&self, actor: &Actor) -> Place {
        let is_mine = |group: Option<Uuid>| group.is_some_and(|group| actor.groups.contains(&group));
        let mut place = Place { writer: self.row.writer_id == Some(actor.id()), ..Place::default() };
        let mut has_group = false;
        for one in &self.people {
            let (is_he, is_of_his) = (one.user_id == Some(actor.id()), is_mine(one.group_id));
            match one.role.as_str() {
                "assignee" => {
                    place.assignee |= is_he;
                    place.assigned_group |= is_of_his;
                    has_group |= one.group_id.is_some();
                }
                "requester" => {
                    place.requester |= is_he;
                    place.requester_group |= is_of_his;
                }
                "observer" => {
                    place.observer |= is_he;
                    place.observer_group |= is_of_his;
                }
                _ => {}
            }
        }
        // The queue it waits in; where an active person has it, it waits in none.
        place.routing_group = !has_group && is_mine(self.row.routing_group_id);
        place
    }

    /// An active person is assigned.
    fn is_taken(&self) -> bool {
        self.people.iter().any(|one| one.role == "assignee" && one.active_id.is_some())
    }

    /// A named approver, until the ticket has been over for 30 days (T-VAL-07).
    fn is_asked(&self, actor: &Actor, at: i64) -> bool {
        let is_over = matches!(self.row.status.as_str(), "closed" | "cancelled");
        (!is_over || self.row.over_at > at - SIGHT) && self.targets.iter().any(|target| target.is(actor))
    }

    /// Whether a request names somebody (T-VAL-06, T-VAL-07).
    fn names(&self, actor: &Actor, request: Uuid) -> bool {
        self.targets.iter().any(|target| target.validation_id == request && target.is(actor))
    }
}

impl Target {
    fn is(&self, actor: &Actor) -> bool {
        self.user_id == Some(actor.id()) || self.group_id.is_some_and(|group| actor.groups.contains(&group))
    }
}
