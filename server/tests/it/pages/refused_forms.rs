//! Forms without a draft, posted without scripts: what was refused stands in its fields again, at its error, for the browser it
//! came from and for nobody else (T-DRF-03, P-GEN-05).

use axum::body::Body;
use axum::http::header;
use domain::forms::Command;
use domain::settings::Key;
use domain::ticket::Status;
use service::account::secret_hash;
use service::refused_forms::{self, LIFE};
use service::sql::Sql;
use uuid::Uuid;

use crate::support::{Answer, Desk, NOBODY, Story, html_text};

/// Longer than any reason or comment may be.
fn too_long(begin: &str) -> String {
    [begin, &"x".repeat(10_001)].concat()
}

/// The key that an answer gives to the browser.
#[track_caller]
fn key_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    let key = cookie.strip_prefix("guichet_typed=").and_then(|rest| rest.split(';').next()).unwrap_or_default();
    assert!(key.len() == 43 && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    key.to_owned()
}

/// A page, asked for by a browser with this key.
async fn get(desk: &Desk, path: &str, who: &str, key: &str) -> Answer {
    let mut request = desk.browser("GET", path, who).await.body(Body::empty()).unwrap();
    with_key(&mut request, key);
    desk.send(request).await
}

/// A form, posted by a browser with this key.
async fn post(desk: &Desk, name: &str, from: &str, fields: &[(&str, &str)], who: &str, key: &str) -> Answer {
    let mut request = desk
        .browser("POST", &crate::support::server_fn(name), who)
        .await
        .header(header::REFERER, format!("http://desk.test{from}"))
        .header(header::ORIGIN, "http://desk.test")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(crate::support::encode(fields)))
        .unwrap();
    with_key(&mut request, key);
    desk.send(request).await
}

fn with_key(request: &mut axum::http::Request<Body>, key: &str) {
    let known = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = format!("guichet_typed={key}; {known}");
    request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
}

/// Posts a form that is refused, and finds what was typed on the page it leads back to; answers that page and the key.
pub(super) async fn refused(
    desk: &Desk,
    name: &str,
    from: &str,
    fields: &[(&str, &str)],
    who: &str,
    typed: &[&str],
) -> (String, String) {
    let answer = desk.post_form(name, from, fields, who).await.expect(302);
    let back = answer.location();
    assert!(back.contains("__err=") && !typed.iter().any(|text| back.contains(text)), "{name}: {back}");
    let key = key_of(&answer);
    let page = get(desk, &back, who, &key).await.expect(200).text();
    for text in typed {
        assert!(page.contains(text), "{name} lost {text}: {}", html_text(&page));
    }
    assert!(page.contains("class=\"field-error\"") && page.contains("aria-invalid=\"true\""), "{name}: at its field");
    // Without the key of that browser there is nothing of it, and there is nothing beside the refusal.
    for other in [desk.get(&back, who).await, get(desk, from, who, &key).await] {
        let other = other.text();
        assert!(!typed.iter().any(|text| other.contains(text)), "{name}: {}", html_text(&other));
    }
    (back, key)
}

#[tokio::test]
async fn t_drf_03_the_steps_of_a_task_keep_what_was_typed() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let (here, id) = (format!("/tickets/{}/tasks/{}", story.number, story.public_task), story.public_task.to_string());
    let own = [("form[id]", id.as_str()), ("form[back]", here.as_str())];
    let set = [&own[..], &[("form[state]", "done"), ("form[actual_minutes]", "ninety-one")]].concat();
    refused(&desk, "set_task", &here, &set, "tech1", &["value=\"ninety-one\""]).await;
    let text = too_long("The cable is on its way");
    let pause = [&own[..], &[("form[ticket]", "true"), ("form[text]", text.as_str())]].concat();
    refused(&desk, "pause_task", &here, &pause, "tech1", &["The cable is on its way"]).await;
    let moved = [("form[planned_begin]", "2026-03-19T11:11"), ("form[duration_minutes]", "an hour or so")];
    let moved = [&own[..], &moved].concat();
    let typed = ["value=\"2026-03-19T11:11\"", "value=\"an hour or so\""];
    refused(&desk, "move_task", &here, &moved, "tech1", &typed).await;
}

