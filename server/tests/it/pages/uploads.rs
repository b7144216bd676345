//! Files of a form without scripts: stored at once, with the text of the form as its draft (T-DRF-02, T-DOC-01).

use app::t::errors as e;
use axum::body::Body;
use axum::http::header;
use domain::lang::Lang;
use domain::settings::Key;
use domain::views::DraftView;
use service::drafts;

use crate::support::{Answer, Desk, NOBODY, PNG, ROLES, Story, escape, html_text};

/// A part of a form as browsers send it.
enum Part<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a [u8]),
}
use Part::{File, Text};

/// Posts a whole form to where its button "Upload" does; `about` is kind and object.
pub(super) async fn upload(desk: &Desk, about: &str, back: &str, text: &str, who: &str) -> Answer {
    let parts = [Text("form[body]", text), Text("form[format]", "text"), File("graph.png", PNG)];
    post(desk, about, back, &parts, who).await
}

async fn post(desk: &Desk, about: &str, back: &str, parts: &[Part<'_>], who: &str) -> Answer {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--border\r\nContent-Disposition: form-data; name=\"");
        match part {
            Text(name, text) => body.extend_from_slice(format!("{name}\"\r\n\r\n{text}").as_bytes()),
            File(name, content) => {
                let head = format!("form[attachments][]\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n");
                body.extend_from_slice(head.as_bytes());
                body.extend_from_slice(content);
            }
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--border--\r\n");
    let request = desk
        .browser("POST", &format!("/drafts/{about}/attachments?back={}", escape(back)), who)
        .await
        .header(header::ORIGIN, "http://desk.test")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=border")
        .body(Body::from(body))
        .unwrap();
    desk.send(request).await
}

async fn draft(desk: &Desk, who: &str, kind: &str, object: &str) -> DraftView {
    drafts::find(&desk.ctx(who).await, kind, object).await.unwrap().expect("a draft was kept")
}

/// Follows a redirect of a form.
async fn follow(desk: &Desk, answer: Answer, who: &str) -> String {
    let location = answer.expect(303).location();
    desk.get(location.split('#').next().unwrap(), who).await.expect(200).text()
}

#[tokio::test]
async fn t_drf_02_an_upload_without_scripts_keeps_text_and_file_and_posts_nothing() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let (about, back) = (format!("occurrence/{number}"), format!("/tickets/{number}?compose=occurrence#dock"));
    let form = desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text();
    let action = format!("formaction=\"/drafts/{about}/attachments?back={}\"", escape(&back));
    assert!(form.contains(&action) && form.contains("formenctype=\"multipart/form-data\""), "{form}");
    let before = desk.world.count("occurrence").await;
    let parts = [
        Text("form[ticket]", &number),
        Text("form[key]", "k1"),
        // The file stands in the middle: text behind it counts as well.
        File("graph.png", PNG),
        Text("form[body]", "Half a sentence."),
        Text("form[format]", "text"),
        Text("form[visibility]", "private"),
        Text("form[minutes]", "1h30"),
        Text("form[poem]", "unknown"),
        Text("body", "outside"),
    ];
    let answer = post(&desk, &about, &back, &parts, "tech1").await.expect(303);
    assert_eq!(answer.location(), back);
    let kept = draft(&desk, "tech1", "occurrence", &number).await;
    assert_eq!((kept.text("body").as_str(), kept.text("minutes").as_str()), ("Half a sentence.", "1h30"));
    assert!(["key", "ticket", "poem"].iter().all(|name| kept.fields.get(name).is_none()), "{}", kept.fields);
    assert_eq!(kept.attachments.len(), 1);
    let page = follow(&desk, answer, "tech1").await;
    let id = kept.attachments[0].id.to_string();
    for shown in ["Half a sentence.", "graph.png", "value=\"1h30\"", &id] {
        assert!(page.contains(shown), "{shown}: {}", html_text(&page));
    }
    assert_eq!(desk.world.count("occurrence").await, before, "nothing is posted by uploading");
    // The ordinary post takes the file along.
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[body]", "Half a sentence."),
        ("form[format]", "text"),
        ("form[visibility]", "private"),
        ("form[attachments][]", id.as_str()),
        // The file field, in which nothing was chosen.
        ("form[attachments][]", ""),
    ];
    let answer = desk.post_form("add_occurrence", &format!("/tickets/{number}"), &fields, "tech1").await.expect(302);
    assert!(answer.location().contains("posted=1"), "{}", answer.location());
    assert!(desk.get(&format!("/tickets/{number}"), "tech1").await.text().contains("graph.png"));
    assert!(drafts::find(&desk.ctx("tech1").await, "occurrence", &number).await.unwrap().is_none());
}

