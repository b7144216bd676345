//! Messages between the two sides (T-MSG, P-MSG): who sends and sees them, reading, taking back, mails.

use domain::error::{AppError, Code};
use domain::forms::SendMessage;
use domain::message::Off;
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{Entry, MessageView, TimelineQuery};
use service::jobs::relay_outbox;
use service::messages::{self, MessageQuery};
use service::people;
use service::{ServiceError, drafts, events, history, requests, search, tickets};
use testing::{Sink, World, both_engines, disabled, error, field, forbidden, refused};
use uuid::Uuid;

use crate::mail::{connected, letters};

fn said(ticket: i64, text: &str) -> SendMessage {
    SendMessage { ticket, text: text.to_owned(), ..SendMessage::default() }
}

async fn try_send(world: &World, who: &str, form: SendMessage) -> Result<Uuid, ServiceError> {
    messages::send(&world.ctx(who).await, form).await
}

async fn send(world: &World, who: &str, number: i64, text: &str) -> Uuid {
    try_send(world, who, said(number, text)).await.unwrap_or_else(|error| panic!("{who} could not send: {error:?}"))
}

async fn try_list(world: &World, who: &str, number: i64) -> Result<Vec<MessageView>, ServiceError> {
    messages::list(&world.ctx(who).await, number, MessageQuery::default()).await.map(|page| page.items)
}

async fn shown(world: &World, who: &str, id: Uuid) -> MessageView {
    messages::get(&world.ctx(who).await, id).await.unwrap()
}

/// Texts of the messages among the entries of a conversation.
fn texts(entries: &[Entry]) -> Vec<String> {
    let text = |entry: &Entry| if let Entry::Message(message) = entry { Some(message.text.clone()) } else { None };
    entries.iter().filter_map(text).collect()
}

async fn in_timeline(world: &World, who: &str, number: i64, query: TimelineQuery) -> Vec<String> {
    texts(&tickets::timeline(&world.ctx(who).await, number, query).await.unwrap().entries)
}

async fn unread_answers(world: &World, who: &str, number: i64) -> u32 {
    tickets::page(&world.ctx(who).await, number, TimelineQuery::default()).await.unwrap().unread_messages
}

both_engines!(t_msg_01_the_service_side_writes_to_the_requesters, |world: World| async move {
    let number = world.ticket().create().await;
    let id = send(&world, "tech1", number, "  Is it <b>grey</b>?\r\nSee https://example.org/a.  ").await;
    let view = shown(&world, "tech1", id).await;
    assert_eq!((view.side.as_str(), view.mine, view.ticket), ("service", true, number));
    assert!(view.text.contains("<b>grey</b>?\nSee"), "plain text: {}", view.text);
    let html = view.html.as_str();
    assert!(html.contains("&lt;b&gt;grey") && html.contains("href=\"https://example.org/a\""), "{html}");

    for (text, code) in [("", Code::Required), (" \n ", Code::Required)] {
        assert_eq!(field(try_send(&world, "tech1", said(number, text)).await, "text"), Some(code));
    }
    let long = "x".repeat(10_001);
    assert_eq!(field(try_send(&world, "tech1", said(number, &long)).await, "text"), Some(Code::TooLong));
    let answer = try_send(&world, "observer", said(number, "May I?")).await;
    assert!(forbidden(answer).starts_with("occurrence.add"));

    world.put_status(number, Status::Solved).await;
    send(&world, "tech1", number, "Is it well now?").await;
    for (status, code) in [(Status::Closed, Code::TicketClosed), (Status::Cancelled, Code::TicketCancelled)] {
        world.put_status(number, status).await;
        assert_eq!(refused(try_send(&world, "tech1", said(number, "x")).await), code, "{status:?}");
    }
    assert_eq!(world.count("message").await, 2);
    world.assert_sound().await;
});

