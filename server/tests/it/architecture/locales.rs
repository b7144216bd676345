//! Sentences: each is used, and every language has it with the same slots.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;
use serde_json::Value;

use super::sources::{File, none, root, rust};

const LANGUAGES: [&str; 4] = ["en", "pt-BR", "es", "fr"];

type Catalogue = BTreeMap<String, Value>;

fn areas() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("app/locales/en"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_string_lossy().strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    names
}

fn catalogue(language: &str, area: &str) -> Catalogue {
    let path = root().join("app/locales").join(language).join(format!("{area}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{language}/{area}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{language}/{area}: {error}"))
}

/// Slots of a text, or of all forms of a plural.
fn slots(value: &Value) -> BTreeSet<String> {
    let slot = Regex::new(r"\{([a-z0-9_]+)\}").unwrap();
    match value {
        Value::String(text) => slot.captures_iter(text).map(|found| found[1].to_owned()).collect(),
        Value::Object(forms) => forms.values().flat_map(slots).collect(),
        other => panic!("neither text nor plural: {other}"),
    }
}

#[test]
fn every_language_has_the_same_sentences_with_the_same_slots() {
    let mut found = Vec::new();
    for area in areas() {
        let english = catalogue("en", &area);
        for language in LANGUAGES {
            let other = catalogue(language, &area);
            for key in english.keys().filter(|key| !other.contains_key(*key)) {
                found.push(format!("{language}/{area}: {key} is missing"));
            }
            for (key, value) in &other {
                let Some(model) = english.get(key) else {
                    found.push(format!("{language}/{area}: {key} does not exist in English"));
                    continue;
                };
                if model.is_object() != value.is_object() {
                    found.push(format!("{language}/{area}: {key} has plural forms in one language only"));
                } else if slots(model) != slots(value) {
                    found.push(format!("{language}/{area}: {key} has other slots"));
                }
            }
        }
    }
    none("catalogues differ", &found);
}

#[test]
fn every_language_has_the_same_areas() {
    let english = areas();
    for language in LANGUAGES {
        let mut names: Vec<String> = std::fs::read_dir(root().join("app/locales").join(language))
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_string_lossy().strip_suffix(".json").map(str::to_owned))
            .collect();
        names.sort();
        assert_eq!(names, english, "{language}");
    }
}

#[test]
fn every_sentence_is_translated_and_none_is_empty() {
    for area in areas() {
        for language in LANGUAGES {
            for (key, value) in catalogue(language, &area) {
                let texts: Vec<&Value> =
                    value.as_object().map_or_else(|| vec![&value], |forms| forms.values().collect());
                for text in texts {
                    assert!(text.as_str().is_some_and(|text| !text.trim().is_empty()), "{language}/{area}: {key}");
                }
            }
        }
    }
}

/// Names under which a file knows areas: `use crate::t::tickets as t;` → `t` is `tickets`.
fn aliases(file: &File, areas: &[String]) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = areas.iter().map(|area| (area.clone(), area.clone())).collect();
    let single = Regex::new(r"use crate::t::(\w+) as (\w+);").unwrap();
    for found in single.captures_iter(&file.text) {
        known.insert(found[2].to_owned(), found[1].to_owned());
    }
    let group = Regex::new(r"(?s)\bt::\{([^}]*)\}").unwrap();
    let renamed = Regex::new(r"(\w+) as (\w+)").unwrap();
    for found in group.captures_iter(&file.text) {
        for pair in renamed.captures_iter(&found[1]) {
            known.insert(pair[2].to_owned(), pair[1].to_owned());
        }
    }
    known
}

/// Every `area::key` a file names.
fn uses(file: &File, areas: &[String]) -> BTreeSet<(String, String)> {
    let known = aliases(file, areas);
    let path = Regex::new(r"\w+(?:::\w+)+").unwrap();
    let mut found = BTreeSet::new();
    for hit in path.find_iter(&file.text) {
        let parts: Vec<&str> = hit.as_str().split("::").collect();
        if let [.., area, key] = parts.as_slice()
            && let Some(area) = known.get(*area)
        {
            found.insert((area.clone(), (*key).to_owned()));
        }
    }
    found
}

#[test]
fn every_sentence_is_used() {
    let areas = areas();
    let used: BTreeSet<(String, String)> =
        rust().iter().filter(|file| file.path.starts_with("app/src/")).flat_map(|file| uses(file, &areas)).collect();
    let mut dead = Vec::new();
    for area in &areas {
        for key in catalogue("en", area).into_keys() {
            if !used.contains(&(area.clone(), key.clone())) {
                dead.push(format!("{area}: {key}"));
            }
        }
    }
    none("sentences nobody shows", &dead);
}
