//! What is typed in a note is kept on the server a second after the last key, so that it survives a reload, an
//! expired sign-in and a change of device (P-GEN-05). Without scripts the server keeps it at each post.

use std::time::Duration;

use domain::format;
use domain::forms::SaveDraft;
use domain::lang::Lang;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::FormData;
use serde_json::json;

use crate::t::requests as t;
use crate::tickets::server_fns::save_draft;

const AFTER: Duration = Duration::from_millis(1000);

/// The draft of a note; acts in the browser only.
#[derive(Clone, Copy)]
pub(crate) struct Autosave {
    form: NodeRef<html::Form>,
    number: i64,
    saved_at: RwSignal<Option<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Autosave {
    pub(crate) fn new(form: NodeRef<html::Form>, number: i64) -> Self {
        Self { form, number, saved_at: RwSignal::new(None), timer: StoredValue::new(None) }
    }

    /// Call it at every change of the form.
    pub(crate) fn typed(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let timer = set_timeout_with_handle(move || self.save(), AFTER).ok();
        let _gone = self.timer.try_set_value(timer);
    }

    fn save(self) {
        let Some(fields) = self.fields() else { return };
        let form =
            SaveDraft { kind: "occurrence".to_owned(), object: self.number.to_string(), fields, device: String::new() };
        spawn_local(async move {
            // A server that is away is asked again at the next key.
            if let Ok(draft) = save_draft(form).await {
                let _gone = self.saved_at.try_set(Some(format::time(&draft.saved_at)));
            }
        });
    }

    /// The fields as the draft names them.
    fn fields(self) -> Option<String> {
        let form = self.form.try_get_untracked().flatten()?;
        let data = FormData::new_with_form(&form).ok()?;
        let text = |name: &str| data.get(name).as_string().unwrap_or_default();
        let files: Vec<String> = data.get_all("form[attachments][]").iter().filter_map(|id| id.as_string()).collect();
        let fields = json!({
            "body": text("form[body]"),
            "format": text("form[format]"),
            "category": text("form[category]"),
            "attachments": files,
        });
        Some(fields.to_string())
    }

    /// When it was last kept, in words; nothing before the first time.
    pub(crate) fn words(self, lang: Lang) -> Option<String> {
        self.saved_at.get().map(|time| t::draft_saved(lang, &time))
    }
}
