//! The list of the occurrences of a ticket with its filters (A-LST, P-HID-01).

use domain::error::Code;
use domain::forms::{AddOccurrence, RemoveOccurrence};
use domain::views::{OccurrenceView, Page};
use service::lists;
use service::occurrences::{self, OccurrenceQuery};
use testing::{World, both_engines, field, note, upload};

async fn read(world: &World, name: &str, number: i64, query: OccurrenceQuery) -> Page<OccurrenceView> {
    occurrences::list(&world.ctx(name).await, number, query).await.unwrap()
}

async fn texts(world: &World, name: &str, number: i64, query: OccurrenceQuery) -> Vec<String> {
    read(world, name, number, query).await.items.into_iter().map(|entry| entry.body_text).collect()
}

fn not(name: &str, value: &str) -> OccurrenceQuery {
    OccurrenceQuery { not: vec![(name.to_owned(), value.to_owned())], ..OccurrenceQuery::default() }
}

/// Three entries: of the requester, a public one of tech1 with category, source and file, a private one of tech2.
async fn three(world: &World) -> (i64, String, String) {
    let number = world.ticket().create().await;
    world.occurrence("requester1", number, "", "Which cable?").await;
    world.advance(60);
    let category = world.coded(lists::OCCURRENCE_CATEGORIES, "contact").await;
    let source = world.coded(lists::SOURCES, "phone").await;
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "plan.txt", b"plan").await.unwrap().id.to_string();
    let answer = AddOccurrence {
        visibility: "public".into(),
        occurred_at: "2026-03-10T09:00:00Z".into(),
        category: category.clone(),
        source: source.clone(),
        attachments: vec![file],
        ..note(number, "The blue cable.")
    };
    occurrences::add(&tech1, answer).await.unwrap();
    world.advance(60);
    world.occurrence("tech2", number, "private", "It was green.").await;
    (number, category, source)
}

both_engines!(a_lst_03_occurrences_are_filtered_by_each_field, |world: World| async move {
    let (number, category, source) = three(&world).await;
    let (tech1, tech2) = (world.person("tech1").await.id, world.person("tech2").await.id);
    let base = OccurrenceQuery::default;
    let (asked, blue, green) = ("Which cable?", "The blue cable.", "It was green.");
    let cases: [(OccurrenceQuery, &[&str]); 22] = [
        (base(), &[asked, blue, green]),
        (OccurrenceQuery { visibility: "private".into(), ..base() }, &[green]),
        (OccurrenceQuery { visibility: "private,public".into(), ..base() }, &[asked, blue, green]),
        (OccurrenceQuery { author: format!("{tech1},{tech2}"), ..base() }, &[blue, green]),
        (OccurrenceQuery { author: "me".into(), ..base() }, &[]),
        (OccurrenceQuery { author: "none".into(), ..base() }, &[]),
        (OccurrenceQuery { side: "requester".into(), ..base() }, &[asked]),
        (OccurrenceQuery { category: category.clone(), ..base() }, &[blue]),
        (OccurrenceQuery { category: format!("{category},none"), ..base() }, &[asked, blue, green]),
        (OccurrenceQuery { source: source.clone(), ..base() }, &[blue]),
        (OccurrenceQuery { has_attachments: "true".into(), ..base() }, &[blue]),
        (OccurrenceQuery { has_attachments: "false".into(), ..base() }, &[asked, green]),
        (OccurrenceQuery { occurred_to: "2026-03-10".into(), ..base() }, &[blue]),
        (OccurrenceQuery { occurred_to: "2026-03-10T09:00:00Z".into(), ..base() }, &[]),
        (OccurrenceQuery { registered_from: "2026-03-12T13:01:00Z".into(), ..base() }, &[blue, green]),
        (OccurrenceQuery { find: "cable -blue".into(), ..base() }, &[asked]),
        (not("find", "cable"), &[green]),
        (not("visibility", "private"), &[asked, blue]),
        (not("author", &format!("{tech1},{tech2}")), &[asked]),
        (not("category", &category), &[asked, green]),
        (not("has_attachments", "true"), &[asked, green]),
        (OccurrenceQuery { sort: "occurred_at".into(), ..base() }, &[blue, asked, green]),
    ];
    for (query, expected) in cases {
        assert_eq!(texts(&world, "supervisor", number, query.clone()).await, expected, "{query:?}");
        let page = read(&world, "supervisor", number, OccurrenceQuery { count: true, limit: 1, ..query.clone() }).await;
        let count = page.count.map(|count| (usize::try_from(count.value).unwrap(), count.exact));
        assert_eq!(count, Some((expected.len(), true)), "{query:?}");
        assert_eq!(page.next_cursor.is_some(), expected.len() > 1, "{query:?}");
    }
});

