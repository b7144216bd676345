//! The list of tickets for agents (T-LST). Its state is wholly in the address: filters, order and page are links
//! and one GET form, so it works without scripts and can be sent to somebody else.

mod filters;
mod query;
mod table;
mod words;

use domain::error::{AppError, FieldErrors};
use domain::format;
use domain::forms::BulkAction;
use domain::lang::Lang;
use domain::views::{Count, ListQuery, Page, TicketRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::error::Refusal;
use crate::layouts::agent::AgentLayout;
use crate::message;
use crate::t::common;
use crate::t::list as t;
use crate::tickets::server_fns::ticket_list;
use crate::tickets::widgets::bulk_bar;

/// What the bar of chosen tickets offers at once; the rest stands on the page it leads to.
const QUICK: [BulkAction; 4] = [BulkAction::Take, BulkAction::Assign, BulkAction::Suspend, BulkAction::Solve];

/// The page `/tickets`.
#[component]
pub fn TicketListPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(query::read));
    // Question and answer stay together: while a new answer is on its way the page still shows the old pair.
    let found = Resource::new_blocking(
        move || query.get(),
        |query| async move {
            let answer = ticket_list(query.clone()).await;
            (query, answer)
        },
    );
    let viewer = use_viewer();
    let may_choose = viewer.as_ref().is_some_and(|viewer| bulk_bar::may_act(viewer, BulkAction::ALL));
    let quick = StoredValue::new(
        viewer
            .map(|viewer| QUICK.into_iter().filter(|one| bulk_bar::may(&viewer, *one)).collect::<Vec<_>>())
            .unwrap_or_default(),
    );
    let title = Signal::derive(move || query.with(|query| heading(lang, query)).to_owned());
    view! {
        <AgentLayout>
            <PageTitle text=title/>
            <div class="page">
                <Transition>
                    {move || Suspend::new(async move {
                        let (query, answer) = found.await;
                        let bar = may_choose.then(|| quick.with_value(|quick| bulk_bar::bar(lang, quick)));
                        list(lang, &query, answer, bar)
                    })}
                </Transition>
            </div>
        </AgentLayout>
    }
    .into_any()
}

/// The address of the list with these filters, in its usual order.
pub(crate) fn address_of(filters: &ListQuery) -> String {
    let usual = query::plain();
    query::address(&ListQuery { sort: usual.sort, limit: usual.limit, ..filters.clone() })
}

/// `bar` leads to the page of the chosen tickets; none where the reader may do nothing with several of them.
fn list(lang: Lang, query: &ListQuery, answer: Result<Page<TicketRow>, Refusal>, bar: Option<AnyView>) -> AnyView {
    let (errors, content) = match answer {
        Ok(page) => {
            let count = page.count;
            let rows =
                if page.items.is_empty() { nothing(lang, query) } else { table::ticket_table(lang, query, page, bar) };
            return view! {
                {head(lang, query, count)}
                {filters::filter_bar(lang, query, &FieldErrors::new())}
                {rows}
            }
            .into_any();
        }
        // The wrong filter is told where it stands; there are no results to mistake for its answer.
        Err(Refusal(AppError::Invalid(errors))) => (errors, None),
        Err(Refusal(error)) => {
            let text = message::sentence(lang, &error);
            (FieldErrors::new(), Some(view! { <Banner tone=Tone::Error text=text/> }))
        }
    };
    view! {
        {head(lang, query, None)}
        {filters::filter_bar(lang, query, &errors)}
        {content}
    }
    .into_any()
}

/// The name of the list, which opens the other ones, and its size.
fn head(lang: Lang, query: &ListQuery, count: Option<Count>) -> AnyView {
    let views = words::presets(lang)
        .into_iter()
        .map(|preset| {
            let current = query::shows_same(&preset.query, query).then_some("true");
            view! { <li><a href=query::address(&preset.query) aria-current=current>{preset.name}</a></li> }
        })
        .collect_view();
    view! {
        <div class="page-head">
            <h1>
                <button class="view-title" r#type="button" popovertarget="pop-views">
                    {heading(lang, query)}
                    <Icon name="chevron-down"/>
                </button>
            </h1>
            <div class="pop" id="pop-views" popover="auto"><ul class="menu-list">{views}</ul></div>
            {count.map(|count| view! { <span class="view-count">{count_words(lang, count)}</span> })}
        </div>
    }
    .into_any()
}

fn heading(lang: Lang, query: &ListQuery) -> &'static str {
    let known = words::presets(lang).into_iter().find(|preset| query::shows_same(&preset.query, query));
    known.map_or_else(|| t::view_filtered(lang), |preset| preset.name)
}

fn count_words(lang: Lang, count: Count) -> String {
    let value = i64::from(count.value);
    if count.exact { t::count(lang, value) } else { t::count_capped(lang, &format::count_capped(value, false, lang)) }
}

/// No row: the queue is empty, or the filters leave nothing over.
fn nothing(lang: Lang, query: &ListQuery) -> AnyView {
    let filters = words::chips(lang, query).len();
    let is_plain = query::shows_same(query, &query::plain()) && query.cursor.is_empty();
    let content = if is_plain || filters == 0 {
        view! { <EmptyState title=t::empty_queue(lang) text=t::empty_queue_text(lang)/> }.into_any()
    } else {
        let text = t::empty_filters(lang, i64::try_from(filters).unwrap_or(i64::MAX));
        let all = query::address(&query::cleared(query));
        view! {
            <EmptyState icon="funnel-x" title=t::empty_title(lang) text=text>
                <a class="btn btn-sm" href=all>{common::clear_filters(lang)}</a>
            </EmptyState>
        }
        .into_any()
    };
    view! { <div class="table-frame">{content}</div> }.into_any()
}
