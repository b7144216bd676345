//! What a request shows and takes: order and pages of the list and of the conversation, notes, the trash, who joins later
//! (P-LIS-02, P-HIS-03, P-OCC-01, P-OCC-07, P-HID-03, T-TIM-02, T-TKT-11).

use domain::error::{AppError, Code};
use domain::forms::{Command, OccurrencePatch, Patch, RemoveOccurrence, RunCommand, TicketPatch};
use domain::occurrence::BodyFormat;
use domain::policy::Capability::{
    OccurrenceAddOwn, OccurrenceDeleteOwn, OccurrenceUpdateOwn, OccurrenceViewPublic, TicketViewOwn,
};
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{Entry, ListQuery, RequestDetail, Timeline, TimelineQuery};
use service::history::{self, HistoryQuery};
use service::{ServiceError, events, occurrences, requests, tickets};
use testing::{Sql, World, both_engines, disabled, error, forbidden, note, refused};
use uuid::Uuid;

async fn detail(world: &World, name: &str, number: i64) -> Result<RequestDetail, ServiceError> {
    requests::detail(&world.ctx(name).await, number, TimelineQuery::default()).await
}

/// Occurrences of a timeline, as shown.
fn entries(timeline: &Timeline) -> Vec<Uuid> {
    let id = |entry: &Entry| if let Entry::Occurrence(entry) = entry { Some(entry.id) } else { None };
    timeline.entries.iter().filter_map(id).collect()
}

both_engines!(p_lis_02_own_open_requests_come_50_a_page_the_last_public_change_first, |world: World| async move {
    let mut numbers = Vec::new();
    for _ in 0..51 {
        numbers.push(world.ticket().create().await);
        world.advance(1);
    }
    let closed = world.ticket().create().await;
    world.put_status(closed, Status::Closed).await;
    world.ticket().requester("requester2").observer("requester1").create().await;
    world.advance(60);
    let changed = numbers.remove(20);
    world.occurrence("tech1", changed, "public", "For you.").await;
    world.advance(60);
    world.occurrence("tech1", numbers[10], "private", "Between us.").await;
    let requester1 = world.ctx("requester1").await;
    let first = requests::list(&requester1, ListQuery::default()).await.unwrap();
    let cursor = first.next_cursor.clone().unwrap();
    let second = requests::list(&requester1, ListQuery { cursor, ..ListQuery::default() }).await.unwrap();
    assert_eq!((first.items.len(), second.items.len()), (50, 1));
    assert!(second.next_cursor.is_none());
    numbers.push(changed);
    numbers.reverse();
    let listed: Vec<i64> = first.items.iter().chain(&second.items).map(|row| row.number).collect();
    assert_eq!(listed, numbers);
});

both_engines!(p_his_03_a_conversation_comes_by_30_and_its_history_by_50, |world: World| async move {
    let number = world.ticket().create().await;
    let mut written = Vec::new();
    for n in 0..60 {
        written.push(world.occurrence("tech1", number, "public", &format!("Words {n}.")).await);
        world.advance(1);
    }
    let requester1 = world.ctx("requester1").await;
    let (mut shown, mut sizes) = (Vec::new(), Vec::new());
    let mut query = TimelineQuery { kinds: "occurrence".into(), ..TimelineQuery::default() };
    loop {
        let page = requests::detail(&requester1, number, query.clone()).await.unwrap().timeline;
        sizes.push(page.entries.len());
        shown.extend(entries(&page));
        let Some(next) = page.next_cursor else { break };
        query.cursor = next;
    }
    assert_eq!((sizes, shown), (vec![30, 30], written));
    let mut query = HistoryQuery { own: true, ..HistoryQuery::default() };
    let first = history::page(&requester1, number, query.clone()).await.unwrap().page;
    query.cursor = first.next_cursor.unwrap();
    let second = history::page(&requester1, number, query).await.unwrap().page;
    assert!(first.items.len() == 50 && second.items.len() >= 10, "{} {}", first.items.len(), second.items.len());
});

