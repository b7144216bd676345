//! Notifications in the product: who is told of what, once, and never of what he may not see (T-NTF).

use domain::error::{AppError, Code};
use domain::forms::{
    Command, ListRowPatch, OccurrencePatch, Patch, RemoveOccurrence, RunCommand, SaveNotificationPreferences,
    SendMessage,
};
use domain::lang::Lang;
use domain::lists::List;
use domain::notification::{Event, Why};
use domain::policy::ShippedRole;
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{NotificationPreference, NotificationView};
use service::notifications::{self, NotificationQuery, Read};
use service::{events, lists, messages, occurrences, people, tickets};
use testing::{World, both_engines, error, field};
use uuid::Uuid;

/// What somebody was told of, newest first.
async fn told(world: &World, name: &str) -> Vec<NotificationView> {
    notifications::list(&world.ctx(name).await, NotificationQuery::default()).await.unwrap().items
}

/// The same in short, about one ticket.
async fn about(world: &World, name: &str, number: i64) -> Vec<(Event, Why)> {
    let all = told(world, name).await;
    all.iter().filter(|told| told.ticket == number).map(|told| (told.event, told.why)).collect()
}

async fn unread(world: &World, name: &str) -> u32 {
    notifications::unread(&world.ctx(name).await, 0).await.unwrap()
}

async fn run(world: &World, name: &str, form: RunCommand) {
    tickets::run(&world.ctx(name).await, form).await.unwrap();
}

fn reopen(number: i64) -> RunCommand {
    RunCommand { number, command: Command::Reopen, reason: "It is back.".into(), ..RunCommand::default() }
}

const NOTHING: [(Event, Why); 0] = [];

both_engines!(t_ntf_02_a_new_ticket_is_told_to_both_sides_and_not_to_its_writer, |world: World| async move {
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    assert_eq!(about(&world, "requester1", number).await, [(Event::Registered, Why::Requester)]);
    assert_eq!(about(&world, "requester2", number).await, [(Event::Registered, Why::Observer)]);
    assert_eq!(about(&world, "tech1", number).await, [(Event::Assigned, Why::Assignee)]);
    assert_eq!(about(&world, "supervisor", number).await, NOTHING);
    let own = world.ticket().by("tech1").requester("tech1").assignee("tech1").create().await;
    assert_eq!(about(&world, "tech1", own).await, NOTHING, "his own act is quiet");
    world.assert_sound().await;
});

both_engines!(t_ntf_02_new_work_is_told_to_who_gets_it, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let network = format!("group:{}", world.network);
    let add = RunCommand { number, command: Command::Assign, add: vec![network], ..RunCommand::default() };
    run(&world, "supervisor", add).await;
    assert_eq!(about(&world, "tech2", number).await, [(Event::Assigned, Why::AssignedGroup)]);
    assert_eq!(about(&world, "tech1", number).await.len(), 1, "he had it before");
    let to = world.user("supervisor").await;
    run(&world, "tech1", RunCommand { number, command: Command::Delegate, to, ..RunCommand::default() }).await;
    assert_eq!(about(&world, "supervisor", number).await, [(Event::Delegated, Why::Assignee)]);
    let free = world.ticket().create().await;
    world.command("tech1", free, Command::Take).await.unwrap();
    assert_eq!(about(&world, "tech1", free).await, NOTHING, "who takes it knows");
});

both_engines!(t_ntf_02_notes_are_told_to_the_other_side, |world: World| async move {
    let number =
        world.ticket().requester("requester1").requester("requester2").assigned_group(world.network).create().await;
    let id = world.occurrence("requester1", number, "", "Still jammed.").await;
    let of_team = told(&world, "tech2").await;
    assert_eq!((of_team[0].event, of_team[0].why), (Event::RequesterOccurrence, Why::AssignedGroup));
    assert_eq!(of_team[0].entry, Some(("occurrence".to_owned(), id)));
    assert_eq!(of_team[0].path(), format!("/tickets/{number}?around=occurrence-{id}#occurrence-{id}"));
    assert_eq!(about(&world, "requester2", number).await[0], (Event::PublicOccurrence, Why::Requester));
    assert_eq!(about(&world, "requester1", number).await, [(Event::Registered, Why::Requester)]);
    world.occurrence("tech2", number, "public", "We look at it.").await;
    let of_asker = told(&world, "requester1").await;
    assert_eq!((of_asker[0].event, of_asker[0].agent), (Event::PublicOccurrence, false));
    assert!(of_asker[0].path().starts_with("/requests/") && of_asker[0].author.id.is_none(), "{of_asker:?}");
    assert_eq!(about(&world, "tech2", number).await.len(), 2);
});

