//! Who may do what: pure answers from what a person holds in the entity and how he stands to the ticket.
//!
//! Belongs here: every decision about rights. Does not belong here: enforcing them (`service`), turning
//! them into SQL (`service::scope`), hiding buttons (`app`). All functions but `can_see_ticket` assume that the
//! ticket is visible to the actor (T-GEN-02: visibility, else 404, comes before capability, else 403).

mod matrix;

pub use matrix::{CapSet, Capability, ShippedRole, capabilities};

use crate::knowledge::{ArticleStatus, Audience};
use crate::notification::Place;
use crate::ticket::Side;

/// How an actor stands to one ticket (T-ROL-05, T-ROL-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Requester, or active member of a requester group.
    pub requester_side: bool,
    /// Assigned user, or active member of an assigned group.
    pub assigned: bool,
    /// Observer, or active member of an observer group.
    pub observer: bool,
    /// Registered the ticket.
    pub writer: bool,
}

impl Facts {
    /// "own" of T-ROL-06: requester, observer or writer.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.requester_side || self.observer || self.writer
    }
}

impl From<&Place> for Facts {
    fn from(place: &Place) -> Self {
        Self {
            requester_side: place.requester || place.requester_group,
            assigned: place.assignee || place.assigned_group,
            observer: place.observer || place.observer_group,
            writer: place.writer,
        }
    }
}

/// Whether the actor sees a ticket (T-VIS-01), in the trash by his rights on the trash alone (T-VIS-08). `is_taken` says that an
/// active person is assigned, `is_asked` that he is a named approver whose sight has not ended (T-VAL-07).
#[must_use]
pub fn can_see_ticket(caps: CapSet, is_deleted: bool, place: &Place, is_taken: bool, is_asked: bool) -> bool {
    if is_deleted {
        return caps.contains(Capability::TicketRestore) || caps.contains(Capability::TicketPurge);
    }
    place.sees(caps, is_taken) || (is_asked && caps.contains(Capability::ValidationAnswer))
}

/// Whether the actor may add an occurrence (T-OCC-01, T-ROL-06).
///
/// # Errors
/// The capability to name in `forbidden`: the narrowest that would have been enough.
pub fn can_add_occurrence(caps: CapSet, facts: &Facts) -> Result<(), Capability> {
    let names = [Capability::OccurrenceAddOwn, Capability::OccurrenceAddAssigned, Capability::OccurrenceAddAny];
    can_add(caps, facts, names)
}

/// Whether the actor may add a task (T-TSK-02, T-ROL-06).
///
/// # Errors
/// The capability to name in `forbidden`: the narrowest that would have been enough.
pub fn can_add_task(caps: CapSet, facts: &Facts) -> Result<(), Capability> {
    can_add(caps, facts, [Capability::TaskAddOwn, Capability::TaskAddAssigned, Capability::TaskAddAny])
}

fn can_add(caps: CapSet, facts: &Facts, names: [Capability; 3]) -> Result<(), Capability> {
    let [own, assigned, any] = names;
    let is_allowed =
        caps.contains(any) || (facts.assigned && caps.contains(assigned)) || (facts.is_own() && caps.contains(own));
    if is_allowed {
        Ok(())
    } else if facts.is_own() {
        Err(own)
    } else if facts.assigned {
        Err(assigned)
    } else {
        Err(any)
    }
}

/// Whether the actor may change an occurrence that he sees (T-OCC-15).
///
/// # Errors
/// The capability to name in `forbidden`.
pub fn can_update_occurrence(caps: CapSet, is_author: bool) -> Result<(), Capability> {
    own_or_any(caps, is_author, Capability::OccurrenceUpdateOwn, Capability::OccurrenceUpdateAny)
}

/// Whether the actor may remove an occurrence that he sees (T-OCC-21).
///
/// # Errors
/// The capability to name in `forbidden`.
pub fn can_delete_occurrence(caps: CapSet, is_author: bool) -> Result<(), Capability> {
    own_or_any(caps, is_author, Capability::OccurrenceDeleteOwn, Capability::OccurrenceDeleteAny)
}

/// Whether the actor may make an occurrence private (T-OCC-15): an entry of the requester side stays
/// public but for `update-any`, and people who are no agents have public entries only (section 8).
///
/// # Errors
/// The capability to name in `forbidden`.
pub fn can_make_private(caps: CapSet, is_author: bool, by_requester_side: bool) -> Result<(), Capability> {
    can_update_occurrence(caps, is_author)?;
    if (by_requester_side || !caps.is_agent()) && !caps.contains(Capability::OccurrenceUpdateAny) {
        return Err(Capability::OccurrenceUpdateAny);
    }
    Ok(())
}

