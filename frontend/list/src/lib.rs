//! The bundle of the list of tickets.

/// Takes over the page; see [`frontend::hydrate`].
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate(words: String) -> bool {
    frontend::hydrate(words, app::routes::list::routes)
}
