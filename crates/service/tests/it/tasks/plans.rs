//! Plans of tasks (T-TSK-04..07, T-STA-04, T-STA-28): begin and end, what they do to the ticket, pauses, reminders.

use domain::error::Code;
use domain::forms::{AddTask, Command, Patch, PauseTask, TaskPatch};
use domain::notification::Event;
use domain::task::TaskState;
use domain::ticket::Status;
use service::notifications::NotificationQuery;
use service::{jobs, notifications, tasks};
use testing::{World, both_engines, field};

use super::{ELEVEN, NINE, TEN, add, edit, id_of, planned, removal, seen, state, taken};

async fn told(world: &World, name: &str) -> Vec<Event> {
    let page = notifications::list(&world.ctx(name).await, NotificationQuery::default()).await.unwrap();
    page.items
        .into_iter()
        .filter(|told| told.entry.as_ref().is_some_and(|(kind, _)| kind == "task"))
        .map(|told| told.event)
        .collect()
}

both_engines!(t_tsk_04_a_length_moves_the_end_and_removing_the_plan_clears_all_of_it, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { reminder_minutes: "60".to_owned(), ..planned(number, NINE, TEN) };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let longer = TaskPatch { duration_minutes: Patch::Set("120".to_owned()), ..TaskPatch::default() };
    edit(&world, "tech1", id, longer).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert!(view.facts.planned_end.unwrap().as_str().starts_with(ELEVEN));
    let cleared = TaskPatch { planned_begin: Patch::Clear, ..TaskPatch::default() };
    edit(&world, "tech1", id, cleared).await.unwrap();
    let facts = seen(&world, "tech1", id).await.facts;
    assert_eq!((facts.planned_begin, facts.planned_end, facts.reminder), (None, None, None));
});

both_engines!(t_sta_04_an_open_plan_plans_the_ticket_and_its_end_takes_that_back, |world: World| async move {
    let number = taken(&world).await;
    assert_eq!(world.status(number).await, Status::Assigned);
    let first = add(&world, "tech1", planned(number, NINE, TEN)).await.unwrap().id;
    assert_eq!(world.status(number).await, Status::Planned);
    let second = add(&world, "tech1", planned(number, TEN, ELEVEN)).await.unwrap().id;
    for (word, expected) in [("done", Status::Planned), ("todo", Status::Planned)] {
        edit(&world, "tech1", first, state(word)).await.unwrap();
        assert_eq!(world.status(number).await, expected, "{word}");
    }
    edit(&world, "tech1", second, state("on_hold")).await.unwrap();
    edit(&world, "tech1", first, state("info")).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);
    edit(&world, "tech1", first, state("in_progress")).await.unwrap();
    assert_eq!(world.status(number).await, Status::Planned);
    tasks::remove(&world.ctx("tech1").await, removal(first)).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);
    world.assert_sound().await;
});

both_engines!(t_sta_28_a_plan_never_ends_pending, |world: World| async move {
    let number = taken(&world).await;
    world.command("tech1", number, Command::Suspend).await.unwrap();
    let id = add(&world, "tech1", planned(number, NINE, TEN)).await.unwrap().id;
    assert_eq!(world.status(number).await, Status::Pending);
    edit(&world, "tech1", id, state("done")).await.unwrap();
    assert_eq!(world.status(number).await, Status::Pending);
    edit(&world, "tech1", id, state("todo")).await.unwrap();
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    assert_eq!(world.status(number).await, Status::Planned, "with an open plan it resumes as planned");
});

both_engines!(t_tsk_05_a_pause_stops_the_task_its_ticket_or_both, |world: World| async move {
    let number = taken(&world).await;
    let id = add(&world, "tech1", planned(number, NINE, TEN)).await.unwrap().id;
    let tech1 = world.ctx("tech1").await;
    let form = |task: bool, ticket: bool, resume: bool| PauseTask {
        id: id.to_string(),
        task,
        ticket,
        resume,
        text: if ticket && !resume { "Waiting for the part".to_owned() } else { String::new() },
        ..PauseTask::default()
    };
    assert_eq!(field(tasks::pause(&tech1, form(false, false, false)).await, "task"), Some(Code::Required));
    tasks::pause(&tech1, form(true, false, false)).await.unwrap();
    assert_eq!(seen(&world, "tech1", id).await.facts.state, TaskState::OnHold);
    assert_eq!(world.status(number).await, Status::Assigned);
    tasks::pause(&tech1, form(true, false, true)).await.unwrap();
    assert_eq!(
        (seen(&world, "tech1", id).await.facts.state, world.status(number).await),
        (TaskState::InProgress, Status::Planned)
    );
    tasks::pause(&tech1, form(true, true, false)).await.unwrap();
    assert_eq!(
        (seen(&world, "tech1", id).await.facts.state, world.status(number).await),
        (TaskState::OnHold, Status::Pending)
    );
    tasks::pause(&tech1, form(true, true, true)).await.unwrap();
    assert_eq!(
        (seen(&world, "tech1", id).await.facts.state, world.status(number).await),
        (TaskState::InProgress, Status::Planned)
    );
    world.assert_sound().await;
});

both_engines!(t_tsk_06_overlapping_plans_of_one_person_are_told, |world: World| async move {
    let number = taken(&world).await;
    let user = id_of(&world, "tech2").await;
    let of = |begin: &str, end: &str| AddTask { user: user.clone(), ..planned(number, begin, end) };
    let first = add(&world, "tech1", of(NINE, TEN)).await.unwrap();
    assert!(first.warnings.is_empty());
    assert!(add(&world, "tech1", of(TEN, ELEVEN)).await.unwrap().warnings.is_empty(), "one ends when the other begins");
    let twice = add(&world, "tech1", of(NINE, ELEVEN)).await.unwrap();
    let warning = twice.warnings.first().unwrap();
    assert_eq!(warning.code, "planning_conflict");
    let conflicts = warning.data["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 2);
    assert_eq!(conflicts[0]["ticket"], number);
});

both_engines!(t_tsk_07_the_person_is_told_of_the_task_and_once_before_it_begins, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask {
        user: id_of(&world, "tech2").await,
        reminder_minutes: "60".to_owned(),
        ..planned(number, "2026-03-12T15:00", "2026-03-12T16:00")
    };
    let id = add(&world, "tech1", form).await.unwrap().id;
    assert_eq!((told(&world, "tech2").await, told(&world, "tech1").await), (vec![Event::TaskGiven], vec![]));
    let services = world.ctx("tech1").await.services.clone();
    assert_eq!(jobs::remind_tasks(&services).await.unwrap(), 0);
    world.advance(3600);
    assert_eq!(jobs::remind_tasks(&services).await.unwrap(), 1);
    assert_eq!(jobs::remind_tasks(&services).await.unwrap(), 0);
    assert_eq!(told(&world, "tech2").await, [Event::TaskReminder, Event::TaskGiven]);
    // It moves with its begin: another due time is told again.
    let later = TaskPatch {
        planned_begin: Patch::Set("2026-03-12T18:00".to_owned()),
        planned_end: Patch::Set("2026-03-12T19:00".to_owned()),
        ..TaskPatch::default()
    };
    edit(&world, "tech1", id, later).await.unwrap();
    assert_eq!(jobs::remind_tasks(&services).await.unwrap(), 0);
    world.advance(3 * 3600);
    edit(&world, "tech1", id, state("done")).await.unwrap();
    jobs::remind_tasks(&services).await.unwrap();
    let reminders = told(&world, "tech2").await.into_iter().filter(|event| *event == Event::TaskReminder).count();
    assert_eq!(reminders, 1, "what is done is not reminded of");
});
