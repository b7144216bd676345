//! An occurrence together with what its command does to the ticket: both or neither (T-STA-31).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, Command};
use domain::policy::Capability::{OccurrenceAddAny, OccurrenceViewPublic, TicketReactivate, TicketViewAll};
use domain::settings::Key;
use domain::ticket::Status;
use service::history::{self, HistoryQuery};
use service::{ServiceError, drafts, lists, occurrences};
use testing::{World, both_engines, error, field, forbidden, note, refused};
use uuid::Uuid;

/// A public occurrence that puts its ticket on hold.
fn suspending(number: i64, text: &str) -> AddOccurrence {
    AddOccurrence { then: "suspend".into(), visibility: "public".into(), ..note(number, text) }
}

/// A public occurrence that takes its ticket up again.
fn resuming(number: i64, text: &str) -> AddOccurrence {
    AddOccurrence { then: "resume".into(), ..suspending(number, text) }
}

async fn add(world: &World, name: &str, form: AddOccurrence) -> Result<Uuid, ServiceError> {
    occurrences::add(&world.ctx(name).await, form).await
}

/// Kinds of the history, newest first.
async fn kinds(world: &World, number: i64) -> Vec<String> {
    let page = history::list(&world.ctx("supervisor").await, number, HistoryQuery::default()).await.unwrap();
    page.items.into_iter().map(|row| row.event.kind).collect()
}

both_engines!(t_sta_31_an_entry_and_its_suspension_are_one_command, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let form = AddOccurrence {
        pending_reason: reason.clone(),
        pending_text: "He was asked.".into(),
        ..suspending(number, "Which printer is it?")
    };
    add(&world, "tech1", form).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.version), ("pending", 2), "one version for both");
    assert_eq!(row.pending_reason_id.map(|id| id.to_string()), Some(reason));
    assert_eq!((row.pending_text.as_deref(), row.pending_since), (Some("He was asked."), Some(world.now())));
    assert_eq!(world.count("occurrence").await, 1, "T-STA-33: a text that is not public is no entry");
    let told = kinds(&world, number).await;
    assert_eq!(told[..3], ["suspended", "status_changed", "occurrence_added"]);
    world.assert_sound().await;
});

both_engines!(t_his_01_a_suspension_tells_its_reason_old_and_new, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let [first, second] = [world.coded(lists::PENDING_REASONS, "requester").await, String::new()];
    let hold = |reason: &str| AddOccurrence { pending_reason: reason.into(), ..suspending(number, "Any news?") };
    for reason in [&first, &first, &second] {
        add(&world, "tech1", hold(reason)).await.unwrap();
    }
    let newest = async |name: &str| {
        let page = history::list(&world.ctx(name).await, number, HistoryQuery::default()).await.unwrap();
        let events = page.items.into_iter().map(|row| row.event).filter(|event| event.kind == "suspended");
        events.map(|event| event.changes).collect::<Vec<_>>()
    };
    let told = newest("tech2").await;
    assert_eq!(told.len(), 3);
    let fields = |at: usize| told[at].iter().map(|one| (one.field.as_str(), one.old.is_empty(), one.new.is_empty()));
    assert_eq!(fields(2).collect::<Vec<_>>(), [("pending_reason", true, false)]);
    assert_eq!(fields(1).count(), 0, "the same reason");
    assert_eq!(fields(0).collect::<Vec<_>>(), [("pending_reason", false, true)]);
    assert!(newest("requester1").await.is_empty(), "for agents alone");
});

both_engines!(t_sta_33_a_public_text_of_the_suspension_is_an_entry_of_its_own, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let form = AddOccurrence {
        pending_text: "We wait for the vendor.".into(),
        pending_public: true,
        ..suspending(number, "Ordered a part.")
    };
    add(&world, "tech1", form).await.unwrap();
    let page = occurrences::list(&world.ctx("requester1").await, number, Default::default()).await.unwrap();
    let texts: Vec<&str> = page.items.iter().map(|entry| entry.body_text.as_str()).collect();
    assert_eq!(texts, ["Ordered a part.", "We wait for the vendor."]);
    assert_eq!(world.row(number).await.pending_text, None);
});

both_engines!(t_sta_13_a_second_suspension_replaces_why_and_the_same_reason_counts_on, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let form = || AddOccurrence { pending_reason: reason.clone(), ..suspending(number, "Any news?") };
    add(&world, "tech1", form()).await.unwrap();
    let since = world.now();
    world.advance(60);
    add(&world, "tech1", form()).await.unwrap();
    assert_eq!(world.row(number).await.pending_since, Some(since));
    add(&world, "tech1", AddOccurrence { pending_reason: String::new(), ..form() }).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.pending_reason_id, row.pending_since), (None, Some(world.now())));
    world.assert_sound().await;
});