#[tokio::test]
async fn t_drf_03_the_reasons_of_removals_and_commands_are_kept() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let number = story.number.to_string();
    let reason = too_long("Written into the wrong ticket");
    let typed = ["Written into the wrong ticket"];
    for (name, place, id) in
        [("remove_task", "tasks", story.public_task), ("remove_occurrence", "occurrences", story.public)]
    {
        let (here, id) = (format!("/tickets/{number}/{place}/{id}/remove"), id.to_string());
        let fields = [("form[id]", id.as_str()), ("form[ticket]", number.as_str()), ("form[reason]", reason.as_str())];
        refused(&desk, name, &here, &fields, "tech1", &typed).await;
    }
    let fields = [("form[number]", number.as_str()), ("form[command]", "cancel"), ("form[reason]", reason.as_str())];
    refused(&desk, "run_command", &format!("/tickets/{number}/do/cancel"), &fields, "supervisor", &typed).await;
    desk.world.set(Key::PortalCancel, desk.world.root, "true").await;
    let mine = Story::ticket(&desk, "requester1", "Not needed").await.to_string();
    let fields = [("form[number]", mine.as_str()), ("form[command]", "cancel"), ("form[reason]", reason.as_str())];
    let here = format!("/requests/{mine}?ask=cancel");
    refused(&desk, "run_request_command", &here, &fields, "requester1", &typed).await;
}

/// A solution of tech1 on a new ticket of requester1.
async fn solved(desk: &Desk) -> (String, Uuid) {
    let number = Story::tell(desk).await.number.to_string();
    let fields = [("form[ticket]", number.as_str()), ("form[body]", "The plug was loose."), ("form[format]", "text")];
    let answer =
        desk.post_form("add_solution", &format!("/tickets/{number}/solve"), &fields, "tech1").await.expect(302);
    let id = answer.location().split_once("#solution-").unwrap().1.parse().unwrap();
    (number, id)
}

/// A link to `object` for a person; answers its token.
async fn link(desk: &Desk, kind: &str, object: Uuid, number: &str, who: &str) -> String {
    let token = service::ctx::random_token(32);
    let number: i64 = number.parse().unwrap();
    let mut sql = Sql::new(
        "INSERT INTO signed_link (token_hash, kind, object_id, ticket_id, user_id, address_key, name, expires_at) SELECT ",
    );
    sql.bind(secret_hash(&token))
        .push_bind(", ", kind)
        .push_bind(", ", object)
        .push_bind(", id, ", desk.world.person(who).await.id)
        .push_bind(", ", "")
        .push_bind(", ", who)
        .push_bind(", ", desk.services.now() + 86_400)
        .push_bind(" FROM ticket WHERE number = ", number);
    sql.run(desk.services.db.writer()).await.unwrap();
    token
}

#[tokio::test]
async fn p_act_02_the_answer_to_a_solution_is_kept_with_both_buttons() {
    let desk = Desk::new().await;
    let (number, _) = solved(&desk).await;
    let text = too_long("It drops again at noon");
    for (answer, here) in
        [("refuse", format!("/requests/{number}?ask=refuse")), ("approve", format!("/requests/{number}"))]
    {
        let fields = [("form[ticket]", number.as_str()), ("form[answer]", answer), ("form[text]", text.as_str())];
        refused(&desk, "answer_solution", &here, &fields, "requester1", &["It drops again at noon"]).await;
    }
}

