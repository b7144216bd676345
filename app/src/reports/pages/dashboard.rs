//! The dashboard of who leads a desk (T-STT-02): numbers of a period, with all of its filters in the address.

use domain::error::{AppError, FieldErrors};
use domain::format;
use domain::lang::Lang;
use domain::views::{DashboardQuery, DashboardView, ListQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::field::{Checkbox, SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::status_word;
use crate::customers::address as customers;
use crate::error::Refusal;
use crate::layouts::agent::AgentLayout;
use crate::message;
use crate::reports::server_fns::statistics_dashboard;
use crate::reports::{chart, words};
use crate::t::customers as words_of_customers;
use crate::t::reports as t;
use crate::tickets::pages::list as tickets;

const PATH: &str = "/reports";
const FILE: &str = "/reports.csv";

/// What the address asks for.
fn read(params: &ParamsMap) -> DashboardQuery {
    let text = |name| params.get_str(name).unwrap_or_default().trim().to_owned();
    DashboardQuery {
        entity: text("entity"),
        from: text("from"),
        to: text("to"),
        group: text("group"),
        person: text("person"),
    }
}

/// The address of a state, of the page or of its file.
fn address(path: &str, query: &DashboardQuery) -> String {
    let pairs = [
        ("entity", &query.entity),
        ("from", &query.from),
        ("to", &query.to),
        ("group", &query.group),
        ("person", &query.person),
    ];
    let given: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [name, "=", &Url::escape(value)].concat())
        .collect();
    if given.is_empty() { path.to_owned() } else { [path, "?", &given.join("&")].concat() }
}

/// Page `/reports`.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read));
    let found = Resource::new_blocking(
        move || query.get(),
        |query| async move {
            let answer = statistics_dashboard(query.clone()).await;
            let wrong = match &answer {
                Err(Refusal(AppError::Invalid(wrong))) => wrong.clone(),
                _ => FieldErrors::new(),
            };
            // A wrong filter leaves the form with what there is to choose.
            let answer =
                if wrong.0.is_empty() { answer } else { statistics_dashboard(DashboardQuery::default()).await };
            (query, wrong, answer)
        },
    );
    let of_customers = use_viewer().is_some_and(|viewer| viewer.can("customer.view")).then(|| {
        view! { <LinkButton href=customers::REPORT icon="chart-column">{words_of_customers::report_title(lang)}</LinkButton> }
    });
    view! {
        <PageTitle text=t::title(lang)/>
        <AgentLayout>
            <div class="page">
                <div class="page-head"><h1>{t::title(lang)}</h1><span class="page-tools">{of_customers}</span></div>
                <Transition>
                    {move || Suspend::new(async move {
                        let (query, wrong, answer) = found.await;
                        content(lang, &query, &wrong, answer)
                    })}
                </Transition>
            </div>
        </AgentLayout>
    }
    .into_any()
}

fn content(lang: Lang, query: &DashboardQuery, wrong: &FieldErrors, answer: Result<DashboardView, Refusal>) -> AnyView {
    match answer {
        Ok(view) if wrong.0.is_empty() => {
            let numbers = numbers(lang, &view);
            view! { {form(lang, query, &view, wrong)}{numbers} }.into_any()
        }
        Ok(view) => {
            let words = message::sentence(lang, &AppError::Invalid(wrong.clone()));
            view! { <Banner tone=Tone::Error text=words/>{form(lang, query, &view, wrong)} }.into_any()
        }
        Err(Refusal(error)) => view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any(),
    }
}