both_engines!(t_sta_31_a_refused_suspension_saves_no_entry, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let inactive = world.list_row(lists::PENDING_REASONS, "Old", |row| row.active = false).await;
    let of = |pending_reason: &str| AddOccurrence { pending_reason: pending_reason.into(), ..suspending(number, "x") };
    for reason in ["no id", &Uuid::nil().to_string(), &inactive] {
        assert_eq!(field(add(&world, "tech1", of(reason)).await, "suspend.reason"), Some(Code::UnknownReference));
    }
    let long = AddOccurrence { pending_text: "x".repeat(2_001), ..suspending(number, "x") };
    assert_eq!(field(add(&world, "tech1", long).await, "suspend.text"), Some(Code::TooLong));
    world.set(Key::SuspensionTextRequired, world.root, "true").await;
    let wrong = AddOccurrence { minutes: "abc".into(), ..suspending(number, "Words worth keeping.") };
    assert_eq!(field(add(&world, "tech1", wrong).await, "minutes"), Some(Code::TimeFormat));
    let silent = suspending(number, "Words worth keeping.");
    assert_eq!(field(add(&world, "tech1", silent).await, "suspend.text"), Some(Code::Required), "T-PEN-02");
    let strange = AddOccurrence { then: "vanish".into(), ..note(number, "x") };
    assert_eq!(field(add(&world, "tech1", strange).await, "then"), Some(Code::Invalid));

    assert_eq!(world.count("occurrence").await, 0);
    assert_eq!(world.status(number).await, Status::Assigned);
    let tech1 = world.ctx("tech1").await;
    let draft = drafts::find(&tech1, "occurrence", &number.to_string()).await.unwrap();
    assert_eq!(draft.unwrap().text("body"), "x", "what was typed last is kept");
});

both_engines!(t_sta_31_each_part_needs_its_own_right, |world: World| async move {
    world.hire_with("scribe", &[TicketViewAll, OccurrenceViewPublic, OccurrenceAddAny]).await;
    world.hire_with("waker", &[TicketViewAll, OccurrenceViewPublic, TicketReactivate]).await;
    let number = world.ticket().assignee("tech1").create().await;
    assert_eq!(forbidden(add(&world, "scribe", suspending(number, "x")).await), "ticket.suspend");
    assert_eq!(forbidden(add(&world, "scribe", resuming(number, "x")).await), "ticket.reactivate");
    assert_eq!(forbidden(add(&world, "waker", resuming(number, "x")).await), "occurrence.add-any");
    // Who is no agent has no such fields (section 6).
    assert_eq!(field(add(&world, "requester1", suspending(number, "x")).await, "suspend"), Some(Code::NotAllowed));
    assert_eq!(field(add(&world, "requester1", resuming(number, "x")).await, "reactivate"), Some(Code::NotAllowed));
    assert_eq!(error(add(&world, "requester2", suspending(number, "x")).await), AppError::NotFound);
    assert_eq!(world.count("occurrence").await, 0);
    add(&world, "scribe", note(number, "A note.")).await.unwrap();
});

both_engines!(t_sta_29_a_suspension_follows_the_rules_of_the_state, |world: World| async move {
    for (status, code) in [
        (Status::Solved, Code::TransitionNotAllowed),
        (Status::Closed, Code::TicketClosed),
        (Status::Cancelled, Code::TicketCancelled),
    ] {
        let number = world.ticket().assignee("tech1").create().await;
        world.put_status(number, status).await;
        assert_eq!(refused(add(&world, "tech1", suspending(number, "x")).await), code, "{status:?}");
    }
    let open = world.ticket().assignee("tech1").create().await;
    assert_eq!(refused(add(&world, "tech1", resuming(open, "x")).await), Code::NotPending);
    assert_eq!(world.count("occurrence").await, 0, "a refused command leaves nothing behind");
});

both_engines!(t_sta_31_an_answer_of_an_asking_agent_has_resumed_the_ticket_already, |world: World| async move {
    let number = world.ticket().requester("tech2").assignee("tech1").create().await;
    world.command("tech1", number, Command::Suspend).await.unwrap();
    add(&world, "tech2", resuming(number, "It is the blue one.")).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);
    world.assert_sound().await;
});

both_engines!(t_gen_08_a_double_submit_suspends_once, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let form = AddOccurrence { key: "k1".into(), ..suspending(number, "Which one?") };
    let first = add(&world, "tech1", form.clone()).await.unwrap();
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    assert_eq!(add(&world, "tech1", form.clone()).await.unwrap(), first);
    assert_eq!(world.status(number).await, Status::Assigned, "the twin suspends nothing again");
    let other = AddOccurrence { then: String::new(), ..form };
    assert_eq!(refused(add(&world, "tech1", other).await), Code::IdempotencyMismatch);
});