both_engines!(t_msg_02_reading_in_the_portal_is_seen_by_the_agent, |world: World| async move {
    let number = world.ticket().create().await;
    let requester1 = world.ctx("requester1").await;
    let id = send(&world, "tech1", number, "Which floor?").await;
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 1);
    let row = requests::list(&requester1, Default::default()).await.unwrap().items.remove(0);
    assert_eq!(row.unread, 1);
    assert_eq!(people::me(&requester1).await.unwrap().unread.messages, 1);

    // A list marks nothing.
    let listed = try_list(&world, "requester1", number).await.unwrap();
    assert_eq!((listed.len(), listed[0].unread, listed[0].read_at.is_none()), (1, true, true));
    assert!(shown(&world, "tech1", id).await.readers.is_empty());

    world.advance(60);
    let opened = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert_eq!((opened.messages, texts(&opened.timeline.entries)), (Some(1), vec!["Which floor?".to_owned()]));
    let read = shown(&world, "tech1", id).await;
    let name = world.person("requester1").await.name;
    assert_eq!(read.readers.iter().map(|reader| reader.name.clone()).collect::<Vec<_>>(), [name]);
    assert_eq!(read.read_at, read.readers.first().map(|reader| reader.at.clone()));
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 0);
    assert_eq!(people::me(&requester1).await.unwrap().unread.messages, 0);
    let portal = shown(&world, "requester1", id).await;
    assert!(portal.readers.is_empty() && portal.read_at.is_some() && !portal.unread, "{portal:?}");

    // Only up to and with one.
    let second = send(&world, "tech1", number, "Two.").await;
    world.advance(60);
    let third = send(&world, "tech1", number, "Three.").await;
    messages::read(&requester1, number, Some(second), "").await.unwrap();
    let unread: Vec<bool> =
        try_list(&world, "requester1", number).await.unwrap().iter().map(|message| message.unread).collect();
    assert_eq!(unread, [false, false, true]);
    assert_eq!(
        field(messages::read(&requester1, number, Some(unknown_id()), "").await, "until"),
        Some(Code::UnknownReference)
    );
    messages::read(&requester1, number, None, "").await.unwrap();
    assert!(!shown(&world, "requester1", third).await.unread);
    world.assert_sound().await;
});

/// An id that nothing has.
fn unknown_id() -> Uuid {
    Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000)
}

// P-MSG-02 too; that the responsible are told, or not (300), is shown with the notifications.
both_engines!(t_msg_03_the_requester_side_answers_and_begins_where_somebody_is_assigned, |world: World| async move {
    let alone = world.ticket().create().await;
    assert_eq!(refused(try_send(&world, "requester1", said(alone, "Hello?")).await), Code::TransitionNotAllowed);
    let page = messages::portal_page(&world.ctx("requester1").await, alone, "").await.unwrap();
    assert_eq!(page.off, Some(Off::NobodyAssigned));
    send(&world, "tech1", alone, "Which floor?").await;
    send(&world, "requester1", alone, "The third.").await;

    let assigned = world.ticket().assignee("tech1").create().await;
    let id = send(&world, "requester1", assigned, "Are you coming?").await;
    assert_eq!(unread_answers(&world, "tech1", assigned).await, 1);
    assert_eq!(people::me(&world.ctx("tech1").await).await.unwrap().unread.messages, 1, "of his own tickets");
    let page = messages::page(&world.ctx("tech1").await, assigned, "").await.unwrap();
    assert_eq!((page.messages.len(), page.messages[0].unread, page.off), (1, true, None));
    assert_eq!(unread_answers(&world, "tech1", assigned).await, 0);
    assert_eq!(unread_answers(&world, "tech2", assigned).await, 1, "everybody reads for himself");
    assert!(shown(&world, "requester1", id).await.readers.is_empty(), "who of the team read it is the team's");

    world.set(Key::MessagesReply, world.brasil, "false").await;
    assert_eq!(disabled(try_send(&world, "requester1", said(assigned, "x")).await), "messages.reply");
    let page = messages::portal_page(&world.ctx("requester1").await, assigned, "").await.unwrap();
    assert_eq!((page.off, page.messages.len()), (Some(Off::NoReply), 1));
    send(&world, "tech1", assigned, "At ten.").await;
    world.assert_sound().await;
});

