//! Language and theme, changed from every page: plain forms, because a document keeps both for its whole life.

use domain::forms::SaveProfile;
use domain::lang::Lang;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

use super::server_fns::SetPreference;
use crate::boot::use_boot;
use crate::t::shell as t;

/// A preference as a change of the profile; an unknown name changes nothing.
#[must_use]
pub fn as_profile(name: &str, value: String) -> SaveProfile {
    let mut form = SaveProfile::default();
    match name {
        "guichet_lang" => form.language = value,
        "guichet_theme" => form.theme = value,
        "guichet_density" => form.density = value,
        _ => {}
    }
    form
}

/// The name of a language in itself.
#[must_use]
pub const fn own_name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::PtBr => "Português",
        Lang::Es => "Español",
        Lang::Fr => "Français",
    }
}

/// Value and word of every theme.
#[must_use]
pub fn themes(lang: Lang) -> [(&'static str, &'static str); 5] {
    [
        ("auto", t::theme_auto(lang)),
        ("light", t::theme_light(lang)),
        ("dark", t::theme_dark(lang)),
        ("contrast", t::theme_contrast(lang)),
        ("contrast-dark", t::theme_contrast_dark(lang)),
    ]
}

/// A form of buttons, one for each value of a preference.
#[component]
fn PreferenceForm(
    /// Name of the cookie.
    name: &'static str,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    let here = use_location();
    let back = move || {
        [here.pathname.get().as_str(), if here.search.get().is_empty() { "" } else { "?" }, here.search.get().as_str()]
            .concat()
    };
    view! {
        <form method="post" action=SetPreference::url()>
            <input r#type="hidden" name="name" value=name/>
            <input r#type="hidden" name="back" value=back/>
            {children()}
        </form>
    }
}

/// Languages and themes in a line, for pages outside the shell.
#[component]
pub fn PreferenceLine() -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    let languages = Lang::ALL
        .into_iter()
        .map(|other| {
            let current = (other == lang).then_some("true");
            view! { <button r#type="submit" name="value" value=other.code() lang=other.code() aria-current=current>{own_name(other)}</button> }
        })
        .collect_view();
    let themes = theme_buttons(lang, &boot.theme);
    view! {
        <nav class="auth-foot" aria-label=t::language_and_theme(lang)>
            <PreferenceForm name="guichet_lang">{languages}</PreferenceForm>
            <PreferenceForm name="guichet_theme">{themes}</PreferenceForm>
        </nav>
    }
}

/// Languages and themes as parts of a menu.
#[component]
pub fn PreferenceMenu() -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    let languages = Lang::ALL
        .into_iter()
        .map(|other| {
            let current = (other == lang).then_some("true");
            view! {
                <li><button r#type="submit" name="value" value=other.code() lang=other.code() aria-current=current>{own_name(other)}</button></li>
            }
        })
        .collect_view();
    let themes = theme_buttons(lang, &boot.theme).into_iter().map(|button| view! { <li>{button}</li> }).collect_view();
    view! {
        <p class="menu-head">{t::language(lang)}</p>
        <PreferenceForm name="guichet_lang"><ul class="menu-list">{languages}</ul></PreferenceForm>
        <p class="menu-head">{t::theme(lang)}</p>
        <PreferenceForm name="guichet_theme"><ul class="menu-list">{themes}</ul></PreferenceForm>
    }
}

fn theme_buttons(lang: Lang, chosen: &str) -> Vec<AnyView> {
    themes(lang)
        .into_iter()
        .map(|(value, word)| {
            let is_chosen = value == chosen || (value == "auto" && chosen.is_empty());
            let current = is_chosen.then_some("true");
            view! { <button r#type="submit" name="value" value=value aria-current=current>{word}</button> }.into_any()
        })
        .collect()
}