/// Whether the actor may approve or refuse the solution of a ticket (T-STA-18): requester side, or writer, who is not on the
/// service side.
///
/// # Errors
/// The capability to name in `forbidden`.
pub fn can_answer_solution(caps: CapSet, facts: &Facts) -> Result<(), Capability> {
    let is_asked = facts.requester_side || facts.writer;
    if is_asked && side_of(caps, facts) != Side::Service && caps.contains(Capability::SolutionApprove) {
        Ok(())
    } else {
        Err(Capability::SolutionApprove)
    }
}

/// Whether the actor may change a task that he sees (T-TSK-02).
///
/// # Errors
/// The capability to name in `forbidden`.
pub fn can_update_task(caps: CapSet, is_author: bool) -> Result<(), Capability> {
    own_or_any(caps, is_author, Capability::TaskUpdateOwn, Capability::TaskUpdateAny)
}

/// Whether the actor may remove a task that he sees (T-TSK-02).
///
/// # Errors
/// The capability to name in `forbidden`.
pub fn can_delete_task(caps: CapSet, is_author: bool) -> Result<(), Capability> {
    own_or_any(caps, is_author, Capability::TaskDeleteOwn, Capability::TaskDeleteAny)
}

fn own_or_any(caps: CapSet, is_author: bool, own: Capability, any: Capability) -> Result<(), Capability> {
    if caps.contains(any) || (is_author && caps.contains(own)) {
        Ok(())
    } else if is_author {
        Err(own)
    } else {
        Err(any)
    }
}

/// From which side the actor acts (T-ROL-05). Being assigned weighs more than having asked; who is on
/// neither side and no agent (observer, approver, bare writer) acts as observer.
#[must_use]
pub fn side_of(caps: CapSet, facts: &Facts) -> Side {
    if facts.assigned {
        Side::Service
    } else if facts.requester_side {
        Side::Requester
    } else if caps.is_agent() {
        Side::Service
    } else {
        Side::Observer
    }
}

/// Whether the actor sees an occurrence, solution or message of a ticket that he sees (T-VIS-03).
#[must_use]
pub fn can_see_entry(caps: CapSet, private: bool, is_author: bool) -> bool {
    can_see(caps, private, is_author, Capability::OccurrenceViewPublic, Capability::OccurrenceViewPrivate)
}

/// Whether the actor sees the messages of a ticket that he sees (T-MSG-04, T-VIS-05): they go between the service side and the
/// requester side; observers, approvers and writers who are no agents stand on neither.
#[must_use]
pub fn can_see_messages(caps: CapSet, facts: &Facts) -> bool {
    matches!(side_of(caps, facts), Side::Service | Side::Requester) && can_see_entry(caps, false, false)
}

/// Whether the actor sees a task of a ticket that he sees (T-VIS-03).
#[must_use]
pub fn can_see_task(caps: CapSet, private: bool, is_author: bool) -> bool {
    can_see(caps, private, is_author, Capability::TaskViewPublic, Capability::TaskViewPrivate)
}

fn can_see(caps: CapSet, private: bool, is_author: bool, of_public: Capability, of_private: Capability) -> bool {
    if private { caps.contains(of_private) || (is_author && caps.is_agent()) } else { caps.contains(of_public) }
}

