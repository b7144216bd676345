//! What somebody typed is never lost (T-DRF).

use domain::error::Code;
use domain::forms::{AddOccurrence, CreateTicket, OccurrencePatch, Patch, SaveDraft};
use domain::occurrence::BodyFormat;
use domain::views::DraftView;
use service::{drafts, occurrences, tickets};
use testing::{World, both_engines, field, note, upload};

const DAY: i64 = 86_400;

async fn find(world: &World, name: &str, object: &str) -> Option<DraftView> {
    drafts::find(&world.ctx(name).await, "occurrence", object).await.unwrap()
}

async fn save(world: &World, name: &str, device: &str, text: &str) -> DraftView {
    let form = SaveDraft {
        kind: "occurrence".into(),
        object: "1".into(),
        fields: serde_json::json!({ "body": text }).to_string(),
        device: device.into(),
    };
    drafts::save(&world.ctx(name).await, form).await.unwrap()
}

both_engines!(t_drf_03_a_refused_save_keeps_the_text, |world: World| async move {
    let number = world.ticket().create().await.to_string();
    let form = AddOccurrence { minutes: "abc".into(), ..note(number.parse().unwrap(), "Long text.") };
    let answer = occurrences::add(&world.ctx("tech1").await, form).await;
    assert_eq!(field(answer, "minutes"), Some(Code::TimeFormat));
    let draft = find(&world, "tech1", &number).await.unwrap();
    assert_eq!((draft.text("body"), draft.text("minutes")), ("Long text.".to_owned(), "abc".to_owned()));
    assert!(draft.saved_at.as_str().starts_with("2026-03-12T13:00:00"));
});

both_engines!(t_drf_03_even_where_the_ticket_cannot_be_seen, |world: World| async move {
    let number = world.ticket().create().await;
    occurrences::add(&world.ctx("requester2").await, note(number, "Long text.")).await.unwrap_err();
    assert_eq!(find(&world, "requester2", &number.to_string()).await.unwrap().text("body"), "Long text.");
});

both_engines!(t_drf_06_the_draft_goes_with_its_save, |world: World| async move {
    let number = world.ticket().create().await;
    save_for(&world, number).await;
    assert!(find(&world, "tech1", &number.to_string()).await.is_some());
    occurrences::add(&world.ctx("tech1").await, note(number, "Done.")).await.unwrap();
    assert!(find(&world, "tech1", &number.to_string()).await.is_none());
    assert_eq!(world.count("draft").await, 0);
});

both_engines!(t_drf_06_a_program_leaves_what_a_person_types, |world: World| async move {
    let number = world.ticket().create().await;
    let object = number.to_string();
    let program = world.ctx("tech1").await.by_program();
    save_for(&world, number).await;
    occurrences::add(&program, note(number, "By a program.")).await.unwrap();
    assert_eq!(find(&world, "tech1", &object).await.unwrap().text("body"), "Do");
    let wrong = AddOccurrence { minutes: "abc".into(), ..note(number, "By a program.") };
    assert_eq!(field(occurrences::add(&program, wrong).await, "minutes"), Some(Code::TimeFormat));
    let draft = find(&world, "tech1", &object).await.unwrap();
    assert_eq!((draft.text("body"), draft.other), ("Do".to_owned(), None), "a refusal leaves it, too");
    let theirs = world.ctx("tech2").await.by_program().sending(Some(draft.id));
    occurrences::add(&theirs, note(number, "By another program.")).await.unwrap();
    assert!(find(&world, "tech1", &object).await.is_some(), "nobody removes others' drafts");
    // The one it names became the entry.
    occurrences::add(&program.sending(Some(draft.id)), note(number, "Done.")).await.unwrap();
    assert!(find(&world, "tech1", &object).await.is_none());
});

