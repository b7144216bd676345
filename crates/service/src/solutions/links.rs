//! Signed links by which a requester answers a solution without signing in (T-SOL-08, P-ACT-10): looking changes nothing, only
//! what is posted does.

use domain::error::{AppError, Code};
use domain::forms::AnswerByLink;
use domain::policy::{self, CapSet, Facts, ShippedRole, capabilities};
use domain::settings::Key;
use domain::solution::{Answer, SolutionState};
use domain::ticket::Status;
use domain::views::{OpenLink, SolutionLinkView};
use entity::{app_user, outbox, signed_link, solution, ticket, ticket_actor};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::KIND;
use super::answer::Given;
use super::rows::{self, By};
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::error::ServiceError;
use crate::mail::own_zone;
use crate::moments::moment;
use crate::sanitise;
use crate::settings::Settings;
use crate::signed_links;
use crate::tickets::{self, Loaded};
use crate::{tasks, work};

/// The address in a mail "solved" by which its recipient gives an answer; looking at it asks once more.
pub(crate) fn address(services: &Services, mail: &outbox::Model, answer: Answer) -> String {
    let secret = signed_links::secret(services, (KIND, mail.entry_id), mail.user_id, &mail.address_key);
    format!("{}/solution?token={secret}&answer={answer}", services.base_url)
}

/// Whoever a link was sent to, as he is now; `None` = nobody who may answer any more.
async fn person(
    connection: &impl ConnectionTrait,
    link: &signed_link::Model,
    now: i64,
) -> Result<Option<Actor>, ServiceError> {
    let Some(user) = link.user_id else { return Ok(Some(Actor::automatic(connection).await?)) };
    let user = app_user::Entity::find_by_id(user).one(connection).await?.filter(|user| user.active);
    match user {
        Some(user) => Ok(Some(Actor::load(connection, user, String::new()).await?.asking_at(now))),
        None => Ok(None),
    }
}

/// The ticket of a solution as the person of the link has it: a requester, or the writer, who is not of the team (T-STA-18). A
/// person without account acts as the shipped role Requester (T-ROL-10). Answers also how he is named.
async fn loaded(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    link: &signed_link::Model,
    ticket: Uuid,
) -> Result<Option<(Loaded, By)>, ServiceError> {
    if link.user_id.is_some() {
        let found = match tickets::load_visible_by_id(connection, actor, ticket).await {
            Ok(found) => found,
            Err(error) if error.public == AppError::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let may = policy::can_answer_solution(found.caps, &found.facts).is_ok();
        return Ok(may.then_some((found, By::Actor)));
    }
    let Some(ticket) = ticket::Entity::find_by_id(ticket).one(connection).await? else { return Ok(None) };
    let actors = ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.eq(ticket.id))
        .order_by_asc(ticket_actor::Column::Position)
        .all(connection)
        .await?;
    let is_his = |row: &&ticket_actor::Model| {
        row.role == "requester"
            && row.email.as_ref().is_some_and(|email| email.trim().to_lowercase() == link.address_key)
    };
    let Some(own) = actors.iter().find(is_his) else { return Ok(None) };
    let name = own.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| link.address_key.clone());
    let facts = Facts { requester_side: true, ..Facts::default() };
    let caps: CapSet = capabilities(ShippedRole::Requester);
    let has_open_plan = tasks::has_open_plan(connection, ticket.id).await?;
    Ok(Some((Loaded { ticket, actors, facts, caps, has_open_plan }, By::Named(name))))
}

/// What there is to say of a solution whose link is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Open,
    Answered(i64),
    Void,
}

fn standing(
    link: &signed_link::Model,
    loaded: &Loaded,
    row: &solution::Model,
    last: Option<Uuid>,
    now: i64,
) -> Standing {
    let is_there = loaded.ticket.deleted_at.is_none() && loaded.ticket.merged_into_id.is_none();
    if last != Some(row.id) || !is_there {
        return Standing::Void;
    }
    match (rows::state_of(row), row.answered_at) {
        (SolutionState::Waiting, _) if loaded.status() == Status::Solved && link.expires_at > now => Standing::Open,
        (SolutionState::Accepted | SolutionState::Refused, Some(at)) => Standing::Answered(at),
        _ => Standing::Void,
    }
}

/// What the page of a link shows; nothing is written by that.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn open(services: &Services, token: &str) -> Result<SolutionLinkView, ServiceError> {
    let snapshot = services.db.snapshot().await?;
    let Some(link) = signed_links::find(&snapshot, KIND, token).await? else { return Ok(SolutionLinkView::Void) };
    let Some(actor) = person(&snapshot, &link, services.now()).await? else { return Ok(SolutionLinkView::Void) };
    let row = solution::Entity::find_by_id(link.object_id).one(&snapshot).await?;
    let Some(row) = row else { return Ok(SolutionLinkView::Void) };
    let Some((loaded, _)) = loaded(&snapshot, &actor, &link, row.ticket_id).await? else {
        return Ok(SolutionLinkView::Void);
    };
    let own = if link.user_id.is_some() { own_zone(&actor.user.time_zone) } else { None };
    let zone = own.unwrap_or_else(|| actor.entity_zone(loaded.ticket.entity_id));
    let last = rows::last(&snapshot, loaded.ticket.id).await?.map(|last| last.id);
    Ok(match standing(&link, &loaded, &row, last, services.now()) {
        Standing::Void => SolutionLinkView::Void,
        Standing::Answered(at) => SolutionLinkView::Answered { at: moment(at, zone) },
        Standing::Open => {
            let settings = Settings::load(&snapshot, &actor.path_of(loaded.ticket.entity_id)).await?;
            let shows = settings.is_on(Key::PortalShowSolution);
            SolutionLinkView::Open(Box::new(OpenLink {
                number: loaded.ticket.number,
                // Its pictures are files that only open after signing in.
                body: shows.then(|| sanitise::keep_images(&sanitise::stored(row.body), &[])),
                closes_at: loaded.ticket.close_due_at.map(|at| moment(at, zone)),
                title: loaded.ticket.title,
            }))
        }
    })
}

