//! Nothing typed is ever lost: what a form holds is kept in the browser at each change and on the server a second
//! later (T-DRF-02). Without scripts the server keeps it at each post.

use std::time::Duration;

use domain::format;
use domain::forms::SaveDraft;
use domain::views::DraftView;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, Storage};
use serde_json::{Map, Value};

use super::post::fields_of;
use crate::boot::{use_lang, use_viewer};
use crate::components::icon::Icon;
use crate::t::tickets as t;
use crate::tickets::server_fns::{DiscardDraft, save_draft};

/// How long after the last change the server is asked to keep it.
const SAVE_AFTER: Duration = Duration::from_millis(1000);
/// Fields that belong to the form and not to its writer, or to one sending of it.
const NOT_KEPT: [&str; 8] = ["key", "ticket", "from", "id", "version", "number", "seen", "decided"];
const DEVICE: &str = "guichet-device";

/// Where a draft is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Nothing was typed yet.
    #[default]
    Nowhere,
    /// On its way: what was typed last is not on the server yet, an older text may be.
    Typing,
    /// On the server; the time is beside it.
    Saved,
    /// Only in this browser.
    Local,
}

/// The draft of one form on the page.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    form: NodeRef<html::Form>,
    kind: &'static str,
    object: StoredValue<String>,
    place: StoredValue<String>,
    kept: RwSignal<Kept>,
    at: RwSignal<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Draft {
    /// The draft of a form: `kind` and `object` as the server names it, `saved` what it has already.
    pub(crate) fn new(
        form: NodeRef<html::Form>,
        kind: &'static str,
        object: String,
        saved: Option<&DraftView>,
    ) -> Self {
        let user = use_viewer().map(|viewer| viewer.id.to_string()).unwrap_or_default();
        let draft = Self {
            form,
            kind,
            place: StoredValue::new(format!("guichet-draft:{user}:{kind}:{object}")),
            object: StoredValue::new(object),
            kept: RwSignal::new(if saved.is_some() { Kept::Saved } else { Kept::Nowhere }),
            at: RwSignal::new(saved.map(|draft| format::time(&draft.saved_at)).unwrap_or_default()),
            timer: StoredValue::new(None),
        };
        Effect::new(move |_| draft.restore());
        draft
    }

    /// Call it on every `input` and `change` of the form.
    pub(crate) fn typed(self) {
        let Some(fields) = self.fields() else { return };
        if let Some(storage) = storage() {
            // A full or forbidden store leaves the server's copy.
            let _ = storage.set_item(&self.place.get_value(), &fields);
        }
        if self.kept.get_untracked() == Kept::Saved {
            self.kept.set(Kept::Typing);
        }
        self.save_later(fields);
    }

    fn save_later(self, fields: String) {
        self.stop();
        let save = move || spawn_local(self.save(fields));
        self.timer.set_value(set_timeout_with_handle(save, SAVE_AFTER).ok());
    }

    /// Call it when the post succeeded: the server has removed its copy already.
    pub(crate) fn posted(self) {
        self.stop();
        self.forget();
        self.kept.set(Kept::Nowhere);
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn forget(self) {
        if let (Some(storage), Some(place)) = (storage(), self.place.try_get_value()) {
            let _ = storage.remove_item(&place);
        }
    }

    fn fields(self) -> Option<String> {
        let form = self.form.get_untracked()?;
        let mut map = Map::new();
        for (name, value) in fields_of(&form)? {
            let Some(field) = name.strip_prefix("form[") else { continue };
            if let Some(list) = field.strip_suffix("][]") {
                let all = map.entry(list).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(all) = all {
                    all.push(Value::String(value));
                }
            } else if let Some(field) = field.strip_suffix(']').filter(|field| !NOT_KEPT.contains(field)) {
                map.insert(field.to_owned(), Value::String(value));
            }
        }
        Some(Value::Object(map).to_string())
    }

    async fn save(self, fields: String) {
        let (Some(object), Some(place)) = (self.object.try_get_value(), self.place.try_get_value()) else { return };
        let form = SaveDraft { kind: self.kind.to_owned(), object, fields: fields.clone(), device: device() };
        match save_draft(form).await {
            Ok(saved) => {
                // What was typed since is newer than what the server has.
                let storage = storage();
                let local = storage.as_ref().and_then(|storage| storage.get_item(&place).ok().flatten());
                if let (Some(storage), true) = (storage, local.as_deref() == Some(fields.as_str())) {
                    let _ = storage.remove_item(&place);
                }
                let _ = self.at.try_set(format::time(&saved.saved_at));
                let _ = self.kept.try_set(Kept::Saved);
            }
            Err(_away) => {
                let _ = self.kept.try_set(Kept::Local);
            }
        }
    }

    /// Saves a copy that holds a choice this page does not have, and asks the server for a page that has it.
    async fn show_again(self, fields: String) {
        self.save(fields).await;
        if self.kept.try_get_untracked() == Some(Kept::Saved) {
            // A refusal to load leaves the page without the choice; the draft has it.
            let _ = window().location().reload();
        }
    }

    /// A copy in the browser is there only while the server lacks it, so it is the newer one.
    fn restore(self) {
        let Some(form) = self.form.get() else { return };
        let local = storage().and_then(|storage| storage.get_item(&self.place.get_value()).ok().flatten());
        let Some(local) = local else { return };
        let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(&local) else { return };
        let is_whole = fill(&form, &fields);
        self.kept.set(Kept::Local);
        if !is_whole {
            spawn_local(self.show_again(local));
            return;
        }
        // The copy itself, not the form read again: an editor that is still loading shows the older text.
        self.save_later(local);
    }
}

/// Puts kept texts back into their fields; `false` where one of them is a choice that the page does not have.
fn fill(form: &HtmlFormElement, fields: &Map<String, Value>) -> bool {
    let mut is_whole = true;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    tick(form, fields);
    begin(form, text("begun"));
    for (name, value) in fields {
        let Some(value) = value.as_str() else { continue };
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let Some(control) =
            is_name.then(|| form.query_selector(&format!("[name='form[{name}]']")).ok().flatten()).flatten()
        else {
            continue;
        };
        let editor =
            control.dyn_ref::<HtmlTextAreaElement>().and_then(|area| area.closest("desk-editor").ok().flatten());
        if let Some(editor) = editor.filter(|_| text("format") == "html") {
            // Markup goes to the editor alone: in the plain area it would count as text that somebody typed.
            let _ = editor.set_attribute("html", value);
            continue;
        }
        match control.dyn_ref::<HtmlInputElement>() {
            Some(input) if input.type_() == "radio" => is_whole &= check(form, name, value) || value.is_empty(),
            Some(input) if matches!(input.type_().as_str(), "hidden" | "checkbox") => {}
            _ => {
                let _ = js_sys::Reflect::set(&control, &JsValue::from_str("value"), &JsValue::from_str(value));
            }
        }
    }
    is_whole
}

/// What was typed was typed over the version it was begun from, whatever the page has read since.
fn begin(form: &HtmlFormElement, version: &str) {
    for name in ["begun", "version"] {
        let field = form.query_selector(&format!("input[type='hidden'][name='form[{name}]']")).ok().flatten();
        let input = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input.filter(|_| !version.is_empty()) {
            input.set_value(version);
        }
    }
}

/// Sets every tick as it was; what is not ticked is in no form.
fn tick(form: &HtmlFormElement, fields: &Map<String, Value>) {
    let Ok(boxes) = form.query_selector_all("input[type='checkbox'][name^='form[']") else { return };
    for at in 0..boxes.length() {
        let Some(input) = boxes.get(at).and_then(|node| node.dyn_into::<HtmlInputElement>().ok()) else { continue };
        let (name, value) = (input.name(), input.value());
        let name = name.trim_start_matches("form[");
        let is_it = |one: &Value| one.as_str() == Some(value.as_str());
        let is_ticked = match name.strip_suffix("][]") {
            Some(list) => fields.get(list).and_then(Value::as_array).is_some_and(|all| all.iter().any(is_it)),
            None => fields.get(name.trim_end_matches(']')).is_some_and(is_it),
        };
        input.set_checked(is_ticked);
    }
}

/// Chooses one of the radios of a field; `false` where none has the value.
pub(crate) fn check(form: &HtmlFormElement, name: &str, value: &str) -> bool {
    let radios = form.query_selector_all(&format!("[name='form[{name}]']"));
    let Ok(radios) = radios else { return false };
    let mut is_there = false;
    for at in 0..radios.length() {
        if let Some(radio) = radios.get(at).and_then(|node| node.dyn_into::<HtmlInputElement>().ok())
            && radio.value() == value
        {
            radio.set_checked(true);
            is_there = true;
        }
    }
    is_there
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// A random name of this browser, to tell devices apart (T-DRF-04).
fn device() -> String {
    let Some(storage) = storage() else { return String::new() };
    if let Some(name) = storage.get_item(DEVICE).ok().flatten() {
        return name;
    }
    let name = format!("{:.0}", js_sys::Math::random() * 1e15);
    let _ = storage.set_item(DEVICE, &name);
    name
}

/// The state of a draft beside the button of its form, with the way to throw it away.
#[component]
pub(crate) fn DraftState(
    /// The draft.
    draft: Draft,
    /// Id of its [`DiscardForm`].
    #[prop(into)]
    discard: String,
) -> impl IntoView {
    let lang = use_lang();
    let state = move || match draft.kept.get() {
        Kept::Nowhere => None,
        Kept::Typing => Some("typing"),
        Kept::Saved => Some("saved"),
        Kept::Local => Some("local"),
    };
    let words = move || match draft.kept.get() {
        Kept::Nowhere => ().into_any(),
        Kept::Typing | Kept::Saved => {
            let discard = discard.clone();
            view! {
                <Icon name="check" small=true/>
                <span class="draft-word">{t::draft_saved(lang, &draft.at.get())}</span>
                <button class="btn btn-ghost btn-xs" r#type="submit" form=discard>{t::discard(lang)}</button>
            }
            .into_any()
        }
        Kept::Local => {
            view! { <Icon name="smartphone" small=true/><span class="draft-word">{t::draft_local(lang)}</span> }
                .into_any()
        }
    };
    view! { <span class="draft-state" data-state=state>{words}</span> }
}

/// The form behind "Discard": stands beside the form of the draft, as forms do not nest.
#[component]
pub(crate) fn DiscardForm(
    /// Id that the button names.
    #[prop(into)]
    id: String,
    /// The draft.
    draft: Draft,
    /// Where to return to.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    // Posted as a page of its own, so that the form begins anew.
    view! {
        <form id=id method="post" action=DiscardDraft::url() hidden=true on:submit=move |_| draft.posted()>
            <input r#type="hidden" name="kind" value=draft.kind/>
            <input r#type="hidden" name="object" value=draft.object.get_value()/>
            <input r#type="hidden" name="back" value=back/>
        </form>
    }
}

/// Markup of a draft as plain text, for a page without scripts.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        let is_line = ["br", "/p", "/li", "/h2", "/h3", "/h4", "/blockquote", "/pre"]
            .iter()
            .any(|end| tag.trim_end_matches('/').trim() == *end);
        if is_line {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ");
    text.replace("&amp;", "&").trim().to_owned()
}

/// The text a form begins with and, where the draft was written in the editor, its markup.
pub(crate) fn text_and_html(draft: Option<&DraftView>, field: &str) -> (String, String) {
    let Some(draft) = draft else { return (String::new(), String::new()) };
    let typed = draft.text(field);
    if draft.text("format") == "html" { (plain(&typed), typed) } else { (typed, String::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_drf_02_markup_of_a_draft_reads_as_plain_text() {
        let cases = [
            ("", ""),
            ("<p>One</p><p>Two &amp; &lt;b&gt;</p>", "One\nTwo & <b>"),
            ("<ul><li><p>a</p></li></ul>", "a"),
            ("no markup", "no markup"),
            ("a<br>b", "a\nb"),
            ("<p>cut <b", "cut"),
        ];
        for (html, text) in cases {
            assert_eq!(plain(html), text, "{html}");
        }
    }
}
