//! The one guard of solving, approving and closing (T-VAL-08): `tickets::state::apply` asks it for every trigger that needs it,
//! whoever gives the command.

use domain::error::{AppError, Code};
use domain::policy::Capability;
use domain::settings::Key;
use domain::text;
use domain::ticket::machine::{Rules, Trigger, needs_validation};
use domain::validation::{Answer, Standing, State};
use domain::views::BlockedView;
use entity::validation;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{answer_of, rows, state_of};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::settings::Settings;
use crate::sql::unique;
use crate::tickets::commands::JUSTIFICATION_MAX;
use crate::tickets::{self, Loaded};
use crate::work::Work;

/// The rules of a step with what the validations of the ticket say.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn judged(w: &Work, loaded: &Loaded, trigger: Trigger, rules: Rules) -> Result<Rules, ServiceError> {
    if !needs_validation(trigger) || rules.validation_passed {
        return Ok(rules);
    }
    let blocking = blocking(w.actor(), &w.tx, loaded).await?;
    Ok(Rules { validation_blocks: blocking.is_some(), ..rules })
}

/// Passes over a missing validation where somebody with the right to says why (T-VAL-08): writes the event, and answers whether
/// there was one to pass over. Call it before the step, which is of the same transaction.
///
/// # Errors
/// `Forbidden` without `validation.override`, `Invalid` on `override_reason` above 2 000 characters.
pub(crate) async fn pass_over(w: &Work, loaded: &Loaded, reason: Option<&str>) -> Result<bool, ServiceError> {
    let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) else { return Ok(false) };
    if text::length(reason) > JUSTIFICATION_MAX {
        return Err(AppError::field("override_reason", Code::TooLong).into());
    }
    if blocking(w.actor(), &w.tx, loaded).await?.is_none() {
        return Ok(false);
    }
    loaded.require(Capability::ValidationOverride)?;
    let event = Record { kind: "validation_overridden", reason: Some(reason.to_owned()), ..Record::default() };
    history::record(w, loaded.ticket.id, event).await?;
    Ok(true)
}

/// What a refusal by this guard tells: the state, and for whom it waits or who refused.
pub(crate) async fn refusal_data(w: &Work, loaded: &Loaded) -> Result<Option<Value>, ServiceError> {
    if !loaded.is_agent() {
        // Who is asked is not for the requester side (T-VIS-05).
        return Ok(None);
    }
    let found = blocking(w.actor(), &w.tx, loaded).await?;
    Ok(found.map(|found| json!({ "state": found.state, "waiting_for": found.waiting_for })))
}

/// Why a ticket can be neither solved nor closed now; `None` = it can, as far as validations go.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity.
pub async fn blocked(ctx: &Ctx, number: i64) -> Result<Option<BlockedView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    blocking(&ctx.actor, &snapshot, &loaded).await
}

/// The same for a ticket at hand, while the setting `validation.blocks_solving` is on.
pub(crate) async fn blocking(
    actor: &crate::actor::Actor,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<Option<BlockedView>, ServiceError> {
    let settings = Settings::load(connection, &actor.path_of(loaded.ticket.entity_id)).await?;
    if !settings.is_on(Key::ValidationBlocksSolving) {
        return Ok(None);
    }
    let requests = validation::Entity::find()
        .filter(validation::Column::TicketId.eq(loaded.ticket.id))
        .filter(validation::Column::WithdrawnAt.is_null())
        .filter(validation::Column::ReplacedById.is_null())
        .all(connection)
        .await?;
    let standing = domain::validation::standing(requests.iter().map(state_of));
    if !standing.blocks() {
        return Ok(None);
    }
    let wanted = if standing == Standing::Refused { State::Refused } else { State::Waiting };
    let ids: Vec<_> = requests.iter().filter(|row| state_of(row) == wanted).map(|row| row.id).collect();
    let is_in_the_way = |row: &entity::validation_target::Model| match wanted {
        State::Refused => answer_of(row) == Some(Answer::Refused),
        _ => row.answer.is_none(),
    };
    let mut targets = super::targets(connection, &ids).await?;
    targets.retain(is_in_the_way);
    let users = unique(targets.iter().filter_map(|row| row.user_id));
    let groups = unique(targets.iter().filter_map(|row| row.group_id));
    let names = crate::people::actor_views(connection, &users, &groups).await?;
    let mut waiting_for: Vec<String> = targets.iter().map(|row| rows::target(row, &names, true).name).collect();
    waiting_for.dedup();
    let may_override = loaded.caps.contains(Capability::ValidationOverride);
    Ok(Some(BlockedView { state: standing, waiting_for, may_override }))
}
