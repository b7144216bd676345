use super::*;
use crate::error::Code;
use crate::policy::{ShippedRole, capabilities};

const NOBODY: Place = Place {
    assignee: false,
    assigned_group: false,
    routing_group: false,
    requester: false,
    requester_group: false,
    observer: false,
    observer_group: false,
    writer: false,
};
const ASSIGNEE: Place = Place { assignee: true, ..NOBODY };
const ASSIGNED_GROUP: Place = Place { assigned_group: true, ..NOBODY };
const ROUTING_GROUP: Place = Place { routing_group: true, ..NOBODY };
const REQUESTER: Place = Place { requester: true, ..NOBODY };
const REQUESTER_GROUP: Place = Place { requester_group: true, ..NOBODY };
const OBSERVER: Place = Place { observer: true, ..NOBODY };
const OBSERVER_GROUP: Place = Place { observer_group: true, ..NOBODY };
const WRITER: Place = Place { writer: true, ..NOBODY };

#[test]
fn t_ntf_02_each_side_is_told_of_its_events() {
    // Assignees and group, requester side, observers.
    let table = [
        (Event::Assigned, [true, false, false]),
        (Event::Delegated, [true, false, false]),
        (Event::RequesterOccurrence, [true, false, false]),
        (Event::Message, [true, true, false]),
        (Event::Chat, [true, true, false]),
        (Event::Reopened, [true, true, true]),
        (Event::Registered, [false, true, true]),
        (Event::PublicOccurrence, [false, true, true]),
        (Event::Pending, [false, true, true]),
        (Event::Solved, [false, true, true]),
        (Event::Closed, [false, true, true]),
        (Event::Cancelled, [false, true, true]),
        (Event::Reminder, [false, true, true]),
        (Event::Survey, [false, true, false]),
        (Event::SolutionApproved, [true, false, false]),
        (Event::SolutionRefused, [true, true, true]),
        (Event::DueAtRisk, [true, false, false]),
        (Event::Overdue, [true, false, false]),
        // The people of a task are told whatever they are to the ticket.
        (Event::TaskGiven, [false, false, false]),
        (Event::TaskChanged, [false, false, false]),
        (Event::TaskReminder, [false, false, false]),
        (Event::ValidationAsked, [false, false, false]),
        (Event::ValidationWithdrawn, [false, false, false]),
        (Event::ValidationAnswered, [true, false, false]),
        (Event::MailLimited, [false, false, false]),
    ];
    assert_eq!(table.map(|(event, _)| event).as_slice(), Event::ALL, "every event has its row");
    for (event, [service, requester, observer]) in table {
        let is_given = matches!(event, Event::Assigned | Event::Delegated);
        let sides = [
            (ASSIGNEE, Why::Assignee, service),
            (ASSIGNED_GROUP, Why::AssignedGroup, service),
            (ROUTING_GROUP, Why::RoutingGroup, service && !is_given),
            (REQUESTER, Why::Requester, requester),
            (REQUESTER_GROUP, Why::RequesterGroup, requester),
            (OBSERVER, Why::Observer, observer),
            (OBSERVER_GROUP, Why::ObserverGroup, observer),
        ];
        for (place, reason, is_told) in sides {
            assert_eq!(why(event, Side::Requester, &place), is_told.then_some(reason), "{event} {place:?}");
        }
        assert_eq!(why(event, Side::Requester, &NOBODY), None, "{event}");
        assert_eq!(why(event, Side::Requester, &WRITER), None, "{event}: to have registered a ticket is no side");
    }
}

#[test]
fn t_ntf_02_a_message_of_the_service_side_is_for_the_other_side() {
    assert_eq!(why(Event::Message, Side::Service, &ASSIGNEE), None);
    assert_eq!(why(Event::Message, Side::Service, &REQUESTER), Some(Why::Requester));
    assert_eq!(why(Event::Message, Side::Observer, &ASSIGNEE), Some(Why::Assignee));
}

#[test]
fn t_ntf_01_who_has_several_roles_is_told_once_by_the_weightiest() {
    let all = Place { assignee: true, assigned_group: true, requester: true, observer: true, writer: true, ..NOBODY };
    assert_eq!(why(Event::Reopened, Side::Service, &all), Some(Why::Assignee));
    assert_eq!(why(Event::Closed, Side::Service, &all), Some(Why::Requester), "his own request is closed");
}

#[test]
fn t_vis_01_a_place_and_the_capabilities_open_a_ticket() {
    let of = |role| capabilities(role);
    let cases = [
        (ShippedRole::Requester, REQUESTER, true),
        (ShippedRole::Requester, OBSERVER, true),
        (ShippedRole::Requester, WRITER, true),
        (ShippedRole::Requester, REQUESTER_GROUP, false),
        (ShippedRole::Requester, ASSIGNEE, false),
        (ShippedRole::Requester, NOBODY, false),
        (ShippedRole::Technician, NOBODY, true),
    ];
    for (role, place, expected) in cases {
        assert_eq!(place.sees(of(role), true), expected, "{role:?} {place:?}");
    }
    let only = |capability: Capability| [capability].into_iter().collect::<CapSet>();
    assert!(ASSIGNED_GROUP.sees(only(Capability::TicketViewAssigned), true));
    assert!(REQUESTER_GROUP.sees(only(Capability::TicketViewGroup), true));
    let queue = only(Capability::TicketViewUnassignedOfMyGroups);
    assert!(ROUTING_GROUP.sees(queue, false) && ASSIGNED_GROUP.sees(queue, false));
    assert!(!ASSIGNED_GROUP.sees(queue, true), "somebody has it");
    assert!(!ASSIGNEE.sees(CapSet::EMPTY, false), "no right, no sight");
}

