//! The pages of customers, as plain HTML and forms.

use app::t::{customers as t, shell};
use domain::forms::CustomerPatch;
use domain::forms::Patch;
use domain::lang::Lang;
use service::customers;
use uuid::Uuid;

use crate::pages::is_whole;
use crate::pages::refused_forms::refused;
use crate::support::{Desk, PNG, Story, html_text};

async fn acme(desk: &Desk) -> Uuid {
    let patch = CustomerPatch { name: Patch::Set("Acme <Ltda>".to_owned()), ..CustomerPatch::default() };
    customers::create(&desk.ctx("tech1").await, patch, "").await.unwrap().id
}

async fn delivery(desk: &Desk) -> String {
    desk.world.coded(service::lists::CUSTOMER_CATEGORIES, "delivery").await
}

#[tokio::test]
async fn the_list_and_the_forms_are_whole_without_scripts() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    for path in [
        "/customers".to_owned(),
        "/customers?q=acme".to_owned(),
        "/customers?sort=colour".to_owned(),
        "/customers/new".to_owned(),
        "/customers/import".to_owned(),
        format!("/customers/{id}"),
        format!("/customers/{id}?section=tickets"),
        format!("/customers/{id}?section=contacts"),
        format!("/customers/{id}?section=history"),
        format!("/customers/{id}/edit"),
        format!("/customers/{id}/remove"),
        format!("/customers/{id}/occurrences/new"),
        "/customer-occurrences/new".to_owned(),
        "/reports/customer-occurrences".to_owned(),
        "/reports/customer-occurrences?from=yesterday".to_owned(),
    ] {
        let page = desk.get(&path, "tech1").await.expect(200);
        is_whole(&page);
        assert!(!page.text().contains("<Ltda>"), "{path}: escaped");
        assert!(!page.text().contains("pkg/guichet"), "{path}: no bundle");
    }
    let list = desk.get("/customers", "observer").await.expect(200).text();
    assert!(list.contains(&format!("href=\"/customers/{id}\"")), "{}", html_text(&list));
    assert!(!list.contains("href=\"/customers/new\""), "who may not write is offered nothing to write");
    assert!(desk.get("/", "tech1").await.expect(200).text().contains("href=\"/customer-occurrences/new\""));
}

#[tokio::test]
async fn c_occ_02_an_occurrence_is_registered_by_a_plain_form() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    let (customer, category) = (id.to_string(), delivery(&desk).await);
    let from = format!("/customers/{id}/occurrences/new");
    let fields = [
        ("form[fixed]", customer.as_str()),
        ("form[customer]", customer.as_str()),
        ("form[version]", "0"),
        ("form[body]", "Pallets arrived <wet>."),
        ("form[category]", category.as_str()),
        ("form[impact]", "negative"),
        ("form[occurred_on]", "2026-01-12"),
        ("form[attachments][]", ""),
    ];
    let answer = desk.post_form("save_customer_occurrence", &from, &fields, "tech1").await.expect(302);
    let location = answer.location();
    assert!(location.starts_with(&format!("/customers/{id}?done=registered#occurrence-")), "{location}");
    let page = desk.get(&location, "tech1").await.expect(200).text();
    let text = html_text(&page);
    assert!(
        text.contains("Pallets arrived <wet>.") && text.contains("Negative") && text.contains("Delivery"),
        "{text}"
    );
    assert!(text.contains("12\u{a0}Jan\u{a0}2026") && text.contains("Occurrence registered"), "{text}");
    // C-RGT: what happened is on no page of a requester.
    desk.get(&format!("/customers/{id}"), "requester1").await.expect(404);
}

#[tokio::test]
async fn c_occ_05_a_refused_form_comes_back_with_everything_typed() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    let upload = desk.upload("wet.png", PNG, "tech1").await.expect(201).json();
    let upload = upload["id"].as_str().unwrap();
    let fields = [
        ("form[search]", ""),
        ("form[version]", "0"),
        ("form[body]", "Half a sentence"),
        ("form[occurred_on]", "2026-01-12"),
        ("form[attachments][]", upload),
        ("form[alt_1]", "A wet pallet"),
    ];
    let answer =
        desk.post_form("save_customer_occurrence", "/customer-occurrences/new", &fields, "tech1").await.expect(302);
    assert!(answer.location().starts_with("/customer-occurrences/new?"), "{}", answer.location());
    let page = desk.get(&answer.location(), "tech1").await.text();
    for typed in ["Half a sentence", "A wet pallet", "2026-01-12", upload, "error-summary"] {
        assert!(page.contains(typed), "{typed}: {}", html_text(&page));
    }
    // C-CUS-03: looking for a customer keeps it too, and finds by a page.
    let mut fields = fields.to_vec();
    fields[0].1 = "acm";
    let answer =
        desk.post_form("save_customer_occurrence", "/customer-occurrences/new", &fields, "tech1").await.expect(302);
    assert_eq!(answer.location(), "/customer-occurrences/new?search=acm#form-customer");
    let page = desk.get(&answer.location(), "tech1").await.expect(200).text();
    assert!(page.contains(&format!("value=\"{id}\"")) && page.contains("Half a sentence"), "{}", html_text(&page));
}

