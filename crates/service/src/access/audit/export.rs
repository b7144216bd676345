//! The log as a file: counted first, told to the log itself, then read page by page while it is sent (T-HIS-04 as for histories).

use domain::error::{AppError, Code};
use domain::policy::Capability;
use domain::views::{AuditFilter, AuditLine};
use serde_json::json;
use uuid::Uuid;

use super::page::{lines, query_of};
use super::{Asked, Position, Start};
use crate::access::require;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::exports::{self, Told};
use crate::settings::Settings;

/// Rows that are read at once.
const ROWS: i64 = 500;

/// An export that was allowed.
#[derive(Debug)]
pub struct AuditExport {
    ctx: Ctx,
    filter: AuditFilter,
    /// Where the next rows begin; none = there are none left.
    next: Option<Start>,
}

/// Begins an export of exactly what the reader sees under these filters at this moment.
///
/// # Errors
/// `Forbidden` for those who hold `admin.audit` nowhere, `Invalid` on a wrong filter, `Refused(TooManyRows)` above
/// `lists.export_max_rows`, `TooMany` above 10 exports a minute (A-AUT-04).
pub async fn audit_export(ctx: &Ctx, filter: AuditFilter) -> Result<AuditExport, ServiceError> {
    let filter = AuditFilter { cursor: String::new(), ..filter };
    let asked = Asked::read(ctx, &query_of(&filter))?;
    let entity = topmost(ctx)?;
    let snapshot = ctx.db().snapshot().await?;
    // One value for the instance: that of the root.
    let root: Vec<Uuid> = ctx.actor.path_of(entity).last().copied().into_iter().collect();
    let most = Settings::load(&snapshot, &root).await?.export_max();
    let rows = asked.number(&snapshot, most).await?;
    // Told next, the export itself must not become a row of it.
    let newest = asked.slice(&snapshot, Start::Newest, 1).await?.first().map(|row| Start::At((row.at, row.id)));
    drop(snapshot);
    if rows > most {
        return Err(Code::TooManyRows.into());
    }
    let data = json!({ "filters": &filter, "rows": rows });
    exports::note(ctx, Told { entity, list: "audit", object: String::new(), data }).await?;
    Ok(AuditExport { ctx: ctx.clone(), filter, next: newest })
}

/// The entity whose row of the log tells of the export: the topmost in which the reader holds the right.
fn topmost(ctx: &Ctx) -> Result<Uuid, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminAudit)?;
    let first = held.into_iter().min_by_key(|id| (ctx.actor.path_of(*id).len(), *id));
    first.ok_or_else(|| AppError::NotFound.into())
}

impl AuditExport {
    /// The next rows; `None` when all were given.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn next(&mut self) -> Result<Option<Vec<AuditLine>>, ServiceError> {
        let Some(start) = self.next.take() else { return Ok(None) };
        let asked = Asked::read(&self.ctx, &query_of(&self.filter))?;
        let snapshot = self.ctx.db().snapshot().await?;
        let rows = asked.slice(&snapshot, start, ROWS).await?;
        let is_full = i64::try_from(rows.len()).is_ok_and(|read| read >= ROWS);
        let last: Option<Position> = rows.last().filter(|_| is_full).map(|row| (row.at, row.id));
        self.next = last.map(Start::Behind);
        Ok(Some(lines(&self.ctx, &snapshot, rows).await?))
    }
}
