//! Forms without a draft, posted without scripts after the session of their writer has ended: he signs in again and finds what he
//! typed; nobody else does, and who is nobody keeps nothing here (T-DRF-03).

use std::collections::BTreeMap;

use app::context::session_cookie;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use service::{account, refused_forms};

use crate::support::{Answer, Desk, NOBODY, Story, encode, html_text, server_fn};

/// Seconds after which a session of the desk has ended.
const HOUR: i64 = 3_600;
const BACK: &str = "You were signed out while you wrote.";

/// A browser with the cookies it was given.
#[derive(Clone)]
struct Browser<'a> {
    desk: &'a Desk,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    /// Of somebody who is signed in.
    async fn of(desk: &'a Desk, who: &str) -> Self {
        let mut browser = Self { desk, cookies: BTreeMap::new() };
        browser.enter(who).await;
        browser
    }

    /// Signs in beside the page "Sign in", which costs a test a password.
    async fn enter(&mut self, who: &str) {
        let session = self.desk.session(who).await;
        self.cookies.insert(session_cookie(false).to_owned(), session);
    }

    fn session(&self) -> String {
        self.cookies[session_cookie(false)].clone()
    }

    async fn get(&mut self, path: &str) -> Answer {
        let request = self.desk.browser("GET", path, NOBODY).await.body(Body::empty()).unwrap();
        self.send(request).await
    }

    async fn post(&mut self, name: &str, from: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .desk
            .browser("POST", &server_fn(name), NOBODY)
            .await
            .header(header::REFERER, format!("http://desk.test{from}"))
            .header(header::ORIGIN, "http://desk.test")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(fields)))
            .unwrap();
        self.send(request).await
    }

    async fn send(&mut self, mut request: axum::http::Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let answer = self.desk.send(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let (pair, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

/// The form of a task, its page and the id of the task.
async fn task(desk: &Desk) -> (String, String) {
    let story = Story::with_tasks(desk).await;
    (format!("/tickets/{}/tasks/{}", story.number, story.public_task), story.public_task.to_string())
}

fn typed<'a>(here: &'a str, id: &'a str, minutes: &'a str) -> [(&'static str, &'a str); 3] {
    [("form[id]", id), ("form[back]", here), ("form[actual_minutes]", minutes)]
}

#[tokio::test]
async fn t_drf_03_who_signs_in_again_finds_what_he_posted_too_late() {
    let desk = Desk::new().await;
    let (here, id) = task(&desk).await;
    desk.world.let_in("tech1").await;
    let mut browser = Browser::of(&desk, "tech1").await;
    desk.world.advance(HOUR);
    let late = browser.post("set_task", &here, &typed(&here, &id, "Quittenbrot")).await.expect(302);
    let cookie = late.header("set-cookie");
    assert!(cookie.starts_with("guichet_late=") && cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(!late.header("location").contains("Quittenbrot"), "{}", late.location());
    // The page asks to sign in, and says nothing of it before.
    let asks = browser.get(&late.location()).await.expect(302);
    assert!(asks.location().starts_with("/sign-in?next="), "{}", asks.location());
    let sign_in = browser.get(&asks.location()).await.expect(200).text();
    assert!(!sign_in.contains("Quittenbrot"), "{}", html_text(&sign_in));
    let next = late.location();
    let fields =
        [("form[email]", "tech1@example.org"), ("form[password]", testing::PASSWORD), ("form[next]", next.as_str())];
    let entered = browser.post("sign_in", &asks.location(), &fields).await.expect(302);
    assert_eq!(entered.location(), next);
    let page = browser.get(&next).await.expect(200).text();
    assert!(page.contains("value=\"Quittenbrot\"") && html_text(&page).contains(BACK), "{}", html_text(&page));
    // It stands in no other place, and is forgotten when it is taken.
    assert!(!browser.get(&here).await.expect(200).text().contains("Quittenbrot"));
    browser.post("set_task", &next, &typed(&here, &id, "1h30")).await.expect(302);
    assert_eq!(desk.world.count("refused_form").await, 0);
    assert!(!browser.get(&next).await.expect(200).text().contains("Quittenbrot"));
}

#[tokio::test]
async fn t_drf_05_what_came_too_late_is_for_its_writer_and_his_browser_alone() {
    let desk = Desk::new().await;
    let (here, id) = task(&desk).await;
    let mut browser = Browser::of(&desk, "tech1").await;
    desk.world.advance(HOUR);
    let late = browser.post("set_task", &here, &typed(&here, &id, "Quittenbrot")).await.expect(302).location();
    for who in ["tech2", "supervisor", "admin", "requester1"] {
        let mut other = browser.clone();
        other.enter(who).await;
        for path in [late.as_str(), here.as_str()] {
            assert!(!other.get(path).await.text().contains("Quittenbrot"), "{who} {path}");
        }
    }
    let mut elsewhere = Browser::of(&desk, "tech1").await;
    assert!(!elsewhere.get(&late).await.expect(200).text().contains("Quittenbrot"), "in another browser");
    browser.enter("tech1").await;
    assert!(browser.get(&late).await.expect(200).text().contains("Quittenbrot"));
    // Refused once more, what was typed then is the newer one.
    browser.post("set_task", &late, &typed(&here, &id, "Apfelbrot")).await.expect(302);
    let page = browser.get(&late).await.expect(200).text();
    assert!(page.contains("Apfelbrot") && !page.contains("Quittenbrot"), "{}", html_text(&page));
    // Nobody took it: it goes by itself.
    desk.world.advance(refused_forms::LIFE);
    browser.enter("tech1").await;
    assert!(!browser.get(&late).await.expect(200).text().contains("brot"));
    refused_forms::sweep(&desk.services.db, desk.services.now()).await.unwrap();
    assert_eq!(desk.world.count("refused_form").await, 0);
}

#[tokio::test]
async fn t_drf_03_who_is_nobody_keeps_nothing_and_a_session_one_form() {
    let desk = Desk::new().await;
    let (here, id) = task(&desk).await;
    let form = typed(&here, &id, "Quittenbrot");
    let mut nobody = Browser { desk: &desk, cookies: BTreeMap::new() };
    let mut guessed = nobody.clone();
    guessed.cookies.insert(session_cookie(false).to_owned(), service::ctx::random_token(32));
    let mut out = Browser::of(&desk, "tech1").await;
    account::sign_out(&desk.services, &out.session()).await.unwrap();
    let mut disabled = Browser::of(&desk, "tech2").await;
    desk.world.disable("tech2").await;
    for (who, browser) in
        [("nobody", &mut nobody), ("guessed", &mut guessed), ("out", &mut out), ("disabled", &mut disabled)]
    {
        let answer = browser.post("set_task", &here, &form).await.expect(302);
        assert_eq!(answer.header("set-cookie"), "", "{who}");
    }
    assert_eq!(desk.world.count("refused_form").await, 0);
    let mut browser = Browser::of(&desk, "tech1").await;
    desk.world.advance(HOUR);
    // Another site posts nothing at all.
    let mut request =
        desk.browser("POST", &server_fn("set_task"), NOBODY).await.body(Body::from(encode(&form))).unwrap();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("content-type", "application/x-www-form-urlencoded"),
    ] {
        request.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    browser.send(request).await.expect(403);
    assert_eq!(desk.world.count("refused_form").await, 0);
    // Whatever page and form a session names after its end, it fills one row.
    for at in 0..5 {
        browser.post("set_task", &format!("{here}/{at}"), &form).await.expect(302);
        browser.post("pause_task", &here, &form).await.expect(302);
    }
    assert_eq!(desk.world.count("refused_form").await, 1);
}

/// Names and values of a form.
type Fields<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn t_drf_03_forms_whose_pages_keep_them_otherwise_outlive_the_session_too() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let entity = ("form[entity]", root.as_str());
    let word = "Quittenbrot";
    let row = [("form[list]", "locations"), entity, ("form[id]", ""), ("form[names][en]", word)];
    let group = [("form[name]", word), entity, ("form[may_be_asked]", "true")];
    let setting = [entity, ("form[key]", "reopen_days"), ("form[value]", word)];
    let template = [("form[id]", ""), ("form[kind]", "replies"), ("form[name]", "N"), ("form[text_en]", word)];
    let customer = [("form[name]", word), entity, ("form[contact_name][]", "Rita"), ("form[primary]", "0")];
    let profile = [("form[language]", "en"), ("form[signature]", word)];
    let cases: [(&str, &str, Fields<'_>); 7] = [
        ("save_list_row", "/settings/lists/locations", &row),
        ("save_group", "/admin/groups/new", &group),
        ("save_user", "/admin/users/new", &[("form[name]", word), ("form[email]", "rita@example.org")]),
        ("save_setting", "/settings?q=171", &setting),
        ("save_template", "/settings/templates/new?kind=replies", &template),
        ("save_customer", "/customers/new", &customer),
        ("save_profile", "/profile", &profile),
    ];
    for (name, from, fields) in cases {
        let mut browser = Browser::of(&desk, "admin").await;
        desk.world.advance(HOUR);
        let late = browser.post(name, from, fields).await.expect(302).location();
        assert!(!late.contains(word), "{name}: {late}");
        browser.enter("admin").await;
        let page = browser.get(&late).await.expect(200).text();
        assert!(page.contains(word) && html_text(&page).contains(BACK), "{name}: {}", html_text(&page));
        let mut other = browser.clone();
        other.enter("supervisor").await;
        assert!(!other.get(&late).await.text().contains(word), "{name}");
    }
}

#[tokio::test]
async fn t_drf_03_a_page_without_a_kept_form_does_not_promise_one() {
    let desk = Desk::new().await;
    let (here, id) = task(&desk).await;
    let mut browser = Browser { desk: &desk, cookies: BTreeMap::new() };
    let late = browser.post("set_task", &here, &typed(&here, &id, "1h30")).await.expect(302).location();
    let page = html_text(&desk.get(&late, "tech1").await.expect(200).text());
    assert!(page.contains("You were signed out, so this was not sent.") && !page.contains(BACK), "{page}");
}
