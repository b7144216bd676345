//! The page of a customer: who he is, and one section of what is known of him (C-CUS-04).

use domain::customer::primary;
use domain::lang::Lang;
use domain::views::{
    CustomerChange, CustomerPage as Page, CustomerSection, CustomerTicket, CustomerView, Moment, ReportQuery,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::components::sign::StatusBadge;
use crate::components::when::Time;
use crate::customers::server_fns::customer_page;
use crate::customers::widgets::{chart, done, entry, filters, frame, status};
use crate::customers::{address, words};
use crate::layouts::answer::{Loading, refused};
use crate::t::customers as t;
use crate::tickets::widgets::words::name;

/// Page `/customers/:id`; `?section=` names what is shown.
#[component]
pub fn CustomerPage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let id = params.with(|map| map.get("id")).unwrap_or_default();
        query.with(|map| (id, map.get("section").unwrap_or_default(), address::read_report(map)))
    });
    let note = Memo::new(move |_| query.with(|map| map.get("done")).unwrap_or_default());
    let data = Resource::new_blocking(move || asked.get(), |(id, section, query)| customer_page(id, section, query));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => customer(lang, &page, &asked.get_untracked().2, &note.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn customer(lang: Lang, page: &Page, query: &ReportQuery, note: &str) -> AnyView {
    let one = &page.customer;
    let edit = one.may_edit.then(|| {
        view! {
            <LinkButton href=address::of_customer(one.id, "remove")>{t::delete(lang)}</LinkButton>
            <LinkButton href=address::of_customer(one.id, "edit") icon="pencil">{t::edit(lang)}</LinkButton>
        }
    });
    let register = one.may_register.then(|| {
        view! {
            <LinkButton href=address::of_customer(one.id, "occurrences/new") kind=ButtonKind::Primary icon="plus">{t::register_more(lang)}</LinkButton>
        }
    });
    let print = view! {
        <button class="btn btn-sm" r#type="button" data-print="" hidden=true><Icon name="printer"/>{t::print(lang)}</button>
    };
    let tools = view! { <span class="page-tools">{print}{edit}{register}</span> };
    let section = match page.section {
        CustomerSection::Occurrences => occurrences(lang, page, query),
        CustomerSection::Tickets => tickets(lang, page, query),
        CustomerSection::Contacts => contacts(lang, one),
        CustomerSection::History => history(lang, page, query),
    };
    let similar = (note == "similar").then(|| {
        let list = domain::views::CustomerQuery { q: one.name.clone(), ..domain::views::CustomerQuery::default() };
        view! {
            <Banner tone=Tone::Warning text=t::done_similar(lang)>
                <a class="link" href=address::list(&list, "")>{t::show_similar(lang)}</a>
            </Banner>
        }
    });
    // With scripts the page hears of what others register (`frontend/js/customers`).
    let content = view! {
        {done(lang, note)}
        {similar}
        {facts(lang, one)}
        {sections(lang, one, page.section)}
        {news(lang, one)}
        <section aria-label=words::section(lang, page.section)>{section}</section>
    };
    let back = (address::LIST.to_owned(), t::customers(lang).to_owned());
    frame(&one.name, Some(back), tools.into_any(), content.into_any())
}

/// "2 new, show" where others registered something meanwhile (C-OCC-14); the rows stay as they are until somebody asks.
fn news(lang: Lang, one: &CustomerView) -> AnyView {
    // Up to a million no language has another sentence than that of two.
    let several = t::news(lang, 2).replace('2', "{n}");
    view! {
        <p class="news" data-news=one.id.to_string() data-one=t::news(lang, 1) data-several=several role="status" hidden=true></p>
    }
    .into_any()
}

/// What stands below the name: state, segment, responsible, document number, whom to call.
fn facts(lang: Lang, one: &CustomerView) -> AnyView {
    let contact = primary(&one.contacts);
    let phone = contact.map(|contact| contact.phone.clone()).filter(|phone| !phone.is_empty());
    let email = contact.map(|contact| contact.email.clone()).filter(|email| !email.is_empty());
    let fact = |label: &'static str, value: Option<String>| {
        value.map(|value| view! { <span><span class="muted">{label}": "</span>{value}</span> })
    };
    let named = |one: &Option<domain::views::Ref>| one.as_ref().map(|one| one.name.clone());
    let phone = phone.map(|phone| {
        view! { <a class="link" href=dial(&phone)><Icon name="phone" small=true/>{phone.clone()}</a> }
    });
    let email = email.map(|email| {
        view! { <a class="link" href=["mailto:", email.as_str()].concat()><Icon name="mail" small=true/>{email.clone()}</a> }
    });
    view! {
        <p class="customer-facts">
            {status(lang, one.status)}
            {fact(t::legal_name(lang), one.legal_name.clone())}
            {fact(t::segment(lang), named(&one.segment))}
            {fact(t::responsible(lang), named(&one.responsible))}
            {fact(t::document_id(lang), one.document_id.clone())}
            {fact(t::entity(lang), Some(one.entity.name.clone()))}
            {phone}
            {email}
        </p>
    }
    .into_any()
}

