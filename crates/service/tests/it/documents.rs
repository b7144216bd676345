//! Files: taken in by content, attached once, seen with their entry (T-DOC).

use domain::error::{AppError, Code};
use domain::forms::{AddDocuments, AddOccurrence, AddTask, OccurrencePatch, Patch, RemoveOccurrence};
use domain::policy::Capability::{OccurrenceViewPrivate, OccurrenceViewPublic, TaskViewPublic, TicketViewAll};
use domain::settings::Key;
use domain::ticket::Status;
use futures::TryStreamExt;
use service::documents::{self, AddDocument};
use service::history::{self, HistoryQuery};
use service::{Ctx, occurrences, tasks, tickets};
use testing::{World, both_engines, conflict, error, field, forbidden, note, refused, upload};
use uuid::Uuid;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

async fn content(ctx: &Ctx, id: Uuid) -> Vec<u8> {
    let open = documents::open(ctx, id).await.unwrap();
    let pieces: Vec<bytes::Bytes> = open.stream(None).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

/// An occurrence with one file.
async fn entry_with(world: &World, number: i64, visibility: &str, file: Uuid) -> Uuid {
    let form = AddOccurrence {
        visibility: visibility.into(),
        attachments: vec![file.to_string()],
        ..note(number, "See the file.")
    };
    occurrences::add(&world.ctx("tech1").await, form).await.unwrap()
}

both_engines!(t_doc_01_what_may_not_come_in_is_told_at_the_file, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    world.set(Key::UploadMaxMib, world.root, "1").await;
    let large = vec![b'x'; 1024 * 1024 + 1];
    let cases: [(&str, &[u8], Code); 6] = [
        ("empty.txt", b"", Code::FileEmpty),
        ("large.txt", &large, Code::TooLarge),
        ("evil.EXE", b"hello", Code::TypeNotAllowed),
        ("evil.exe.txt", b"hello", Code::TypeNotAllowed),
        ("photo.jpg", b"\x7fELF\x02\x01\x01\0", Code::TypeNotAllowed),
        ("notes.txt", b"#!/bin/sh\nrm -rf /\n", Code::TypeNotAllowed),
    ];
    for (name, bytes, code) in cases {
        assert_eq!(field(upload(&tech1, name, bytes).await, "file"), Some(code), "{name}");
    }
    assert_eq!(world.count("document").await, 0);
    upload(&tech1, "just.txt", &large[1..]).await.unwrap();
    world.set(Key::UploadForbiddenExtensions, world.root, "txt").await;
    assert_eq!(field(upload(&tech1, "just.txt", b"hello").await, "file"), Some(Code::TypeNotAllowed));
    upload(&tech1, "now.bat", b"hello").await.unwrap();
});

both_engines!(t_doc_01_the_type_follows_the_content_and_the_name_is_cleaned, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let view = upload(&tech1, "../../etc/p\u{202E}hoto.txt", PNG).await.unwrap();
    assert_eq!((view.name.as_str(), view.media_type.as_str(), view.is_image), ("photo.txt", "image/png", true));
    assert_eq!(usize::try_from(view.size).unwrap(), PNG.len());
    assert_eq!(content(&tech1, view.id).await, PNG);
    let disguised = upload(&tech1, "photo.png", b"<svg onload='x()'></svg>").await.unwrap();
    assert!(!disguised.is_image, "{}", disguised.media_type);
});

both_engines!(t_doc_01_an_upload_belongs_to_its_uploader_for_a_day, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let id = upload(&tech1, "a.txt", b"a").await.unwrap().id;
    for name in ["tech2", "admin", "requester1"] {
        assert_eq!(error(documents::open(&world.ctx(name).await, id).await), AppError::NotFound, "{name}");
        assert_eq!(error(documents::remove_upload(&world.ctx(name).await, id).await), AppError::NotFound, "{name}");
    }
    let number = world.ticket().create().await;
    world.advance(24 * 3_600);
    assert_eq!(error(documents::open(&tech1, id).await), AppError::NotFound);
    let form = AddOccurrence { attachments: vec![id.to_string()], ..note(number, "x") };
    assert_eq!(field(occurrences::add(&tech1, form).await, "attachments[0]"), Some(Code::UnknownReference));
    assert_eq!(documents::collect_orphans(&world.services).await.unwrap(), 1);
    assert_eq!(world.count("document").await, 0);
});

