//! One ticket, whole, in one snapshot and a fixed number of queries.

use domain::duration::Minutes;
use domain::error::AppError;
use domain::forms::Command;
use domain::policy::{Capability, can_add_occurrence};
use domain::settings::Key;
use domain::ticket::machine::{self, Trigger};
use domain::ticket::{Side, Status};
use domain::views::{ActorKind, PendingView, PersonCard, PropertyView, Ref, TicketDetail, TimelineQuery};
use entity::{app_user, list_row, read_mark};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Loaded, choices, kind_of, people, state, status_of};
use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::work::{self, Work};
use crate::{documents, drafts, lists, sanitise, scope};

/// A ticket as its reader may see it: agents everything, others what T-VIS-05 allows.
///
/// # Errors
/// `NotFound` for unknown and invisible ones alike.
pub async fn detail(ctx: &Ctx, number: i64) -> Result<TicketDetail, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load_visible(&snapshot, &ctx.actor, number).await?;
    let settings = Settings::load(&snapshot, &super::path(ctx, &loaded.ticket)).await?;
    view(ctx, &snapshot, &loaded, &settings).await
}

/// Everything the agents' page of a ticket shows at first.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity.
pub async fn page(ctx: &Ctx, number: i64, query: TimelineQuery) -> Result<PropertyView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &super::path(ctx, &loaded.ticket)).await?;
    let ticket = view(ctx, &snapshot, &loaded, &settings).await?;
    let timeline = super::timeline::of_loaded(ctx, &snapshot, &loaded, &query, &settings, false).await?;
    let person = person_card(ctx, &snapshot, &loaded).await?;
    let choices = choices::for_ticket(&snapshot, &ctx.actor, loaded.ticket.entity_id, &settings).await?;
    drop(snapshot);
    let draft = drafts::find(ctx, "occurrence", &number.to_string()).await?;
    let visibility = default_visibility(&loaded, &ctx.actor).to_owned();
    mark_read(ctx, number).await?;
    Ok(PropertyView { ticket, timeline, person, choices, draft, key: random_token(16), visibility })
}

/// Visibility a new occurrence starts with: agents by preference, on the requester side public (section 8).
pub(crate) fn default_visibility(loaded: &Loaded, actor: &Actor) -> &'static str {
    if !loaded.is_agent() || loaded.side() == Side::Requester || actor.user.default_visibility == "public" {
        "public"
    } else {
        "private"
    }
}