both_engines!(t_msg_04_observers_and_strangers_see_no_message, |world: World| async move {
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    let position = world.settled_events().await;
    let id = send(&world, "tech1", number, "zebra for the two sides").await;
    for who in ["requester2", "tech2"] {
        let answer = try_list(&world, who, number).await;
        if who == "tech2" {
            assert_eq!(answer.unwrap().len(), 1, "an agent stands on the service side");
        } else {
            assert_eq!(error(answer), AppError::NotFound);
        }
    }
    let requester2 = world.ctx("requester2").await;
    assert_eq!(error(messages::get(&requester2, id).await), AppError::NotFound);
    assert_eq!(error(messages::portal_page(&requester2, number, "").await), AppError::NotFound);
    assert_eq!(error(messages::page(&requester2, number, "").await), AppError::NotFound);
    assert_eq!(error(messages::read(&requester2, number, None, "").await), AppError::NotFound);
    assert_eq!(error(messages::withdraw(&requester2, id, None).await), AppError::NotFound);
    assert_eq!(error(messages::send(&requester2, said(number, "x")).await), AppError::NotFound);
    let observed = requests::detail(&requester2, number, TimelineQuery::default()).await.unwrap();
    assert_eq!((observed.messages, observed.unread), (None, 0));
    assert!(texts(&observed.timeline.entries).is_empty());
    let rows = history::list(&requester2, number, Default::default()).await.unwrap().items;
    assert!(rows.iter().all(|row| row.event.kind != "message_sent"));

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    assert!(told.iter().any(|change| change.kind == "message"), "{told:?}");
    for change in told.iter().filter(|change| change.kind == "message") {
        assert!(events::heard(&requester2, change).await.unwrap().is_none(), "{change:?}");
        assert!(events::heard(&world.ctx("requester1").await, change).await.unwrap().is_some());
    }
});

both_engines!(t_msg_04_a_message_is_in_the_timeline_and_in_no_search, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let before = world.row(number).await;
    send(&world, "requester1", number, "zebra at the door").await;
    for who in ["tech1", "requester1"] {
        assert_eq!(in_timeline(&world, who, number, TimelineQuery::default()).await, ["zebra at the door"], "{who}");
        let only = TimelineQuery { kinds: "message".into(), ..TimelineQuery::default() };
        assert_eq!(in_timeline(&world, who, number, only).await.len(), 1, "{who}");
        let others = TimelineQuery { kinds: "occurrence,event".into(), ..TimelineQuery::default() };
        assert!(in_timeline(&world, who, number, others).await.is_empty(), "{who}");
        let found = TimelineQuery { find: "zebra".into(), ..TimelineQuery::default() };
        assert!(in_timeline(&world, who, number, found).await.is_empty(), "{who}");
        let hits = search::search(&world.ctx(who).await, "zebra", &[], None, "", 0).await.unwrap();
        assert!(hits.items.is_empty(), "{who}: {:?}", hits.items);
    }
    for who in ["tech1", "requester1"] {
        let query = history::HistoryQuery { text: "zebra".into(), ..Default::default() };
        let rows = history::list(&world.ctx(who).await, number, query).await.unwrap().items;
        assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["zebra at the door"], "{who}");
    }
    let after = world.row(number).await;
    assert_eq!((before.status, before.taken_at), (after.status, after.taken_at), "no status and no clock");
    assert_eq!(before.public_updated_at, after.public_updated_at);
});

