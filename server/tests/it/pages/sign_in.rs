//! Signing in and out.

use crate::pages::is_whole;
use crate::support::{Desk, NOBODY};

async fn try_in(desk: &Desk, email: &str, password: &str, next: &str) -> crate::support::Answer {
    let fields = [("form[email]", email), ("form[password]", password), ("form[next]", next)];
    desk.post_form("sign_in", "/sign-in", &fields, NOBODY).await
}

#[tokio::test]
async fn the_page_is_whole_and_works_as_a_plain_form() {
    let desk = Desk::new().await;
    let page = desk.get("/sign-in?next=%2Ftickets%2F7", NOBODY).await.expect(200);
    is_whole(&page);
    let html = page.text();
    assert!(html.contains("method=\"post\"") && html.contains("/sign_in\""), "{html}");
    assert!(html.contains("form[email]") && html.contains("type=\"password\""), "{html}");
    assert!(html.contains("value=\"/tickets/7\""), "it leads back: {html}");
}

#[tokio::test]
async fn somebody_signs_in_and_is_led_where_he_came_from() {
    let desk = Desk::new().await;
    desk.world.let_in("tech1").await;
    let answer = try_in(&desk, "tech1@example.org", testing::PASSWORD, "/tickets").await.expect(302);
    assert_eq!(answer.location(), "/tickets");
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("guichet=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/"),
        "{cookie}"
    );
    let value = cookie.split(';').next().unwrap().to_owned();
    let mut request = desk.browser("GET", "/tickets", NOBODY).await.body(axum::body::Body::empty()).unwrap();
    request.headers_mut().insert("cookie", value.parse().unwrap());
    desk.send(request).await.expect(200);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_and_a_disabled_account_answer_alike() {
    let desk = Desk::new().await;
    desk.world.let_in("tech1").await;
    desk.world.let_in("tech2").await;
    desk.world.disable("tech2").await;
    let wrong = try_in(&desk, "tech1@example.org", "wrong wrong wrong", "").await;
    let unknown = try_in(&desk, "ghost@example.org", "wrong wrong wrong", "").await;
    let disabled = try_in(&desk, "tech2@example.org", testing::PASSWORD, "").await;
    for answer in [&wrong, &unknown, &disabled] {
        assert_eq!(answer.status, 302);
        assert!(answer.location().starts_with("/sign-in?"), "{}", answer.location());
        assert!(answer.location().contains("__err="), "{}", answer.location());
        assert!(!answer.headers.get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"guichet=")));
    }
    assert_eq!(wrong.location(), unknown.location());
    assert_eq!(wrong.location(), disabled.location());
    let page = desk.get(&wrong.location(), NOBODY).await.expect(200);
    assert!(page.text().contains("Email or password is wrong"), "{}", page.text());
}

#[tokio::test]
async fn the_address_of_a_refused_sign_in_is_back_in_its_field_once() {
    let desk = Desk::new().await;
    let refused = try_in(&desk, "ghost@example.org", "wrong wrong wrong", "").await.expect(302);
    assert!(!refused.location().contains("ghost"), "{}", refused.location());
    let cookie = refused.header("set-cookie").to_owned();
    assert!(cookie.starts_with("guichet_email=ghost@example.org; Path=/sign-in;"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let mut request = desk.browser("GET", &refused.location(), NOBODY).await.body(axum::body::Body::empty()).unwrap();
    request.headers_mut().insert("cookie", cookie.split(';').next().unwrap().parse().unwrap());
    let page = desk.send(request).await.expect(200);
    assert!(page.text().contains("value=\"ghost@example.org\""), "{}", page.text());
    assert!(page.header("set-cookie").contains("Max-Age=0"), "{}", page.header("set-cookie"));
    // What a cookie cannot hold as it is stays out of it.
    for odd in ["a b@example.org", "a;Secure@example.org", "\u{e9}@example.org", ""] {
        assert_eq!(try_in(&desk, odd, "wrong wrong wrong", "").await.expect(302).header("set-cookie"), "", "{odd}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let desk = Desk::new().await;
    desk.world.let_in("tech1").await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let answer = try_in(&desk, "tech1@example.org", testing::PASSWORD, next).await.expect(302);
        assert_eq!(answer.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn text_in_the_address_is_never_shown_as_an_error() {
    let desk = Desk::new().await;
    let path = crate::support::server_fn("sign_in");
    // `{"transport":"call 555"}` and markup, as anybody could write them into a link.
    for evil in ["eyJ0cmFuc3BvcnQiOiJjYWxsIDU1NSJ9", "eyJ0cmFuc3BvcnQiOiI8Yj5jYWxsIDU1NTwvYj4ifQ=="] {
        let page = desk
            .get(&format!("/sign-in?__path={}&__err={evil}", crate::support::escape(&path)), NOBODY)
            .await
            .expect(200);
        assert!(!crate::support::html_text(&page.text()).contains("555"), "{}", page.text());
    }
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let desk = Desk::new().await;
    let request = desk.browser("GET", "/tickets", "tech1").await.body(axum::body::Body::empty()).unwrap();
    let cookie = request.headers()["cookie"].clone();
    desk.send(request).await.expect(200);
    let mut out = desk
        .browser("POST", &crate::support::server_fn("sign_out"), NOBODY)
        .await
        .body(axum::body::Body::empty())
        .unwrap();
    out.headers_mut().insert("cookie", cookie.clone());
    out.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    let answer = desk.send(out).await.expect(302);
    assert_eq!(answer.location(), "/sign-in");
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
    let mut again = desk.browser("GET", "/tickets", NOBODY).await.body(axum::body::Body::empty()).unwrap();
    again.headers_mut().insert("cookie", cookie);
    let answer = desk.send(again).await.expect(302);
    assert_eq!(answer.location(), "/sign-in?next=%2Ftickets");
}

#[tokio::test]
async fn a_session_ends_by_idleness() {
    let desk = Desk::new().await;
    let request = |cookie: &axum::http::HeaderValue| {
        axum::http::Request::builder()
            .uri("/tickets")
            .header("accept", "text/html")
            .header("cookie", cookie)
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let cookie = desk.browser("GET", "/", "tech1").await.body(()).unwrap().headers()["cookie"].clone();
    desk.send(request(&cookie)).await.expect(200);
    desk.world.advance(720 * 3_600);
    desk.send(request(&cookie)).await.expect(302);
}

#[tokio::test]
async fn four_languages_are_chosen_by_cookie_or_browser() {
    let desk = Desk::new().await;
    for lang in ["en", "pt-BR", "es", "fr"] {
        let mut request = desk.browser("GET", "/sign-in", NOBODY).await.body(axum::body::Body::empty()).unwrap();
        request.headers_mut().insert("accept-language", format!("{lang};q=0.9, de;q=0.3").parse().unwrap());
        let by_browser = desk.send(request).await.expect(200).text();
        assert!(by_browser.contains(&format!("lang=\"{lang}\"")), "{lang}");
        let mut request = desk.browser("GET", "/sign-in", NOBODY).await.body(axum::body::Body::empty()).unwrap();
        request.headers_mut().insert("cookie", format!("guichet_lang={lang}").parse().unwrap());
        assert!(desk.send(request).await.expect(200).text().contains(&format!("lang=\"{lang}\"")), "{lang}");
    }
}
