//! Tasks: fields, rights, states, versions, and the time they took (T-TSK-01..03, 11).

mod plans;
mod sight;

use domain::error::{AppError, Code};
use domain::forms::{AddTask, EditTask, Patch, RemoveOccurrence, SetTask, TaskPatch};
use domain::occurrence::{BodyFormat, Visibility};
use domain::policy::Capability;
use domain::task::TaskState;
use domain::ticket::Status;
use domain::views::{SavedTask, TaskView};
use service::history::HistoryQuery;
use service::{ServiceError, drafts, history, search, tasks, tickets};
use testing::{World, both_engines, conflict, error, field, forbidden, refused};
use uuid::Uuid;

fn task(number: i64, text: &str) -> AddTask {
    AddTask {
        ticket: number,
        content: text.to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        ..AddTask::default()
    }
}

fn planned(number: i64, begin: &str, end: &str) -> AddTask {
    AddTask { planned_begin: begin.to_owned(), planned_end: end.to_owned(), ..task(number, "Change the disk") }
}

fn state(word: &str) -> TaskPatch {
    TaskPatch { state: Patch::Set(word.to_owned()), ..TaskPatch::default() }
}

fn removal(id: Uuid) -> RemoveOccurrence {
    RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() }
}

async fn id_of(world: &World, name: &str) -> String {
    world.person(name).await.id.to_string()
}

async fn add(world: &World, name: &str, form: AddTask) -> Result<SavedTask, ServiceError> {
    tasks::add(&world.ctx(name).await, form).await
}

async fn edit(world: &World, name: &str, id: Uuid, patch: TaskPatch) -> Result<SavedTask, ServiceError> {
    tasks::edit(&world.ctx(name).await, id, patch).await
}

async fn seen(world: &World, name: &str, id: Uuid) -> TaskView {
    tasks::get(&world.ctx(name).await, id).await.unwrap()
}

/// A ticket of requester1 that tech1 has taken.
async fn taken(world: &World) -> i64 {
    world.ticket().assignee("tech1").create().await
}

const NINE: &str = "2026-03-13T09:00";
const TEN: &str = "2026-03-13T10:00";
const ELEVEN: &str = "2026-03-13T11:00";

both_engines!(t_tsk_01_wrong_fields_are_named_with_their_codes, |world: World| async move {
    let number = taken(&world).await;
    let requester = id_of(&world, "requester1").await;
    type Change = fn(&mut AddTask);
    let cases: [(&str, Code, Change); 11] = [
        ("content", Code::Required, |form| form.content = " ".into()),
        ("state", Code::Invalid, |form| form.state = "later".into()),
        ("visibility", Code::Invalid, |form| form.visibility = "secret".into()),
        ("planned_end", Code::EndRequired, |form| form.planned_begin = NINE.into()),
        ("planned_begin", Code::BeginRequired, |form| form.planned_end = NINE.into()),
        ("planned_end", Code::EndBeforeBegin, |form| {
            form.planned_begin = TEN.into();
            form.planned_end = NINE.into();
        }),
        ("duration_minutes", Code::DurationMismatch, |form| {
            form.planned_begin = NINE.into();
            form.planned_end = TEN.into();
            form.duration_minutes = "30".into();
        }),
        ("estimated_minutes", Code::TimeOutOfRange, |form| form.estimated_minutes = "60001".into()),
        ("reminder_minutes", Code::BeginRequired, |form| form.reminder_minutes = "15".into()),
        ("group", Code::NotAssignable, |form| form.group = Uuid::nil().to_string()),
        ("category", Code::UnknownReference, |form| form.category = Uuid::nil().to_string()),
    ];
    for (name, code, change) in cases {
        let mut form = task(number, "Look");
        change(&mut form);
        assert_eq!(field(add(&world, "tech1", form).await, name), Some(code), "{name}");
    }
    let form = AddTask { user: requester, ..task(number, "Look") };
    assert_eq!(field(add(&world, "tech1", form).await, "user"), Some(Code::NotAssignable));
});

