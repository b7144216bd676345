//! Tasks (tickets.md section 12).

use serde::{Deserialize, Serialize};

use super::{Decided, Patch};
use crate::occurrence::BodyFormat;

/// A new task (T-TSK-01). Times: wall time of the writer or RFC 3339.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddTask {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Rich text, up to 200 000 characters.
    pub content: String,
    /// How `content` was written.
    pub format: BodyFormat,
    /// Id of a task category; empty = none.
    pub category: String,
    /// `info`, `todo`, `in_progress`, `on_hold`, `done`; empty = `todo`.
    pub state: String,
    /// `private`, `public`; empty = the default of the writer.
    pub visibility: String,
    /// When it begins; empty = not planned.
    pub planned_begin: String,
    /// When it ends; empty = by `duration_minutes`.
    pub planned_end: String,
    /// How long it is planned to take, as typed (T-OCC-08); empty = by `planned_end`.
    pub duration_minutes: String,
    /// Estimated time, as typed; empty = none.
    pub estimated_minutes: String,
    /// Time it took, as typed; empty = none.
    pub actual_minutes: String,
    /// Id of the person who does it; empty = nobody.
    pub user: String,
    /// Id of the group that does it; empty = none.
    pub group: String,
    /// Minutes before the begin; empty = no reminder.
    pub reminder_minutes: String,
    /// Id of the task template used last, kept for information; empty = none.
    pub template: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
}

/// The edit form of a task: the whole task as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EditTask {
    /// Id of the task.
    pub id: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Version the form was made from.
    pub version: i32,
    /// The same as text, as a draft keeps it: what was saved since is told by it.
    pub begun: String,
    /// Of a form that was refused: the version whose values its writer was shown beside his; 0 = none.
    pub seen: i32,
    /// Names of the fields he was shown, with commas between: those he decides on.
    pub decided: String,
    /// Rich text.
    pub content: String,
    /// How `content` was written.
    pub format: BodyFormat,
    /// Id; empty = none.
    pub category: String,
    /// One of the states.
    pub state: String,
    /// `private`, `public`.
    pub visibility: String,
    /// When it begins; empty = not planned.
    pub planned_begin: String,
    /// When it ends.
    pub planned_end: String,
    /// How long it is planned to take; moves an end that is as it was (T-TSK-04).
    pub duration_minutes: String,
    /// Estimated time, as typed; empty = none.
    pub estimated_minutes: String,
    /// Time it took, as typed; empty = none.
    pub actual_minutes: String,
    /// Id of a person; empty = nobody.
    pub user: String,
    /// Id of a group; empty = none.
    pub group: String,
    /// Minutes before the begin; empty = no reminder.
    pub reminder_minutes: String,
    /// Ids of the files the task has from now on.
    pub attachments: Vec<String>,
}

/// A partial change of a task (T-TSK-02..04).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskPatch {
    /// Idempotency key; empty = none.
    pub key: String,
    /// Version the change was made from; `None` = compare with `if_match` only.
    pub version: Option<i32>,
    /// `If-Match`: the present version must be this one.
    pub if_match: Option<i32>,
    /// What its writer decided over what others saved since `version`.
    pub decided: Decided,
    /// The fields are those of a whole form.
    pub is_form: bool,
    /// New text.
    pub content: Patch<String>,
    /// How `content` is written.
    pub format: BodyFormat,
    /// New category id.
    pub category: Patch<String>,
    /// New state.
    pub state: Patch<String>,
    /// New visibility.
    pub visibility: Patch<String>,
    /// New begin; cleared: the plan is removed.
    pub planned_begin: Patch<String>,
    /// New end.
    pub planned_end: Patch<String>,
    /// New length of the plan.
    pub duration_minutes: Patch<String>,
    /// New estimate, as typed.
    pub estimated_minutes: Patch<String>,
    /// New time it took, as typed.
    pub actual_minutes: Patch<String>,
    /// New person.
    pub user: Patch<String>,
    /// New group.
    pub group: Patch<String>,
    /// New reminder.
    pub reminder_minutes: Patch<String>,
    /// All files from now on.
    pub attachments: Patch<Vec<String>>,
}

