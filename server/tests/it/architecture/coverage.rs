//! The tables in docs/coverage stay true: every test, file and page they name exists.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::sources::{all, none, root, rust};

/// What stands in the last column of a sentence that no test shows.
const WITHOUT: [&str; 2] = ["not yet", "no test of its own"];
/// The documents the product follows: each has its table.
const DOCUMENTS: [&str; 4] = ["000", "001", "002", "003"];

/// A sentence of a source: where it is in the product, and what shows it.
struct Row {
    at: String,
    number: String,
    place: String,
    shown_by: String,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let files = all(&|name| name.ends_with(".md"));
    for file in files.iter().filter(|file| file.path.starts_with("docs/coverage/")) {
        for (at, line) in file.text.lines().enumerate().filter(|(_, line)| line.starts_with('|')) {
            let at = format!("{}:{}", file.path, at + 1);
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, number, _sentence, place, shown_by, _] = cells.as_slice() else {
                panic!("{at}: a row has four cells: number, sentence, where, test")
            };
            // Neither the head of the table nor the line below it.
            if number.starts_with(|sign: char| sign.is_ascii_digit()) {
                let (number, place, shown_by) = ((*number).to_owned(), (*place).to_owned(), (*shown_by).to_owned());
                rows.push(Row { at, number, place, shown_by });
            }
        }
    }
    assert!(rows.len() > 120, "the tables were not found: {}", rows.len());
    rows
}

/// Words of a cell that are marked as code.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Names of all tests: of functions, of twins for both engines, of the browser.
fn tests() -> BTreeSet<String> {
    let function = Regex::new(r"#\[(?:tokio::)?test[^\]]*\]\s+(?:#\[[^\]]*\]\s+)*(?:async )?fn (\w+)").unwrap();
    let twin = Regex::new(r"both_engines!\(\s*(\w+)").unwrap();
    let browser = Regex::new("\\btest\\(\\s*(?:\"([^\"]+)\"|`([^`]+)`)").unwrap();
    let mut found = BTreeSet::new();
    for file in rust() {
        for of in [&function, &twin] {
            found.extend(of.captures_iter(&file.text).map(|hit| hit[1].to_owned()));
        }
    }
    let specs = all(&|name| name.ends_with(".spec.ts"));
    for file in specs.iter().filter(|file| file.path.starts_with("end2end/tests/")) {
        let titles = browser.captures_iter(&file.text).filter_map(|hit| hit.get(1).or_else(|| hit.get(2)));
        found.extend(titles.map(|title| title.as_str().to_owned()));
    }
    assert!(found.len() > 500, "the tests were not found: {}", found.len());
    found
}

/// `5b` is 5 and its part b.
fn parts(number: &str) -> (u32, Option<char>) {
    let digits = number.trim_end_matches(|sign: char| sign.is_ascii_lowercase());
    (digits.parse().unwrap_or_default(), number.strip_prefix(digits).and_then(|letters| letters.chars().next()))
}

/// Whether a row follows another: the next sentence, or the next part of the same.
fn follows(before: (u32, Option<char>), now: (u32, Option<char>)) -> bool {
    let is_sentence = now.0 == before.0 + 1 && matches!(now.1, None | Some('a'));
    let is_part = before.1.zip(now.1).is_some_and(|(one, two)| u32::from(one) + 1 == u32::from(two));
    is_sentence || (now.0 == before.0 && is_part)
}

#[test]
fn every_followed_document_has_its_table_without_a_gap() {
    let rows = rows();
    let mut gaps = Vec::new();
    for document in DOCUMENTS {
        let file = format!("docs/coverage/{document}.md:");
        let mut before = (0, None);
        for row in rows.iter().filter(|row| row.at.starts_with(&file)) {
            let now = parts(&row.number);
            if !follows(before, now) {
                gaps.push(format!("{}: {} follows {}", row.at, row.number, before.0));
            }
            before = now;
        }
        assert!(before.0 >= 15, "{file} has no table");
    }
    let strange =
        rows.iter().filter(|row| !DOCUMENTS.iter().any(|document| row.at.contains(&format!("/{document}.md:"))));
    gaps.extend(strange.map(|row| format!("{}: a table of no document", row.at)));
    none("sentences are numbered one after the other", &gaps);
}

#[test]
fn every_test_that_a_table_of_coverage_names_exists() {
    let known = tests();
    let mut unknown = Vec::new();
    for row in rows() {
        let missing = names(&row.shown_by).filter(|name| !known.contains(*name));
        unknown.extend(missing.map(|name| format!("{}: {name}", row.at)));
    }
    none("docs/coverage names tests that are not there", &unknown);
}

#[test]
fn every_sentence_names_a_test_or_says_that_there_is_none() {
    let silent = rows().into_iter().filter(|row| {
        names(&row.shown_by).next().is_none() && !WITHOUT.iter().any(|words| row.shown_by.starts_with(words))
    });
    none("the last column says nothing", &silent.map(|row| row.at).collect::<Vec<_>>());
}

#[test]
fn every_file_and_page_that_a_table_of_coverage_names_exists() {
    let routes = rust().iter().find(|file| file.path == "app/src/routes/all.rs").unwrap();
    // `/tickets/{number}?tab=chat` is the route `/tickets/:number`.
    let is_page = |path: &str| {
        let path = path.split(['?', '#']).next().unwrap_or_default().replace('{', ":").replace('}', "");
        routes.text.contains(&format!("path!(\"{path}\")"))
    };
    let mut unknown = Vec::new();
    for row in rows() {
        // Words without a slash are settings, variables and names of the code.
        let missing = names(&row.place).filter(|name| {
            if name.starts_with('/') { !is_page(name) } else { name.contains('/') && !root().join(name).is_file() }
        });
        unknown.extend(missing.map(|name| format!("{}: {name}", row.at)));
    }
    none("docs/coverage names files or pages that are not there", &unknown);
}
