//! Users, groups, roles and entities as administrators send them. `None` and `Keep` leave a field as it is.

use serde::{Deserialize, Serialize};

use super::Patch;

/// A role for somebody, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantForm {
    /// Entity id.
    pub entity: String,
    /// Role id.
    pub role: String,
    /// Also in sub-entities.
    pub recursive: bool,
}

/// What changes of an account; a new one needs name, address and entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPatch {
    /// Name, 1..100 characters.
    pub name: Option<String>,
    /// Address, nobody else's.
    pub email: Option<String>,
    /// `en`, `pt-BR`, `es`, `fr`; a new account takes that of its entity.
    pub language: Option<String>,
    /// IANA name; a new account takes that of its entity.
    pub time_zone: Option<String>,
    /// Phone, up to 50 characters.
    pub phone: Patch<String>,
    /// Extension, up to 20 characters.
    pub extension: Patch<String>,
    /// Id of the home entity.
    pub entity: Option<String>,
    /// All roles he shall hold in the entities the caller administers.
    pub assignments: Option<Vec<GrantForm>>,
}

/// The form of an account on its page; a new one has no id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveUser {
    /// Account id; empty = a new account.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language code.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// Phone; empty = none.
    pub phone: String,
    /// Extension; empty = none.
    pub extension: String,
    /// Home entity.
    pub entity: String,
    /// First role of a new account, in its home entity; empty = none.
    pub role: String,
    /// The first role also counts in sub-entities.
    pub recursive: bool,
}

impl SaveUser {
    /// What is to be saved. Language and zone of a new account that are left empty are those of its entity.
    #[must_use]
    pub fn patch(&self) -> UserPatch {
        let is_new = self.id.is_empty();
        let or_default = |text: &str| (!is_new || !text.is_empty()).then(|| text.to_owned());
        let first = GrantForm { entity: self.entity.clone(), role: self.role.clone(), recursive: self.recursive };
        UserPatch {
            name: Some(self.name.clone()),
            email: Some(self.email.clone()),
            language: or_default(&self.language),
            time_zone: or_default(&self.time_zone),
            phone: Patch::from_text(self.phone.clone()),
            extension: Patch::from_text(self.extension.clone()),
            entity: Some(self.entity.clone()),
            assignments: (is_new && !self.role.is_empty()).then(|| vec![first]),
        }
    }
}

/// One role more, or one less, on the page of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveAssignment {
    /// Account id.
    pub user: String,
    /// Assignment that goes; empty = one comes.
    pub remove: String,
    /// Entity id.
    pub entity: String,
    /// Role id.
    pub role: String,
    /// Also in sub-entities.
    pub recursive: bool,
}

/// What is done to an account besides changing it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserCommand {
    /// May sign in no more; sessions and tokens end at once.
    #[default]
    Disable,
    /// May sign in again.
    Enable,
    /// Name and address are forgotten, for ever.
    Anonymise,
    /// Sessions and tokens end.
    SignOut,
    /// A new link to choose a password by; the one before is void.
    Invite,
}

impl UserCommand {
    /// Every command.
    pub const ALL: [UserCommand; 5] =
        [UserCommand::Disable, UserCommand::Enable, UserCommand::Anonymise, UserCommand::SignOut, UserCommand::Invite];

    /// The literal name in forms and addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            UserCommand::Disable => "disable",
            UserCommand::Enable => "enable",
            UserCommand::Anonymise => "anonymise",
            UserCommand::SignOut => "sign-out",
            UserCommand::Invite => "invite",
        }
    }
}

/// A command for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunUserCommand {
    /// Account id.
    pub id: String,
    /// What to do.
    pub command: UserCommand,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// Disable: `user:<id>` or `group:<id>` that takes over his open tickets and tasks; empty = they stay.
    pub hand_over_to: String,
    /// Idempotency key; empty = none.
    pub key: String,
}

/// A password chosen by invitation.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The secret of the link.
    pub token: String,
    /// The password, 12..256 characters.
    pub password: String,
}

impl std::fmt::Debug for AcceptInvitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AcceptInvitation").finish_non_exhaustive()
    }
}

/// What changes of a group; a new one needs name and entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPatch {
    /// Name, 1..100 characters, once in its entity.
    pub name: Option<String>,
    /// Entity id.
    pub entity: Option<String>,
    /// Also in sub-entities.
    pub recursive: Option<bool>,
    /// May be assigned to tickets.
    pub may_be_assigned: Option<bool>,
    /// May be asked for a validation.
    pub may_be_asked: Option<bool>,
    /// May be requester.
    pub may_be_requester: Option<bool>,
    /// Ids of all members.
    pub members: Option<Vec<String>>,
    /// Ids of those members who lead it.
    pub managers: Option<Vec<String>>,
    /// Addresses that get copies, up to 20 (M-RCP-05).
    pub extra_addresses: Option<Vec<String>>,
    /// `opening`, `progress`, `closing` (M-RCP-05).
    pub mandatory_notifications: Option<Vec<String>>,
}

