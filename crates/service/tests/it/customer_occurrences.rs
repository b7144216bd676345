//! Customer occurrences: both doors, dates, images, changes, tombstones, tickets, report, export (C-OCC, C-IMG, C-REP, C-RGT).

use chrono::{Days, NaiveDate};
use domain::customer::Impact;
use domain::error::{AppError, Code};
use domain::forms::{
    CustomerImage, CustomerOccurrencePatch as Patched, CustomerPatch, OpenTicketFrom, Patch, SaveCustomerOccurrence,
};
use domain::policy::Capability::{CustomerEdit, CustomerView, TicketCreate, TicketViewOwn};
use domain::policy::ShippedRole;
use domain::views::{CustomerOccurrenceView, ReportQuery};
use service::ctx::new_id;
use service::customer_occurrences::{self as occurrences, Basis, Door};
use service::{ServiceError, customers, documents, drafts, lists, tickets};
use testing::{Sql, World, both_engines, conflict, error, field, forbidden, refused, upload};
use uuid::Uuid;

/// A whole PNG of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

/// A customer of the root, which sub-entities reach.
async fn customer(world: &World, name: &str) -> Uuid {
    let patch = CustomerPatch { name: set(name), entity: set(&world.root.to_string()), ..CustomerPatch::default() };
    customers::create(&world.ctx("supervisor").await, patch, "").await.unwrap().id
}

async fn category(world: &World, code: &str) -> String {
    world.coded(lists::CUSTOMER_CATEGORIES, code).await
}

async fn today(world: &World) -> NaiveDate {
    occurrences::form(&world.ctx("tech1").await, "", "", "").await.unwrap().today
}

/// What was wet this time.
async fn wet(world: &World) -> Patched {
    Patched {
        body: set("Pallets arrived wet."),
        category: set(&category(world, "delivery").await),
        impact: set("negative"),
        occurred_on: set(&today(world).await.to_string()),
        ..Patched::default()
    }
}

async fn register(world: &World, who: &str, customer: Uuid, patch: Patched) -> Result<Uuid, ServiceError> {
    let door = Door { fixed: Some(customer), ..Door::default() };
    occurrences::create(&world.ctx(who).await, door, patch, "").await
}

async fn get(world: &World, id: Uuid) -> CustomerOccurrenceView {
    occurrences::get(&world.ctx("observer").await, id).await.unwrap()
}

fn from(version: i32) -> Basis {
    Basis { version: Some(version), if_match: None }
}

both_engines!(c_occ_01_both_doors_lead_to_the_same_occurrence, |world: World| async move {
    let (acme, other) = (customer(&world, "Acme").await, customer(&world, "Other").await);
    let ctx = world.ctx("tech1").await;
    let chosen = Door { customer: acme.to_string(), ..Door::default() };
    let first = occurrences::create(&ctx, chosen, wet(&world).await, "k").await.unwrap();
    let view = get(&world, first).await;
    assert_eq!((view.customer.name.as_str(), view.impact), ("Acme", Some(Impact::Negative)));
    assert_eq!(view.occurred_on, Some(today(&world).await));
    // Door b: another customer than that of the page is refused.
    let wrong = Door { customer: other.to_string(), fixed: Some(acme), ..Door::default() };
    assert_eq!(
        field(occurrences::create(&ctx, wrong, wet(&world).await, "").await, "customer"),
        Some(Code::NotAllowed)
    );
    // Door a: everything that is missing is told at once.
    let AppError::Invalid(errors) = error(occurrences::create(&ctx, Door::default(), Patched::default(), "").await)
    else {
        panic!("must be refused")
    };
    for name in ["customer", "body", "category", "impact"] {
        assert_eq!(errors.of(name), Some(Code::Required), "{name}");
    }
    let unknown = Door { customer: Uuid::nil().to_string(), ..Door::default() };
    let refusal = occurrences::create(&ctx, unknown, wet(&world).await, "").await;
    assert_eq!(field(refusal, "customer"), Some(Code::UnknownReference));
    // C-OCC-06: a key counts once.
    let chosen = Door { customer: acme.to_string(), ..Door::default() };
    assert_eq!(occurrences::create(&ctx, chosen, wet(&world).await, "k").await.unwrap(), first);
    assert_eq!(world.count("customer_occurrence").await, 1);
});

