//! Solutions and the three closings (T-SOL, T-STA-15..24, P-ACT): solved with a solution, answered in the product and by a
//! link, closed by hand and by time.

mod begun;
mod links;

use domain::error::{AppError, Code};
use domain::forms::{AddSolution, AnswerSolution, Command, Patch, RunCommand, SolutionPatch};
use domain::notification::Event;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::solution::SolutionState;
use domain::ticket::Status;
use domain::views::{ActorKind, Entry, SolutionView, TimelineQuery};
use service::history::{self, HistoryQuery};
use service::jobs::close_solved;
use service::notifications::{self, NotificationQuery};
use service::solutions::{self, SolutionQuery};
use service::{ServiceError, drafts, requests, search, tickets};
use testing::{World, both_engines, conflict, error, field, forbidden, refused, upload};
use uuid::Uuid;

const DAY: i64 = 86_400;

fn proposal(ticket: i64, text: &str) -> AddSolution {
    AddSolution { ticket, body: text.to_owned(), format: BodyFormat::Text, ..AddSolution::default() }
}

async fn try_solve(world: &World, who: &str, form: AddSolution) -> Result<Uuid, ServiceError> {
    solutions::add(&world.ctx(who).await, form).await
}

async fn solve(world: &World, number: i64, text: &str) -> Uuid {
    try_solve(world, "tech1", proposal(number, text)).await.unwrap()
}

async fn answer(world: &World, who: &str, number: i64, answer: &str, text: &str) -> Result<(), ServiceError> {
    let form = AnswerSolution {
        ticket: number,
        answer: answer.to_owned(),
        text: text.to_owned(),
        ..AnswerSolution::default()
    };
    solutions::answer(&world.ctx(who).await, form).await
}

async fn shown(world: &World, who: &str, id: Uuid) -> SolutionView {
    solutions::get(&world.ctx(who).await, id).await.unwrap()
}

/// Kinds of the events of a ticket, the newest first.
async fn kinds(world: &World, number: i64) -> Vec<String> {
    let page = history::list(&world.ctx("admin").await, number, HistoryQuery::default()).await.unwrap();
    page.items.into_iter().map(|row| row.event.kind).collect()
}

async fn times(world: &World, number: i64, kind: &str) -> usize {
    kinds(world, number).await.iter().filter(|one| *one == kind).count()
}

both_engines!(t_sta_15_solving_writes_the_solution_and_the_status_at_once, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.command("tech1", number, Command::Suspend).await.unwrap();
    let marked = "<p>Cable <b>loose</b>.</p>".to_owned();
    let form = AddSolution { body: marked, format: BodyFormat::Html, ..proposal(number, "") };
    let id = try_solve(&world, "tech1", form).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.close_due_at), ("solved", Some(world.now()), None));
    assert_eq!((row.pending_since, row.pending_text), (None, None));
    let view = shown(&world, "tech1", id).await;
    assert_eq!((view.state, view.body_text.as_str(), view.version), (SolutionState::Waiting, "Cable loose.", 1));
    assert!(view.mine && view.may("update") && !view.may("approve"), "{view:?}");
    assert!(kinds(&world, number).await.contains(&"solution_added".to_owned()));

    let again = error(try_solve(&world, "tech2", proposal(number, "Too late.")).await);
    let AppError::Refused { code: Code::AlreadySolved, data: Some(data) } = again else { panic!("{again:?}") };
    assert_eq!(data.get("by").and_then(|by| by.as_str()), Some(world.person("tech1").await.name.as_str()));
    assert_eq!(world.count("solution").await, 1);
    world.assert_sound().await;
});

