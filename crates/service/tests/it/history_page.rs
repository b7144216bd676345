//! The page of a history and its export: whom one may filter by, what is private, every row once (T-HIS, P-HIS).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, Command, Patch, RemoveOccurrence, TicketPatch};
use domain::policy::Capability::{OccurrenceAddAny, OccurrenceViewPublic, TicketViewAll};
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::views::{ActorKind, HistoryRow, HistoryView};
use service::ctx::new_id;
use service::documents::{self, AddDocument};
use service::history::{self, HistoryQuery};
use service::{ServiceError, occurrences, tickets};
use testing::{Sql, World, both_engines, error, field, note, refused, upload};
use tokio::task::JoinSet;

async fn page(world: &World, name: &str, number: i64, query: HistoryQuery) -> HistoryView {
    history::page(&world.ctx(name).await, number, query).await.unwrap()
}

fn own() -> HistoryQuery {
    HistoryQuery { own: true, ..HistoryQuery::default() }
}

async fn rename(world: &World, number: i64, title: &str) {
    let patch = TicketPatch { title: Patch::Set(title.into()), ..TicketPatch::default() };
    tickets::update(&world.ctx("tech1").await, number, patch).await.unwrap();
}

/// Every row of an export, in order.
async fn exported(
    world: &World,
    name: &str,
    number: i64,
    query: HistoryQuery,
) -> Result<Vec<HistoryRow>, ServiceError> {
    let mut export = history::export(&world.ctx(name).await, number, query).await?;
    let mut rows = Vec::new();
    while let Some(more) = export.next().await? {
        rows.extend(more);
    }
    Ok(rows)
}

/// Events as only a long life brings them.
async fn add_events(world: &World, number: i64, count: i64) {
    let (ticket, now) = (world.row(number).await.id, world.now());
    let mut sql =
        Sql::new("INSERT INTO ticket_event (id, ticket_id, at, kind, public, entry_private, changes, data) VALUES ");
    for turn in 0..count {
        sql.push(if turn > 0 { ", (" } else { "(" }).bind(new_id());
        // Several of the same second.
        let at = now + turn / 7;
        sql.push_bind(", ", ticket).push_bind(", ", at).push(", 'field_changed', FALSE, FALSE, '[]', '{}')");
    }
    world.run(&sql).await;
}

