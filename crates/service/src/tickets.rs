//! Tickets: finding, locking and saving them; what each use case shares.

pub mod bulk;
pub mod choices;
pub mod commands;
pub mod create;
pub mod detail;
pub mod details;
mod filters;
pub(crate) mod hold;
pub mod list;
mod marks;
pub(crate) mod people;
pub mod print;
pub(crate) mod state;
pub mod timeline;
pub mod update;
pub(crate) mod walk;

use domain::error::{AppError, Code};
use domain::policy::{self, CapSet, Capability, Facts};
use domain::ticket::{Side, Status, TicketType};
use entity::{ticket, ticket_actor};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;
use crate::{scope, tasks};

pub use choices::for_ticket;
pub(crate) use commands::hand_over;
pub use commands::run;
pub use create::{Further, Suspend, create, create_with, for_new_ticket, keep_new};
pub use detail::{detail, page};
pub use details::{of_page, portal_detail};
pub use list::list;
pub(crate) use marks::note_reading;
pub use marks::{mark_read, mark_read_until};
pub use print::print;
pub use timeline::timeline;
pub use update::{description_revisions, update, update_field};

/// Filters of My requests: public index only.
pub(crate) async fn portal_filters(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    query: &domain::views::ListQuery,
) -> Result<filters::Filters, ServiceError> {
    filters::read(ctx, connection, query, true).await
}

/// A ticket the actor may see, with its people and what he is to it.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The row.
    pub(crate) ticket: ticket::Model,
    /// Requesters, observers, assignees in order.
    pub(crate) actors: Vec<ticket_actor::Model>,
    /// Relation of the actor to the ticket.
    pub(crate) facts: Facts,
    /// His capabilities in its entity.
    pub(crate) caps: CapSet,
    /// A task of it is an open plan (section 5).
    pub(crate) has_open_plan: bool,
}

impl Loaded {
    /// Whether the actor is an agent in the ticket's entity.
    pub(crate) fn is_agent(&self) -> bool {
        self.caps.is_agent()
    }

    /// On which side the actor stands (T-ROL-05).
    pub(crate) fn side(&self) -> Side {
        policy::side_of(self.caps, &self.facts)
    }

    /// Status of the row; stored words are only written by the state machine.
    pub(crate) fn status(&self) -> Status {
        status_of(&self.ticket)
    }

    /// The capability, or `Forbidden` with its name.
    pub(crate) fn require(&self, capability: Capability) -> Result<(), ServiceError> {
        if self.caps.contains(capability) {
            Ok(())
        } else {
            Err(AppError::Forbidden(capability.name().to_owned()).into())
        }
    }

    /// People of one role.
    pub(crate) fn of_role(&self, role: &str) -> impl Iterator<Item = &ticket_actor::Model> {
        self.actors.iter().filter(move |a| a.role == role)
    }
}

/// Status of a row.
pub(crate) fn status_of(ticket: &ticket::Model) -> Status {
    ticket.status.parse().unwrap_or(Status::New)
}

/// Type of a row.
pub(crate) fn kind_of(ticket: &ticket::Model) -> TicketType {
    ticket.kind.parse().unwrap_or_default()
}

/// What an actor is to a ticket (T-ROL-05, 06).
pub(crate) fn facts(actor: &Actor, ticket: &ticket::Model, actors: &[ticket_actor::Model]) -> Facts {
    let is = |role: &str| {
        actors
            .iter()
            .filter(|a| a.role == role)
            .any(|a| a.user_id == Some(actor.id()) || a.group_id.is_some_and(|group| actor.groups.contains(&group)))
    };
    Facts {
        requester_side: is("requester"),
        assigned: is("assignee"),
        observer: is("observer"),
        writer: ticket.writer_id == Some(actor.id()),
    }
}

/// A ticket by its number, if the actor may see it (the trash through its own rights).
///
/// # Errors
/// `NotFound` for unknown and for invisible ones alike.
pub(crate) async fn load_visible(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    number: i64,
) -> Result<Loaded, ServiceError> {
    load(connection, actor, "t.number = ", number.into(), false).await
}

/// A ticket by its id, if the actor may see it.
pub(crate) async fn load_visible_by_id(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: Uuid,
) -> Result<Loaded, ServiceError> {
    load(connection, actor, "t.id = ", id.into(), false).await
}

/// Those of some tickets the actor may see, in no order and without their people: one query.
pub(crate) async fn visible(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<Vec<ticket::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT t.* FROM ticket t WHERE t.id IN ");
    sql.list(ids.iter().copied())
        .push(" AND ((")
        .append(&scope::tickets(actor))
        .push(") OR (")
        .append(&scope::trash(actor))
        .push("))");
    Ok(sql.all(connection).await?)
}

/// The same as [`load_visible`] inside a transaction, holding its row until the end.
pub(crate) async fn lock(w: &Work, number: i64) -> Result<Loaded, ServiceError> {
    let loaded = load(&w.tx, w.actor(), "t.number = ", number.into(), w.ctx.db().engine() == Engine::Postgres).await?;
    w.has_read(&loaded.ticket);
    Ok(loaded)
}

/// The same by id.
pub(crate) async fn lock_by_id(w: &Work, id: Uuid) -> Result<Loaded, ServiceError> {
    let loaded = load(&w.tx, w.actor(), "t.id = ", id.into(), w.ctx.db().engine() == Engine::Postgres).await?;
    w.has_read(&loaded.ticket);
    Ok(loaded)
}

