//! The last previews of this process, so that a page that is loaded again does not judge its file again. Their ids are sealed
//! and of one person; whoever names one has been checked.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use domain::views::ImportPreview;

/// Previews that are kept: each is small, whatever its file.
const MOST: usize = 32;

/// Id it is asked for by, stamp of the data, preview.
type Kept = (String, String, ImportPreview);

static LAST: Mutex<VecDeque<Kept>> = Mutex::new(VecDeque::new());

/// Keeps a preview for an id with the stamp of the data it was made from.
pub(super) fn keep(id: &str, stamp: &str, preview: &ImportPreview) {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.truncate(MOST - 1);
    last.push_front((id.to_owned(), stamp.to_owned(), preview.clone()));
}

/// The preview of an id, if the data is still the same.
pub(super) fn find(stamp: &str, id: &str) -> Option<ImportPreview> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.iter().find(|(of, at, _)| of == id && at == stamp).map(|(_, _, preview)| preview.clone())
}
