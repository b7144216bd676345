//! The table of tickets; on a narrow screen the style sheet makes cards of its rows.

use domain::format;
use domain::lang::Lang;
use domain::views::{ActorView, ListQuery, Moment, Page, TicketRow};
use leptos::prelude::*;

use super::query;
use super::words;
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::components::sign::{PriorityBadge, StatusBadge};
use crate::components::when::Time;
use crate::t::list as t;
use crate::tickets::widgets::bulk_bar;

/// Rows, heads and the way to other pages; with `bar` each row has a box to choose it by.
pub(super) fn ticket_table(lang: Lang, query: &ListQuery, page: Page<TicketRow>, bar: Option<AnyView>) -> AnyView {
    let has_boxes = bar.is_some();
    let range = range(lang, query, &page);
    let first = (!query.cursor.is_empty()).then(|| query::address(&query::first_page(query)));
    let next = page.next_cursor.as_deref().map(|cursor| query::address(&query::page_at(query, cursor)));
    let now = page.now;
    let rows = page.items.into_iter().map(|row| ticket_row(lang, row, &now, has_boxes)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table">
                <caption class="vh">{caption(lang, query)}</caption>
                <thead>{head(lang, query, has_boxes)}</thead>
                <tbody>{rows}</tbody>
            </table>
            <Pagination first=first next=next count=range/>
        </div>
        {bar}
    }
    .into_any()
}

fn caption(lang: Lang, query: &ListQuery) -> String {
    let column = query.sort.strip_prefix('-').unwrap_or(&query.sort);
    let word = words::column_word(lang, column);
    let order = if query.sort.starts_with('-') { t::order_down(lang, word) } else { t::order_up(lang, word) };
    t::caption(lang, &order)
}

fn head(lang: Lang, query: &ListQuery, has_boxes: bool) -> AnyView {
    view! {
        <tr>
            {has_boxes.then(|| bulk_bar::head(lang))}
            {sort_head(lang, query, "number", "col-number")}
            <th scope="col" class="col-title">{t::column_title(lang)}</th>
            {sort_head(lang, query, "status", "col-status")}
            {sort_head(lang, query, "priority", "col-priority")}
            <th scope="col" class="col-person col-optional-2">{t::column_requester(lang)}</th>
            <th scope="col" class="col-person">{t::column_assignee(lang)}</th>
            {sort_head(lang, query, "updated_at", "col-updated")}
        </tr>
    }
    .into_any()
}

fn sort_head(lang: Lang, query: &ListQuery, column: &'static str, class: &'static str) -> AnyView {
    let (sort, icon) = match query::direction(query, column) {
        Some(true) => ("descending", Some("arrow-down")),
        Some(false) => ("ascending", Some("arrow-up")),
        None => ("none", None),
    };
    let href = query::address(&query::sorted_by(query, column));
    view! {
        <th scope="col" class=class aria-sort=sort>
            <a href=href>
                {words::column_word(lang, column)}
                {icon.map(|name| view! { <Icon name=name small=true/> })}
            </a>
        </th>
    }
    .into_any()
}

fn ticket_row(lang: Lang, row: TicketRow, now: &Moment, has_boxes: bool) -> AnyView {
    let number = row.number.to_string();
    let choose = has_boxes.then(|| bulk_bar::cell(lang, &number, &row.title));
    let href = ["/tickets/", number.as_str()].concat();
    // T-LST-01: number, title and icon open the ticket; for the keyboard the title is enough.
    let open = view! {
        <a class="row-open" href=href.clone() title=t::open_ticket(lang, &number) tabindex="-1" aria-hidden="true">
            <Icon name="arrow-right" small=true/>
        </a>
    };
    let is_unread = row.unread > 0;
    let unread = is_unread.then(|| unread_sign(lang, row.unread));
    let overdue = row.overdue.then(|| {
        view! { <span class="deadline row-flag" data-state="late"><Icon name="alarm-clock" small=true/>{t::overdue(lang)}</span> }
    });
    // A card has no column heads: there these words stand before the values.
    let assigned = row.assignee.is_some().then(|| t::column_assignee(lang));
    // Readers who are no agents of the ticket's entity are not told a priority.
    let priority = (row.priority > 0).then(|| view! { <PriorityBadge level=row.priority/> });
    view! {
        <tr data-unread=is_unread.then_some("")>
            {choose}
            <td class="cell-number muted"><a class="row-number" href=href.clone() tabindex="-1">{number}</a>{open}</td>
            <th scope="row" class="card-wide">
                <a class="row-title" href=href title=row.title>{row.title.clone()}</a>
                {unread}
                {overdue}
            </th>
            <td class="card-late"><StatusBadge status=row.status/></td>
            <td class="card-late card-end">{priority}</td>
            <td class="card-late card-person col-optional-2">{person(row.requester, t::no_requester(lang))}</td>
            <td class="card-late card-end card-person" data-label=assigned>{person(row.assignee, t::assignee_none(lang))}</td>
            <td class="card-end" data-label=t::updated(lang)><Time moment=row.updated_at now=Some(now.clone())/></td>
        </tr>
    }
    .into_any()
}

/// A number to see, a sentence to hear.
fn unread_sign(lang: Lang, unread: u32) -> AnyView {
    let words = t::unread(lang, i64::from(unread));
    view! {
        " "
        <span class="count count-new" title=words>
            <span aria-hidden="true">{unread.to_string()}</span>
            <span class="vh">{words.clone()}</span>
        </span>
    }
    .into_any()
}

fn person(person: Option<ActorView>, nobody: &'static str) -> AnyView {
    match person {
        Some(person) if !person.name.is_empty() => person.name.into_any(),
        Some(ActorView { email: Some(email), .. }) => email.into_any(),
        _ => view! { <span class="muted">{nobody}</span> }.into_any(),
    }
}

/// "1 to 50 of 1,000+" on the first page; a later one does not know how many came before it.
fn range(lang: Lang, query: &ListQuery, page: &Page<TicketRow>) -> String {
    let shown = format::number(i64::try_from(page.items.len()).unwrap_or(i64::MAX), lang);
    let count =
        page.count.map(|count| format::count_capped(i64::from(count.value), count.exact, lang)).unwrap_or_default();
    if query.cursor.is_empty() { t::range_first(lang, &count, &shown) } else { t::range_more(lang, &count, &shown) }
}