both_engines!(t_doc_01_the_same_content_outlives_one_of_its_names, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let kept = upload(&tech1, "a.txt", b"same").await.unwrap().id;
    let forgotten = upload(&tech1, "b.txt", b"same").await.unwrap().id;
    entry_with(&world, number, "public", kept).await;
    documents::remove_upload(&tech1, forgotten).await.unwrap();
    assert_eq!(documents::collect_orphans(&world.services).await.unwrap(), 1);
    assert_eq!(content(&tech1, kept).await, b"same");
});

both_engines!(t_doc_01_a_file_is_attached_once, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let file = upload(&tech1, "a.txt", b"a").await.unwrap().id;
    let twice = AddOccurrence { attachments: vec![file.to_string(); 2], ..note(number, "x") };
    assert_eq!(field(occurrences::add(&tech1, twice).await, "attachments[1]"), Some(Code::Duplicate));
    entry_with(&world, number, "public", file).await;
    let again = AddOccurrence { attachments: vec![file.to_string()], ..note(number, "x") };
    assert_eq!(field(occurrences::add(&tech1, again).await, "attachments[0]"), Some(Code::UnknownReference));
    world.assert_sound().await;
});

both_engines!(t_doc_03_sight_follows_the_entry, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let hidden = upload(&tech1, "hidden.txt", b"hidden").await.unwrap().id;
    let shown = upload(&tech1, "shown.txt", b"shown").await.unwrap().id;
    let entry = entry_with(&world, number, "private", hidden).await;
    entry_with(&world, number, "public", shown).await;
    let requester1 = world.ctx("requester1").await;
    assert_eq!(content(&requester1, shown).await, b"shown");
    assert_eq!(content(&world.ctx("tech2").await, hidden).await, b"hidden");
    assert_eq!(error(documents::open(&requester1, hidden).await), AppError::NotFound);
    for id in [hidden, shown, Uuid::nil()] {
        assert_eq!(error(documents::open(&world.ctx("requester2").await, id).await), AppError::NotFound);
    }
    assert_eq!(documents::list(&requester1, number).await.unwrap().len(), 1);
    assert_eq!(documents::list(&tech1, number).await.unwrap().len(), 2);

    let public = OccurrencePatch { visibility: Patch::Set("public".into()), ..OccurrencePatch::default() };
    occurrences::edit(&tech1, entry, public).await.unwrap();
    assert_eq!(content(&requester1, hidden).await, b"hidden", "it became public with its entry");

    world.set(Key::PortalShowOccurrences, world.brasil, "false").await;
    assert_eq!(error(documents::open(&requester1, shown).await), AppError::NotFound, "setting 298");
});

both_engines!(t_occ_23_files_of_a_removed_entry_are_gone_but_for_its_revisions, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let file = upload(&tech1, "a.txt", b"a").await.unwrap().id;
    let entry = entry_with(&world, number, "public", file).await;
    occurrences::remove(&tech1, RemoveOccurrence { id: entry.to_string(), ..RemoveOccurrence::default() })
        .await
        .unwrap();
    assert_eq!(error(documents::open(&world.ctx("requester1").await, file).await), AppError::NotFound);
    assert_eq!(content(&world.ctx("tech2").await, file).await, b"a");
});

both_engines!(t_doc_04_a_file_is_taken_off_by_the_right_on_its_entry, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let file = upload(&tech1, "a.txt", b"a").await.unwrap().id;
    entry_with(&world, number, "public", file).await;
    assert_eq!(forbidden(documents::remove(&world.ctx("tech2").await, file).await), "occurrence.update-any");
    assert_eq!(forbidden(documents::remove(&world.ctx("requester1").await, file).await), "occurrence.update-any");
    documents::remove(&tech1, file).await.unwrap();
    assert_eq!(error(documents::open(&tech1, file).await), AppError::NotFound);
    let own = upload(&tech1, "b.txt", b"b").await.unwrap().id;
    documents::remove(&tech1, own).await.unwrap();
    assert_eq!(error(documents::open(&tech1, own).await), AppError::NotFound);
});

