//! What a dashboard is asked for, checked: days, and the tickets whose numbers the reader may know.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::statistics::DAYS_MAX;
use domain::views::{DashboardQuery, ListQuery};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments;
use crate::scope;
use crate::sql::Sql;

/// Days before the last one when nobody says.
const BEFORE: i64 = 29;
/// Up to so many days each is a bar of its own; beyond, a week is.
const DAYS_APART: i64 = 62;

/// Most entities an address names.
const NAMED_MAX: usize = 40;

/// The days of a dashboard, in the zone of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    /// First second.
    pub(super) from: i64,
    /// Second after the last.
    pub(super) to: i64,
    /// Days of a bar.
    pub(super) step: i64,
}

impl Period {
    fn read(query: &DashboardQuery, actor: &Actor, errors: &mut FieldErrors) -> Option<Self> {
        let today = moments::local_date(actor.at, actor.zone);
        let last = errors.check("to", day(&query.to, today))?;
        let earlier = last.checked_sub_signed(TimeDelta::days(BEFORE)).unwrap_or(last);
        let first = errors.check("from", day(&query.from, earlier))?;
        let days = (last - first).num_days() + 1;
        if !(1..=DAYS_MAX).contains(&days) {
            errors.add("from", Code::OutOfRange);
            return None;
        }
        let Some(after) = last.succ_opt() else {
            errors.add("to", Code::OutOfRange);
            return None;
        };
        let step = if days <= DAYS_APART { 1 } else { 7 };
        let (from, to) = (moments::start_of(first, actor.zone), moments::start_of(after, actor.zone));
        Some(Self { first, last, from, to, step })
    }

    /// First days of its bars.
    pub(super) fn bars(&self) -> Vec<NaiveDate> {
        let mut out = Vec::new();
        let mut day = self.first;
        while day <= self.last {
            out.push(day);
            let Some(next) = day.checked_add_signed(TimeDelta::days(self.step)) else { break };
            day = next;
        }
        out
    }

    /// Place of the bar an instant of the period belongs to, as SQL: the engine counts tickets by it, and answers bars instead of
    /// what lies in them. The days begin where the zone of the reader has them, so that no two need be equally long.
    pub(super) fn bar_of(&self, at: &str, actor: &Actor) -> String {
        let begins: Vec<i64> = self.bars().into_iter().map(|day| moments::start_of(day, actor.zone)).collect();
        found_in(at, &begins, 0)
    }

    /// Condition that a column of `ticket` under the alias `t` lies in it.
    pub(super) fn holds(&self, column: &str) -> Sql {
        let mut sql = Sql::new(" AND t.");
        sql.push(column).push_bind(" >= ", self.from).push(" AND t.").push(column).push_bind(" < ", self.to);
        sql
    }
}

/// The place of `at` among ascending `begins`, of which the first is that of place `first`: halved again and again.
fn found_in(at: &str, begins: &[i64], first: usize) -> String {
    let middle = begins.len() / 2;
    match begins.get(middle) {
        Some(begin) if middle > 0 => {
            let (before, behind) = begins.split_at(middle);
            let (before, behind) = (found_in(at, before, first), found_in(at, behind, first + middle));
            format!("CASE WHEN {at} < {begin} THEN {before} ELSE {behind} END")
        }
        _ => first.to_string(),
    }
}

/// A day as the form holds it; an empty one is another.
fn day(text: &str, otherwise: NaiveDate) -> Result<NaiveDate, Code> {
    if text.trim().is_empty() {
        return Ok(otherwise);
    }
    let day: NaiveDate = text.trim().parse().map_err(|_no_day| Code::Invalid)?;
    if (2000..3000).contains(&day.year()) { Ok(day) } else { Err(Code::OutOfRange) }
}

/// A question to the dashboard.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) period: Period,
    /// Entities whose numbers are shown.
    pub(super) entities: Vec<Uuid>,
    /// Assigned person who is asked for.
    pub(super) person: Option<Uuid>,
    group: Option<Uuid>,
}

impl Asked {
    /// # Errors
    /// `Invalid` with every wrong field, `Forbidden` for who holds `statistics.view` nowhere.
    pub(super) fn read(ctx: &Ctx, query: &DashboardQuery) -> Result<Self, ServiceError> {
        let actor = &ctx.actor;
        let mut errors = FieldErrors::new();
        let period = Period::read(query, actor, &mut errors);
        let own = actor.entities_with(Capability::StatisticsView);
        let entities = errors.check("entity", chosen(actor, &own, &query.entity));
        let group = errors.check("group", id_of(&query.group, None));
        let person = errors.check("person", id_of(&query.person, Some(actor.id())));
        if own.is_empty() {
            return Err(AppError::Forbidden(Capability::StatisticsView.name().to_owned()).into());
        }
        let asked = period.zip(entities).zip(group).zip(person);
        Ok(errors.or(asked.map(|(((period, entities), group), person)| Self { period, entities, person, group }))?)
    }