both_engines!(t_tsk_01_a_task_begins_private_and_to_do_and_a_length_computes_its_end, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask {
        visibility: String::new(),
        planned_begin: NINE.to_owned(),
        duration_minutes: "1h30".to_owned(),
        reminder_minutes: "15".to_owned(),
        user: id_of(&world, "tech2").await,
        ..task(number, "Change the disk")
    };
    let saved = add(&world, "tech1", form).await.unwrap();
    let view = seen(&world, "tech1", saved.id).await;
    assert_eq!((view.entry.visibility, view.facts.state), (Visibility::Private, TaskState::Todo));
    assert!(view.facts.planned_end.unwrap().as_str().starts_with("2026-03-13T10:30:00"));
    assert_eq!(
        (view.facts.reminder, view.facts.user.unwrap().id.unwrap().to_string()),
        (Some(15), id_of(&world, "tech2").await)
    );
    assert_eq!(view.entry.version, 1);
    world.assert_sound().await;
});

both_engines!(t_tsk_01_category_estimate_and_group_are_kept, |world: World| async move {
    let number = taken(&world).await;
    let category = world.list_row(service::lists::TASK_CATEGORIES, "Analysis", |_| {}).await;
    let group = world.group("Crew", &["tech2"]).await;
    let form = AddTask {
        category: category.clone(),
        group: group.to_string(),
        estimated_minutes: "1h30".to_owned(),
        ..task(number, "Look")
    };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let view = seen(&world, "tech2", id).await;
    assert_eq!(view.entry.category.map(|one| (one.id.to_string(), one.name)), Some((category, "Analysis".to_owned())));
    assert_eq!(view.facts.group.and_then(|one| one.id), Some(group));
    assert_eq!(view.facts.estimated.map(|minutes| minutes.0), Some(90));
});

both_engines!(t_tsk_01_a_private_task_is_given_only_to_those_who_may_read_it, |world: World| async move {
    let number = taken(&world).await;
    let capabilities = [Capability::TicketViewAll, Capability::OccurrenceViewPublic, Capability::TaskViewPublic];
    let blind = world.hire_with("blind", &capabilities).await.to_string();
    let form = AddTask { visibility: "private".to_owned(), user: blind.clone(), ..task(number, "Secret") };
    assert_eq!(field(add(&world, "tech1", form.clone()).await, "user"), Some(Code::AssigneeCannotSee));
    let public = AddTask { visibility: "public".to_owned(), ..form };
    let id = add(&world, "tech1", public).await.unwrap().id;
    let hide = TaskPatch { visibility: Patch::Set("private".to_owned()), ..TaskPatch::default() };
    assert_eq!(field(edit(&world, "tech1", id, hide).await, "user"), Some(Code::AssigneeCannotSee));
});

both_engines!(t_tsk_02_rights_are_those_of_own_and_any, |world: World| async move {
    let number = taken(&world).await;
    assert_eq!(forbidden(add(&world, "requester1", task(number, "x")).await), "task.add-own");
    assert_eq!(error(add(&world, "requester2", task(number, "x")).await), AppError::NotFound);
    let id = add(&world, "tech1", task(number, "Look")).await.unwrap().id;
    let content = || TaskPatch { content: Patch::Set("Other".to_owned()), ..TaskPatch::default() };
    assert_eq!(forbidden(edit(&world, "tech2", id, content()).await), "task.update-any");
    assert_eq!(forbidden(tasks::remove(&world.ctx("tech2").await, removal(id)).await), "task.delete-any");
    edit(&world, "tech1", id, content()).await.unwrap();
    edit(&world, "supervisor", id, TaskPatch { content: Patch::Set("Third".to_owned()), ..TaskPatch::default() })
        .await
        .unwrap();
    tasks::remove(&world.ctx("supervisor").await, removal(id)).await.unwrap();
    assert_eq!(refused(edit(&world, "supervisor", id, content()).await), Code::EntryDeleted);
});