#[tokio::test]
async fn c_occ_01_register_and_add_another_keeps_category_and_day() {
    let desk = Desk::new().await;
    let (customer, category) = (acme(&desk).await.to_string(), delivery(&desk).await);
    let fields = [
        ("form[customer]", customer.as_str()),
        ("form[version]", "0"),
        ("form[body]", "Wet."),
        ("form[category]", category.as_str()),
        ("form[impact]", "neutral"),
        ("form[occurred_on]", "2026-01-12"),
        ("form[then]", "another"),
    ];
    let answer =
        desk.post_form("save_customer_occurrence", "/customer-occurrences/new", &fields, "tech1").await.expect(302);
    let page = desk.get(&answer.location(), "tech1").await.expect(200).text();
    assert!(page.contains("value=\"2026-01-12\"") && page.contains("Occurrence registered"), "{}", html_text(&page));
    assert!(page.contains(&format!("value=\"{category}\" selected")), "{}", html_text(&page));
}

#[tokio::test]
async fn c_rep_01_the_report_answers_by_its_address_and_leads_to_its_files() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    let (customer, category) = (id.to_string(), delivery(&desk).await);
    let fields = [
        ("form[customer]", customer.as_str()),
        ("form[version]", "0"),
        ("form[body]", "Late."),
        ("form[category]", category.as_str()),
        ("form[impact]", "negative"),
        ("form[occurred_on]", "2026-01-12"),
    ];
    desk.post_form("save_customer_occurrence", "/customer-occurrences/new", &fields, "tech1").await.expect(302);
    let path = "/reports/customer-occurrences?impact=negative&impact=positive&from=2026-01-01&to=2026-01-31";
    let page = desk.get(path, "observer").await.expect(200).text();
    let csv = "/reports/customer-occurrences.csv?impact=negative&amp;impact=positive&amp;from=2026%2D01%2D01&amp;to=2026%2D01%2D31";
    assert!(page.contains(csv), "{page}");
    assert!(page.contains("<svg") && page.contains("role=\"img\""), "{}", html_text(&page));
    let file = desk.get("/reports/customer-occurrences.csv", "observer").await.expect(200);
    assert!(file.header("content-disposition").contains("customer-occurrences.csv"));
    assert!(file.text().starts_with('\u{feff}'));
    let found = desk.get("/customers/options?for=filter&q=acm", "observer").await.expect(200).json();
    assert_eq!(found["items"][0]["id"], id.to_string());
    desk.get("/customers/options?for=filter&q=acm", "requester1").await.expect(404);
}

#[tokio::test]
async fn a_ticket_shows_its_customer_to_those_who_see_customers() {
    let desk = Desk::new().await;
    let (id, story) = (acme(&desk).await.to_string(), Story::tell(&desk).await);
    let (number, from) = (story.number.to_string(), format!("/tickets/{}/customer", story.number));
    let fields = [("form[number]", number.as_str()), ("form[version]", "0"), ("form[customer]", id.as_str())];
    desk.post_form("set_ticket_customer", &from, &fields, "tech1").await.expect(302);
    let page = desk.get(&from, "observer").await.expect(200);
    is_whole(&page);
    assert!(page.text().contains(&format!("href=\"/customers/{id}\"")));
    let ticket = desk.get(&format!("/tickets/{number}"), "observer").await.expect(200).text();
    assert!(ticket.contains(&format!("href=\"{from}\"")) && html_text(&ticket).contains("Acme <Ltda>"));
    let request = desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text();
    assert!(!request.contains("Ltda"), "{}", html_text(&request));
}

#[tokio::test]
async fn c_occ_01_the_menu_registers_leads_to_the_form_and_to_the_customers() {
    let desk = Desk::new().await;
    desk.world.prefer("tech1", "language", "pt-BR").await;
    let home = desk.get("/", "tech1").await.expect(200).text();
    let (_, registers) = home.split_once("id=\"rail-registers\"").unwrap();
    let (group, _) = registers.split_once("</ul>").unwrap();
    let words = html_text(group);
    let pt = Lang::PtBr;
    for (path, word) in
        [("/customer-occurrences/new", shell::customer_occurrence(pt)), ("/customers", shell::customers(pt))]
    {
        assert!(group.contains(&format!("href=\"{path}\"")) && words.contains(word), "{word}: {words}");
    }
    // As the followed document writes it.
    assert_eq!((shell::registers(pt), shell::customer_occurrence(pt)), ("Cadastros", "Ocorrência"));
    assert_eq!((t::register(pt), t::register_more(pt)), ("Cadastrar", "Cadastrar +"));
    assert!(words.contains("Cadastros"), "{words}");
}

