//! One action on many tickets: each by its own use case, one refused stops none of the others (T-BLK-01, T-GEN-01).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, AddSolution, AddTask, BulkAction, BulkTickets, Command, RunCommand};
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::policy::ShippedRole;
use domain::template::{TemplateKind, text_field};
use domain::ticket::Status;
use domain::views::{BulkQuery, BulkResult};
use service::solutions::{self, SolutionQuery};
use service::templates::{self, NewTemplate};
use service::tickets::bulk;
use service::{ServiceError, drafts, tasks, tickets};
use testing::{World, both_engines, error, field, note, refused};

fn of(numbers: &[i64], action: BulkAction) -> BulkTickets {
    BulkTickets { numbers: numbers.to_vec(), action, ..BulkTickets::default() }
}

fn solving(numbers: &[i64], text: &str) -> BulkTickets {
    let solution = AddSolution { body: text.to_owned(), format: BodyFormat::Text, ..AddSolution::default() };
    BulkTickets { solution, ..of(numbers, BulkAction::Solve) }
}

async fn run(world: &World, who: &str, form: BulkTickets) -> Result<Vec<BulkResult>, ServiceError> {
    bulk::run(&world.ctx(who).await, form).await
}

/// The code of each ticket that was refused by its state, none where it was done.
fn codes(results: &[BulkResult]) -> Vec<(i64, Option<Code>)> {
    let code = |one: &BulkResult| match &one.error {
        None => None,
        Some(AppError::Refused { code, .. }) => Some(*code),
        Some(other) => panic!("#{} {other:?}", one.number),
    };
    results.iter().map(|one| (one.number, code(one))).collect()
}

async fn three(world: &World) -> [i64; 3] {
    [world.ticket().create().await, world.ticket().create().await, world.ticket().create().await]
}

both_engines!(t_blk_01_one_refused_ticket_stops_none_of_the_others, |world: World| async move {
    let [first, second, third] = three(&world).await;
    let one =
        AddSolution { ticket: second, body: "Sooner.".into(), format: BodyFormat::Text, ..AddSolution::default() };
    solutions::add(&world.ctx("tech2").await, one).await.unwrap();
    let results = run(&world, "tech1", solving(&[third, second, first], "The cable was loose.")).await.unwrap();
    assert_eq!(codes(&results), [(third, None), (second, Some(Code::AlreadySolved)), (first, None)]);
    for number in [first, second, third] {
        assert_eq!(world.status(number).await, Status::Solved, "{number}");
    }
    assert_eq!(world.count("solution").await, 3, "one each");
    let page = solutions::list(&world.ctx("tech1").await, third, SolutionQuery::default()).await.unwrap();
    assert_eq!(page.items.first().map(|one| one.body_text.as_str()), Some("The cable was loose."));
    world.assert_sound().await;
});

both_engines!(t_blk_01_what_is_not_seen_is_told_like_what_does_not_exist, |world: World| async move {
    let foreign = world.ticket().create().await;
    let north = world.entity("North", world.root).await;
    world.hire("pim", ShippedRole::Technician, north).await;
    let results = run(&world, "pim", of(&[foreign, 999_999, -1], BulkAction::Take)).await.unwrap();
    assert_eq!(results.len(), 3);
    assert!(results.iter().all(|one| one.error == Some(AppError::NotFound)), "{results:?}");
    let query = BulkQuery { numbers: vec![foreign, 999_999], ..BulkQuery::default() };
    let page = bulk::page(&world.ctx("pim").await, query).await.unwrap();
    assert_eq!((page.tickets.len(), page.missing), (0, 2));
    // Who is an agent nowhere has no such action at all.
    let mine = of(&[foreign], BulkAction::Occurrence);
    assert_eq!(error(run(&world, "requester1", mine).await), AppError::NotFound);
    let query = BulkQuery { numbers: vec![foreign], ..BulkQuery::default() };
    assert_eq!(error(bulk::page(&world.ctx("requester1").await, query).await), AppError::NotFound);
});

both_engines!(t_blk_01_each_ticket_asks_its_own_rights, |world: World| async move {
    let [first, second, _] = three(&world).await;
    let results = run(&world, "observer", of(&[first, second], BulkAction::Take)).await.unwrap();
    let missing = Some(AppError::Forbidden("ticket.take".to_owned()));
    assert!(results.iter().all(|one| one.error == missing), "{results:?}");
    assert_eq!(world.status(first).await, Status::New);
});

both_engines!(t_blk_01_over_a_hundred_is_too_many_and_one_named_twice_counts_once, |world: World| async move {
    let number = world.ticket().create().await;
    let many: Vec<i64> = (1..=101).collect();
    assert_eq!(field(run(&world, "tech1", of(&many, BulkAction::Take)).await, "numbers"), Some(Code::TooMany));
    assert_eq!(field(run(&world, "tech1", of(&[], BulkAction::Take)).await, "numbers"), Some(Code::Required));
    assert_eq!(world.status(number).await, Status::New, "nothing was done");
    let results = run(&world, "tech1", of(&[number; 150], BulkAction::Take)).await.unwrap();
    assert_eq!(codes(&results), [(number, None)]);
    let page =
        bulk::page(&world.ctx("tech1").await, BulkQuery { numbers: many, ..BulkQuery::default() }).await.unwrap();
    assert_eq!((page.left_out, page.tickets.len() + page.missing), (1, 100));
});

