//! No refusal is dead: each one is said somewhere, and its sentence is not the only place that knows it.

use domain::error::Code;
use regex_lite::Regex;

use super::sources::{none, root, rust};

/// Refusals of later parts of the product: their sentences are translated, their rules come with the part.
const LATER: &[&str] = &[];

/// Where refusals are defined or translated, not said.
const WORDS: &[&str] = &["crates/domain/src/error.rs", "app/src/message.rs", "app/src/context.rs"];

/// Whether code names it outside its definition; pages show codes, they do not give them.
fn said(name: &str) -> bool {
    let word = Regex::new(&format!(r"\b{name}\b")).unwrap();
    let is_shown_only = |path: &str| path.starts_with("app/") && name.starts_with("Code::");
    rust()
        .iter()
        .filter(|file| !WORDS.contains(&file.path.as_str()) && !is_shown_only(&file.path) && !file.is_test())
        .any(|file| word.is_match(file.without_unit_tests()))
}

/// Variants of an enum in the source of `domain::error`.
fn variants(of: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("crates/domain/src/error.rs")).unwrap();
    let (_, rest) = text.split_once(&format!("pub enum {of} {{")).unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    let variant = Regex::new(r"(?m)^    ([A-Z][A-Za-z]+)").unwrap();
    variant.captures_iter(body).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_code_is_said_somewhere() {
    let text = std::fs::read_to_string(root().join("crates/domain/src/error.rs")).unwrap();
    let pair = Regex::new(r#"\b([A-Z][A-Za-z]+) => "([a-z_]+)""#).unwrap();
    let codes: Vec<(String, String)> = pair.captures_iter(&text).map(|c| (c[1].to_owned(), c[2].to_owned())).collect();
    assert_eq!(codes.len(), Code::ALL.len(), "every code was found in the source");
    let dead: Vec<String> = codes
        .iter()
        .filter(|(name, word)| {
            let literal = format!("\"{word}\"");
            let is_literal = rust()
                .iter()
                .any(|file| file.path.starts_with("server/src/api/") && file.without_unit_tests().contains(&literal));
            !LATER.contains(&name.as_str()) && !said(&format!("Code::{name}")) && !is_literal
        })
        .map(|(name, _)| name.clone())
        .collect();
    none("codes nobody says", &dead);
}

#[test]
fn codes_of_later_parts_leave_the_list_when_their_part_comes() {
    let alive: Vec<String> =
        LATER.iter().filter(|name| said(&format!("Code::{name}"))).map(|name| (*name).to_owned()).collect();
    none("said now: take them from the list", &alive);
}

#[test]
fn every_refusal_of_the_application_is_said_somewhere() {
    let all = variants("AppError");
    assert!(all.len() >= 15, "{all:?}");
    let dead: Vec<String> = all.into_iter().filter(|name| !said(&format!("AppError::{name}"))).collect();
    // A helper makes it: `AppError::refused(code)`.
    let dead: Vec<String> = dead.into_iter().filter(|name| name != "Refused" || !said("AppError::refused")).collect();
    none("variants nobody says", &dead);
}

#[test]
fn codes_are_snake_case_and_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for code in Code::ALL {
        assert!(code.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
        assert!(seen.insert(code.as_str()), "{code} twice");
    }
}
