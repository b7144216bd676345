//! Who is told of what happens to a ticket, why, and what of it may be switched off (tickets.md section 20).
//!
//! Belongs here: the rules, from how somebody stands to the ticket. Does not belong here: finding those people (`service`),
//! sentences (`app`).

#[cfg(test)]
mod tests;

use crate::access::GroupMail;
use crate::clock::DueState;
use crate::policy::{CapSet, Capability};
use crate::ticket::machine::Trigger;
use crate::ticket::{Side, Status, words};

/// Members of a group are told as long as it has at most so many: a larger one is no team but a list of addresses.
pub const GROUP_MAX: i64 = 200;
/// Unread ones are counted up to here; above it stands "99+".
pub const UNREAD_MAX: u32 = 99;

words! {
    /// What people are told of (T-NTF-02), as far as this release has it.
    pub enum Event {
        /// The ticket is mine, or my group's, from now on.
        Assigned => "assigned",
        /// The same, handed over by somebody who had it.
        Delegated => "delegated",
        /// The requester side wrote an occurrence.
        RequesterOccurrence => "requester_occurrence",
        /// Somebody sent a message.
        Message => "message",
        /// Somebody began a chat.
        Chat => "chat",
        /// A solved or closed ticket is open again.
        Reopened => "reopened",
        /// A ticket was registered for me.
        Registered => "registered",
        /// Somebody wrote a public occurrence, or made one public.
        PublicOccurrence => "public_occurrence",
        /// The ticket was put on hold.
        Pending => "pending",
        /// The ticket was solved.
        Solved => "solved",
        /// The ticket was closed.
        Closed => "closed",
        /// An agent cancelled the ticket.
        Cancelled => "cancelled",
        /// The ticket waits for its requesters.
        Reminder => "reminder",
        /// How was it? asked after closing.
        Survey => "survey",
        /// The requester side approved the solution.
        SolutionApproved => "solution_approved",
        /// The requester side refused the solution, so that the ticket is open again.
        SolutionRefused => "solution_refused",
        /// A deadline of the ticket is at risk (T-CLK-06).
        DueAtRisk => "due_at_risk",
        /// A deadline of the ticket has passed.
        Overdue => "overdue",
        /// A task is mine, or my group's, from now on.
        TaskGiven => "task_given",
        /// Somebody else changed my task.
        TaskChanged => "task_changed",
        /// My task begins soon (T-TSK-07).
        TaskReminder => "task_reminder",
        /// I am asked for a validation.
        ValidationAsked => "validation_asked",
        /// A validation I was asked for is wanted no more.
        ValidationWithdrawn => "validation_withdrawn",
        /// Somebody answered a request for validation.
        ValidationAnswered => "validation_answered",
        /// Too many automatic mails: those above the limit did not leave (M-LOP-01).
        MailLimited => "mail_limited",
    }
}

words! {
    /// Why somebody was told: by which of his roles in the ticket (T-NTF-01).
    pub enum Why {
        /// He is assigned.
        Assignee => "assignee",
        /// A group of his is assigned.
        AssignedGroup => "assigned_group",
        /// Nobody is assigned, and such tickets go to a group of his.
        RoutingGroup => "routing_group",
        /// He is requester.
        Requester => "requester",
        /// A group of his is requester.
        RequesterGroup => "requester_group",
        /// He is observer.
        Observer => "observer",
        /// A group of his is observer.
        ObserverGroup => "observer_group",
        /// The task is his.
        TaskUser => "task_user",
        /// The task is a group's of his, and nobody's in it.
        TaskGroup => "task_group",
        /// He is asked for a validation.
        Approver => "approver",
        /// A group of his is asked for a validation.
        ApproverGroup => "approver_group",
        /// He asked for the validation.
        Asker => "asker",
        /// He may set the settings of the ticket's entity.
        Administrator => "administrator",
    }
}

/// Which roles in a ticket an event is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Audience {
    service: bool,
    requester: bool,
    observer: bool,
}

