//! The own menu: profile, drafts, language, theme, sign out.

use domain::views::Viewer;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::account::preferences::PreferenceMenu;
use crate::account::server_fns::SignOut;
use crate::boot::{use_boot, use_lang};
use crate::commands::{Menu, of_menu};
use crate::components::icon::Icon;
use crate::components::person::Avatar;
use crate::t::shell as t;

/// The button with the own initials, and what it opens. Works without scripts: the popover is native.
#[component]
pub fn OwnMenu(
    /// Who is signed in.
    viewer: Viewer,
) -> impl IntoView {
    let lang = use_lang();
    let label = t::your_menu_of(lang, &viewer.name);
    let places = of_menu(Menu::Own, &viewer)
        .map(|command| {
            view! { <li><a href=command.path><Icon name=command.icon/>{(command.word)(lang)}</a></li> }
        })
        .collect_view();
    // On phones the rail is away: what stands at its foot, what the bottom bar has no room for, and what is registered, is found
    // here.
    let foot: Vec<AnyView> = of_menu(Menu::Assistance, &viewer)
        .filter(|command| !command.phone)
        .chain(of_menu(Menu::Registers, &viewer))
        .chain(of_menu(Menu::Foot, &viewer))
        .map(|command| {
            view! { <li><a href=command.path><Icon name=command.icon/>{(command.word)(lang)}</a></li> }.into_any()
        })
        .collect();
    let foot = (!foot.is_empty()).then(|| view! { <ul class="menu-list menu-phone">{foot}</ul> });
    let help = use_boot().help.clone();
    let help = (!help.is_empty()).then(|| {
        view! { <li><a href=help rel="external noreferrer"><Icon name="circle-question-mark"/>{t::help(lang)}</a></li> }
    });
    view! {
        <button class="btn btn-ghost btn-sm btn-icon" r#type="button" popovertarget="pop-me" aria-label=label title=t::your_menu(lang)>
            <Avatar name=viewer.name.clone() team=viewer.agent/>
        </button>
        <div id="pop-me" class="pop pop-end" popover="auto">
            <ul class="menu-list">{places}{help}</ul>
            {foot}
            <PreferenceMenu/>
            <form method="post" action=SignOut::url()>
                <ul class="menu-list">
                    <li class="menu-gap" role="separator"></li>
                    <li><button r#type="submit"><Icon name="log-out"/>{t::sign_out(lang)}</button></li>
                </ul>
            </form>
        </div>
    }
}
