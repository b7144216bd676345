//! Text that is posted after the sign-in has ended: the page "Sign in" carries it, and it becomes the draft of whoever
//! signs in (T-DRF-03). Without scripts there is no other copy.

use app::t::{account, common, errors};
use axum::body::Body;
use axum::http::header;
use domain::lang::Lang;
use domain::policy::ShippedRole;
use domain::views::DraftView;
use regex_lite::Regex;
use service::drafts;

use super::is_whole;
use super::uploads::upload;
use crate::support::{Answer, Desk, NOBODY, Story, encode, html_text, server_fn};

const HOSTILE: &str = "</textarea><script>alert(1)</script>\"><img src=x onerror=alert(2)>'&quot;\r\n\u{e9}";

type Fields<'a> = [(&'a str, &'a str)];

/// A plain form of somebody whose session is over.
async fn post_late(desk: &Desk, name: &str, from: &str, fields: &Fields<'_>) -> Answer {
    let request = desk
        .browser("POST", &server_fn(name), NOBODY)
        .await
        .header(header::COOKIE, "guichet=dead")
        .header(header::REFERER, format!("http://desk.test{from}"))
        .header(header::ORIGIN, "http://desk.test")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encode(fields)))
        .unwrap();
    desk.send(request).await
}

/// The value of a hidden field of a page.
#[track_caller]
fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{}\" value=\"([^\"]*)\"", name.replace('[', "\\[").replace(']', "\\]"));
    let found = Regex::new(&field).unwrap().captures(page).unwrap_or_else(|| panic!("no {name}: {page}"));
    let text = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&amp;", "&")
}

/// Sends the form of the page "Sign in" that carries a text.
async fn enter(desk: &Desk, page: &str, who: &str, password: &str) -> Answer {
    let (next, draft) = (hidden(page, "form[next]"), hidden(page, "form[draft]"));
    let email = format!("{who}@example.org");
    let fields =
        [("form[next]", next.as_str()), ("form[draft]", &draft), ("form[email]", &email), ("form[password]", password)];
    send(desk, &fields).await
}

async fn send(desk: &Desk, fields: &Fields<'_>) -> Answer {
    let request = desk
        .browser("POST", "/sign-in", NOBODY)
        .await
        .header(header::ORIGIN, "http://desk.test")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encode(fields)))
        .unwrap();
    desk.send(request).await
}

async fn kept(desk: &Desk, who: &str, kind: &str, object: &str) -> Option<DraftView> {
    drafts::find(&desk.ctx(who).await, kind, object).await.unwrap()
}

#[tokio::test]
async fn t_drf_03_a_text_outlives_the_sign_in_of_its_writer_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    desk.world.let_in("tech1").await;
    let number = story.number.to_string();
    let before = desk.world.count("occurrence").await;
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[from]", "ticket"),
        ("form[key]", "k1"),
        ("form[body]", "Words worth keeping."),
        ("form[format]", "text"),
        ("form[visibility]", "private"),
        ("form[minutes]", "1h30"),
    ];
    let page = post_late(&desk, "add_occurrence", &format!("/tickets/{number}"), &fields).await.expect(200);
    is_whole(&page);
    assert_eq!(page.header("set-cookie"), "");
    let html = page.text();
    assert!(html.contains("action=\"/sign-in\"") && html.contains("type=\"password\""), "{html}");
    assert!(html_text(&html).contains(errors::unauthenticated(Lang::En)), "{}", html_text(&html));
    assert!(!html.contains("VPN drops"), "it says nothing of the ticket");
    assert!(!html.contains("/set_preference"), "nothing on it leads away without the text");
    assert_eq!(desk.world.count("draft").await, 0, "nobody has a draft");
    let answer = enter(&desk, &html, "tech1", testing::PASSWORD).await.expect(303);
    assert_eq!(answer.location(), format!("/tickets/{number}?compose=occurrence&kept=1#dock"));
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("guichet=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let mut request =
        desk.browser("GET", answer.location().split('#').next().unwrap(), NOBODY).await.body(Body::empty()).unwrap();
    request.headers_mut().insert("cookie", cookie.split(';').next().unwrap().parse().unwrap());
    let page = desk.send(request).await.expect(200).text();
    assert!(page.contains("Words worth keeping.") && page.contains("value=\"1h30\""), "{}", html_text(&page));
    assert!(html_text(&page).contains(common::text_kept(Lang::En)), "{}", html_text(&page));
    assert_eq!(desk.world.count("occurrence").await, before, "nothing is posted by signing in");
    let draft = kept(&desk, "tech1", "occurrence", &number).await.expect("a draft");
    assert!(["key", "ticket", "from"].iter().all(|name| draft.fields.get(name).is_none()), "{}", draft.fields);
    // Elsewhere nothing is said of it.
    let other = desk.get(&format!("/tickets/{number}"), "tech1").await.text();
    assert!(!html_text(&other).contains(common::text_kept(Lang::En)));
}

