//! The page of a task: what it says, where it stands, and forms that take one step each.

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::task::TaskState;
use domain::views::{TaskPage as View, TaskView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::parts;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::field::{Checkbox, SelectField, TextAreaField, TextField};
use crate::components::icon::Icon;
use crate::components::rich_text::RichText;
use crate::components::sign::VisibilityMark;
use crate::error::Refusal;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tasks as t;
use crate::t::tickets;
use crate::tasks::server_fns::{MoveTask, PauseTask, SetTask, task_page};
use crate::tasks::{address, words};
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::conflict::decided;
use crate::tickets::widgets::entry::files;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words as of_tickets;

/// Page `/tickets/:number/tasks/:id`.
#[component]
pub fn TaskPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data = Resource::new_blocking(
        move || (number.get(), id.get().to_string()),
        |(number, id)| task_page(number, id, String::new()),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(View { task: Some(task), .. }) if task.entry.removed.is_some() => gone(&task),
                Ok(page) => view! { <Task page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// What a removed task leaves.
fn gone(task: &TaskView) -> AnyView {
    let lang = use_lang();
    let number = task.entry.ticket;
    view! {
        <PartPage number=number heading=t::task(lang) width="page-narrow">
            <Banner text=t::was_removed(lang)/>
        </PartPage>
    }
    .into_any()
}

#[component]
fn Task(page: View) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let refusals = [
        refusal_of(form_action::<SetTask>()),
        refusal_of(form_action::<PauseTask>()),
        refusal_of(form_action::<MoveTask>()),
    ];
    let told = refusals.map(|refusal| move || refusal.get().map(|error| refusal_view(lang, &error)));
    let [set, pause, moved] = told;
    let body = page.task.as_ref().map(|task| body(lang, &page, task));
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            heading=t::task(lang)
            tools=tools(lang, &page)
            width="page-narrow"
        >
            {parts::warning(lang)}
            {set}{pause}{moved}
            {body}
        </PartPage>
    }
}

/// One sentence, and every wrong field with its own.
fn refusal_view(lang: Lang, error: &AppError) -> AnyView {
    let wrong = message::fields(Some(error)).0;
    let wrong = wrong.iter().map(|one| {
        let name = words::field(lang, message::base_of(&one.field));
        view! { <li>{name}": "{message::wrong_sentence(lang, one)}</li> }
    });
    let wrong = wrong.collect_view();
    view! {
        <Banner tone=Tone::Error text=message::sentence(lang, error)><ul>{wrong}</ul></Banner>
    }
    .into_any()
}

fn may(task: &TaskView, action: &str) -> bool {
    task.entry.actions.iter().any(|one| one == action)
}

fn tools(lang: Lang, page: &View) -> AnyView {
    let Some(task) = &page.task else { return ().into_any() };
    let (number, id) = (page.number, task.entry.id);
    let entry = view! { <a class="btn btn-ghost btn-sm" href=address::entry(number, id)><Icon name="list"/>{t::in_timeline(lang)}</a> };
    let edit = may(task, "update")
        .then(|| view! { <LinkButton href=address::edit(number, id) icon="pencil">{tickets::edit(lang)}</LinkButton> });
    let remove = may(task, "delete").then(|| {
        view! { <a class="btn btn-ghost btn-sm" href=address::remove(number, id)><Icon name="trash-2"/>{tickets::remove(lang)}</a> }
    });
    view! { {entry}{edit}{remove} }.into_any()
}

fn body(lang: Lang, page: &View, task: &TaskView) -> AnyView {
    let entry = &task.entry;
    let class = if entry.visibility.is_private() { "card entry private" } else { "card entry" };
    view! {
        <article class=class>
            <header class="entry-head">
                <VisibilityMark visibility=entry.visibility/>
                <span class="entry-author">{of_tickets::name(lang, &entry.author)}</span>
                <span class="entry-time">{format::smart(&entry.registered_at, &page.now, lang)}</span>
            </header>
            <RichText html=entry.body.clone()/>
            {files(lang, &entry.attachments)}
            {facts(lang, page, task)}
        </article>
        {steps(lang, page, task)}
    }
    .into_any()
}

fn facts(lang: Lang, page: &View, task: &TaskView) -> AnyView {
    let facts = &task.facts;
    let time = |minutes: Option<domain::duration::Minutes>| minutes.map(|minutes| format::duration(minutes, lang));
    let done = facts.done_at.as_ref().map(|at| {
        let by = facts.done_by.as_ref().map(|by| of_tickets::name(lang, by)).unwrap_or_default();
        t::done_by(lang, &by, &format::smart(at, &page.now, lang))
    });
    let edited = task.entry.edited_at.as_ref().map(|at| tickets::edited(lang, &format::smart(at, &page.now, lang)));
    let rows = [
        (t::field_planned(lang), words::planned(lang, facts)),
        (t::field_user(lang), facts.user.as_ref().map(|person| of_tickets::name(lang, person))),
        (t::field_group(lang), facts.group.as_ref().map(|group| group.name.clone())),
        (t::field_estimated(lang), time(facts.estimated)),
        (t::field_actual(lang), time(facts.actual)),
        (t::field_reminder(lang), facts.reminder.map(|minutes| words::reminder(lang, minutes))),
        (tickets::field_category(lang), task.entry.category.as_ref().map(|category| category.name.clone())),
    ];
    let rows =
        rows.into_iter().filter_map(|(name, value)| value.map(|value| view! { <dt>{name}</dt><dd>{value}</dd> }));
    let rows = rows.collect_view();
    let revisions = (task.entry.revision_count > 0).then(|| {
        let href = [address::page(page.number, task.entry.id).as_str(), "/revisions"].concat();
        view! { <a class="link" href=href>{edited.clone().unwrap_or_else(|| tickets::view_revisions(lang).to_owned())}</a> }
    });
    view! {
        <dl class="task-table">
            <dt>{t::field_state(lang)}</dt>
            <dd>{parts::state_mark(lang, facts.state)}{done.map(|done| view! { <span class="muted">" "{done}</span> })}</dd>
            {rows}
        </dl>
        {revisions}
    }
    .into_any()
}

/// One form for each step: how far it is, a pause, another time.
fn steps(lang: Lang, page: &View, task: &TaskView) -> AnyView {
    let back = address::page(page.number, task.entry.id);
    let progress = may(task, "progress").then(|| progress(lang, task, &back));
    let pause = pause(lang, page, task, &back);
    let moved = may(task, "update").then(|| moved(lang, task, &back));
    view! { <div class="task-steps">{progress}{pause}{moved}</div> }.into_any()
}

/// What is wrong with a field of the form of `S`.
fn wrong<S>(lang: Lang, field: &'static str) -> Signal<Option<String>>
where
    S: ServerFn<Error = Refusal> + 'static,
    S::Output: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let refusal = refusal_of(form_action::<S>());
    Signal::derive(move || refusal.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), field)))
}

