//! What others did meanwhile: counted and offered, never pushed under the reader's eyes (T-TIM-06).

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::views::{Entry, OccurrenceView, PropertyView};
use leptos::prelude::*;

use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::live::{self, Change};
use crate::t::tickets as t;

/// News of one ticket page.
#[derive(Clone, Copy)]
pub(crate) struct News {
    /// Entries that the page does not show yet.
    fresh: RwSignal<BTreeSet<String>>,
    /// Entries the reader wrote himself: no news to him.
    own: RwSignal<BTreeSet<String>>,
    /// Other changes.
    changed: RwSignal<Vec<Change>>,
    /// Something was missed.
    missed: RwSignal<bool>,
    /// The reader's own post is under way: its event must not be taken for news.
    busy: Signal<bool>,
    page: Memo<Arc<PropertyView>>,
}

impl News {
    /// Listens to the ticket while the page is shown.
    ///
    /// `refresh` loads its data again: what became of a mail is shown at once, unless that would bring something of others along.
    pub(crate) fn listen(
        number: i64,
        page: Memo<Arc<PropertyView>>,
        busy: Signal<bool>,
        refresh: Callback<()>,
    ) -> Self {
        let news = Self {
            fresh: RwSignal::default(),
            own: RwSignal::default(),
            changed: RwSignal::default(),
            missed: RwSignal::new(false),
            busy,
            page,
        };
        Effect::new(move |_| live::listen(number, move |told| news.hear(told, refresh)));
        let count = news.count();
        let lang = use_lang();
        Effect::new(move |_| announce(count.get(), lang));
        news
    }

    fn hear(self, told: live::News, refresh: Callback<()>) {
        match told {
            live::News::Reset => self.missed.set(true),
            live::News::Change(change) if change.what == "created" && change.kind != "ticket" => {
                self.fresh.update(|ids| ids.extend(change.id));
            }
            live::News::Change(change)
                if self.is_quiet() && self.page.with_untracked(|page| is_about_mail(page, &change)) =>
            {
                refresh.run(());
            }
            live::News::Change(change) => self.changed.update(|all| all.push(change)),
        }
    }

    /// Nothing of others waits to be shown.
    fn is_quiet(self) -> bool {
        self.page.with_untracked(|page| {
            let (shown, own) = (shown(page), self.own.get_untracked());
            !self.missed.get_untracked()
                && !self.changed.with_untracked(|all| all.iter().any(|change| is_newer(page, change)))
                && self.fresh.with_untracked(|ids| ids.iter().all(|id| shown.contains(id) || own.contains(id)))
        })
    }

    /// The reader's own entry.
    pub(crate) fn is_own(self, id: String) {
        self.own.update(|ids| {
            ids.insert(id);
        });
    }

    /// The page is up to date again.
    pub(crate) fn seen(self) {
        self.fresh.update(BTreeSet::clear);
        self.changed.update(Vec::clear);
        self.missed.set(false);
    }

    /// How many entries of others wait.
    fn count(self) -> Memo<usize> {
        Memo::new(move |_| {
            if self.busy.get() {
                return 0;
            }
            let shown = self.page.with(|page| shown(page));
            let own = self.own.get();
            self.fresh.with(|ids| ids.iter().filter(|id| !shown.contains(*id) && !own.contains(*id)).count())
        })
    }

    /// Whether something that is shown is older than what is stored.
    fn is_stale(self) -> Memo<bool> {
        Memo::new(move |_| {
            if self.busy.get() {
                return false;
            }
            self.missed.get()
                || self.page.with(|page| self.changed.with(|all| all.iter().any(|change| is_newer(page, change))))
        })
    }
}

fn shown(page: &PropertyView) -> BTreeSet<String> {
    let id = |entry: &Entry| match entry {
        Entry::Occurrence(entry) => entry.id.to_string(),
        Entry::Solution(solution) => solution.id.to_string(),
        Entry::Task(task) => task.entry.id.to_string(),
        Entry::Message(message) => message.id.to_string(),
        Entry::Document(file) => file.id.to_string(),
        Entry::Validation(one) => one.id.to_string(),
        Entry::Event(event) => event.id.to_string(),
    };
    page.timeline.entries.iter().map(id).collect()
}

/// The text of the entry is the one shown, so it is what became of its mails, or who read it, that changed.
fn is_about_mail(page: &PropertyView, change: &Change) -> bool {
    change.what == "changed"
        && page.timeline.entries.iter().any(|entry| match entry {
            Entry::Occurrence(entry) => {
                entry.mail_state.is_some()
                    && change.version == entry.version
                    && change.id.as_ref() == Some(&entry.id.to_string())
            }
            Entry::Solution(entry) => {
                entry.mail_state.is_some()
                    && change.version == entry.version
                    && change.id.as_ref() == Some(&entry.id.to_string())
            }
            // Never edited: it is what became of its mails, or that it was read.
            Entry::Message(entry) => change.id.as_ref() == Some(&entry.id.to_string()),
            _ => false,
        })
}

fn is_newer(page: &PropertyView, change: &Change) -> bool {
    if change.kind == "ticket" {
        return change.version > page.ticket.version;
    }
    let is_newer = |entry: &OccurrenceView| {
        change.id.as_ref() == Some(&entry.id.to_string())
            && if change.what == "removed" { entry.removed.is_none() } else { change.version > entry.version }
    };
    page.timeline.entries.iter().any(|entry| match entry {
        Entry::Occurrence(entry) => is_newer(entry),
        Entry::Task(task) => is_newer(&task.entry),
        Entry::Solution(entry) => change.version > entry.version && change.id.as_ref() == Some(&entry.id.to_string()),
        Entry::Message(entry) => change.what == "removed" && change.id.as_ref() == Some(&entry.id.to_string()),
        // It has no version: what is told of it is its answers, or its end.
        Entry::Validation(one) => change.id.as_ref() == Some(&one.request.to_string()),
        Entry::Document(file) => change.what == "removed" && change.id.as_ref() == Some(&file.id.to_string()),
        _ => false,
    })
}

/// Says it in the polite region of the shell.
fn announce(count: usize, lang: domain::lang::Lang) {
    if count == 0 {
        return;
    }
    if let Some(region) = document().get_element_by_id("news") {
        region.set_text_content(Some(&t::news_spoken(lang, i64::try_from(count).unwrap_or(i64::MAX))));
    }
}

/// The line at the live end of the timeline: "2 new, show".
#[component]
pub(crate) fn NewsLine(
    /// The news.
    news: News,
    /// Loads the page's data again.
    refresh: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let (count, stale) = (news.count(), news.is_stale());
    let show = move || {
        news.seen();
        refresh.run(());
    };
    move || {
        let count = i64::try_from(count.get()).unwrap_or(i64::MAX);
        let words = match (count, stale.get()) {
            (0, false) => return None,
            (0, true) => t::changed_meanwhile(lang).to_owned(),
            (count, _) => t::news_show(lang, count),
        };
        Some(view! {
            <li class="news">
                <button class="btn btn-sm" r#type="button" on:click=move |_| show()><Icon name="refresh-cw"/>{words}</button>
            </li>
        })
    }
}
