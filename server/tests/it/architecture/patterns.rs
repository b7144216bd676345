//! What may stand where.

use super::sources::{File, all, none, rust};

/// Lines of the chosen files that hold one of the words.
fn lines_with(words: &[&str], of: impl Fn(&File) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust().iter().filter(|file| of(file)) {
        for (at, line) in file.code_lines() {
            for word in words.iter().filter(|word| line.contains(*word)) {
                found.push(format!("{}:{at}: {word}", file.path));
            }
        }
    }
    found
}

#[test]
fn server_functions_live_only_in_files_of_that_name() {
    let found =
        lines_with(&["#[server]", "#[server("], |file| !file.is_test() && !file.path.ends_with("/server_fns.rs"));
    none("a server function is a public address: it stands in server_fns.rs", &found);
}

#[test]
fn pages_know_no_database() {
    none("no SQL under app/", &lines_with(&["sea_orm", "sqlx"], |file| file.path.starts_with("app/")));
}

#[test]
fn crates_below_the_pages_know_no_framework() {
    let found = lines_with(&["leptos::", "leptos_", "use leptos", "axum::"], |file| file.path.starts_with("crates/"));
    none("no leptos and no axum under crates/", &found);
}

#[test]
fn the_holes_of_the_renderer_are_covered_by_components_only() {
    let words = ["<textarea", "<Title", "inner_html"];
    let found =
        lines_with(&words, |file| file.path.starts_with("app/src/") && !file.path.starts_with("app/src/components/"));
    none("user text in <textarea>, <Title> and inner_html is not escaped by the renderer: use the components", &found);
}

#[test]
fn each_hole_is_covered_by_exactly_one_component() {
    let homes = [("<textarea", "app/src/components/text_area.rs"), ("<Title", "app/src/components/page_title.rs")];
    for (word, home) in homes {
        let found = lines_with(&[word], |file| file.path.starts_with("app/src/") && file.path != home);
        none(&format!("{word} belongs to {home}"), &found);
    }
}

#[test]
fn only_the_sanitiser_declares_html_safe() {
    let found = lines_with(&["from_sanitised("], |file| {
        !file.path.starts_with("crates/service/src/sanitise")
            && file.path != "crates/domain/src/html.rs"
            && !file.is_test()
    });
    none("SafeHtml is made in service::sanitise", &found);
}

#[test]
fn no_mutation_hides_behind_a_get() {
    none("GetUrl and GetCbor pass the CSRF layer", &lines_with(&["GetUrl", "GetCbor"], |file| !file.is_test()));
}

#[test]
fn lists_page_by_key_and_never_by_offset() {
    // The tenth failure of the last quarter of an hour: the offset is a constant of the rule (A-AUT-03), not a page.
    let bounded = "crates/service/src/account/sign_in.rs";
    let found = lines_with(&["OFFSET", ".offset("], |file| !file.is_test() && file.path != bounded);
    none("OFFSET reads all it skips", &found);
}

/// Who may open a transaction by hand, and why. Everybody else writes through `work::write`.
const MAY_BEGIN: &[(&str, &str)] = &[
    ("crates/service/src/work.rs", "the unit of work itself"),
    ("crates/service/src/db.rs", "opens the transactions the others ask for"),
    ("crates/service/src/account/", "nobody is signed in yet, so there is no Ctx"),
    ("crates/service/src/tokens.rs", "a token is asked for with a password: there is no Ctx"),
    ("crates/service/src/install.rs", "runs before anybody exists"),
    ("crates/service/src/demo", "generates a desk, owned by nobody"),
    ("crates/service/src/bench", "measures on a desk of its own"),
    ("crates/service/src/search/index.rs", "makes the index anew, from the command line"),
    ("crates/service/src/documents/orphans.rs", "a sweep of the server, owned by nobody"),
];

#[test]
fn only_the_unit_of_work_opens_a_write_transaction() {
    let found = lines_with(&[".begin(", ".begin_with", ".transaction("], |file| {
        file.path.starts_with("crates/service/src/")
            && !file.is_test()
            && !MAY_BEGIN.iter().any(|(path, _)| file.path.starts_with(path))
    });
    none("writes go through work::write", &found);
    let elsewhere = lines_with(&["db.begin", ".begin_with", "TransactionTrait"], |file| {
        (file.path.starts_with("app/") || file.path.starts_with("server/src/") || file.path.starts_with("frontend/"))
            && !file.is_test()
    });
    none("transactions are the service's business", &elsewhere);
}

