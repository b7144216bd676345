//! Customers: finding, changing, importing them (customers.md sections 1 and 5).
//!
//! Belongs here: the customer himself. Does not belong here: what happened to him (`customer_occurrences`), rules of fields
//! (`domain::customer`), which rows a person reaches (`scope::customers`).

mod change;
mod fields;
mod found;
mod history;
mod import;
mod list;
mod page;
mod remove;
mod resume;
mod rows;
mod save;
mod search;
mod ticket;

use domain::customer::{Contact, CustomerStatus, Impact, Reach, day_of};
use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{CustomerChoice, CustomerView, Ref};
use entity::customer;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use uuid::Uuid;

use crate::actor::Actor;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::lists;
use crate::moments::moment;
use crate::people;
use crate::sql::{Sql, unique};
use crate::work::Work;

pub(crate) use self::found::found;
pub use self::history::{HistoryList, history};
pub use self::import::{import, preview, preview_again};
pub(crate) use self::list::{entities, references, responsible_choices};
pub use self::list::{list, list_page};
pub use self::page::{form, get, page};
pub use self::remove::{remove, remove_form};
pub(crate) use self::rows::{index_words, set_last};
pub use self::save::{Basis, Saved, create, save_form, update};
pub use self::search::{Purpose, pick};
pub(crate) use self::ticket::{Named, fits_ticket, for_ticket, of_new_tickets};
pub use self::ticket::{set_of_ticket, ticket_page};

/// Kind of the drafts of customers.
pub const KIND: &str = "customer";
/// The columns of a customer `c` that its row has; the words of the search stay on the disk.
pub(crate) const COLUMNS: &str = "c.id, c.entity_id, c.recursive, c.name, c.name_key, c.legal_name, c.document_id, c.document_key, \
    c.contacts, c.segment_id, c.responsible_id, c.status, c.last_occurred_on, c.last_impact, c.version, c.created_at, c.updated_at";
/// Stands for "never" among the days of last occurrences.
pub(crate) const NEVER: i32 = -1_000_000;

/// A customer the actor may see, and how he reaches it.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The row.
    pub(crate) row: customer::Model,
    /// What the actor may do about it.
    pub(crate) reach: Reach,
}

impl Loaded {
    /// `Forbidden` unless the actor may change the customer.
    pub(crate) fn require_change(&self) -> Result<(), AppError> {
        self.reach.change().map_err(forbidden)
    }

    /// `Forbidden` unless the actor may register occurrences about it.
    pub(crate) fn require_register(&self) -> Result<(), AppError> {
        self.reach.register().map_err(forbidden)
    }
}

pub(crate) fn forbidden(capability: Capability) -> AppError {
    AppError::Forbidden(capability.name().to_owned())
}

/// How an actor reaches what belongs to `entity` and, if `recursive`, counts below it (C-RGT-01).
pub(crate) fn reach(actor: &Actor, entity: Uuid, recursive: bool) -> Reach {
    let reaches = |capability: Capability| {
        let held = actor.entities_with(capability);
        held.into_iter().any(|at| {
            actor.has(at, Capability::CustomerView)
                && (at == entity || (recursive && actor.path_of(at).contains(&entity)))
        })
    };
    Reach {
        view: reaches(Capability::CustomerView),
        edit: reaches(Capability::CustomerEdit),
        edit_own: actor.has(entity, Capability::CustomerEdit) && actor.has(entity, Capability::CustomerView),
    }
}

/// A customer by id, if the actor may see it.
///
/// # Errors
/// `NotFound` for unknown and for invisible ones alike (C-RGT-02).
pub(crate) async fn load(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Loaded, ServiceError> {
    let row = customer::Entity::find_by_id(id).one(connection).await?.ok_or(AppError::NotFound)?;
    seen(actor, row)
}

/// The same inside a transaction, holding its row until the end.
pub(crate) async fn lock(w: &Work, id: Uuid) -> Result<Loaded, ServiceError> {
    let mut select = customer::Entity::find_by_id(id);
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    let row = select.one(&w.tx).await?.ok_or(AppError::NotFound)?;
    seen(w.actor(), row)
}

fn seen(actor: &Actor, row: customer::Model) -> Result<Loaded, ServiceError> {
    let reach = reach(actor, row.entity_id, row.recursive);
    if reach.view { Ok(Loaded { row, reach }) } else { Err(AppError::NotFound.into()) }
}

/// The id in an address or form; anything else is like an unknown one.
pub(crate) fn read_id(text: &str) -> Result<Uuid, AppError> {
    text.trim().parse().map_err(|_not_an_id| AppError::NotFound)
}

/// Contacts of a row.
pub(crate) fn contacts(row: &customer::Model) -> Vec<Contact> {
    serde_json::from_str(&row.contacts).unwrap_or_default()
}

/// Rows as their reader sees them: two queries, whatever their number.
pub(crate) async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<customer::Model>,
) -> Result<Vec<CustomerView>, ServiceError> {
    let segments = unique(rows.iter().filter_map(|row| row.segment_id));
    let people_ids = unique(rows.iter().filter_map(|row| row.responsible_id));
    let segments = lists::refs(connection, &segments, actor.lang).await?;
    let names = people::actor_views(connection, &people_ids, &[]).await?;
    let view = |row: customer::Model| {
        let reach = reach(actor, row.entity_id, row.recursive);
        let impact = row.last_impact.as_deref().and_then(|word| word.parse::<Impact>().ok());
        CustomerView {
            id: row.id,
            contacts: contacts(&row),
            segment: row.segment_id.and_then(|id| segments.get(&id)).cloned(),
            responsible: row.responsible_id.map(|id| Ref { id, name: names.user(id).name }),
            status: row.status.parse().unwrap_or(CustomerStatus::Active),
            entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
            recursive: row.recursive,
            last: impact.filter(|_| row.last_occurred_on > NEVER).map(|impact| (day_of(row.last_occurred_on), impact)),
            version: row.version,
            created_at: moment(row.created_at, actor.zone),
            updated_at: moment(row.updated_at, actor.zone),
            may_edit: reach.change().is_ok(),
            may_register: reach.register().is_ok(),
            name: row.name,
            legal_name: row.legal_name,
            document_id: row.document_id,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// One row as its reader sees it.
pub(crate) async fn view(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    row: customer::Model,
) -> Result<CustomerView, ServiceError> {
    let found = views(connection, actor, vec![row]).await?.pop();
    found.ok_or_else(|| ServiceError::internal("a customer without view"))
}

/// A row as pickers show it.
pub(crate) fn choice(actor: &Actor, row: &customer::Model) -> CustomerChoice {
    CustomerChoice {
        id: row.id,
        name: row.name.clone(),
        legal_name: row.legal_name.clone().unwrap_or_default(),
        entity: actor.entity_name(row.entity_id),
    }
}

/// Rows by id, in the order of the ids.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<customer::Model>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(" FROM customer c WHERE c.id IN ");
    let mut rows: Vec<customer::Model> = sql.list(ids.iter().copied()).all(connection).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}
