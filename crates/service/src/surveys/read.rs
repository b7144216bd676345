//! Surveys as agents and the requester side read them.

use domain::error::AppError;
use domain::views::{ActorView, SurveyView, TicketSurveys};
use entity::survey;
use sea_orm::ConnectionTrait;

use super::{all, sees, stand, state_of};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::ActorDirectory;
use crate::requests;
use crate::sql::unique;
use crate::tickets::{self, Loaded, people};

/// The survey of the last closing: for agents with who answered and with the surveys before it, for the requester side without.
///
/// # Errors
/// `NotFound` for tickets out of sight, for readers who are asked for no opinion, and where there is no survey.
pub async fn get(ctx: &Ctx, number: i64) -> Result<SurveyView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !sees(&loaded) {
        return Err(AppError::NotFound.into());
    }
    last(views(ctx, &snapshot, &loaded, loaded.is_agent()).await?)
}

/// The same as My requests shows it (T-VIS-04).
///
/// # Errors
/// As [`get`]; `NotFound` also for what is none of the reader's requests.
pub async fn portal(ctx: &Ctx, number: i64) -> Result<SurveyView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = requests::load(ctx, &snapshot, number).await?;
    if !loaded.facts.requester_side {
        return Err(AppError::NotFound.into());
    }
    last(views(ctx, &snapshot, &loaded, false).await?)
}

/// The surveys of a ticket for its agents, newest first; there may be none.
///
/// # Errors
/// `NotFound` for tickets out of sight, and for readers who are no agents in its entity.
pub async fn of_ticket(ctx: &Ctx, number: i64) -> Result<TicketSurveys, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let surveys = views(ctx, &snapshot, &loaded, true).await?;
    Ok(TicketSurveys { number, title: loaded.ticket.title, surveys })
}

/// Whether the reader may answer the survey of a request, or change his answer, now.
pub(crate) async fn may_answer(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<bool, ServiceError> {
    if !loaded.facts.requester_side {
        return Ok(false);
    }
    let last = all(connection, loaded.ticket.id).await?.into_iter().next();
    let is_mine = |row: &survey::Model| row.answered_by_id == Some(ctx.actor.id());
    Ok(last.is_some_and(|row| stand(&row, is_mine(&row)).check(ctx.now()).is_ok()))
}

/// The newest one, with those before it where its reader may know of them.
fn last(mut views: Vec<SurveyView>) -> Result<SurveyView, ServiceError> {
    if views.is_empty() {
        return Err(AppError::NotFound.into());
    }
    let first = views.remove(0);
    Ok(SurveyView { earlier: views, ..first })
}

async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    agent: bool,
) -> Result<Vec<SurveyView>, ServiceError> {
    let mut rows = all(connection, loaded.ticket.id).await?;
    if !agent {
        rows.truncate(1);
    }
    let ids = unique(rows.iter().filter_map(|row| row.answered_by_id));
    let names = people::directory(connection, &[], &ids).await?;
    Ok(rows.iter().map(|row| view(ctx, loaded, row, &names, agent)).collect())
}

fn view(ctx: &Ctx, loaded: &Loaded, row: &survey::Model, names: &ActorDirectory, agent: bool) -> SurveyView {
    let zone = ctx.actor.zone;
    let is_mine = row.answered_by_id == Some(ctx.actor.id());
    let shows = agent || is_mine;
    let off = if loaded.facts.requester_side { stand(row, is_mine).check(ctx.now()).err() } else { None };
    SurveyView {
        number: loaded.ticket.number,
        title: loaded.ticket.title.clone(),
        state: state_of(row),
        sent_at: moment(row.sent_at, zone),
        expires_at: moment(row.expires_at, zone),
        // What another requester said is between him and the team.
        score: row.score.filter(|_| shows).and_then(|score| u8::try_from(score).ok()),
        comment: if shows { row.comment.clone() } else { String::new() },
        answered_at: row.answered_at.map(|at| moment(at, zone)),
        changes_until: row
            .answered_at
            .filter(|_| is_mine && off.is_none())
            .map(|at| moment(at + domain::survey::CHANGE_WITHIN, zone)),
        answered_by: author(row, names).filter(|_| agent),
        agent,
        is_mine,
        off,
        earlier: Vec::new(),
    }
}

/// Who answered: an account, or somebody known by his address only.
fn author(row: &survey::Model, names: &ActorDirectory) -> Option<ActorView> {
    if row.answered_by_id.is_some() {
        return Some(people::author(names, row.answered_by_id, true));
    }
    let email = row.answered_by_key.clone()?;
    let name = row.answered_by_name.clone().unwrap_or_else(|| email.clone());
    Some(ActorView { kind: domain::views::ActorKind::Email, name, email: Some(email), ..ActorView::default() })
}
