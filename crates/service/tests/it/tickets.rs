//! Registering tickets and changing their fields (T-TKT-01, T-PRI, T-GEN-07).

use domain::error::Code;
use domain::forms::{CreateTicket, Patch, TicketPatch, UpdateTicket};
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::{Status, TicketType};
use service::{lists, tickets};
use testing::{both_engines, conflict, error, field, forbidden, refused};
use uuid::Uuid;

fn described(text: &str) -> CreateTicket {
    CreateTicket { description: text.to_owned(), format: BodyFormat::Text, ..CreateTicket::default() }
}

fn titled(title: &str) -> TicketPatch {
    TicketPatch { title: Patch::Set(title.to_owned()), ..TicketPatch::default() }
}

both_engines!(t_tkt_01_an_agent_needs_a_description_and_gets_defaults, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = tickets::create(&tech1, described("The printer on floor 2 is jammed.")).await.unwrap();
    assert_eq!(number, 1);
    let detail = tickets::detail(&tech1, number).await.unwrap();
    assert_eq!((detail.kind, detail.status), (TicketType::Incident, Status::New));
    assert_eq!((detail.urgency, detail.impact, detail.priority, detail.priority_by_hand), (3, 3, 3, false));
    assert_eq!(detail.title, "The printer on floor 2 is jammed.");
    assert_eq!(detail.source.unwrap().name, "Phone");
    assert_eq!(detail.entity.id, world.brasil);
    assert_eq!(detail.requesters.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["tech1"]);
    assert_eq!(detail.writer.name, "tech1");
    assert_eq!((detail.version, detail.unread, detail.taken_at), (1, 0, None));
    assert_eq!(tickets::create(&tech1, described("Another one.")).await.unwrap(), 2);
    world.assert_sound().await;
});

both_engines!(t_tkt_01_the_title_is_made_of_whole_words, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let number = tickets::create(&tech1, described(&"jammed ".repeat(40))).await.unwrap();
    let title = world.row(number).await.title;
    assert!(title.chars().count() <= 70 && title.ends_with("jammed"), "{title}");
});

both_engines!(t_tkt_01_a_requester_says_what_and_nothing_of_the_agents, |world: World| async move {
    let requester1 = world.ctx("requester1").await;
    assert_eq!(field(tickets::create(&requester1, described("x")).await, "title"), Some(Code::Required));
    let form = CreateTicket { title: "Printer".into(), ..described("Jammed.") };
    let number = tickets::create(&requester1, form.clone()).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.kind.as_str(), row.entity_id), ("request", world.brasil));
    assert_eq!(tickets::detail(&world.ctx("tech1").await, number).await.unwrap().source.unwrap().name, "Portal");
    let cases = [
        ("impact", CreateTicket { impact: "5".into(), ..form.clone() }),
        ("priority", CreateTicket { priority: "6".into(), ..form.clone() }),
        ("source", CreateTicket { source: world.coded(lists::SOURCES, "phone").await, ..form.clone() }),
        ("requesters[0]", CreateTicket { requesters: vec!["other@example.org".into()], ..form.clone() }),
        ("observers", CreateTicket { observers: vec!["other@example.org".into()], ..form.clone() }),
        ("assignees", CreateTicket { assignees: vec![world.user("tech1").await], ..form.clone() }),
        ("opened_at", CreateTicket { opened_at: "2026-03-01T00:00:00Z".into(), ..form.clone() }),
        ("due_resolve_at", CreateTicket { due_resolve_at: "2026-04-01T00:00:00Z".into(), ..form }),
    ];
    for (name, form) in cases {
        assert_eq!(field(tickets::create(&requester1, form).await, name), Some(Code::NotAllowed), "{name}");
    }
});

both_engines!(t_rol_02_the_auditor_registers_nothing, |world: World| async move {
    let answer = tickets::create(&world.ctx("observer").await, described("x")).await;
    assert_eq!(forbidden(answer), "ticket.create");
});

