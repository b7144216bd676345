//! Rows of the table about tasks, the planner and the calendar feed.

use super::{Row, SIGNED_IN};
use crate::matrix::Out::{Forbidden, NotFound, Ok, Unauthenticated as Nobody};

pub(super) const ROWS: &[Row] = &[
    ("ticket_tasks", &[("number", "{number}")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    (
        "task_page",
        &[("number", "{number}"), ("id", "{private_task}"), ("template", "")],
        [Nobody, NotFound, Ok, Ok, Ok, Ok],
    ),
    ("task_revisions", &[("number", "{number}"), ("id", "{private_task}")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    (
        "add_task",
        &[("form[ticket]", "{number}"), ("form[content]", "Words."), ("form[format]", "text")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "edit_task",
        &[
            ("form[id]", "{public_task}"),
            ("form[ticket]", "{number}"),
            ("form[version]", "1"),
            ("form[content]", "Other words."),
            ("form[format]", "text"),
            ("form[state]", "todo"),
            ("form[visibility]", "public"),
        ],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "set_task",
        &[("form[id]", "{public_task}"), ("form[state]", "done"), ("form[back]", "/tasks")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "pause_task",
        &[("form[id]", "{public_task}"), ("form[task]", "true"), ("form[back]", "/tasks")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "move_task",
        &[("form[id]", "{public_task}"), ("form[planned_begin]", "2026-03-13T09:00"), ("form[back]", "/planner")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "remove_task",
        &[("form[id]", "{public_task}"), ("form[ticket]", "{number}"), ("form[reason]", "twice")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("my_tasks", &[("part", "mine"), ("cursor", "")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("planner", &[("view", "week"), ("date", ""), ("person", ""), ("group", "")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("make_feed", &[], SIGNED_IN),
    ("revoke_feed", &[], SIGNED_IN),
];
