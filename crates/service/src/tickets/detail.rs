//! One ticket, whole, in one snapshot and a fixed number of queries.

use domain::duration::Minutes;
use domain::error::AppError;
use domain::forms::Command;
use domain::policy::{Capability, can_add_occurrence, can_add_task, can_answer_solution};
use domain::settings::Key;
use domain::ticket::machine::{self, Trigger};
use domain::ticket::{Side, Status};
use domain::views::{ActorKind, PendingView, PersonCard, PropertyView, Ref, TicketDetail, TimelineQuery};
use entity::{app_user, list_row};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::create::follow_up;
use super::details::Gathered;
use super::{Loaded, choices, people, state, status_of};
use crate::actor::Actor;
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::{chat, documents, drafts, lists, mail, messages, scope, templates};

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
    let mut timeline = super::timeline::of_loaded(ctx, &snapshot, &loaded, &query, &settings, false).await?;
    super::timeline::mark_hits(&mut timeline, &query.find);
    let person = person_card(ctx, &snapshot, &loaded).await?;
    let choices = choices::for_ticket(&snapshot, &ctx.actor, loaded.ticket.entity_id, &settings).await?;
    let templates = templates::choices(&snapshot, &super::path(ctx, &loaded.ticket)).await?;
    let mail = mail::offer_new(ctx, &snapshot, &loaded, &settings).await?;
    let shows_icon = ticket.actions.iter().any(|action| action == messages::KIND);
    let unread_messages = if shows_icon { messages::unread_answers(&snapshot, &ctx.actor, &loaded).await? } else { 0 };
    let chat = if chat::is_on(&settings) && messages::sees(&loaded, false) {
        Some(chat::unread_of_desk(&snapshot, &ctx.actor, loaded.ticket.id).await?)
    } else {
        None
    };
    drop(snapshot);
    let draft = drafts::find(ctx, "occurrence", &number.to_string()).await?;
    let visibility = default_visibility(&loaded, &ctx.actor).to_owned();
    super::note_reading(ctx, number).await;
    let key = random_token(16);
    Ok(PropertyView {
        ticket,
        timeline,
        person,
        choices,
        templates,
        draft,
        key,
        visibility,
        mail,
        unread_messages,
        chat,
    })
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
    let gathered = Gathered::load(ctx, connection, std::slice::from_ref(loaded), false).await?;
    let files = documents::of_entries(connection, &[ticket.id]).await?.remove(&ticket.id).unwrap_or_default();
    let worked = if agent { Some(worked(connection, actor, ticket.id).await?) } else { None };
    let view = gathered.view(ctx, loaded);
    let file = |row: &_| documents::view(row, Some(ticket.number), view.writer.clone(), actor.zone);
    let description_files = files.iter().map(file).collect();
    let actions = actions(ctx, connection, loaded, settings).await?;
    Ok(TicketDetail { description_files, actions, worked, ..view })
}

/// Why a ticket waits, as its reader may know it.
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

/// Minutes of the occurrences and tasks that count, as far as the reader may see them (T-TSK-11, T-VIS-03).
async fn worked(connection: &impl ConnectionTrait, actor: &Actor, ticket: Uuid) -> Result<Minutes, ServiceError> {
    let mut sql = Sql::new(
        "SELECT CAST((SELECT COALESCE(SUM(o.minutes), 0) FROM occurrence o WHERE o.removed_at IS NULL AND o.ticket_id = ",
    );
    sql.bind(ticket).push(" AND ").append(&scope::entries(actor));
    sql.push(
        ") + (SELECT COALESCE(SUM(k.actual_minutes), 0) FROM task k WHERE k.removed_at IS NULL AND k.ticket_id = ",
    );
    sql.bind(ticket).push(" AND ").append(&scope::tasks(actor)).push(") AS BIGINT)");
    let sum: Option<i64> = sql.scalar(connection).await?;
    Ok(Minutes(i32::try_from(sum.unwrap_or(0)).unwrap_or(i32::MAX)))
}

/// What the reader may do now: names of commands and of the forms (`update`, `occurrence`, `message` …).
pub(crate) async fn actions(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<Vec<String>, ServiceError> {
    let mut out = listed_actions(loaded, settings, ctx);
    if messages::may_send(connection, loaded, settings).await? {
        out.push(messages::KIND.to_owned());
    }
    Ok(out)
}

fn listed_actions(loaded: &Loaded, settings: &Settings, ctx: &Ctx) -> Vec<String> {
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
    let answers = can_answer_solution(caps, &loaded.facts).is_ok();
    let listed = [
        ("update", writable && has(Capability::TicketUpdate)),
        ("change-priority", writable && has(Capability::TicketChangePriority)),
        ("occurrence", may_write(loaded, settings)),
        ("document", may_write(loaded, settings)),
        ("task", writable && !portal && can_add_task(caps, &loaded.facts).is_ok()),
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
        ("solve", has(Capability::TicketSolve) && has(Capability::SolutionAdd) && allowed(Trigger::Solve)),
        ("approve", answers && allowed(Trigger::Approve)),
        ("refuse", answers && allowed(Trigger::Refuse)),
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
        // T-STA-30: a new ticket of its own, so nothing is asked of this one but to be over.
        ("follow-up", follow_up::can_be_followed(loaded) && has(Capability::TicketCreate)),
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
