//! What two people changed to different values is told with both of them, and nothing is saved (T-GEN-07, A-VER-01).

use domain::error::FieldConflict;
use domain::forms::{AddOccurrence, OccurrencePatch, Patch, SaveProfile, TicketPatch};
use domain::occurrence::BodyFormat;
use serde_json::{Value, json};
use service::{ServiceError, account, lists, occurrences, tickets};
use testing::{World, both_engines, conflict, error, field, note, upload};
use uuid::Uuid;

async fn update(world: &World, name: &str, number: i64, patch: TicketPatch) -> Result<(), ServiceError> {
    tickets::update(&world.ctx(name).await, number, patch).await
}

fn from(version: i32) -> TicketPatch {
    TicketPatch { version: Some(version), ..TicketPatch::default() }
}

fn people(list: &[&String]) -> Patch<Vec<String>> {
    Patch::Set(list.iter().map(|one| (*one).clone()).collect())
}

async fn file(world: &World, name: &str, file: &str) -> Uuid {
    upload(&world.ctx(name).await, file, file.as_bytes()).await.unwrap().id
}

fn files(ids: &[Uuid]) -> Patch<Vec<String>> {
    Patch::Set(ids.iter().map(ToString::to_string).collect())
}

/// Names in a list of people or files.
fn names(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect()
}

#[track_caller]
fn one(conflicts: Vec<FieldConflict>) -> FieldConflict {
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    conflicts.into_iter().next().unwrap()
}

both_engines!(t_gen_07_lists_of_people_are_told_as_people, |world: World| async move {
    let number = world.ticket().create().await;
    let (tech1, tech2, requester2) =
        (world.user("tech1").await, world.user("tech2").await, world.user("requester2").await);
    let mail = "Ann <ann@example.org>".to_owned();
    world.advance(60);
    let patch = TicketPatch { observers: people(&[&tech2, &mail]), ..from(1) };
    update(&world, "tech1", number, patch).await.unwrap();
    world.advance(60);
    let patch = || TicketPatch { observers: people(&[&requester2]), ..from(1) };
    let told = one(conflict(update(&world, "tech2", number, patch()).await));
    assert_eq!(told.field, "observers");
    assert_eq!(names(&told.yours), ["requester2"]);
    assert_eq!(names(&told.theirs)[0], "tech2");
    assert_eq!(told.theirs.as_array().map(Vec::len), Some(2));
    assert_eq!(told.by.as_deref(), Some("tech1"));
    assert_eq!(told.actor.id, Some(world.person("tech1").await.id));
    assert!(told.at.starts_with("2026-03-12T13:01:00"), "{}", told.at);
    // The same people in another order are the same value; another field merges.
    let same = TicketPatch { observers: people(&[&mail, &tech2]), ..from(1) };
    update(&world, "tech2", number, same).await.unwrap();
    update(&world, "tech2", number, TicketPatch { requesters: people(&[&tech1]), ..from(1) }).await.unwrap();
    let detail = tickets::detail(&world.ctx("supervisor").await, number).await.unwrap();
    assert_eq!((detail.observers.len(), detail.version), (2, 3));
    // From the present version it is a change like any other.
    update(&world, "tech2", number, TicketPatch { version: Some(3), ..patch() }).await.unwrap();
    world.assert_sound().await;
});

both_engines!(t_gen_07_files_of_the_description_are_told_by_name, |world: World| async move {
    let number = world.ticket().create().await;
    let (plan, photo) = (file(&world, "tech1", "plan.txt").await, file(&world, "tech2", "photo.txt").await);
    update(&world, "tech1", number, TicketPatch { attachments: files(&[plan]), ..from(1) }).await.unwrap();
    assert_eq!(world.row(number).await.version, 2, "new files are a change");
    let told =
        one(conflict(update(&world, "tech2", number, TicketPatch { attachments: files(&[photo]), ..from(1) }).await));
    assert_eq!(
        (told.field.as_str(), names(&told.yours), names(&told.theirs)),
        ("attachments", vec!["photo.txt"], vec!["plan.txt"])
    );
    assert_eq!(told.theirs[0]["id"], json!(plan));
    let both = TicketPatch { attachments: files(&[plan, photo]), ..from(2) };
    update(&world, "tech2", number, both).await.unwrap();
    let detail = tickets::detail(&world.ctx("tech1").await, number).await.unwrap();
    let names: Vec<&str> = detail.description_files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["plan.txt", "photo.txt"]);
    update(&world, "tech1", number, TicketPatch { attachments: files(&[plan, photo]), ..from(2) }).await.unwrap();
    assert_eq!(world.row(number).await.version, 3, "the same files are no change");
    world.assert_sound().await;
});

