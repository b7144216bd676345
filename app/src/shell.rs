//! (server) The document around the application: `<html>`, `<head>`, content policy.

use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::boot::{Boot, use_boot};
use crate::routes::all;
use crate::t::{chooser, common, palette, search, shell as shell_words};
use crate::{App, bundle};

/// The font has one address, which the style sheet names too: otherwise it would be fetched twice.
const FONT: &str = "/fonts/inter-latin-wght-normal.woff2";

/// The whole document of a page.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    let boot = use_boot();
    let nonce = use_nonce();
    let facts = serde_json::to_string(boot.as_ref()).unwrap_or_default();
    let script_nonce = nonce.map(|n| n.to_string());
    let bundle = use_context::<http::request::Parts>().and_then(|parts| bundle::of_path(parts.uri.path()));
    limit_content(script_nonce.as_deref(), bundle.is_some());
    // A plain page has nothing to wait for.
    let is_ready = bundle.is_none().then_some("");
    let pages = bundle.is_none().then(|| view! { <link rel="stylesheet" href=boot.asset("pages.css")/> });
    let palette = palette_words(&boot);
    let scripts = bundle.map(|name| start(&boot, name, script_nonce.clone()));
    view! {
        <!DOCTYPE html>
        <html lang=boot.lang.code() data-theme=theme(&boot.theme) data-density=density(&boot.density) data-boot=facts data-palette-words=palette data-hydrated=is_ready>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <link rel="preload" href=FONT r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=boot.asset("main.css")/>
                {pages}
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <script r#type="module" nonce=script_nonce src=boot.asset("js/boot.js")></script>
                {scripts}
                <MetaTags/>
            </head>
            <body>
                <App routes=all::routes/>
            </body>
        </html>
    }
}

/// Fetches the bundle and the words of the page's language side by side, then starts the application. If one of them
/// does not come, or is of another build, the page stays what it is without scripts and the console says why.
fn start(boot: &Boot, bundle: &str, nonce: Option<String>) -> impl IntoView + use<> {
    let script = boot.asset(&["pkg/", bundle, ".js"].concat());
    let wasm = boot.asset(&["pkg/", bundle, ".wasm"].concat());
    let words = boot.asset(&["words/", boot.lang.code(), ".txt"].concat());
    let code = format!(
        "const [app, words] = await Promise.all([\
         import({script:?}).then(async (app) => {{ await app.default({{ module_or_path: {wasm:?} }}); return app; }}), \
         fetch({words:?}).then((file) => file.text())]);\n\
         if (!app.hydrate(words)) throw new Error(\"The words are not of this build.\");"
    );
    view! {
        <link rel="modulepreload" href=script crossorigin="anonymous"/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <link rel="preload" href=words r#as="fetch" crossorigin="anonymous"/>
        <script r#type="module" nonce=nonce>{code}</script>
    }
}

/// The words of the command palette, for agents: its module is fetched when somebody opens it (`frontend/js/palette`), and they are
/// no words of the application.
fn palette_words(boot: &Boot) -> Option<String> {
    let lang = boot.lang;
    let is_agent = boot.viewer.as_ref().is_some_and(|viewer| viewer.agent);
    is_agent.then(|| {
        serde_json::json!({
            "name": shell_words::palette(lang),
            "field": palette::field(lang),
            "hint": palette::hint(lang),
            "ticket": palette::this_ticket(lang),
            "place": palette::go_to(lang),
            "create": palette::create(lang),
            "found": palette::found(lang),
            "article": palette::article(lang),
            "customer": chooser::customer(lang),
            "searching": palette::searching(lang),
            "failed": chooser::search_failed(lang),
            "nothing": search::nothing(lang, "{q}"),
            "create_with": search::create_with(lang),
            "one": search::found(lang, 1),
            // Up to a million no language has another sentence than that of two.
            "several": search::found(lang, 2).replace('2', "{n}"),
            "close": common::panel_close(lang),
        })
        .to_string()
    })
}

/// The stock theme's name; without a choice the system decides.
fn theme(choice: &str) -> Option<&'static str> {
    match choice {
        "light" => Some("guichet-light"),
        "dark" => Some("guichet-dark"),
        "contrast" => Some("guichet-contrast"),
        "contrast-dark" => Some("guichet-contrast-dark"),
        _ => None,
    }
}

fn density(choice: &str) -> &'static str {
    if choice == "comfortable" { "comfortable" } else { "compact" }
}

/// Sets the content policy: scripts only of this site or with the nonce of this answer, WASM only where the page has a bundle.
fn limit_content(nonce: Option<&str>, has_bundle: bool) {
    let nonce = nonce.map(|n| format!(" 'nonce-{n}'")).unwrap_or_default();
    let wasm = if has_bundle { " 'wasm-unsafe-eval'" } else { "" };
    let policy = format!(
        "default-src 'self'; script-src 'self'{nonce}{wasm}; style-src 'self'{nonce}; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&policy)) {
        options.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}
