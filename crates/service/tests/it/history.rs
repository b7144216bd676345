//! The history of a ticket: filtered over all of it, then paged (T-HIS-01, T-HIS-03).

use domain::error::Code;
use domain::forms::{Command, Patch, RemoveOccurrence, TicketPatch};
use domain::policy::Capability::{OccurrenceAddAny, OccurrenceViewPublic, TicketViewAll};
use domain::settings::Key;
use domain::views::{HistoryRow, Page};
use service::history::{self, HistoryQuery};
use service::{occurrences, tickets};
use testing::{World, both_engines, field};

async fn read(world: &World, name: &str, number: i64, query: HistoryQuery) -> Page<HistoryRow> {
    history::list(&world.ctx(name).await, number, query).await.unwrap()
}

async fn kinds(world: &World, name: &str, number: i64, query: HistoryQuery) -> Vec<String> {
    read(world, name, number, query).await.items.into_iter().map(|row| row.event.kind).collect()
}

fn words(text: &str) -> HistoryQuery {
    HistoryQuery { text: text.into(), ..HistoryQuery::default() }
}

async fn rename(world: &World, number: i64, title: &str) {
    let patch = TicketPatch { title: Patch::Set(title.into()), ..TicketPatch::default() };
    tickets::update(&world.ctx("tech1").await, number, patch).await.unwrap();
}

both_engines!(t_his_01_words_are_looked_for_in_the_whole_history_before_it_is_paged, |world: World| async move {
    let number = world.ticket().title("Printer").create().await;
    rename(&world, number, "Zanzibar").await;
    for round in 0..30 {
        world.advance(1);
        rename(&world, number, &format!("Round {round}")).await;
    }
    let page = read(&world, "tech2", number, HistoryQuery { limit: 2, count: true, ..words("ZANZI") }).await;
    assert_eq!(page.items.len(), 2, "the change to it and the change from it");
    assert_eq!(page.next_cursor, None);
    assert_eq!(page.count.map(|count| (count.value, count.exact)), Some((2, true)));
    assert_eq!(page.items[0].event.changes[0].old, "Zanzibar");
    assert_eq!(page.items[1].event.changes[0].new, "Zanzibar");
    let none = read(&world, "tech2", number, HistoryQuery { count: true, ..words("Madagascar") }).await;
    assert_eq!((none.items.len(), none.next_cursor, none.count.map(|count| count.value)), (0, None, Some(0)));
});

both_engines!(a_lst_01_pages_of_found_events_have_neither_gap_nor_repetition, |world: World| async move {
    let number = world.ticket().title("Printer").create().await;
    for round in 0..20 {
        rename(&world, number, &format!("Round {round}")).await;
        world.occurrence("tech1", number, "public", "Something else.").await;
    }
    let all = read(&world, "tech1", number, HistoryQuery { limit: 200, ..words("round") }).await;
    assert_eq!(all.items.len(), 20);
    let expected: Vec<String> = all.items.iter().map(|row| row.event.id.to_string()).collect();
    let mut found = Vec::new();
    let mut cursor = String::new();
    for turn in 0..10 {
        let query = HistoryQuery { limit: 3, cursor: cursor.clone(), ..words("round") };
        let page = read(&world, "tech1", number, query).await;
        found.extend(page.items.iter().map(|row| row.event.id.to_string()));
        if turn == 1 {
            // What comes meanwhile is newer than every page that follows.
            rename(&world, number, "Round and round").await;
        }
        match page.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(found, expected);
    // A cursor is good for its own filter only.
    let page = read(&world, "tech1", number, HistoryQuery { limit: 3, ..words("round") }).await;
    let other = HistoryQuery { limit: 3, cursor: page.next_cursor.unwrap(), ..words("else") };
    let answer = history::list(&world.ctx("tech1").await, number, other).await;
    assert_eq!(field(answer, "cursor"), Some(Code::Invalid));
});

both_engines!(t_his_03_words_of_entries_are_found_by_whoever_may_read_them, |world: World| async move {
    world.hire_with("outsourced", &[TicketViewAll, OccurrenceViewPublic, OccurrenceAddAny]).await;
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "private", "Zwetschgenmus behind the rack.").await;
    world.advance(1);
    let public = world.occurrence("tech1", number, "public", "Marmelade on the desk.").await;
    for (name, word, finds) in [
        ("tech2", "zwetschgenmus", true),
        ("tech2", "marmelade", true),
        ("outsourced", "zwetschgenmus", false),
        ("outsourced", "marmelade", true),
        ("requester1", "zwetschgenmus", false),
        ("requester1", "marmelade", true),
    ] {
        let found = kinds(&world, name, number, words(word)).await;
        assert_eq!(found == ["occurrence_added"], finds, "{name} {word}: {found:?}");
        assert_eq!(found.is_empty(), !finds, "{name} {word}: {found:?}");
    }
    let by_word = kinds(&world, "requester1", number, words("desk")).await;
    assert_eq!(by_word, ["occurrence_added"]);
    let gone = RemoveOccurrence { id: public.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&world.ctx("tech1").await, gone).await.unwrap();
    for name in ["tech2", "requester1"] {
        assert!(
            kinds(&world, name, number, words("marmelade")).await.is_empty(),
            "{name}: removed texts are not found"
        );
    }
});