#[tokio::test]
async fn t_drf_03_every_text_form_survives_an_expired_sign_in() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, public) = (story.number.to_string(), story.public.to_string());
    for who in ["tech1", "requester1"] {
        desk.world.let_in(who).await;
    }
    let ticket = [
        ("form[title]", "A chair"),
        ("form[description]", "It wobbles since Monday."),
        ("form[format]", "text"),
        ("form[requesters][]", ""),
        ("form[requesters][]", "ana@example.org"),
    ];
    let change = [
        ("form[id]", public.as_str()),
        ("form[ticket]", number.as_str()),
        ("form[version]", "1"),
        ("form[body]", "It wobbles since Monday."),
        ("form[format]", "text"),
    ];
    let note = [
        ("form[ticket]", number.as_str()),
        ("form[from]", "request"),
        ("form[body]", "It wobbles since Monday."),
        ("form[format]", "text"),
    ];
    let request = [
        ("form[from]", "request"),
        ("form[kind]", "question"),
        ("form[title]", "A chair"),
        ("form[description]", "It wobbles since Monday."),
        ("form[format]", "text"),
    ];
    let cases: [(&str, &Fields<'_>, &str, &str); 6] = [
        ("look_for_customer", &ticket, "tech1", "/tickets/new?kept=1"),
        ("look_for_articles", &request, "requester1", "/requests/new?kept=1"),
        ("create_ticket", &ticket, "tech1", "/tickets/new?kept=1"),
        ("create_ticket", &request, "requester1", "/requests/new?kept=1"),
        ("edit_occurrence", &change, "tech1", &format!("/tickets/{number}/occurrences/{public}/edit?kept=1")),
        ("add_occurrence", &note, "requester1", &format!("/requests/{number}?kept=1#note-form")),
    ];
    for (name, fields, who, next) in cases {
        let page = post_late(&desk, name, "/", fields).await.expect(200).text();
        let answer = enter(&desk, &page, who, testing::PASSWORD).await.expect(303);
        assert_eq!(answer.location(), next);
        let page = desk.get(next.split('#').next().unwrap(), who).await.expect(200).text();
        assert!(page.contains("It wobbles since Monday."), "{name}: {}", html_text(&page));
        assert!(html_text(&page).contains(common::text_kept(Lang::En)), "{name}: {}", html_text(&page));
    }
    assert!(desk.get("/tickets/new", "tech1").await.text().contains("value=\"ana@example.org\""));
}

