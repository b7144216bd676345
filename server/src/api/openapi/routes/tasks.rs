//! Tasks, the planner, calendar feeds.

use super::{CREATES, UPDATES};
use crate::api::openapi::{Route, route};

const QUERY: &str = listed!(
    "count:boolean !user:string[] !group:string[] !state:info|todo|in_progress|on_hold|done[] !visibility:private|public[] \
     !overdue:boolean planned_from:string planned_to:string sort:planned_begin|-planned_begin|registered_at|-registered_at"
);
const OF_TICKET: &str = listed!(
    "count:boolean as:portal !user:string[] !group:string[] !state:info|todo|in_progress|on_hold|done[] !visibility:private|public[] \
     !overdue:boolean planned_from:string planned_to:string sort:planned_begin|-planned_begin|registered_at|-registered_at"
);

/// In the order of the specification.
pub(super) const TASKS: &[Route] = &[
    route("GET", "/tickets/{number}/tasks", "listTicketTasks", "Tasks of a ticket")
        .query(OF_TICKET)
        .gives(200, "Task[]"),
    route("POST", "/tickets/{number}/tasks", "createTask", "Add a task")
        .body("NewTask")
        .gives(201, "Task")
        .codes(CREATES),
    route("GET", "/tasks", "listTasks", "Tasks of every ticket in which the caller is an agent")
        .query(QUERY)
        .gives(200, "Task[]"),
    route("GET", "/tasks/{id}", "task", "A task").gives(200, "Task"),
    route("PATCH", "/tasks/{id}", "updateTask", "Change a task; whoever does it always sets state and actual_minutes")
        .body("TaskPatch")
        .gives(200, "Task")
        .codes(UPDATES),
    route("DELETE", "/tasks/{id}", "deleteTask", "Remove a task; a tombstone stays")
        .query("version:integer reason:string<=500")
        .gives(204, "")
        .codes(UPDATES),
    route("POST", "/tasks/{id}/actions/pause", "pauseTask", "Interrupt a task, its ticket, or both")
        .body("PauseTask")
        .gives(200, "Task")
        .codes(CREATES)
        .more("transition_not_allowed"),
    route("POST", "/tasks/{id}/actions/resume", "resumeTask", "Go on with a task, its ticket, or both")
        .body("ResumeTask")
        .gives(200, "Task")
        .codes(CREATES)
        .more("not_pending transition_not_allowed"),
    route("GET", "/planner", "planner", "Days of a person or a group with the tasks planned for them; agents only")
        .query("entity:uuid from:string to:string group:uuid person:uuid")
        .gives(200, "Planner"),
    route(
        "POST",
        "/me/calendar-feed",
        "makeCalendarFeed",
        "Make or replace the own calendar feed; its address is told here only",
    )
    .gives(201, "CalendarFeed"),
    route("DELETE", "/me/calendar-feed", "revokeCalendarFeed", "Revoke the own calendar feed").gives(204, ""),
];
