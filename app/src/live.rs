//! (browser) Live events: the page of a ticket hears that something changed, never what (A-EVT); it asks again
//! under its own rights. Does not belong here: what a page does about it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Event, EventSource, MessageEvent};
use serde::Deserialize;

/// A change as the stream tells it: ids and numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Change {
    /// `ticket`, `occurrence`, `document`; what the reader was told of is none of his page's business.
    pub kind: String,
    /// `created`, `changed`, `removed`.
    pub what: String,
    /// Id of the entry that changed; a ticket is named by no id.
    pub id: Option<String>,
    /// Its version from now on.
    pub version: i32,
}

/// What the stream tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something changed.
    Change(Change),
    /// Changes were missed: whatever the page shows may be old.
    Reset,
}

type Listener = Closure<dyn FnMut(Event)>;

/// A stream with its listeners; they must live as long as it does.
struct Stream {
    source: EventSource,
    _listeners: [Listener; 2],
}

/// Hears the changes of a ticket until the current owner is cleaned up. Call it in an effect: it needs a browser.
pub fn listen(ticket: i64, on_news: impl Fn(News) + Clone + 'static) {
    // Without the stream a reload shows the news, as without scripts.
    let Ok(source) = EventSource::new(&format!("/events?ticket={ticket}")) else { return };
    let on_reset = on_news.clone();
    let change = listener(&source, "change", move |event| {
        if let Some(change) = read(&event) {
            on_news(News::Change(change));
        }
    });
    let reset = listener(&source, "reset", move |_| on_reset(News::Reset));
    let stream = StoredValue::new_local(Some(Stream { source, _listeners: [change, reset] }));
    on_cleanup(move || {
        if let Some(stream) = stream.try_update_value(Option::take).flatten() {
            stream.source.close();
        }
    });
}

fn listener(source: &EventSource, name: &str, act: impl FnMut(Event) + 'static) -> Listener {
    let listener = Listener::new(act);
    // Fails for no name and no function that we pass.
    let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener
}

fn read(event: &Event) -> Option<Change> {
    let data = event.dyn_ref::<MessageEvent>()?.data().as_string()?;
    // Neither is an entry of the page.
    serde_json::from_str(&data).ok().filter(|change: &Change| !matches!(change.kind.as_str(), "notification" | "chat"))
}
