//! The history as a file (T-HIS-04): counted first, told to the audit log, then read page by page while it is sent.

use domain::error::Code;
use domain::views::HistoryRow;
use serde_json::json;
use uuid::Uuid;

use super::HistoryQuery;
use super::list::Reading;
use super::page::{add_files, by_ids, persons};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::exports::{self, Told};
use crate::settings::Settings;

/// Rows that are read at once.
const ROWS: i64 = 500;

/// An export that was allowed.
#[derive(Debug)]
pub struct Export {
    ctx: Ctx,
    number: i64,
    query: HistoryQuery,
    agent: bool,
    is_over: bool,
}

/// Begins an export of exactly what the reader sees under these filters.
///
/// # Errors
/// As the page of the history; `Invalid` on a wrong filter, `Refused(TooManyRows)` above `lists.export_max_rows`,
/// `TooMany` above 10 exports a minute (A-AUT-04).
pub async fn export(ctx: &Ctx, number: i64, query: HistoryQuery) -> Result<Export, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let reading = Reading::begin(ctx, &snapshot, number, &query).await?;
    let persons = persons(ctx, &snapshot, &reading, &query).await?;
    let query = HistoryQuery { cursor: String::new(), limit: 0, count: false, ..by_ids(&query, &persons)? };
    let entity = reading.loaded.ticket.entity_id;
    // One value for the instance: that of the root.
    let root: Vec<Uuid> = ctx.actor.path_of(entity).last().copied().into_iter().collect();
    let most = Settings::load(&snapshot, &root).await?.export_max();
    let rows = reading.asked(&query)?.number(&snapshot, most).await?;
    let agent = reading.agent;
    drop(reading);
    drop(snapshot);
    if rows > most {
        return Err(Code::TooManyRows.into());
    }
    let data = json!({ "filters": &query, "rows": rows });
    exports::note(ctx, Told { entity, list: "history", object: number.to_string(), data }).await?;
    Ok(Export { ctx: ctx.clone(), number, query, agent, is_over: false })
}

impl Export {
    /// The rows are those that agents read.
    #[must_use]
    pub const fn is_agent(&self) -> bool {
        self.agent
    }

    /// The next rows; `None` when all were given. Rights are looked at again each time.
    ///
    /// # Errors
    /// `NotFound` when the ticket may no longer be seen, `Unavailable` when the database is away.
    pub async fn next(&mut self) -> Result<Option<Vec<HistoryRow>>, ServiceError> {
        if self.is_over {
            return Ok(None);
        }
        let ctx = &self.ctx;
        let snapshot = ctx.db().snapshot().await?;
        let reading = Reading::begin(ctx, &snapshot, self.number, &self.query).await?;
        let mut page = reading.asked(&self.query)?.page(&snapshot, ROWS).await?;
        add_files(ctx, &snapshot, &reading, &mut page.items).await?;
        drop(reading);
        drop(snapshot);
        self.is_over = page.next_cursor.is_none();
        self.query.cursor = page.next_cursor.unwrap_or_default();
        Ok(Some(page.items))
    }
}