both_engines!(t_sol_01_every_wrong_field_is_named_and_the_text_is_kept, |world: World| async move {
    let number = world.ticket().create().await;
    let wrong = AddSolution {
        body: "Typed at length.".into(),
        kind: Uuid::nil().to_string(),
        template: "none".into(),
        ..proposal(number, "")
    };
    let refused = error(try_solve(&world, "tech1", wrong).await);
    let AppError::Invalid(errors) = refused else { panic!("{refused:?}") };
    assert_eq!(errors.of("type"), Some(Code::UnknownReference), "{errors:?}");
    assert_eq!(errors.of("template"), Some(Code::UnknownReference), "{errors:?}");
    assert_eq!(field(try_solve(&world, "tech1", proposal(number, " ")).await, "body"), Some(Code::Required));
    let tasks = AddSolution { open_tasks: "burn".into(), cascade: vec!["all".into()], ..proposal(number, "x") };
    assert_eq!(field(try_solve(&world, "tech1", tasks).await, "open_tasks"), Some(Code::Invalid));
    let kept = drafts::find(&world.ctx("tech1").await, solutions::KIND, &number.to_string()).await.unwrap();
    assert_eq!(kept.map(|draft| draft.text("body")), Some("x".to_owned()), "the last text that was tried");
    assert_eq!(world.status(number).await, Status::New);

    assert!(forbidden(try_solve(&world, "requester1", proposal(number, "x")).await).starts_with("ticket.solve"));
    let kind = world.coded(service::lists::SOLUTION_TYPES, "workaround").await;
    let id = try_solve(&world, "tech1", AddSolution { kind: kind.clone(), ..proposal(number, "x") }).await.unwrap();
    assert_eq!(shown(&world, "tech1", id).await.kind.map(|kind| kind.id.to_string()), Some(kind));
    let left = drafts::find(&world.ctx("tech1").await, solutions::KIND, &number.to_string()).await.unwrap();
    assert_eq!(left, None, "T-DRF-06");
});

both_engines!(t_sta_16_where_nobody_is_waited_for_solving_closes, |world: World| async move {
    world.set(Key::AutoCloseDays, world.brasil, "0").await;
    let number = world.ticket().create().await;
    let id = solve(&world, number, "Done.").await;
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.closed_at), ("closed", Some(world.now()), Some(world.now())));
    let view = shown(&world, "tech1", id).await;
    assert_eq!(view.state, SolutionState::Accepted);
    assert_eq!(view.answered_by.map(|by| by.kind), Some(ActorKind::System));
    assert_eq!(times(&world, number, "closed").await, 1);
});

both_engines!(t_sta_21_an_open_ticket_is_solved_and_closed_in_one_command, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    assert_eq!(refused(world.command("supervisor", number, Command::Close).await), Code::SolutionRequired);
    let form = AddSolution { close: true, ..proposal(number, "Done by phone.") };
    assert_eq!(forbidden(try_solve(&world, "tech1", form.clone()).await), "ticket.close");
    assert_eq!(world.status(number).await, Status::Assigned, "nothing of it happened");
    try_solve(&world, "supervisor", form).await.unwrap();
    assert_eq!(world.status(number).await, Status::Closed);
    let page = solutions::list(&world.ctx("tech1").await, number, SolutionQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    world.assert_sound().await;
});

both_engines!(t_sta_18_the_requester_approves_once, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    assert_eq!(refused(answer(&world, "requester1", number, "approve", "").await), Code::NotSolved);
    let id = solve(&world, number, "Done.").await;
    for who in ["tech1", "tech2", "supervisor"] {
        assert_eq!(forbidden(answer(&world, who, number, "approve", "").await), "solution.approve", "{who}");
    }
    let request = requests::detail(&world.ctx("requester1").await, number, TimelineQuery::default()).await.unwrap();
    assert!(request.actions.iter().any(|action| action == "approve"), "{:?}", request.actions);
    let rows = requests::list(&world.ctx("requester1").await, Default::default()).await.unwrap().items;
    assert!(rows.iter().all(|row| row.may_answer), "P-LIS-04");

    world.advance(60);
    answer(&world, "requester1", number, "approve", " Thank you. ").await.unwrap();
    let view = shown(&world, "tech1", id).await;
    assert_eq!((view.state, view.comment.as_str()), (SolutionState::Accepted, "Thank you."));
    assert_eq!(view.answered_by.map(|by| by.name), Some(world.person("requester1").await.name));
    assert_eq!(world.row(number).await.closed_at, Some(world.now()));
    // Twice the same by the same person is the first answer again (T-SOL-07).
    answer(&world, "requester1", number, "approve", "Twice.").await.unwrap();
    assert_eq!(shown(&world, "tech1", id).await.comment, "Thank you.");
    assert_eq!((times(&world, number, "solution_approved").await, times(&world, number, "closed").await), (1, 1));
    let other = error(answer(&world, "requester1", number, "refuse", "No.").await);
    let AppError::Refused { code: Code::TicketClosed, data: Some(data) } = other else { panic!("{other:?}") };
    assert!(data.get("by").is_some() && data.get("at").is_some(), "who and when: {data}");
    let told = notifications::list(&world.ctx("tech1").await, NotificationQuery::default()).await.unwrap();
    assert!(told.items.iter().any(|one| one.event == Event::SolutionApproved), "{told:?}");
    world.assert_sound().await;
});

