//! Who may import whom, by the manifests.

use std::collections::BTreeMap;

use super::sources::root;

/// Section → lines of a manifest.
fn manifest(path: &str) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut at = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) => name.clone_into(&mut at),
            None => sections.entry(at.clone()).or_default().push(line.to_owned()),
        }
    }
    sections
}

/// Names of the dependencies of a section.
fn names(manifest: &BTreeMap<String, Vec<String>>, section: &str) -> Vec<String> {
    manifest
        .get(section)
        .into_iter()
        .flatten()
        .filter_map(|line| line.split(['.', '=', ' ']).next())
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn knows_none_of(path: &str, forbidden: &[&str]) {
    let manifest = manifest(path);
    for section in ["dependencies", "build-dependencies"] {
        for name in names(&manifest, section) {
            let is_forbidden = forbidden
                .iter()
                .any(|word| name == *word || (word.ends_with('*') && name.starts_with(word.trim_end_matches('*'))));
            assert!(!is_forbidden, "{path} [{section}] names {name}");
        }
    }
    assert!(manifest.contains_key("dependencies"), "{path} was read");
}

const OURS: [&str; 7] = ["app", "domain", "entity", "migration", "service", "testing", "server"];

#[track_caller]
fn ours_but(allowed: &[&str]) -> Vec<&'static str> {
    OURS.into_iter().filter(|name| !allowed.contains(name)).collect()
}

#[test]
fn domain_knows_nobody() {
    knows_none_of("crates/domain/Cargo.toml", &ours_but(&[]));
    knows_none_of(
        "crates/domain/Cargo.toml",
        &["leptos*", "axum*", "sea-orm*", "tokio", "sqlx", "getrandom", "http", "tower*", "chrono-tz"],
    );
}

#[test]
fn entity_knows_only_domain() {
    knows_none_of("crates/entity/Cargo.toml", &ours_but(&["domain"]));
    knows_none_of("crates/entity/Cargo.toml", &["leptos*", "axum*", "http"]);
}

#[test]
fn a_migration_knows_no_entity() {
    knows_none_of("crates/migration/Cargo.toml", &ours_but(&[]));
}

#[test]
fn service_knows_neither_pages_nor_http() {
    knows_none_of("crates/service/Cargo.toml", &ours_but(&["domain", "entity"]));
    knows_none_of("crates/service/Cargo.toml", &["leptos*", "axum*", "http", "tower*", "hyper*", "reqwest"]);
}

#[test]
fn app_knows_service_only_on_the_server() {
    let manifest = manifest("app/Cargo.toml");
    knows_none_of("app/Cargo.toml", &ours_but(&["domain", "service"]));
    knows_none_of("app/Cargo.toml", &["sea-orm*", "sqlx", "chrono-tz", "regex*", "pulldown*", "comrak", "ammonia"]);
    let service = manifest["dependencies"].iter().find(|line| line.starts_with("service")).expect("app knows service");
    assert!(service.contains("optional = true"), "{service}");
    let features = &manifest["features"];
    for line in features.iter().filter(|line| line.contains("dep:service")) {
        assert!(line.starts_with("ssr"), "{line}");
    }
    assert!(features.iter().any(|line| line.starts_with("ssr") && line.contains("dep:service")));
}

#[test]
fn frontend_knows_only_app() {
    knows_none_of("frontend/Cargo.toml", &ours_but(&["app"]));
    let text = std::fs::read_to_string(root().join("frontend/src/lib.rs")).unwrap();
    assert!(text.lines().count() <= 25, "frontend starts hydration and nothing else");
}

#[test]
fn testing_is_for_tests_only() {
    for path in ["app", "server", "frontend", "crates/domain", "crates/entity", "crates/migration", "crates/service"] {
        let manifest = manifest(&format!("{path}/Cargo.toml"));
        assert!(!names(&manifest, "dependencies").iter().any(|name| name == "testing"), "{path}");
    }
}

#[test]
fn versions_are_written_once() {
    for path in [
        "app",
        "server",
        "frontend",
        "crates/domain",
        "crates/entity",
        "crates/migration",
        "crates/service",
        "crates/testing",
    ] {
        let manifest = manifest(&format!("{path}/Cargo.toml"));
        for line in manifest.get("dependencies").into_iter().flatten() {
            assert!(line.contains("workspace = true"), "{path}: {line}: versions stand in the workspace");
        }
    }
}

#[test]
fn a_feature_of_the_pages_imports_no_other_feature() {
    let features = ["account", "requests", "search", "tickets"];
    let mut found = Vec::new();
    for file in super::sources::rust() {
        let Some(own) = features.iter().find(|name| file.path.starts_with(&format!("app/src/{name}/"))) else {
            continue;
        };
        for (at, line) in file.code_lines() {
            for other in features.iter().filter(|name| *name != own) {
                // A use case has one address: pages of another feature may call its server function, nothing else.
                if line.contains(&format!("crate::{other}::"))
                    && !line.contains(&format!("crate::{other}::server_fns::"))
                {
                    found.push(format!("{}:{at}: {}", file.path, line.trim()));
                }
            }
        }
    }
    super::sources::none("what two features need moves up", &found);
}
