//! The agents' form of a new ticket: the customer it may name (C-CUS-03, C-RGT), the ticket it follows (T-STA-30).

use domain::error::{AppError, Code};
use domain::forms::{CreateTicket, CustomerPatch, Patch};
use domain::occurrence::BodyFormat;
use domain::policy::ShippedRole;
use domain::ticket::Status;
use domain::views::CustomerChoice;
use serde_json::json;
use service::customers::{self, Basis, Purpose};
use service::history::{self, HistoryQuery};
use service::{lists, tickets};
use testing::{World, both_engines, error, field, forbidden};
use uuid::Uuid;

async fn add(world: &World, name: &str, entity: Uuid) -> Uuid {
    let patch = CustomerPatch {
        name: Patch::Set(name.to_owned()),
        entity: Patch::Set(entity.to_string()),
        ..CustomerPatch::default()
    };
    customers::create(&world.ctx("supervisor").await, patch, "").await.unwrap().id
}

fn names(found: &[CustomerChoice]) -> Vec<&str> {
    found.iter().map(|one| one.name.as_str()).collect()
}

/// A ticket as its form is sent.
fn sent() -> CreateTicket {
    CreateTicket {
        title: "Wet pallets".into(),
        description: "Since Monday.".into(),
        format: BodyFormat::Text,
        ..CreateTicket::default()
    }
}

both_engines!(c_cus_03_a_new_ticket_names_a_customer_that_was_looked_for, |world: World| async move {
    let acme = add(&world, "Acme Ltda", world.root).await;
    let gone = add(&world, "Acme Gone", world.root).await;
    let inactive = CustomerPatch { status: Patch::Set("inactive".into()), ..CustomerPatch::default() };
    customers::update(&world.ctx("supervisor").await, gone, inactive, Basis::default()).await.unwrap();
    let iberia = world.entity("Iberia", world.root).await;
    let foreign = add(&world, "Acme Iberia", iberia).await;
    let rio = world.entity("Rio", world.brasil).await;
    world.hire("local", ShippedRole::Technician, rio).await;
    let local = world.ctx("local").await;
    let page = tickets::for_new_ticket(&local, "", "acm").await.unwrap();
    assert!(page.sees_customers && page.customer.is_none());
    assert_eq!(names(&page.found), ["Acme Ltda"], "in reach and active (C-RGT-01, C-CUS-05)");
    assert!(tickets::for_new_ticket(&local, "", " ").await.unwrap().found.is_empty());
    let too_long = tickets::for_new_ticket(&local, "", &"a".repeat(201)).await;
    assert_eq!(field(too_long, "q"), Some(Code::TooLong));

    // Everything typed is there again, and the one that was chosen.
    let form = CreateTicket { customer: acme.to_string(), ..sent() };
    tickets::keep_new(&local, &form).await.unwrap();
    let page = tickets::for_new_ticket(&local, "", "acm").await.unwrap();
    assert_eq!(page.customer.map(|one| one.id), Some(acme));
    assert_eq!(page.draft.map(|draft| draft.text("title")), Some("Wet pallets".to_owned()));
    let number = tickets::create(&local, form).await.unwrap();
    assert_eq!(world.row(number).await.customer_id, Some(acme));
    assert!(tickets::for_new_ticket(&local, "", "").await.unwrap().customer.is_none(), "the draft is gone");
    for id in [foreign, gone] {
        let form = CreateTicket { customer: id.to_string(), ..sent() };
        assert_eq!(field(tickets::create(&local, form).await, "customer"), Some(Code::UnknownReference));
    }
});

both_engines!(c_rgt_a_new_ticket_offers_no_customers_to_those_who_see_none, |world: World| async move {
    let acme = add(&world, "Acme Ltda", world.root).await;
    let requester1 = world.ctx("requester1").await;
    tickets::keep_new(&requester1, &CreateTicket { customer: acme.to_string(), ..sent() }).await.unwrap();
    let page = tickets::for_new_ticket(&requester1, "", "acme").await.unwrap();
    assert!(!page.sees_customers && page.customer.is_none() && page.found.is_empty());
    assert_eq!(error(customers::pick(&requester1, "acme", Purpose::NewTicket).await), AppError::NotFound);
    // Who sees customers and may register no ticket names none.
    let observer = world.ctx("observer").await;
    assert_eq!(error(customers::pick(&observer, "acme", Purpose::NewTicket).await), AppError::NotFound);
    assert_eq!(forbidden(tickets::keep_new(&observer, &sent()).await), "ticket.create");
    assert_eq!(forbidden(tickets::for_new_ticket(&observer, "", "").await), "ticket.create");
});

