//! A ticket opened from an occurrence (C-OCC-11).

use domain::error::AppError;
use domain::forms::{CreateTicket, OpenTicketFrom};
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use domain::text::cut_at_word;
use domain::views::TicketFromOccurrence;
use uuid::Uuid;

use super::fields::Values;
use super::images::{self, Looked};
use super::save::store;
use crate::ctx::{Ctx, random_token};
use crate::customers;
use crate::error::ServiceError;
use crate::tickets::{self, Further};
use crate::work::Work;

/// Characters of the text that become the title.
const TITLE: usize = 70;

/// What the form of the ticket begins with.
///
/// # Errors
/// `NotFound` for an occurrence out of sight, `Forbidden(ticket.create)`; `Refused(EntryDeleted)`. Whoever sees the occurrence
/// needs no right to change it (C-OCC-11).
pub async fn ticket_form(ctx: &Ctx, id: &str) -> Result<TicketFromOccurrence, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load(&snapshot, &ctx.actor, customers::read_id(id)?).await?;
    require(ctx, &loaded)?;
    let occurrence = super::view(&snapshot, &ctx.actor, loaded.row).await?;
    let line = domain::text::normalise_line(&occurrence.body);
    let title = cut_at_word(&line, TITLE).to_owned();
    Ok(TicketFromOccurrence { occurrence, title, key: random_token(16) })
}

fn require(ctx: &Ctx, loaded: &super::Loaded) -> Result<(), ServiceError> {
    if ctx.actor.entities_with(Capability::TicketCreate).is_empty() {
        return Err(customers::forbidden(Capability::TicketCreate).into());
    }
    if loaded.row.removed_at.is_some() {
        return Err(domain::error::Code::EntryDeleted.into());
    }
    Ok(())
}

/// Opens a ticket from an occurrence with its text, customer and images, and writes the link in the same transaction. Answers
/// the number.
///
/// # Errors
/// As [`ticket_form`], and what registering a ticket refuses.
pub async fn open_ticket(ctx: &Ctx, form: &OpenTicketFrom) -> Result<i64, ServiceError> {
    let id = customers::read_id(&form.id)?;
    let loaded = {
        let snapshot = ctx.db().snapshot().await?;
        super::load(&snapshot, &ctx.actor, id).await?
    };
    require(ctx, &loaded)?;
    // A ticket names its customer where its writer sees customers.
    let may = ctx.actor.entities_with(Capability::TicketCreate).into_iter();
    let may: Vec<Uuid> = may.filter(|entity| ctx.actor.has(*entity, Capability::CustomerView)).collect();
    let customer = &loaded.customer.row;
    let reaches = |entity: Uuid| {
        entity == customer.entity_id || (customer.recursive && ctx.actor.path_of(entity).contains(&customer.entity_id))
    };
    // Where the customer belongs; else the writer's own entity, if it reaches him; else the first that does.
    let wanted = [customer.entity_id, ctx.actor.user.entity_id];
    let wanted = wanted.into_iter().find(|entity| may.contains(entity) && reaches(*entity));
    let found = wanted.or_else(|| may.iter().copied().find(|entity| reaches(*entity)));
    let entity = found.ok_or_else(|| AppError::Forbidden(Capability::TicketCreate.name().to_owned()))?;
    let ticket = CreateTicket {
        key: form.key.clone(),
        entity: entity.to_string(),
        title: form.title.clone(),
        description: form.description.clone(),
        format: BodyFormat::Text,
        customer: customer.id.to_string(),
        ..CreateTicket::default()
    };
    tickets::create_with(ctx, ticket, Further { about: Some(id), ..Further::default() }).await
}

/// Writes the link of an occurrence to the ticket just opened from it: kept as a version like any edit (C-OCC-10), but with
/// the right to open the ticket alone (C-OCC-11).
pub(crate) async fn link(w: &Work, id: Uuid, ticket: &entity::ticket::Model) -> Result<(), ServiceError> {
    let loaded = super::lock(w, id).await?;
    if loaded.row.removed_at.is_some() {
        return Err(domain::error::Code::EntryDeleted.into());
    }
    let stored = Values::of(&loaded.row, images::pictures(&w.tx, id).await?);
    let values = Values { ticket: Some(ticket.id), ..stored.clone() };
    images::copy_to(w, id, ticket).await?;
    store(w, &loaded, &stored, &values, &Looked::new()).await
}
