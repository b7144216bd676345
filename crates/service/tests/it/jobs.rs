//! What jobs leave for later, and what they leave alone: nothing that is due is lost, and nothing keeps others from their turn.

use domain::forms::{AddSolution, AddTask, AskValidation, ChangeValidation, Command, RunCommand};
use domain::notification::Event;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::Status;
use service::history::HistoryQuery;
use service::notifications::NotificationQuery;
use service::{history, jobs, notifications, solutions, tasks, tickets, validations};
use testing::{Sql, World, both_engines};
use uuid::Uuid;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A task of tech2 from 15:00 to 16:00 of this day, an hour before which he is to be reminded.
async fn plan(world: &World, number: i64) {
    let form = AddTask {
        ticket: number,
        content: "Change the disk".to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        user: world.person("tech2").await.id.to_string(),
        planned_begin: "2026-03-12T15:00".to_owned(),
        planned_end: "2026-03-12T16:00".to_owned(),
        reminder_minutes: "60".to_owned(),
        ..AddTask::default()
    };
    tasks::add(&world.ctx("tech1").await, form).await.expect("tech1 may plan");
}

/// How often tech2 was reminded of tasks.
async fn reminded(world: &World) -> usize {
    let page = notifications::list(&world.ctx("tech2").await, NotificationQuery::default()).await.unwrap();
    page.items.iter().filter(|told| told.event == Event::TaskReminder).count()
}

async fn look(world: &World) -> usize {
    jobs::remind_tasks(&world.services).await.unwrap()
}

both_engines!(t_tsk_07_a_reminder_waits_until_its_ticket_is_out_of_the_trash, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    plan(&world, number).await;
    world.command("supervisor", number, Command::Delete).await.unwrap();
    world.advance(HOUR);
    assert_eq!((look(&world).await, reminded(&world).await), (0, 0));
    world.command("supervisor", number, Command::Restore).await.unwrap();
    assert_eq!((look(&world).await, reminded(&world).await), (1, 1));
    assert_eq!((look(&world).await, reminded(&world).await), (0, 1), "once for one due time");
    world.assert_sound().await;
});

both_engines!(t_tsk_07_a_reminder_waits_while_its_ticket_is_over_and_ends_with_its_task, |world: World| async move {
    let (back, late) = (world.ticket().create().await, world.ticket().create().await);
    for number in [back, late] {
        plan(&world, number).await;
        world.put_status(number, Status::Closed).await;
    }
    world.advance(HOUR);
    assert_eq!((look(&world).await, reminded(&world).await), (0, 0));
    world.put_status(back, Status::Planned).await;
    assert_eq!((look(&world).await, reminded(&world).await), (1, 1));
    // What has ended is nothing to be reminded of, and is looked at once more only.
    world.advance(2 * HOUR);
    assert_eq!((look(&world).await, look(&world).await), (1, 0));
    world.put_status(late, Status::Planned).await;
    assert_eq!((look(&world).await, reminded(&world).await), (0, 1));
});

async fn solve(world: &World, number: i64) {
    let form = AddSolution { ticket: number, body: "Done.".into(), format: BodyFormat::Text, ..AddSolution::default() };
    solutions::add(&world.ctx("tech1").await, form).await.expect("tech1 may solve");
}

async fn ask(world: &World, number: i64) -> Uuid {
    let form = AskValidation {
        ticket: number,
        comment: "May we?".to_owned(),
        format: BodyFormat::Text,
        targets: vec![world.user("requester2").await],
        ..AskValidation::default()
    };
    validations::ask(&world.ctx("tech1").await, form).await.expect("tech1 may ask")
}

/// How often the history of a ticket says that it could not be closed.
async fn blocked(world: &World, number: i64) -> usize {
    let page = history::list(&world.ctx("admin").await, number, HistoryQuery::default()).await.unwrap();
    page.items.iter().filter(|row| row.event.kind == "closing_blocked").count()
}

async fn close(world: &World) -> usize {
    jobs::close_solved(&world.services).await.unwrap()
}

