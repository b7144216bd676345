//! The tickets of the demo desk.

use domain::occurrence::BodyFormat;
use domain::policy::Facts;
use domain::solution::{SolutionState, Way};
use domain::ticket::priority::{DEFAULT_MATRIX, MAJOR, priority};
use domain::ticket::{Status, TicketType};
use domain::views::FieldChange;
use entity::{
    occurrence, occurrence_revision, read_mark, solution, status_interval, ticket, ticket_actor, ticket_event,
};
use serde::Deserialize;
use uuid::Uuid;

use super::desk::{Desk, known, known_id};
use super::entries::{self, EntryItem, Pinned};
use super::random::Random;
use super::story::{Course, Happening};
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::sanitise;
use crate::solutions::{self, closing::told};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// Kind of the event by which a solution is known.
const SOLVED: &str = "solution_added";

/// `tickets.json`.
#[derive(Debug, Deserialize)]
pub(super) struct TicketFile {
    pub(super) tickets: Vec<TicketItem>,
}

/// A ticket in the file; times are minutes before or after the moment of loading.
#[derive(Debug, Deserialize)]
pub(super) struct TicketItem {
    entity: String,
    #[serde(rename = "type")]
    kind: TicketType,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) language: String,
    status: Status,
    urgency: u8,
    impact: u8,
    major: bool,
    category: Option<String>,
    source: String,
    location: Option<String>,
    requesters: Vec<String>,
    observers: Vec<String>,
    assignees: Vec<String>,
    opened_ago_minutes: i64,
    due_in_minutes: Option<i64>,
    pending_reason: Option<String>,
    pub(super) occurrences: Vec<EntryItem>,
    /// What solved it: every solved and every closed one has it.
    solution: Option<SolutionItem>,
}

#[derive(Debug, Deserialize)]
struct SolutionItem {
    /// Code of a shipped solution type.
    kind: String,
    body: String,
}

/// What the parts of a ticket share.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) desk: &'a Desk,
    pub(super) ticket_id: Uuid,
    pub(super) entity_id: Uuid,
    pub(super) number: i64,
    /// Id of its solution, if it gets one.
    solution_id: Uuid,
    writer: Uuid,
    actors: &'a [ticket_actor::Model],
    now: i64,
}

impl Frame<'_> {
    /// A moment so many minutes before loading.
    pub(super) const fn ago(&self, minutes: i64) -> i64 {
        self.now - minutes * MINUTE
    }

    /// What somebody is to the ticket (T-ROL-05, 06).
    pub(super) fn facts(&self, person: Uuid) -> Facts {
        let groups: Vec<Uuid> =
            self.desk.groups.values().filter(|group| group.members.contains(&person)).map(|group| group.id).collect();
        let is = |role: &str| {
            self.actors.iter().filter(|actor| actor.role == role).any(|actor| {
                actor.user_id == Some(person) || actor.group_id.is_some_and(|group| groups.contains(&group))
            })
        };
        Facts {
            requester_side: is("requester"),
            assigned: is("assignee"),
            observer: is("observer"),
            writer: self.writer == person,
        }
    }
}

/// A ticket with all its rows.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) ticket: ticket::Model,
    pub(super) actors: Vec<ticket_actor::Model>,
    pub(super) occurrences: Vec<occurrence::Model>,
    pub(super) revisions: Vec<occurrence_revision::Model>,
    pub(super) pinned: Vec<Pinned>,
    pub(super) solution: Option<solution::Model>,
    pub(super) events: Vec<ticket_event::Model>,
    pub(super) intervals: Vec<status_interval::Model>,
    pub(super) marks: Vec<read_mark::Model>,
}

/// Makes the rows of one ticket.
pub(super) fn build(
    desk: &Desk,
    item: &TicketItem,
    number: i64,
    now: i64,
    random: &mut Random,
) -> Result<Whole, ServiceError> {
    let (ticket_id, entity_id) = (new_id(), *known(&desk.entities, &item.entity)?);
    let mut actors = Vec::new();
    for (role, texts) in [("requester", &item.requesters), ("observer", &item.observers), ("assignee", &item.assignees)]
    {
        for (text, position) in texts.iter().zip(0..) {
            actors.push(actor(desk, ticket_id, role, text, position)?);
        }
    }
    let writer = writer(desk, item, &actors)?;
    let frame = Frame { desk, ticket_id, entity_id, number, solution_id: new_id(), writer, actors: &actors, now };
    let opened = frame.ago(item.opened_ago_minutes);
    let mut story = Vec::new();
    let entries = entries::build(&frame, &item.occurrences, &mut story)?;
    let first = entries.first_of_service();
    let last = entries.last().unwrap_or(opened);
    let course = course(&frame, item, (opened, first, last), &mut story, random)?;
    let solution = solution(&frame, item, &story)?;
    // Equal moments keep the order in which they were told.
    story.sort_by_key(|happening| happening.at);
    let updated = story.iter().map(|happening| happening.at).max().unwrap_or(opened);
    let noticed = story.iter().filter(|happening| happening.is_noticed_by_requesters());
    let public_updated = noticed.map(|happening| happening.at).max().unwrap_or(opened);
    let ticket = row(&frame, item, &course, (opened, first), (updated, public_updated))?;
    let marks = marks(&frame, &entries.rows, updated, random);
    let intervals = course.intervals(ticket_id);
    let events = story.into_iter().map(|happening| happening.into_row(ticket_id)).collect::<Result<Vec<_>, _>>()?;
    Ok(Whole {
        ticket,
        actors,
        occurrences: entries.rows,
        revisions: entries.revisions,
        pinned: entries.pinned,
        solution,
        events,
        intervals,
        marks,
    })
}