both_engines!(t_rol_09_who_was_disabled_may_stay_beside_a_ticket, |world: World| async move {
    let number = world.ticket().observer("tech2").create().await;
    let (tech1, tech2) = (world.user("tech1").await, world.user("tech2").await);
    world.disable("tech2").await;
    update(&world, "tech1", number, TicketPatch { observers: people(&[&tech2, &tech1]), ..from(1) }).await.unwrap();
    let detail = tickets::detail(&world.ctx("tech1").await, number).await.unwrap();
    assert_eq!(detail.observers.len(), 2);
    update(&world, "tech1", number, TicketPatch { observers: people(&[&tech1]), ..from(2) }).await.unwrap();
    let again = TicketPatch { observers: people(&[&tech1, &tech2]), ..from(3) };
    assert!(field(update(&world, "tech1", number, again).await, "observers[1]").is_some(), "but not come back");
});

both_engines!(t_set_09_an_inactive_row_may_stay_and_not_be_chosen, |world: World| async move {
    let (old, other) = (
        world.list_row(lists::LOCATIONS, "Old house", |_| {}).await,
        world.list_row(lists::LOCATIONS, "Older house", |row| row.active = false).await,
    );
    let deaf = world.list_row(lists::SOURCES, "Door", |row| row.for_tickets = false).await;
    let number = world.ticket().with(|form| form.location = old.clone()).create().await;
    world.run(service::sql::Sql::new("UPDATE list_row SET active = FALSE WHERE names LIKE ").bind("%Old house%")).await;
    let at = |location: &str| TicketPatch { location: Patch::Set(location.into()), ..TicketPatch::default() };
    update(&world, "tech1", number, at(&old)).await.unwrap();
    assert_eq!(world.row(number).await.version, 1, "the same value is no change");
    let unknown = Some(domain::error::Code::UnknownReference);
    assert_eq!(field(update(&world, "tech1", number, at(&other)).await, "location"), unknown);
    let source = TicketPatch { source: Patch::Set(deaf), ..TicketPatch::default() };
    assert_eq!(field(update(&world, "tech1", number, source).await, "source"), unknown, "T-SET-10: not for tickets");
});

both_engines!(t_tkt_a_description_remembers_who_wrote_each_text, |world: World| async move {
    let number = world.ticket().description("First.").create().await;
    let described = |text: &str| TicketPatch {
        description: Patch::Set(text.into()),
        format: BodyFormat::Text,
        ..TicketPatch::default()
    };
    world.advance(60);
    update(&world, "tech1", number, described("Second.")).await.unwrap();
    world.advance(60);
    update(&world, "tech2", number, described("Third.")).await.unwrap();
    let revisions = tickets::description_revisions(&world.ctx("tech1").await, number).await.unwrap();
    let told: Vec<(i32, &str, &str)> =
        revisions.iter().map(|one| (one.revision, one.by.name.as_str(), one.body_text.as_str())).collect();
    assert_eq!(told, [(1, "supervisor", "First."), (2, "tech1", "Second."), (3, "tech2", "Third.")]);
});

async fn edit(world: &World, name: &str, id: Uuid, patch: OccurrencePatch) -> Result<(), ServiceError> {
    occurrences::edit(&world.ctx(name).await, id, patch).await
}

fn entry_from(version: i32) -> OccurrencePatch {
    OccurrencePatch { version: Some(version), ..OccurrencePatch::default() }
}

both_engines!(t_gen_07_fields_of_an_entry_name_who_changed_each_and_when, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "The cable is loose.").await;
    world.advance(60);
    edit(&world, "tech1", id, OccurrencePatch { minutes: Patch::Set("10".into()), ..entry_from(1) }).await.unwrap();
    world.advance(60);
    let text =
        |text: &str| OccurrencePatch { body: Patch::Set(text.into()), format: BodyFormat::Text, ..entry_from(1) };
    edit(&world, "supervisor", id, text("The cable is new.")).await.unwrap();
    world.advance(60);
    let patch = OccurrencePatch {
        minutes: Patch::Set("20".into()),
        occurred_at: Patch::Set("2026-03-11T08:00:00Z".into()),
        ..text("The cable is gone.")
    };
    let conflicts = conflict(edit(&world, "admin", id, patch).await);
    let told: Vec<(&str, Option<&str>)> = conflicts.iter().map(|one| (one.field.as_str(), one.by.as_deref())).collect();
    assert_eq!(told, [("body", Some("supervisor")), ("minutes", Some("tech1"))]);
    let times: Vec<&str> = conflicts.iter().map(|one| one.at.as_str()).collect();
    assert!(times[0].starts_with("2026-03-12T13:02") && times[1].starts_with("2026-03-12T13:01"), "{times:?}");
    assert_eq!(
        (&conflicts[0].yours, &conflicts[0].theirs),
        (&json!("The cable is gone."), &json!("The cable is new."))
    );
    assert_eq!((&conflicts[1].yours, &conflicts[1].theirs), (&json!(20), &json!(10)));
    let view = occurrences::get(&world.ctx("admin").await, id).await.unwrap();
    assert_eq!((view.version, view.minutes.map(|minutes| minutes.0)), (3, Some(10)), "nothing was saved");
});

