use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

const ROOT: &str = "<t.root.mac@desk.example>";

fn letter() -> Letter {
    Letter {
        from_name: "Service desk".to_owned(),
        from_address: "desk@desk.example".to_owned(),
        to_name: "Ana Souza".to_owned(),
        to_address: "ana@home.example".to_owned(),
        subject: "[Guichet #42] VPN drops".to_owned(),
        lang: Lang::En,
        text: "It works again.\n".to_owned(),
        html: frame(Lang::En, "<p>It works again.</p>", &[], None),
        message_id: "<o.one.mac@desk.example>".to_owned(),
        root_id: ROOT.to_owned(),
        references: Vec::new(),
        ticket: 42,
        instance: "0123456789abcdef".to_owned(),
        date: 1_773_320_520,
        inline: Vec::new(),
        files: Vec::new(),
        marks: Marks::default(),
    }
}

fn part(name: &str, media_type: &str, cid: Option<&str>) -> Part {
    Part {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        bytes: Bytes::from_static(b"one\ntwo\r\n"),
        cid: cid.map(str::to_owned),
    }
}

fn sent(letter: Letter) -> String {
    String::from_utf8(build(letter).unwrap().1).unwrap()
}

/// Name and unfolded value of every header before the first empty line.
fn head(mail: &str) -> Vec<(String, String)> {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    unfolded.split("\r\n").map(pair).collect()
}

fn all(mail: &str, name: &str) -> Vec<String> {
    head(mail).into_iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

/// The one value of a header.
fn value(mail: &str, name: &str) -> String {
    let found = all(mail, name);
    assert_eq!(found.len(), 1, "{name} in {mail}");
    found.concat()
}

/// What a program for mails shows of a header.
fn decoded(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut was_encoded = false;
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let (word, after) = after.split_once("?=").unwrap();
        // Blanks between two encoded words are not shown.
        if !was_encoded || !before.trim().is_empty() {
            out.push_str(before);
        }
        out.push_str(&String::from_utf8(STANDARD.decode(word).unwrap()).unwrap());
        (was_encoded, rest) = (true, after);
    }
    out + rest
}

#[test]
fn m_hdr_04_a_receipt_is_bulk_and_has_no_sender_to_answer_to() {
    let (envelope, bytes) = build(letter()).unwrap();
    assert_eq!(envelope.from().map(ToString::to_string).as_deref(), Some("desk@desk.example"));
    assert!(all(&String::from_utf8(bytes).unwrap(), "Precedence").is_empty());
    let marks = Marks { is_bulk: true, is_receipt: true, unsubscribe: None };
    let (envelope, bytes) = build(Letter { marks, ..letter() }).unwrap();
    assert!(envelope.from().is_none());
    assert_eq!(value(&String::from_utf8(bytes).unwrap(), "Precedence"), "bulk");
}