#[tokio::test]
async fn t_drf_01_every_text_form_takes_files_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, public) = (story.number, story.public);
    let places = [
        ("ticket/new".to_owned(), "/tickets/new".to_owned(), "form[description]", "tech1"),
        (
            format!("occurrence_edit/{public}"),
            format!("/tickets/{number}/occurrences/{public}/edit"),
            "form[body]",
            "tech1",
        ),
        (format!("occurrence/{number}"), format!("/tickets/{number}/note"), "form[body]", "tech1"),
        (format!("occurrence/{number}"), format!("/requests/{number}#note-form"), "form[body]", "requester1"),
    ];
    for (about, back, field, who) in places {
        let page = desk.get(back.split('#').next().unwrap(), who).await.expect(200).text();
        assert!(page.contains(&format!("formaction=\"/drafts/{about}/attachments?back=")), "{back} has the button");
        let parts = [Text(field, "Begun here."), Text("form[format]", "text"), File("graph.png", PNG)];
        let answer = post(&desk, &about, &back, &parts, who).await;
        let page = follow(&desk, answer, who).await;
        assert!(page.contains("Begun here.") && page.contains("graph.png"), "{back}: {}", html_text(&page));
    }
}

#[tokio::test]
async fn t_drf_03_a_refused_change_of_an_occurrence_keeps_its_new_file() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, public) = (story.number.to_string(), story.public.to_string());
    let here = format!("/tickets/{number}/occurrences/{public}/edit");
    upload(&desk, &format!("occurrence_edit/{public}"), &here, "Other words.", "tech1").await.expect(303);
    let file = draft(&desk, "tech1", "occurrence_edit", &public).await.attachments[0].id.to_string();
    let fields = [
        ("form[id]", public.as_str()),
        ("form[ticket]", number.as_str()),
        ("form[version]", "1"),
        ("form[body]", "Other words."),
        ("form[format]", "text"),
        ("form[visibility]", "public"),
        ("form[minutes]", "ninety"),
        ("form[attachments][]", file.as_str()),
    ];
    let answer = desk.post_form("edit_occurrence", &here, &fields, "tech1").await.expect(302);
    let page = desk.get(&answer.location(), "tech1").await.expect(200).text();
    assert!(page.contains("Other words.") && page.contains("graph.png"), "{}", html_text(&page));
}

