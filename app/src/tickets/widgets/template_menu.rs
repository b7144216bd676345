//! Reply templates in the composer (T-OCC-09): the chosen one is made ready by the server and put at the cursor; what is typed
//! stays. Without scripts the button posts the form, and the page comes back with the text added.

use std::sync::Arc;

use domain::views::{DraftView, PropertyView, ReplyText};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{HtmlFormElement, HtmlTextAreaElement, MouseEvent};
use uuid::Uuid;

use super::draft::{Draft, check};
use super::mails::{MailLock, is_private};
use crate::boot::use_lang;
use crate::components::field::Options;
use crate::t::tickets as t;
use crate::tickets::server_fns::{InsertTemplate, reply_template};

/// The menu with its button; nothing where there is no template.
#[component]
pub(crate) fn TemplateMenu(
    /// The page it stands on.
    page: Arc<PropertyView>,
    /// The form of the composer.
    form: NodeRef<html::Form>,
    /// Its draft.
    draft: Draft,
    /// What keeps the entry public.
    lock: MailLock,
    /// Grows when the form begins anew.
    posts: RwSignal<u32>,
) -> impl IntoView {
    let lang = use_lang();
    let number = page.ticket.number;
    // The one used last is kept for information.
    let used = RwSignal::new(page.draft.as_ref().map(|draft| draft.text("template")).unwrap_or_default());
    let said = RwSignal::new("");
    let last = StoredValue::new(ReplyText::default());
    let begins_private = StoredValue::new(None::<bool>);
    let is_drafted = page.draft.as_ref().is_some_and(is_typed);
    Effect::new(move |before: Option<u32>| {
        let posts = posts.get();
        if before.is_some_and(|before| before != posts) {
            used.set(String::new());
            said.set("");
            last.set_value(ReplyText::default());
        }
        posts
    });
    // What the form begins with was chosen by nobody.
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            begins_private.set_value(Some(is_private(&form)));
        }
    });
    let insert = move |event: MouseEvent| {
        let Some(form) = form.get_untracked() else { return };
        event.prevent_default();
        let Ok(id) = value(&form, "insert").parse::<Uuid>() else { return };
        spawn_local(async move {
            let Ok(made) = reply_template(number, id).await else {
                let _ = said.try_set(t::template_gone(lang));
                return;
            };
            put(&form, &made);
            let before = last.try_get_value().unwrap_or_default();
            for (name, value, former) in
                [("form[category]", &made.category, &before.category), ("form[source]", &made.source, &before.source)]
            {
                choose(&form, name, value, former);
            }
            let now = if is_private(&form) { "private" } else { "public" };
            let is_first = !is_drafted && begins_private.try_get_value().flatten() == Some(now == "private");
            let is_free = (is_first || before.visibility == now) && !lock.is_on_untracked();
            let turns = is_free && !made.visibility.is_empty() && made.visibility != now;
            if turns {
                check(&form, "visibility", &made.visibility);
            }
            let is_told = turns && made.visibility == "public";
            let _ = said.try_set(if is_told { t::template_made_public(lang) } else { "" });
            let _ = used.try_set(made.id.to_string());
            let _ = last.try_set_value(made);
            draft.typed();
        });
    };
    if page.templates.is_empty() {
        return ().into_any();
    }
    view! {
        <span class="template-menu">
            <select class="select select-sm foot-select" name="insert" id="form-insert" aria-label=t::template(lang)>
                <Options options=page.templates.clone() blank=t::template(lang)/>
            </select>
            <button class="btn btn-ghost btn-sm" r#type="submit" formaction=InsertTemplate::url() on:click=insert>
                {t::insert_template(lang)}
            </button>
            <input r#type="hidden" name="form[template]" value=move || used.get()/>
        </span>
        <span class="template-said" role="status">{move || said.get()}</span>
    }
    .into_any()
}

/// Whether somebody typed it: what a page was begun with is nobody's.
fn is_typed(draft: &DraftView) -> bool {
    !draft.id.is_nil()
}

fn control(form: &HtmlFormElement, name: &str) -> Option<leptos::web_sys::Element> {
    form.query_selector(&["[name='", name, "']"].concat()).ok().flatten()
}

fn value(form: &HtmlFormElement, name: &str) -> String {
    let found =
        control(form, name).and_then(|control| js_sys::Reflect::get(&control, &JsValue::from_str("value")).ok());
    found.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Chooses a value where nobody chose one: the field is empty, or as the template before left it.
fn choose(form: &HtmlFormElement, name: &str, wanted: &str, former: &str) {
    let now = value(form, name);
    if wanted.is_empty() || (!now.is_empty() && now != former) {
        return;
    }
    if let Some(control) = control(form, name) {
        let _ = js_sys::Reflect::set(&control, &JsValue::from_str("value"), &JsValue::from_str(wanted));
    }
}

/// Puts the text at the cursor of the editor; into the plain area while that is all there is.
fn put(form: &HtmlFormElement, made: &ReplyText) {
    let method = form.query_selector("desk-editor").ok().flatten().and_then(|editor| {
        let method = js_sys::Reflect::get(&editor, &JsValue::from_str("insertHtml")).ok()?;
        Some((editor, method.dyn_into::<js_sys::Function>().ok()?))
    });
    if let Some((editor, method)) = method {
        // An editor that fails to take it leaves the text as it was.
        let _ = method.call2(&editor, &JsValue::from_str(&made.html), &JsValue::from_str(&made.text));
        return;
    }
    let area = control(form, "form[body]").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    if let Some(area) = area {
        let typed = area.value();
        let gap = if typed.trim().is_empty() { "" } else { "\n\n" };
        area.set_value(&[typed.trim_end(), gap, &made.text].concat());
    }
}