#[tokio::test]
async fn p_act_09_words_for_a_solution_that_was_answered_meanwhile_are_shown_to_be_copied() {
    let desk = Desk::new().await;
    let (number, _) = solved(&desk).await;
    let here = format!("/requests/{number}");
    let yes = [("form[ticket]", number.as_str()), ("form[answer]", "approve"), ("form[text]", "")];
    desk.post_form("answer_solution", &here, &yes, "requester1").await.expect(302);
    let no = [("form[ticket]", number.as_str()), ("form[answer]", "refuse"), ("form[text]", "It drops again at noon")];
    let late = desk.post_form("answer_solution", &format!("{here}?ask=refuse"), &no, "requester1").await.expect(302);
    let page = get(&desk, &late.location(), "requester1", &key_of(&late)).await.expect(200).text();
    assert!(html_text(&page).contains("It drops again at noon"), "{}", html_text(&page));
}

#[tokio::test]
async fn p_act_10_the_answer_by_a_link_is_kept_without_a_session() {
    let desk = Desk::new().await;
    let (number, id) = solved(&desk).await;
    let token = link(&desk, "solution", id, &number, "requester1").await;
    let here = format!("/solution?token={token}&answer=refuse");
    let text = too_long("It drops again at noon");
    let fields = [("form[token]", token.as_str()), ("form[answer]", "refuse"), ("form[text]", text.as_str())];
    let (back, key) = refused(&desk, "answer_by_link", &here, &fields, NOBODY, &["It drops again at noon"]).await;
    // Another link, with the same key, and a person who is signed in have none of it.
    let (other_number, other_id) = solved(&desk).await;
    let other = link(&desk, "solution", other_id, &other_number, "requester1").await;
    let elsewhere = back.replace(&token, &other);
    for (path, who) in [(elsewhere.as_str(), NOBODY), (&back, "requester2")] {
        let page = get(&desk, path, who, &key).await.text();
        assert!(!page.contains("It drops again at noon"), "{path} {who}");
    }
    // A token that opens nothing keeps nothing.
    let guessed = [("form[token]", "guessed"), ("form[answer]", "refuse"), ("form[text]", text.as_str())];
    let answer = desk.post_form("answer_by_link", "/solution?token=guessed", &guessed, NOBODY).await.expect(302);
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(desk.world.count("refused_form").await, 1);
    // Taken, it is forgotten.
    let fields = [("form[token]", token.as_str()), ("form[answer]", "refuse"), ("form[text]", "It drops again.")];
    let done = post(&desk, "answer_by_link", &back, &fields, NOBODY, &key).await.expect(302);
    assert!(done.location().contains("done=refuse"), "{}", done.location());
    assert_eq!(desk.world.count("refused_form").await, 0);
}

#[tokio::test]
async fn p_act_06_the_comment_of_a_survey_is_kept_in_the_portal_and_by_link() {
    let desk = Desk::new().await;
    desk.world.set(Key::SurveyEnabled, desk.world.root, "true").await;
    let number = Story::tell(&desk).await.number;
    desk.world.put_status(number, Status::Solved).await;
    desk.world.command("supervisor", number, Command::Close).await.unwrap();
    let number = number.to_string();
    let typed = ["Fast and friendly"];
    let fields = [("form[ticket]", number.as_str()), ("form[score]", "9"), ("form[comment]", "Fast and friendly")];
    let answer = desk.post_form("answer_survey", &format!("/requests/{number}/survey"), &fields, "requester1").await;
    let page = get(&desk, &answer.expect(302).location(), "requester1", "").await.text();
    assert!(!page.contains("Fast and friendly"), "not without the key");
    let text = too_long("Fast and friendly");
    let fields = [("form[ticket]", number.as_str()), ("form[score]", "4"), ("form[comment]", text.as_str())];
    refused(&desk, "answer_survey", &format!("/requests/{number}/survey"), &fields, "requester1", &typed).await;
    let id: Option<Uuid> = Sql::new("SELECT id FROM survey").scalar(desk.services.db.reader()).await.unwrap();
    let token = link(&desk, "survey", id.unwrap(), &number, "requester1").await;
    let fields = [("form[token]", token.as_str()), ("form[score]", "4"), ("form[comment]", text.as_str())];
    let here = format!("/survey?token={token}");
    refused(&desk, "answer_survey_by_link", &here, &fields, NOBODY, &typed).await;
}