#[tokio::test]
async fn t_doc_01_a_refused_file_is_told_at_the_field_in_the_readers_language_and_the_text_stays() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, lang) = (story.number, Lang::PtBr);
    desk.world.set(Key::UploadMaxMib, desk.world.root, "1").await;
    desk.world.prefer("tech1", "language", lang.code()).await;
    let (about, back) = (format!("occurrence/{number}"), format!("/tickets/{number}?compose=occurrence#dock"));
    let large = vec![b'x'; 3 * 1024 * 1024];
    let cases: [(&str, &[u8], &str); 5] = [
        ("evil.exe", b"hello", e::type_not_allowed(lang)),
        ("photo.jpg", b"\x7fELF\x02\x01\x01\0", e::type_not_allowed(lang)),
        ("empty.txt", b"", e::file_empty(lang)),
        ("large.txt", &large, e::too_large(lang)),
        // Nothing was chosen.
        ("", b"", e::file_missing(lang)),
    ];
    for (name, content, told) in cases {
        let text = format!("Words worth keeping of {name}.");
        let parts = [File(name, content), Text("form[body]", &text), Text("form[format]", "text")];
        let answer = post(&desk, &about, &back, &parts, "tech1").await.expect(303);
        assert!(answer.location().starts_with(&format!("/tickets/{number}?")), "{}", answer.location());
        assert!(answer.location().ends_with("#dock"), "{}", answer.location());
        let page = follow(&desk, answer, "tech1").await;
        assert!(page.contains(&text), "{name}: the text is kept");
        assert!(!page.contains("class=\"file-row\""), "{name}: nothing is listed");
        let at_field = page.split("id=\"form-attachments-error\"").nth(1).unwrap_or_default();
        assert!(html_text(at_field).contains(told), "{name}: {told}");
        assert!(page.contains("href=\"#form-attachments\""), "{name}: the summary leads to the field");
        let dock = page.split("<details").find(|piece| piece.contains("id=\"dock\"")).unwrap_or_default();
        assert!(dock.split('>').next().is_some_and(|tag| tag.contains(" open")), "{name}: the form is open");
    }
    assert_eq!(desk.world.count("document").await, 0);
    // A good file among them is kept.
    let parts = [File("a.exe", b"x"), File("graph.png", PNG), File("b.exe", b"x"), Text("form[body]", "Mixed.")];
    let page = follow(&desk, post(&desk, &about, &back, &parts, "tech1").await, "tech1").await;
    assert!(page.contains("graph.png") && page.contains("Mixed."), "{}", html_text(&page));
    assert!(html_text(&page).contains(e::type_not_allowed(lang)));
}

#[tokio::test]
async fn t_doc_01_a_file_that_was_chosen_but_not_uploaded_is_not_lost_in_silence() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let before = desk.world.count("occurrence").await;
    // Browsers post the name of the file where the form is no multipart one.
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[body]", "Words worth keeping."),
        ("form[format]", "text"),
        ("form[attachments][]", "graph.png"),
    ];
    let here = format!("/tickets/{number}");
    let answer = desk.post_form("add_occurrence", &here, &fields, "tech1").await.expect(302);
    let page = desk.get(&answer.location(), "tech1").await.expect(200).text();
    assert!(html_text(&page).contains(e::file_not_uploaded(Lang::En)), "{}", html_text(&page));
    assert!(page.contains("Words worth keeping."));
    assert_eq!(desk.world.count("occurrence").await, before);
}

#[tokio::test]
async fn t_doc_01_a_file_can_be_taken_out_again_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let (about, back) = (format!("occurrence/{number}"), format!("/tickets/{number}/note"));
    upload(&desk, &about, &back, "With a file.", "tech1").await.expect(303);
    upload(&desk, &about, &back, "With another.", "tech1").await.expect(303);
    let file = draft(&desk, "tech1", "occurrence", &number).await.attachments[0].id.to_string();
    let parts = [
        Text("form[body]", "Without it."),
        Text("form[format]", "text"),
        File("", b""),
        Text("form[attachments][]", &file),
        Text("remove", &file),
    ];
    let page = follow(&desk, post(&desk, &about, &back, &parts, "tech1").await, "tech1").await;
    assert!(page.contains("Without it.") && !page.contains("graph.png"), "{}", html_text(&page));
    assert!(!page.contains("role=\"alert\""), "it is no failure: {}", html_text(&page));
}