both_engines!(t_tsk_02_no_task_is_added_or_changed_once_the_ticket_is_over, |world: World| async move {
    let number = taken(&world).await;
    let id = add(&world, "tech1", task(number, "Look")).await.unwrap().id;
    world.put_status(number, Status::Closed).await;
    assert_eq!(refused(add(&world, "tech1", task(number, "x")).await), Code::TicketClosed);
    assert_eq!(refused(edit(&world, "tech1", id, state("done")).await), Code::TicketClosed);
});

both_engines!(t_tsk_03_whoever_does_it_says_how_far_it_is, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { user: id_of(&world, "tech2").await, ..task(number, "Look") };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let progress = TaskPatch { actual_minutes: Patch::Set("45".to_owned()), ..state("in_progress") };
    edit(&world, "tech2", id, progress).await.unwrap();
    let more = TaskPatch { planned_begin: Patch::Set(NINE.to_owned()), ..state("done") };
    assert_eq!(forbidden(edit(&world, "tech2", id, more).await), "task.update-any");
    edit(&world, "tech2", id, state("done")).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert!(view.facts.done_at.is_some() && view.facts.done_by.is_some_and(|by| by.id.is_some()));
    assert_eq!(view.entry.actions, ["update", "delete", "progress"]);
    // A group without a person: every member.
    let group = world.group("Crew", &["tech2"]).await;
    let id = add(&world, "tech1", AddTask { group: group.to_string(), ..task(number, "Look") }).await.unwrap().id;
    edit(&world, "tech2", id, state("done")).await.unwrap();
});