#[tokio::test]
async fn t_drf_03_a_wrong_password_costs_no_text() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    desk.world.let_in("tech1").await;
    let number = story.number.to_string();
    let fields = [("form[ticket]", number.as_str()), ("form[body]", HOSTILE), ("form[format]", "text")];
    let mut page = post_late(&desk, "add_occurrence", "/", &fields).await.expect(200).text();
    for password in ["wrong wrong wrong", ""] {
        let answer = enter(&desk, &page, "tech1", password).await.expect(200);
        assert_eq!(answer.header("set-cookie"), "");
        page = answer.text();
        assert!(page.contains("role=\"alert\""), "{}", html_text(&page));
        assert!(page.contains("value=\"tech1@example.org\""), "the address is kept: {}", html_text(&page));
        for raw in ["<script>alert", "</textarea><script", "<img src=x"] {
            assert!(!page.contains(raw), "{raw}: {page}");
        }
    }
    enter(&desk, &page, "tech1", testing::PASSWORD).await.expect(303);
    let draft = kept(&desk, "tech1", "occurrence", &number).await.expect("a draft");
    assert_eq!(draft.text("body"), HOSTILE, "not a sign is lost on the way");
}

#[tokio::test]
async fn t_drf_03_whoever_may_not_write_there_does_not_come_in_with_the_text() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let iberia = desk.world.entity("Iberia", desk.world.root).await;
    desk.world.hire("stranger", ShippedRole::Technician, iberia).await;
    let (number, public) = (story.number.to_string(), story.public.to_string());
    for who in ["stranger", "observer", "tech1"] {
        desk.world.let_in(who).await;
    }
    let note = [("form[ticket]", number.as_str()), ("form[body]", "Zwetschgenmus."), ("form[format]", "text")];
    let change = [("form[id]", public.as_str()), ("form[ticket]", number.as_str()), ("form[body]", "Zwetschgenmus.")];
    let ticket = [("form[title]", "Zwetschgenmus"), ("form[description]", "Zwetschgenmus.")];
    let (forbidden, unknown) = (errors::forbidden(Lang::En), errors::not_found(Lang::En));
    let cases: [(&str, &Fields<'_>, &str, &str); 5] = [
        ("add_occurrence", &note, "stranger", unknown),
        ("add_occurrence", &note, "observer", forbidden),
        ("edit_occurrence", &change, "stranger", unknown),
        ("edit_occurrence", &change, "observer", forbidden),
        ("create_ticket", &ticket, "observer", forbidden),
    ];
    for (name, fields, who, told) in cases {
        let page = post_late(&desk, name, "/", fields).await.expect(200).text();
        let answer = enter(&desk, &page, who, testing::PASSWORD).await.expect(200);
        assert_eq!(answer.header("set-cookie"), "", "{name} as {who}");
        assert!(html_text(&answer.text()).contains(told), "{name} as {who}: {}", html_text(&answer.text()));
        assert_eq!(hidden(&answer.text(), "form[draft]"), hidden(&page, "form[draft]"), "the text is still there");
    }
    assert_eq!((desk.world.count("draft").await, desk.world.count("session").await), (0, 0));
    // Another person who may write there has typed his password at this browser: the text is his from now on.
    let page = post_late(&desk, "add_occurrence", "/", &note).await.expect(200).text();
    enter(&desk, &page, "tech1", testing::PASSWORD).await.expect(303);
    assert_eq!((desk.world.count("draft").await, desk.world.count("session").await), (1, 1));
}