#[tokio::test]
async fn t_doc_01_a_form_has_at_most_twenty_files() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let (about, back) = (format!("occurrence/{number}"), format!("/tickets/{number}/note"));
    upload(&desk, &about, &back, "One.", "tech1").await.expect(303);
    let first = draft(&desk, "tech1", "occurrence", &number).await.attachments[0].id;
    let names: Vec<String> = (0..21).map(|index| format!("{index}.txt")).collect();
    let (text, id) = ("Twenty-two.", first.to_string());
    let mut parts: Vec<Part<'_>> = names.iter().map(|name| File(name, b"words")).collect();
    parts.extend([Text("form[body]", text), Text("form[attachments][]", &id)]);
    let page = follow(&desk, post(&desk, &about, &back, &parts, "tech1").await, "tech1").await;
    assert!(html_text(&page).contains(e::too_many(Lang::En)), "{}", html_text(&page));
    let kept = draft(&desk, "tech1", "occurrence", &number).await;
    assert_eq!((kept.text("body").as_str(), kept.attachments.len()), (text, 20));
    assert_eq!(kept.attachments[0].id, first, "what was there goes first");
}

#[tokio::test]
async fn t_drf_02_more_text_than_a_form_may_have_replaces_no_draft() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let (about, back) = (format!("occurrence/{number}"), format!("/tickets/{number}/note"));
    upload(&desk, &about, &back, "The draft of before.", "tech1").await.expect(303);
    // More than a draft, more than a form.
    for size in [1_500_000, 3_000_000] {
        let text = "x".repeat(size);
        let parts = [Text("form[body]", &text), Text("form[minutes]", "5"), File("graph.png", PNG)];
        let page = follow(&desk, post(&desk, &about, &back, &parts, "tech1").await, "tech1").await;
        assert!(html_text(&page).contains(e::too_long(Lang::En)), "{}", html_text(&page));
        assert_eq!(draft(&desk, "tech1", "occurrence", &number).await.text("body"), "The draft of before.");
    }
}

#[tokio::test]
async fn an_upload_is_for_signed_in_people_about_forms_that_exist_and_stays_on_this_site() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let about = format!("occurrence/{}", story.number);
    for who in ROLES {
        upload(&desk, &about, "/drafts", "A note of my own.", who).await.expect(303);
    }
    let stored = desk.world.count("document").await;
    let page = upload(&desk, &about, "/drafts", "A note of nobody.", NOBODY).await.expect(200).text();
    assert!(page.contains("action=\"/sign-in\""), "{}", html_text(&page));
    assert_eq!(desk.world.count("document").await, stored, "nobody stores nothing");
    for about in ["poem/1", "occurrence/x", "occurrence/0", "occurrence_edit/1", "ticket/1", "message/1"] {
        upload(&desk, about, "/drafts", "Words.", "tech1").await.expect(404);
    }
    for back in ["https://evil.example", "//evil.example", "/\\evil.example", ""] {
        assert_eq!(upload(&desk, &about, back, "Words.", "tech1").await.expect(303).location(), "/", "{back}");
        let parts = [File("evil.exe", b"x"), Text("form[body]", "Words.")];
        let refused = post(&desk, &about, back, &parts, "tech1").await.expect(303);
        assert!(refused.location().starts_with("/?__path="), "{back}: {}", refused.location());
    }
    // A body that breaks off, and one that is no form of files.
    let broken = "--border\r\nContent-Disposition: form-data; name=\"form[body]\"\r\n\r\nBroken";
    for (kind, body, status) in [
        ("multipart/form-data; boundary=border", broken, 303),
        ("multipart/form-data", broken, 400),
        ("application/x-www-form-urlencoded", "form[body]=x", 400),
    ] {
        let request = desk
            .browser("POST", &format!("/drafts/{about}/attachments?back=%2Fdrafts"), "tech1")
            .await
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        desk.send(request).await.expect(status);
    }
    let kept = draft(&desk, "tech1", "occurrence", &story.number.to_string()).await;
    assert_eq!(kept.text("body"), "Words.", "half a form does not take the place of a draft");
}
