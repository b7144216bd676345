//! The planner: days of a person or a group, with what takes their time and what is not planned yet (T-TSK-09).
//!
//! Everything works by links and forms; `frontend/js/planner` adds moving and resizing by mouse and keys, which posts the same form.

use domain::format;
use domain::lang::Lang;
use domain::task::{self, Lane, TaskState};
use domain::views::{Choice, PlannerBlock, PlannerColumn, PlannerView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::parts;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::PrivateMark;
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tasks as t;
use crate::t::tickets;
use crate::tasks::server_fns::{MoveTask, planner};
use crate::tasks::{address, words};

/// Page `/planner?view=…&date=…&person=…&group=…`.
#[component]
pub fn PlannerPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let of = |name: &str| query.with(|map| map.get(name).unwrap_or_default());
        (of("view"), of("date"), of("person"), of("group"))
    });
    let moving = Memo::new(move |_| query.with(|map| map.get("move").unwrap_or_default()));
    let data =
        Resource::new_blocking(move || asked.get(), |(view, date, person, group)| planner(view, date, person, group));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Planner page=page moving=moving.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// The page as it is shown now, to return to.
fn here(page: &PlannerView) -> String {
    address::planner(&page.view, &page.date, &page.person, &page.group)
}

#[component]
fn Planner(page: PlannerView, moving: String) -> impl IntoView {
    let lang = use_lang();
    let refusal = refusal_of(form_action::<MoveTask>());
    let told = move || {
        refusal.get().map(|error| {
            let wrong = message::fields(Some(&error)).0;
            let wrong = wrong.iter().map(|one| {
                let name = words::field(lang, message::base_of(&one.field));
                view! { <li>{name}": "{message::wrong_sentence(lang, one)}</li> }
            });
            let wrong = wrong.collect_view();
            view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)><ul>{wrong}</ul></Banner> }
        })
    };
    let found = blocks(&page).find(|block| block.movable && block.id.is_some_and(|id| id.to_string() == moving));
    let form = found.cloned().map(|block| move_form(lang, &page, &block));
    let content = if page.view == "list" { list(lang, &page) } else { grid(lang, &page) };
    view! {
        <PageTitle text=t::planner(lang)/>
        <AgentLayout>
            <div class="page">
                <div class="page-head">
                    <h1>{t::planner(lang)}</h1>
                    <span class="page-tools"><LinkButton href=address::MINE icon="list-checks">{t::my_tasks(lang)}</LinkButton></span>
                </div>
                {bar(lang, &page)}
                {parts::warning(lang)}
                {told}
                {form}
                <p class="vh" role="status" data-planner-said=""></p>
                <div class="planner" data-planner=here(&page) data-move=MoveTask::url() data-strings=strings(lang)>
                    {content}
                    {unplanned(lang, &page)}
                </div>
            </div>
        </AgentLayout>
    }
}

/// Sentences the script says; it fills the slots itself.
fn strings(lang: Lang) -> String {
    serde_json::json!({
        "moved": t::moved_to(lang, "{time}"),
        "resized": t::resized_to(lang, "{time}"),
        "keys": t::planner_keys(lang),
    })
    .to_string()
}

fn blocks(page: &PlannerView) -> impl Iterator<Item = &PlannerBlock> {
    page.columns.iter().flat_map(|column| &column.blocks).chain(&page.unplanned)
}

