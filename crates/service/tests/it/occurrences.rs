//! Registering occurrences (tickets.md section 8): who may, which fields, what it does to the ticket.

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, Command, RunCommand};
use domain::occurrence::Visibility;
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::TimelineQuery;
use service::{drafts, lists, occurrences, requests, tickets};
use testing::{World, both_engines, disabled, error, field, forbidden, note, refused, upload};
use uuid::Uuid;

async fn visibility_of(world: &World, id: Uuid) -> Visibility {
    occurrences::get(&world.ctx("supervisor").await, id).await.unwrap().visibility
}

both_engines!(t_occ_01_whoever_sees_the_ticket_and_has_the_right_may_write, |world: World| async move {
    let number = world.ticket().create().await;
    for name in ["tech1", "supervisor", "admin", "requester1"] {
        occurrences::add(&world.ctx(name).await, note(number, "Seen.")).await.unwrap();
    }
    let auditor = occurrences::add(&world.ctx("observer").await, note(number, "Seen.")).await;
    assert_eq!(forbidden(auditor), "occurrence.add-any");
    assert_eq!(world.count("occurrence").await, 4);
    world.assert_sound().await;
});

both_engines!(t_gen_02_a_foreign_ticket_is_like_an_unknown_one, |world: World| async move {
    let number = world.ticket().create().await;
    let requester2 = world.ctx("requester2").await;
    let foreign = error(occurrences::add(&requester2, note(number, "Seen.")).await);
    let unknown = error(occurrences::add(&requester2, note(number + 1_000, "Seen.")).await);
    assert_eq!(foreign, AppError::NotFound);
    assert_eq!(foreign, unknown);
});

both_engines!(t_gen_02_wrong_fields_are_told_before_anything_about_the_ticket, |world: World| async move {
    let number = world.ticket().create().await;
    let requester2 = world.ctx("requester2").await;
    assert_eq!(field(occurrences::add(&requester2, note(number, " ")).await, "body"), Some(Code::Required));
    assert_eq!(field(occurrences::add(&requester2, note(999_999, " ")).await, "body"), Some(Code::Required));
});

both_engines!(t_occ_an_occurrence_is_private_for_agents_and_public_for_everybody_else, |world: World| async move {
    let number = world.ticket().create().await;
    let of_agent = occurrences::add(&world.ctx("tech1").await, note(number, "Looked at it.")).await.unwrap();
    let of_requester = occurrences::add(&world.ctx("requester1").await, note(number, "Still broken.")).await.unwrap();
    assert_eq!(visibility_of(&world, of_agent).await, Visibility::Private);
    assert_eq!(visibility_of(&world, of_requester).await, Visibility::Public);

    world.prefer("tech1", "default_visibility", "public").await;
    let preferred = occurrences::add(&world.ctx("tech1").await, note(number, "Found it.")).await.unwrap();
    assert_eq!(visibility_of(&world, preferred).await, Visibility::Public);

    let own = world.ticket().requester("tech2").create().await;
    let asking = occurrences::add(&world.ctx("tech2").await, note(own, "My own printer.")).await.unwrap();
    assert_eq!(visibility_of(&world, asking).await, Visibility::Public, "an agent on the requester side");
});

both_engines!(t_occ_05_people_who_are_no_agents_set_neither_visibility_nor_time, |world: World| async move {
    let number = world.ticket().create().await;
    let first = world.occurrence("tech1", number, "public", "We look at it.").await;
    let requester1 = world.ctx("requester1").await;
    let cases = [
        ("visibility", AddOccurrence { visibility: "private".into(), ..note(number, "x") }),
        ("minutes", AddOccurrence { minutes: "30".into(), ..note(number, "x") }),
        ("occurred_at", AddOccurrence { occurred_at: "2026-03-12T12:00:00Z".into(), ..note(number, "x") }),
        ("reply_to", AddOccurrence { reply_to: first.to_string(), ..note(number, "x") }),
    ];
    for (name, form) in cases {
        assert_eq!(field(occurrences::add(&requester1, form).await, name), Some(Code::NotAllowed), "{name}");
    }
    let public = AddOccurrence { visibility: "public".into(), ..note(number, "Thanks.") };
    occurrences::add(&requester1, public).await.unwrap();
});

