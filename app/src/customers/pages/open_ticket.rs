//! A ticket opened from an occurrence (C-OCC-11): its text, its customer and its images go along.

use domain::error::FieldErrors;
use domain::lang::Lang;
use domain::views::TicketFromOccurrence;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::boot::use_lang;
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::field::{TextAreaField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::customers::address;
use crate::customers::server_fns::{OpenTicketFrom, ticket_from_occurrence};
use crate::customers::widgets::entry::pictures;
use crate::customers::widgets::{hidden, plain};
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::common;
use crate::t::customers as t;

/// Page `/customer-occurrences/:id/ticket`.
#[component]
pub fn OpenTicketPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id")).unwrap_or_default());
    let data = Resource::new_blocking(move || id.get(), ticket_from_occurrence);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => open(lang, &page),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

fn open(lang: Lang, page: &TicketFromOccurrence) -> AnyView {
    let one = &page.occurrence;
    let refusal = refusal_of(form_action::<OpenTicketFrom>());
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let error = move |field: &'static str| {
        Signal::derive(move || wrong.with(|wrong: &FieldErrors| message::field_sentence(lang, wrong, field)))
    };
    let names = vec![
        FieldName { field: "title", label: t::title(lang) },
        FieldName { field: "description", label: t::description(lang) },
    ];
    let typed = Refused::of::<OpenTicketFrom>().about("form[id]", &one.id.to_string());
    let title = typed.or("form[title]", page.title.clone());
    let description = typed.or("form[description]", one.body.clone());
    let to = address::at_occurrence(one.customer.id, one.id, "");
    let content = view! {
        <form class="card form" method="post" action=OpenTicketFrom::url()>
            <FormError error=refusal fields=names/>
            {hidden("form[id]", one.id.to_string())}
            {hidden("form[key]", page.key.clone())}
            <p class="field"><span class="field-label">{t::customer(lang)}</span><span>{one.customer.name.clone()}</span></p>
            <TextField name="form[title]" label=t::title(lang) value=title required=true maxlength=250 error=error("title")/>
            <TextAreaField name="form[description]" label=t::description(lang) text=description required=true rows=8 error=error("description")/>
            {pictures(&one.images, |image| ["/documents/", &image.id.to_string()].concat())}
            <div class="form-foot">
                <span class="draft-state"></span>
                <LinkButton href=to.clone()>{common::cancel(lang)}</LinkButton>
                <SubmitButton>{t::open_ticket(lang)}</SubmitButton>
            </div>
        </form>
    };
    plain(t::open_ticket(lang), Some((to.clone(), one.customer.name.clone())), content.into_any())
}
