//! A customer occurrence in a list: what, when, by whom, its images and what may be done with it.

use domain::customer::Impact;
use domain::format;
use domain::lang::Lang;
use domain::views::{CustomerImageView, CustomerOccurrenceView, CustomerRemoved, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{hidden, impact};
use crate::boot::use_viewer;
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::icon::Icon;
use crate::components::rich_text::{RichText, is_long};
use crate::components::when::Time;
use crate::customers::address;
use crate::customers::server_fns::RunCustomerOccurrence;
use crate::t::customers as t;
use crate::tickets::widgets::words::name;

/// Occurrences as a list; `named` says whose they are where that is not plain.
pub(crate) fn entries(lang: Lang, rows: &[CustomerOccurrenceView], now: &Moment, named: bool) -> AnyView {
    let rows = rows.iter().map(|one| entry(lang, one, now, named)).collect_view();
    view! { <ol class="customer-entries">{rows}</ol> }.into_any()
}

fn entry(lang: Lang, one: &CustomerOccurrenceView, now: &Moment, named: bool) -> AnyView {
    let id = ["occurrence-", &one.id.to_string()].concat();
    if let Some(removed) = &one.removed {
        return tombstone(lang, one, removed, id);
    }
    let customer = named.then(|| {
        view! { <a class="entry-author" href=address::at_occurrence(one.customer.id, one.id, "")>{one.customer.name.clone()}</a> }
    });
    let day = one.occurred_on.map(|day| {
        let (words, title) = (format::calendar_date(day, lang), format::calendar_words(day, lang));
        view! { <time datetime=day.to_string() title=title>{words}</time> }
    });
    let category = one.category.as_ref().map(|category| category.name.clone());
    let edited = one.edited_at.as_ref().map(|at| {
        let words = t::edited(lang, &format::smart(at, now, lang));
        view! { <a class="quiet-link muted small" href=address::of_occurrence(one.id, "revisions")>{words}</a> }
    });
    let ticket = one.ticket.map(|number| {
        let words = format!("#{number}");
        view! { <a class="link" href=format!("/tickets/{number}")><Icon name="ticket" small=true/>{words}</a> }
    });
    view! {
        <li class="entry customer-entry" id=id tabindex="-1" data-impact=one.impact.map(Impact::as_str)>
            <header class="entry-head">
                {one.impact.map(|sign| impact(lang, sign))}
                {customer}
                <span>{category}</span>
                {day}
                <span class="muted">{name(lang, &one.author)}</span>
                <span class="entry-time small muted">
                    {t::registered(lang)}" "<Time moment=one.registered_at.clone() now=Some(now.clone())/>
                </span>
                {edited}
            </header>
            <RichText html=one.html.clone() long=is_long(&one.body)/>
            {pictures(&one.images, |image| ["/documents/", &image.id.to_string()].concat())}
            <footer class="customer-entry-foot">{ticket}{actions(lang, one)}</footer>
        </li>
    }
    .into_any()
}

fn actions(lang: Lang, one: &CustomerOccurrenceView) -> Option<AnyView> {
    // A ticket is opened from it by whoever may open tickets; the occurrence itself need not be his to change (C-OCC-11).
    let may_open = one.ticket.is_none() && use_viewer().is_some_and(|viewer| viewer.can("ticket.create"));
    if !one.may_edit && !may_open {
        return None;
    }
    let open = may_open.then(|| {
        view! { <a class="btn btn-ghost btn-xs" href=address::of_occurrence(one.id, "ticket")>{t::open_ticket(lang)}</a> }
    });
    // Several entries have the same words: the day tells them apart for those who hear the page.
    let of = one.occurred_on.map(|day| [" ", &format::calendar_date(day, lang)].concat());
    let change = one.may_edit.then(|| {
        view! {
            <a class="btn btn-ghost btn-xs" href=address::of_occurrence(one.id, "edit")>{t::edit(lang)}<span class="vh">{of.clone()}</span></a>
            <a class="btn btn-ghost btn-xs" href=address::of_occurrence(one.id, "remove")>{t::delete(lang)}<span class="vh">{of}</span></a>
        }
    });
    Some(view! { <span class="entry-actions no-print">{open}{change}</span> }.into_any())
}

/// What is left of a deleted one (C-OCC-09).
fn tombstone(lang: Lang, one: &CustomerOccurrenceView, removed: &CustomerRemoved, id: String) -> AnyView {
    let words = t::removed_by(lang, &format::date(&removed.at, lang), &name(lang, &removed.by));
    let restore = one.may_edit.then(|| {
        view! {
            <form class="no-print" method="post" action=RunCustomerOccurrence::url()>
                {hidden("form[id]", one.id.to_string())}
                {hidden("form[version]", one.version.to_string())}
                {hidden("form[restore]", "true")}
                <SubmitButton kind=ButtonKind::Ghost>{t::restore(lang)}</SubmitButton>
            </form>
        }
    });
    view! {
        <li class="entry customer-entry" id=id tabindex="-1" data-gone="">
            <header class="entry-head"><Icon name="trash-2"/><span>{words}</span></header>
            <footer class="customer-entry-foot no-print">
                <a class="link small" href=address::of_occurrence(one.id, "revisions")>{t::versions(lang)}</a>
                {restore}
            </footer>
        </li>
    }
    .into_any()
}

/// Thumbnails of images, each a link to the whole of it (C-IMG-05); they lie below the addresses of the images. The room is kept
/// before they are there.
pub(crate) fn pictures(images: &[CustomerImageView], address: impl Fn(&CustomerImageView) -> String) -> AnyView {
    if images.is_empty() {
        return ().into_any();
    }
    let rows = images
        .iter()
        .map(|image| {
            let href = address(image);
            let source = [href.as_str(), "/thumbnail"].concat();
            view! {
                <li><a href=href><img src=source alt=image.alt.clone() width="160" height="120" loading="lazy"/></a></li>
            }
        })
        .collect_view();
    view! { <ul class="customer-images">{rows}</ul> }.into_any()
}
