use super::*;

const ID: &str = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

fn html(text: &str) -> String {
    rich(text, BodyFormat::Html).html.as_str().to_owned()
}

fn text(markup: &str) -> String {
    rich(markup, BodyFormat::Html).text
}

#[test]
fn t_gen_05_the_listed_tags_stay() {
    for kept in [
        "<p>a<br>b</p>",
        "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>",
        "<h2>a</h2><h3>b</h3><blockquote><p>c</p></blockquote><pre><code>d\n e</code></pre><hr>",
        "<ul><li><p>a</p></li></ul><ol><li>b</li></ol>",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
    ] {
        assert_eq!(html(kept), kept);
    }
}

#[test]
fn t_gen_05_everything_else_goes_and_its_text_stays() {
    let cases = [
        ("<div class=\"x\">a</div>", "a"),
        ("<u>a</u> <font color=red>b</font>", "a b"),
        ("<p style=\"position:fixed\" class=\"x\" id=\"y\" title=\"z\" lang=\"en\">a</p>", "<p>a</p>"),
        ("a<!-- hidden -->b", "ab"),
        ("<button formaction=\"javascript:alert(1)\">a</button>", "a"),
        ("<form action=\"/x\"><input name=\"a\" value=\"b\">c</form>", "c"),
    ];
    for (typed, expected) in cases {
        assert_eq!(html(typed), expected, "{typed}");
    }
}

#[test]
fn t_gen_05_scripts_and_styles_go_with_their_content() {
    let cases = [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<style>p{color:red}</style>a", "a"),
        ("<SCRIPT SRC=//evil.example/x.js></SCRIPT>a", "a"),
        ("<scr<script>x</script>ipt>alert(1)</script>", "xipt&gt;alert(1)"),
        ("<script>alert(1)", ""),
    ];
    for (typed, expected) in cases {
        assert_eq!(html(typed), expected, "{typed}");
    }
}

#[test]
fn t_gen_05_links_are_absolute_and_of_four_schemes() {
    let rel = "rel=\"noopener noreferrer nofollow\"";
    for good in
        ["http://a.example", "https://a.example/x?y=1#z", "mailto:a@b.example", "tel:+5511999", "HTTPS://A.example"]
    {
        let out = html(&format!("<a href=\"{good}\" target=_blank onclick=x>a</a>"));
        assert_eq!(out, format!("<a href=\"{good}\" {rel}>a</a>"));
    }
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/tickets/1",
        "tickets",
        "#x",
        "ht&#9;tp://a.example",
        "https:a.example",
        "blob:https://a.example/1",
    ] {
        assert_eq!(html(&format!("<a href=\"{bad}\">a</a>")), format!("<a {rel}>a</a>"), "{bad}");
    }
}

#[test]
fn t_gen_05_pictures_are_documents_of_ours_only() {
    let good = format!("<p><img src=\"/documents/{ID}\" alt=\"a &quot;b&quot;\"></p>");
    let rich = rich(&good, BodyFormat::Html);
    assert_eq!(rich.html.as_str(), good);
    assert_eq!(rich.images, vec![ID.parse::<Uuid>().unwrap()]);
    assert!(!rich.is_empty());
    for bad in [
        "https://evil.example/p.png".to_owned(),
        "data:image/png;base64,AAAA".to_owned(),
        "cid:1".to_owned(),
        "/documents/1".to_owned(),
        format!("/documents/{ID}/../x"),
        format!("//evil.example/documents/{ID}"),
        format!("/documents/{ID}?x=1"),
        "/documents/0190a1b2c3d47e5f8a6b7c8d9e0f1a2b".to_owned(),
        "javascript:alert(1)".to_owned(),
    ] {
        assert_eq!(
            html(&format!("<p>a<img src=\"{bad}\" onerror=alert(1) srcset=\"x 1x\">b</p>")),
            "<p>ab</p>",
            "{bad}"
        );
    }
    assert_eq!(html("<img>a<img alt=\" src=&quot;x&quot;\">b"), "ab");
}

