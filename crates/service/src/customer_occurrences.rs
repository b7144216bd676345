//! What happened to customers: registering, changing, deleting, listing, counting (customers.md sections 2 to 4).
//!
//! Belongs here: use cases of customer occurrences. Does not belong here: the customers themselves (`customers`), rules of
//! fields and periods (`domain::customer`).

mod export;
mod fields;
mod images;
mod list;
mod page;
mod remove;
mod report;
mod resume;
mod revisions;
mod rows;
mod save;
pub(crate) mod tally;
mod ticket;

use std::collections::BTreeMap;

use domain::customer::{Impact, day_of};
use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{CustomerImageView, CustomerOccurrenceView, CustomerRemoved, Ref};
use entity::{customer_occurrence, document};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::actor::Actor;
use crate::customers::{self, Loaded as Customer};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::{Sql, unique};
use crate::work::Work;
use crate::{documents, lists, people, sanitise, scope};

pub use self::export::{Export, export};
pub use self::images::{former_image, former_thumbnail, is_image_of};
pub(crate) use self::list::of_ticket;
pub use self::list::{of_customer, rows};
pub(crate) use self::page::require_writer;
pub use self::page::{category_choices, edit_page, form, get, revision_page};
pub use self::remove::{run, set_removed};
pub use self::report::{report, report_page};
pub use self::revisions::revisions;
pub use self::save::{Basis, Door, create, save_form, update};
pub(crate) use self::ticket::link;
pub use self::ticket::{open_ticket, ticket_form};

/// Kind of the drafts, of the live events, and of the files of customer occurrences.
pub const KIND: &str = "customer_occurrence";

/// An occurrence the actor may see, with its customer.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The row.
    pub(crate) row: customer_occurrence::Model,
    /// Whose it is.
    pub(crate) customer: Customer,
}

impl Loaded {
    /// `Forbidden` unless the actor may change, delete and restore it (C-OCC-07).
    pub(crate) fn require_change(&self, actor: &Actor) -> Result<(), AppError> {
        let is_author = self.row.author_id == actor.id();
        self.customer.reach.change_occurrence(is_author).map_err(customers::forbidden)
    }
}

/// An occurrence by id, if the actor may see its customer.
///
/// # Errors
/// `NotFound` for unknown and for invisible ones alike (C-RGT-02).
pub(crate) async fn load(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Loaded, ServiceError> {
    let row = customer_occurrence::Entity::find_by_id(id).one(connection).await?.ok_or(AppError::NotFound)?;
    let customer = customers::load(connection, actor, row.customer_id).await?;
    Ok(Loaded { row, customer })
}

/// The same inside a transaction; nobody else changes occurrences of that customer until its end.
pub(crate) async fn lock(w: &Work, id: Uuid) -> Result<Loaded, ServiceError> {
    let seen = customer_occurrence::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let customer = customers::lock(w, seen.customer_id).await?;
    // It may have changed while the customer was waited for.
    let row = customer_occurrence::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    Ok(Loaded { row, customer })
}

/// An image as it is shown.
pub(crate) fn image(row: &document::Model) -> CustomerImageView {
    let said = row.comment.clone().unwrap_or_default();
    CustomerImageView {
        id: row.id,
        alt: if said.is_empty() { row.name.clone() } else { said.clone() },
        said,
        name: row.name.clone(),
        size: row.size,
        media_type: row.media_type.clone(),
    }
}

/// Numbers of tickets by id, as far as the reader may see them (C-OCC-10).
pub(crate) async fn ticket_numbers(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, i64>, ServiceError> {
    let mut out = BTreeMap::new();
    if ids.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new("SELECT t.id, t.number FROM ticket t WHERE t.id IN ");
    sql.list(ids.iter().copied()).push(" AND ").append(&scope::tickets(actor));
    for row in sql.rows(connection).await? {
        out.insert(row.try_get("", "id")?, row.try_get("", "number")?);
    }
    Ok(out)
}

/// Rows as their reader sees them, in a number of queries that does not grow with theirs.
pub(crate) async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<customer_occurrence::Model>,
) -> Result<Vec<CustomerOccurrenceView>, ServiceError> {
    let whole = || rows.iter().filter(|row| row.removed_at.is_none());
    let customer_ids = unique(rows.iter().map(|row| row.customer_id));
    let names = customers::Named::load(connection, actor, &customer_ids).await?;
    let category_ids = unique(whole().map(|row| row.category_id));
    let categories = lists::refs(connection, &category_ids, actor.lang).await?;
    let ticket_ids = unique(whole().filter_map(|row| row.ticket_id));
    let tickets = ticket_numbers(connection, actor, &ticket_ids).await?;
    let ids: Vec<Uuid> = whole().map(|row| row.id).collect();
    let mut files = documents::of_entries(connection, &ids).await?;
    let users =
        unique(rows.iter().flat_map(|row| [Some(row.author_id), row.edited_by_id, row.removed_by_id]).flatten());
    let people = people::actor_views(connection, &users, &[]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let is_whole = row.removed_at.is_none();
        let reach = customers::reach(actor, row.entity_id, row.recursive);
        let body = if is_whole { row.body.clone() } else { String::new() };
        let at = |at: i64| moment(at, actor.zone);
        let customer = names.get(Some(row.customer_id));
        out.push(CustomerOccurrenceView {
            id: row.id,
            customer: customer.unwrap_or(Ref { id: row.customer_id, name: String::new() }),
            html: sanitise::linked(&body),
            body,
            category: categories.get(&row.category_id).filter(|_| is_whole).cloned(),
            impact: row.impact.parse::<Impact>().ok().filter(|_| is_whole),
            occurred_on: is_whole.then(|| day_of(row.occurred_on)),
            images: files.remove(&row.id).unwrap_or_default().iter().map(image).collect(),
            ticket: row.ticket_id.filter(|_| is_whole).and_then(|id| tickets.get(&id)).copied(),
            author: people.author(Some(row.author_id), true),
            registered_at: at(row.registered_at),
            edited_at: row.edited_at.filter(|_| is_whole).map(at),
            edited_by: row.edited_by_id.filter(|_| is_whole).map(|id| people.author(Some(id), true)),
            revisions: row.revision_count,
            removed: row
                .removed_at
                .map(|removed| CustomerRemoved { by: people.author(row.removed_by_id, true), at: at(removed) }),
            version: row.version,
            may_edit: reach.change_occurrence(row.author_id == actor.id()).is_ok(),
        });
    }
    Ok(out)
}

/// One row as its reader sees it.
pub(crate) async fn view(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    row: customer_occurrence::Model,
) -> Result<CustomerOccurrenceView, ServiceError> {
    let found = views(connection, actor, vec![row]).await?.pop();
    found.ok_or_else(|| ServiceError::internal("an occurrence without view"))
}

/// `NotFound` for those who see no customer at all.
pub(crate) fn require_sight(actor: &Actor) -> Result<(), AppError> {
    if actor.entities_with(Capability::CustomerView).is_empty() { Err(AppError::NotFound) } else { Ok(()) }
}
