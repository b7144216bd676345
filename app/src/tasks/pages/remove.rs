//! Removing a task: a page that asks first (T-TSK-02, T-OCC-21).

use domain::text::excerpt;
use domain::views::TaskPage;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::field::TextField;
use crate::components::form_error::{FieldName, FormError};
use crate::components::sign::VisibilityMark;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tasks as t;
use crate::t::tickets;
use crate::tasks::address;
use crate::tasks::server_fns::{RemoveTask, task_page};
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

/// Page `/tickets/:number/tasks/:id/remove`.
#[component]
pub fn RemoveTaskPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data = Resource::new_blocking(
        move || (number.get(), id.get().to_string()),
        |(number, id)| task_page(number, id, String::new()),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Remove page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Remove(page: TaskPage) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let error = refusal_of(form_action::<RemoveTask>());
    let wrong = Signal::derive(move || {
        error.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), "reason"))
    });
    let Some(entry) = page.task.map(|task| task.entry) else { return ().into_any() };
    let typed = Refused::of::<RemoveTask>().about("form[id]", &entry.id.to_string()).or("form[reason]", "");
    let class = if entry.visibility.is_private() { "entry private" } else { "entry" };
    view! {
        <PartPage number=number title=page.title name=t::remove_question(lang) width="page-narrow">
            <form class="card form" method="post" action=RemoveTask::url()>
                <h1>{t::remove_question(lang)}</h1>
                <FormError error=error fields=vec![FieldName { field: "reason", label: tickets::reason(lang) }]/>
                <p>{t::remove_consequence(lang)}</p>
                <blockquote class=class>
                    <span class="entry-head">
                        <VisibilityMark visibility=entry.visibility/>
                        <b>{words::name(lang, &entry.author)}</b>
                    </span>
                    <span class="entry-body">{excerpt(&entry.body_text, 400)}</span>
                </blockquote>
                <input r#type="hidden" name="form[id]" value=entry.id.to_string()/>
                <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
                <input r#type="hidden" name="form[version]" value=entry.version.to_string()/>
                <TextField name="form[reason]" label=tickets::reason(lang) value=typed hint=tickets::reason_hint(lang) error=wrong maxlength=500/>
                <div class="dialog-foot">
                    <LinkButton href=address::page(number, entry.id)>{tickets::keep_it(lang)}</LinkButton>
                    <SubmitButton kind=ButtonKind::Danger>{t::remove_now(lang)}</SubmitButton>
                </div>
            </form>
        </PartPage>
    }
    .into_any()
}