#[tokio::test]
async fn what_comes_back_with_the_sign_in_is_a_form_like_any_other() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    desk.world.let_in("tech1").await;
    let number = story.number;
    let sign_in = async |draft: &str, next: &str| {
        let fields = [
            ("form[email]", "tech1@example.org"),
            ("form[password]", testing::PASSWORD),
            ("form[draft]", draft),
            ("form[next]", next),
        ];
        send(&desk, &fields).await
    };
    for draft in ["", "no json", "7", "{\"kind\":\"occurrence\",\"evil\":1}"] {
        let answer = sign_in(draft, "/tickets").await.expect(303);
        assert_eq!((answer.location().as_str(), answer.header("set-cookie")), ("/sign-in", ""), "{draft}");
    }
    let draft = |kind: &str, object: &str, fields: &str| {
        serde_json::json!({ "kind": kind, "object": object, "fields": fields }).to_string()
    };
    for draft in [
        "{}".to_owned(),
        "[]".to_owned(),
        draft("poem", "1", "{}"),
        draft("task", "x", "{}"),
        draft("ticket", "7", "{}"),
        draft("occurrence", "x", "{}"),
        draft("occurrence", "987654321", "{}"),
        draft("occurrence", &number.to_string(), "[]"),
        draft("occurrence", &number.to_string(), "{\"body\":{\"a\":1}}"),
        draft("occurrence", &number.to_string(), &format!("{{\"body\":\"{}\"}}", "x".repeat(1_100_000))),
    ] {
        let answer = sign_in(&draft, "/tickets").await.expect(200);
        assert_eq!(answer.header("set-cookie"), "");
        assert!(answer.text().contains("role=\"alert\""));
    }
    assert_eq!((desk.world.count("draft").await, desk.world.count("session").await), (0, 0));
    let good = draft("occurrence", &number.to_string(), "{\"body\":\"Words.\"}");
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
        assert_eq!(sign_in(&good, next).await.expect(303).location(), "/", "{next}");
    }
    sign_in(&"x".repeat(5 * 1024 * 1024), "/").await.expect(413);
    // From another site nothing is taken.
    let mut request = desk.browser("POST", "/sign-in", NOBODY).await.body(Body::empty()).unwrap();
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    desk.send(request).await.expect(403);
}

#[tokio::test]
async fn t_drf_03_an_upload_after_the_sign_in_has_ended_keeps_the_text_and_says_that_files_stay_behind() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    desk.world.let_in("tech1").await;
    let number = story.number.to_string();
    let back = format!("/tickets/{number}/note");
    let page = upload(&desk, &format!("occurrence/{number}"), &back, "With a file.", NOBODY).await.expect(200).text();
    assert!(html_text(&page).contains(account::files_not_kept(Lang::En)), "{}", html_text(&page));
    // It is still said after a wrong password.
    let fields = [
        ("form[next]", hidden(&page, "form[next]")),
        ("form[draft]", hidden(&page, "form[draft]")),
        ("form[had_files]", hidden(&page, "form[had_files]")),
        ("form[email]", "tech1@example.org".to_owned()),
        ("form[password]", "wrong wrong wrong".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = send(&desk, &fields).await.expect(200).text();
    assert!(html_text(&page).contains(account::files_not_kept(Lang::En)), "{}", html_text(&page));
    let answer = enter(&desk, &page, "tech1", testing::PASSWORD).await.expect(303);
    assert_eq!(answer.location(), format!("{back}?kept=1"));
    assert!(desk.get(&answer.location(), "tech1").await.expect(200).text().contains("With a file."));
    assert_eq!(desk.world.count("document").await, 0);
}

#[tokio::test]
async fn a_form_that_cannot_be_kept_leads_to_the_sign_in_page() {
    let desk = Desk::new().await;
    for fields in [
        vec![("form[ticket]", "none"), ("form[body]", "Words.")],
        vec![("form[body]", "Words.")],
        vec![("form[ticket]", "%FF"), ("", "")],
    ] {
        assert_eq!(post_late(&desk, "add_occurrence", "/", &fields).await.expect(303).location(), "/sign-in");
    }
    let large = "x".repeat(1_200_000);
    let fields = [("form[ticket]", "1"), ("form[body]", large.as_str())];
    assert_eq!(post_late(&desk, "add_occurrence", "/", &fields).await.expect(303).location(), "/sign-in");
    let large = "x".repeat(3_000_000);
    let fields = [("form[ticket]", "1"), ("form[body]", large.as_str())];
    post_late(&desk, "add_occurrence", "/", &fields).await.expect(413);
    // Forms without a draft go their old way.
    let answer = post_late(&desk, "run_command", "/tickets/1", &[("form[number]", "1")]).await.expect(302);
    assert!(answer.location().starts_with("/tickets/1?"), "{}", answer.location());
}