/// What a telephone is given.
fn dial(phone: &str) -> String {
    ["tel:", &phone.replace(' ', "")].concat()
}

fn sections(lang: Lang, one: &CustomerView, shown: CustomerSection) -> AnyView {
    let links = CustomerSection::ALL
        .into_iter()
        .map(|section| {
            let current = (section == shown).then_some("page");
            view! { <a href=address::section(one.id, section) aria-current=current>{words::section(lang, section)}</a> }
        })
        .collect_view();
    view! { <nav class="template-tabs no-print" aria-label=t::sections(lang)>{links}</nav> }.into_any()
}

fn occurrences(lang: Lang, page: &Page, query: &ReportQuery) -> AnyView {
    let id = page.customer.id;
    let base = address::customer(id);
    // The customer is the page, not a filter of it.
    let query = ReportQuery { customer: String::new(), ..query.clone() };
    let is_narrowed = filters::is_narrowed(&query);
    let (Some(list), Some(report)) = (&page.occurrences, &page.report) else {
        let wrong = view! { <Banner tone=Tone::Error text=t::wrong_filters(lang)/> };
        return view! { {ask(lang, page, &query)} {wrong} }.into_any();
    };
    let told = filters::told(lang, &query, &[(t::category(lang), query.category.as_str(), page.categories.as_slice())]);
    // Before the first one there is nothing to count and nothing to filter.
    let is_bare = list.items.is_empty() && !is_narrowed && query.cursor.is_empty();
    let numbers = (!is_bare).then(|| view! { {chart::counts(lang, &report.by_impact)} {chart::chart(lang, report)} });
    let filters = (!is_bare).then(|| ask(lang, page, &query));
    let rows = if !list.items.is_empty() {
        entry::entries(lang, &list.items, &page.now, false)
    } else if is_narrowed {
        view! { <EmptyState icon="search" title=t::none_found(lang) text=t::none_found_hint(lang)/> }.into_any()
    } else {
        let register = page.customer.may_register.then(|| {
            view! { <LinkButton href=address::of_customer(id, "occurrences/new")>{t::register_more(lang)}</LinkButton> }
        });
        view! { <EmptyState icon="notebook-pen" title=t::no_occurrences(lang) text=t::no_occurrences_hint(lang)>{register}</EmptyState> }
            .into_any()
    };
    let first = (!query.cursor.is_empty()).then(|| address::filtered(&base, &query, ""));
    let next = list.next_cursor.as_deref().map(|cursor| address::filtered(&base, &query, cursor));
    view! {
        {numbers}
        {filters}
        {told}
        {rows}
        <Pagination first=first next=next/>
    }
    .into_any()
}

/// The filters of what happened.
fn ask(lang: Lang, page: &Page, query: &ReportQuery) -> AnyView {
    let base = address::customer(page.customer.id);
    let clear = filters::is_narrowed(query).then(|| base.clone());
    view! {
        <form class="filter-bar" role="search" method="get" action=base aria-label=t::filters(lang)>
            {filters::impacts(lang, query)}
            {filters::common_fields(lang, query, &page.categories, &page.wrong)}
            {filters::ask(lang, clear)}
        </form>
    }
    .into_any()
}