both_engines!(t_sol_11_what_blocked_a_closing_is_forgotten_with_its_time, |world: World| async move {
    world.set(Key::AutoCloseDays, world.brasil, "1").await;
    world.set(Key::ValidationBlocksSolving, world.root, "true").await;
    let number = world.ticket().assignee("tech1").create().await;
    solve(&world, number).await;
    let id = ask(&world, number).await;
    world.advance(DAY);
    assert_eq!((close(&world).await, blocked(&world, number).await), (0, 1));
    assert_eq!((close(&world).await, blocked(&world, number).await), (0, 1));

    let withdrawn = ChangeValidation { id: id.to_string(), ticket: number, ..ChangeValidation::default() };
    validations::withdraw(&world.ctx("tech1").await, withdrawn).await.unwrap();
    let reason = "It came back.".to_owned();
    let reopen = RunCommand { number, command: Command::Reopen, reason, ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, reopen).await.unwrap();
    assert_eq!(world.count("closing_block").await, 0);
    solve(&world, number).await;
    ask(&world, number).await;
    world.advance(DAY);
    assert_eq!((close(&world).await, blocked(&world, number).await), (0, 2), "the event once for each time");
    world.assert_sound().await;
});

both_engines!(t_sol_11_what_cannot_be_closed_lets_others_go_first, |world: World| async move {
    world.set(Key::AutoCloseDays, world.brasil, "1").await;
    let (other, number) = (world.ticket().create().await, world.ticket().create().await);
    solve(&world, number).await;
    let merged_into = |id: Option<Uuid>| {
        let mut sql = Sql::new("UPDATE ticket SET merged_into_id = ");
        sql.bind(id).push_bind(" WHERE number = ", number);
        sql
    };
    let into = world.row(other).await.id;
    world.run(&merged_into(Some(into))).await;
    world.advance(DAY);
    assert_eq!((close(&world).await, world.count("closing_block").await), (0, 1));
    let due = |at: i64| format!("closing_block WHERE retry_at > {at}");
    assert_eq!(world.count(&due(world.now())).await, 1, "it is not due again at once");
    // What is in the way no more is looked at an hour later; a validation that comes meanwhile has its event.
    world.run(&merged_into(None)).await;
    world.set(Key::ValidationBlocksSolving, world.root, "true").await;
    let id = ask(&world, number).await;
    assert_eq!((close(&world).await, blocked(&world, number).await), (0, 0));
    world.advance(HOUR);
    assert_eq!((close(&world).await, blocked(&world, number).await), (0, 1));
    let withdrawn = ChangeValidation { id: id.to_string(), ticket: number, ..ChangeValidation::default() };
    validations::withdraw(&world.ctx("tech1").await, withdrawn).await.unwrap();
    world.advance(DAY);
    assert_eq!((close(&world).await, world.status(number).await), (1, Status::Closed));
    assert_eq!(world.count("closing_block").await, 0);
    world.assert_sound().await;
});

both_engines!(t_tkt_08_the_trash_is_emptied_after_the_days_of_its_setting, |world: World| async move {
    let empty = async || jobs::purge_trash(&world.services).await.unwrap();
    let [gone, back, late] =
        [world.ticket().create().await, world.ticket().create().await, world.ticket().create().await];
    let first = world.occurrence("tech1", gone, "private", "Between us.").await;
    for number in [gone, back] {
        world.command("supervisor", number, Command::Delete).await.unwrap();
    }
    assert_eq!(empty().await, 0, "nobody wants it");
    world.set(Key::TrashKeepDays, world.root, "2").await;
    world.advance(2 * DAY - 1);
    assert_eq!(empty().await, 0, "a second is left");
    world.command("supervisor", back, Command::Restore).await.unwrap();
    world.command("supervisor", late, Command::Delete).await.unwrap();
    world.advance(1);
    assert_eq!((empty().await, empty().await), (1, 0), "once");
    let left = |number: i64| format!("ticket WHERE number = {number}");
    assert_eq!((world.count(&left(gone)).await, world.count(&left(back)).await), (0, 1));
    assert_eq!(world.count(&left(late)).await, 1, "its days begin with its own deletion");
    assert_eq!(world.count("occurrence").await, 0, "{first}");
    assert_eq!(world.count("audit WHERE kind = 'ticket_purged' AND user_id IS NULL").await, 1, "the system did it");
    world.set(Key::TrashKeepDays, world.brasil, "0").await;
    world.advance(30 * DAY);
    assert_eq!(empty().await, 0, "this entity keeps its trash");
    world.assert_sound().await;
});
