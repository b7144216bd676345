//! Customers by the hundred thousand: finding one, and the report with its filters (C-CUS-03, C-REP-02).

use std::time::Duration;

use chrono::TimeDelta;
use domain::views::{CustomerQuery, ReportQuery};
use uuid::Uuid;

use super::{Bench, BenchRow, SUPERVISOR, account};
use crate::customers::{self, Purpose};
use crate::demo::scale;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{customer_occurrences, lists, moments};

/// Limits of the 99th percentile.
const SEARCH: Duration = Duration::from_millis(30);
const REPORT: Duration = Duration::from_millis(100);
/// With fewer customers nothing is measured: they were not generated.
const LEAST: i64 = 1_000;
/// Days of a quarter of a year.
const QUARTER: i64 = 91;

impl Bench<'_> {
    /// As a supervisor, who is responsible for customers himself.
    pub(super) async fn customers(&self) -> Result<Vec<BenchRow>, ServiceError> {
        let reader = self.services.db.reader();
        let known: Option<i64> = Sql::new("SELECT COUNT(*) FROM customer").scalar(reader).await?;
        let known = known.unwrap_or(0);
        if known < LEAST {
            return Ok(Vec::new());
        }
        let supervisor = account(self.services, SUPERVISOR).await?;
        let mut rows = self.found(supervisor, known).await?;
        rows.extend(self.reports(supervisor).await?);
        Ok(rows)
    }

    async fn found(&self, supervisor: Uuid, known: i64) -> Result<Vec<BenchRow>, ServiceError> {
        let probes = scale::customer_probes();
        let mut rows = Vec::new();
        for (name, q) in [
            (format!("customer of {known}, name"), probes.name),
            ("customer, beginning of a word".to_owned(), probes.prefix),
            ("customer, word of a quarter".to_owned(), probes.common),
            ("customer, word of all".to_owned(), probes.everywhere),
            ("customer, document number".to_owned(), probes.document),
        ] {
            let run = || async { customers::pick(&self.ctx(supervisor).await?, q, Purpose::Filter).await.map(drop) };
            rows.push(self.measure(&name, SEARCH, run).await?);
        }
        let of = |q: &str| CustomerQuery { q: q.to_owned(), count: true, ..CustomerQuery::default() };
        for (name, query) in [
            ("customers, list", of("")),
            ("customers, list by a name", of(probes.name)),
            ("customers, list by a common word", of(probes.common)),
        ] {
            let run = || async { customers::list(&self.ctx(supervisor).await?, &query).await.map(drop) };
            rows.push(self.measure(name, SEARCH, run).await?);
        }
        Ok(rows)
    }

    async fn reports(&self, supervisor: Uuid) -> Result<Vec<BenchRow>, ServiceError> {
        let reader = self.services.db.reader();
        let count: Option<i64> = Sql::new("SELECT COUNT(*) FROM customer_occurrence").scalar(reader).await?;
        let first = async |list: &str| -> Result<String, ServiceError> {
            let mut sql = Sql::new("SELECT id FROM list_row WHERE list = ");
            let id: Option<Uuid> = sql.bind(list).push(" ORDER BY position, id LIMIT 1").scalar(reader).await?;
            Ok(id.map(|id| id.to_string()).unwrap_or_default())
        };
        let (segment, category) = (first(lists::CUSTOMER_SEGMENTS).await?, first(lists::CUSTOMER_CATEGORIES).await?);
        let busiest = Sql::new(
            "SELECT o.customer_id FROM customer_occurrence o GROUP BY o.customer_id ORDER BY COUNT(*) DESC, o.customer_id LIMIT 1",
        );
        let customer: Option<Uuid> = busiest.scalar(reader).await?;
        let today = moments::local_date(self.services.now(), chrono_tz::UTC);
        let from = today.checked_sub_signed(TimeDelta::days(QUARTER)).unwrap_or(today).to_string();
        let year = ReportQuery::default;
        let quarter = || ReportQuery { from: from.clone(), to: today.to_string(), ..year() };
        let negative = || ReportQuery { impact: "negative".to_owned(), category: category.clone(), ..quarter() };
        let queries = [
            (format!("report of {}, a year", count.unwrap_or(0)), year()),
            ("report, a quarter, impact, category".to_owned(), negative()),
            ("report, a year, segment".to_owned(), ReportQuery { segment: segment.clone(), ..year() }),
            ("report, a year, my customers".to_owned(), ReportQuery { responsible: "me".to_owned(), ..year() }),
            (
                "report, all filters but one".to_owned(),
                ReportQuery { responsible: "me".to_owned(), segment, ..negative() },
            ),
            (
                "report, a year, one customer".to_owned(),
                ReportQuery { customer: customer.map(|id| id.to_string()).unwrap_or_default(), ..year() },
            ),
        ];
        let mut rows = Vec::new();
        for (name, query) in queries {
            let run = || async {
                customer_occurrences::report_page(&self.ctx(supervisor).await?, &query, "").await.map(drop)
            };
            rows.push(self.measure(&name, REPORT, run).await?);
        }
        Ok(rows)
    }
}