both_engines!(t_doc_04_a_file_taken_off_an_entry_is_a_change_of_it_with_a_revision, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let (plan, photo) = (upload(&tech1, "plan.txt", b"p").await.unwrap().id, upload(&tech1, "photo.png", PNG).await);
    let photo = photo.unwrap().id;
    let form = AddOccurrence {
        ticket: number,
        body: format!("<p>See <img src=\"/documents/{photo}\" alt=\"photo\"></p>"),
        visibility: "public".into(),
        attachments: vec![plan.to_string(), photo.to_string()],
        ..AddOccurrence::default()
    };
    let entry = occurrences::add(&tech1, form).await.unwrap();
    world.advance(60);
    documents::remove(&tech1, photo).await.unwrap();
    let view = occurrences::get(&tech1, entry).await.unwrap();
    assert_eq!((view.version, view.revision_count), (2, 1), "T-OCC-16");
    assert!(view.edited_at.unwrap().as_str().starts_with("2026-03-12T13:01:00"));
    let names: Vec<&str> = view.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["plan.txt"]);
    assert!(!view.body.as_str().contains("<img"), "the picture leaves the text: {}", view.body.as_str());
    let revisions = occurrences::revisions(&tech1, entry).await.unwrap();
    let files: Vec<usize> = revisions.iter().map(|revision| revision.attachments.len()).collect();
    assert_eq!(files, [2, 1]);
    let page = history::list(&tech1, number, HistoryQuery::default()).await.unwrap();
    let edited = &page.items[0].event;
    assert_eq!((edited.kind.as_str(), edited.entry.as_ref().map(|entry| entry.1)), ("occurrence_edited", Some(entry)));
    assert!(edited.changes.iter().any(|change| change.field == "attachments"), "{:?}", edited.changes);
    assert_eq!(error(documents::remove(&tech1, photo).await), AppError::NotFound);

    let removal = RemoveOccurrence { id: entry.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&tech1, removal).await.unwrap();
    assert_eq!(refused(documents::remove(&tech1, plan).await), Code::EntryDeleted);
    world.assert_sound().await;
});

both_engines!(t_doc_04_a_file_taken_off_the_description_is_a_change_of_the_ticket, |world: World| async move {
    let supervisor = world.ctx("supervisor").await;
    let file = upload(&supervisor, "plan.txt", b"p").await.unwrap().id;
    let number = world.ticket().with(|form| form.attachments = vec![file.to_string()]).create().await;
    assert_eq!(forbidden(documents::remove(&world.ctx("requester1").await, file).await), "ticket.update");
    let stale = documents::remove_version(&supervisor, file, Some(7)).await;
    assert!(conflict(stale).is_empty(), "another version");
    documents::remove(&world.ctx("tech2").await, file).await.unwrap();
    let detail = tickets::detail(&supervisor, number).await.unwrap();
    assert_eq!((detail.version, detail.description_files.len()), (2, 0));
    let page = history::list(&supervisor, number, HistoryQuery::default()).await.unwrap();
    let changed = &page.items[0].event;
    assert_eq!((changed.kind.as_str(), changed.changes[0].field.as_str()), ("field_changed", "attachments"));
    world.assert_sound().await;
});

both_engines!(t_doc_04_files_of_an_over_ticket_stay, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let file = upload(&tech1, "a.txt", b"a").await.unwrap().id;
    entry_with(&world, number, "public", file).await;
    let free = upload(&tech1, "b.txt", b"b").await.unwrap().id;
    let form = AddDocument { ticket: number, upload: free.to_string(), ..AddDocument::default() };
    documents::add(&tech1, form).await.unwrap();
    world.put_status(number, Status::Closed).await;
    for id in [file, free] {
        assert_eq!(refused(documents::remove(&tech1, id).await), Code::TicketClosed);
    }
});

both_engines!(t_doc_02_a_free_document_is_an_entry_of_its_own, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = world.ticket().create().await;
    let file = upload(&tech1, "plan.pdf", b"%PDF-1.7\n").await.unwrap().id;
    let form = AddDocument {
        ticket: number,
        key: "k1".into(),
        upload: file.to_string(),
        comment: "The plan".into(),
        ..AddDocument::default()
    };
    let view = documents::add(&tech1, form.clone()).await.unwrap();
    assert_eq!(documents::add(&tech1, form).await.unwrap().id, view.id, "a double submit");
    assert!(view.visibility.is_private());
    assert_eq!(view.comment.as_deref(), Some("The plan"));
    assert_eq!(error(documents::open(&world.ctx("requester1").await, file).await), AppError::NotFound);
    let missing = AddDocument { ticket: number, comment: "x".repeat(501), ..AddDocument::default() };
    assert_eq!(field(documents::add(&tech1, missing.clone()).await, "upload"), Some(Code::Required));
    assert_eq!(field(documents::add(&tech1, missing).await, "comment"), Some(Code::TooLong));
    let requester1 = world.ctx("requester1").await;
    let theirs = upload(&requester1, "photo.png", PNG).await.unwrap().id;
    let secret = AddDocument {
        ticket: number,
        upload: theirs.to_string(),
        visibility: "private".into(),
        ..AddDocument::default()
    };
    assert_eq!(field(documents::add(&requester1, secret.clone()).await, "visibility"), Some(Code::NotAllowed));
    let shown = documents::add(&requester1, AddDocument { visibility: String::new(), ..secret }).await.unwrap();
    assert!(!shown.visibility.is_private());
    world.assert_sound().await;
});

