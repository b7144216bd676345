//! A new request: what its form offers, what it may say, what becomes of it (P-NEW, T-STA-30).

use domain::error::Code;
use domain::forms::CreateTicket;
use domain::occurrence::BodyFormat;
use domain::ticket::{Status, TicketType};
use service::history::{self, HistoryQuery};
use service::{drafts, lists, requests, tickets};
use testing::{Sql, both_engines, field, forbidden, refused};

/// The form of the portal with its one line.
fn portal(title: &str) -> CreateTicket {
    CreateTicket { title: title.into(), format: BodyFormat::Text, from: "request".into(), ..CreateTicket::default() }
}

both_engines!(p_new_01_three_cards_make_two_types, |world: World| async move {
    let requester1 = world.ctx("requester1").await;
    for (card, kind) in [("", "request"), ("incident", "incident"), ("request", "request"), ("question", "request")] {
        let form = CreateTicket { kind: card.into(), ..portal("Printer") };
        let number = tickets::create(&requester1, form).await.unwrap();
        assert_eq!(world.row(number).await.kind, kind, "{card}");
    }
    let elsewhere = CreateTicket { from: String::new(), kind: "question".into(), ..portal("Printer") };
    assert_eq!(field(tickets::create(&requester1, elsewhere).await, "type"), Some(Code::Invalid));
});

both_engines!(p_new_02_one_line_is_enough_and_is_required, |world: World| async move {
    let requester1 = world.ctx("requester1").await;
    let line = "The printer <b>jams</b>";
    let number = tickets::create(&requester1, portal(line)).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.title.as_str(), row.description_text.as_str()), (line, line));
    let told = CreateTicket { description: "Since Monday.".into(), ..portal("Printer") };
    let number = tickets::create(&requester1, told).await.unwrap();
    assert_eq!(world.row(number).await.description_text, "Since Monday.");
    let silent = tickets::create(&requester1, portal("  ")).await;
    assert_eq!(field(silent, "title"), Some(Code::Required));
    let silent = tickets::create(&requester1, portal("")).await;
    assert_eq!(field(silent, "description"), None, "one thing is missing, and it is told once");
    let untitled = CreateTicket { description: "Since Monday.".into(), ..portal("") };
    assert_eq!(field(tickets::create(&requester1, untitled).await, "title"), Some(Code::Required));
});

both_engines!(p_new_02_an_agent_who_asks_in_the_portal_is_a_requester_there, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let source = world.coded(lists::SOURCES, "portal").await;
    let number = tickets::create(&tech1, portal("My own printer")).await.unwrap();
    let row = world.row(number).await;
    assert_eq!(row.source_id.map(|id| id.to_string()), Some(source), "P-NEW-05");
    assert_eq!((row.kind.as_str(), row.priority), ("request", 3));
    let cases = [
        ("impact", CreateTicket { impact: "5".into(), ..portal("x") }),
        ("priority", CreateTicket { priority: "5".into(), ..portal("x") }),
        ("source", CreateTicket { source: world.coded(lists::SOURCES, "phone").await, ..portal("x") }),
        ("assignees", CreateTicket { assignees: vec!["me".into()], ..portal("x") }),
        ("observers", CreateTicket { observers: vec!["x@example.org".into()], ..portal("x") }),
        ("opened_at", CreateTicket { opened_at: "2026-03-01T00:00:00Z".into(), ..portal("x") }),
        ("requesters[0]", CreateTicket { requesters: vec![world.user("requester1").await], ..portal("x") }),
    ];
    for (name, form) in cases {
        assert_eq!(field(tickets::create(&tech1, form).await, name), Some(Code::NotAllowed), "{name}");
    }
});

