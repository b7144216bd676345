use super::*;

fn moment(text: &str) -> Moment {
    Moment::try_from(text.to_owned()).unwrap()
}

/// With blanks at which a line may end.
fn breaking(text: &str) -> String {
    text.replace(NBSP, " ")
}

#[test]
fn t_gen_06_a_moment_has_seconds_and_the_offset_of_its_reader() {
    let at = moment("2026-03-12T10:02:00.75-03:00");
    assert_eq!(at.as_str(), "2026-03-12T10:02:00-03:00");
    assert_eq!(moment("2026-03-12T10:02:00Z").as_str(), "2026-03-12T10:02:00+00:00");
    let json = serde_json::to_string(&at).unwrap();
    assert_eq!(json, "\"2026-03-12T10:02:00-03:00\"");
    assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), at);
    assert!(serde_json::from_str::<Moment>("\"yesterday\"").is_err());
    assert_eq!(Moment::from(at.date_time().unwrap()), at);
}

#[test]
fn date_and_time_follow_the_language() {
    let at = moment("2026-03-12T14:31:59-03:00");
    assert_eq!(breaking(&date_time(&at, Lang::En)), "12 Mar 2026, 14:31");
    assert_eq!(date(&at, Lang::En), "12\u{a0}Mar\u{a0}2026");
    for lang in [Lang::PtBr, Lang::Es, Lang::Fr] {
        assert_eq!(date_time(&at, lang), "12/03/2026 14:31");
        assert_eq!(date(&at, lang), "12/03/2026");
    }
    assert_eq!(time(&at), "14:31");
    assert_eq!(time(&moment("2026-03-12T04:05:00+00:00")), "04:05");
}

#[test]
fn dates_in_words_follow_the_language() {
    let at = moment("2026-03-12T14:31:00-03:00");
    assert_eq!(date_words(&at, Lang::En), "Thu 12 March 2026");
    assert_eq!(date_words(&at, Lang::PtBr), "quinta-feira, 12 de março de 2026");
    assert_eq!(date_words(&at, Lang::Es), "jueves 12 de marzo de 2026");
    assert_eq!(date_words(&at, Lang::Fr), "jeudi 12 mars 2026");
    let first = moment("2026-02-01T00:00:00+01:00");
    assert_eq!(date_words(&first, Lang::Fr), "dimanche 1er février 2026");
    assert_eq!(date_words(&first, Lang::En), "Sun 1 February 2026");
    let last = moment("2025-12-31T23:59:59+01:00");
    assert_eq!(date_words(&last, Lang::Es), "miércoles 31 de diciembre de 2025");
}

#[test]
fn t_tsk_09_a_column_is_named_by_a_short_day() {
    let at = moment("2026-03-12T00:00:00-03:00");
    assert_eq!(day_short(&at, Lang::En), "Thu\u{a0}12\u{a0}Mar");
    let short = [Lang::PtBr, Lang::Es].map(|lang| breaking(&day_short(&at, lang)));
    assert_eq!(short, ["qui. 12 mar.", "jue 12 mar"]);
    assert!(breaking(&day_short(&moment("2026-03-01T00:00:00+01:00"), Lang::Fr)).contains("1er "));
}

#[test]
fn the_past_is_exact_and_short() {
    let now = moment("2026-03-13T09:40:00-03:00");
    let today = moment("2026-03-13T09:31:00-03:00");
    let this_year = moment("2026-03-12T09:14:00-03:00");
    let before = moment("2025-03-12T09:14:00-03:00");
    let cases = [
        (Lang::En, "Thu 12 Mar, 09:14", "12 Mar 2025"),
        (Lang::PtBr, "qui. 12 mar., 09:14", "12 mar. 2025"),
        (Lang::Es, "jue 12 mar, 09:14", "12 mar 2025"),
        (Lang::Fr, "jeu. 12 mars, 09:14", "12 mars 2025"),
    ];
    for (lang, expected_this_year, expected_before) in cases {
        assert_eq!(smart(&today, &now, lang), "09:31");
        assert_eq!(breaking(&smart(&this_year, &now, lang)), expected_this_year);
        assert_eq!(breaking(&smart(&before, &now, lang)), expected_before);
    }
    assert_eq!(smart(&this_year, &now, Lang::En), "Thu\u{a0}12\u{a0}Mar, 09:14");
}

