//! `/api/v1/customer-occurrences`, and those of one customer.

use serde_json::{Value, json};

use crate::support::{Desk, PNG, keys, sorted};

async fn acme(desk: &Desk) -> String {
    let made = desk.api("POST", "/customers", "tech1", Some(json!({ "name": "Acme" }))).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn wet(desk: &Desk) -> Value {
    let category = desk.world.coded(service::lists::CUSTOMER_CATEGORIES, "delivery").await;
    json!({ "body": "Pallets arrived wet.", "category": category, "impact": "negative", "occurred_on": "2026-01-12" })
}

#[tokio::test]
async fn c_occ_01_an_occurrence_is_registered_by_both_paths() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    let path = format!("/customers/{id}/occurrences");
    let upload = desk.upload("wet.png", PNG, "tech1").await.expect(201).json();
    let mut body = wet(&desk).await;
    body["images"] = json!([{ "upload": upload["id"], "alt": "Wet pallet" }]);
    let made = desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
    let value = made.json();
    let fields = "id customer body category impact occurred_on images ticket author registered_at edited_at edited_by removed version \
         warnings";
    assert_eq!(keys(&value), sorted(fields));
    assert_eq!(made.header("location"), format!("/api/v1/customer-occurrences/{}", value["id"].as_str().unwrap()));
    assert_eq!((&value["images"][0]["alt"], &value["removed"]), (&json!("Wet pallet"), &Value::Null));
    let mut other = wet(&desk).await;
    other["customer"] = json!(id);
    desk.api("POST", "/customer-occurrences", "tech1", Some(other.clone())).await.expect(201);
    other["customer"] = json!("0195a1f0-0000-7000-8000-000000000000");
    desk.api("POST", &path, "tech1", Some(other.clone())).await.invalid(&[("customer", "not_allowed")]);
    desk.api("POST", "/customer-occurrences", "tech1", Some(other)).await.invalid(&[("customer", "unknown_reference")]);
    let list = desk.api("GET", &format!("{path}?count=true"), "observer", None).await.expect(200).json();
    assert_eq!(list["count"], 2);
}

#[tokio::test]
async fn c_img_01_a_third_image_is_too_many() {
    let desk = Desk::new().await;
    let path = format!("/customers/{}/occurrences", acme(&desk).await);
    let mut images = Vec::new();
    for name in ["a.png", "b.png", "c.png"] {
        let upload = desk.upload(name, PNG, "tech1").await.expect(201).json();
        images.push(json!({ "upload": upload["id"] }));
    }
    let mut body = wet(&desk).await;
    body["images"] = Value::Array(images);
    desk.api("POST", &path, "tech1", Some(body)).await.invalid(&[("images", "too_many")]);
    let mut body = wet(&desk).await;
    body["images"] = json!([{ "alt": "nothing" }]);
    desk.api("POST", &path, "tech1", Some(body)).await.invalid(&[("images[0].upload", "required")]);
}

#[tokio::test]
async fn c_img_05_a_placeholder_stands_for_a_thumbnail_until_it_is_made() {
    let desk = Desk::new().await;
    let acme = acme(&desk).await;
    let upload = desk.upload("wet.png", PNG, "tech1").await.expect(201).json();
    let mut body = wet(&desk).await;
    body["images"] = json!([{ "upload": upload["id"], "alt": "Wet pallet" }]);
    let made =
        desk.api("POST", &format!("/customers/{acme}/occurrences"), "tech1", Some(body)).await.expect(201).json();
    let image = made["images"][0]["id"].as_str().unwrap();
    let present = format!("/documents/{image}/thumbnail");
    let former = format!("/customer-occurrences/{}/images/{image}/thumbnail", made["id"].as_str().unwrap());
    let page = desk.get(&format!("/customers/{acme}"), "observer").await.expect(200).text();
    assert!(page.contains(&format!("src=\"{present}\"")) && page.contains(&format!("href=\"/documents/{image}\"")));
    // No job runs beside this desk.
    desk.api("GET", &present, "observer", None).await.problem(404, "not_found");
    let document = format!("/documents/{image}");
    let told = desk.api("GET", &document, "observer", None).await.expect(200).json();
    assert_eq!(told["has_thumbnail"], json!(false));
    let waiting = desk.get(&present, "observer").await.expect(200);
    assert_eq!(waiting.header("content-type"), "image/svg+xml");
    assert_eq!(waiting.header("cache-control"), "private, no-store");
    assert_eq!(service::jobs::make_thumbnail(&desk.services).await.unwrap(), 1);
    for address in [&present, &former] {
        let ready = desk.get(address, "observer").await.expect(200);
        assert_eq!((ready.header("content-type"), ready.header("x-content-type-options")), ("image/jpeg", "nosniff"));
        assert_eq!(ready.header("cache-control"), "private, no-cache");
        assert!(ready.bytes.starts_with(b"\xff\xd8\xff"), "{address}");
        desk.get(address, "requester1").await.expect(404);
    }
    assert_eq!(desk.api("GET", &present, "observer", None).await.expect(200).header("content-type"), "image/jpeg");
    let told = desk.api("GET", &document, "observer", None).await.expect(200).json();
    assert_eq!(told["has_thumbnail"], json!(true));
}

