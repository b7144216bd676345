//! The way to a survey without sign-in (T-SOL-08, P-ACT-10): a signed link for one person and one closing.

use domain::error::AppError;
use domain::forms::AnswerSurveyByLink;
use domain::survey::SurveyState;
use domain::views::SurveyLinkView;
use entity::{app_user, survey, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::answer::{Answerer, Checked, store};
use super::{KIND, stand, state_of};
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::{mail, moments, signed_links, tickets, work};

/// The address in the mail.
pub(crate) fn address(services: &Services, survey: Uuid, user: Option<Uuid>, address_key: &str) -> String {
    let secret = signed_links::secret(services, (KIND, survey), user, address_key);
    [&*services.base_url, "/survey?token=", secret.as_str()].concat()
}

/// What a link opens.
struct Opened {
    survey: survey::Model,
    ticket: ticket::Model,
    who: Answerer,
}

/// Reads a link; `None` for one that never was, or whose person is no requester any more or has no account in use.
async fn open(connection: &impl ConnectionTrait, token: &str) -> Result<Option<Opened>, ServiceError> {
    let Some(link) = signed_links::find(connection, KIND, token).await? else { return Ok(None) };
    let Some(survey) = survey::Entity::find_by_id(link.object_id).one(connection).await? else { return Ok(None) };
    let found = ticket::Entity::find_by_id(survey.ticket_id).one(connection).await?;
    let Some(ticket) = found.filter(|ticket| ticket.deleted_at.is_none()) else { return Ok(None) };
    let actors =
        ticket_actor::Entity::find().filter(ticket_actor::Column::TicketId.eq(ticket.id)).all(connection).await?;
    let people = mail::requesters(connection, ticket.entity_id, &actors, None, link.user_id).await?;
    let is_same = |one: &mail::Recipient| match link.user_id {
        Some(user) => one.user == Some(user),
        None => one.user.is_none() && one.key() == link.address_key,
    };
    let is_disabled = |one: &mail::Recipient| one.problem == Some(domain::mail::Unsent::Disabled);
    if !people.iter().any(|one| is_same(one) && !is_disabled(one)) {
        return Ok(None);
    }
    let who = Answerer { user: link.user_id, key: link.address_key, name: link.name };
    Ok(Some(Opened { survey, ticket, who }))
}

/// What whoever holds a link reads; `None` for one that opens nothing. Changes nothing, whoever opens it.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn by_link(services: &Services, token: &str) -> Result<Option<SurveyLinkView>, ServiceError> {
    let snapshot = services.db.snapshot().await?;
    let Some(Opened { survey, ticket, who }) = open(&snapshot, token).await? else { return Ok(None) };
    let zone = zone_of(&snapshot, &ticket, who.user).await?;
    let is_mine = who.gave(&survey);
    let off = stand(&survey, is_mine).check(services.now()).err();
    // Over, it tells no texts (T-SOL-08).
    let shows = off.is_none();
    let answered = survey.answered_at.map(|at| moment(at, zone));
    let until = survey.answered_at.map(|at| moment(at + domain::survey::CHANGE_WITHIN, zone));
    Ok(Some(SurveyLinkView {
        number: ticket.number,
        title: if shows { ticket.title } else { String::new() },
        score: survey.score.filter(|_| shows).and_then(|score| u8::try_from(score).ok()),
        comment: if shows { survey.comment.clone() } else { String::new() },
        changes_until: until.filter(|_| shows),
        answered_at: answered,
        is_reopened: matches!(state_of(&survey), SurveyState::Withdrawn | SurveyState::Superseded),
        off,
    }))
}

/// The zone in which a person reads times: his own, else that of the entity.
async fn zone_of(
    connection: &impl ConnectionTrait,
    ticket: &ticket::Model,
    user: Option<Uuid>,
) -> Result<chrono_tz::Tz, ServiceError> {
    let own = match user {
        Some(user) => app_user::Entity::find_by_id(user).one(connection).await?.map(|user| user.time_zone),
        None => None,
    };
    if let Some(zone) = own.as_deref().and_then(mail::own_zone) {
        return Ok(zone);
    }
    let entity = entity::entity::Entity::find_by_id(ticket.entity_id).one(connection).await?;
    Ok(moments::zone(&entity.map(|entity| entity.time_zone).unwrap_or_default()))
}

/// Answers by a link, as the person it was sent to.
///
/// # Errors
/// `Invalid` on `score` and `comment`; `NotFound` for a link that opens nothing; `Refused` with `survey_closed` or
/// `survey_expired`.
pub async fn answer_by_link(services: &Services, form: AnswerSurveyByLink) -> Result<(), ServiceError> {
    let checked = Checked::read(&form.score, &form.comment)?;
    let opened = open(services.db.reader(), &form.token).await?.ok_or(AppError::NotFound)?;
    let person = match opened.who.user {
        Some(user) => app_user::Entity::find_by_id(user).one(services.db.reader()).await?,
        None => None,
    };
    let actor = match person {
        Some(user) => Actor::load(services.db.reader(), user, String::new()).await?,
        None => Actor::automatic(services.db.reader()).await?,
    };
    let ctx = Ctx::new(services.clone(), actor);
    let (ticket, token) = (opened.ticket.id, form.token);
    work::write(&ctx, move |w| {
        let (checked, token) = (checked.clone(), token.clone());
        Box::pin(async move {
            // Read again under the lock of the ticket: somebody may have answered, or reopened it.
            let _held = tickets::lock_unattended(w, ticket).await?.ok_or(AppError::NotFound)?;
            let Opened { survey, who, .. } = open(&w.tx, &token).await?.ok_or(AppError::NotFound)?;
            store(w, survey, &who, &checked).await
        })
    })
    .await
}
