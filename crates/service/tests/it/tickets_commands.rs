//! The commands of a ticket (T-TKT-03..08, T-STA-12..29).

use domain::error::{AppError, Code};
use domain::forms::{Command, RunCommand};
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{ListQuery, TimelineQuery};
use service::history::HistoryQuery;
use service::{history, lists, occurrences, tickets};
use testing::{World, both_engines, disabled, error, field, forbidden, refused};

fn command(number: i64, command: Command) -> RunCommand {
    RunCommand { number, command, ..RunCommand::default() }
}

async fn run(world: &World, name: &str, form: RunCommand) -> Result<(), service::ServiceError> {
    tickets::run(&world.ctx(name).await, form).await
}

async fn assignees(world: &World, number: i64) -> Vec<String> {
    let detail = tickets::detail(&world.ctx("supervisor").await, number).await.unwrap();
    detail.assignees.into_iter().map(|person| person.name).collect()
}

async fn kinds(world: &World, number: i64) -> Vec<String> {
    let page = history::list(&world.ctx("supervisor").await, number, HistoryQuery::default()).await.unwrap();
    page.items.into_iter().map(|row| row.event.kind).collect()
}

both_engines!(t_tkt_03_of_two_who_take_one_gets_it, |world: World| async move {
    let number = world.ticket().create().await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let form = || command(number, Command::Take);
    let (first, second) = tokio::join!(tickets::run(&tech1, form()), tickets::run(&tech2, form()));
    let loser = if first.is_ok() { second } else { first.and(second) };
    assert_eq!(refused(loser), Code::AlreadyTaken);
    assert_eq!(assignees(&world, number).await.len(), 1);
    assert_eq!(world.status(number).await, Status::Assigned);
    world.assert_sound().await;
});

both_engines!(t_tkt_03_taking_over_is_for_ticket_assign, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let take_over = || RunCommand { take_over: true, ..command(number, Command::Take) };
    assert_eq!(forbidden(run(&world, "tech2", take_over()).await), "ticket.assign");
    run(&world, "tech1", command(number, Command::Take)).await.unwrap();
    run(&world, "supervisor", take_over()).await.unwrap();
    assert_eq!(assignees(&world, number).await, ["supervisor"]);
});

both_engines!(t_rol_09_a_disabled_assignee_does_not_hold_a_ticket, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.disable("tech1").await;
    run(&world, "tech2", command(number, Command::Take)).await.unwrap();
});

both_engines!(t_sta_03_giving_back_makes_a_ticket_new_again, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    run(&world, "tech1", command(number, Command::GiveBack)).await.unwrap();
    assert_eq!((assignees(&world, number).await.len(), world.status(number).await), (0, Status::New));
    assert_eq!(kinds(&world, number).await, ["given_back", "status_changed", "created"]);
});

both_engines!(t_tkt_04_assign_replaces_adds_and_removes, |world: World| async move {
    let number = world.ticket().create().await;
    let (tech1, tech2) = (world.user("tech1").await, world.user("tech2").await);
    let group = format!("group:{}", world.network);
    let base = || command(number, Command::Assign);
    run(&world, "supervisor", RunCommand { assignees: vec![tech1.clone()], ..base() }).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);
    run(&world, "supervisor", RunCommand { add: vec![tech2], remove: vec![tech1], ..base() }).await.unwrap();
    assert_eq!(
        (assignees(&world, number).await, world.status(number).await),
        (vec!["tech2".to_owned()], Status::Assigned)
    );
    run(&world, "supervisor", RunCommand { assignees: vec![group], ..base() }).await.unwrap();
    assert_eq!(assignees(&world, number).await, ["Network"]);
    run(&world, "supervisor", RunCommand { replace: true, ..base() }).await.unwrap();
    assert_eq!(world.status(number).await, Status::New);
    let requester = RunCommand { add: vec![world.user("requester1").await], ..base() };
    assert_eq!(field(run(&world, "supervisor", requester).await, "add[0]"), Some(Code::NotAssignable));
    assert_eq!(forbidden(run(&world, "tech1", base()).await), "ticket.assign");
});

both_engines!(t_tkt_05_delegating_hands_over_what_one_has, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let to_group = RunCommand {
        to: format!("group:{}", world.network),
        reason: "Cabling.".into(),
        ..command(number, Command::Delegate)
    };
    run(&world, "tech1", to_group.clone()).await.unwrap();
    assert_eq!(assignees(&world, number).await, ["Network"]);
    assert_eq!(kinds(&world, number).await.first().map(String::as_str), Some("delegated"));
    assert_eq!(forbidden(run(&world, "tech1", to_group).await), "ticket.assign", "it is no longer his");
    let to_tech1 = RunCommand { to: world.user("tech1").await, ..command(number, Command::Delegate) };
    run(&world, "tech2", to_tech1).await.unwrap();
    let nowhere = command(number, Command::Delegate);
    assert_eq!(field(run(&world, "tech1", nowhere).await, "to"), Some(Code::Required));
    let requester = RunCommand { to: world.user("requester1").await, ..command(number, Command::Delegate) };
    assert_eq!(field(run(&world, "tech1", requester).await, "to"), Some(Code::NotAssignable));
});

