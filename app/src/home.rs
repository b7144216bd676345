//! Home of agents: the ways into the work of the day.

use leptos::prelude::*;

use crate::boot::use_boot;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::layouts::agent::AgentLayout;
use crate::t::shell as t;

/// Page `/`. Portal users never see it: `guard` leads them to their requests.
#[component]
pub fn HomePage() -> impl IntoView {
    let lang = use_boot().lang;
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
                <section class="card" aria-labelledby="assistance">
                    <h2 class="card-title" id="assistance">{t::assistance(lang)}</h2>
                    <ul class="side-list">{lists}</ul>
                </section>
            </div>
        </AgentLayout>
    }
}