both_engines!(c_occ_03_a_day_lies_between_1900_and_today, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let tomorrow = today(&world).await.checked_add_days(Days::new(1)).unwrap().to_string();
    for (day, code) in [
        (tomorrow.as_str(), Code::InFuture),
        ("1899-12-31", Code::TooOld),
        ("12/03/2026", Code::Invalid),
        ("2026-02-30", Code::Invalid),
    ] {
        let patch = Patched { occurred_on: set(day), ..wet(&world).await };
        assert_eq!(field(register(&world, "tech1", acme, patch).await, "occurred_on"), Some(code), "{day}");
    }
    register(&world, "tech1", acme, Patched { occurred_on: set("1900-01-01"), ..wet(&world).await }).await.unwrap();
});

both_engines!(c_occ_05_what_was_typed_survives_a_refusal, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let ctx = world.ctx("tech1").await;
    let form = SaveCustomerOccurrence {
        fixed: acme.to_string(),
        customer: acme.to_string(),
        body: "Half a".into(),
        ..SaveCustomerOccurrence::default()
    };
    error(occurrences::save_form(&ctx, &form).await);
    let again = occurrences::form(&ctx, &acme.to_string(), "", "").await.unwrap();
    assert_eq!(again.draft.map(|draft| draft.text("body")), Some("Half a".to_owned()));
    // Looking for a customer keeps what was typed and saves nothing.
    let search =
        SaveCustomerOccurrence { body: "Wet".into(), search: "acm".into(), ..SaveCustomerOccurrence::default() };
    assert_eq!(occurrences::save_form(&ctx, &search).await.unwrap(), None);
    let again = occurrences::form(&ctx, "", "", "acm").await.unwrap();
    assert_eq!(again.found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Acme"]);
    assert_eq!(again.draft.map(|draft| draft.text("body")), Some("Wet".to_owned()));
    // What is saved takes the place of its draft.
    let whole = SaveCustomerOccurrence {
        category: category(&world, "delivery").await,
        impact: "neutral".into(),
        occurred_on: today(&world).await.to_string(),
        ..form
    };
    let (of, id) = occurrences::save_form(&ctx, &whole).await.unwrap().unwrap();
    assert_eq!((of, get(&world, id).await.body.as_str()), (acme, "Half a"));
    assert!(drafts::find(&ctx, occurrences::KIND, &acme.to_string()).await.unwrap().is_none());
});

both_engines!(c_img_at_most_two_images_of_four_types, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let ctx = world.ctx("tech1").await;
    let mut ids = Vec::new();
    for name in ["a.png", "b.png", "c.png"] {
        ids.push(upload(&ctx, name, PNG).await.unwrap().id.to_string());
    }
    let image = |id: &String, alt: &str| CustomerImage { id: id.clone(), alt: alt.to_owned() };
    let three = Patched { images: Some(ids.iter().map(|id| image(id, "")).collect()), ..wet(&world).await };
    assert_eq!(field(register(&world, "tech1", acme, three).await, "images"), Some(Code::TooMany));
    let svg = upload(&ctx, "x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>").await.unwrap().id.to_string();
    let drawn = Patched { images: Some(vec![image(&svg, "")]), ..wet(&world).await };
    assert_eq!(field(register(&world, "tech1", acme, drawn).await, "images[0]"), Some(Code::TypeNotAllowed));
    // Its header says 20 000 pixels a side.
    let mut vast = PNG.to_vec();
    vast[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let vast = upload(&ctx, "vast.png", &vast).await.unwrap().id.to_string();
    let huge = Patched { images: Some(vec![image(&vast, "")]), ..wet(&world).await };
    assert_eq!(field(register(&world, "tech1", acme, huge).await, "images[0]"), Some(Code::TooManyPixels));
    let two = Patched { images: Some(vec![image(&ids[0], "Wet pallet"), image(&ids[1], "")]), ..wet(&world).await };
    let id = register(&world, "tech1", acme, two).await.unwrap();
    let view = get(&world, id).await;
    let alts: Vec<&str> = view.images.iter().map(|image| image.alt.as_str()).collect();
    assert_eq!(alts, ["Wet pallet", "b.png"]);
    let shown = view.images[0].id;
    documents::open(&world.ctx("observer").await, shown).await.unwrap();
    assert_eq!(error(documents::open(&world.ctx("requester1").await, shown).await), AppError::NotFound);
    // One goes, another comes; the former one is left to the page of versions.
    let present = vec![image(&view.images[1].id.to_string(), ""), image(&ids[2], "")];
    occurrences::update(&ctx, id, Patched { images: Some(present), ..Patched::default() }, from(1)).await.unwrap();
    assert_eq!(get(&world, id).await.images.len(), 2);
    assert_eq!(error(documents::open(&world.ctx("observer").await, shown).await), AppError::NotFound, "C-IMG-06");
    occurrences::former_image(&world.ctx("observer").await, id, shown).await.unwrap();
    let stranger = occurrences::former_image(&world.ctx("requester1").await, id, shown).await;
    assert_eq!(stranger.map(|_| ()).map_err(|error| error.public), Err(AppError::NotFound));
});

