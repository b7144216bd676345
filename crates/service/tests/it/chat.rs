//! The chat of a ticket (T-CHT): saying, reading, ending, who is here, the panel, the tab of the history.

use domain::error::{AppError, Code};
use domain::forms::{Command, EndChat, SendChat};
use domain::message::Off;
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{ListQuery, TimelineQuery};
use service::chat::{self, ChatQuery, Part, Sign, Signs};
use service::history::HistoryQuery;
use service::jobs::tend_chats;
use service::notifications::{self, NotificationQuery};
use service::{ServiceError, drafts, events, history, requests, search, tickets};
use testing::{World, both_engines, disabled, error, field, forbidden, refused};
use uuid::Uuid;

fn line(ticket: i64, text: &str) -> SendChat {
    SendChat { ticket, text: text.to_owned(), ..SendChat::default() }
}

async fn try_say(world: &World, who: &str, form: SendChat) -> Result<Uuid, ServiceError> {
    chat::send(&world.ctx(who).await, form).await
}

async fn say(world: &World, who: &str, number: i64, text: &str) -> Uuid {
    try_say(world, who, line(number, text)).await.unwrap_or_else(|error| panic!("{who} could not say it: {error:?}"))
}

/// A ticket of requester1 with tech1, where the chat is switched on.
async fn ticket(world: &World) -> i64 {
    world.set(Key::ChatEnabled, world.root, "true").await;
    world.ticket().assignee("tech1").create().await
}

async fn texts(world: &World, who: &str, number: i64, query: ChatQuery) -> Vec<String> {
    let page = chat::list(&world.ctx(who).await, number, query).await.unwrap();
    page.items.into_iter().map(|line| line.text).collect()
}

async fn kinds(world: &World, number: i64) -> Vec<String> {
    let rows = history::list(&world.ctx("tech1").await, number, HistoryQuery::default()).await.unwrap().items;
    rows.into_iter().map(|row| row.event.kind).filter(|kind| kind.starts_with("chat")).collect()
}

both_engines!(t_cht_01_both_sides_speak_in_the_order_of_saving, |world: World| async move {
    let number = ticket(&world).await;
    let before = world.row(number).await;
    let first = say(&world, "requester1", number, "  Is it <b>you</b>?\r\nSee https://example.org/a  ").await;
    say(&world, "tech1", number, "It is.").await;
    let told = chat::get(&world.ctx("tech1").await, first).await.unwrap();
    assert_eq!((told.side.as_str(), told.number, told.mine, told.unread), ("requester", 1, false, true));
    assert!(
        told.html.as_str().contains("&lt;b&gt;you") && told.html.as_str().contains("href=\"https://example.org/a\"")
    );
    for who in ["tech1", "requester1", "tech2"] {
        let said = texts(&world, who, number, ChatQuery::default()).await;
        assert_eq!(said.last().map(String::as_str), Some("It is."), "{who}");
        let missed = texts(&world, who, number, ChatQuery { after: Some(first), ..ChatQuery::default() }).await;
        assert_eq!(missed, ["It is."], "{who}");
    }
    for text in ["", " \n "] {
        assert_eq!(field(try_say(&world, "tech1", line(number, text)).await, "text"), Some(Code::Required));
    }
    let long = "x".repeat(10_001);
    assert_eq!(field(try_say(&world, "tech1", line(number, &long)).await, "text"), Some(Code::TooLong));
    assert!(forbidden(try_say(&world, "observer", line(number, "May I?")).await).starts_with("occurrence.add"));
    let after = world.row(number).await;
    assert_eq!(before.public_updated_at, after.public_updated_at, "observers see no date move");
    assert_eq!((before.status, before.taken_at), (after.status, after.taken_at));
    world.assert_sound().await;
});

