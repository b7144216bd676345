//! Around the pages of requesters: one bar, no rail.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::approvals::approvals_count;
use super::bell::Bell;
use super::own_menu::OwnMenu;
use crate::boot::use_boot;
use crate::components::icon::{Icon, Mark};
use crate::components::page_title::PageTitle;
use crate::components::toast::ToastRegion;
use crate::t::shell as t;

/// The shell of requesters.
#[component]
pub fn PortalLayout(
    /// Title of the page, where the page does not set it with `PageTitle` itself.
    #[prop(optional, into)]
    title: Option<Signal<String>>,
    /// The page; its `h1` stands in a `div.page-head`.
    children: Children,
) -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    let brand = if boot.organisation.is_empty() {
        "Guichet".to_owned()
    } else {
        ["Guichet · ", boot.organisation.as_str()].concat()
    };
    // A number to see, a sentence to hear.
    let count = (boot.unread > 0).then(|| {
        let words = crate::t::requests::unread(lang, i64::from(boot.unread));
        view! {
            " "
            <span class="count count-new" title=words>
                <span aria-hidden="true">{boot.unread.to_string()}</span>
                <span class="vh">{words.clone()}</span>
            </span>
        }
    });
    // Profile and drafts stand in this shell too.
    let path = use_location().pathname;
    let current = move || path.with(|path| path.starts_with("/requests")).then_some("page");
    let at_articles = move || path.with(|path| path.starts_with("/knowledge")).then_some("page");
    let articles = boot
        .viewer
        .as_ref()
        .is_some_and(|viewer| viewer.can("knowledge.view"))
        .then(|| view! { <a href="/knowledge" aria-current=at_articles>{t::knowledge(lang)}</a> });
    // Those who may answer requests for validation find them here (P-APR-01).
    let current_approvals = move || path.with(|path| path.starts_with("/approvals")).then_some("page");
    let approvals = boot.viewer.as_ref().is_some_and(|viewer| viewer.can("validation.answer")).then(|| {
        let count = approvals_count(lang, boot.approvals);
        view! { <a href="/approvals" aria-current=current_approvals>{t::approvals(lang)}{count}</a> }
    });
    let menu = boot.viewer.clone().map(|viewer| view! { <Bell/><OwnMenu viewer=viewer/> });
    // Agents have requests too: one link leads back to their side.
    let desk = boot
        .viewer
        .as_ref()
        .is_some_and(|viewer| viewer.agent)
        .then(|| view! { <a href="/tickets">{t::tickets(lang)}</a> });
    let help = (!boot.help.is_empty()).then(|| {
        view! {
            <footer class="portal-foot no-print">
                <a class="link" href=boot.help.clone() rel="external noreferrer"><Icon name="circle-question-mark"/>{t::help(lang)}</a>
            </footer>
        }
    });
    view! {
        {title.map(|text| view! { <PageTitle text=text/> })}
        <div class="portal">
            <nav class="skip-links" aria-label=t::skip_links(lang)>
                <a href="#main" rel="external">{t::skip_to_content(lang)}</a>
            </nav>
            <header class="portal-bar">
                <div class="portal-bar-in">
                    <a class="shell-brand" href="/requests"><Mark/><span>{brand}</span></a>
                    <nav class="portal-nav" aria-label=t::main_menu(lang)>
                        <a href="/requests" aria-current=current>{t::my_requests(lang)}{count}</a>
                        {articles}
                        {approvals}
                        {desk}
                    </nav>
                    <div class="portal-tools">{menu}</div>
                </div>
            </header>
            <main class="portal-main" id="main" tabindex="-1">{children()}</main>
            {help}
            <ToastRegion/>
        </div>
    }
}
