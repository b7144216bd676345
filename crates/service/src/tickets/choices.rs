//! What forms offer, in the reader's language, and what the server accepts of it.

use domain::error::{Code, FieldErrors};
use domain::policy::Capability;
use domain::settings::Key;
use domain::ticket::TicketType;
use domain::views::{Choice, FormChoices};
use entity::{app_group, list_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::{lists, pending, people};

/// Options for a ticket of one entity: every list in one query.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn for_ticket(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    settings: &Settings,
) -> Result<FormChoices, ServiceError> {
    let path = actor.path_of(entity);
    let agent = actor.is_agent_in(entity);
    let rows: Vec<list_row::Model> = list_row::Entity::find()
        .filter(list_row::Column::EntityId.is_in(path.iter().copied()))
        .filter(list_row::Column::Active.eq(true))
        .order_by_asc(list_row::Column::Position)
        .order_by_asc(list_row::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .filter(|row| row.recursive || row.entity_id == entity)
        // Requesters choose among what the portal shows, and nothing else of the lists is theirs to read.
        .filter(|row| agent || row.portal)
        .collect();
    let of = |list: &str, keep: fn(&list_row::Model) -> bool| {
        let rows: Vec<list_row::Model> = rows.iter().filter(|row| row.list == list && keep(row)).cloned().collect();
        lists::choices(&rows, actor.lang)
    };
    let distance = |row: &&list_row::Model| path.iter().position(|one| *one == row.entity_id);
    let defaults = rows.iter().filter(|row| row.list == lists::PENDING_REASONS && pending::rule_of(row).is_default);
    let pending_default = defaults.min_by_key(distance).map(|row| row.id.to_string()).unwrap_or_default();
    Ok(FormChoices {
        entities: actor
            .entities_with(Capability::TicketCreate)
            .into_iter()
            .map(|id| Choice { value: id.to_string(), name: actor.entity_name(id), depth: 0 })
            .collect(),
        ticket_categories: of(lists::TICKET_CATEGORIES, |_| true),
        occurrence_categories: of(lists::OCCURRENCE_CATEGORIES, |_| true),
        ticket_sources: of(lists::SOURCES, |row| row.for_tickets),
        occurrence_sources: of(lists::SOURCES, |row| row.for_occurrences),
        locations: of(lists::LOCATIONS, |_| true),
        pending_reasons: of(lists::PENDING_REASONS, |_| true),
        pending_default,
        assignable: if agent { people::assignable_choices(connection, actor, entity).await? } else { Vec::new() },
        people: if agent { people::requester_choices(connection, actor, entity).await? } else { Vec::new() },
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
    })
}

/// The category of a ticket as sent: active, visible, allowed for the type and the channel (T-SET-11).
pub(crate) async fn category(
    connection: &impl ConnectionTrait,
    path: &[Uuid],
    text: &str,
    kind: Option<TicketType>,
    agent: bool,
    errors: &mut FieldErrors,
) -> Result<Option<list_row::Model>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found = lists::active_row(connection, lists::TICKET_CATEGORIES, path, text).await?;
    let Some(row) = errors.check("category", found) else { return Ok(None) };
    let fits = match kind {
        Some(TicketType::Incident) => row.for_incident,
        Some(TicketType::Request) => row.for_request,
        None => true,
    };
    if !fits || (!agent && !row.portal) {
        errors.add("category", Code::CategoryNotAllowed);
        return Ok(None);
    }
    Ok(Some(row))
}

/// The group in whose queue a ticket waits: its category's, else an ancestor's, else the setting's (section 4).
pub(crate) async fn routing_group(
    connection: &impl ConnectionTrait,
    path: &[Uuid],
    category: Option<&list_row::Model>,
    settings: &Settings,
) -> Result<Option<Uuid>, ServiceError> {
    if let Some(category) = category {
        let rows = lists::rows(connection, lists::TICKET_CATEGORIES, path).await?;
        let mut at = Some(category.id);
        for _level in 0..9 {
            let Some(row) = at.and_then(|id| rows.iter().find(|row| row.id == id)) else { break };
            if row.group_id.is_some() {
                return Ok(row.group_id);
            }
            at = row.parent_id;
        }
    }
    let Some(id) = settings.reference(Key::TicketDefaultGroup) else { return Ok(None) };
    // A group that broke since it was chosen is none (T-SET-06).
    let group = app_group::Entity::find_by_id(id).one(connection).await?;
    Ok(group.filter(|row| people::group_reaches(row, path)).map(|row| row.id))
}
