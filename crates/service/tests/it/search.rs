//! Finding tickets by what was written in them (T-OCC-24..27). Every test runs on both engines and expects the same of both.

mod others;

use domain::error::Code;
use domain::forms::{OccurrencePatch, Patch, RemoveOccurrence};
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use domain::settings::Key;
use domain::views::{ListQuery, SearchPage, TimelineQuery};
use service::db::Engine;
use service::sql::Sql;
use service::{occurrences, requests, search, tickets};
use testing::{World, both_engines, field};

async fn page(world: &World, name: &str, q: &str) -> SearchPage {
    search::search(&world.ctx(name).await, q, &[], None, "", 0).await.unwrap()
}

/// Numbers of the tickets found, in order.
async fn found(world: &World, name: &str, q: &str) -> Vec<i64> {
    page(world, name, q).await.items.into_iter().map(|hit| hit.number).collect()
}

const NOTHING: [i64; 0] = [];

both_engines!(t_occ_25_case_accents_and_compatibility_forms_fold, |world: World| async move {
    let texts = [
        ("Substituição do cabo de rede no 2º andar", ["substituicao", "SUBSTITUIÇÃO", "substituição"]),
        ("Die Straße ist gesperrt", ["strasse", "STRASSE", "straße"]),
        ("Chef d'œuvre livré à l'été", ["oeuvre", "ŒUVRE", "ete"]),
        ("El niño apagó la cámara", ["nino", "NIÑO", "camara"]),
    ];
    for (text, queries) in texts {
        let number = world.ticket().create().await;
        world.occurrence("tech1", number, "public", text).await;
        for q in queries {
            assert_eq!(found(&world, "tech2", q).await, [number], "{q}");
            assert_eq!(found(&world, "requester1", q).await, [number], "{q} by its requester");
        }
    }
});

both_engines!(a_bas_03_a_search_in_an_entity_goes_below_it, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "public", "Zebra").await;
    let ctx = world.ctx("tech1").await;
    for (entity, expected) in [(world.root, 1), (world.brasil, 1), (service::ctx::new_id(), 0)] {
        let found = search::search(&ctx, "zebra", &[], Some(entity), "", 0).await.unwrap();
        assert_eq!(found.items.len(), expected, "{entity}");
    }
});

both_engines!(t_occ_25_words_phrases_exclusions_and_the_last_word_as_prefix, |world: World| async move {
    let cable = world.ticket().create().await;
    world.occurrence("tech1", cable, "public", "Substituição do cabo de rede.").await;
    let screen = world.ticket().create().await;
    world.occurrence("tech1", screen, "public", "O cabo do monitor está solto, a rede funciona.").await;
    world.advance(1);
    let cases: [(&str, &[i64]); 13] = [
        ("cabo rede", &[screen, cable]),
        ("rede cabo", &[screen, cable]),
        ("\"cabo de rede\"", &[cable]),
        ("\"rede cabo\"", &[]),
        ("cabo -monitor", &[cable]),
        ("cabo -\"de rede\"", &[screen]),
        ("substit", &[cable]),
        ("substit cabo", &[]),
        ("cabo substit", &[cable]),
        ("su", &[]),
        ("cabo nada", &[]),
        ("monit", &[screen]),
        ("\"substit\"", &[]),
    ];
    for (q, expected) in cases {
        assert_eq!(found(&world, "tech2", q).await, expected, "{q}");
    }
});

both_engines!(t_occ_25_a_query_without_words_finds_nothing_and_says_so, |world: World| async move {
    world.ticket().create().await;
    for q in ["", "   ", "!?", "-printer", "\"\""] {
        let page = page(&world, "tech1", q).await;
        assert!(page.empty_query && page.items.is_empty(), "{q}");
        assert_eq!(page.count.value, 0);
    }
    let tech1 = world.ctx("tech1").await;
    let long = search::search(&tech1, &"x".repeat(201), &[], None, "", 0).await;
    assert_eq!(field(long, "q"), Some(Code::TooLong));
    let kinds = ["gossip".to_owned()];
    assert_eq!(field(search::search(&tech1, "x", &kinds, None, "", 0).await, "kinds"), Some(Code::Invalid));
    assert_eq!(field(search::search(&tech1, "x", &[], None, "AAAA", 0).await, "cursor"), Some(Code::Invalid));
});

both_engines!(t_occ_25_signs_of_the_engines_mean_nothing, |world: World| async move {
    let number = world.ticket().title("Printer").create().await;
    for q in [
        "printer*",
        "printer'",
        "printer)",
        "(printer",
        "printer:*",
        "^printer",
        "printer \\",
        "NEAR(printer)",
        "printer & !",
    ] {
        let _any_answer_but_an_error = page(&world, "tech1", q).await;
    }
    assert_eq!(found(&world, "tech1", "printer').").await, [number]);
});

