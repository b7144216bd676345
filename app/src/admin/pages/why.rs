//! Why may somebody do something, or may he not.

use domain::error::AppError;
use domain::forms::WhyForm;
use domain::lang::Lang;
use domain::policy::Capability;
use domain::views::{Choice, WhyView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::address;
use crate::admin::capabilities;
use crate::admin::server_fns::why_may;
use crate::admin::widgets::{Part, frame};
use crate::admin::words;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::field::{SelectField, TextField};
use crate::components::form_error::FormError;
use crate::components::icon::Icon;
use crate::error::Refusal;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::admin as t;

/// Page `/admin/roles/why`.
#[component]
pub fn WhyPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let question = Memo::new(move |_| {
        query.with(|map| {
            let text = |name: &str| map.get(name).unwrap_or_default();
            WhyForm { user: text("user"), capability: text("capability"), ticket: text("ticket") }
        })
    });
    let data = Resource::new_blocking(
        move || question.get(),
        |form| async move {
            if form == WhyForm::default() {
                Ok::<Option<WhyView>, Refusal>(None)
            } else {
                why_may(form).await.map(Some)
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| {
                let asked = question.get_untracked();
                match answer {
                    Ok(found) => page(lang, &asked, None, found.as_ref()),
                    Err(Refusal(error @ AppError::Invalid(_))) => page(lang, &asked, Some(error), None),
                    Err(refusal) => refused(&refusal),
                }
            })}
        </Transition>
    }
}

fn page(lang: Lang, asked: &WhyForm, error: Option<AppError>, found: Option<&WhyView>) -> AnyView {
    let wrong = |field: &str| Signal::stored(message::field_sentence(lang, &message::fields(error.as_ref()), field));
    let rights: Vec<Choice> = Capability::ALL
        .iter()
        .map(|one| Choice { value: one.name().to_owned(), name: capabilities::word(lang, *one).to_owned(), depth: 0 })
        .collect();
    let form = view! {
        <p class="muted small">{t::why_about(lang)}</p>
        <FormError error=Signal::stored(error.clone())/>
        <form class="filter-bar" method="get" action="/admin/roles/why" aria-label=t::why(lang)>
            <TextField name="user" label=t::email(lang) value=asked.user.clone() error=wrong("user") maxlength=254 autocomplete="off"/>
            <SelectField name="capability" label=t::right(lang) options=rights value=asked.capability.clone() blank=t::choose(lang) error=wrong("capability")/>
            <TextField name="ticket" label=t::ticket_optional(lang) value=asked.ticket.clone() error=wrong("ticket") maxlength=20 autocomplete="off"/>
            <SubmitButton icon="search">{t::ask(lang)}</SubmitButton>
        </form>
    };
    let answer = found.map(|found| answer(lang, found));
    frame(lang, Part::Roles, t::why(lang), ().into_any(), view! { {form}{answer} }.into_any())
}

fn answer(lang: Lang, found: &WhyView) -> AnyView {
    let right = capabilities::word(lang, found.capability);
    let (tone, words) = if found.allowed {
        (Tone::Done, t::may(lang, &found.user.name, right))
    } else {
        (Tone::Warning, t::may_not(lang, &found.user.name, right))
    };
    let reasons: Vec<String> = [
        (!found.active).then(|| t::because_disabled(lang).to_owned()),
        (found.sees_ticket == Some(false)).then(|| t::because_unseen(lang).to_owned()),
        found.entity.as_ref().map(|entity| t::in_entity(lang, &entity.name)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let reasons = reasons.into_iter().map(|words| view! { <p class="small">{words}</p> }).collect_view();
    let roles = if found.because.is_empty() {
        view! { <p class="muted small">{t::no_role_gives_it(lang)}</p> }.into_any()
    } else {
        let rows = found
            .because
            .iter()
            .map(|held| {
                let href = address::role(&held.role.id.to_string(), "");
                view! { <li><Icon name="shield"/><a class="quiet-link" href=href>{words::held(lang, held)}</a></li> }
            })
            .collect_view();
        view! { <ul class="admin-rows">{rows}</ul> }.into_any()
    };
    view! {
        <Banner tone=tone text=words/>
        <section class="card" aria-labelledby="because">
            <h2 class="card-title" id="because">{t::because(lang)}</h2>
            {reasons}
            {roles}
        </section>
    }
    .into_any()
}
