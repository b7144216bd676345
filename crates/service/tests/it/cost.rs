//! What a page costs: as many statements for few rows as for many, and no growing table read from end to end.

use domain::forms::{AddOccurrence, Command, RunCommand};
use domain::policy::ShippedRole;
use domain::views::{ListQuery, TimelineQuery};
use sea_orm::Statement;
use service::notifications::NotificationQuery;
use service::occurrences::OccurrenceQuery;
use service::{Ctx, lists, notifications, occurrences, requests, search, tickets};
use testing::{Engine, Statements, World, both_engines, note, run, upload};

/// What somebody looked at, and what was asked for it.
type Cost = (&'static str, Vec<Statement>);

#[track_caller]
fn assert_same(few: &[Cost], many: &[Cost]) {
    let texts = |statements: &[Statement]| -> String {
        statements.iter().map(|statement| format!("  {}\n", statement.sql)).collect()
    };
    assert_eq!(few.len(), many.len());
    for ((what, few), (_, many)) in few.iter().zip(many) {
        assert!(!few.is_empty(), "{what}: nothing was heard");
        assert_eq!(few.len(), many.len(), "{what} costs\n{}and with more rows\n{}", texts(few), texts(many));
    }
}

/// Five tickets that a list shows in different ways, with people nobody else has.
async fn five_tickets(world: &World, round: usize) {
    let (client, agent) = (format!("client{round}"), format!("agent{round}"));
    world.hire(&client, ShippedRole::Requester, world.brasil).await;
    world.hire(&agent, ShippedRole::Technician, world.root).await;
    let ticket = || world.ticket().requester("requester1").requester(&client);
    ticket().create().await;
    ticket().assignee(&agent).create().await;
    ticket().assigned_group(world.network).create().await;
    let talked_about = ticket().observer(&agent).create().await;
    world.occurrence(&agent, talked_about, "public", "We look at it.").await;
    let number = ticket().assignee(&agent).create().await;
    let pending_reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let suspend = RunCommand { number, command: Command::Suspend, pending_reason, ..RunCommand::default() };
    tickets::run(&world.ctx(&agent).await, suspend).await.unwrap();
    world.advance(1);
}

/// Every list, with `rows` rows.
async fn lists_of(statements: &Statements, agent: &Ctx, requester: &Ctx, rows: usize) -> Vec<Cost> {
    let query = || ListQuery { status: "all".into(), count: true, ..ListQuery::default() };
    let by_text = || ListQuery { text: "printer".into(), ..query() };
    let mut costs = Vec::new();
    for (what, ctx, query) in [
        ("the list of an agent", agent, query()),
        ("the list of an agent by a word", agent, by_text()),
        ("the list of a requester", requester, query()),
    ] {
        let (page, asked) = statements.during(tickets::list(ctx, query)).await;
        assert_eq!(page.unwrap().items.len(), rows, "{what}");
        costs.push((what, asked));
    }
    for (what, query) in [("my requests", query()), ("my requests by a word", by_text())] {
        let (page, asked) = statements.during(requests::list(requester, query)).await;
        assert_eq!(page.unwrap().items.len(), rows, "{what}");
        costs.push((what, asked));
    }
    costs
}

both_engines!(t_lst_04_a_list_of_50_asks_as_often_as_a_list_of_5, |world: World| async move {
    let (heard, statements) = world.heard();
    let (tech1, requester1) = (heard.ctx("tech1").await, heard.ctx("requester1").await);
    five_tickets(&world, 0).await;
    let few = lists_of(&statements, &tech1, &requester1, 5).await;
    for round in 1..10 {
        five_tickets(&world, round).await;
    }
    let many = lists_of(&statements, &tech1, &requester1, 50).await;
    assert_same(&few, &many);
});

/// Three occurrences that a timeline shows in different ways, by an author, of a category and a source nobody else has.
async fn three_occurrences(world: &World, number: i64, round: usize) {
    let agent = format!("author{number}x{round}");
    world.hire(&agent, ShippedRole::Technician, world.root).await;
    let category = world.list_row(lists::OCCURRENCE_CATEGORIES, &agent, |_| {}).await;
    let source = world.list_row(lists::SOURCES, &agent, |_| {}).await;
    let question = world.occurrence("requester1", number, "", "Which cable is it?").await;
    world.advance(1);
    world.occurrence(&agent, number, "private", "The cable is ours.").await;
    world.advance(1);
    let ctx = world.ctx(&agent).await;
    let file = upload(&ctx, "cable.txt", agent.as_bytes()).await.unwrap();
    let answer = AddOccurrence {
        visibility: "public".into(),
        minutes: "15".into(),
        category,
        source,
        reply_to: question.to_string(),
        attachments: vec![file.id.to_string()],
        ..note(number, "This cable.")
    };
    occurrences::add(&ctx, answer).await.unwrap();
    world.advance(1);
}

/// Every page of a ticket that shows its occurrences.
async fn pages_of(statements: &Statements, agent: &Ctx, requester: &Ctx, number: i64) -> Vec<Cost> {
    let timeline = TimelineQuery::default;
    let find = || TimelineQuery { find: "cable".into(), ..timeline() };
    let (answer, page) = statements.during(tickets::page(agent, number, timeline())).await;
    answer.unwrap();
    let (answer, detail) = statements.during(tickets::detail(agent, number)).await;
    answer.unwrap();
    let (answer, found) = statements.during(tickets::timeline(agent, number, find())).await;
    assert!(!answer.unwrap().entries.is_empty());
    let (answer, listed) = statements.during(occurrences::list(agent, number, OccurrenceQuery::default())).await;
    assert!(!answer.unwrap().items.is_empty());
    let (answer, request) = statements.during(requests::detail(requester, number, timeline())).await;
    assert!(!answer.unwrap().timeline.entries.is_empty());
    vec![
        ("the page of a ticket", page),
        ("a ticket", detail),
        ("a search in a ticket", found),
        ("the occurrences of a ticket", listed),
        ("a request", request),
    ]
}

both_engines!(t_tim_04_a_page_with_60_occurrences_asks_as_often_as_one_with_3, |world: World| async move {
    let (heard, statements) = world.heard();
    let (tech1, requester1) = (heard.ctx("tech1").await, heard.ctx("requester1").await);
    let short = world.ticket().assignee("tech2").create().await;
    let long = world.ticket().assignee("tech2").create().await;
    three_occurrences(&world, short, 0).await;
    for round in 0..20 {
        three_occurrences(&world, long, round).await;
    }
    let few = pages_of(&statements, &tech1, &requester1, short).await;
    let many = pages_of(&statements, &tech1, &requester1, long).await;
    assert_same(&few, &many);
});

/// Tickets with a word in their title, each with `entries` occurrences that hold it too.
async fn tickets_with(world: &World, word: &str, count: usize, entries: usize) {
    for round in 0..count {
        let author = format!("{word}{round}");
        world.hire(&author, ShippedRole::Technician, world.root).await;
        let number = world.ticket().by(&author).title(word).create().await;
        for _entry in 0..entries {
            world.occurrence(&author, number, "public", &format!("{word} replaced.")).await;
        }
        world.advance(1);
    }
}

/// A search for a word by both sides, with `hits` hits.
async fn searches_of(statements: &Statements, agent: &Ctx, requester: &Ctx, word: &str, hits: usize) -> Vec<Cost> {
    let mut costs = Vec::new();
    for (what, ctx) in [("the search of an agent", agent), ("the search of a requester", requester)] {
        let (page, asked) = statements.during(search::search(ctx, word, &[], None, "", 0)).await;
        assert_eq!(page.unwrap().items.len(), hits, "{what}");
        costs.push((what, asked));
    }
    costs
}

both_engines!(t_occ_26_a_search_with_40_hits_asks_as_often_as_one_with_2, |world: World| async move {
    let (heard, statements) = world.heard();
    let (tech1, requester1) = (heard.ctx("tech1").await, heard.ctx("requester1").await);
    tickets_with(&world, "toner", 1, 1).await;
    tickets_with(&world, "cartridge", 10, 3).await;
    let few = searches_of(&statements, &tech1, &requester1, "toner", 2).await;
    let many = searches_of(&statements, &tech1, &requester1, "cartridge", 40).await;
    assert_same(&few, &many);
});

/// SQLite plans by its indexes alone until somebody counts its rows, so the plans of a small desk are those of a large one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_reads_a_growing_table_from_end_to_end() {
    run(Engine::Sqlite, async |world: World| {
        let (heard, statements) = world.heard();
        let (tech1, requester1) = (heard.ctx("tech1").await, heard.ctx("requester1").await);
        five_tickets(&world, 0).await;
        three_occurrences(&world, 1, 0).await;
        let mut costs = lists_of(&statements, &tech1, &requester1, 5).await;
        costs.extend(pages_of(&statements, &tech1, &requester1, 1).await);
        let (unread, asked) = statements.during(requests::unread_total(&requester1)).await;
        unread.unwrap();
        costs.push(("the number beside my requests", asked));
        for ctx in [&tech1, &requester1] {
            let (unread, asked) = statements.during(notifications::unread(ctx, 0)).await;
            unread.unwrap();
            costs.push(("the number beside the bell", asked));
            let (page, asked) = statements.during(notifications::list(ctx, NotificationQuery::default())).await;
            page.unwrap();
            costs.push(("notifications", asked));
        }
        let mut found = Vec::new();
        for (what, asked) in &costs {
            for statement in asked.iter().filter(|statement| is_question(statement)) {
                let steps = statements.whole_reads(statement).await;
                found.extend(steps.iter().map(|step| format!("{what}: {step}: {}", statement.sql)));
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    })
    .await;
}

fn is_question(statement: &Statement) -> bool {
    ["SELECT", "WITH"].iter().any(|word| statement.sql.starts_with(word))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_lst_04_each_order_of_the_agents_list_walks_its_index() {
    run(Engine::Sqlite, async |world: World| {
        let (heard, statements) = world.heard();
        let supervisor = heard.ctx("supervisor").await;
        world.ticket().create().await;
        for (sort, index) in [
            ("", "ticket_updated"),
            ("updated_at", "ticket_updated"),
            ("-number", "ticket_number"),
            ("opened_at", "ticket_opened"),
            ("-priority", "ticket_priority"),
        ] {
            let query = ListQuery { sort: sort.into(), ..ListQuery::default() };
            let (page, asked) = statements.during(tickets::list(&supervisor, query)).await;
            assert_eq!(page.unwrap().items.len(), 1);
            let mut steps = Vec::new();
            for statement in asked.iter().filter(|statement| is_question(statement)) {
                steps.extend(statements.plan(statement).await);
            }
            let walked = format!("INDEX {index} ");
            assert!(steps.iter().any(|step| step.contains(&walked)), "by {sort:?}: {steps:#?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_lst_04_lists_of_ones_own_start_from_the_person() {
    run(Engine::Sqlite, async |world: World| {
        let (heard, statements) = world.heard();
        let requester1 = heard.ctx("requester1").await;
        five_tickets(&world, 0).await;
        for role in ["mine", "observed", "all"] {
            let query = ListQuery { role: role.into(), count: true, ..ListQuery::default() };
            let (page, asked) = statements.during(requests::list(&requester1, query)).await;
            page.unwrap();
            for statement in asked.iter().filter(|statement| is_question(statement)) {
                let steps = statements.plan(statement).await;
                let walks_entity = |step: &String| step.starts_with("SEARCH t ") && step.contains("(entity_id=");
                assert!(!steps.iter().any(walks_entity), "{role}: {steps:#?}\n{}", statement.sql);
            }
        }
    })
    .await;
}
