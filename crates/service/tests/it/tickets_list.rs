//! The ticket list: filters, sorts, keyset pages, counts (T-LST-03, T-LST-04).

use domain::error::Code;
use domain::forms::{Command, RunCommand};
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::ListQuery;
use entity::ticket;
use sea_orm::EntityTrait;
use service::ctx::new_id;
use service::{lists, tickets};
use testing::{World, both_engines, field};

async fn numbers(world: &World, name: &str, query: ListQuery) -> Vec<i64> {
    let page = tickets::list(&world.ctx(name).await, query).await.unwrap();
    page.items.into_iter().map(|row| row.number).collect()
}

/// All pages of a list, a few rows at a time.
async fn all_pages(world: &World, name: &str, sort: &str, limit: u32) -> Vec<i64> {
    let ctx = world.ctx(name).await;
    let mut query = ListQuery { sort: sort.to_owned(), limit, ..ListQuery::default() };
    let mut seen = Vec::new();
    loop {
        let page = tickets::list(&ctx, query.clone()).await.unwrap();
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        seen.extend(page.items.iter().map(|row| row.number));
        let Some(next) = page.next_cursor else { return seen };
        query.cursor = next;
    }
}

/// The same list by an index of people (`updated_at`) and as one query (`number`) holds the same tickets.
async fn is_the_same_both_ways(world: &World, name: &str, query: ListQuery) -> Vec<i64> {
    let count = |page: &domain::views::Page<domain::views::TicketRow>| page.count.map(|count| count.value);
    let ctx = world.ctx(name).await;
    let walked = tickets::list(&ctx, ListQuery { count: true, ..query.clone() }).await.unwrap();
    let whole =
        tickets::list(&ctx, ListQuery { count: true, sort: "number".to_owned(), ..query.clone() }).await.unwrap();
    assert_eq!(count(&walked), count(&whole), "{query:?}");
    let mut one_by_one = Vec::new();
    let mut rest = ListQuery { limit: 1, ..query };
    loop {
        let page = tickets::list(&ctx, rest.clone()).await.unwrap();
        one_by_one.extend(page.items.iter().map(|row| row.number));
        let Some(next) = page.next_cursor else { break };
        rest.cursor = next;
    }
    let listed: Vec<i64> = walked.items.iter().map(|row| row.number).collect();
    assert_eq!(one_by_one, listed);
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, whole.items.iter().map(|row| row.number).collect::<Vec<_>>());
    listed
}

both_engines!(t_lst_03_lists_of_somebodys_tickets_follow_every_change, |world: World| async move {
    for n in 0..6 {
        let ticket = world.ticket();
        if n % 2 == 0 {
            ticket.assignee("tech1").create().await
        } else {
            ticket.create().await
        };
        world.advance(1);
    }
    let tech1 = world.person("tech1").await.id;
    let by = |assignee: &str| ListQuery { assignee: assignee.to_owned(), ..ListQuery::default() };
    assert_eq!(is_the_same_both_ways(&world, "tech1", by("me")).await, [5, 3, 1]);
    assert_eq!(is_the_same_both_ways(&world, "supervisor", by(&tech1.to_string())).await, [5, 3, 1]);
    assert_eq!(is_the_same_both_ways(&world, "supervisor", by(&format!("{tech1},me"))).await, [5, 3, 1]);
    // A change brings a ticket to the front, another status takes it out of the list.
    world.set(Key::PortalCancel, world.root, "true").await;
    let cancel = RunCommand { number: 3, command: Command::Cancel, ..RunCommand::default() };
    tickets::run(&world.ctx("requester1").await, cancel).await.unwrap();
    let open = |query: ListQuery| ListQuery { status: "not_closed".to_owned(), ..query };
    assert_eq!(is_the_same_both_ways(&world, "tech1", by("me")).await, [3, 5, 1]);
    assert_eq!(is_the_same_both_ways(&world, "tech1", open(by("me"))).await, [5, 1]);
    assert_eq!(is_the_same_both_ways(&world, "tech1", open(by("none"))).await, [6, 4, 2]);
    world.assert_sound().await;
});

/// Copies of a ticket, written past the use cases: for lists that need many.
async fn copies(world: &World, of: i64, count: i64) {
    let model = world.row(of).await;
    let copy = |n: i64| ticket::ActiveModel::from(ticket::Model { id: new_id(), number: of + n, ..model.clone() });
    let rows: Vec<ticket::ActiveModel> = (1..=count).map(copy).collect();
    for chunk in rows.chunks(300) {
        ticket::Entity::insert_many(chunk.to_vec()).exec_without_returning(world.db().writer()).await.unwrap();
    }
}

