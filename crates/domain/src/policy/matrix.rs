//! The shipped roles as data, one row per capability, as tickets.md section 2 prints them (T-ROL-02).
//!
//! Belongs here: names, marks, sets of capabilities. Does not belong here: decisions (`policy`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Code;

/// A mark of the table: `x` has it, `P` belongs to the portal, `-` neither.
macro_rules! mark {
    (x) => {
        true
    };
    (P) => {
        true
    };
    (-) => {
        false
    };
}

macro_rules! matrix {
    ($($text:literal $name:ident $p:tt | $r:tt $o:tt $t:tt $s:tt $a:tt | $doc:literal;)+) => {
        /// A right to do or see something, named as in the specification (tickets.md section 2).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Capability { $(#[doc = $doc] #[serde(rename = $text)] $name),+ }

        impl Capability {
            /// Every capability, in the order of the specification.
            pub const ALL: &[Capability] = &[$(Capability::$name),+];

            /// The literal name, as `forbidden` and the API name it: `ticket.view-own`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Capability::$name => $text),+ }
            }

            /// Marked P: having it makes nobody an agent (T-ROL-03).
            #[must_use]
            pub const fn is_portal(self) -> bool {
                match self { $(Capability::$name => mark!($p)),+ }
            }

            /// The marks of the row, in the order of `ShippedRole::ALL`.
            const fn marks(self) -> [bool; 5] {
                match self { $(Capability::$name => [mark!($r), mark!($o), mark!($t), mark!($s), mark!($a)]),+ }
            }
        }
    };
}

