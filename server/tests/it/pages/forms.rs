//! Forms: what is typed comes back escaped, refused or kept, never lost and never run.

use axum::body::Body;
use axum::http::header;

use crate::support::{Desk, NOBODY, Story, encode, server_fn};

const HOSTILE: &str =
    "</textarea><script>alert(1)</script></title><script>alert(2)</script>\"><img src=x onerror=alert(3)>";

#[track_caller]
fn is_harmless(path: &str, html: &str) {
    for raw in ["<script>alert", "</textarea><script", "</title><script", "<img src=x"] {
        assert!(!html.contains(raw), "{path} lets {raw} through");
    }
}

#[tokio::test]
async fn hostile_text_in_every_field_comes_back_harmless() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let category = desk.world.coded(service::lists::OCCURRENCE_CATEGORIES, "execution").await;
    // Title and description of a ticket, of both writers; bodies in each format; draft; reason; pending text; signature.
    for who in ["requester1", "tech1"] {
        let fields = [("form[title]", HOSTILE), ("form[description]", HOSTILE), ("form[format]", "text")];
        desk.call("create_ticket", &fields, who).await.expect(200);
        let fields = [("form[title]", "Html"), ("form[description]", HOSTILE), ("form[format]", "html")];
        desk.call("create_ticket", &fields, who).await;
    }
    for format in ["text", "html", "markdown"] {
        for who in ["requester1", "tech1"] {
            let fields = [
                ("form[ticket]", number.as_str()),
                ("form[body]", HOSTILE),
                ("form[format]", format),
                ("form[category]", category.as_str()),
            ];
            desk.call("add_occurrence", &fields, who).await;
        }
    }
    let public = story.public.to_string();
    let fields = [("form[id]", public.as_str()), ("form[ticket]", number.as_str()), ("form[reason]", HOSTILE)];
    desk.call("remove_occurrence", &fields, "tech1").await.expect(200);
    desk.call(
        "update_ticket",
        &[("form[number]", &number), ("form[field]", "title"), ("form[value]", HOSTILE), ("form[keep_mine]", "true")],
        "tech1",
    )
    .await
    .expect(200);
    desk.call(
        "run_command",
        &[("form[number]", &number), ("form[command]", "suspend"), ("form[text]", HOSTILE)],
        "tech1",
    )
    .await;
    let draft = serde_json::json!({ "body": HOSTILE, "title": HOSTILE, "description": HOSTILE }).to_string();
    let entry = story.private.to_string();
    for who in ["requester1", "tech1"] {
        desk.call("save_profile", &[("form[signature]", HOSTILE), ("form[language]", "en")], who).await;
        for (kind, object) in [("occurrence", number.as_str()), ("ticket", "new"), ("occurrence_edit", entry.as_str())]
        {
            desk.call("save_draft", &[("form[kind]", kind), ("form[object]", object), ("form[fields]", &draft)], who)
                .await;
        }
    }
    let private = story.private;
    let query = crate::support::escape(HOSTILE);
    let agents = [
        "/tickets".to_owned(),
        format!("/tickets?text={query}&sort={query}&status={query}"),
        "/tickets/new".to_owned(),
        format!("/tickets/new?words={query}&follow_up_of={query}"),
        format!("/tickets/{number}"),
        format!("/tickets/{number}?find={query}"),
        format!("/tickets/{number}/note"),
        format!("/tickets/{number}/history"),
        format!("/tickets/{number}/history?kinds={query}&person={query}&from={query}&text={query}"),
        format!("/tickets/{number}/history?print=1&private=1"),
        format!("/tickets/{number}/occurrences/{private}/edit"),
        format!("/tickets/{number}/occurrences/{private}/remove"),
        format!("/tickets/{number}/occurrences/{private}/revisions"),
        format!("/tickets/{number}/do/reactivate"),
        format!("/search?q={query}"),
        "/drafts".to_owned(),
        "/profile".to_owned(),
        format!("/tickets/{query}"),
        format!("/tickets/{number}/do/{query}"),
    ];
    for path in agents {
        is_harmless(&path, &desk.get(&path, "tech1").await.text());
    }
    let theirs = [
        "/requests".to_owned(),
        format!("/requests?text={query}"),
        format!("/requests/{number}"),
        format!("/requests/{number}?ask={query}&done={query}"),
        format!("/requests/{number}/history"),
        format!("/requests/{number}/history?kinds={query}&person={query}&to={query}&text={query}"),
        "/drafts".to_owned(),
        "/profile".to_owned(),
        format!("/requests/{query}"),
    ];
    for path in theirs {
        is_harmless(&path, &desk.get(&path, "requester1").await.text());
    }
    for path in [format!("/sign-in?next={query}"), format!("/setup?token={query}"), format!("/{query}")] {
        is_harmless(&path, &desk.get(&path, NOBODY).await.text());
    }
}

