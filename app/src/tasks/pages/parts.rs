//! What several pages of tasks show.

use domain::lang::Lang;
use domain::task::TaskState;
use domain::views::TaskView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::sign::PrivateMark;
use crate::t::tasks as t;
use crate::tasks::server_fns::SetTask;
use crate::tasks::{address, words};

/// The mark of a state: its icon and its word.
pub(super) fn state_mark(lang: Lang, state: TaskState) -> AnyView {
    let icon = match state {
        TaskState::Info => "info",
        TaskState::Todo => "circle-dashed",
        TaskState::InProgress => "circle-dot",
        TaskState::OnHold => "circle-pause",
        TaskState::Done => "circle-check",
    };
    view! {
        <span class="task-state" data-state=state.as_str()><Icon name=icon small=true/>{words::state(lang, state)}</span>
    }
    .into_any()
}

/// What the address says about what was saved just now, a sentence for each.
pub(super) fn warning(lang: Lang) -> AnyView {
    let query = use_query_map();
    let codes = query.with_untracked(|map| map.get("warning").unwrap_or_default());
    let told = codes.split(',').filter_map(|code| words::warning(lang, code));
    told.map(|text| view! { <Banner tone=Tone::Warning text=text/> }).collect_view().into_any()
}

/// Ticks a task done, or takes the tick back; `back` is the page to return to.
pub(super) fn tick(lang: Lang, task: &TaskView, back: &str) -> AnyView {
    let may = task.entry.actions.iter().any(|action| action == "progress");
    if !may || task.facts.state == TaskState::Info {
        return ().into_any();
    }
    let is_done = task.facts.state == TaskState::Done;
    let (state, word, icon) = if is_done {
        (TaskState::Todo, t::not_done(lang), "circle-check")
    } else {
        (TaskState::Done, t::mark_done(lang), "circle-dashed")
    };
    let about = domain::text::excerpt(&task.entry.body_text, 80);
    view! {
        <form method="post" action=SetTask::url()>
            <input r#type="hidden" name="form[id]" value=task.entry.id.to_string()/>
            <input r#type="hidden" name="form[state]" value=state.as_str()/>
            <input r#type="hidden" name="form[back]" value=back.to_owned()/>
            <button class="btn btn-ghost btn-sm btn-icon" r#type="submit" title=word>
                <Icon name=icon/><span class="vh">{word}": "{about}</span>
            </button>
        </form>
    }
    .into_any()
}

/// A task as an item of a list. `title` names its ticket where the list reaches over many.
pub(super) fn item(lang: Lang, task: &TaskView, title: Option<&str>, overdue: bool, back: &str) -> AnyView {
    let entry = &task.entry;
    let href = address::page(entry.ticket, entry.id);
    if entry.removed.is_some() {
        return view! {
            <li class="task-item"><span class="muted"><Icon name="trash-2" small=true/>{t::was_removed(lang)}</span></li>
        }
        .into_any();
    }
    let text = domain::text::excerpt(&entry.body_text, 160);
    let planned = words::planned(lang, &task.facts).unwrap_or_else(|| t::not_planned(lang).to_owned());
    let doer = words::doer(lang, &task.facts).unwrap_or_else(|| t::nobody(lang).to_owned());
    let of_ticket = title.map(|title| {
        let ticket = format!("/tickets/{}", entry.ticket);
        let words = format!("#{} {title}", entry.ticket);
        view! { <a class="quiet-link muted" href=ticket>{words}</a> }
    });
    let late = overdue
        .then(|| view! { <span class="task-late"><Icon name="clock-alert" small=true/>{t::is_overdue(lang)}</span> });
    let class = if entry.visibility.is_private() { "task-item private" } else { "task-item" };
    let private = entry.visibility.is_private().then(|| view! { <PrivateMark/> });
    view! {
        <li class=class>
            <div class="task-tick">{tick(lang, task, back)}</div>
            <div class="task-what">
                <a class="task-text" href=href>{text}</a>
                <p class="task-facts">
                    {private}
                    {state_mark(lang, task.facts.state)}
                    {late}
                    <span>{planned}</span>
                    <span>{doer}</span>
                    {of_ticket}
                </p>
            </div>
        </li>
    }
    .into_any()
}