#[tokio::test]
async fn c_occ_04_each_impact_has_its_icon_and_its_word_and_none_is_chosen() {
    let desk = Desk::new().await;
    let form = desk.get("/customer-occurrences/new", "tech1").await.expect(200).text();
    let (_, impacts) = form.split_once("id=\"form-impact\"").unwrap();
    let (impacts, _) = impacts.split_once("</fieldset>").unwrap();
    for (value, icon, word) in [
        ("positive", "trending-up", "Positive"),
        ("neutral", "circle-minus", "Neutral"),
        ("negative", "trending-down", "Negative"),
    ] {
        assert!(
            impacts.contains(&format!("value=\"{value}\"")) && impacts.contains(&format!("#{icon}\"")),
            "{impacts}"
        );
        assert!(html_text(impacts).contains(word), "{word}: {}", html_text(impacts));
    }
    assert!(!impacts.contains(" checked"), "{impacts}");
}

#[tokio::test]
async fn c_img_04_two_images_are_offered_and_none_is_needed() {
    let desk = Desk::new().await;
    let form = desk.get("/customer-occurrences/new", "tech1").await.expect(200).text();
    let (_, images) = form.split_once("id=\"form-images\"").unwrap();
    let (images, _) = images.split_once("</desk-files>").unwrap();
    assert_eq!(
        images.matches("type=\"file\"").count(),
        2,
        "one that takes both, and a second one without scripts: {images}"
    );
    assert!(images.contains("max-files=\"2\"") && images.contains("accept=\"image/*\""), "{images}");
    assert!(html_text(images).contains("up to 2 images") && !images.contains(" required"), "{}", html_text(images));
}

#[tokio::test]
async fn c_occ_11_a_refused_ticket_from_an_occurrence_comes_back_as_it_was_typed() {
    let desk = Desk::new().await;
    let (customer, category) = (acme(&desk).await.to_string(), delivery(&desk).await);
    let fields = [
        ("form[customer]", customer.as_str()),
        ("form[version]", "0"),
        ("form[body]", "Pallets arrived wet."),
        ("form[category]", category.as_str()),
        ("form[impact]", "negative"),
        ("form[occurred_on]", "2026-01-12"),
    ];
    let saved =
        desk.post_form("save_customer_occurrence", "/customer-occurrences/new", &fields, "tech1").await.expect(302);
    let id = saved.location().split_once("#occurrence-").unwrap().1.to_owned();
    let long = "x".repeat(251);
    let fields = [
        ("form[id]", id.as_str()),
        ("form[title]", long.as_str()),
        ("form[description]", "The parcel went to the wrong door."),
    ];
    let here = format!("/customer-occurrences/{id}/ticket");
    let typed = ["The parcel went to the wrong door."];
    refused(&desk, "open_ticket_from", &here, &fields, "tech1", &typed).await;
}

#[tokio::test]
async fn c_imp_01_what_was_chosen_beside_a_refused_file_stays_chosen() {
    let desk = Desk::new().await;
    let entity = desk.world.brasil.to_string();
    let body = format!(
        "--border\r\nContent-Disposition: form-data; name=\"entity\"\r\n\r\n{entity}\r\n\
         --border\r\nContent-Disposition: form-data; name=\"ignore_unknown\"\r\n\r\ntrue\r\n--border--\r\n"
    );
    let request = desk
        .browser("POST", "/customers/import/file", "supervisor")
        .await
        .header("content-type", "multipart/form-data; boundary=border")
        .body(axum::body::Body::from(body))
        .unwrap();
    let back = desk.send(request).await.location();
    assert!(back.contains("__err=") && back.contains(&format!("entity={entity}")), "{back}");
    let page = desk.get(&back, "supervisor").await.expect(200).text();
    let tick = page.split("name=\"ignore_unknown\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
    assert!(tick.contains("checked") && page.contains("role=\"alert\""), "{tick}: {}", html_text(&page));
}

#[tokio::test]
async fn c_rep_01_any_customer_is_offered_where_there_is_another_choice() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    let is_hidden = async |query: &str| {
        let page = desk.get(&format!("/reports/customer-occurrences{query}"), "tech1").await.expect(200).text();
        let tag = page.split("data-nothing").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
        assert!(page.contains("data-nothing"), "{}", html_text(&page));
        tag.contains("hidden")
    };
    assert!(is_hidden("").await, "nothing to choose from");
    assert!(!is_hidden("?words=acme").await);
    assert!(!is_hidden(&format!("?customer={id}")).await);
}
