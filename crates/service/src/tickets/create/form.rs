//! What the agents' form of a new ticket begins with: what it offers, what was typed before, the ticket it follows (T-STA-30),
//! customers that were looked for (C-CUS-03).

use domain::error::AppError;
use domain::forms::CreateTicket;
use domain::policy::Capability;
use domain::views::{Choice, DraftView, NewTicketView};
use entity::ticket_actor;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::follow_up;
use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::customers::{self, Purpose};
use crate::drafts;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::tickets::{self, Loaded, choices};

/// Everything the form of a new ticket needs. `follow_up_of` is the number of the ticket it follows; one that the reader may not
/// follow counts as none. `words` are those he looks for a customer by; empty = he does not.
///
/// # Errors
/// `Forbidden(ticket.create)` when the person may create tickets nowhere; `Invalid` on `q` for too long words.
pub async fn for_new_ticket(ctx: &Ctx, follow_up_of: &str, words: &str) -> Result<NewTicketView, ServiceError> {
    let actor = &ctx.actor;
    let may = actor.entities_with(Capability::TicketCreate);
    let home = may.iter().copied().find(|id| *id == actor.user.entity_id).or_else(|| may.first().copied());
    let home = home.ok_or_else(nowhere)?;
    let draft = drafts::find(ctx, "ticket", "new").await?;
    // The number is in the address, and in the draft once the form was kept.
    let begun = typed(draft.as_ref(), "follow_up_of");
    let number = if follow_up_of.trim().is_empty() { begun.as_str() } else { follow_up_of };
    let snapshot = ctx.db().snapshot().await?;
    // The requester side goes on in My requests.
    let source = follow_up::of(&snapshot, actor, number).await?.ok().flatten().filter(Loaded::is_agent);
    let entity = source.as_ref().map(|source| source.ticket.entity_id).filter(|id| may.contains(id)).unwrap_or(home);
    let settings = Settings::load(&snapshot, &actor.path_of(entity)).await?;
    let mut choices = choices::for_ticket(&snapshot, actor, entity, &settings).await?;
    let mut fields = Map::new();
    let mut shared = Vec::new();
    if let Some(source) = &source {
        shared = requesters(&snapshot, actor, entity, source).await?;
        fields = begin(draft.as_ref(), source, &may, &shared);
        if !shared.is_empty() {
            let first = shared.remove(0);
            if choices.people.iter().all(|choice| choice.value != first.value) {
                choices.people.insert(0, first);
            }
        }
    }
    let sees_customers = !customers::of_new_tickets(actor).is_empty();
    let customer = match typed(draft.as_ref(), "customer").trim().parse::<Uuid>() {
        Ok(id) if sees_customers => customers::load(&snapshot, actor, id).await.ok(),
        _ => None,
    };
    drop(snapshot);
    let found = if sees_customers && !words.trim().is_empty() {
        customers::pick(ctx, words, Purpose::NewTicket).await?
    } else {
        Vec::new()
    };
    let caps = actor.caps(entity);
    Ok(NewTicketView {
        choices,
        draft,
        key: random_token(16),
        may_assign: caps.contains(Capability::TicketAssign) || caps.contains(Capability::TicketDelegate),
        may_set_priority: caps.contains(Capability::TicketChangePriority),
        priorities: settings.matrix().0.iter().flatten().map(ToString::to_string).collect(),
        follows: source.map(|source| source.ticket.number),
        begun: Value::Object(fields),
        shared,
        sees_customers,
        customer: customer.map(|loaded| customers::choice(actor, &loaded.row)),
        found,
    })
}

/// Keeps what is typed into the form of a new ticket or request, so that a page without scripts can show what was looked for with
/// everything kept.
///
/// # Errors
/// `Forbidden(ticket.create)` when the person may create tickets nowhere.
pub async fn keep_new(ctx: &Ctx, form: &CreateTicket) -> Result<(), ServiceError> {
    if ctx.actor.entities_with(Capability::TicketCreate).is_empty() {
        return Err(nowhere().into());
    }
    drafts::keep(ctx, "ticket", "new", &serde_json::to_value(form)?).await;
    Ok(())
}

fn nowhere() -> AppError {
    AppError::Forbidden(Capability::TicketCreate.name().to_owned())
}

fn typed(draft: Option<&DraftView>, field: &str) -> String {
    draft.map(|draft| draft.text(field)).unwrap_or_default()
}

/// What a follow-up takes over (T-STA-30), for the fields in which nobody has typed. A draft of this very follow-up is left as it
/// is, with what was emptied in it.
fn begin(draft: Option<&DraftView>, source: &Loaded, may: &[Uuid], requesters: &[Choice]) -> Map<String, Value> {
    let ticket = &source.ticket;
    let mut fields = Map::new();
    if typed(draft, "follow_up_of").trim() == ticket.number.to_string() {
        return fields;
    }
    let entity = Some(ticket.entity_id).filter(|id| may.contains(id));
    let texts = [
        ("title", ticket.title.clone()),
        ("entity", entity.map(|id| id.to_string()).unwrap_or_default()),
        ("category", ticket.category_id.map(|id| id.to_string()).unwrap_or_default()),
    ];
    for (field, text) in texts {
        if typed(draft, field).trim().is_empty() {
            fields.insert(field.to_owned(), Value::String(text));
        }
    }
    // A type always stands in a draft, typed or not.
    fields.insert("kind".to_owned(), tickets::kind_of(ticket).as_str().into());
    let named = draft.and_then(|draft| draft.fields.get("requesters")).and_then(Value::as_array);
    let names_somebody =
        named.is_some_and(|all| all.iter().filter_map(Value::as_str).any(|text| !text.trim().is_empty()));
    if !names_somebody && let Some((first, others)) = requesters.split_first() {
        // Behind the first stands the field for somebody else.
        let values = [first.value.as_str(), ""].into_iter().chain(others.iter().map(|choice| choice.value.as_str()));
        fields.insert("requesters".to_owned(), values.map(Value::from).collect());
    }
    fields
}

/// The requesters of a ticket whom the reader may name in a new one of `entity`, as forms write them.
async fn requesters(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    source: &Loaded,
) -> Result<Vec<Choice>, ServiceError> {
    let directory = tickets::people::directory(connection, &source.actors, &[]).await?;
    let rows: Vec<&ticket_actor::Model> = source.of_role("requester").collect();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let value = match (row.user_id, row.group_id, &row.email, &row.name) {
            (Some(user), ..) => format!("user:{user}"),
            (None, Some(group), ..) => format!("group:{group}"),
            (None, None, Some(address), Some(name)) => format!("email:{name} <{address}>"),
            (None, None, Some(address), None) => format!("email:{address}"),
            (None, None, None, _) => continue,
        };
        if crate::people::resolve_actor(connection, actor, entity, &value).await?.is_ok() {
            let one = tickets::people::view(row, &directory, true);
            let name = match &one.email {
                Some(email) if *email != one.name => [one.name.as_str(), " · ", email].concat(),
                _ => one.name,
            };
            out.push(Choice { value, name, depth: 0 });
        }
    }
    Ok(out)
}
