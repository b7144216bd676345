//! Everything an import writes, made before its transaction begins: while it runs nobody else writes, so it holds nothing but
//! statements of many rows (C-IMP-03).

use std::sync::Arc;

use domain::views::ImportResult;
use entity::{audit, customer};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::super::fields::{Names, Values};
use super::super::history::Changed;
use super::super::{rows, save};
use super::plan::{Fate, Plan};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::events;
use crate::sql::Sql;
use crate::work::Work;

/// Rows of one statement.
const BATCH: usize = 200;
/// Kind of the audit row of each customer.
const KIND: &str = "customer_imported";

/// A customer as he is to be stored, with the row of his history.
#[derive(Clone, Debug)]
struct Ready {
    row: customer::Model,
    told: String,
}

/// The rows of a file, ready to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    created: Vec<Ready>,
    updated: Vec<Ready>,
    pub(super) result: ImportResult,
}

impl Prepared {
    /// Makes the rows of a plan; names for the history are read together.
    pub(super) async fn make(
        ctx: &Ctx,
        connection: &impl ConnectionTrait,
        plan: Plan,
    ) -> Result<Arc<Self>, ServiceError> {
        let (mut out, now) = (Self::default(), ctx.now());
        let mut changed: Vec<(Box<customer::Model>, Values, Box<Values>)> = Vec::new();
        for row in plan.rows {
            match row.fate {
                Fate::Create(values) => {
                    let told = serde_json::to_string(&Changed { version: 1, old: None, changes: Vec::new() })?;
                    out.created.push(Ready { row: save::new_row(now, new_id(), &values)?, told });
                }
                Fate::Update(before, values) => {
                    let old = Values::of(&before);
                    changed.push((before, old, values));
                }
                Fate::Unchanged(..) | Fate::Wrong => out.result.skipped += 1,
            }
        }
        let all: Vec<&Values> = changed.iter().flat_map(|(_, old, new)| [old, &**new]).collect();
        let names = Names::load(connection, ctx.actor.lang, &all).await?;
        for (before, old, values) in changed {
            let mut row = *before;
            values.write(&mut row)?;
            row.version += 1;
            row.updated_at = now;
            let changes = values.changed(&ctx.actor, &old, &names);
            let told = serde_json::to_string(&Changed { version: row.version, old: Some(old), changes })?;
            out.updated.push(Ready { row, told });
        }
        let number = |rows: &[Ready]| u32::try_from(rows.len()).unwrap_or(u32::MAX);
        (out.result.created, out.result.updated) = (number(&out.created), number(&out.updated));
        Ok(Arc::new(out))
    }

    /// Writes all of them. Nobody waits for live events of new customers of a file.
    pub(super) async fn store(&self, w: &Work) -> Result<(), ServiceError> {
        let engine = w.ctx.db().engine();
        for batch in self.created.chunks(BATCH) {
            let new: Vec<customer::ActiveModel> = batch.iter().map(|one| one.row.clone().into()).collect();
            customer::Entity::insert_many(new).exec_without_returning(&w.tx).await?;
            tell(w, batch).await?;
            rows::index_many(&w.tx, engine, &rows_of(batch)).await?;
        }
        for batch in self.updated.chunks(BATCH) {
            change(w, batch).await?;
            tell(w, batch).await?;
            let rows = rows_of(batch);
            rows::forget_many(&w.tx, engine, &rows).await?;
            rows::index_many(&w.tx, engine, &rows).await?;
            events::tell_of_customers(w, &rows, super::super::KIND, "changed").await?;
        }
        Ok(())
    }
}

fn rows_of(batch: &[Ready]) -> Vec<&customer::Model> {
    batch.iter().map(|one| &one.row).collect()
}

/// The history of some customers.
async fn tell(w: &Work, batch: &[Ready]) -> Result<(), ServiceError> {
    let row = |one: &Ready| audit::ActiveModel {
        id: Set(new_id()),
        at: Set(w.now()),
        user_id: Set(Some(w.actor().id())),
        entity_id: Set(Some(one.row.entity_id)),
        kind: Set(KIND.to_owned()),
        object: Set(one.row.id.to_string()),
        data: Set(one.told.clone()),
    };
    let told: Vec<audit::ActiveModel> = batch.iter().map(row).collect();
    audit::Entity::insert_many(told).exec_without_returning(&w.tx).await?;
    Ok(())
}

/// The columns a file may change.
async fn change(w: &Work, batch: &[Ready]) -> Result<(), ServiceError> {
    const COLUMNS: [&str; 11] = [
        "name",
        "name_key",
        "legal_name",
        "document_id",
        "document_key",
        "contacts",
        "segment_id",
        "responsible_id",
        "status",
        "version",
        "updated_at",
    ];
    let mut sql = Sql::new("WITH v (id, ");
    sql.push(&COLUMNS.join(", ")).push(") AS (VALUES ");
    for (at, Ready { row, .. }) in batch.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).bind(row.id);
        sql.push_bind(", ", row.name.clone()).push_bind(", ", row.name_key.clone());
        sql.push_bind(", ", row.legal_name.clone()).push_bind(", ", row.document_id.clone());
        sql.push_bind(", ", row.document_key.clone()).push_bind(", ", row.contacts.clone());
        sql.push_bind(", ", row.segment_id).push_bind(", ", row.responsible_id);
        sql.push_bind(", ", row.status.clone()).push_bind(", ", row.version);
        sql.push_bind(", ", row.updated_at).push(")");
    }
    let sets: Vec<String> = COLUMNS.iter().map(|column| format!("{column} = v.{column}")).collect();
    sql.push(") UPDATE customer SET ").push(&sets.join(", ")).push(" FROM v WHERE customer.id = v.id");
    sql.run(&w.tx).await?;
    Ok(())
}