both_engines!(p_new_02_a_category_fits_the_portal_and_the_card, |world: World| async move {
    let requester1 = world.ctx("requester1").await;
    let network = world.network;
    let broken = world
        .list_row(lists::TICKET_CATEGORIES, "Faults", |row| {
            row.for_request = false;
            row.group_id = Some(network);
        })
        .await;
    let hidden = world.list_row(lists::TICKET_CATEGORIES, "Hidden", |row| row.portal = false).await;
    let below = hidden.parse().unwrap();
    let orphan = world.list_row(lists::TICKET_CATEGORIES, "Below", |row| row.parent_id = Some(below)).await;
    let form =
        |kind: &str, category: &str| CreateTicket { kind: kind.into(), category: category.into(), ..portal("x") };
    for (kind, category) in [("request", &broken), ("question", &broken), ("incident", &hidden)] {
        let answer = tickets::create(&requester1, form(kind, category)).await;
        assert_eq!(field(answer, "category"), Some(Code::CategoryNotAllowed), "{kind}");
    }
    let agent = tickets::create(&world.ctx("tech1").await, form("incident", &hidden)).await;
    assert_eq!(field(agent, "category"), Some(Code::CategoryNotAllowed), "in the portal as everybody else");
    let number = tickets::create(&requester1, form("incident", &broken)).await.unwrap();
    assert_eq!(world.row(number).await.routing_group_id, Some(network), "P-NEW-05");
    let page = requests::new_request(&requester1, "").await.unwrap();
    let of = |id: &str| page.categories.iter().find(|category| category.choice.value == id);
    assert!(of(&hidden).is_none());
    assert_eq!(of(&broken).map(|one| (one.incident, one.request)), Some((true, false)));
    assert_eq!(of(&orphan).map(|one| one.choice.depth), Some(0), "its parent is not shown");
});

both_engines!(p_new_02_the_form_offers_what_the_portal_shows, |world: World| async move {
    let shown = world.list_row(lists::LOCATIONS, "Fourth floor", |_| {}).await;
    let hidden = world.list_row(lists::LOCATIONS, "Server room", |row| row.portal = false).await;
    for name in ["requester1", "tech1"] {
        let page = requests::new_request(&world.ctx(name).await, "").await.unwrap();
        let values: Vec<&str> = page.locations.iter().map(|choice| choice.value.as_str()).collect();
        assert!(values.contains(&shown.as_str()) && !values.contains(&hidden.as_str()), "{name}: {values:?}");
        // The agent may ask in both entities, the requester in his own.
        assert_eq!(page.entities.len(), if name == "tech1" { 2 } else { 0 });
    }
    assert_eq!(forbidden(requests::new_request(&world.ctx("observer").await, "").await), "ticket.create");
});

both_engines!(p_new_03_a_manager_is_offered_his_members_and_everybody_his_groups, |world: World| async move {
    let sales = world.group("Sales", &["requester1", "requester2"]).await;
    let page = requests::new_request(&world.ctx("requester1").await, "").await.unwrap();
    assert!(page.members.is_empty(), "a mere member");
    assert_eq!(page.groups.iter().map(|one| one.value.clone()).collect::<Vec<_>>(), [format!("group:{sales}")]);
    let mut sql = Sql::new("UPDATE app_group_member SET manager = TRUE WHERE user_id = ");
    sql.bind(world.person("requester1").await.id);
    world.run(&sql).await;
    let page = requests::new_request(&world.ctx("requester1").await, "").await.unwrap();
    let theirs = world.user("requester2").await;
    assert_eq!(page.members.iter().map(|one| one.value.clone()).collect::<Vec<_>>(), [theirs]);
    world.disable("requester2").await;
    assert!(requests::new_request(&world.ctx("requester1").await, "").await.unwrap().members.is_empty());
    // Network may not be requester.
    assert!(requests::new_request(&world.ctx("tech2").await, "").await.unwrap().groups.is_empty());
});

