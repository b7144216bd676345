//! The page of a signed link (T-SOL-08, P-ACT-10): without sign-in, and opening it changes nothing.

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::solution::COMMENT_MAX;
use domain::views::{OpenLink, SolutionLinkView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::field::TextAreaField;
use crate::components::form_error::{FieldName, FormError};
use crate::components::page_title::PageTitle;
use crate::components::rich_text::RichText;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::{Refused, left};
use crate::layouts::auth::AuthLayout;
use crate::message;
use crate::signed;
use crate::solutions::server_fns::{AnswerByLink, solution_link};
use crate::t::solve as t;
use crate::t::{account, requests};

/// Page `/solution`.
#[component]
pub fn SolutionLinkPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let text = move |name: &'static str| query.with(|map| map.get(name).unwrap_or_default());
    let token = Memo::new(move |_| text("token"));
    let data = Resource::new_blocking(move || token.get(), solution_link);
    let refusal = refusal_of(form_action::<AnswerByLink>());
    view! {
        <PageTitle text=t::link_title(lang)/>
        <AuthLayout title=t::link_title(lang) alone=true>
            <Suspense>
                {move || Suspend::new(async move {
                    let (token, asks) = (token.get_untracked(), text("answer"));
                    match data.await {
                        Ok(SolutionLinkView::Open(open)) => opened(lang, &open, &token, &asks, refusal),
                        Ok(SolutionLinkView::Answered { at }) => {
                            let words = match text("done").as_str() {
                                "approve" => requests::done_approve(lang).to_owned(),
                                "refuse" => requests::done_refuse(lang).to_owned(),
                                _ => t::link_answered(lang, &format::date_time(&at, lang)),
                            };
                            ended(lang, Tone::Done, words)
                        }
                        Ok(SolutionLinkView::Void) => ended(lang, Tone::Warning, t::link_void(lang).to_owned()),
                        Err(error) => {
                            view! { <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </AuthLayout>
    }
}

fn ended(lang: Lang, tone: Tone, words: String) -> AnyView {
    // The answer of somebody else came between: what was typed here is not lost.
    let typed = left(&Refused::of::<AnswerByLink>(), "form[text]");
    view! { <Banner tone=tone text=words><a class="link" href="/sign-in">{account::sign_in(lang)}</a></Banner>{typed} }
        .into_any()
}

fn opened(lang: Lang, open: &OpenLink, token: &str, asks: &str, refusal: Memo<Option<AppError>>) -> AnyView {
    let body = open.body.clone().map(|body| view! { <div class="card entry-solution"><RichText html=body/></div> });
    let closes = open
        .closes_at
        .as_ref()
        .map(|at| view! { <p class="small muted">{crate::t::solutions::closes_on(lang, &format::date(at, lang))}</p> });
    view! {
        <p><b>{requests::number_title(lang, &open.number.to_string(), &open.title)}</b></p>
        {body}
        {closes}
        {form(lang, token, asks, refusal)}
    }
    .into_any()
}

/// One form with both answers; the words are a comment, or the reason that a refusal needs.
fn form(lang: Lang, token: &str, asks: &str, refusal: Memo<Option<AppError>>) -> AnyView {
    let wrong = Signal::derive(move || {
        refusal.with(|error| {
            let fields = message::fields(error.as_ref());
            message::field_sentence(lang, &fields, "reason")
                .or_else(|| message::field_sentence(lang, &fields, "comment"))
        })
    });
    let label = t::comment_or_reason(lang);
    let fields = vec![FieldName { field: "reason", label }, FieldName { field: "comment", label }];
    let typed = Refused::of::<AnswerByLink>().about("form[token]", token).or("form[text]", "");
    let longest = u32::try_from(COMMENT_MAX).unwrap_or(u32::MAX);
    let (approve, refuse) = if asks == "refuse" {
        (ButtonKind::Plain, ButtonKind::Primary)
    } else {
        (ButtonKind::Primary, ButtonKind::Plain)
    };
    view! {
        <form class="form" method="post" action=signed::action(AnswerByLink::url(), "/solution", token)>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[token]" value=token.to_owned()/>
            <TextAreaField name="form[text]" label=label text=typed hint=t::reason_needed(lang) error=wrong maxlength=longest rows=3/>
            <div class="form-foot">
                <SubmitButton kind=refuse name="form[answer]" value="refuse" large=true>{requests::not_solved(lang)}</SubmitButton>
                <SubmitButton kind=approve name="form[answer]" value="approve" large=true>{requests::it_works(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}