/// Approves or refuses by a link.
///
/// # Errors
/// `Invalid` on `answer`, `comment` or `reason`; `NotFound` for a link that opens nothing; `Refused` (`not_solved`) for one that is
/// used or void, else as the answer itself.
pub async fn act(services: &Services, form: AnswerByLink) -> Result<(), ServiceError> {
    let asked = Given::read(&form.answer, &form.text, By::System)?;
    let reader = services.db.reader();
    let link = signed_links::find(reader, KIND, &form.token).await?.ok_or(AppError::NotFound)?;
    let actor = person(reader, &link, services.now()).await?.ok_or(AppError::NotFound)?;
    let ctx = Ctx::new(services.clone(), actor);
    work::write(&ctx, move |w| {
        let (link, asked) = (link.clone(), asked.clone());
        Box::pin(async move {
            let row = solution::Entity::find_by_id(link.object_id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
            tickets::hold_row(w, row.ticket_id).await?;
            // Read again under the lock: another answer may have come meanwhile.
            let row = solution::Entity::find_by_id(link.object_id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
            let found = loaded(&w.tx, w.actor(), &link, row.ticket_id).await?;
            let (mut loaded, by) = found.ok_or(AppError::NotFound)?;
            let last = rows::last(&w.tx, loaded.ticket.id).await?.map(|last| last.id);
            let given = asked.by(by);
            match standing(&link, &loaded, &row, last, w.now()) {
                Standing::Open => given.give(w, &mut loaded).await,
                // Twice the same by the same person is answered as the first time.
                Standing::Answered(_) if given.is_repeated(w, &loaded, &row) => Ok(()),
                Standing::Answered(_) | Standing::Void => Err(Code::NotSolved.into()),
            }
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use domain::solution::LINK_LIFE;

    use super::*;

    fn row(state: SolutionState, answered_at: Option<i64>) -> solution::Model {
        solution::Model {
            id: Uuid::nil(),
            ticket_id: Uuid::nil(),
            entity_id: Uuid::nil(),
            author_id: None,
            body: String::new(),
            body_text: String::new(),
            type_id: None,
            template_id: None,
            template_name: None,
            state: state.as_str().to_owned(),
            answered_at,
            answered_by_id: None,
            answered_name: None,
            comment: None,
            registered_at: 0,
            edited_at: None,
            edited_by_id: None,
            revision_count: 0,
            version: 1,
        }
    }

    fn ticket_in(status: Status) -> ticket::Model {
        ticket::Model {
            id: Uuid::nil(),
            number: 42,
            entity_id: Uuid::nil(),
            kind: "incident".to_owned(),
            title: String::new(),
            description: String::new(),
            description_text: String::new(),
            description_edited_at: None,
            status: status.as_str().to_owned(),
            urgency: 3,
            impact: 3,
            priority: 3,
            priority_by_hand: false,
            category_id: None,
            source_id: None,
            location_id: None,
            writer_id: None,
            routing_group_id: None,
            opened_at: 0,
            assigned_at: None,
            taken_at: None,
            due_own_at: None,
            due_resolve_at: None,
            solved_at: None,
            closed_at: None,
            cancelled_at: None,
            close_due_at: None,
            customer_id: None,
            pending_reason_id: None,
            pending_text: None,
            pending_since: None,
            answer_awaited: false,
            reopen_count: 0,
            merged_into_id: None,
            deleted_at: None,
            deleted_by_id: None,
            deleted_reason: None,
            version: 1,
            created_at: 0,
            updated_at: 0,
            public_updated_at: 0,
        }
    }

    #[test]
    fn t_sol_08_a_link_is_good_while_its_solution_waits_and_at_most_30_days() {
        use SolutionState::{Accepted, Refused, Waiting};
        let link = signed_link::Model {
            token_hash: String::new(),
            kind: KIND.to_owned(),
            object_id: Uuid::nil(),
            ticket_id: Uuid::nil(),
            user_id: None,
            address_key: String::new(),
            name: String::new(),
            expires_at: LINK_LIFE,
        };
        let loaded = |status| Loaded {
            ticket: ticket_in(status),
            actors: Vec::new(),
            facts: Facts::default(),
            caps: CapSet::EMPTY,
            has_open_plan: false,
        };
        let of = |status, row: &solution::Model, now| standing(&link, &loaded(status), row, Some(row.id), now);
        let waiting = row(Waiting, None);
        assert_eq!(of(Status::Solved, &waiting, LINK_LIFE - 1), Standing::Open);
        assert_eq!(of(Status::Solved, &waiting, LINK_LIFE), Standing::Void, "its life is over");
        assert_eq!(of(Status::Closed, &waiting, 0), Standing::Void, "closed without an answer");
        assert_eq!(of(Status::Closed, &row(Accepted, Some(7)), LINK_LIFE), Standing::Answered(7));
        assert_eq!(of(Status::New, &row(Refused, Some(8)), 0), Standing::Answered(8));
        let newer = Some(Uuid::max());
        assert_eq!(standing(&link, &loaded(Status::Solved), &waiting, newer, 0), Standing::Void, "a newer one counts");
        let mut gone = loaded(Status::Solved);
        gone.ticket.deleted_at = Some(1);
        assert_eq!(standing(&link, &gone, &waiting, Some(waiting.id), 0), Standing::Void, "in the trash");
    }
}