both_engines!(t_gen_03_wrong_fields_of_a_new_ticket_have_their_codes, |world: World| async move {
    let supervisor = world.ctx("supervisor").await;
    let nobody = format!("user:{}", Uuid::nil());
    let base = || described("x");
    let cases = [
        ("description", Code::Required, described("  ")),
        ("title", Code::TooLong, CreateTicket { title: "x".repeat(251), ..base() }),
        ("type", Code::Invalid, CreateTicket { kind: "wish".into(), ..base() }),
        ("urgency", Code::OutOfRange, CreateTicket { urgency: "9".into(), ..base() }),
        ("urgency", Code::Invalid, CreateTicket { urgency: "high".into(), ..base() }),
        ("priority", Code::OutOfRange, CreateTicket { priority: "7".into(), ..base() }),
        ("category", Code::UnknownReference, CreateTicket { category: Uuid::nil().to_string(), ..base() }),
        ("source", Code::UnknownReference, CreateTicket { source: "x".into(), ..base() }),
        ("location", Code::UnknownReference, CreateTicket { location: "x".into(), ..base() }),
        ("entity", Code::UnknownReference, CreateTicket { entity: Uuid::nil().to_string(), ..base() }),
        ("requesters[0]", Code::UnknownReference, CreateTicket { requesters: vec![nobody], ..base() }),
        ("requesters[0]", Code::Invalid, CreateTicket { requesters: vec!["not an address".into()], ..base() }),
        ("requesters[1]", Code::Duplicate, CreateTicket { requesters: vec!["me".into(), "me".into()], ..base() }),
        (
            "assignees[0]",
            Code::NotAssignable,
            CreateTicket { assignees: vec![world.user("requester1").await], ..base() },
        ),
        ("opened_at", Code::InFuture, CreateTicket { opened_at: "2026-03-13T00:00:00Z".into(), ..base() }),
        ("due_own_at", Code::DueBeforeOpening, CreateTicket { due_own_at: "2026-03-12T12:00:00Z".into(), ..base() }),
        (
            "due_own_at",
            Code::DueOrder,
            CreateTicket {
                due_own_at: "2026-03-14T12:00:00Z".into(),
                due_resolve_at: "2026-03-13T12:00:00Z".into(),
                ..base()
            },
        ),
    ];
    for (name, code, form) in cases {
        assert_eq!(field(tickets::create(&supervisor, form).await, name), Some(code), "{name}");
    }
    assert_eq!(world.count("ticket").await, 0, "a refusal changes nothing");
});

both_engines!(t_gen_08_a_double_submit_is_one_ticket, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let form = CreateTicket { key: "k1".into(), ..described("x") };
    let first = tickets::create(&tech1, form.clone()).await.unwrap();
    assert_eq!(tickets::create(&tech1, form).await.unwrap(), first);
    let other = CreateTicket { key: "k1".into(), ..described("y") };
    assert_eq!(refused(tickets::create(&tech1, other).await), Code::IdempotencyMismatch);
    assert_eq!(world.count("ticket").await, 1);
});

both_engines!(t_tkt_the_routing_group_comes_from_the_category_then_the_setting, |world: World| async move {
    let network = world.network;
    let parent = world.list_row(lists::TICKET_CATEGORIES, "Network", |row| row.group_id = Some(network)).await;
    let parent_id: Uuid = parent.parse().unwrap();
    let child = world.list_row(lists::TICKET_CATEGORIES, "VPN", |row| row.parent_id = Some(parent_id)).await;
    let plain = world.ticket().create().await;
    assert_eq!(world.row(plain).await.routing_group_id, None);
    let routed = world.ticket().with(|form| form.category = child).create().await;
    assert_eq!(world.row(routed).await.routing_group_id, Some(network), "an ancestor's group");
    let other = world.group("Desk", &["tech1"]).await;
    world.set(Key::TicketDefaultGroup, world.root, &other.to_string()).await;
    let defaulted = world.ticket().create().await;
    assert_eq!(world.row(defaulted).await.routing_group_id, Some(other));
});

both_engines!(t_set_11_a_category_fits_the_type, |world: World| async move {
    let request_only = world.list_row(lists::TICKET_CATEGORIES, "Wishes", |row| row.for_incident = false).await;
    let form = CreateTicket { category: request_only.clone(), ..described("x") };
    let tech1 = world.ctx("tech1").await;
    assert_eq!(field(tickets::create(&tech1, form.clone()).await, "category"), Some(Code::CategoryNotAllowed));
    tickets::create(&tech1, CreateTicket { kind: "request".into(), ..form }).await.unwrap();
});