both_engines!(t_occ_16_a_task_keeps_its_former_versions_and_its_tombstone, |world: World| async move {
    let number = taken(&world).await;
    let id = add(&world, "tech1", task(number, "The cable is loose.")).await.unwrap().id;
    let tech1 = world.ctx("tech1").await;
    let other = TaskPatch {
        content: Patch::Set("The cable is new.".to_owned()),
        format: BodyFormat::Text,
        ..state("in_progress")
    };
    edit(&world, "tech1", id, other.clone()).await.unwrap();
    edit(&world, "tech1", id, other).await.unwrap();
    let page = tasks::revisions(&tech1, number, id).await.unwrap();
    assert_eq!(page.revisions.len(), 2, "a save without any difference makes no revision");
    assert!(page.revisions[0].body_text.contains("loose"));
    let of = |at: usize| page.revisions[at].more.iter().find(|(field, _)| field == "state").unwrap().1.clone();
    assert_eq!((of(0), of(1)), ("todo".to_owned(), "in_progress".to_owned()));
    assert_eq!(error(tasks::revisions(&world.ctx("requester1").await, number, id).await), AppError::NotFound);
    tasks::remove(&tech1, removal(id)).await.unwrap();
    let gone = seen(&world, "tech2", id).await;
    assert!(gone.entry.removed.is_some() && gone.entry.body_text.is_empty());
    assert_eq!(refused(tasks::remove(&tech1, removal(id)).await), Code::EntryDeleted);
    assert!(search::search(&tech1, "cable", &["task".to_owned()], None, "", 0).await.unwrap().items.is_empty());
    let page = history::list(&tech1, number, HistoryQuery::default()).await.unwrap();
    let kinds: Vec<&str> = page.items.iter().map(|row| row.event.kind.as_str()).collect();
    for kind in ["task_added", "task_edited", "task_state_changed", "task_deleted"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    world.assert_sound().await;
});

both_engines!(t_gen_07_two_changes_of_one_field_conflict_and_of_two_fields_merge, |world: World| async move {
    let number = taken(&world).await;
    let id = add(&world, "tech1", task(number, "Look")).await.unwrap().id;
    let from_one = |patch: TaskPatch| TaskPatch { version: Some(1), ..patch };
    edit(&world, "tech1", id, from_one(state("in_progress"))).await.unwrap();
    let wrong = edit(&world, "supervisor", id, from_one(state("done"))).await;
    let told = conflict(wrong);
    assert_eq!(told.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["state"]);
    let minutes = TaskPatch { estimated_minutes: Patch::Set("30".to_owned()), ..TaskPatch::default() };
    edit(&world, "supervisor", id, from_one(minutes)).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!((view.facts.state, view.facts.estimated.map(|minutes| minutes.0)), (TaskState::InProgress, Some(30)));
});

both_engines!(t_gen_07_a_whole_form_takes_nothing_back_that_others_changed_meanwhile, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { reminder_minutes: "60".to_owned(), ..planned(number, NINE, TEN) };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let form = |content: &str, visibility: &str| EditTask {
        id: id.to_string(),
        ticket: number,
        version: 1,
        content: content.to_owned(),
        format: BodyFormat::Text,
        state: "todo".to_owned(),
        visibility: visibility.to_owned(),
        planned_begin: NINE.to_owned(),
        planned_end: TEN.to_owned(),
        reminder_minutes: "60".to_owned(),
        ..EditTask::default()
    };
    let moved = TaskPatch {
        planned_begin: Patch::Set(TEN.to_owned()),
        planned_end: Patch::Set(ELEVEN.to_owned()),
        reminder_minutes: Patch::Set("30".to_owned()),
        actual_minutes: Patch::Set("20".to_owned()),
        ..state("in_progress")
    };
    edit(&world, "tech1", id, moved).await.unwrap();
    edit(&world, "supervisor", id, form("Change both disks", "public").into()).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!((view.entry.body_text.as_str(), view.facts.state), ("Change both disks", TaskState::InProgress));
    assert_eq!((view.facts.actual.map(|minutes| minutes.0), view.facts.reminder), (Some(20), Some(30)));
    assert!(view.facts.planned_begin.unwrap().as_str().starts_with(TEN));
    assert!(view.facts.planned_end.unwrap().as_str().starts_with(ELEVEN));
    // The plan is gone: a form that still shows it does not bring its reminder back.
    let cleared = TaskPatch { planned_begin: Patch::Clear, ..TaskPatch::default() };
    edit(&world, "tech1", id, cleared).await.unwrap();
    let stale = EditTask {
        version: 3,
        content: "Change them all".to_owned(),
        state: "in_progress".to_owned(),
        actual_minutes: "20".to_owned(),
        planned_begin: TEN.to_owned(),
        planned_end: ELEVEN.to_owned(),
        reminder_minutes: "30".to_owned(),
        ..form("", "public")
    };
    edit(&world, "supervisor", id, stale.into()).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!(view.entry.body_text, "Change them all");
    assert_eq!((view.facts.planned_begin, view.facts.planned_end, view.facts.reminder), (None, None, None));
    world.assert_sound().await;
});

both_engines!(t_gen_07_what_was_written_as_private_becomes_public_by_nobody_else, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { visibility: "private".to_owned(), ..task(number, "Look") };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let public = TaskPatch { visibility: Patch::Set("public".to_owned()), ..TaskPatch::default() };
    edit(&world, "tech1", id, public).await.unwrap();
    let stale = EditTask {
        id: id.to_string(),
        ticket: number,
        version: 1,
        content: "The password is on the desk".to_owned(),
        format: BodyFormat::Text,
        state: "todo".to_owned(),
        visibility: "private".to_owned(),
        ..EditTask::default()
    };
    let told = conflict(edit(&world, "supervisor", id, stale.into()).await);
    assert_eq!(told.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["visibility"]);
    assert_eq!(seen(&world, "requester1", id).await.entry.body_text, "Look");
});