#[test]
fn t_gen_05_hostile_markup_ends_harmless() {
    for hostile in [
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "</textarea><script>alert(1)</script>",
        "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
        "<title><img title=\"</title><img src=x onerror=alert(1)>\"></title>",
        "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"><script>x</script></iframe>",
        "<template><script>alert(1)</script></template>",
        "<select><style><img src=x onerror=alert(1)></style></select>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<object data=\"javascript:alert(1)\"><embed src=x>",
        "<base href=\"https://evil.example\"><meta http-equiv=refresh content=0><link rel=stylesheet href=x>",
        "<p <script>alert(1)</script>",
        "<a href=\"https://a.example\" onmouseover=alert(1)>x",
        "<table><td background=\"javascript:alert(1)\">x",
        "<b\u{0}><sc\u{0}ript>alert(1)</script>",
        "<p>&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;</p>",
        "<p>\u{338}<img src=x onerror=alert(1)>\u{338}</p>",
        "<plaintext><img src=x onerror=alert(1)>",
    ] {
        let once = html(hostile);
        let lower = once.to_lowercase();
        for tag in [
            "<script",
            "<svg",
            "<math",
            "<style",
            "<iframe",
            "<img",
            "<form",
            "<object",
            "<base",
            "<meta",
            "<link",
            "<template",
        ] {
            assert!(!lower.contains(tag), "{hostile} → {once}");
        }
        for piece in once.split('<').skip(1) {
            let tag = piece.split('>').next().unwrap().to_lowercase();
            assert!(!tag.contains(" on") && !tag.contains("javascript:"), "{hostile} → {once}");
        }
        assert_eq!(html(&once), once, "cleaning twice changes nothing: {hostile}");
    }
}

#[test]
fn t_gen_05_deep_nesting_does_not_overflow_the_stack() {
    let deep = format!("{}x{}", "<blockquote>".repeat(2_000), "</blockquote>".repeat(2_000));
    assert_eq!(text(&deep), "x");
    assert_eq!(text(&"<div>".repeat(2_000)), "");
}

#[test]
fn t_gen_05_unclosed_tags_are_closed() {
    assert_eq!(html("<p><strong>a"), "<p><strong>a</strong></p>");
    assert_eq!(html("<ul><li>a<li>b"), "<ul><li>a</li><li>b</li></ul>");
}

#[test]
fn t_gen_05_plain_text_becomes_paragraphs_at_blank_lines() {
    let rich = rich("a < b & \"c\"\r\nd\r\n \r\n\r\n<script>x</script>\r\n", BodyFormat::Text);
    assert_eq!(rich.html.as_str(), "<p>a &lt; b &amp; \"c\"<br>d</p><p>&lt;script&gt;x&lt;/script&gt;</p>");
    assert_eq!(rich.text, "a < b & \"c\"\nd\n<script>x</script>");
}

#[test]
fn a_bas_05_markdown_becomes_the_same_few_tags() {
    let out = rich("# Title\n\n~~a~~ **b** <b>c</b> <script>x</script>\n\n- one\n- two", BodyFormat::Markdown);
    let markup = out.html.as_str();
    assert!(markup.starts_with("<h2>Title</h2>"), "{markup}");
    assert!(markup.contains("<s>a</s> <strong>b</strong> c"), "{markup}");
    assert!(!markup.contains("script"), "{markup}");
    assert_eq!(out.text, "Title\na b c\none\ntwo");
    assert!(!rich("[x](javascript:alert(1))", BodyFormat::Markdown).html.as_str().contains("javascript"));
}

#[test]
fn t_gen_04_text_is_composed_and_free_of_control_characters() {
    assert_eq!(html("<p>ac\u{327}a\u{303}o\u{7}\u{1b}&#7;</p>"), "<p>ação</p>");
    assert_eq!(title("  a\u{301}\u{202E}\nb "), "á b");
    assert_eq!(lines("a\r\nb\rc\u{7}"), "a\nb\nc");
    assert_eq!(line("abc", 2), Err(Code::TooLong));
}

#[test]
fn t_gen_05_empty_is_no_text_and_no_picture() {
    for empty in
        ["", "  ", "<p></p>", "<p>&nbsp;<br></p>", "<p>\u{200B}</p>", "<img src=x>", "<script>x</script>", "<hr>"]
    {
        assert_eq!(check(empty, BodyFormat::Html), Err(Code::Required), "{empty}");
    }
    assert!(check(&format!("<img src=\"/documents/{ID}\">"), BodyFormat::Html).is_ok());
}

#[test]
fn t_gen_05_the_limit_counts_characters_of_markup() {
    assert!(check(&"ã".repeat(BODY_MAX), BodyFormat::Text).is_ok());
    assert!(check(&"a\u{303}".repeat(BODY_MAX), BodyFormat::Text).is_ok());
    assert_eq!(check(&"a".repeat(BODY_MAX + 1), BodyFormat::Text), Err(Code::TooLong));
}

