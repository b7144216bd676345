//! `/api/v1/customers`.

use serde_json::{Value, json};

use crate::support::{Desk, keys, sorted};

const FIELDS: &str = "id name legal_name document_id contacts segment responsible status entity recursive last_occurrence created_at \
     updated_at version";

async fn acme(desk: &Desk) -> Value {
    let body = json!({
        "name": "Acme Ltda", "legal_name": "Acme Comércio Ltda", "document_id": "12.345.678/0001-90",
        "contacts": [{ "name": "Ana", "email": "ana@acme.example", "is_primary": true }, { "phone": "+55 11 5555 0100" }],
    });
    desk.api("POST", "/customers", "tech1", Some(body)).await.expect(201).json()
}

#[tokio::test]
async fn c_cus_a_customer_is_made_read_changed_and_deleted() {
    let desk = Desk::new().await;
    let made = acme(&desk).await;
    assert_eq!(keys(&made), sorted(&format!("{FIELDS} warnings")));
    assert_eq!((&made["status"], &made["warnings"]), (&json!("active"), &json!([])));
    assert_eq!(made["contacts"][1]["phone"], "+55 11 5555 0100");
    let path = format!("/customers/{}", made["id"].as_str().unwrap());
    let read = desk.api("GET", &path, "observer", None).await.expect(200);
    assert_eq!((keys(&read.json()), read.header("etag")), (sorted(FIELDS), "\"1\""));
    let body = json!({ "version": 1, "status": "blocked", "contacts": null });
    let changed = desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200).json();
    assert_eq!((&changed["version"], &changed["contacts"]), (&json!(2), &json!([])));
    desk.api("PATCH", &path, "tech1", Some(json!({ "name": "X" }))).await.problem(428, "version_required");
    desk.api("PATCH", &path, "tech1", Some(json!({ "version": 2, "colour": "red" })))
        .await
        .invalid(&[("colour", "unknown_field")]);
    let history = desk.api("GET", &format!("{path}/history"), "observer", None).await.expect(200).json();
    let kinds: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, [&json!("customer_changed"), &json!("customer_created")]);
    desk.api("DELETE", &format!("{path}?version=1"), "tech1", None).await.problem(409, "conflict");
    desk.api("DELETE", &format!("{path}?version=2"), "tech1", None).await.expect(204);
    desk.api("GET", &path, "tech1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn c_cus_01_an_equal_name_is_a_warning_and_an_equal_number_is_refused() {
    let desk = Desk::new().await;
    let first = acme(&desk).await;
    let again = desk.api("POST", "/customers", "tech1", Some(json!({ "name": "acme LTDA" }))).await.expect(201).json();
    assert_eq!(again["warnings"][0]["code"], "similar_name");
    assert_eq!(again["warnings"][0]["data"]["ids"], json!([first["id"]]));
    let body = json!({ "name": "Other", "document_id": "12345678000190" });
    desk.api("POST", "/customers", "tech1", Some(body)).await.invalid(&[("document_id", "duplicate")]);
    let body = json!({ "name": "Once" });
    let key = [("idempotency-key", "k-1")];
    let once = desk.api_with("POST", "/customers", "tech1", &key, Some(body.clone())).await.expect(201).json();
    let twice = desk.api_with("POST", "/customers", "tech1", &key, Some(body)).await.expect(201);
    assert_eq!((twice.header("idempotency-replayed"), &twice.json()["id"]), ("true", &once["id"]));
}

#[tokio::test]
async fn c_cus_02_the_list_has_filters_orders_and_a_cursor() {
    let desk = Desk::new().await;
    for n in 0..5 {
        desk.api("POST", "/customers", "tech1", Some(json!({ "name": format!("Customer {n}") }))).await.expect(201);
    }
    acme(&desk).await;
    let page = desk.api("GET", "/customers?limit=4&count=true&sort=-name", "observer", None).await.expect(200).json();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["count"]), (4, &json!(6)));
    assert_eq!(page["items"][0]["name"], "Customer 4");
    assert_eq!(page["items"][0]["open_tickets"], 0);
    let next = format!("/customers?limit=4&sort=-name&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = desk.api("GET", &next, "observer", None).await.expect(200).json();
    assert_eq!((rest["items"][1]["name"].as_str(), &rest["next_cursor"]), (Some("Acme Ltda"), &Value::Null));
    let found = desk.api("GET", "/customers?q=comercio", "tech1", None).await.expect(200).json();
    assert_eq!(found["items"][0]["name"], "Acme Ltda");
    let none = desk.api("GET", "/customers?responsible=me&segment=none", "tech1", None).await.expect(200).json();
    assert_eq!(none["items"], json!([]));
    desk.api("GET", "/customers?sort=colour&status=gone", "tech1", None)
        .await
        .invalid(&[("sort", "invalid"), ("status", "invalid")]);
}

#[tokio::test]
async fn c_imp_a_file_is_previewed_and_run() {
    let desk = Desk::new().await;
    let file = desk.upload("c.csv", b"name,document_id\nAcme,1\nNova,2\n,3\n", "tech1").await.expect(201).json();
    let body = json!({ "mode": "preview", "upload": file["id"] });
    let preview = desk.api("POST", "/customers/import", "tech1", Some(body)).await.expect(200).json();
    assert_eq!((&preview["create"], &preview["wrong"]), (&json!(2), &json!(1)));
    assert_eq!(preview["errors"][0]["code"], "required");
    let run = json!({ "mode": "run", "preview": preview["preview"] });
    desk.api("POST", "/customers/import", "tech1", Some(run)).await.invalid(&[("only_right_rows", "required")]);
    let run = json!({ "mode": "run", "preview": preview["preview"], "only_right_rows": true });
    let done = desk.api("POST", "/customers/import", "tech1", Some(run)).await.expect(200).json();
    assert_eq!(done, json!({ "created": 2, "updated": 0, "skipped": 1 }));
    desk.api("POST", "/customers/import", "tech1", Some(json!({ "mode": "guess" })))
        .await
        .invalid(&[("mode", "invalid")]);
}

#[tokio::test]
async fn a_ticket_names_its_customer_to_those_who_see_customers() {
    let desk = Desk::new().await;
    let acme = acme(&desk).await;
    let body = json!({ "title": "Chair", "description": "It wobbles.", "format": "text", "customer": acme["id"] });
    let ticket = desk.api("POST", "/tickets", "tech1", Some(body)).await.expect(201).json();
    assert_eq!(ticket["customer"], json!({ "id": acme["id"], "name": "Acme Ltda" }));
    let filtered = format!("/tickets?customer={}&count=true", acme["id"].as_str().unwrap());
    assert_eq!(desk.api("GET", &filtered, "observer", None).await.expect(200).json()["count"], 1);
    let path = format!("/tickets/{}", ticket["number"]);
    let body = json!({ "version": ticket["version"], "customer": "0195a1f0-0000-7000-8000-000000000000" });
    desk.api("PATCH", &path, "tech1", Some(body)).await.invalid(&[("customer", "unknown_reference")]);
    let body = json!({ "version": ticket["version"], "customer": null });
    let emptied = desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200).json();
    assert_eq!(emptied["customer"], Value::Null);
}