#[test]
fn m_hdr_04_mails_of_a_kind_are_ended_by_one_click() {
    let link = format!("https://desk.example/unsubscribe?token={}.assigned.{}", "0".repeat(32), "a".repeat(32));
    let marks = Marks { unsubscribe: Some(link.clone()), ..Marks::default() };
    let mail = sent(Letter { marks, ..letter() });
    assert_eq!(value(&mail, "List-Unsubscribe"), format!("<{link}>"));
    assert_eq!(value(&mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let marks = Marks { unsubscribe: Some("https://x\r\nBcc: all@example.org".to_owned()), ..Marks::default() };
    assert!(all(&sent(Letter { marks, ..letter() }), "List-Unsubscribe").is_empty());
}

#[test]
fn m_hdr_04_every_mail_says_that_a_program_wrote_it() {
    let mail = sent(letter());
    assert_eq!(value(&mail, "From"), "\"Service desk\" <desk@desk.example>");
    assert_eq!(value(&mail, "To"), "\"Ana Souza\" <ana@home.example>");
    assert_eq!(value(&mail, "Subject"), "[Guichet #42] VPN drops");
    assert_eq!(value(&mail, "Date"), "Thu, 12 Mar 2026 13:02:00 +0000");
    assert_eq!(value(&mail, "MIME-Version"), "1.0");
    assert_eq!(value(&mail, "Message-ID"), "<o.one.mac@desk.example>");
    assert_eq!(value(&mail, "Auto-Submitted"), "auto-generated");
    assert_eq!(value(&mail, "X-Auto-Response-Suppress"), "All");
    assert_eq!(value(&mail, "X-Guichet-Loop"), "0123456789abcdef");
    assert_eq!(value(&mail, "X-Guichet-Ticket"), "42");
    for absent in ["Cc", "Bcc", "Reply-To", "Sender", "Precedence", "List-Unsubscribe"] {
        assert!(all(&mail, absent).is_empty(), "{absent}");
    }
    assert_eq!(head(&mail).len(), 13, "{:?}", head(&mail));
}

#[test]
fn m_hdr_04_surveys_and_reminders_say_that_they_are_many() {
    let marks = Marks { is_bulk: true, ..Marks::default() };
    assert_eq!(value(&sent(Letter { marks, ..letter() }), "Precedence"), "bulk");
}

#[test]
fn m_rcp_01_the_envelope_names_one_sender_and_one_recipient() {
    let (envelope, _) = build(letter()).unwrap();
    assert_eq!(envelope.from().map(ToString::to_string).as_deref(), Some("desk@desk.example"));
    assert_eq!(envelope.to().iter().map(ToString::to_string).collect::<Vec<_>>(), ["ana@home.example"]);
}

#[test]
fn m_hdr_03_the_first_mail_of_a_ticket_answers_its_root() {
    let mail = sent(letter());
    assert_eq!(value(&mail, "References"), ROOT);
    assert_eq!(value(&mail, "In-Reply-To"), ROOT);
}

#[test]
fn m_hdr_03_a_later_mail_names_the_root_and_the_last_eight() {
    let ids: Vec<String> = (1..=10).map(|number| format!("<o.{number}.mac@desk.example>")).collect();
    let mail = sent(Letter { references: ids.clone(), ..letter() });
    assert_eq!(value(&mail, "References"), format!("{ROOT} {}", ids[2..].join(" ")));
    assert_eq!(value(&mail, "In-Reply-To"), ids[9]);
    assert_eq!(value(&mail, "Message-ID"), "<o.one.mac@desk.example>");
}

#[test]
fn m_hdr_03_long_ids_leave_from_the_oldest_on_and_the_root_stays() {
    let ids: Vec<String> = (1..=8).map(|number| format!("<o.{number}.{}@desk.example>", "a".repeat(300))).collect();
    let mail = sent(Letter { references: ids.clone(), ..letter() });
    let references = value(&mail, "References");
    assert_eq!(references, format!("{ROOT} {}", ids[4..].join(" ")));
    assert!(references.len() <= REFERENCES_MAX);
    assert_eq!(value(&mail, "In-Reply-To"), ids[7]);
}

#[test]
fn m_hdr_03_what_is_no_id_and_the_root_itself_are_left_out() {
    let odd = ["", "no-brackets@x", "<a b@x>", "<a@x>\r\nBcc: evil@x.example", "<a\r\n b@x>", "<>", "<a><b>", ROOT];
    let mut references: Vec<String> = odd.iter().map(|id| (*id).to_owned()).collect();
    references.insert(0, "<good@desk.example>".to_owned());
    let mail = sent(Letter { references, ..letter() });
    assert_eq!(value(&mail, "References"), format!("{ROOT} <good@desk.example>"));
    assert_eq!(value(&mail, "In-Reply-To"), "<good@desk.example>");
    assert!(all(&mail, "Bcc").is_empty());
}

#[test]
fn m_hdr_05_no_name_and_no_subject_makes_a_header() {
    let plain = head(&sent(letter())).len();
    let evils = [
        "Ana\r\nBcc: evil@evil.example",
        "Ana\nBcc: evil@evil.example",
        "Ana\rBcc: evil@evil.example",
        "Ana\r\n\r\n<script>",
        "Ana\0\u{85}\u{2028}Bcc: evil@evil.example",
        "Ana\" <evil@evil.example>, \"",
        "Ana <evil@evil.example>, Bruno",
        "\\\" evil",
        "evil\r\n ",
        "\u{202e}evil",
    ];
    for evil in evils {
        let mail = sent(Letter {
            from_name: evil.to_owned(),
            to_name: evil.to_owned(),
            subject: evil.to_owned(),
            instance: evil.to_owned(),
            ..letter()
        });
        assert_eq!(head(&mail).len(), plain, "{evil:?}: {mail}");
        assert!(all(&mail, "Bcc").is_empty(), "{evil:?}");
        for (name, address) in [("From", "<desk@desk.example>"), ("To", "<ana@home.example>")] {
            let value = value(&mail, name);
            assert!(value.ends_with(address), "{value}");
            // Another address could only stand inside quotes or encoded.
            let name = value.strip_suffix(address).unwrap().trim();
            let quoted = name.len() > 1 && name.starts_with('"') && name.ends_with('"');
            assert!(quoted || !name.contains(['<', '>', ',', '@']), "{value}");
        }
    }
}

#[test]
fn m_hdr_05_what_only_looks_encoded_is_not_decoded() {
    let evil = "=?utf-8?q?Bank?= =?utf-8?b?QmFuaw==?=";
    let mail = sent(Letter { from_name: evil.to_owned(), subject: evil.to_owned(), ..letter() });
    assert_eq!(value(&mail, "Subject"), "= ?utf-8?q?Bank?= = ?utf-8?b?QmFuaw== ?=");
    assert!(!decoded(&value(&mail, "From")).contains("=?"), "{mail}");
}

#[test]
fn m_hdr_05_names_and_subjects_of_any_script_arrive() {
    let names = ["José da Silva", "Søren, Åse", "Дмитрий", "山田太郎", "🌍 Earth", "Ana \"Nina\" Souza"];
    for name in names {
        let mail = sent(Letter {
            from_name: name.to_owned(),
            to_name: name.to_owned(),
            subject: format!("[Guichet #42] {name}"),
            ..letter()
        });
        assert!(mail.split_once("\r\n\r\n").unwrap().0.is_ascii());
        assert_eq!(decoded(&value(&mail, "Subject")), format!("[Guichet #42] {name}"));
        let to = decoded(&value(&mail, "To")).replace("\\\"", "\"");
        assert!(to == format!("{name} <ana@home.example>") || to == format!("\"{name}\" <ana@home.example>"), "{to}");
    }
    let mail = sent(Letter { to_name: String::new(), from_name: " ".to_owned(), ..letter() });
    assert_eq!(
        (value(&mail, "To"), value(&mail, "From")),
        ("ana@home.example".to_owned(), "desk@desk.example".to_owned())
    );
}

#[test]
fn m_hdr_03_no_line_is_longer_than_mails_allow() {
    for subject in ["é".repeat(5_000), "word ".repeat(1_000), "a".repeat(5_000), "🌍".repeat(300)] {
        let ids: Vec<String> = (0..8).map(|at| format!("<o.{at}{}@desk.example>", "b".repeat(150))).collect();
        let mail = sent(Letter {
            subject: subject.clone(),
            to_name: subject.clone(),
            references: ids,
            text: subject.clone(),
            html: format!("<p>{subject}</p>"),
            files: vec![part(&subject, "text/plain", None)],
            ..letter()
        });
        for line in mail.split("\r\n") {
            assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{} {line}", line.len());
        }
        let expected: String = subject.trim().chars().take(SUBJECT_MAX).collect();
        assert_eq!(decoded(&value(&mail, "Subject")).trim_end(), expected.trim_end());
    }
}

#[test]
fn m_hdr_05_what_is_not_one_address_gets_no_mail() {
    let wrong = [
        "",
        "ana",
        "ana@",
        "@home.example",
        "ana@home.example, bruno@home.example",
        "ana@home.example\r\nBcc: evil@evil.example",
        " ana@home.example",
        "Ana <ana@home.example>",
        "ana@home.example>",
        "ana souza@home.example",
        "ana@home..example",
        "ana@ho me.example",
    ];
    for address in wrong {
        let made = build(Letter { to_address: address.to_owned(), ..letter() });
        assert_eq!(made.map(|(_, bytes)| bytes), Err(Unsent::InvalidAddress), "{address:?}");
        let made = build(Letter { from_address: address.to_owned(), ..letter() });
        assert_eq!(made.map(|(_, bytes)| bytes), Err(Unsent::InvalidAddress), "{address:?}");
    }
    let long = format!("ana@{}.example", "a.".repeat(150));
    assert!(build(Letter { to_address: long, ..letter() }).is_err());
    for right in ["ana+tag@home.example", "ana.souza@mail.home.example", "josé@exemplo.example", "ana@bücher.example"]
    {
        let (envelope, _) = build(Letter { to_address: right.to_owned(), ..letter() }).unwrap();
        assert_eq!(envelope.to()[0].to_string(), right);
    }
}

#[test]
fn m_con_02_text_and_html_are_two_forms_of_one_mail() {
    let mail = sent(letter());
    assert!(value(&mail, "Content-Type").starts_with("multipart/alternative; boundary="));
    let plain = mail.find("Content-Type: text/plain; charset=utf-8").unwrap();
    let html = mail.find("Content-Type: text/html; charset=utf-8").unwrap();
    assert!(plain < html, "the last form is the one programs show");
    assert!(mail.contains("\r\n\r\nIt works again.\r\n"));
    assert_eq!(mail.matches("Content-Type: ").count(), 3);
}

#[test]
fn m_con_03_pictures_travel_with_the_text_and_files_beside_it() {
    let mail = sent(Letter {
        inline: vec![part("shot.png", "image/png", Some("one@desk.example")), part("lost.png", "image/png", None)],
        files: vec![part("plan.pdf", "application/pdf", None), part("odd", "no type", None)],
        ..letter()
    });
    let order = [
        "Content-Type: multipart/mixed;",
        "Content-Type: multipart/related;",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "Content-ID: <one@desk.example>",
        "Content-Disposition: inline; filename=\"shot.png\"",
        "Content-Type: image/png",
        "Content-Disposition: attachment; filename=\"lost.png\"",
        "Content-Disposition: attachment; filename=\"plan.pdf\"",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment; filename=\"odd\"",
        "Content-Type: application/octet-stream",
    ];
    let mut at = 0;
    for wanted in order {
        let found = mail.get(at..).unwrap().find(wanted).unwrap_or_else(|| panic!("{wanted} after {at} in {mail}"));
        at += found;
    }
    assert_eq!(mail.matches("Content-Transfer-Encoding: base64").count(), 4);
    assert_eq!(mail.matches(&STANDARD.encode(b"one\ntwo\r\n")).count(), 4, "not a byte is changed");
}

#[test]
fn m_con_03_the_name_and_the_type_of_a_file_make_no_header() {
    let names = ["a\r\nBcc: evil@evil.example", "../../etc/passwd", "a\"; filename=\"b", "", "é\r\n\r\nx"];
    for name in names {
        for kind in [
            "text/plain\r\nBcc: evil@evil.example",
            "Message/RFC822",
            "multipart/mixed",
            "text/html; charset=\"x\r\ny\"",
        ] {
            let cid = "a>\r\nBcc: evil@evil.example";
            let mail = sent(Letter {
                inline: vec![part(name, kind, Some(cid))],
                files: vec![part(name, kind, None)],
                ..letter()
            });
            assert!(!mail.contains("\r\nBcc") && !mail.contains("Content-ID"), "{mail}");
            assert!(!mail.to_lowercase().contains("message/rfc822") && !mail.contains("etc/passwd"), "{mail}");
            assert_eq!(mail.matches("Content-Type: ").count(), 6, "{mail}");
        }
    }
}

#[test]
fn m_con_02_the_inside_of_a_page_gets_its_page() {
    let mail = sent(Letter { html: "<p>It works again.</p>".to_owned(), lang: Lang::PtBr, ..letter() });
    assert!(mail.contains("<!doctype html>") && mail.contains("viewport"), "{mail}");
    assert_eq!(sent(letter()).matches("<!doctype html>").count(), 1);
}

#[test]
fn m_con_02_the_page_is_one_column_for_small_and_dark_screens() {
    let page = frame(Lang::PtBr, "<p>Olá</p>", &[], None);
    assert!(page.starts_with("<!doctype html>\n<html lang=\"pt-BR\">"));
    assert!(page.contains("<p>Olá</p>") && page.contains("max-width:600px"));
    assert!(page.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
    assert!(page.contains("@media (prefers-color-scheme:dark)"));
    assert!(!page.contains("class=\"go\""));
    for remote in ["<script", "<img", "<link", "http", "url(", "@import"] {
        assert!(!page.contains(remote), "{remote}");
    }
}

#[test]
fn m_con_05_the_foot_and_the_way_to_the_request_are_text() {
    let foot = ["Why <you> got this".to_owned(), "Help: https://help.example/?a&b".to_owned()];
    let link = Some(("https://desk.example/requests/42?a=1&b=\"2\"", "Open <it>"));
    let page = frame(Lang::En, "<p>Done</p>", &foot, link);
    assert!(page.contains("href=\"https://desk.example/requests/42?a=1&amp;b=&quot;2&quot;\""), "{page}");
    assert!(page.contains(">Open &lt;it&gt;</a>") && page.contains("Why &lt;you&gt; got this"), "{page}");
    assert!(page.contains("<a href=\"https://help.example/?a&amp;b\">https://help.example/?a&amp;b</a>"), "{page}");
    assert_eq!(
        plain("Done\n\n", &foot, link),
        "Done\n\nOpen <it>\nhttps://desk.example/requests/42?a=1&b=\"2\"\n\n-- \nWhy <you> got this\nHelp: https://help.example/?a&b\n"
    );
    assert_eq!(plain("Done", &[], None), "Done\n");
}
