use super::*;
use domain::lang::Lang;

fn values() -> Values {
    let mut values = Values::new(Lang::En, chrono_tz::Tz::America__Sao_Paulo);
    values.set("ticket.number", "42");
    values.set("ticket.title", "VPN drops");
    values.set("recipient.name", "Ana");
    // 2026-03-12 13:02 UTC, 10:02 in São Paulo.
    values.set_time("ticket.opened_at", Some(1_773_320_520));
    values.set("entry.minutes", "90");
    values.set_list("entry.files", vec!["a.pdf".to_owned(), "b.pdf".to_owned()]);
    let people = vec![("Ana Souza".to_owned(), "Ana".to_owned()), ("Bruno Lima".to_owned(), "Bruno".to_owned())];
    values.set_people("requesters", people);
    values
}

fn text(source: &str) -> String {
    render(source, &values()).unwrap().text
}

fn html(source: &str) -> String {
    render(source, &values()).unwrap().html
}

fn fault(source: &str) -> (Fault, u32, u32) {
    let error = check(source).unwrap_err();
    assert!(!error.reason.is_empty());
    (error.fault, error.line, error.column)
}

#[test]
fn t_tpl_02_values_conditions_loops_and_the_four_filters_are_the_language() {
    let cases = [
        ("Hello {{ recipient.name }}.", "Hello Ana."),
        ("{{ ticket.opened_at }}", "12\u{a0}Mar\u{a0}2026, 10:02"),
        ("{{ ticket.opened_at | date }} {{ ticket.opened_at|time }}", "12\u{a0}Mar\u{a0}2026 10:02"),
        ("{{ entry.minutes | duration }}", "1 h 30 min"),
        ("{{ entry.author | default(\"someone\") }}", "someone"),
        ("{{ entry.author | default(recipient.name) }}", "Ana"),
        ("{{ ticket.closed_at | default('open') | date }}", "open"),
        ("{% if entry.author %}yes{% elif ticket.title %}maybe{% else %}no{% endif %}", "maybe"),
        ("{% if not entry.author and (ticket.number == \"42\" or ticket.title) %}yes{% endif %}", "yes"),
        ("{% if ticket.number != '42' %}yes{% endif %}no", "no"),
        ("{% for file in entry.files %}{{ loop.index }} {{ file }};{% endfor %}", "1 a.pdf;2 b.pdf;"),
        (
            "{% for who in requesters %}{{ who.first_name }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "Ana, Bruno",
        ),
        ("{% for who in assignees %}{{ who }}{% else %}nobody{% endfor %}", "nobody"),
        ("{{ entry.files }} / {{ requesters }}", "a.pdf, b.pdf / Ana Souza, Bruno Lima"),
        ("a {#- no word of this -#} b", "ab"),
        ("{{- recipient.name -}}", "Ana"),
        ("{ 50 % } }} %}", "{ 50 % } }} %}"),
        ("", ""),
    ];
    for (source, expected) in cases {
        assert_eq!(text(source), expected, "{source}");
    }
}

