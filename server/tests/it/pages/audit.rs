//! The audit log, Home, a ticket on paper, calendars and the link Help, as plain HTML.

use domain::settings::Key;

use crate::pages::is_whole;
use crate::support::{Desk, NOBODY, Story, html_text};

/// Changes a setting of the root entity from the page Settings.
async fn set(desk: &Desk, key: &str, value: &str) {
    let root = desk.world.root.to_string();
    let fields = [("form[entity]", root.as_str()), ("form[key]", key), ("form[value]", value)];
    desk.call("save_setting", &fields, "admin").await.expect(200);
}

#[tokio::test]
async fn t_set_05_the_page_says_who_changed_what_and_the_file_holds_the_same() {
    let desk = Desk::new().await;
    set(&desk, "reopen_days", "9").await;
    let page = desk.get("/audit", "observer").await.expect(200);
    is_whole(&page);
    let text = html_text(&page.text());
    assert!(text.contains("Setting changed") && text.contains("admin") && text.contains('9'), "{text}");
    assert!(page.text().contains("href=\"/audit.csv\""), "{}", page.text());
    let none = desk.get("/audit?kind=role_changed", "observer").await.expect(200).text();
    assert!(html_text(&none).contains("No audit row") && none.contains("href=\"/audit.csv?kind=role%5Fchanged\""));
    let wrong = desk.get("/audit?from=soon", "observer").await.expect(200).text();
    assert!(wrong.contains("id=\"audit-from-error\"") && !wrong.contains("audit-table"), "{wrong}");

    let file = desk.get("/audit.csv", "observer").await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"audit.csv\"");
    let text = file.text();
    assert!(text.starts_with("\u{feff}Date and time,Person,Event,") && text.contains("Setting changed"), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
    let by_api = desk.api("GET", "/audit/export?kind=audit_exported", "observer", None).await.expect(200);
    assert!(by_api.text().contains("Audit log exported"), "{}", by_api.text());
    desk.api("GET", "/audit/export?format=xlsx", "observer", None).await.invalid(&[("format", "invalid")]);
    desk.api("GET", "/audit/export", "tech1", None).await.problem(403, "forbidden");
    desk.get("/audit.csv?to=soon", "observer").await.invalid(&[("to", "invalid")]);
    let nobody = desk.get("/audit.csv", NOBODY).await.expect(302);
    assert_eq!(nobody.location(), "/sign-in?next=%2Faudit");
    for who in ["requester1", "tech1", "supervisor"] {
        desk.get("/audit.csv", who).await.expect(404);
        assert!(!desk.get("/drafts", who).await.expect(200).text().contains("href=\"/audit\""), "{who}");
    }
    assert!(desk.get("/", "observer").await.text().contains("href=\"/audit\""));
}

#[tokio::test]
async fn home_counts_what_waits_and_every_number_is_a_link() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let page = desk.get("/", "tech1").await.expect(200);
    is_whole(&page);
    let html = page.text();
    assert!(html.contains("href=\"/tickets?assignee=me&amp;status=open\""), "{html}");
    assert!(html.contains(&format!("href=\"/tickets/{}\"", story.number)) && html.contains("VPN drops"), "{html}");
    let idle = desk.get("/", "tech2").await.expect(200).text();
    assert!(html_text(&idle).contains("Nothing is due."), "{}", html_text(&idle));
    assert_eq!(desk.get("/", "requester1").await.expect(302).location(), "/requests");
}

#[tokio::test]
async fn t_lst_09_a_ticket_is_printed_public_at_first() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/print", story.number);
    let page = desk.get(&path, "tech1").await.expect(200);
    is_whole(&page);
    let public = page.text();
    assert!(public.contains("Cable replaced.") && !public.contains(Story::SECRET), "{}", html_text(&public));
    assert!(!public.contains("Urgency"), "what only agents know is not given away");
    let whole = desk.get(&format!("{path}?private=1"), "tech1").await.expect(200).text();
    assert!(whole.contains(Story::SECRET) && whole.contains("class=\"entry private\"") && whole.contains("Urgency"));
    let narrow = desk.get(&format!("{path}?private=1&find=rack"), "tech1").await.expect(200).text();
    assert!(narrow.contains(Story::SECRET) && !narrow.contains("Cable replaced."), "{}", html_text(&narrow));
    let ticket = desk.get(&format!("/tickets/{}", story.number), "tech1").await.expect(200).text();
    assert!(ticket.contains(&format!("href=\"{path}\"")), "the way there");
}

