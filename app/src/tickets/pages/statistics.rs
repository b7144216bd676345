//! The figures of a ticket: when it reached what, how long that took, and whose time went into it (T-STT-01).

use domain::format;
use domain::lang::Lang;
use domain::ticket::Status;
use domain::views::{FigureView, Moment, TicketStatistics};
use leptos::prelude::*;

use crate::boot::use_lang;
use crate::components::sign::status_word;
use crate::components::when::Time;
use crate::layouts::answer::{Loading, refused};
use crate::reports::server_fns::ticket_statistics;
use crate::reports::{chart, words};
use crate::t::reports as t;
use crate::t::survey;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words as ticket_words;

/// Page `/tickets/:number/statistics`.
#[component]
pub fn TicketStatisticsPage() -> impl IntoView {
    let number = use_number();
    let data = Resource::new_blocking(move || number.get(), ticket_statistics);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Statistics page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Statistics(page: TicketStatistics) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let tools = view! {
        <a class="btn btn-ghost btn-sm" href=format!("/tickets/{number}/survey")>{survey::survey(lang)}</a>
    }
    .into_any();
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=t::title(lang)
            part="statistics"
            tools=tools
            width="page-mid"
        >
            {life(lang, &page)}
            {figures(lang, &page)}
            {dates(lang, &page)}
            {people(lang, &page)}
            {intervals(lang, &page)}
        </PartPage>
    }
}

fn section(id: &'static str, title: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="card" aria-labelledby=id>
            <h2 class="card-title" id=id>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// Names of columns; all but the first hold numbers.
fn head(columns: &[&'static str]) -> AnyView {
    let cells = columns.iter().copied().enumerate().map(|(at, word)| {
        let class = (at > 0).then_some("num");
        view! { <th scope="col" class=class>{word}</th> }
    });
    view! { <thead><tr>{cells.collect_view()}</tr></thead> }.into_any()
}

/// The bar of the phases, with the same numbers below.
fn life(lang: Lang, page: &TicketStatistics) -> AnyView {
    let said = page
        .phases
        .iter()
        .map(|(phase, minutes)| t::bar_of(lang, &words::spent(lang, *minutes), words::phase(lang, *phase)))
        .collect::<Vec<_>>()
        .join(", ");
    let rows = page.phases.iter().map(|(phase, minutes)| {
        view! {
            <tr>
                <th scope="row">
                    <span class="chart-swatch" data-phase=phase.as_str()></span>{words::phase(lang, *phase)}
                </th>
                <td class="num">{words::spent(lang, *minutes)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    section(
        "life",
        t::life(lang),
        view! {
            {chart::phases(&page.phases, said)}
            <table class="change-table figure-table" aria-labelledby="life">{head(&[t::phase(lang), t::time(lang)])}<tbody>{rows}</tbody></table>
        }
        .into_any(),
    )
}

fn figures(lang: Lang, page: &TicketStatistics) -> AnyView {
    let row = |(name, figure): (&'static str, FigureView)| {
        let running = figure.running.then(|| view! { " "<span class="small muted">{t::running(lang)}</span> });
        view! {
            <tr>
                <th scope="row">{name}{running}</th>
                <td class="num">{words::spent(lang, figure.elapsed_minutes)}</td>
                <td class="num">{words::spent(lang, figure.working_minutes)}</td>
            </tr>
        }
    };
    let rows = [
        (t::taken(lang), page.taken),
        (t::assigned(lang), page.assigned),
        (t::pending(lang), page.pending),
        (t::awaiting(lang), page.awaiting),
        (t::solving(lang), page.solving),
        (t::closing(lang), page.closing),
    ];
    let rows = rows.into_iter().map(row).collect_view();
    let reopened = t::times(lang, i64::from(page.reopen_count));
    section(
        "figures",
        t::figures(lang),
        view! {
            <table class="change-table figure-table" aria-labelledby="figures">
                {head(&[t::figure(lang), t::elapsed(lang), t::working(lang)])}
                <tbody>
                    {rows}
                    <tr>
                        <th scope="row">{t::worked(lang)}</th>
                        <td class="num"></td>
                        <td class="num">{format::duration(page.worked, lang)}</td>
                    </tr>
                    <tr><th scope="row">{t::reopened(lang)}</th><td class="num">{reopened}</td><td></td></tr>
                </tbody>
            </table>
        }
        .into_any(),
    )
}

fn dates(lang: Lang, page: &TicketStatistics) -> AnyView {
    let field = |name| ticket_words::field(lang, name);
    let rows: [(&'static str, Option<&Moment>); 8] = [
        (t::opened(lang), Some(&page.opened_at)),
        (t::taken(lang), page.taken_at.as_ref()),
        (t::assigned(lang), page.assigned_at.as_ref()),
        (field("due_own_at"), page.due_own_at.as_ref()),
        (field("due_resolve_at"), page.due_resolve_at.as_ref()),
        (t::solved(lang), page.solved_at.as_ref()),
        (t::closed(lang), page.closed_at.as_ref()),
        (status_word(lang, Status::Cancelled), page.cancelled_at.as_ref()),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(name, at)| at.map(|at| (name, at.clone())))
        .map(|(name, at)| {
            view! { <tr><th scope="row">{name}</th><td class="num"><Time moment=at/></td></tr> }
        })
        .collect_view();
    section(
        "dates",
        t::dates(lang),
        view! { <table class="change-table figure-table" aria-labelledby="dates">{head(&[t::part(lang), t::date(lang)])}<tbody>{rows}</tbody></table> }
            .into_any(),
    )
}

/// Whose time went into it, as far as the reader may see the entries.
fn people(lang: Lang, page: &TicketStatistics) -> AnyView {
    if page.time_by_person.is_empty() {
        return section("people", t::by_person(lang), view! { <p class="muted">{t::no_time(lang)}</p> }.into_any());
    }
    let most = page.time_by_person.iter().map(|one| i64::from(one.minutes.0)).max().unwrap_or(0);
    let rows = page.time_by_person.iter().map(|one| {
        let kind = if one.kind == "task" { t::kind_task(lang) } else { t::kind_occurrence(lang) };
        view! {
            <tr>
                <th scope="row">{one.name.clone()}</th>
                <td>{kind}</td>
                <td class="num">{format::number(one.entries, lang)}</td>
                <td class="num">{format::duration(one.minutes, lang)}</td>
                <td class="chart-cell">{chart::bar(i64::from(one.minutes.0), most)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    section(
        "people",
        t::by_person(lang),
        view! {
            <table class="change-table figure-table" aria-labelledby="people">
                <thead>
                    <tr>
                        <th scope="col">{t::person(lang)}</th>
                        <th scope="col">{t::kind(lang)}</th>
                        <th scope="col" class="num">{t::entries(lang)}</th>
                        <th scope="col" class="num">{t::time(lang)}</th>
                        <th scope="col"><span class="vh">{t::share(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}

fn intervals(lang: Lang, page: &TicketStatistics) -> AnyView {
    let rows = page.intervals.iter().map(|one| {
        let until = match &one.to {
            Some(to) => view! { <Time moment=to.clone()/> }.into_any(),
            None => view! { <span class="muted">{t::running(lang)}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{status_word(lang, one.status)}</th>
                <td class="num"><Time moment=one.from.clone()/></td>
                <td class="num">{until}</td>
                <td class="num">{words::spent(lang, one.minutes)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let status = ticket_words::field(lang, "status");
    section(
        "intervals",
        t::intervals(lang),
        view! {
            <table class="change-table figure-table" aria-labelledby="intervals">
                {head(&[status, t::from(lang), t::to(lang), t::time(lang)])}
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}
