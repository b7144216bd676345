//! Many tickets at once as their readers see them, and how far a ticket was read (T-TIM-07).

use domain::error::{AppError, Code};
use domain::forms::{Command, RunCommand};
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::views::TicketDetail;
use service::{Ctx, lists, tickets};
use testing::{World, both_engines, error, field, note};
use uuid::Uuid;

/// Five tickets that differ in everything a list tells, with people nobody else has.
async fn five(world: &World, round: usize) -> Vec<i64> {
    let (client, agent) = (format!("client{round}"), format!("agent{round}"));
    world.hire(&client, ShippedRole::Requester, world.brasil).await;
    world.hire(&agent, ShippedRole::Technician, world.root).await;
    let parent = world.list_row(lists::TICKET_CATEGORIES, "Network", |_| {}).await;
    let parent_id: Uuid = parent.parse().unwrap();
    let network = world.network;
    let category = world
        .list_row(lists::TICKET_CATEGORIES, &format!("VPN {round}"), |row| {
            row.parent_id = Some(parent_id);
            row.group_id = Some(network);
        })
        .await;
    let location = world.list_row(lists::LOCATIONS, &format!("Room {round}"), |_| {}).await;
    let ticket = || world.ticket().requester("requester1").requester(&client);
    let placed = ticket()
        .assignee(&agent)
        .with(|form| {
            form.category = category;
            form.location = location;
            form.due_resolve_at = "2026-03-13T13:00:00Z".into();
        })
        .create()
        .await;
    let grouped = ticket().assigned_group(world.network).create().await;
    let talked_about = ticket().observer(&agent).create().await;
    world.advance(1);
    world.occurrence(&agent, talked_about, "public", "We look at it.").await;
    world.occurrence(&agent, talked_about, "private", "Again.").await;
    let paused = ticket().assignee(&agent).create().await;
    let pending_reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let suspend = RunCommand { number: paused, command: Command::Suspend, pending_reason, ..RunCommand::default() };
    tickets::run(&world.ctx(&agent).await, suspend).await.unwrap();
    let own = world.ticket().by("tech1").requester("requester1").create().await;
    vec![placed, grouped, talked_about, paused, own]
}

/// What lists leave out of a ticket, taken out of it.
fn as_listed(whole: TicketDetail) -> TicketDetail {
    TicketDetail {
        description: Default::default(),
        description_text: String::new(),
        description_files: Vec::new(),
        actions: Vec::new(),
        worked: None,
        ..whole
    }
}

both_engines!(t_vis_05_a_page_tells_of_each_ticket_what_the_ticket_itself_tells, |world: World| async move {
    let numbers = five(&world, 0).await;
    tickets::mark_read(&world.ctx("tech2").await, numbers[2]).await.unwrap();
    world.advance(5);
    world.occurrence("tech1", numbers[2], "private", "Once more.").await;
    for name in ["tech1", "tech2", "supervisor", "observer", "requester1", "client0"] {
        let ctx = world.ctx(name).await;
        let seen = tickets::of_page(&ctx, &numbers, false).await.unwrap();
        let mut whole = Vec::new();
        for number in &numbers {
            if let Ok(ticket) = tickets::detail(&ctx, *number).await {
                whole.push(as_listed(ticket));
            }
        }
        assert_eq!(seen, whole, "{name}");
        assert!(!seen.is_empty(), "{name}");
    }
    let tech2 = tickets::of_page(&world.ctx("tech2").await, &numbers, false).await.unwrap();
    assert_eq!(tech2[2].unread, 1, "since his visit");
    assert_eq!(tech2[0].category_path.as_deref(), Some("Network > VPN 0"));
    assert_eq!(tech2[0].routing_group.as_ref().map(|group| group.name.as_str()), Some("Network"));
});

both_engines!(t_vis_01_a_page_keeps_its_order_without_what_is_out_of_sight, |world: World| async move {
    let mine = world.ticket().create().await;
    let other = world.ticket().requester("requester2").create().await;
    let trashed = world.ticket().create().await;
    world.command("supervisor", trashed, Command::Delete).await.unwrap();
    let of = async |name: &str, numbers: &[i64]| -> Vec<i64> {
        let page = tickets::of_page(&world.ctx(name).await, numbers, false).await.unwrap();
        page.into_iter().map(|ticket| ticket.number).collect()
    };
    let asked = [trashed, other, 9_999, mine];
    assert_eq!(of("supervisor", &asked).await, [trashed, other, mine]);
    assert_eq!(of("tech1", &asked).await, [other, mine]);
    assert_eq!(of("requester1", &asked).await, [mine]);
    assert!(of("tech1", &[]).await.is_empty());
});