#[tokio::test]
async fn c_occ_07_09_it_is_changed_deleted_and_restored() {
    let desk = Desk::new().await;
    let path = format!("/customers/{}/occurrences", acme(&desk).await);
    let made = desk.api("POST", &path, "tech1", Some(wet(&desk).await)).await.expect(201).json();
    let one = format!("/customer-occurrences/{}", made["id"].as_str().unwrap());
    let body = json!({ "version": 1, "impact": "neutral" });
    let changed = desk.api("PATCH", &one, "tech1", Some(body)).await.expect(200).json();
    assert_eq!((&changed["impact"], &changed["version"]), (&json!("neutral"), &json!(2)));
    let versions = desk.api("GET", &format!("{one}/revisions?count=true"), "observer", None).await.expect(200).json();
    assert_eq!((&versions["count"], &versions["items"][1]["impact"]), (&json!(2), &json!("negative")));
    desk.api("DELETE", &format!("{one}?version=2"), "tech1", None).await.expect(204);
    let gone = desk.api("GET", &one, "observer", None).await.expect(200).json();
    assert_eq!(keys(&gone), sorted("id customer author registered_at removed version"));
    let body = json!({ "version": 3, "body": "Again." });
    desk.api("PATCH", &one, "tech1", Some(body)).await.problem(409, "entry_deleted");
    let back = desk.api("POST", &format!("{one}/actions/restore"), "tech1", None).await.expect(200).json();
    assert_eq!(back["body"], "Pallets arrived wet.");
}

#[tokio::test]
async fn c_rep_the_report_and_its_files() {
    let desk = Desk::new().await;
    let path = format!("/customers/{}/occurrences", acme(&desk).await);
    for impact in ["negative", "negative", "positive"] {
        let mut body = wet(&desk).await;
        body["impact"] = json!(impact);
        body["body"] = json!("=SUM(A1)");
        desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
    }
    let period = "from=2026-01-01&to=2026-01-31";
    let report =
        desk.api("GET", &format!("/customer-occurrences/report?{period}"), "observer", None).await.expect(200).json();
    assert_eq!(
        (&report["total"], &report["by_impact"]),
        (&json!(3), &json!({ "positive": 1, "neutral": 0, "negative": 2 }))
    );
    assert_eq!(report["buckets"].as_array().unwrap().len(), 31);
    assert_eq!(report["by_customer"][0]["name"], "Acme");
    let csv = desk
        .api("GET", &format!("/customer-occurrences/export?{period}&separator=;&impact=positive"), "observer", None)
        .await
        .expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines = csv.text();
    assert!(lines.starts_with("\u{feff}Date;Customer;"), "{lines}");
    assert!(lines.contains("2026-01-12;Acme;") && lines.contains("'=SUM(A1)"), "{lines}");
    assert_eq!(lines.trim_end().lines().count(), 2);
    let book = desk.api("GET", "/customer-occurrences/export?format=xlsx", "observer", None).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"), "a workbook");
    desk.api("GET", "/customer-occurrences/export?separator=x", "observer", None)
        .await
        .invalid(&[("separator", "invalid")]);
    let audit = desk.api("GET", "/audit", "admin", None).await.expect(200).text();
    assert!(audit.contains("customer_occurrences"), "{audit}");
}