fn form(lang: Lang, query: &DashboardQuery, view: &DashboardView, wrong: &FieldErrors) -> AnyView {
    let error = |field: &str| Signal::stored(message::field_sentence(lang, wrong, field));
    // Untouched days show what they stand for; wrong ones what was typed.
    let day = |asked: &str, meant: &str| {
        if asked.is_empty() && wrong.0.is_empty() { meant.to_owned() } else { asked.to_owned() }
    };
    let (from, to) = (day(&query.from, &view.from), day(&query.to, &view.to));
    let is_person = !query.person.is_empty();
    let (person, whom) = match &view.person {
        Some(person) if is_person && query.person != "me" => (query.person.clone(), t::only_person(lang, &person.name)),
        _ => ("me".to_owned(), t::only_mine(lang).to_owned()),
    };
    let file = wrong.0.is_empty().then(|| {
        let href = address(FILE, query);
        view! { <a class="btn btn-sm" href=href rel="external"><Icon name="download"/>{t::export(lang)}</a> }
    });
    view! {
        <form class="card form" method="get" action=PATH aria-label=t::title(lang)>
            <div class="field-grid">
                <TextField name="from" label=t::from(lang) kind="date" value=from error=error("from")/>
                <TextField name="to" label=t::to(lang) kind="date" value=to error=error("to")/>
                <SelectField
                    name="entity"
                    label=t::entity(lang)
                    options=view.entities.clone()
                    value=query.entity.clone()
                    blank=t::all(lang)
                    error=error("entity")
                />
                <SelectField
                    name="group"
                    label=t::group(lang)
                    options=view.groups.clone()
                    value=query.group.clone()
                    blank=t::all_groups(lang)
                    error=error("group")
                />
            </div>
            <Checkbox name="person" label=whom value=person checked=is_person/>
            <div class="form-foot">
                {file}
                <SubmitButton>{t::show(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// A number by its name, with the list that shows what it counts.
struct Counted {
    name: String,
    n: i64,
    list: Option<ListQuery>,
}

/// A number as a link to its list. Only lists that have exactly as many rows are linked.
fn number(lang: Lang, name: &str, n: i64, list: Option<ListQuery>) -> AnyView {
    let words = format::number(n, lang);
    match list.filter(|_| n > 0) {
        Some(list) => {
            let label = [name, ": ", &words].concat();
            view! { <a class="link figure-link" href=tickets::address_of(&list) aria-label=label>{words}</a> }
                .into_any()
        }
        None => words.into_any(),
    }
}

fn numbers(lang: Lang, view: &DashboardView) -> AnyView {
    let backlog = view.backlog.iter().map(|(status, n)| Counted {
        name: status_word(lang, *status).to_owned(),
        n: *n,
        list: view.list_of_status(*status),
    });
    let ages = view.ages.iter().map(|(age, n)| Counted {
        name: words::age(lang, *age).to_owned(),
        n: *n,
        list: view.list_of_age(*age),
    });
    let named = |rows: &[(String, i64)]| -> Vec<Counted> {
        rows.iter().map(|(name, n)| Counted { name: words::row(lang, name), n: *n, list: None }).collect()
    };
    let parts = [
        ("backlog", t::backlog(lang), backlog.collect::<Vec<_>>()),
        ("ages", t::ages(lang), ages.collect()),
        ("by-category", t::by_category(lang), named(&view.by_category)),
        ("by-group", t::by_group(lang), named(&view.by_group)),
        ("by-assignee", t::by_assignee(lang), named(&view.by_assignee)),
        ("by-source", t::by_source(lang), named(&view.by_source)),
    ];
    let by_customer =
        view.by_customer.as_ref().map(|rows| ("by-customer", t::by_customer(lang), named(rows.as_slice())));
    let parts =
        parts.into_iter().chain(by_customer).map(|(id, title, rows)| breakdown(lang, id, title, rows)).collect_view();
    view! {
        {tiles(lang, view)}
        {period(lang, view)}
        <div class="charts">{parts}</div>
    }
    .into_any()
}

/// Averages and what is late, as words and values.
fn tiles(lang: Lang, view: &DashboardView) -> AnyView {
    let average =
        |minutes: Option<i64>| minutes.map_or_else(|| "\u{2013}".to_owned(), |minutes| words::spent(lang, minutes));
    let satisfaction =
        view.satisfaction.map_or_else(|| "\u{2013}".to_owned(), |hundredths| words::score(lang, hundredths));
    let rows = [
        (t::average_taken(lang), average(view.taken).into_any()),
        (t::average_solving(lang), average(view.solving).into_any()),
        (t::average_awaiting(lang), average(view.awaiting).into_any()),
        (t::average_closing(lang), average(view.closing).into_any()),
        (t::late(lang), format::number(view.late, lang).into_any()),
        (t::overdue(lang), number(lang, t::overdue(lang), view.overdue, view.list_of_overdue())),
        (t::worked(lang), words::spent(lang, view.worked).into_any()),
        (t::satisfaction(lang), satisfaction.into_any()),
        (t::surveys_answered(lang), format::number(view.surveys_answered, lang).into_any()),
    ];
    let rows = rows
        .into_iter()
        .map(|(word, value)| view! { <div><dt>{word}</dt><dd class="num">{value}</dd></div> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="averages">
            <h2 class="card-title" id="averages">{t::averages(lang)}</h2>
            <p class="small muted">{t::averages_about(lang)}</p>
            <dl class="tiles">{rows}</dl>
        </section>
    }
    .into_any()
}

/// What was opened, solved and closed, by day or by week.
fn period(lang: Lang, view: &DashboardView) -> AnyView {
    let is_weeks = view.step > 1;
    let title = if is_weeks { t::per_week(lang) } else { t::per_day(lang) };
    let begins = if is_weeks { t::week(lang) } else { t::day(lang) };
    let content = if view.days.iter().all(|day| day.opened + day.solved + day.closed == 0) {
        view! { <p class="muted">{t::nothing(lang)}</p> }.into_any()
    } else {
        let rows = view.days.iter().map(|day| {
            view! {
                <tr>
                    <th scope="row">{format::date(&day.from, lang)}</th>
                    <td class="num">{format::number(day.opened, lang)}</td>
                    <td class="num">{format::number(day.solved, lang)}</td>
                    <td class="num">{format::number(day.closed, lang)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            {chart::days(lang, title, &view.days)}
            <details class="fold">
                <summary><Icon name="chevron-right"/>{t::data(lang)}</summary>
                <table class="change-table figure-table" aria-labelledby="days">
                    <thead>
                        <tr>
                            <th scope="col">{begins}</th>
                            <th scope="col" class="num">{t::opened(lang)}</th>
                            <th scope="col" class="num">{t::solved(lang)}</th>
                            <th scope="col" class="num">{t::closed(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="days">
            <h2 class="card-title" id="days">{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// One breakdown: names, numbers, and their bars beside them.
fn breakdown(lang: Lang, id: &'static str, title: &'static str, rows: Vec<Counted>) -> AnyView {
    let most = rows.iter().map(|row| row.n).max().unwrap_or(0);
    let content = if most == 0 {
        view! { <p class="muted">{t::nothing(lang)}</p> }.into_any()
    } else {
        let rows = rows.into_iter().map(|Counted { name, n, list }| {
            let number = number(lang, &name, n, list);
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{number}</td>
                    <td class="chart-cell">{chart::bar(n, most)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <table class="change-table figure-table" aria-labelledby=id>
                <thead>
                    <tr>
                        <th scope="col">{t::name(lang)}</th>
                        <th scope="col" class="num">{t::count(lang)}</th>
                        <th scope="col"><span class="vh">{t::share(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby=id>
            <h2 class="card-title" id=id>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn t_stt_02_the_filters_are_in_the_address() {
        let mut params = ParamsMap::new();
        params.insert("from", "2026-01-01".to_owned());
        params.insert("person", " me ".to_owned());
        let query = read(&params);
        assert_eq!(address(PATH, &query), "/reports?from=2026%2D01%2D01&person=me");
        assert_eq!(address(FILE, &read(&ParamsMap::new())), "/reports.csv");
    }
}
