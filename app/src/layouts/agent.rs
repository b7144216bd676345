//! Around the pages of agents: bar, rail, bottom bar on phones.

use domain::lang::Lang;
use domain::views::Viewer;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::approvals::approvals_count;
use super::bell::{Bell, Count};
use super::own_menu::OwnMenu;
use crate::boot::{use_boot, use_viewer};
use crate::commands::{Command, Menu, is_current, of_menu, of_phone};
use crate::components::icon::{Icon, Mark};
use crate::components::page_title::PageTitle;
use crate::components::toast::ToastRegion;
use crate::t::shell as t;

/// The shell of agents. Shows its content to nobody who is not signed in; `guard` decided that before.
#[component]
pub fn AgentLayout(
    /// Title of the page, where the page does not set it with `PageTitle` itself.
    #[prop(optional, into)]
    title: Option<Signal<String>>,
    /// Classes of `<main>` besides `shell-main`: `ticket`.
    #[prop(optional, into)]
    main_class: String,
    /// `data-panel` of `<main>`: `timeline`, `properties`, `related`.
    #[prop(optional, into)]
    panel: Signal<Option<String>>,
    /// Id of a form that one may skip to, such as `dock`.
    #[prop(optional)]
    skip_to_form: Option<&'static str>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let lang = use_boot().lang;
    let class =
        if main_class.is_empty() { "shell-main".to_owned() } else { ["shell-main ", main_class.as_str()].concat() };
    let frame = use_viewer().map(|viewer| {
        let bar = view! { <Bar viewer=viewer.clone()/> };
        let rail = view! { <Rail viewer=viewer.clone()/> };
        let bottom = view! { <BottomBar viewer=viewer/> };
        (bar, rail, bottom)
    });
    let (bar, rail, bottom) = match frame {
        Some((bar, rail, bottom)) => (Some(bar), Some(rail), Some(bottom)),
        None => (None, None, None),
    };
    let form = skip_to_form.map(|id| {
        view! { <a href=["#", id].concat() rel="external">{t::skip_to_form(lang)}</a> }
    });
    view! {
        {title.map(|text| view! { <PageTitle text=text/> })}
        <nav class="skip-links" aria-label=t::skip_links(lang)>
            <a href="#main" rel="external">{t::skip_to_content(lang)}</a>
            {form}
            <a href="#search" rel="external">{t::skip_to_search(lang)}</a>
        </nav>
        <div class="shell">
            {bar}
            {rail}
            <main class=class id="main" tabindex="-1" data-panel=move || panel.get()>
                {children()}
            </main>
        </div>
        <ToastRegion/>
        {bottom}
    }
}

#[component]
fn Bar(viewer: Viewer) -> impl IntoView {
    let lang = use_boot().lang;
    let create = of_menu(Menu::Bar, &viewer).find(|c| c.id == "create").map(|command| {
        view! {
            <a class="btn btn-sm btn-create" href=command.path>
                <Icon name=command.icon/>
                <span class="btn-word">{(command.word)(lang)}</span>
            </a>
        }
    });
    let entity = viewer.entity.clone();
    view! {
        <header class="shell-bar">
            <a class="shell-brand" href="/" title=t::guichet_home(lang)><Mark/><span>"Guichet"</span></a>
            <div class="shell-middle">
                <span class="shell-entity small">{entity}</span>
                <form class="shell-search" role="search" method="get" action="/search">
                    <Icon name="search"/>
                    <input id="search" name="q" r#type="search" maxlength="200" placeholder=t::search_placeholder(lang) aria-label=t::search_placeholder(lang)/>
                    // A page; with scripts it opens the palette (`frontend/js/palette`).
                    <a class="keys" href="/search" title=t::palette(lang) aria-keyshortcuts="Control+K Meta+K" data-palette="">
                        <span class="vh">{t::palette(lang)}</span>
                        <kbd class="kbd">"Ctrl"</kbd>
                        <kbd class="kbd">"K"</kbd>
                    </a>
                </form>
            </div>
            <div class="shell-tools">
                {create}
                <Bell class="btn-bell"/>
                <OwnMenu viewer=viewer/>
            </div>
        </header>
    }
}

#[component]
fn Rail(viewer: Viewer) -> impl IntoView {
    let lang = use_boot().lang;
    let links = |menu: Menu| {
        of_menu(menu, &viewer).map(|command| view! { <li><RailLink command=*command lang=lang/></li> }).collect_view()
    };
    let (top, assistance, foot) = (links(Menu::Top), links(Menu::Assistance), links(Menu::Foot));
    let registers = of_menu(Menu::Registers, &viewer).next().map(|_| {
        view! {
            <p class="rail-title" id="rail-registers">{t::registers(lang)}</p>
            <ul class="rail-group" aria-labelledby="rail-registers">{links(Menu::Registers)}</ul>
        }
    });
    view! {
        <nav class="shell-rail" aria-label=t::main_menu(lang)>
            <ul class="rail-group">{top}</ul>
            <p class="rail-title" id="rail-assistance">{t::assistance(lang)}</p>
            <ul class="rail-group" aria-labelledby="rail-assistance">{assistance}</ul>
            {processes(lang)}
            {registers}
            <ul class="rail-group rail-foot">{foot}</ul>
        </nav>
    }
}

/// The other way to the same list, folded (T-LST-01): Processes > Ticket management > Ticket. The place itself is marked in its group
/// above, so this link is not.
fn processes(lang: Lang) -> AnyView {
    view! {
        <details class="rail-more">
            <summary class="rail-title">{t::processes(lang)}<Icon name="chevron-down" small=true/></summary>
            <p class="rail-title" id="rail-management">{t::ticket_management(lang)}</p>
            <ul class="rail-group" aria-labelledby="rail-management">
                <li><a href="/tickets"><Icon name="ticket"/><span class="rail-word">{t::ticket(lang)}</span></a></li>
            </ul>
        </details>
    }
    .into_any()
}

#[component]
fn RailLink(command: Command, lang: Lang) -> impl IntoView {
    let word = (command.word)(lang);
    let count = (command.id == "approvals").then(|| approvals_count(lang, use_boot().approvals)).flatten();
    view! {
        <a href=command.path title=word aria-current=current(command)>
            <Icon name=command.icon/>
            <span class="rail-word">{word}</span>
            {count}
        </a>
    }
}

#[component]
fn BottomBar(viewer: Viewer) -> impl IntoView {
    let lang = use_boot().lang;
    let links = of_phone(&viewer)
        .map(|command| {
            let command = *command;
            let count = (command.id == "notifications").then(|| view! { <Count/> });
            view! { <a href=command.path aria-current=current(command)><Icon name=command.icon/>{(command.word)(lang)}{count}</a> }
        })
        .collect_view();
    view! { <nav class="bottom-bar" aria-label=t::main_menu_short(lang)>{links}</nav> }
}

fn current(command: Command) -> impl Fn() -> Option<&'static str> + Send + Sync + Clone {
    let path = use_location().pathname;
    move || path.with(|path| is_current(&command, path)).then_some("page")
}