both_engines!(p_his_01_requesters_read_of_public_entries_while_they_are_shown, |world: World| async move {
    let number = world.ticket().create().await;
    world.advance(1);
    world.occurrence("tech1", number, "private", "Between us.").await;
    world.occurrence("tech1", number, "public", "For you.").await;
    rename(&world, number, "Another title").await;
    assert_eq!(kinds(&world, "requester1", number, HistoryQuery::default()).await, ["occurrence_added", "created"]);
    let page = read(&world, "requester1", number, HistoryQuery::default()).await;
    assert_eq!(page.items[0].event.author.id, None, "kind and name only");
    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    assert_eq!(kinds(&world, "requester1", number, HistoryQuery::default()).await, ["created"], "setting 298");
    assert!(kinds(&world, "requester1", number, words("for you")).await.is_empty());
    assert_eq!(kinds(&world, "tech2", number, HistoryQuery::default()).await.len(), 4, "agents read on");
});

both_engines!(t_his_03_an_agent_in_my_requests_reads_what_requesters_read, |world: World| async move {
    let number = world.ticket().requester("tech2").create().await;
    world.occurrence("tech1", number, "private", "Zwetschgenmus.").await;
    let portal = HistoryQuery { portal: true, ..HistoryQuery::default() };
    assert_eq!(kinds(&world, "tech2", number, portal.clone()).await, ["created"]);
    let searched = HistoryQuery { text: "zwetschgenmus".into(), ..portal };
    assert!(kinds(&world, "tech2", number, searched).await.is_empty());
});

both_engines!(a_lst_03_every_filter_of_the_history_can_be_negated_and_counted, |world: World| async move {
    let number = world.ticket().create().await;
    rename(&world, number, "Printer of the second floor").await;
    world.command("tech1", number, Command::Take).await.unwrap();
    let all = kinds(&world, "supervisor", number, HistoryQuery::default()).await;
    let only = |kinds: &str| HistoryQuery { kinds: kinds.into(), ..HistoryQuery::default() };
    let without = |not_kinds: &str| HistoryQuery { not_kinds: not_kinds.into(), ..HistoryQuery::default() };
    assert_eq!(kinds(&world, "supervisor", number, only("created, field_changed")).await, ["field_changed", "created"]);
    let rest = kinds(&world, "supervisor", number, without("created,field_changed")).await;
    assert_eq!(rest.len(), all.len() - 2);
    let tech1 = world.person("tech1").await.id.to_string();
    let of = |person: &str| HistoryQuery { person: person.into(), count: true, ..HistoryQuery::default() };
    let by_tech1 = read(&world, "supervisor", number, of(&tech1)).await;
    let by_me = read(&world, "supervisor", number, of("me")).await;
    assert_eq!(by_me.items.len(), 1, "the registration");
    let count = |page: &Page<HistoryRow>| page.count.map(|count| usize::try_from(count.value).unwrap());
    assert_eq!(count(&by_tech1), Some(all.len() - 1));
    let both = read(&world, "supervisor", number, of(&format!("me,{tech1}"))).await;
    assert_eq!(both.items.len(), all.len());
    assert!(read(&world, "supervisor", number, of("none")).await.items.is_empty(), "nothing was automatic");
    let not_me = HistoryQuery { not_person: "me".into(), ..HistoryQuery::default() };
    assert_eq!(read(&world, "supervisor", number, not_me).await.items, by_tech1.items);
    let by_somebody = HistoryQuery { not_person: "none".into(), ..HistoryQuery::default() };
    assert_eq!(read(&world, "supervisor", number, by_somebody).await.items.len(), all.len());
    let not_floor = HistoryQuery { not_text: "floor".into(), ..HistoryQuery::default() };
    assert!(!kinds(&world, "supervisor", number, not_floor).await.contains(&"field_changed".to_owned()));
});

both_engines!(a_lst_03_a_wrong_filter_of_the_history_is_named, |world: World| async move {
    let number = world.ticket().create().await;
    let base = HistoryQuery::default;
    for (name, code, query) in [
        ("person", Code::Invalid, HistoryQuery { person: "somebody".into(), ..base() }),
        ("not.person", Code::Invalid, HistoryQuery { not_person: "somebody".into(), ..base() }),
        ("from", Code::Invalid, HistoryQuery { from: "yesterday".into(), ..base() }),
        ("to", Code::Invalid, HistoryQuery { to: "2026-13-01".into(), ..base() }),
        ("text", Code::TooLong, HistoryQuery { text: "x".repeat(201), ..base() }),
        ("not.text", Code::TooLong, HistoryQuery { not_text: "x".repeat(201), ..base() }),
        ("cursor", Code::Invalid, HistoryQuery { cursor: "bm90IG91cnM".into(), ..base() }),
    ] {
        let answer = history::list(&world.ctx("tech1").await, number, query).await;
        assert_eq!(field(answer, name), Some(code), "{name}");
    }
});