both_engines!(a_lst_04_no_filter_tells_the_requester_side_what_it_does_not_see, |world: World| async move {
    let (number, category, source) = three(&world).await;
    let tech1 = world.person("tech1").await.id.to_string();
    let base = OccurrenceQuery::default;
    let (asked, blue) = ("Which cable?", "The blue cable.");
    let cases: [(OccurrenceQuery, &[&str]); 10] = [
        (base(), &[asked, blue]),
        (OccurrenceQuery { source: source.clone(), ..base() }, &[]),
        (not("source", &source), &[]),
        (OccurrenceQuery { visibility: "public".into(), ..base() }, &[]),
        (not("visibility", "private"), &[]),
        (OccurrenceQuery { author: tech1.clone(), ..base() }, &[]),
        (not("author", &tech1), &[]),
        (OccurrenceQuery { author: "me".into(), ..base() }, &[asked]),
        (OccurrenceQuery { category: category.clone(), ..base() }, &[blue]),
        (OccurrenceQuery { find: "green".into(), ..base() }, &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(texts(&world, "requester1", number, query.clone()).await, expected, "{query:?}");
    }
});

both_engines!(t_occ_22_tombstones_can_be_asked_for_and_their_words_are_not_found, |world: World| async move {
    let number = world.ticket().create().await;
    let gone = world.occurrence("tech1", number, "public", "Zwetschgenmus.").await;
    world.occurrence("tech1", number, "public", "Marmelade.").await;
    let removal = RemoveOccurrence { id: gone.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&world.ctx("tech1").await, removal).await.unwrap();
    let removed = |removed: &str| OccurrenceQuery { removed: removed.into(), ..OccurrenceQuery::default() };
    assert_eq!(read(&world, "tech2", number, removed("true")).await.items.len(), 1);
    assert_eq!(texts(&world, "tech2", number, removed("false")).await, ["Marmelade."]);
    assert_eq!(read(&world, "tech2", number, removed("")).await.items.len(), 2);
    let words = OccurrenceQuery { find: "zwetschgenmus".into(), ..OccurrenceQuery::default() };
    assert!(read(&world, "tech2", number, words).await.items.is_empty());
});

both_engines!(a_lst_03_a_wrong_filter_of_the_occurrences_is_named, |world: World| async move {
    let number = world.ticket().create().await;
    let base = OccurrenceQuery::default;
    for (name, query) in [
        ("visibility", OccurrenceQuery { visibility: "secret".into(), ..base() }),
        ("author", OccurrenceQuery { author: "somebody".into(), ..base() }),
        ("side", OccurrenceQuery { side: "left".into(), ..base() }),
        ("has_attachments", OccurrenceQuery { has_attachments: "maybe".into(), ..base() }),
        ("occurred_from", OccurrenceQuery { occurred_from: "yesterday".into(), ..base() }),
        ("not.category", not("category", "no id")),
        ("sort", OccurrenceQuery { sort: "colour".into(), ..base() }),
    ] {
        // The requester side is told the same: a wrong filter is wrong whatever it would have found.
        for who in ["tech1", "requester1"] {
            let answer = occurrences::list(&world.ctx(who).await, number, query.clone()).await;
            assert_eq!(field(answer, name), Some(Code::Invalid), "{who} {name}");
        }
    }
});
