//! Articles and customers in the search (T-LST-08): beside the tickets, alone, and only for those who may see them.

use domain::customer::{Contact, CustomerStatus};
use domain::error::Code;
use domain::forms::{CustomerPatch, Patch};
use domain::knowledge::Audience;
use domain::occurrence::BodyFormat;
use domain::policy::{Capability, ShippedRole};
use domain::views::SearchPage;
use service::ctx::new_id;
use service::customers::{self, Basis};
use service::knowledge::{self, AUDIENCE, BODY, NewArticle, STATUS, TITLE, Values};
use service::search;
use testing::{World, both_engines, field};
use uuid::Uuid;

use crate::canary::{WORDS, answers, assert_same, lived_in};

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

/// A customer of an entity; below the root it counts everywhere.
async fn customer(world: &World, name: &str, entity: Uuid) -> Uuid {
    let patch = CustomerPatch { name: set(name), entity: set(&entity.to_string()), ..CustomerPatch::default() };
    customers::create(&world.ctx("supervisor").await, patch, "").await.unwrap().id
}

/// A published article of an entity.
async fn article(world: &World, title: &str, audience: &str, entity: Uuid) -> Uuid {
    let pairs = [(TITLE, title), (BODY, "How it is done."), (AUDIENCE, audience), (STATUS, "published")];
    let values = Values::from(pairs.map(|(name, value)| (name, value.to_owned())));
    let new = NewArticle { entity: entity.to_string(), values, format: BodyFormat::Text, ..NewArticle::default() };
    knowledge::create(&world.ctx("supervisor").await, new).await.unwrap()
}

/// `kinds` with a blank between two.
async fn find(world: &World, who: &str, q: &str, kinds: &str, entity: Option<Uuid>) -> SearchPage {
    let kinds: Vec<String> = kinds.split_whitespace().map(str::to_owned).collect();
    search::search(&world.ctx(who).await, q, &kinds, entity, "", 0).await.unwrap()
}

/// Titles of the articles; `None` = they are no part of the answer.
fn titles(page: &SearchPage) -> Option<Vec<&str>> {
    page.articles.as_ref().map(|found| {
        let mut titles: Vec<&str> = found.items.iter().map(|row| row.title.as_str()).collect();
        titles.sort_unstable();
        titles
    })
}

fn names(page: &SearchPage) -> Option<Vec<&str>> {
    page.customers.as_ref().map(|found| found.items.iter().map(|row| row.name.as_str()).collect())
}

both_engines!(t_lst_08_the_best_few_stand_beside_the_first_page_of_tickets, |world: World| async move {
    for n in 0..6 {
        world.ticket().title("Zebra").create().await;
        article(&world, &format!("Zebra crossing {n}"), "public", world.brasil).await;
        customer(&world, &format!("Zebra {n}"), world.root).await;
    }
    let tech1 = world.ctx("tech1").await;
    let first = search::search(&tech1, "zebra", &[], None, "", 5).await.unwrap();
    assert_eq!((first.items.len(), first.count.value), (5, 6), "the count is that of the tickets");
    assert_eq!(titles(&first).unwrap().len(), 5);
    assert_eq!(names(&first).unwrap(), ["Zebra 0", "Zebra 1", "Zebra 2", "Zebra 3", "Zebra 4"]);
    let cursor = first.next_cursor.clone().unwrap();
    let second = search::search(&tech1, "zebra", &[], None, &cursor, 5).await.unwrap();
    assert_eq!((second.items.len(), &second.next_cursor), (1, &None));
    assert_eq!((titles(&second), names(&second)), (None, None), "told once");

    // Where the few end, those of their kind alone go on.
    let of = |kind: &str| vec![kind.to_owned()];
    let (articles, customers) = (first.articles.clone().unwrap(), first.customers.clone().unwrap());
    assert_eq!((articles.count, customers.count), (None, None), "nothing is counted that nobody reads");
    let more = articles.next_cursor.unwrap();
    let rest = search::search(&tech1, "zebra", &of("article"), None, &more, 5).await.unwrap();
    assert_eq!((rest.items.len(), names(&rest)), (0, None));
    let rest = rest.articles.unwrap();
    assert_eq!((rest.items.len(), rest.next_cursor, rest.count.unwrap().value), (1, None, 6));
    assert!(!articles.items.contains(&rest.items[0]), "each once");
    let more = customers.next_cursor.unwrap();
    let rest = search::search(&tech1, "zebra", &of("customer"), None, &more, 5).await.unwrap();
    assert_eq!((titles(&rest), names(&rest)), (None, Some(vec!["Zebra 5"])));
    assert_eq!(rest.customers.unwrap().count.unwrap().value, 6);
    // A cursor belongs to its kind, to its text and to its reader.
    for (q, kind, who) in [("zebra", "article", "tech1"), ("zebr", "customer", "tech1"), ("zebra", "customer", "tech2")]
    {
        let foreign = search::search(&world.ctx(who).await, q, &of(kind), None, &more, 5).await;
        assert_eq!(field(foreign, "cursor"), Some(Code::Invalid), "{q} {kind} {who}");
    }
});

