//! Mails to requesters who lost sight of the ticket between queueing and sending: nothing leaves, the row says why, and a click
//! does not send it either (M-RCP-03, T-VIS-07).

use domain::error::Code;
use domain::forms::{AddSolution, Command, Patch, RunCommand, SendMailAgain, SendMessage, TicketPatch};
use domain::mail::MailState;
use domain::occurrence::BodyFormat;
use domain::views::MailView;
use service::{messages, occurrences, solutions, tickets};
use testing::{Received, Sink, Sql, World, both_engines, field};
use uuid::Uuid;

use crate::mail::{connected, letter, letters, relay, talking};

async fn move_to(world: &World, number: i64, entity: Uuid) {
    let command = Command::Reclassify;
    let form = RunCommand { number, command, entity: entity.to_string(), ..RunCommand::default() };
    tickets::run(&world.ctx("supervisor").await, form).await.unwrap();
}

/// Mails to somebody, the oldest first.
async fn to(world: &World, sink: &Sink, name: &str) -> Vec<Received> {
    let address = world.person(name).await.email;
    letters(sink).into_iter().filter(|mail| mail.to == [address.clone()]).collect()
}

/// The mails of an entry to somebody, as agents see them.
async fn mails(world: &World, entry: Uuid, name: &str) -> Vec<MailView> {
    let address = world.person(name).await.email;
    let view = occurrences::get(&world.ctx("tech1").await, entry).await.unwrap();
    view.mails.into_iter().filter(|mail| mail.to == address).collect()
}

async fn is_withdrawn(world: &World, entry: Uuid, name: &str) -> bool {
    let mails = mails(world, entry, name).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    (mails[0].state, mails[0].answer.as_deref()) == (MailState::Failed, Some("withdrawn"))
}

both_engines!(m_rcp_03_a_ticket_that_moved_out_of_sight_is_not_mailed, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let requesters = vec![world.user("requester1").await, "email:Zoé <zoe@elsewhere.example>".to_owned()];
    let brasil = world.brasil.to_string();
    let ticket = world.ticket().assignee("tech1").with(|form| {
        form.requesters = requesters;
        form.entity = brasil;
    });
    let number = ticket.create().await;
    let tech1 = world.ctx("tech1").await;
    let entry = occurrences::add(&tech1, letter(number, "It is on its way.")).await.unwrap();
    let form = SendMessage { ticket: number, text: "Are you there?".into(), send_mail: true, ..SendMessage::default() };
    messages::send(&tech1, form).await.unwrap();
    move_to(&world, number, world.root).await;
    relay(&world.services).await;
    assert!(to(&world, &sink, "requester1").await.is_empty());
    assert!(is_withdrawn(&world, entry, "requester1").await);
    assert_eq!(world.count("outbox WHERE user_id IS NOT NULL AND answer = 'withdrawn'").await, 2, "both mails to him");
    let outside: Vec<Received> =
        letters(&sink).into_iter().filter(|mail| mail.to == ["zoe@elsewhere.example"]).collect();
    assert_eq!(outside.len(), 2, "who has no account is a requester wherever the ticket is (T-ROL-10)");

    // A click does not bring it to him either, before the ticket is back in his sight.
    let again = async |key: &str| {
        let mail = mails(&world, entry, "requester1").await.remove(0).id.to_string();
        let form = SendMailAgain { mail, key: key.to_owned(), ..SendMailAgain::default() };
        service::mail::send_again(&world.ctx("tech1").await, form).await
    };
    assert_eq!(field(again("k1").await, "mail"), Some(Code::NoRecipient));
    move_to(&world, number, world.brasil).await;
    again("k2").await.unwrap();
    relay(&world.services).await;
    let sent = to(&world, &sink, "requester1").await;
    assert!(sent.len() == 1 && sent[0].text().contains("It is on its way."), "{sent:?}");
    world.assert_sound().await;
});

both_engines!(m_rcp_03_who_is_requester_no_more_or_lost_his_role_is_not_mailed, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let tech1 = world.ctx("tech1").await;
    let (left, barred) = (world.ticket().create().await, world.ticket().requester("requester2").create().await);
    let to_who_left = occurrences::add(&tech1, letter(left, "For who was removed.")).await.unwrap();
    let to_who_is_barred = occurrences::add(&tech1, letter(barred, "For who lost his role.")).await.unwrap();
    let requesters = Patch::Set(vec![world.user("tech2").await]);
    tickets::update(&tech1, left, TicketPatch { version: Some(1), requesters, ..TicketPatch::default() })
        .await
        .unwrap();
    let mut sql = Sql::new("DELETE FROM assignment WHERE user_id = ");
    sql.bind(world.person("requester2").await.id);
    world.run(&sql).await;
    relay(&world.services).await;
    assert!(sink.mails().is_empty());
    assert!(is_withdrawn(&world, to_who_left, "requester1").await);
    assert!(is_withdrawn(&world, to_who_is_barred, "requester2").await);
    world.assert_sound().await;
});

both_engines!(m_rcp_03_members_of_a_group_that_asks_are_mailed_where_they_may_read, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let group = world.group("Asking", &["requester1", "requester2"]).await;
    let brasil = world.brasil.to_string();
    let ticket = world.ticket().assignee("tech1").with(|form| {
        form.requesters = vec![format!("group:{group}")];
        form.entity = brasil;
    });
    let number = ticket.create().await;
    let tech1 = world.ctx("tech1").await;
    occurrences::add(&tech1, letter(number, "To all who asked.")).await.unwrap();
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 2, "M-OUT-01 names them");
    let entry = occurrences::add(&tech1, letter(number, "From elsewhere.")).await.unwrap();
    move_to(&world, number, world.root).await;
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 2);
    for name in ["requester1", "requester2"] {
        assert!(is_withdrawn(&world, entry, name).await, "{name} holds nothing there");
    }
});

both_engines!(m_rcp_03_letters_that_ask_are_for_who_sees_the_ticket, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let number = world.ticket().assignee("tech1").create().await;
    relay(&world.services).await;
    let before = to(&world, &sink, "requester1").await.len();
    let format = BodyFormat::Text;
    let form = AddSolution { ticket: number, body: "Glued.".into(), format, ..AddSolution::default() };
    solutions::add(&world.ctx("tech1").await, form).await.unwrap();
    move_to(&world, number, world.root).await;
    relay(&world.services).await;
    assert_eq!(to(&world, &sink, "requester1").await.len(), before, "no link by which he could answer it");
    assert_eq!(world.count("outbox WHERE kind = 'solved' AND answer = 'withdrawn'").await, 1);
});
