//! Figures of a ticket, and the dashboard (T-STT).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Choice, ListQuery, Ref};
use crate::clock::Phase;
use crate::duration::Minutes;
use crate::format::Moment;
use crate::statistics::Age;
use crate::ticket::Status;

/// A figure of T-CLK-08.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureView {
    /// Minutes gone by.
    pub elapsed_minutes: i64,
    /// Minutes of working time; without a calendar the same.
    pub working_minutes: i64,
    /// It is not reached, and counts up to now.
    pub running: bool,
}

/// A stretch of time in one status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntervalView {
    /// Which status.
    pub status: Status,
    /// Since when.
    pub from: Moment,
    /// Until when; none = still.
    pub to: Option<Moment>,
    /// Minutes gone by.
    pub minutes: i64,
}

/// Minutes somebody spent on one kind of entry, as far as the reader may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonTime {
    /// Who.
    pub name: String,
    /// His account; none for people of the past.
    pub id: Option<Uuid>,
    /// Kind of the entries: `occurrence`, `task`.
    pub kind: String,
    /// Minutes.
    pub minutes: Minutes,
    /// How many entries.
    pub entries: i64,
}

/// The tab "Statistics" of a ticket (T-STT-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketStatistics {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Opened.
    pub opened_at: Moment,
    /// Taken into account.
    pub taken_at: Option<Moment>,
    /// First assigned.
    pub assigned_at: Option<Moment>,
    /// Time to own.
    pub due_own_at: Option<Moment>,
    /// Time to resolve.
    pub due_resolve_at: Option<Moment>,
    /// Solved.
    pub solved_at: Option<Moment>,
    /// Closed.
    pub closed_at: Option<Moment>,
    /// Cancelled.
    pub cancelled_at: Option<Moment>,
    /// Until it was taken into account.
    pub taken: FigureView,
    /// Until it was first assigned.
    pub assigned: FigureView,
    /// On hold.
    pub pending: FigureView,
    /// Solved, without answer.
    pub awaiting: FigureView,
    /// Until it was solved.
    pub solving: FigureView,
    /// Until it was closed.
    pub closing: FigureView,
    /// Minutes of its entries, as far as the reader may see them.
    pub worked: Minutes,
    /// Minutes in each phase, for the bar.
    pub phases: Vec<(Phase, i64)>,
    /// Minutes by person and kind.
    pub time_by_person: Vec<PersonTime>,
    /// Its status intervals, the oldest first.
    pub intervals: Vec<IntervalView>,
    /// Times reopened.
    pub reopen_count: i32,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

/// What a dashboard is asked for; all of it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DashboardQuery {
    /// An entity with those below it; empty = all in which the reader may see statistics.
    pub entity: String,
    /// First day; empty = 30 days before the last.
    pub from: String,
    /// Last day; empty = today.
    pub to: String,
    /// A group that is assigned.
    pub group: String,
    /// A person who is assigned: an id, or `me`.
    pub person: String,
}

/// A day, or the week that begins with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// Its first moment, in the reader's zone.
    pub from: Moment,
    /// Tickets opened.
    pub opened: i64,
    /// Tickets solved.
    pub solved: i64,
    /// Tickets closed.
    pub closed: i64,
}

/// The dashboard (T-STT-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardView {
    /// First day as the form holds it: `2026-03-12`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Days a bar stands for: 1 or 7.
    pub step: i64,
    /// The days of the period.
    pub days: Vec<DayView>,
    /// Open tickets by status.
    pub backlog: Vec<(Status, i64)>,
    /// Open tickets by age.
    pub ages: Vec<(Age, i64)>,
    /// Average minutes of working time until taken into account, of tickets opened in the period.
    pub taken: Option<i64>,
    /// Average minutes until solved, of tickets solved in the period.
    pub solving: Option<i64>,
    /// Average minutes an answer was awaited, of tickets closed in the period.
    pub awaiting: Option<i64>,
    /// Average minutes until closed, of tickets closed in the period.
    pub closing: Option<i64>,
    /// Tickets solved in the period after their time to resolve.
    pub late: i64,
    /// Open tickets whose time to resolve has passed.
    pub overdue: i64,
    /// Minutes spent in the period, as far as the reader may see them.
    pub worked: i64,
    /// Surveys answered that count, of tickets closed in the period.
    pub surveys_answered: i64,
    /// Their mean in hundredths of a point, 0 to 500; `None` = nobody answered.
    pub satisfaction: Option<i64>,
    /// Tickets opened in the period by category, the most first; an empty name stands for none.
    pub by_category: Vec<(String, i64)>,
    /// By assigned group.
    pub by_group: Vec<(String, i64)>,
    /// By assigned person.
    pub by_assignee: Vec<(String, i64)>,
    /// By source.
    pub by_source: Vec<(String, i64)>,
    /// By customer; `None` = the reader sees no customers. One he does not see counts as none.
    pub by_customer: Option<Vec<(String, i64)>>,
    /// Filters of the ticket list for what is counted here, before status and time; `None` = no list has exactly that.
    pub list: Option<ListQuery>,
    /// Entities the reader may choose.
    pub entities: Vec<Choice>,
    /// Groups the reader may choose.
    pub groups: Vec<Choice>,
    /// The person who is asked for.
    pub person: Option<Ref>,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

impl DashboardView {
    /// The ticket list of exactly the open tickets of a status, where there is one.
    #[must_use]
    pub fn list_of_status(&self, status: Status) -> Option<ListQuery> {
        Some(ListQuery { status: status.as_str().to_owned(), ..self.list.clone()? })
    }

    /// The same of those that were of an age when they were counted.
    #[must_use]
    pub fn list_of_age(&self, age: Age) -> Option<ListQuery> {
        let now = self.now.date_time()?;
        // As old as the end of an age, to the second, belongs to the next one.
        let second_after = |ago: i64| {
            let at = now.checked_sub_signed(TimeDelta::try_seconds(ago - 1)?)?;
            Some(Moment::new(at).as_str().to_owned())
        };
        let mut list = self.list_of_open()?;
        if let Some(end) = age.end() {
            list.more.push(("opened_from".to_owned(), second_after(end)?));
        }
        if age.begin() > 0 {
            list.more.push(("opened_to".to_owned(), second_after(age.begin())?));
        }
        Some(list)
    }

    /// The same of those whose time to resolve has passed.
    #[must_use]
    pub fn list_of_overdue(&self) -> Option<ListQuery> {
        let mut list = self.list_of_open()?;
        list.more.push(("overdue".to_owned(), "true".to_owned()));
        Some(list)
    }

    fn list_of_open(&self) -> Option<ListQuery> {
        Some(ListQuery { status: "open".to_owned(), ..self.list.clone()? })
    }
}