/// Whether somebody with `caps` in an entity that an article reaches may read it there (T-KNO-01). `is_home` says that it is the
/// entity the article is kept in: only there does the right to write count.
#[must_use]
pub fn can_read_article(caps: CapSet, is_home: bool, audience: Audience, status: ArticleStatus) -> bool {
    let writes = is_home && caps.contains(Capability::KnowledgeEdit);
    let reads = match audience {
        Audience::Public => caps.contains(Capability::KnowledgeView),
        Audience::Agents => caps.contains(Capability::KnowledgeView) && caps.is_agent(),
    };
    writes || (reads && status == ArticleStatus::Published)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Facts = Facts { requester_side: false, assigned: false, observer: false, writer: false };
    const REQUESTER: Facts = Facts { requester_side: true, ..NOBODY };
    const ASSIGNED: Facts = Facts { assigned: true, ..NOBODY };
    const OBSERVER: Facts = Facts { observer: true, ..NOBODY };
    const WRITER: Facts = Facts { writer: true, ..NOBODY };

    fn of(role: ShippedRole) -> CapSet {
        capabilities(role)
    }

    fn set(capabilities: &[Capability]) -> CapSet {
        capabilities.iter().copied().collect()
    }

    #[test]
    fn t_rol_05_the_side_follows_from_the_ticket_first_and_the_role_second() {
        let both = Facts { requester_side: true, assigned: true, ..NOBODY };
        let cases = [
            (ShippedRole::Requester, REQUESTER, Side::Requester),
            (ShippedRole::Requester, OBSERVER, Side::Observer),
            (ShippedRole::Requester, WRITER, Side::Observer),
            (ShippedRole::Requester, NOBODY, Side::Observer),
            (ShippedRole::Requester, ASSIGNED, Side::Service),
            (ShippedRole::Technician, NOBODY, Side::Service),
            (ShippedRole::Technician, OBSERVER, Side::Service),
            (ShippedRole::Technician, REQUESTER, Side::Requester),
            (ShippedRole::Technician, both, Side::Service),
            (ShippedRole::Admin, REQUESTER, Side::Requester),
        ];
        for (role, facts, expected) in cases {
            assert_eq!(side_of(of(role), &facts), expected, "{role:?} {facts:?}");
        }
    }

    #[test]
    fn t_rol_06_own_assigned_and_any_open_the_composer() {
        use Capability::{OccurrenceAddAny, OccurrenceAddAssigned, OccurrenceAddOwn};
        let cases = [
            (set(&[OccurrenceAddOwn]), REQUESTER, Ok(())),
            (set(&[OccurrenceAddOwn]), OBSERVER, Ok(())),
            (set(&[OccurrenceAddOwn]), WRITER, Ok(())),
            (set(&[OccurrenceAddOwn]), ASSIGNED, Err(OccurrenceAddAssigned)),
            (set(&[OccurrenceAddOwn]), NOBODY, Err(OccurrenceAddAny)),
            (set(&[OccurrenceAddAssigned]), ASSIGNED, Ok(())),
            (set(&[OccurrenceAddAssigned]), REQUESTER, Err(OccurrenceAddOwn)),
            (set(&[OccurrenceAddAny]), NOBODY, Ok(())),
            (CapSet::EMPTY, REQUESTER, Err(OccurrenceAddOwn)),
        ];
        for (caps, facts, expected) in cases {
            assert_eq!(can_add_occurrence(caps, &facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn t_occ_01_shipped_roles_add_occurrences() {
        assert_eq!(can_add_occurrence(of(ShippedRole::Requester), &REQUESTER), Ok(()));
        assert!(can_add_occurrence(of(ShippedRole::Requester), &NOBODY).is_err(), "a named approver may not");
        assert!(can_add_occurrence(of(ShippedRole::Observer), &OBSERVER).is_err(), "the auditor only reads");
        assert_eq!(can_add_occurrence(of(ShippedRole::Technician), &NOBODY), Ok(()));
    }

    #[test]
    fn t_vis_01_a_ticket_is_seen_by_its_ways_and_in_the_trash_by_the_rights_on_it_alone() {
        let (requester, nobody) = (Place { requester: true, ..Place::default() }, Place::default());
        let approver = set(&[Capability::ValidationAnswer]);
        assert!(can_see_ticket(of(ShippedRole::Requester), false, &requester, true, false));
        assert!(!can_see_ticket(of(ShippedRole::Requester), false, &nobody, true, false));
        assert!(!can_see_ticket(of(ShippedRole::Requester), true, &requester, true, false), "not in the trash");
        assert!(can_see_ticket(approver, false, &nobody, true, true));
        assert!(
            !can_see_ticket(approver, false, &nobody, true, false)
                && !can_see_ticket(approver, true, &nobody, true, true)
        );
        for right in [Capability::TicketRestore, Capability::TicketPurge] {
            assert!(can_see_ticket(set(&[right]), true, &nobody, true, false), "{right:?}");
            assert!(!can_see_ticket(set(&[right]), false, &nobody, true, false), "{right:?}");
        }
    }

    #[test]
    fn t_rol_05_groups_count_like_their_members() {
        let place = Place { requester_group: true, assigned_group: true, observer_group: true, ..Place::default() };
        let facts = Facts::from(&place);
        assert_eq!(facts, Facts { requester_side: true, assigned: true, observer: true, writer: false });
        assert_eq!(Facts::from(&Place { routing_group: true, ..Place::default() }), NOBODY);
    }

    #[test]
    fn t_tsk_02_tasks_are_for_agents() {
        assert_eq!(can_add_task(of(ShippedRole::Requester), &REQUESTER), Err(Capability::TaskAddOwn));
        assert_eq!(can_add_task(of(ShippedRole::Technician), &NOBODY), Ok(()));
    }

    #[test]
    fn t_tsk_02_the_author_or_any_changes_and_removes_a_task() {
        let technician = of(ShippedRole::Technician);
        assert_eq!((can_update_task(technician, true), can_delete_task(technician, true)), (Ok(()), Ok(())));
        assert_eq!(can_update_task(technician, false), Err(Capability::TaskUpdateAny));
        assert_eq!(can_delete_task(technician, false), Err(Capability::TaskDeleteAny));
        assert_eq!(can_update_task(of(ShippedRole::Supervisor), false), Ok(()));
        assert_eq!(can_update_task(of(ShippedRole::Requester), true), Err(Capability::TaskUpdateOwn));
    }

    #[test]
    fn t_occ_15_only_the_author_or_update_any_changes_an_entry() {
        let cases = [
            (ShippedRole::Requester, true, Err(Capability::OccurrenceUpdateOwn)),
            (ShippedRole::Technician, true, Ok(())),
            (ShippedRole::Technician, false, Err(Capability::OccurrenceUpdateAny)),
            (ShippedRole::Supervisor, false, Ok(())),
        ];
        for (role, is_author, expected) in cases {
            assert_eq!(can_update_occurrence(of(role), is_author), expected, "{role:?} {is_author}");
        }
    }

    #[test]
    fn t_occ_21_only_the_author_or_delete_any_removes_an_entry() {
        let cases = [
            (ShippedRole::Requester, true, Err(Capability::OccurrenceDeleteOwn)),
            (ShippedRole::Technician, true, Ok(())),
            (ShippedRole::Technician, false, Err(Capability::OccurrenceDeleteAny)),
            (ShippedRole::Supervisor, false, Ok(())),
        ];
        for (role, is_author, expected) in cases {
            assert_eq!(can_delete_occurrence(of(role), is_author), expected, "{role:?} {is_author}");
        }
    }

    #[test]
    fn t_occ_15_entries_of_the_requester_side_stay_public() {
        let technician = of(ShippedRole::Technician);
        assert_eq!(can_make_private(technician, true, false), Ok(()));
        assert_eq!(can_make_private(technician, true, true), Err(Capability::OccurrenceUpdateAny));
        assert_eq!(can_make_private(of(ShippedRole::Supervisor), false, true), Ok(()));
        let copied_requester = set(&[Capability::OccurrenceUpdateOwn]);
        assert!(can_make_private(copied_requester, true, false).is_err(), "no agent, no private entry");
    }

    #[test]
    fn t_sta_18_the_requester_side_and_a_writer_outside_the_team_answer_a_solution() {
        let both = Facts { requester_side: true, assigned: true, ..NOBODY };
        let cases = [
            (ShippedRole::Requester, REQUESTER, true),
            (ShippedRole::Requester, WRITER, true),
            (ShippedRole::Requester, OBSERVER, false),
            (ShippedRole::Requester, NOBODY, false),
            (ShippedRole::Requester, both, false),
            (ShippedRole::Observer, REQUESTER, false),
            (ShippedRole::Technician, REQUESTER, true),
            (ShippedRole::Technician, WRITER, false),
            (ShippedRole::Admin, NOBODY, false),
        ];
        for (role, facts, expected) in cases {
            assert_eq!(can_answer_solution(of(role), &facts).is_ok(), expected, "{role:?} {facts:?}");
        }
    }

    #[test]
    fn t_vis_03_private_entries_are_for_view_private_and_their_agent_author() {
        let agent_without_sight = set(&[Capability::OccurrenceViewPublic, Capability::TicketUpdate]);
        let cases = [
            (of(ShippedRole::Requester), false, false, true),
            (of(ShippedRole::Requester), true, false, false),
            (of(ShippedRole::Requester), true, true, false),
            (of(ShippedRole::Observer), true, false, true),
            (of(ShippedRole::Technician), true, false, true),
            (agent_without_sight, true, false, false),
            (agent_without_sight, true, true, true),
            (CapSet::EMPTY, false, true, false),
        ];
        for (caps, private, is_author, expected) in cases {
            assert_eq!(can_see_entry(caps, private, is_author), expected, "{caps:?} {private} {is_author}");
        }
    }

    #[test]
    fn t_msg_04_messages_are_for_the_two_sides_they_go_between() {
        let cases = [
            (ShippedRole::Requester, REQUESTER, true),
            (ShippedRole::Requester, ASSIGNED, true),
            (ShippedRole::Requester, OBSERVER, false),
            (ShippedRole::Requester, WRITER, false),
            (ShippedRole::Requester, NOBODY, false),
            (ShippedRole::Technician, NOBODY, true),
            (ShippedRole::Technician, OBSERVER, true),
            (ShippedRole::Observer, NOBODY, true),
        ];
        for (role, facts, expected) in cases {
            assert_eq!(can_see_messages(of(role), &facts), expected, "{role:?} {facts:?}");
        }
        assert!(!can_see_messages(CapSet::EMPTY, &REQUESTER), "who sees no public entry sees no message");
    }

    #[test]
    fn t_vis_03_the_right_for_one_kind_does_not_open_the_other() {
        let tasks_only = set(&[Capability::TaskViewPrivate]);
        assert!(can_see_task(tasks_only, true, false));
        assert!(!can_see_entry(tasks_only, true, false));
    }
}