both_engines!(t_his_01_pages_of_50_hold_every_event_once, |world: World| async move {
    let number = world.ticket().create().await;
    add_events(&world, number, 130).await;
    let mut found = Vec::new();
    let mut sizes = Vec::new();
    let mut query = HistoryQuery::default();
    loop {
        let view = page(&world, "tech1", number, query.clone()).await;
        sizes.push(view.page.items.len());
        found.extend(view.page.items.into_iter().map(|row| (row.event.at, row.event.id)));
        // Something new comes before what follows, and moves none of it.
        world.advance(60);
        add_events(&world, number, 1).await;
        let Some(next) = view.page.next_cursor else { break };
        query.cursor = next;
    }
    assert_eq!(sizes, [50, 50, 31]);
    let mut ids: Vec<_> = found.iter().map(|(_, id)| *id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 131, "no row twice");
    let times: Vec<_> = found.iter().map(|(at, _)| at.date_time().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first");
});

both_engines!(t_his_01_the_people_of_a_history_are_those_its_reader_sees_in_it, |world: World| async move {
    world.hire_with("outsourced", &[TicketViewAll, OccurrenceViewPublic, OccurrenceAddAny]).await;
    let number = world.ticket().create().await;
    world.occurrence("tech2", number, "private", "Between us.").await;
    world.occurrence("tech1", number, "public", "For you.").await;
    add_events(&world, number, 1).await;
    let names = async |name: &str| -> Vec<String> {
        let view = page(&world, name, number, HistoryQuery::default()).await;
        view.people.into_iter().map(|person| person.actor.name).collect()
    };
    assert_eq!(names("supervisor").await, ["supervisor", "tech1", "tech2", ""], "the system last");
    assert_eq!(names("outsourced").await, ["supervisor", "tech1", ""]);
    assert_eq!(names("requester1").await, ["supervisor", "tech1"]);

    let all = page(&world, "supervisor", number, HistoryQuery::default()).await;
    let tech2 = all.people.iter().find(|person| person.actor.name == "tech2").unwrap();
    assert_eq!(tech2.value, world.person("tech2").await.id.to_string());
    let of_tech2 = HistoryQuery { person: tech2.value.clone(), ..HistoryQuery::default() };
    let rows = page(&world, "supervisor", number, of_tech2).await.page.items;
    assert!(!rows.is_empty() && rows.iter().all(|row| row.event.author.name == "tech2"), "{rows:?}");
    let by_itself = HistoryQuery { person: "none".into(), ..HistoryQuery::default() };
    let rows = page(&world, "supervisor", number, by_itself).await.page.items;
    assert!(rows.len() == 1 && rows[0].event.author.kind == ActorKind::System, "{rows:?}");
});

both_engines!(p_his_01_requesters_filter_by_people_whose_ids_they_do_not_learn, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "public", "For you.").await;
    world.occurrence("requester1", number, "", "Thank you.").await;
    let view = page(&world, "requester1", number, own()).await;
    let tech1 = view.people.iter().find(|person| person.actor.name == "tech1").unwrap();
    let told = serde_json::to_string(&view).unwrap();
    for name in ["tech1", "supervisor"] {
        let person = world.person(name).await;
        assert!(!told.contains(&person.id.to_string()) && !told.contains(&person.email), "{told}");
    }
    let asked = HistoryQuery { person: tech1.value.clone(), ..own() };
    let rows = page(&world, "requester1", number, asked.clone()).await.page.items;
    assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["For you."]);
    let mine = HistoryQuery { person: "me".into(), ..own() };
    let rows = page(&world, "requester1", number, mine).await.page.items;
    assert!(rows.len() == 1 && rows[0].mine, "{rows:?}");
    assert_eq!(exported(&world, "requester1", number, asked).await.unwrap().len(), 1);
    let unknown = page(&world, "requester1", number, HistoryQuery { person: "AAAA".into(), ..own() }).await;
    assert_eq!((unknown.errors.of("person"), unknown.page.items.len()), (Some(Code::Invalid), 0));
});

both_engines!(t_his_01_a_wrong_date_is_told_at_its_field_beside_the_ticket, |world: World| async move {
    let number = world.ticket().title("Printer").create().await;
    let query = HistoryQuery { from: "yesterday".into(), to: "2026-13-01".into(), ..HistoryQuery::default() };
    let view = page(&world, "tech1", number, query.clone()).await;
    assert_eq!(view.errors.of("from"), Some(Code::Invalid));
    assert_eq!(view.errors.of("to"), Some(Code::Invalid));
    assert_eq!((view.title.as_str(), view.page.items.len(), view.people.is_empty()), ("Printer", 0, false));
    assert_eq!(field(exported(&world, "tech1", number, query).await, "to"), Some(Code::Invalid));
    let today = HistoryQuery { from: "2026-03-12".into(), to: "2026-03-12".into(), ..HistoryQuery::default() };
    assert!(!page(&world, "tech1", number, today).await.page.items.is_empty(), "both days are inside");
    let before = HistoryQuery { to: "2026-03-11".into(), ..HistoryQuery::default() };
    assert!(page(&world, "tech1", number, before).await.page.items.is_empty());
});