both_engines!(t_occ_25_title_description_and_number_are_found, |world: World| async move {
    let first = world.ticket().title("VPN drops").description("Every morning at nine.").create().await;
    let second = world.ticket().title("Mouse").create().await;
    assert_eq!(found(&world, "tech1", "vpn").await, [first]);
    assert_eq!(found(&world, "tech1", "morning nine").await, [first]);
    let named = page(&world, "tech1", &format!("#{second}")).await;
    assert_eq!(named.items[0].number, second);
    assert_eq!(named.items[0].kind, "ticket");
    assert_eq!(named.items.iter().filter(|hit| hit.number == second && hit.kind == "ticket").count(), 1, "once");
    assert_eq!(found(&world, "requester2", &first.to_string()).await, NOTHING, "a number opens nothing");
});

both_engines!(t_occ_26_newest_ticket_change_first_in_pages_without_repetition, |world: World| async move {
    let mut numbers = Vec::new();
    for _ticket in 0..7 {
        let number = world.ticket().create().await;
        world.occurrence("tech1", number, "public", "Toner replaced.").await;
        numbers.push(number);
        // Every second one shares its time with the one before: ties end by number.
        world.advance(i64::from(number % 2 == 0));
    }
    numbers.reverse();
    let tech2 = world.ctx("tech2").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = search::search(&tech2, "toner", &[], None, &cursor, 3).await.unwrap();
        assert_eq!((page.count.value, page.count.exact), (7, true));
        seen.extend(page.items.iter().map(|hit| hit.number));
        match page.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen, numbers);
    let foreign = search::search(&world.ctx("tech1").await, "toner", &[], None, &cursor, 3).await;
    assert_eq!(field(foreign, "cursor"), Some(Code::Invalid), "a cursor belongs to its reader");
});

both_engines!(t_occ_26_what_lies_far_behind_the_newest_rows_is_found_beside_them, |world: World| async move {
    let old = world.ticket().create().await;
    world.occurrence("tech1", old, "public", "Toner replaced.").await;
    world.occurrence("tech1", old, "private", "Toner of the wrong kind.").await;
    if world.db().engine() == Engine::Postgres {
        // As if very many had come since; SQLite walks its rows in their order, however many they are.
        for table in ["search_public", "search_private"] {
            Sql::new(&format!("UPDATE {table} SET id = id - 1000000")).run(world.db().writer()).await.unwrap();
        }
    }
    let new = world.ticket().create().await;
    world.occurrence("tech1", new, "public", "Toner replaced.").await;
    world.occurrence("tech1", new, "private", "Toner of the wrong kind.").await;
    let both = page(&world, "tech1", "toner").await;
    let mut numbers: Vec<i64> = both.items.iter().map(|hit| hit.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [old, old, new, new]);
    assert_eq!(both.count.value, 4);
    assert_eq!(found(&world, "requester1", "toner").await.len(), 2);
});

both_engines!(t_occ_26_a_hit_has_a_short_snippet_with_the_words_marked, |world: World| async move {
    let number = world.ticket().create().await;
    let text = format!("{} the Ação happened here {}", "before ".repeat(60), "after ".repeat(60));
    let id = world.occurrence("tech1", number, "public", &text).await;
    let hit = page(&world, "tech2", "acao").await.items.remove(0);
    assert_eq!((hit.kind.as_str(), hit.id, hit.private), ("occurrence", id, false));
    assert_eq!(hit.author.name, "tech1");
    let whole: String = hit.snippet.iter().map(|part| part.text.as_str()).collect();
    assert!(whole.chars().count() <= 200, "{whole}");
    let marked: Vec<&str> = hit.snippet.iter().filter(|part| part.hit).map(|part| part.text.as_str()).collect();
    assert_eq!(marked, ["Ação"]);
});

both_engines!(t_occ_27_private_text_is_found_by_view_private_only, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "private", "Zebra crossing").await;
    for name in ["tech2", "supervisor", "observer"] {
        assert_eq!(found(&world, name, "zebra").await, [number], "{name}");
    }
    for name in ["requester1", "requester2"] {
        let page = page(&world, name, "zebra").await;
        assert_eq!((page.items.len(), page.count.value, page.empty_query), (0, 0, false), "{name}");
    }
});

both_engines!(t_occ_27_authors_find_their_own, |world: World| async move {
    use Capability::{OccurrenceAddAny, OccurrenceViewPublic, TicketUpdate, TicketViewAll};
    world.hire_with("outsourced", &[TicketViewAll, TicketUpdate, OccurrenceViewPublic, OccurrenceAddAny]).await;
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "private", "Zebra of the team").await;
    assert_eq!(found(&world, "outsourced", "zebra").await, NOTHING);
    world.occurrence("outsourced", number, "private", "My own zebra").await;
    let own = page(&world, "outsourced", "zebra").await;
    assert_eq!((own.items.len(), own.count.value), (1, 1));
    assert_eq!(own.items[0].author.name, "outsourced");
    assert_eq!(page(&world, "tech2", "zebra").await.count.value, 2);
});

