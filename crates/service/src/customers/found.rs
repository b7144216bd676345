//! Customers in the search over everything (T-LST-08): found and ordered as everywhere (C-CUS-03), for readers of customers alone.

use domain::policy::Capability;
use domain::views::{FoundCustomer, Page, Snippet};
use entity::customer;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::list::counted;
use super::search::{Place, Wanted};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::Sql;
use crate::tickets::list::COUNT_MAX;
use crate::{cursor, scope, search};

/// A page of customers, inactive ones among them (C-CUS-05); `None` for those who see no customer at all.
///
/// # Errors
/// `Invalid` for a foreign `cursor`.
pub(crate) async fn found(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    find: &search::Find<'_>,
) -> Result<Option<Page<FoundCustomer>>, ServiceError> {
    let actor = &ctx.actor;
    if actor.entities_with(Capability::CustomerView).is_empty() {
        return Ok(None);
    }
    let (secret, engine) = (&ctx.services.secret, ctx.db().engine());
    let after: Option<Place> = cursor::open(secret, find.binding, find.cursor)?;
    let mut page = Page { items: Vec::new(), next_cursor: None, count: None, now: ctx.moment() };
    let Some(wanted) = Wanted::of_search(find.typed, find.query) else { return Ok(Some(page)) };
    let condition = condition(actor, find.entity);
    let hits = wanted.hits(connection, engine).await?;
    let limit = i64::from(find.limit) + 1;
    let mut places = wanted.page(connection, engine, &hits, &condition, after.as_ref(), limit).await?;
    let most = usize::try_from(find.limit).unwrap_or(usize::MAX);
    let is_more = places.len() > most;
    places.truncate(most);
    page.next_cursor = places.last().filter(|_| is_more).map(|(place, _)| cursor::seal(secret, find.binding, place));
    if find.is_counted {
        page.count = Some(counted(wanted.count(connection, engine, &hits, &condition, COUNT_MAX).await?));
    }
    let ids: Vec<Uuid> = places.into_iter().map(|(_, id)| id).collect();
    let rows = super::by_ids(connection, &ids).await?;
    page.items = rows.iter().map(|row| view(actor, row, &wanted)).collect();
    Ok(Some(page))
}

fn condition(actor: &Actor, entity: Option<Uuid>) -> Sql {
    let mut sql = scope::customers(actor, Capability::CustomerView, "c");
    if let Some(entity) = entity {
        sql.push(" AND ").among("c.entity_id", actor.below(entity).into_iter().collect::<Vec<_>>());
    }
    sql
}

fn view(actor: &Actor, row: &customer::Model, wanted: &Wanted) -> FoundCustomer {
    FoundCustomer {
        id: row.id,
        name: row.name.clone(),
        entity: actor.entity_name(row.entity_id),
        status: row.status.parse().unwrap_or_default(),
        updated_at: moment(row.updated_at, actor.zone),
        snippet: snippet(row, wanted),
    }
}

/// What matched besides the name, which is shown anyway; the legal name where nothing of that did.
fn snippet(row: &customer::Model, wanted: &Wanted) -> Vec<Snippet> {
    let contacts = super::contacts(row);
    let legal_name = row.legal_name.as_deref().unwrap_or_default();
    let parts = contacts.iter().flat_map(|one| [one.name.as_str(), one.email.as_str()]);
    let parts: Vec<&str> = std::iter::once(legal_name).chain(parts).filter(|part| !part.is_empty()).collect();
    let found = search::text_snippet(&parts.join(", "), wanted.words());
    if found.iter().any(|part| part.hit) {
        return found;
    }
    search::text_snippet(legal_name, wanted.words())
}