#[tokio::test]
async fn an_occurrence_is_posted_without_scripts_and_leads_to_itself() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let here = format!("/tickets/{number}");
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[from]", "ticket"),
        ("form[key]", "k1"),
        ("form[body]", "Plug replaced."),
        ("form[format]", "text"),
        ("form[visibility]", "public"),
        ("form[minutes]", "1h30"),
    ];
    let answer = desk.post_form("add_occurrence", &here, &fields, "tech1").await.expect(302);
    let location = answer.location();
    assert!(location.starts_with(&format!("{here}?posted=1#occurrence-")), "{location}");
    let page = desk.get(location.split('#').next().unwrap(), "tech1").await.expect(200).text();
    assert!(page.contains("Plug replaced.") && page.contains(location.split('#').nth(1).unwrap()), "{page}");
}

#[tokio::test]
async fn a_refused_post_leads_back_with_its_error_and_the_text_is_still_there() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let here = format!("/tickets/{number}");
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[from]", "ticket"),
        ("form[body]", "Words worth keeping."),
        ("form[format]", "text"),
        ("form[visibility]", "public"),
        ("form[minutes]", "ninety"),
    ];
    let answer = desk.post_form("add_occurrence", &here, &fields, "tech1").await.expect(302);
    let location = answer.location();
    assert!(
        location.starts_with(&format!("{here}?")) && location.contains("__err=") && location.contains("__path="),
        "{location}"
    );
    let page = desk.get(&location, "tech1").await.expect(200).text();
    assert!(page.contains("Words worth keeping."), "the draft fills the form again");
    assert!(page.contains("aria-invalid=\"true\"") || page.contains("role=\"alert\""), "the wrong field is marked");
}

#[tokio::test]
async fn a_dead_session_leads_to_the_sign_in_page() {
    // Without identity the server keeps nothing: whose draft would it be? The page itself carries the text (`unsent`).
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let fields = [("form[ticket]", number.as_str()), ("form[body]", "Words worth keeping."), ("form[format]", "text")];
    let request = desk
        .browser("POST", &server_fn("add_occurrence"), NOBODY)
        .await
        .header(header::COOKIE, "guichet=dead")
        .header(header::REFERER, format!("http://desk.test/tickets/{number}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encode(&fields)))
        .unwrap();
    let there = desk.send(request).await.expect(200).text();
    assert!(there.contains("type=\"password\"") && there.contains("Words worth keeping."), "{there}");
    assert!(!there.contains("VPN drops"));
    // As a call of the application it is a plain 401, so that the page can say what to do.
    desk.call("add_occurrence", &fields, NOBODY).await.expect(401);
    // A draft that was saved while the session lived is there after signing in again.
    desk.call(
        "save_draft",
        &[("form[kind]", "occurrence"), ("form[object]", &number), ("form[fields]", "{\"body\":\"Saved before.\"}")],
        "tech1",
    )
    .await
    .expect(200);
    assert!(desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text().contains("Saved before."));
}

#[tokio::test]
async fn a_body_that_is_too_large_or_no_form_is_refused_and_not_a_crash() {
    let desk = Desk::new().await;
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", "x".repeat(3 * 1024 * 1024)),
        ("application/json", "{}".to_owned()),
        ("application/x-www-form-urlencoded", "form[ticket]=%FF%FE&&&=".to_owned()),
    ] {
        let mut request = desk
            .browser("POST", &server_fn("add_occurrence"), "tech1")
            .await
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from(body))
            .unwrap();
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        desk.send(request).await.expect(422);
    }
    desk.get("/tickets", "tech1").await.expect(200);
}

#[tokio::test]
async fn t_gen_02_a_field_that_is_missing_or_cannot_be_read_is_named() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let unreadable = "unknown variant";
    for (name, fields, field, code) in [
        ("open_notification", vec![("other", "1")], "id", "required"),
        ("ticket_timeline", vec![("number", number.as_str())], "query", "required"),
        ("add_occurrence", vec![("form[ticket]", number.as_str()), ("form[poem]", "x")], "poem", "unknown_field"),
        ("add_occurrence", vec![("form[ticket]", "first"), ("form[body]", "Words.")], "form", "invalid"),
        ("run_command", vec![("form[number]", number.as_str()), ("form[command]", unreadable)], "form", "invalid"),
    ] {
        let answer = desk.call(name, &fields, "tech1").await.expect(422);
        assert_eq!(answer.json(), serde_json::json!({ "invalid": [{ "field": field, "code": code }] }), "{name}");
        // A browser without scripts is led back to its page, which says so.
        let back = desk.post_form(name, &format!("/tickets/{number}"), &fields, "tech1").await.expect(302).location();
        assert!(back.starts_with(&format!("/tickets/{number}?")) && back.contains("__err="), "{name} {back}");
        desk.get(&back, "tech1").await.expect(200);
    }
    // What an address says of a refusal is no call: the page is shown.
    desk.get(&format!("/tickets/{number}?__path={}&__err=x", server_fn("add_occurrence")), "tech1").await.expect(200);
}
