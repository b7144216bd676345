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
    .map(|(href, icon, word)| view! { <li><a class="btn btn-ghost" href=href><Icon name=icon/>{word}</a></li> })
    .into_iter()
    .collect_view();
    let can_create = use_boot().viewer.as_ref().is_some_and(|viewer| viewer.can("ticket.create"));
    let create = can_create.then(|| {
        view! { <a class="btn btn-primary btn-sm" href="/tickets/new"><Icon name="plus"/>{t::create_ticket(lang)}</a> }
    });
    view! {
        <PageTitle text=t::home(lang)/>
        <AgentLayout>
            <div class="page page-narrow">
                <div class="page-head"><h1>{t::home(lang)}</h1><div class="page-tools">{create}</div></div>
                <section class="card" aria-labelledby="assistance">
                    <h2 class="card-title" id="assistance">{t::assistance(lang)}</h2>
                    <ul class="stack">{lists}</ul>
                </section>
            </div>
        </AgentLayout>
    }
}
