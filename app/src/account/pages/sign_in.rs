//! Sign in. One sentence for every refusal: it does not say which field was wrong.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::account::server_fns::{SignIn, is_set_up_open};
use crate::boot::use_boot;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::field::TextField;
use crate::components::form_error::FormError;
use crate::components::page_title::PageTitle;
use crate::components::password::PasswordField;
#[cfg(feature = "ssr")]
use crate::context::take_typed_email;
use crate::form_action::{form_action, refusal_of};
use crate::kept::Unsent;
use crate::layouts::auth::AuthLayout;
use crate::t::{account as t, errors as e};

/// Page `/sign-in`; also the answer to a text that somebody posts after his sign-in has ended.
#[component]
pub fn SignInPage() -> impl IntoView {
    match use_context::<Unsent>() {
        Some(unsent) => with_text(unsent),
        None => plain(),
    }
}

fn plain() -> AnyView {
    let lang = use_boot().lang;
    // Only for the error that a refused post brings back; the form itself is plain, as signing in loads a page anew.
    let action = form_action::<SignIn>();
    let error = refusal_of(action);
    let query = use_query_map();
    let next = move || query.with(|query| query.get("next")).unwrap_or_default();
    let set_up = Resource::new_blocking(|| (), |()| is_set_up_open());
    view! {
        <PageTitle text=t::sign_in_title(lang)/>
        <AuthLayout title=t::sign_in_title(lang)>
            <Suspense>
                {move || Suspend::new(async move {
                    matches!(set_up.await, Ok(true)).then(|| view! {
                        <Banner tone=Tone::Info text=t::set_up_is_open(lang)><a class="link" href="/setup">{t::set_up_title(lang)}</a></Banner>
                    })
                })}
            </Suspense>
            <FormError error=error/>
            <form class="form" method="post" action=SignIn::url()>
                <input r#type="hidden" name="form[next]" value=next/>
                {fields(take_typed_email())}
            </form>
        </AuthLayout>
    }
    .into_any()
}

/// No browser makes this page.
#[cfg(not(feature = "ssr"))]
const fn take_typed_email() -> String {
    String::new()
}

/// The form carries the text: whoever signs in with it finds it as his draft. Nothing is posted by signing in.
fn with_text(unsent: Unsent) -> AnyView {
    let lang = use_boot().lang;
    let Unsent { draft, had_files, next, email, error } = unsent;
    let words = error.is_none().then(|| view! { <Banner tone=Tone::Warning text=e::unauthenticated(lang)/> });
    let files = had_files.then(|| {
        view! {
            <p class="small">{t::files_not_kept(lang)}</p>
            <input r#type="hidden" name="form[had_files]" value="1"/>
        }
    });
    view! {
        <PageTitle text=t::sign_in_title(lang)/>
        <AuthLayout title=t::sign_in_title(lang) alone=true>
            {words}
            <FormError error=Signal::stored(error)/>
            <form class="form" method="post" action="/sign-in">
                <input r#type="hidden" name="form[next]" value=next/>
                <input r#type="hidden" name="form[draft]" value=draft/>
                {files}
                {fields(email)}
            </form>
        </AuthLayout>
    }
    .into_any()
}

fn fields(email: String) -> AnyView {
    let lang = use_boot().lang;
    view! {
        <TextField name="form[email]" label=t::email(lang) value=email kind="email" autocomplete="username" maxlength=254 required=true large=true/>
        <PasswordField name="form[password]" label=t::password(lang) autocomplete="current-password"/>
        <SubmitButton large=true>{t::sign_in(lang)}</SubmitButton>
    }
    .into_any()
}