both_engines!(t_gen_07_files_of_an_entry_are_told_by_name, |world: World| async move {
    let number = world.ticket().create().await;
    let plan = file(&world, "tech1", "plan.txt").await;
    let form = AddOccurrence { attachments: vec![plan.to_string()], ..note(number, "See the plan.") };
    let id = occurrences::add(&world.ctx("tech1").await, form).await.unwrap();
    edit(&world, "tech1", id, OccurrencePatch { attachments: files(&[]), ..entry_from(1) }).await.unwrap();
    let photo = file(&world, "supervisor", "photo.txt").await;
    let patch = OccurrencePatch { attachments: files(&[plan, photo]), ..entry_from(1) };
    let answer = edit(&world, "supervisor", id, patch).await;
    // The plan is gone with the first save: to keep it is as if it were named anew.
    match error(answer) {
        domain::error::AppError::Conflict { conflicts, .. } => {
            assert_eq!(names(&one(conflicts.clone()).yours), ["plan.txt", "photo.txt"]);
            assert_eq!(one(conflicts).theirs, json!([]));
        }
        other => panic!("{other:?}"),
    }
    let revisions = occurrences::revisions(&world.ctx("tech1").await, id).await.unwrap();
    let kept: Vec<usize> = revisions.iter().map(|revision| revision.attachments.len()).collect();
    assert_eq!(kept, [1, 0]);
});

both_engines!(a_ver_01_a_profile_is_merged_and_refused_by_field, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let theme = |version, theme: &str| SaveProfile { version, theme: theme.into(), ..SaveProfile::default() };
    assert_eq!(account::save_from(&tech1, theme(1, "dark")).await.unwrap(), 2);
    world.advance(60);
    let density = SaveProfile { version: 1, density: "comfortable".into(), ..SaveProfile::default() };
    assert_eq!(account::save_from(&tech1, density).await.unwrap(), 3, "another field merges");
    let told = one(conflict(account::save_from(&tech1, theme(1, "light")).await));
    assert_eq!((told.field.as_str(), &told.yours, &told.theirs), ("theme", &json!("light"), &json!("dark")));
    assert_eq!(told.by.as_deref(), Some("tech1"));
    assert!(told.at.starts_with("2026-03-12T13:00:00"), "{}", told.at);
    assert_eq!(account::save_from(&tech1, theme(1, "dark")).await.unwrap(), 3, "the same value is no change");
    assert_eq!(account::save_from(&tech1, theme(3, "light")).await.unwrap(), 4);
    assert_eq!(account::save(&tech1, theme(1, "auto")).await.unwrap(), 5, "pages save without comparison");
});

both_engines!(t_tsk_01_a_new_task_begins_as_its_own_preference_says, |world: World| async move {
    let save = |task: &str, occurrence: &str| SaveProfile {
        task_default_visibility: task.into(),
        default_visibility: occurrence.into(),
        ..SaveProfile::default()
    };
    let number = world.ticket().assignee("tech1").create().await;
    for (task, occurrence) in [("public", "private"), ("private", "public")] {
        account::save_from(&world.ctx("tech1").await, save(task, occurrence)).await.unwrap();
        let tech1 = world.ctx("tech1").await;
        assert_eq!(service::tasks::page(&tech1, number, None).await.unwrap().visibility, task);
        let form = domain::forms::AddTask { ticket: number, content: "Look".into(), ..Default::default() };
        let id = service::tasks::add(&tech1, form).await.unwrap().id;
        let made = service::tasks::get(&tech1, id).await.unwrap();
        assert_eq!(made.entry.visibility.as_str(), task);
    }
});
