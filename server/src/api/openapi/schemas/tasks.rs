//! Tasks, the planner, calendar feeds.

use super::Schema;

/// Their schemas.
pub(super) const TASKS: &[Schema] = &[
    (
        "AgentTask",
        "id*:uuid ticket*:integer title:string overdue:boolean author*:AgentActor content*:rich content_text*:string \
         state*:info|todo|in_progress|on_hold|done visibility*:private|public category*:Ref? planned_begin*:time? planned_end*:time? \
         duration_minutes*:integer? estimated_minutes*:integer? actual_minutes*:integer? user*:AgentActor? group*:AgentActor? \
         reminder_minutes*:integer? template*:Ref? attachments*:AgentDocument[] done_at*:time? done_by*:AgentActor? registered_at*:time \
         edited_at*:time? edited_by*:AgentActor? revision_count*:integer removed*:AgentRemoved? actions*:string[] version*:integer \
         warnings:Warning[]",
    ),
    (
        "RequesterTask",
        "id*:uuid ticket*:integer author*:RequesterActor content*:rich content_text*:string state*:info|todo|in_progress|on_hold|done \
         planned_begin*:time? planned_end*:time? user*:RequesterActor? attachments*:RequesterDocument[] registered_at*:time \
         edited_at*:time?",
    ),
    (
        "NewTask",
        "content*:rich<=200000 format:html|markdown|text category:uuid? state:info|todo|in_progress|on_hold|done \
         visibility:private|public planned_begin:time? planned_end:time? duration_minutes:integer? estimated_minutes:integer? \
         actual_minutes:integer? user:uuid? group:uuid? reminder_minutes:integer? template:uuid? attachments:uuid[]?<=20 draft:uuid?",
    ),
    (
        "TaskPatch",
        "version:integer content:rich<=200000 format:html|markdown|text category:uuid? state:info|todo|in_progress|on_hold|done \
         visibility:private|public planned_begin:time? planned_end:time? duration_minutes:integer? estimated_minutes:integer? \
         actual_minutes:integer? user:uuid? group:uuid? reminder_minutes:integer? attachments:uuid[]?<=20",
    ),
    ("PauseTask", "task:boolean ticket:Hold?"),
    ("ResumeTask", "task:boolean ticket:boolean"),
    (
        "PlannerTask",
        "task*:uuid? ticket*:integer? title*:string? state*:info|todo|in_progress|on_hold|done? visibility:private|public? \
         planned_begin:time? planned_end:time? movable*:boolean conflict:boolean",
    ),
    ("PlannerDay", "day*:string person*:AgentActor tasks*:PlannerTask[]"),
    ("Planner", "items*:PlannerDay[] unplanned*:PlannerTask[]"),
    ("CalendarFeed", "url*:string warnings:Warning[]"),
];