both_engines!(t_cht_01_observers_strangers_and_the_search_know_nothing_of_it, |world: World| async move {
    world.set(Key::ChatEnabled, world.root, "true").await;
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    let position = world.settled_events().await;
    let id = say(&world, "tech1", number, "zebra for the two sides").await;
    let requester2 = world.ctx("requester2").await;
    assert_eq!(error(chat::list(&requester2, number, ChatQuery::default()).await), AppError::NotFound);
    assert_eq!(error(chat::get(&requester2, id).await), AppError::NotFound);
    assert_eq!(error(chat::page(&requester2, number, Part::Latest).await), AppError::NotFound);
    assert_eq!(error(chat::portal_page(&requester2, number, Part::Latest).await), AppError::NotFound);
    assert_eq!(error(chat::send(&requester2, line(number, "x")).await), AppError::NotFound);
    assert_eq!(
        error(chat::end(&requester2, EndChat { ticket: number, ..EndChat::default() }).await),
        AppError::NotFound
    );
    assert_eq!(error(chat::note_typing(&requester2, number, true).await), AppError::NotFound);
    let tab = || HistoryQuery { chat: true, own: true, ..HistoryQuery::default() };
    assert_eq!(error(history::list(&requester2, number, tab()).await), AppError::NotFound);
    let seen = requests::detail(&requester2, number, TimelineQuery::default()).await.unwrap();
    assert_eq!((seen.chat, seen.unread), (None, 0));
    chat::note_presence(&requester2, &[number]).await.unwrap();
    assert_eq!(world.count("chat_presence").await, 0, "who may not see it is not here");
    let found = search::search(&world.ctx("tech1").await, "zebra", &[], None, "", 0).await.unwrap();
    assert!(found.items.is_empty());
    let timeline = tickets::timeline(&world.ctx("tech1").await, number, TimelineQuery::default()).await.unwrap();
    assert!(!serde_json::to_string(&timeline).unwrap().contains("zebra"), "lines stand in the history alone");

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    assert!(told.iter().any(|change| change.kind == "chat" && change.object_id == id), "{told:?}");
    for change in told.iter().filter(|change| change.kind == "chat") {
        assert!(events::heard(&requester2, change).await.unwrap().is_none(), "{change:?}");
        assert!(events::heard(&world.ctx("requester1").await, change).await.unwrap().is_some());
    }
});

both_engines!(t_cht_02_unread_lines_are_counted_until_they_are_read, |world: World| async move {
    let number = ticket(&world).await;
    let requester1 = world.ctx("requester1").await;
    say(&world, "requester1", number, "Hello?").await;
    say(&world, "requester1", number, "Anybody?").await;
    let tech1 = world.ctx("tech1").await;
    let icon = async || tickets::page(&tech1, number, TimelineQuery::default()).await.unwrap().chat;
    assert_eq!(icon().await, Some(2));
    let row = tickets::list(&tech1, ListQuery::default()).await.unwrap().items.remove(0);
    assert_eq!(row.unread, 2);
    let page = chat::page(&tech1, number, Part::Latest).await.unwrap();
    assert_eq!((page.lines.len(), page.last, page.is_running, page.off), (2, 2, true, None));
    assert_eq!(icon().await, Some(0));

    say(&world, "tech1", number, "Here.").await;
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 1);
    let missed = chat::portal_page(&requester1, number, Part::After(2)).await.unwrap();
    assert_eq!(missed.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["Here."]);
    assert_eq!(missed.last, 3);
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 0);
    let seen = chat::page(&tech1, number, Part::Latest).await.unwrap();
    let name = world.person("requester1").await.name;
    assert_eq!(seen.lines[2].readers.iter().map(|reader| reader.name.clone()).collect::<Vec<_>>(), [name]);
    let own = chat::portal_page(&requester1, number, Part::Latest).await.unwrap();
    assert!(own.lines.iter().all(|line| line.readers.is_empty()), "who of the team read it is the team's");
});

