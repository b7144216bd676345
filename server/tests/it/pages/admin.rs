//! The pages of the administration, as plain HTML and forms.

use axum::body::Body;
use axum::http::header;

use crate::pages::is_whole;
use crate::support::{Answer, Desk, encode, html_text, server_fn};

/// A page with the cookie that the answer before set.
async fn after(desk: &Desk, answer: &Answer, who: &str) -> Answer {
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let location = answer.location();
    let path = location.split('#').next().unwrap();
    let mut request = desk.browser("GET", path, who).await.body(Body::empty()).unwrap();
    let session = request.headers().get(header::COOKIE).unwrap().to_str().unwrap().to_owned();
    request.headers_mut().insert(header::COOKIE, format!("{session}; {cookie}").parse().unwrap());
    desk.send(request).await
}

#[tokio::test]
async fn every_part_is_a_whole_page_and_in_the_menu_of_its_holders() {
    let desk = Desk::new().await;
    for path in [
        "/admin/users",
        "/admin/users/new",
        "/admin/groups",
        "/admin/groups/new",
        "/admin/roles",
        "/admin/roles/why",
        "/admin/entities",
    ] {
        let page = desk.get(path, "admin").await.expect(200);
        is_whole(&page);
        assert!(page.text().contains("class=\"admin-tabs\""), "{path}");
    }
    assert!(desk.get("/", "admin").await.text().contains("href=\"/admin\""));
    assert!(!desk.get("/", "supervisor").await.text().contains("href=\"/admin\""));
    let users = html_text(&desk.get("/admin/users?q=tech1", "admin").await.text());
    assert!(users.contains("Technician in Acme (and below)") && !users.contains("tech2"), "{users}");
}

#[tokio::test]
async fn a_new_user_is_added_by_a_plain_form_and_his_link_is_shown_once() {
    let desk = Desk::new().await;
    let brasil = desk.world.brasil.to_string();
    let fields = [("form[name]", "Rita"), ("form[email]", "rita@example.org"), ("form[entity]", brasil.as_str())];
    let answer = desk.post_form("save_user", "/admin/users/new", &fields, "admin").await.expect(302);
    assert!(
        answer.location().starts_with("/admin/users/") && !answer.location().contains("rita"),
        "{}",
        answer.location()
    );
    let page = after(&desk, &answer, "admin").await.expect(200).text();
    let secret = page.split("/invitation?token=").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let again = desk.get(answer.location().split('?').next().unwrap(), "admin").await.expect(200).text();
    assert!(!again.contains("/invitation?token="), "{}", html_text(&again));

    let welcome = desk.get(&format!("/invitation?token={secret}"), "").await.expect(200);
    is_whole(&welcome);
    assert!(html_text(&welcome.text()).contains("Rita"));
    // A refusal leads back to the link, though the browser tells no more of where it was than the site (P-ACT-10).
    assert_eq!(welcome.header("referrer-policy"), "strict-origin");
    let html = welcome.text();
    let function = server_fn("accept_invitation");
    let mut actions = html.split("action=\"").filter_map(|rest| rest.split('"').next());
    let action = actions.find(|address| address.starts_with(&function)).unwrap_or_else(|| panic!("{html}"));
    for (to, place) in [(action, "/invitation?token="), (function.as_str(), "/?")] {
        let short = [("form[token]", secret.as_str()), ("form[password]", "short")];
        let request = desk
            .browser("POST", to, "")
            .await
            .header(header::REFERER, "http://desk.test/")
            .header(header::ORIGIN, "http://desk.test")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(&short)))
            .unwrap();
        let refused = desk.send(request).await.expect(302);
        assert!(refused.header("location").starts_with(&format!("http://desk.test{place}")), "{}", refused.location());
        if to == action {
            let told = desk.get(&refused.location(), "").await.expect(200).text();
            assert!(told.contains("id=\"form-password-error\"") && html_text(&told).contains("Rita"), "{told}");
        }
    }
    let fields = [("form[token]", secret.as_str()), ("form[password]", testing::PASSWORD)];
    let request = desk
        .browser("POST", &server_fn("accept_invitation"), "")
        .await
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encode(&fields)))
        .unwrap();
    let entered = desk.send(request).await.expect(302);
    assert!(entered.header("set-cookie").starts_with("guichet="), "{}", entered.header("set-cookie"));
    let used = html_text(&desk.get(&format!("/invitation?token={secret}"), "").await.expect(200).text());
    assert!(!used.contains("Rita"), "{used}");
}