fn tickets(lang: Lang, page: &Page, query: &ReportQuery) -> AnyView {
    let Some(list) = &page.tickets else { return ().into_any() };
    if list.items.is_empty() {
        return view! { <EmptyState icon="ticket" title=t::no_tickets(lang)/> }.into_any();
    }
    let rows = list.items.iter().map(|one| ticket(lang, one, &page.now)).collect_view();
    let base = address::section(page.customer.id, CustomerSection::Tickets);
    let (first, next) = ends(&base, &query.cursor, list.next_cursor.as_deref());
    view! {
        <div class="table-frame">
            <table class="data-table">
                <caption class="vh">{t::tickets(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="col-number">{t::number(lang)}</th>
                        <th scope="col">{t::title(lang)}</th>
                        <th scope="col" class="col-status">{t::status(lang)}</th>
                        <th scope="col" class="col-updated">{t::updated(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pagination first=first next=next/>
    }
    .into_any()
}

/// Addresses of the first and the next page of a section.
fn ends(base: &str, cursor: &str, next: Option<&str>) -> (Option<String>, Option<String>) {
    let next = next.map(|cursor| [base, "&cursor=", &leptos_router::location::Url::escape(cursor)].concat());
    ((!cursor.is_empty()).then(|| base.to_owned()), next)
}

fn ticket(lang: Lang, one: &CustomerTicket, now: &Moment) -> AnyView {
    let number = one.number.to_string();
    let label = t::updated(lang);
    view! {
        <tr>
            <td class="cell-number num">{number.clone()}</td>
            <th scope="row" class="card-wide"><a class="row-title" href=["/tickets/", &number].concat()>{one.title.clone()}</a></th>
            <td><StatusBadge status=one.status/></td>
            <td data-label=label><Time moment=one.updated_at.clone() now=Some(now.clone())/></td>
        </tr>
    }
    .into_any()
}

fn contacts(lang: Lang, one: &CustomerView) -> AnyView {
    if one.contacts.is_empty() {
        return view! { <EmptyState icon="users" title=t::no_contacts(lang)/> }.into_any();
    }
    let first = primary(&one.contacts);
    let rows = one
        .contacts
        .iter()
        .map(|contact| {
            let flag =
                (first == Some(contact)).then(|| view! { <span class="row-flag">{t::contact_primary(lang)}</span> });
            let email = (!contact.email.is_empty()).then(|| {
                view! { <a class="link" href=["mailto:", contact.email.as_str()].concat()>{contact.email.clone()}</a> }
            });
            let phone = (!contact.phone.is_empty())
                .then(|| view! { <a class="link" href=dial(&contact.phone)>{contact.phone.clone()}</a> });
            let role = (!contact.role.is_empty()).then(|| contact.role.clone());
            view! {
                <tr>
                    <th scope="row" class="card-wide">{contact.name.clone()}{flag}</th>
                    <td>{role}</td>
                    <td>{email}</td>
                    <td>{phone}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table contact-table">
                <caption class="vh">{t::contacts(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::contact_name(lang)}</th>
                        <th scope="col">{t::contact_role(lang)}</th>
                        <th scope="col">{t::contact_email(lang)}</th>
                        <th scope="col">{t::contact_phone(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn history(lang: Lang, page: &Page, query: &ReportQuery) -> AnyView {
    let Some(list) = &page.history else { return ().into_any() };
    if list.items.is_empty() {
        return view! { <EmptyState icon="history" title=t::no_history(lang)/> }.into_any();
    }
    let rows = list.items.iter().map(|one| change(lang, one, &page.now)).collect_view();
    let base = address::section(page.customer.id, CustomerSection::History);
    let (first, next) = ends(&base, &query.cursor, list.next_cursor.as_deref());
    view! { <ol class="customer-history">{rows}</ol><Pagination first=first next=next/> }.into_any()
}

fn change(lang: Lang, one: &CustomerChange, now: &Moment) -> AnyView {
    let rows = one
        .changes
        .iter()
        .map(|change| {
            let (old, new) = (words::value(lang, change, &change.old), words::value(lang, change, &change.new));
            view! { <tr><th scope="row">{words::field(lang, &change.field)}</th><td class="pre-line">{old}</td><td class="pre-line">{new}</td></tr> }
        })
        .collect_view();
    let table = (!one.changes.is_empty()).then(|| {
        view! {
            <table class="change-table">
                <caption class="vh">{t::changed_fields(lang)}</caption>
                <thead><tr><th scope="col">{t::field(lang)}</th><th scope="col">{t::before(lang)}</th><th scope="col">{t::after(lang)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    view! {
        <li class="card">
            <p class="entry-head">
                <b>{words::change(lang, &one.kind)}</b>
                <span>{name(lang, &one.by)}</span>
                <span class="entry-time"><Time moment=one.at.clone() now=Some(now.clone())/></span>
            </p>
            {table}
        </li>
    }
    .into_any()
}