fn progress(lang: Lang, task: &TaskView, back: &str) -> AnyView {
    let spent = task.facts.actual.map(domain::duration::words).unwrap_or_default();
    let typed = Refused::of::<SetTask>().about("form[id]", &task.entry.id.to_string());
    let state = typed.or("form[state]", task.facts.state.as_str());
    let spent = typed.or("form[actual_minutes]", spent);
    // What was typed was typed over the version the form was made from, whatever was saved since.
    let version = typed.or("form[version]", task.entry.version.to_string());
    let decided = refusal_of(form_action::<SetTask>()).with_untracked(|error| decided(error.as_ref()));
    let (wrong_state, wrong_time) = (wrong::<SetTask>(lang, "state"), wrong::<SetTask>(lang, "actual_minutes"));
    view! {
        <form class="card form" method="post" action=SetTask::url()>
            <h2 class="card-title">{t::how_far(lang)}</h2>
            <input r#type="hidden" name="form[id]" value=task.entry.id.to_string()/>
            <input r#type="hidden" name="form[version]" value=version/>
            {decided}
            <input r#type="hidden" name="form[whole]" value="true"/>
            <input r#type="hidden" name="form[back]" value=back.to_owned()/>
            <div class="field-grid field-grid-tight">
                <SelectField name="form[state]" label=t::field_state(lang) options=words::states(lang) value=state error=wrong_state/>
                <TextField name="form[actual_minutes]" label=t::field_actual(lang) value=spent placeholder="1h30" error=wrong_time/>
            </div>
            <div class="form-foot"><SubmitButton>{tickets::save(lang)}</SubmitButton></div>
        </form>
    }
    .into_any()
}

