//! What supervisors look at: the dashboard of the usual period over all tickets, and the planner of many people.

use std::time::Duration;

use domain::views::DashboardQuery;

use super::{Bench, BenchRow, SUPERVISOR, account};
use crate::demo::scale;
use crate::error::ServiceError;
use crate::statistics;
use crate::tasks::{self, PlannerQuery};

/// Limits of the 99th percentile.
const DASHBOARD: Duration = Duration::from_millis(80);
const PLANNER: Duration = Duration::from_millis(100);
/// People of the planner that is measured.
const PEOPLE: u64 = 200;

impl Bench<'_> {
    pub(super) async fn dashboard(&self) -> Result<BenchRow, ServiceError> {
        let supervisor = account(self.services, SUPERVISOR).await?;
        let query = DashboardQuery::default();
        let run = || async { statistics::dashboard(&self.ctx(supervisor).await?, &query).await.map(drop) };
        self.measure("dashboard of a supervisor", DASHBOARD, run).await
    }

    /// The people and their tasks are made when they are not there yet, and stay.
    pub(super) async fn planner(&self) -> Result<BenchRow, ServiceError> {
        let supervisor = account(self.services, SUPERVISOR).await?;
        let group = scale::team(self.services, PEOPLE).await?.to_string();
        let query = PlannerQuery { view: "week".to_owned(), group, ..PlannerQuery::default() };
        let run = || async { tasks::planner(&self.ctx(supervisor).await?, &query).await.map(drop) };
        self.measure(&format!("planner, a week of {PEOPLE} people"), PLANNER, run).await
    }
}
