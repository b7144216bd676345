//! Editing and removing occurrences: revisions, merging, visibility, tombstones (T-OCC-15..23).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, Command, OccurrencePatch, Patch, RemoveOccurrence};
use domain::occurrence::{BodyFormat, Visibility};
use domain::views::{OccurrenceView, TimelineQuery};
use service::history::HistoryQuery;
use service::{history, lists, occurrences, requests, search};
use testing::{World, both_engines, conflict, error, field, forbidden, note, refused};
use uuid::Uuid;

fn body(text: &str) -> OccurrencePatch {
    OccurrencePatch { body: Patch::Set(text.to_owned()), format: BodyFormat::Text, ..OccurrencePatch::default() }
}

fn visibility(word: &str) -> OccurrencePatch {
    OccurrencePatch { visibility: Patch::Set(word.to_owned()), ..OccurrencePatch::default() }
}

fn removal(id: Uuid) -> RemoveOccurrence {
    RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() }
}

async fn seen(world: &World, name: &str, id: Uuid) -> OccurrenceView {
    occurrences::get(&world.ctx(name).await, id).await.unwrap()
}

async fn kinds(world: &World, name: &str, number: i64) -> Vec<String> {
    let page = history::list(&world.ctx(name).await, number, HistoryQuery::default()).await.unwrap();
    page.items.into_iter().map(|row| row.event.kind).collect()
}

both_engines!(t_occ_16_a_change_keeps_the_former_text_and_shows_the_difference_by_words, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "The cable is loose.").await;
    world.advance(120);
    let tech1 = world.ctx("tech1").await;
    occurrences::edit(&tech1, id, body("The cable is new.")).await.unwrap();
    let view = seen(&world, "tech2", id).await;
    assert_eq!((view.revision_count, view.version), (1, 2));
    assert!(view.edited_at.unwrap().as_str().starts_with("2026-03-12T13:02:00"));
    let revisions = occurrences::revisions(&tech1, id).await.unwrap();
    let what: Vec<&str> = revisions.iter().map(|revision| revision.what.as_str()).collect();
    assert_eq!(what, ["created", "edited"]);
    assert!(revisions[0].body.as_str().contains("loose"));
    let diff = &revisions[1].diff;
    assert!(diff.iter().any(|part| part.op == "removed" && part.text.contains("loose")), "{diff:?}");
    assert!(diff.iter().any(|part| part.op == "added" && part.text.contains("new")), "{diff:?}");
    assert!(diff.iter().any(|part| part.op == "same" && part.text.contains("cable")), "{diff:?}");
    world.assert_sound().await;
});

both_engines!(t_occ_16_a_save_without_any_difference_makes_no_revision, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "The cable is loose.").await;
    let mut patch = body("The cable is loose.");
    patch.visibility = Patch::Set("public".into());
    patch.minutes = Patch::Clear;
    patch.occurred_at = Patch::Set("2026-03-12T13:00:40Z".into());
    occurrences::edit(&world.ctx("tech1").await, id, patch).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!((view.revision_count, view.version, view.edited_at), (0, 1, None));
    assert!(!kinds(&world, "tech1", number).await.contains(&"occurrence_edited".to_owned()));
});

both_engines!(t_occ_16_requesters_read_edited_and_never_a_former_text, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "The cable is loose.").await;
    let tech1 = world.ctx("tech1").await;
    let time = OccurrencePatch { minutes: Patch::Set("30".into()), ..OccurrencePatch::default() };
    occurrences::edit(&tech1, id, time).await.unwrap();
    assert_eq!(seen(&world, "requester1", id).await.edited_at, None, "the text is the same");
    occurrences::edit(&tech1, id, body("The cable is new.")).await.unwrap();
    let view = seen(&world, "requester1", id).await;
    assert!(view.edited_at.is_some());
    assert_eq!((view.edited_by, view.revision_count), (None, 0));
    assert_eq!(error(occurrences::revisions(&world.ctx("requester1").await, id).await), AppError::NotFound);
});

both_engines!(t_occ_15_the_author_or_update_any_edits, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let own = occurrences::add(&world.ctx("requester1").await, note(number, "Two.")).await.unwrap();
    let hidden = world.occurrence("tech1", number, "private", "Three.").await;
    let requester1 = world.ctx("requester1").await;
    let tech2 = world.ctx("tech2").await;
    assert_eq!(forbidden(occurrences::edit(&tech2, id, body("x")).await), "occurrence.update-any");
    assert_eq!(forbidden(occurrences::edit(&requester1, own, body("x")).await), "occurrence.update-own");
    assert_eq!(error(occurrences::edit(&requester1, hidden, body("x")).await), AppError::NotFound);
    assert_eq!(error(occurrences::edit(&world.ctx("requester2").await, id, body("x")).await), AppError::NotFound);
    assert_eq!(error(occurrences::edit(&tech2, Uuid::nil(), body("x")).await), AppError::NotFound);
    occurrences::edit(&world.ctx("supervisor").await, id, body("x")).await.unwrap();
});