both_engines!(t_ntf_02_a_message_is_told_to_the_other_side_until_it_is_withdrawn, |world: World| async move {
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    let said = |text: &str| SendMessage { ticket: number, text: text.into(), ..SendMessage::default() };
    let id = messages::send(&tech1, said("Which floor?")).await.unwrap();
    let of_asker = told(&world, "requester1").await;
    assert_eq!((of_asker[0].event, of_asker[0].why), (Event::Message, Why::Requester));
    assert_eq!(of_asker[0].path(), format!("/requests/{number}?around=message-{id}#message-{id}"));
    assert_eq!(about(&world, "requester2", number).await, [(Event::Registered, Why::Observer)]);
    assert_eq!(about(&world, "tech1", number).await, [(Event::Assigned, Why::Assignee)]);
    messages::withdraw(&tech1, id, None).await.unwrap();
    assert_eq!(about(&world, "requester1", number).await, [(Event::Registered, Why::Requester)]);
    assert_eq!(unread(&world, "requester1").await, 1);

    messages::send(&requester1, said("Are you coming?")).await.unwrap();
    assert_eq!(about(&world, "tech1", number).await[0], (Event::Message, Why::Assignee));
    assert_eq!(unread(&world, "tech1").await, 2);
    messages::read(&tech1, number, None, "").await.unwrap();
    assert_eq!(unread(&world, "tech1").await, 1, "who has read it has read what told him of it");
    world.set(Key::MessagesAlertResponsible, world.root, "false").await;
    messages::send(&requester1, said("Hello?")).await.unwrap();
    assert_eq!(about(&world, "tech1", number).await.len(), 2, "setting 300");
    messages::send(&tech1, said("At ten.")).await.unwrap();
    assert_eq!(about(&world, "requester1", number).await[0], (Event::Message, Why::Requester), "the other way always");
});

both_engines!(t_rol_07_who_takes_such_tickets_is_told_while_nobody_is_assigned, |world: World| async move {
    world.set(Key::TicketDefaultGroup, world.root, &world.network.to_string()).await;
    let number = world.ticket().create().await;
    world.occurrence("requester1", number, "", "Is anybody there?").await;
    assert_eq!(about(&world, "tech2", number).await, [(Event::RequesterOccurrence, Why::RoutingGroup)]);
    world.command("tech1", number, Command::Take).await.unwrap();
    world.occurrence("requester1", number, "", "Thank you.").await;
    assert_eq!(about(&world, "tech2", number).await.len(), 1, "now somebody has it");
    assert_eq!(about(&world, "tech1", number).await, [(Event::RequesterOccurrence, Why::Assignee)]);
});

both_engines!(t_ntf_02_steps_of_the_ticket_are_told, |world: World| async move {
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    world.command("tech1", number, Command::Suspend).await.unwrap();
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    world.put_status(number, Status::Solved).await;
    world.command("supervisor", number, Command::Close).await.unwrap();
    run(&world, "requester1", reopen(number)).await;
    world.command("supervisor", number, Command::Cancel).await.unwrap();
    let requester = [Event::Cancelled, Event::Closed, Event::Pending, Event::Registered];
    assert_eq!(about(&world, "requester1", number).await, requester.map(|event| (event, Why::Requester)));
    let observer = [Event::Cancelled, Event::Reopened, Event::Closed, Event::Pending, Event::Registered];
    assert_eq!(about(&world, "requester2", number).await, observer.map(|event| (event, Why::Observer)));
    let assignee = [Event::Reopened, Event::Assigned];
    assert_eq!(about(&world, "tech1", number).await, assignee.map(|event| (event, Why::Assignee)));
});

both_engines!(t_ntf_02_a_ticket_on_hold_is_told_with_the_public_label_of_why, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let names = [(Lang::En, Patch::Set("Supplier does not answer".to_owned()))].into_iter().collect();
    let labels = [(Lang::En, Patch::Set("Waiting for a part".to_owned()))].into_iter().collect();
    let row = ListRowPatch { names, labels, ..ListRowPatch::default() };
    let supervisor = world.ctx("supervisor").await;
    let why = lists::create(&supervisor, List::PendingReasons, &world.root.to_string(), row, "").await.unwrap();
    let hold = RunCommand {
        number,
        command: Command::Suspend,
        pending_reason: why.to_string(),
        text: "Canaryreason.".into(),
        ..RunCommand::default()
    };
    run(&world, "tech1", hold).await;
    let labels = async || {
        let all = told(&world, "requester1").await;
        let of_hold = all.iter().filter(|told| told.event == Event::Pending);
        of_hold.map(|told| told.label.clone()).collect::<Vec<String>>()
    };
    assert_eq!(labels().await, ["Waiting for a part"], "neither the name of the reason nor the text that agents keep");
    world.advance(60);
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    assert_eq!(labels().await, [""], "it waits no more");
    world.advance(60);
    world.command("tech1", number, Command::Suspend).await.unwrap();
    assert_eq!(labels().await, ["Waiting", ""], "without a reason it simply waits; the first time is over");
});

