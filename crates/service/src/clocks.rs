//! Working time of entities (T-CLK-02), and the figures of a ticket (T-CLK-08).
//!
//! Belongs here: what those who show or move due dates load. Does not belong here: the rules (`domain::clock`), which calendar
//! counts where (`calendars`).

use std::collections::BTreeMap;

use chrono_tz::Tz;
use domain::clock::{Dates, Figures, Interval, WorkingTime};
use domain::error::AppError;
use entity::{status_interval, ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{calendars, tickets};

/// The working time of some entities.
#[derive(Debug, Default)]
pub(crate) struct Clocks(BTreeMap<Uuid, calendars::WorkingTime>);

impl Clocks {
    /// Loads it for these entities, once each, in a fixed number of queries.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        actor: &Actor,
        entities: &[Uuid],
    ) -> Result<Self, ServiceError> {
        Ok(Self(calendars::of_entities(connection, actor, entities).await?))
    }

    /// Working time of an entity; of one that was not loaded all hours of UTC count.
    pub(crate) fn of(&self, entity: Uuid) -> &dyn WorkingTime {
        static PLAIN: calendars::WorkingTime = calendars::WorkingTime { calendar: None, zone: Tz::UTC };
        self.0.get(&entity).unwrap_or(&PLAIN)
    }
}

/// The figures of a ticket at this moment (T-CLK-08); those of agents, so whoever shows them asks for the right first.
///
/// # Errors
/// `NotFound` for tickets out of sight and for readers who are no agents in its entity.
pub async fn figures(ctx: &Ctx, number: i64) -> Result<Figures, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    Ok(life(ctx, &snapshot, &loaded.ticket).await?.figures)
}

/// What the figures of a ticket are made from, and the figures.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    /// Its dates.
    pub(crate) dates: Dates,
    /// Its intervals, the oldest first.
    pub(crate) intervals: Vec<Interval>,
    /// The figures at this moment.
    pub(crate) figures: Figures,
}

/// The same of a ticket at hand, whose reader may know them.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn life(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    ticket: &ticket::Model,
) -> Result<Life, ServiceError> {
    let (dates, intervals) = (dates(ticket), intervals(connection, ticket.id).await?);
    let clocks = Clocks::load(connection, &ctx.actor, &[ticket.entity_id]).await?;
    let figures = Figures::new(&dates, &intervals, ctx.now(), clocks.of(ticket.entity_id));
    Ok(Life { dates, intervals, figures })
}

const fn dates(ticket: &ticket::Model) -> Dates {
    Dates {
        opened_at: ticket.opened_at,
        assigned_at: ticket.assigned_at,
        taken_at: ticket.taken_at,
        solved_at: ticket.solved_at,
        closed_at: ticket.closed_at,
        cancelled_at: ticket.cancelled_at,
    }
}

/// The intervals of a ticket, oldest first.
async fn intervals(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<Vec<Interval>, ServiceError> {
    let rows = status_interval::Entity::find()
        .filter(status_interval::Column::TicketId.eq(ticket))
        .order_by_asc(status_interval::Column::FromAt)
        .order_by_asc(status_interval::Column::Id)
        .all(connection)
        .await?;
    let read = |row: status_interval::Model| {
        let status = row.status.parse().ok()?;
        Some(Interval { status, from: row.from_at, to: row.to_at })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
