//! Finding and reading the sources.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Folders that hold nothing written by hand.
const SKIPPED: &[&str] = &[".git", "target", "node_modules", "playwright-report", "test-results", "data"];

/// A file of the project.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Path from the top of the project, with `/`.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

impl File {
    /// Lines with their numbers, comments left out: a rule may be named where it is explained.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(at, line)| (at + 1, line))
    }

    /// The text before its unit tests.
    pub(super) fn without_unit_tests(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }

    /// Whether it is a test.
    pub(super) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.starts_with("crates/testing/")
    }
}

/// The top of the project.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every `.rs` file of the project.
pub(super) fn rust() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = Vec::new();
        for folder in ["app", "crates", "server", "frontend"] {
            collect(&root().join(folder), folder, &|name| name.ends_with(".rs"), &mut files);
        }
        assert!(files.len() > 100, "the sources were not found: {}", files.len());
        files
    })
}

/// Every file of the project whose name is wanted, text files only.
pub(super) fn all(wanted: &dyn Fn(&str) -> bool) -> Vec<File> {
    let mut files = Vec::new();
    collect(&root(), "", wanted, &mut files);
    files
}

fn collect(folder: &Path, name: &str, wanted: &dyn Fn(&str) -> bool, files: &mut Vec<File>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let part = entry.file_name().to_string_lossy().into_owned();
        let path = if name.is_empty() { part.clone() } else { format!("{name}/{part}") };
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            if !SKIPPED.contains(&part.as_str()) && path != "public/js" {
                collect(&entry.path(), &path, wanted, files);
            }
        } else if kind.is_file()
            && wanted(&part)
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            files.push(File { path, text });
        }
    }
}

/// Fails with every finding at once.
pub(super) fn none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}
