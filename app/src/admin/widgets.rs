//! What the pages of the administration have in common: the tabs, what was done, small forms.

use domain::lang::Lang;
use leptos::prelude::*;

use crate::boot::use_viewer;
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::layouts::agent::AgentLayout;
use crate::t::admin as t;

/// A part of the administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// People.
    Users,
    /// Groups of people.
    Groups,
    /// Named sets of capabilities.
    Roles,
    /// The tree.
    Entities,
}

impl Part {
    const ALL: [Self; 4] = [Self::Users, Self::Groups, Self::Roles, Self::Entities];

    /// Its word.
    pub(crate) fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Users => t::users(lang),
            Self::Groups => t::groups(lang),
            Self::Roles => t::roles(lang),
            Self::Entities => t::entities(lang),
        }
    }

    /// Its list.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Users => "/admin/users",
            Self::Groups => "/admin/groups",
            Self::Roles => "/admin/roles",
            Self::Entities => "/admin/entities",
        }
    }

    const fn right(self) -> &'static str {
        match self {
            Self::Users | Self::Groups | Self::Roles => "admin.users",
            Self::Entities => "admin.entities",
        }
    }
}

/// The shell of a page: tabs, the way back from a single object, heading with its tools, content.
pub(crate) fn frame(lang: Lang, part: Part, title: &str, tools: AnyView, content: AnyView) -> AnyView {
    let viewer = use_viewer();
    let tabs = Part::ALL
        .into_iter()
        .filter(|one| viewer.as_ref().is_some_and(|viewer| viewer.can(one.right())))
        .map(|one| {
            let current = (one == part).then_some("page");
            view! { <a href=one.path() aria-current=current>{one.word(lang)}</a> }
        })
        .collect_view();
    let is_list = title == part.word(lang);
    let back = (!is_list).then(|| {
        view! {
            <p class="small">
                <a class="back-link quiet-link muted" href=part.path()><Icon name="arrow-left"/>{part.word(lang)}</a>
            </p>
        }
    });
    let title = title.to_owned();
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-mid">
                <nav class="admin-tabs" aria-label=t::access(lang)>{tabs}</nav>
                {back}
                <div class="page-head"><h1>{title}</h1>{tools}</div>
                {content}
            </div>
        </AgentLayout>
    }
    .into_any()
}

/// What was done just now, above the page.
pub(crate) fn done(lang: Lang, note: &str) -> AnyView {
    let words = match note {
        "saved" | "roles" | "members" => t::done_saved(lang),
        "created" => t::done_created(lang),
        "deleted" => t::done_deleted(lang),
        "disable" => t::done_disabled(lang),
        "enable" => t::done_enabled(lang),
        "anonymise" => t::done_anonymised(lang),
        "sign-out" => t::done_signed_out(lang),
        _ => return ().into_any(),
    };
    view! { <Banner tone=Tone::Done text=words/> }.into_any()
}

/// A hidden field.
pub(crate) fn hidden(name: &'static str, value: impl Into<String>) -> AnyView {
    let value: String = value.into();
    view! { <input r#type="hidden" name=name value=value/> }.into_any()
}
