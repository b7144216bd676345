//! What one was told of: by ticket, the newest first (T-NTF-01).

use domain::lang::Lang;
use domain::views::{Moment, NotificationView, Page};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::own::OwnLayout;
use crate::message;
use crate::notifications::server_fns::{OpenNotification, ReadNotifications, notification_list};
use crate::notifications::words;
use crate::t::notifications as t;

/// Page `/notifications`.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|map| map.get("cursor").unwrap_or_default()));
    let data = Resource::new_blocking(move || cursor.get(), notification_list);
    let refused = refusal_of(form_action::<OpenNotification>());
    let refusal =
        move || refused.get().map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    view! {
        <PageTitle text=t::title(lang)/>
        <OwnLayout>
            <div class="page page-narrow">
                {refusal}
                <Suspense>
                    {move || Suspend::new(async move {
                        match data.await {
                            Ok(page) => content(lang, &page, cursor.with_untracked(String::is_empty)),
                            Err(error) => view! {
                                <div class="page-head"><h1>{t::title(lang)}</h1></div>
                                <Banner tone=Tone::Error text=message::sentence(lang, &error.0)/>
                            }
                            .into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </OwnLayout>
    }
}

fn content(lang: Lang, page: &Page<NotificationView>, is_first: bool) -> AnyView {
    let newest = page.items.first().filter(|_| page.items.iter().any(|told| told.read_at.is_none()));
    let read_all = newest.map(|newest| {
        view! {
            <form method="post" action=ReadNotifications::url()>
                <input r#type="hidden" name="until" value=newest.id.to_string()/>
                <SubmitButton kind=ButtonKind::Plain icon="check">{t::read_all(lang)}</SubmitButton>
            </form>
        }
    });
    let next = page.next_cursor.as_ref().map(|cursor| format!("/notifications?cursor={}", Url::escape(cursor)));
    let first = (!is_first).then(|| "/notifications".to_owned());
    let pages = (first.is_some() || next.is_some()).then(|| view! { <Pagination first=first next=next/> });
    let groups = if page.items.is_empty() {
        view! { <EmptyState icon="bell" title=t::empty(lang) text=t::empty_text(lang)/> }.into_any()
    } else {
        by_ticket(&page.items).into_iter().map(|told| group(lang, &told, &page.now)).collect_view().into_any()
    };
    view! {
        <div class="page-head">
            <h1>{t::title(lang)}</h1>
            <div class="btn-group">
                {read_all}
                <a class="btn btn-ghost btn-sm" href="/profile/notifications"><Icon name="settings"/>{t::preferences(lang)}</a>
            </div>
        </div>
        {groups}
        {pages}
    }
    .into_any()
}

/// Those of one ticket together, in the order of the newest of each.
fn by_ticket(all: &[NotificationView]) -> Vec<Vec<&NotificationView>> {
    let mut groups: Vec<Vec<&NotificationView>> = Vec::new();
    for told in all {
        match groups.iter_mut().find(|group| group.iter().any(|other| other.ticket == told.ticket)) {
            Some(group) => group.push(told),
            None => groups.push(vec![told]),
        }
    }
    groups
}

fn group(lang: Lang, told: &[&NotificationView], now: &Moment) -> Option<AnyView> {
    let first = told.first()?;
    let number = first.ticket.to_string();
    let id = ["told-of-", number.as_str()].concat();
    // Who is asked for a validation need not be anything else to the ticket.
    let is_asked = first.entry.as_ref().is_some_and(|(kind, _)| kind == "validation") && !first.agent;
    let place = if first.agent { "/tickets/" } else { "/requests/" };
    let leads_to = if is_asked { first.path() } else { [place, number.as_str()].concat() };
    let lines = told.iter().map(|one| line(lang, one, now)).collect_view();
    let (heading, href) = (id.clone(), leads_to);
    Some(
        view! {
            <section class="card" aria-labelledby=id>
                <h2 class="card-title" id=heading>
                    <a class="quiet-link" href=href>{t::number_title(lang, &number, &first.title)}</a>
                </h2>
                <ul class="told">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What happened, when, why it was told. Opening it is a post: no link may change anything.
fn line(lang: Lang, told: &NotificationView, now: &Moment) -> AnyView {
    let is_new = told.read_at.is_none();
    let mark = is_new.then(|| view! { <span class="told-new">{t::new(lang)}</span> });
    let class = is_new.then_some("is-new");
    let change = ["/profile/notifications#event-", told.event.as_str()].concat();
    view! {
        <li class=class>
            <Icon name=words::icon(told.event)/>
            <form method="post" action=OpenNotification::url()>
                <input r#type="hidden" name="id" value=told.id.to_string()/>
                <button class="told-open" r#type="submit">{words::happened(lang, told)}</button>
            </form>
            {mark}
            <Time moment=told.at.clone() now=Some(now.clone())/>
            <p class="told-why">{words::why(lang, told.why)}" · "<a class="link" href=change>{t::change(lang)}</a></p>
        </li>
    }
    .into_any()
}
