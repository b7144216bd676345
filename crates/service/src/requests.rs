//! My requests: public content only, read by queries that name no private entry, whoever the reader is (P-GEN-02).

mod form;

use std::collections::{BTreeMap, BTreeSet};

use domain::error::{AppError, Code};
use domain::forms::Command;
use domain::policy::{Capability, can_add_occurrence, can_answer_solution};
use domain::settings::Key;
use domain::ticket::machine::{self, Trigger};
use domain::ticket::{ReopenPolicy, Side, Status};
use domain::views::{Choice, ListQuery, Page, RequestDetail, RequestRow, TimelineQuery};
use entity::{list_row, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

pub use self::form::{new_request, new_request_with_articles};
use crate::ctx::{Ctx, random_token};
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::scope::{self, PortalRole};
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::create::follow_up;
use crate::tickets::detail as ticket_detail;
use crate::tickets::list::{binding, by_id, count_of, first_people, of_scope, pending_label, plus, reasons, unread};
use crate::tickets::{self, Loaded, people, state, status_of};
use crate::{chat, documents, drafts, knowledge, lists, mail, messages, sanitise, solutions, surveys};

/// Requests of the reader: through himself and his groups only.
///
/// # Errors
/// `Invalid` at an unknown filter, role, sort or cursor.
pub async fn list(ctx: &Ctx, query: ListQuery) -> Result<Page<RequestRow>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let role = match query.role.as_str() {
        "" | "mine" => PortalRole::Mine,
        "groups" => PortalRole::Groups,
        "observed" => PortalRole::Observed,
        "all" => PortalRole::All,
        _ => return Err(AppError::field("role", Code::Invalid).into()),
    };
    let mut asked = query.clone();
    let waiting = query.status == "waiting";
    asked.status = match query.status.as_str() {
        "" => "not_closed".to_owned(),
        "waiting" => "not_closed".to_owned(),
        "over" => "closed,cancelled".to_owned(),
        other => other.to_owned(),
    };
    let mut filters = tickets::portal_filters(ctx, &snapshot, &asked).await?;
    if waiting {
        filters.rest.push(" AND (t.status = 'solved' OR t.answer_awaited = TRUE OR ");
        filters.rest.append(&messages::unread_where(&ctx.actor)).push(")");
    }
    let sort = tickets::list::Sort::portal(&query.sort)?;
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let binding = binding(ctx, &query, "requests");
    let position: Option<(i64, i64)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let scope = scope::portal(&ctx.actor, role);
    if filters.walks.is_none() {
        filters.walks = scope::portal_walks(&ctx.actor, role);
    }
    let mut found = of_scope(&snapshot, &scope, &filters, &sort, position, limit + 1).await?;
    let keep = usize::try_from(limit).unwrap_or(50);
    let more = found.len() > keep;
    found.truncate(keep);
    let next_cursor = found
        .last()
        .filter(|_| more)
        .map(|last| cursor::seal(&ctx.services.secret, &binding, &(last.sort_key, last.number)));
    let count = if query.count { Some(count_of(&snapshot, &scope, &filters, &found).await?) } else { None };
    let ids: Vec<Uuid> = found.iter().map(|f| f.id).collect();
    Ok(Page { items: rows(ctx, &snapshot, &ids).await?, next_cursor, count, now: ctx.moment() })
}