/// The ticket for its reader.
pub(crate) async fn view(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<TicketDetail, ServiceError> {
    let (ticket, actor, agent) = (&loaded.ticket, &ctx.actor, loaded.is_agent());
    let names = people::directory(connection, &loaded.actors, &unique(ticket.writer_id)).await?;
    let rows = list_rows(connection, ticket).await?;
    let row_ref = |id: Option<Uuid>| {
        id.and_then(|id| rows.iter().find(|r| r.id == id))
            .map(|row| Ref { id: row.id, name: lists::name(row, actor.lang) })
    };
    let category_path = match ticket.category_id.filter(|_| agent) {
        Some(id) => {
            let all = lists::rows(connection, lists::TICKET_CATEGORIES, &actor.path_of(ticket.entity_id)).await?;
            Some(lists::path_name(&all, id, actor.lang)).filter(|path| !path.is_empty())
        }
        None => None,
    };
    let of = |role: &str| loaded.of_role(role).map(|row| people::view(row, &names, agent)).collect::<Vec<_>>();
    let at = |at: Option<i64>| at.map(|at| moment(at, actor.zone));
    let files = documents::of_entries(connection, &[ticket.id]).await?.remove(&ticket.id).unwrap_or_default();
    let writer = people::author(&names, ticket.writer_id, agent);
    let sees_private = loaded.caps.contains(Capability::OccurrenceViewPrivate);
    let unread = unread(connection, actor, loaded, settings).await?;
    let routing = match ticket.routing_group_id.filter(|_| agent) {
        Some(group) => crate::people::actor_views(connection, &[], &[group])
            .await
            .map(|d| Some(Ref { id: group, name: d.group(group).name }))?,
        None => None,
    };
    Ok(TicketDetail {
        id: ticket.id,
        number: ticket.number,
        agent,
        entity: Ref { id: ticket.entity_id, name: actor.entity_name(ticket.entity_id) },
        kind: kind_of(ticket),
        title: ticket.title.clone(),
        description: sanitise::stored(ticket.description.clone()),
        description_text: ticket.description_text.clone(),
        description_edited_at: at(ticket.description_edited_at),
        description_files: files
            .iter()
            .map(|d| documents::view(d, Some(ticket.number), writer.clone(), actor.zone))
            .collect(),
        status: status_of(ticket),
        urgency: level(ticket.urgency),
        impact: level(ticket.impact),
        priority: level(ticket.priority),
        priority_by_hand: ticket.priority_by_hand,
        category: row_ref(ticket.category_id),
        category_path,
        source: row_ref(ticket.source_id).filter(|_| agent),
        location: row_ref(ticket.location_id).filter(|_| agent),
        requesters: of("requester"),
        observers: if agent { of("observer") } else { Vec::new() },
        assignees: of("assignee"),
        writer,
        routing_group: routing,
        opened_at: moment(ticket.opened_at, actor.zone),
        taken_at: at(ticket.taken_at).filter(|_| agent),
        due_own_at: at(ticket.due_own_at).filter(|_| agent),
        due_resolve_at: at(ticket.due_resolve_at),
        due_own_state: state::due_state(ticket, ticket.due_own_at, ticket.taken_at, ctx.now(), false).to_owned(),
        due_resolve_state: state::due_state(ticket, ticket.due_resolve_at, ticket.solved_at, ctx.now(), true)
            .to_owned(),
        solved_at: at(ticket.solved_at),
        closed_at: at(ticket.closed_at),
        cancelled_at: at(ticket.cancelled_at).filter(|_| agent),
        close_due_at: at(ticket.close_due_at),
        pending: pending(ticket, &rows, actor, agent),
        answer_awaited: ticket.answer_awaited,
        reopen_count: if agent { ticket.reopen_count } else { 0 },
        merged_into: merged_into(connection, actor, ticket.merged_into_id).await?,
        deleted_at: at(ticket.deleted_at),
        unread,
        actions: actions(loaded, settings, ctx),
        version: if agent { ticket.version } else { 0 },
        created_at: moment(ticket.created_at, actor.zone),
        updated_at: moment(if sees_private { ticket.updated_at } else { ticket.public_updated_at }, actor.zone),
        now: moment(ctx.now(), actor.zone),
        worked: if agent { Some(worked(connection, actor, ticket.id).await?) } else { None },
    })
}

fn level(stored: i32) -> u8 {
    u8::try_from(stored).unwrap_or(3)
}

async fn list_rows(
    connection: &impl ConnectionTrait,
    ticket: &entity::ticket::Model,
) -> Result<Vec<list_row::Model>, ServiceError> {
    let ids: Vec<Uuid> = [ticket.category_id, ticket.source_id, ticket.location_id, ticket.pending_reason_id]
        .into_iter()
        .flatten()
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(list_row::Entity::find().filter(list_row::Column::Id.is_in(ids)).all(connection).await?)
}

pub(crate) fn pending(
    ticket: &entity::ticket::Model,
    rows: &[list_row::Model],
    actor: &Actor,
    agent: bool,
) -> Option<PendingView> {
    if status_of(ticket) != Status::Pending {
        return None;
    }
    let row = ticket.pending_reason_id.and_then(|id| rows.iter().find(|r| r.id == id));
    Some(PendingView {
        reason: row.filter(|_| agent).map(|row| Ref { id: row.id, name: lists::name(row, actor.lang) }),
        label: row.map_or_else(|| lists::waiting(actor.lang).to_owned(), |row| lists::label(row, actor.lang)),
        text: ticket.pending_text.clone().filter(|_| agent),
        since: ticket.pending_since.filter(|_| agent).map(|at| moment(at, actor.zone)),
    })
}

/// Number of the survivor, if the reader may see it (T-MRG-06).
pub(crate) async fn merged_into(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: Option<Uuid>,
) -> Result<Option<i64>, ServiceError> {
    match id {
        Some(id) => Ok(super::load_visible_by_id(connection, actor, id).await.ok().map(|l| l.ticket.number)),
        None => Ok(None),
    }
}

/// Minutes of the occurrences that count, as far as the reader may see them (T-TSK-11, T-VIS-03).
async fn worked(connection: &impl ConnectionTrait, actor: &Actor, ticket: Uuid) -> Result<Minutes, ServiceError> {
    let mut sql = Sql::new(
        "SELECT CAST(COALESCE(SUM(o.minutes), 0) AS BIGINT) FROM occurrence o WHERE o.removed_at IS NULL AND o.ticket_id = ",
    );
    sql.bind(ticket).push(" AND ").append(&scope::entries(actor));
    let sum: Option<i64> = sql.scalar(connection).await?;
    Ok(Minutes(i32::try_from(sum.unwrap_or(0)).unwrap_or(i32::MAX)))
}

/// Entries of others the reader may see and has not seen yet, at most 99 (T-TIM-07).
async fn unread(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<u32, ServiceError> {
    if !loaded.is_agent() && !settings.is_on(Key::PortalShowOccurrences) {
        return Ok(0);
    }
    // Agents count from their first visit on: a ticket never opened is not "unread" to the whole desk.
    let join = if loaded.is_agent() { "JOIN" } else { "LEFT JOIN" };
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM occurrence o ");
    sql.push(join).push_bind(" read_mark r ON r.ticket_id = o.ticket_id AND r.user_id = ", actor.id());
    sql.push_bind(
        " WHERE o.removed_at IS NULL AND o.registered_at > COALESCE(r.read_at, 0) AND o.ticket_id = ",
        loaded.ticket.id,
    );
    sql.push_bind(" AND (o.author_id IS NULL OR o.author_id <> ", actor.id()).push(") AND ");
    sql.append(&scope::entries(actor)).push(" LIMIT 99) n");
    let count: Option<i64> = sql.scalar(connection).await?;
    Ok(u32::try_from(count.unwrap_or(0)).unwrap_or(99))
}

/// What the reader may do now: names of commands and of the forms (`update`, `occurrence` …).
pub(crate) fn actions(loaded: &Loaded, settings: &Settings, ctx: &Ctx) -> Vec<String> {
    let mut out: Vec<&str> = Vec::new();
    let ticket = &loaded.ticket;
    let caps = loaded.caps;
    if ticket.deleted_at.is_some() {
        for (command, capability) in
            [(Command::Restore, Capability::TicketRestore), (Command::Purge, Capability::TicketPurge)]
        {
            if caps.contains(capability) {
                out.push(command.as_str());
            }
        }
        return out.into_iter().map(str::to_owned).collect();
    }
    let writable = super::require_writable(ticket).is_ok();
    let rules = state::rules(loaded, settings, ctx.now(), ctx.actor.entity_zone(ticket.entity_id));
    let status = loaded.status();
    let allowed = |trigger| machine::apply(status, trigger, &rules).is_ok();
    let requester = loaded.facts.requester_side;
    let portal = !loaded.is_agent();
    let assigned_users = loaded.of_role("assignee").any(|a| a.user_id.is_some());
    let mine = loaded.of_role("assignee").any(|a| a.user_id == Some(ctx.actor.id()));
    let has = |capability| caps.contains(capability);
    let listed = [
        ("update", writable && has(Capability::TicketUpdate)),
        ("change-priority", writable && has(Capability::TicketChangePriority)),
        ("occurrence", may_write(loaded, settings)),
        ("document", may_write(loaded, settings)),
        (
            "take",
            writable && has(Capability::TicketTake) && (!assigned_users || (has(Capability::TicketAssign) && !mine)),
        ),
        ("give-back", writable && has(Capability::TicketTake) && mine),
        ("assign", writable && has(Capability::TicketAssign)),
        (
            "delegate",
            writable && has(Capability::TicketDelegate) && (loaded.facts.assigned || has(Capability::TicketAssign)),
        ),
        ("reclassify", writable && has(Capability::TicketReclassify)),
        ("change-sla", writable && has(Capability::TicketChangeSla)),
        ("suspend", has(Capability::TicketSuspend) && allowed(Trigger::Suspend)),
        ("reactivate", has(Capability::TicketReactivate) && allowed(Trigger::Reactivate)),
        ("close", has(Capability::TicketClose) && allowed(Trigger::Close)),
        (
            "reopen",
            if has(Capability::TicketReopen) {
                allowed(Trigger::ReopenByAgent)
            } else {
                requester && allowed(Trigger::ReopenByRequester)
            },
        ),
        (
            "cancel",
            if has(Capability::TicketCancel) {
                allowed(Trigger::CancelByAgent)
            } else {
                requester && settings.is_on(Key::PortalCancel) && allowed(Trigger::CancelByRequester)
            },
        ),
        ("delete", !portal && has(Capability::TicketDelete)),
    ];
    out.extend(listed.iter().filter(|(_, may)| *may).map(|(name, _)| *name));
    out.into_iter().map(str::to_owned).collect()
}

/// Whether the reader may register an occurrence now (T-OCC-01, setting 252).
pub(crate) fn may_write(loaded: &Loaded, settings: &Settings) -> bool {
    let writable = super::require_writable(&loaded.ticket).is_ok();
    let right = can_add_occurrence(loaded.caps, &loaded.facts).is_ok();
    let setting =
        loaded.side() != Side::Requester || loaded.is_agent() || settings.is_on(Key::PortalRegisterOccurrence);
    writable && right && setting
}

async fn person_card(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<Option<PersonCard>, ServiceError> {
    let Some(first) = loaded.of_role("requester").next() else { return Ok(None) };
    let names = people::directory(connection, std::slice::from_ref(first), &[]).await?;
    let actor = people::view(first, &names, true);
    let Some(id) = actor.id.filter(|_| actor.kind == ActorKind::User) else {
        return Ok(Some(PersonCard { actor, ..PersonCard::default() }));
    };
    let user = app_user::Entity::find_by_id(id).one(connection).await?;
    let mut sql = Sql::new(
        "SELECT COUNT(*) FROM (SELECT 1 FROM ticket t WHERE t.status IN ('new','assigned','planned','pending') AND t.id <> ",
    );
    sql.bind(loaded.ticket.id)
        .push_bind(" AND t.id IN (SELECT ticket_id FROM ticket_actor WHERE role = 'requester' AND user_id = ", id)
        .push(") AND ")
        .append(&scope::tickets(&ctx.actor))
        .push(" LIMIT 9) n");
    let others: Option<i64> = sql.scalar(connection).await?;
    Ok(Some(PersonCard {
        phone: user.as_ref().and_then(|u| u.phone.clone()),
        extension: user.as_ref().and_then(|u| u.extension.clone()),
        entity: user.as_ref().map(|u| ctx.actor.entity_name(u.entity_id)).filter(|name| !name.is_empty()),
        other_open: u32::try_from(others.unwrap_or(0)).unwrap_or(0),
        actor,
    }))
}

/// Marks everything the reader may see of a ticket as read (T-TIM-07); written only when something was unread.
///
/// # Errors
/// `NotFound` when the ticket may not be seen.
pub async fn mark_read(ctx: &Ctx, number: i64) -> Result<(), ServiceError> {
    let loaded = super::load_visible(ctx.db().reader(), &ctx.actor, number).await?;
    let mark = read_mark::Entity::find_by_id((ctx.actor.id(), loaded.ticket.id)).one(ctx.db().reader()).await?;
    if mark.is_some_and(|mark| mark.read_at >= loaded.ticket.updated_at) {
        return Ok(());
    }
    let ticket = loaded.ticket.id;
    work::write(ctx, move |w| Box::pin(mark_read_in(w, ticket))).await
}

/// The same inside a transaction.
pub(crate) async fn mark_read_in(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO read_mark (user_id, ticket_id, read_at) VALUES (");
    sql.bind(w.actor().id())
        .push_bind(",", ticket)
        .push_bind(",", w.now())
        .push(") ON CONFLICT (user_id, ticket_id) DO UPDATE SET read_at = excluded.read_at");
    sql.run(&w.tx).await?;
    Ok(())
}
