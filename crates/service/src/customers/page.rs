//! The page of one customer (C-CUS-04) and his form.

use domain::error::{AppError, FieldErrors};
use domain::policy::Capability;
use domain::ticket::Status;
use domain::views::{
    Choice, CustomerForm, CustomerOccurrenceView, CustomerPage, CustomerSection, CustomerTicket, CustomerView, Page,
    ReportQuery, ReportView,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::KIND;
use super::list::responsible_choices;
use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::Sql;
use crate::tickets::sees_private_everywhere;
use crate::{customer_occurrences, drafts, lists, people, scope};

/// Tickets of a page.
const LIMIT: i64 = 50;

/// One customer.
///
/// # Errors
/// `NotFound` for one out of sight.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<CustomerView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load(&snapshot, &ctx.actor, id).await?;
    super::view(&snapshot, &ctx.actor, loaded.row).await
}

/// A section of the page of a customer. `query` narrows the occurrences; its cursor is that of whatever the section lists.
///
/// # Errors
/// `NotFound` for one out of sight; `Invalid` on a wrong cursor of tickets or history. Wrong filters are told beside the page.
pub async fn page(
    ctx: &Ctx,
    id: &str,
    section: CustomerSection,
    query: ReportQuery,
) -> Result<CustomerPage, ServiceError> {
    let id = super::read_id(id)?;
    let customer = get(ctx, id).await?;
    let mut out = CustomerPage {
        customer,
        section,
        occurrences: None,
        report: None,
        categories: Vec::new(),
        tickets: None,
        history: None,
        wrong: FieldErrors::new(),
        now: ctx.moment(),
    };
    match section {
        CustomerSection::Occurrences => {
            match happened(ctx, id, query).await {
                Ok((rows, report)) => (out.occurrences, out.report) = (Some(rows), Some(report)),
                Err(error) => match error.public {
                    AppError::Invalid(wrong) => out.wrong = wrong,
                    _ => return Err(error),
                },
            }
            out.categories = customer_occurrences::category_choices(ctx).await?;
        }
        CustomerSection::Tickets => out.tickets = Some(tickets(ctx, id, &query.cursor).await?),
        CustomerSection::Contacts => {}
        CustomerSection::History => out.history = Some(super::history(ctx, id, &query.cursor).await?),
    }
    Ok(out)
}

/// What happened to a customer: a page of it, and the numbers.
async fn happened(
    ctx: &Ctx,
    id: Uuid,
    query: ReportQuery,
) -> Result<(Page<CustomerOccurrenceView>, ReportView), ServiceError> {
    let query = ReportQuery { customer: id.to_string(), ..query };
    let narrowed = !query.from.is_empty() || !query.to.is_empty();
    // The list shows everything unless a period is asked for, the chart twelve months (C-REP-03).
    let rows = ReportQuery { whole: !narrowed, ..query.clone() };
    let rows = customer_occurrences::of_customer(ctx, id, &rows).await?;
    Ok((rows, customer_occurrences::report(ctx, &query).await?))
}

#[derive(Debug, FromQueryResult)]
struct Row {
    number: i64,
    title: String,
    status: String,
    opened_at: i64,
    updated_at: i64,
    is_over: i32,
}

/// Tickets of the customer that the reader may see where he sees customers, open ones first, then the last changed ones.
async fn tickets(ctx: &Ctx, customer: Uuid, cursor: &str) -> Result<Page<CustomerTicket>, ServiceError> {
    let actor = &ctx.actor;
    let binding = format!("customer-tickets:{customer}:{}", actor.id());
    let after: Option<(i32, i64)> = cursor::open(&ctx.services.secret, &binding, cursor)?;
    let column = if sees_private_everywhere(actor) { "t.updated_at" } else { "t.public_updated_at" };
    let mut sql = Sql::new("SELECT * FROM (SELECT t.number, t.title, t.status, t.opened_at, ");
    sql.push(column).push(
        " AS updated_at, CASE WHEN t.status IN ('new','assigned','planned','pending') THEN 0 ELSE 1 END AS is_over FROM ticket t WHERE ",
    );
    sql.push_bind("t.customer_id = ", customer).push(" AND ").append(&scope::customer_tickets(actor)).push(") f");
    if let Some((is_over, number)) = after {
        sql.push_bind(" WHERE f.is_over > ", is_over).push_bind(" OR (f.is_over = ", is_over);
        sql.push_bind(" AND f.number < ", number).push(")");
    }
    sql.push_bind(" ORDER BY f.is_over, f.number DESC LIMIT ", LIMIT + 1);
    let snapshot = ctx.db().snapshot().await?;
    let mut rows: Vec<Row> = sql.all(&snapshot).await?;
    let most = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let is_more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|_| is_more).map(|row| (row.is_over, row.number));
    let next_cursor = last.map(|position| cursor::seal(&ctx.services.secret, &binding, &position));
    let view = |row: Row| CustomerTicket {
        number: row.number,
        title: row.title,
        status: row.status.parse().unwrap_or(Status::New),
        opened_at: moment(row.opened_at, actor.zone),
        updated_at: moment(row.updated_at, actor.zone),
    };
    Ok(Page { items: rows.into_iter().map(view).collect(), next_cursor, count: None, now: ctx.moment() })
}

/// What the form of a customer needs; an empty id is a new one.
///
/// # Errors
/// `NotFound` for one out of sight, and for those who see no customer at all; `Forbidden(customer.edit)`.
pub async fn form(ctx: &Ctx, id: &str) -> Result<CustomerForm, ServiceError> {
    let actor = &ctx.actor;
    let entities = keeping(actor);
    let snapshot = ctx.db().snapshot().await?;
    let (row, customer, entity) = if id.is_empty() {
        (None, None, super::save::home(actor, &domain::forms::Patch::Keep)?)
    } else {
        let loaded = super::load(&snapshot, actor, super::read_id(id)?).await?;
        loaded.require_change()?;
        let entity = loaded.row.entity_id;
        (Some(loaded.row.clone()), Some(super::view(&snapshot, actor, loaded.row).await?), entity)
    };
    let segments = segments(&snapshot, actor, entity, customer.as_ref()).await?;
    let people = responsible_choices(&snapshot, actor, &[entity]).await?;
    drop(snapshot);
    let draft = drafts::find(ctx, KIND, if id.is_empty() { "new" } else { id }).await?;
    let draft = match (draft, &row) {
        (Some(draft), Some(row)) => Some(super::resume::followed(ctx.db().reader(), row, draft).await?),
        (draft, _) => draft,
    };
    Ok(CustomerForm {
        customer,
        draft,
        key: random_token(16),
        entities: people::entity_choices(actor, &entities),
        entity: entity.to_string(),
        segments,
        people,
    })
}

/// Entities in which the actor may keep customers.
fn keeping(actor: &Actor) -> Vec<Uuid> {
    let held = actor.entities_with(Capability::CustomerEdit);
    held.into_iter().filter(|id| actor.has(*id, Capability::CustomerView)).collect()
}

/// The segments to choose from, and the one the customer has.
async fn segments(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    customer: Option<&CustomerView>,
) -> Result<Vec<Choice>, ServiceError> {
    let rows = lists::rows(connection, lists::CUSTOMER_SEGMENTS, &actor.path_of(entity)).await?;
    let mut out = lists::choices(&rows, actor.lang);
    let present = customer.and_then(|customer| customer.segment.as_ref());
    if let Some(present) = present.filter(|row| out.iter().all(|choice| choice.value != row.id.to_string())) {
        out.push(Choice { value: present.id.to_string(), name: present.name.clone(), depth: 0 });
    }
    Ok(out)
}