impl Event {
    /// Events that mails are sent for by the preference of each person (M-OUT-05, M-OUT-06): the page of preferences offers the
    /// choice. A later part adds its events here, and says in `mails_to` whom they are mailed to.
    pub const MAILED: &'static [Event] = &[
        Event::Assigned,
        Event::Delegated,
        Event::RequesterOccurrence,
        Event::Message,
        Event::Reopened,
        Event::Registered,
        Event::PublicOccurrence,
        Event::Pending,
        Event::Solved,
        Event::Closed,
        Event::Cancelled,
        Event::Reminder,
        Event::Survey,
        Event::SolutionApproved,
        Event::SolutionRefused,
        Event::DueAtRisk,
        Event::Overdue,
        Event::TaskGiven,
        Event::TaskChanged,
        Event::TaskReminder,
        Event::ValidationAsked,
        Event::ValidationWithdrawn,
        Event::ValidationAnswered,
    ];

    /// To whom it is told (T-NTF-02); `by` is the side of who did it.
    const fn audience(self, by: Side) -> Audience {
        let (service, requester, observer) = match self {
            Self::Assigned
            | Self::Delegated
            | Self::RequesterOccurrence
            | Self::SolutionApproved
            | Self::DueAtRisk
            | Self::Overdue
            | Self::ValidationAnswered => (true, false, false),
            // Those who are asked stand in no role of the ticket: the request names them (T-VAL-06).
            Self::ValidationAsked | Self::ValidationWithdrawn => (false, false, false),
            // A message of the service side is for the other side only; observers see none (P-MSG-01).
            Self::Message | Self::Chat => (!matches!(by, Side::Service), true, false),
            Self::Reopened | Self::SolutionRefused => (true, true, true),
            Self::Registered
            | Self::PublicOccurrence
            | Self::Pending
            | Self::Solved
            | Self::Closed
            | Self::Cancelled
            | Self::Reminder => (false, true, true),
            // Observers are asked for no opinion.
            Self::Survey => (false, true, false),
            // Told to the people of the task, whatever they are to the ticket.
            Self::TaskGiven | Self::TaskChanged | Self::TaskReminder => (false, false, false),
            // Told to administrators, whatever they are to the ticket.
            Self::MailLimited => (false, false, false),
        };
        Audience { service, requester, observer }
    }

    /// Whether a mail says by itself that it happened to somebody who is told why (M-OUT-05, M-OUT-06, M-OUT-08). A public
    /// occurrence is mailed only when its writer says so, as a mail of its own (M-OUT-01), a chat when its lines stay unread
    /// (M-OUT-04); observers get mails of the end only. What the requesters are asked to answer or to do (solved, reminder,
    /// survey) is mailed to them as a letter of its own (M-OUT-06).
    #[must_use]
    pub const fn mails_to(self, why: Why) -> bool {
        match (self, why) {
            (Self::PublicOccurrence | Self::Chat | Self::MailLimited | Self::Reminder | Self::Survey, _) => false,
            (Self::Solved, Why::Requester | Why::RequesterGroup) => false,
            (Self::Solved | Self::Closed, _) => true,
            (_, Why::Observer | Why::ObserverGroup) => false,
            _ => true,
        }
    }

    /// Whether it is mailed to people known by their address only, who have no preferences (M-OUT-06, M-OUT-08); `why` is
    /// `Requester` or `Observer`. Letters of their own do not count here either.
    #[must_use]
    pub const fn mails_outside(self, why: Why) -> bool {
        matches!(
            (self, why),
            (Self::Registered | Self::Closed, Why::Requester) | (Self::Solved | Self::Closed, Why::Observer)
        )
    }

    /// The switch of an assigned group that has it mailed to the requesters whatever their preference (M-RCP-05).
    #[must_use]
    pub const fn insisted_by(self) -> Option<GroupMail> {
        match self {
            Self::Registered => Some(GroupMail::Opening),
            Self::Solved | Self::Closed | Self::Survey => Some(GroupMail::Closing),
            _ => None,
        }
    }

    /// Whether a person may switch it off in the product (T-NTF-03): new work always rings.
    #[must_use]
    pub const fn may_be_off(self) -> bool {
        !matches!(self, Self::Assigned | Self::Delegated | Self::ValidationAsked)
    }

    /// Whether only the service side is told, so that other people have no use for its preference.
    #[must_use]
    pub const fn is_for_service_only(self) -> bool {
        matches!(
            self,
            Self::Assigned
                | Self::Delegated
                | Self::RequesterOccurrence
                | Self::SolutionApproved
                | Self::DueAtRisk
                | Self::Overdue
                | Self::ValidationAnswered
                | Self::TaskGiven
                | Self::TaskChanged
                | Self::TaskReminder
                | Self::MailLimited
        )
    }

    /// Whether it is told to agents alone, whatever role somebody has in the ticket: who agreed to what (T-VIS-05), and how the
    /// deadlines stand, one of which is the team's own.
    #[must_use]
    pub const fn is_for_agents(self) -> bool {
        matches!(self, Self::DueAtRisk | Self::Overdue | Self::ValidationAnswered)
    }

    /// Whether it is an entry that is told of: who may not see the entry learns nothing of it.
    #[must_use]
    pub const fn is_an_entry(self) -> bool {
        matches!(
            self,
            Self::RequesterOccurrence
                | Self::PublicOccurrence
                | Self::Message
                | Self::Chat
                | Self::Reminder
                | Self::TaskGiven
                | Self::TaskChanged
                | Self::TaskReminder
        )
    }

    /// Whether it is told by mail to people who chose nothing (M-OUT-08).
    #[must_use]
    pub const fn is_mailed_by_default(self) -> bool {
        matches!(
            self,
            Self::Assigned
                | Self::Delegated
                | Self::Reopened
                | Self::Registered
                | Self::Solved
                | Self::Closed
                | Self::Reminder
                | Self::Survey
                | Self::SolutionRefused
                | Self::TaskReminder
                | Self::ValidationAsked
        )
    }
}