#[test]
fn t_tpl_02_everything_else_is_refused_with_its_place() {
    let cases = [
        ("{{ 7*7 }}", 1, 5),
        ("{{ 7 + 7 }}", 1, 6),
        ("{{ ticket.title ~ ticket.title }}", 1, 17),
        ("{{ ticket['title'] }}", 1, 10),
        ("{{ [1] }}", 1, 4),
        ("{{ {} }}", 1, 4),
        ("{{ -1 }}", 1, 4),
        ("{{ ticket.title is defined }}", 1, 17),
        ("{{ ticket.title if ticket.title }}", 1, 17),
        ("{{ ticket.title | upper }}", 1, 19),
        ("{{ ticket.title | safe }}", 1, 19),
        ("{{ ticket.title | date }}", 1, 19),
        ("{{ ticket.opened_at | duration }}", 1, 23),
        ("{{ ticket.title | default }}", 1, 27),
        ("{{ ticket.title | default(\"a\", \"b\") }}", 1, 30),
        ("{{ ticket.title.upper() }}", 1, 22),
        ("{{ range(9) }}", 1, 9),
        ("{{ (ticket.title) }}", 1, 4),
        ("{{ \"\\ue000\" }}", 1, 4),
        ("{{ }}", 1, 4),
        ("{{ ticket.title", 1, 16),
        ("{{ \"a }}", 1, 4),
        ("{# a", 1, 1),
        ("a\nb {% include \"x\" %}", 2, 6),
        ("{% set a = 1 %}", 1, 10),
        ("{% set a %}b{% endset %}", 1, 4),
        ("{% macro a() %}{% endmacro %}", 1, 4),
        ("{% import \"x\" as y %}", 1, 4),
        ("{% extends \"x\" %}", 1, 4),
        ("{% raw %}{{ a }}{% endraw %}", 1, 4),
        ("{% filter date %}{% endfilter %}", 1, 4),
        ("{% call a() %}{% endcall %}", 1, 4),
        ("{% do a() %}", 1, 4),
        ("{% autoescape true %}{% endautoescape %}", 1, 4),
        ("{% for a, b in requesters %}{% endfor %}", 1, 9),
        ("{% for loop in requesters %}{% endfor %}", 1, 8),
        ("{% for a in requesters recursive %}{% endfor %}", 1, 24),
        ("{% for a in requesters if a %}{% endfor %}", 1, 24),
        ("{% for a in ticket.title %}{% endfor %}", 1, 13),
        ("{% if ticket.title %}", 1, 4),
        ("{% if %}{% endif %}", 1, 7),
        ("{% if ticket.title < 3 %}{% endif %}", 1, 20),
        ("{% if ticket.title = 3 %}{% endif %}", 1, 20),
        ("{% endif %}", 1, 4),
        ("{% for a in requesters %}{% endif %}", 1, 29),
        ("{% if ticket.title %}{% else %}{% else %}{% endif %}", 1, 35),
        ("{% if ticket.title %}{% else %}{% elif now %}{% endif %}", 1, 35),
    ];
    for (source, line, column) in cases {
        assert_eq!(fault(source), (Fault::Invalid, line, column), "{source}: {:?}", check(source));
    }
}

#[test]
fn t_tpl_02_an_unknown_variable_is_found_in_every_branch() {
    let cases = [
        ("{{ ticket.titel }}", 1, 4),
        ("{{ ticket }}", 1, 4),
        ("Hello,\n{{ recipient.name }}\n  {{ user.password }}", 3, 6),
        ("{% if not ticket.title %}{{ oops }}{% endif %}", 1, 29),
        ("{% for who in requesters %}{{ who.email }}{% endfor %}", 1, 31),
        ("{% for file in entry.files %}{{ file.name }}{% endfor %}", 1, 33),
        ("{% for who in requesters %}{% else %}{{ who }}{% endfor %}", 1, 41),
        ("{% for who in requesters %}{% endfor %}{{ who }}", 1, 43),
        ("{% for who in people %}{% endfor %}", 1, 15),
        ("{{ loop.index }}", 1, 4),
        ("{% for who in requesters %}{{ loop.previtem }}{% endfor %}", 1, 31),
        ("{{ entry.author | default(oops) }}", 1, 27),
    ];
    for (source, line, column) in cases {
        assert_eq!(fault(source), (Fault::UnknownVariable, line, column), "{source}: {:?}", check(source));
    }
}

#[test]
fn t_tpl_02_a_template_stops_at_its_limits() {
    let too_large = |source: &str| fault(source).0 == Fault::TooLarge;
    let each = |inner: &str| format!("{{% for a in requesters %}}{inner}{{% endfor %}}");
    assert!(too_large(&"a".repeat(SOURCE_MAX + 1)));
    assert!(check(&"é".repeat(SOURCE_MAX)).is_ok());
    // 2^14 rounds of two people take more than 10 000 steps.
    assert!(too_large(&(0..14).fold("a".to_owned(), |inner, _| each(&inner))));
    assert!(check(&(0..5).fold("a".to_owned(), |inner, _| each(&inner))).is_ok());
    assert!(too_large(&(0..60).fold("a".to_owned(), |inner, _| format!("{{% if now %}}{inner}{{% endif %}}"))));
    assert!(too_large(&format!("{{% if now %}}{}{{% endif %}}", "{% elif now %}".repeat(60))));
    assert!(too_large(&format!("{{% if now{} %}}{{% endif %}}", " and now".repeat(60_000 / 8))));
    assert!(too_large(&format!("{{{{ now{} }}}}", "|date".repeat(1_000))));
    assert!(too_large(&format!("{{% if {}now{} %}}{{% endif %}}", "(".repeat(5_000), ")".repeat(5_000))));
}

#[test]
fn t_tpl_02_few_steps_that_print_much_are_stopped_too() {
    let mut values = values();
    values.set("ticket.title", "a".repeat(1_000));
    let source = "{{ ticket.title }}".repeat(201);
    assert_eq!(render(&source, &values).unwrap_err().fault, Fault::TooLarge);
    let source = "{{ ticket.title }}".repeat(199);
    assert_eq!(render(&source, &values).unwrap().text.len(), 199_000);
}