// R Requester, O Observer (read-only auditor), T Technician, S Supervisor, A Admin.
matrix! {
//   name                                  variant                        P | R O T S A | meaning
    "ticket.create"                       TicketCreate                   P | x - x x x | "Register a ticket; agents for anybody.";
    "ticket.view-own"                     TicketViewOwn                  P | x x x x x | "Tickets where one is requester, observer, writer.";
    "ticket.view-group"                   TicketViewGroup                P | - x x x x | "One's group is requester or observer.";
    "ticket.view-assigned"                TicketViewAssigned             - | - x x x x | "Assigned to oneself or one's groups.";
    "ticket.view-unassigned-of-my-groups" TicketViewUnassignedOfMyGroups - | - x x x x | "No assigned user, one's group has or gets it.";
    "ticket.view-all"                     TicketViewAll                  - | - x x x x | "Every ticket of the entity.";
    "ticket.update"                       TicketUpdate                   - | - - x x x | "Title, description, urgency, people, links.";
    "ticket.assign"                       TicketAssign                   - | - - - x x | "Set any assignee, take over.";
    "ticket.take"                         TicketTake                     - | - - x x x | "Become assigned user, give back.";
    "ticket.delegate"                     TicketDelegate                 - | - - x x x | "Hand one's ticket to somebody else.";
    "ticket.change-priority"              TicketChangePriority           - | - - - x x | "Set priority by hand, also 6 major.";
    "ticket.suspend"                      TicketSuspend                  - | - - x x x | "Put on hold.";
    "ticket.reactivate"                   TicketReactivate               - | - - x x x | "Resume.";
    "ticket.reopen"                       TicketReopen                   - | - - x x x | "Reopen without time limit.";
    "ticket.cancel"                       TicketCancel                   - | - - - x x | "Cancel as service side.";
    "ticket.solve"                        TicketSolve                    - | - - x x x | "Solve (together with `solution.add`).";
    "ticket.close"                        TicketClose                    - | - - - x x | "Close by hand.";
    "ticket.reclassify"                   TicketReclassify               - | - - x x x | "Change type, category, entity.";
    "ticket.change-sla"                   TicketChangeSla                - | - - - x x | "Change due dates.";
    "ticket.merge"                        TicketMerge                    - | - - - x x | "Merge tickets.";
    "ticket.delete"                       TicketDelete                   - | - - - x x | "Put into the trash; see the trash.";
    "ticket.restore"                      TicketRestore                  - | - - - x x | "Take out of the trash; see the trash.";
    "ticket.purge"                        TicketPurge                    - | - - - - x | "Remove from the trash for ever.";
    "occurrence.view-public"              OccurrenceViewPublic           P | x x x x x | "Public entries of the timeline.";
    "occurrence.view-private"             OccurrenceViewPrivate          - | - x x x x | "Private entries, texts of removed ones.";
    "occurrence.add-own"                  OccurrenceAddOwn               P | x - x x x | "Occurrences on own tickets.";
    "occurrence.add-assigned"             OccurrenceAddAssigned          - | - - x x x | "Occurrences on assigned tickets.";
    "occurrence.add-any"                  OccurrenceAddAny               - | - - x x x | "Occurrences on any ticket in sight.";
    "occurrence.update-own"               OccurrenceUpdateOwn            P | - - x x x | "Change one's own entries.";
    "occurrence.delete-own"               OccurrenceDeleteOwn            P | - - x x x | "Remove one's own entries.";
    "occurrence.update-any"               OccurrenceUpdateAny            - | - - - x x | "Change everybody's entries.";
    "occurrence.delete-any"               OccurrenceDeleteAny            - | - - - x x | "Remove everybody's entries.";
    "occurrence.send-mail"                OccurrenceSendMail             - | - - x x x | "Send by email.";
    "task.view-public"                    TaskViewPublic                 P | x x x x x | "Public tasks.";
    "task.view-private"                   TaskViewPrivate                - | - x x x x | "Private tasks.";
    "task.add-own"                        TaskAddOwn                     - | - - x x x | "Tasks on own tickets.";
    "task.add-assigned"                   TaskAddAssigned                - | - - x x x | "Tasks on assigned tickets.";
    "task.add-any"                        TaskAddAny                     - | - - x x x | "Tasks on any ticket in sight.";
    "task.update-own"                     TaskUpdateOwn                  - | - - x x x | "Change one's own tasks.";
    "task.delete-own"                     TaskDeleteOwn                  - | - - x x x | "Remove one's own tasks.";
    "task.update-any"                     TaskUpdateAny                  - | - - - x x | "Everybody's tasks, rows in the planner.";
    "task.delete-any"                     TaskDeleteAny                  - | - - - x x | "Remove everybody's tasks.";
    "solution.add"                        SolutionAdd                    - | - - x x x | "Propose a solution.";
    "solution.approve"                    SolutionApprove                P | x - x x x | "Approve or refuse as requester or writer.";
    "validation.request"                  ValidationRequest              - | - - x x x | "Ask for a validation.";
    "validation.answer"                   ValidationAnswer               P | x - x x x | "May be named as approver and answer.";
    "validation.override"                 ValidationOverride             - | - - - x x | "Pass over a missing validation.";
    "cost.view"                           CostView                       - | - x x x x | "Costs, totals, budgets.";
    "cost.edit"                           CostEdit                       - | - - x x x | "Write cost lines, budgets.";
    "item.view"                           ItemView                       - | - x x x x | "Read items.";
    "problem.view"                        ProblemView                    - | - x x x x | "Read problems.";
    "change.view"                         ChangeView                     - | - x x x x | "Read changes.";
    "project.view"                        ProjectView                    - | - x x x x | "Read projects.";
    "contract.view"                       ContractView                   - | - x x x x | "Read contracts.";
    "customer.view"                       CustomerView                   - | - x x x x | "Read customers.";
    "item.edit"                           ItemEdit                       - | - - x x x | "Write items.";
    "problem.edit"                        ProblemEdit                    - | - - x x x | "Write problems.";
    "change.edit"                         ChangeEdit                     - | - - x x x | "Write changes.";
    "customer.edit"                       CustomerEdit                   - | - - x x x | "Write customers and their occurrences.";
    "project.edit"                        ProjectEdit                    - | - - - x x | "Write projects.";
    "contract.edit"                       ContractEdit                   - | - - - x x | "Write contracts.";
    "knowledge.view"                      KnowledgeView                  P | x x x x x | "Published articles.";
    "knowledge.edit"                      KnowledgeEdit                  - | - - x x x | "Write and publish articles, see drafts.";
    "statistics.view"                     StatisticsView                 - | - x x x x | "Statistics, dashboards, reports.";
    "admin.users"                         AdminUsers                     - | - - - - x | "Users, groups, roles, assignments.";
    "admin.entities"                      AdminEntities                  - | - - - - x | "The entity tree.";
    "admin.settings"                      AdminSettings                  - | - - - - x | "Settings.";
    "admin.templates"                     AdminTemplates                 - | - - - x x | "Templates and lists.";
    "admin.audit"                         AdminAudit                     - | - x - - x | "The audit log.";
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Capability {
    type Err = Code;

    /// Reads a literal name; another one is `Code::UnknownReference`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|capability| capability.name() == text).ok_or(Code::UnknownReference)
    }
}