both_engines!(t_vis_04_in_my_requests_an_agent_reads_what_a_requester_reads, |world: World| async move {
    let number = world.ticket().requester("tech2").assignee("tech1").create().await;
    world.advance(1);
    world.occurrence("tech1", number, "private", "Between us.").await;
    world.occurrence("tech1", number, "public", "For you.").await;
    let foreign = world.ticket().create().await;
    let tech2 = world.ctx("tech2").await;
    let page = tickets::of_page(&tech2, &[number, foreign], true).await.unwrap();
    assert_eq!(page.len(), 1, "own requests only");
    assert!(!page[0].agent);
    assert_eq!((page[0].version, page[0].unread), (0, 1));
    let one = tickets::portal_detail(&tech2, number).await.unwrap();
    assert!(one.actions.contains(&"occurrence".to_owned()) && !one.actions.contains(&"assign".to_owned()));
    assert_eq!(one.description_text, "The printer on the second floor is jammed.");
    assert_eq!(as_listed(one), page[0]);
    assert_eq!(error(tickets::portal_detail(&tech2, foreign).await), AppError::NotFound);
    assert_eq!(tickets::portal_detail(&tech2, number).await.unwrap().unread, 1, "to look is not to read (T-TIM-07)");
    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    assert_eq!(tickets::portal_detail(&tech2, number).await.unwrap().unread, 0, "setting 298");
});

both_engines!(t_lst_04_a_page_of_50_details_asks_as_often_as_one_of_5, |world: World| async move {
    let (heard, statements) = world.heard();
    let readers: [Ctx; 3] = [heard.ctx("tech1").await, heard.ctx("supervisor").await, heard.ctx("requester1").await];
    let mut numbers = five(&world, 0).await;
    let few = numbers.clone();
    for round in 1..10 {
        numbers.extend(five(&world, round).await);
    }
    for ctx in &readers {
        for portal in [false, true] {
            let (page, of_few) = statements.during(tickets::of_page(ctx, &few, portal)).await;
            let found = page.unwrap().len();
            let (page, of_many) = statements.during(tickets::of_page(ctx, &numbers, portal)).await;
            assert!(page.unwrap().len() >= found);
            assert_eq!(of_few.len(), of_many.len(), "{} {portal}: {of_many:#?}", ctx.actor.user.name);
        }
    }
});

async fn unread(world: &World, name: &str, number: i64) -> u32 {
    tickets::detail(&world.ctx(name).await, number).await.unwrap().unread
}

both_engines!(t_tim_07_a_ticket_is_read_up_to_an_entry_and_never_back, |world: World| async move {
    let number = world.ticket().create().await;
    let mut entries = Vec::new();
    for text in ["One.", "Two.", "Three."] {
        world.advance(10);
        entries.push(world.occurrence("tech1", number, "public", text).await);
    }
    let requester1 = world.ctx("requester1").await;
    assert_eq!(unread(&world, "requester1", number).await, 3);
    tickets::mark_read_until(&requester1, number, Some(entries[1]), "").await.unwrap();
    assert_eq!(unread(&world, "requester1", number).await, 1);
    tickets::mark_read_until(&requester1, number, Some(entries[0]), "").await.unwrap();
    assert_eq!(unread(&world, "requester1", number).await, 1, "what was read stays read");
    tickets::mark_read_until(&requester1, number, None, "").await.unwrap();
    assert_eq!(unread(&world, "requester1", number).await, 0);
    assert_eq!(unread(&world, "tech2", number).await, 0, "T-TIM-07: an agent counts from his first visit on");
    world.assert_sound().await;
});

both_engines!(t_tim_07_only_what_the_reader_sees_of_the_ticket_can_be_named, |world: World| async move {
    let number = world.ticket().create().await;
    let other = world.ticket().create().await;
    let hidden = world.occurrence("tech1", number, "private", "Between us.").await;
    let shown = world.occurrence("tech1", number, "public", "For you.").await;
    let elsewhere = world.occurrence("tech1", other, "public", "Another ticket.").await;
    let requester1 = world.ctx("requester1").await;
    for entry in [hidden, elsewhere, Uuid::nil()] {
        let answer = tickets::mark_read_until(&requester1, number, Some(entry), "").await;
        assert_eq!(field(answer, "until"), Some(Code::UnknownReference));
    }
    tickets::mark_read_until(&world.ctx("tech2").await, number, Some(hidden), "").await.unwrap();
    let foreign = tickets::mark_read_until(&world.ctx("requester2").await, number, Some(shown), "").await;
    assert_eq!(error(foreign), AppError::NotFound);
    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    let answer = tickets::mark_read_until(&requester1, number, Some(shown), "").await;
    assert_eq!(field(answer, "until"), Some(Code::UnknownReference), "setting 298");
});

both_engines!(a_idm_01_a_repeated_mark_reads_nothing_that_came_later, |world: World| async move {
    let number = world.ticket().create().await;
    world.advance(10);
    service::occurrences::add(&world.ctx("requester1").await, note(number, "Hello?")).await.unwrap();
    let tech1 = world.ctx("tech1").await;
    tickets::mark_read_until(&tech1, number, None, "k1").await.unwrap();
    assert_eq!(unread(&world, "tech1", number).await, 0);
    world.advance(10);
    service::occurrences::add(&world.ctx("requester1").await, note(number, "Anybody?")).await.unwrap();
    tickets::mark_read_until(&tech1, number, None, "k1").await.unwrap();
    assert_eq!(unread(&world, "tech1", number).await, 1, "the twin of a mark marks nothing");
    tickets::mark_read_until(&tech1, number, None, "k2").await.unwrap();
    assert_eq!(unread(&world, "tech1", number).await, 0);
});
