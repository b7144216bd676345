//! Pages: whole, readable without scripts, and saying nothing that is not for their reader.

mod admin;
mod audit;
mod bulk;
mod chat;
mod conflicts;
mod customer_page;
mod customers;
mod forms;
mod headers;
mod history;
mod knowledge;
mod late_forms;
mod lists;
mod mail;
mod new_ticket;
mod notifications;
mod refused_forms;
mod reports;
mod requests;
mod requests_shown;
mod search;
mod settings;
mod sign_in;
mod solutions;
mod surveys;
mod tasks;
mod templates;
mod tickets;
mod timeline;
mod unsent;
mod uploads;
mod validations;

use crate::support::{Answer, html_text};

/// Asserts a whole document: language, one title, one first heading, an end.
#[track_caller]
pub(super) fn is_whole(answer: &Answer) {
    let html = answer.text();
    assert!(answer.header("content-type").starts_with("text/html"), "{}", answer.header("content-type"));
    assert!(
        html.starts_with("<!DOCTYPE html>") || html.starts_with("<!doctype html>"),
        "{}",
        html.chars().take(80).collect::<String>()
    );
    assert!(html.contains("<html") && html.contains(" lang=\"") && html.contains("</html>"), "not whole: {html}");
    assert!(html.split("</head>").next().is_some_and(|head| head.matches("<title").count() == 1), "one title: {html}");
    assert!(html.matches("<h1").count() >= 1, "a first heading: {}", html_text(&html));
    assert!(html.contains("id=\"main\"") || html.contains("<main"), "a main part");
}
