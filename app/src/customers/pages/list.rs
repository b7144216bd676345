//! The list of customers (C-CUS-02).

use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, CustomerList, CustomerQuery, CustomerRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::{use_lang, use_viewer};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::customers::server_fns::customer_list;
use crate::customers::widgets::{done, filters, frame, impact, status};
use crate::customers::{address, words};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::{chooser, customers as t};

/// Page `/customers`.
#[component]
pub fn CustomersPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let question = Memo::new(move |_| query.with(address::read_list));
    let note = Memo::new(move |_| query.with(|map| map.get("done")).unwrap_or_default());
    let data = Resource::new_blocking(move || question.get(), customer_list);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(list) => customers(lang, &list, &question.get_untracked(), &note.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn customers(lang: Lang, list: &CustomerList, query: &CustomerQuery, note: &str) -> AnyView {
    let may_edit = use_viewer().is_some_and(|viewer| viewer.can("customer.edit"));
    let add = may_edit.then(|| {
        view! {
            <LinkButton href=address::IMPORT icon="upload">{t::import(lang)}</LinkButton>
            <LinkButton href=address::NEW kind=ButtonKind::Primary icon="plus">{t::add_customer(lang)}</LinkButton>
        }
    });
    let tools = view! {
        <span class="page-tools">
            <LinkButton href=address::REPORT icon="chart-column">{t::report(lang)}</LinkButton>
            {add}
        </span>
    };
    let is_narrowed = is_narrowed(query);
    let rows = if !list.page.items.is_empty() {
        table(lang, query, &list.page.items)
    } else if is_narrowed {
        view! { <EmptyState icon="search" title=t::none_found(lang) text=t::none_found_hint(lang)/> }.into_any()
    } else {
        view! { <EmptyState icon="building-2" title=t::no_customers(lang) text=t::no_customers_hint(lang)/> }.into_any()
    };
    let next = list.page.next_cursor.as_deref().map(|cursor| address::list(query, cursor));
    let first = (!query.cursor.is_empty()).then(|| address::list(query, ""));
    let count = words::customers(lang, list.page.count.as_ref());
    let content = view! {
        {done(lang, note)}
        {mine(lang, query)}
        {ask(lang, list, query, is_narrowed)}
        {rows}
        <Pagination first=first next=next count=count/>
    };
    frame(t::customers(lang), None, tools.into_any(), content.into_any())
}

fn is_narrowed(query: &CustomerQuery) -> bool {
    [&query.q, &query.segment, &query.responsible, &query.status, &query.entity].iter().any(|text| !text.is_empty())
}

/// All customers, or those the reader is responsible for.
fn mine(lang: Lang, query: &CustomerQuery) -> AnyView {
    let is_mine = query.responsible == "me";
    let of = |responsible: &str| {
        let query = CustomerQuery { responsible: responsible.to_owned(), ..CustomerQuery::default() };
        address::list(&query, "")
    };
    let (all, mine) = if is_mine { (None, Some("page")) } else { (Some("page"), None) };
    view! {
        <nav class="template-tabs" aria-label=t::customers(lang)>
            <a href=of("") aria-current=all>{t::all_customers(lang)}</a>
            <a href=of("me") aria-current=mine>{t::my_customers(lang)}</a>
        </nav>
    }
    .into_any()
}

fn ask(lang: Lang, list: &CustomerList, query: &CustomerQuery, is_narrowed: bool) -> AnyView {
    let error = |field: &'static str| Signal::stored(message::field_sentence(lang, &list.wrong, field));
    let with_none = |choices: &[Choice]| {
        let mut out = vec![words::choice("none", t::without(lang))];
        out.extend_from_slice(choices);
        out
    };
    let mut people = vec![words::choice("me", t::me(lang))];
    people.extend(with_none(&list.people));
    let mut statuses = words::statuses(lang);
    statuses.push(words::choice("all", t::any(lang)));
    let sorts = vec![
        words::choice("name", t::name(lang)),
        words::choice("-last_occurrence", t::last_occurrence(lang)),
        words::choice("-updated_at", t::updated(lang)),
    ];
    let clear = is_narrowed.then(|| address::LIST.to_owned());
    view! {
        <form class="filter-bar" role="search" method="get" action=address::LIST aria-label=chooser::find_customer(lang)>
            <TextField name="q" label=chooser::find_customer(lang) kind="search" value=query.q.clone() maxlength=200 placeholder=chooser::find_customer_hint(lang) error=error("q")/>
            <SelectField name="segment" label=t::segment(lang) options=with_none(&list.segments) value=query.segment.clone() blank=t::any(lang) error=error("segment")/>
            <SelectField name="responsible" label=t::responsible(lang) options=people value=query.responsible.clone() blank=t::any(lang) error=error("responsible")/>
            <SelectField name="status" label=t::status(lang) options=statuses value=query.status.clone() blank=t::all_but_inactive(lang) error=error("status")/>
            <SelectField name="entity" label=t::entity(lang) options=list.entities.clone() value=query.entity.clone() blank=t::any(lang) error=error("entity")/>
            <SelectField name="sort" label=t::order(lang) options=sorts value=query.sort.clone()/>
            {filters::ask(lang, clear)}
        </form>
    }
    .into_any()
}

/// A heading that sorts, with the direction it has now.
fn head(
    lang: Lang,
    query: &CustomerQuery,
    word: &'static str,
    [first, other]: [&'static str; 2],
    class: Option<&'static str>,
) -> AnyView {
    let present = if query.sort.is_empty() { "name" } else { query.sort.as_str() };
    let next = if present == first { other } else { first };
    let state = [first, other].into_iter().find(|key| *key == present);
    let order = state.map(|key| if key.starts_with('-') { "descending" } else { "ascending" });
    let icon = match order {
        Some("descending") => "arrow-down",
        Some(_) => "arrow-up",
        None => "arrow-up-down",
    };
    let href = address::list(&CustomerQuery { sort: next.to_owned(), ..query.clone() }, "");
    view! {
        <th scope="col" class=class aria-sort=order><a href=href title=t::sort_by(lang, word)>{word}<Icon name=icon small=true/></a></th>
    }
    .into_any()
}

fn table(lang: Lang, query: &CustomerQuery, rows: &[CustomerRow]) -> AnyView {
    let rows = rows.iter().map(|row| line(lang, row)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table customer-table">
                <caption class="vh">{t::customers(lang)}</caption>
                <thead>
                    <tr>
                        {head(lang, query, t::name(lang), ["name", "-name"], None)}
                        <th scope="col" class="col-optional">{t::legal_name(lang)}</th>
                        <th scope="col">{t::segment(lang)}</th>
                        <th scope="col" class="col-person">{t::responsible(lang)}</th>
                        <th scope="col" class="col-short">{t::status(lang)}</th>
                        {head(lang, query, t::last_occurrence(lang), ["-last_occurrence", "last_occurrence"], Some("col-last"))}
                        <th scope="col" class="col-short num">{t::open_tickets(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, row: &CustomerRow) -> AnyView {
    let customer = &row.customer;
    let name_of = |one: &Option<domain::views::Ref>| one.as_ref().map(|one| one.name.clone());
    let last = customer.last.map(|(day, sign)| {
        view! { {impact(lang, sign)} " " <time datetime=day.to_string()>{format::calendar_date(day, lang)}</time> }
    });
    let label = (row.open_tickets > 0).then(|| t::open_tickets(lang));
    let open = (row.open_tickets > 0).then(|| format::number(i64::from(row.open_tickets), lang));
    view! {
        <tr>
            <th scope="row" class="card-wide"><a class="row-title" href=address::customer(customer.id)>{customer.name.clone()}</a></th>
            <td class="col-optional">{customer.legal_name.clone()}</td>
            <td>{name_of(&customer.segment)}</td>
            <td class="col-person">{name_of(&customer.responsible)}</td>
            <td>{status(lang, customer.status)}</td>
            <td>{last}</td>
            <td class="num" data-label=label>{open}</td>
        </tr>
    }
    .into_any()
}
