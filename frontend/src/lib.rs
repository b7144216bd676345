//! Starts the application in the browser; everything else is `app`.

/// Takes over the page the server rendered. `words` is the file of its language; `false` when that is of another build,
/// and the page stays what it is without scripts.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate(words: String) -> bool {
    console_error_panic_hook::set_once();
    let is_ready = app::words::load(words);
    if is_ready {
        leptos::mount::hydrate_body(app::App);
    }
    is_ready
}
