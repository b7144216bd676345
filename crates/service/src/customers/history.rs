//! The history of a customer: every change with its author, in the audit log (C-CUS-04).

use domain::error::{AppError, FieldConflict};
use domain::forms::Decided;
use domain::views::{CustomerChange, FieldChange, Page};
use entity::{audit, customer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::fields::Values;
use crate::conflict;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people;
use crate::settings;
use crate::sql::Sql;
use crate::work::Work;

/// Kinds of the audit rows that are the history of a customer.
const HISTORY: [&str; 4] = ["customer_created", "customer_changed", "customer_imported", "customer_deleted"];
/// Rows of a page.
const LIMIT: i64 = 50;

/// What an audit row about a customer keeps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    pub(super) version: i32,
    /// None for a new customer.
    pub(super) old: Option<Values>,
    pub(super) changes: Vec<FieldChange>,
}

/// Writes down a change; `kind` is one of [`HISTORY`].
pub(super) async fn record(w: &Work, kind: &str, row: &customer::Model, changed: &Changed) -> Result<(), ServiceError> {
    crate::audit::record(w, kind, Some(row.entity_id), row.id.to_string(), changed).await
}

/// The changes of a customer after version `from`, newest first.
pub(super) struct Since(Vec<(audit::Model, Changed)>);

impl Since {
    pub(super) async fn load(w: &Work, row: &customer::Model, from: i32) -> Result<Self, ServiceError> {
        let saved = rows(&w.tx, row.id, None, 500).await?;
        let read = |row: audit::Model| {
            let changed: Changed = serde_json::from_str(&row.data).unwrap_or_default();
            (changed.version > from).then_some((row, changed))
        };
        Ok(Self(saved.into_iter().filter_map(read).collect()))
    }

    /// The values of the customer in version `from`: what the first change after it found.
    pub(super) fn base(&self, from: i32) -> Option<Values> {
        self.0.iter().find(|(_, changed)| changed.version == from + 1).and_then(|(_, changed)| changed.old.clone())
    }

    /// Refuses what changes the same fields to other values (T-GEN-07), but for those its writer `decided` that nobody changed
    /// again.
    pub(super) async fn refuse(
        &self,
        w: &Work,
        row: &customer::Model,
        base: &Values,
        yours: &Values,
        decided: &Decided,
    ) -> Result<(), ServiceError> {
        let present = Values::of(row);
        let shown = if decided.seen < row.version { self.base(decided.seen) } else { Some(present.clone()) };
        let shown = shown.map(|shown| shown.fields());
        let stored = present.fields();
        let mut conflicts: Vec<FieldConflict> = Vec::new();
        let mut is_asked = false;
        for (((field, yours), (_, theirs)), (_, before)) in yours.fields().into_iter().zip(stored).zip(base.fields()) {
            if yours == before || theirs == before || yours == theirs {
                continue;
            }
            let touched = |changed: &Changed| changed.changes.iter().any(|change| change.field == field);
            let Some((saved, _)) = self.0.iter().find(|(_, changed)| touched(changed)) else { continue };
            let is_shown = shown.as_ref().is_some_and(|shown| shown.contains(&(field, theirs.clone())));
            is_asked |= !(is_shown && decided.covers(field));
            let actor = settings::author(w, saved.user_id).await?;
            let difference: (&'static str, Value, Value) = (field, yours, theirs);
            conflicts.push(conflict::told(w, difference, saved.user_id, actor, saved.at).await?);
        }
        if !is_asked {
            return Ok(());
        }
        Err(AppError::Conflict { version: row.version, conflicts }.into())
    }
}

/// The values of a customer in version `from`; nothing where nobody changed him since.
pub(super) async fn held(
    connection: &impl sea_orm::ConnectionTrait,
    customer: Uuid,
    from: i32,
) -> Result<Option<Values>, ServiceError> {
    let saved = rows(connection, customer, None, 500).await?;
    let read = |row: audit::Model| -> Changed { serde_json::from_str(&row.data).unwrap_or_default() };
    Ok(saved.into_iter().map(read).find(|changed| changed.version == from + 1).and_then(|changed| changed.old))
}

async fn rows(
    connection: &impl sea_orm::ConnectionTrait,
    customer: Uuid,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<audit::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT l.* FROM audit l WHERE l.object = ");
    sql.bind(customer.to_string()).push(" AND l.kind IN ").list(HISTORY);
    if let Some((at, id)) = before {
        sql.push_bind(" AND (l.at, l.id) < (", at).push_bind(", ", id).push(")");
    }
    sql.push_bind(" ORDER BY l.at DESC, l.id DESC LIMIT ", limit);
    Ok(sql.all(connection).await?)
}

/// A page of the history.
pub type HistoryList = Page<CustomerChange>;

/// Every change of a customer, newest first.
///
/// # Errors
/// `NotFound` when the customer may not be seen; `Invalid` on a wrong cursor.
pub async fn history(ctx: &Ctx, id: Uuid, cursor: &str) -> Result<HistoryList, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load(&snapshot, &ctx.actor, id).await?;
    let binding = format!("customer-history:{}:{}", loaded.row.id, ctx.actor.id());
    let after: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, cursor)?;
    let mut found = rows(&snapshot, id, after, LIMIT + 1).await?;
    let most = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let is_more = found.len() > most;
    found.truncate(most);
    let last = found.last().filter(|_| is_more).map(|row| (row.at, row.id));
    let next_cursor = last.map(|position| cursor::seal(&ctx.services.secret, &binding, &position));
    let users: Vec<Uuid> = found.iter().filter_map(|row| row.user_id).collect();
    let names = people::actor_views(&snapshot, &users, &[]).await?;
    let view = |row: audit::Model| {
        let changed: Changed = serde_json::from_str(&row.data).unwrap_or_default();
        CustomerChange {
            id: row.id,
            at: moment(row.at, ctx.actor.zone),
            by: names.author(row.user_id, true),
            kind: row.kind,
            changes: changed.changes,
        }
    };
    let items = found.into_iter().map(view).collect();
    Ok(Page { items, next_cursor, count: None, now: ctx.moment() })
}
