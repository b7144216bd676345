//! The page of the link in a mail: for one person and one closing, without sign-in. Opening it changes nothing; once it is over
//! it tells no texts (T-SOL-08, P-ACT-10).

use domain::error::Code;
use domain::lang::Lang;
use domain::views::SurveyLinkView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::page_title::PageTitle;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::{Refused, left};
use crate::layouts::auth::AuthLayout;
use crate::message;
use crate::signed;
use crate::surveys::form::{Address, Asked, form, when};
use crate::surveys::server_fns::{AnswerSurveyByLink, survey_by_link};
use crate::t::survey as t;

/// Page `/survey`.
#[component]
pub fn SurveyLinkPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|map| map.get("token").unwrap_or_default()));
    let address = Memo::new(move |_| query.with(Address::read));
    let data = Resource::new_blocking(move || token.get(), survey_by_link);
    view! {
        <PageTitle text=t::title(lang)/>
        <AuthLayout title=t::title(lang) alone=true>
            <Suspense>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(Some(view)) => content(lang, view, &token.get_untracked(), &address.get_untracked()),
                        Ok(None) => void(lang, t::link_void(lang).to_owned()),
                        Err(error) => {
                            view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </AuthLayout>
    }
}

/// A link that opens nothing any more offers to sign in.
fn void(lang: Lang, words: String) -> AnyView {
    view! {
        <Banner tone=Tone::Warning text=words/>
        {left(&Refused::of::<AnswerSurveyByLink>(), "form[comment]")}
        <p><a class="link" href="/sign-in">{crate::t::account::sign_in(lang)}</a></p>
    }
    .into_any()
}

fn content(lang: Lang, view: SurveyLinkView, token: &str, address: &Address) -> AnyView {
    let answered = view.answered_at.as_ref().map(|at| when(lang, at)).unwrap_or_default();
    match view.off {
        Some(Code::SurveyExpired) => return void(lang, t::expired(lang).to_owned()),
        Some(_) if view.is_reopened => return void(lang, t::reopened(lang).to_owned()),
        Some(_) => return void(lang, t::answered_already(lang, &answered)),
        None => {}
    }
    let thanks = view.changes_until.as_ref().map(|until| {
        let tone = if address.done { Tone::Done } else { Tone::Info };
        view! { <Banner tone=tone text=t::changes_until(lang, &when(lang, until))/> }
    });
    let asked = Asked {
        action: signed::action(AnswerSurveyByLink::url(), "/survey", token),
        hidden: ("form[token]", token.to_owned()),
        score: view.score.or(address.score),
        comment: view.comment,
        refusal: refusal_of(form_action::<AnswerSurveyByLink>()).into(),
    };
    view! {
        {thanks}
        <p>{t::about(lang, &view.number.to_string(), &view.title)}</p>
        {form(lang, asked)}
    }
    .into_any()
}
