//! The three impacts over time, drawn on the server: a lane each, so that they differ in place and not in colour alone, and the
//! same numbers as a table (C-REP-02).

use domain::customer::{Impact, ImpactCounts};
use domain::format;
use domain::lang::Lang;
use domain::views::{ReportBucket, ReportView};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::customers::words;
use crate::t::customers as t;

/// Width of the drawing, in its own units.
const WIDTH: i64 = 720;
/// Height of the bars of a lane.
const BAR: i64 = 40;
/// Height of a lane with its gap.
const LANE: i64 = 52;

/// Counts of the impacts, each with icon and word.
pub(crate) fn counts(lang: Lang, counts: &ImpactCounts) -> AnyView {
    let items = Impact::ALL
        .into_iter()
        .map(|impact| {
            let number = format::number(counts.of(impact), lang);
            view! {
                <li class="impact" data-impact=impact.as_str()>
                    <Icon name=words::impact_icon(impact)/><b class="num">{number}</b>{words::impact(lang, impact)}
                </li>
            }
        })
        .collect_view();
    let total = t::total_of(lang, counts.total());
    view! { <ul class="impact-counts"><li class="impact-total">{total}</li>{items}</ul> }.into_any()
}

/// The chart with title, description and table.
pub(crate) fn chart(lang: Lang, report: &ReportView) -> AnyView {
    if report.by_impact.total() == 0 {
        return ().into_any();
    }
    let period =
        t::period_words(lang, &format::calendar_date(report.from, lang), &format::calendar_date(report.to, lang));
    let title = t::chart_title(lang, &period);
    let numbers = Impact::ALL.map(|impact| format::number(report.by_impact.of(impact), lang));
    let [positive, neutral, negative] = numbers.each_ref().map(String::as_str);
    let told = t::chart_told(lang, negative, neutral, positive);
    let most = report.buckets.iter().flat_map(|one| Impact::ALL.map(|impact| one.counts.of(impact))).max().unwrap_or(0);
    let lanes = Impact::ALL
        .into_iter()
        .zip(0_i64..)
        .map(|(impact, at)| lane(&report.buckets, impact, LANE * at, most.max(1)))
        .collect_view();
    let height = LANE * 3;
    // Each lane is named where it stands; the picture is heard as a whole.
    let names = Impact::ALL
        .map(|impact| view! { <span class="impact" data-impact=impact.as_str()>{words::impact(lang, impact)}</span> })
        .into_iter()
        .collect_view();
    let ends = report.buckets.first().zip(report.buckets.last()).map(|(first, last)| {
        let (from, to) = (format::calendar_date(first.from, lang), format::calendar_date(last.to, lang));
        view! { <p class="chart-ends" aria-hidden="true"><span>{from}</span><span>{to}</span></p> }
    });
    view! {
        <figure class="chart">
            <figcaption>{title.clone()}</figcaption>
            <div class="chart-picture">
                <p class="chart-names" aria-hidden="true">{names}</p>
                <svg viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-label=title aria-describedby="chart-told" preserveAspectRatio="none">{lanes}</svg>
            </div>
            {ends}
            <p class="vh" id="chart-told">{told}</p>
            {table(lang, &report.buckets)}
        </figure>
    }
    .into_any()
}

fn lane(buckets: &[ReportBucket], impact: Impact, top: i64, most: i64) -> AnyView {
    let n = i64::try_from(buckets.len()).unwrap_or(i64::MAX).max(1);
    let bars = buckets
        .iter()
        .zip(0_i64..)
        .filter(|(bucket, _)| bucket.counts.of(impact) > 0)
        .map(|(bucket, at)| {
            let (left, right) = (WIDTH * at / n, WIDTH * (at + 1) / n);
            let width = (right - left - 2).max(1);
            let height = (BAR * bucket.counts.of(impact) / most).max(2);
            let y = top + LANE - 4 - height;
            view! { <rect x=left.to_string() y=y.to_string() width=width.to_string() height=height.to_string()></rect> }
        })
        .collect_view();
    let floor = (top + LANE - 3).to_string();
    view! {
        <g class="chart-lane" data-impact=impact.as_str()>
            {bars}
            <line x1="0" x2=WIDTH.to_string() y1=floor.clone() y2=floor></line>
        </g>
    }
    .into_any()
}

fn table(lang: Lang, buckets: &[ReportBucket]) -> AnyView {
    let rows = buckets
        .iter()
        .map(|bucket| {
            let cells = Impact::ALL
                .map(|impact| view! { <td class="num">{format::number(bucket.counts.of(impact), lang)}</td> })
                .into_iter()
                .collect_view();
            let total = format::number(bucket.counts.total(), lang);
            view! { <tr><th scope="row">{words::step(lang, bucket)}</th>{cells}<td class="num">{total}</td></tr> }
        })
        .collect_view();
    let heads = Impact::ALL
        .map(|impact| view! { <th scope="col" class="num">{words::impact(lang, impact)}</th> })
        .into_iter()
        .collect_view();
    view! {
        <details class="fold">
            <summary><Icon name="chevron-right"/>{t::as_table(lang)}</summary>
            <div class="table-scroll">
                <table class="change-table">
                    <caption class="vh">{t::as_table(lang)}</caption>
                    <thead><tr><th scope="col">{t::period(lang)}</th>{heads}<th scope="col" class="num">{t::total(lang)}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