fn actor(
    desk: &Desk,
    ticket_id: Uuid,
    role: &str,
    text: &str,
    position: i32,
) -> Result<ticket_actor::Model, ServiceError> {
    let mut row = ticket_actor::Model {
        id: new_id(),
        ticket_id,
        role: role.to_owned(),
        user_id: None,
        group_id: None,
        email: None,
        name: None,
        position,
    };
    if let Some(key) = text.strip_prefix("group:") {
        row.group_id = Some(known(&desk.groups, key)?.id);
    } else if let Some(typed) = text.strip_prefix("email:") {
        let (name, address) = typed.split_once('<').unwrap_or(("", typed));
        row.email = Some(crate::account::email_key(address.trim_end_matches('>')));
        row.name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    } else {
        row.user_id = Some(known(&desk.people, text)?.id);
    }
    Ok(row)
}

/// Who registered it: the requester himself, unless he called, came by or has no account.
fn writer(desk: &Desk, item: &TicketItem, actors: &[ticket_actor::Model]) -> Result<Uuid, ServiceError> {
    let user_of = |role: &str| actors.iter().filter(|actor| actor.role == role).find_map(|actor| actor.user_id);
    let told = matches!(item.source.as_str(), "Phone" | "In person");
    match user_of("requester").filter(|_| !told).or_else(|| user_of("assignee")) {
        Some(writer) => Ok(writer),
        None => Ok(known(&desk.people, "tech1")?.id),
    }
}

/// The commands that led to the status the file asks for; `times`: opening, first answer, last entry.
fn course(
    frame: &Frame<'_>,
    item: &TicketItem,
    times: (i64, Option<i64>, i64),
    story: &mut Vec<Happening>,
    random: &mut Random,
) -> Result<Course, ServiceError> {
    let (opened, first, last) = times;
    let mut course = Course::start(Status::New, opened, Some(frame.writer), story);
    let supervisor = known(&frame.desk.people, "supervisor1")?.id;
    let assignee = frame.actors.iter().filter(|a| a.role == "assignee").find_map(|a| a.user_id);
    let mut after = last;
    if !item.assignees.is_empty() {
        let limit = first.unwrap_or(opened + HOUR).min(opened + HOUR).min(frame.now - 2 * MINUTE);
        let at = random.between(opened + 30, limit - 30);
        let (kind, by) = match (assignee, item.assignees.len()) {
            (Some(user), 1) => ("taken", user),
            _ => ("assigned", supervisor),
        };
        let mut changes = Vec::new();
        for text in &item.assignees {
            let new = match text.strip_prefix("group:") {
                Some(key) => known(&frame.desk.groups, key)?.name.clone(),
                None => known(&frame.desk.people, text)?.name.clone(),
            };
            changes.push(FieldChange { field: "assignee".to_owned(), old: String::new(), new });
        }
        course.step(Status::Assigned, at, Some(by), Some((kind, changes)), story);
        after = after.max(at);
    }
    let by = Some(assignee.unwrap_or(supervisor));
    let soon = |random: &mut Random| (after + random.between(MINUTE, 10 * MINUTE)).min(frame.now - 30).max(after);
    match item.status {
        Status::Pending => {
            let at = soon(random);
            course.step(Status::Pending, at, by, Some(("suspended", Vec::new())), story);
        }
        Status::Cancelled => {
            let at = soon(random);
            course.step(Status::Cancelled, at, by, Some(("cancelled", Vec::new())), story);
        }
        Status::Solved => {
            let at = soon(random);
            course.step(Status::Solved, at, by, None, story);
            proposed(frame, &course, (at, by), story);
        }
        Status::Closed => {
            let solved = soon(random);
            course.step(Status::Solved, solved, by, None, story);
            proposed(frame, &course, (solved, by), story);
            let at = (solved + random.between(DAY, 2 * DAY)).min(frame.now - 5 * MINUTE).max(solved);
            course.step(Status::Closed, at, Some(supervisor), Some(("closed", told(Way::ByHand, None))), story);
        }
        Status::New | Status::Assigned | Status::Planned => {}
    }
    Ok(course)
}

