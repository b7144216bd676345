//! What the report reads instead of single occurrences: for each entity, category and impact a list of sixteen days, in which every
//! occurrence stands with its day and the number of its customer. `+3.17` came on the fourth of these days about customer 17,
//! `-3.17` went; changes are appended, so that writers of one list never read it. A year of a million occurrences is some thousand
//! lists, and any filter is answered from them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter;
use std::ops::RangeInclusive;

use domain::customer::period::Period;
use domain::customer::{day_number, day_of};
use domain::policy::Capability;
use entity::customer_occurrence;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::list::Filters;
use crate::actor::Actor;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::{Sql, unique};
use crate::work::Work;

/// Days of a list.
const DAYS: i32 = 16;
/// The list of a day as SQL; shifting rounds days before 1970 down, as `div_euclid` does.
const BLOCK: &str = "(o.occurred_on >> 4)";
/// An entry that came, as SQL, behind its sign.
const ENTRY: &str = "CAST(o.occurred_on & 15 AS TEXT) || '.' || CAST(c.seq AS TEXT)";
/// What a list that is there already does with further entries.
const APPENDED: &str = " ON CONFLICT (entity_id, block, recursive, category_id, impact) \
     DO UPDATE SET entries = customer_tally.entries || excluded.entries";

/// Occurrences of a day with the same category and impact.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Cell {
    pub(super) day: i32,
    pub(super) impact: String,
    pub(super) category_id: Uuid,
    pub(super) n: i64,
}

/// How many occurrences a customer has.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct OfCustomer {
    pub(super) customer_id: Uuid,
    pub(super) n: i64,
}

/// The customers that segment and responsible person mean, by the numbers that the lists know them by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// By number, which are dense: half a million entries are told apart without one being hashed.
    marks: Vec<bool>,
}

impl Meant {
    /// Reads them; `None` = the filters mean whoever it is. Each filter is answered by an index of its own, and what all of them
    /// mean is found here.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(super) async fn of(connection: &impl ConnectionTrait, filters: &Filters) -> Result<Option<Self>, ServiceError> {
        let mut meant: Option<Vec<bool>> = None;
        for part in filters.people() {
            let mut marks = Vec::new();
            for number in numbers(connection, part).await? {
                if marks.len() <= number {
                    marks.resize(number + 1, false);
                }
                if let Some(mark) = marks.get_mut(number) {
                    *mark = true;
                }
            }
            meant = Some(match meant {
                Some(others) => marks.iter().zip(&others).map(|(one, other)| *one && *other).collect(),
                None => marks,
            });
        }
        Ok(meant.map(|marks| Self { marks }))
    }

    /// How many they are.
    pub(super) fn number(&self) -> usize {
        self.marks.iter().filter(|mark| **mark).count()
    }

    fn has(&self, number: i64) -> bool {
        usize::try_from(number).ok().and_then(|number| self.marks.get(number)).is_some_and(|mark| *mark)
    }
}

/// Where some occurrences are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whereabouts {
    pub(super) period: Period,
    pub(super) customers: Vec<Uuid>,
}

#[derive(Debug, FromQueryResult)]
struct List {
    block: i32,
    impact: String,
    category_id: Uuid,
    entries: String,
}

/// The numbers under filters that name no single customer, and the customers with the most occurrences.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn read(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
    most: usize,
) -> Result<(Vec<Cell>, Vec<OfCustomer>), ServiceError> {
    let (cells, customers) = counted(connection, actor, filters).await?;
    Ok((cells, named(connection, highest(customers, most)).await?))
}

/// How many occurrences there are under such filters.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn number(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
) -> Result<i64, ServiceError> {
    let (cells, _customers) = counted(connection, actor, filters).await?;
    Ok(cells.iter().map(|cell| cell.n).sum())
}

