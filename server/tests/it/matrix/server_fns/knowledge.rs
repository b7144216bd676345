//! Rows of the table about the knowledge base.

use super::{Row, SIGNED_IN, UNKNOWN};
use crate::matrix::Out::{Forbidden, NotFound, Ok, Refused, Unauthenticated as Nobody};

pub(super) const ROWS: &[Row] = &[
    ("article_list", &[("query[limit]", "5")], SIGNED_IN),
    // Articles that do not exist: who reads and changes which one is told by the tests of the use case.
    ("article_page", &[("id", "{public}")], UNKNOWN),
    ("article_form", &[("id", ""), ("translation_of", ""), ("ticket", "")], [Nobody, NotFound, NotFound, Ok, Ok, Ok]),
    (
        "save_article",
        &[
            ("form[title]", "VPN"),
            ("form[body]", "Words."),
            ("form[format]", "text"),
            ("form[language]", "en"),
            ("form[audience]", "agents"),
            ("form[recursive]", "true"),
        ],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("run_article_command", &[("id", "{public}"), ("command", "publish"), ("version", "1")], UNKNOWN),
    ("article_revisions", &[("id", "{public}")], UNKNOWN),
    ("restore_article_revision", &[("id", "{public}"), ("revision", "1"), ("version", "1")], UNKNOWN),
    ("ticket_articles", &[("number", "{number}"), ("q", ""), ("entry", "")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    (
        "link_article",
        &[("number", "{number}"), ("article", "{public}")],
        [Nobody, Forbidden, Forbidden, Refused, Refused, Refused],
    ),
    (
        "unlink_article",
        &[("number", "{number}"), ("article", "{public}")],
        [Nobody, Forbidden, Forbidden, NotFound, NotFound, NotFound],
    ),
    ("save_to_knowledge", &[("entry", "{public}"), ("key", "")], [Nobody, NotFound, Forbidden, Ok, Ok, Ok]),
    ("suggest_articles", &[("text", "vpn"), ("entity", "")], SIGNED_IN),
    ("look_for_articles", &[("form[title]", "vpn")], [Nobody, Ok, Forbidden, Ok, Ok, Ok]),
    ("article_helped", &[("id", "{public}")], UNKNOWN),
];