both_engines!(p_occ_01_a_note_needs_its_setting_a_right_and_a_request_that_is_not_over, |world: World| async move {
    let requester1 = world.ctx("requester1").await;
    for status in [Status::New, Status::Assigned, Status::Planned, Status::Pending, Status::Solved] {
        let number = world.ticket().assignee("tech1").create().await;
        if status == Status::Pending {
            let form =
                RunCommand { number, command: Command::Suspend, text: "A part.".into(), ..RunCommand::default() };
            tickets::run(&world.ctx("tech1").await, form).await.unwrap();
        } else {
            world.put_status(number, status).await;
        }
        assert_eq!(detail(&world, "requester1", number).await.unwrap().note_off, "", "{status:?}");
        let id = occurrences::add(&requester1, note(number, "It is back.")).await;
        id.unwrap_or_else(|error| panic!("{status:?}: {error:?}"));
    }
    for (status, why, code) in
        [(Status::Closed, "closed", Code::TicketClosed), (Status::Cancelled, "cancelled", Code::TicketCancelled)]
    {
        let number = world.ticket().create().await;
        world.put_status(number, status).await;
        assert_eq!(detail(&world, "requester1", number).await.unwrap().note_off, why);
        assert_eq!(refused(occurrences::add(&requester1, note(number, "It is back.")).await), code);
    }
    world.hire_with("reader", &[TicketViewOwn, OccurrenceViewPublic]).await;
    let number = world.ticket().requester("reader").requester("requester1").create().await;
    assert_eq!(detail(&world, "reader", number).await.unwrap().note_off, "forbidden");
    let silent = occurrences::add(&world.ctx("reader").await, note(number, "Hello?")).await;
    assert_eq!(forbidden(silent), "occurrence.add-own");
    world.set(Key::PortalRegisterOccurrence, world.brasil, "false").await;
    assert_eq!(detail(&world, "requester1", number).await.unwrap().note_off, "disabled");
    let switched_off = occurrences::add(&requester1, note(number, "Hello?")).await;
    assert_eq!(disabled(switched_off), "portal.register_occurrence");
});

both_engines!(p_occ_07_requesters_leave_what_they_posted_unless_a_role_lets_them, |world: World| async move {
    let caps = [TicketViewOwn, OccurrenceViewPublic, OccurrenceAddOwn, OccurrenceUpdateOwn, OccurrenceDeleteOwn];
    world.hire_with("editor", &caps).await;
    let number = world.ticket().requester("requester1").requester("editor").create().await;
    let words = || OccurrencePatch {
        body: Patch::Set("Something else.".into()),
        format: BodyFormat::Text,
        ..OccurrencePatch::default()
    };
    let remove = |id: Uuid| RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() };
    let requester1 = world.ctx("requester1").await;
    let own = occurrences::add(&requester1, note(number, "It is back.")).await.unwrap();
    assert_eq!(forbidden(occurrences::edit(&requester1, own, words()).await), "occurrence.update-own");
    assert_eq!(forbidden(occurrences::remove(&requester1, remove(own)).await), "occurrence.delete-own");
    let editor = world.ctx("editor").await;
    assert_eq!(forbidden(occurrences::edit(&editor, own, words()).await), "occurrence.update-any");
    let own = occurrences::add(&editor, note(number, "Here too.")).await.unwrap();
    occurrences::edit(&editor, own, words()).await.unwrap();
    occurrences::remove(&editor, remove(own)).await.unwrap();
    assert!(occurrences::get(&requester1, own).await.unwrap().removed.is_some());
});

both_engines!(p_hid_03_a_request_in_the_trash_is_gone_and_comes_back_as_it_was, |world: World| async move {
    let number = world.ticket().create().await;
    world.occurrence("tech1", number, "public", "We look at it.").await;
    let before = detail(&world, "requester1", number).await.unwrap();
    world.command("supervisor", number, Command::Delete).await.unwrap();
    assert_eq!(error(detail(&world, "requester1", number).await), AppError::NotFound);
    let all = || ListQuery { role: "all".into(), status: "all".into(), ..ListQuery::default() };
    assert!(requests::list(&world.ctx("requester1").await, all()).await.unwrap().items.is_empty());
    world.command("supervisor", number, Command::Restore).await.unwrap();
    let after = detail(&world, "requester1", number).await.unwrap();
    assert_eq!(entries(&after.timeline), entries(&before.timeline));
    assert_eq!((after.status, after.title, after.description), (before.status, before.title, before.description));
    assert_eq!(requests::list(&world.ctx("requester1").await, all()).await.unwrap().items.len(), 1);
});

both_engines!(p_hid_03_a_merged_request_leads_to_one_its_reader_sees, |world: World| async move {
    let (own, foreign) = (world.ticket().create().await, world.ticket().requester("requester2").create().await);
    for (survivor, shown) in [(own, Some(own)), (foreign, None)] {
        let number = world.ticket().create().await;
        world.put_status(number, Status::Closed).await;
        let mut sql = Sql::new("UPDATE ticket SET merged_into_id = ");
        sql.bind(world.row(survivor).await.id).push_bind(" WHERE id = ", world.row(number).await.id);
        world.run(&sql).await;
        let request = detail(&world, "requester1", number).await.unwrap();
        assert_eq!((request.status, request.merged_into), (Status::Closed, shown));
    }
});

