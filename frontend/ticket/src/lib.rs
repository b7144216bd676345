//! The bundle of a ticket and the forms about it.

/// Takes over the page; see [`frontend::hydrate`].
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate(words: String) -> bool {
    frontend::hydrate(words, app::routes::ticket::routes)
}
