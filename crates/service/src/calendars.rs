//! Which working time counts in an entity (`working_calendar`, T-SET-12).
//!
//! Belongs here: from the setting to the calendar. Does not belong here: the arithmetic (`domain::calendar`), editing calendars
//! (`lists`).

use std::collections::BTreeMap;

use chrono_tz::Tz;
use domain::calendar::{self, Calendar};
use domain::clock;
use domain::settings::Key;
use entity::list_row;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::work::Work;
use crate::{deadlines, lists, pending};

/// The working time of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingTime {
    /// The calendar in force; `None` = 24 hours, 7 days.
    pub calendar: Option<Calendar>,
    /// Zone of the entity: its days and due times.
    pub zone: Tz,
}

impl WorkingTime {
    /// The same local time `days` later: working days where a calendar counts (T-SOL-10), else plain days.
    #[must_use]
    pub fn add_days(&self, at: i64, days: u32) -> i64 {
        match &self.calendar {
            Some(calendar) => calendar.add_working_days(at, days, &self.zone),
            None => calendar::add_days(at, days, &self.zone),
        }
    }

    /// Whole minutes between two instants that count as working time (T-CLK-02); without a calendar all of them.
    #[must_use]
    pub fn minutes_between(&self, from: i64, to: i64) -> i64 {
        match &self.calendar {
            Some(calendar) => calendar.working_minutes_between(from, to, &self.zone),
            None => (to - from).max(0) / 60,
        }
    }

    /// Whether an instant lies within working hours (T-TSK-06).
    #[must_use]
    pub fn is_working(&self, at: i64) -> bool {
        self.calendar.as_ref().is_none_or(|calendar| calendar.is_working_time(at, &self.zone))
    }
}

impl clock::WorkingTime for WorkingTime {
    fn between(&self, from: i64, to: i64) -> i64 {
        match &self.calendar {
            Some(calendar) => calendar.working_seconds_between(from, to, &self.zone),
            None => to.saturating_sub(from).max(0),
        }
    }

    fn after(&self, from: i64, seconds: i64) -> i64 {
        match &self.calendar {
            Some(calendar) => calendar.after_working_seconds(from, seconds, &self.zone),
            None => from.saturating_add(seconds.max(0)),
        }
    }

    fn days_after(&self, from: i64, days: u32) -> i64 {
        self.add_days(from, days)
    }

    fn weeks_after(&self, from: i64, weeks: u32) -> i64 {
        match &self.calendar {
            Some(calendar) => calendar.add_weeks(from, weeks, &self.zone),
            None => calendar::add_days(from, weeks.saturating_mul(7), &self.zone),
        }
    }
}

/// The working time that counts in an entity now. A calendar that is gone, inactive, out of sight there or without hours counts as
/// none: the settings say so beside the row (T-SET-06).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn of_entity(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
) -> Result<WorkingTime, ServiceError> {
    let path = actor.path_of(entity);
    let settings = Settings::load(connection, &path).await?;
    of_settings(connection, &settings, &path, actor.entity_zone(entity)).await
}

/// The same from settings that are loaded already; `path` is the entity and its ancestors, nearest first.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn of_settings(
    connection: &impl ConnectionTrait,
    settings: &Settings,
    path: &[Uuid],
    zone: Tz,
) -> Result<WorkingTime, ServiceError> {
    let row = match settings.reference(Key::WorkingCalendar) {
        Some(id) => list_row::Entity::find_by_id(id).one(connection).await?,
        None => None,
    };
    Ok(WorkingTime { calendar: row.and_then(|row| in_force(&row, path)), zone })
}

/// The same for several entities at once, in two queries.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn of_entities(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entities: &[Uuid],
) -> Result<BTreeMap<Uuid, WorkingTime>, ServiceError> {
    let paths: Vec<Vec<Uuid>> = unique(entities.iter().copied()).into_iter().map(|one| actor.path_of(one)).collect();
    let named = Settings::of_many(connection, Key::WorkingCalendar, &paths).await?;
    let ids = unique(named.values().filter_map(|value| value.parse::<Uuid>().ok()));
    let rows = if ids.is_empty() {
        Vec::new()
    } else {
        list_row::Entity::find().filter(list_row::Column::Id.is_in(ids)).all(connection).await?
    };
    let of = |path: Vec<Uuid>| {
        let entity = path.first().copied()?;
        let id = named.get(&entity).and_then(|value| value.parse::<Uuid>().ok());
        let row = rows.iter().find(|row| Some(row.id) == id);
        let calendar = row.and_then(|row| in_force(row, &path));
        Some((entity, WorkingTime { calendar, zone: actor.entity_zone(entity) }))
    };
    Ok(paths.into_iter().filter_map(of).collect())
}

