//! The disk is full: the writer hears it, nothing is half written, and room is all it takes to go on. On SQLite, whose file
//! can be forbidden to grow.

use domain::error::AppError;
use domain::forms::{AddOccurrence, SaveDraft};
use domain::views::TimelineQuery;
use service::{drafts, occurrences, tickets};
use testing::{Engine, Sql, World, error, note, run};

/// Pages of the file, 4 KiB each.
const PLENTY: i64 = 1_000_000;

/// Some 30 pages of text.
fn long() -> String {
    "Toner. ".repeat(17_000)
}

/// Lets the file grow by so many pages and no more.
async fn leave_room(world: &World, pages: i64) {
    let size: Option<i64> = Sql::new("PRAGMA page_count").scalar(world.db().writer()).await.unwrap();
    world.run(&Sql::new(&format!("PRAGMA max_page_count = {}", size.unwrap() + pages))).await;
}

/// Rows of everything an occurrence writes to, beside its draft.
async fn census(world: &World) -> Vec<i64> {
    let mut rows = Vec::new();
    for table in ["occurrence", "ticket_event", "event", "idempotency"] {
        rows.push(world.count(table).await);
    }
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_gen_09_a_full_disk_takes_nothing_by_half_and_keeps_what_was_typed() {
    run(Engine::Sqlite, async |world: World| {
        let number = world.ticket().create().await;
        let tech1 = world.ctx("tech1").await;
        tickets::mark_read(&tech1, number).await.unwrap();
        let before = (world.row(number).await, census(&world).await);
        let form = AddOccurrence { key: "once".into(), ..note(number, &long()) };

        // Enough for the draft, too little for the entry, which is stored as markup and as plain text.
        leave_room(&world, 45).await;
        assert_eq!(error(occurrences::add(&tech1, form.clone()).await), AppError::StorageFull);
        assert_eq!((world.row(number).await, census(&world).await), before);
        let draft = drafts::find(&tech1, "occurrence", &number.to_string()).await.unwrap().unwrap();
        assert_eq!(draft.text("body"), form.body);
        let page = tickets::page(&tech1, number, TimelineQuery::default()).await.unwrap();
        assert_eq!(page.timeline.entries.len(), 0, "reading goes on");
        world.assert_sound().await;

        leave_room(&world, PLENTY).await;
        let id = occurrences::add(&tech1, form.clone()).await.unwrap();
        assert_eq!(occurrences::add(&tech1, form).await.unwrap(), id, "the key was not used up");
        assert_eq!((world.count("occurrence").await, world.count("draft").await), (1, 0));
        world.assert_sound().await;
    })
    .await;
}

/// SQLite ends a transaction that finds no room by itself. If the driver went on counting it, the next refusal would leave a
/// transaction open, and what is answered afterwards would never be committed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_saved_means_saved_again() {
    run(Engine::Sqlite, async |world: World| {
        let number = world.ticket().create().await;
        let tech1 = world.ctx("tech1").await;
        let form = SaveDraft {
            kind: "occurrence".into(),
            object: number.to_string(),
            fields: serde_json::json!({ "body": long() }).to_string(),
            device: "a".into(),
        };
        leave_room(&world, 0).await;
        assert_eq!(error(drafts::save(&tech1, form.clone()).await), AppError::StorageFull);
        assert_eq!(world.count("draft").await, 0);

        leave_room(&world, PLENTY).await;
        assert_eq!(error(occurrences::add(&tech1, note(number + 1, "Nowhere.")).await), AppError::NotFound);
        occurrences::add(&tech1, note(number, "Here.")).await.unwrap();
        // Readers have other connections: they see what was committed and nothing else.
        assert_eq!(world.count("occurrence").await, 1);
        drafts::save(&tech1, form).await.unwrap();
        assert_eq!(world.count(&format!("draft WHERE object = '{number}'")).await, 1);
        world.assert_sound().await;
    })
    .await;
}
