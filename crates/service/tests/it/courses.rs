//! The courses that the state machine is judged by, played through the use cases: the same answers, the same statuses
//! (T-STA-02..29), on both engines.

use domain::error::AppError;
use domain::forms::{AddSolution, AddTask, AnswerSolution, Command, Patch, RunCommand, TaskPatch};
use domain::occurrence::BodyFormat;
use service::jobs::close_solved;
use service::{ServiceError, occurrences, solutions, tasks, tickets};
use testing::table::Act;
use testing::{Course, Expected, World, both_engines, note};
use uuid::Uuid;

/// How many of the courses, and how long each is.
const COURSES: u64 = 25;
const LENGTH: usize = 30;

/// A ticket whose course is played.
struct Play<'w> {
    world: &'w World,
    number: i64,
    /// Tasks that are open plans.
    plans: Vec<Uuid>,
}

impl Play<'_> {
    async fn run(&mut self, act: Act) -> Result<(), ServiceError> {
        match act {
            Act::Assign => self.assign(true).await,
            Act::Unassign => self.assign(false).await,
            Act::Plan => self.plan().await,
            Act::EndPlan => self.end_plans().await,
            Act::NoteByAgent => self.note("supervisor").await,
            Act::NoteByRequester => self.note("requester1").await,
            Act::Suspend => self.command("supervisor", Command::Suspend).await,
            Act::Reactivate => self.command("supervisor", Command::Reactivate).await,
            Act::Solve => self.solve(false).await,
            Act::SolveAndClose => self.solve(true).await,
            Act::Approve => self.answer("approve").await,
            Act::Refuse => self.answer("refuse").await,
            Act::Close => self.command("supervisor", Command::Close).await,
            Act::AutoClose => close_solved(&self.world.services).await.map(drop),
            Act::ReopenByAgent => self.command("supervisor", Command::Reopen).await,
            Act::ReopenByRequester => self.command("requester1", Command::Reopen).await,
            Act::CancelByAgent => self.command("supervisor", Command::Cancel).await,
            Act::CancelByRequester => self.command("requester1", Command::Cancel).await,
            Act::Delete => self.command("supervisor", Command::Delete).await,
            Act::Restore => self.command("supervisor", Command::Restore).await,
            Act::Merge | Act::Wait => unreachable!("the course leaves it out"),
        }
    }

    async fn command(&self, who: &str, command: Command) -> Result<(), ServiceError> {
        let reason = if command == Command::Reopen { "It came back." } else { "" }.to_owned();
        let form = RunCommand { number: self.number, command, reason, ..RunCommand::default() };
        tickets::run(&self.world.ctx(who).await, form).await
    }

    async fn assign(&self, is_there: bool) -> Result<(), ServiceError> {
        let people = vec![self.world.user("tech1").await];
        let (add, remove) = if is_there { (people, Vec::new()) } else { (Vec::new(), people) };
        let form = RunCommand { number: self.number, command: Command::Assign, add, remove, ..RunCommand::default() };
        tickets::run(&self.world.ctx("supervisor").await, form).await
    }

    async fn plan(&mut self) -> Result<(), ServiceError> {
        let form = AddTask {
            ticket: self.number,
            content: "Change the disk".to_owned(),
            format: BodyFormat::Text,
            visibility: "public".to_owned(),
            planned_begin: "2026-12-01T09:00".to_owned(),
            duration_minutes: "60".to_owned(),
            ..AddTask::default()
        };
        self.plans.push(tasks::add(&self.world.ctx("supervisor").await, form).await?.id);
        Ok(())
    }

    async fn end_plans(&mut self) -> Result<(), ServiceError> {
        for id in self.plans.clone() {
            let done = TaskPatch { state: Patch::Set("done".to_owned()), ..TaskPatch::default() };
            tasks::edit(&self.world.ctx("supervisor").await, id, done).await?;
            self.plans.retain(|plan| *plan != id);
        }
        Ok(())
    }

    async fn note(&self, who: &str) -> Result<(), ServiceError> {
        occurrences::add(&self.world.ctx(who).await, note(self.number, "Looked at it.")).await.map(drop)
    }

    async fn solve(&self, close: bool) -> Result<(), ServiceError> {
        let form = AddSolution {
            ticket: self.number,
            body: "Done.".to_owned(),
            format: BodyFormat::Text,
            close,
            ..AddSolution::default()
        };
        solutions::add(&self.world.ctx("supervisor").await, form).await.map(drop)
    }

    async fn answer(&self, answer: &str) -> Result<(), ServiceError> {
        let text = if answer == "refuse" { "Still dark." } else { "" }.to_owned();
        let form = AnswerSolution { ticket: self.number, answer: answer.to_owned(), text, ..AnswerSolution::default() };
        solutions::answer(&self.world.ctx("requester1").await, form).await
    }
}

#[track_caller]
fn assert_expected(answer: Result<(), ServiceError>, expected: Expected, place: &str) {
    let told = match answer.map_err(|error| error.public) {
        Ok(()) => Ok(Expected::Done),
        Err(AppError::Refused { code, .. }) => Ok(Expected::Refused(code.as_str())),
        Err(AppError::NotFound) => Ok(Expected::Missing),
        Err(AppError::Disabled(key)) => match expected {
            Expected::Disabled(known) if known == key => Ok(expected),
            _ => Err(AppError::Disabled(key)),
        },
        Err(other) => Err(other),
    };
    assert_eq!(told, Ok(expected), "{place}");
}

both_engines!(t_sta_29_use_cases_agree_with_the_table, |world: World| async move {
    for seed in 0..COURSES {
        let mut course = Course::of(seed, LENGTH);
        course.settle(&world).await;
        let number = world.ticket().create().await;
        let mut play = Play { world: &world, number, plans: Vec::new() };
        while let Some((act, expected)) = course.next(&world) {
            let place = course.place(act);
            assert_expected(play.run(act).await, expected, &place);
            let row = world.row(number).await;
            assert_eq!(row.status, course.status(), "{place}");
            assert_eq!(row.assigned_at.is_some(), course.was_assigned(), "assigned_at (T-CLK-08): {place}");
            assert_eq!(row.pending_since.is_some(), row.status == "pending", "T-PEN-05: {place}");
            assert_eq!(row.cancelled_at.is_some(), row.status == "cancelled", "{place}");
            assert_eq!(row.closed_at.is_some(), row.status == "closed", "T-CLK-04: {place}");
            // What was solved and then cancelled keeps the date of its solution.
            if row.cancelled_at.is_none() {
                let is_solved = matches!(row.status.as_str(), "solved" | "closed");
                assert_eq!(row.solved_at.is_some(), is_solved, "T-CLK-04: {place}");
            }
        }
    }
    world.assert_sound().await;
});