both_engines!(c_occ_05_wrong_images_are_told_with_the_other_wrong_fields, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let ctx = world.ctx("tech1").await;
    let svg = upload(&ctx, "x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>").await.unwrap().id.to_string();
    let image = |id: &str, alt: &str| CustomerImage { id: id.to_owned(), alt: alt.to_owned() };
    let images = vec![image("no id", ""), image(&svg, "")];
    let wrong = Patched { body: set(""), impact: set("huge"), images: Some(images), ..wet(&world).await };
    let told = |error: AppError| match error {
        AppError::Invalid(errors) => {
            ["body", "impact", "images[0]", "images[1]", "customer"].map(|field| errors.of(field))
        }
        other => panic!("{other:?}"),
    };
    let (gone, kind) = (Some(Code::UnknownReference), Some(Code::TypeNotAllowed));
    let first = error(register(&world, "tech1", acme, wrong.clone()).await);
    assert_eq!(told(first), [Some(Code::Required), Some(Code::Invalid), gone, kind, None]);
    let nobody = error(occurrences::create(&ctx, Door::default(), wrong.clone(), "").await);
    assert_eq!(told(nobody), [Some(Code::Required), Some(Code::Invalid), gone, kind, Some(Code::Required)]);
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    let changed = error(occurrences::update(&ctx, id, wrong, from(1)).await);
    assert_eq!(told(changed), [Some(Code::Required), Some(Code::Invalid), gone, kind, None]);
});

both_engines!(c_occ_07_08_changes_keep_versions_and_the_same_field_conflicts, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    world.advance(60);
    let words = |text: &str| Patched { body: set(text), ..Patched::default() };
    occurrences::update(&tech1, id, words("Pallets arrived soaked."), from(1)).await.unwrap();
    let impact = Patched { impact: set("neutral"), ..Patched::default() };
    occurrences::update(&tech2, id, impact, from(1)).await.unwrap();
    // C-OCC-08: different fields were merged, the same field is told with both values.
    let conflicts = conflict(occurrences::update(&tech2, id, words("Pallets arrived dry."), from(1)).await);
    assert_eq!(conflicts[0].field, "body");
    assert_eq!(conflicts[0].yours, serde_json::json!("Pallets arrived dry."));
    assert_eq!(conflicts[0].theirs, serde_json::json!("Pallets arrived soaked."));
    let view = get(&world, id).await;
    assert_eq!((view.version, view.revisions, view.impact), (3, 2, Some(Impact::Neutral)));
    let versions = occurrences::revisions(&world.ctx("observer").await, id).await.unwrap();
    let told: Vec<(i32, &str, Impact, &str)> =
        versions.iter().map(|one| (one.revision, one.body.as_str(), one.impact, one.by.name.as_str())).collect();
    let expected = [
        (3, "Pallets arrived soaked.", Impact::Neutral, "tech2"),
        (2, "Pallets arrived soaked.", Impact::Negative, "tech1"),
        (1, "Pallets arrived wet.", Impact::Negative, "tech1"),
    ];
    assert_eq!(told, expected);
    // The author may change his own where he may not write the customer; others' he may not.
    let rio = world.entity("Rio", world.brasil).await;
    world.hire("local", ShippedRole::Technician, rio).await;
    let own = register(&world, "local", acme, wet(&world).await).await.unwrap();
    let local = world.ctx("local").await;
    occurrences::update(&local, own, words("Mine."), from(1)).await.unwrap();
    assert_eq!(forbidden(occurrences::update(&local, id, words("Not mine."), from(3)).await), "customer.edit");
});