/// Which days, whose.
fn bar(lang: Lang, page: &PlannerView) -> AnyView {
    let of = |view: &str, date: &str| address::planner(view, date, &page.person, &page.group);
    let views = [("week", t::week(lang)), ("day", t::day(lang)), ("list", t::list(lang))].map(|(view, word)| {
        let current = (view == page.view).then_some("page");
        view! { <a href=of(view, &page.date) aria-current=current>{word}</a> }
    });
    let hidden = view! { <input r#type="hidden" name="view" value=page.view.clone()/> };
    view! {
        <div class="planner-bar">
            <nav class="template-tabs" aria-label=t::planner_views(lang)>{views.into_iter().collect_view()}</nav>
            <span class="btn-group">
                <a class="btn btn-sm" href=of(&page.view, &page.previous)><Icon name="chevron-left"/>{t::before(lang)}</a>
                <a class="btn btn-sm" href=of(&page.view, &page.today) data-planner-today="">{t::today(lang)}</a>
                <a class="btn btn-sm" href=of(&page.view, &page.next)>{t::after(lang)}<Icon name="chevron-right"/></a>
            </span>
            <form class="planner-whose" method="get" action=address::PLANNER>
                {hidden}
                <TextField name="date" label=t::day(lang) kind="date" value=page.date.clone()/>
                <SelectField name="person" label=t::field_user(lang) options=page.people.clone() value=page.person.clone() blank=t::myself(lang)/>
                <SelectField name="group" label=t::field_group(lang) options=page.groups.clone() value=page.group.clone() blank=tickets::none(lang)/>
                <button class="btn btn-sm" r#type="submit">{t::show(lang)}</button>
            </form>
        </div>
    }
    .into_any()
}

/// Days side by side, half hours from top to bottom. Blocks of the same time share the width of their day, which is wide enough
/// for as many as there are.
fn grid(lang: Lang, page: &PlannerView) -> AnyView {
    let columns = page.columns.iter().map(|column| {
        let rows: Vec<(u32, u32)> = column.blocks.iter().map(|block| (block.row, block.rows)).collect();
        let lanes = task::lanes(&rows);
        let widest = lanes.iter().map(|lane| lane.of).max().unwrap_or(1);
        let blocks = column.blocks.iter().zip(lanes).map(|(block, lane)| block_view(lang, page, block, Some(lane)));
        let blocks = blocks.collect_view();
        let user = column.person.id.map(|id| id.to_string());
        // A column without a person is what a group has: nothing is moved into it.
        let user = user.filter(|_| column.person.kind == domain::views::ActorKind::User);
        let id = column_id(column);
        view! {
            <section class="planner-day" aria-labelledby=id.clone() data-day=day_of(column) data-user=user data-today=column.today.then_some("") style=format!("--widest:{widest}")>
                {heading(lang, column, &id)}
                <ol class="planner-blocks">{blocks}</ol>
            </section>
        }
    });
    let hours = (0..24_u32).map(|hour| view! { <li>{format!("{hour:02}:00")}</li> }).collect_view();
    view! {
        <div class="planner-grid" role="region" tabindex="0" aria-label=t::planner(lang)>
            <ol class="planner-hours" aria-hidden="true">{hours}</ol>
            {columns.collect_view()}
        </div>
    }
    .into_any()
}

/// One day after the other; days without anything are left out.
fn list(lang: Lang, page: &PlannerView) -> AnyView {
    let mut days = page
        .columns
        .iter()
        .filter(|column| !column.blocks.is_empty())
        .map(|column| {
            let blocks = column.blocks.iter().map(|block| block_view(lang, page, block, None)).collect_view();
            let id = column_id(column);
            view! {
                <section class="card planner-list" aria-labelledby=id.clone()>
                    {heading(lang, column, &id)}
                    <ol>{blocks}</ol>
                </section>
            }
            .into_any()
        })
        .peekable();
    if days.peek().is_none() {
        return view! { <p class="muted">{t::nothing_planned(lang)}</p> }.into_any();
    }
    days.collect::<Vec<_>>().into_any()
}

fn day_of(column: &PlannerColumn) -> String {
    column.day.as_str().get(..10).unwrap_or_default().to_owned()
}

fn column_id(column: &PlannerColumn) -> String {
    let person = column.person.id.map(|id| id.to_string()).unwrap_or_default();
    ["day-", &day_of(column), "-", &person].concat()
}

fn heading(lang: Lang, column: &PlannerColumn, id: &str) -> AnyView {
    let (day, whole) = (format::day_short(&column.day, lang), format::date_words(&column.day, lang));
    let person = column.person.name.clone();
    view! { <h2 class="planner-head" id=id.to_owned() title=whole>{day}<small>{person}</small></h2> }.into_any()
}

fn block_view(lang: Lang, page: &PlannerView, block: &PlannerBlock, lane: Option<Lane>) -> AnyView {
    let time = block.begin.as_ref().zip(block.end.as_ref()).map(|(begin, end)| words::span(lang, begin, end));
    let short = block
        .begin
        .as_ref()
        .zip(block.end.as_ref())
        .map(|(begin, end)| [format::time(begin).as_str(), " – ", &format::time(end)].concat());
    let lane = lane.map(|lane| format!(";--lane:{};--lanes:{}", lane.at, lane.of)).unwrap_or_default();
    let place = format!("--row:{};--rows:{}{lane}", block.row, block.rows);
    let Some((id, ticket)) = block.id.zip(block.ticket) else {
        return view! {
            <li class="planner-block" data-busy="" style=place title=time>
                <span>{t::busy(lang)}</span><small>{short}</small>
            </li>
        }
        .into_any();
    };
    let href = address::page(ticket, id);
    let moved = block.movable.then(|| {
        let href = [here(page).as_str(), "&move=", &id.to_string(), "#move"].concat();
        view! { <a class="planner-move" href=href title=t::move_task(lang)><Icon name="calendar-clock" small=true/><span class="vh">{t::move_task(lang)}</span></a> }
    });
    let conflict = block.conflict.then(|| {
        view! { <span class="planner-conflict" title=t::overlaps(lang)><Icon name="triangle-alert" small=true/><span>{t::overlaps(lang)}</span></span> }
    });
    let private = block.private.then(|| view! { <PrivateMark/> });
    let class = if block.private { "planner-block private" } else { "planner-block" };
    // Struck through to the eye, a word to the ear.
    let is_done = block.state == Some(TaskState::Done);
    let done = is_done.then(|| view! { <span class="vh">{t::state_done(lang)}" "</span> });
    let words = ["#", &ticket.to_string(), " ", &block.title].concat();
    let minutes = block
        .begin
        .as_ref()
        .zip(block.end.as_ref())
        .and_then(|(begin, end)| Some((end.date_time()? - begin.date_time()?).num_minutes().to_string()));
    let begin = block.begin.as_ref().and_then(|at| at.as_str().get(..16)).unwrap_or_default().to_owned();
    view! {
        <li
            class=class
            data-task=id.to_string()
            data-state=block.state.map(TaskState::as_str)
            data-begin=begin
            data-minutes=minutes
            data-movable=block.movable.then_some("")
            style=place
            title=time
        >
            {private}
            <a class="planner-link" href=href>{words}</a>
            <small>{done}{short}</small>
            <p class="planner-text">{block.text.clone()}</p>
            {conflict}
            {moved}
        </li>
    }
    .into_any()
}

/// What is to do and has no time yet: to be dropped into a day, or planned by its form.
fn unplanned(lang: Lang, page: &PlannerView) -> AnyView {
    let items = page.unplanned.iter().map(|block| block_view(lang, page, block, None)).collect_view();
    let none = page.unplanned.is_empty().then(|| view! { <p class="muted small">{t::all_planned(lang)}</p> });
    view! {
        <section class="card planner-unplanned" aria-labelledby="unplanned-title">
            <h2 class="card-title" id="unplanned-title">{t::not_planned_yet(lang)}</h2>
            {none}
            <ol>{items}</ol>
        </section>
    }
    .into_any()
}

/// The form behind every move: begin, length, person (T-TSK-09).
fn move_form(lang: Lang, page: &PlannerView, block: &PlannerBlock) -> AnyView {
    let Some((id, ticket)) = block.id.zip(block.ticket) else { return ().into_any() };
    let begin = block.begin.as_ref().and_then(|at| at.as_str().get(..16)).unwrap_or_default().to_owned();
    let length = block.begin.as_ref().zip(block.end.as_ref()).and_then(|(begin, end)| {
        let minutes = (end.date_time()? - begin.date_time()?).num_minutes();
        Some(domain::duration::words(domain::duration::Minutes(i32::try_from(minutes).ok()?)))
    });
    let people: Vec<Choice> = page.people.clone();
    let typed = Refused::of::<MoveTask>().about("form[id]", &id.to_string());
    let begin = typed.or("form[planned_begin]", begin);
    let length = typed.or("form[duration_minutes]", length.unwrap_or_default());
    let user = typed.or("form[user]", "");
    let title = t::move_of(lang, &ticket.to_string(), &block.title);
    view! {
        <form class="card form" id="move" method="post" action=MoveTask::url()>
            <h2 class="card-title">{title}</h2>
            <input r#type="hidden" name="form[id]" value=id.to_string()/>
            <input r#type="hidden" name="form[back]" value=here(page)/>
            <div class="field-grid field-grid-tight">
                <TextField name="form[planned_begin]" label=t::field_planned_begin(lang) kind="datetime-local" value=begin hint=t::empty_unplans(lang)/>
                <TextField name="form[duration_minutes]" label=t::field_duration(lang) value=length placeholder="1h30"/>
                <SelectField name="form[user]" label=t::field_user(lang) options=people value=user blank=t::as_it_is(lang)/>
            </div>
            <div class="form-foot">
                <span class="draft-state"></span>
                <LinkButton href=here(page)>{tickets::cancel(lang)}</LinkButton>
                <SubmitButton>{t::plan_it(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}