#[test]
fn t_occ_08_durations_are_the_same_in_every_language() {
    for lang in Lang::ALL {
        assert_eq!(duration(Minutes(90), lang), "1 h 30 min");
    }
}

#[test]
fn numbers_mark_their_thousands() {
    let cases = [
        (0, ["0", "0", "0", "0"]),
        (999, ["999", "999", "999", "999"]),
        (1234, ["1,234", "1.234", "1234", "1\u{202f}234"]),
        (12345, ["12,345", "12.345", "12.345", "12\u{202f}345"]),
        (-1_000_000, ["-1,000,000", "-1.000.000", "-1.000.000", "-1\u{202f}000\u{202f}000"]),
    ];
    for (value, expected) in cases {
        assert_eq!(Lang::ALL.map(|lang| number(value, lang)), expected, "{value}");
    }
    assert_eq!(number(i64::MIN, Lang::En), "-9,223,372,036,854,775,808");
}

#[test]
fn t_occ_26_counts_stop_at_a_thousand() {
    assert_eq!(count_capped(1000, false, Lang::En), "1,000+");
    assert_eq!(count_capped(1000, true, Lang::En), "1,000");
    assert_eq!(count_capped(1000, false, Lang::Fr), "1\u{202f}000+");
}

#[test]
fn plural_categories_are_those_of_cldr() {
    use Plural::{Many, One, Other};
    // en, pt-BR, es, fr
    let cases = [
        (0, [Other, One, Other, One]),
        (1, [One, One, One, One]),
        (2, [Other, Other, Other, Other]),
        (21, [Other, Other, Other, Other]),
        (999_999, [Other, Other, Other, Other]),
        (1_000_000, [Other, Many, Many, Many]),
        (1_000_001, [Other, Other, Other, Other]),
        (3_000_000, [Other, Many, Many, Many]),
        (-1, [One, One, One, One]),
    ];
    for (value, expected) in cases {
        assert_eq!(Lang::ALL.map(|lang| plural(value, lang)), expected, "{value}");
    }
}

#[test]
fn file_sizes_are_short() {
    const KB: i64 = 1024;
    const MB: i64 = 1024 * 1024;
    let cases = [
        (-1, "0 B", "0 o"),
        (0, "0 B", "0 o"),
        (1023, "1,023 B", "1\u{202f}023 o"),
        (KB, "1 KB", "1 Ko"),
        (KB + KB / 2, "1.5 KB", "1,5 Ko"),
        (10 * MB, "10 MB", "10 Mo"),
        (14 * MB + 7, "14 MB", "14 Mo"),
        (MB - 1, "1 MB", "1 Mo"),
        (10 * MB - 1, "10 MB", "10 Mo"),
        (2 * MB - 1, "2 MB", "2 Mo"),
        (9 * MB + MB / 2, "9.5 MB", "9,5 Mo"),
        (3 * 1024 * MB, "3 GB", "3 Go"),
    ];
    for (bytes, en, fr) in cases {
        assert_eq!(file_size(bytes, Lang::En), en, "{bytes}");
        assert_eq!(file_size(bytes, Lang::Fr), fr, "{bytes}");
    }
    assert!(file_size(i64::MAX, Lang::En).ends_with(" GB"));
}

#[test]
fn c_occ_03_a_day_is_written_as_its_reader_does() {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
    assert_eq!(calendar_date(day, Lang::En), "12\u{a0}Mar\u{a0}2026");
    for lang in [Lang::PtBr, Lang::Es, Lang::Fr] {
        assert_eq!(calendar_date(day, lang), "12/03/2026");
    }
    assert_eq!(calendar_words(day, Lang::Es), "jueves 12 de marzo de 2026");
}
