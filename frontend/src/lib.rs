//! Starts the application in the browser; everything else is `app`. Each bundle (`list`, `ticket`) is a crate that names its pages.

use leptos::prelude::*;

/// Takes over the page the server rendered. `words` is the file of its language; `false` when that is of another build,
/// and the page stays what it is without scripts.
pub fn hydrate(words: String, routes: fn() -> AnyView) -> bool {
    console_error_panic_hook::set_once();
    let is_ready = app::words::load(words);
    if is_ready {
        leptos::mount::hydrate_body(move || view! { <app::App routes/> });
    }
    is_ready
}
