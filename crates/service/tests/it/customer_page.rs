//! A customer as his page has him: the same numbers as the report, news while it is open, a customer that moves with everything
//! that happened to him, and nothing of it for those who ask for help (C-CUS-07, C-OCC-14, C-REP-03, C-RGT-03).

use chrono::{Days, NaiveDate};
use domain::customer::{Contact, ImpactCounts};
use domain::error::{AppError, Code};
use domain::forms::{
    AddSolution, CustomerImage, CustomerOccurrencePatch as Happened, CustomerPatch, Patch, SaveCustomer,
    SaveCustomerOccurrence, TicketPatch,
};
use domain::occurrence::BodyFormat;
use domain::policy::Capability::{CustomerEdit, CustomerView, TicketViewOwn};
use domain::policy::ShippedRole;
use domain::views::{CustomerPage, CustomerSection, ReportQuery, TimelineQuery};
use serde_json::json;
use service::customer_occurrences::{self as happenings, Door};
use service::customers::{self, Basis};
use service::{events, lists, occurrences, requests, solutions, tickets};
use testing::{Sink, World, both_engines, error, field, upload};
use uuid::Uuid;

use crate::mail::{letter, relay, talking};

/// A whole PNG of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

/// A customer of the root, which sub-entities reach where he counts below.
async fn customer(world: &World, name: &str, recursive: bool) -> Uuid {
    let patch = CustomerPatch {
        name: set(name),
        entity: set(&world.root.to_string()),
        recursive: Some(recursive),
        ..CustomerPatch::default()
    };
    customers::create(&world.ctx("supervisor").await, patch, "").await.unwrap().id
}

async fn category(world: &World, code: &str) -> String {
    world.coded(lists::CUSTOMER_CATEGORIES, code).await
}

async fn today(world: &World) -> NaiveDate {
    happenings::form(&world.ctx("tech1").await, "", "", "").await.unwrap().today
}

/// Registers what happened so many days ago, as tech1.
async fn register(world: &World, customer: Uuid, (code, impact, days_ago): (&str, &str, u64), more: Happened) -> Uuid {
    let on = today(world).await.checked_sub_days(Days::new(days_ago)).unwrap();
    let patch = Happened {
        body: set("Zebra pallets arrived wet."),
        category: set(&category(world, code).await),
        impact: set(impact),
        occurred_on: set(&on.to_string()),
        ..more
    };
    let door = Door { fixed: Some(customer), ..Door::default() };
    happenings::create(&world.ctx("tech1").await, door, patch, "").await.unwrap()
}

async fn name_customer(world: &World, number: i64, customer: Patch<String>) {
    let patch = TicketPatch { customer, ..TicketPatch::default() };
    tickets::update(&world.ctx("supervisor").await, number, patch).await.unwrap();
}

both_engines!(c_cus_07_a_customer_moves_along_with_what_happened_to_him, |world: World| async move {
    world.hire_with("mover", &[CustomerView, CustomerEdit, TicketViewOwn]).await;
    let rio = world.entity("Rio", world.root).await;
    world.hire("there", ShippedRole::Observer, rio).await;
    world.hire("here", ShippedRole::Observer, world.brasil).await;
    let acme = customer(&world, "Acme", true).await;
    let image = upload(&world.ctx("tech1").await, "wet.png", PNG).await.unwrap().id;
    let images = Some(vec![CustomerImage { id: image.to_string(), alt: String::new() }]);
    let of = ("delivery", "negative", 0);
    let id = register(&world, acme, of, Happened { images, ..Happened::default() }).await;
    // Both stand in Brasil, which reaches no customer of Rio; he sees the one that is his own.
    let (seen, hidden) = (world.ticket().requester("mover").create().await, world.ticket().create().await);
    for number in [seen, hidden] {
        name_customer(&world, number, set(&acme.to_string())).await;
    }
    let mover = world.ctx("mover").await;
    let to_rio = || CustomerPatch { entity: set(&rio.to_string()), ..CustomerPatch::default() };
    match error(customers::update(&mover, acme, to_rio(), Basis::default()).await) {
        AppError::Refused { code: Code::InUse, data } => {
            assert_eq!(data, Some(json!({ "tickets": [seen], "more": 1 })));
        }
        other => panic!("{other:?}"),
    }
    let (here, there) = (world.ctx("here").await, world.ctx("there").await);
    assert_eq!(happenings::get(&here, id).await.unwrap().images.len(), 1, "nothing moved");

    for number in [seen, hidden] {
        name_customer(&world, number, Patch::Clear).await;
    }
    customers::update(&mover, acme, to_rio(), Basis::default()).await.unwrap();
    assert_eq!(happenings::get(&there, id).await.unwrap().images.len(), 1);
    service::documents::open(&there, image).await.unwrap();
    assert_eq!(error(happenings::get(&here, id).await), AppError::NotFound);
    assert_eq!(error(service::documents::open(&here, image).await), AppError::NotFound);
    let observer = world.ctx("observer").await;
    for (entity, total) in [(rio, 1), (world.root, 0)] {
        let query = ReportQuery { entity: entity.to_string(), entity_only: true, ..ReportQuery::default() };
        assert_eq!(happenings::report(&observer, &query).await.unwrap().by_impact.total(), total);
    }
    world.assert_sound().await;
});