/// Stops or goes on with the task, the ticket, or both (T-TSK-05).
fn pause(lang: Lang, page: &View, task: &TaskView, back: &str) -> AnyView {
    let (pauses, resumes) = (may(task, "pause"), may(task, "resume"));
    let is_resumed = resumes || (!pauses && page.may_resume);
    let of_ticket = if is_resumed { page.may_resume } else { page.may_suspend };
    let of_task = if is_resumed { resumes } else { pauses };
    if !of_ticket && !of_task {
        return ().into_any();
    }
    let (title, word) =
        if is_resumed { (t::resume_title(lang), t::resume(lang)) } else { (t::pause_title(lang), t::pause(lang)) };
    let typed = Refused::of::<PauseTask>().about("form[id]", &task.entry.id.to_string());
    let reasons = (of_ticket && !is_resumed).then(|| {
        let (wrong_reason, wrong_text) = (wrong::<PauseTask>(lang, "ticket.reason"), wrong::<PauseTask>(lang, "ticket.text"));
        view! {
            <SelectField
                name="form[reason]"
                label=tickets::field_pending_reason(lang)
                options=page.choices.form.pending_reasons.clone()
                value=typed.or("form[reason]", "")
                blank=tickets::none(lang)
                error=wrong_reason
            />
            <TextAreaField
                name="form[text]"
                label=t::pause_text(lang)
                text=typed.or("form[text]", "")
                rows=2
                maxlength=2000
                error=wrong_text
            />
            <Checkbox name="form[text_public]" label=t::pause_public(lang) checked=typed.ticked("form[text_public]", false)/>
        }
    });
    let resume = is_resumed.then(|| view! { <input r#type="hidden" name="form[resume]" value="true"/> });
    let (is_task, is_ticket) = (typed.ticked("form[task]", true), typed.ticked("form[ticket]", false));
    let both = of_task.then(|| view! { <Checkbox name="form[task]" label=t::this_task(lang) checked=is_task/> });
    let ticket =
        of_ticket.then(|| view! { <Checkbox name="form[ticket]" label=t::the_ticket(lang) checked=is_ticket/> });
    view! {
        <form class="card form" method="post" action=PauseTask::url()>
            <h2 class="card-title">{title}</h2>
            <input r#type="hidden" name="form[id]" value=task.entry.id.to_string()/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <input r#type="hidden" name="form[back]" value=back.to_owned()/>
            {resume}{both}{ticket}{reasons}
            <div class="form-foot"><SubmitButton>{word}</SubmitButton></div>
        </form>
    }
    .into_any()
}

/// Another begin and length, or none (T-TSK-04).
fn moved(lang: Lang, task: &TaskView, back: &str) -> AnyView {
    let begin = task.facts.planned_begin.as_ref();
    let wall = begin.and_then(|moment| moment.as_str().get(..16)).unwrap_or_default().to_owned();
    let length = begin.zip(task.facts.planned_end.as_ref()).and_then(|(begin, end)| {
        let minutes = (end.date_time()? - begin.date_time()?).num_minutes();
        Some(domain::duration::words(domain::duration::Minutes(i32::try_from(minutes).ok()?)))
    });
    let is_over = matches!(task.facts.state, TaskState::Done | TaskState::Info);
    let typed = Refused::of::<MoveTask>().about("form[id]", &task.entry.id.to_string());
    let open = typed.is_some() || (!is_over && begin.is_none());
    let wall = typed.or("form[planned_begin]", wall);
    let length = typed.or("form[duration_minutes]", length.unwrap_or_default());
    let (wrong_begin, wrong_length) =
        (wrong::<MoveTask>(lang, "planned_begin"), wrong::<MoveTask>(lang, "duration_minutes"));
    view! {
        <details class="card fold" open=open>
            <summary><Icon name="chevron-right"/>{t::move_task(lang)}</summary>
            <form class="form" method="post" action=MoveTask::url()>
                <input r#type="hidden" name="form[id]" value=task.entry.id.to_string()/>
                <input r#type="hidden" name="form[back]" value=back.to_owned()/>
                <div class="field-grid field-grid-tight">
                    <TextField name="form[planned_begin]" label=t::field_planned_begin(lang) kind="datetime-local" value=wall hint=t::empty_unplans(lang) error=wrong_begin/>
                    <TextField name="form[duration_minutes]" label=t::field_duration(lang) value=length placeholder="1h30" error=wrong_length/>
                </div>
                <div class="form-foot"><SubmitButton>{t::plan_it(lang)}</SubmitButton></div>
            </form>
        </details>
    }
    .into_any()
}
