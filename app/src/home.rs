//! Home of agents: the ways into the work of the day.

use leptos::prelude::*;

use crate::boot::use_boot;
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::layouts::agent::AgentLayout;
use crate::settings::server_fns::settings_warnings;
use crate::t::settings;
use crate::t::shell as t;

/// Page `/`. Portal users never see it: `guard` leads them to their requests.
#[component]
pub fn HomePage() -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    // Those who can mend settings are told of broken ones (T-SET-06).
    let sets = boot.viewer.as_ref().is_some_and(|viewer| viewer.can("admin.settings"));
    let lists = [
        ("/tickets?assignee=me&status=open", "circle-user", t::my_open_tickets(lang)),
        ("/tickets?assignee=none&status=open", "inbox", t::unassigned(lang)),
        ("/tickets?assignee=my_groups&status=open", "users", t::my_groups_open(lang)),
        ("/tickets", "ticket", t::tickets(lang)),
        ("/drafts", "notebook-pen", t::my_drafts(lang)),
    ]
    .map(|(href, icon, word)| view! { <li><a href=href><Icon name=icon/>{word}</a></li> })
    .into_iter()
    .collect_view();
    view! {
        <PageTitle text=t::home(lang)/>
        <AgentLayout>
            <div class="page page-narrow">
                <div class="page-head"><h1>{t::home(lang)}</h1></div>
                {sets.then(|| view! { <BrokenSettings/> })}
                <section class="card" aria-labelledby="assistance">
                    <h2 class="card-title" id="assistance">{t::assistance(lang)}</h2>
                    <ul class="side-list">{lists}</ul>
                </section>
            </div>
        </AgentLayout>
    }
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
                    <a class="link" href="/settings">{t::settings(lang)}</a>
                </Banner>
            })}
        </Suspense>
    }
}