both_engines!(t_gen_03_every_wrong_field_has_its_code, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let cases = [
        ("body", Code::Required, AddOccurrence { body: "<p> &nbsp;</p>".into(), ..AddOccurrence::default() }),
        ("body", Code::TooLong, note(number, &"x".repeat(200_001))),
        (
            "occurred_at",
            Code::InFuture,
            AddOccurrence { occurred_at: "2026-03-12T13:01:01Z".into(), ..note(number, "x") },
        ),
        (
            "occurred_at",
            Code::TooOld,
            AddOccurrence { occurred_at: "1999-12-31T23:59:59Z".into(), ..note(number, "x") },
        ),
        ("occurred_at", Code::Invalid, AddOccurrence { occurred_at: "yesterday".into(), ..note(number, "x") }),
        ("minutes", Code::TimeFormat, AddOccurrence { minutes: "1,5".into(), ..note(number, "x") }),
        ("minutes", Code::TimeOutOfRange, AddOccurrence { minutes: "25h".into(), ..note(number, "x") }),
        ("visibility", Code::Invalid, AddOccurrence { visibility: "secret".into(), ..note(number, "x") }),
        (
            "attachments[0]",
            Code::UnknownReference,
            AddOccurrence { attachments: vec!["x".into()], ..note(number, "x") },
        ),
        (
            "attachments",
            Code::TooMany,
            AddOccurrence { attachments: vec![Uuid::nil().to_string(); 21], ..note(number, "x") },
        ),
    ];
    for (name, code, form) in cases {
        assert_eq!(field(occurrences::add(&tech1, form).await, name), Some(code), "{name}");
    }
    let slack =
        AddOccurrence { occurred_at: "2026-03-12T13:01:00Z".into(), minutes: "24h".into(), ..note(number, "x") };
    occurrences::add(&tech1, slack).await.unwrap();
    assert_eq!(world.count("occurrence").await, 1, "a refusal changes nothing");
});

both_engines!(t_gen_02_all_wrong_fields_come_at_once, |world: World| async move {
    let number = world.ticket().create().await;
    let form = AddOccurrence {
        minutes: "abc".into(),
        occurred_at: "abc".into(),
        visibility: "abc".into(),
        ..note(number, "")
    };
    let AppError::Invalid(errors) = error(occurrences::add(&world.ctx("tech1").await, form).await) else {
        panic!("422")
    };
    for name in ["body", "minutes", "occurred_at", "visibility"] {
        assert!(errors.of(name).is_some(), "{name}");
    }
});

both_engines!(t_gen_03_foreign_inactive_and_unknown_references_get_one_code, |world: World| async move {
    let number = world.ticket().create().await;
    let other = world.ticket().create().await;
    let elsewhere = world.occurrence("tech1", other, "public", "Another ticket.").await.to_string();
    let inactive = world.list_row(lists::OCCURRENCE_CATEGORIES, "Old", |row| row.active = false).await;
    let deaf = world.list_row(lists::SOURCES, "Fax", |row| row.for_occurrences = false).await;
    let portugal = world.entity("Portugal", world.root).await;
    let foreign = world.list_row(lists::OCCURRENCE_CATEGORIES, "Lisbon", |row| row.entity_id = portugal).await;
    let phone = world.coded(lists::SOURCES, "phone").await;
    let theirs = upload(&world.ctx("tech2").await, "a.txt", b"a").await.unwrap().id.to_string();
    let tech1 = world.ctx("tech1").await;
    let cases = [
        ("category", AddOccurrence { category: Uuid::nil().to_string(), ..note(number, "x") }),
        ("category", AddOccurrence { category: "no id".into(), ..note(number, "x") }),
        ("category", AddOccurrence { category: inactive, ..note(number, "x") }),
        ("category", AddOccurrence { category: foreign, ..note(number, "x") }),
        ("category", AddOccurrence { category: phone, ..note(number, "x") }),
        ("source", AddOccurrence { source: deaf, ..note(number, "x") }),
        ("reply_to", AddOccurrence { reply_to: elsewhere, ..note(number, "x") }),
        ("reply_to", AddOccurrence { reply_to: Uuid::nil().to_string(), ..note(number, "x") }),
        ("attachments[0]", AddOccurrence { attachments: vec![theirs], ..note(number, "x") }),
    ];
    for (name, form) in cases {
        assert_eq!(field(occurrences::add(&tech1, form).await, name), Some(Code::UnknownReference), "{name}");
    }
});

both_engines!(t_gen_08_a_double_submit_is_one_entry, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let form = AddOccurrence { key: "k1".into(), ..note(number, "Cable replaced.") };
    let first = occurrences::add(&tech1, form.clone()).await.unwrap();
    let second = occurrences::add(&tech1, form.clone()).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(world.count("occurrence").await, 1);
    assert!(
        drafts::find(&tech1, "occurrence", &number.to_string()).await.unwrap().is_none(),
        "the twin leaves no draft"
    );

    let other = AddOccurrence { body: "Cable removed.".into(), ..form.clone() };
    assert_eq!(refused(occurrences::add(&tech1, other).await), Code::IdempotencyMismatch);
    occurrences::add(&world.ctx("tech2").await, form).await.unwrap();
    assert_eq!(world.count("occurrence").await, 2, "a key belongs to its person");
    world.assert_sound().await;
});