/// The numbers by day, and by number of the customer.
async fn counted(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
) -> Result<(Vec<Cell>, Vec<i64>), ServiceError> {
    let known = numbers_in_all(connection).await?;
    let wanted = Meant::of(connection, filters).await?;
    let days = days_of(filters);
    let blocks = days.start().div_euclid(DAYS)..=days.end().div_euclid(DAYS);
    let mut cells = Vec::new();
    // By their numbers, as they are meant.
    let mut customers = vec![0_i64; known];
    for List { block, impact, category_id, entries } in lists(connection, actor, filters, &blocks).await? {
        let mut of_days = [0_i64; DAYS as usize];
        each(&entries, |sign, place, customer| {
            let day = block * DAYS + place;
            if days.contains(&day) && wanted.as_ref().is_none_or(|wanted| wanted.has(customer)) {
                let customer = usize::try_from(customer).unwrap_or(usize::MAX);
                let of_day = usize::try_from(place).ok().and_then(|place| of_days.get_mut(place));
                of_day.into_iter().chain(customers.get_mut(customer)).for_each(|n| *n += sign);
            }
        });
        let of_list = (0_i32..).zip(of_days).filter(|(_, n)| *n != 0);
        cells.extend(of_list.map(|(place, n)| Cell {
            day: block * DAYS + place,
            impact: impact.clone(),
            category_id,
            n,
        }));
    }
    Ok((cells, customers))
}

/// The days that filters ask for.
fn days_of(filters: &Filters) -> RangeInclusive<i32> {
    filters.period.map_or(i32::MIN..=i32::MAX, |Period { from, to }| day_number(from)..=day_number(to))
}

/// The lists of some blocks that the reader may see under filters.
async fn lists(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
    blocks: &RangeInclusive<i32>,
) -> Result<Vec<List>, ServiceError> {
    let mut sql = Sql::new("SELECT k.block, k.impact, k.category_id, k.entries FROM customer_tally k WHERE ");
    sql.append(&scope::customers(actor, Capability::CustomerView, "k")).append(&filters.marks("k"));
    sql.push_bind(" AND k.block >= ", *blocks.start()).push_bind(" AND k.block <= ", *blocks.end());
    Ok(sql.all(connection).await?)
}

/// The newest occurrences of some customers, at most so many of those before the day `upto`, with all of that day: where they
/// stand. `None` = there are none.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn newest(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
    meant: &Meant,
    upto: Option<i32>,
    most: i64,
) -> Result<Option<Whereabouts>, ServiceError> {
    let asked = days_of(filters);
    let days = *asked.start()..=upto.unwrap_or(i32::MAX).min(*asked.end());
    let mut found: BTreeMap<(i32, i64), i64> = BTreeMap::new();
    for blocks in steps(&days) {
        for List { block, entries, .. } in lists(connection, actor, filters, &blocks).await? {
            each(&entries, |sign, place, customer| {
                let day = block * DAYS + place;
                if days.contains(&day) && meant.has(customer) {
                    *found.entry((day, customer)).or_default() += sign;
                }
            });
        }
        let before = found.iter().filter(|((day, _), _)| Some(*day) != upto);
        if before.map(|(_, n)| n).sum::<i64>() >= most {
            break;
        }
    }
    let Some((period, customers)) = whereabouts(&found, upto, most) else { return Ok(None) };
    let ids = ids(connection, customers).await?;
    Ok(Some(Whereabouts { period, customers: unique(ids.into_values()) }))
}

/// The blocks of some days from the newest back, in growing steps.
fn steps(days: &RangeInclusive<i32>) -> impl Iterator<Item = RangeInclusive<i32>> {
    let oldest = days.start().div_euclid(DAYS);
    let mut newest = days.end().div_euclid(DAYS);
    let mut width = 4_i32;
    iter::from_fn(move || {
        if newest < oldest {
            return None;
        }
        let step = newest.saturating_sub(width - 1).max(oldest)..=newest;
        newest = step.start().saturating_sub(1);
        width = width.saturating_mul(4);
        Some(step)
    })
}

/// From the newest back over whole days, until so many before the day `upto` are found: the days, and the customers by number.
/// `found` is by day and customer.
fn whereabouts(found: &BTreeMap<(i32, i64), i64>, upto: Option<i32>, most: i64) -> Option<(Period, BTreeSet<i64>)> {
    let (mut days, mut customers, mut left) = (None, BTreeSet::new(), most);
    for ((day, customer), n) in found.iter().rev().filter(|(_, n)| **n > 0) {
        let (from, to) = days.unwrap_or((*day, *day));
        if left <= 0 && *day != from {
            break;
        }
        if Some(*day) != upto {
            left -= n;
        }
        days = Some((*day, to));
        customers.insert(*customer);
    }
    days.map(|(from, to)| (Period { from: day_of(from), to: day_of(to) }, customers))
}

/// One more than the highest number of a customer.
async fn numbers_in_all(connection: &impl ConnectionTrait) -> Result<usize, ServiceError> {
    let highest: Option<Option<i64>> = Sql::new("SELECT MAX(c.seq) FROM customer c").scalar(connection).await?;
    Ok(highest.flatten().and_then(|seq| usize::try_from(seq).ok()).map_or(0, |seq| seq + 1))
}