async fn rows(ctx: &Ctx, connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<RequestRow>, ServiceError> {
    let mut found = by_id(connection, ids).await?;
    let first = first_people(connection, ids).await?;
    let labels_ids = unique(found.values().filter_map(|t| t.pending_reason_id));
    let labels = reasons(connection, &labels_ids).await?;
    let shown_ids = unique(found.values().map(|t| t.entity_id));
    let shown = shown_entities(ctx, connection, &shown_ids).await?;
    let mut unread = unread(connection, &ctx.actor, ids, true).await?;
    unread.retain(|id, _| found.get(id).is_some_and(|ticket| shown.contains(&ticket.entity_id)));
    let unread = plus(unread, messages::unread(connection, &ctx.actor, &[], ids).await?);
    let unread = plus(unread, chat::unread(connection, &ctx.actor, &[], ids).await?);
    let paths: Vec<Vec<Uuid>> = shown_ids.iter().map(|entity| ctx.actor.path_of(*entity)).collect();
    let on = Settings::switched_on(connection, Key::PortalShowSolution, &paths).await?;
    let is_on = |id: &Uuid| found.get(id).is_some_and(|ticket| on.contains(&ticket.entity_id));
    let solved: Vec<Uuid> = ids.iter().copied().filter(is_on).collect();
    let unread = plus(unread, solutions::unread(connection, &ctx.actor, &solved, true).await?);
    let answerable = answerable(ctx, connection, &found).await?;
    Ok(ids
        .iter()
        .filter_map(|id| found.remove(id))
        .map(|ticket| {
            let status = status_of(&ticket);
            RequestRow {
                number: ticket.number,
                status,
                pending_label: (status == Status::Pending).then(|| pending_label(&ticket, &labels, &ctx.actor)),
                responsible: first.get(&(ticket.id, "assignee".to_owned())).map(|person| person.name.clone()),
                due_resolve_at: ticket.due_resolve_at.filter(|_| status.is_open()).map(|at| moment(at, ctx.actor.zone)),
                paused: state::is_paused(status),
                unread: unread.get(&ticket.id).copied().unwrap_or(0),
                updated_at: moment(ticket.public_updated_at, ctx.actor.zone),
                may_answer: answerable.contains(&ticket.id),
                title: ticket.title,
            }
        })
        .collect())
}

/// Solved requests whose solution the reader may approve or refuse (P-LIS-04): one query.
async fn answerable(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    found: &BTreeMap<Uuid, ticket::Model>,
) -> Result<BTreeSet<Uuid>, ServiceError> {
    let solved: Vec<&ticket::Model> = found.values().filter(|ticket| status_of(ticket) == Status::Solved).collect();
    if solved.is_empty() {
        return Ok(BTreeSet::new());
    }
    let actors = ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.is_in(solved.iter().map(|ticket| ticket.id)))
        .all(connection)
        .await?;
    let answers = |ticket: &&&ticket::Model| {
        let own: Vec<ticket_actor::Model> = actors.iter().filter(|row| row.ticket_id == ticket.id).cloned().collect();
        let facts = tickets::facts(&ctx.actor, ticket, &own);
        can_answer_solution(ctx.actor.caps(ticket.entity_id), &facts).is_ok()
    };
    Ok(solved.iter().filter(answers).map(|ticket| ticket.id).collect())
}

/// Entities whose occurrences the portal shows (setting 298).
async fn shown_entities(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    entities: &[Uuid],
) -> Result<Vec<Uuid>, ServiceError> {
    let mut out = Vec::new();
    for entity in entities.iter().copied() {
        if Settings::load(connection, &ctx.actor.path_of(entity)).await?.is_on(Key::PortalShowOccurrences) {
            out.push(entity);
        }
    }
    Ok(out)
}

/// Whether a ticket is one of the reader's requests at all (P-GEN-01), in any role.
pub(crate) async fn load(ctx: &Ctx, connection: &impl ConnectionTrait, number: i64) -> Result<Loaded, ServiceError> {
    let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE t.number = ");
    sql.bind(number).push(" AND ").append(&scope::portal(&ctx.actor, PortalRole::All));
    let id: Option<Uuid> = sql.scalar(connection).await?;
    tickets::load_visible_by_id(connection, &ctx.actor, id.ok_or(AppError::NotFound)?).await
}