#[tokio::test]
async fn t_drf_05_kept_words_are_shown_to_nobody_else_and_are_gone_when_taken_or_old() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let (here, id) = (format!("/tickets/{}/tasks/{}", story.number, story.public_task), story.public_task.to_string());
    let set = [("form[id]", id.as_str()), ("form[back]", here.as_str()), ("form[actual_minutes]", "Quittenbrot")];
    let (back, key) = refused(&desk, "set_task", &here, &set, "tech1", &["Quittenbrot"]).await;
    for who in ["tech2", "supervisor", "admin", "requester1", NOBODY] {
        for path in [back.as_str(), here.as_str(), "/drafts", "/tasks"] {
            assert!(!get(&desk, path, who, &key).await.text().contains("Quittenbrot"), "{who} {path}");
        }
    }
    // The text of another task's form is not that of this one, nor that of another form.
    let other = back.replace(&id, &story.private_task.to_string());
    assert!(!get(&desk, &other, "tech1", &key).await.text().contains("Quittenbrot"));
    assert!(!get(&desk, &back.replace("set_task", "pause_task"), "tech1", &key).await.text().contains("Quittenbrot"));
    // It stays as long as the page is looked at, and goes when the form is taken.
    assert!(get(&desk, &back, "tech1", &key).await.text().contains("Quittenbrot"));
    let right = [("form[id]", id.as_str()), ("form[back]", here.as_str()), ("form[actual_minutes]", "1h30")];
    post(&desk, "set_task", &back, &right, "tech1", &key).await.expect(302);
    assert_eq!(desk.world.count("refused_form").await, 0);
    assert!(!get(&desk, &back, "tech1", &key).await.text().contains("Quittenbrot"));
    // Nobody took it: it goes by itself.
    let (back, key) = refused(&desk, "set_task", &here, &set, "tech1", &["Quittenbrot"]).await;
    desk.world.advance(LIFE);
    assert!(!get(&desk, &back, "tech1", &key).await.text().contains("Quittenbrot"));
    refused_forms::sweep(&desk.services.db, desk.services.now()).await.unwrap();
    assert_eq!(desk.world.count("refused_form").await, 0);
}

#[tokio::test]
async fn t_drf_03_a_call_of_the_application_and_a_form_with_a_draft_keep_nothing_here() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let id = story.public_task.to_string();
    let set = [("form[id]", id.as_str()), ("form[actual_minutes]", "ninety")];
    let answer = desk.call("set_task", &set, "tech1").await;
    assert_eq!((answer.status, answer.header("set-cookie")), (422, ""));
    let number = story.number.to_string();
    let fields = [("form[ticket]", number.as_str()), ("form[body]", "Words."), ("form[minutes]", "ninety")];
    desk.post_form("add_occurrence", &format!("/tickets/{number}"), &fields, "tech1").await.expect(302);
    let fields = [("form[email]", "tech1@example.org"), ("form[password]", "Quittenbrot")];
    desk.post_form("sign_in", "/sign-in", &fields, NOBODY).await.expect(302);
    assert_eq!(desk.world.count("refused_form").await, 0);
}

#[tokio::test]
async fn t_drf_03_hostile_words_come_back_harmless() {
    let desk = Desk::new().await;
    let (number, _) = solved(&desk).await;
    let text = too_long("</textarea><script>alert(1)</script>");
    let fields = [("form[ticket]", number.as_str()), ("form[answer]", "refuse"), ("form[text]", text.as_str())];
    let here = format!("/requests/{number}?ask=refuse");
    let answer = desk.post_form("answer_solution", &here, &fields, "requester1").await.expect(302);
    let page = get(&desk, &answer.location(), "requester1", &key_of(&answer)).await.expect(200).text();
    assert!(page.contains("alert(1)") && !page.contains("<script>alert(1)"), "{}", html_text(&page));
}