both_engines!(t_ntf_01_who_has_two_roles_is_told_once, |world: World| async move {
    let team = world.group("Both", &["tech1"]).await;
    let requester = vec![world.user("tech1").await, format!("group:{team}")];
    let ticket = world.ticket().with(|form| form.requesters = requester).assignee("tech1").assigned_group(team);
    let number = ticket.create().await;
    world.put_status(number, Status::Solved).await;
    run(&world, "tech2", reopen(number)).await;
    let reopened: Vec<(Event, Why)> =
        about(&world, "tech1", number).await.into_iter().filter(|(event, _)| *event == Event::Reopened).collect();
    assert_eq!(reopened, [(Event::Reopened, Why::Assignee)]);
    assert_eq!(about(&world, "tech2", number).await, NOTHING, "his own act is quiet");
});

both_engines!(
    t_ntf_01_a_private_entry_tells_nobody_and_one_that_turns_private_falls_silent,
    |world: World| async move {
        let number = world.ticket().assignee("tech1").create().await;
        let before = (world.count("notification").await, world.count("event WHERE kind = 'notification'").await);
        let id = world.occurrence("tech1", number, "private", "Between us.").await;
        world.occurrence("tech2", number, "private", "Yes.").await;
        assert_eq!((world.count("notification").await, world.count("event WHERE kind = 'notification'").await), before);

        let turn = async |to: &str| {
            let patch = OccurrencePatch { visibility: Patch::Set(to.into()), ..OccurrencePatch::default() };
            occurrences::edit(&world.ctx("tech1").await, id, patch).await.unwrap();
        };
        let seen = async || (about(&world, "requester1", number).await.len(), unread(&world, "requester1").await);
        turn("public").await;
        assert_eq!(seen().await, (2, 2));
        turn("private").await;
        assert_eq!(seen().await, (1, 1));
        turn("public").await;
        assert_eq!(seen().await, (2, 2), "once per entry");
        let gone = RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() };
        occurrences::remove(&world.ctx("tech1").await, gone).await.unwrap();
        assert_eq!(seen().await, (1, 1));
    }
);

both_engines!(t_ntf_01_what_is_out_of_sight_is_told_no_more, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = told(&world, "requester1").await[0].id;
    world.command("supervisor", number, Command::Delete).await.unwrap();
    assert_eq!((about(&world, "requester1", number).await.len(), unread(&world, "requester1").await), (0, 0));
    assert_eq!(error(notifications::open(&world.ctx("requester1").await, id).await), AppError::NotFound);
    world.command("supervisor", number, Command::Restore).await.unwrap();
    assert_eq!(unread(&world, "requester1").await, 1);
    let foreign = notifications::open(&world.ctx("requester2").await, id).await;
    assert_eq!(error(foreign), AppError::NotFound, "one's own only");
    notifications::read(&world.ctx("requester2").await, Read::Ids(vec![id]), "").await.unwrap();
    assert_eq!(unread(&world, "requester1").await, 1, "nobody reads for somebody else");
});

both_engines!(p_his_02_the_portal_tells_of_no_entry_that_it_does_not_show, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "We look at it.").await;
    assert_eq!(about(&world, "requester1", number).await.len(), 2);
    world.set(Key::PortalShowOccurrences, world.root, "false").await;
    assert_eq!(about(&world, "requester1", number).await, [(Event::Registered, Why::Requester)]);
    let rows = world.count("notification").await;
    world.occurrence("tech1", number, "public", "Done soon.").await;
    assert_eq!(world.count("notification").await, rows);
});

both_engines!(t_vis_01_nobody_without_sight_is_told, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    // An observer without any role sees nothing.
    world.hire("ghost", ShippedRole::Requester, world.brasil).await;
    let other = world.ticket().observer("ghost").create().await;
    assert_eq!(about(&world, "ghost", other).await.len(), 1);
    let mut sql = testing::Sql::new("DELETE FROM assignment WHERE user_id = ");
    sql.bind(world.person("ghost").await.id);
    world.run(&sql).await;
    let rows = world.count("notification").await;
    world.occurrence("supervisor", other, "public", "Hello.").await;
    assert_eq!(world.count("notification").await, rows + 1, "requester1 alone");
    assert_eq!(about(&world, "ghost", other).await, NOTHING);
    world.disable("requester1").await;
    world.occurrence("supervisor", number, "public", "Hello.").await;
    assert_eq!(world.count("notification").await, rows + 1, "a disabled account is told nothing");
});