both_engines!(t_msg_04_the_author_withdraws_what_nobody_read, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    let id = send(&world, "tech1", number, "Wrong ticket.").await;
    assert!(shown(&world, "tech1", id).await.can_withdraw);
    assert!(!shown(&world, "tech2", id).await.can_withdraw);
    assert_eq!(forbidden(messages::withdraw(&world.ctx("tech2").await, id, None).await), "occurrence.delete-own");
    assert_eq!(error(messages::withdraw(&tech1, id, Some(number + 1)).await), AppError::NotFound);
    messages::withdraw(&tech1, id, Some(number)).await.unwrap();
    assert_eq!(error(messages::withdraw(&tech1, id, None).await), AppError::NotFound);
    for who in ["tech1", "requester1"] {
        assert!(try_list(&world, who, number).await.unwrap().is_empty(), "{who}");
        assert!(in_timeline(&world, who, number, TimelineQuery::default()).await.is_empty(), "{who}");
        assert_eq!(error(messages::get(&world.ctx(who).await, id).await), AppError::NotFound);
    }
    assert_eq!(requests::unread_total(&requester1).await.unwrap(), 0);

    let sent = async |who: &str| {
        let rows = history::list(&world.ctx(who).await, number, Default::default()).await.unwrap().items;
        rows.into_iter().filter(|row| row.event.kind == "message_sent").collect::<Vec<_>>()
    };
    let of_team = sent("tech1").await;
    assert!(of_team.len() == 1 && of_team[0].text.is_empty() && of_team[0].removed.is_some(), "{of_team:?}");
    assert!(sent("requester1").await.is_empty(), "nothing is left of it there");

    let read = send(&world, "tech1", number, "Which floor?").await;
    messages::read(&requester1, number, None, "").await.unwrap();
    assert!(!shown(&world, "tech1", read).await.can_withdraw);
    assert_eq!(refused(messages::withdraw(&tech1, read, None).await), Code::MessageAlreadyRead);
    let own = send(&world, "requester1", number, "The third.").await;
    messages::withdraw(&requester1, own, None).await.unwrap();
    world.assert_sound().await;
});

both_engines!(t_msg_05_without_an_account_only_by_mail, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let outside = vec!["email:Zoé <zoe@elsewhere.example>".to_owned()];
    let number = world.ticket().with(|form| form.requesters = outside).create().await;
    let page = messages::page(&world.ctx("tech1").await, number, "").await.unwrap();
    assert!(page.needs_mail && page.mail.is_some_and(|offer| offer.reason.is_none()));
    assert_eq!(field(try_send(&world, "tech1", said(number, "x")).await, "send_mail"), Some(Code::NoRecipient));
    assert_eq!(world.count("message").await, 0);

    let letter = |text: &str| SendMessage { send_mail: true, ..said(number, text) };
    let id = try_send(&world, "tech1", letter("The door is <open>.")).await.unwrap();
    while relay_outbox(&world.services).await.unwrap() > 0 {}
    let mails = letters(&sink);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["zoe@elsewhere.example"]);
    assert!(mails[0].text().contains("The door is <open>."), "{}", mails[0].text());
    assert!(mails[0].html().contains("The door is &lt;open&gt;."), "{}", mails[0].html());
    let view = shown(&world, "tech1", id).await;
    assert!(view.sent_by_mail && !view.can_withdraw && view.mails.len() == 1, "{view:?}");
    assert_eq!(
        refused(messages::withdraw(&world.ctx("tech1").await, id, None).await),
        Code::MessageAlreadyRead,
        "a mail cannot be recalled"
    );

    // One that has not left goes with its message.
    let id = try_send(&world, "tech1", letter("Not this one.")).await.unwrap();
    messages::withdraw(&world.ctx("tech1").await, id, None).await.unwrap();
    while relay_outbox(&world.services).await.unwrap() > 0 {}
    assert_eq!(letters(&sink).len(), 1);
    world.assert_sound().await;
});

both_engines!(m_out_03_a_message_that_is_mailed_reaches_its_requester_with_the_way_to_it, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    send(&world, "tech1", number, "Not by mail.").await;
    let letter = SendMessage { send_mail: true, ..said(number, "Which floor?") };
    let id = try_send(&world, "tech1", letter).await.unwrap();
    while relay_outbox(&world.services).await.unwrap() > 0 {}
    let mails = sink.mails();
    assert_eq!(mails.len(), 1, "only what was ticked is mailed");
    assert_eq!(mails[0].to, [world.person("requester1").await.email]);
    assert!(mails[0].text().contains("Which floor?") && !mails[0].data.contains("Not by mail"), "{}", mails[0].text());
    let link = format!("http://127.0.0.1:3000/requests/{number}#message-{id}");
    assert!(mails[0].html().contains(&link), "{}", mails[0].html());
    assert!(shown(&world, "tech1", id).await.sent_by_mail);
    world.assert_sound().await;
});

