//! The tasks of a ticket.

use domain::views::TicketTasks;
use leptos::prelude::*;

use super::parts;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tasks as t;
use crate::tasks::address;
use crate::tasks::server_fns::{SetTask, ticket_tasks};
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/tasks`.
#[component]
pub fn TicketTasksPage() -> impl IntoView {
    let number = use_number();
    let data = Resource::new_blocking(move || number.get(), ticket_tasks);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Tasks page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Tasks(page: TicketTasks) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let back = address::of_ticket(number);
    let refusal = refusal_of(form_action::<SetTask>());
    let told =
        move || refusal.get().map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    let add = page.may_add.then(|| {
        view! { <LinkButton href=address::new(number) kind=ButtonKind::Primary icon="plus">{t::add(lang)}</LinkButton> }
    });
    let add = add.into_any();
    let list = if page.tasks.is_empty() {
        view! { <EmptyState icon="list-checks" title=t::none_here(lang)/> }.into_any()
    } else {
        let items = page.tasks.iter().map(|task| parts::item(lang, task, None, false, &back)).collect_view();
        view! { <ul class="card task-list">{items}</ul> }.into_any()
    };
    let cut = page.is_cut.then(|| view! { <p class="muted small">{t::more_in_timeline(lang)}</p> });
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=t::tasks(lang)
            part="tasks"
            tools=add
            width="page-mid"
        >
            {told}
            {list}
            {cut}
        </PartPage>
    }
}
