//! Removing an occurrence: a page that asks first (T-OCC-21).

use domain::format;
use domain::text::excerpt;
use domain::views::OccurrencePage;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::TextField;
use crate::components::form_error::{FieldName, FormError};
use crate::components::sign::VisibilityMark;
use crate::components::when::Time;
use crate::form_action::{FormAction, form_action, refusal_of, send};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tickets as t;
use crate::tickets::server_fns::{RemoveOccurrence, occurrence_page};
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::mails::{MustKnow, went_out};
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

/// Page `/tickets/:number/occurrences/:id/remove`.
#[component]
pub fn RemoveOccurrencePage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let remove = form_action::<RemoveOccurrence>();
    let data =
        Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| occurrence_page(number, id, false));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Remove page=page remove=remove/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Remove(page: OccurrencePage, remove: FormAction<RemoveOccurrence>) -> impl IntoView {
    let lang = use_lang();
    let entry = page.occurrence;
    let number = entry.ticket;
    let question = t::remove_question(lang, &format::date(&entry.occurred_at, lang));
    let error = refusal_of(remove);
    let wrong = Signal::derive(move || {
        error.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), "reason"))
    });
    let typed = Refused::of::<RemoveOccurrence>().about("form[id]", &entry.id.to_string()).or("form[reason]", "");
    let class = if entry.visibility.is_private() { "entry private" } else { "entry" };
    view! {
        <PartPage number=number title=page.title name=question.clone() width="page-narrow">
            <form class="card form" method="post" action=RemoveOccurrence::url() on:submit=send(remove)>
                <h1>{question}</h1>
                <FormError error=error fields=vec![FieldName { field: "reason", label: t::reason(lang) }]/>
                <p>{t::remove_consequence(lang)}</p>
                <blockquote class=class>
                    <span class="entry-head">
                        <VisibilityMark visibility=entry.visibility/>
                        <b>{words::name(lang, &entry.author)}</b>
                        <span class="entry-time"><Time moment=entry.registered_at.clone() now=Some(page.now)/></span>
                    </span>
                    <span class="entry-body">{excerpt(&entry.body_text, 400)}</span>
                </blockquote>
                <input r#type="hidden" name="form[id]" value=entry.id.to_string()/>
                <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
                <input r#type="hidden" name="form[version]" value=entry.version.to_string()/>
                <TextField name="form[reason]" label=t::reason(lang) value=typed hint=t::reason_hint(lang) error=wrong maxlength=500/>
                <MustKnow known=went_out(&entry) error=error/>
                <div class="dialog-foot">
                    <LinkButton href=format!("/tickets/{number}#occurrence-{}", entry.id)>{t::keep_it(lang)}</LinkButton>
                    <SubmitButton kind=ButtonKind::Danger>{t::delete_occurrence(lang)}</SubmitButton>
                </div>
            </form>
        </PartPage>
    }
}