both_engines!(t_gen_03_wrong_fields_of_an_edit_have_their_codes, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let tech1 = world.ctx("tech1").await;
    let of = |change: fn(&mut OccurrencePatch)| {
        let mut patch = OccurrencePatch::default();
        change(&mut patch);
        patch
    };
    let cases = [
        ("body", Code::Required, of(|p| p.body = Patch::Clear)),
        ("body", Code::Required, of(|p| p.body = Patch::Set("  ".into()))),
        ("visibility", Code::Invalid, of(|p| p.visibility = Patch::Set("secret".into()))),
        ("occurred_at", Code::InFuture, of(|p| p.occurred_at = Patch::Set("2030-01-01T00:00:00Z".into()))),
        ("minutes", Code::TimeFormat, of(|p| p.minutes = Patch::Set("1,5".into()))),
        ("category", Code::UnknownReference, of(|p| p.category = Patch::Set("x".into()))),
        ("source", Code::UnknownReference, of(|p| p.source = Patch::Set("x".into()))),
    ];
    for (name, code, patch) in cases {
        assert_eq!(field(occurrences::edit(&tech1, id, patch).await, name), Some(code), "{name}");
    }
});

both_engines!(t_gen_07_the_same_field_changed_twice_is_a_conflict, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let from_first = |patch: OccurrencePatch| OccurrencePatch { version: Some(1), ..patch };
    occurrences::edit(&world.ctx("tech1").await, id, from_first(body("Two."))).await.unwrap();
    let supervisor = world.ctx("supervisor").await;
    let conflicts = conflict(occurrences::edit(&supervisor, id, from_first(body("Three."))).await);
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].field, "body");
    assert_eq!(conflicts[0].theirs, "Two.");
    assert_eq!(conflicts[0].yours, "Three.");
    assert_eq!(conflicts[0].by.as_deref(), Some("tech1"));
    assert_eq!(seen(&world, "tech1", id).await.body_text, "Two.", "a refusal changes nothing");

    let minutes = OccurrencePatch { minutes: Patch::Set("30".into()), ..OccurrencePatch::default() };
    occurrences::edit(&supervisor, id, from_first(minutes)).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!((view.body_text.as_str(), view.minutes.unwrap().0, view.version), ("Two.", 30, 3), "both are kept");
    occurrences::edit(&supervisor, id, from_first(body("Two."))).await.unwrap();
});

both_engines!(t_gen_07_a_whole_form_takes_nothing_back_that_others_changed_meanwhile, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let tech1 = world.ctx("tech1").await;
    occurrences::edit(&tech1, id, OccurrencePatch { version: Some(1), ..body("Two.") }).await.unwrap();
    let whole = |minutes: &str| OccurrencePatch {
        version: Some(1),
        visibility: Patch::Set("public".into()),
        minutes: Patch::from_text(minutes.to_owned()),
        attachments: Patch::Set(Vec::new()),
        ..body("One.")
    };
    let supervisor = world.ctx("supervisor").await;
    occurrences::edit(&supervisor, id, whole("30")).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!((view.body_text.as_str(), view.minutes.map(|minutes| minutes.0)), ("Two.", Some(30)), "both are kept");
    // Private meanwhile: a form that still says public neither publishes nor sends it.
    occurrences::edit(&tech1, id, visibility("private")).await.unwrap();
    occurrences::edit(&supervisor, id, OccurrencePatch { version: Some(3), ..whole("40") }).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert_eq!((view.visibility, view.minutes.map(|minutes| minutes.0)), (Visibility::Private, Some(40)));
    world.assert_sound().await;
});

both_engines!(t_occ_15_a_form_without_the_editor_keeps_the_markup, |world: World| async move {
    let number = world.ticket().create().await;
    let form = AddOccurrence {
        body: "<p>The <strong>blue</strong> cable.</p>".into(),
        format: BodyFormat::Html,
        ..note(number, "")
    };
    let tech1 = world.ctx("tech1").await;
    let id = occurrences::add(&tech1, form).await.unwrap();
    let plain = OccurrencePatch { minutes: Patch::Set("5".into()), ..body("The blue cable.") };
    occurrences::edit(&tech1, id, plain).await.unwrap();
    let view = seen(&world, "tech1", id).await;
    assert!(view.body.as_str().contains("<strong>blue</strong>"), "{:?}", view.body);
    assert_eq!(view.minutes.map(|minutes| minutes.0), Some(5));
});

