//! Former versions of a task, shown like those of an occurrence (T-TSK-02, T-OCC-16).

use leptos::prelude::*;

use crate::layouts::answer::{Loading, refused};
use crate::tasks::server_fns::task_revisions;
use crate::tickets::pages::revisions::{Revisions, of_entry};
use crate::tickets::widgets::address::{use_entry_id, use_number};

/// Page `/tickets/:number/tasks/:id/revisions`; `?revision=` names the one shown.
#[component]
pub fn TaskRevisionsPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data = Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| task_revisions(number, id));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Revisions of=of_entry(page, "tasks")/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}
