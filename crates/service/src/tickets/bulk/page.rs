//! What the page of many tickets needs: which were chosen, what the action asks, what became of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::error::AppError;
use domain::forms::{BULK_MAX, BulkAction};
use domain::template::TemplateKind;
use domain::ticket::Status;
use domain::views::{BulkDone, BulkPage, BulkQuery, BulkTicket, Choice};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::KIND;
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::choices;
use crate::{idempotency, lists, scope, templates};

/// Entities whose choices are offered: the page makes a fixed number of queries. What is chosen is judged in each ticket's own.
const ENTITIES_MAX: usize = 8;

#[derive(Debug, FromQueryResult)]
struct Seen {
    number: i64,
    title: String,
    status: String,
    entity_id: Uuid,
    deleted_at: Option<i64>,
}

/// The chosen tickets with what the action asks, or what became of an action.
///
/// # Errors
/// `NotFound` for who is an agent nowhere.
pub async fn page(ctx: &Ctx, query: BulkQuery) -> Result<BulkPage, ServiceError> {
    if !ctx.actor.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let done = idempotency::answered::<BulkDone>(ctx, KIND, &query.done).await?;
    let typed = idempotency::answered::<BulkDone>(ctx, KIND, &query.again).await?.and_then(|again| again.form);
    let mut numbers: Vec<i64> = match &done {
        Some(done) => done.results.iter().map(|result| result.number).collect(),
        None => query.numbers,
    };
    let mut known = BTreeSet::new();
    numbers.retain(|number| known.insert(*number));
    let left_out = numbers.len().saturating_sub(BULK_MAX);
    numbers.truncate(BULK_MAX);
    let snapshot = ctx.db().snapshot().await?;
    let seen = seen(ctx, &snapshot, &numbers).await?;
    let action = query.action.parse::<BulkAction>().ok();
    let mut page = BulkPage {
        missing: numbers.len() - seen.len(),
        left_out,
        tickets: Vec::new(),
        action,
        done,
        typed,
        assignable: Vec::new(),
        pending_reasons: Vec::new(),
        pending_default: String::new(),
        solution_types: Vec::new(),
        solution_templates: Vec::new(),
        key: random_token(16),
    };
    let mut entities: Vec<Uuid> = seen.iter().map(|row| row.entity_id).collect();
    entities.sort_unstable();
    entities.dedup();
    entities.retain(|entity| ctx.actor.is_agent_in(*entity));
    for entity in entities.into_iter().take(ENTITIES_MAX) {
        offer(ctx, &snapshot, entity, &mut page).await?;
    }
    let mut by_number: BTreeMap<i64, Seen> = seen.into_iter().map(|row| (row.number, row)).collect();
    page.tickets = numbers.iter().filter_map(|number| by_number.remove(number)).map(view).collect();
    Ok(page)
}

/// Those of some tickets the reader sees, in the trash too, in no order.
async fn seen(ctx: &Ctx, connection: &impl ConnectionTrait, numbers: &[i64]) -> Result<Vec<Seen>, ServiceError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new("SELECT t.number, t.title, t.status, t.entity_id, t.deleted_at FROM ticket t WHERE t.number IN ");
    sql.list(numbers.iter().copied())
        .push(" AND ((")
        .append(&scope::tickets(&ctx.actor))
        .push(") OR (")
        .append(&scope::trash(&ctx.actor))
        .push("))");
    Ok(sql.all(connection).await?)
}

fn view(row: Seen) -> BulkTicket {
    BulkTicket {
        number: row.number,
        title: row.title,
        status: row.status.parse().unwrap_or(Status::New),
        is_deleted: row.deleted_at.is_some(),
    }
}

/// What the action may choose from in one entity, beside what the others offer.
async fn offer(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    entity: Uuid,
    page: &mut BulkPage,
) -> Result<(), ServiceError> {
    let path = ctx.actor.path_of(entity);
    match page.action {
        Some(BulkAction::Assign | BulkAction::Suspend) => {
            let settings = Settings::load(connection, &path).await?;
            let offered = choices::for_ticket(connection, &ctx.actor, entity, &settings).await?;
            join(&mut page.assignable, offered.assignable);
            join(&mut page.pending_reasons, offered.pending_reasons);
            if page.pending_default.is_empty() {
                page.pending_default = offered.pending_default;
            }
        }
        Some(BulkAction::Solve) => {
            let types = lists::rows(connection, lists::SOLUTION_TYPES, &path).await?;
            join(&mut page.solution_types, lists::choices(&types, ctx.actor.lang));
            let offered = templates::choices_of(connection, TemplateKind::Solution, &path).await?;
            join(&mut page.solution_templates, offered);
        }
        _ => {}
    }
    Ok(())
}

/// Adds the choices that are not there yet.
fn join(all: &mut Vec<Choice>, more: Vec<Choice>) {
    for choice in more {
        if all.iter().all(|known| known.value != choice.value) {
            all.push(choice);
        }
    }
}