both_engines!(p_gen_05_a_refused_request_is_kept_and_sent_once, |world: World| async move {
    let requester1 = world.ctx("requester1").await;
    let form = CreateTicket { key: "k1".into(), kind: "question".into(), urgency: "9".into(), ..portal("Printer") };
    assert_eq!(field(tickets::create(&requester1, form.clone()).await, "urgency"), Some(Code::OutOfRange));
    let draft = requests::new_request(&requester1, "").await.unwrap().draft.unwrap();
    assert_eq!((draft.text("title"), draft.text("kind")), ("Printer".to_owned(), "question".to_owned()));
    let good = CreateTicket { urgency: "4".into(), ..form };
    let first = tickets::create(&requester1, good.clone()).await.unwrap();
    assert_eq!(tickets::create(&requester1, good.clone()).await.unwrap(), first, "P-GEN-06");
    assert!(drafts::find(&requester1, "ticket", "new").await.unwrap().is_none());
    let other = CreateTicket { title: "Another".into(), ..good };
    assert_eq!(refused(tickets::create(&requester1, other).await), Code::IdempotencyMismatch);
});

fn follow_ups() -> HistoryQuery {
    HistoryQuery { kinds: "follow_up_created".into(), ..HistoryQuery::default() }
}

both_engines!(t_sta_30_a_follow_up_takes_over_and_is_told_on_both, |world: World| async move {
    let category = world.list_row(lists::TICKET_CATEGORIES, "Printers", |_| {}).await;
    let first = world.ticket().title("Printer jams").with(|form| form.category.clone_from(&category)).create().await;
    let (requester1, asked) = (world.ctx("requester1").await, first.to_string());
    assert!(requests::new_request(&requester1, &asked).await.unwrap().follow_up.is_none(), "it is still open");
    world.put_status(first, Status::Closed).await;
    let offered = requests::new_request(&requester1, &asked).await.unwrap().follow_up.unwrap();
    assert_eq!((offered.number, offered.title.as_str(), offered.kind), (first, "Printer jams", TicketType::Incident));
    assert_eq!((offered.category, offered.entity), (category, world.brasil.to_string()));
    let form = CreateTicket { follow_up_of: asked, ..portal("It jams again") };
    let second = tickets::create(&requester1, form).await.unwrap();
    for (number, name, other) in [(first, "follow_up", second), (second, "follow_up_of", first)] {
        let page = history::list(&world.ctx("tech1").await, number, follow_ups()).await.unwrap();
        let told = &page.items[0].event.changes[0];
        assert_eq!((told.field.as_str(), told.new.as_str()), (name, format!("#{other}").as_str()));
        let page = history::list(&requester1, number, follow_ups()).await.unwrap();
        assert_eq!(page.items.len(), 1);
        assert!(page.items[0].event.changes.is_empty(), "P-HID-01: links are not the requester's to read");
    }
});

both_engines!(t_sta_30_only_what_is_over_and_in_sight_is_followed, |world: World| async move {
    let open = world.ticket().create().await;
    let foreign = world.ticket().requester("requester2").create().await;
    let observed = world.ticket().requester("requester2").observer("requester1").create().await;
    world.put_status(foreign, Status::Closed).await;
    world.put_status(observed, Status::Cancelled).await;
    let requester1 = world.ctx("requester1").await;
    for (number, code) in [
        (open.to_string(), Code::NotAllowed),
        (observed.to_string(), Code::NotAllowed),
        (foreign.to_string(), Code::UnknownReference),
        ("999999".to_owned(), Code::UnknownReference),
        ("x".to_owned(), Code::UnknownReference),
    ] {
        assert!(requests::new_request(&requester1, &number).await.unwrap().follow_up.is_none(), "{number}");
        let form = CreateTicket { follow_up_of: number.clone(), ..portal("Again") };
        assert_eq!(field(tickets::create(&requester1, form).await, "follow_up_of"), Some(code), "{number}");
    }
    let form = CreateTicket { follow_up_of: observed.to_string(), ..portal("Again") };
    tickets::create(&world.ctx("tech1").await, form).await.unwrap();
});