both_engines!(t_drf_06_the_draft_of_a_program_goes_with_its_save, |world: World| async move {
    let number = world.ticket().create().await;
    let object = number.to_string();
    let (tech1, program) = (world.ctx("tech1").await, world.ctx("tech1").await.by_program());
    let wrong = |text: &str| AddOccurrence { minutes: "abc".into(), ..note(number, text) };
    occurrences::add(&program, wrong("By a program.")).await.unwrap_err();
    assert_eq!(find(&world, "tech1", &object).await.unwrap().text("body"), "By a program.");
    occurrences::add(&program, note(number, "By a program.")).await.unwrap();
    assert!(find(&world, "tech1", &object).await.is_none());
    // A person who is refused after it takes its place, and keeps it.
    occurrences::add(&program, wrong("By a program.")).await.unwrap_err();
    occurrences::add(&tech1, wrong("By hand.")).await.unwrap_err();
    occurrences::add(&program, note(number, "By a program.")).await.unwrap();
    assert_eq!(find(&world, "tech1", &object).await.unwrap().text("body"), "By hand.");
    // T-DRF-04: what it saves as a draft is the newer one of two, and the older comes back when it is sent.
    let fields = "{\"body\":\"By a program.\"}".to_owned();
    let form = SaveDraft { kind: "occurrence".into(), object: object.clone(), fields, device: String::new() };
    let view = drafts::save(&program, form).await.unwrap();
    assert_eq!((view.text("body"), &view.other.unwrap()["body"]), ("By a program.".to_owned(), &"By hand.".into()));
    occurrences::add(&program, note(number, "By a program.")).await.unwrap();
    let draft = find(&world, "tech1", &object).await.unwrap();
    assert_eq!((draft.text("body"), draft.other), ("By hand.".to_owned(), None));
});

both_engines!(t_drf_06_a_program_that_registers_a_ticket_leaves_the_form_of_another_one, |world: World| async move {
    let (tech1, program) = (world.ctx("tech1").await, world.ctx("tech1").await.by_program());
    let of = async || drafts::find(&tech1, "ticket", "new").await.unwrap().map(|draft| draft.text("description"));
    let form = |text: &str, urgency: &str| CreateTicket {
        description: text.into(),
        urgency: urgency.into(),
        ..CreateTicket::default()
    };
    tickets::create(&tech1, form("Half a sentence", "9")).await.unwrap_err();
    tickets::create(&program, form("By a program.", "9")).await.unwrap_err();
    tickets::create(&program, form("By a program.", "4")).await.unwrap();
    assert_eq!(of().await.as_deref(), Some("Half a sentence"));
    drafts::discard(&program, "ticket", "new").await.unwrap();
    assert_eq!(of().await, None, "thrown away by name it goes, whoever kept it");
});

async fn save_for(world: &World, number: i64) {
    let form = SaveDraft {
        kind: "occurrence".into(),
        object: number.to_string(),
        fields: "{\"body\":\"Do\"}".into(),
        device: "laptop".into(),
    };
    drafts::save(&world.ctx("tech1").await, form).await.unwrap();
}

both_engines!(t_drf_01_a_refused_ticket_keeps_its_form, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let form = CreateTicket {
        title: "Printer".into(),
        urgency: "9".into(),
        description: "Jammed.".into(),
        ..CreateTicket::default()
    };
    assert_eq!(field(tickets::create(&tech1, form.clone()).await, "urgency"), Some(Code::OutOfRange));
    let draft = drafts::find(&tech1, "ticket", "new").await.unwrap().unwrap();
    assert_eq!((draft.text("title"), draft.text("description")), ("Printer".to_owned(), "Jammed.".to_owned()));
    tickets::create(&tech1, CreateTicket { urgency: "4".into(), ..form }).await.unwrap();
    assert!(drafts::find(&tech1, "ticket", "new").await.unwrap().is_none());
});