    /// Condition on `ticket` under the alias `t`: counted here, and seen by the reader. What was merged is counted where it went
    /// on (T-MRG-04).
    pub(super) fn tickets(&self, actor: &Actor) -> Sql {
        let mut sql = Sql::new("t.deleted_at IS NULL AND t.merged_into_id IS NULL AND t.entity_id IN ");
        sql.list(self.entities.iter().copied());
        let whole = scope::whole_entities(actor);
        if !self.entities.iter().all(|entity| whole.contains(entity)) {
            sql.push(" AND ").append(&scope::tickets(actor));
        }
        for (column, id) in [("group_id", self.group), ("user_id", self.person)] {
            if let Some(id) = id {
                sql.push(" AND t.id IN (SELECT ticket_id FROM ticket_actor WHERE role = 'assignee' AND ");
                sql.push(column).push_bind(" = ", id).push(")");
            }
        }
        sql
    }

    /// The same of the tickets that entries `alias` belong to, which have the entity of their ticket. Where all of an entity is
    /// counted, few tickets are not: the entries of these are left out, and no ticket is read.
    pub(super) fn of_tickets(&self, actor: &Actor, alias: &str) -> Sql {
        let whole = scope::whole_entities(actor);
        let is_narrowed = self.group.is_some() || self.person.is_some();
        let mut sql = Sql::new("");
        if is_narrowed || !self.entities.iter().all(|entity| whole.contains(entity)) {
            sql.push(alias).push(".ticket_id IN (SELECT t.id FROM ticket t WHERE ").append(&self.tickets(actor));
            sql.push(")");
            return sql;
        }
        sql.push(alias)
            .push(".ticket_id NOT IN (SELECT t.id FROM ticket t WHERE t.deleted_at IS NOT NULL AND t.entity_id IN ");
        sql.list(self.entities.iter().copied());
        sql.push(" UNION ALL SELECT t.id FROM ticket t WHERE t.merged_into_id IS NOT NULL AND t.entity_id IN ");
        sql.list(self.entities.iter().copied()).push(")");
        sql
    }

    /// The ticket list of what is counted here, before status and time; `None` where no address can name the entities. Nothing open
    /// was merged (T-STA-27), so that a list of open tickets has as many as are counted.
    pub(super) fn list(&self, actor: &Actor) -> Option<ListQuery> {
        let mut list = ListQuery::default();
        let counted: BTreeSet<Uuid> = self.entities.iter().copied().collect();
        // Where the reader sees nothing else, the list needs no filter.
        if !actor.entities().iter().all(|entity| counted.contains(entity)) {
            list.more.push(named(actor, &counted)?);
        }
        if let Some(group) = self.group {
            list.more.push(("group".to_owned(), group.to_string()));
        }
        if let Some(person) = self.person {
            list.assignee = if person == actor.id() { "me".to_owned() } else { person.to_string() };
        }
        Some(list)
    }
}

/// The filter of the ticket list for exactly these entities: by those on top where all below them belong to it, else by each.
fn named(actor: &Actor, entities: &BTreeSet<Uuid>) -> Option<(String, String)> {
    let is_top = |entity: &&Uuid| actor.path_of(**entity).get(1).is_none_or(|parent| !entities.contains(parent));
    let tops: Vec<Uuid> = entities.iter().filter(is_top).copied().collect();
    if tops.len() > NAMED_MAX {
        return None;
    }
    let is_whole = tops.iter().all(|top| actor.below(*top).is_subset(entities));
    let (name, ids) = if is_whole { ("entity", tops) } else { ("entity_only", entities.iter().copied().collect()) };
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    (ids.len() <= NAMED_MAX).then(|| (name.to_owned(), ids.join(",")))
}

/// An entity with those below it, as far as the reader may see their statistics; empty = all of them.
fn chosen(actor: &Actor, own: &[Uuid], text: &str) -> Result<Vec<Uuid>, Code> {
    if text.trim().is_empty() {
        return Ok(own.to_vec());
    }
    let id: Uuid = text.trim().parse().map_err(|_no_id| Code::Invalid)?;
    if !own.contains(&id) {
        return Err(Code::UnknownReference);
    }
    Ok(actor.below(id).into_iter().filter(|entity| own.contains(entity)).collect())
}

fn id_of(text: &str, me: Option<Uuid>) -> Result<Option<Uuid>, Code> {
    match text.trim() {
        "" => Ok(None),
        "me" if me.is_some() => Ok(me),
        text => text.parse().map(Some).map_err(|_no_id| Code::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_stt_02_a_day_is_found_by_halving_the_period() {
        assert_eq!(found_in("x", &[10], 0), "0");
        assert_eq!(found_in("x", &[10, 20], 0), "CASE WHEN x < 20 THEN 0 ELSE 1 END");
        let three = "CASE WHEN x < 20 THEN 0 ELSE CASE WHEN x < 30 THEN 1 ELSE 2 END END";
        assert_eq!(found_in("x", &[10, 20, 30], 0), three);
    }
}