/// Customers as the lists name them.
async fn numbers(connection: &impl ConnectionTrait, people: &Sql) -> Result<Vec<usize>, ServiceError> {
    // One text instead of many rows: there may be tens of thousands.
    let mut sql = Sql::new("SELECT string_agg(CAST(c.seq AS TEXT), ' ') FROM customer c WHERE ");
    let found: Option<Option<String>> = sql.append(people).scalar(connection).await?;
    Ok(found.flatten().unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect())
}

/// Those with the most occurrences, the most first; among equals who came first. `counts` is by number.
fn highest(counts: Vec<i64>, most: usize) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = (0_i64..).zip(counts).filter(|(_, n)| *n > 0).collect();
    let order = |one: &(i64, i64)| (Reverse(one.1), one.0);
    if most < all.len() {
        all.select_nth_unstable_by_key(most, order);
        all.truncate(most);
    }
    all.sort_unstable_by_key(order);
    all
}

async fn named(connection: &impl ConnectionTrait, counts: Vec<(i64, i64)>) -> Result<Vec<OfCustomer>, ServiceError> {
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let ids = ids(connection, counts.iter().map(|(seq, _)| *seq)).await?;
    let of = |(seq, n): (i64, i64)| ids.get(&seq).map(|id| OfCustomer { customer_id: *id, n });
    Ok(counts.into_iter().filter_map(of).collect())
}

/// Customers by their numbers.
async fn ids(
    connection: &impl ConnectionTrait,
    numbers: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, Uuid>, ServiceError> {
    let mut sql = Sql::new("SELECT c.seq, c.id FROM customer c WHERE c.seq IN ");
    let mut out = HashMap::new();
    for row in sql.list(numbers).rows(connection).await? {
        out.insert(row.try_get("", "seq")?, row.try_get("", "id")?);
    }
    Ok(out)
}

/// Tells every entry of a list: whether it came or went, its day behind the first one, the number of its customer.
fn each(entries: &str, mut told: impl FnMut(i64, i32, i64)) {
    let (mut sign, mut day, mut number) = (0_i64, 0_i32, 0_i64);
    for byte in entries.bytes() {
        match byte {
            b'+' | b'-' => {
                if sign != 0 {
                    told(sign, day, number);
                }
                sign = if byte == b'+' { 1 } else { -1 };
                number = 0;
            }
            b'.' => {
                day = i32::try_from(number).unwrap_or(0);
                number = 0;
            }
            digit => number = number.wrapping_mul(10).wrapping_add(i64::from(digit.wrapping_sub(b'0'))),
        }
    }
    if sign != 0 {
        told(sign, day, number);
    }
}

/// Appends to the lists that an occurrence, which stood in those of `before`, stands in those of `after` now.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn append(
    w: &Work,
    before: Option<&customer_occurrence::Model>,
    after: Option<&customer_occurrence::Model>,
) -> Result<(), ServiceError> {
    let Some(customer) = before.or(after).map(|row| row.customer_id) else { return Ok(()) };
    let mut sql = Sql::new("SELECT c.seq FROM customer c WHERE c.id = ");
    let seq: Option<i64> = sql.bind(customer).scalar(&w.tx).await?;
    let seq = seq.ok_or_else(|| ServiceError::internal("an occurrence of a customer who is not there"))?;
    for (row, sign) in [(before, '-'), (after, '+')] {
        let Some(row) = row else { continue };
        let mut sql =
            Sql::new("INSERT INTO customer_tally (entity_id, recursive, block, category_id, impact, entries) VALUES (");
        sql.bind(row.entity_id)
            .push_bind(", ", row.recursive)
            .push_bind(", ", row.occurred_on.div_euclid(DAYS))
            .push_bind(", ", row.category_id)
            .push_bind(", ", row.impact.clone())
            .push_bind(", ", format!("{sign}{}.{seq}", row.occurred_on.rem_euclid(DAYS)))
            .push(")")
            .push(APPENDED);
        sql.run(&w.tx).await?;
    }
    Ok(())
}

