//! Small signs: status, priority, visibility. Icon and word always together, never colour alone.

use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::ticket::Status;
use leptos::prelude::*;

use super::icon::Icon;
use crate::boot::use_lang;
use crate::t::common as t;
use crate::t::requests as own;

/// The word of a status for agents.
#[must_use]
pub fn status_word(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::New => t::status_new(lang),
        Status::Assigned => t::status_assigned(lang),
        Status::Planned => t::status_planned(lang),
        Status::Pending => t::status_pending(lang),
        Status::Solved => t::status_solved(lang),
        Status::Closed => t::status_closed(lang),
        Status::Cancelled => t::status_cancelled(lang),
    }
}

/// The word of a status for requesters, who know one "in progress". It is said of a request, not of a ticket: other
/// languages than English tell the two apart.
#[must_use]
pub fn portal_status_word(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::New => own::status_new(lang),
        Status::Assigned | Status::Planned => t::status_in_progress(lang),
        Status::Pending => t::status_pending(lang),
        Status::Solved => own::status_solved(lang),
        Status::Closed => own::status_closed(lang),
        Status::Cancelled => own::status_cancelled(lang),
    }
}

const fn status_icon(status: Status) -> &'static str {
    match status {
        Status::New => "circle-dashed",
        Status::Assigned => "circle-user",
        Status::Planned => "calendar-clock",
        Status::Pending => "circle-pause",
        Status::Solved => "circle-check",
        Status::Closed => "archive",
        Status::Cancelled => "circle-slash",
    }
}

/// A status.
#[component]
pub fn StatusBadge(
    /// The status.
    status: Status,
    /// In the words of requesters.
    #[prop(optional)]
    portal: bool,
    /// Tinted: in page headers, cards and dialogs only.
    #[prop(optional)]
    pill: bool,
) -> impl IntoView {
    let lang = use_lang();
    let word = if portal { portal_status_word(lang, status) } else { status_word(lang, status) };
    // A requester is not told whether the work is planned.
    let shown = if portal && status == Status::Planned { Status::Assigned } else { status };
    let class = if pill { "status status-pill" } else { "status" };
    view! {
        <span class=class data-status=shown.as_str()>
            <Icon name=status_icon(shown)/>
            <span class="status-word">{word}</span>
        </span>
    }
}

/// The word of a priority 1..6 (T-PRI-01); any other number counts as 3.
#[must_use]
pub fn priority_word(lang: Lang, level: u8) -> &'static str {
    match level {
        1 => t::priority_1(lang),
        2 => t::priority_2(lang),
        4 => t::priority_4(lang),
        5 => t::priority_5(lang),
        6 => t::priority_6(lang),
        _ => t::priority_3(lang),
    }
}

/// A priority 1..6.
#[component]
pub fn PriorityBadge(
    /// 1..6.
    level: u8,
) -> impl IntoView {
    let word = priority_word(use_lang(), level);
    let sign = if level == 6 {
        view! { <Icon name="octagon-alert"/> }.into_any()
    } else {
        view! {
            <svg class="bars" viewBox="0 0 16 12" aria-hidden="true">
                <rect x="0" y="8" width="2.4" height="4"></rect>
                <rect x="3.4" y="6" width="2.4" height="6"></rect>
                <rect x="6.8" y="4" width="2.4" height="8"></rect>
                <rect x="10.2" y="2" width="2.4" height="10"></rect>
                <rect x="13.6" y="0" width="2.4" height="12"></rect>
            </svg>
        }
        .into_any()
    };
    view! { <span class="priority" data-level=level.to_string()>{sign}{word}</span> }
}

/// The mark of a private entry: always the first child of its header; the entry itself has the class `private`.
#[component]
pub fn PrivateMark() -> impl IntoView {
    let lang = use_lang();
    view! {
        <span class="private-mark">
            <Icon name="lock"/>
            {t::private(lang)}
            <span class="vh">{t::private_hint(lang)}</span>
        </span>
    }
}

/// The mark of a public entry.
#[component]
pub fn PublicMark() -> impl IntoView {
    view! { <span class="public-mark"><Icon name="eye"/>{t::public(use_lang())}</span> }
}

/// The mark of an entry's visibility.
#[component]
pub fn VisibilityMark(
    /// Who may read the entry.
    visibility: Visibility,
) -> impl IntoView {
    match visibility {
        Visibility::Private => view! { <PrivateMark/> }.into_any(),
        Visibility::Public => view! { <PublicMark/> }.into_any(),
    }
}