both_engines!(t_clk_05_a_pause_moves_the_time_to_resolve, |world: World| async move {
    let number =
        world.ticket().assignee("tech1").with(|f| f.due_resolve_at = "2026-03-13T13:00:00Z".into()).create().await;
    let due = world.row(number).await.due_resolve_at.unwrap();
    let reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let suspend =
        || RunCommand { pending_reason: reason.clone(), text: "Asked.".into(), ..command(number, Command::Suspend) };
    run(&world, "tech1", suspend()).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.pending_since, row.due_resolve_at), ("pending", Some(world.now()), Some(due)));
    let since = world.now();
    world.advance(3_600);
    run(&world, "tech1", RunCommand { text: "Asked again.".into(), ..suspend() }).await.unwrap();
    assert_eq!(world.row(number).await.pending_since, Some(since), "T-STA-13: the same reason counts on");
    world.advance(3_600);
    run(&world, "tech1", command(number, Command::Reactivate)).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.pending_since, row.due_resolve_at), ("assigned", None, Some(due + 7_200)));
    assert_eq!(refused(run(&world, "tech1", command(number, Command::Reactivate)).await), Code::NotPending);
    world.assert_sound().await;
});

both_engines!(t_clk_05_an_overdue_ticket_gains_nothing_by_a_pause, |world: World| async move {
    let number =
        world.ticket().assignee("tech1").with(|f| f.due_resolve_at = "2026-03-12T14:00:00Z".into()).create().await;
    world.advance(2 * 3_600);
    let due = world.row(number).await.due_resolve_at;
    run(&world, "tech1", command(number, Command::Suspend)).await.unwrap();
    world.advance(3_600);
    run(&world, "tech1", command(number, Command::Reactivate)).await.unwrap();
    assert_eq!(world.row(number).await.due_resolve_at, due);
});

both_engines!(t_pen_02_suspending_asks_for_what_the_settings_want, |world: World| async move {
    let number = world.ticket().create().await;
    let wrong = RunCommand { pending_reason: "x".into(), ..command(number, Command::Suspend) };
    assert_eq!(field(run(&world, "tech1", wrong).await, "reason"), Some(Code::UnknownReference));
    let long = RunCommand { text: "x".repeat(2_001), ..command(number, Command::Suspend) };
    assert_eq!(field(run(&world, "tech1", long).await, "text"), Some(Code::TooLong));
    world.set(Key::SuspensionTextRequired, world.root, "true").await;
    assert_eq!(field(run(&world, "tech1", command(number, Command::Suspend)).await, "text"), Some(Code::Required));
});

both_engines!(t_sta_33_the_text_of_a_suspension_is_for_agents_unless_made_public, |world: World| async move {
    let number = world.ticket().create().await;
    run(&world, "tech1", RunCommand { text: "Vendor is slow.".into(), ..command(number, Command::Suspend) })
        .await
        .unwrap();
    let seen = tickets::detail(&world.ctx("requester1").await, number).await.unwrap();
    assert!(!serde_json::to_string(&seen).unwrap().contains("Vendor"));
    assert_eq!(seen.pending.unwrap().label, "Waiting");
    let public = RunCommand { text: "We wait for a part.".into(), public: true, ..command(number, Command::Suspend) };
    run(&world, "tech1", public).await.unwrap();
    let timeline = tickets::timeline(&world.ctx("requester1").await, number, TimelineQuery::default()).await.unwrap();
    assert!(serde_json::to_string(&timeline).unwrap().contains("We wait for a part."));
});

// T-SOL-09: by hand, the second of the two ways.
both_engines!(t_sta_20_closing_needs_a_solution, |world: World| async move {
    let number = world.ticket().create().await;
    assert_eq!(refused(run(&world, "supervisor", command(number, Command::Close)).await), Code::SolutionRequired);
    world.put_status(number, Status::Solved).await;
    assert_eq!(forbidden(run(&world, "tech1", command(number, Command::Close)).await), "ticket.close");
    run(&world, "supervisor", command(number, Command::Close)).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.closed_at), ("closed", Some(world.now())));
    assert_eq!(refused(run(&world, "supervisor", command(number, Command::Close)).await), Code::TicketClosed);
    world.assert_sound().await;
});

