//! What the form of a new request offers (P-NEW-02, 03): what the portal shows, whoever reads.

use std::collections::BTreeSet;

use domain::error::AppError;
use domain::policy::Capability;
use domain::settings::Key;
use domain::views::{Choice, FollowUpView, NewRequestView, PortalCategory};
use entity::{list_row, ticket_actor};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::create::follow_up;
use crate::tickets::{self, Loaded};
use crate::{drafts, knowledge, lists};

/// Most members a manager is offered, by name.
const MEMBERS_MAX: i64 = 200;

/// Everything the form of a new request needs. `follow_up_of` is the number of the request it follows; one that the
/// reader may not follow counts as none.
///
/// # Errors
/// `Forbidden(ticket.create)` when the person may ask nowhere.
pub async fn new_request(ctx: &Ctx, follow_up_of: &str) -> Result<NewRequestView, ServiceError> {
    let actor = &ctx.actor;
    let may = actor.entities_with(Capability::TicketCreate);
    let home = may.iter().copied().find(|id| *id == actor.user.entity_id).or_else(|| may.first().copied());
    let home = home.ok_or_else(|| AppError::Forbidden(Capability::TicketCreate.name().to_owned()))?;
    let draft = drafts::find(ctx, "ticket", "new").await?;
    // The number is in the address, and in the draft once the form was posted.
    let begun = draft.as_ref().map(|draft| draft.text("follow_up_of")).unwrap_or_default();
    let number = if follow_up_of.trim().is_empty() { begun.as_str() } else { follow_up_of };
    let snapshot = ctx.db().snapshot().await?;
    let source = follow_up::of(&snapshot, actor, number).await?.ok().flatten();
    // The lists are those of the entity chosen before, or of the request that goes on.
    let chosen = draft.as_ref().and_then(|draft| draft.text("entity").parse::<Uuid>().ok());
    let entity = chosen.or_else(|| source.as_ref().map(|loaded| loaded.ticket.entity_id));
    let entity = entity.filter(|id| may.contains(id)).unwrap_or(home);
    let path = actor.path_of(entity);
    let settings = Settings::load(&snapshot, &path).await?;
    let categories = shown(lists::rows(&snapshot, lists::TICKET_CATEGORIES, &path).await?);
    let locations = shown(lists::rows(&snapshot, lists::LOCATIONS, &path).await?);
    let members = members(&snapshot, actor).await?;
    let groups = groups(&snapshot, actor).await?;
    let suggests =
        settings.is_on(Key::KnowledgeSuggestions) && !actor.entities_with(Capability::KnowledgeView).is_empty();
    drop(snapshot);
    let follow_up =
        source.map(|loaded| follow_up_view(actor, &loaded, &may, &[members.as_slice(), groups.as_slice()].concat()));
    let entity_choice = |id: Uuid| Choice { value: id.to_string(), name: actor.entity_name(id), depth: 0 };
    Ok(NewRequestView {
        entities: if may.len() > 1 { may.into_iter().map(entity_choice).collect() } else { Vec::new() },
        categories: lists::choices(&categories, actor.lang)
            .into_iter()
            .map(|choice| {
                let row = categories.iter().find(|row| row.id.to_string() == choice.value);
                let (incident, request) = row.map_or((true, true), |row| (row.for_incident, row.for_request));
                PortalCategory { choice, incident, request }
            })
            .collect(),
        locations: lists::choices(&locations, actor.lang),
        members,
        groups,
        follow_up,
        draft,
        key: random_token(16),
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
        suggests,
        articles: None,
    })
}

/// The same with articles for what the draft holds, for pages without scripts (P-NEW-04).
///
/// # Errors
/// As [`new_request`].
pub async fn new_request_with_articles(ctx: &Ctx, follow_up_of: &str) -> Result<NewRequestView, ServiceError> {
    let mut page = new_request(ctx, follow_up_of).await?;
    if page.suggests {
        let snapshot = ctx.db().snapshot().await?;
        page.articles = Some(knowledge::suggest_for_draft(ctx, &snapshot, page.draft.as_ref()).await?);
    }
    Ok(page)
}

/// The rows that the portal shows. One whose parent it does not show stands at the root.
fn shown(rows: Vec<list_row::Model>) -> Vec<list_row::Model> {
    let mut rows: Vec<list_row::Model> = rows.into_iter().filter(|row| row.active && row.portal).collect();
    let known: BTreeSet<Uuid> = rows.iter().map(|row| row.id).collect();
    for row in &mut rows {
        row.parent_id = row.parent_id.filter(|parent| known.contains(parent));
    }
    rows
}

/// What the follow-up takes over (T-STA-30), as far as the reader may say it himself.
fn follow_up_view(actor: &Actor, loaded: &Loaded, may: &[Uuid], offered: &[Choice]) -> FollowUpView {
    let ticket = &loaded.ticket;
    let named = |row: &ticket_actor::Model| match (row.user_id, row.group_id) {
        (Some(user), _) if user != actor.id() => Some(format!("user:{user}")),
        (None, Some(group)) => Some(format!("group:{group}")),
        _ => None,
    };
    let requesters = loaded.of_role("requester").filter_map(named);
    FollowUpView {
        number: ticket.number,
        title: ticket.title.clone(),
        kind: tickets::kind_of(ticket),
        entity: if may.contains(&ticket.entity_id) { ticket.entity_id.to_string() } else { String::new() },
        category: ticket.category_id.map(|id| id.to_string()).unwrap_or_default(),
        requesters: requesters.filter(|value| offered.iter().any(|choice| choice.value == *value)).collect(),
    }
}

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

/// Active people of the groups that the reader manages, without himself.
async fn members(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT DISTINCT u.id, u.name FROM app_group_member m JOIN app_group g ON g.id = m.group_id \
         JOIN app_group_member o ON o.group_id = m.group_id JOIN app_user u ON u.id = o.user_id \
         WHERE g.active = TRUE AND u.active = TRUE AND m.manager = TRUE AND m.user_id = ",
    );
    sql.bind(actor.id()).push_bind(" AND u.id <> ", actor.id());
    sql.push_bind(" ORDER BY u.name, u.id LIMIT ", MEMBERS_MAX);
    let rows: Vec<Named> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| choice("user", row)).collect())
}

/// Groups of the reader that may be requester.
async fn groups(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.may_be_requester = TRUE AND g.id IN ",
    );
    sql.list(actor.groups.iter().copied()).push(" ORDER BY g.name, g.id");
    let rows: Vec<Named> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| choice("group", row)).collect())
}

fn choice(kind: &str, row: Named) -> Choice {
    Choice { value: format!("{kind}:{}", row.id), name: row.name, depth: 0 }
}
