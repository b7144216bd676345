//! What became of an action: each ticket with its link, done or refused and why, and the way to try the refused ones again.

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::{BulkDone, BulkPage, BulkResult};
use leptos::prelude::*;
use leptos_router::location::Url;

use super::{count, link};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::icon::Icon;
use crate::message;
use crate::t::bulk as t;
use crate::tickets::widgets::bulk_bar::word;

/// The outcome; `key` is the one it is kept under.
pub(super) fn outcome(lang: Lang, page: &BulkPage, done: &BulkDone, key: &str) -> AnyView {
    let refused: Vec<i64> = done.results.iter().filter(|one| !one.is_done()).map(|one| one.number).collect();
    let good = done.results.len() - refused.len();
    let is_done = (good > 0).then(|| view! { <Banner tone=Tone::Done text=t::done(lang, count(good))/> });
    let again = (!refused.is_empty()).then(|| {
        let href = address_again(done, &refused, key);
        view! {
            <Banner tone=Tone::Warning text=t::refused(lang, count(refused.len()))/>
            <p><LinkButton href=href kind=ButtonKind::Primary>{t::again(lang)}</LinkButton></p>
        }
    });
    // The refused ones come first: there is something left to do.
    let mut results: Vec<&BulkResult> = done.results.iter().collect();
    results.sort_by_key(|one| one.is_done());
    let rows = results.into_iter().map(|one| row(lang, page, one)).collect_view();
    view! {
        {is_done}
        {again}
        <section class="card" aria-labelledby="bulk-outcome">
            <h2 class="card-title" id="bulk-outcome">{word(lang, done.action)}</h2>
            <ul class="bulk-list">{rows}</ul>
        </section>
    }
    .into_any()
}

/// The page with the refused tickets alone, and what was typed for them.
fn address_again(done: &BulkDone, refused: &[i64], key: &str) -> String {
    let numbers: Vec<String> = refused.iter().map(|number| format!("n={number}")).collect();
    format!("/tickets/bulk?{}&action={}&again={}", numbers.join("&"), done.action.as_str(), Url::escape(key))
}

fn row(lang: Lang, page: &BulkPage, one: &BulkResult) -> AnyView {
    let ticket = page.tickets.iter().find(|ticket| ticket.number == one.number);
    let name = ticket.map_or_else(|| format!("#{}", one.number).into_any(), link);
    let (state, icon, words) = match &one.error {
        None => ("done", "circle-check", t::result_done(lang).to_owned()),
        Some(error) => ("refused", "circle-x", reason(lang, error)),
    };
    let open = one.warnings.iter().find(|warning| warning.code == "open_tasks");
    let open = open.and_then(|warning| warning.data.get("count")?.as_i64());
    let open = open.map(|amount| view! { <span class="small muted">{t::open_tasks(lang, amount)}</span> });
    view! {
        <li data-result=state data-number=one.number.to_string()>
            {name}
            <span class="bulk-result"><Icon name=icon small=true/>{words}</span>
            {open}
        </li>
    }
    .into_any()
}

/// Why, in one line: of wrong fields what is wrong with them, as there is no field here to say it at.
fn reason(lang: Lang, error: &AppError) -> String {
    let AppError::Invalid(errors) = error else { return message::sentence(lang, error) };
    let mut sentences: Vec<&str> = errors.0.iter().map(|wrong| message::wrong_sentence(lang, wrong)).collect();
    sentences.dedup();
    sentences.join(" ")
}