both_engines!(t_sta_19_a_refusal_opens_the_ticket_and_its_reason_is_public, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let first = solve(&world, number, "Done.").await;
    assert_eq!(field(answer(&world, "requester1", number, "refuse", " ").await, "reason"), Some(Code::Required));
    let long = "x".repeat(10_001);
    assert_eq!(field(answer(&world, "requester1", number, "refuse", &long).await, "reason"), Some(Code::TooLong));
    answer(&world, "requester1", number, "refuse", "Still dark.").await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.close_due_at), ("assigned", None, None));
    let refused_one = shown(&world, "tech1", first).await;
    assert_eq!((refused_one.state, refused_one.comment.as_str()), (SolutionState::Refused, "Still dark."));
    let entries = tickets::timeline(&world.ctx("tech1").await, number, TimelineQuery::default()).await.unwrap().entries;
    let is_reason = |entry: &Entry| matches!(entry, Entry::Occurrence(one) if one.body_text == "Still dark.");
    assert_eq!(entries.iter().filter(|entry| is_reason(entry)).count(), 1);
    let is_solution = |entry: &Entry| matches!(entry, Entry::Solution(one) if one.id == first);
    assert_eq!(entries.iter().filter(|entry| is_solution(entry)).count(), 1);

    // Several over time: only the last counts (T-SOL-05).
    world.advance(60);
    let second = solve(&world, number, "Now it is.").await;
    answer(&world, "requester1", number, "approve", "").await.unwrap();
    assert_eq!(shown(&world, "tech1", first).await.state, SolutionState::Refused);
    assert_eq!(shown(&world, "tech1", second).await.state, SolutionState::Accepted);
    world.assert_sound().await;
});

both_engines!(t_sta_23_whoever_opens_the_ticket_again_refuses_its_solution, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = solve(&world, number, "Done.").await;
    world.occurrence("requester1", number, "", "It fell out again.").await;
    assert_eq!(world.status(number).await, Status::Assigned, "T-STA-09, policy reopen");
    assert_eq!(shown(&world, "tech1", id).await.state, SolutionState::Refused);

    let second = solve(&world, number, "Glued.").await;
    answer(&world, "requester1", number, "approve", "").await.unwrap();
    let reopen = RunCommand { number, command: Command::Reopen, reason: "Again.".into(), ..RunCommand::default() };
    tickets::run(&world.ctx("requester1").await, reopen).await.unwrap();
    assert_eq!(shown(&world, "tech1", second).await.state, SolutionState::Refused, "T-STA-24");
});

both_engines!(t_sol_06_a_solution_is_edited_while_it_waits, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = solve(&world, number, "Done.").await;
    let edit = async |who: &str, version: i32, text: &str| {
        let patch = SolutionPatch {
            version: Some(version),
            body: Patch::Set(text.to_owned()),
            format: BodyFormat::Text,
            ..SolutionPatch::default()
        };
        solutions::edit(&world.ctx(who).await, id, patch).await
    };
    assert_eq!(forbidden(edit("tech2", 1, "Mine.").await), "occurrence.update-any");
    edit("tech1", 1, "Done.").await.unwrap();
    assert_eq!(shown(&world, "tech1", id).await.version, 1, "nothing changed, no version");
    world.advance(60);
    edit("tech1", 1, "Done, cable replaced.").await.unwrap();
    let view = shown(&world, "tech1", id).await;
    assert_eq!((view.version, view.revision_count, view.body_text.as_str()), (2, 1, "Done, cable replaced."));
    let lost = conflict(edit("supervisor", 1, "Done, plug replaced.").await);
    assert_eq!(lost.first().map(|one| one.field.as_str()), Some("body"));
    let page = solutions::edit_page(&world.ctx("tech1").await, number, id, true).await.unwrap();
    assert_eq!(page.revisions.len(), 2);
    assert_eq!(error(solutions::edit_page(&world.ctx("requester1").await, number, id, true).await), AppError::NotFound);

    answer(&world, "requester1", number, "approve", "").await.unwrap();
    assert_eq!(refused(edit("tech1", 2, "Other words.").await), Code::TicketClosed);
    world.assert_sound().await;
});