/// The calendar of a row, where it counts.
fn in_force(row: &list_row::Model, path: &[Uuid]) -> Option<Calendar> {
    let counts = row.list == lists::CALENDARS && row.active && lists::reaches(row.entity_id, row.recursive, path);
    counts.then(|| lists::calendar(row)).filter(|calendar| !calendar.is_empty())
}

/// A calendar has other hours now: what counts by it is looked at anew, where a setting names it (T-PEN-03, T-NTF-02). Dates that
/// were stored stay (T-SOL-10).
pub(crate) async fn changed(w: &Work, row: &list_row::Model) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT 1 FROM setting WHERE key = ");
    sql.bind(Key::WorkingCalendar.as_str()).push_bind(" AND value = ", row.id.to_string()).push(" LIMIT 1");
    if sql.rows(&w.tx).await?.is_empty() {
        return Ok(());
    }
    deadlines::look_again_below(w, row.entity_id).await?;
    pending::look_again_below(w, row.entity_id).await
}

#[cfg(test)]
mod tests {
    use domain::calendar::Week;
    use domain::clock::WorkingTime as _;

    use super::*;
    use crate::moments::parse;

    fn lisbon() -> Tz {
        crate::moments::zone("Europe/Lisbon")
    }

    /// Every day from `hours`.
    fn daily(hours: &str) -> WorkingTime {
        let lines: Vec<String> = std::iter::repeat_n(hours.to_owned(), 7).collect();
        let week = Week::read(&lines).unwrap();
        WorkingTime { calendar: Some(Calendar { week, holidays: Vec::new() }), zone: lisbon() }
    }

    fn at(text: &str) -> i64 {
        parse(text, lisbon()).unwrap()
    }

    #[test]
    fn t_sol_10_the_local_time_stays_where_clocks_change() {
        // 2026-03-29 01:00 → 02:00, 2026-10-25 02:00 → 01:00 in Lisbon.
        let without = WorkingTime { calendar: None, zone: lisbon() };
        for time in [daily("08:00-17:00"), without] {
            assert_eq!(time.add_days(at("2026-03-28T10:00"), 1), at("2026-03-29T10:00"));
            assert_eq!(time.add_days(at("2026-10-24T10:00"), 1), at("2026-10-25T10:00"));
            // 01:30 does not exist on that day: the next existing instant; twice on the other: the first.
            assert_eq!(time.add_days(at("2026-03-28T01:30"), 1), at("2026-03-29T02:00"));
            assert_eq!(time.add_days(at("2026-10-24T01:30"), 1), at("2026-10-25T01:30:00+01:00"));
        }
    }

    #[test]
    fn t_clk_09_hours_that_clocks_leave_out_do_not_count() {
        let night = daily("00:00-04:00");
        let day = |date: &str| (at(&format!("{date}T00:00")), at(&format!("{date}T23:00")));
        for (date, minutes) in [("2026-03-28", 240), ("2026-03-29", 180), ("2026-10-25", 300)] {
            let (from, to) = day(date);
            assert_eq!(night.minutes_between(from, to), minutes, "{date}");
        }
        // A segment that does not exist that day.
        assert_eq!(daily("01:00-02:00").minutes_between(at("2026-03-29T00:00"), at("2026-03-29T23:00")), 0);
    }

    #[test]
    fn t_pen_03_days_and_weeks_keep_their_local_time_across_a_change_of_the_clock() {
        let time = WorkingTime { calendar: None, zone: lisbon() };
        // The night to 2026-03-29 has one hour less.
        assert_eq!(time.days_after(at("2026-03-28T10:00"), 1), at("2026-03-29T10:00"));
        assert_eq!(time.weeks_after(at("2026-03-26T10:00"), 2), at("2026-04-09T10:00"));
        assert_eq!((time.between(10, 25), time.between(25, 10), time.after(10, 5)), (15, 0, 15));
    }

    #[test]
    fn t_clk_02_without_a_calendar_every_minute_counts() {
        let time = WorkingTime { calendar: None, zone: Tz::UTC };
        assert_eq!((time.minutes_between(0, 3_599), time.minutes_between(60, 0)), (59, 0));
        assert!(time.is_working(0) && !daily("08:00-09:00").is_working(at("2026-03-12T07:59")));
    }
}
