//! The customer of a ticket: who may name him, and what the ticket shows of him (T-TKT-01, C-OCC-10).

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{Patch, SetTicketCustomer, TicketPatch};
use domain::policy::Capability;
use domain::views::{Ref, TicketCustomerPage};
use entity::customer;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::search::{Purpose, pick};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;
use crate::{customer_occurrences, scope, tickets};

/// Most occurrences the customer section of a ticket lists.
const OCCURRENCES_MAX: i64 = 200;

/// Whether a customer may be named by tickets of an entity, as the actor sees it: it reaches him, and the actor sees customers
/// there.
async fn found(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    id: Uuid,
) -> Result<Option<customer::Model>, ServiceError> {
    if !actor.has(entity, Capability::CustomerView) {
        return Ok(None);
    }
    let row = customer::Entity::find_by_id(id).one(connection).await?;
    Ok(row.filter(|row| reaches(actor, row, entity)))
}

fn reaches(actor: &Actor, row: &customer::Model, entity: Uuid) -> bool {
    row.entity_id == entity || (row.recursive && actor.path_of(entity).contains(&row.entity_id))
}

/// The customer a ticket of `entity` is to name, locked so that he cannot be deleted meanwhile; a wrong one is noted. What the
/// ticket has already stays, also one that is inactive by now (C-CUS-05).
pub(crate) async fn for_ticket(
    w: &Work,
    entity: Uuid,
    text: &str,
    present: Option<Uuid>,
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    let Ok(id) = text.trim().parse::<Uuid>() else {
        errors.add("customer", Code::UnknownReference);
        return Ok(None);
    };
    if present == Some(id) {
        return Ok(present);
    }
    let row = match super::lock(w, id).await {
        Ok(loaded) => found(&w.tx, w.actor(), entity, loaded.row.id).await?,
        Err(error) if error.public == AppError::NotFound => None,
        Err(error) => return Err(error),
    };
    let fits = row.filter(|row| row.status != "inactive").map(|row| row.id);
    Ok(errors.check("customer", fits.ok_or(Code::UnknownReference)))
}

/// Whether the customer of a ticket is still one after it moved to `entity` (T-TKT-06).
pub(crate) async fn fits_ticket(w: &Work, entity: Uuid, id: Uuid) -> Result<bool, ServiceError> {
    let row = customer::Entity::find_by_id(id).one(&w.tx).await?;
    Ok(row.is_some_and(|row| reaches(w.actor(), &row, entity)))
}

/// Entities in which the actor may register a ticket that names a customer: as an agent, who sees customers there.
pub(crate) fn of_new_tickets(actor: &Actor) -> Vec<Uuid> {
    let may = actor.entities_with(Capability::TicketCreate);
    may.into_iter().filter(|id| actor.is_agent_in(*id) && actor.has(*id, Capability::CustomerView)).collect()
}

/// Names of the customers of some tickets, as far as their reader sees them: id → name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named(BTreeMap<Uuid, String>);

impl Named {
    /// Gathers them in one query; in none where no ticket has a customer.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        actor: &Actor,
        ids: &[Uuid],
    ) -> Result<Self, ServiceError> {
        if ids.is_empty() || actor.entities_with(Capability::CustomerView).is_empty() {
            return Ok(Self::default());
        }
        let mut sql = Sql::new("SELECT c.id, c.name FROM customer c WHERE c.id IN ");
        sql.list(ids.iter().copied()).push(" AND ").append(&scope::customers(actor, Capability::CustomerView, "c"));
        let mut names = BTreeMap::new();
        for row in sql.rows(connection).await? {
            names.insert(row.try_get("", "id")?, row.try_get("", "name")?);
        }
        Ok(Self(names))
    }

    /// One of them.
    pub(crate) fn get(&self, id: Option<Uuid>) -> Option<Ref> {
        id.and_then(|id| self.0.get(&id).map(|name| Ref { id, name: name.clone() }))
    }
}

/// The customer section of a ticket, with the customers found for words that were typed.
///
/// # Errors
/// `NotFound` when the ticket may not be seen, and for those who see no customers in its entity (customers.md section 6).
pub async fn ticket_page(ctx: &Ctx, number: i64, words: &str) -> Result<TicketCustomerPage, ServiceError> {
    let actor = &ctx.actor;
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, actor, number).await?;
    let entity = loaded.ticket.entity_id;
    if !loaded.is_agent() || !actor.has(entity, Capability::CustomerView) {
        return Err(AppError::NotFound.into());
    }
    let customer = match loaded.ticket.customer_id {
        Some(id) => match super::load(&snapshot, actor, id).await {
            Ok(found) => Some(super::view(&snapshot, actor, found.row).await?),
            Err(error) if error.public == AppError::NotFound => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let occurrences = customer_occurrences::of_ticket(ctx, &snapshot, loaded.ticket.id, OCCURRENCES_MAX).await?;
    drop(snapshot);
    let may_set = loaded.require(Capability::TicketUpdate).is_ok() && tickets::require_writable(&loaded.ticket).is_ok();
    let found = if words.trim().is_empty() { Vec::new() } else { pick(ctx, words, Purpose::Ticket(entity)).await? };
    Ok(TicketCustomerPage {
        number,
        title: loaded.ticket.title,
        version: loaded.ticket.version,
        customer,
        occurrences,
        may_set,
        found,
        now: ctx.moment(),
    })
}

/// Sets or empties the customer of a ticket from its page.
///
/// # Errors
/// As a change of the ticket; `unknown_reference` on `customer` for one that the ticket's entity does not reach.
pub async fn set_of_ticket(ctx: &Ctx, form: &SetTicketCustomer) -> Result<(), ServiceError> {
    let patch = TicketPatch {
        version: (form.version > 0).then_some(form.version),
        customer: Patch::from_text(form.customer.clone()),
        ..TicketPatch::default()
    };
    tickets::update(ctx, form.number, patch).await
}
