//! SQLite: the prepared file lives in memory and is written out once per test.

use std::path::{Path, PathBuf};

use tokio::sync::OnceCell;

use crate::database::{Template, fill, path_text};

static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
static DESK: OnceCell<Vec<u8>> = OnceCell::const_new();

/// Where files cost no flush to a disk, if the machine has such a place.
pub(crate) fn fast_folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if tempfile::tempfile_in(&memory).is_ok() { memory } else { std::env::temp_dir() }
}

/// Address of a file.
pub(crate) fn url(file: &Path) -> String {
    format!("sqlite://{}", path_text(file))
}

/// Writes a copy of the template; nothing for `Empty`.
pub(crate) async fn write_template(template: Template, file: &Path) {
    let cell = match template {
        Template::Empty => return,
        Template::Migrated => &MIGRATED,
        Template::Desk => &DESK,
    };
    let bytes = cell.get_or_init(|| prepare(template)).await;
    std::fs::write(file, bytes).expect("the template can be copied");
}

async fn prepare(template: Template) -> Vec<u8> {
    let folder = tempfile::tempdir_in(fast_folder()).expect("a folder for the template");
    let file = folder.path().join("template.db");
    // The last connection that closes writes the log back, so that the file alone is whole.
    fill(&url(&file), template).await;
    std::fs::read(&file).expect("the template can be read")
}