both_engines!(a_doc_ranges_are_read_and_checked, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let id = upload(&tech1, "a.txt", b"0123456789").await.unwrap().id;
    let open = documents::open(&tech1, id).await.unwrap();
    assert_eq!(open.size, 10);
    let pieces: Vec<bytes::Bytes> = open.stream(Some(2..5)).await.unwrap().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"234");
    assert_eq!(
        open.stream(Some(5..11)).await.map(|_| ()).map_err(|e| e.public),
        Err(AppError::field("range", Code::OutOfRange))
    );
});

both_engines!(t_doc_04_files_taken_off_a_hidden_task_are_not_told_of, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "zebra.txt", b"zebra").await.unwrap().id;
    let task = AddTask {
        ticket: number,
        content: "Look at it.".into(),
        visibility: "private".into(),
        attachments: vec![file.to_string()],
        ..AddTask::default()
    };
    tasks::add(&tech1, task).await.unwrap();
    documents::remove(&tech1, file).await.unwrap();
    world.hire_with("reader", &[TicketViewAll, OccurrenceViewPublic, OccurrenceViewPrivate, TaskViewPublic]).await;
    for (name, told) in [("tech2", 1), ("reader", 0)] {
        let page = documents::page(&world.ctx(name).await, number).await.unwrap();
        assert_eq!(page.removed.len(), told, "{name}");
    }
});

both_engines!(t_doc_04_the_tab_lists_files_by_name_with_older_versions, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let first = upload(&tech1, "plan.txt", b"one").await.unwrap().id;
    entry_with(&world, number, "public", first).await;
    world.advance(60);
    let second = upload(&tech1, "PLAN.txt", b"two").await.unwrap().id;
    entry_with(&world, number, "private", second).await;
    let form = |file: Uuid, name: &str| AddDocuments {
        ticket: number,
        name: name.into(),
        comment: "As agreed.".into(),
        visibility: "public".into(),
        attachments: vec![file.to_string()],
        ..AddDocuments::default()
    };
    let free = upload(&tech1, "scan.png", PNG).await.unwrap().id;
    documents::add_all(&tech1, form(free, "contract.png")).await.unwrap();

    let page = documents::page(&tech2, number).await.unwrap();
    let names: Vec<&str> = page.groups.iter().map(|group| group.newest.document.name.as_str()).collect();
    assert_eq!(names, ["contract.png", "PLAN.txt"]);
    let plan = page.groups.last().expect("a group");
    assert_eq!(plan.older.iter().map(|file| file.document.id).collect::<Vec<_>>(), [first]);
    assert!(page.may_add && page.removed.is_empty());
    // A new name is for one file; what is wrong with a file is told at its place.
    let gone = documents::add_all(&tech1, form(Uuid::nil(), "")).await;
    assert!(matches!(error(gone), AppError::Invalid(wrong) if wrong.of("attachments[0]").is_some()));
    let none = documents::add_all(&tech1, AddDocuments { attachments: Vec::new(), ..form(free, "") }).await;
    assert_eq!(field(none, "attachments"), Some(Code::Required));
    assert_eq!(forbidden(documents::add_all(&world.ctx("observer").await, form(free, "")).await), "occurrence.add-any");

    documents::remove(&tech1, free).await.unwrap();
    let page = documents::page(&tech2, number).await.unwrap();
    assert_eq!((page.groups.len(), page.removed.len()), (1, 1));
    assert_eq!(page.removed.first().and_then(|one| one.name.clone()).as_deref(), Some("contract.png"));
    let requester = documents::page(&world.ctx("requester1").await, number).await;
    assert_eq!(error(requester), AppError::NotFound, "the tab is for agents");
    world.assert_sound().await;
});