#[tokio::test]
async fn a_refused_form_says_why_at_the_field_and_keeps_what_was_typed() {
    let desk = Desk::new().await;
    let typed = "tech1\"><b>x@example.org";
    let brasil = desk.world.brasil.to_string();
    let fields = [("form[name]", "Rita"), ("form[email]", typed), ("form[entity]", brasil.as_str())];
    let answer = desk.post_form("save_user", "/admin/users/new", &fields, "admin").await.expect(302);
    assert!(!answer.location().contains("Rita"), "people stand in no address: {}", answer.location());
    let page = after(&desk, &answer, "admin").await.expect(200).text();
    assert!(page.contains("id=\"form-email-error\""), "{}", html_text(&page));
    assert!(page.contains("value=\"Rita\"") && !page.contains("<b>x"), "what was typed is there, as text");
    assert_eq!(desk.world.count("app_user WHERE name = 'Rita'").await, 0);
}

#[tokio::test]
async fn t_rol_02_a_role_is_compared_copied_and_changed_without_scripts() {
    let desk = Desk::new().await;
    let roles = desk.api("GET", "/roles", "admin", None).await.expect(200).json();
    let id = |key: &str| {
        let found = roles["items"].as_array().unwrap().iter().find(|role| role["key"] == key);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (technician, supervisor) = (id("technician"), id("supervisor"));
    let page = desk.get(&format!("/admin/roles/{technician}?compare={supervisor}"), "admin").await.expect(200).text();
    assert_eq!(page.matches("data-differs=\"true\"").count(), 16, "64 rights beside 48");
    assert!(!page.contains("name=\"form[capabilities][]\""), "a shipped role is read-only");
    let fields = [("form[copy_of]", technician.as_str()), ("form[name]", "Dispatcher")];
    let made = desk.post_form("save_role", &format!("/admin/roles/{technician}"), &fields, "admin").await.expect(302);
    let copy = made.location().split('?').next().unwrap().to_owned();
    let page = desk.get(&copy, "admin").await.expect(200).text();
    assert_eq!(page.matches("name=\"form[capabilities][]\"").count(), 69);
    let own = copy.rsplit('/').next().unwrap();
    let fields = [
        ("form[id]", own),
        ("form[version]", "1"),
        ("form[name]", "Dispatcher"),
        ("form[capabilities][]", "ticket.take"),
        ("form[capabilities][]", "ticket.assign"),
    ];
    let saved = desk.post_form("save_role", &copy, &fields, "admin").await.expect(302);
    assert!(saved.location().ends_with("?done=saved"), "{}", saved.location());
    let roles = desk.api("GET", "/roles", "admin", None).await.json();
    let copy = roles["items"].as_array().unwrap().iter().find(|role| role["name"] == "Dispatcher").unwrap();
    assert_eq!(copy["capabilities"], serde_json::json!(["ticket.assign", "ticket.take"]));
}

#[tokio::test]
async fn a_group_and_an_entity_are_saved_by_plain_forms() {
    let desk = Desk::new().await;
    let brasil = desk.world.brasil.to_string();
    let fields = [
        ("form[name]", "Field"),
        ("form[entity]", brasil.as_str()),
        ("form[may_be_assigned]", "true"),
        ("form[extra_addresses]", "a@partner.example\r\nb@partner.example"),
        ("form[mandatory_notifications][]", "closing"),
    ];
    let made = desk.post_form("save_group", "/admin/groups/new", &fields, "admin").await.expect(302);
    let path = made.location().split('?').next().unwrap().to_owned();
    let group = path.rsplit('/').next().unwrap();
    let fields = [("form[group]", group), ("form[user]", "tech1@example.org"), ("form[membership]", "manager")];
    desk.post_form("change_member", &path, &fields, "admin").await.expect(302);
    let page = desk.get(&path, "admin").await.expect(200);
    is_whole(&page);
    let text = page.text();
    assert!(html_text(&text).contains("tech1") && text.contains("b@partner.example"), "{}", html_text(&text));

    let fields = [("form[name]", "Rio"), ("form[parent]", brasil.as_str())];
    desk.post_form("save_entity", "/admin/entities/new", &fields, "admin").await.expect(302);
    let tree = html_text(&desk.get("/admin/entities", "admin").await.expect(200).text());
    assert!(tree.contains("Rio"), "{tree}");
}