both_engines!(t_pri_02_the_priority_follows_the_matrix_of_the_entity, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let urgent = CreateTicket { urgency: "5".into(), impact: "4".into(), ..described("x") };
    let number = tickets::create(&tech1, urgent.clone()).await.unwrap();
    assert_eq!(world.row(number).await.priority, 5);
    world.set(Key::PriorityMatrix, world.root, "[[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,1],[1,1,1,2,1]]").await;
    let number = tickets::create(&tech1, urgent).await.unwrap();
    assert_eq!(world.row(number).await.priority, 2);
});

both_engines!(t_pri_03_only_change_priority_sets_it_by_hand, |world: World| async move {
    let major = CreateTicket { priority: "6".into(), ..described("x") };
    assert_eq!(
        field(tickets::create(&world.ctx("tech1").await, major.clone()).await, "priority"),
        Some(Code::NotAllowed)
    );
    let number = tickets::create(&world.ctx("supervisor").await, major).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.priority, row.priority_by_hand), (6, true));
    let urgency = TicketPatch { urgency: Patch::Set("1".into()), ..TicketPatch::default() };
    tickets::update(&world.ctx("tech1").await, number, urgency).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.priority, row.priority_by_hand), (2, false), "a new urgency computes it anew");
});

both_engines!(t_sta_01_a_ticket_with_assignee_begins_as_assigned, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let row = world.row(number).await;
    assert_eq!(
        (row.status.as_str(), row.assigned_at, row.taken_at),
        ("assigned", Some(world.now()), Some(world.now()))
    );
    let grouped = world.ticket().assigned_group(world.network).create().await;
    let row = world.row(grouped).await;
    assert_eq!((row.status.as_str(), row.taken_at), ("assigned", None), "a group takes nothing into account");
    let mine = CreateTicket { assignees: vec!["me".into()], ..described("x") };
    tickets::create(&world.ctx("tech1").await, mine).await.unwrap();
});

both_engines!(t_gen_07_changes_of_different_fields_are_merged, |world: World| async move {
    let number = world.ticket().create().await;
    tickets::update(&world.ctx("tech1").await, number, TicketPatch { version: Some(1), ..titled("One") })
        .await
        .unwrap();
    let urgency = TicketPatch { version: Some(1), urgency: Patch::Set("5".into()), ..TicketPatch::default() };
    tickets::update(&world.ctx("tech2").await, number, urgency).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.title.as_str(), row.urgency, row.version), ("One", 5, 3));
    world.assert_sound().await;
});

both_engines!(t_gen_07_the_same_field_changed_twice_is_a_conflict, |world: World| async move {
    let number = world.ticket().create().await;
    tickets::update(&world.ctx("tech1").await, number, TicketPatch { version: Some(1), ..titled("One") })
        .await
        .unwrap();
    let tech2 = world.ctx("tech2").await;
    let conflicts = conflict(tickets::update(&tech2, number, TicketPatch { version: Some(1), ..titled("Two") }).await);
    assert_eq!(conflicts.len(), 1);
    assert_eq!((conflicts[0].field.as_str(), conflicts[0].by.as_deref()), ("title", Some("tech1")));
    assert_eq!(conflicts[0].yours, "Two");
    assert_eq!(conflicts[0].theirs, "One");
    assert_eq!(world.row(number).await.title, "One");
    tickets::update(&tech2, number, TicketPatch { version: Some(1), ..titled("One") }).await.unwrap();
    assert_eq!(world.row(number).await.version, 2, "the same value is no conflict and no change");
    let kept = UpdateTicket {
        number,
        version: 1,
        field: "title".into(),
        value: "Two".into(),
        keep_mine: true,
        ..UpdateTicket::default()
    };
    tickets::update_field(&tech2, kept).await.unwrap();
    assert_eq!(world.row(number).await.title, "Two");
});

both_engines!(a_bas_if_match_names_the_present_version, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    tickets::update(&tech1, number, TicketPatch { if_match: Some(1), ..titled("One") }).await.unwrap();
    let stale = tickets::update(&tech1, number, TicketPatch { if_match: Some(1), ..titled("Two") }).await;
    assert_eq!(error(stale), domain::error::AppError::PreconditionFailed(2));
});