both_engines!(t_gen_07_a_whole_form_of_a_solution_takes_nothing_back, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = solve(&world, number, "Done.").await;
    let patch = |text: &str, kind: &str| SolutionPatch {
        version: Some(1),
        body: Patch::Set(text.to_owned()),
        format: BodyFormat::Text,
        kind: Patch::from_text(kind.to_owned()),
        attachments: Patch::Set(Vec::new()),
        ..SolutionPatch::default()
    };
    let kind = world.list_row(service::lists::SOLUTION_TYPES, "By hand", |_| {}).await;
    solutions::edit(&world.ctx("tech1").await, id, patch("Done.", &kind)).await.unwrap();
    // Its form was opened before there was a type.
    solutions::edit(&world.ctx("supervisor").await, id, patch("Done, cable replaced.", "")).await.unwrap();
    let view = shown(&world, "tech1", id).await;
    assert_eq!(view.body_text, "Done, cable replaced.");
    assert_eq!(view.kind.map(|kind| kind.name).as_deref(), Some("By hand"), "both are kept");
});

both_engines!(t_sol_06_a_form_without_the_editor_keeps_the_markup, |world: World| async move {
    let number = world.ticket().create().await;
    let form = AddSolution { body: "<p>Cable <strong>loose</strong>.</p>".into(), ..proposal(number, "") };
    let id = try_solve(&world, "tech1", AddSolution { format: BodyFormat::Html, ..form }).await.unwrap();
    let patch = SolutionPatch {
        version: Some(1),
        body: Patch::Set("Cable loose.\r\n".to_owned()),
        format: BodyFormat::Text,
        ..SolutionPatch::default()
    };
    solutions::edit(&world.ctx("tech1").await, id, patch).await.unwrap();
    let view = shown(&world, "tech1", id).await;
    assert!(view.version == 1 && view.body.as_str().contains("<strong>"), "{view:?}");
});

both_engines!(t_sol_01_files_travel_with_the_solution, |world: World| async move {
    let number = world.ticket().create().await;
    let file = upload(&world.ctx("tech1").await, "steps.txt", b"one").await.unwrap();
    let form = AddSolution { attachments: vec![file.id.to_string()], ..proposal(number, "See the file.") };
    let id = try_solve(&world, "tech1", form).await.unwrap();
    let view = shown(&world, "requester1", id).await;
    assert_eq!(view.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["steps.txt"]);
    assert_eq!(view.version, 0, "the requester side learns no version");
    world.set(Key::PortalShowSolution, world.brasil, "false").await;
    assert_eq!(error(solutions::get(&world.ctx("requester1").await, id).await), AppError::NotFound);
    let read = service::documents::open(&world.ctx("requester1").await, file.id).await;
    assert_eq!(error(read), AppError::NotFound, "371 hides its files too");
    world.assert_sound().await;
});

both_engines!(p_hid_01_where_371_is_off_the_requester_side_sees_that_it_is_solved_only, |world: World| async move {
    world.set(Key::PortalShowSolution, world.brasil, "false").await;
    let number = world.ticket().create().await;
    solve(&world, number, "Quittenbrot behind the rack.").await;
    let requester1 = world.ctx("requester1").await;
    let request = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(request.status, Status::Solved);
    assert!(!format!("{request:?}").contains("Quittenbrot"));
    assert!(request.actions.iter().any(|action| action == "approve"), "he is asked all the same");
    let page = solutions::list(&requester1, number, SolutionQuery::default()).await.unwrap();
    assert!(page.items.is_empty());
    assert!(search::search(&requester1, "Quittenbrot", &[], None, "", 20).await.unwrap().items.is_empty());
});

