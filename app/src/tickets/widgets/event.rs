//! Entries that the system wrote: one quiet line each, several in a row folded.

use domain::lang::Lang;
use domain::views::{EventView, Moment};
use leptos::prelude::*;

use super::words;
use crate::components::icon::Icon;
use crate::components::sign::PrivateMark;
use crate::components::when::Time;
use crate::t::tickets as t;

/// So many events in a row fold to one line.
const FOLD_FROM: usize = 3;

/// Events that follow each other, as items of the timeline.
pub(crate) fn events(lang: Lang, run: &[EventView], now: &Moment) -> AnyView {
    let Some(first) = run.first() else { return ().into_any() };
    if run.len() < FOLD_FROM {
        return run.iter().map(|event| line(lang, event, now)).collect_view().into_any();
    }
    let count = i64::try_from(run.len()).unwrap_or(i64::MAX);
    let alone = run.iter().all(|event| event.author == first.author);
    let words = if alone {
        t::changes_by(lang, count, &words::name(lang, &first.author))
    } else {
        t::changes_count(lang, count)
    };
    let lines = run.iter().map(|event| line(lang, event, now)).collect_view();
    let last = run.last().unwrap_or(first).at.clone();
    view! {
        <li>
            <details class="event-group">
                <summary><Icon name="chevron-right"/><span>{words}</span><Time moment=last now=Some(now.clone())/></summary>
                <ol>{lines}</ol>
            </details>
        </li>
    }
    .into_any()
}

fn line(lang: Lang, event: &EventView, now: &Moment) -> AnyView {
    let said = [crate::t::requests::colon(lang), words::event_line(lang, event).as_str()].concat();
    let mark = event.private.then(|| view! { <PrivateMark/>" " });
    view! {
        <li class="event-line" id=format!("event-{}", event.id)>
            <Icon name=words::event_icon(&event.kind)/>
            <span>{mark}<b>{words::name(lang, &event.author)}</b>{said}</span>
            <Time moment=event.at.clone() now=Some(now.clone())/>
        </li>
    }
    .into_any()
}
