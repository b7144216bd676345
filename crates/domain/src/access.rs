//! Rules of the administration of access: who holds what by his assignments, what a change gives and takes, where a branch of
//! the tree of entities may go, what a group insists on.
//!
//! Belongs here: pure answers about sets and trees. Does not belong here: reading and saving them (`service::access`).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Code;
use crate::policy::{CapSet, Capability};

/// The tree of entities: each with the one above.
pub type Parents = BTreeMap<Uuid, Option<Uuid>>;

/// What somebody holds, by entity; entities in which he holds nothing may be absent.
pub type Held = BTreeMap<Uuid, CapSet>;

/// An assignment in force: a role of somebody in an entity (T-ROL-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub entity: Uuid,
    /// Also in sub-entities.
    pub recursive: bool,
    /// What the role holds.
    pub capabilities: CapSet,
}

/// An entity and its ancestors, nearest first. A circle, which no command makes, ends the way.
#[must_use]
pub fn way_up(entity: Uuid, parents: &Parents) -> Vec<Uuid> {
    let mut out = vec![entity];
    let mut at = entity;
    while let Some(Some(parent)) = parents.get(&at) {
        if out.contains(parent) {
            break;
        }
        out.push(*parent);
        at = *parent;
    }
    out
}

/// The capabilities of T-ROL-01: in each entity the union of the roles held there and of the recursive roles above.
#[must_use]
pub fn effective(grants: &[Grant], parents: &Parents) -> Held {
    let mut out = Held::new();
    for entity in parents.keys() {
        let way = way_up(*entity, parents);
        let held = grants
            .iter()
            .filter(|grant| grant.entity == *entity || (grant.recursive && way.contains(&grant.entity)))
            .fold(CapSet::EMPTY, |sum, grant| sum.union(grant.capabilities));
        if !held.is_empty() {
            out.insert(*entity, held);
        }
    }
    out
}

/// What somebody holds after a change and did not hold before, over all entities; with the sides changed, what he loses.
#[must_use]
pub fn gained(before: &Held, after: &Held) -> CapSet {
    let of = |held: &Held, entity: &Uuid| held.get(entity).copied().unwrap_or(CapSet::EMPTY);
    after.iter().fold(CapSet::EMPTY, |sum, (entity, held)| sum.union(held.without(of(before, entity))))
}

/// T-ROL-08: nobody gives what he does not hold himself, in the same entity. The first capability that is given so.
#[must_use]
pub fn excess(before: &Held, after: &Held, giver: impl Fn(Uuid) -> CapSet) -> Option<Capability> {
    after.iter().find_map(|(entity, held)| {
        let had = before.get(entity).copied().unwrap_or(CapSet::EMPTY);
        held.without(had).without(giver(*entity)).iter().next()
    })
}

/// Whether an entity under `new_parent` would stand above itself.
#[must_use]
pub fn would_circle(entity: Uuid, new_parent: Uuid, parents: &Parents) -> bool {
    way_up(new_parent, parents).contains(&entity)
}

/// A mail that an assigned group insists on (M-RCP-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupMail {
    /// The receipt goes to requesters whatever their preference.
    Opening,
    /// On a public occurrence *send by email* is ticked and locked.
    Progress,
    /// Solved and closed are mailed whatever the preference.
    Closing,
}

impl GroupMail {
    /// All of them, in the order of a ticket's life.
    pub const ALL: [GroupMail; 3] = [GroupMail::Opening, GroupMail::Progress, GroupMail::Closing];

    /// The literal name in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            GroupMail::Opening => "opening",
            GroupMail::Progress => "progress",
            GroupMail::Closing => "closing",
        }
    }
}

impl fmt::Display for GroupMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for GroupMail {
    type Err = Code;

    /// Reads a literal name; another one is `Code::Invalid`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|mail| mail.as_str() == text).ok_or(Code::Invalid)
    }
}

#[cfg(test)]
mod tests;
