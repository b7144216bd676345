//! Choosing a password by a link. Whoever has done so is signed in.

use domain::lang::Lang;
use domain::views::InvitationView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::admin::server_fns::{AcceptInvitation, invitation};
use crate::admin::widgets::hidden;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::form_error::{FieldName, FormError};
use crate::components::page_title::PageTitle;
use crate::components::password::PasswordField;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::auth::AuthLayout;
use crate::message;
use crate::t::admin as t;

/// Page `/invitation`.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|map| map.get("token").unwrap_or_default()));
    let data = Resource::new_blocking(move || token.get(), invitation);
    view! {
        <PageTitle text=t::welcome(lang)/>
        <AuthLayout title=t::welcome(lang) alone=true>
            <Suspense>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(Some(invited)) => form(lang, &invited, &token.get_untracked()),
                        Ok(None) => view! {
                            <Banner tone=Tone::Warning text=t::invitation_void(lang)>
                                <a class="link" href="/sign-in">{crate::t::account::sign_in(lang)}</a>
                            </Banner>
                        }
                        .into_any(),
                        Err(error) => {
                            view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </AuthLayout>
    }
}

fn form(lang: Lang, invited: &InvitationView, token: &str) -> AnyView {
    let error = refusal_of(form_action::<AcceptInvitation>());
    let wrong =
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), "password")));
    let label = crate::t::account::password(lang);
    view! {
        <p>{t::welcome_about(lang, &invited.email, &invited.name)}</p>
        <FormError error=error fields=vec![FieldName { field: "password", label }]/>
        <form class="form" method="post" action=crate::signed::action(AcceptInvitation::url(), "/invitation", token)>
            {hidden("form[token]", token)}
            // What password managers keep it for.
            <input class="vh" r#type="email" autocomplete="username" value=invited.email.clone() readonly=true tabindex="-1" aria-hidden="true"/>
            <PasswordField name="form[password]" label=label hint=crate::t::account::password_hint(lang) error=wrong autocomplete="new-password"/>
            <SubmitButton large=true>{t::choose_password(lang)}</SubmitButton>
        </form>
    }
    .into_any()
}
