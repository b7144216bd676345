//! Who reads a task, and what of it (T-VIS-03, T-TSK-02, T-DOC-03).

use domain::error::AppError;
use domain::forms::{AddTask, Patch, TaskPatch};
use domain::policy::Capability;
use domain::views::{Entry, TimelineQuery};
use service::history::HistoryQuery;
use service::{documents, history, requests, search, tasks};
use testing::{both_engines, error, upload};
use uuid::Uuid;

use super::{NINE, TEN, add, edit, id_of, planned, seen, taken, task};

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