#[test]
fn t_ntf_02_steps_of_the_machine_that_are_told() {
    use Status::{Assigned, Cancelled, Closed, New, Pending, Solved};
    let table = [
        (Trigger::Suspend, Assigned, Pending, Some(Event::Pending)),
        (Trigger::Suspend, Pending, Pending, None),
        (Trigger::Reactivate, Pending, Assigned, None),
        (Trigger::Solve, Assigned, Solved, Some(Event::Solved)),
        (Trigger::OccurrenceRequester, Solved, Solved, None),
        (Trigger::OccurrenceRequester, Solved, Assigned, Some(Event::Reopened)),
        (Trigger::OccurrenceRequester, Pending, Assigned, None),
        (Trigger::Refuse, Solved, New, Some(Event::SolutionRefused)),
        (Trigger::Close, Solved, Closed, Some(Event::Closed)),
        (Trigger::CloseWithSolution, Assigned, Closed, Some(Event::Closed)),
        (Trigger::AutoClose, Solved, Closed, Some(Event::Closed)),
        (Trigger::ReopenByAgent, Closed, Assigned, Some(Event::Reopened)),
        (Trigger::ReopenByRequester, Closed, New, Some(Event::Reopened)),
        (Trigger::CancelByAgent, Solved, Cancelled, Some(Event::Cancelled)),
        (Trigger::CancelByRequester, New, Cancelled, None),
        (Trigger::Merge, New, Closed, None),
        (Trigger::AssigneeAppears, New, Assigned, None),
        (Trigger::OccurrenceService, Solved, Solved, None),
    ];
    for (trigger, from, to, expected) in table {
        assert_eq!(of_step(trigger, from, to), expected, "{trigger} {from} {to}");
    }
}

#[test]
fn t_ntf_02_a_deadline_is_told_of_at_risk_and_when_it_has_passed() {
    let told = DueState::ALL.iter().copied().filter_map(|state| Some((state, of_due(state)?)));
    let expected = [(DueState::AtRisk, Event::DueAtRisk), (DueState::Overdue, Event::Overdue)];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert!(Event::DueAtRisk.is_for_agents() && Event::Overdue.is_for_agents());
}

#[test]
fn t_ntf_03_new_work_cannot_be_switched_off() {
    let fixed: Vec<Event> = Event::ALL.iter().copied().filter(|event| !event.may_be_off()).collect();
    assert_eq!(fixed, [Event::Assigned, Event::Delegated, Event::ValidationAsked]);
}

#[test]
fn m_out_08_what_is_mailed_to_people_who_chose_nothing() {
    let mailed: Vec<&str> =
        Event::ALL.iter().copied().filter(|event| event.is_mailed_by_default()).map(Event::as_str).collect();
    assert_eq!(
        mailed,
        [
            "assigned",
            "delegated",
            "reopened",
            "registered",
            "solved",
            "closed",
            "reminder",
            "survey",
            "solution_refused",
            "task_reminder",
            "validation_asked",
        ]
    );
}

#[test]
fn m_out_05_a_mail_is_sent_to_whom_it_concerns() {
    use Why::{AssignedGroup, Assignee, Observer, ObserverGroup, Requester, RequesterGroup};
    for why in [Assignee, AssignedGroup, Requester, RequesterGroup, Observer, ObserverGroup] {
        let is_observer = matches!(why, Observer | ObserverGroup);
        for event in Event::ALL.iter().copied() {
            let expected = match event {
                // By the tick of the writer, with its unread lines, or never.
                Event::PublicOccurrence | Event::Chat | Event::MailLimited => false,
                // As a letter that asks for an answer.
                Event::Reminder | Event::Survey => false,
                Event::Solved => !matches!(why, Requester | RequesterGroup),
                Event::Closed => true,
                _ => !is_observer,
            };
            assert_eq!(event.mails_to(why), expected, "{event} {why}");
            assert!(!event.mails_to(why) || Event::MAILED.contains(&event), "{event} is no choice");
        }
    }
}

#[test]
fn m_out_08_people_without_account_hear_of_the_beginning_and_the_end() {
    let of = |why: Why| -> Vec<&str> {
        Event::ALL.iter().filter(|event| event.mails_outside(why)).map(|event| event.as_str()).collect()
    };
    assert_eq!(of(Why::Requester), ["registered", "closed"], "solved is a letter of its own");
    assert_eq!(of(Why::Observer), ["solved", "closed"]);
    assert!(of(Why::Assignee).is_empty());
}

#[test]
fn m_rcp_05_groups_insist_on_the_beginning_and_the_end() {
    let of = |mail: GroupMail| -> Vec<&str> {
        let insists = |event: &&Event| event.insisted_by() == Some(mail);
        Event::ALL.iter().filter(insists).map(|event| event.as_str()).collect()
    };
    assert_eq!(of(GroupMail::Opening), ["registered"]);
    assert_eq!(of(GroupMail::Closing), ["solved", "closed", "survey"]);
    assert!(of(GroupMail::Progress).is_empty(), "that one locks the tick of the form");
}

#[test]
fn words_of_events_and_reasons_are_read_back() {
    for event in Event::ALL {
        assert_eq!(event.as_str().parse::<Event>(), Ok(*event));
    }
    for why in Why::ALL {
        assert_eq!(why.as_str().parse::<Why>(), Ok(*why));
    }
    assert_eq!("Assigned".parse::<Event>(), Err(Code::Invalid));
}
