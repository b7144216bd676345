//! Paths of the API × roles. The document of the API names the paths; this table decides who may use them.

use std::collections::BTreeSet;

use super::Out::{Allowed, Forbidden, NotFound, Ok, Refused, Unauthenticated as Nobody};
use super::{Outs, everybody, fill, judge, nothing};
use crate::support::{Desk, Story};

const FOR_ALL: Outs = [Ok; 6];
const SIGNED_IN: Outs = [Nobody, Ok, Ok, Ok, Ok, Ok];
const UNKNOWN: Outs = [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound];
/// Requesters and auditors change nothing of a ticket's properties.
const TECHNICIANS: Outs = [Nobody, Forbidden, Forbidden, Allowed, Allowed, Allowed];
const SUPERVISORS: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Allowed, Allowed];
/// Lists can be read by everybody, so that those who may not edit them are told so.
const LIST_EDITORS: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Ok, Ok];
const ADMINS: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, Allowed];
/// Objects that do not exist: whose right it is to change them is told first.
const ADMINS_ELSE_403: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, NotFound];
/// What others may not know of.
const SETTERS_ELSE_404: Outs = [Nobody, NotFound, NotFound, NotFound, NotFound, Ok];
const TEMPLATES_ELSE_404: Outs = [Nobody, NotFound, NotFound, NotFound, Ok, Ok];
const SWITCHED_OFF: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden];
/// A solution is answered by the requester side alone, and this ticket is not solved.
const ANSWERERS: Outs = [Nobody, Refused, Forbidden, Forbidden, Forbidden, Forbidden];
const AGENTS_ELSE_404: Outs = [Nobody, NotFound, Ok, Ok, Ok, Ok];
/// Those who see customers may not all write them; the others learn nothing of them.
const CUSTOMERS: Outs = [Nobody, NotFound, Forbidden, Ok, Ok, Ok];
const CUSTOMERS_WRONG: Outs = [Nobody, NotFound, Forbidden, Refused, Refused, Refused];

