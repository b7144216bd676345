//! Ending mails of one kind by the link in one of them, without signing in. Looking changes nothing; the button acts (M-HDR-04).

use domain::lang::Lang;
use domain::views::UnsubscribeView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::page_title::PageTitle;
use crate::layouts::auth::AuthLayout;
use crate::mail::server_fns::unsubscription;
use crate::message;
use crate::notifications::words as told;
use crate::t::mail as t;
use crate::t::notifications;

/// Page `/unsubscribe`.
#[component]
pub fn UnsubscribePage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|map| map.get("token").unwrap_or_default()));
    let data = Resource::new_blocking(move || token.get(), unsubscription);
    view! {
        <PageTitle text=t::stop_title(lang)/>
        <AuthLayout title=t::stop_title(lang) alone=true>
            <Suspense>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(Some(found)) => content(lang, &found, &token.get_untracked()),
                        Ok(None) => view! { <Banner tone=Tone::Warning text=t::stop_void(lang)/>{preferences(lang)} }.into_any(),
                        Err(error) => {
                            view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </AuthLayout>
    }
}

fn content(lang: Lang, found: &UnsubscribeView, token: &str) -> AnyView {
    let event = told::event(lang, found.event);
    if !found.is_on {
        return view! { <Banner tone=Tone::Done text=t::stopped(lang, event)/>{preferences(lang)} }.into_any();
    }
    let action = ["/unsubscribe?token=", &Url::escape(token)].concat();
    view! {
        <p>{t::stop_about(lang, event)}</p>
        <form class="form" method="post" action=action>
            <SubmitButton large=true>{t::stop_now(lang)}</SubmitButton>
        </form>
        {preferences(lang)}
    }
    .into_any()
}

/// The way to all of one's choices, for those who can sign in.
fn preferences(lang: Lang) -> AnyView {
    view! { <p class="small"><a class="link" href="/profile/notifications">{notifications::preferences(lang)}</a></p> }
        .into_any()
}
