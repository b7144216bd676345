use chrono::{FixedOffset, Utc};

use super::*;
use crate::error::Code;

/// Three hours behind, without summer time: São Paulo.
fn zone() -> FixedOffset {
    FixedOffset::west_opt(3 * 3_600).unwrap()
}

fn lines(days: [&str; DAYS]) -> Vec<String> {
    days.map(str::to_owned).to_vec()
}

/// Monday to Friday, 8 to 12 and 13 to 17.
fn office() -> Calendar {
    let day = "08:00-12:00, 13:00-17:00";
    let week = Week::read(&lines([day, day, day, day, day, "", ""])).unwrap();
    Calendar { week, holidays: Vec::new() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A local time as an instant.
fn at(text: &str) -> i64 {
    instant(text.parse().unwrap(), &zone())
}

#[test]
fn t_set_12_segments_are_read_and_written() {
    for (typed, expected) in [
        ("08:00-12:00", Ok("08:00-12:00")),
        ("8:00-12:30", Ok("08:00-12:30")),
        ("00:00-24:00", Ok("00:00-24:00")),
        ("12:00-08:00", Err(Code::Invalid)),
        ("08:00-08:00", Err(Code::Invalid)),
        ("08:00-24:01", Err(Code::Invalid)),
        ("08:60-12:00", Err(Code::Invalid)),
        ("8-12", Err(Code::Invalid)),
        ("+8:00-12:00", Err(Code::Invalid)),
        ("", Err(Code::Invalid)),
    ] {
        assert_eq!(Segment::read(typed).map(|segment| segment.to_string()), expected.map(str::to_owned), "{typed:?}");
    }
}

#[test]
fn t_set_12_a_week_is_read_day_by_day() {
    let week =
        Week::read(&lines(["13:00 - 17:00; 08:00–12:00", "", " 9:00-10:00 10:00-11:00 ", "", "", "", ""])).unwrap();
    assert_eq!(week.lines(), lines(["08:00-12:00, 13:00-17:00", "", "09:00-10:00, 10:00-11:00", "", "", "", ""]));
    assert_eq!(Week::read(&week.lines()).unwrap(), week);
    assert!(Week::read(&[]).unwrap().is_empty() && Calendar::default().is_empty() && !office().is_empty());
    let wrong = Week::read(&lines(["08:00-12:00, 11:00-13:00", "noon", "", "", "", "", "x"])).unwrap_err();
    for field in ["week[0]", "week[1]", "week[6]"] {
        assert_eq!(wrong.of(field), Some(Code::Invalid), "{field}");
    }
    let many = vec![String::new(); 8];
    assert_eq!(Week::read(&many).unwrap_err().of("week"), Some(Code::TooMany));
    let crowded: Vec<String> = (0..13).map(|n| format!("{n:02}:00-{n:02}:30")).collect();
    assert_eq!(Week::read(&[crowded.join(" ")]).unwrap_err().of("week[0]"), Some(Code::TooMany));
}

#[test]
fn t_set_12_holidays_are_read_one_a_line() {
    let holidays = read_holidays("\n2026-12-25 Christmas\n 01-01  New Year \n05-01\n").unwrap();
    let words: Vec<String> = holidays.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["01-01 New Year", "05-01", "2026-12-25 Christmas"]);
    for (typed, code) in [
        ("Christmas", Code::Invalid),
        ("2026-02-30 Never", Code::Invalid),
        ("13-01", Code::Invalid),
        ("1-1\n01-01 again", Code::Duplicate),
    ] {
        assert_eq!(read_holidays(typed), Err(code), "{typed:?}");
    }
    assert_eq!(read_holidays(&format!("01-01 {}", "x".repeat(101))), Err(Code::TooLong));
    assert!(HolidayDate::read("02-29").unwrap().is_on(day("2028-02-29")));
}

#[test]
fn t_set_12_a_calendar_is_stored_as_it_was() {
    let calendar = Calendar { holidays: read_holidays("12-25 Christmas\n2026-03-13").unwrap(), ..office() };
    let text = serde_json::to_string(&calendar).unwrap();
    assert!(text.contains("\"08:00-12:00\"") && text.contains("\"12-25\""), "{text}");
    assert_eq!(serde_json::from_str::<Calendar>(&text).unwrap(), calendar);
    assert_eq!(serde_json::from_str::<Calendar>("{}").unwrap(), Calendar::default());
    assert!(serde_json::from_str::<Calendar>(r#"{"week":[["9-5"],[],[],[],[],[],[]]}"#).is_err());
}

#[test]
fn t_sol_10_the_nth_working_day_after_the_solving_day() {
    // Thursday 12 March 2026.
    let holidays = read_holidays("2026-03-16\n01-01").unwrap();
    let free_monday = Calendar { holidays, ..office() };
    for (calendar, from, days, to) in [
        (office(), "2026-03-12T10:00:00", 2, "2026-03-16T10:00:00"),
        (office(), "2026-03-12T10:00:00", 1, "2026-03-13T10:00:00"),
        (office(), "2026-03-12T22:30:15", 1, "2026-03-13T22:30:15"),
        (office(), "2026-03-14T10:00:00", 1, "2026-03-16T10:00:00"),
        (office(), "2026-03-12T10:00:00", 0, "2026-03-12T10:00:00"),
        (office(), "2026-03-12T10:00:00", 10, "2026-03-26T10:00:00"),
        (free_monday.clone(), "2026-03-12T10:00:00", 2, "2026-03-17T10:00:00"),
        (free_monday, "2025-12-31T09:00:00", 1, "2026-01-02T09:00:00"),
        // No working day at all: plain days.
        (Calendar::default(), "2026-03-12T10:00:00", 2, "2026-03-14T10:00:00"),
    ] {
        assert_eq!(calendar.add_working_days(at(from), days, &zone()), at(to), "{from} + {days}");
    }
    assert_eq!(add_days(at("2026-03-12T10:00:00"), 2, &zone()), at("2026-03-14T10:00:00"));
    // The local day counts: 01:00 UTC on Saturday is Friday evening there.
    let late = instant("2026-03-14T01:00:00".parse().unwrap(), &Utc);
    assert_eq!(office().add_working_days(late, 1, &zone()), at("2026-03-16T22:00:00"));
}

#[test]
fn t_pen_03_the_next_working_day_is_the_day_itself_or_a_later_one() {
    let office = office();
    assert_eq!(office.next_working_day(day("2026-03-12")), Some(day("2026-03-12")));
    assert_eq!(office.next_working_day(day("2026-03-14")), Some(day("2026-03-16")));
    assert_eq!(Calendar::default().next_working_day(day("2026-03-14")), None);
}

#[test]
fn t_clk_02_working_minutes_lie_within_the_hours() {
    let office = office();
    for (from, to, minutes) in [
        ("2026-03-12T10:00:00", "2026-03-12T10:00:00", 0),
        ("2026-03-12T10:00:00", "2026-03-12T09:00:00", 0),
        ("2026-03-12T10:00:00", "2026-03-12T11:30:00", 90),
        ("2026-03-12T11:30:00", "2026-03-12T13:30:00", 60),
        ("2026-03-12T06:00:00", "2026-03-12T23:00:00", 480),
        ("2026-03-13T16:00:00", "2026-03-16T09:00:00", 120),
        ("2026-03-14T00:00:00", "2026-03-16T00:00:00", 0),
        ("2026-03-09T00:00:00", "2026-03-16T00:00:00", 2_400),
        ("2026-03-12T10:00:30", "2026-03-12T10:01:29", 0),
    ] {
        assert_eq!(office.working_minutes_between(at(from), at(to), &zone()), minutes, "{from} to {to}");
    }
    let whole = Calendar { week: Week::read(&lines(["00:00-24:00"; DAYS])).unwrap(), holidays: Vec::new() };
    assert_eq!(whole.working_minutes_between(at("2026-03-09T00:00:00"), at("2026-03-16T00:00:00"), &zone()), 7 * 1_440);
}

#[test]
fn t_clk_02_hours_laid_out_count_like_hours_looked_up() {
    let office = Calendar { holidays: read_holidays("2026-03-16 Founders").unwrap(), ..office() };
    let (first, last) = (at("2026-03-06T10:00:00"), at("2026-03-20T15:00:00"));
    let table = office.table(first, last, &zone());
    let instants: Vec<i64> = (first..=last).step_by(5 * 3_600 + 7).chain([last]).collect();
    for from in &instants {
        for to in &instants {
            let looked_up = office.working_seconds_between(*from, *to, &zone());
            assert_eq!(table.between(*from, *to), looked_up, "{from} to {to}");
        }
    }
    for none in [Calendar::default().table(first, last, &zone()), office.table(last, first, &zone())] {
        assert_eq!(none.between(first, last), 0);
    }
}

#[test]
fn t_clk_05_so_much_working_time_later_lies_within_the_hours() {
    let office = office();
    for (from, hours, to) in [
        ("2026-03-12T10:00:00", 0, "2026-03-12T10:00:00"),
        ("2026-03-12T10:00:00", 2, "2026-03-12T12:00:00"),
        ("2026-03-12T10:00:00", 3, "2026-03-12T14:00:00"),
        ("2026-03-12T18:00:00", 1, "2026-03-13T09:00:00"),
        ("2026-03-13T16:00:00", 2, "2026-03-16T09:00:00"),
        ("2026-03-12T08:00:00", 40, "2026-03-18T17:00:00"),
    ] {
        assert_eq!(office.after_working_seconds(at(from), hours * 3_600, &zone()), at(to), "{from} + {hours} h");
    }
    assert_eq!(Calendar::default().after_working_seconds(10, 5, &zone()), 15, "no working time: plain time");
}

#[test]
fn t_pen_03_weeks_land_on_the_next_working_day() {
    let office = Calendar { holidays: read_holidays("2026-03-26").unwrap(), ..office() };
    for (from, weeks, to) in [
        ("2026-03-12T10:00:00", 1, "2026-03-19T10:00:00"),
        ("2026-03-12T10:00:00", 2, "2026-03-27T10:00:00"),
        ("2026-03-14T10:00:00", 1, "2026-03-23T10:00:00"),
    ] {
        assert_eq!(office.add_weeks(at(from), weeks, &zone()), at(to), "{from} + {weeks} w");
    }
    assert_eq!(Calendar::default().add_weeks(at("2026-03-14T10:00:00"), 1, &zone()), at("2026-03-21T10:00:00"));
}

#[test]
fn t_tsk_06_the_end_of_a_segment_is_outside() {
    let office = office();
    for (time, expected) in [
        ("2026-03-12T08:00:00", true),
        ("2026-03-12T11:59:59", true),
        ("2026-03-12T12:00:00", false),
        ("2026-03-14T10:00:00", false),
    ] {
        assert_eq!(office.is_working_time(at(time), &zone()), expected, "{time}");
    }
}

/// Numbers that look random and are the same each time.
fn random(seed: &mut u64, below: u64) -> i64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    i64::try_from((*seed >> 33) % below).unwrap()
}

#[test]
fn parts_of_a_stretch_sum_up_to_the_whole() {
    let (office, mut seed) = (office(), 7);
    let start = at("2026-01-01T00:00:00");
    for _turn in 0..500 {
        let mut times = [0; 3].map(|_: i32| start + random(&mut seed, 90 * 86_400));
        times.sort_unstable();
        let [a, b, c] = times;
        let between = |from: i64, to: i64| office.working_seconds_between(from, to, &zone());
        assert_eq!(between(a, b) + between(b, c), between(a, c), "{times:?}");
        assert!((0..=c - a).contains(&between(a, c)), "{times:?}");
        let whole = between(a, c);
        let until = office.after_working_seconds(a, whole, &zone());
        assert!(until <= c && between(a, until) == whole, "{times:?}");
        let days = u32::try_from(random(&mut seed, 20)).unwrap() + 1;
        let later = office.add_working_days(a, days, &zone());
        assert!(later >= a + i64::from(days) * 86_400, "{a} + {days}");
        assert!(office.is_working_day(local_date(later, &zone())), "{a} + {days}");
    }
}
