//! The history of the longest ticket: its first page and one far behind it, which differ only if something counts from the
//! beginning (T-HIS-01).

use std::time::Duration;

use super::{Bench, BenchRow};
use crate::error::ServiceError;
use crate::history::{self, HistoryQuery};
use crate::sql::Sql;

/// Limit of the 99th percentile.
const HISTORY: Duration = Duration::from_millis(100);
/// The deep page begins after so many pages of 200 rows.
const DEEP: usize = 20;

impl Bench<'_> {
    pub(super) async fn histories(&self) -> Result<Vec<BenchRow>, ServiceError> {
        let number = self.longest(i64::MAX, None).await?;
        let own = self.longest(i64::MAX, Some(self.requester)).await?;
        let queries = [
            (format!("history, {} rows", self.events(number).await?), self.agent, number, HistoryQuery::default()),
            ("history, deep page".to_owned(), self.agent, number, self.deep_history(number).await?),
            (
                "history, requester".to_owned(),
                self.requester,
                own,
                HistoryQuery { own: true, ..HistoryQuery::default() },
            ),
        ];
        let mut rows = Vec::new();
        for (name, user, number, query) in queries {
            let run = || async { history::page(&self.ctx(user).await?, number, query.clone()).await.map(drop) };
            rows.push(self.measure(&name, HISTORY, run).await?);
        }
        Ok(rows)
    }

    async fn events(&self, number: i64) -> Result<i64, ServiceError> {
        let mut sql =
            Sql::new("SELECT COUNT(*) FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id WHERE t.number = ");
        let found: Option<i64> = sql.bind(number).scalar(self.services.db.reader()).await?;
        Ok(found.unwrap_or(0))
    }

    /// The query for the page after many others, found page by page.
    async fn deep_history(&self, number: i64) -> Result<HistoryQuery, ServiceError> {
        let ctx = self.ctx(self.agent).await?;
        let mut query = HistoryQuery::default();
        for _page in 0..DEEP {
            let page = history::list(&ctx, number, HistoryQuery { limit: 200, ..query.clone() }).await?;
            let Some(next) = page.next_cursor else { break };
            query.cursor = next;
        }
        Ok(query)
    }
}