/// The form of a group on its page; a new one has no id. Boxes that are not ticked send nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveGroup {
    /// Group id; empty = a new group.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// Name.
    pub name: String,
    /// Entity id.
    pub entity: String,
    /// Also in sub-entities.
    pub recursive: bool,
    /// May be assigned to tickets.
    pub may_be_assigned: bool,
    /// May be asked for a validation.
    pub may_be_asked: bool,
    /// May be requester.
    pub may_be_requester: bool,
    /// Addresses, one a line.
    pub extra_addresses: String,
    /// Ticked words of `GroupMail`.
    pub mandatory_notifications: Vec<String>,
}

impl SaveGroup {
    /// What is to be saved; the members have forms of their own.
    #[must_use]
    pub fn patch(&self) -> GroupPatch {
        let addresses = self.extra_addresses.split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty());
        GroupPatch {
            name: Some(self.name.clone()),
            entity: Some(self.entity.clone()),
            recursive: Some(self.recursive),
            may_be_assigned: Some(self.may_be_assigned),
            may_be_asked: Some(self.may_be_asked),
            may_be_requester: Some(self.may_be_requester),
            members: None,
            managers: None,
            extra_addresses: Some(addresses.map(str::to_owned).collect()),
            mandatory_notifications: Some(self.mandatory_notifications.clone()),
        }
    }
}

/// What happens to a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Membership {
    /// Is or becomes a member who does not lead.
    #[default]
    Member,
    /// Is or becomes a member who leads.
    Manager,
    /// Leaves.
    None,
}

/// One member more, one less, or one who leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeMember {
    /// Group id.
    pub group: String,
    /// Account id, or the address of the account.
    pub user: String,
    /// What he is from now on.
    pub membership: Membership,
}

/// What changes of a role; a new one needs a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePatch {
    /// Name, 1..100 characters, no other role's.
    pub name: Option<String>,
    /// Literal names of all its capabilities.
    pub capabilities: Option<Vec<String>>,
}

/// The form of a role on its page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveRole {
    /// Role id; empty = a new role.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// Name.
    pub name: String,
    /// Literal names of the ticked capabilities.
    pub capabilities: Vec<String>,
    /// A new role begins with the capabilities of this one.
    pub copy_of: String,
}

/// Why may somebody do something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WhyForm {
    /// Account id, or the address of the account.
    pub user: String,
    /// Literal name of a capability.
    pub capability: String,
    /// Number of a ticket; empty = anywhere.
    pub ticket: String,
}

/// What changes of an entity; a new one needs both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityPatch {
    /// Name, 1..100 characters, once below its parent.
    pub name: Option<String>,
    /// Id of the entity above.
    pub parent: Option<String>,
}

/// The form of an entity; a new one has no id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveEntity {
    /// Entity id; empty = a new entity.
    pub id: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// Name.
    pub name: String,
    /// Id of the entity above; empty for the root.
    pub parent: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_account_takes_language_and_zone_of_its_entity() {
        let new =
            SaveUser { name: "Ana".to_owned(), role: "r".to_owned(), entity: "e".to_owned(), ..SaveUser::default() };
        let patch = new.patch();
        assert_eq!((patch.language, patch.time_zone, patch.phone), (None, None, Patch::Clear));
        assert_eq!(patch.assignments.map(|all| all.len()), Some(1));
        let known = SaveUser { id: "x".to_owned(), ..new };
        assert_eq!((known.patch().language, known.patch().assignments), (Some(String::new()), None));
    }

    #[test]
    fn m_rcp_05_addresses_are_typed_one_a_line() {
        let form = SaveGroup { extra_addresses: " a@x.org\r\n\r\nb@x.org, c@x.org".to_owned(), ..SaveGroup::default() };
        let expected = ["a@x.org", "b@x.org", "c@x.org"].map(str::to_owned).to_vec();
        assert_eq!(form.patch().extra_addresses, Some(expected));
    }

    #[test]
    fn commands_travel_by_their_literal_names() {
        for command in UserCommand::ALL {
            assert_eq!(serde_json::to_string(&command).unwrap(), format!("\"{}\"", command.as_str()));
        }
    }
}