both_engines!(t_cht_02_more_than_99_unread_lines_are_99_everywhere, |world: World| async move {
    world.set(Key::ChatEnabled, world.root, "true").await;
    let number = world.ticket().assignee("tech1").requester("requester1").requester("requester2").create().await;
    for n in 0..101 {
        say(&world, "requester1", number, &format!("Line {n}.")).await;
    }
    let tech1 = world.ctx("tech1").await;
    assert_eq!(tickets::page(&tech1, number, TimelineQuery::default()).await.unwrap().chat, Some(99), "the icon");
    assert_eq!(tickets::list(&tech1, ListQuery::default()).await.unwrap().items.remove(0).unread, 99, "the list");
    let mine = chat::panel(&tech1, "").await.unwrap().mine;
    assert_eq!(mine.iter().map(|row| row.unread).collect::<Vec<_>>(), [99], "the panel");
    let requester2 = world.ctx("requester2").await;
    assert_eq!(requests::unread_total(&requester2).await.unwrap(), 99, "the menu of the portal");
    let seen = requests::detail(&requester2, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(seen.chat, Some(99), "the icon of a request");
    assert_eq!(requests::unread_total(&world.ctx("requester1").await).await.unwrap(), 0, "he said them himself");
});

both_engines!(t_cht_02_who_is_here_and_who_writes_is_known_for_a_minute_and_five_seconds, |world: World| async move {
    let number = ticket(&world).await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    let seen = async || chat::portal_page(&requester1, number, Part::Latest).await.unwrap().people;
    assert!(seen().await.is_empty());
    chat::note_presence(&tech1, &[number]).await.unwrap();
    let people = seen().await;
    let id = world.person("tech1").await.id.to_string();
    assert!(people.len() == 1 && people[0].online && !people[0].typing, "{people:?}");
    assert_ne!(people[0].key, id, "the requester side learns no ids");
    let place = (number, people[0].key.clone());
    let here = Signs::from([(place.clone(), Sign::Here)]);
    assert_eq!(chat::signs(&requester1, &[number], &Signs::new()).await.unwrap(), here);

    chat::note_typing(&tech1, number, true).await.unwrap();
    assert!(seen().await[0].typing);
    let writing = Signs::from([(place, Sign::Writing)]);
    assert_eq!(chat::signs(&requester1, &[number], &here).await.unwrap(), writing);
    assert!(chat::signs(&world.ctx("requester2").await, &[number], &Signs::new()).await.unwrap().is_empty());
    world.advance(5);
    assert!(!seen().await[0].typing);
    world.advance(55);
    assert!(seen().await.is_empty());
    chat::sweep(world.db(), world.now() + 3_600).await.unwrap();
    assert_eq!(world.count("chat_presence").await, 0);
});

both_engines!(t_cht_03_a_chat_begins_with_its_first_line_and_ends_by_hand_or_by_silence, |world: World| async move {
    let number = ticket(&world).await;
    say(&world, "requester1", number, "Hello?").await;
    say(&world, "tech1", number, "Hello.").await;
    assert_eq!(kinds(&world, number).await, ["chat_started"]);
    let end = || EndChat { ticket: number, ..EndChat::default() };
    chat::end(&world.ctx("requester1").await, end()).await.unwrap();
    chat::end(&world.ctx("tech1").await, end()).await.unwrap();
    assert_eq!(kinds(&world, number).await, ["chat_ended", "chat_started"]);
    assert!(!chat::page(&world.ctx("tech1").await, number, Part::Latest).await.unwrap().is_running);

    world.advance(60);
    say(&world, "tech1", number, "One more thing.").await;
    world.advance(1_799);
    tend_chats(&world.services).await.unwrap();
    assert_eq!(kinds(&world, number).await.len(), 3);
    world.advance(1);
    for _twice in 0..2 {
        tend_chats(&world.services).await.unwrap();
    }
    assert_eq!(kinds(&world, number).await, ["chat_ended", "chat_started", "chat_ended", "chat_started"]);
    let rows = history::list(&world.ctx("tech1").await, number, HistoryQuery::default()).await.unwrap().items;
    assert!(rows[0].event.author.id.is_none(), "the system ended it: {:?}", rows[0].event.author);
    assert_eq!(texts(&world, "tech1", number, ChatQuery::default()).await.len(), 3, "lines stay");
    world.assert_sound().await;
});

both_engines!(t_cht_04_the_panel_has_who_waits_longest_first_and_taking_moves_a_chat, |world: World| async move {
    world.set(Key::ChatEnabled, world.root, "true").await;
    let (first, second, third) =
        (world.ticket().create().await, world.ticket().create().await, world.ticket().assignee("tech1").create().await);
    let tech1 = world.ctx("tech1").await;
    for number in [second, first, third] {
        say(&world, "requester1", number, "Hello?").await;
        world.advance(10);
    }
    let numbers = async |number: &str| {
        let panel = chat::panel(&tech1, number).await.unwrap();
        let of = |rows: Vec<domain::views::ChatRow>| rows.into_iter().map(|row| row.number).collect::<Vec<_>>();
        (of(panel.queue), of(panel.mine))
    };
    assert_eq!(numbers("").await, (vec![second, first], vec![third]));
    assert_eq!(numbers(&format!("#{first}")).await, (vec![first], vec![]));
    assert!(chat::panel(&tech1, "abc").await.unwrap().is_wrong);
    // Who was answered waits behind those who were not.
    say(&world, "tech2", second, "One moment.").await;
    assert_eq!(numbers("").await.0, [first, second]);
    world.command("tech1", first, Command::Take).await.unwrap();
    assert_eq!(numbers("").await, (vec![second], vec![first, third]));
    let row = chat::panel(&tech1, "").await.unwrap().mine.remove(0);
    assert_eq!((row.unread, row.waiting_since.is_some()), (1, true));
    let requester1 = chat::panel(&world.ctx("requester1").await, "").await.unwrap();
    assert!(requester1.queue.is_empty() && requester1.mine.is_empty() && !requester1.is_on);
    world.set(Key::ChatEnabled, world.root, "false").await;
    assert!(!chat::panel(&tech1, "").await.unwrap().is_on);
});

both_engines!(t_cht_06_a_line_is_sent_once_and_pages_go_on_from_a_cursor, |world: World| async move {
    let number = ticket(&world).await;
    let tech1 = world.ctx("tech1").await;
    let form = |text: &str| SendChat { key: "k1".into(), ..line(number, text) };
    let first = chat::send(&tech1, form("Once.")).await.unwrap();
    assert_eq!(chat::send(&tech1, form("Once.")).await.unwrap(), first);
    assert_eq!(refused(chat::send(&tech1, form("Twice.")).await), Code::IdempotencyMismatch);
    for text in ["Two.", "Three."] {
        say(&world, "tech1", number, text).await;
    }
    let ask = |cursor: String| ChatQuery { cursor, limit: 2, count: true, after: None };
    let one = chat::list(&tech1, number, ask(String::new())).await.unwrap();
    let two = chat::list(&tech1, number, ask(one.next_cursor.clone().unwrap())).await.unwrap();
    assert_eq!((one.items.len(), two.items.len(), two.next_cursor), (2, 1, None));
    assert_eq!(one.count.map(|count| count.value), Some(3));
    let unknown = ChatQuery { after: Some(Uuid::nil()), ..ChatQuery::default() };
    assert_eq!(field(chat::list(&tech1, number, unknown).await, "after"), Some(Code::UnknownReference));
});

both_engines!(
    t_cht_07_switched_off_a_line_is_refused_and_kept_and_switching_on_shows_all_again,
    |world: World| async move {
        let number = ticket(&world).await;
        say(&world, "tech1", number, "zebra").await;
        world.set(Key::ChatEnabled, world.brasil, "false").await;
        for who in ["tech1", "requester1"] {
            let ctx = world.ctx(who).await;
            assert_eq!(disabled(try_say(&world, who, line(number, "Worth keeping.")).await), "chat.enabled", "{who}");
            let draft = drafts::find(&ctx, "chat", &number.to_string()).await.unwrap().expect("it is kept");
            assert_eq!(draft.text("text"), "Worth keeping.");
            assert_eq!(disabled(chat::list(&ctx, number, ChatQuery::default()).await), "chat.enabled");
            let tab = HistoryQuery { chat: true, ..HistoryQuery::default() };
            assert_eq!(error(history::list(&ctx, number, tab).await), AppError::NotFound);
        }
        let page = chat::page(&world.ctx("tech1").await, number, Part::Latest).await.unwrap();
        assert_eq!((page.off, page.lines.len()), (Some(Off::Disabled), 0));
        let portal = chat::portal_page(&world.ctx("requester1").await, number, Part::Latest).await.unwrap();
        assert_eq!((portal.off, portal.lines.len()), (Some(Off::Disabled), 0));
        assert_eq!(requests::unread_total(&world.ctx("requester1").await).await.unwrap(), 0, "nothing of it waits");
        assert_eq!(chat::switched_off(&world.ctx("requester1").await, &[number]).await.unwrap(), [number]);
        world.set(Key::ChatEnabled, world.brasil, "true").await;
        assert_eq!(texts(&world, "requester1", number, ChatQuery::default()).await, ["zebra"]);
    }
);

both_engines!(t_cht_08_a_closed_ticket_takes_no_line_and_closing_ends_the_chat, |world: World| async move {
    let number = ticket(&world).await;
    say(&world, "requester1", number, "Hello?").await;
    world.put_status(number, Status::Solved).await;
    say(&world, "requester1", number, "It still is.").await;
    world.command("supervisor", number, Command::Close).await.unwrap();
    assert_eq!(kinds(&world, number).await, ["chat_ended", "chat_started"]);
    assert_eq!(refused(try_say(&world, "requester1", line(number, "x")).await), Code::TicketClosed);
    let page = chat::portal_page(&world.ctx("requester1").await, number, Part::Latest).await.unwrap();
    assert_eq!((page.off, page.lines.len()), (Some(Off::Over), 2));
    let cancelled = world.ticket().assignee("tech1").create().await;
    say(&world, "tech1", cancelled, "Hello?").await;
    world.command("supervisor", cancelled, Command::Cancel).await.unwrap();
    assert_eq!(kinds(&world, cancelled).await, ["chat_ended", "chat_started"]);
    assert_eq!(refused(try_say(&world, "tech1", line(cancelled, "x")).await), Code::TicketCancelled);
});

both_engines!(t_his_02_the_tab_has_messages_and_lines_in_the_order_of_time, |world: World| async move {
    let number = ticket(&world).await;
    let send = async |who: &str, text: &str| {
        let form = domain::forms::SendMessage { ticket: number, text: text.to_owned(), ..Default::default() };
        service::messages::send(&world.ctx(who).await, form).await.unwrap();
    };
    send("tech1", "A message.").await;
    world.advance(60);
    say(&world, "requester1", number, "A line.").await;
    world.advance(60);
    let long = "word ".repeat(100).trim().to_owned();
    say(&world, "tech1", number, &long).await;
    for (who, own) in [("tech1", false), ("requester1", true)] {
        let ctx = world.ctx(who).await;
        let tab = || HistoryQuery { chat: true, own, ..HistoryQuery::default() };
        let rows = history::list(&ctx, number, tab()).await.unwrap().items;
        let said: Vec<(String, String)> = rows.into_iter().map(|row| (row.event.kind, row.text)).collect();
        let expected = [("chat_line", long.as_str()), ("chat_line", "A line."), ("message_sent", "A message.")];
        assert_eq!(
            said.iter().map(|(kind, text)| (kind.as_str(), text.as_str())).collect::<Vec<_>>(),
            expected,
            "{who}"
        );
        let found = history::list(&ctx, number, HistoryQuery { text: "line".into(), ..tab() }).await.unwrap().items;
        // The kind of a row is one of its words, too.
        assert!(found.iter().any(|row| row.text == "A line."), "{who}");
        let only = history::list(&ctx, number, HistoryQuery { kinds: "message_sent".into(), ..tab() }).await.unwrap();
        assert_eq!(only.items.len(), 1, "{who}");
        let page = history::page(&ctx, number, tab()).await.unwrap();
        assert!(page.chat && page.people.len() == 2, "{who}");
        let mut export = history::export(&ctx, number, tab()).await.unwrap();
        assert_eq!(export.next().await.unwrap().map(|rows| rows.len()), Some(3), "{who}");
        let events = history::list(&ctx, number, HistoryQuery { own, ..HistoryQuery::default() }).await.unwrap().items;
        assert!(events.iter().all(|row| row.event.kind != "chat_line"), "lines stand only there");
    }
});

both_engines!(t_ntf_a_chat_rings_once_for_the_other_side, |world: World| async move {
    let number = ticket(&world).await;
    let told = async |who: &str| {
        let query = NotificationQuery { unread: true, ..NotificationQuery::default() };
        let page = notifications::list(&world.ctx(who).await, query).await.unwrap();
        page.items.into_iter().filter(|told| told.event.as_str() == "chat").count()
    };
    for text in ["Hello?", "Anybody?"] {
        say(&world, "requester1", number, text).await;
    }
    assert_eq!((told("tech1").await, told("requester1").await), (1, 0));
    chat::page(&world.ctx("tech1").await, number, Part::Latest).await.unwrap();
    assert_eq!(told("tech1").await, 0, "who reads it has read what told him of it");
});
