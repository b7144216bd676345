//! Deadlines at risk and passed are told to who has the work: each date once, by whichever instance comes first (T-NTF-02, T-CLK-06).

use std::collections::BTreeMap;

use domain::forms::{Command, ListRowPatch, Patch, RunCommand};
use domain::lang::Lang;
use domain::lists::List;
use domain::notification::{Event, Why};
use domain::policy::ShippedRole;
use domain::ticket::Status;
use domain::views::NotificationPreference;
use service::jobs::watch_deadlines;
use service::notifications::{self, NotificationQuery};
use service::settings::{self, NewSettings};
use service::{lists, moments, tickets};
use testing::{Sink, Sql, TicketBuilder, World, both_engines};

use crate::mail::{connected, relay};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const NOTHING: [(Event, Why); 0] = [];

/// The instant so many seconds from now, as forms take it.
fn from_now(world: &World, seconds: i64) -> String {
    moments::moment(world.now() + seconds, moments::zone("UTC")).as_str().to_owned()
}

/// A ticket to be that is to be solved within so many seconds.
fn within(world: &World, seconds: i64) -> TicketBuilder<'_> {
    let due = from_now(world, seconds);
    world.ticket().with(|form| form.due_resolve_at = due)
}

async fn look(world: &World) -> usize {
    watch_deadlines(&world.services).await.unwrap()
}

/// What somebody was told of the deadlines of a ticket, newest first.
async fn told(world: &World, name: &str, number: i64) -> Vec<(Event, Why)> {
    let page = notifications::list(&world.ctx(name).await, NotificationQuery::default()).await.unwrap();
    let is_due = |event: Event| matches!(event, Event::DueAtRisk | Event::Overdue);
    let about = page.items.iter().filter(|told| told.ticket == number && is_due(told.event));
    about.map(|told| (told.event, told.why)).collect()
}

/// Another time to resolve, so many seconds from now.
async fn move_due(world: &World, number: i64, seconds: i64) {
    let form = RunCommand {
        number,
        command: Command::ChangeSla,
        reason: "Agreed.".to_owned(),
        due_resolve_at: from_now(world, seconds),
        ..RunCommand::default()
    };
    tickets::run(&world.ctx("supervisor").await, form).await.unwrap();
}

async fn prefer(world: &World, name: &str, event: Event, app: bool, mail: bool) {
    let wanted = vec![NotificationPreference { event, app, mail }];
    notifications::save_preferences(&world.ctx(name).await, wanted).await.unwrap();
}

both_engines!(t_ntf_02_a_deadline_is_told_once_at_risk_and_once_when_it_has_passed, |world: World| async move {
    let ticket = within(&world, 10 * HOUR).assignee("tech1").assigned_group(world.network).observer("requester2");
    let number = ticket.create().await;
    let quiet = world.ticket().assignee("tech1").create().await;
    assert_eq!((look(&world).await, look(&world).await), (1, 0), "the first look says when to look next");
    world.advance(8 * HOUR - 1);
    assert_eq!((look(&world).await, told(&world, "tech1", number).await), (0, NOTHING.to_vec()));
    world.advance(1);
    assert_eq!((look(&world).await, look(&world).await), (1, 0));
    assert_eq!(told(&world, "tech1", number).await, [(Event::DueAtRisk, Why::Assignee)]);
    assert_eq!(told(&world, "tech2", number).await, [(Event::DueAtRisk, Why::AssignedGroup)]);
    world.advance(2 * HOUR);
    assert_eq!(look(&world).await, 0, "it can be kept for one second more");
    world.advance(1);
    assert_eq!((look(&world).await, look(&world).await), (1, 0));
    world.advance(30 * DAY);
    assert_eq!(look(&world).await, 0);
    let both = [Event::Overdue, Event::DueAtRisk];
    assert_eq!(told(&world, "tech1", number).await, both.map(|event| (event, Why::Assignee)));
    assert_eq!(told(&world, "tech2", number).await, both.map(|event| (event, Why::AssignedGroup)));
    for other in ["requester1", "requester2", "supervisor"] {
        assert_eq!(told(&world, other, number).await, NOTHING, "{other}");
    }
    assert_eq!(told(&world, "tech1", quiet).await, NOTHING);
    world.assert_sound().await;
});

both_engines!(t_ntf_02_an_instance_that_was_away_tells_that_it_has_passed_and_no_more, |world: World| async move {
    let number = within(&world, HOUR).assignee("tech1").create().await;
    world.advance(2 * HOUR);
    assert_eq!((look(&world).await, look(&world).await), (1, 0));
    assert_eq!(told(&world, "tech1", number).await, [(Event::Overdue, Why::Assignee)]);
});