both_engines!(t_his_03_private_rows_are_marked_and_for_those_who_may_see_the_entry, |world: World| async move {
    world.hire_with("outsourced", &[TicketViewAll, OccurrenceViewPublic, OccurrenceAddAny]).await;
    let number = world.ticket().create().await;
    let private = world.occurrence("tech1", number, "private", "Between us.").await;
    world.occurrence("outsourced", number, "private", "My own.").await;
    let public = world.occurrence("tech1", number, "public", "For you.").await;
    let told = async |name: &str, query: HistoryQuery| -> Vec<(String, bool)> {
        let rows = page(&world, name, number, query).await.page.items;
        rows.into_iter().filter(|row| !row.text.is_empty()).map(|row| (row.text, row.event.private)).collect()
    };
    let of = |rows: &[(&str, bool)]| rows.iter().map(|(text, mark)| ((*text).to_owned(), *mark)).collect::<Vec<_>>();
    let plain = HistoryQuery::default;
    assert_eq!(told("tech2", plain()).await, of(&[("For you.", false), ("My own.", true), ("Between us.", true)]));
    assert_eq!(told("outsourced", plain()).await, of(&[("For you.", false), ("My own.", true)]));
    assert_eq!(told("requester1", own()).await, of(&[("For you.", false)]));
    let printed = HistoryQuery { portal: true, ..plain() };
    assert_eq!(told("tech2", printed).await, of(&[("For you.", false)]), "T-LST-09: public only");
    for name in ["requester1", "outsourced"] {
        let view = page(&world, name, number, plain()).await;
        assert!(!serde_json::to_string(&view).unwrap().contains(&private.to_string()), "{name}");
        let rows = exported(&world, name, number, plain()).await.unwrap();
        assert!(!serde_json::to_string(&rows).unwrap().contains(&private.to_string()), "{name}");
    }
    // T-HIS-05: the text stands at the entry alone, so it goes with it.
    let gone = RemoveOccurrence { id: public.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&world.ctx("tech1").await, gone).await.unwrap();
    let rows = page(&world, "requester1", number, own()).await.page.items;
    let row = rows.iter().find(|row| row.event.kind == "occurrence_added").unwrap();
    assert!(row.text.is_empty() && row.removed.is_some() && row.files.is_empty(), "{row:?}");
});

both_engines!(p_his_01_public_entries_come_with_their_files, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "plan.txt", b"p").await.unwrap().id;
    let entry = AddOccurrence {
        visibility: "public".into(),
        attachments: vec![file.to_string()],
        ..note(number, "See the plan.")
    };
    occurrences::add(&tech1, entry).await.unwrap();
    for visibility in ["public", "private"] {
        let name = format!("{visibility}.txt");
        let upload = upload(&tech1, &name, visibility.as_bytes()).await.unwrap().id.to_string();
        let form = AddDocument { ticket: number, upload, visibility: visibility.into(), ..AddDocument::default() };
        documents::add(&tech1, form).await.unwrap();
    }
    let files = async |name: &str, query: HistoryQuery| -> Vec<String> {
        let rows = page(&world, name, number, query).await.page.items;
        let mut names: Vec<String> = rows.into_iter().flat_map(|row| row.files).map(|file| file.name).collect();
        names.sort();
        names
    };
    assert_eq!(files("requester1", own()).await, ["plan.txt", "public.txt"]);
    assert_eq!(files("tech2", HistoryQuery::default()).await, ["plan.txt", "private.txt", "public.txt"]);
    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    let view = page(&world, "requester1", number, own()).await;
    assert_eq!(view.page.items.len(), 1, "P-HIS-02: status events alone: {view:?}");
});

both_engines!(p_gen_01_the_history_of_my_requests_is_that_of_my_own_requests, |world: World| async move {
    let number = world.ticket().create().await;
    for name in ["tech1", "requester2"] {
        let ctx = world.ctx(name).await;
        assert_eq!(error(history::page(&ctx, number, own()).await), AppError::NotFound, "{name}");
        assert_eq!(error(exported(&world, name, number, own()).await), AppError::NotFound, "{name}");
    }
    let requester2 = world.ctx("requester2").await;
    assert_eq!(error(history::page(&requester2, number, HistoryQuery::default()).await), AppError::NotFound);
    let unknown = exported(&world, "tech1", 987_654, HistoryQuery::default()).await;
    assert_eq!(error(unknown), AppError::NotFound);
    let view = page(&world, "requester1", number, own()).await;
    assert_eq!(view.requesters.iter().map(|actor| actor.name.as_str()).collect::<Vec<_>>(), ["requester1"]);
});