/// Moves all occurrences of a customer from the lists of one entity and reach to those of another.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn take_along(
    w: &Work,
    customer: Uuid,
    from: (Uuid, bool),
    to: (Uuid, bool),
) -> Result<(), ServiceError> {
    // The types are said, because nothing else in a list of columns tells them.
    let uuid = if w.ctx.db().engine() == Engine::Postgres { "UUID" } else { "BLOB" };
    for ((entity, recursive), sign) in [(from, "'-'"), (to, "'+'")] {
        let mut sql =
            Sql::new("INSERT INTO customer_tally (entity_id, recursive, block, category_id, impact, entries) ");
        sql.push_bind("SELECT CAST(", entity).push(" AS ").push(uuid);
        sql.push(if recursive { "), TRUE, " } else { "), FALSE, " }).push(BLOCK).push(", o.category_id, o.impact, ");
        sql.push("string_agg(").push(sign).push(" || ").push(ENTRY).push(", '') ");
        sql.push("FROM customer_occurrence o JOIN customer c ON c.id = o.customer_id ");
        sql.push_bind("WHERE o.removed_at IS NULL AND o.customer_id = ", customer);
        sql.push(" GROUP BY ").push(BLOCK).push(", o.category_id, o.impact").push(APPENDED);
        sql.run(&w.tx).await?;
    }
    Ok(())
}

/// Writes all lists anew from the occurrences: after many came at once.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn rebuild(connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM customer_tally").run(connection).await?;
    let mut sql = Sql::new("INSERT INTO customer_tally (entity_id, recursive, block, category_id, impact, entries) ");
    sql.push("SELECT o.entity_id, o.recursive, ").push(BLOCK).push(", o.category_id, o.impact, string_agg('+' || ");
    sql.push(ENTRY).push(", '') FROM customer_occurrence o JOIN customer c ON c.id = o.customer_id ");
    sql.push("WHERE o.removed_at IS NULL GROUP BY o.entity_id, o.recursive, ").push(BLOCK);
    sql.push(", o.category_id, o.impact").run(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(entries: &str) -> Vec<(i64, i32, i64)> {
        let mut out = Vec::new();
        each(entries, |sign, day, customer| out.push((sign, day, customer)));
        out
    }

    #[test]
    fn c_rep_02_a_list_tells_what_came_and_what_went() {
        assert_eq!(told("+3.17+15.100001-3.17"), [(1, 3, 17), (1, 15, 100_001), (-1, 3, 17)]);
        assert!(told("").is_empty());
    }

    #[test]
    fn c_rep_02_days_before_1970_have_lists_too() {
        for (day, block, place) in [(0_i32, 0, 0), (15, 0, 15), (16, 1, 0), (-1, -1, 15), (-25_567, -1_598, 1)] {
            assert_eq!((day.div_euclid(DAYS), day.rem_euclid(DAYS)), (block, place), "{day}");
            assert_eq!((day >> 4, day & 15), (block, place), "the same in SQL: {day}");
        }
    }

    #[test]
    fn c_rep_02_lists_are_read_from_the_newest_back_until_there_are_enough() {
        let all = |days: RangeInclusive<i32>| steps(&days).collect::<Vec<_>>();
        assert_eq!(all(100..=1_000), [59..=62, 43..=58, 6..=42]);
        assert_eq!(all(0..=15), [0..=0]);
        assert_eq!(all(i32::MIN..=i32::MAX).last().map(|step| *step.start()), Some(i32::MIN.div_euclid(DAYS)));
    }

    #[test]
    fn c_occ_13_whole_days_are_led_to_and_the_day_of_the_last_row_given_does_not_count() {
        let found = BTreeMap::from([((10, 1), 2), ((9, 2), 1), ((9, 1), 0), ((8, 1), 1), ((8, 2), 1)]);
        let led = |upto, most| {
            whereabouts(&found, upto, most).map(|(period, customers)| {
                (day_number(period.from), day_number(period.to), customers.into_iter().collect::<Vec<_>>())
            })
        };
        assert_eq!(led(None, 1), Some((10, 10, vec![1])));
        assert_eq!(led(None, 3), Some((9, 10, vec![1, 2])));
        assert_eq!(led(Some(10), 1), Some((9, 10, vec![1, 2])));
        assert_eq!(led(None, 100), Some((8, 10, vec![1, 2])));
        assert_eq!(whereabouts(&BTreeMap::new(), None, 1), None);
    }

    #[test]
    fn c_rep_02_the_highest_come_first_and_who_has_none_left_not_at_all() {
        let counts = vec![0, 2, 5, 0, 2, -1, 1];
        assert_eq!(highest(counts.clone(), 3), [(2, 5), (1, 2), (4, 2)]);
        assert_eq!(highest(counts, 20), [(2, 5), (1, 2), (4, 2), (6, 1)]);
    }
}