both_engines!(t_occ_25_an_edited_entry_is_found_by_its_new_words_only, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "Giraffe").await;
    let patch =
        OccurrencePatch { body: Patch::Set("Elephant".into()), format: BodyFormat::Text, ..OccurrencePatch::default() };
    occurrences::edit(&world.ctx("tech1").await, id, patch).await.unwrap();
    assert_eq!(found(&world, "tech2", "giraffe").await, NOTHING);
    assert_eq!(found(&world, "tech2", "elephant").await, [number]);
});

both_engines!(t_occ_23_a_removed_entry_is_found_no_more, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "private", "Giraffe").await;
    let removal = RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&world.ctx("tech1").await, removal).await.unwrap();
    assert_eq!(found(&world, "tech1", "giraffe").await, NOTHING);
    world.assert_sound().await;
});

both_engines!(t_vis_02_requesters_find_in_their_own_tickets_only, |world: World| async move {
    let mine = world.ticket().requester("requester1").create().await;
    let theirs = world.ticket().requester("requester2").create().await;
    for number in [mine, theirs] {
        world.occurrence("tech1", number, "public", "Toner replaced.").await;
    }
    assert_eq!(found(&world, "requester1", "toner").await, [mine]);
    assert_eq!(page(&world, "requester1", "toner").await.count.value, 1);
    assert_eq!(found(&world, "requester2", "toner").await, [theirs]);
});

both_engines!(p_hid_the_setting_298_hides_occurrences_from_the_search_of_requesters, |world: World| async move {
    let number = world.ticket().title("Toner").create().await;
    world.occurrence("tech1", number, "public", "Cartridge replaced.").await;
    assert_eq!(found(&world, "requester1", "cartridge").await, [number]);
    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    assert_eq!(found(&world, "requester1", "cartridge").await, NOTHING);
    assert_eq!(found(&world, "requester1", "toner").await, [number], "the ticket itself stays");
    assert_eq!(found(&world, "tech1", "cartridge").await, [number]);
    let words = ListQuery { text: "cartridge".into(), ..ListQuery::default() };
    assert!(requests::list(&world.ctx("requester1").await, words).await.unwrap().items.is_empty());
});

both_engines!(t_occ_25_kinds_and_entity_narrow_a_search, |world: World| async move {
    let number = world.ticket().title("Toner").create().await;
    world.occurrence("tech1", number, "public", "Toner replaced.").await;
    let tech1 = world.ctx("tech1").await;
    for kind in ["ticket", "occurrence"] {
        let page = search::search(&tech1, "toner", &[kind.to_owned()], None, "", 0).await.unwrap();
        let kinds: Vec<&str> = page.items.iter().map(|hit| hit.kind.as_str()).collect();
        assert_eq!(kinds, [kind]);
    }
    assert_eq!(search::search(&tech1, "toner", &[], Some(world.brasil), "", 0).await.unwrap().items.len(), 2);
    // With those below it; not with those beside it.
    assert_eq!(search::search(&tech1, "toner", &[], Some(world.root), "", 0).await.unwrap().items.len(), 2);
    let chile = world.entity("Chile", world.root).await;
    assert_eq!(search::search(&tech1, "toner", &[], Some(chile), "", 0).await.unwrap().items.len(), 0);
});

both_engines!(t_occ_24_words_are_found_inside_one_ticket, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "public", "Substituição do cabo.").await;
    world.occurrence("tech1", number, "private", "Cabo velho guardado.").await;
    world.occurrence("tech1", number, "public", "Monitor.").await;
    let find = |q: &str| TimelineQuery { find: q.to_owned(), ..TimelineQuery::default() };
    let tech2 = tickets::timeline(&world.ctx("tech2").await, number, find("CABO")).await.unwrap();
    assert_eq!((tech2.hits, tech2.entries.len()), (Some(2), 2));
    let requester = tickets::timeline(&world.ctx("requester1").await, number, find("cabo")).await.unwrap();
    assert_eq!((requester.hits, requester.entries.len()), (Some(1), 1));
});

both_engines!(the_index_can_be_built_anew, |world: World| async move {
    let number = world.ticket().title("Toner").create().await;
    world.occurrence("tech1", number, "public", "Cartridge").await;
    world.occurrence("tech1", number, "private", "Zebra").await;
    service::search::rebuild(&world.services).await.unwrap();
    for (name, q, expected) in
        [("tech2", "toner", 1), ("tech2", "zebra", 1), ("requester1", "cartridge", 1), ("requester1", "zebra", 0)]
    {
        assert_eq!(found(&world, name, q).await.len(), expected, "{name} {q}");
    }
    world.assert_sound().await;
});
