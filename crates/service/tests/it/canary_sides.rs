//! The canary for what is no occurrence: messages and chats tell observers nothing, validations nothing to the requester side
//! (T-MSG-04, T-CHT-01, T-VAL-06).

use domain::forms::{AnswerValidation, AskValidation, ChangeValidation, SendChat, SendMessage};
use domain::occurrence::BodyFormat;
use service::{chat, events, messages, validations};
use testing::{both_engines, upload};
use uuid::Uuid;

use crate::canary::{WORDS, answers, assert_same, lived_in};

both_engines!(t_msg_04_no_answer_to_an_observer_changes_by_a_message, |world: World| async move {
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    world.occurrence("tech1", number, "public", "We look at the printer.").await;
    world.advance(60);
    let requester2 = world.ctx("requester2").await;
    // Read twice: the first time leaves a mark.
    for _time in 0..2 {
        answers(&requester2, number).await;
    }
    world.advance(600);
    let before = answers(&requester2, number).await;
    world.advance(600);
    let position = world.settled_events().await;

    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    let words = || SendMessage { ticket: number, text: WORDS.into(), ..SendMessage::default() };
    messages::send(&tech1, words()).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester2, number).await, "it was sent");
    let seen = answers(&requester1, number).await;
    assert!(
        seen.iter().any(|(name, value)| *name == "request" && value.to_string().contains("zebra")),
        "the canary lives"
    );
    world.advance(600);
    assert_same(&before, &answers(&requester2, number).await, "it was read");
    let answer = messages::send(&requester1, words()).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester2, number).await, "it was answered");
    messages::withdraw(&requester1, answer, None).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester2, number).await, "it was withdrawn");

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    assert!(told.len() >= 4, "{told:?}");
    for change in told {
        assert!(!events::sees(&requester2, &change).await, "{change:?}");
    }
    world.assert_sound().await;
});

both_engines!(t_cht_01_no_answer_to_an_observer_changes_by_a_chat, |world: World| async move {
    world.set(domain::settings::Key::ChatEnabled, world.root, "true").await;
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    world.occurrence("tech1", number, "public", "We look at the printer.").await;
    world.advance(60);
    let requester2 = world.ctx("requester2").await;
    // Read twice: the first time leaves a mark.
    for _time in 0..2 {
        answers(&requester2, number).await;
    }
    world.advance(600);
    let before = answers(&requester2, number).await;
    world.advance(600);
    let position = world.settled_events().await;

    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    let words = || SendChat { ticket: number, text: WORDS.into(), ..SendChat::default() };
    chat::send(&tech1, words()).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester2, number).await, "it was said");
    let seen = answers(&requester1, number).await;
    assert!(
        seen.iter().any(|(name, value)| *name == "chat" && value.to_string().contains("zebra")),
        "the canary lives"
    );
    chat::send(&requester1, words()).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester2, number).await, "it was answered");
    chat::note_typing(&tech1, number, true).await.unwrap();
    assert_same(&before, &answers(&requester2, number).await, "somebody writes");
    world.advance(1_800);
    service::jobs::tend_chats(&world.services).await.unwrap();
    assert_same(&before, &answers(&requester2, number).await, "it ended");

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    assert!(told.len() >= 4, "{told:?}");
    for change in told {
        assert!(!events::sees(&requester2, &change).await, "{change:?}");
    }
    world.assert_sound().await;
});

both_engines!(t_val_06_no_answer_to_a_requester_changes_by_a_validation, |world: World| async move {
    let number = lived_in(&world).await;
    let requester1 = world.ctx("requester1").await;
    let before = answers(&requester1, number).await;
    world.advance(600);
    let position = world.settled_events().await;

    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "zebra-canário.txt", "zebra-canário".as_bytes()).await.unwrap();
    let form = AskValidation {
        ticket: number,
        comment: WORDS.into(),
        format: BodyFormat::Text,
        targets: vec![world.user("supervisor").await],
        attachments: vec![file.id.to_string()],
        ..AskValidation::default()
    };
    let id = validations::ask(&tech1, form).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was asked");
    let seen = answers(&world.ctx("tech2").await, number).await;
    assert!(
        seen.iter().any(|(name, value)| *name == "validations" && value.to_string().contains("zebra")),
        "the canary lives"
    );

    let answer = AnswerValidation { answer: "refused".into(), comment: WORDS.into(), ..answer_of(id) };
    validations::answer(&world.ctx("supervisor").await, answer, None).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was refused");
    let change = ChangeValidation { id: id.to_string(), ticket: number, ..ChangeValidation::default() };
    let again = validations::ask_again(&tech1, change.clone()).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was asked again");
    validations::withdraw(&tech1, ChangeValidation { id: again.to_string(), ..change }).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was withdrawn");

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    for change in told.into_iter().filter(|change| change.kind != "ticket") {
        assert!(!events::sees(&requester1, &change).await, "{change:?}");
    }
    world.assert_sound().await;
});

fn answer_of(id: Uuid) -> AnswerValidation {
    AnswerValidation { id: id.to_string(), ..AnswerValidation::default() }
}
