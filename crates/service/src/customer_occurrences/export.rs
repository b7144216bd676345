//! The rows of the report as a table (C-REP-04): counted first, told to the audit log, then read page by page.

use std::collections::BTreeMap;

use domain::error::Code;
use domain::views::{ExportRow, ReportQuery};
use serde_json::json;
use uuid::Uuid;

use super::list::{Filters, number, rows};
use crate::ctx::Ctx;
use crate::customers;
use crate::error::ServiceError;
use crate::exports::{self, Told};
use crate::lists;
use crate::settings::Settings;
use crate::sql::unique;

/// Rows that are read at once.
const ROWS: u32 = 500;

/// An export that was allowed.
#[derive(Debug)]
pub struct Export {
    ctx: Ctx,
    query: ReportQuery,
    is_over: bool,
}

/// Begins an export of exactly what the reader sees under these filters.
///
/// # Errors
/// `NotFound` for those who see no customer at all; `Invalid` with every wrong filter; `Refused(TooManyRows)` above
/// `lists.export_max_rows`; `TooMany` above 10 exports a minute.
pub async fn export(ctx: &Ctx, query: ReportQuery) -> Result<Export, ServiceError> {
    super::require_sight(&ctx.actor)?;
    let filters = Filters::read(&ctx.actor, &query, ctx.now())?;
    // One value for the instance: that of the root.
    let home = ctx.actor.user.entity_id;
    let root: Vec<Uuid> = ctx.actor.path_of(home).last().copied().into_iter().collect();
    let snapshot = ctx.db().snapshot().await?;
    let most = Settings::load(&snapshot, &root).await?.export_max();
    let found = number(&snapshot, &ctx.actor, &filters, most).await?;
    drop(snapshot);
    if found > most {
        return Err(Code::TooManyRows.into());
    }
    let query = ReportQuery { cursor: String::new(), limit: ROWS, count: false, ..query };
    let entity = root.first().copied().unwrap_or(home);
    let data = json!({ "filters": &query, "rows": found });
    exports::note(ctx, Told { entity, list: "customer_occurrences", object: "report".to_owned(), data }).await?;
    Ok(Export { ctx: ctx.clone(), query, is_over: false })
}

impl Export {
    /// The next rows; `None` when all were given. Rights are looked at again each time.
    ///
    /// # Errors
    /// `NotFound` when the reader sees no customer any more, `Unavailable` when the database is away.
    pub async fn next(&mut self) -> Result<Option<Vec<ExportRow>>, ServiceError> {
        if self.is_over {
            return Ok(None);
        }
        let page = rows(&self.ctx, &self.query).await?;
        self.is_over = page.next_cursor.is_none();
        self.query.cursor = page.next_cursor.unwrap_or_default();
        let actor = &self.ctx.actor;
        let reader = self.ctx.db().reader();
        let ids = unique(page.items.iter().map(|one| one.customer.id));
        let known = customers::by_ids(reader, &ids).await?;
        let segments = lists::refs(reader, &unique(known.iter().filter_map(|row| row.segment_id)), actor.lang).await?;
        let known: BTreeMap<Uuid, _> = known.into_iter().map(|row| (row.id, row)).collect();
        let mut out = Vec::with_capacity(page.items.len());
        for one in page.items {
            let (Some(impact), Some(occurred_on)) = (one.impact, one.occurred_on) else { continue };
            let Some(customer) = known.get(&one.customer.id) else { continue };
            let segment = customer.segment_id.and_then(|id| segments.get(&id)).map(|row| row.name.clone());
            out.push(ExportRow {
                occurred_on,
                customer: customer.name.clone(),
                legal_name: customer.legal_name.clone().unwrap_or_default(),
                document_id: customer.document_id.clone().unwrap_or_default(),
                segment: segment.unwrap_or_default(),
                category: one.category.map(|row| row.name).unwrap_or_default(),
                impact,
                body: one.body,
                ticket: one.ticket,
                images: i64::try_from(one.images.len()).unwrap_or(0),
                author: one.author.name,
                registered_at: one.registered_at,
                entity: actor.entity_name(customer.entity_id),
            });
        }
        Ok(Some(out))
    }
}
