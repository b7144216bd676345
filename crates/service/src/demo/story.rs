//! What happened to a demo ticket, in order: its history, its versions and its dates.

use domain::ticket::Status;
use domain::views::FieldChange;
use entity::{status_interval, ticket_event};
use uuid::Uuid;

use crate::ctx::new_id;
use crate::error::ServiceError;

/// A row of the history to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Happening {
    pub(super) at: i64,
    pub(super) author: Option<Uuid>,
    /// Kind of T-HIS.
    pub(super) kind: &'static str,
    pub(super) changes: Vec<FieldChange>,
    /// Kind, id, whether private, author of the entry it is about.
    pub(super) entry: Option<(&'static str, Uuid, bool, Option<Uuid>)>,
    pub(super) reason: Option<String>,
    /// Version of the ticket after it; 0 = it changed no field.
    pub(super) version: i32,
}

impl Happening {
    pub(super) fn new(at: i64, author: Option<Uuid>, kind: &'static str) -> Self {
        Self { at, author, kind, ..Self::default() }
    }

    /// Whether the requester side may learn of it through the date of the last change (T-GEN-07).
    pub(super) fn is_noticed_by_requesters(&self) -> bool {
        self.version > 0 || self.entry.is_some_and(|(_, _, private, _)| !private)
    }

    /// The row as the history module writes it (T-HIS).
    pub(super) fn into_row(self, ticket_id: Uuid) -> Result<ticket_event::Model, ServiceError> {
        let data = match &self.reason {
            Some(reason) => serde_json::json!({ "reason": reason, "version": self.version }),
            None => serde_json::json!({ "version": self.version }),
        };
        Ok(ticket_event::Model {
            id: new_id(),
            ticket_id,
            at: self.at,
            author_id: self.author,
            kind: self.kind.to_owned(),
            public: is_public(self.kind),
            entry_kind: self.entry.map(|(kind, ..)| kind.to_owned()),
            entry_id: self.entry.map(|(_, id, ..)| id),
            entry_private: self.entry.is_some_and(|(_, _, private, _)| private),
            entry_author_id: self.entry.and_then(|(_, _, _, author)| author),
            changes: serde_json::to_string(&self.changes)?,
            data: data.to_string(),
        })
    }
}

/// Kinds marked P in T-HIS.
fn is_public(kind: &str) -> bool {
    matches!(
        kind,
        "created" | "status_changed" | "solution_added" | "reopened" | "cancelled" | "closed" | "merged_into"
    )
}

/// The statuses a ticket went through, from its opening on.
#[derive(Debug)]
pub(super) struct Course {
    steps: Vec<(Status, i64)>,
    version: i32,
}

impl Course {
    /// A ticket is opened with a status.
    pub(super) fn start(status: Status, at: i64, author: Option<Uuid>, story: &mut Vec<Happening>) -> Self {
        story.push(Happening { version: 1, ..Happening::new(at, author, "created") });
        Self { steps: vec![(status, at)], version: 1 }
    }

    /// One command: the status it leads to, then what it is called in the history, if it is called anything.
    pub(super) fn step(
        &mut self,
        to: Status,
        at: i64,
        author: Option<Uuid>,
        command: Option<(&'static str, Vec<FieldChange>)>,
        story: &mut Vec<Happening>,
    ) {
        self.version += 1;
        let from = self.status();
        if from != to {
            self.steps.push((to, at));
            let change =
                FieldChange { field: "status".to_owned(), old: from.as_str().to_owned(), new: to.as_str().to_owned() };
            let event = Happening::new(at, author, "status_changed");
            story.push(Happening { changes: vec![change], version: self.version, ..event });
        }
        if let Some((kind, changes)) = command {
            story.push(Happening { changes, version: self.version, ..Happening::new(at, author, kind) });
        }
    }

    /// Where it stands.
    pub(super) fn status(&self) -> Status {
        self.steps.last().map_or(Status::New, |(status, _)| *status)
    }

    /// Version of the row after all steps.
    pub(super) const fn version(&self) -> i32 {
        self.version
    }

    /// Since when it stands in a status, the last time.
    pub(super) fn since(&self, wanted: Status) -> Option<i64> {
        self.steps.iter().rev().find(|(status, _)| *status == wanted).map(|(_, at)| *at)
    }

    /// The stretches of time in each status, the last one open (T-CLK-01).
    pub(super) fn intervals(&self, ticket_id: Uuid) -> Vec<status_interval::Model> {
        let ends = self.steps.iter().skip(1).map(|(_, at)| Some(*at)).chain([None]);
        let interval = |((status, from_at), to_at): (&(Status, i64), Option<i64>)| status_interval::Model {
            id: new_id(),
            ticket_id,
            status: status.as_str().to_owned(),
            from_at: *from_at,
            to_at,
        };
        self.steps.iter().zip(ends).map(interval).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_clk_01_stretches_follow_each_other_and_the_last_is_open() {
        let mut story = Vec::new();
        let mut course = Course::start(Status::New, 10, None, &mut story);
        course.step(Status::Assigned, 20, None, Some(("assigned", Vec::new())), &mut story);
        course.step(Status::Solved, 30, None, None, &mut story);
        let spans: Vec<(i64, Option<i64>)> =
            course.intervals(Uuid::nil()).iter().map(|i| (i.from_at, i.to_at)).collect();
        assert_eq!(spans, [(10, Some(20)), (20, Some(30)), (30, None)]);
        assert_eq!((course.status(), course.version(), course.since(Status::Assigned)), (Status::Solved, 3, Some(20)));
        let kinds: Vec<&str> = story.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["created", "status_changed", "assigned", "status_changed"]);
    }
}