both_engines!(t_lst_04_pages_repeat_and_miss_nothing_in_any_order, |world: World| async move {
    for n in 0..14 {
        let urgency = (n % 5 + 1).to_string();
        let ticket = world.ticket().with(|form| form.urgency = urgency);
        let number = if n % 3 == 0 { ticket.assignee("tech1").create().await } else { ticket.create().await };
        assert_eq!(number, n + 1);
        // Pairs share their second, so that ties have to be told apart.
        world.advance(n % 2);
    }
    let mut every: Vec<i64> = (1..=14).collect();
    let sorts = [
        "",
        "-updated_at",
        "updated_at",
        "number",
        "-number",
        "priority",
        "-priority",
        "opened_at",
        "-opened_at",
        "status",
        "due_resolve_at",
    ];
    for name in ["tech1", "requester1"] {
        for sort in sorts {
            let whole = all_pages(&world, name, sort, 100).await;
            assert_eq!(all_pages(&world, name, sort, 4).await, whole, "{name} by {sort:?}");
            let mut sorted = whole;
            sorted.sort_unstable();
            assert_eq!(sorted, every, "{name} by {sort:?}");
        }
    }
    assert_eq!(all_pages(&world, "tech1", "number", 5).await, every);
    every.reverse();
    assert_eq!(all_pages(&world, "tech1", "-number", 5).await, every);
    let priorities: Vec<u8> = {
        let query = ListQuery { sort: "-priority".into(), ..ListQuery::default() };
        let page = tickets::list(&world.ctx("tech1").await, query).await.unwrap();
        page.items.iter().map(|row| row.priority).collect()
    };
    assert!(priorities.is_sorted_by(|a, b| a >= b), "{priorities:?}");
});

both_engines!(t_lst_04_a_new_ticket_between_two_pages_shifts_nothing, |world: World| async move {
    for _ticket in 0..6 {
        world.ticket().create().await;
        world.advance(1);
    }
    let tech1 = world.ctx("tech1").await;
    let query = ListQuery { limit: 3, ..ListQuery::default() };
    let first = tickets::list(&tech1, query.clone()).await.unwrap();
    world.ticket().create().await;
    let second = tickets::list(&tech1, ListQuery { cursor: first.next_cursor.unwrap(), ..query }).await.unwrap();
    let seen: Vec<i64> = first.items.iter().chain(&second.items).map(|row| row.number).collect();
    assert_eq!(seen, [6, 5, 4, 3, 2, 1]);
});

both_engines!(a_lst_01_a_cursor_belongs_to_its_list_filters_and_reader, |world: World| async move {
    world.ticket().create().await;
    world.ticket().create().await;
    let query = ListQuery { limit: 1, ..ListQuery::default() };
    let cursor = tickets::list(&world.ctx("tech1").await, query.clone()).await.unwrap().next_cursor.unwrap();
    let same = ListQuery { cursor: cursor.clone(), ..query.clone() };
    assert_eq!(field(tickets::list(&world.ctx("tech2").await, same.clone()).await, "cursor"), Some(Code::Invalid));
    let tech1 = world.ctx("tech1").await;
    let other = ListQuery { status: "open".into(), ..same.clone() };
    assert_eq!(field(tickets::list(&tech1, other).await, "cursor"), Some(Code::Invalid));
    let forged = ListQuery { cursor: "AAAAAAAAAAAAAAAAAAAAAA".into(), ..query };
    assert_eq!(field(tickets::list(&tech1, forged).await, "cursor"), Some(Code::Invalid));
    assert_eq!(tickets::list(&tech1, same).await.unwrap().items.len(), 1);
});

both_engines!(t_lst_04_the_count_is_exact_to_1000, |world: World| async move {
    let number = world.ticket().create().await;
    let counted = || ListQuery { count: true, limit: 25, ..ListQuery::default() };
    copies(&world, number, 999).await;
    let supervisor = world.ctx("supervisor").await;
    let count = tickets::list(&supervisor, counted()).await.unwrap().count.unwrap();
    assert_eq!((count.value, count.exact), (1_000, true));
    copies(&world, number + 999, 1).await;
    let count = tickets::list(&supervisor, counted()).await.unwrap().count.unwrap();
    assert_eq!((count.value, count.exact), (1_000, false));
});