/// Method, path in the document, path that is called, body (empty = none), outcomes. Each call meets a fresh ticket of
/// requester1, assigned to tech1.
const TABLE: &[(&str, &str, &str, &str, Outs)] = &[
    ("GET", "/openapi.json", "", "", FOR_ALL),
    ("POST", "/auth/token", "", r#"{"email":"ghost@example.org","password":"a guess"}"#, [Nobody; 6]),
    ("DELETE", "/auth/token", "", "", SIGNED_IN),
    ("GET", "/auth/tokens", "", "", SIGNED_IN),
    ("DELETE", "/auth/tokens/{id}", "/auth/tokens/{public}", "", UNKNOWN),
    ("GET", "/me", "", "", SIGNED_IN),
    ("PATCH", "/me", "", r#"{"version":1,"theme":"dark"}"#, SIGNED_IN),
    (
        "POST",
        "/me/password",
        "",
        r#"{"current_password":"wrong","new_password":"quartz lantern 83 mossy"}"#,
        [Nobody, Refused, Refused, Refused, Refused, Refused],
    ),
    ("GET", "/me/notifications", "", "", SIGNED_IN),
    ("POST", "/me/notifications/read", "", r#"{"ids":["{public}"]}"#, SIGNED_IN),
    ("GET", "/me/notification-preferences", "", "", SIGNED_IN),
    ("PUT", "/me/notification-preferences", "", r#"{"items":[]}"#, SIGNED_IN),
    ("POST", "/me/calendar-feed", "", "", SIGNED_IN),
    ("DELETE", "/me/calendar-feed", "", "", SIGNED_IN),
    ("GET", "/drafts", "", "", SIGNED_IN),
    ("GET", "/drafts/{kind}/{object}", "/drafts/ticket/new", "", UNKNOWN),
    ("PUT", "/drafts/{kind}/{object}", "/drafts/occurrence/{number}", r#"{"fields":{"body":"x"}}"#, SIGNED_IN),
    ("DELETE", "/drafts/{kind}/{object}", "/drafts/occurrence/{number}", "", SIGNED_IN),
    ("GET", "/tickets", "", "", SIGNED_IN),
    (
        "POST",
        "/tickets",
        "",
        r#"{"title":"Chair","description":"It wobbles.","format":"text"}"#,
        [Nobody, Ok, Forbidden, Ok, Ok, Ok],
    ),
    ("POST", "/tickets/bulk", "", r#"{"action":"take","numbers":[{number}]}"#, AGENTS_ELSE_404),
    ("GET", "/tickets/{number}", "", "", SIGNED_IN),
    ("PATCH", "/tickets/{number}", "", r#"{"version":1,"urgency":3}"#, TECHNICIANS),
    ("DELETE", "/tickets/{number}", "/tickets/{number}?version=1", "", SUPERVISORS),
    ("GET", "/tickets/{number}/description-revisions", "", "", AGENTS_ELSE_404),
    ("POST", "/tickets/{number}/actions/take", "", "", TECHNICIANS),
    ("POST", "/tickets/{number}/actions/give-back", "", "", TECHNICIANS),
    ("POST", "/tickets/{number}/actions/assign", "", r#"{"add":[]}"#, SUPERVISORS),
    ("POST", "/tickets/{number}/actions/delegate", "", r#"{"to":{"kind":"user","id":"{public}"}}"#, TECHNICIANS),
    ("POST", "/tickets/{number}/actions/reclassify", "", r#"{"type":"request"}"#, TECHNICIANS),
    ("POST", "/tickets/{number}/actions/change-sla", "", r#"{"justification":"because"}"#, SUPERVISORS),
    ("POST", "/tickets/{number}/actions/suspend", "", r#"{"text":"waits"}"#, TECHNICIANS),
    ("POST", "/tickets/{number}/actions/reactivate", "", "", TECHNICIANS),
    ("POST", "/tickets/{number}/actions/close", "", "{}", SUPERVISORS),
    ("POST", "/tickets/{number}/actions/approve", "", "{}", ANSWERERS),
    ("POST", "/tickets/{number}/actions/refuse", "", r#"{"reason":"no"}"#, ANSWERERS),
    // The requester side reopens by state and settings (T-STA-24), and this ticket is not solved.
    (
        "POST",
        "/tickets/{number}/actions/reopen",
        "",
        r#"{"reason":"again"}"#,
        [Nobody, Refused, Forbidden, Refused, Refused, Refused],
    ),
    // It cancels only where setting 302 says so.
    ("POST", "/tickets/{number}/actions/cancel", "", r#"{"reason":"twice"}"#, SUPERVISORS),
    ("POST", "/tickets/{number}/actions/restore", "", "", SUPERVISORS),
    ("POST", "/tickets/{number}/actions/purge", "", r#"{"number":{number}}"#, ADMINS),
    ("POST", "/tickets/{number}/actions/mark-read", "", "{}", [Nobody, Allowed, Allowed, Allowed, Allowed, Allowed]),
    ("GET", "/tickets/{number}/occurrences", "", "", SIGNED_IN),
    (
        "POST",
        "/tickets/{number}/occurrences",
        "",
        r#"{"body":"Words.","format":"text"}"#,
        [Nobody, Ok, Forbidden, Ok, Ok, Ok],
    ),
    ("GET", "/occurrences/{id}", "/occurrences/{private}", "", AGENTS_ELSE_404),
    (
        "PATCH",
        "/occurrences/{id}",
        "/occurrences/{public}",
        r#"{"version":1,"body":"Other words.","format":"text"}"#,
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("DELETE", "/occurrences/{id}", "/occurrences/{public}?version=1", "", [Nobody, Forbidden, Forbidden, Ok, Ok, Ok]),
    (
        "POST",
        "/occurrences/{id}/actions/send-again",
        "/occurrences/{public}/actions/send-again",
        r#"{"mail":"{public}"}"#,
        UNKNOWN,
    ),
    ("GET", "/occurrences/{id}/revisions", "/occurrences/{public}/revisions", "", AGENTS_ELSE_404),
    ("GET", "/tickets/{number}/solutions", "", "", SIGNED_IN),
    (
        "POST",
        "/tickets/{number}/solutions",
        "",
        r#"{"body":"Replaced.","format":"text"}"#,
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("GET", "/solutions/{id}", "/solutions/{public}", "", UNKNOWN),
    (
        "PATCH",
        "/solutions/{id}",
        "/solutions/{public}",
        r#"{"version":1,"body":"Other words.","format":"text"}"#,
        UNKNOWN,
    ),
    ("GET", "/tickets/{number}/tasks", "", "", SIGNED_IN),
    (
        "POST",
        "/tickets/{number}/tasks",
        "",
        r#"{"content":"Words.","format":"text"}"#,
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("GET", "/tasks", "", "", AGENTS_ELSE_404),
    ("GET", "/tasks/{id}", "/tasks/{private_task}", "", AGENTS_ELSE_404),
    (
        "PATCH",
        "/tasks/{id}",
        "/tasks/{public_task}",
        r#"{"version":1,"state":"done"}"#,
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("DELETE", "/tasks/{id}", "/tasks/{public_task}?version=1", "", [Nobody, Forbidden, Forbidden, Ok, Ok, Ok]),
    (
        "POST",
        "/tasks/{id}/actions/pause",
        "/tasks/{public_task}/actions/pause",
        "",
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "POST",
        "/tasks/{id}/actions/resume",
        "/tasks/{public_task}/actions/resume",
        "",
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("GET", "/planner", "", "", AGENTS_ELSE_404),
    ("GET", "/tickets/{number}/messages", "", "", SIGNED_IN),
    ("POST", "/tickets/{number}/messages", "", r#"{"text":"Words."}"#, [Nobody, Ok, Forbidden, Ok, Ok, Ok]),
    ("POST", "/tickets/{number}/messages/read", "", "{}", SIGNED_IN),
    ("DELETE", "/tickets/{number}/messages/{id}", "/tickets/{number}/messages/{public}", "", UNKNOWN),
    ("GET", "/messages/{id}", "/messages/{public}", "", UNKNOWN),
    ("DELETE", "/messages/{id}", "/messages/{public}", "", UNKNOWN),
    // The chat is switched off (316): whoever may read it is told so.
    ("GET", "/tickets/{number}/chat", "", "", SWITCHED_OFF),
    ("POST", "/tickets/{number}/chat", "", r#"{"text":"Words."}"#, SWITCHED_OFF),
    ("POST", "/tickets/{number}/chat/signs", "", r#"{"typing":true}"#, SWITCHED_OFF),
    ("POST", "/tickets/{number}/chat/end", "", "", SWITCHED_OFF),
    // The ticket of the story was never closed, so nobody was asked.
    ("GET", "/tickets/{number}/survey", "", "", UNKNOWN),
    (
        "POST",
        "/tickets/{number}/survey",
        "",
        r#"{"score":5}"#,
        [Nobody, NotFound, Forbidden, Forbidden, Forbidden, Forbidden],
    ),
    ("POST", "/uploads", "", "", [Nobody, Refused, Refused, Refused, Refused, Refused]),
    ("DELETE", "/uploads/{id}", "/uploads/{public}", "", UNKNOWN),
    ("GET", "/tickets/{number}/documents", "", "", SIGNED_IN),
    (
        "POST",
        "/tickets/{number}/documents",
        "",
        r#"{"upload":"{public}"}"#,
        [Nobody, Refused, Forbidden, Refused, Refused, Refused],
    ),
    ("GET", "/documents/{id}", "/documents/{public}", "", UNKNOWN),
    ("DELETE", "/documents/{id}", "/documents/{public}", "", UNKNOWN),
    ("GET", "/documents/{id}/content", "/documents/{public}/content", "", UNKNOWN),
    ("GET", "/documents/{id}/thumbnail", "/documents/{public}/thumbnail", "", UNKNOWN),
    ("GET", "/tickets/{number}/validations", "", "", AGENTS_ELSE_404),
    ("POST", "/tickets/{number}/validations", "", r#"{"targets":[{"kind":"user","id":"{public}"}]}"#, TECHNICIANS),
    // Requests that do not exist: whose they are to answer and to change is told by the tests of the use cases.
    (
        "POST",
        "/tickets/{number}/validations/{id}/answers",
        "/tickets/{number}/validations/{public}/answers",
        r#"{"answer":"granted"}"#,
        UNKNOWN,
    ),
    (
        "POST",
        "/tickets/{number}/validations/{id}/actions/withdraw",
        "/tickets/{number}/validations/{public}/actions/withdraw",
        "{}",
        UNKNOWN,
    ),
    (
        "POST",
        "/tickets/{number}/validations/{id}/actions/ask-again",
        "/tickets/{number}/validations/{public}/actions/ask-again",
        "{}",
        UNKNOWN,
    ),
    ("GET", "/validations", "", "", SIGNED_IN),
    ("GET", "/validations/{id}", "/validations/{public}", "", UNKNOWN),
    ("GET", "/tickets/{number}/statistics", "", "", AGENTS_ELSE_404),
    ("GET", "/statistics", "", "", [Nobody, Forbidden, Ok, Ok, Ok, Ok]),
    ("GET", "/tickets/{number}/timeline", "", "", SIGNED_IN),
    ("GET", "/tickets/{number}/history", "", "", SIGNED_IN),
    ("GET", "/tickets/{number}/history/export", "", "", SIGNED_IN),
    ("GET", "/knowledge", "", "", SIGNED_IN),
    (
        "POST",
        "/knowledge",
        "",
        r#"{"title":"VPN","body":"Words.","format":"text"}"#,
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("GET", "/knowledge/suggestions", "/knowledge/suggestions?q=vpn", "", SIGNED_IN),
    // Articles that do not exist: who reads and changes which one is told by the tests of the use case.
    ("GET", "/knowledge/{id}", "/knowledge/{public}", "", UNKNOWN),
    ("PATCH", "/knowledge/{id}", "/knowledge/{public}", r#"{"version":1,"title":"x"}"#, UNKNOWN),
    ("DELETE", "/knowledge/{id}", "/knowledge/{public}?version=1", "", UNKNOWN),
    ("GET", "/knowledge/{id}/versions", "/knowledge/{public}/versions", "", UNKNOWN),
    ("POST", "/knowledge/{id}/actions/publish", "/knowledge/{public}/actions/publish", "", UNKNOWN),
    ("POST", "/knowledge/{id}/actions/archive", "/knowledge/{public}/actions/archive", "", UNKNOWN),
    ("POST", "/knowledge/{id}/actions/restore", "/knowledge/{public}/actions/restore", "", UNKNOWN),
    ("POST", "/knowledge/{id}/actions/purge", "/knowledge/{public}/actions/purge", "", UNKNOWN),
    (
        "POST",
        "/knowledge/{id}/actions/restore-version",
        "/knowledge/{public}/actions/restore-version",
        r#"{"revision":1}"#,
        UNKNOWN,
    ),
    ("POST", "/knowledge/{id}/actions/helped", "/knowledge/{public}/actions/helped", "", UNKNOWN),
    (
        "POST",
        "/occurrences/{id}/actions/save-to-knowledge",
        "/occurrences/{public}/actions/save-to-knowledge",
        "",
        [Nobody, NotFound, Forbidden, Ok, Ok, Ok],
    ),
    ("GET", "/tickets/{number}/links", "", "", AGENTS_ELSE_404),
    (
        "POST",
        "/tickets/{number}/links",
        "",
        r#"{"kind":"article","target":"{public}"}"#,
        [Nobody, Forbidden, Forbidden, Refused, Refused, Refused],
    ),
    (
        "DELETE",
        "/tickets/{number}/links/{id}",
        "/tickets/{number}/links/{public}",
        "",
        [Nobody, Forbidden, Forbidden, NotFound, NotFound, NotFound],
    ),
    ("GET", "/search", "/search?q=cable", "", SIGNED_IN),
    // What one may not see is not there, whoever asks for it alone.
    ("GET", "/search", "/search?q=cable&kinds=article", "", SIGNED_IN),
    ("GET", "/search", "/search?q=cable&kinds=customer", "", SIGNED_IN),
    ("GET", "/events", "", "", SIGNED_IN),
    ("GET", "/users", "", "", [Nobody, Forbidden, Ok, Ok, Ok, Ok]),
    ("GET", "/users/{id}", "/users/{public}", "", [Nobody, Forbidden, NotFound, NotFound, NotFound, NotFound]),
    ("GET", "/groups", "", "", SIGNED_IN),
    ("GET", "/groups/{id}", "/groups/{public}", "", UNKNOWN),
    ("POST", "/users", "", r#"{"name":"Eve"}"#, ADMINS),
    ("PATCH", "/users/{id}", "/users/{public}", r#"{"version":1,"name":"Eve"}"#, ADMINS_ELSE_403),
    ("POST", "/users/{id}/actions/disable", "/users/{public}/actions/disable", "{}", ADMINS_ELSE_403),
    ("POST", "/users/{id}/actions/enable", "/users/{public}/actions/enable", "{}", ADMINS_ELSE_403),
    ("POST", "/users/{id}/actions/anonymise", "/users/{public}/actions/anonymise", "{}", ADMINS_ELSE_403),
    ("POST", "/users/{id}/actions/sign-out", "/users/{public}/actions/sign-out", "{}", ADMINS_ELSE_403),
    ("POST", "/users/{id}/actions/invite", "/users/{public}/actions/invite", "{}", ADMINS_ELSE_403),
    ("POST", "/groups", "", r#"{"name":"Crew"}"#, ADMINS),
    ("PATCH", "/groups/{id}", "/groups/{public}", r#"{"version":1,"name":"Crew"}"#, ADMINS_ELSE_403),
    ("DELETE", "/groups/{id}", "/groups/{public}?version=1", "", ADMINS_ELSE_403),
    ("POST", "/entities", "", r#"{"name":"Rio"}"#, ADMINS),
    ("PATCH", "/entities/{id}", "/entities/{public}", r#"{"version":1,"name":"Rio"}"#, ADMINS_ELSE_403),
    ("DELETE", "/entities/{id}", "/entities/{public}?version=1", "", ADMINS_ELSE_403),
    ("GET", "/roles", "", "", ADMINS),
    ("POST", "/roles", "", r#"{"capabilities":[]}"#, ADMINS),
    ("PATCH", "/roles/{id}", "/roles/{public}", r#"{"version":1,"name":"Crew"}"#, ADMINS_ELSE_403),
    ("DELETE", "/roles/{id}", "/roles/{public}?version=1", "", ADMINS_ELSE_403),
    ("GET", "/roles/why", "/roles/why?user={public}&capability=ticket.take", "", ADMINS),
    ("GET", "/audit", "", "", [Nobody, Forbidden, Ok, Forbidden, Forbidden, Ok]),
    ("GET", "/audit/export", "", "", [Nobody, Forbidden, Ok, Forbidden, Forbidden, Ok]),
    ("GET", "/entities", "", "", SIGNED_IN),
    ("GET", "/entities/{id}", "/entities/{public}", "", UNKNOWN),
    ("GET", "/lists/{list}", "/lists/locations?entity={brasil}", "", SIGNED_IN),
    (
        "POST",
        "/lists/{list}",
        "/lists/locations",
        r#"{"entity":"{brasil}","names":{"en":"Floor {number}"}}"#,
        LIST_EDITORS,
    ),
    ("GET", "/lists/{list}/{id}", "/lists/locations/{public}", "", UNKNOWN),
    ("PATCH", "/lists/{list}/{id}", "/lists/locations/{public}", r#"{"version":1,"active":false}"#, UNKNOWN),
    ("DELETE", "/lists/{list}/{id}", "/lists/locations/{public}?version=1", "", UNKNOWN),
    ("GET", "/settings", "/settings?entity={brasil}", "", SETTERS_ELSE_404),
    (
        "PATCH",
        "/settings",
        "",
        r#"{"entity":"{brasil}","version":1,"values":{"portal.cancel":false}}"#,
        SETTERS_ELSE_404,
    ),
    // No mail server is configured here: whoever may test it is told so.
    ("POST", "/settings/mail/actions/test", "", "{}", [Nobody, NotFound, NotFound, NotFound, NotFound, Refused]),
    ("GET", "/mail/outgoing", "", "", SETTERS_ELSE_404),
    // Mails that do not exist.
    ("POST", "/mail/outgoing/{id}/actions/send-again", "/mail/outgoing/{public}/actions/send-again", "", UNKNOWN),
    ("POST", "/mail/outgoing/{id}/actions/give-up", "/mail/outgoing/{public}/actions/give-up", "", UNKNOWN),
    ("GET", "/templates/{kind}", "/templates/replies", "", AGENTS_ELSE_404),
    (
        "POST",
        "/templates/{kind}",
        "/templates/replies",
        r#"{"name":"Reply {number}","entity":"{brasil}","texts":{"en":"We look at it."}}"#,
        TEMPLATES_ELSE_404,
    ),
    // Templates that do not exist: whose they are to change is told by the tests of the use case.
    ("GET", "/templates/{kind}/{id}", "/templates/replies/{public}", "", UNKNOWN),
    ("PATCH", "/templates/{kind}/{id}", "/templates/replies/{public}", r#"{"version":1,"active":false}"#, UNKNOWN),
    ("DELETE", "/templates/{kind}/{id}", "/templates/replies/{public}?version=1", "", UNKNOWN),
    (
        "POST",
        "/templates/{kind}/{id}/preview",
        "/templates/replies/{public}/preview",
        r#"{"ticket":{number}}"#,
        UNKNOWN,
    ),
    ("GET", "/customers", "/customers?q=acme", "", AGENTS_ELSE_404),
    ("POST", "/customers", "", r#"{"name":"Acme","entity":"{brasil}"}"#, CUSTOMERS),
    ("POST", "/customers/import", "", r#"{"mode":"preview","upload":"{public}","entity":"{brasil}"}"#, CUSTOMERS_WRONG),
    // Customers and occurrences that do not exist: whose they are to change is told by the tests of the use case.
    ("GET", "/customers/{id}", "/customers/{public}", "", UNKNOWN),
    ("PATCH", "/customers/{id}", "/customers/{public}", r#"{"version":1,"name":"Acme"}"#, UNKNOWN),
    ("DELETE", "/customers/{id}", "/customers/{public}?version=1", "", UNKNOWN),
    ("GET", "/customers/{id}/history", "/customers/{public}/history", "", UNKNOWN),
    ("GET", "/customers/{id}/occurrences", "/customers/{public}/occurrences", "", UNKNOWN),
    ("POST", "/customers/{id}/occurrences", "/customers/{public}/occurrences", r#"{"body":"Words."}"#, UNKNOWN),
    ("GET", "/customer-occurrences", "/customer-occurrences?impact=negative", "", AGENTS_ELSE_404),
    ("POST", "/customer-occurrences", "", r#"{"body":"Words."}"#, CUSTOMERS_WRONG),
    ("GET", "/customer-occurrences/report", "", "", AGENTS_ELSE_404),
    ("GET", "/customer-occurrences/export", "/customer-occurrences/export?format=csv", "", AGENTS_ELSE_404),
    ("GET", "/customer-occurrences/{id}", "/customer-occurrences/{public}", "", UNKNOWN),
    (
        "PATCH",
        "/customer-occurrences/{id}",
        "/customer-occurrences/{public}",
        r#"{"version":1,"body":"Words."}"#,
        UNKNOWN,
    ),
    ("DELETE", "/customer-occurrences/{id}", "/customer-occurrences/{public}?version=1", "", UNKNOWN),
    ("GET", "/customer-occurrences/{id}/revisions", "/customer-occurrences/{public}/revisions", "", UNKNOWN),
    (
        "POST",
        "/customer-occurrences/{id}/actions/restore",
        "/customer-occurrences/{public}/actions/restore",
        "{}",
        UNKNOWN,
    ),
];

#[tokio::test]
async fn every_path_of_the_api_does_for_each_role_what_the_table_says() {
    let desk = Desk::new().await;
    let brasil = desk.world.brasil.to_string();
    let mut findings = Vec::new();
    for (method, path, called, body, outs) in
        TABLE.iter().filter(|(_, path, ..)| *path != "/events" && *path != "/uploads")
    {
        for (who, expected) in everybody().zip(*outs) {
            let story = Story::with_tasks(&desk).await;
            let called = fill(if called.is_empty() { path } else { called }, &story).replace("{brasil}", &brasil);
            let body = fill(body, &story).replace("{brasil}", &brasil);
            let body = (!body.is_empty()).then(|| serde_json::from_str(&body).unwrap());
            let answer = desk.api(method, &called, who, body).await;
            findings.extend(judge(&format!("{method} {path}"), who, expected, &answer));
        }
    }
    nothing(&findings);
}

#[tokio::test]
async fn every_path_of_the_document_is_in_the_table() {
    let desk = Desk::new().await;
    let document = desk.api("GET", "/openapi.json", "", None).await.expect(200).json();
    let table: BTreeSet<(String, String)> =
        TABLE.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
    let documented = crate::api::openapi_operations(&document);
    let missing: Vec<_> = documented.difference(&table).collect();
    let invented: Vec<_> = table.difference(&documented).filter(|(_, path)| path != "/openapi.json").collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "decide in this table: {missing:?}; not documented: {invented:?}"
    );
}