both_engines!(t_sta_30_an_agent_goes_on_with_a_ticket_that_is_over, |world: World| async move {
    let category = world.list_row(lists::TICKET_CATEGORIES, "Printers", |_| {}).await;
    let (first_person, second_person) = (world.user("requester1").await, world.user("requester2").await);
    let asked = [first_person.clone(), second_person.clone(), "Ann Lee <ann@example.org>".to_owned()];
    let first = world.ticket().title("Printer jams").with(|form| {
        form.category.clone_from(&category);
        form.requesters = asked.to_vec();
    });
    let first = first.create().await;
    let (tech1, number) = (world.ctx("tech1").await, first.to_string());
    let offers = async || tickets::detail(&tech1, first).await.unwrap().actions.contains(&"follow-up".to_owned());
    assert!(!offers().await, "it is still open");
    assert!(tickets::for_new_ticket(&tech1, &number, "").await.unwrap().follows.is_none());
    for status in [Status::Cancelled, Status::Closed] {
        world.put_status(first, status).await;
        assert!(offers().await, "{status:?}");
    }
    let row = world.row(first).await;
    let page = tickets::for_new_ticket(&tech1, &number, "").await.unwrap();
    let third_person = "email:Ann Lee <ann@example.org>";
    let expected = json!({
        "title": "Printer jams", "kind": row.kind, "category": category, "entity": row.entity_id,
        "requesters": [first_person, "", second_person, third_person],
    });
    assert_eq!((page.follows, page.begun), (Some(first), expected));
    assert!(page.choices.people.iter().any(|choice| choice.value == first_person));
    let shared: Vec<&str> = page.shared.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(shared, [second_person.as_str(), third_person]);

    let form = CreateTicket {
        title: "Printer jams".into(),
        category,
        entity: row.entity_id.to_string(),
        requesters: [first_person.as_str(), "", second_person.as_str(), third_person].map(str::to_owned).to_vec(),
        follow_up_of: number,
        ..sent()
    };
    let second = tickets::create(&tech1, form).await.unwrap();
    let named = |detail: domain::views::TicketDetail| -> Vec<String> {
        detail.requesters.into_iter().map(|one| one.name).collect()
    };
    let both = [tickets::detail(&tech1, first).await.unwrap(), tickets::detail(&tech1, second).await.unwrap()];
    let [before, after] = both.map(named);
    assert_eq!(before, after);
    for (number, name, other) in [(first, "follow_up", second), (second, "follow_up_of", first)] {
        let query = HistoryQuery { kinds: "follow_up_created".into(), ..HistoryQuery::default() };
        let page = history::list(&tech1, number, query).await.unwrap();
        let told = &page.items[0].event.changes[0];
        assert_eq!((told.field.as_str(), told.new.as_str()), (name, format!("#{other}").as_str()));
    }
});

both_engines!(t_sta_30_what_was_typed_before_stays_in_a_follow_up, |world: World| async move {
    let first = world.ticket().title("Printer jams").create().await;
    world.put_status(first, Status::Closed).await;
    let (tech1, number) = (world.ctx("tech1").await, first.to_string());
    // A draft of something else keeps what stands in it.
    let other = world.user("requester2").await;
    tickets::keep_new(&tech1, &CreateTicket { requesters: vec![other], ..sent() }).await.unwrap();
    let page = tickets::for_new_ticket(&tech1, &number, "").await.unwrap();
    assert!(page.begun.get("title").is_none() && page.begun.get("requesters").is_none(), "{}", page.begun);
    assert_eq!(page.begun["kind"], world.row(first).await.kind);
    // One of this very follow-up is left as it is, with what was emptied; the number needs no address.
    let form = CreateTicket { title: String::new(), follow_up_of: number, ..sent() };
    tickets::keep_new(&tech1, &form).await.unwrap();
    let page = tickets::for_new_ticket(&tech1, "", "").await.unwrap();
    assert_eq!((page.follows, page.begun), (Some(first), json!({})));
    // Opened again meanwhile, there is nothing to follow.
    world.put_status(first, Status::Assigned).await;
    assert!(tickets::for_new_ticket(&tech1, "", "").await.unwrap().follows.is_none());
});

both_engines!(t_sta_30_the_agents_form_tells_nobody_else_of_the_ticket, |world: World| async move {
    let first = world.ticket().title("Printer jams").create().await;
    world.put_status(first, Status::Closed).await;
    let iberia = world.entity("Iberia", world.root).await;
    world.hire("stranger", ShippedRole::Technician, iberia).await;
    for who in ["requester1", "requester2", "stranger"] {
        let page = tickets::for_new_ticket(&world.ctx(who).await, &first.to_string(), "").await.unwrap();
        assert!(page.follows.is_none() && page.shared.is_empty(), "{who}");
        assert_eq!(page.begun, json!({}), "{who}");
    }
});