// One bit each in `CapSet`.
const _: () = assert!(Capability::ALL.len() <= 128);

/// A set of capabilities: those of a role, or all a person holds in an entity. Travels as a list of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Capability>", into = "Vec<Capability>")]
pub struct CapSet(u128);

impl CapSet {
    /// No capability: a disabled user, or one without role here.
    pub const EMPTY: CapSet = CapSet(0);

    /// Adds one capability.
    pub const fn insert(&mut self, capability: Capability) {
        self.0 |= Self::bit(capability);
    }

    /// Takes one capability away.
    pub const fn remove(&mut self, capability: Capability) {
        self.0 &= !Self::bit(capability);
    }

    /// Whether the capability is held.
    #[must_use]
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & Self::bit(capability) != 0
    }

    /// Whether every capability of the other set is held, as T-ROL-08 asks of whoever gives them.
    #[must_use]
    pub const fn contains_all(self, other: CapSet) -> bool {
        self.0 & other.0 == other.0
    }

    /// What either set holds: the union of roles of T-ROL-01.
    #[must_use]
    pub const fn union(self, other: CapSet) -> CapSet {
        CapSet(self.0 | other.0)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub const fn without(self, other: CapSet) -> CapSet {
        CapSet(self.0 & !other.0)
    }

    /// The capabilities held, in the order of the specification.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.iter().copied().filter(move |capability| self.contains(*capability))
    }

    /// How many capabilities are held.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether none is held.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of them is not marked P (T-ROL-03).
    #[must_use]
    pub fn is_agent(self) -> bool {
        self.iter().any(|capability| !capability.is_portal())
    }

    const fn bit(capability: Capability) -> u128 {
        1_u128 << (capability as u32)
    }
}

impl FromIterator<Capability> for CapSet {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        let mut set = CapSet::EMPTY;
        for capability in capabilities {
            set.insert(capability);
        }
        set
    }
}

impl From<Vec<Capability>> for CapSet {
    fn from(capabilities: Vec<Capability>) -> Self {
        capabilities.into_iter().collect()
    }
}

impl From<CapSet> for Vec<Capability> {
    fn from(set: CapSet) -> Self {
        set.iter().collect()
    }
}

/// A role that comes with the product and can only be copied (T-ROL-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShippedRole {
    /// Asks for help in the portal.
    Requester,
    /// Auditor who reads and changes nothing.
    Observer,
    /// Works on tickets.
    Technician,
    /// Leads technicians.
    Supervisor,
    /// Runs the instance.
    Admin,
}

impl ShippedRole {
    /// The roles in the order of the columns of the table.
    pub const ALL: [ShippedRole; 5] = [
        ShippedRole::Requester,
        ShippedRole::Observer,
        ShippedRole::Technician,
        ShippedRole::Supervisor,
        ShippedRole::Admin,
    ];

