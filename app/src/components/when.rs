//! Times, durations, deadlines. The past is exact, the future relative with the exact value beside it.

use domain::duration::Minutes;
use domain::format;
use domain::lang::Lang;
use domain::views::Moment;
use leptos::prelude::*;

use super::icon::Icon;
use crate::boot::use_lang;
use crate::t::common as t;

/// An instant: as short as is exact when `now` is given, else date and time. The whole of it is in `title`.
#[component]
pub fn Time(
    /// The instant.
    moment: Moment,
    /// The server's clock of the same answer.
    #[prop(optional_no_strip)]
    now: Option<Moment>,
) -> impl IntoView {
    let lang = use_lang();
    let words = match &now {
        Some(now) => format::smart(&moment, now, lang),
        None => format::date_time(&moment, lang),
    };
    view! { <time datetime=moment.as_str().to_owned() title=whole(&moment, lang)>{words}</time> }
}

/// Date in words and time.
fn whole(moment: &Moment, lang: Lang) -> String {
    [format::date_words(moment, lang), format::time(moment)].join(", ")
}

/// A duration in hours and minutes.
#[component]
pub fn Duration(
    /// How long.
    minutes: Minutes,
) -> impl IntoView {
    view! { <span class="num">{format::duration(minutes, use_lang())}</span> }
}

/// A deadline with its state (T-CLK-06).
#[component]
pub fn Deadline(
    /// `none`, `on_time`, `at_risk`, `overdue`, `paused`, `met`, `missed`.
    #[prop(into)]
    state: String,
    /// When it is due.
    #[prop(optional_no_strip)]
    due: Option<Moment>,
    /// The server's clock of the same answer.
    now: Moment,
    /// Time to own instead of time to resolve.
    #[prop(optional)]
    own: bool,
    /// Working time left while it stands still.
    #[prop(optional_no_strip)]
    left: Option<Minutes>,
) -> impl IntoView {
    let lang = use_lang();
    let until = due.as_ref().and_then(|due| minutes_until(due, &now));
    let (data, icon, words) = match (state.as_str(), until) {
        ("on_time", Some(left)) => ("ok", "clock", to_go(lang, left, own)),
        ("at_risk", Some(left)) => ("soon", "clock-alert", to_go(lang, left, own)),
        ("overdue", Some(left)) => ("late", "alarm-clock", t::deadline_late(lang, &short(left.saturating_neg(), lang))),
        ("paused", _) => ("paused", "pause", paused(lang, left)),
        ("met", _) => ("met", "check", t::deadline_met(lang).to_owned()),
        ("missed", _) => ("missed", "x", t::deadline_missed(lang).to_owned()),
        _ => return ().into_any(),
    };
    let title = due.map(|due| whole(&due, lang));
    view! { <span class="deadline" data-state=data title=title><Icon name=icon/>{words}</span> }.into_any()
}

fn to_go(lang: Lang, minutes: i64, own: bool) -> String {
    let time = short(minutes, lang);
    if own { t::deadline_take_in(lang, &time) } else { t::deadline_solve_in(lang, &time) }
}

/// A clock that stands still, with the working time that is left on it (T-CLK-05).
fn paused(lang: Lang, left: Option<Minutes>) -> String {
    match left.filter(|minutes| minutes.0 > 0) {
        Some(minutes) => t::deadline_paused_left(lang, &format::duration(minutes, lang)),
        None => t::deadline_paused(lang).to_owned(),
    }
}

fn minutes_until(due: &Moment, now: &Moment) -> Option<i64> {
    Some(due.date_time()?.signed_duration_since(now.date_time()?).num_minutes())
}

/// `42 min`, `1 h 05`, `3 d`: what one acts on, not what one counts with.
#[must_use]
pub fn short(minutes: i64, lang: Lang) -> String {
    let minutes = minutes.max(0);
    let (hours, rest) = (minutes / 60, minutes % 60);
    if hours == 0 {
        return format!("{rest} min");
    }
    if hours < 48 {
        return if rest == 0 { format!("{hours} h") } else { format!("{hours} h {rest:02}") };
    }
    let unit = if lang == Lang::Fr { "j" } else { "d" };
    [format::number(hours / 24, lang).as_str(), " ", unit].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_clk_05_a_clock_that_stands_still_says_what_is_left_on_it() {
        assert_eq!(paused(Lang::En, Some(Minutes(630))), "Paused, 10 h 30 min left");
        for left in [None, Some(Minutes(0))] {
            assert_eq!(paused(Lang::En, left), "Paused", "nothing is left of what was overdue before");
        }
    }

    #[test]
    fn short_times_name_at_most_two_units() {
        let cases = [
            (0, "0 min"),
            (42, "42 min"),
            (60, "1 h"),
            (65, "1 h 05"),
            (2879, "47 h 59"),
            (2880, "2 d"),
            (-3, "0 min"),
        ];
        for (minutes, words) in cases {
            assert_eq!(short(minutes, Lang::En), words);
        }
        assert_eq!(short(2880, Lang::Fr), "2 j");
    }
}