both_engines!(t_gen_08_a_refused_command_leaves_its_key_free, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let wrong = AddOccurrence { key: "k1".into(), minutes: "abc".into(), ..note(number, "Cable replaced.") };
    assert_eq!(field(occurrences::add(&tech1, wrong.clone()).await, "minutes"), Some(Code::TimeFormat));
    occurrences::add(&tech1, AddOccurrence { minutes: "15".into(), ..wrong }).await.unwrap();
});

both_engines!(a_idm_01_a_malformed_key_is_refused, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    for key in ["chave é".to_owned(), "k".repeat(129)] {
        let form = AddOccurrence { key, ..note(number, "x") };
        assert_eq!(field(occurrences::add(&tech1, form).await, "key"), Some(Code::Invalid));
    }
});

both_engines!(t_gen_05_markup_is_cleaned_before_it_is_stored, |world: World| async move {
    let number = world.ticket().create().await;
    let body = "<p onclick=\"x()\">Hi <strong>you</strong><script>alert(1)</script><img src=\"https://evil.example/p.png\"></p>";
    let form = AddOccurrence { ticket: number, body: body.into(), ..AddOccurrence::default() };
    let tech1 = world.ctx("tech1").await;
    let id = occurrences::add(&tech1, form).await.unwrap();
    let view = occurrences::get(&tech1, id).await.unwrap();
    let html = view.body.as_str();
    assert!(html.contains("<strong>you</strong>"), "{html}");
    for bad in ["onclick", "<script", "<img", "evil"] {
        assert!(!html.contains(bad), "{bad} in {html}");
    }
});

both_engines!(t_occ_06_both_times_are_kept, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let form = AddOccurrence {
        occurred_at: "2026-03-01T08:00:00Z".into(),
        minutes: "1h30".into(),
        ..note(number, "On site.")
    };
    let id = occurrences::add(&tech1, form).await.unwrap();
    let view = occurrences::get(&tech1, id).await.unwrap();
    assert!(view.occurred_at.as_str().starts_with("2026-03-01T08:00:00"), "before the opening is allowed");
    assert!(view.registered_at.as_str().starts_with("2026-03-12T13:00:00"));
    assert!(view.shows_both_times);
    assert_eq!(view.minutes.unwrap().0, 90);
    let of_now = world.occurrence("tech1", number, "public", "Now.").await;
    assert!(!occurrences::get(&tech1, of_now).await.unwrap().shows_both_times);
});

both_engines!(t_vis_05_the_requester_side_sees_neither_minutes_nor_source, |world: World| async move {
    let number = world.ticket().create().await;
    let source = world.coded(lists::SOURCES, "phone").await;
    let form =
        AddOccurrence { visibility: "public".into(), minutes: "20".into(), source, ..note(number, "We called.") };
    let id = occurrences::add(&world.ctx("tech1").await, form).await.unwrap();
    let seen = occurrences::get(&world.ctx("requester1").await, id).await.unwrap();
    assert_eq!((seen.minutes, seen.source, seen.version), (None, None, 0));
    assert_eq!(seen.author.id, None);
    let agent = occurrences::get(&world.ctx("tech2").await, id).await.unwrap();
    assert_eq!(agent.minutes.unwrap().0, 20);
    assert_eq!(agent.source.unwrap().name, "Phone");
});

both_engines!(t_occ_10_a_reply_inherits_visibility_and_hangs_on_the_first_entry, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let first = world.occurrence("tech1", number, "public", "First.").await;
    let reply = AddOccurrence { reply_to: first.to_string(), ..note(number, "Second.") };
    let second = occurrences::add(&tech1, reply).await.unwrap();
    let reply = AddOccurrence { reply_to: second.to_string(), ..note(number, "Third.") };
    let third = occurrences::add(&tech1, reply).await.unwrap();
    let view = occurrences::get(&tech1, third).await.unwrap();
    assert_eq!(view.visibility, Visibility::Public, "that of the entry replied to");
    assert_eq!(view.reply_to.unwrap().id, second);
    assert_eq!(view.root, Some(first), "one level only");
});

