//! Buttons. At most one primary on a screen; the words say what happens.

use leptos::prelude::*;

use super::icon::Icon;
use super::text_area::filled;

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// Framed.
    #[default]
    Plain,
    /// Filled: the next step, once on a screen.
    Primary,
    /// Without frame.
    Ghost,
    /// Filled red: the destructive button of a page that asks first.
    Danger,
}

const fn class_of(kind: ButtonKind, large: bool) -> &'static str {
    match (kind, large) {
        (ButtonKind::Plain, false) => "btn btn-sm",
        (ButtonKind::Plain, true) => "btn",
        (ButtonKind::Primary, false) => "btn btn-primary btn-sm",
        (ButtonKind::Primary, true) => "btn btn-primary",
        (ButtonKind::Ghost, false) => "btn btn-ghost btn-sm",
        (ButtonKind::Ghost, true) => "btn btn-ghost",
        (ButtonKind::Danger, false) => "btn btn-error btn-sm",
        (ButtonKind::Danger, true) => "btn btn-error",
    }
}

/// Submits the form it stands in. Never greyed out.
#[component]
pub fn SubmitButton(
    /// How much it stands out.
    #[prop(default = ButtonKind::Primary)]
    kind: ButtonKind,
    /// Icon before the words.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Name it sends with `value`.
    #[prop(optional, into)]
    name: String,
    /// Value it sends.
    #[prop(optional, into)]
    value: String,
    /// Another address than the form's.
    #[prop(optional, into)]
    formaction: String,
    /// 40 px instead of 32.
    #[prop(optional)]
    large: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button class=class_of(kind, large) r#type="submit" name=filled(name) value=filled(value) formaction=filled(formaction)>
            {icon.map(|name| view! { <Icon name=name/> })}
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    #[prop(optional)]
    kind: ButtonKind,
    /// Icon before the words.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// 40 px instead of 32.
    #[prop(optional)]
    large: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=class_of(kind, large) href=href>
            {icon.map(|name| view! { <Icon name=name/> })}
            {children()}
        </a>
    }
}
