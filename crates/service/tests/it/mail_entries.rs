//! What mails of an entry leave behind on it: a state for each recipient, for agents alone, and none for a silent edit (T-OCC-13,
//! T-OCC-19).

use domain::forms::{OccurrencePatch, Patch};
use domain::mail::MailState;
use domain::occurrence::BodyFormat;
use domain::views::OccurrenceView;
use service::occurrences;
use testing::{Sink, World, both_engines, note};
use uuid::Uuid;

use crate::mail::{connected, letter, letters, relay};

async fn shown(world: &World, reader: &str, entry: Uuid) -> OccurrenceView {
    occurrences::get(&world.ctx(reader).await, entry).await.unwrap()
}

both_engines!(t_occ_13_each_recipient_has_a_mail_and_a_state_that_agents_alone_read, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let requesters =
        vec![world.user("requester1").await, world.user("tech1").await, "email:Zoé <zoe@elsewhere.example>".to_owned()];
    let ticket = world.ticket().assignee("tech1").observer("observer").with(|form| form.requesters = requesters);
    let number = ticket.create().await;
    world.occurrence("tech2", number, "public", "Earlier words.").await;
    world.occurrence("tech2", number, "private", "Between us.").await;
    let tech1 = world.ctx("tech1").await;
    let entry = occurrences::add(&tech1, letter(number, "It is on its way.")).await.unwrap();
    let states = async |state: MailState| {
        let ours = shown(&world, "tech2", entry).await;
        let mut told: Vec<(String, MailState)> = ours.mails.into_iter().map(|mail| (mail.to, mail.state)).collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        let mut wanted =
            vec![(world.person("requester1").await.email, state), ("zoe@elsewhere.example".to_owned(), state)];
        wanted.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(told, wanted, "neither the author nor observers");
        let theirs = shown(&world, "requester1", entry).await;
        assert!(theirs.mails.is_empty() && theirs.mail_state.is_none(), "{theirs:?}");
        theirs.sent_by_mail
    };
    assert!(!states(MailState::Queued).await);
    relay(&world.services).await;
    assert!(states(MailState::Sent).await, "the requester side reads \"sent by email\"");
    let (mails, observer) = (letters(&sink), world.person("observer").await.email);
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let whole = [mail.text(), mail.html()].concat();
        assert!(whole.contains("It is on its way."), "{whole}");
        assert!(!whole.contains("Between us.") && !whole.contains("Earlier words."), "{whole}");
        assert!(!mail.data.contains(&observer), "{}", mail.data);
    }
});

both_engines!(t_occ_19_an_edit_is_mailed_only_where_it_is_ticked_again, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let entry = occurrences::add(&tech1, letter(number, "The first wording.")).await.unwrap();
    relay(&world.services).await;
    let words = |text: &str, send_mail: bool| OccurrencePatch {
        body: Patch::Set(text.to_owned()),
        format: BodyFormat::Text,
        send_mail,
        ..OccurrencePatch::default()
    };
    occurrences::edit(&tech1, entry, words("The second wording.", false)).await.unwrap();
    relay(&world.services).await;
    assert_eq!(letters(&sink).len(), 1);
    occurrences::edit(&tech1, entry, words("The third wording.", true)).await.unwrap();
    relay(&world.services).await;
    let mails = letters(&sink);
    assert_eq!(mails.len(), 2);
    assert!(mails[1].header("Subject").is_some_and(|subject| subject.contains("Changed:")), "{}", mails[1].data);
    assert!(mails[1].text().contains("The third wording."), "{}", mails[1].text());
    // One that was never mailed neither.
    let silent = occurrences::add(&tech1, note(number, "Only here.")).await.unwrap();
    occurrences::edit(&tech1, silent, words("Only here, again.", false)).await.unwrap();
    relay(&world.services).await;
    assert_eq!(letters(&sink).len(), 2);
});