both_engines!(t_tkt_fields_are_for_ticket_update, |world: World| async move {
    let number = world.ticket().create().await;
    for name in ["requester1", "observer"] {
        let ctx = world.ctx(name).await;
        assert_eq!(forbidden(tickets::update(&ctx, number, titled("x")).await), "ticket.update", "{name}");
    }
    let tech1 = world.ctx("tech1").await;
    let priority = TicketPatch { priority: Patch::Set("6".into()), ..TicketPatch::default() };
    assert_eq!(forbidden(tickets::update(&tech1, number, priority).await), "ticket.change-priority");
    let unknown = UpdateTicket { number, field: "colour".into(), value: "x".into(), ..UpdateTicket::default() };
    assert_eq!(field(tickets::update_field(&tech1, unknown).await, "colour"), Some(Code::UnknownField));
    assert_eq!(field(tickets::update(&tech1, number, titled(" ")).await, "title"), Some(Code::Required));
    let nobody = TicketPatch { requesters: Patch::Set(Vec::new()), ..TicketPatch::default() };
    assert_eq!(field(tickets::update(&tech1, number, nobody).await, "requesters"), Some(Code::Required));
});

both_engines!(t_tkt_07_over_tickets_keep_their_fields, |world: World| async move {
    let number = world.ticket().create().await;
    world.put_status(number, Status::Closed).await;
    assert_eq!(refused(tickets::update(&world.ctx("tech1").await, number, titled("x")).await), Code::TicketClosed);
});

both_engines!(t_tkt_a_changed_description_keeps_the_former_one, |world: World| async move {
    let number = world.ticket().description("The printer is jammed.").create().await;
    let patch = TicketPatch {
        description: Patch::Set("The printer is broken.".into()),
        format: BodyFormat::Text,
        ..TicketPatch::default()
    };
    let tech1 = world.ctx("tech1").await;
    tickets::update(&tech1, number, patch.clone()).await.unwrap();
    tickets::update(&tech1, number, patch).await.unwrap();
    let revisions = tickets::description_revisions(&tech1, number).await.unwrap();
    assert_eq!(revisions.len(), 2, "the same text again is no revision");
    assert!(revisions[1].diff.iter().any(|part| part.op == "removed" && part.text.contains("jammed")));
    assert_eq!(
        error(tickets::description_revisions(&world.ctx("requester1").await, number).await),
        domain::error::AppError::NotFound
    );
});

both_engines!(t_vis_01_people_see_what_their_rights_say, |world: World| async move {
    let number = world.ticket().requester("requester1").observer("requester2").create().await;
    let closed_off = world.ticket().requester("requester1").create().await;
    for name in ["admin", "supervisor", "tech1", "observer", "requester1", "requester2"] {
        tickets::detail(&world.ctx(name).await, number).await.unwrap();
    }
    let requester2 = world.ctx("requester2").await;
    assert_eq!(error(tickets::detail(&requester2, closed_off).await), domain::error::AppError::NotFound);
    world.disable("requester2").await;
    let lisbon = world.entity("Lisbon", world.root).await;
    world.hire("tech_lisbon", domain::policy::ShippedRole::Technician, lisbon).await;
    let foreign = tickets::detail(&world.ctx("tech_lisbon").await, number).await;
    assert_eq!(error(foreign), domain::error::AppError::NotFound);
});

both_engines!(t_vis_05_the_requester_side_reads_a_reduced_ticket, |world: World| async move {
    let number = world.ticket().observer("requester2").assignee("tech1").create().await;
    let detail = tickets::detail(&world.ctx("requester1").await, number).await.unwrap();
    assert!(!detail.agent);
    assert!(
        detail.observers.is_empty()
            && detail.source.is_none()
            && detail.location.is_none()
            && detail.routing_group.is_none()
    );
    assert_eq!((detail.worked, detail.version, detail.taken_at, detail.reopen_count), (None, 0, None, 0));
    assert_eq!(detail.assignees[0].name, "tech1");
    assert_eq!((detail.assignees[0].id, detail.assignees[0].email.clone()), (None, None));
    assert_eq!(
        error(tickets::page(&world.ctx("requester1").await, number, Default::default()).await),
        domain::error::AppError::NotFound
    );
});
