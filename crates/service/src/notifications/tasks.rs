//! Who is told of a task: whoever it is given to (T-TSK-07).

use domain::notification::{Event, Why};
use domain::policy;
use entity::{task, ticket, ticket_actor};

use super::{Circle, Person, Told, deliver};
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tasks;
use crate::work::Work;

/// What a person or group of a task counts as among the people of its ticket: nothing that shows him the ticket.
const ROLE: &str = "task";

/// Tells the person of a task, or the members of its group, in the transaction of the act: never the actor himself, only agents
/// who see the ticket and the task, and nobody who switched the event off; by mail who wants that. Of one event only the newest
/// row of a task stays.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn of_task(
    w: &Work,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    event: Event,
    row: &task::Model,
) -> Result<(), ServiceError> {
    let Some(doer) = doer(row) else { return Ok(()) };
    let mut around = actors.to_vec();
    around.push(doer.clone());
    let circle = Circle::load(&w.tx, ticket, &around, &w.actor().path_of(ticket.entity_id)).await?;
    let readers = readers(w, &circle, row, &doer);
    if readers.is_empty() {
        return Ok(());
    }
    let mut forget = Sql::new("DELETE FROM notification WHERE entry_kind = 'task' AND entry_id = ");
    forget.bind(row.id).push_bind(" AND event = ", event.as_str());
    forget.push(" AND user_id IN ").list(readers.iter().map(|person| person.id));
    forget.run(&w.tx).await?;
    let why = if row.user_id.is_some() { Why::TaskUser } else { Why::TaskGroup };
    let entry = Some((tasks::KIND, row.id));
    let of = |person: &Person| Told { id: new_id(), user: person.id, event, why, entry };
    let told: Vec<(Told<'_>, &Person)> = readers.into_iter().map(|person| (of(person), person)).collect();
    deliver(w, ticket, &[], &[], told).await
}

/// Whoever does it, in the form of a person of the ticket.
fn doer(row: &task::Model) -> Option<ticket_actor::Model> {
    let group_id = row.group_id.filter(|_| row.user_id.is_none());
    if row.user_id.is_none() && group_id.is_none() {
        return None;
    }
    Some(ticket_actor::Model {
        id: row.id,
        ticket_id: row.ticket_id,
        role: ROLE.to_owned(),
        user_id: row.user_id,
        group_id,
        email: None,
        name: None,
        position: 0,
    })
}

/// Those of them who are agents there, and see the ticket (T-VIS-01) and the task (T-VIS-03).
fn readers<'c>(w: &Work, circle: &'c Circle, row: &task::Model, doer: &ticket_actor::Model) -> Vec<&'c Person> {
    let me = w.actor().id();
    let private = tasks::rows::visibility_of(row).is_private();
    let is_reader = |person: &&Person| {
        let is_meant = match doer.user_id {
            Some(user) => user == person.id,
            None => doer.group_id.is_some_and(|group| circle.is_member(group, person.id)),
        };
        let is_author = row.author_id == Some(person.id);
        is_meant
            && person.caps.is_agent()
            && circle.sees(person)
            && policy::can_see_task(person.caps, private, is_author)
    };
    circle.people().iter().filter(|person| person.id != me).filter(is_reader).collect()
}