both_engines!(t_lst_03_filters_by_status_assignee_type_priority_and_text, |world: World| async move {
    let new = world.ticket().title("Mouse").create().await;
    let mine = world.ticket().title("VPN drops").assignee("tech1").create().await;
    let group =
        world.ticket().title("Switch").assigned_group(world.network).with(|f| f.kind = "request".into()).create().await;
    let major = world.ticket().title("Fire").with(|f| f.priority = "6".into()).create().await;
    let closed = world.ticket().title("Old mouse").create().await;
    world.put_status(closed, Status::Closed).await;
    let requester = world.person("requester1").await.id.to_string();
    let me = world.person("tech1").await.id.to_string();
    let more = |name: &str, value: &str| ListQuery { more: vec![(name.into(), value.into())], ..ListQuery::default() };
    let cases: Vec<(&str, ListQuery, Vec<i64>)> = vec![
        ("status", ListQuery { status: "new".into(), ..ListQuery::default() }, vec![new, major]),
        ("open", ListQuery { status: "open".into(), ..ListQuery::default() }, vec![new, mine, group, major]),
        ("closed", ListQuery { status: "closed,cancelled".into(), ..ListQuery::default() }, vec![closed]),
        ("all", ListQuery { status: "all".into(), ..ListQuery::default() }, vec![new, mine, group, major, closed]),
        ("not open", more("not.status", "open"), vec![closed]),
        ("me", ListQuery { assignee: "me".into(), ..ListQuery::default() }, vec![mine]),
        ("one", ListQuery { assignee: me, ..ListQuery::default() }, vec![mine]),
        ("nobody", ListQuery { assignee: "none".into(), ..ListQuery::default() }, vec![new, major, closed]),
        (
            "me or nobody",
            ListQuery { assignee: "me,none".into(), ..ListQuery::default() },
            vec![new, mine, major, closed],
        ),
        ("type", ListQuery { kind: "request".into(), ..ListQuery::default() }, vec![group]),
        ("priority", ListQuery { priority: "6".into(), ..ListQuery::default() }, vec![major]),
        ("text", ListQuery { text: "mouse".into(), ..ListQuery::default() }, vec![new, closed]),
        (
            "text and status",
            ListQuery { text: "mouse".into(), status: "open".into(), ..ListQuery::default() },
            vec![new],
        ),
        ("number as text", ListQuery { text: format!("#{mine}"), ..ListQuery::default() }, vec![mine]),
        ("number", more("number", &format!("{new},{mine}")), vec![new, mine]),
        ("requester", more("requester", &requester), vec![new, mine, group, major, closed]),
        ("not type", more("not.type", "request"), vec![new, mine, major, closed]),
        ("entity", more("entity", &world.root.to_string()), vec![new, mine, group, major, closed]),
        ("entity only", more("entity_only", &world.root.to_string()), vec![]),
        ("opened", more("opened_from", "2026-03-13"), vec![]),
        ("closed in", more("closed_to", "2026-03-12"), vec![closed]),
    ];
    for (name, query, expected) in cases {
        let mut seen = numbers(&world, "tech1", query.clone()).await;
        seen.sort_unstable();
        assert_eq!(seen, expected, "{name}");
        let counted = ListQuery { count: true, ..query };
        let count = tickets::list(&world.ctx("tech1").await, counted).await.unwrap().count.unwrap();
        assert_eq!(usize::try_from(count.value).unwrap(), expected.len(), "{name} counted");
    }
    let queue = ListQuery { assignee: "my_groups".into(), ..ListQuery::default() };
    assert_eq!(numbers(&world, "tech2", queue).await, [group]);
});

both_engines!(a_lst_03_none_stands_beside_ids, |world: World| async move {
    let network = world.list_row(lists::TICKET_CATEGORIES, "Network", |_| {}).await;
    let parent = network.parse().unwrap();
    let vpn = world.list_row(lists::TICKET_CATEGORIES, "VPN", |row| row.parent_id = Some(parent)).await;
    let other = world.list_row(lists::TICKET_CATEGORIES, "Other", |_| {}).await;
    let place = world.list_row(lists::LOCATIONS, "Hall", |_| {}).await;
    let bare = world.ticket().create().await;
    let below = world.ticket().with(|f| f.category.clone_from(&vpn)).create().await;
    let foreign = world.ticket().with(|f| f.category.clone_from(&other)).create().await;
    let placed = world.ticket().with(|f| f.location.clone_from(&place)).create().await;
    let more = |name: &str, value: String| ListQuery { more: vec![(name.into(), value)], ..ListQuery::default() };
    for (name, value, expected) in [
        ("category", "none".to_owned(), vec![bare, placed]),
        ("category", format!("none,{network}"), vec![bare, below, placed]),
        ("not.category", format!("{network},none"), vec![foreign]),
        ("not.category", network.clone(), vec![bare, foreign, placed]),
        ("location", format!("{place},none"), vec![bare, below, foreign, placed]),
        ("not.location", format!("none,{place}"), vec![]),
    ] {
        let mut seen = numbers(&world, "tech1", more(name, value.clone())).await;
        seen.sort_unstable();
        assert_eq!(seen, expected, "{name} {value}");
    }
    for name in ["category", "location"] {
        let answer = tickets::list(&world.ctx("tech1").await, more(name, ",".to_owned())).await;
        assert_eq!(field(answer, name), Some(Code::Invalid), "{name}");
    }
});

