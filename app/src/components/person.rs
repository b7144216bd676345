//! People: initials and names.

use leptos::prelude::*;

/// Size of an avatar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 20 px.
    Small,
    /// 24 px.
    #[default]
    Medium,
    /// 36 px.
    Large,
}

/// Two letters of a name; the name itself stands beside it.
#[component]
pub fn Avatar(
    /// The name.
    #[prop(into)]
    name: String,
    /// A colleague of the reader's side.
    #[prop(optional)]
    team: bool,
    /// Size.
    #[prop(optional)]
    size: AvatarSize,
) -> impl IntoView {
    let class = match (team, size) {
        (false, AvatarSize::Small) => "avatar avatar-sm",
        (false, AvatarSize::Medium) => "avatar",
        (false, AvatarSize::Large) => "avatar avatar-lg",
        (true, AvatarSize::Small) => "avatar avatar-team avatar-sm",
        (true, AvatarSize::Medium) => "avatar avatar-team",
        (true, AvatarSize::Large) => "avatar avatar-team avatar-lg",
    };
    // Drawn by the style sheet: as text they would be part of what a button shows and not of its name.
    view! { <span class=class data-initials=domain::text::initials(&name) aria-hidden="true"></span> }
}
