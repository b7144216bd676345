//! Deleting a customer: a page that asks first (C-CUS-06).

use domain::lang::Lang;
use domain::views::CustomerView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::form_error::FormError;
use crate::customers::address;
use crate::customers::server_fns::{RemoveCustomer, customer_form};
use crate::customers::widgets::{hidden, plain};
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::not_found::NotFoundPage;
use crate::t::common;
use crate::t::customers as t;

/// Page `/customers/:id/remove`.
#[component]
pub fn RemoveCustomerPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id")).unwrap_or_default());
    let data = Resource::new_blocking(move || id.get(), customer_form);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(form) => match &form.customer {
                    Some(one) => remove(lang, one),
                    None => view! { <NotFoundPage/> }.into_any(),
                },
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

fn remove(lang: Lang, one: &CustomerView) -> AnyView {
    let refusal = refusal_of(form_action::<RemoveCustomer>());
    let title = t::delete_customer(lang, &one.name);
    let back = (address::customer(one.id), one.name.clone());
    let content = view! {
        <form class="card form" method="post" action=RemoveCustomer::url()>
            <FormError error=refusal/>
            <p>{t::delete_customer_hint(lang)}</p>
            {hidden("form[id]", one.id.to_string())}
            {hidden("form[version]", one.version.to_string())}
            <div class="dialog-foot">
                <LinkButton href=back.0.clone()>{common::cancel(lang)}</LinkButton>
                <SubmitButton kind=ButtonKind::Danger>{t::delete(lang)}</SubmitButton>
            </div>
        </form>
    };
    plain(&title, Some(back), content.into_any())
}
