//! Words of numbers: durations, ages, phases, rows without a name.

use domain::clock::Phase;
use domain::duration::Minutes;
use domain::format;
use domain::lang::Lang;
use domain::statistics::Age;

use crate::t::reports as t;

/// What stands for the rows that are not listed by name; as `service::statistics::OTHERS`.
const OTHERS: &str = "\u{2026}";

/// Minutes as hours and minutes.
pub(crate) fn spent(lang: Lang, minutes: i64) -> String {
    format::duration(Minutes(i32::try_from(minutes).unwrap_or(i32::MAX)), lang)
}

/// A mean of points in hundredths, with one decimal.
pub(crate) fn score(lang: Lang, hundredths: i64) -> String {
    let tenths = (hundredths + 5) / 10;
    let point = if lang == Lang::En { "." } else { "," };
    format!("{}{point}{}", tenths / 10, tenths % 10)
}

/// The word of an age.
pub(crate) fn age(lang: Lang, age: Age) -> &'static str {
    match age {
        Age::Day => t::age_day(lang),
        Age::Week => t::age_week(lang),
        Age::Month => t::age_month(lang),
        Age::Older => t::age_older(lang),
    }
}

/// The word of a phase.
pub(crate) fn phase(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::Working => t::phase_working(lang),
        Phase::Pending => t::phase_pending(lang),
        Phase::Awaiting => t::phase_awaiting(lang),
        Phase::Over => t::closed(lang),
    }
}

/// The name of a row of a breakdown.
pub(crate) fn row(lang: Lang, name: &str) -> String {
    match name {
        "" => t::none(lang).to_owned(),
        OTHERS => t::others(lang).to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn t_stt_02_rows_without_a_name_have_words() {
        assert_eq!(OTHERS, service::statistics::OTHERS);
        assert_eq!(row(Lang::En, ""), t::none(Lang::En));
        assert_eq!(row(Lang::En, OTHERS), t::others(Lang::En));
        assert_eq!(row(Lang::En, "Network"), "Network");
    }

    #[test]
    fn t_stt_02_a_mean_has_one_decimal() {
        assert_eq!([score(Lang::En, 425), score(Lang::Fr, 500), score(Lang::En, 4)], ["4.3", "5,0", "0.0"]);
    }

    #[test]
    fn t_stt_01_durations_are_hours_and_minutes() {
        assert_eq!(spent(Lang::En, 90), "1 h 30 min");
    }
}