/// A request with its conversation; marks it as read.
///
/// # Errors
/// `NotFound` for numbers that are none of the reader's requests.
pub async fn detail(ctx: &Ctx, number: i64, query: TimelineQuery) -> Result<RequestDetail, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = load(ctx, &snapshot, number).await?;
    let path = ctx.actor.path_of(loaded.ticket.entity_id);
    let settings = Settings::load(&snapshot, &path).await?;
    let timeline = tickets::timeline::of_loaded(ctx, &snapshot, &loaded, &query, &settings, true).await?;
    let names = people::directory(&snapshot, &loaded.actors, &unique(loaded.ticket.writer_id)).await?;
    let shows = settings.is_on(Key::PortalShowOccurrences);
    let files = files(ctx, &snapshot, &loaded).await?;
    let articles = knowledge::of_request(ctx, &snapshot, loaded.ticket.id).await?;
    let labels = reasons(&snapshot, &unique(loaded.ticket.pending_reason_id)).await?;
    let merged_into = ticket_detail::merged_into(&snapshot, &ctx.actor, loaded.ticket.merged_into_id).await?;
    let category =
        lists::refs(&snapshot, &unique(loaded.ticket.category_id), ctx.actor.lang).await?.into_values().next();
    let (categories, locked_category) = categories(ctx, &snapshot, &settings, &path).await?;
    let source = source(&snapshot, &settings, &path).await?;
    let may_notify = loaded.side() != Side::Service && mail::can_notify(ctx, &snapshot, &settings, &path).await?;
    let notify = may_notify.then(|| settings.is_on(Key::PortalNotifyResponsible));
    let unread = unread(&snapshot, &ctx.actor, &[loaded.ticket.id], true)
        .await?
        .into_values()
        .next()
        .filter(|_| shows)
        .unwrap_or(0);
    let unread = if solutions::sees(&loaded, &settings, true) {
        let found = solutions::unread(&snapshot, &ctx.actor, &[loaded.ticket.id], true).await?;
        unread.saturating_add(found.into_values().next().unwrap_or(0))
    } else {
        unread
    };
    let sees_messages = messages::sees(&loaded, true);
    let unread_messages =
        if sees_messages { messages::unread_here(&snapshot, &ctx.actor, loaded.ticket.id).await? } else { 0 };
    let may_send = sees_messages && messages::may_send(&snapshot, &loaded, &settings).await?;
    let chat = if sees_messages && chat::is_on(&settings) {
        Some(chat::unread_here(&snapshot, &ctx.actor, loaded.ticket.id).await?)
    } else {
        None
    };
    let is_closed = loaded.status() == Status::Closed;
    let may_answer = is_closed && surveys::may_answer(ctx, &snapshot, &loaded).await?;
    drop(snapshot);
    let kind = note_kind(&loaded, &settings);
    let draft = match drafts::find(ctx, kind, &number.to_string()).await? {
        // A note that was begun before they were switched off (P-GEN-05).
        None if kind == messages::KIND => drafts::find(ctx, documents::OCCURRENCE, &number.to_string()).await?,
        found => found,
    };
    tickets::note_reading(ctx, number).await;
    if unread_messages > 0 && loaded.is_agent() {
        // What he asked for himself; on the side of the requesters the line above has marked them.
        messages::note_reading(ctx, &loaded).await;
    }
    let ticket = &loaded.ticket;
    let status = status_of(ticket);
    let at = |at: Option<i64>| at.map(|at| moment(at, ctx.actor.zone));
    let people_of = |role: &str| loaded.of_role(role).map(|row| people::view(row, &names, false)).collect::<Vec<_>>();
    Ok(RequestDetail {
        number,
        kind: tickets::kind_of(ticket),
        title: ticket.title.clone(),
        description: sanitise::stored(ticket.description.clone()),
        description_text: ticket.description_text.clone(),
        description_files: files
            .iter()
            .filter(|d| d.entry_kind.as_deref() == Some(documents::DESCRIPTION))
            .cloned()
            .collect(),
        writer: people::author(&names, ticket.writer_id, false).name,
        status,
        category,
        requesters: people_of("requester"),
        assignees: people_of("assignee"),
        opened_at: moment(ticket.opened_at, ctx.actor.zone),
        due_resolve_at: at(ticket.due_resolve_at),
        close_due_at: at(ticket.close_due_at),
        solved_at: at(ticket.solved_at),
        closed_at: at(ticket.closed_at),
        pending_label: (status == Status::Pending).then(|| pending_label(ticket, &labels, &ctx.actor)),
        answer_awaited: ticket.answer_awaited,
        merged_into,
        unread: unread.saturating_add(unread_messages).saturating_add(chat.unwrap_or(0)).min(99),
        chat,
        messages: (sees_messages && settings.is_on(Key::MessagesEnabled)).then_some(unread_messages),
        actions: actions(ctx, &loaded, &settings, (may_send, may_answer)),
        reopen_off: reopen_off(ctx, &loaded, &settings).to_owned(),
        reopen_days: settings.number(Key::ReopenDays),
        note_off: note_off(&loaded, &settings).to_owned(),
        note_effect: note_effect(status, &loaded, &settings).to_owned(),
        notify,
        timeline,
        files,
        articles,
        categories,
        locked_category,
        locked_source: source.filter(|_| !loaded.is_agent()).map(|row| lists::name(&row, ctx.actor.lang)),
        draft,
        key: random_token(16),
        updated_at: moment(ticket.public_updated_at, ctx.actor.zone),
        now: moment(ctx.now(), ctx.actor.zone),
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
    })
}