both_engines!(t_sta_23_an_agent_reopens_with_a_reason, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.put_status(number, Status::Closed).await;
    let reopen = command(number, Command::Reopen);
    assert_eq!(field(run(&world, "tech1", reopen.clone()).await, "reason"), Some(Code::Required));
    run(&world, "tech1", RunCommand { reason: "It jams again.".into(), ..reopen }).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.closed_at, row.reopen_count), ("assigned", None, None, 1));
    let page = occurrences::list(&world.ctx("tech2").await, number, Default::default()).await.unwrap();
    assert_eq!(page.items[0].body_text, "It jams again.");
    assert!(page.items[0].visibility.is_private(), "private unless chosen public");
    world.assert_sound().await;
});

both_engines!(t_sta_24_the_requester_reopens_within_the_days_of_the_entity, |world: World| async move {
    let number = world.ticket().create().await;
    world.put_status(number, Status::Closed).await;
    let reopen = || RunCommand { reason: "It jams again.".into(), ..command(number, Command::Reopen) };
    assert_eq!(error(run(&world, "requester2", reopen()).await), AppError::NotFound);
    world.advance(9 * 86_400);
    assert_eq!(refused(run(&world, "requester1", reopen()).await), Code::ReopenPeriodOver);
    world.advance(-2 * 86_400);
    run(&world, "requester1", reopen()).await.unwrap();
    let page = occurrences::list(&world.ctx("requester1").await, number, Default::default()).await.unwrap();
    assert_eq!(page.items[0].body_text, "It jams again.", "his reason is public");
});

both_engines!(t_sta_25_and_26_cancelling, |world: World| async move {
    let number = world.ticket().create().await;
    let cancel = || command(number, Command::Cancel);
    assert_eq!(forbidden(run(&world, "tech1", cancel()).await), "ticket.cancel");
    assert_eq!(disabled(run(&world, "requester1", cancel()).await), "portal.cancel");
    world.set(Key::PortalCancel, world.root, "true").await;
    run(&world, "requester1", cancel()).await.unwrap();
    assert_eq!(world.status(number).await, Status::Cancelled);
    for form in [
        cancel(),
        command(number, Command::Take),
        RunCommand { reason: "x".into(), ..command(number, Command::Reopen) },
    ] {
        assert_eq!(refused(run(&world, "supervisor", form).await), Code::TicketCancelled, "T-STA-32: final");
    }
});

both_engines!(t_tkt_06_reclassifying_changes_type_category_and_entity, |world: World| async move {
    let category = world.list_row(lists::TICKET_CATEGORIES, "Wishes", |row| row.for_incident = false).await;
    let number = world.ticket().assignee("tech1").create().await;
    let base = || command(number, Command::Reclassify);
    let wrong = RunCommand { category: category.clone(), ..base() };
    assert_eq!(field(run(&world, "tech1", wrong).await, "category"), Some(Code::CategoryNotAllowed));
    run(&world, "tech1", RunCommand { kind: "request".into(), category, ..base() }).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.kind.as_str(), row.category_id.is_some(), row.version), ("request", true, 2));
    world.occurrence("tech1", number, "private", "Zebra").await;
    run(&world, "tech1", RunCommand { entity: world.root.to_string(), ..base() }).await.unwrap();
    assert_eq!(world.row(number).await.entity_id, world.root);
    assert_eq!(world.count("occurrence WHERE entity_id <> (SELECT id FROM entity WHERE parent_id IS NULL)").await, 0);
    assert_eq!(error(tickets::detail(&world.ctx("requester1").await, number).await), AppError::NotFound, "T-VIS-07");
    world.assert_sound().await;
});

both_engines!(t_clk_07_due_dates_change_with_a_reason, |world: World| async move {
    let number = world.ticket().create().await;
    let base = || RunCommand { reason: "Agreed.".into(), ..command(number, Command::ChangeSla) };
    assert_eq!(
        field(run(&world, "supervisor", command(number, Command::ChangeSla)).await, "justification"),
        Some(Code::Required)
    );
    let early = RunCommand { due_own_at: "2026-03-12T12:00:00Z".into(), ..base() };
    assert_eq!(field(run(&world, "supervisor", early).await, "due_own_at"), Some(Code::DueBeforeOpening));
    run(&world, "supervisor", RunCommand { due_resolve_at: "2026-03-13T13:00:00Z".into(), ..base() }).await.unwrap();
    assert_eq!(world.row(number).await.due_resolve_at, Some(world.now() + 86_400));
    run(&world, "supervisor", RunCommand { due_resolve_at: "none".into(), ..base() }).await.unwrap();
    assert_eq!(world.row(number).await.due_resolve_at, None);
});