both_engines!(t_his_04_an_export_holds_exactly_what_its_reader_sees_under_the_filters, |world: World| async move {
    let number = world.ticket().title("Printer").create().await;
    add_events(&world, number, 620).await;
    world.occurrence("tech1", number, "private", "Between us.").await;
    rename(&world, number, "=HYPERLINK(1)").await;
    world.command("tech1", number, Command::Take).await.unwrap();
    for (name, query) in [
        ("supervisor", HistoryQuery::default()),
        ("supervisor", HistoryQuery { text: "hyperlink".into(), ..HistoryQuery::default() }),
        ("supervisor", HistoryQuery { kinds: "field_changed".into(), ..HistoryQuery::default() }),
        ("observer", HistoryQuery { person: "none".into(), ..HistoryQuery::default() }),
        ("requester1", own()),
        ("requester1", HistoryQuery::default()),
    ] {
        let whole = page(&world, name, number, HistoryQuery { limit: 1_000, ..query.clone() }).await.page;
        assert_eq!(whole.next_cursor, None);
        let rows = exported(&world, name, number, query.clone()).await.unwrap();
        assert_eq!(rows, whole.items, "{name} {query:?}");
        assert!(!rows.is_empty(), "{name} {query:?}");
    }
    let mut sql = Sql::new("SELECT data FROM audit WHERE kind = 'history_exported' AND object = ");
    sql.bind(number.to_string()).push(" ORDER BY at, id");
    let told = sql.rows(world.db().reader()).await.unwrap();
    assert_eq!(told.len(), 6, "who took what along stands in the audit log");
    let data: String = told[1].try_get("", "data").unwrap();
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(data["rows"], 1, "{data}");
    assert_eq!(data["filters"]["text"], "hyperlink", "{data}");
    world.assert_sound().await;
});

both_engines!(t_his_04_an_export_over_the_limit_is_refused_and_not_cut, |world: World| async move {
    let number = world.ticket().create().await;
    world.set(Key::ListsExportMaxRows, world.root, "1000").await;
    add_events(&world, number, 999).await;
    assert_eq!(exported(&world, "tech1", number, HistoryQuery::default()).await.unwrap().len(), 1_000);
    add_events(&world, number, 1).await;
    assert_eq!(refused(exported(&world, "tech1", number, HistoryQuery::default()).await), Code::TooManyRows);
    let narrow = HistoryQuery { kinds: "created".into(), ..HistoryQuery::default() };
    assert_eq!(exported(&world, "tech1", number, narrow).await.unwrap().len(), 1);
    let words = HistoryQuery { text: "created".into(), ..HistoryQuery::default() };
    let found = exported(&world, "tech1", number, words).await.unwrap();
    assert_eq!(found.len(), 1, "what fits is counted, not what is read");
    let common = HistoryQuery { not_text: "created".into(), ..HistoryQuery::default() };
    assert_eq!(exported(&world, "tech1", number, common).await.unwrap().len(), 1_000);
    assert_eq!(world.count("audit WHERE kind = 'history_exported'").await, 4, "a refused one is none");
    // A value outside its range counts as the nearest inside.
    world.set(Key::ListsExportMaxRows, world.root, "5").await;
    assert_eq!(refused(exported(&world, "tech1", number, HistoryQuery::default()).await), Code::TooManyRows);
});

both_engines!(a_aut_04_a_person_has_10_exports_a_minute, |world: World| async move {
    world.hire("busy", ShippedRole::Technician, world.root).await;
    let number = world.ticket().create().await;
    let export = async || exported(&world, "busy", number, HistoryQuery::default()).await;
    for _export in 0..10 {
        export().await.unwrap();
    }
    world.advance(15);
    assert_eq!(error(export().await), AppError::TooMany { retry_s: 45 });
    exported(&world, "tech1", number, HistoryQuery::default()).await.unwrap();
    world.advance(45);
    export().await.unwrap();
});

both_engines!(a_aut_04_exports_that_begin_at_once_count_each_other, |world: World| async move {
    world.hire("busy", ShippedRole::Technician, world.root).await;
    let number = world.ticket().create().await;
    let mut exports = JoinSet::new();
    for _export in 0..15 {
        let ctx = world.ctx("busy").await;
        exports.spawn(async move { history::export(&ctx, number, HistoryQuery::default()).await.map(|_begun| ()) });
    }
    let answers = exports.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 10);
    for more in answers.into_iter().filter(Result::is_err) {
        assert_eq!(error(more), AppError::TooMany { retry_s: 60 });
    }
    assert_eq!(world.count("audit WHERE kind = 'history_exported'").await, 10);
});