#[tokio::test]
async fn t_set_12_a_calendar_is_made_without_scripts_and_keeps_what_was_typed() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let list = "/settings/lists/calendars";
    let form = desk.get(list, "supervisor").await.expect(200);
    is_whole(&form);
    assert_eq!(form.text().matches("name=\"form[week][]\"").count(), 7, "{}", form.text());
    let fields = |monday: &'static str| {
        vec![
            ("form[list]", "calendars"),
            ("form[entity]", root.as_str()),
            ("form[id]", ""),
            ("form[version]", "0"),
            ("form[names][en]", "Office"),
            ("form[week][]", monday),
            ("form[week][]", ""),
            ("form[holidays]", "12-25 Christmas\r\n2026-03-16 Founders"),
            ("form[recursive]", "true"),
            ("form[active]", "true"),
        ]
    };
    let refused = desk.post_form("save_list_row", list, &fields("9 to 5"), "supervisor").await.expect(302);
    let place = refused.location();
    let page = desk.get(place.split('#').next().unwrap(), "supervisor").await.expect(200).text();
    assert!(page.contains("form-week-0-error") && page.contains("9 to 5") && page.contains("Founders"), "{page}");
    let saved = desk.post_form("save_list_row", list, &fields("08:00-12:00"), "supervisor").await.expect(302);
    let place = saved.location();
    let page = desk.get(place.split('#').next().unwrap(), "supervisor").await.expect(200).text();
    let text = html_text(&page);
    assert!(text.contains("Office") && text.contains("1 working day · 2 holidays"), "{text}");
    let rows = desk.api("GET", &format!("/lists/calendars?entity={root}"), "tech1", None).await.expect(200).json();
    let row = &rows["items"][0];
    assert_eq!(row["week"], serde_json::json!([["08:00-12:00"], [], [], [], [], [], []]), "{row}");
    assert_eq!(row["holidays"][0], serde_json::json!({ "date": "12-25", "name": "Christmas" }), "{row}");
    let path = format!("/lists/calendars/{}", row["id"].as_str().unwrap());
    let body = serde_json::json!({ "version": 1, "week": [["09:00-17:00"]], "holidays": null });
    let row = desk.api("PATCH", &path, "supervisor", Some(body)).await.expect(200).json();
    assert_eq!((&row["week"][0][0], &row["holidays"]), (&serde_json::json!("09:00-17:00"), &serde_json::json!([])));
    let body = serde_json::json!({ "version": 2, "week": [["9-5"], 7] });
    desk.api("PATCH", &path, "supervisor", Some(body)).await.invalid(&[("week", "invalid")]);
    let body = serde_json::json!({ "version": 2, "week": [] });
    desk.api("PATCH", &path, "supervisor", Some(body)).await.invalid(&[("week", "calendar_empty")]);
}

#[tokio::test]
async fn the_link_help_leads_where_the_setting_says() {
    let desk = Desk::new().await;
    for (path, who) in [("/requests", "requester1"), ("/", "tech1")] {
        assert!(!desk.get(path, who).await.expect(200).text().contains("portal-foot"), "{path}");
    }
    desk.world.set(Key::HelpContactUrl, desk.world.root, "https://help.example.org/desk").await;
    let portal = desk.get("/requests", "requester1").await.expect(200).text();
    assert!(portal.contains("class=\"portal-foot no-print\""), "{portal}");
    assert_eq!(portal.matches("href=\"https://help.example.org/desk\"").count(), 2, "menu and foot");
    let agent = desk.get("/", "tech1").await.expect(200).text();
    assert_eq!(agent.matches("href=\"https://help.example.org/desk\"").count(), 1, "the menu");
}
