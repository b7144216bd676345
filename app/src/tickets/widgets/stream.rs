//! The stream of a ticket: what is shown of it, its entries in order, the way to more.

use std::collections::BTreeSet;

use domain::lang::Lang;
use domain::views::{Entry, EventView, OccurrenceView, PropertyView, Timeline};
use leptos::prelude::*;
use uuid::Uuid;

use super::address::{Address, REQUEST};
use super::entry::{self, Place};
use super::event::events;
use super::header::UpdateAction;
use super::news::{News, NewsLine};
use super::post::ask;
use super::properties::description_form;
use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::t::messages;
use crate::t::tickets as t;

/// Filter, search and order: a form that asks, so the address holds it all.
#[component]
pub(crate) fn StreamBar(
    /// Number of the ticket.
    number: i64,
    /// What is shown now.
    address: Address,
    /// `asc` or `desc`, as shown.
    #[prop(into)]
    order: String,
    /// Entries that match the words, if there are words.
    #[prop(optional_no_strip)]
    hits: Option<u32>,
) -> impl IntoView {
    let lang = use_lang();
    let path = format!("/tickets/{number}");
    let (other, words) = if order == "asc" { ("desc", t::oldest_first(lang)) } else { ("asc", t::newest_first(lang)) };
    let turn = address.link(number, &[("order", other)]);
    let properties = address.link(number, &[("panel", "properties")]);
    // `frontend/js/tickets` steps from hit to hit and counts them; without scripts the marks in the text must do.
    let hits = hits.map(|hits| {
        let words = t::hits(lang, i64::from(hits));
        view! {
            <span class="find-steps">
                <span class="meta" role="status">{words}</span>
                <span class="meta num" role="status" data-find-place=""></span>
                <button class="btn btn-ghost btn-sm btn-icon" r#type="button" data-find-step="-1" aria-label=t::previous_hit(lang) title=t::previous_hit(lang)>
                    <Icon name="chevron-up"/>
                </button>
                <button class="btn btn-ghost btn-sm btn-icon" r#type="button" data-find-step="1" aria-label=t::next_hit(lang) title=t::next_hit(lang)>
                    <Icon name="chevron-down"/>
                </button>
            </span>
        }
    });
    let clear = address.is_filtered().then(|| {
        view! { <a class="btn btn-ghost btn-sm" href=path.clone()><Icon name="funnel-x"/><span class="phone-vh">{t::clear_filters(lang)}</span></a> }
    });
    let kept_order = (!address.query.order.is_empty())
        .then(|| view! { <input r#type="hidden" name="order" value=address.query.order.clone()/> });
    view! {
        <form class="stream-bar" role="search" method="get" action=path.clone() aria-label=t::in_this_ticket(lang) on:submit=ask(path.clone())>
            <button class="btn btn-ghost btn-sm" r#type="button" popovertarget="pop-filter">
                <Icon name="funnel"/><span class="phone-vh">{t::filter(lang)}</span><Icon name="chevron-down" small=true/>
            </button>
            <div id="pop-filter" class="pop" popover="auto">{filters(lang, &address)}</div>
            {kept_order}
            <input
                class="input input-sm stream-find"
                r#type="search"
                name="find"
                maxlength="200"
                value=address.query.find.clone()
                placeholder=t::find_here(lang)
                aria-label=t::find_here(lang)
            />
            {hits}
            {clear}
            <a class="btn btn-ghost btn-sm only-narrow phone-hide" href=properties><Icon name="panel-right"/>{t::properties(lang)}</a>
            <a class="btn btn-ghost btn-sm btn-icon phone-hide" href=address.printed(number) rel="external" aria-label=t::print(lang) title=t::print(lang)>
                <Icon name="printer"/>
            </a>
            <a class="btn btn-ghost btn-sm" href=turn><Icon name="arrow-up-down"/><span class="phone-vh">{words}</span></a>
        </form>
    }
}

fn filters(lang: Lang, address: &Address) -> AnyView {
    let query = &address.query;
    let shows = |kind: &str| {
        if query.kinds.is_empty() { kind != "event" } else { query.kinds.split(',').any(|one| one == kind) }
    };
    let boxes = [
        ("kind", "occurrence", t::show_occurrences(lang), shows("occurrence")),
        ("kind", "solution", crate::t::solutions::solutions(lang), shows("solution")),
        ("kind", "task", t::show_tasks(lang), shows("task")),
        ("kind", "validation", t::validations(lang), shows(REQUEST)),
        ("kind", "message", messages::messages(lang), shows("message")),
        ("kind", "document", t::show_documents(lang), shows("document")),
        ("kind", "event", t::show_events(lang), shows("event")),
        ("public", "1", t::show_only_public(lang), query.public_only),
        ("mine", "1", t::show_only_mine(lang), query.mine),
        ("files", "1", t::show_only_files(lang), query.with_attachments),
    ];
    let rows = boxes.map(|(name, value, words, checked)| {
        view! { <li><label><input r#type="checkbox" class="checkbox checkbox-primary" name=name value=value checked=checked/>{words}</label></li> }
    });
    view! {
        <fieldset class="fieldset">
            <legend class="menu-head">{t::show(lang)}</legend>
            <ul class="menu-list">{rows.into_iter().collect_view()}</ul>
            <button class="btn btn-sm" r#type="submit">{t::filter(lang)}</button>
        </fieldset>
    }
    .into_any()
}

/// Description, entries, the line for news and the links to more.
pub(crate) fn timeline(
    page: &PropertyView,
    address: &Address,
    news: News,
    refresh: Callback<()>,
    update: UpdateAction,
) -> AnyView {
    let (number, lang) = (page.ticket.number, use_lang());
    let (around, over) = (address.query.around.clone(), page.ticket.status.is_over());
    let place = Place { lang, number, now: page.ticket.now.clone(), around, over };
    let items = items(&place, &page.timeline);
    let empty = items.is_empty().then(|| {
        let words = if address.is_filtered() { t::nothing_matches(lang) } else { t::no_entries(lang) };
        view! { <li class="muted small">{words}</li> }
    });
    // A link to the next page; with scripts it makes this one longer (`frontend/js/boot.js`).
    let more = |cursor: &Option<String>, words: &'static str, longer: Option<String>| {
        cursor.as_ref().map(|cursor| {
            let href = address.link(number, &[("cursor", cursor.as_str())]);
            view! { <li class="news"><a class="btn btn-sm" href=href data-append=longer>{words}</a></li> }
        })
    };
    let ascending = page.timeline.order == "asc";
    let (earlier, later) = if ascending { (t::older(lang), t::newer(lang)) } else { (t::newer(lang), t::older(lang)) };
    let before = more(&page.timeline.previous_cursor, earlier, None);
    let after = more(&page.timeline.next_cursor, later, address.longer(number));
    let at_top = (!ascending).then(|| view! { <NewsLine news=news refresh=refresh/> });
    let at_end = ascending.then(|| view! { <NewsLine news=news refresh=refresh/> });
    view! {
        <ol class="timeline" aria-label=t::timeline(lang)>
            {entry::description(&place, &page.ticket, description_form(lang, &page.ticket, update))}
            {at_top}{before}{items}{empty}{after}{at_end}
        </ol>
    }
    .into_any()
}

/// The entries as items: replies under the first entry of their thread, events in runs.
pub(crate) fn items(place: &Place, timeline: &Timeline) -> Vec<AnyView> {
    let here: BTreeSet<Uuid> =
        occurrences(timeline).filter(|entry| entry.root.is_none()).map(|entry| entry.id).collect();
    let mut out = Vec::new();
    let mut run: Vec<EventView> = Vec::new();
    for entry in &timeline.entries {
        if let Entry::Event(event) = entry {
            run.push((**event).clone());
            continue;
        }
        if !run.is_empty() {
            out.push(events(place.lang, &std::mem::take(&mut run), &place.now));
        }
        match entry {
            // It stands under its first entry.
            Entry::Occurrence(entry) if entry.root.is_some_and(|root| here.contains(&root)) => {}
            Entry::Occurrence(entry) => out.push(entry::occurrence(place, entry, &replies(timeline, entry.id))),
            Entry::Solution(solution) => out.push(entry::solution(place, solution)),
            Entry::Task(task) => out.push(entry::task(place, task)),
            Entry::Message(message) => out.push(entry::message(place, message)),
            Entry::Document(file) => out.push(entry::document(place, file)),
            Entry::Validation(one) => out.push(entry::validation(place, one)),
            Entry::Event(_) => {}
        }
    }
    if !run.is_empty() {
        out.push(events(place.lang, &run, &place.now));
    }
    out
}

/// A conversation reads from top to bottom, whatever the order of the page.
fn replies(timeline: &Timeline, root: Uuid) -> Vec<OccurrenceView> {
    let mut found: Vec<OccurrenceView> =
        occurrences(timeline).filter(|entry| entry.root == Some(root)).cloned().collect();
    if timeline.order != "asc" {
        found.reverse();
    }
    found
}

fn occurrences(timeline: &Timeline) -> impl Iterator<Item = &OccurrenceView> {
    timeline.entries.iter().filter_map(|entry| match entry {
        Entry::Occurrence(entry) => Some(entry.as_ref()),
        _ => None,
    })
}