both_engines!(t_occ_24_solutions_are_found_by_their_words, |world: World| async move {
    let number = world.ticket().create().await;
    let id = solve(&world, number, "The Quittenbrot was stale.").await;
    for who in ["tech1", "requester1"] {
        let found = search::search(&world.ctx(who).await, "Quittenbrot", &[], None, "", 20).await.unwrap();
        let hits: Vec<(&str, Uuid)> = found.items.iter().map(|hit| (hit.kind.as_str(), hit.id)).collect();
        assert_eq!(hits, [("solution", id)], "{who}");
    }
    let only = ["occurrence".to_owned()];
    let found = search::search(&world.ctx("tech1").await, "Quittenbrot", &only, None, "", 20).await.unwrap();
    assert!(found.items.is_empty());
});

both_engines!(t_sol_10_the_day_it_closes_is_kept_from_when_it_was_solved, |world: World| async move {
    world.set(Key::AutoCloseDays, world.brasil, "2").await;
    let number = world.ticket().create().await;
    solve(&world, number, "Done.").await;
    let due = world.now() + 2 * DAY;
    assert_eq!(world.row(number).await.close_due_at, Some(due));
    world.set(Key::AutoCloseDays, world.brasil, "9").await;
    assert_eq!(world.row(number).await.close_due_at, Some(due));

    assert_eq!(close_solved(&world.services).await.unwrap(), 0);
    world.advance(2 * DAY - 1);
    assert_eq!(close_solved(&world.services).await.unwrap(), 0, "a second too early");
    world.advance(1);
    assert_eq!(close_solved(&world.services).await.unwrap(), 1);
    assert_eq!(world.status(number).await, Status::Closed);
    let page = history::list(&world.ctx("admin").await, number, HistoryQuery::default()).await.unwrap();
    let closed = page.items.iter().find(|row| row.event.kind == "closed").unwrap();
    let said: Vec<(&str, &str)> =
        closed.event.changes.iter().map(|change| (change.field.as_str(), change.new.as_str())).collect();
    assert!(said.contains(&("way", "automatic")) && said.contains(&("delay", "2")), "{said:?}");
    assert_eq!(closed.event.author.kind, ActorKind::System);
    world.assert_sound().await;
});

both_engines!(t_clk_11_several_instances_close_a_ticket_once, |world: World| async move {
    world.set(Key::AutoCloseDays, world.brasil, "1").await;
    let mut numbers = Vec::new();
    for _ in 0..5 {
        let number = world.ticket().create().await;
        solve(&world, number, "Done.").await;
        numbers.push(number);
    }
    let binned = numbers[4];
    world.command("supervisor", binned, Command::Delete).await.unwrap();
    world.advance(DAY);
    let (one, two) = tokio::join!(close_solved(&world.services), close_solved(&world.services));
    assert_eq!(one.unwrap() + two.unwrap(), 4, "together they closed each once");
    assert_eq!(close_solved(&world.services).await.unwrap(), 0);
    for number in &numbers[..4] {
        assert_eq!(world.status(*number).await, Status::Closed);
        assert_eq!(times(&world, *number, "closed").await, 1);
    }
    assert_eq!(world.status(binned).await, Status::Solved, "the trash is left alone");
    world.assert_sound().await;
});

both_engines!(a_post_that_is_repeated_solves_once, |world: World| async move {
    let number = world.ticket().create().await;
    let form = AddSolution { key: "once".into(), ..proposal(number, "Done.") };
    let first = try_solve(&world, "tech1", form.clone()).await.unwrap();
    assert_eq!(try_solve(&world, "tech1", form.clone()).await.unwrap(), first);
    let other = AddSolution { body: "Other.".into(), ..form };
    assert_eq!(refused(try_solve(&world, "tech1", other).await), Code::IdempotencyMismatch);
    assert_eq!((world.count("solution").await, times(&world, number, "solution_added").await), (1, 1));
});
