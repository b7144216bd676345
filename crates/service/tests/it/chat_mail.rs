//! Unread lines of a chat by mail to who is away (T-CHT-05, M-OUT-04).

use domain::forms::SendChat;
use domain::settings::Key;
use service::chat::{self, Part};
use service::jobs::{relay_outbox, tend_chats};
use testing::{Received, Sink, World, both_engines};
use uuid::Uuid;

use crate::mail::connected;

/// A desk whose mails go to `sink`, where the chat is switched on; its people want no mails of what they are told.
async fn chatting(world: World, sink: &Sink) -> World {
    let world = connected(world, sink).await;
    world.set(Key::ChatEnabled, world.root, "true").await;
    world
}

async fn say(world: &World, who: &str, number: i64, text: &str) {
    let form = SendChat { ticket: number, text: text.to_owned(), ..SendChat::default() };
    chat::send(&world.ctx(who).await, form).await.unwrap_or_else(|error| panic!("{who} could not say it: {error:?}"));
}

/// A round of the jobs; answers every mail so far.
async fn mails(world: &World, sink: &Sink) -> Vec<Received> {
    tend_chats(&world.services).await.unwrap();
    while relay_outbox(&world.services).await.unwrap() > 0 {}
    sink.mails()
}

both_engines!(t_cht_05_all_unread_lines_go_in_one_mail_after_two_minutes, |world: World| async move {
    let sink = Sink::start().await;
    let world = chatting(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    say(&world, "tech1", number, "Is the <lamp> red?").await;
    world.advance(119);
    assert!(mails(&world, &sink).await.is_empty());
    say(&world, "tech1", number, "Or green?").await;
    world.advance(1);
    let sent = mails(&world, &sink).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, [world.person("requester1").await.email]);
    let text = sent[0].text();
    let name = world.person("tech1").await.name;
    assert!(text.contains(&format!("{name}: Is the <lamp> red?")) && text.contains("Or green?"), "{text}");
    assert!(text.contains(&format!("/requests/{number}/chat#chat-")), "{text}");
    assert!(sent[0].html().contains("Is the &lt;lamp&gt; red?"), "{}", sent[0].html());

    // Once, and no second mail within a quarter of an hour.
    world.advance(300);
    say(&world, "tech1", number, "Still there?").await;
    world.advance(300);
    assert_eq!(mails(&world, &sink).await.len(), 1);
    world.advance(301);
    let sent = mails(&world, &sink).await;
    assert_eq!(sent.len(), 2);
    assert!(sent[1].text().contains("Still there?") && !sent[1].text().contains("green"), "{}", sent[1].text());
    world.advance(3_600);
    assert_eq!(mails(&world, &sink).await.len(), 2);
    world.assert_sound().await;
});

both_engines!(t_cht_05_who_is_here_or_has_read_gets_none, |world: World| async move {
    let sink = Sink::start().await;
    let world = chatting(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    say(&world, "requester1", number, "Hello?").await;
    world.advance(120);
    chat::note_presence(&tech1, &[]).await.unwrap();
    assert!(mails(&world, &sink).await.is_empty(), "he has a stream open");
    world.advance(61);
    let sent = mails(&world, &sink).await;
    assert_eq!(sent.len(), 1, "he left without reading");
    assert_eq!(sent[0].to, [world.person("tech1").await.email]);
    assert!(sent[0].text().contains(&format!("/tickets/{number}/chat#chat-")), "{}", sent[0].text());

    say(&world, "tech1", number, "Here I am.").await;
    chat::portal_page(&requester1, number, Part::Latest).await.unwrap();
    world.advance(3_600);
    assert_eq!(mails(&world, &sink).await.len(), 1);
});

both_engines!(t_cht_05_a_line_that_a_colleague_read_is_in_good_hands, |world: World| async move {
    let sink = Sink::start().await;
    let world = chatting(world, &sink).await;
    let number = world.ticket().assigned_group(world.network).create().await;
    say(&world, "requester1", number, "Hello?").await;
    chat::page(&world.ctx("tech1").await, number, Part::Latest).await.unwrap();
    world.advance(120);
    assert!(mails(&world, &sink).await.is_empty());
    say(&world, "requester1", number, "Is somebody there?").await;
    world.advance(120);
    let sent = mails(&world, &sink).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, [world.person("tech2").await.email], "the member of the group");
});

both_engines!(t_cht_05_without_a_template_nothing_leaves_and_the_agent_is_told, |world: World| async move {
    let sink = Sink::start().await;
    let world = chatting(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    let away = async || {
        let page = chat::page(&world.ctx("tech1").await, number, Part::Latest).await.unwrap();
        page.people.into_iter().filter(|person| person.no_mail).map(|person| person.name).collect::<Vec<_>>()
    };
    assert!(away().await.is_empty());
    world.set(Key::MailTemplateChatOffline, world.root, &Uuid::nil().to_string()).await;
    assert_eq!(away().await, [world.person("requester1").await.name]);
    say(&world, "tech1", number, "Hello?").await;
    world.advance(120);
    assert!(mails(&world, &sink).await.is_empty());
    // Mended in time, it still leaves.
    world.set(Key::MailTemplateChatOffline, world.root, "").await;
    world.advance(300);
    assert_eq!(mails(&world, &sink).await.len(), 1);
});
