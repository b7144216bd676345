//! The history on both sides: filters, print, and the file it can be taken along as (T-HIS, P-HIS).

use domain::settings::Key;
use serde_json::json;
use service::ctx::new_id;
use testing::Sql;

use crate::pages::is_whole;
use crate::support::{Answer, Desk, NOBODY, Story, html_text};

async fn csv(desk: &Desk, path: &str, who: &str) -> Answer {
    desk.get(path, who).await.expect(200)
}

/// The lines behind the first one.
fn rows(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("no byte order mark: {text}"));
    text.split_terminator("\r\n").skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn t_his_04_the_file_is_attached_and_holds_what_the_page_shows() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, path) = (story.number, format!("/tickets/{}", story.number));
    let version = desk.api("GET", &path, "tech1", None).await.json()["version"].clone();
    let body = json!({ "version": version, "title": "=HYPERLINK(\"x\")" });
    desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200);
    let file = csv(&desk, &format!("{path}/history.csv"), "tech2").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{number}-history.csv\""));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("cache-control").contains("no-store"));
    let text = file.text();
    assert!(text.starts_with("\u{feff}Date and time,Person,Event,"), "{text}");
    assert!(text.contains(",\"'=HYPERLINK(\"\"x\"\")\","), "{text}");
    assert!(text.contains(Story::SECRET) && text.contains("Cable replaced."), "{text}");
    let page = desk.api("GET", &format!("{path}/history"), "tech2", None).await.json();
    assert_eq!(rows(&file).len(), page["items"].as_array().unwrap().len());

    let narrow = csv(&desk, &format!("{path}/history.csv?text=cable&kinds=occurrence_added"), "tech2").await;
    assert_eq!(rows(&narrow).len(), 1, "{}", narrow.text());
    let export = format!("{path}/history/export");
    let by_api = desk.api("GET", &format!("{export}?format=csv&text=cable"), "tech2", None).await.expect(200);
    assert_eq!(by_api.header("content-type"), "text/csv; charset=utf-8");
    assert!(rows(&by_api).iter().any(|row| row.contains("Cable replaced.")), "{}", by_api.text());
    for wrong in ["from=yesterday", "to=2026-13-01", "person=somebody"] {
        let field = wrong.split('=').next().unwrap();
        desk.get(&format!("{path}/history.csv?{wrong}"), "tech2").await.invalid(&[(field, "invalid")]);
    }
    desk.api("GET", &format!("{export}?format=xlsx"), "tech2", None).await.invalid(&[("format", "invalid")]);
}

#[tokio::test]
async fn t_his_04_requesters_take_public_entries_of_their_own_requests_along() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/requests/{}/history.csv", story.number);
    let file = csv(&desk, &path, "requester1").await.text();
    assert!(file.contains("Cable replaced.") && file.contains("tech1"), "{file}");
    for secret in [Story::SECRET, "tech1@example.org", "Private", &story.private.to_string()] {
        assert!(!file.contains(secret), "{secret}: {file}");
    }
    let foreign = desk.get(&path, "requester2").await.expect(404);
    let unknown = desk.get("/requests/987654321/history.csv", "requester2").await.expect(404);
    assert_eq!(foreign.comparable(), unknown.comparable());
    for path in ["/requests/0/history.csv", "/tickets/abc/history.csv"] {
        desk.get(path, "tech1").await.expect(404);
    }
    let nobody = desk.get(&path, NOBODY).await.expect(302);
    assert_eq!(nobody.location(), format!("/sign-in?next=%2Frequests%2F{}%2Fhistory", story.number));
}

#[tokio::test]
async fn t_his_04_a_file_over_the_limit_and_an_eleventh_in_a_minute_are_refused() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/history.csv", story.number);
    for _export in 0..10 {
        desk.get(&path, "tech2").await.expect(200);
    }
    let late = desk.get(&path, "tech2").await;
    late.problem(429, "too_many_requests");
    assert_eq!(late.header("retry-after"), "60");
    desk.world.set(Key::ListsExportMaxRows, desk.world.root, "1000").await;
    let (ticket, now) = (desk.world.row(story.number).await.id, desk.world.now());
    let mut sql =
        Sql::new("INSERT INTO ticket_event (id, ticket_id, at, kind, public, entry_private, changes, data) VALUES ");
    for turn in 0..1_000 {
        sql.push(if turn > 0 { ", (" } else { "(" }).bind(new_id());
        sql.push_bind(", ", ticket).push_bind(", ", now).push(", 'field_changed', FALSE, FALSE, '[]', '{}')");
    }
    desk.world.run(&sql).await;
    desk.get(&path, "tech1").await.problem(422, "too_many_rows");
    let by_api = format!("/tickets/{}/history/export", story.number);
    desk.api("GET", &by_api, "tech1", None).await.problem(422, "too_many_rows");
    desk.get(&format!("{path}?kinds=created"), "tech1").await.expect(200);
}

#[tokio::test]
async fn t_his_01_the_page_filters_and_tells_a_wrong_date_at_its_field() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/history", story.number);
    let page = desk.get(&path, "tech1").await.expect(200);
    is_whole(&page);
    let text = page.text();
    assert!(text.contains("class=\"private\"") && text.contains("private-mark"), "{}", html_text(&text));
    assert!(text.contains("VPN drops"), "the way back names the ticket: {}", html_text(&text));
    assert!(text.contains(&format!("/tickets/{}?around=occurrence-{}", story.number, story.public)));
    let found = desk.get(&format!("{path}?text=cable"), "tech1").await.expect(200).text();
    assert!(found.contains("Cable replaced.") && !found.contains(Story::SECRET), "{}", html_text(&found));
    let wrong = desk.get(&format!("{path}?from=yesterday"), "tech1").await.expect(200).text();
    assert!(wrong.contains("id=\"history-from-error\"") && wrong.contains("aria-invalid=\"true\""), "{wrong}");
    assert!(!wrong.contains("class=\"history\""), "no rows to mistake for an answer");
    let theirs = format!("/requests/{}/history", story.number);
    let wrong = desk.get(&format!("{theirs}?to=someday"), "requester1").await.expect(200).text();
    assert!(wrong.contains("id=\"history-to-error\""), "{wrong}");
    let notes = desk.get(&format!("{theirs}?kinds=occurrence_added,document_added"), "requester1").await.expect(200);
    let notes = notes.text();
    assert!(notes.contains("Cable replaced.") && !notes.contains("Request received"), "{}", html_text(&notes));
    // The filter "Events" has every kind that requesters read (P-HIS-01).
    for kind in ["reminder_sent", "solution_added", "solution_approved", "solution_refused", "follow_up_created"] {
        assert!(notes.contains(kind), "{kind}: {notes}");
    }
}

#[tokio::test]
async fn t_lst_09_what_is_printed_is_public_unless_somebody_asks_for_more() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/history", story.number);
    let public = desk.get(&format!("{path}?print=1"), "tech1").await.expect(200).text();
    assert!(public.contains("Cable replaced.") && !public.contains(Story::SECRET), "{}", html_text(&public));
    let whole = desk.get(&format!("{path}?print=1&private=1"), "tech1").await.expect(200).text();
    assert!(whole.contains(Story::SECRET), "{}", html_text(&whole));
    let theirs = desk.get(&format!("/requests/{}/history?print=1&private=1", story.number), "requester1").await;
    assert!(!theirs.expect(200).text().contains(Story::SECRET));
}
