//! Tasks: in the timeline, in lists, in the planner.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{ActorView, Choice, DraftView, FormChoices, OccurrenceView};
use crate::duration::Minutes;
use crate::format::Moment;
use crate::task::TaskState;
use crate::ticket::Status;

/// What a task has besides what every entry has, as its reader may know it (T-TSK-01, T-VIS-05).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFacts {
    /// Where it stands.
    pub state: TaskState,
    /// When it is planned to begin.
    pub planned_begin: Option<Moment>,
    /// When it is planned to end.
    pub planned_end: Option<Moment>,
    /// Estimated time; agents only.
    pub estimated: Option<Minutes>,
    /// Time it took; agents only.
    pub actual: Option<Minutes>,
    /// Who does it; for the requester side whoever it is, else its author.
    pub user: Option<ActorView>,
    /// Which group does it; agents only.
    pub group: Option<ActorView>,
    /// Minutes before the begin; agents only.
    pub reminder: Option<i32>,
    /// When it was done; agents only.
    pub done_at: Option<Moment>,
    /// By whom; agents only.
    pub done_by: Option<ActorView>,
}

/// A task as its reader sees it: an entry like an occurrence, with what only tasks have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskView {
    /// Author, text, visibility, files, versions. `actions`: `update`, `delete`, `progress`, `pause`, `resume`.
    pub entry: OccurrenceView,
    /// The rest.
    pub facts: TaskFacts,
}

/// A task in the timeline. In the browser it is an entry with a line of words: state, time, person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEntry {
    /// What every entry has.
    pub entry: OccurrenceView,
    /// State, time and person in the words of the reader; pages only.
    pub line: String,
    /// The facts themselves; they stay on the server.
    #[serde(skip)]
    pub facts: Box<TaskFacts>,
}

impl From<TaskView> for TaskEntry {
    fn from(view: TaskView) -> Self {
        Self { entry: view.entry, line: String::new(), facts: Box::new(view.facts) }
    }
}

/// Something to know about what was saved all the same (T-GEN-12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// `planning_conflict`, `outside_working_hours`, `open_tasks`, `internal_text`.
    pub code: String,
    /// What the reader may know of it.
    pub data: Value,
}

/// A saved task and what is to know about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTask {
    /// Its id.
    pub id: Uuid,
    /// What is to know.
    pub warnings: Vec<Warning>,
}

/// What the pages of one task and of a new one need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskPage {
    /// Number of the ticket.
    pub number: i64,
    /// Title of the ticket.
    pub title: String,
    /// Status of the ticket.
    pub status: Status,
    /// The stored task; none = a new one.
    pub task: Option<TaskView>,
    /// Options of the form.
    pub choices: TaskChoices,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// `private`, `public`: what a new task begins with.
    pub visibility: String,
    /// The reader may put the ticket on hold.
    pub may_suspend: bool,
    /// The reader may resume the ticket.
    pub may_resume: bool,
    /// The server's clock of this answer.
    pub now: Moment,
}

/// What may be chosen in the form of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskChoices {
    /// Task categories.
    pub categories: Vec<Choice>,
    /// Agents of the entity.
    pub users: Vec<Choice>,
    /// Groups that may be assigned.
    pub groups: Vec<Choice>,
    /// Task templates.
    pub templates: Vec<Choice>,
    /// Of the ticket: pending reasons, limits of files.
    pub form: FormChoices,
}

/// The tasks of a ticket, for its tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketTasks {
    /// Number of the ticket.
    pub number: i64,
    /// Title of the ticket.
    pub title: String,
    /// The reader may add a task.
    pub may_add: bool,
    /// Tasks, oldest first.
    pub tasks: Vec<TaskView>,
    /// More than are shown.
    pub is_cut: bool,
    /// The server's clock of this answer.
    pub now: Moment,
}

/// A task in a list that reaches over many tickets (T-TSK-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// The task.
    pub task: TaskView,
    /// Title of its ticket.
    pub title: String,
    /// Its end, or begin, is past, and it is not done.
    pub overdue: bool,
}

/// The page "My tasks" (T-TSK-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyTasks {
    /// `mine`, `groups`, `overdue`: what is shown.
    pub part: String,
    /// Tasks by begin, then age.
    pub rows: Vec<TaskRow>,
    /// More.
    pub next_cursor: Option<String>,
    /// How many are mine, of my groups without a person, overdue: up to 100, one of which stands for more.
    pub counts: [u32; 3],
    /// When the calendar feed was made, if there is one (T-TSK-10).
    pub feed_since: Option<Moment>,
    /// The server's clock of this answer.
    pub now: Moment,
}

/// A stretch of somebody's time in the planner; of what the reader may not see only the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannerBlock {
    /// Id of the task; absent = "busy".
    pub id: Option<Uuid>,
    /// Number of its ticket.
    pub ticket: Option<i64>,
    /// Title of its ticket.
    pub title: String,
    /// The beginning of its text.
    pub text: String,
    /// Where it stands.
    pub state: Option<TaskState>,
    /// Only the attending team reads it.
    pub private: bool,
    /// When it begins; absent = not planned.
    pub begin: Option<Moment>,
    /// When it ends.
    pub end: Option<Moment>,
    /// Half hours of the column before it begins, 0..48.
    pub row: u32,
    /// Half hours of the column it covers, at least 1.
    pub rows: u32,
    /// The reader may plan it anew.
    pub movable: bool,
    /// Another one wants the same time of the same person.
    pub conflict: bool,
}

/// A day of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannerColumn {
    /// Midnight, by which the day is named.
    pub day: Moment,
    /// It is today.
    pub today: bool,
    /// Whose.
    pub person: ActorView,
    /// Planned tasks by begin.
    pub blocks: Vec<PlannerBlock>,
}

/// The planner (T-TSK-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannerView {
    /// `week`, `day`, `list`.
    pub view: String,
    /// First day, `2026-03-09`.
    pub date: String,
    /// First days before and after this stretch.
    pub previous: String,
    /// See `previous`.
    pub next: String,
    /// Today.
    pub today: String,
    /// Id of the person shown; empty = of a group.
    pub person: String,
    /// Id of the group shown; empty = a person.
    pub group: String,
    /// Whom one may look at.
    pub people: Vec<Choice>,
    /// Groups one may look at.
    pub groups: Vec<Choice>,
    /// Days, of one person after the other.
    pub columns: Vec<PlannerColumn>,
    /// Tasks of the people shown that have no plan and are not done.
    pub unplanned: Vec<PlannerBlock>,
    /// The server's clock of this answer.
    pub now: Moment,
}

/// A task template made ready for a ticket (T-TPL-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskText {
    /// Id of the template.
    pub id: Uuid,
    /// Plain text.
    pub text: String,
    /// The same as cleaned markup.
    pub html: String,
    /// What else it sets, by the names of the fields; empty ones are left out.
    pub sets: Vec<(String, String)>,
}
