//! The courses that the state machine is judged by, played over the API: the same answers, the same statuses (T-STA-02..29),
//! so that the use cases are asked by every channel alike (T-GEN-01).

use serde_json::{Value, json};
use testing::table::Act;
use testing::{Course, Expected, both_engines};

use crate::support::{Answer, Desk};

/// How many of the courses, and how long each is.
const COURSES: u64 = 12;
const LENGTH: usize = 25;

/// A ticket whose course is played.
struct Play<'d> {
    desk: &'d Desk,
    number: i64,
    assignee: String,
    /// Tasks that are open plans.
    plans: Vec<String>,
}

impl Play<'_> {
    async fn run(&mut self, act: Act) -> Answer {
        let person = json!([{ "kind": "user", "id": self.assignee }]);
        match act {
            Act::Assign => self.act("supervisor", "assign", Some(json!({ "add": person }))).await,
            Act::Unassign => self.act("supervisor", "assign", Some(json!({ "remove": person }))).await,
            Act::Plan => self.plan().await,
            Act::EndPlan => self.end_plans().await,
            Act::NoteByAgent => self.note("supervisor").await,
            Act::NoteByRequester => self.note("requester1").await,
            Act::Suspend => self.act("supervisor", "suspend", None).await,
            Act::Reactivate => self.act("supervisor", "reactivate", None).await,
            Act::Solve => self.post("supervisor", "solutions", json!({ "body": "Done.", "format": "text" })).await,
            Act::SolveAndClose => {
                let solution = json!({ "body": "Done.", "format": "text" });
                self.act("supervisor", "close", Some(json!({ "solution": solution }))).await
            }
            Act::Approve => self.act("requester1", "approve", None).await,
            Act::Refuse => self.act("requester1", "refuse", Some(json!({ "reason": "Still dark." }))).await,
            Act::Close => self.act("supervisor", "close", None).await,
            Act::ReopenByAgent => self.act("supervisor", "reopen", Some(json!({ "reason": "Again." }))).await,
            Act::ReopenByRequester => self.act("requester1", "reopen", Some(json!({ "reason": "Again." }))).await,
            Act::CancelByAgent => self.act("supervisor", "cancel", None).await,
            Act::CancelByRequester => self.act("requester1", "cancel", None).await,
            Act::Delete => {
                let version = self.desk.world.row(self.number).await.version;
                let path = format!("/tickets/{}?version={version}", self.number);
                self.desk.api("DELETE", &path, "supervisor", None).await
            }
            Act::Restore => self.act("supervisor", "restore", None).await,
            Act::AutoClose | Act::Merge | Act::Wait => unreachable!("nobody asks for it over the API"),
        }
    }

    async fn post(&self, who: &str, part: &str, body: Value) -> Answer {
        self.desk.api("POST", &format!("/tickets/{}/{part}", self.number), who, Some(body)).await
    }

    async fn act(&self, who: &str, name: &str, body: Option<Value>) -> Answer {
        self.desk.api("POST", &format!("/tickets/{}/actions/{name}", self.number), who, body).await
    }

    async fn note(&self, who: &str) -> Answer {
        self.post(who, "occurrences", json!({ "body": "Looked at it.", "format": "text" })).await
    }

    async fn plan(&mut self) -> Answer {
        let body = json!({
            "content": "Change the disk", "format": "text", "visibility": "public",
            "planned_begin": "2026-12-01T09:00:00Z", "duration_minutes": 60,
        });
        let answer = self.post("supervisor", "tasks", body).await;
        if answer.status == 201 {
            self.plans.push(answer.json()["id"].as_str().expect("an id").to_owned());
        }
        answer
    }

    /// Ends one after the other; the answer is that of the first which is refused, or of the last.
    async fn end_plans(&mut self) -> Answer {
        loop {
            let id = self.plans.last().expect("the course knows of a plan").clone();
            let body = json!({ "version": 1, "state": "done" });
            let answer = self.desk.api("PATCH", &format!("/tasks/{id}"), "supervisor", Some(body)).await;
            if answer.status != 200 {
                return answer;
            }
            self.plans.pop();
            if self.plans.is_empty() {
                return answer;
            }
        }
    }
}

#[track_caller]
fn assert_expected(answer: &Answer, expected: Expected, place: &str) {
    let code = || answer.json()["code"].as_str().unwrap_or_default().to_owned();
    let told = match answer.status {
        200 | 201 | 204 => Expected::Done,
        _ => match expected {
            Expected::Refused(wanted) if answer.status == 409 && code() == wanted => expected,
            Expected::Missing if answer.status == 404 && code() == "not_found" => expected,
            Expected::Disabled(key)
                if answer.status == 403 && code() == "disabled_by_setting" && answer.json()["setting"] == key =>
            {
                expected
            }
            _ => panic!("{} {}, not {expected:?}: {place}", answer.status, answer.text()),
        },
    };
    assert_eq!(told, expected, "{place}");
}

both_engines!(t_sta_29_the_api_agrees_with_the_table, |world: World| async move {
    let desk = Desk::on(world);
    let assignee = desk.world.person("tech1").await.id.to_string();
    for seed in 0..COURSES {
        let mut course = Course::of(seed, LENGTH);
        course.settle(&desk.world).await;
        let number = desk.world.ticket().create().await;
        let mut play = Play { desk: &desk, number, assignee: assignee.clone(), plans: Vec::new() };
        while let Some((act, expected)) = course.next(&desk.world) {
            let place = course.place(act);
            if act == Act::AutoClose {
                service::jobs::close_solved(&desk.services).await.unwrap();
            } else {
                assert_expected(&play.run(act).await, expected, &place);
            }
            assert_eq!(desk.world.row(number).await.status, course.status(), "{place}");
        }
    }
    desk.world.assert_sound().await;
});