both_engines!(t_tim_02_entries_stand_by_time_then_id_in_the_order_the_reader_prefers, |world: World| async move {
    let number = world.ticket().create().await;
    let mut written = Vec::new();
    for text in ["One.", "Two."] {
        let first = world.occurrence("tech1", number, "public", text).await;
        let mut of_a_second = [first, world.occurrence("tech1", number, "public", "In the same second.").await];
        of_a_second.sort();
        written.extend(of_a_second);
        world.advance(60);
    }
    let reversed: Vec<Uuid> = written.iter().rev().copied().collect();
    let of_agent = async || {
        let timeline = tickets::timeline(&world.ctx("tech1").await, number, TimelineQuery::default()).await.unwrap();
        (timeline.order.clone(), entries(&timeline))
    };
    let of_requester = async || entries(&detail(&world, "requester1", number).await.unwrap().timeline);
    assert_eq!(of_agent().await, ("desc".to_owned(), reversed.clone()), "agents: the newest first");
    assert_eq!(of_requester().await, written, "P-DET-03: the oldest first");
    world.prefer("tech1", "timeline_order", "asc").await;
    world.prefer("requester1", "timeline_order", "desc").await;
    assert_eq!(of_agent().await, ("asc".to_owned(), written));
    assert_eq!(of_requester().await, reversed);
});

both_engines!(t_tkt_11_who_is_named_later_reads_what_was_public_before, |world: World| async move {
    let number = world.ticket().create().await;
    let public = world.occurrence("tech1", number, "public", "For both sides.").await;
    let private = world.occurrence("tech1", number, "private", "Between us.").await;
    let requester2 = world.user("requester2").await;
    let observers = TicketPatch { observers: Patch::Set(vec![requester2.clone()]), ..TicketPatch::default() };
    let requesters = TicketPatch {
        requesters: Patch::Set(vec![world.user("requester1").await, requester2]),
        observers: Patch::Set(Vec::new()),
        ..TicketPatch::default()
    };
    assert_eq!(error(occurrences::get(&world.ctx("requester2").await, public).await), AppError::NotFound);
    for patch in [observers, requesters] {
        tickets::update(&world.ctx("supervisor").await, number, patch).await.unwrap();
        assert_eq!(entries(&detail(&world, "requester2", number).await.unwrap().timeline), [public]);
        assert_eq!(error(occurrences::get(&world.ctx("requester2").await, private).await), AppError::NotFound);
    }
});

both_engines!(p_hid_02_a_change_of_what_the_portal_does_not_show_moves_nothing_there, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.advance(60);
    let before = world.row(number).await;
    let position = world.settled_events().await;
    let observers = Patch::Set(vec![world.user("requester2").await]);
    let patch = TicketPatch { urgency: Patch::Set("5".into()), observers, ..TicketPatch::default() };
    tickets::update(&world.ctx("tech1").await, number, patch).await.unwrap();
    let due = RunCommand {
        number,
        command: Command::ChangeSla,
        due_own_at: "2030-01-02T10:00:00Z".into(),
        reason: "Asked for.".into(),
        ..RunCommand::default()
    };
    tickets::run(&world.ctx("supervisor").await, due).await.unwrap();
    let after = world.row(number).await;
    assert_eq!((after.version, after.updated_at), (before.version + 2, world.now()));
    assert_eq!(after.public_updated_at, before.public_updated_at, "neither date nor order of the portal tells of it");

    world.settled_events().await;
    let heard = async |name: &str| {
        let ctx = world.ctx(name).await;
        let mut count = 0;
        for change in events::after(world.db(), position).await.unwrap().iter().filter(|change| change.kind == "ticket")
        {
            count += usize::from(events::heard(&ctx, change).await.unwrap().is_some());
        }
        count
    };
    assert_eq!((heard("tech1").await, heard("requester1").await), (2, 0), "and no stream");
    let title = TicketPatch { title: Patch::Set("Printer on fire".into()), ..TicketPatch::default() };
    tickets::update(&world.ctx("tech1").await, number, title).await.unwrap();
    world.settled_events().await;
    assert_eq!((heard("tech1").await, heard("requester1").await), (3, 1), "what is shown is told");
    assert_eq!(world.row(number).await.public_updated_at, world.now());
    world.assert_sound().await;
});