both_engines!(t_tsk_03_the_time_it_took_is_taken_back_and_a_late_form_takes_back_nothing, |world: World| async move {
    let number = taken(&world).await;
    let user = id_of(&world, "tech2").await;
    let id = add(&world, "tech1", AddTask { user, ..task(number, "Look") }).await.unwrap().id;
    let set = |version: i32, state: &str, actual: &str| -> TaskPatch {
        let (state, actual_minutes) = (state.to_owned(), actual.to_owned());
        SetTask { id: id.to_string(), state, actual_minutes, whole: true, version, ..SetTask::default() }.into()
    };
    let now = async || {
        let facts = seen(&world, "tech1", id).await.facts;
        (facts.state, facts.actual.map(|minutes| minutes.0))
    };
    edit(&world, "tech2", id, set(1, "in_progress", "30")).await.unwrap();
    // This form was opened before.
    let told = conflict(edit(&world, "tech1", id, set(1, "done", "")).await);
    assert_eq!(told.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["state"]);
    edit(&world, "tech1", id, set(1, "todo", "")).await.unwrap();
    assert_eq!(now().await, (TaskState::InProgress, Some(30)));
    edit(&world, "tech2", id, set(2, "in_progress", "")).await.unwrap();
    assert_eq!(now().await, (TaskState::InProgress, None));
    let tick = SetTask { id: id.to_string(), state: "done".to_owned(), ..SetTask::default() };
    edit(&world, "tech2", id, set(3, "in_progress", "20")).await.unwrap();
    edit(&world, "tech2", id, tick.into()).await.unwrap();
    assert_eq!(now().await, (TaskState::Done, Some(20)), "a tick says nothing of the time");
});

both_engines!(t_tsk_02_a_form_without_the_editor_keeps_the_markup, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask {
        content: "<p>Change the <strong>first</strong> disk</p>".to_owned(),
        format: BodyFormat::Html,
        ..task(number, "")
    };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let plain = TaskPatch {
        content: Patch::Set("Change the first disk".to_owned()),
        format: BodyFormat::Text,
        estimated_minutes: Patch::Set("30".to_owned()),
        ..TaskPatch::default()
    };
    edit(&world, "tech1", id, plain).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert!(view.entry.body.as_str().contains("<strong>first</strong>"), "{:?}", view.entry.body);
    assert_eq!(view.facts.estimated.map(|minutes| minutes.0), Some(30));
});

both_engines!(t_idm_a_task_is_added_once_under_its_key, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { key: "k1".to_owned(), ..task(number, "Look") };
    let first = add(&world, "tech1", form.clone()).await.unwrap();
    assert_eq!(add(&world, "tech1", form.clone()).await.unwrap(), first);
    let other = AddTask { content: "Other".to_owned(), ..form };
    assert_eq!(refused(add(&world, "tech1", other).await), Code::IdempotencyMismatch);
    assert_eq!(world.count("task").await, 1);
});

both_engines!(t_drf_02_a_refused_task_is_kept_as_a_draft, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { planned_end: NINE.to_owned(), ..task(number, "Long words") };
    assert_eq!(field(add(&world, "tech1", form).await, "planned_begin"), Some(Code::BeginRequired));
    let tech1 = world.ctx("tech1").await;
    let draft = drafts::find(&tech1, "task", &number.to_string()).await.unwrap().unwrap();
    assert_eq!(draft.text("content"), "Long words");
    add(&world, "tech1", task(number, "Long words")).await.unwrap();
    assert!(drafts::find(&tech1, "task", &number.to_string()).await.unwrap().is_none());
});

both_engines!(t_tsk_11_worked_is_the_time_of_occurrences_and_tasks, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask { actual_minutes: "45".to_owned(), ..task(number, "Look") };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let worked = async |name: &str| {
        tickets::detail(&world.ctx(name).await, number).await.unwrap().worked.map(|minutes| minutes.0)
    };
    assert_eq!(worked("tech1").await, Some(45));
    tasks::remove(&world.ctx("tech1").await, removal(id)).await.unwrap();
    assert_eq!(worked("tech1").await, Some(0));
});
