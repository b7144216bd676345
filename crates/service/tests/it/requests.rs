//! My requests: roles, status words, what is shown (P-LIS, P-DET, P-HID).

use domain::error::{AppError, Code};
use domain::forms::{Command, RunCommand};
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{Entry, ListQuery, TimelineQuery};
use service::{requests, tickets};
use testing::{World, both_engines, disabled, error, field, refused};

async fn listed(world: &World, name: &str, role: &str, status: &str) -> Vec<i64> {
    let query = ListQuery { role: role.into(), status: status.into(), sort: "number".into(), ..ListQuery::default() };
    let page = requests::list(&world.ctx(name).await, query).await.unwrap();
    page.items.into_iter().map(|row| row.number).collect()
}

const NOTHING: [i64; 0] = [];

both_engines!(p_lis_03_each_relation_has_its_list, |world: World| async move {
    let desk = world.group("Reception", &["tech2"]).await;
    let mine = world.ticket().requester("requester1").create().await;
    let observed = world.ticket().requester("requester2").observer("requester1").create().await;
    let written = world.ticket().by("tech2").requester("requester2").create().await;
    let grouped = world.ticket().with(|f| f.requesters = vec![format!("group:{desk}")]).create().await;
    assert_eq!(listed(&world, "requester1", "mine", "all").await, [mine]);
    assert_eq!(listed(&world, "requester1", "observed", "all").await, [observed]);
    assert_eq!(listed(&world, "requester1", "groups", "all").await, NOTHING);
    assert_eq!(listed(&world, "requester1", "all", "all").await, [mine, observed]);
    assert_eq!(listed(&world, "requester2", "", "").await, [observed, written]);
    assert_eq!(listed(&world, "tech2", "groups", "all").await, [grouped]);
    assert_eq!(listed(&world, "tech2", "mine", "all").await, [written], "the writer's too");
    assert_eq!(listed(&world, "tech1", "all", "all").await, NOTHING, "through one's own person and groups only");
});

both_engines!(p_lis_03_status_words, |world: World| async move {
    let open = world.ticket().create().await;
    let solved = world.ticket().create().await;
    let closed = world.ticket().create().await;
    let cancelled = world.ticket().create().await;
    world.put_status(solved, Status::Solved).await;
    world.put_status(closed, Status::Closed).await;
    world.put_status(cancelled, Status::Cancelled).await;
    let cases: [(&str, &[i64]); 5] = [
        ("", &[open, solved]),
        ("not_closed", &[open, solved]),
        ("waiting", &[solved]),
        ("over", &[closed, cancelled]),
        ("all", &[open, solved, closed, cancelled]),
    ];
    for (status, expected) in cases {
        assert_eq!(listed(&world, "requester1", "mine", status).await, expected, "{status}");
    }
    let requester1 = world.ctx("requester1").await;
    let wrong = ListQuery { status: "lost".into(), ..ListQuery::default() };
    assert_eq!(field(requests::list(&requester1, wrong).await, "status"), Some(Code::Invalid));
    let wrong = ListQuery { role: "boss".into(), ..ListQuery::default() };
    assert_eq!(field(requests::list(&requester1, wrong).await, "role"), Some(Code::Invalid));
    let wrong = ListQuery { sort: "priority".into(), ..ListQuery::default() };
    assert_eq!(field(requests::list(&requester1, wrong).await, "sort"), Some(Code::Invalid));
});

both_engines!(p_gen_01_others_tickets_are_no_requests_of_mine, |world: World| async move {
    let number = world.ticket().requester("requester1").create().await;
    for name in ["requester2", "tech1", "observer", "admin"] {
        let answer = requests::detail(&world.ctx(name).await, number, TimelineQuery::default()).await;
        assert_eq!(error(answer), AppError::NotFound, "{name}");
    }
});

both_engines!(p_hid_the_setting_298_hides_entries_and_leaves_status_events, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "public", "We look at it.").await;
    world.command("tech1", number, Command::Take).await.unwrap();
    let requester1 = world.ctx("requester1").await;
    let shown = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert!(shown.timeline.entries.iter().any(|entry| matches!(entry, Entry::Occurrence(_))));
    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    world.advance(60);
    world.occurrence("tech1", number, "public", "Still looking.").await;
    let hidden = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert!(hidden.timeline.entries.iter().all(|entry| matches!(entry, Entry::Event(_))), "{:?}", hidden.timeline);
    assert!(!hidden.timeline.entries.is_empty());
    assert_eq!(hidden.unread, 0);
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 0);
});

both_engines!(t_tim_07_unread_counts_public_entries_of_others_until_read, |world: World| async move {
    let number = world.ticket().create().await;
    let requester1 = world.ctx("requester1").await;
    world.occurrence("tech1", number, "public", "One.").await;
    world.occurrence("tech1", number, "private", "Two.").await;
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 1);
    assert_eq!(requests::unread_besides(&requester1, number).await.unwrap(), 0, "its page marks them as read");
    assert_eq!(requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap().unread, 1);
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 0);
    world.advance(60);
    world.occurrence("requester1", number, "", "Mine.").await;
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 0, "one's own do not count");
});