both_engines!(t_ntf_02_a_due_date_that_moves_is_told_again, |world: World| async move {
    let number = within(&world, 10 * HOUR).assignee("tech1").create().await;
    world.advance(9 * HOUR);
    look(&world).await;
    move_due(&world, number, 11 * HOUR).await;
    assert_eq!((look(&world).await, told(&world, "tech1", number).await.len()), (1, 1), "there is time again");
    // 80 % of 20 hours.
    world.advance(7 * HOUR);
    look(&world).await;
    assert_eq!(told(&world, "tech1", number).await.len(), 2);
    world.advance(5 * HOUR);
    look(&world).await;
    assert_eq!(told(&world, "tech1", number).await.len(), 3, "it has passed");
    // Back to the first date, which was told at risk and had not passed then.
    move_due(&world, number, -11 * HOUR).await;
    assert_eq!((look(&world).await, look(&world).await), (1, 0));
    let expected = [Event::Overdue, Event::Overdue, Event::DueAtRisk, Event::DueAtRisk];
    assert_eq!(told(&world, "tech1", number).await, expected.map(|event| (event, Why::Assignee)));
});

both_engines!(t_ntf_02_a_deadline_that_stands_still_is_told_when_its_clock_runs_again, |world: World| async move {
    let number = within(&world, 10 * HOUR).assignee("tech1").create().await;
    world.command("tech1", number, Command::Suspend).await.unwrap();
    for hours in [9, 11] {
        world.advance(hours * HOUR);
        look(&world).await;
        assert_eq!((look(&world).await, told(&world, "tech1", number).await), (0, NOTHING.to_vec()));
    }
    // After 20 hours ten are left: 80 % of thirty are used after four more.
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    assert_eq!((look(&world).await, told(&world, "tech1", number).await), (1, NOTHING.to_vec()));
    world.advance(4 * HOUR);
    assert_eq!(look(&world).await, 1);
    assert_eq!(told(&world, "tech1", number).await, [(Event::DueAtRisk, Why::Assignee)]);
    world.advance(6 * HOUR + 1);
    look(&world).await;
    assert_eq!(told(&world, "tech1", number).await[0], (Event::Overdue, Why::Assignee));
    // What had passed before the pause has not moved.
    world.command("tech1", number, Command::Suspend).await.unwrap();
    world.advance(HOUR);
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    assert_eq!((look(&world).await, told(&world, "tech1", number).await.len()), (1, 2));
    world.assert_sound().await;
});

both_engines!(t_ntf_02_what_is_solved_over_or_in_the_trash_is_late_for_nobody, |world: World| async move {
    let mut over = Vec::new();
    for status in [Status::Solved, Status::Closed, Status::Cancelled] {
        let due = from_now(&world, HOUR);
        // Nobody took it into account: its time to own has passed, too.
        let ticket = within(&world, 10 * HOUR).assigned_group(world.network).with(|form| form.due_own_at = due);
        let number = ticket.create().await;
        world.put_status(number, status).await;
        over.push(number);
    }
    let trash = within(&world, 10 * HOUR).assignee("tech1").create().await;
    world.command("supervisor", trash, Command::Delete).await.unwrap();
    world.advance(11 * HOUR);
    assert_eq!((look(&world).await, look(&world).await), (3, 0));
    for number in over {
        assert_eq!(told(&world, "tech2", number).await, NOTHING, "{number}");
    }
    assert_eq!(world.count("notification WHERE event IN ('due_at_risk', 'overdue')").await, 0);
    world.command("supervisor", trash, Command::Restore).await.unwrap();
    assert_eq!(look(&world).await, 1);
    assert_eq!(told(&world, "tech1", trash).await, [(Event::Overdue, Why::Assignee)]);
    world.command("admin", trash, Command::Delete).await.unwrap();
    let confirm = trash.to_string();
    let purge = RunCommand { number: trash, command: Command::Purge, confirm, ..RunCommand::default() };
    tickets::run(&world.ctx("admin").await, purge).await.unwrap();
    assert_eq!(world.count("due_watch").await, 3, "a watch goes with its ticket");
});

both_engines!(t_ntf_02_the_time_to_own_ends_when_somebody_takes_the_ticket, |world: World| async move {
    let due = from_now(&world, 5 * HOUR);
    let own = || world.ticket().assigned_group(world.network).with(|form| form.due_own_at.clone_from(&due));
    let (taken, left) = (own().create().await, own().create().await);
    world.advance(4 * HOUR);
    assert_eq!(look(&world).await, 2);
    world.command("tech1", taken, Command::Take).await.unwrap();
    world.advance(2 * HOUR);
    assert_eq!((look(&world).await, look(&world).await), (2, 0));
    assert_eq!(told(&world, "tech2", taken).await, [(Event::DueAtRisk, Why::AssignedGroup)]);
    let both = [Event::Overdue, Event::DueAtRisk].map(|event| (event, Why::AssignedGroup));
    assert_eq!(told(&world, "tech2", left).await, both);
    // Both dates at once are told as one.
    let ticket = within(&world, 10 * HOUR).assigned_group(world.network);
    let own = from_now(&world, 9 * HOUR);
    let number = ticket.with(|form| form.due_own_at = own).create().await;
    world.advance(8 * HOUR);
    look(&world).await;
    assert_eq!(told(&world, "tech2", number).await, [(Event::DueAtRisk, Why::AssignedGroup)]);
});

