//! The first run: organisation and first administrator. Open with the token that the server printed, once.

use domain::lang::Lang;
use domain::views::Choice;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::account::preferences::{PreferenceLine, own_name};
use crate::account::server_fns::{SetUp, is_set_up_open};
use crate::boot::use_boot;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::field::{SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Mark;
use crate::components::page_title::PageTitle;
use crate::components::password::PasswordField;
use crate::form_action::{form_action, refusal_of};
use crate::message;
use crate::t::account as t;

/// Page `/setup`.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let lang = use_boot().lang;
    let open = Resource::new_blocking(|| (), |()| is_set_up_open());
    view! {
        <PageTitle text=t::set_up_title(lang)/>
        <main class="page page-narrow" id="main" tabindex="-1">
            <div class="auth-brand"><Mark/><span>"Guichet"</span></div>
            <Suspense>
                {move || Suspend::new(async move {
                    match open.await {
                        Ok(true) => view! { <SetUpForm/> }.into_any(),
                        Ok(false) => view! {
                            <h1>{t::set_up_title(lang)}</h1>
                            <Banner tone=Tone::Info text=crate::t::errors::setup_closed(lang)>
                                <a class="link" href="/sign-in">{t::sign_in(lang)}</a>
                            </Banner>
                        }.into_any(),
                        Err(error) => view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any(),
                    }
                })}
            </Suspense>
            <PreferenceLine/>
        </main>
    }
}

fn names(lang: Lang) -> Vec<FieldName> {
    [
        ("token", t::set_up_token(lang)),
        ("organisation", t::organisation_name(lang)),
        ("language", t::language(lang)),
        ("time_zone", t::time_zone(lang)),
        ("name", t::your_name(lang)),
        ("email", t::email(lang)),
        ("password", t::password(lang)),
    ]
    .map(|(field, label)| FieldName { field, label })
    .to_vec()
}

#[component]
fn SetUpForm() -> impl IntoView {
    let lang = use_boot().lang;
    let action = form_action::<SetUp>();
    let error = refusal_of(action);
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.with(|e| message::field_sentence(lang, &message::fields(e.as_ref()), field)))
    };
    let token = use_query_map().with_untracked(|query| query.get("token")).unwrap_or_default();
    let languages =
        Lang::ALL.map(|l| Choice { value: l.code().to_owned(), name: own_name(l).to_owned(), depth: 0 }).to_vec();
    let target = crate::signed::action(SetUp::url(), "/setup", &token);
    view! {
        // With scripts a refusal leaves what is typed where it is (`frontend/js/forms/stay.js`).
        <form class="card form numbered" method="post" action=target data-stay="">
            <div class="page-head"><h1>{t::set_up_title(lang)}</h1></div>
            <FormError error=error fields=names(lang)/>
            <section class="form-section">
                <h2>{t::organisation(lang)}</h2>
                <div class="field-grid">
                    <TextField name="form[organisation]" label=t::organisation_name(lang) error=wrong("organisation") required=true maxlength=100 autocomplete="organization" wide=true/>
                    <SelectField name="form[language]" label=t::language(lang) options=languages value=lang.code() error=wrong("language")/>
                    <TextField name="form[time_zone]" label=t::time_zone(lang) value="UTC" hint=t::time_zone_hint(lang) error=wrong("time_zone") required=true maxlength=64/>
                </div>
            </section>
            <section class="form-section">
                <h2>{t::administrator(lang)}</h2>
                <div class="field-grid">
                    <TextField name="form[name]" label=t::your_name(lang) error=wrong("name") required=true maxlength=100 autocomplete="name"/>
                    <TextField name="form[email]" label=t::email(lang) kind="email" error=wrong("email") required=true maxlength=254 autocomplete="username"/>
                    <PasswordField name="form[password]" label=t::password(lang) hint=t::password_hint(lang) error=wrong("password") autocomplete="new-password" wide=true/>
                    <TextField name="form[token]" label=t::set_up_token(lang) value=token hint=t::set_up_token_hint(lang) error=wrong("token") required=true maxlength=200 autocomplete="off" wide=true/>
                </div>
            </section>
            <div class="form-foot">
                <span class="draft-state"></span>
                <SubmitButton>{t::finish_set_up(lang)}</SubmitButton>
            </div>
        </form>
    }
}