#[test]
fn m_con_07_a_long_entry_fails_no_template_but_its_repetition_does() {
    let mut values = values();
    let long = "a".repeat(200_000);
    values.set_rich("entry.text", &long, &format!("<p>{long}</p>"));
    let made = render("Hello\n\n{{ entry.text }}", &values).unwrap();
    assert_eq!(made.text.len(), 200_007);
    let made = render(&"{{ entry.text }}".repeat(50), &values);
    assert_eq!(made.unwrap_err().fault, Fault::TooLarge);
}

#[test]
fn t_tpl_03_every_variable_may_be_missing_and_prints_nothing() {
    let empty = Values::new(Lang::Fr, chrono_tz::Tz::UTC);
    for (path, kind) in language::VARIABLES {
        let source = match kind {
            language::Kind::Time => format!("{{{{ {path} }}}}{{{{ {path}|date }}}}{{{{ {path}|time }}}}"),
            language::Kind::Minutes => format!("{{{{ {path} }}}}{{{{ {path}|duration }}}}"),
            _ => format!("{{{{ {path} }}}}{{% if {path} %}}a{{% endif %}}"),
        };
        let made = render(&source, &empty).unwrap();
        assert_eq!((made.text.as_str(), made.html.as_str()), ("", ""), "{path}");
        assert_eq!(check(&source), Ok(()), "{path}");
    }
}

#[test]
fn t_tpl_03_an_empty_rich_value_counts_as_none() {
    let mut values = values();
    values.set_rich("entry.text", " \n", "");
    values.set_time("ticket.opened_at", None);
    let made = render("{% if entry.text %}text{% endif %}{{ ticket.opened_at }}", &values).unwrap();
    assert_eq!(made.text, "");
    values.set_rich("entry.text", "", "<p><img src=\"cid:a@b\" alt=\"\"></p>");
    let made = render("{% if entry.text %}picture{% endif %}\n{{ entry.text }}", &values).unwrap();
    assert_eq!(made.text, "picture");
    assert_eq!(made.html, "<p>picture</p><p><img src=\"cid:a@b\" alt=\"\"></p>");
}

#[test]
fn t_tpl_02_a_value_never_becomes_markup_or_an_expression() {
    let mut values = values();
    let hostile = "<script>alert(\"1\")</script>{{ 7*7 }}{% if now %}&amp;'";
    values.set("ticket.title", hostile);
    values.set_list("entry.files", vec![hostile.to_owned()]);
    values.set_people("requesters", vec![(hostile.to_owned(), hostile.to_owned())]);
    let source = "{{ ticket.title }}\n{{ entry.files }}\n{{ requesters }}\n{% for a in requesters %}{{ a.first_name }}{% endfor %}";
    let made = render(source, &values).unwrap();
    assert_eq!(made.text, [hostile; 4].join("\n"));
    let escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;{{ 7*7 }}{% if now %}&amp;amp;&#39;";
    assert_eq!(made.html, format!("<p>{}</p>", [escaped; 4].join("<br>")));
}

#[test]
fn t_tpl_02_markup_of_the_template_is_text() {
    assert_eq!(html("<b>{{ recipient.name }}</b> & co"), "<p>&lt;b&gt;Ana&lt;/b&gt; &amp; co</p>");
    assert_eq!(text("<b>{{ recipient.name }}</b> & co"), "<b>Ana</b> & co");
}

#[test]
fn t_tpl_02_no_value_and_no_template_can_forge_the_mark_of_a_rich_value() {
    let mut values = values();
    let mark = "\u{E000}0\u{E001}";
    values.set_rich("entry.text", &format!("said {mark}"), "<p><em>said</em></p>");
    values.set("ticket.title", mark);
    values.set_list("entry.files", vec![mark.to_owned()]);
    let source =
        format!("{mark}{{{{ ticket.title }}}}{{{{ entry.files }}}}{{{{ entry.author | default(\"{mark}\") }}}}");
    let made = render(&source, &values).unwrap();
    assert_eq!((made.text.as_str(), made.html.as_str()), ("0000", "<p>0000</p>"));
    let made = render("{{ entry.text }}", &values).unwrap();
    assert_eq!((made.text.as_str(), made.html.as_str()), ("said 0", "<p><em>said</em></p>"));
    // A mark that names nothing, were there one, prints nothing.
    let made = markup::finish("a\u{E000}7\u{E001}b\u{E000}x\u{E001}c\u{E000}", &[]).unwrap();
    assert_eq!((made.text.as_str(), made.html.as_str()), ("abc", "<p>a</p><p>b</p><p>c</p>"));
}