both_engines!(c_occ_09_a_deleted_one_leaves_a_tombstone_and_no_number, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    let ctx = world.ctx("tech1").await;
    let query = ReportQuery { whole: true, count: true, ..ReportQuery::default() };
    occurrences::set_removed(&ctx, id, true, from(1)).await.unwrap();
    let view = get(&world, id).await;
    assert!(view.removed.is_some());
    assert_eq!((view.body.as_str(), view.category, view.impact, view.images.len()), ("", None, None, 0));
    assert!(occurrences::rows(&ctx, &query).await.unwrap().items.is_empty());
    assert_eq!(occurrences::of_customer(&ctx, acme, &query).await.unwrap().items.len(), 1, "its place is kept");
    assert_eq!(occurrences::report(&ctx, &ReportQuery::default()).await.unwrap().by_impact.total(), 0);
    assert!(customers::get(&ctx, acme).await.unwrap().last.is_none());
    let words = Patched { body: set("Again."), ..Patched::default() };
    assert_eq!(refused(occurrences::update(&ctx, id, words, from(2)).await), Code::EntryDeleted);
    assert_eq!(occurrences::revisions(&ctx, id).await.unwrap()[0].body, "Pallets arrived wet.");
    assert_eq!(
        refused(customers::remove(&world.ctx("supervisor").await, acme, customers::Basis::default()).await),
        Code::InUse
    );
    occurrences::set_removed(&ctx, id, false, from(2)).await.unwrap();
    assert_eq!(occurrences::report(&ctx, &ReportQuery::default()).await.unwrap().by_impact.negative, 1);
    assert_eq!(customers::get(&ctx, acme).await.unwrap().last.map(|(_, impact)| impact), Some(Impact::Negative));
});

both_engines!(c_occ_10_11_a_ticket_is_linked_and_seen_by_those_who_may_see_it, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    let ctx = world.ctx("tech1").await;
    let form = occurrences::ticket_form(&ctx, &id.to_string()).await.unwrap();
    assert_eq!(form.title, "Pallets arrived wet.");
    let open =
        OpenTicketFrom { id: id.to_string(), key: form.key, title: form.title, description: form.occurrence.body };
    let number = occurrences::open_ticket(&ctx, &open).await.unwrap();
    assert_eq!(occurrences::open_ticket(&ctx, &open).await.unwrap(), number, "once");
    let ticket = tickets::detail(&ctx, number).await.unwrap();
    assert_eq!(ticket.customer.map(|one| one.id), Some(acme));
    assert_eq!(get(&world, id).await.ticket, Some(number));
    let section = customers::ticket_page(&ctx, number, "").await.unwrap();
    assert_eq!(section.occurrences.len(), 1);
    assert_eq!(error(customers::ticket_page(&world.ctx("requester1").await, number, "").await), AppError::NotFound);
    // A ticket out of sight is none.
    let unknown = Patched { ticket: set("999999"), ..Patched::default() };
    let version = get(&world, id).await.version;
    assert_eq!(
        field(occurrences::update(&ctx, id, unknown, from(version)).await, "ticket"),
        Some(Code::UnknownReference)
    );
});

both_engines!(c_occ_11_a_ticket_needs_no_right_to_change_the_occurrence, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    world.hire_with("desk", &[CustomerView, TicketCreate, TicketViewOwn]).await;
    world.hire_with("reader", &[CustomerView, TicketViewOwn]).await;
    let desk = world.ctx("desk").await;
    let words = Patched { body: set("Mine."), ..Patched::default() };
    assert_eq!(forbidden(occurrences::update(&desk, id, words, from(1)).await), "customer.edit");
    let form = occurrences::ticket_form(&desk, &id.to_string()).await.unwrap();
    let open =
        OpenTicketFrom { id: id.to_string(), key: form.key, title: form.title, description: form.occurrence.body };
    let number = occurrences::open_ticket(&desk, &open).await.unwrap();
    assert_eq!(get(&world, id).await.ticket, Some(number));
    let reader = world.ctx("reader").await;
    assert_eq!(forbidden(occurrences::ticket_form(&reader, &id.to_string()).await), "ticket.create");
});