#[test]
fn only_the_relay_hands_mails_to_a_server() {
    // A test of the way out shows what the server says while somebody waits for it (M-TRN-02).
    let senders = ["crates/service/src/jobs/relay_outbox.rs", "crates/service/src/mail/trial.rs"];
    let found = lines_with(&["transport().send(", ".transport.send("], |file| {
        !senders.contains(&file.path.as_str()) && !file.is_test()
    });
    none("a use case writes a row, jobs::relay_outbox sends it", &found);
    let of_lettre = lines_with(&["lettre::"], |file| {
        !file.path.starts_with("crates/service/src/mail/") && file.path.ends_with(".rs") && !file.is_test()
    });
    none("the library of mails stays in service::mail", &of_lettre);
}

#[test]
fn the_list_of_those_who_may_begin_does_not_rot() {
    for (path, reason) in MAY_BEGIN {
        assert!(
            rust().iter().any(|file| file.path.starts_with(path)),
            "{path} ({reason}) is gone: take it from the list"
        );
    }
}

#[test]
fn files_stay_short() {
    let found: Vec<String> = rust()
        .iter()
        .filter(|file| !file.path.contains("/format/data"))
        .map(|file| (file.path.as_str(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > 500)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    none("no hand-written file over 500 lines", &found);
}

#[test]
fn modules_are_named_by_their_file() {
    let found: Vec<String> =
        rust().iter().filter(|file| file.path.ends_with("/mod.rs")).map(|file| file.path.clone()).collect();
    none("foo.rs beside foo/, never mod.rs", &found);
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let mut found = lines_with(&["#[allow(", "#![allow("], |_| true);
    // This file names what it looks for.
    found.retain(|line| !line.starts_with("server/tests/it/architecture/"));
    none("#[expect(lint, reason = …)] instead", &found);
}

#[test]
fn code_does_not_panic_by_unfinished_places() {
    let found = lines_with(&["todo!(", "unimplemented!(", "dbg!("], |file| {
        !file.path.starts_with("server/tests/it/architecture/")
    });
    none("nothing is left to do in the tree", &found);
}

#[test]
fn the_project_names_no_machine() {
    let foreign = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let kinds =
        ["rs", "md", "toml", "sh", "mjs", "js", "ts", "css", "html", "yml", "yaml", "svg", "webmanifest", "txt", "sql"];
    let files = all(&|name| {
        kinds.iter().any(|kind| name.rsplit_once('.').is_some_and(|(_, ending)| ending == *kind))
            || ["Makefile", "run", ".gitignore", "Dockerfile"].contains(&name)
    });
    assert!(files.iter().any(|file| file.path == "Makefile"), "the whole project is read");
    let mut found = Vec::new();
    for file in &files {
        for (at, line) in file.text.lines().enumerate() {
            // Paths of a machine begin a word; `/tickets/work/…` would be an address of ours.
            let is_foreign = foreign.iter().any(|path| {
                line.match_indices(path).any(|(at, _)| {
                    line.get(..at)
                        .and_then(|before| before.chars().next_back())
                        .is_none_or(|c| !c.is_alphanumeric() && c != '.' && c != '}')
                })
            });
            if is_foreign {
                found.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    none("no path of a machine", &found);
}

#[test]
fn time_ids_and_tasks_come_from_the_context() {
    // clippy forbids the calls; each place that is allowed to make one says why, and there are few of them.
    let found = lines_with(&["clippy::disallowed_methods"], |file| !file.is_test());
    let known = [
        "crates/service/src/ctx.rs",
        "crates/service/src/work.rs",
        "crates/service/src/events.rs",
        "crates/service/src/bench",
        "crates/service/src/demo",
        "app/src/context.rs",
        "server/src/cli/",
        "server/src/api/events.rs",
    ];
    let surprising: Vec<String> =
        found.into_iter().filter(|line| !known.iter().any(|path| line.starts_with(path))).collect();
    none("a new place that reads the clock, makes ids, starts tasks or redirects", &surprising);
}