both_engines!(c_rep_03_the_page_of_a_customer_counts_what_its_filters_show, |world: World| async move {
    let (acme, other) = (customer(&world, "Acme", true).await, customer(&world, "Other", true).await);
    for of in [("delivery", "negative", 0), ("delivery", "positive", 40), ("billing", "neutral", 400)] {
        register(&world, acme, of, Happened::default()).await;
    }
    register(&world, other, ("delivery", "negative", 0), Happened::default()).await;
    let (billing, since) = (category(&world, "billing").await, today(&world).await - Days::new(500));
    let (since, day) = (since.to_string(), today(&world).await.to_string());
    let counts = |positive, neutral, negative| ImpactCounts { positive, neutral, negative };
    let cases = [
        // Every one is listed, and the last twelve months are counted.
        (ReportQuery::default(), 3, counts(1, 0, 1)),
        (ReportQuery { impact: "negative".into(), ..ReportQuery::default() }, 1, counts(0, 0, 1)),
        (ReportQuery { category: billing, ..ReportQuery::default() }, 1, counts(0, 0, 0)),
        (ReportQuery { from: since, to: day, ..ReportQuery::default() }, 3, counts(1, 1, 1)),
    ];
    let observer = world.ctx("observer").await;
    for (query, listed, counted) in cases {
        let asked = query.clone();
        let page = customers::page(&observer, &acme.to_string(), CustomerSection::Occurrences, asked).await.unwrap();
        let CustomerPage { occurrences: Some(rows), report: Some(report), .. } = page else { panic!("{query:?}") };
        assert_eq!((rows.items.len(), report.by_impact), (listed, counted), "{query:?}");
        if query == ReportQuery::default() {
            assert_eq!(report.buckets.len(), 12, "a step for each month");
        }
        let drawn: i64 = report.buckets.iter().map(|bucket| bucket.counts.total()).sum();
        assert_eq!(drawn, counted.total(), "{query:?}");
    }
});

both_engines!(c_rep_03_wrong_filters_are_told_beside_the_page_of_a_customer, |world: World| async move {
    let acme = customer(&world, "Acme", true).await;
    register(&world, acme, ("delivery", "negative", 0), Happened::default()).await;
    let query = ReportQuery { from: "yesterday".into(), ..ReportQuery::default() };
    let observer = world.ctx("observer").await;
    let page = customers::page(&observer, &acme.to_string(), CustomerSection::Occurrences, query).await.unwrap();
    assert_eq!(page.wrong.of("from"), Some(Code::Invalid));
    assert!(page.occurrences.is_none() && page.report.is_none() && !page.categories.is_empty());
});

both_engines!(c_occ_08_a_draft_follows_what_others_saved_in_the_fields_it_left_alone, |world: World| async move {
    let acme = customer(&world, "Acme", true).await;
    let id = register(&world, acme, ("delivery", "negative", 0), Happened::default()).await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let typed = SaveCustomerOccurrence {
        id: id.to_string(),
        version: 1,
        begun: "1".into(),
        body: "Mine.".into(),
        category: category(&world, "delivery").await,
        impact: "negative".into(),
        occurred_on: "no day".into(),
        ..SaveCustomerOccurrence::default()
    };
    assert_eq!(field(happenings::save_form(&tech2, &typed).await, "occurred_on"), Some(Code::Invalid));
    let image = upload(&tech1, "wet.png", PNG).await.unwrap().id.to_string();
    let theirs = Happened {
        body: set("Theirs."),
        impact: set("neutral"),
        images: Some(vec![CustomerImage { id: image.clone(), alt: "A wet pallet".into() }]),
        ..Happened::default()
    };
    let from = happenings::Basis { version: Some(1), if_match: None };
    happenings::update(&tech1, id, theirs, from).await.unwrap();
    let page = happenings::edit_page(&tech2, &id.to_string()).await.unwrap();
    let form = page.form.unwrap();
    let draft = form.draft.unwrap();
    let told = ["body", "impact", "occurred_on", "alt_1"].map(|name| draft.text(name));
    assert_eq!(told, ["Mine.", "neutral", "no day", "A wet pallet"].map(str::to_owned));
    assert_eq!(form.images.iter().map(|image| image.id.to_string()).collect::<Vec<_>>(), [image]);
});