both_engines!(t_lst_08_kinds_say_what_is_looked_for, |world: World| async move {
    world.ticket().title("Zebra").create().await;
    article(&world, "Zebra crossing", "public", world.brasil).await;
    customer(&world, "Zebra Ltda", world.root).await;
    let (crossing, ltda) = (Some(vec!["Zebra crossing"]), Some(vec!["Zebra Ltda"]));
    for (kinds, tickets, articles, customers) in [
        ("", 1, &crossing, &ltda),
        ("ticket", 1, &None, &None),
        ("occurrence task solution", 0, &None, &None),
        ("article", 0, &crossing, &None),
        ("customer", 0, &None, &ltda),
        ("article customer", 0, &crossing, &ltda),
        ("ticket customer", 1, &None, &ltda),
    ] {
        let page = find(&world, "tech1", "zebra", kinds, None).await;
        assert_eq!((page.items.len(), &titles(&page), &names(&page)), (tickets, articles, customers), "{kinds}");
    }
    for q in ["", "!?", "-zebra"] {
        let page = find(&world, "tech1", q, "", None).await;
        assert!(page.empty_query && titles(&page).is_none() && names(&page).is_none(), "{q}");
    }
    // The number leads to its ticket, whatever else has it in its name.
    let number = world.ticket().title("Mouse").create().await;
    article(&world, &format!("Room {number}"), "public", world.brasil).await;
    let page = find(&world, "tech1", &format!("#{number}"), "", None).await;
    assert_eq!((page.items[0].number, titles(&page).unwrap().len()), (number, 1));
});

both_engines!(t_lst_08_only_what_the_reader_may_see_is_found, |world: World| async move {
    article(&world, "Zebra for all", "public", world.brasil).await;
    article(&world, "Zebra of the team", "agents", world.brasil).await;
    customer(&world, "Zebra Ltda", world.root).await;
    let rio = world.entity("Rio", world.root).await;
    customer(&world, "Zebra Rio", rio).await;
    article(&world, "Zebra in Rio", "public", rio).await;
    world.hire("local", ShippedRole::Technician, world.brasil).await;
    world.hire_with("outsourced", &[Capability::TicketViewAll, Capability::TicketUpdate]).await;
    let (all, team) = ("Zebra for all", "Zebra of the team");
    let table = [
        ("supervisor", Some(vec![all, "Zebra in Rio", team]), Some(vec!["Zebra Ltda", "Zebra Rio"])),
        ("observer", Some(vec![all, "Zebra in Rio", team]), Some(vec!["Zebra Ltda", "Zebra Rio"])),
        ("local", Some(vec![all, team]), Some(vec!["Zebra Ltda"])),
        ("requester1", Some(vec![all]), None),
        ("outsourced", None, None),
    ];
    for (who, articles, customers) in table {
        for kinds in ["", "article customer"] {
            let page = find(&world, who, "zebra", kinds, None).await;
            assert_eq!((titles(&page), names(&page)), (articles.clone(), customers.clone()), "{who} {kinds}");
        }
        let alone =
            [find(&world, who, "zebra", "article", None).await, find(&world, who, "zebra", "customer", None).await];
        assert_eq!((titles(&alone[0]), names(&alone[1])), (articles, customers), "{who}");
        assert!(alone.iter().all(|page| page.items.is_empty() && page.count.value == 0), "{who}");
    }
    let told = find(&world, "requester1", "zebra", "", None).await.articles.unwrap().items.remove(0);
    assert_eq!(told.audience, None, "for whom it is, is told to agents only");
    let told = find(&world, "tech1", "zebra team", "", None).await.articles.unwrap().items.remove(0);
    assert_eq!(told.audience, Some(Audience::Agents));
});

