//! My requests (P-LIS): rows as links, filters in the address, complete without scripts.

use domain::error::{AppError, Code};
use domain::format;
use domain::lang::Lang;
use domain::views::{ListQuery, Moment, Page, RequestRow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, SubmitButton};
use crate::components::empty::EmptyState;
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::sign::StatusBadge;
use crate::error::Refusal;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::portal::PortalLayout;
use crate::message;
use crate::requests::server_fns::request_list;
use crate::requests::widgets::frame::{due_words, is_past};
use crate::solutions::server_fns::AnswerSolution;
use crate::t::common;
use crate::t::requests as t;

const PATH: &str = "/requests";
const ROLE: &str = "mine";
const STATUS: &str = "not_closed";
/// The period of opening: its first and its last day.
const PERIOD: [&str; 2] = ["opened_from", "opened_to"];
const NEW: &str = "/requests/new";

/// What the address asks for; without a word of it one's own requests that are not over (P-LIS-02).
fn read(params: &ParamsMap) -> ListQuery {
    let text = |name| params.get_str(name).unwrap_or_default().trim().to_owned();
    let or = |value: String, usual: &str| if value.is_empty() { usual.to_owned() } else { value };
    let more =
        PERIOD.into_iter().map(|name| (name.to_owned(), text(name))).filter(|(_, day)| !day.is_empty()).collect();
    ListQuery {
        text: text("text"),
        role: or(text("role"), ROLE),
        status: or(text("status"), STATUS),
        cursor: text("cursor"),
        more,
        ..ListQuery::default()
    }
}

/// One end of the period; empty = open.
fn day<'a>(query: &'a ListQuery, name: &str) -> &'a str {
    query.more.iter().find(|(known, _)| known == name).map(|(_, day)| day.as_str()).unwrap_or_default()
}

/// The address of a state; what is as usual is left out.
fn address(query: &ListQuery) -> String {
    let pairs = [
        ("text", query.text.as_str(), ""),
        ("role", query.role.as_str(), ROLE),
        ("status", query.status.as_str(), STATUS),
        ("opened_from", day(query, "opened_from"), ""),
        ("opened_to", day(query, "opened_to"), ""),
        ("cursor", query.cursor.as_str(), ""),
    ];
    let given: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value, usual)| value != usual)
        .map(|(name, value, _)| [name, "=", &Url::escape(value)].concat())
        .collect();
    if given.is_empty() { PATH.to_owned() } else { [PATH, "?", &given.join("&")].concat() }
}

fn first_page(query: &ListQuery) -> ListQuery {
    ListQuery { cursor: String::new(), ..query.clone() }
}

