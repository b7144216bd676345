//! Users, groups, roles and entities as their administrators see them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Choice, Page, Ref};
use crate::access::GroupMail;
use crate::format::Moment;
use crate::policy::{CapSet, Capability};

/// A role by name; pages translate the shipped ones by their key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleName {
    /// Role id.
    pub id: Uuid,
    /// `requester`, `observer`, `technician`, `supervisor`, `admin`; empty for a copy.
    pub key: String,
    /// Its name; English for the shipped ones.
    pub name: String,
}

/// A role of a person in an entity the reader administers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    /// Assignment id.
    pub id: Uuid,
    /// Where.
    pub entity: Ref,
    /// Which role.
    pub role: RoleName,
    /// Also in sub-entities.
    pub recursive: bool,
}

/// A person in the list of users.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Address; empty for a removed user.
    pub email: String,
    /// May sign in.
    pub active: bool,
    /// His roles.
    pub roles: Vec<HeldRole>,
    /// When he was seen last.
    pub last_seen_at: Option<Moment>,
}

/// Which users, as the page asks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserListQuery {
    /// Part of the name or address.
    pub q: String,
    /// Role id.
    pub role: String,
    /// Entity id.
    pub entity: String,
    /// Empty = active, `disabled`, `all`.
    pub state: String,
    /// Keyset cursor.
    pub cursor: String,
}

/// The list of users with what it can be narrowed by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserList {
    /// The rows.
    pub page: Page<UserRow>,
    /// Roles.
    pub roles: Vec<RoleName>,
    /// Entities the reader administers.
    pub entities: Vec<Choice>,
}

/// A person on his page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Address; empty for a removed user.
    pub email: String,
    /// Phone; empty = none.
    pub phone: String,
    /// Extension; empty = none.
    pub extension: String,
    /// Language code.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// Home entity.
    pub entity: Ref,
    /// May sign in.
    pub active: bool,
    /// Name and address are forgotten (T-ROL-09).
    pub removed: bool,
    /// The account itself may be changed: its home entity is the reader's to administer.
    pub may_change: bool,
    /// The reader may make a link to choose a password by: he holds all that this person holds.
    pub may_invite: bool,
    /// Has chosen a password.
    pub has_password: bool,
    /// Until when an unused invitation is good.
    pub invited_until: Option<Moment>,
    /// His roles in entities the reader administers.
    pub roles: Vec<HeldRole>,
    /// His groups.
    pub groups: Vec<Ref>,
    /// Open tickets he is assigned to.
    pub open_tickets: u32,
    /// Open tasks he is to do.
    pub open_tasks: u32,
    /// When he was seen last.
    pub last_seen_at: Option<Moment>,
    /// When the account was made.
    pub created_at: Option<Moment>,
    /// Version of the account.
    pub version: i32,
}

/// The page of a person, or of a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    /// The person; none = a new one.
    pub user: Option<UserDetail>,
    /// Entities the reader administers.
    pub entities: Vec<Choice>,
    /// Roles the reader may give somewhere.
    pub roles: Vec<RoleName>,
    /// Who may take over open tickets: `user:<id>`, `group:<id>`.
    pub successors: Vec<Choice>,
    /// The server's clock.
    pub now: Moment,
}

/// A group in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Group id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Its entity.
    pub entity: Ref,
    /// Also in sub-entities.
    pub recursive: bool,
    /// May be assigned to tickets.
    pub may_be_assigned: bool,
    /// May be asked for a validation.
    pub may_be_asked: bool,
    /// May be requester.
    pub may_be_requester: bool,
    /// Active members.
    pub members: u32,
}

/// A member of a group; a disabled one counts as none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Leads the group.
    pub manager: bool,
    /// May sign in.
    pub active: bool,
}

/// A group on its page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetail {
    /// What the list shows.
    pub row: GroupRow,
    /// Its members, by name.
    pub members: Vec<MemberView>,
    /// Addresses that get copies (M-RCP-05).
    pub extra_addresses: Vec<String>,
    /// Mails it insists on (M-RCP-05).
    pub mandatory_notifications: Vec<GroupMail>,
    /// Version.
    pub version: i32,
}

/// The page of a group, or of a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    /// The group; none = a new one.
    pub group: Option<GroupDetail>,
    /// Entities the reader administers.
    pub entities: Vec<Choice>,
    /// Who may become a member: the first 200 by name; others by their address.
    pub people: Vec<Choice>,
}

/// A role in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// Its name.
    pub role: RoleName,
    /// Comes with the product: can only be copied (T-ROL-02).
    pub shipped: bool,
    /// What it holds.
    pub capabilities: CapSet,
    /// Active people who hold it somewhere.
    pub people: u32,
    /// Version.
    pub version: i32,
}

/// Who held a role when it was saved, and what that meant to them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleEffect {
    /// What these people gained.
    pub gained: CapSet,
    /// What they lost.
    pub lost: CapSet,
    /// How many they are.
    pub people: u32,
    /// The first of them, by name.
    pub names: Vec<Ref>,
}

/// A person who holds a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderView {
    /// The person.
    pub user: Ref,
    /// Where.
    pub entity: Ref,
    /// Also in sub-entities.
    pub recursive: bool,
}

/// The page of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePage {
    /// The role.
    pub role: RoleView,
    /// The role it is compared with.
    pub compared: Option<RoleView>,
    /// All roles, to compare with.
    pub roles: Vec<RoleName>,
    /// The first 100 who hold it in entities the reader administers.
    pub holders: Vec<HolderView>,
    /// It is a copy, and the reader administers the root entity.
    pub may_change: bool,
    /// The reader administers the root entity.
    pub may_copy: bool,
    /// What the last save meant to whom.
    pub effects: Vec<RoleEffect>,
}

/// All roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleList {
    /// The shipped ones first.
    pub roles: Vec<RoleView>,
    /// The reader administers the root entity.
    pub may_copy: bool,
}

/// Why somebody may do something, or may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyView {
    /// The person.
    pub user: Ref,
    /// May sign in at all.
    pub active: bool,
    /// What was asked for.
    pub capability: Capability,
    /// Entity of the ticket that was named.
    pub entity: Option<Ref>,
    /// Whether he sees the ticket that was named.
    pub sees_ticket: Option<bool>,
    /// He may.
    pub allowed: bool,
    /// By these roles.
    pub because: Vec<HeldRole>,
}

/// An entity in the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityRow {
    /// Entity id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The entity above; none for the root, and for one whose parent is out of sight.
    pub parent: Option<Ref>,
    /// 0 = topmost in sight.
    pub depth: u8,
    /// Active people whose home it is.
    pub people: u32,
    /// Active groups.
    pub groups: u32,
    /// Tickets that are not in the trash.
    pub tickets: u32,
    /// Entities directly below.
    pub children: u32,
    /// It is the root: it cannot move or go.
    pub is_root: bool,
    /// Version.
    pub version: i32,
}

/// The tree of entities the reader administers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityTree {
    /// In the order of the branches.
    pub rows: Vec<EntityRow>,
    /// The same as options.
    pub choices: Vec<Choice>,
}

/// Somebody who is invited, as the page of the link greets him.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// Name.
    pub name: String,
    /// Address he signs in with.
    pub email: String,
}