both_engines!(t_msg_a_mail_needs_the_right_the_side_and_a_way_out, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let letter = SendMessage { send_mail: true, ..said(number, "x") };
    assert_eq!(field(try_send(&world, "tech1", letter.clone()).await, "send_mail"), Some(Code::MailNotConfigured));
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    assert_eq!(field(try_send(&world, "requester1", letter.clone()).await, "send_mail"), Some(Code::NotAllowed));
    world.set(Key::MailTemplateMessage, world.root, &Uuid::nil().to_string()).await;
    assert_eq!(field(try_send(&world, "tech1", letter).await, "send_mail"), Some(Code::MailTemplateMissing));
    assert_eq!((world.count("outbox").await, world.count("message").await), (0, 0));
});

both_engines!(p_msg_01_messages_are_listed_in_their_order_page_by_page, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    for text in ["One.", "Two.", "Three."] {
        send(&world, "tech1", number, text).await;
        world.advance(1);
    }
    let requester1 = world.ctx("requester1").await;
    let ask = |sort: &str, cursor: String| MessageQuery { sort: sort.to_owned(), cursor, limit: 2, count: true };
    for (sort, order) in [("sent_at", ["One.", "Two.", "Three."]), ("-sent_at", ["Three.", "Two.", "One."])] {
        let first = messages::list(&requester1, number, ask(sort, String::new())).await.unwrap();
        let second = messages::list(&requester1, number, ask(sort, first.next_cursor.clone().unwrap())).await.unwrap();
        assert_eq!((second.next_cursor, first.count.map(|count| count.value)), (None, Some(3)));
        let found: Vec<String> = first.items.into_iter().chain(second.items).map(|message| message.text).collect();
        assert_eq!(found, order, "{sort}");
    }
    let page = messages::portal_page(&requester1, number, "").await.unwrap();
    assert_eq!(page.messages.first().map(|message| message.text.as_str()), Some("One."), "the oldest first");
    assert_eq!(
        field(messages::list(&requester1, number, ask("colour", String::new())).await, "sort"),
        Some(Code::Invalid)
    );
});

both_engines!(p_msg_03_switched_off_nothing_is_sent_and_old_ones_stay_readable, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    send(&world, "tech1", number, "Which floor?").await;
    world.set(Key::MessagesEnabled, world.brasil, "false").await;
    let requester1 = world.ctx("requester1").await;
    assert_eq!(error(messages::portal_page(&requester1, number, "").await), AppError::NotFound);
    for who in ["tech1", "requester1"] {
        assert_eq!(disabled(try_send(&world, who, said(number, "x")).await), "messages.enabled", "{who}");
        assert_eq!(in_timeline(&world, who, number, TimelineQuery::default()).await, ["Which floor?"], "{who}");
    }
    let kept = messages::portal_page(&requester1, number, "").await.unwrap();
    assert_eq!((kept.off, kept.draft.unwrap().text("text")), (Some(Off::Disabled), "x".to_owned()), "P-GEN-05");
    let request = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(request.messages, None);
    assert!(!request.actions.contains(&"message".to_owned()));
    let page = messages::page(&world.ctx("tech1").await, number, "").await.unwrap();
    assert_eq!((page.off, page.messages.len()), (Some(Off::Disabled), 1));
});

both_engines!(p_occ_06_where_notes_are_off_the_box_writes_a_message, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.set(Key::PortalRegisterOccurrence, world.brasil, "false").await;
    let requester1 = world.ctx("requester1").await;
    let request = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(request.note_off, "disabled");
    assert!(request.actions.contains(&"message".to_owned()), "{:?}", request.actions);
});

both_engines!(t_drf_a_message_is_sent_once_and_a_refused_text_is_kept, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let tech1 = world.ctx("tech1").await;
    let form = |text: &str| SendMessage { key: "k1".into(), ..said(number, text) };
    let first = messages::send(&tech1, form("Once.")).await.unwrap();
    assert_eq!(messages::send(&tech1, form("Once.")).await.unwrap(), first);
    assert_eq!(refused(messages::send(&tech1, form("Twice.")).await), Code::IdempotencyMismatch);
    assert_eq!(world.count("message").await, 1);

    world.put_status(number, Status::Closed).await;
    assert_eq!(refused(messages::send(&tech1, said(number, "Worth keeping.")).await), Code::TicketClosed);
    let draft = drafts::find(&tech1, "message", &number.to_string()).await.unwrap().expect("it is kept");
    assert_eq!(draft.text("text"), "Worth keeping.");
});
