//! (browser) Single keys of the ticket page: N writes, H shows the history, / searches (design: keyboard).

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};

/// Listens while the page is shown.
pub(crate) fn use_keys(number: Memo<i64>) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| act(&event, number));
        on_cleanup(move || handle.remove());
    });
}

fn act(event: &KeyboardEvent, number: Memo<i64>) {
    if event.is_composing() {
        return;
    }
    // The editor claims every Esc in its text, whether it has a use for it or not.
    if event.key() == "Escape" && (!event.default_prevented() || is_in(event, ".desk-editor-surface")) {
        fold_dock(event);
        return;
    }
    if event.default_prevented() {
        return;
    }
    if event.ctrl_key() || event.alt_key() || event.meta_key() || is_text(event) {
        return;
    }
    let done = match event.key().as_str() {
        "n" | "N" => open_dock(),
        "/" => focus("#search"),
        "h" | "H" => follow(&format!("a[href=\"/tickets/{}/history\"]", number.get_untracked())),
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

/// Letters belong to whoever is typing, and to what lies before the page.
fn is_text(event: &KeyboardEvent) -> bool {
    is_in(event, "input, textarea, select, [contenteditable], dialog")
}

fn is_in(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focus(selector: &str) -> bool {
    // An element that cannot take the focus leaves it where it is.
    find(selector).is_some_and(|element| element.focus().is_ok())
}

fn follow(selector: &str) -> bool {
    find(selector).is_some_and(|link| {
        link.click();
        true
    })
}

/// Opens the dock and puts the caret into its text.
pub(crate) fn open_dock() -> bool {
    unfold_dock();
    focus("#dock desk-editor .desk-editor-surface") || focus("#dock desk-editor > textarea")
}

/// Opens the dock and leaves the focus where it is.
pub(crate) fn unfold_dock() {
    if let Some(dock) = find("details#dock") {
        // Cannot fail for an attribute of our own.
        let _ = dock.set_attribute("open", "");
    }
}

/// Esc folds the dock; its draft stays.
fn fold_dock(event: &KeyboardEvent) {
    let Some(dock) = find("#dock[open]") else { return };
    if is_in(event, "#dock") {
        event.prevent_default();
        let _ = dock.remove_attribute("open");
        focus("#dock > summary");
    }
}

/// Brings an entry into view and gives it the focus; false if the page does not show it.
pub(crate) fn focus_anchor(id: &str) -> bool {
    let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok())
    else {
        return false;
    };
    element.scroll_into_view();
    // An element that cannot take the focus is in view all the same.
    let _ = element.focus();
    true
}