/// Holds the row of a ticket until the end of the transaction, whoever acts: for jobs and signed links, which see by other ways.
pub(crate) async fn hold_row(w: &Work, id: Uuid) -> Result<Option<ticket::Model>, ServiceError> {
    let mut select = ticket::Entity::find_by_id(id);
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    let row = select.one(&w.tx).await?;
    row.iter().for_each(|row| w.has_read(row));
    Ok(row)
}

async fn load(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    by: &str,
    key: sea_orm::Value,
    for_update: bool,
) -> Result<Loaded, ServiceError> {
    let mut sql = Sql::new("SELECT t.id, ");
    sql.append(&tasks::count_of_open_plans("t.id")).push(" AS plans FROM ticket t WHERE ");
    sql.push_bind(by, key)
        .push(" AND ((")
        .append(&scope::tickets(actor))
        .push(") OR (")
        .append(&scope::trash(actor))
        .push("))");
    let found = sql.rows(connection).await?;
    let found = found.first().ok_or(AppError::NotFound)?;
    let (id, plans): (Uuid, i64) = (found.try_get("", "id")?, found.try_get("", "plans")?);
    let mut select = ticket::Entity::find_by_id(id);
    if for_update {
        select = select.lock_exclusive();
    }
    let ticket = select.one(connection).await?.ok_or(AppError::NotFound)?;
    let actors = actors_of(connection, id).await?;
    // Where the row was waited for, its plans may have changed meanwhile.
    let has_open_plan = if for_update { tasks::has_open_plan(connection, id).await? } else { plans > 0 };
    let facts = facts(actor, &ticket, &actors);
    Ok(Loaded { caps: actor.caps(ticket.entity_id), facts, actors, ticket, has_open_plan })
}

/// A ticket for what the system does by itself, held until the transaction ends; `None` when it is gone. Nobody's sight and
/// rights are asked, so whoever calls it acts for nobody.
pub(crate) async fn lock_unattended(w: &Work, id: Uuid) -> Result<Option<Loaded>, ServiceError> {
    let Some(ticket) = hold_row(w, id).await? else { return Ok(None) };
    let actors = actors_of(&w.tx, id).await?;
    let has_open_plan = tasks::has_open_plan(&w.tx, id).await?;
    Ok(Some(Loaded { caps: CapSet::EMPTY, facts: Facts::default(), actors, ticket, has_open_plan }))
}

/// The people of a ticket in order.
async fn actors_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<ticket_actor::Model>, ServiceError> {
    Ok(ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.eq(id))
        .order_by_asc(ticket_actor::Column::Position)
        .order_by_asc(ticket_actor::Column::Id)
        .all(connection)
        .await?)
}

/// Which kind of change a save is, for versions and dates (T-GEN-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// A field of the ticket changed: new version, visible to everybody.
    Fields,
    /// Only fields changed that the requester side does not see: new version, and nothing a requester could notice.
    HiddenFields,
    /// A public entry came or changed: no new version.
    PublicEntry,
    /// A private entry came or changed: nothing a requester could notice.
    PrivateEntry,
}

/// Writes what changed of the row; automatic dates by the kind of change.
pub(crate) async fn save(w: &Work, ticket: &mut ticket::Model, touch: Touch) -> Result<(), ServiceError> {
    ticket.updated_at = w.now();
    if matches!(touch, Touch::Fields | Touch::PublicEntry) {
        ticket.public_updated_at = w.now();
    }
    if matches!(touch, Touch::Fields | Touch::HiddenFields) {
        ticket.version += 1;
    }
    *ticket = changed(w.row_of(ticket.id), ticket.clone()).update(&w.tx).await?;
    w.has_read(ticket);
    Ok(())
}

/// The columns of `now` that are not as in `before`; all of them where that is not known. An engine that is told to set a column
/// writes every index with it, whatever the value was.
fn changed(before: Option<ticket::Model>, now: ticket::Model) -> ticket::ActiveModel {
    let mut row = now.into_active_model();
    let Some(before) = before.map(ticket::Model::into_active_model) else { return row.reset_all() };
    for column in ticket::Column::iter() {
        if row.get(column).into_value() != before.get(column).into_value() {
            row.reset(column);
        }
    }
    row
}

/// The next public number; numbers are never reused, gaps are allowed (T-GEN-10).
pub(crate) async fn next_number(connection: &impl ConnectionTrait) -> Result<i64, ServiceError> {
    let sql = Sql::new("UPDATE number_sequence SET value = value + 1 WHERE name = 'ticket' RETURNING value");
    sql.scalar(connection).await?.ok_or_else(|| ServiceError::internal("number sequence 'ticket' is missing"))
}

/// Refuses what an over ticket no longer takes (T-TKT-07).
pub(crate) fn require_writable(ticket: &ticket::Model) -> Result<(), ServiceError> {
    if ticket.deleted_at.is_some() {
        return Err(Code::TicketDeleted.into());
    }
    if ticket.merged_into_id.is_some() {
        return Err(Code::TicketMerged.into());
    }
    match status_of(ticket) {
        Status::Cancelled => Err(Code::TicketCancelled.into()),
        Status::Closed => Err(Code::TicketClosed.into()),
        _ => Ok(()),
    }
}

/// Whether the person sees private occurrences wherever he sees tickets: then lists go by the true last change (T-GEN-07).
pub(crate) fn sees_private_everywhere(actor: &Actor) -> bool {
    let private = actor.entities_with(Capability::OccurrenceViewPrivate);
    actor.entities().iter().all(|entity| private.contains(entity))
}

/// A new id for a row of this module.
pub(crate) fn row_id() -> Uuid {
    new_id()
}

/// The entity and its ancestors, for settings and lists.
pub(crate) fn path(ctx: &Ctx, ticket: &ticket::Model) -> Vec<Uuid> {
    ctx.actor.path_of(ticket.entity_id)
}
