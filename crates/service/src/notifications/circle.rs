//! The people of a ticket with what they are to it and what they may do: who is told, who is responsible.

use std::collections::{BTreeMap, BTreeSet};

use domain::notification::{GROUP_MAX, Place};
use domain::policy::{CapSet, Capability};
use entity::{ticket, ticket_actor};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::sql::{Sql, unique};

/// Somebody a ticket concerns; his account is active.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Account.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// Address.
    pub(crate) email: String,
    /// Language code; may be empty.
    pub(crate) language: String,
    /// Capabilities in the ticket's entity.
    pub(crate) caps: CapSet,
    /// What he is to the ticket.
    pub(crate) place: Place,
}

/// Users beside a ticket and members of its groups. Groups of more than [`GROUP_MAX`] people stand for nobody.
#[derive(Clone, Debug)]
pub(crate) struct Circle {
    people: Vec<Person>,
    members: BTreeMap<Uuid, BTreeSet<Uuid>>,
    writer: Option<Uuid>,
    routing: Option<Uuid>,
    is_taken: bool,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    email: String,
    language: String,
    capabilities: Option<String>,
}

#[derive(Debug, FromQueryResult)]
struct Member {
    group_id: Uuid,
    user_id: Uuid,
}

impl Circle {
    /// Loads them in two queries, by name; `path` is the ticket's entity and its ancestors.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        ticket: &ticket::Model,
        actors: &[ticket_actor::Model],
        path: &[Uuid],
    ) -> Result<Self, ServiceError> {
        let groups = unique(actors.iter().filter_map(|row| row.group_id).chain(ticket.routing_group_id));
        let members = members(connection, groups).await?;
        let named = actors.iter().filter_map(|row| row.user_id);
        let users = unique(named.chain(members.values().flatten().copied()));
        let mut people = people(connection, ticket.entity_id, path, users).await?;
        let is_assigned =
            |person: &Person| actors.iter().any(|row| row.role == "assignee" && row.user_id == Some(person.id));
        let is_taken = people.iter().any(is_assigned);
        let has_group = actors.iter().any(|row| row.role == "assignee" && row.group_id.is_some());
        let routing = ticket.routing_group_id.filter(|_| !is_taken && !has_group);
        let mut circle = Self { people: Vec::new(), members, writer: ticket.writer_id, routing, is_taken };
        for person in &mut people {
            person.place = circle.place(person.id, actors);
        }
        circle.people = people;
        Ok(circle)
    }

    /// Everybody.
    pub(crate) fn people(&self) -> &[Person] {
        &self.people
    }

    /// What somebody is to the ticket by these of its people.
    pub(crate) fn place(&self, user: Uuid, actors: &[ticket_actor::Model]) -> Place {
        let is_in = |group: Uuid| self.is_member(group, user);
        let is = |role: &str| actors.iter().any(|row| row.role == role && row.user_id == Some(user));
        let of = |role: &str| actors.iter().any(|row| row.role == role && row.group_id.is_some_and(is_in));
        Place {
            assignee: is("assignee"),
            assigned_group: of("assignee"),
            routing_group: self.routing.is_some_and(is_in),
            requester: is("requester"),
            requester_group: of("requester"),
            observer: is("observer"),
            observer_group: of("observer"),
            writer: self.writer == Some(user),
        }
    }

    /// Whether somebody is a member of one of the groups that are not too large.
    pub(crate) fn is_member(&self, group: Uuid, user: Uuid) -> bool {
        self.members.get(&group).is_some_and(|members| members.contains(&user))
    }

    /// Whether he sees the ticket (T-VIS-01).
    pub(crate) fn sees(&self, person: &Person) -> bool {
        person.place.sees(person.caps, self.is_taken)
    }

    /// The responsible who may see the ticket and its public entries (T-ROL-07): assigned users; if none, members of the
    /// assigned groups; if none, members of the routing group.
    pub(crate) fn responsible(&self) -> Vec<&Person> {
        let ways: [fn(&Place) -> bool; 3] =
            [|place| place.assignee, |place| place.assigned_group, |place| place.routing_group];
        let of = |way: &fn(&Place) -> bool| self.people.iter().filter(|person| way(&person.place)).collect::<Vec<_>>();
        let found = ways.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default();
        let may_read = |person: &&Person| self.sees(person) && person.caps.contains(Capability::OccurrenceViewPublic);
        found.into_iter().filter(may_read).collect()
    }
}

/// Members of groups that are active and small enough.
async fn members(
    connection: &impl ConnectionTrait,
    groups: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, ServiceError> {
    let mut out: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    if groups.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT m.group_id, m.user_id FROM app_group_member m JOIN app_group g ON g.id = m.group_id \
         WHERE g.active = TRUE AND m.group_id IN (SELECT c.group_id FROM app_group_member c WHERE c.group_id IN ",
    );
    sql.list(groups).push_bind(" GROUP BY c.group_id HAVING COUNT(*) <= ", GROUP_MAX).push(")");
    for row in sql.all::<Member>(connection).await? {
        out.entry(row.group_id).or_default().insert(row.user_id);
    }
    Ok(out)
}

/// The active ones of `users` with their capabilities in an entity (T-ROL-01); their places are found later.
pub(crate) async fn people(
    connection: &impl ConnectionTrait,
    entity: Uuid,
    path: &[Uuid],
    users: Vec<Uuid>,
) -> Result<Vec<Person>, ServiceError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "SELECT u.id, u.name, u.email, u.language, r.capabilities FROM app_user u \
         LEFT JOIN assignment a ON a.user_id = u.id AND (a.entity_id = ",
    );
    sql.bind(entity)
        .push(" OR (a.recursive = TRUE AND a.entity_id IN ")
        .list(path.iter().copied())
        .push(")) LEFT JOIN role r ON r.id = a.role_id WHERE u.active = TRUE AND u.id IN ")
        .list(users)
        .push(" ORDER BY u.name, u.id");
    let mut out: Vec<Person> = Vec::new();
    for row in sql.all::<Row>(connection).await? {
        let words = row.capabilities.unwrap_or_default();
        let caps: CapSet = words.split_whitespace().filter_map(|name| name.parse::<Capability>().ok()).collect();
        // Rows of one person follow each other: one for each of his roles.
        match out.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.caps = last.caps.union(caps),
            None => out.push(Person {
                id: row.id,
                name: row.name,
                email: row.email,
                language: row.language,
                caps,
                place: Place::default(),
            }),
        }
    }
    Ok(out)
}