both_engines!(a_bas_if_match_names_the_present_version, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let tech1 = world.ctx("tech1").await;
    occurrences::edit(&tech1, id, OccurrencePatch { if_match: Some(1), ..body("Two.") }).await.unwrap();
    let stale = occurrences::edit(&tech1, id, OccurrencePatch { if_match: Some(1), ..body("Three.") }).await;
    assert_eq!(error(stale), AppError::PreconditionFailed(2));
});

both_engines!(t_occ_17_and_18_visibility_changes_count_from_the_next_request, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "private", "Between us.").await;
    let tech1 = world.ctx("tech1").await;
    let requester1 = world.ctx("requester1").await;
    assert_eq!(error(occurrences::get(&requester1, id).await), AppError::NotFound);

    occurrences::edit(&tech1, id, visibility("public")).await.unwrap();
    assert_eq!(occurrences::get(&requester1, id).await.unwrap().visibility, Visibility::Public);
    assert_eq!(kinds(&world, "tech1", number).await.first().map(String::as_str), Some("visibility_changed"));
    let found = search::search(&requester1, "between", &[], None, "", 0).await.unwrap();
    assert_eq!(found.items.len(), 1);

    occurrences::edit(&tech1, id, visibility("private")).await.unwrap();
    assert_eq!(error(occurrences::get(&requester1, id).await), AppError::NotFound);
    let found = search::search(&requester1, "between", &[], None, "", 0).await.unwrap();
    assert_eq!((found.items.len(), found.count.value), (0, 0));
    let detail = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert!(!serde_json::to_string(&detail).unwrap().contains("Between us"));
    let what: Vec<String> = occurrences::revisions(&tech1, id).await.unwrap().into_iter().map(|r| r.what).collect();
    assert_eq!(what, ["created", "visibility_changed", "visibility_changed"]);
    assert_eq!(
        world.count("event WHERE audience = 'hidden'").await,
        1,
        "streams of requesters are told to take it away"
    );
    world.assert_sound().await;
});

both_engines!(t_occ_15_entries_of_the_requester_side_stay_public, |world: World| async move {
    let own = world.ticket().requester("tech2").create().await;
    let id = world.occurrence("tech2", own, "public", "My own printer.").await;
    let answer = occurrences::edit(&world.ctx("tech2").await, id, visibility("private")).await;
    assert_eq!(field(answer, "visibility"), Some(Code::NotAllowed));
    occurrences::edit(&world.ctx("supervisor").await, id, visibility("private")).await.unwrap();
});

both_engines!(t_occ_20_the_event_names_the_fields_and_never_the_text, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "private", "Secret word.").await;
    let category = world.coded(lists::OCCURRENCE_CATEGORIES, "analysis").await;
    let patch =
        OccurrencePatch { minutes: Patch::Set("1h".into()), category: Patch::Set(category), ..body("Other word.") };
    let tech1 = world.ctx("tech1").await;
    occurrences::edit(&tech1, id, patch).await.unwrap();
    let page = history::list(&tech1, number, HistoryQuery::default()).await.unwrap();
    let event = &page.items[0].event;
    let fields: Vec<&str> = event.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((event.kind.as_str(), fields), ("occurrence_edited", vec!["body", "minutes", "category"]));
    assert!(!serde_json::to_string(event).unwrap().contains("word"), "T-HIS-05");
});

both_engines!(t_occ_22_a_removed_public_entry_leaves_a_tombstone_without_text, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "Wrong ticket.").await;
    world.advance(300);
    let form = RemoveOccurrence { reason: "Wrong ticket".into(), ..removal(id) };
    occurrences::remove(&world.ctx("tech1").await, form).await.unwrap();
    let theirs = seen(&world, "requester1", id).await;
    assert_eq!((theirs.body.as_str(), theirs.body_text.as_str()), ("", ""));
    let removed = theirs.removed.unwrap();
    assert!(removed.at.as_str().starts_with("2026-03-12T13:05:00"));
    assert_eq!((removed.by, removed.reason), (None, None));
    let ours = seen(&world, "tech2", id).await;
    assert_eq!(ours.body_text, "");
    let removed = ours.removed.unwrap();
    assert_eq!(removed.by.unwrap().name, "tech1");
    assert_eq!(removed.reason.as_deref(), Some("Wrong ticket"));
    let revisions = occurrences::revisions(&world.ctx("tech2").await, id).await.unwrap();
    assert!(revisions[0].body.as_str().contains("Wrong ticket."), "view-private reads it in the revisions");
    world.assert_sound().await;
});

