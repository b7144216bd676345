//! Pictures of numbers as SVG, without scripts and inline style. Every number they show stands in a table beside them.

use domain::clock::Phase;
use domain::format;
use domain::lang::Lang;
use domain::views::DayView;
use leptos::prelude::*;

use crate::t::reports as t;

/// Height of the picture of days, in its own units.
const HEIGHT: i64 = 100;
/// Width of a day in it, and of each of its bars.
const DAY: i64 = 10;
const BAR: i64 = 3;
/// Width of a horizontal bar, in its own units.
const WIDTH: i64 = 1_000;

/// A part of a whole in `size` units; what is there is seen.
fn scaled(value: i64, most: i64, size: i64) -> i64 {
    if value <= 0 || most <= 0 {
        return 0;
    }
    (value.saturating_mul(size) / most).clamp(1, size)
}

/// A horizontal bar beside the number it shows.
pub(crate) fn bar(value: i64, most: i64) -> AnyView {
    let width = scaled(value, most, WIDTH).to_string();
    view! {
        <svg class="chart-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="chart-track" width="1000" height="10"></rect>
            <rect class="chart-value" width=width height="10"></rect>
        </svg>
    }
    .into_any()
}

/// The days of a period, three bars each; `title` says what it is.
pub(crate) fn days(lang: Lang, title: &'static str, days: &[DayView]) -> AnyView {
    let most = days.iter().map(|day| day.opened.max(day.solved).max(day.closed)).max().unwrap_or(0);
    let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
    let frame = format!("0 0 {} {HEIGHT}", count.saturating_mul(DAY).max(DAY));
    let column = |(at, day): (i64, &DayView)| {
        [("opened", day.opened), ("solved", day.solved), ("closed", day.closed)]
            .into_iter()
            .zip(0_i64..)
            .map(|((series, value), place)| {
                let height = scaled(value, most, HEIGHT);
                let x = (at * DAY + place * BAR).to_string();
                let (y, width) = ((HEIGHT - height).to_string(), BAR.to_string());
                let height = height.to_string();
                view! { <rect data-series=series x=x y=y width=width height=height></rect> }.into_any()
            })
            .collect::<Vec<_>>()
    };
    let bars = (0_i64..).zip(days).flat_map(column).collect::<Vec<_>>();
    let end = |day: Option<&DayView>| day.map(|day| format::date(&day.from, lang)).unwrap_or_default();
    let (first, last) = (end(days.first()), end(days.last()));
    let highest = format::number(most, lang);
    let legend = [("opened", t::opened(lang)), ("solved", t::solved(lang)), ("closed", t::closed(lang))]
        .into_iter()
        .map(|(series, word)| view! { <li><span class="chart-swatch" data-series=series></span>{word}</li> })
        .collect_view();
    view! {
        <ul class="chart-legend small">{legend}</ul>
        <p class="chart-axis small muted" aria-hidden="true"><span>{highest}</span></p>
        <svg class="chart-days" viewBox=frame preserveAspectRatio="none" role="img" aria-label=title>{bars}</svg>
        <p class="chart-axis small muted"><span>{first}</span><span>{last}</span></p>
    }
    .into_any()
}

/// How the life of a ticket divides into phases; `words` say the same.
pub(crate) fn phases(phases: &[(Phase, i64)], words: String) -> AnyView {
    let whole: i64 = phases.iter().map(|(_, spent)| spent.max(&0)).sum();
    let mut at = 0;
    let mut parts = Vec::new();
    for (phase, spent) in phases {
        let width = scaled(*spent, whole, WIDTH).min(WIDTH - at);
        let (x, wide) = (at.to_string(), width.to_string());
        at += width;
        parts.push(view! { <rect data-phase=phase.as_str() x=x width=wide height="10"></rect> }.into_any());
    }
    view! {
        <svg class="chart-phases" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=words>
            <rect class="chart-track" width="1000" height="10"></rect>
            {parts}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_stt_02_bars_are_in_proportion_and_little_is_seen() {
        for ((value, most, size), expected) in [
            ((0, 10, 100), 0),
            ((5, 10, 100), 50),
            ((10, 10, 100), 100),
            ((1, 100_000, 100), 1),
            ((3, 0, 100), 0),
            ((-1, 10, 100), 0),
            ((i64::MAX, 10, 100), 100),
        ] {
            assert_eq!(scaled(value, most, size), expected, "{value} of {most}");
        }
    }
}