    /// The literal name in the database and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            ShippedRole::Requester => "requester",
            ShippedRole::Observer => "observer",
            ShippedRole::Technician => "technician",
            ShippedRole::Supervisor => "supervisor",
            ShippedRole::Admin => "admin",
        }
    }

    const fn is_marked(self, marks: [bool; 5]) -> bool {
        let [requester, observer, technician, supervisor, admin] = marks;
        match self {
            ShippedRole::Requester => requester,
            ShippedRole::Observer => observer,
            ShippedRole::Technician => technician,
            ShippedRole::Supervisor => supervisor,
            ShippedRole::Admin => admin,
        }
    }
}

impl FromStr for ShippedRole {
    type Err = Code;

    /// Reads a key; another one is `Code::UnknownReference`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.key() == text).ok_or(Code::UnknownReference)
    }
}

/// What a shipped role may do.
#[must_use]
pub fn capabilities(role: ShippedRole) -> CapSet {
    Capability::ALL.iter().copied().filter(|capability| role.is_marked(capability.marks())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_rol_02_the_table_has_the_counts_of_the_specification() {
        assert_eq!(Capability::ALL.len(), 69);
        let counts = ShippedRole::ALL.map(|role| capabilities(role).len());
        assert_eq!(counts, [8, 19, 48, 64, 69]);
    }

    #[test]
    fn t_rol_02_each_role_but_the_auditor_holds_what_the_one_before_holds() {
        let [requester, observer, technician, supervisor, admin] = ShippedRole::ALL.map(capabilities);
        assert!(technician.contains_all(requester));
        assert!(supervisor.contains_all(technician));
        assert!(admin.contains_all(supervisor));
        assert!(admin.contains_all(observer));
        assert!(!technician.contains_all(observer), "only auditors and administrators read the audit log");
    }

    #[test]
    fn t_rol_02_the_auditor_can_only_read() {
        let auditor = capabilities(ShippedRole::Observer);
        let writing: Vec<&str> = auditor
            .iter()
            .map(Capability::name)
            .filter(|name| !name.contains("view") && *name != "admin.audit")
            .collect();
        assert!(writing.is_empty(), "{writing:?}");
    }

    #[test]
    fn t_rol_03_portal_capabilities_make_no_agent() {
        let portal: Vec<&str> =
            Capability::ALL.iter().copied().filter(|c| c.is_portal()).map(Capability::name).collect();
        assert_eq!(
            portal,
            [
                "ticket.create",
                "ticket.view-own",
                "ticket.view-group",
                "occurrence.view-public",
                "occurrence.add-own",
                "occurrence.update-own",
                "occurrence.delete-own",
                "task.view-public",
                "solution.approve",
                "validation.answer",
                "knowledge.view",
            ]
        );
        let agents = ShippedRole::ALL.map(|role| capabilities(role).is_agent());
        assert_eq!(agents, [false, true, true, true, true]);
        assert!(!CapSet::EMPTY.is_agent());
    }

    #[test]
    fn t_rol_01_a_set_adds_and_takes_away() {
        let mut set = CapSet::EMPTY;
        assert!(set.is_empty());
        set.insert(Capability::TicketCreate);
        set.insert(Capability::AdminAudit);
        assert!(set.contains(Capability::TicketCreate) && set.contains(Capability::AdminAudit));
        assert!(!set.contains(Capability::TicketUpdate));
        let other: CapSet = [Capability::TicketUpdate].into_iter().collect();
        assert_eq!(set.union(other).len(), 3);
        set.remove(Capability::AdminAudit);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Capability::TicketCreate]);
    }

    #[test]
    fn names_are_unique_and_travel_as_a_list() {
        for capability in Capability::ALL {
            assert_eq!(capability.name().parse::<Capability>(), Ok(*capability));
        }
        assert_eq!("ticket.fly".parse::<Capability>(), Err(Code::UnknownReference));
        let set: CapSet = [Capability::AdminAudit, Capability::TicketViewOwn].into_iter().collect();
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(json, r#"["ticket.view-own","admin.audit"]"#);
        assert_eq!(serde_json::from_str::<CapSet>(&json).unwrap(), set);
        for role in ShippedRole::ALL {
            assert_eq!(role.key().parse::<ShippedRole>(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.key()));
        }
    }
}