both_engines!(t_drf_01_an_edit_has_a_draft_per_entry, |world: World| async move {
    let number = world.ticket().create().await;
    let id = world.occurrence("tech1", number, "public", "One.").await;
    let tech1 = world.ctx("tech1").await;
    let patch = |minutes: &str| OccurrencePatch {
        body: Patch::Set("Two.".into()),
        format: BodyFormat::Text,
        minutes: Patch::Set(minutes.to_owned()),
        ..OccurrencePatch::default()
    };
    occurrences::edit(&tech1, id, patch("abc")).await.unwrap_err();
    let draft = drafts::find(&tech1, "occurrence_edit", &id.to_string()).await.unwrap().unwrap();
    assert_eq!(draft.text("body"), "Two.");
    occurrences::edit(&tech1, id, patch("5")).await.unwrap();
    assert!(drafts::find(&tech1, "occurrence_edit", &id.to_string()).await.unwrap().is_none());
});

both_engines!(t_drf_04_of_two_devices_the_newer_wins_and_the_older_stays_for_a_week, |world: World| async move {
    save(&world, "tech1", "phone", "from the phone").await;
    world.advance(60);
    let view = save(&world, "tech1", "laptop", "from the laptop").await;
    assert_eq!(view.text("body"), "from the laptop");
    assert_eq!(view.other.unwrap()["body"], "from the phone");
    world.advance(60);
    save(&world, "tech1", "laptop", "from the laptop, longer").await;
    let view = find(&world, "tech1", "1").await.unwrap();
    assert_eq!(view.other.unwrap()["body"], "from the phone", "typing on keeps it");
    world.advance(7 * DAY);
    assert_eq!(find(&world, "tech1", "1").await.unwrap().other, None);
});

both_engines!(t_drf_04_one_device_keeps_no_other_version, |world: World| async move {
    save(&world, "tech1", "phone", "one").await;
    let view = save(&world, "tech1", "phone", "two").await;
    assert_eq!((view.text("body"), view.other), ("two".to_owned(), None));
});

both_engines!(t_drf_05_only_its_author_reads_a_draft, |world: World| async move {
    save(&world, "tech1", "phone", "secret").await;
    for name in ["tech2", "admin", "requester1"] {
        assert!(find(&world, name, "1").await.is_none(), "{name}");
        assert!(drafts::list(&world.ctx(name).await).await.unwrap().is_empty(), "{name}");
    }
    drafts::discard(&world.ctx("tech2").await, "occurrence", "1").await.unwrap();
    assert!(find(&world, "tech1", "1").await.is_some());
    drafts::discard(&world.ctx("tech1").await, "occurrence", "1").await.unwrap();
    assert!(find(&world, "tech1", "1").await.is_none());
});

both_engines!(t_drf_06_a_draft_ends_30_days_after_its_last_change, |world: World| async move {
    save(&world, "tech1", "phone", "old").await;
    world.advance(30 * DAY - 1);
    assert_eq!(drafts::list(&world.ctx("tech1").await).await.unwrap().len(), 1);
    world.advance(1);
    assert!(find(&world, "tech1", "1").await.is_none());
    drafts::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("draft").await, 0);
});

both_engines!(t_drf_01_a_draft_holds_the_files_already_uploaded, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "a.txt", b"a").await.unwrap();
    let theirs = upload(&world.ctx("tech2").await, "b.txt", b"b").await.unwrap();
    let fields = serde_json::json!({ "body": "x", "attachments": [file.id.to_string(), theirs.id.to_string()] });
    let form =
        SaveDraft { kind: "occurrence".into(), object: "1".into(), fields: fields.to_string(), device: "a".into() };
    let view = drafts::save(&tech1, form).await.unwrap();
    let ids: Vec<_> = view.attachments.iter().map(|document| document.id).collect();
    assert_eq!(ids, [file.id], "others' uploads are left out");
});

both_engines!(t_gen_03_a_malformed_draft_is_refused, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let form = SaveDraft { kind: "poem".into(), object: String::new(), fields: "[]".into(), device: "d".repeat(65) };
    for (name, code) in
        [("kind", Code::Invalid), ("object", Code::Required), ("fields", Code::Invalid), ("device", Code::TooLong)]
    {
        assert_eq!(field(drafts::save(&tech1, form.clone()).await, name), Some(code), "{name}");
    }
});