both_engines!(t_lst_03_the_text_filter_reaches_occurrences_by_right, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "private", "Zebra").await;
    let text = || ListQuery { text: "zebra".into(), ..ListQuery::default() };
    assert_eq!(numbers(&world, "tech2", text()).await, [number]);
    assert_eq!(numbers(&world, "requester1", text()).await.len(), 0);
});

both_engines!(t_lst_03_overdue_and_unread, |world: World| async move {
    let late = world.ticket().with(|f| f.due_resolve_at = "2026-03-12T14:00:00Z".into()).create().await;
    let paused = world.ticket().with(|f| f.due_resolve_at = "2026-03-12T14:00:00Z".into()).create().await;
    world.command("tech1", paused, Command::Suspend).await.unwrap();
    world.advance(7_200);
    let more = |name: &str, value: &str| ListQuery { more: vec![(name.into(), value.into())], ..ListQuery::default() };
    assert_eq!(numbers(&world, "tech1", more("overdue", "true")).await, [late]);
    assert_eq!(numbers(&world, "tech1", more("overdue", "false")).await, [paused]);

    tickets::mark_read(&world.ctx("tech1").await, late).await.unwrap();
    assert_eq!(numbers(&world, "tech1", more("unread", "true")).await.len(), 0);
    world.advance(60);
    world.occurrence("tech2", late, "private", "Look.").await;
    assert_eq!(numbers(&world, "tech1", more("unread", "true")).await, [late]);
    let page = tickets::list(&world.ctx("tech1").await, more("number", &late.to_string())).await.unwrap();
    assert_eq!(page.items[0].unread, 1);
});

both_engines!(t_lst_03_unknown_filters_and_values_are_refused_never_ignored, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let more = |name: &str, value: &str| ListQuery { more: vec![(name.into(), value.into())], ..ListQuery::default() };
    let cases = [
        ("status", ListQuery { status: "done".into(), ..ListQuery::default() }),
        ("assignee", ListQuery { assignee: "somebody".into(), ..ListQuery::default() }),
        ("priority", ListQuery { priority: "7".into(), ..ListQuery::default() }),
        ("type", ListQuery { kind: "wish".into(), ..ListQuery::default() }),
        ("sort", ListQuery { sort: "colour".into(), ..ListQuery::default() }),
        ("colour", more("colour", "red")),
        ("opened_from", more("opened_from", "yesterday")),
        ("unread", more("unread", "maybe")),
        ("category", more("category", "x")),
    ];
    for (name, query) in cases {
        assert_eq!(field(tickets::list(&tech1, query).await, name), Some(Code::Invalid), "{name}");
    }
    let long = ListQuery { text: "x".repeat(201), ..ListQuery::default() };
    assert_eq!(field(tickets::list(&tech1, long).await, "text"), Some(Code::TooLong));
});

both_engines!(t_lst_02_a_row_shows_what_its_reader_may_know, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let reduced = tickets::list(&world.ctx("requester1").await, ListQuery::default()).await.unwrap().items.remove(0);
    assert_eq!((reduced.number, reduced.priority), (number, 0));
    let assignee = reduced.assignee.unwrap();
    assert_eq!((assignee.name.as_str(), assignee.id, assignee.email), ("tech1", None, None));
    let whole = tickets::list(&world.ctx("tech2").await, ListQuery::default()).await.unwrap().items.remove(0);
    assert_eq!((whole.priority, whole.requester.unwrap().name.as_str()), (3, "requester1"));
    let form = RunCommand { number, command: Command::Suspend, text: "Vendor.".into(), ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, form).await.unwrap();
    let row = tickets::list(&world.ctx("requester1").await, ListQuery::default()).await.unwrap().items.remove(0);
    assert_eq!(row.pending_label.as_deref(), Some("Waiting"));
});