both_engines!(t_blk_01_what_is_wrong_whatever_the_ticket_is_told_before_anything_is_done, |world: World| async move {
    let numbers = three(&world).await;
    assert_eq!(field(run(&world, "tech1", solving(&numbers, " ")).await, "body"), Some(Code::Required));
    let files = AddSolution { attachments: vec!["x".into()], ..solving(&numbers, "x").solution };
    let files = BulkTickets { solution: files, ..of(&numbers, BulkAction::Solve) };
    assert_eq!(field(run(&world, "tech1", files).await, "attachments"), Some(Code::NotAllowed));
    assert_eq!(field(run(&world, "tech1", of(&numbers, BulkAction::Assign)).await, "assignees"), Some(Code::Required));
    for (level, code) in [("", Code::Required), ("7", Code::OutOfRange), ("high", Code::Invalid)] {
        let form = BulkTickets { level: level.into(), ..of(&numbers, BulkAction::Priority) };
        assert_eq!(field(run(&world, "supervisor", form).await, "priority"), Some(code), "{level}");
    }
    let long = RunCommand { text: "x".repeat(2_001), ..RunCommand::default() };
    let long = BulkTickets { command: long, ..of(&numbers, BulkAction::Suspend) };
    assert_eq!(field(run(&world, "tech1", long).await, "text"), Some(Code::TooLong));
    // A private text is mailed to nobody (T-OCC-12).
    let mailed = AddOccurrence { send_mail: true, visibility: "private".into(), ..note(0, "Words.") };
    let mailed = BulkTickets { occurrence: mailed, ..of(&numbers, BulkAction::Occurrence) };
    assert_eq!(field(run(&world, "tech1", mailed).await, "send_mail"), Some(Code::MailRequiresPublic));
    assert_eq!(world.count("occurrence").await, 0);
    for number in numbers {
        assert_eq!(world.status(number).await, Status::New);
    }
});

