//! Home of agents (S20): what waits, how much of it, and what is due first; tickets, tasks, requests for validation. Every number leads to its list.

pub mod server_fns;

use domain::format;
use domain::lang::Lang;
use domain::views::{Count, HomeCount, HomeList, HomeView, ListQuery, Moment, TicketRow};
use leptos::prelude::*;
use leptos_router::location::Url;

use crate::boot::use_boot;
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::StatusBadge;
use crate::components::when::Deadline;
use crate::home::server_fns::agent_home;
use crate::layouts::agent::AgentLayout;
use crate::message;
use crate::settings::server_fns::settings_warnings;
use crate::t::home as t;
use crate::t::{settings, shell};

/// Page `/`. Portal users never see it: `guard` leads them to their requests.
#[component]
pub fn HomePage() -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    // Those who can mend settings are told of broken ones (T-SET-06).
    let sets = boot.viewer.as_ref().is_some_and(|viewer| viewer.can("admin.settings"));
    let data = Resource::new_blocking(|| (), |()| agent_home());
    view! {
        <PageTitle text=shell::home(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <div class="page-head"><h1>{shell::home(lang)}</h1></div>
                {sets.then(|| view! { <BrokenSettings/> })}
                <Suspense>
                    {move || data.get().map(|answer| match answer {
                        Ok(home) => content(lang, &home),
                        Err(refusal) => {
                            view! { <Banner tone=Tone::Error text=message::sentence(lang, &refusal.0)/> }.into_any()
                        }
                    })}
                </Suspense>
            </div>
        </AgentLayout>
    }
}

fn content(lang: Lang, home: &HomeView) -> AnyView {
    let tickets = home.counts.iter().map(|one| tickets(lang, one, &home.today));
    let late = home.late_tasks.value > 0;
    let mine = tile(lang, "/tasks", "list-checks", shell::my_tasks(lang), home.tasks, false);
    let overdue = tile(lang, "/tasks?part=overdue", "alarm-clock", t::late_tasks(lang), home.late_tasks, late);
    let asked =
        home.approvals.map(|count| tile(lang, "/approvals", "badge-check", shell::approvals(lang), count, false));
    let tiles = tickets.chain([mine, overdue]).chain(asked).collect_view();
    let drafts = i64::from(home.drafts);
    view! {
        <ul class="home-tiles" aria-label=t::what_waits(lang)>{tiles}</ul>
        <section class="card" aria-labelledby="home-next">
            <h2 class="card-title" id="home-next">{t::next_for_you(lang)}</h2>
            {next(lang, home)}
        </section>
        <ul class="home-links">
            <li><a class="link" href="/drafts"><Icon name="notebook-pen"/>{t::drafts(lang, drafts)}</a></li>
            <li><a class="link" href="/requests"><Icon name="hand-helping"/>{shell::my_requests(lang)}</a></li>
        </ul>
    }
    .into_any()
}

fn tickets(lang: Lang, one: &HomeCount, today: &str) -> AnyView {
    let (icon, word) = match one.list {
        HomeList::Overdue => ("alarm-clock", t::overdue(lang)),
        HomeList::DueToday => ("clock-alert", t::due_today(lang)),
        HomeList::Mine => ("circle-user", shell::my_open_tickets(lang)),
        HomeList::Waiting => ("circle-pause", t::waiting(lang)),
        HomeList::Unread => ("bell", t::unread(lang)),
        HomeList::Unassigned => ("inbox", shell::unassigned(lang)),
        HomeList::MyGroups => ("users", shell::my_groups_open(lang)),
        HomeList::Solved => ("circle-check", t::solved(lang)),
    };
    let is_late = one.list == HomeList::Overdue && one.count.value > 0;
    tile(lang, &address(&one.list.query(today)), icon, word, one.count, is_late)
}

/// A number that leads to its list; colour is spent where somebody must act.
fn tile(lang: Lang, href: &str, icon: &'static str, word: &'static str, count: Count, is_late: bool) -> AnyView {
    let number = format::count_capped(i64::from(count.value), count.exact, lang);
    let late = is_late.then_some("late");
    let none = (count.value == 0).then_some("");
    view! {
        <li>
            <a class="home-tile" href=href.to_owned() data-state=late data-none=none>
                <span class="home-number">{number}</span>
                <span class="home-word"><Icon name=icon/>{word}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The list of tickets under a question.
fn address(query: &ListQuery) -> String {
    let mut pairs = vec![("assignee", query.assignee.as_str()), ("status", query.status.as_str())];
    pairs.extend(query.more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let given: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [name, "=", &Url::escape(value)].concat())
        .collect();
    ["/tickets?", &given.join("&")].concat()
}

/// What of the own tickets is due first; without any, how many wait for somebody.
fn next(lang: Lang, home: &HomeView) -> AnyView {
    if home.next.items.is_empty() {
        let waiting = home.counts.iter().find(|one| one.list == HomeList::Unassigned);
        let waiting = waiting.map_or(0, |one| i64::from(one.count.value));
        let words = if waiting > 0 { t::nothing_but_unassigned(lang, waiting) } else { t::nothing(lang).to_owned() };
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    let rows = home.next.items.iter().map(|row| line(row, &home.next.now)).collect_view();
    view! { <ol class="home-next">{rows}</ol> }.into_any()
}

fn line(row: &TicketRow, now: &Moment) -> AnyView {
    let state = if row.overdue { "overdue" } else { "on_time" };
    let due = row.due_resolve_at.clone().map(|due| {
        view! { <Deadline state=state due=Some(due) now=now.clone()/> }
    });
    view! {
        <li>
            <a href=format!("/tickets/{}", row.number)>
                <span class="num muted">{format!("#{}", row.number)}</span>
                <span class="home-title">{row.title.clone()}</span>
            </a>
            <StatusBadge status=row.status/>
            {due}
        </li>
    }
    .into_any()
}

/// How many settings need care, with the way there. A number that cannot be had costs no page.
#[component]
fn BrokenSettings() -> impl IntoView {
    let lang = use_boot().lang;
    let count = Resource::new_blocking(|| (), |()| settings_warnings());
    view! {
        <Suspense>
            {move || count.get().and_then(Result::ok).filter(|count| *count > 0).map(|count| view! {
                <Banner tone=Tone::Warning text=settings::warnings(lang, i64::from(count))>
                    <a class="link" href="/settings">{shell::settings(lang)}</a>
                </Banner>
            })}
        </Suspense>
    }
}

// Making an address takes the server or a browser: there is no third way to escape it.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_number_leads_to_its_list() {
        let of = |list: HomeList| address(&list.query("2026-03-12"));
        assert_eq!(of(HomeList::Mine), "/tickets?assignee=me&status=open");
        assert_eq!(of(HomeList::Overdue), "/tickets?status=open&overdue=true");
        assert_eq!(of(HomeList::DueToday), "/tickets?status=open&due_from=2026%2D03%2D12&due_to=2026%2D03%2D12");
    }
}