both_engines!(t_occ_10_a_public_reply_shows_no_trace_of_a_private_entry, |world: World| async move {
    let number = world.ticket().create().await;
    let hidden = world.occurrence("tech1", number, "private", "Between us.").await;
    let form = AddOccurrence { reply_to: hidden.to_string(), visibility: "public".into(), ..note(number, "To you.") };
    let id = occurrences::add(&world.ctx("tech2").await, form).await.unwrap();
    let seen = occurrences::get(&world.ctx("requester1").await, id).await.unwrap();
    assert_eq!((seen.reply_to, seen.root), (None, None));
});

both_engines!(p_occ_03_a_locked_category_takes_its_own_value_only, |world: World| async move {
    let number = world.ticket().create().await;
    let contact = world.coded(lists::OCCURRENCE_CATEGORIES, "contact").await;
    let analysis = world.coded(lists::OCCURRENCE_CATEGORIES, "analysis").await;
    let requester1 = world.ctx("requester1").await;
    let chosen = AddOccurrence { category: analysis.clone(), ..note(number, "x") };
    occurrences::add(&requester1, chosen.clone()).await.unwrap();

    world.set(Key::PortalDefaultCategory, world.root, &contact).await;
    assert_eq!(field(occurrences::add(&requester1, chosen.clone()).await, "category"), Some(Code::NotAllowed));
    let id = occurrences::add(&requester1, note(number, "x")).await.unwrap();
    let category = occurrences::get(&requester1, id).await.unwrap().category.unwrap();
    assert_eq!(category.id.to_string(), contact);
    occurrences::add(&world.ctx("tech1").await, chosen).await.unwrap();
});

both_engines!(p_occ_03_a_locked_source_takes_its_own_value_only, |world: World| async move {
    let number = world.ticket().create().await;
    let (portal, phone) = (world.coded(lists::SOURCES, "portal").await, world.coded(lists::SOURCES, "phone").await);
    let requester1 = world.ctx("requester1").await;
    let from = |source: &str| AddOccurrence { source: source.into(), ..note(number, "x") };
    let tech1 = world.ctx("tech1").await;
    let source_of = async |id| occurrences::get(&tech1, id).await.unwrap().source.unwrap().id.to_string();
    let shown =
        async || requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap().locked_source.unwrap();
    for named in ["", portal.as_str()] {
        let id = occurrences::add(&requester1, from(named)).await.unwrap();
        assert_eq!(source_of(id).await, portal, "that of the portal while no other is set: {named}");
    }
    assert_eq!(shown().await, "Portal");
    assert_eq!(field(occurrences::add(&requester1, from(&phone)).await, "source"), Some(Code::NotAllowed));

    world.set(Key::PortalDefaultSource, world.root, &phone).await;
    let id = occurrences::add(&requester1, from(&phone)).await.unwrap();
    assert_eq!((source_of(id).await, shown().await), (phone, "Phone".to_owned()));
    assert_eq!(field(occurrences::add(&requester1, from(&portal)).await, "source"), Some(Code::NotAllowed));
    world.set(Key::PortalDefaultSource, world.root, &Uuid::max().to_string()).await;
    let id = occurrences::add(&requester1, from("")).await.unwrap();
    assert_eq!(
        (source_of(id).await, shown().await),
        (portal, "Portal".to_owned()),
        "one that is gone locks nothing else"
    );
});

both_engines!(p_occ_02_the_setting_252_closes_the_portal_only, |world: World| async move {
    let number = world.ticket().create().await;
    world.set(Key::PortalRegisterOccurrence, world.brasil, "false").await;
    let answer = occurrences::add(&world.ctx("requester1").await, note(number, "Hello?")).await;
    assert_eq!(disabled(answer), "portal.register_occurrence");
    occurrences::add(&world.ctx("tech1").await, note(number, "Hello.")).await.unwrap();
});

both_engines!(t_sta_08_a_reply_of_the_requester_ends_pending, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let form =
        RunCommand { number, command: Command::Suspend, text: "Waiting for a part.".into(), ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, form).await.unwrap();
    world.occurrence("tech2", number, "public", "Any news?").await;
    assert_eq!(world.status(number).await, Status::Pending, "T-STA-06: the service side leaves it alone");
    occurrences::add(&world.ctx("requester1").await, note(number, "Here is the part.")).await.unwrap();
    let row = world.row(number).await;
    assert_eq!(row.status, "assigned");
    assert_eq!((row.pending_reason_id, row.pending_text, row.pending_since), (None, None, None));
    world.assert_sound().await;
});

both_engines!(t_sta_09_a_reply_of_the_requester_reopens_a_solved_ticket, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.put_status(number, Status::Solved).await;
    world.occurrence("tech1", number, "private", "Was easy.").await;
    assert_eq!(world.status(number).await, Status::Solved);
    occurrences::add(&world.ctx("requester1").await, note(number, "It jams again.")).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.reopen_count), ("assigned", None, 1));
    world.assert_sound().await;
});