/// Files of what the portal shows (P-DET-05), public ones only, whoever reads.
async fn files(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<Vec<domain::views::DocumentView>, ServiceError> {
    let rows = documents::list_rows(connection, &ctx.actor, &loaded.ticket, true).await?;
    let names_ids = unique(rows.iter().map(|d| d.author_id));
    let names = people::directory(connection, &[], &names_ids).await?;
    Ok(rows
        .iter()
        .map(|d| {
            documents::view(
                d,
                Some(loaded.ticket.number),
                people::author(&names, Some(d.author_id), false),
                ctx.actor.zone,
            )
        })
        .collect())
}

/// What a requester may choose as category, or the locked one (P-OCC-03).
async fn categories(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    settings: &Settings,
    path: &[Uuid],
) -> Result<(Vec<Choice>, Option<String>), ServiceError> {
    let rows = lists::rows(connection, lists::OCCURRENCE_CATEGORIES, path).await?;
    let locked = settings.text(Key::PortalDefaultCategory);
    if locked.is_empty() {
        return Ok((lists::choices(&rows, ctx.actor.lang), None));
    }
    let name =
        rows.iter().find(|row| row.active && row.id.to_string() == locked).map(|row| lists::name(row, ctx.actor.lang));
    Ok((Vec::new(), name))
}

/// The source of what is written in the portal: that of setting 263, and that of the portal where it is not set or broken
/// (P-OCC-03).
pub(crate) async fn source(
    connection: &impl ConnectionTrait,
    settings: &Settings,
    path: &[Uuid],
) -> Result<Option<list_row::Model>, ServiceError> {
    let chosen = settings.text(Key::PortalDefaultSource);
    match lists::active_row(connection, lists::SOURCES, path, chosen).await? {
        Ok(row) => Ok(Some(row)),
        Err(_broken) => lists::by_code(connection, lists::SOURCES, path, "portal").await,
    }
}

fn actions(ctx: &Ctx, loaded: &Loaded, settings: &Settings, (may_send, may_answer): (bool, bool)) -> Vec<String> {
    let rules = state::rules(loaded, settings, ctx.now(), ctx.actor.entity_zone(loaded.ticket.entity_id));
    let status = loaded.status();
    let requester = loaded.facts.requester_side;
    let answers = status == Status::Solved && can_answer_solution(loaded.caps, &loaded.facts).is_ok();
    let listed = [
        ("occurrence", note_off(loaded, settings).is_empty()),
        ("approve", answers && machine::apply(status, Trigger::Approve, &rules).is_ok()),
        ("refuse", answers && machine::apply(status, Trigger::Refuse, &rules).is_ok()),
        (
            Command::Cancel.as_str(),
            requester
                && settings.is_on(Key::PortalCancel)
                && machine::apply(status, Trigger::CancelByRequester, &rules).is_ok(),
        ),
        (
            Command::Reopen.as_str(),
            requester && status == Status::Closed && machine::apply(status, Trigger::ReopenByRequester, &rules).is_ok(),
        ),
        ("follow-up", follow_up::can_be_followed(loaded) && loaded.caps.contains(Capability::TicketCreate)),
        (messages::KIND, may_send),
        (surveys::KIND, may_answer),
    ];
    listed.iter().filter(|(_, may)| *may).map(|(name, _)| (*name).to_owned()).collect()
}

/// Why a request that is closed stays so (P-ACT-08, T-CLK-10); empty = it can be reopened, or nobody asks.
fn reopen_off(ctx: &Ctx, loaded: &Loaded, settings: &Settings) -> &'static str {
    let status = loaded.status();
    if status != Status::Closed || !loaded.facts.requester_side {
        return "";
    }
    let rules = state::rules(loaded, settings, ctx.now(), ctx.actor.entity_zone(loaded.ticket.entity_id));
    match machine::apply(status, Trigger::ReopenByRequester, &rules) {
        Err(Code::ReopenPeriodOver) if settings.number(Key::ReopenDays) > 0 => "period_over",
        Err(Code::ReopenPeriodOver) => "never",
        _ => "",
    }
}