both_engines!(t_tkt_08_trash_restore_and_purge, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "private", "Zebra").await;
    run(&world, "supervisor", command(number, Command::Delete)).await.unwrap();
    assert_eq!(error(tickets::detail(&world.ctx("tech1").await, number).await), AppError::NotFound, "T-VIS-08");
    assert_eq!(error(tickets::detail(&world.ctx("requester1").await, number).await), AppError::NotFound);
    let supervisor = world.ctx("supervisor").await;
    let listed = |trash| tickets::list(&supervisor, ListQuery { trash, ..ListQuery::default() });
    assert_eq!((listed(false).await.unwrap().items.len(), listed(true).await.unwrap().items.len()), (0, 1));
    assert_eq!(refused(run(&world, "supervisor", command(number, Command::Delete)).await), Code::TicketDeleted);

    run(&world, "supervisor", command(number, Command::Restore)).await.unwrap();
    assert_eq!(listed(false).await.unwrap().items.len(), 1);
    assert_eq!(refused(run(&world, "supervisor", command(number, Command::Restore)).await), Code::TransitionNotAllowed);

    run(&world, "supervisor", command(number, Command::Delete)).await.unwrap();
    let purge = RunCommand { confirm: number.to_string(), ..command(number, Command::Purge) };
    assert_eq!(forbidden(run(&world, "supervisor", purge.clone()).await), "ticket.purge");
    let unsure = RunCommand { confirm: "0".into(), ..purge.clone() };
    assert_eq!(field(run(&world, "admin", unsure).await, "number"), Some(Code::Invalid));
    run(&world, "admin", purge.clone()).await.unwrap();
    assert_eq!(error(run(&world, "admin", purge).await), AppError::NotFound);
    for table in [
        "ticket",
        "occurrence",
        "ticket_event",
        "ticket_actor",
        "status_interval",
        "search_public",
        "search_private",
        "event",
    ] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    assert_eq!(world.count("audit WHERE kind = 'ticket_purged'").await, 1);
    assert_eq!(world.ticket().create().await, number + 1, "T-GEN-10: never reused");
    world.assert_sound().await;
});

both_engines!(t_gen_08_a_command_under_one_key_happens_once, |world: World| async move {
    let number = world.ticket().create().await;
    let take = RunCommand { key: "k1".into(), ..command(number, Command::Take) };
    run(&world, "tech1", take.clone()).await.unwrap();
    run(&world, "tech1", take.clone()).await.unwrap();
    let other = RunCommand { command: Command::GiveBack, ..take };
    assert_eq!(refused(run(&world, "tech1", other).await), Code::IdempotencyMismatch);
    assert_eq!(kinds(&world, number).await, ["taken", "status_changed", "created"]);
});

both_engines!(t_gen_02_a_stale_version_is_a_conflict_before_any_state, |world: World| async move {
    let number = world.ticket().create().await;
    let stale = RunCommand { version: 7, ..command(number, Command::Close) };
    assert!(matches!(error(run(&world, "supervisor", stale).await), AppError::Conflict { version: 1, .. }));
});

both_engines!(t_his_01_history_is_newest_first_with_old_and_new, |world: World| async move {
    let number = world.ticket().create().await;
    world.advance(60);
    run(&world, "tech1", command(number, Command::Take)).await.unwrap();
    let supervisor = world.ctx("supervisor").await;
    let page = history::list(&supervisor, number, HistoryQuery::default()).await.unwrap();
    let kinds: Vec<&str> = page.items.iter().map(|row| row.event.kind.as_str()).collect();
    assert_eq!(kinds, ["taken", "status_changed", "created"]);
    let status = &page.items[1].event.changes[0];
    assert_eq!((status.field.as_str(), status.old.as_str(), status.new.as_str()), ("status", "new", "assigned"));
    assert_eq!(page.items[0].event.author.name, "tech1");
    let mut seen = Vec::new();
    let mut query = HistoryQuery { limit: 1, ..HistoryQuery::default() };
    while let Ok(page) = history::list(&supervisor, number, query.clone()).await {
        seen.extend(page.items.into_iter().map(|row| row.event.kind));
        let Some(next) = page.next_cursor else { break };
        query.cursor = next;
    }
    assert_eq!(seen, kinds);
    let only = HistoryQuery { kinds: "created".into(), ..HistoryQuery::default() };
    assert_eq!(history::list(&supervisor, number, only).await.unwrap().items.len(), 1);
    let wrong = HistoryQuery { person: "x".into(), from: "yesterday".into(), ..HistoryQuery::default() };
    assert_eq!(field(history::list(&supervisor, number, wrong).await, "person"), Some(Code::Invalid));
});