/// The page `/requests`.
#[component]
pub fn RequestListPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read));
    // Question and answer stay together while the next answer is on its way.
    let found = Resource::new_blocking(
        move || query.get(),
        |query| async move {
            let answer = request_list(query.clone()).await;
            (query, answer)
        },
    );
    let refusal = refusal_of(form_action::<AnswerSolution>());
    let told =
        move || refusal.get().map(|error| view! { <Banner tone=Tone::Warning text=message::sentence(lang, &error)/> });
    view! {
        <PortalLayout>
            <PageTitle text=t::my_requests(lang).to_owned()/>
            <div class="page-head">
                <h1>{t::my_requests(lang)}</h1>
                {ways_to_ask(lang)}
            </div>
            {told}
            <Transition>
                {move || Suspend::new(async move {
                    let (query, answer) = found.await;
                    list(lang, &query, answer)
                })}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

/// Whether the reader may register a request somewhere.
fn may_ask() -> bool {
    use_viewer().is_some_and(|viewer| viewer.can("ticket.create"))
}

/// The way to a new request: beside the title, on a phone under the thumb.
fn ways_to_ask(lang: Lang) -> Option<AnyView> {
    may_ask().then(|| {
        view! {
            <div class="page-tools phone-hide">
                <a class="btn btn-primary btn-sm" href=NEW><Icon name="plus"/>{t::new_request(lang)}</a>
            </div>
            <p class="thumb-bar phone-only">
                <a class="btn btn-primary" href=NEW><Icon name="plus"/>{t::new_request(lang)}</a>
            </p>
        }
        .into_any()
    })
}

fn list(lang: Lang, query: &ListQuery, answer: Result<Page<RequestRow>, Refusal>) -> AnyView {
    let (wrong, content) = match answer {
        Ok(page) if page.items.is_empty() => (None, nothing(lang, query)),
        Ok(page) => (None, rows(lang, query, page)),
        // The wrong filter is told where it stands; there are no rows to mistake for its answer.
        Err(Refusal(AppError::Invalid(errors))) if errors.of("text") == Some(Code::TooLong) => {
            (Some(t::too_long(lang)), ().into_any())
        }
        Err(Refusal(AppError::Invalid(_))) => (Some(t::wrong_filter(lang)), clear(lang)),
        Err(Refusal(error)) => {
            let text = message::sentence(lang, &error);
            (None, view! { <Banner tone=Tone::Error text=text/> }.into_any())
        }
    };
    view! {
        {filters(lang, query, wrong)}
        {content}
    }
    .into_any()
}

fn filters(lang: Lang, query: &ListQuery, wrong: Option<&'static str>) -> AnyView {
    let statuses = [
        ("not_closed", t::show_open(lang)),
        ("waiting", t::show_waiting(lang)),
        ("over", t::show_over(lang)),
        ("all", t::show_all(lang)),
    ];
    let roles = [
        ("mine", t::role_mine(lang)),
        ("groups", t::role_groups(lang)),
        ("observed", t::role_observed(lang)),
        ("all", t::role_all(lang)),
    ];
    let statuses = statuses
        .into_iter()
        .map(|(status, word)| {
            chip(&ListQuery { status: status.to_owned(), ..first_page(query) }, query.status == status, word)
        })
        .collect_view();
    let roles = roles
        .into_iter()
        .map(|(role, word)| chip(&ListQuery { role: role.to_owned(), ..first_page(query) }, query.role == role, word))
        .collect_view();
    let error = wrong.map(|words| view! { <p class="field-error" id="filter-error" role="alert"><Icon name="circle-alert" small=true/>{words}</p> });
    view! {
        <form class="filter-bar" role="search" aria-label=t::filter_form(lang) method="get" action=PATH>
            <input
                class="input filter-text"
                r#type="search"
                name="text"
                value=query.text.clone()
                placeholder=t::search_box(lang)
                aria-label=t::search_box(lang)
                aria-describedby=wrong.map(|_| "filter-error")
                aria-invalid=wrong.map(|_| "true")
            />
            <input r#type="hidden" name="role" value=query.role.clone()/>
            <input r#type="hidden" name="status" value=query.status.clone()/>
            {statuses}
            {period(lang, query)}
        </form>
        <nav class="filter-bar" aria-label=t::roles(lang)>{roles}</nav>
        {error}
    }
    .into_any()
}

/// From when to when they were opened, behind one word until it is set.
fn period(lang: Lang, query: &ListQuery) -> AnyView {
    let [from, to] = PERIOD;
    let (first, last) = (day(query, from).to_owned(), day(query, to).to_owned());
    let is_set = !first.is_empty() || !last.is_empty();
    view! {
        <details class="fold filter-period" open=is_set>
            <summary><Icon name="chevron-right"/>{t::opened_period(lang)}</summary>
            <div class="filter-days">
                <TextField name=from label=t::opened_from(lang) kind="date" value=first/>
                <TextField name=to label=t::opened_to(lang) kind="date" value=last/>
                <button class="btn btn-sm" r#type="submit">{common::filter(lang)}</button>
            </div>
        </details>
    }
    .into_any()
}

fn chip(query: &ListQuery, is_current: bool, word: &'static str) -> AnyView {
    view! { <a class="chip" href=address(query) aria-current=is_current.then_some("true")>{word}</a> }.into_any()
}

fn rows(lang: Lang, query: &ListQuery, page: Page<RequestRow>) -> AnyView {
    let first = (!query.cursor.is_empty()).then(|| address(&first_page(query)));
    let next = page.next_cursor.as_ref().map(|cursor| address(&ListQuery { cursor: cursor.clone(), ..query.clone() }));
    let now = page.now;
    let items = page.items.into_iter().map(|row| view! { <li>{request_row(lang, row, &now)}</li> }).collect_view();
    view! {
        <ul class="request-list">{items}</ul>
        <Pagination first=first next=next/>
    }
    .into_any()
}

/// The whole row is the link; on a phone it is a card.
fn request_row(lang: Lang, row: RequestRow, now: &Moment) -> AnyView {
    let href = ["/requests/", &row.number.to_string()].concat();
    let unread = (row.unread > 0).then(|| {
        view! { <span class="count count-new">{t::unread(lang, i64::from(row.unread))}</span>" " }
    });
    let due = || {
        row.due_resolve_at.as_ref().map(|at| match due_words(lang, at, now) {
            _ if row.paused => t::paused(lang).into_any(),
            words if is_past(at, now) => {
                view! { <span class="deadline" data-state="late"><Icon name="alarm-clock" small=true/>{words}</span> }
                    .into_any()
            }
            words => words.into_any(),
        })
    };
    // What one waits for stands in place of a deadline, beside that it does not run.
    let why = row.pending_label.filter(|label| !label.is_empty());
    let stands_still = row.paused && row.due_resolve_at.is_some();
    let due = why.map_or_else(due, |label| {
        let words = if stands_still { [label.as_str(), " · ", t::paused(lang)].concat() } else { label };
        Some(words.into_any())
    });
    let changed = &row.updated_at;
    let updated = t::updated(lang, &format::smart(changed, now, lang));
    let (at, whole) = (changed.as_str().to_owned(), format::date_time(changed, lang));
    let responsible = row.responsible.filter(|name| !name.is_empty()).unwrap_or_else(|| t::nobody_yet(lang).to_owned());
    let number = ["#", &row.number.to_string()].concat();
    let answer = row.may_answer.then(|| answer(lang, row.number));
    view! {
        <article class="request-row" data-unread=(row.unread > 0).then_some("")>
            <a class="request-title" href=href>{row.title}</a>
            <span class="request-meta"><StatusBadge status=row.status portal=true/></span>
            <span class="request-meta request-end">{unread}{number}</span>
            <div class="request-foot">
                <span class="request-meta">{responsible}</span>
                <span class="request-meta request-due">{due}</span>
                <span class="request-meta request-end"><time datetime=at title=whole>{updated}</time></span>
            </div>
            {answer}
        </article>
    }
    .into_any()
}

/// Both answers to a solution, without opening the request (P-LIS-04): yes at once, no with its reason.
fn answer(lang: Lang, number: i64) -> AnyView {
    let refuse = format!("/requests/{number}?ask=refuse#answer");
    view! {
        <form class="request-ask" method="post" action=AnswerSolution::url()>
            <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
            <input r#type="hidden" name="form[answer]" value="approve"/>
            <input r#type="hidden" name="form[from]" value="list"/>
            <span class="request-meta">{t::answer_ask(lang)}</span>
            <a class="btn btn-sm" href=refuse>{t::not_solved(lang)}</a>
            <SubmitButton kind=ButtonKind::Plain icon="circle-check">{t::it_works(lang)}</SubmitButton>
        </form>
    }
    .into_any()
}

fn nothing(lang: Lang, query: &ListQuery) -> AnyView {
    let is_plain = *query == read(&ParamsMap::new());
    if is_plain {
        let way = may_ask().then(|| view! { <p><a class="btn" href=NEW>{t::new_request(lang)}</a></p> });
        return view! { <EmptyState title=t::empty(lang) text=t::empty_text(lang)>{way}</EmptyState> }.into_any();
    }
    view! {
        <EmptyState icon="funnel-x" title=t::no_match(lang) text=t::no_match_text(lang)>
            {clear(lang)}
        </EmptyState>
    }
    .into_any()
}

fn clear(lang: Lang) -> AnyView {
    view! { <p><a class="btn btn-sm" href=PATH>{common::clear_filters(lang)}</a></p> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn p_lis_02_the_default_is_mine_and_not_closed() {
        let query = read(&ParamsMap::new());
        assert_eq!((query.role.as_str(), query.status.as_str()), ("mine", "not_closed"));
        assert_eq!(address(&query), "/requests");
    }

    #[test]
    fn p_lis_03_the_filters_are_in_the_address() {
        let query = ListQuery { text: "wi fi".to_owned(), status: "over".to_owned(), ..read(&ParamsMap::new()) };
        assert_eq!(address(&query), "/requests?text=wi%20fi&status=over");
        let mut params = ParamsMap::new();
        params.insert("opened_from", "2026-01-01".to_owned());
        params.insert("opened_to", String::new());
        let query = read(&params);
        assert_eq!(query.more, [("opened_from".to_owned(), "2026-01-01".to_owned())]);
        assert_eq!(address(&query), "/requests?opened_from=2026%2D01%2D01");
    }
}