both_engines!(t_blk_01_every_action_does_what_its_single_one_does, |world: World| async move {
    let numbers = three(&world).await;
    let all = async |who: &str, form: BulkTickets| {
        let results = run(&world, who, form).await.unwrap();
        assert!(results.len() == 3 && results.iter().all(BulkResult::is_done), "{results:?}");
    };
    let status = async || world.status(numbers[2]).await;
    all("tech1", of(&numbers, BulkAction::Take)).await;
    assert_eq!(status().await, Status::Assigned);
    let hold = RunCommand { text: "Waits for a part.".into(), ..RunCommand::default() };
    all("tech1", BulkTickets { command: hold, ..of(&numbers, BulkAction::Suspend) }).await;
    assert_eq!(status().await, Status::Pending);
    all("tech1", of(&numbers, BulkAction::Reactivate)).await;
    assert_eq!(status().await, Status::Assigned);
    let group = RunCommand { assignees: vec![format!("group:{}", world.network)], ..RunCommand::default() };
    all("supervisor", BulkTickets { command: group, ..of(&numbers, BulkAction::Assign) }).await;
    let detail = tickets::detail(&world.ctx("supervisor").await, numbers[0]).await.unwrap();
    assert_eq!(detail.assignees.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Network"]);
    all("supervisor", BulkTickets { level: "6".into(), ..of(&numbers, BulkAction::Priority) }).await;
    assert_eq!((world.row(numbers[1]).await.priority, world.row(numbers[1]).await.priority_by_hand), (6, true));
    all("supervisor", BulkTickets { level: "2".into(), ..of(&numbers, BulkAction::Urgency) }).await;
    assert_eq!(world.row(numbers[1]).await.urgency, 2);
    let hidden = note(0, "Zwetschgenmus.");
    let hidden =
        BulkTickets { occurrence: hidden, visibility: "private".into(), ..of(&numbers, BulkAction::Occurrence) };
    all("tech1", hidden).await;
    assert_eq!(world.count("occurrence WHERE visibility = 'private'").await, 3);
    all("supervisor", of(&numbers, BulkAction::Delete)).await;
    assert!(world.row(numbers[0]).await.deleted_at.is_some());
    let query = BulkQuery { numbers: numbers.to_vec(), ..BulkQuery::default() };
    let page = bulk::page(&world.ctx("supervisor").await, query).await.unwrap();
    assert!(page.tickets.len() == 3 && page.tickets.iter().all(|ticket| ticket.is_deleted), "{page:?}");
    all("supervisor", of(&numbers, BulkAction::Restore)).await;
    assert!(world.row(numbers[0]).await.deleted_at.is_none());
    let open = run(&world, "supervisor", of(&numbers, BulkAction::Close)).await.unwrap();
    assert!(codes(&open).iter().all(|(_, code)| *code == Some(Code::SolutionRequired)), "{open:?}");
    let solved = BulkTickets { action: BulkAction::Close, ..solving(&numbers, "Done by phone.") };
    all("supervisor", solved).await;
    assert_eq!(status().await, Status::Closed);
    world.assert_sound().await;
});

both_engines!(t_sol_02_solving_many_warns_of_open_tasks_and_renders_a_template_for_each, |world: World| async move {
    let numbers = three(&world).await;
    let task = AddTask {
        ticket: numbers[0],
        content: "Order a cable.".into(),
        format: BodyFormat::Text,
        ..AddTask::default()
    };
    tasks::add(&world.ctx("tech1").await, task).await.unwrap();
    let kind = world.coded(service::lists::SOLUTION_TYPES, "workaround").await;
    let fields = templates::Fields::from([
        (templates::NAME, "Reboot".to_owned()),
        (text_field(Lang::En), "Reboot it. See #{{ ticket.number }}.".to_owned()),
        (templates::TYPE, kind.clone()),
    ]);
    let new =
        NewTemplate { kind: TemplateKind::Solution, entity: world.brasil.to_string(), fields, key: String::new() };
    let template = templates::create(&world.ctx("admin").await, new).await.unwrap().row.id.to_string();
    let rendered = |template: &str| {
        let solution = AddSolution { template: template.to_owned(), ..AddSolution::default() };
        BulkTickets { key: "b1".into(), solution, ..of(&numbers, BulkAction::Solve) }
    };
    let unknown = BulkTickets { key: String::new(), ..rendered(&world.brasil.to_string()) };
    for one in run(&world, "tech1", unknown).await.unwrap() {
        assert_eq!(one.error, Some(AppError::field("template", Code::UnknownReference)), "#{}", one.number);
    }
    let results = run(&world, "tech1", rendered(&template)).await.unwrap();
    assert!(results.iter().all(BulkResult::is_done), "{results:?}");
    let warned: Vec<usize> = results.iter().map(|one| one.warnings.len()).collect();
    assert_eq!(warned, [1, 0, 0]);
    assert_eq!(results[0].warnings[0].code, "open_tasks");
    for number in numbers {
        let page = solutions::list(&world.ctx("tech1").await, number, SolutionQuery::default()).await.unwrap();
        assert!(page.items[0].body_text.contains(&format!("#{number}")), "{:?}", page.items[0].body_text);
        assert_eq!(page.items[0].kind.as_ref().map(|kind| kind.id.to_string()), Some(kind.clone()));
    }
    assert_eq!(run(&world, "tech1", rendered(&template)).await.unwrap(), results, "A-IDM-01");
});

both_engines!(a_idm_01_many_are_done_once_under_a_key_and_answered_as_at_first, |world: World| async move {
    let [first, second, third] = three(&world).await;
    let form = || BulkTickets { key: "b1".into(), ..of(&[first, second], BulkAction::Take) };
    let taken = RunCommand { number: second, command: Command::Take, ..RunCommand::default() };
    tickets::run(&world.ctx("tech2").await, taken).await.unwrap();
    let results = run(&world, "tech1", form()).await.unwrap();
    assert_eq!(codes(&results), [(first, None), (second, Some(Code::AlreadyTaken))]);
    world.command("tech1", first, Command::GiveBack).await.unwrap();
    assert_eq!(run(&world, "tech1", form()).await.unwrap(), results);
    assert_eq!(world.status(first).await, Status::New, "the twin takes nothing again");
    let other = BulkTickets { numbers: vec![third], ..form() };
    assert_eq!(refused(run(&world, "tech1", other).await), Code::IdempotencyMismatch);
    // What became of it is shown to him alone, with what was sent where something was refused.
    let query = |done: &str| BulkQuery { done: done.to_owned(), ..BulkQuery::default() };
    let page = bulk::page(&world.ctx("tech1").await, query("b1")).await.unwrap();
    let done = page.done.unwrap();
    assert_eq!((done.results, done.form.map(|form| form.action)), (results, Some(BulkAction::Take)));
    assert_eq!(page.tickets.len(), 2);
    assert_eq!(bulk::page(&world.ctx("tech2").await, query("b1")).await.unwrap().done, None);
});

both_engines!(t_drf_03_a_draft_of_one_of_them_stays, |world: World| async move {
    let numbers = three(&world).await;
    let tech1 = world.ctx("tech1").await;
    let typed = AddSolution {
        ticket: numbers[0],
        body: "Typed at length.".into(),
        kind: "none".into(),
        ..AddSolution::default()
    };
    assert!(solutions::add(&tech1, typed).await.is_err());
    run(&world, "tech1", solving(&numbers, "Another text.")).await.unwrap();
    let kept = drafts::find(&tech1, solutions::KIND, &numbers[0].to_string()).await.unwrap();
    assert_eq!(kept.map(|draft| draft.text("body")), Some("Typed at length.".to_owned()));
    let none = drafts::find(&tech1, solutions::KIND, &numbers[1].to_string()).await.unwrap();
    assert_eq!(none, None, "what was sent to many is nobody's draft");
});
