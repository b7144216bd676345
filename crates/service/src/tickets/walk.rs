//! Lists of somebody's tickets as walks of an index: each person of a ticket carries its status and times (kept equal by
//! triggers), so that "mine, newest first" costs as much as it shows, however many tickets the desk has (T-LST-04).

use domain::ticket::Status;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::list::{COUNT_MAX, Found, Sort};
use crate::error::ServiceError;
use crate::sql::Sql;

/// From so many walks on, one query over the whole set is cheaper.
const WALKS_MAX: usize = 12;

/// One walk: rows of one index, in its order.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    /// From `FROM` on: `a` is what is walked, people of tickets or tickets by their writer, `t` the ticket of each.
    rows: Sql,
}

impl Walk {
    /// Tickets a person is something of.
    pub(crate) fn of_user(role: &str, user: Uuid) -> Self {
        Self::of("a.user_id", role, user)
    }

    /// Tickets a group is something of.
    pub(crate) fn of_group(role: &str, group: Uuid) -> Self {
        Self::of("a.group_id", role, group)
    }

    fn of(column: &str, role: &str, holder: Uuid) -> Self {
        // CROSS JOIN keeps the order on SQLite: people first, each with his ticket.
        let mut rows = Sql::new("FROM ticket_actor a CROSS JOIN ticket t WHERE t.id = a.ticket_id AND ");
        rows.push(column).push_bind(" = ", holder).push_bind(" AND a.role = ", role);
        Self { rows }
    }

    /// Tickets somebody wrote.
    pub(crate) fn of_writer(user: Uuid) -> Self {
        // The same row twice, for the same reason: whoever wrote comes first, whatever the planner thinks of the entity.
        let mut rows = Sql::new("FROM ticket a CROSS JOIN ticket t WHERE t.id = a.id AND a.writer_id = ");
        rows.bind(user);
        Self { rows }
    }
}

/// Several walks, merged; a ticket that two of them meet is one row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walks {
    walks: Vec<Walk>,
    /// What is left of the rights where the walks alone stay within them.
    scope: Option<Sql>,
}

impl Walks {
    /// `None` when there are too many to be worth it, or none.
    pub(crate) fn new(walks: Vec<Walk>) -> Option<Self> {
        (1..=WALKS_MAX).contains(&walks.len()).then_some(Self { walks, scope: None })
    }

    /// Walks that meet nothing the reader may not see, as far as `scope` (on `t`) is fulfilled too.
    pub(crate) fn within_rights(walks: Vec<Walk>, scope: Sql) -> Option<Self> {
        Self::new(walks).map(|walks| Self { scope: Some(scope), ..walks })
    }

    /// What a ticket has to fulfil besides being met, where `scope` are the rights of the reader.
    pub(super) fn condition(&self, scope: &Sql, rest: &Sql) -> Sql {
        let mut sql = Sql::new(" AND ");
        sql.append(self.scope.as_ref().unwrap_or(scope)).append(rest);
        sql
    }

    /// One page in the order of `sort`; `condition` is on `t` and begins with ` AND `.
    pub(crate) async fn page(
        &self,
        connection: &impl ConnectionTrait,
        statuses: &[Status],
        condition: &Sql,
        sort: Sort,
        position: Option<(i64, i64)>,
        limit: i64,
    ) -> Result<Vec<Found>, ServiceError> {
        let direction = sort.direction();
        let mut sql = Sql::new("SELECT id, number, sort_key, CAST(NULL AS BIGINT) AS total FROM (");
        for (index, walk) in self.walks.iter().enumerate() {
            let key = sort.bare();
            sql.push(if index == 0 { "" } else { " UNION " });
            sql.push(&format!("SELECT * FROM (SELECT t.id, a.number, a.{key} AS sort_key "));
            walk.append(&mut sql, statuses, condition);
            if let Some((key_before, number)) = position {
                let sign = if direction == "DESC" { "<" } else { ">" };
                sql.push(&format!(" AND (a.{key}, a.number) {sign} (")).bind(key_before);
                sql.push_bind(", ", number).push(")");
            }
            sql.push(&format!(" ORDER BY a.{key} {direction}, a.number {direction}"));
            sql.push_bind(" LIMIT ", limit).push(") w");
        }
        sql.push(&format!(") u ORDER BY sort_key {direction}, number {direction}")).push_bind(" LIMIT ", limit);
        Ok(sql.all(connection).await?)
    }

    /// How many there are, exact to 1 000.
    pub(crate) async fn count(
        &self,
        connection: &impl ConnectionTrait,
        statuses: &[Status],
        condition: &Sql,
    ) -> Result<i64, ServiceError> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM (");
        for (index, walk) in self.walks.iter().enumerate() {
            sql.push(if index == 0 { "" } else { " UNION " }).push("SELECT * FROM (SELECT t.id ");
            walk.append(&mut sql, statuses, condition);
            sql.push_bind(" LIMIT ", COUNT_MAX + 1).push(") w");
        }
        sql.push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
        Ok(sql.scalar(connection).await?.unwrap_or(0))
    }
}

impl Walk {
    /// The same, in these entities only.
    pub(crate) fn within(mut self, entities: &[Uuid]) -> Self {
        self.rows.push(" AND t.entity_id IN ").list(entities.iter().copied());
        self
    }

    fn append(&self, sql: &mut Sql, statuses: &[Status], condition: &Sql) {
        sql.append(&self.rows);
        if statuses.len() < Status::ALL.len() {
            let names = statuses.iter().map(|status| status.as_str().to_owned());
            sql.push(" AND a.status IN ").list(names);
        }
        sql.append(condition);
    }
}