/// Solving is known by its solution.
fn proposed(frame: &Frame<'_>, course: &Course, (at, by): (i64, Option<Uuid>), story: &mut Vec<Happening>) {
    let entry = Some((solutions::KIND, frame.solution_id, false, by));
    let event = Happening::new(at, by, SOLVED);
    story.push(Happening { entry, version: course.version(), ..event });
}

/// The solution the story tells of.
fn solution(
    frame: &Frame<'_>,
    item: &TicketItem,
    story: &[Happening],
) -> Result<Option<solution::Model>, ServiceError> {
    let Some(event) = story.iter().find(|happening| happening.kind == SOLVED) else { return Ok(None) };
    let lacking = || ServiceError::internal(format!("the demo files solve #{} without a solution", frame.number));
    let given = item.solution.as_ref().ok_or_else(lacking)?;
    let body = sanitise::rich(&given.body, BodyFormat::Html);
    Ok(Some(solution::Model {
        id: frame.solution_id,
        ticket_id: frame.ticket_id,
        entity_id: frame.entity_id,
        author_id: event.author,
        body: body.html.as_str().to_owned(),
        body_text: body.text,
        type_id: known_id(&frame.desk.solution_types, Some(&given.kind))?,
        template_id: None,
        template_name: None,
        // Closed by hand: nobody answered.
        state: SolutionState::Waiting.as_str().to_owned(),
        answered_at: None,
        answered_by_id: None,
        answered_name: None,
        comment: None,
        registered_at: event.at,
        edited_at: None,
        edited_by_id: None,
        revision_count: 0,
        version: 1,
    }))
}

/// The row itself; `begun`: opening and first answer, `touched`: last change, and last one the requester side may notice.
fn row(
    frame: &Frame<'_>,
    item: &TicketItem,
    course: &Course,
    begun: (i64, Option<i64>),
    touched: (i64, i64),
) -> Result<ticket::Model, ServiceError> {
    let desk = frame.desk;
    let status = course.status();
    let description = sanitise::rich(&item.description, BodyFormat::Html);
    let category = item.category.as_deref().map(|key| known(&desk.categories, key)).transpose()?;
    let computed = priority(item.urgency, item.impact, &DEFAULT_MATRIX);
    let assigned_at = course.since(Status::Assigned);
    let has_person = frame.actors.iter().any(|actor| actor.role == "assignee" && actor.user_id.is_some());
    let (opened_at, first) = begun;
    let is_pending = status == Status::Pending;
    Ok(ticket::Model {
        id: frame.ticket_id,
        number: frame.number,
        entity_id: frame.entity_id,
        kind: item.kind.as_str().to_owned(),
        title: sanitise::title(&item.title),
        description: description.html.as_str().to_owned(),
        description_text: description.text,
        description_edited_at: None,
        status: status.as_str().to_owned(),
        urgency: i32::from(item.urgency),
        impact: i32::from(item.impact),
        priority: i32::from(if item.major { MAJOR } else { computed }),
        priority_by_hand: item.major,
        category_id: category.map(|category| category.id),
        source_id: known_id(&desk.sources, Some(&item.source))?,
        location_id: known_id(&desk.locations, item.location.as_deref())?,
        writer_id: Some(frame.writer),
        routing_group_id: category.and_then(|category| category.group),
        opened_at,
        assigned_at,
        taken_at: if has_person { assigned_at } else { first },
        due_own_at: None,
        due_resolve_at: item.due_in_minutes.map(|minutes| frame.now + minutes * MINUTE),
        solved_at: course.since(Status::Solved),
        closed_at: course.since(Status::Closed),
        cancelled_at: course.since(Status::Cancelled),
        close_due_at: None,
        pending_reason_id: known_id(&desk.reasons, item.pending_reason.as_deref().filter(|_| is_pending))?,
        pending_text: None,
        pending_since: course.since(Status::Pending).filter(|_| is_pending),
        answer_awaited: false,
        reopen_count: 0,
        merged_into_id: None,
        deleted_at: None,
        deleted_by_id: None,
        deleted_reason: None,
        version: course.version(),
        created_at: opened_at,
        updated_at: touched.0,
        public_updated_at: touched.1,
        customer_id: None,
    })
}

/// Everybody who wrote has read at least up to his own last entry, some everything (T-TIM-07).
fn marks(frame: &Frame<'_>, rows: &[occurrence::Model], updated: i64, random: &mut Random) -> Vec<read_mark::Model> {
    let mut out: Vec<read_mark::Model> = Vec::new();
    for user_id in rows.iter().filter_map(|row| row.author_id).chain([frame.writer]) {
        if out.iter().any(|mark| mark.user_id == user_id) {
            continue;
        }
        let own = rows.iter().rposition(|row| row.author_id == Some(user_id));
        let later: Vec<i64> = rows.iter().skip(own.unwrap_or(0)).map(|row| row.registered_at).collect();
        let read_at = if random.chance(60) { updated } else { random.pick(&later).copied().unwrap_or(updated) };
        out.push(read_mark::Model { user_id, ticket_id: frame.ticket_id, read_at, last_entry_id: None });
    }
    out
}
