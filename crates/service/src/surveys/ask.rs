//! Asking with the closing of a ticket, and taking it back with its reopening.

use domain::mail::Unsent;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::settings::Key;
use domain::survey::SurveyState;
use entity::survey;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::KIND;
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::mail::{self, Recipient};
use crate::signed_links;
use crate::sql::Sql;
use crate::tickets::Loaded;
use crate::work::Work;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Asks the requesters of a ticket that is being closed, where `survey.enabled` is on and one of them can be reached: one survey
/// for each closing, one link for each person (T-SRV-01). Who closed it gets no mail: he finds it in My requests. Answers the
/// addresses that get its mail, which says that the ticket is closed too; `None` = nobody is asked.
pub(crate) async fn ask(w: &Work, loaded: &Loaded) -> Result<Option<Vec<String>>, ServiceError> {
    let ticket = &loaded.ticket;
    let settings = w.settings(&w.actor().path_of(ticket.entity_id)).await?;
    if !settings.is_on(Key::SurveyEnabled) {
        return Ok(None);
    }
    let people = mail::requesters(&w.tx, ticket.entity_id, &loaded.actors, None, None).await?;
    let is_reached =
        |one: &Recipient| one.problem.is_none() || (one.user.is_some() && one.problem != Some(Unsent::Disabled));
    if !people.iter().any(is_reached) {
        return Ok(None);
    }
    let row = survey::ActiveModel {
        id: Set(new_id()),
        ticket_id: Set(ticket.id),
        state: Set(SurveyState::Open.as_str().to_owned()),
        sent_at: Set(w.now()),
        expires_at: Set(w.now() + settings.number(Key::SurveyValidDays).clamp(1, 365) * DAY),
        score: Set(None),
        comment: Set(String::new()),
        answered_at: Set(None),
        answered_by_id: Set(None),
        answered_by_key: Set(None),
        answered_by_name: Set(None),
        changed_at: Set(None),
    };
    let row = row.insert(&w.tx).await?;
    let entry = Some((KIND, row.id, Visibility::Public, None));
    history::record(w, ticket.id, Record { kind: "survey_sent", entry, automatic: true, ..Record::default() }).await?;
    let asked = mail::asked(&w.ctx, &w.tx, loaded, Event::Survey).await?;
    signed_links::store(w, (KIND, row.id), ticket.id, &asked.people, row.expires_at).await?;
    mail::ask(w, ticket, &row, (mail::Kind::Survey, Event::Survey), &asked).await?;
    let reached = asked.people.iter().filter(|one| one.problem.is_none());
    Ok(Some(reached.map(Recipient::key).collect()))
}

/// The ticket is open again: a survey that nobody answered is withdrawn, an answer counts no more (T-SRV-02).
pub(crate) async fn take_back(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    for (from, to) in [(SurveyState::Open, SurveyState::Withdrawn), (SurveyState::Answered, SurveyState::Superseded)] {
        let mut sql = Sql::new("UPDATE survey SET state = ");
        sql.bind(to.as_str()).push_bind(" WHERE ticket_id = ", ticket).push_bind(" AND state = ", from.as_str());
        sql.run(&w.tx).await?;
    }
    Ok(())
}