both_engines!(t_ntf_02_only_agents_who_may_see_the_ticket_are_told_of_its_deadlines, |world: World| async move {
    world.hire("ghost", ShippedRole::Technician, world.brasil).await;
    let team = world.group("Mixed", &["tech2", "requester1", "requester2"]).await;
    let number = within(&world, HOUR).assignee("ghost").assigned_group(team).create().await;
    let mut sql = Sql::new("DELETE FROM assignment WHERE user_id = ");
    sql.bind(world.person("ghost").await.id);
    world.run(&sql).await;
    world.advance(2 * HOUR);
    assert_eq!(look(&world).await, 1);
    assert_eq!(told(&world, "tech2", number).await, [(Event::Overdue, Why::AssignedGroup)]);
    assert_eq!(
        world.count("notification WHERE event = 'overdue'").await,
        1,
        "neither the requester nor who sees nothing"
    );
});

both_engines!(t_ntf_03_a_kind_of_deadline_can_be_switched_off, |world: World| async move {
    let number = within(&world, 10 * HOUR).assignee("tech1").assigned_group(world.network).create().await;
    prefer(&world, "tech1", Event::DueAtRisk, false, false).await;
    prefer(&world, "tech2", Event::Overdue, false, false).await;
    for hours in [9, 2] {
        world.advance(hours * HOUR);
        look(&world).await;
    }
    assert_eq!(told(&world, "tech1", number).await, [(Event::Overdue, Why::Assignee)]);
    assert_eq!(told(&world, "tech2", number).await, [(Event::DueAtRisk, Why::AssignedGroup)]);
});

both_engines!(m_out_05_a_deadline_is_mailed_to_who_wants_it, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = within(&world, 10 * HOUR).assignee("tech1").assigned_group(world.network).create().await;
    prefer(&world, "tech1", Event::Overdue, true, true).await;
    for hours in [9, 2] {
        world.advance(hours * HOUR);
        look(&world).await;
        relay(&world.services).await;
    }
    let mails = sink.mails();
    assert_eq!(mails.len(), 1, "off for who chose nothing (M-OUT-08)");
    assert_eq!(mails[0].to, [world.person("tech1").await.email]);
    let text = mails[0].text();
    for said in ["A deadline of #{} has passed.", "Why you got this: #{} is assigned to you.", "/tickets/{}"] {
        assert!(text.contains(&said.replace("{}", &number.to_string())), "{text}");
    }
});

both_engines!(t_clk_11_instances_that_look_at_once_tell_of_a_deadline_once, |world: World| async move {
    let number = within(&world, HOUR).assignee("tech1").create().await;
    world.advance(2 * HOUR);
    let (one, other) = (world.services.clone(), world.services.clone());
    let (first, second, third) = tokio::join!(watch_deadlines(&one), watch_deadlines(&other), watch_deadlines(&one));
    for looked in [first, second, third] {
        looked.unwrap();
    }
    assert_eq!(told(&world, "tech1", number).await, [(Event::Overdue, Why::Assignee)]);
});

both_engines!(t_clk_06_a_deadline_is_at_risk_by_the_working_time_that_counts_now, |world: World| async move {
    let number = within(&world, DAY).assignee("tech1").create().await;
    assert_eq!(look(&world).await, 1);
    let office = ListRowPatch {
        names: BTreeMap::from([(Lang::En, Patch::Set("Office".to_owned()))]),
        week: Patch::Set(vec!["08:00-17:00".to_owned(); 5]),
        ..ListRowPatch::default()
    };
    let supervisor = world.ctx("supervisor").await;
    let office = lists::create(&supervisor, List::Calendars, &world.root.to_string(), office, "").await.unwrap();
    let values = BTreeMap::from([("working_calendar".to_owned(), Some(office.to_string()))]);
    let new = NewSettings { values, ..NewSettings::default() };
    settings::save(&world.ctx("admin").await, &world.root.to_string(), new).await.unwrap();
    assert_eq!(look(&world).await, 1, "it is looked at anew");
    // Thursday at 10 in Brasil, due on Friday at 10: nine working hours, 7 h 12 of which are used on Friday at 08:12.
    world.advance(22 * HOUR + 11 * MINUTE);
    assert_eq!((look(&world).await, told(&world, "tech1", number).await), (0, NOTHING.to_vec()));
    world.advance(MINUTE);
    assert_eq!(look(&world).await, 1);
    assert_eq!(told(&world, "tech1", number).await, [(Event::DueAtRisk, Why::Assignee)]);
});