both_engines!(p_det_the_page_says_what_can_be_done_and_why_not, |world: World| async move {
    let number = world.ticket().create().await;
    let requester1 = world.ctx("requester1").await;
    let detail = || requests::detail(&requester1, number, TimelineQuery::default());
    let open = detail().await.unwrap();
    assert_eq!(
        (open.actions, open.note_off, open.note_effect),
        (vec!["occurrence".to_owned()], String::new(), String::new())
    );
    world.put_status(number, Status::Solved).await;
    assert_eq!(detail().await.unwrap().note_effect, "reopen");
    world.set(Key::PortalRegisterOccurrence, world.brasil, "false").await;
    assert_eq!(detail().await.unwrap().note_off, "disabled");
    world.put_status(number, Status::Closed).await;
    let closed = detail().await.unwrap();
    assert_eq!(closed.actions, ["reopen", "follow-up"]);
    assert_eq!((closed.note_off.as_str(), closed.reopen_off.as_str()), ("closed", ""));
});

both_engines!(p_act_08_days_to_reopen_that_are_over_are_told, |world: World| async move {
    let number = world.ticket().create().await;
    world.put_status(number, Status::Closed).await;
    let requester1 = world.ctx("requester1").await;
    let detail = || requests::detail(&requester1, number, TimelineQuery::default());
    world.advance(8 * 86_400);
    let late = detail().await.unwrap();
    assert_eq!((late.reopen_off.as_str(), late.reopen_days), ("period_over", 7));
    assert_eq!(late.actions, ["follow-up"]);
    let form = RunCommand { number, command: Command::Reopen, reason: "Again.".into(), ..RunCommand::default() };
    assert_eq!(refused(tickets::run(&requester1, form.clone()).await), Code::ReopenPeriodOver);
    world.set(Key::ReopenDays, world.brasil, "0").await;
    assert_eq!(detail().await.unwrap().reopen_off, "never");
    world.set(Key::ReopenDays, world.brasil, "30").await;
    tickets::run(&requester1, form).await.unwrap();
    assert_eq!(world.status(number).await, Status::New);
});

both_engines!(p_act_03_a_request_is_cancelled_where_the_entity_lets_one, |world: World| async move {
    let number = world.ticket().create().await;
    let requester1 = world.ctx("requester1").await;
    let detail = || requests::detail(&requester1, number, TimelineQuery::default());
    assert_eq!(disabled(world.command("requester1", number, Command::Cancel).await), "portal.cancel");
    world.set(Key::PortalCancel, world.brasil, "true").await;
    assert!(detail().await.unwrap().actions.contains(&"cancel".to_owned()));
    world.command("requester1", number, Command::Cancel).await.unwrap();
    let over = detail().await.unwrap();
    assert_eq!((over.status, over.note_off.as_str()), (Status::Cancelled, "cancelled"));
    assert_eq!(over.actions, ["follow-up"], "P-OCC-06");
    // The second of two tabs (P-ACT-09).
    assert_eq!(refused(world.command("requester1", number, Command::Cancel).await), Code::TicketCancelled);
});

both_engines!(p_lis_03_the_period_of_opening, |world: World| async move {
    let opened = |at: &'static str| world.ticket().with(|form| form.opened_at = at.into()).create();
    let early = opened("2026-03-01T23:30:00Z").await;
    let late = opened("2026-03-05T00:00:00Z").await;
    let requester1 = world.ctx("requester1").await;
    let days = |from: &str, to: &str| {
        let given = [("opened_from", from), ("opened_to", to)].into_iter().filter(|(_, day)| !day.is_empty());
        let more = given.map(|(name, day)| (name.to_owned(), day.to_owned())).collect();
        ListQuery { more, sort: "number".into(), ..ListQuery::default() }
    };
    for (from, to, expected) in [
        ("", "", vec![early, late]),
        ("2026-03-02", "", vec![late]),
        ("", "2026-03-01", vec![early]),
        ("2026-03-01", "2026-03-05", vec![early, late]),
        ("2026-03-06", "", vec![]),
    ] {
        let page = requests::list(&requester1, days(from, to)).await.unwrap();
        assert_eq!(page.items.into_iter().map(|row| row.number).collect::<Vec<_>>(), expected, "{from} {to}");
    }
    assert_eq!(field(requests::list(&requester1, days("soon", "")).await, "opened_from"), Some(Code::Invalid));
});

both_engines!(p_det_a_pending_request_shows_the_public_label_only, |world: World| async move {
    let number = world.ticket().create().await;
    let reason = world.coded(service::lists::PENDING_REASONS, "requester").await;
    let form = RunCommand {
        number,
        command: Command::Suspend,
        pending_reason: reason,
        text: "Vendor.".into(),
        ..RunCommand::default()
    };
    tickets::run(&world.ctx("tech1").await, form).await.unwrap();
    let detail = requests::detail(&world.ctx("requester1").await, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(detail.pending_label.as_deref(), Some("Waiting for your answer"));
    assert!(!serde_json::to_string(&detail).unwrap().contains("Vendor"));
    let row = requests::list(&world.ctx("requester1").await, ListQuery::default()).await.unwrap().items.remove(0);
    assert_eq!((row.pending_label.as_deref(), row.paused), (Some("Waiting for your answer"), true));
});
