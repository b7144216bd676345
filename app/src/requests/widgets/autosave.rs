//! What is typed in a form of the portal is kept on the server a second after the last key, so that it survives a reload, an
//! expired sign-in and a change of device (P-GEN-05). Without scripts the server keeps it at each post.

use std::time::Duration;

use domain::format;
use domain::forms::SaveDraft;
use domain::lang::Lang;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::FormData;
use serde_json::{Map, Value};

use crate::t::requests as t;
use crate::tickets::server_fns::save_draft;

const AFTER: Duration = Duration::from_millis(1000);

/// Which form a draft is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A note on the request of this number.
    Note(i64),
    /// A request to be.
    NewRequest,
}

impl About {
    const fn kind(self) -> &'static str {
        match self {
            Self::Note(_) => "occurrence",
            Self::NewRequest => "ticket",
        }
    }

    fn object(self) -> String {
        match self {
            Self::Note(number) => number.to_string(),
            Self::NewRequest => "new".to_owned(),
        }
    }

    /// Fields of one text, as the draft names them.
    const fn texts(self) -> &'static [&'static str] {
        match self {
            Self::Note(_) => &["body", "format", "category", "notify_responsible"],
            Self::NewRequest => &[
                "from",
                "follow_up_of",
                "kind",
                "title",
                "description",
                "format",
                "category",
                "location",
                "urgency",
                "entity",
            ],
        }
    }

    /// Fields of several.
    const fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Note(_) => &["attachments"],
            Self::NewRequest => &["requesters", "attachments"],
        }
    }
}

/// The draft of a form; acts in the browser only.
#[derive(Clone, Copy)]
pub(crate) struct Autosave {
    form: NodeRef<html::Form>,
    about: About,
    saved_at: RwSignal<Option<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Autosave {
    pub(crate) fn new(form: NodeRef<html::Form>, about: About) -> Self {
        Self { form, about, saved_at: RwSignal::new(None), timer: StoredValue::new(None) }
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
        let (kind, object) = (self.about.kind().to_owned(), self.about.object());
        let form = SaveDraft { kind, object, fields, device: String::new() };
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
        let name = |field: &str, ending: &str| ["form[", field, ending].concat();
        let mut fields = Map::new();
        for field in self.about.texts() {
            let text = data.get(&name(field, "]")).as_string().unwrap_or_default();
            fields.insert((*field).to_owned(), Value::String(text));
        }
        for field in self.about.lists() {
            let all = data.get_all(&name(field, "][]"));
            let texts = all.iter().filter_map(|one| one.as_string()).map(Value::String).collect();
            fields.insert((*field).to_owned(), Value::Array(texts));
        }
        Some(Value::Object(fields).to_string())
    }

    /// When it was last kept, in words; nothing before the first time.
    pub(crate) fn words(self, lang: Lang) -> Option<String> {
        self.saved_at.get().map(|time| t::draft_saved(lang, &time))
    }
}