both_engines!(a_bas_03_articles_and_customers_of_an_entity_and_of_those_below_it, |world: World| async move {
    let rio = world.entity("Rio", world.root).await;
    article(&world, "Zebra of all", "public", world.root).await;
    article(&world, "Zebra of Rio", "public", rio).await;
    customer(&world, "Zebra Ltda", world.root).await;
    customer(&world, "Zebra Rio", rio).await;
    for (entity, articles, customers) in [
        (world.root, vec!["Zebra of Rio", "Zebra of all"], vec!["Zebra Ltda", "Zebra Rio"]),
        (rio, vec!["Zebra of Rio"], vec!["Zebra Rio"]),
        (world.brasil, vec![], vec![]),
        (new_id(), vec![], vec![]),
    ] {
        let page = find(&world, "supervisor", "zebra", "", Some(entity)).await;
        assert_eq!((titles(&page), names(&page)), (Some(articles), Some(customers)), "{entity}");
    }
});

both_engines!(t_lst_08_words_mean_the_same_for_every_kind, |world: World| async move {
    for place in ["Lima", "Rio"] {
        article(&world, &format!("Zebra {place}"), "public", world.brasil).await;
        customer(&world, &format!("Zebra {place}"), world.root).await;
    }
    for (q, expected) in [
        ("zebra", vec!["Zebra Lima", "Zebra Rio"]),
        ("ZÉBRA lim", vec!["Zebra Lima"]),
        ("zebra -rio", vec!["Zebra Lima"]),
        ("\"zebra rio\"", vec!["Zebra Rio"]),
        ("\"rio zebra\"", vec![]),
        ("zebra -\"zebra rio\"", vec!["Zebra Lima"]),
        ("zebra nothing", vec![]),
    ] {
        let page = find(&world, "tech1", q, "", None).await;
        assert_eq!((titles(&page), names(&page)), (Some(expected.clone()), Some(expected)), "{q}");
    }
});

both_engines!(c_cus_05_an_inactive_customer_is_found_by_whom_one_talks_to_there, |world: World| async move {
    let ana = Contact { name: "Ana Conceição".into(), email: "ana@zebra.example".into(), ..Contact::default() };
    let id = customer(&world, "Padaria", world.root).await;
    let patch = CustomerPatch {
        legal_name: set("Padaria Comércio Ltda"),
        document_id: set("98.765.432/0001-10"),
        contacts: Some(vec![ana]),
        status: set("inactive"),
        ..CustomerPatch::default()
    };
    customers::update(&world.ctx("supervisor").await, id, patch, Basis::default()).await.unwrap();
    for (q, hits) in [
        ("conceicao", vec!["Conceição"]),
        ("comerc", vec!["Comércio"]),
        ("98765", vec![]),
        ("padaria", vec!["Padaria"]),
    ] {
        let found = find(&world, "tech1", q, "", None).await.customers.unwrap().items.remove(0);
        assert_eq!((found.id, found.status), (id, CustomerStatus::Inactive), "{q}");
        let marked: Vec<&str> = found.snippet.iter().filter(|part| part.hit).map(|part| part.text.as_str()).collect();
        assert_eq!(marked, hits, "{q}");
        assert!(found.snippet.iter().any(|part| part.text.contains("Padaria")), "the legal name is told: {q}");
    }
});

both_engines!(c_rgt_03_no_answer_to_a_requester_changes_by_a_customer, |world: World| async move {
    let number = lived_in(&world).await;
    let requester1 = world.ctx("requester1").await;
    let before = answers(&requester1, number).await;
    world.advance(600);
    let id = customer(&world, WORDS, world.root).await;
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "a customer was added");
    let seen = answers(&world.ctx("tech2").await, number).await;
    for place in ["search", "search of customers"] {
        assert!(
            seen.iter().any(|(name, value)| *name == place && value.to_string().contains("canário")),
            "the canary lives: {place}"
        );
    }
    let patch = CustomerPatch { legal_name: set("zebra"), ..CustomerPatch::default() };
    customers::update(&world.ctx("supervisor").await, id, patch, Basis::default()).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "he was changed");
    world.assert_sound().await;
});
