//! Registering an occurrence: from the menu, where the customer is chosen, and from the page of a customer, where he is fixed
//! (C-OCC-01).

use domain::lang::Lang;
use domain::views::CustomerOccurrenceForm;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::boot::use_lang;
use crate::customers::address;
use crate::customers::server_fns::{SaveCustomerOccurrence, customer_occurrence_form};
use crate::customers::widgets::occurrence_form::{Begun, Form};
use crate::customers::widgets::{done, plain};
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::t::customers as t;

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    fixed: String,
    chosen: String,
    words: String,
    category: String,
    date: String,
    note: String,
}

/// Pages `/customer-occurrences/new` and `/customers/:id/occurrences/new`.
#[component]
pub fn RegisterOccurrencePage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let fixed = params.with(|map| map.get("id")).unwrap_or_default();
        query.with(|map| {
            let text = |name: &str| map.get(name).unwrap_or_default();
            Asked {
                fixed,
                chosen: text("customer"),
                words: text("search"),
                category: text("category"),
                date: text("date"),
                note: text("done"),
            }
        })
    });
    let data = Resource::new_blocking(
        move || asked.get(),
        |asked| customer_occurrence_form(asked.fixed, asked.chosen, asked.words),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(form) => register(lang, &form, asked.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

fn register(lang: Lang, form: &CustomerOccurrenceForm, asked: Asked) -> AnyView {
    let refusal = refusal_of(form_action::<SaveCustomerOccurrence>());
    let begun = match &form.draft {
        Some(draft) => Begun::of_draft(draft, asked.words),
        None => Begun { category: asked.category, occurred_on: asked.date, words: asked.words, ..Begun::default() },
    };
    let customer = form.customer.as_ref().filter(|_| form.is_fixed);
    let (here, cancel, back) = match customer {
        Some(one) => {
            let page = address::customer(one.id);
            (address::of_customer(one.id, "occurrences/new"), page.clone(), Some((page, one.name.clone())))
        }
        None => (address::NEW_OCCURRENCE.to_owned(), address::LIST.to_owned(), None),
    };
    let form = Form { lang, form, present: None, begun, here, cancel, refusal }.view();
    let content = view! {
        {done(lang, &asked.note)}
        {form}
    };
    plain(t::register_occurrence(lang), back, content.into_any())
}