both_engines!(t_sta_10_and_11_the_reopen_policy_decides, |world: World| async move {
    for (policy, awaited) in [("ask", true), ("append-only", false)] {
        world.set(Key::ReopenPolicy, world.root, policy).await;
        let number = world.ticket().create().await;
        world.put_status(number, Status::Solved).await;
        occurrences::add(&world.ctx("requester1").await, note(number, "Thanks.")).await.unwrap();
        let row = world.row(number).await;
        assert_eq!((row.status.as_str(), row.answer_awaited), ("solved", awaited), "{policy}");
    }
});

both_engines!(t_rol_05_a_private_entry_of_an_asking_agent_is_no_answer, |world: World| async move {
    let number = world.ticket().requester("tech2").create().await;
    world.put_status(number, Status::Solved).await;
    world.occurrence("tech2", number, "private", "Between us.").await;
    assert_eq!(world.status(number).await, Status::Solved);
    world.occurrence("tech2", number, "public", "Not solved.").await;
    assert_eq!(world.status(number).await, Status::New);
});

both_engines!(t_sta_29_over_tickets_take_no_occurrence, |world: World| async move {
    let supervisor = world.ctx("supervisor").await;
    let cases = [(Status::Closed, Code::TicketClosed), (Status::Cancelled, Code::TicketCancelled)];
    for (status, code) in cases {
        let number = world.ticket().create().await;
        world.put_status(number, status).await;
        assert_eq!(refused(occurrences::add(&supervisor, note(number, "x")).await), code);
        assert_eq!(refused(occurrences::add(&world.ctx("requester1").await, note(number, "x")).await), code);
        let draft = drafts::find(&supervisor, "occurrence", &number.to_string()).await.unwrap();
        assert_eq!(draft.unwrap().text("body"), "x", "nothing typed is lost");
    }
    let number = world.ticket().create().await;
    world.command("supervisor", number, Command::Delete).await.unwrap();
    assert_eq!(refused(occurrences::add(&supervisor, note(number, "x")).await), Code::TicketDeleted);
    assert_eq!(error(occurrences::add(&world.ctx("tech1").await, note(number, "x")).await), AppError::NotFound);
});

both_engines!(t_sta_31_resume_saves_and_reactivates_in_one_command, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.command("tech1", number, Command::Suspend).await.unwrap();
    let form = AddOccurrence { then: "resume".into(), ..note(number, "The part is here.") };
    occurrences::add(&world.ctx("tech1").await, form).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);
});

both_engines!(t_clk_03_the_first_occurrence_of_the_service_side_takes_into_account, |world: World| async move {
    let number = world.ticket().create().await;
    occurrences::add(&world.ctx("requester1").await, note(number, "Hurry.")).await.unwrap();
    assert_eq!(world.row(number).await.taken_at, None);
    world.advance(60);
    world.occurrence("tech1", number, "private", "On it.").await;
    assert_eq!(world.row(number).await.taken_at, Some(world.now()));
});

both_engines!(t_gen_07_an_entry_needs_no_version_and_a_private_one_no_public_date, |world: World| async move {
    let number = world.ticket().create().await;
    let opened = world.now();
    world.occurrence("tech1", number, "public", "First.").await;
    world.advance(60);
    world.occurrence("tech1", number, "private", "Second.").await;
    let row = world.row(number).await;
    assert_eq!((row.version, row.updated_at, row.public_updated_at), (1, world.now(), opened));
});

// T-GEN-09: everything that belongs to an entry is there with it.
both_engines!(t_occ_07_entry_history_event_and_index_come_together, |world: World| async move {
    let number = world.ticket().create().await;
    // What people are told of it has rows of its own.
    let about_it = "event WHERE kind <> 'notification'";
    let before = world.count(about_it).await;
    world.occurrence("tech1", number, "public", "Toner is empty.").await;
    world.occurrence("tech1", number, "private", "Again.").await;
    assert_eq!(world.count("ticket_event WHERE kind = 'occurrence_added'").await, 2);
    assert_eq!(world.count(about_it).await, before + 2);
    assert_eq!(world.count("search_public WHERE kind = 'occurrence'").await, 1);
    assert_eq!(world.count("search_private").await, 1);
    assert_eq!(world.count("ticket_event WHERE changes LIKE '%Toner%' OR data LIKE '%Toner%'").await, 0, "T-HIS-05");
    world.assert_sound().await;
});