impl TaskPatch {
    /// Whether nothing but state and time it took is changed: what the person who does it may always do (T-TSK-03).
    #[must_use]
    pub const fn is_progress_only(&self) -> bool {
        self.content.is_keep()
            && self.category.is_keep()
            && self.visibility.is_keep()
            && self.planned_begin.is_keep()
            && self.planned_end.is_keep()
            && self.duration_minutes.is_keep()
            && self.estimated_minutes.is_keep()
            && self.user.is_keep()
            && self.group.is_keep()
            && self.reminder_minutes.is_keep()
            && self.attachments.is_keep()
    }
}

impl From<EditTask> for TaskPatch {
    fn from(form: EditTask) -> Self {
        Self {
            key: form.key,
            version: Some(form.version),
            if_match: None,
            decided: Decided::read(form.seen, &form.decided),
            is_form: true,
            content: Patch::Set(form.content),
            format: form.format,
            category: Patch::from_text(form.category),
            state: Patch::Set(form.state),
            visibility: Patch::Set(form.visibility),
            planned_begin: Patch::from_text(form.planned_begin),
            planned_end: Patch::from_text(form.planned_end),
            duration_minutes: Patch::from_text(form.duration_minutes),
            estimated_minutes: Patch::from_text(form.estimated_minutes),
            actual_minutes: Patch::from_text(form.actual_minutes),
            user: Patch::from_text(form.user),
            group: Patch::from_text(form.group),
            reminder_minutes: Patch::from_text(form.reminder_minutes),
            attachments: Patch::Set(form.attachments),
        }
    }
}

/// Ticks a task, or says how far it is (T-TSK-03, T-TSK-08).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetTask {
    /// Id of the task.
    pub id: String,
    /// New state; empty = as it is.
    pub state: String,
    /// Time it took, as typed; empty = as it is, of a whole form none.
    pub actual_minutes: String,
    /// Both fields stand in the form.
    pub whole: bool,
    /// Version the form was made from; 0 = without comparison.
    pub version: i32,
    /// Of a form that was refused: the version whose values its writer was shown beside his; 0 = none.
    pub seen: i32,
    /// Names of the fields he was shown, with commas between: those he decides on.
    pub decided: String,
    /// Path of this site to return to.
    pub back: String,
}

impl From<SetTask> for TaskPatch {
    fn from(form: SetTask) -> Self {
        let given = |text: String| if text.trim().is_empty() { Patch::Keep } else { Patch::Set(text) };
        let actual_minutes =
            if form.whole { Patch::from_text(form.actual_minutes) } else { given(form.actual_minutes) };
        let version = (form.version > 0).then_some(form.version);
        let decided = Decided::read(form.seen, &form.decided);
        Self { version, decided, state: given(form.state), actual_minutes, ..Self::default() }
    }
}

/// Plans a task anew in the planner (T-TSK-09).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoveTask {
    /// Id of the task.
    pub id: String,
    /// New begin; empty = the plan is removed.
    pub planned_begin: String,
    /// How long, as typed; empty = as long as it was, an hour for what was not planned.
    pub duration_minutes: String,
    /// Id of another person; empty = as it is.
    pub user: String,
    /// Path of this site to return to.
    pub back: String,
}

/// Interrupts or resumes a task, its ticket, or both (T-TSK-05).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PauseTask {
    /// Id of the task.
    pub id: String,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Go on instead of stopping.
    pub resume: bool,
    /// The task.
    pub task: bool,
    /// The ticket.
    pub ticket: bool,
    /// Ticket: pending reason id; empty = none.
    pub reason: String,
    /// Ticket: text, up to 2 000 characters.
    pub text: String,
    /// Ticket: the text becomes a public occurrence.
    pub text_public: bool,
    /// Path of this site to return to.
    pub back: String,
}
