//! Tasks: fields, rights, states, what their plans do to the ticket, who reads them (T-TSK-01..07, 11, T-STA-04, 05, T-VIS-03).

use domain::error::{AppError, Code};
use domain::forms::{AddTask, Command, Patch, PauseTask, RemoveOccurrence, TaskPatch};
use domain::notification::Event;
use domain::occurrence::{BodyFormat, Visibility};
use domain::policy::Capability;
use domain::task::TaskState;
use domain::ticket::Status;
use domain::views::{Entry, SavedTask, TaskView, TimelineQuery};
use service::history::HistoryQuery;
use service::notifications::NotificationQuery;
use service::{ServiceError, documents, drafts, history, jobs, notifications, requests, search, tasks, tickets};
use testing::{World, both_engines, conflict, error, field, forbidden, refused, upload};
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

async fn told(world: &World, name: &str) -> Vec<Event> {
    let page = notifications::list(&world.ctx(name).await, NotificationQuery::default()).await.unwrap();
    page.items
        .into_iter()
        .filter(|told| told.entry.as_ref().is_some_and(|(kind, _)| kind == "task"))
        .map(|told| told.event)
        .collect()
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

both_engines!(t_vis_03_a_private_task_is_nowhere_for_those_who_may_not_read_it, |world: World| async move {
    let number = taken(&world).await;
    let secret = AddTask { visibility: "private".to_owned(), ..task(number, "Zwetschgenmus") };
    let id = add(&world, "tech1", secret).await.unwrap().id;
    let public = add(&world, "tech1", task(number, "Kirschkuchen")).await.unwrap().id;
    for name in ["requester1", "requester2"] {
        let ctx = world.ctx(name).await;
        assert_eq!(error(tasks::get(&ctx, id).await), AppError::NotFound, "{name}");
        assert!(search::search(&ctx, "zwetschgenmus", &[], None, "", 0).await.unwrap().items.is_empty(), "{name}");
    }
    let requester = world.ctx("requester1").await;
    let found = search::search(&requester, "kirschkuchen", &[], None, "", 0).await.unwrap();
    assert_eq!(found.items.iter().map(|hit| (hit.kind.as_str(), hit.id)).collect::<Vec<_>>(), [("task", public)]);
    let shown = requests::detail(&requester, number, TimelineQuery::default()).await.unwrap();
    let tasks_of: Vec<Uuid> = shown
        .timeline
        .entries
        .iter()
        .filter_map(|entry| if let Entry::Task(task) = entry { Some(task.entry.id) } else { None })
        .collect();
    assert_eq!(tasks_of, [public]);
    let page = history::list(&requester, number, HistoryQuery::default()).await.unwrap();
    assert_eq!(page.items.iter().filter(|row| row.event.kind == "task_added").count(), 1);
    let all =
        search::search(&world.ctx("tech2").await, "zwetschgenmus", &["task".to_owned()], None, "", 0).await.unwrap();
    assert_eq!(all.items.len(), 1);
    // The capability of private occurrences is none for private tasks.
    let capabilities = [Capability::TicketViewAll, Capability::OccurrenceViewPrivate, Capability::TaskViewPublic];
    world.hire_with("halfblind", &capabilities).await;
    let half = world.ctx("halfblind").await;
    assert_eq!(error(tasks::get(&half, id).await), AppError::NotFound);
    assert!(search::search(&half, "zwetschgenmus", &[], None, "", 0).await.unwrap().items.is_empty());
    let page = history::list(&half, number, HistoryQuery::default()).await.unwrap();
    assert!(page.items.iter().all(|row| row.event.entry.as_ref().is_none_or(|(_, entry)| *entry != id)));
});

both_engines!(t_tsk_02_the_requester_side_reads_content_state_time_and_person, |world: World| async move {
    let number = taken(&world).await;
    let form = AddTask {
        user: id_of(&world, "tech2").await,
        estimated_minutes: "30".to_owned(),
        actual_minutes: "20".to_owned(),
        ..planned(number, NINE, TEN)
    };
    let id = add(&world, "tech1", form).await.unwrap().id;
    let view = seen(&world, "requester1", id).await;
    assert_eq!(
        view.facts.user.as_ref().map(|person| (person.name.as_str(), person.id)),
        Some((view.entry.author.name.as_str(), None))
    );
    assert!(view.facts.planned_begin.is_some() && view.entry.body_text.contains("disk"));
    assert_eq!(
        (view.facts.estimated, view.facts.actual, view.facts.group, view.facts.reminder),
        (None, None, None, None)
    );
    assert_eq!((view.entry.version, view.entry.minutes, view.entry.actions.len()), (0, None, 0));
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

both_engines!(t_doc_03_files_of_a_task_are_read_by_its_readers, |world: World| async move {
    let number = taken(&world).await;
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "plan.txt", b"one").await.unwrap().id;
    let form =
        AddTask { attachments: vec![file.to_string()], visibility: "private".to_owned(), ..task(number, "Look") };
    let id = add(&world, "tech1", form).await.unwrap().id;
    assert_eq!(seen(&world, "tech2", id).await.entry.attachments.len(), 1);
    documents::open(&world.ctx("tech2").await, file).await.unwrap();
    let requester = world.ctx("requester1").await;
    assert_eq!(error(documents::open(&requester, file).await), AppError::NotFound);
    let show = TaskPatch { visibility: Patch::Set("public".to_owned()), ..TaskPatch::default() };
    edit(&world, "tech1", id, show).await.unwrap();
    documents::open(&requester, file).await.unwrap();
    documents::remove(&tech1, file).await.unwrap();
    assert!(seen(&world, "tech1", id).await.entry.attachments.is_empty());
    world.assert_sound().await;
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
