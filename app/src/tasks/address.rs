//! Addresses of the pages of tasks.

use leptos_router::location::Url;
use uuid::Uuid;

/// "My tasks".
pub const MINE: &str = "/tasks";
/// The planner.
pub const PLANNER: &str = "/planner";

/// The tasks of a ticket.
#[must_use]
pub fn of_ticket(number: i64) -> String {
    format!("/tickets/{number}/tasks")
}

/// The form of a new task.
#[must_use]
pub fn new(number: i64) -> String {
    format!("/tickets/{number}/tasks/new")
}

/// The page of a task.
#[must_use]
pub fn page(number: i64, id: Uuid) -> String {
    format!("/tickets/{number}/tasks/{id}")
}

/// The form that changes it.
#[must_use]
pub fn edit(number: i64, id: Uuid) -> String {
    format!("/tickets/{number}/tasks/{id}/edit")
}

/// The page that asks before it goes.
#[must_use]
pub fn remove(number: i64, id: Uuid) -> String {
    format!("/tickets/{number}/tasks/{id}/remove")
}

/// Its place in the timeline.
#[must_use]
pub fn entry(number: i64, id: Uuid) -> String {
    format!("/tickets/{number}?around=task-{id}#task-{id}")
}

/// A part of "My tasks".
#[must_use]
pub fn part(part: &str, cursor: &str) -> String {
    let part = if part == "mine" { String::new() } else { ["?part=", part].concat() };
    if cursor.is_empty() {
        return [MINE, &part].concat();
    }
    let joint = if part.is_empty() { "?" } else { "&" };
    [MINE, &part, joint, "cursor=", &Url::escape(cursor)].concat()
}

/// The planner with what it shows.
#[must_use]
pub fn planner(view: &str, date: &str, person: &str, group: &str) -> String {
    let mut out = format!("{PLANNER}?view={view}");
    for (name, value) in [("date", date), ("person", person), ("group", group)] {
        if !value.is_empty() {
            out.push_str(&["&", name, "=", value].concat());
        }
    }
    out
}

/// The page with what is to know about what was saved (T-TSK-06).
#[must_use]
pub fn warned(path: &str, warnings: &[domain::views::Warning]) -> String {
    if warnings.is_empty() {
        return path.to_owned();
    }
    let joint = if path.contains('?') { "&" } else { "?" };
    let codes: Vec<&str> = warnings.iter().map(|warning| warning.code.as_str()).collect();
    [path, joint, "warning=", &codes.join(",")].concat()
}

#[cfg(test)]
mod tests {
    use domain::views::Warning;

    use super::*;

    #[test]
    fn t_tsk_06_an_address_carries_every_warning() {
        let warning = |code: &str| Warning { code: code.to_owned(), data: serde_json::Value::Null };
        assert_eq!(warned("/tasks", &[]), "/tasks");
        assert_eq!(warned("/tasks", &[warning("planning_conflict")]), "/tasks?warning=planning_conflict");
        let both = [warning("planning_conflict"), warning("outside_working_hours")];
        assert_eq!(
            warned("/planner?view=day", &both),
            "/planner?view=day&warning=planning_conflict,outside_working_hours"
        );
    }
}
