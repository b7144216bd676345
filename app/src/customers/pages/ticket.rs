//! The customer section of a ticket: whose it is, and which occurrences name it (C-OCC-10).

use domain::ids::TicketNumber;
use domain::lang::Lang;
use domain::views::{CustomerChoice, TicketCustomerPage as Page};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::boot::use_lang;
use crate::components::button::SubmitButton;
use crate::components::form_error::FormError;
use crate::customers::chooser::Chooser;
use crate::customers::server_fns::{SetTicketCustomer, ticket_customer};
use crate::customers::widgets::{entry, hidden, status};
use crate::customers::{address, words};
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::{chooser as choice, customers as t};
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/customer`.
#[component]
pub fn TicketCustomerPage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let number = params.with(|map| map.get("number")).and_then(|text| text.parse::<TicketNumber>().ok());
        (number.map_or(0, TicketNumber::get), query.with(|map| map.get("words")).unwrap_or_default())
    });
    let data = Resource::new_blocking(move || asked.get(), |(number, words)| ticket_customer(number, words));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => section(lang, &page, asked.get_untracked().1),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

fn section(lang: Lang, page: &Page, typed: String) -> AnyView {
    let title = t::customer_of(lang, &page.number.to_string());
    let who = match &page.customer {
        Some(one) => view! {
            <p class="customer-facts">
                <a class="link" href=address::customer(one.id)>{one.name.clone()}</a>
                {status(lang, one.status)}
                <span class="muted">{one.legal_name.clone()}</span>
            </p>
        }
        .into_any(),
        None => view! { <p class="muted">{t::no_customer(lang)}</p> }.into_any(),
    };
    let occurrences = (!page.occurrences.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2 class="card-title">{t::customer_occurrences(lang)}</h2>
                {entry::entries(lang, &page.occurrences, &page.now, true)}
            </section>
        }
    });
    let form = page.may_set.then(|| set(lang, page, typed));
    let (number, name) = (page.number, page.title.clone());
    view! {
        <PartPage number=number title=name heading=title part="customer" width="page-mid">
            {who}
            {form}
            {occurrences}
        </PartPage>
    }
    .into_any()
}

/// The form that asks for customers, and the one that sets the one that is ticked: the first only asks, the second posts.
fn set(lang: Lang, page: &Page, typed: String) -> AnyView {
    let refusal = refusal_of(form_action::<SetTicketCustomer>());
    let wrong = move || message::fields(refusal.get().as_ref());
    let refused = Refused::of::<SetTicketCustomer>();
    let typed = refused.or("words", typed);
    let present = page.customer.as_ref().map(|one| CustomerChoice {
        id: one.id,
        name: one.name.clone(),
        legal_name: one.legal_name.clone().unwrap_or_default(),
        entity: one.entity.name.clone(),
    });
    // The one that was ticked, as long as it is among those at hand.
    let chosen = match refused.value("form[customer]") {
        Some("") => None,
        Some(id) => page.found.iter().find(|one| one.id.to_string() == id).cloned().or(present),
        None => present,
    };
    let number = page.number;
    let chooser = Chooser {
        lang,
        name: "form[customer]",
        search: "words",
        id: "form-customer",
        purpose: format!("ticket:{number}"),
        chosen: chosen.as_ref(),
        found: &page.found,
        words: typed,
        may_be_empty: true,
        error: Signal::derive(move || words::first_of(lang, &wrong(), "customer")),
        button: view! {
            <button class="btn btn-sm" r#type="submit" formmethod="get" formaction=address::of_ticket(number) formnovalidate=true>
                {choice::find(lang)}
            </button>
        }
        .into_any(),
    };
    view! {
        <form class="card form" method="post" action=SetTicketCustomer::url()>
            <button class="vh" r#type="submit" formmethod="get" formaction=address::of_ticket(number) tabindex="-1" aria-hidden="true"></button>
            <FormError error=refusal fields=words::occurrence_fields(lang)/>
            {hidden("form[number]", number.to_string())}
            {hidden("form[version]", page.version.to_string())}
            {chooser.view()}
            <div class="form-foot"><SubmitButton>{t::save(lang)}</SubmitButton></div>
        </form>
    }
    .into_any()
}