both_engines!(t_ntf_03_what_was_switched_off_is_not_told, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let requester1 = world.ctx("requester1").await;
    let off = |event: Event| vec![NotificationPreference { event, app: false, mail: true }];
    notifications::save_preferences(&requester1, off(Event::PublicOccurrence)).await.unwrap();
    world.occurrence("tech1", number, "public", "We look at it.").await;
    assert_eq!(about(&world, "requester1", number).await.len(), 1);
    let stored = notifications::preferences(&requester1).await.unwrap();
    assert_eq!(stored.len(), Event::ALL.len());
    assert!(stored.contains(&off(Event::PublicOccurrence)[0]), "{stored:?}");

    let tech1 = world.ctx("tech1").await;
    let refused = notifications::save_preferences(&tech1, off(Event::Assigned)).await;
    assert_eq!(field(refused, "items[0].app"), Some(Code::NotAllowed), "new work cannot be switched off");
    let shown = SaveNotificationPreferences {
        shown: vec!["assigned".into(), "closed".into(), String::new()],
        ..SaveNotificationPreferences::default()
    };
    notifications::save_form(&tech1, shown).await.unwrap();
    let app = |event: Event| {
        let tech1 = &tech1;
        async move { notifications::preferences(tech1).await.unwrap().iter().any(|one| one.event == event && one.app) }
    };
    assert_eq!((app(Event::Assigned).await, app(Event::Closed).await, app(Event::Reopened).await), (true, false, true));
    let wrong = SaveNotificationPreferences { shown: vec!["lunch".into()], ..SaveNotificationPreferences::default() };
    assert_eq!(field(notifications::save_form(&tech1, wrong).await, "shown"), Some(Code::Invalid));
});

both_engines!(t_ntf_01_notifications_are_read_one_by_one_up_to_one_and_with_their_ticket, |world: World| async move {
    for _ticket in 0..4 {
        world.ticket().create().await;
        world.advance(1);
    }
    let requester1 = world.ctx("requester1").await;
    let all = told(&world, "requester1").await;
    assert_eq!((all.len(), unread(&world, "requester1").await), (4, 4));
    assert_eq!(people::me(&requester1).await.unwrap().unread.notifications, 4);

    let path = notifications::open(&requester1, all[0].id).await.unwrap();
    assert_eq!((path, unread(&world, "requester1").await), (all[0].path(), 3));
    tickets::mark_read(&requester1, all[1].ticket).await.unwrap();
    assert_eq!(unread(&world, "requester1").await, 2, "who opened the ticket has read what it told him");
    assert_eq!(notifications::unread(&requester1, all[2].ticket).await.unwrap(), 1, "its page is being opened");
    notifications::read(&requester1, Read::Until(all[2].id), "k").await.unwrap();
    notifications::read(&requester1, Read::Until(all[2].id), "k").await.unwrap();
    assert_eq!(unread(&world, "requester1").await, 0);
    let refused = notifications::read(&requester1, Read::Ids(vec![Uuid::nil(); 201]), "").await;
    assert_eq!(field(refused, "ids"), Some(Code::TooMany));
});

both_engines!(a_lst_01_notifications_are_read_page_by_page, |world: World| async move {
    for _ticket in 0..5 {
        world.ticket().create().await;
    }
    let requester1 = world.ctx("requester1").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = NotificationQuery { limit: 2, count: true, cursor, ..NotificationQuery::default() };
        let page = notifications::list(&requester1, query).await.unwrap();
        assert_eq!(page.count.map(|count| (count.value, count.exact)), Some((5, true)));
        seen.extend(page.items.iter().map(|told| told.id));
        match page.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    let all: Vec<Uuid> = told(&world, "requester1").await.iter().map(|told| told.id).collect();
    assert_eq!(seen, all);
    let first = NotificationQuery { limit: 2, ..NotificationQuery::default() };
    let other = notifications::list(&requester1, first).await.unwrap().next_cursor.unwrap();
    let wrong = NotificationQuery { unread: true, cursor: other, ..NotificationQuery::default() };
    assert_eq!(field(notifications::list(&requester1, wrong).await, "cursor"), Some(Code::Invalid));
});

both_engines!(t_vis_07_only_the_person_himself_hears_that_he_was_told, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let position = world.settled_events().await;
    world.occurrence("requester1", number, "", "Still jammed.").await;
    world.settled_events().await;
    let changes = events::after(world.db(), position).await.unwrap();
    let change = changes.iter().find(|change| change.kind == "notification").expect("tech1 is told");
    assert_eq!((change.audience.as_str(), change.author_id), ("person", Some(world.person("tech1").await.id)));
    let heard = async |name: &str| events::heard(&world.ctx(name).await, change).await.unwrap();
    let own = heard("tech1").await.expect("he hears of it");
    assert_eq!((own.what.as_str(), own.version), ("created", None));
    for other in ["requester1", "supervisor", "tech2", "admin"] {
        assert_eq!(heard(other).await, None, "{other}");
    }
});