/// How somebody stands to a ticket, role by role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Assigned himself.
    pub assignee: bool,
    /// Member of an assigned group.
    pub assigned_group: bool,
    /// Member of the routing group, while neither person nor group is assigned.
    pub routing_group: bool,
    /// Requester himself.
    pub requester: bool,
    /// Member of a requester group.
    pub requester_group: bool,
    /// Observer himself.
    pub observer: bool,
    /// Member of an observer group.
    pub observer_group: bool,
    /// Registered the ticket.
    pub writer: bool,
}

impl Place {
    /// Whether he sees the ticket by his capabilities in its entity (T-VIS-01, without the trash); `is_taken` = an active person
    /// is assigned.
    #[must_use]
    pub fn sees(&self, caps: CapSet, is_taken: bool) -> bool {
        let is_assigned = self.assignee || self.assigned_group;
        let is_queued = !is_taken && (self.assigned_group || self.routing_group);
        let is_own = self.requester || self.observer || self.writer;
        caps.contains(Capability::TicketViewAll)
            || (is_assigned && caps.contains(Capability::TicketViewAssigned))
            || (is_queued && caps.contains(Capability::TicketViewUnassignedOfMyGroups))
            || ((self.requester_group || self.observer_group) && caps.contains(Capability::TicketViewGroup))
            || (is_own && caps.contains(Capability::TicketViewOwn))
    }
}

/// Why somebody is told of an event, if he is (T-NTF-02): one reason, the weightiest, whatever roles he has. `by` is the side of
/// who did it.
#[must_use]
pub fn why(event: Event, by: Side, place: &Place) -> Option<Why> {
    let Audience { service, requester, observer } = event.audience(by);
    // Nobody was given the work: it only lies where such work goes.
    let is_given = matches!(event, Event::Assigned | Event::Delegated);
    let reasons = [
        (service && place.assignee, Why::Assignee),
        (service && place.assigned_group, Why::AssignedGroup),
        (service && !is_given && place.routing_group, Why::RoutingGroup),
        (requester && place.requester, Why::Requester),
        (requester && place.requester_group, Why::RequesterGroup),
        (observer && place.observer, Why::Observer),
        (observer && place.observer_group, Why::ObserverGroup),
    ];
    reasons.into_iter().find(|(is_so, _)| *is_so).map(|(_, why)| why)
}

/// What the state of a deadline is told as (T-NTF-02); most states are not.
#[must_use]
pub const fn of_due(state: DueState) -> Option<Event> {
    match state {
        DueState::AtRisk => Some(Event::DueAtRisk),
        DueState::Overdue => Some(Event::Overdue),
        DueState::None | DueState::OnTime | DueState::Paused | DueState::Met | DueState::Missed => None,
    }
}

/// What a step of the state machine is told as; most steps are not.
#[must_use]
pub const fn of_step(trigger: Trigger, from: Status, to: Status) -> Option<Event> {
    match (trigger, from, to) {
        // The people of a source follow the ticket it was merged into.
        (Trigger::Merge, ..) => None,
        (_, Status::Pending, Status::Pending) | (_, Status::Solved, Status::Solved) => None,
        (_, _, Status::Pending) => Some(Event::Pending),
        (_, _, Status::Solved) => Some(Event::Solved),
        (_, Status::Closed, Status::Closed) => None,
        (_, _, Status::Closed) => Some(Event::Closed),
        (Trigger::Refuse, Status::Solved, _) => Some(Event::SolutionRefused),
        (Trigger::CancelByAgent, _, Status::Cancelled) => Some(Event::Cancelled),
        (_, Status::Solved | Status::Closed, Status::New | Status::Assigned | Status::Planned) => Some(Event::Reopened),
        _ => None,
    }
}