both_engines!(c_occ_11_a_ticket_is_opened_where_its_writer_sees_customers, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    // At the root he only asks for help; in Rio he works.
    let rio = world.entity("Rio", world.root).await;
    let clerk = world.hire_with("clerk", &[TicketCreate, TicketViewOwn]).await;
    let mut sql = Sql::new("INSERT INTO assignment (id, user_id, entity_id, role_id, recursive) SELECT ");
    sql.bind(new_id()).push_bind(", ", clerk).push_bind(", ", rio);
    world.run(sql.push(", id, TRUE FROM role WHERE key = 'technician'")).await;
    let ctx = world.ctx("clerk").await;
    let form = occurrences::ticket_form(&ctx, &id.to_string()).await.unwrap();
    let open =
        OpenTicketFrom { id: id.to_string(), key: form.key, title: form.title, description: form.occurrence.body };
    let number = occurrences::open_ticket(&ctx, &open).await.unwrap();
    let ticket = tickets::detail(&ctx, number).await.unwrap();
    assert_eq!((ticket.entity.id, ticket.customer.map(|one| one.id)), (rio, Some(acme)));
});

both_engines!(c_occ_10_a_link_stays_that_its_editor_does_not_see, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    world.hire_with("clerk", &[CustomerView, CustomerEdit, TicketViewOwn]).await;
    let hidden = world.ticket().create().await.to_string();
    let own = world.ticket().requester("clerk").create().await.to_string();
    let (tech1, clerk) = (world.ctx("tech1").await, world.ctx("clerk").await);
    let id = register(&world, "clerk", acme, wet(&world).await).await.unwrap();
    let to = |ticket| Patched { ticket, ..Patched::default() };
    occurrences::update(&tech1, id, to(set(&hidden)), from(1)).await.unwrap();
    assert_eq!(occurrences::get(&clerk, id).await.unwrap().ticket, None);
    let form = Patched { body: set("Dry again."), ticket: Patch::Clear, ..Patched::default() };
    occurrences::update(&clerk, id, form, from(2)).await.unwrap();
    let view = get(&world, id).await;
    assert_eq!((view.ticket.map(|number| number.to_string()), view.body.as_str()), (Some(hidden), "Dry again."));
    let met = conflict(occurrences::update(&clerk, id, to(set(&own)), from(1)).await);
    assert_eq!((met[0].field.as_str(), &met[0].theirs), ("ticket", &serde_json::Value::Null));
    assert_eq!(met[0].yours.to_string(), own);
});

both_engines!(c_rep_02_the_sums_agree_for_every_filter, |world: World| async move {
    let (acme, other) = (customer(&world, "Acme").await, customer(&world, "Other").await);
    let day = today(&world).await;
    for (of, code, impact, days_ago) in [
        (acme, "delivery", "negative", 0),
        (acme, "delivery", "positive", 40),
        (acme, "billing", "neutral", 80),
        (other, "delivery", "negative", 120),
        (other, "service", "positive", 160),
    ] {
        let patch = Patched {
            category: set(&category(&world, code).await),
            impact: set(impact),
            occurred_on: set(&day.checked_sub_days(Days::new(days_ago)).unwrap().to_string()),
            ..wet(&world).await
        };
        register(&world, "tech1", of, patch).await.unwrap();
    }
    let ctx = world.ctx("observer").await;
    let delivery = category(&world, "delivery").await;
    let since = day.checked_sub_days(Days::new(50)).unwrap().to_string();
    let queries = [
        (ReportQuery::default(), 5),
        (ReportQuery { impact: "negative,neutral".into(), ..ReportQuery::default() }, 3),
        (ReportQuery { category: delivery, ..ReportQuery::default() }, 3),
        (ReportQuery { customer: acme.to_string(), ..ReportQuery::default() }, 3),
        (ReportQuery { from: since, to: day.to_string(), ..ReportQuery::default() }, 2),
        (ReportQuery { responsible: "none".into(), segment: "none".into(), ..ReportQuery::default() }, 5),
        (ReportQuery { entity: world.root.to_string(), entity_only: true, ..ReportQuery::default() }, 5),
        (ReportQuery { entity: world.brasil.to_string(), ..ReportQuery::default() }, 0),
    ];
    for (query, total) in queries {
        let report = occurrences::report(&ctx, &query).await.unwrap();
        let rows = occurrences::rows(&ctx, &query).await.unwrap().items.len();
        let buckets: i64 = report.buckets.iter().map(|bucket| bucket.counts.total()).sum();
        let categories: i64 = report.by_category.iter().map(|share| share.count).sum();
        let customers: i64 = report.by_customer.iter().map(|share| share.count).sum();
        assert_eq!(
            (report.by_impact.total(), buckets, categories, customers, i64::try_from(rows).unwrap()),
            (total, total, total, total, total),
            "{query:?}"
        );
    }
    let wrong = ReportQuery { from: "yesterday".into(), impact: "huge".into(), ..ReportQuery::default() };
    let AppError::Invalid(errors) = error(occurrences::report(&ctx, &wrong).await) else { panic!("must be refused") };
    assert_eq!((errors.of("from"), errors.of("impact")), (Some(Code::Invalid), Some(Code::Invalid)));
});