both_engines!(t_occ_22_a_removed_private_entry_leaves_nothing_for_the_requester, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "private", "Between us.").await;
    occurrences::remove(&world.ctx("tech1").await, removal(id)).await.unwrap();
    let requester1 = world.ctx("requester1").await;
    assert_eq!(error(occurrences::get(&requester1, id).await), AppError::NotFound);
    let detail = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    let json = serde_json::to_string(&detail).unwrap();
    assert!(!json.contains(&id.to_string()), "{json}");
});

both_engines!(t_occ_23_a_removed_entry_is_not_touched_again, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "Wrong ticket.").await;
    let tech1 = world.ctx("tech1").await;
    occurrences::remove(&tech1, removal(id)).await.unwrap();
    assert_eq!(refused(occurrences::remove(&tech1, removal(id)).await), Code::EntryDeleted);
    assert_eq!(refused(occurrences::edit(&tech1, id, body("x")).await), Code::EntryDeleted);
    let reply = AddOccurrence { reply_to: id.to_string(), ..note(number, "x") };
    assert_eq!(refused(occurrences::add(&tech1, reply).await), Code::EntryDeleted);
    for name in ["tech2", "requester1"] {
        let found = search::search(&world.ctx(name).await, "wrong", &[], None, "", 0).await.unwrap();
        assert_eq!(found.count.value, 0, "{name}");
    }
});

both_engines!(t_occ_23_removed_time_no_longer_counts_and_replies_stay, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let form = AddOccurrence { minutes: "45".into(), visibility: "public".into(), ..note(number, "Visit.") };
    let id = occurrences::add(&tech1, form).await.unwrap();
    let reply = AddOccurrence { reply_to: id.to_string(), minutes: "15".into(), ..note(number, "Reply.") };
    let reply = occurrences::add(&tech1, reply).await.unwrap();
    let worked = service::tickets::detail(&tech1, number).await.unwrap().worked;
    assert_eq!(worked.unwrap().0, 60);
    occurrences::remove(&tech1, removal(id)).await.unwrap();
    assert_eq!(service::tickets::detail(&tech1, number).await.unwrap().worked.unwrap().0, 15);
    assert_eq!(seen(&world, "requester1", reply).await.body_text, "Reply.");
});

both_engines!(t_occ_21_the_author_or_delete_any_removes, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let own = occurrences::add(&world.ctx("requester1").await, note(number, "Two.")).await.unwrap();
    let requester1 = world.ctx("requester1").await;
    assert_eq!(forbidden(occurrences::remove(&world.ctx("tech2").await, removal(id)).await), "occurrence.delete-any");
    assert_eq!(forbidden(occurrences::remove(&requester1, removal(own)).await), "occurrence.delete-own");
    let unknown = RemoveOccurrence { id: "no id".into(), ..RemoveOccurrence::default() };
    assert_eq!(error(occurrences::remove(&requester1, unknown).await), AppError::NotFound);
    let long = RemoveOccurrence { reason: "x".repeat(501), ..removal(id) };
    let supervisor = world.ctx("supervisor").await;
    assert_eq!(field(occurrences::remove(&supervisor, long).await, "reason"), Some(Code::TooLong));
    let stale = RemoveOccurrence { version: 7, ..removal(id) };
    assert!(conflict(occurrences::remove(&supervisor, stale).await).is_empty());
    let stale = RemoveOccurrence { version: 7, if_match: true, ..removal(id) };
    assert_eq!(error(occurrences::remove(&supervisor, stale).await), AppError::PreconditionFailed(1));
    occurrences::remove(&supervisor, removal(id)).await.unwrap();
});

both_engines!(t_occ_15_entries_of_over_tickets_stay_as_they_are, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    world.command("supervisor", number, Command::Cancel).await.unwrap();
    let tech1 = world.ctx("tech1").await;
    assert_eq!(refused(occurrences::edit(&tech1, id, body("x")).await), Code::TicketCancelled);
    assert_eq!(refused(occurrences::remove(&tech1, removal(id)).await), Code::TicketCancelled);
});

both_engines!(t_his_03_events_of_a_private_entry_are_for_those_who_see_it, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "private", "One.").await;
    occurrences::edit(&world.ctx("tech1").await, id, body("Two.")).await.unwrap();
    assert_eq!(kinds(&world, "tech2", number).await, ["occurrence_edited", "occurrence_added", "created"]);
    assert_eq!(kinds(&world, "requester1", number).await, ["created"]);
});