both_engines!(t_gen_07_a_draft_of_a_customer_follows_what_others_saved, |world: World| async move {
    let acme = customer(&world, "Acme", true).await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let typed = SaveCustomer {
        id: acme.to_string(),
        version: 1,
        begun: "1".into(),
        entity: world.root.to_string(),
        recursive: true,
        name: "Acme Ltda".into(),
        status: "gone".into(),
        ..SaveCustomer::default()
    };
    assert_eq!(field(customers::save_form(&tech2, &typed).await, "status"), Some(Code::Invalid));
    let ana = Contact { name: "Ana".into(), is_primary: true, ..Contact::default() };
    let theirs = CustomerPatch {
        name: set("Acme SA"),
        legal_name: set("Acme Sociedade"),
        contacts: Some(vec![ana]),
        recursive: Some(false),
        ..CustomerPatch::default()
    };
    customers::update(&tech1, acme, theirs, Basis { version: Some(1), if_match: None }).await.unwrap();
    let draft = customers::form(&tech2, &acme.to_string()).await.unwrap().draft.unwrap();
    let told = ["name", "legal_name", "status", "recursive", "primary"].map(|name| draft.text(name));
    assert_eq!(told, ["Acme Ltda", "Acme Sociedade", "gone", "", "0"].map(str::to_owned));
    assert_eq!(draft.fields["contact_name"], json!(["Ana"]));
});

both_engines!(c_occ_14_whoever_reaches_the_customer_hears_of_a_new_occurrence, |world: World| async move {
    world.hire("here", ShippedRole::Technician, world.brasil).await;
    for (name, recursive) in [("Acme", true), ("Of the root alone", false)] {
        let of = customer(&world, name, recursive).await;
        let position = world.settled_events().await;
        let id = register(&world, of, ("delivery", "negative", 0), Happened::default()).await;
        world.settled_events().await;
        let told = events::after(world.db(), position).await.unwrap();
        let made = told.iter().find(|change| change.object_id == id).unwrap_or_else(|| panic!("{told:?}"));
        assert_eq!((made.kind.as_str(), made.ticket_id), ("customer_occurrence", of), "ids, never text");
        for (who, hears) in [("tech2", true), ("here", recursive), ("requester1", false)] {
            let heard = events::heard(&world.ctx(who).await, made).await.unwrap();
            assert_eq!(heard.map(|heard| heard.what), hears.then(|| "created".to_owned()), "{who} of {name}");
        }
    }
});

both_engines!(c_rgt_03_no_mail_and_no_request_tells_what_happened_to_a_customer, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let acme = customer(&world, "Zebra", true).await;
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    name_customer(&world, number, set(&acme.to_string())).await;
    let linked = Happened { ticket: set(&number.to_string()), ..Happened::default() };
    register(&world, acme, ("delivery", "negative", 0), linked).await;
    let tech1 = world.ctx("tech1").await;
    occurrences::add(&tech1, letter(number, "It is on its way.")).await.unwrap();
    let form =
        AddSolution { ticket: number, body: "Glued.".into(), format: BodyFormat::Text, ..AddSolution::default() };
    solutions::add(&tech1, form).await.unwrap();
    relay(&world.services).await;
    let mails = sink.mails();
    assert!(mails.iter().any(|mail| mail.text().contains("It is on its way.")), "mails left");
    for mail in mails {
        let whole = [mail.header("Subject").unwrap_or_default(), mail.text(), mail.html()].concat();
        assert!(!whole.contains("Zebra") && !whole.contains("pallets"), "{whole}");
    }
    let request = requests::detail(&world.ctx("requester1").await, number, TimelineQuery::default()).await.unwrap();
    let whole = serde_json::to_string(&request).unwrap();
    assert!(whole.contains("Glued.") && !whole.contains("Zebra") && !whole.contains("pallets"), "{whole}");
});