/// Why no note can be written; empty = it can (P-OCC-01, 06).
fn note_off(loaded: &Loaded, settings: &Settings) -> &'static str {
    match loaded.status() {
        _ if loaded.ticket.merged_into_id.is_some() => "closed",
        Status::Closed => "closed",
        Status::Cancelled => "cancelled",
        _ if !settings.is_on(Key::PortalRegisterOccurrence) => "disabled",
        _ if can_add_occurrence(loaded.caps, &loaded.facts).is_err() => "forbidden",
        _ => "",
    }
}

/// Whose draft the form below the conversation has: a message takes the place of a note that is switched off (P-OCC-06).
fn note_kind(loaded: &Loaded, settings: &Settings) -> &'static str {
    if note_off(loaded, settings) == "disabled" { messages::KIND } else { "occurrence" }
}

/// What a note on a solved request will do, said before sending (P-OCC-05).
fn note_effect(status: Status, loaded: &Loaded, settings: &Settings) -> &'static str {
    if status != Status::Solved || !loaded.facts.requester_side || loaded.facts.assigned {
        return "";
    }
    match settings.reopen_policy() {
        ReopenPolicy::Reopen => "reopen",
        ReopenPolicy::Ask => "ask",
        ReopenPolicy::AppendOnly => "append-only",
    }
}

/// Unread entries over all requests, for the menu: at most 99.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn unread_total(ctx: &Ctx) -> Result<u32, ServiceError> {
    unread_besides(ctx, 0).await
}

/// The same without those of the request `opened`, which its page marks as read; 0 = none.
///
/// # Errors
/// As [`unread_total`].
pub async fn unread_besides(ctx: &Ctx, opened: i64) -> Result<u32, ServiceError> {
    if ctx.actor.entities_with(Capability::TicketViewOwn).is_empty() {
        return Ok(0);
    }
    let page = list(ctx, ListQuery { limit: 200, ..ListQuery::default() }).await?;
    Ok(page.items.iter().filter(|row| row.number != opened).map(|row| row.unread).sum::<u32>().min(99))
}