both_engines!(c_rep_04_an_export_has_the_rows_of_the_filters_and_its_row_in_the_audit, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    for _ in 0..3 {
        register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    }
    let positive = Patched { impact: set("positive"), ..wet(&world).await };
    register(&world, "tech1", acme, positive).await.unwrap();
    let ctx = world.ctx("observer").await;
    let query = ReportQuery { impact: "negative".into(), ..ReportQuery::default() };
    let mut export = occurrences::export(&ctx, query).await.unwrap();
    let mut rows = Vec::new();
    while let Some(more) = export.next().await.unwrap() {
        rows.extend(more);
    }
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].customer.as_str(), rows[0].category.as_str(), rows[0].images), ("Acme", "Delivery", 0));
    assert_eq!(
        error(occurrences::export(&world.ctx("requester1").await, ReportQuery::default()).await.map(|_| ())),
        AppError::NotFound
    );
});

both_engines!(c_occ_13_a_list_is_read_by_cursor_in_one_order, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let day = today(&world).await;
    for n in 0..7_u64 {
        let on = day.checked_sub_days(Days::new(n % 3)).unwrap().to_string();
        let patch = Patched { body: set(&format!("No {n}")), occurred_on: set(&on), ..wet(&world).await };
        register(&world, "tech1", acme, patch).await.unwrap();
        world.advance(1);
    }
    let ctx = world.ctx("observer").await;
    let mut query = ReportQuery { limit: 2, whole: true, ..ReportQuery::default() };
    let mut seen = Vec::new();
    loop {
        let page = occurrences::rows(&ctx, &query).await.unwrap();
        seen.extend(page.items.into_iter().map(|one| one.body));
        match page.next_cursor {
            Some(cursor) => query.cursor = cursor,
            None => break,
        }
    }
    assert_eq!(seen, ["No 6", "No 3", "No 0", "No 4", "No 1", "No 5", "No 2"]);
});

both_engines!(c_rgt_02_nothing_is_told_to_those_who_see_no_customers, |world: World| async move {
    let acme = customer(&world, "Acme").await;
    let id = register(&world, "tech1", acme, wet(&world).await).await.unwrap();
    let ctx = world.ctx("requester1").await;
    let is_hidden = |error: AppError| assert_eq!(error, AppError::NotFound);
    is_hidden(error(occurrences::get(&ctx, id).await));
    is_hidden(error(occurrences::revisions(&ctx, id).await));
    is_hidden(error(occurrences::rows(&ctx, &ReportQuery::default()).await));
    is_hidden(error(occurrences::report(&ctx, &ReportQuery::default()).await));
    is_hidden(error(occurrences::report_page(&ctx, &ReportQuery::default(), "").await));
    is_hidden(error(occurrences::form(&ctx, "", "", "").await));
    is_hidden(error(
        occurrences::create(&ctx, Door { customer: acme.to_string(), ..Door::default() }, Patched::default(), "").await,
    ));
    is_hidden(error(occurrences::update(&ctx, id, Patched::default(), from(1)).await));
    is_hidden(error(occurrences::set_removed(&ctx, id, true, from(1)).await));
    is_hidden(error(occurrences::ticket_form(&ctx, &id.to_string()).await));
    let observer = world.ctx("observer").await;
    assert_eq!(forbidden(occurrences::set_removed(&observer, id, true, from(1)).await), "customer.edit");
});
