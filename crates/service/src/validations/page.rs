//! What the tab "Validations" of a ticket shows (T-VAL-06).

use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{Choice, ValidationsView};
use entity::validation;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{KIND, guard, rows};
use crate::ctx::{Ctx, random_token};
use crate::drafts;
use crate::error::ServiceError;
use crate::people::has_role_in;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};

/// Most requests the page shows: a ticket has few.
const MOST: u64 = 200;
/// Most people and groups the form lists; beyond that an address is typed.
const CHOICES_MAX: i64 = 200;

/// The tab for agents.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity.
pub async fn page(ctx: &Ctx, number: i64) -> Result<ValidationsView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    let all = validation::Entity::find()
        .filter(validation::Column::TicketId.eq(loaded.ticket.id))
        .order_by_desc(validation::Column::AskedAt)
        .order_by_desc(validation::Column::Id)
        .limit(MOST)
        .all(&snapshot)
        .await?;
    let standing = rows::standing_of(&all);
    let requests = rows::views(ctx, &snapshot, &loaded, all).await?;
    let blocked = guard::blocking(&ctx.actor, &snapshot, &loaded).await?;
    let may_ask =
        loaded.caps.contains(Capability::ValidationRequest) && tickets::require_writable(&loaded.ticket).is_ok();
    let choices = if may_ask { choices(ctx, &snapshot, &loaded).await? } else { Vec::new() };
    drop(snapshot);
    let draft = if may_ask { drafts::find(ctx, KIND, &number.to_string()).await? } else { None };
    Ok(ValidationsView {
        number,
        title: loaded.ticket.title.clone(),
        status: loaded.status(),
        standing,
        blocked,
        requests,
        may_ask,
        choices,
        draft,
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
        key: random_token(16),
        now: ctx.moment(),
    })
}

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

/// Groups that may be asked, then people beside the ticket and agents who may answer; anybody else is named by his address.
async fn choices(ctx: &Ctx, connection: &impl ConnectionTrait, loaded: &Loaded) -> Result<Vec<Choice>, ServiceError> {
    let (actor, entity) = (&ctx.actor, loaded.ticket.entity_id);
    let mut sql = Sql::new(
        "SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.may_be_asked = TRUE AND (g.entity_id = ",
    );
    sql.bind(entity).push(" OR (g.recursive = TRUE AND g.entity_id IN ").list(actor.path_of(entity));
    sql.push_bind(")) ORDER BY g.name, g.id LIMIT ", CHOICES_MAX);
    let groups: Vec<Named> = sql.all(connection).await?;
    let mut sql = Sql::new("SELECT u.id, u.name FROM app_user u WHERE u.active = TRUE AND u.id <> ");
    sql.bind(actor.id()).push(" AND ");
    sql.append(&has_role_in(actor, &[entity], Some(Capability::ValidationAnswer)));
    sql.push(" AND (").append(&has_role_in(actor, &[entity], Some(Capability::TicketTake)));
    sql.push_bind(
        " OR EXISTS (SELECT 1 FROM ticket_actor b WHERE b.user_id = u.id AND b.ticket_id = ",
        loaded.ticket.id,
    );
    sql.push_bind(")) ORDER BY u.name, u.id LIMIT ", CHOICES_MAX);
    let people: Vec<Named> = sql.all(connection).await?;
    let choice = |kind: &str, row: Named| Choice { value: format!("{kind}:{}", row.id), name: row.name, depth: 0 };
    let groups = groups.into_iter().map(|row| choice("group", row));
    Ok(groups.chain(people.into_iter().map(|row| choice("user", row))).collect())
}