#[test]
fn m_con_02_line_ends_and_control_characters_are_made_plain() {
    let mut values = values();
    values.set("ticket.title", "one\r\ntwo\rthree\u{0}\u{1b}[31m\tfour");
    assert_eq!(render("{{ ticket.title }}", &values).unwrap().text, "one\ntwo\nthree[31m\tfour");
    assert_eq!(text("a\r\n\r\nb"), "a\n\nb");
}

#[test]
fn m_con_02_text_is_tidy_and_markup_has_its_paragraphs() {
    let source = "\n\n  First  \nsecond\n\n\n\n{% if now %}\n{% endif %}\nthird\n\n";
    assert_eq!(text(source), "First\nsecond\n\nthird");
    assert_eq!(html(source), "<p>First<br>second</p><p>third</p>");
}

#[test]
fn t_tpl_02_a_line_with_only_a_tag_leaves_no_empty_line() {
    let source = "Files:\n{% for file in entry.files %}\n- {{ file }}\n{% endfor %}\nEnd";
    assert_eq!(text(source), "Files:\n- a.pdf\n- b.pdf\nEnd");
}

#[test]
fn m_con_02_a_rich_value_stands_outside_of_paragraphs() {
    let mut values = values();
    values.set_rich("entry.text", "Done.\nThanks.", "<p>Done.</p><ul><li>Thanks.</li></ul>");
    let made = render("{{ recipient.name }}: {{ entry.text }} Bye", &values).unwrap();
    assert_eq!(made.text, "Ana: Done.\nThanks. Bye");
    assert_eq!(made.html, "<p>Ana:</p><p>Done.</p><ul><li>Thanks.</li></ul><p>Bye</p>");
    values.set_rich("entry.text", "a < b", "");
    assert_eq!(render("{{ entry.text }}", &values).unwrap().html, "<p>a &lt; b</p>");
}

#[test]
fn m_con_02_addresses_become_links() {
    let link = |address: &str| format!("<a href=\"{address}\">{address}</a>");
    let cases = [
        ("See https://a.example/x?y=1.", format!("<p>See {}.</p>", link("https://a.example/x?y=1"))),
        ("(http://a.example/b)", format!("<p>({})</p>", link("http://a.example/b"))),
        ("http://a.example/b_(c)", format!("<p>{}</p>", link("http://a.example/b_(c)"))),
        ("https://a.example/?b&c", format!("<p>{}</p>", link("https://a.example/?b&amp;c"))),
        ("https://a.example/\"><script>", format!("<p>{}&quot;&gt;&lt;script&gt;</p>", link("https://a.example/"))),
        ("https://a.example/' onclick='x", format!("<p>{}&#39; onclick=&#39;x</p>", link("https://a.example/"))),
        (
            "http:// xhttp://a.example javascript:alert(1)",
            "<p>http:// xhttp://a.example javascript:alert(1)</p>".to_owned(),
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(html(source), expected, "{source}");
    }
}

#[test]
fn t_tpl_02_an_error_says_where_and_why() {
    let error = check("Hello\n{{ ticket.titel }}").unwrap_err();
    assert_eq!(error.to_string(), "line 2, column 4: there is no variable `ticket.titel`");
}

#[test]
fn t_tpl_03_a_reply_names_the_ticket_and_its_writer_and_nothing_of_a_mail() {
    for own in ["ticket.number", "ticket.description", "requesters", "user.signature", "entity.name", "now"] {
        assert_eq!(check_in(&format!("{{{{ {own} }}}}"), Scope::Reply), Ok(()), "{own}");
    }
    for other in
        ["entry.text", "recipient.name", "links.approve", "message.text", "ticket.urgency", "ticket.due_own_at"]
    {
        let error = check_in(&format!("a\n{{{{ {other} }}}}"), Scope::Reply).unwrap_err();
        assert_eq!((error.fault, error.line, error.column), (Fault::UnknownVariable, 2, 4), "{other}");
        assert_eq!(check(&format!("{{{{ {other} }}}}")), Ok(()), "{other}");
    }
    assert_eq!(Scope::Mail.variables().count(), language::VARIABLES.len());
    assert!(Scope::Reply.variables().all(|path| !path.starts_with("entry.")));
}
