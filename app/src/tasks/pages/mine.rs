//! "My tasks": mine, those of my groups that nobody has, what is late; and the calendar feed (T-TSK-08, 10).

use domain::format;
use domain::lang::Lang;
use domain::views::MyTasks;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::parts;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tasks as t;
use crate::tasks::address;
use crate::tasks::server_fns::{MakeFeed, RevokeFeed, SetTask, my_tasks};

/// Page `/tasks?part=…`.
#[component]
pub fn MyTasksPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let of = |name: &str| query.with(|map| map.get(name).unwrap_or_default());
        (of("part"), of("cursor"))
    });
    let feed = Memo::new(move |_| query.with(|map| map.get("feed").unwrap_or_default()));
    let data = Resource::new_blocking(move || asked.get(), |(part, cursor)| my_tasks(part, cursor));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok((page, made)) => {
                    let is_first = asked.with_untracked(|(_, cursor)| cursor.is_empty());
                    view! { <Mine page=page made=made is_first=is_first feed=feed.get_untracked()/> }.into_any()
                }
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Mine(page: MyTasks, made: String, is_first: bool, feed: String) -> impl IntoView {
    let lang = use_lang();
    let refusal = refusal_of(form_action::<SetTask>());
    let told =
        move || refusal.get().map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    let back = address::part(&page.part, "");
    let list = if page.rows.is_empty() {
        view! { <EmptyState icon="list-checks" title=t::nothing_to_do(lang)/> }.into_any()
    } else {
        let items = page
            .rows
            .iter()
            .map(|row| parts::item(lang, &row.task, Some(&row.title), row.overdue, &back))
            .collect_view();
        view! { <ul class="card task-list">{items}</ul> }.into_any()
    };
    let first = (!is_first).then(|| back.clone());
    let next = page.next_cursor.as_ref().map(|cursor| address::part(&page.part, cursor));
    view! {
        <PageTitle text=t::my_tasks(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <div class="page-head">
                    <h1>{t::my_tasks(lang)}</h1>
                    <span class="page-tools">
                        <LinkButton href=address::PLANNER icon="calendar-clock">{t::planner(lang)}</LinkButton>
                    </span>
                </div>
                {tabs(lang, &page)}
                {told}
                {list}
                <Pagination first=first next=next/>
                {calendar(lang, &page, &made, &feed)}
            </div>
        </AgentLayout>
    }
}

fn tabs(lang: Lang, page: &MyTasks) -> AnyView {
    let [mine, groups, overdue] = page.counts;
    let all = [
        ("mine", t::mine(lang), mine),
        ("groups", t::of_my_groups(lang), groups),
        ("overdue", t::overdue(lang), overdue),
    ];
    let links = all.map(|(part, word, count)| {
        let current = (part == page.part).then_some("page");
        // One hundred stands for more.
        let count = format::count_capped(i64::from(count.min(99)), count < 100, lang);
        view! { <a href=address::part(part, "") aria-current=current>{word}" "<span class="count">{count}</span></a> }
    });
    view! { <nav class="template-tabs" aria-label=t::which_tasks(lang)>{links.into_iter().collect_view()}</nav> }
        .into_any()
}

/// The calendar feed: its address is shown once, when it is made.
fn calendar(lang: Lang, page: &MyTasks, made: &str, feed: &str) -> AnyView {
    let done = (feed == "revoked").then(|| view! { <Banner tone=Tone::Done text=t::feed_revoked(lang)/> });
    let shown = (!made.is_empty()).then(|| {
        let made = made.to_owned();
        view! {
            <Banner tone=Tone::Done text=t::feed_made(lang)>
                <input class="input input-sm" r#type="text" readonly=true value=made aria-label=t::feed_address(lang)/>
            </Banner>
        }
    });
    let since = page
        .feed_since
        .as_ref()
        .map(|at| view! { <p class="small">{t::feed_since(lang, &format::date(at, lang))}</p> });
    // What makes a present address worthless is asked for twice.
    let steps = if page.feed_since.is_some() {
        let replace = (t::feed_replace(lang), t::feed_replace_consequence(lang), MakeFeed::url());
        let revoke = (t::feed_revoke(lang), t::feed_revoke_consequence(lang), RevokeFeed::url());
        [replace, revoke]
            .map(|(word, consequence, action)| sure(word, consequence, action))
            .into_iter()
            .collect_view()
            .into_any()
    } else {
        view! {
            <form method="post" action=MakeFeed::url()>
                <SubmitButton kind=ButtonKind::Plain>{t::feed_make(lang)}</SubmitButton>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="card" id="feed" aria-labelledby="feed-title">
            <h2 class="card-title" id="feed-title">{t::feed_title(lang)}</h2>
            <p class="small">{t::feed_about(lang)}</p>
            {done}{shown}{since}
            {steps}
        </section>
    }
    .into_any()
}

/// A step behind a word that opens it and says what follows; works without scripts.
fn sure(word: &'static str, consequence: &'static str, action: &'static str) -> AnyView {
    view! {
        <details class="fold sure">
            <summary><Icon name="chevron-right"/>{word}</summary>
            <form method="post" action=action>
                <p class="small">{consequence}</p>
                <SubmitButton kind=ButtonKind::Danger>{word}</SubmitButton>
            </form>
        </details>
    }
    .into_any()
}