#[test]
fn t_gen_05_the_plain_form_has_lines_and_no_decoration() {
    let cases = [
        ("<h2>A</h2><p>b  c\n d<br>e</p><ul><li><p>f</p></li><li>g</li></ul>", "A\nb c d\ne\nf\ng"),
        ("<pre><code>x\n  y\n\n\n\nz</code></pre><p>w</p>", "x\n  y\n\nz\nw"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>", "a b\nc"),
        ("<p>1 &lt; 2 &amp;&amp; &amp;lt;&nbsp;x</p>", "1 < 2 && &lt; x"),
        ("<p><a href=\"https://a.example\">link</a></p><hr><p>x</p>", "link\nx"),
    ];
    for (markup, expected) in cases {
        assert_eq!(text(markup), expected, "{markup}");
    }
}

#[test]
fn t_gen_05_pictures_of_other_entries_are_dropped() {
    let other = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2c";
    let rich =
        rich(&format!("<p>a<img src=\"/documents/{ID}\"><img src=\"/documents/{other}\">b</p>"), BodyFormat::Html);
    assert_eq!(rich.images.len(), 2);
    let kept = keep_images(&rich.html, &[ID.parse().unwrap()]);
    assert_eq!(kept.as_str(), format!("<p>a<img src=\"/documents/{ID}\">b</p>"));
}

#[test]
fn t_occ_16_words_are_compared_and_neighbours_merged() {
    let parts: Vec<(String, String)> = word_diff("The cable was loose", "The red cable was replaced today")
        .into_iter()
        .map(|p| (p.op, p.text))
        .collect();
    let old: String = parts.iter().filter(|p| p.0 != "added").map(|p| p.1.as_str()).collect();
    let new: String = parts.iter().filter(|p| p.0 != "removed").map(|p| p.1.as_str()).collect();
    assert_eq!((old.as_str(), new.as_str()), ("The cable was loose", "The red cable was replaced today"));
    assert!(parts.windows(2).all(|two| two[0].0 != two[1].0));
    assert!(parts.iter().any(|p| p.0 == "removed" && p.1 == "loose"));
    assert!(word_diff("", "").is_empty());
}

#[test]
fn t_occ_24_hits_are_marked_in_words_and_never_in_tags_or_references() {
    let marked = |markup: &str, typed: &str| {
        let query = crate::search::parse(typed).unwrap();
        let cleaned = rich(markup, BodyFormat::Html).html;
        mark(&cleaned, |words| crate::search::hits_in_text(words, &query)).as_str().to_owned()
    };
    let cases = [
        ("<p>A AÇÃO foi</p>", "acao", "<p>A <mark>AÇÃO</mark> foi</p>"),
        ("<p>one two</p><p>two</p>", "two", "<p>one <mark>two</mark></p><p><mark>two</mark></p>"),
        ("<p>p strong</p>", "p", "<p><mark>p</mark> strong</p>"),
        ("<p>R&amp;D amp</p>", "amp", "<p>R&amp;D <mark>amp</mark></p>"),
        ("<p>cable replaced</p>", "\"cable replaced\"", "<p><mark>cable replaced</mark></p>"),
        ("<p>one two</p>", "one -three", "<p><mark>one</mark> two</p>"),
        ("<p>½</p>", "1 2", "<p><mark>½</mark></p>"),
        ("<p>nothing</p>", "absent", "<p>nothing</p>"),
    ];
    for (markup, typed, expected) in cases {
        assert_eq!(marked(markup, typed), expected, "{typed}");
    }
    let link = "<p><a href=\"https://vpn.example/?a>b\">vpn</a></p>";
    assert!(marked(link, "vpn").contains("href=\"https://vpn.example/?a"), "{}", marked(link, "vpn"));
    assert!(marked(link, "vpn").contains("><mark>vpn</mark></a>"));
}

#[test]
fn t_msg_a_message_keeps_its_lines_and_its_addresses_lead_somewhere() {
    const REL: &str = "rel=\"noopener noreferrer nofollow\"";
    let link = |address: &str| format!("<a href=\"{address}\" {REL}>{address}</a>");
    let cases = [
        ("One\nTwo\r\n\r\nThree", "<p>One<br>Two<br><br>Three</p>".to_owned()),
        ("<b>5 & 6</b>", "<p>&lt;b&gt;5 &amp; 6&lt;/b&gt;</p>".to_owned()),
        (
            "See (https://example.org/a?b=1&c=2), please.",
            format!("<p>See ({}), please.</p>", link("https://example.org/a?b=1&amp;c=2")),
        ),
        ("http://example.org", format!("<p>{}</p>", link("http://example.org"))),
        ("https:// alone", "<p>https:// alone</p>".to_owned()),
        ("javascript:alert(1) www.example.org", "<p>javascript:alert(1) www.example.org</p>".to_owned()),
    ];
    for (text, expected) in cases {
        assert_eq!(linked(text).as_str(), expected, "{text}");
    }
    let evil = linked("https://x.org/\"onclick=\"alert(1)").as_str().to_owned();
    assert!(!evil.contains("\" onclick") && !evil.contains("<script"), "{evil}");
}
