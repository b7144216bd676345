//! Tickets with everything that hangs on them, as rows that wait to be written.

use domain::solution::SolutionState;
use domain::ticket::Status;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::bulk::Bulk;
use super::cast::{Cast, Place};
use super::vocabulary::{Vocabulary, Words};
use crate::ctx::new_id;
use crate::db::Engine;
use crate::demo::random::Random;
use crate::error::ServiceError;
use crate::search;
use crate::solutions::KIND;
use crate::sql::Sql;

const DAY: i64 = 86_400;

/// Rows of some hundred tickets.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    cast: &'a Cast,
    vocabulary: &'a Vocabulary,
    engine: Engine,
    now: i64,
    tickets: Bulk,
    actors: Bulk,
    occurrences: Bulk,
    solutions: Bulk,
    events: Bulk,
    intervals: Bulk,
    public: Index,
    private: Index,
}

/// One table of the search index with its words.
#[derive(Debug)]
struct Index {
    rows: Bulk,
    /// SQLite keeps the words in a table of their own, under the same number.
    words: Bulk,
    last: i64,
}

impl Index {
    fn new(engine: Engine, table: &str) -> Self {
        let columns = "ticket_id, entity_id, kind, entry_id, author_id, at";
        let head = match engine {
            Engine::Sqlite => format!("INSERT INTO {table} ({columns}, id) VALUES"),
            Engine::Postgres => format!("INSERT INTO {table} ({columns}, words) VALUES"),
        };
        Self {
            rows: Bulk::new(&head).with_vector(engine == Engine::Postgres),
            words: Bulk::new(&format!("INSERT INTO {table}_fts (rowid, words) VALUES")),
            last: 0,
        }
    }

    async fn begin(&mut self, connection: &impl ConnectionTrait, table: &str) -> Result<(), ServiceError> {
        let last: Option<i64> =
            Sql::new("SELECT seq FROM sqlite_sequence WHERE name = ").bind(table).scalar(connection).await?;
        self.last = last.unwrap_or(0);
        Ok(())
    }

    fn push(&mut self, engine: Engine, mut row: Vec<Value>, text: &str) {
        let words = search::words(text);
        match engine {
            Engine::Sqlite => {
                self.last += 1;
                row.push(self.last.into());
                self.words.push(vec![self.last.into(), words.into()]);
            }
            Engine::Postgres => row.push(vector(&words).into()),
        }
        self.rows.push(row);
    }

    async fn write(&mut self, connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
        self.rows.write(connection).await?;
        self.words.write(connection).await
    }
}

/// `'word':1 'next':2`, as the index writes it: folded words need no escaping.
fn vector(words: &str) -> String {
    let mut out = String::with_capacity(words.len() * 2);
    for (word, place) in words.split(' ').filter(|word| !word.is_empty()).zip(1_u32..) {
        out.push('\'');
        out.push_str(word);
        out.push_str("':");
        out.push_str(&place.to_string());
        out.push(' ');
    }
    out
}

/// What is to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    /// Number of the ticket.
    pub(super) number: i64,
    /// When it is opened.
    pub(super) opened_at: i64,
    /// How many occurrences it has.
    pub(super) entries: u64,
    /// It belongs to `requester1` and `tech1` and is under way, so that both sides can be measured on it.
    pub(super) marked: bool,
}

/// The people of one ticket.
struct Roles<'a> {
    id: Uuid,
    place: &'a Place,
    words: &'a Words,
    requester: Uuid,
    assignees: Vec<Uuid>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(cast: &'a Cast, vocabulary: &'a Vocabulary, engine: Engine, now: i64) -> Self {
        Self {
            cast,
            vocabulary,
            engine,
            now,
            tickets: Bulk::new(
                "INSERT INTO ticket (id, number, entity_id, kind, title, description, description_text, status, urgency, \
                 impact, priority, priority_by_hand, category_id, writer_id, routing_group_id, opened_at, assigned_at, \
                 taken_at, due_resolve_at, solved_at, closed_at, cancelled_at, pending_since, answer_awaited, reopen_count, \
                 version, created_at, updated_at, public_updated_at) VALUES",
            ),
            actors: Bulk::new("INSERT INTO ticket_actor (id, ticket_id, role, user_id, position) VALUES"),
            occurrences: Bulk::new(
                "INSERT INTO occurrence (id, ticket_id, entity_id, author_id, side, body, body_text, visibility, occurred_at, \
                 registered_at, minutes, category_id, revision_count, version) VALUES",
            ),
            solutions: Bulk::new(
                "INSERT INTO solution (id, ticket_id, entity_id, author_id, body, body_text, state, registered_at, \
                 revision_count, version) VALUES",
            ),
            events: Bulk::new(
                "INSERT INTO ticket_event (id, ticket_id, at, author_id, kind, public, entry_kind, entry_id, entry_private, \
                 entry_author_id, changes, data) VALUES",
            ),
            intervals: Bulk::new("INSERT INTO status_interval (id, ticket_id, status, from_at, to_at) VALUES"),
            public: Index::new(engine, "search_public"),
            private: Index::new(engine, "search_private"),
        }
    }

    /// Reads, inside the transaction, where the numbers of the index go on.
    pub(super) async fn begin(&mut self, connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
        if self.engine == Engine::Sqlite {
            self.public.begin(connection, "search_public").await?;
            self.private.begin(connection, "search_private").await?;
        }
        Ok(())
    }

    /// Writes what waits, what others point at first.
    pub(super) async fn write(&mut self, connection: &impl ConnectionTrait) -> Result<(), ServiceError> {
        for bulk in [
            &mut self.tickets,
            &mut self.actors,
            &mut self.occurrences,
            &mut self.solutions,
            &mut self.events,
            &mut self.intervals,
        ] {
            bulk.write(connection).await?;
        }
        self.public.write(connection).await?;
        self.private.write(connection).await
    }

    /// Makes one ticket.
    pub(super) fn add(&mut self, order: Order, random: &mut Random) {
        let status = if order.marked { Status::Assigned } else { status(random) };
        let Some(roles) = self.roles(order, status, random) else { return };
        let span = if status.is_open() { self.now - order.opened_at } else { random.between(3_600, 20 * DAY) };
        let end = (order.opened_at + span.min(60 * DAY)).min(self.now);
        let mut dates = Dates { last: order.opened_at, last_public: order.opened_at, end };
        // Entries point at their ticket, which is written first, whatever the order here.
        self.entries(order, &roles, &mut dates, random);
        if !status.is_open() {
            dates.last = dates.last.max(end);
            dates.last_public = dates.last;
        }
        if matches!(status, Status::Solved | Status::Closed) {
            self.solution(&roles, dates.last, random);
        }
        self.actors(&roles);
        self.ticket(order, &roles, status, &dates, random);
        self.events.push(vec![
            new_id().into(),
            roles.id.into(),
            order.opened_at.into(),
            roles.requester.into(),
            "created".into(),
            true.into(),
            None::<String>.into(),
            None::<Uuid>.into(),
            false.into(),
            None::<Uuid>.into(),
            "[]".into(),
            "{\"version\":1}".into(),
        ]);
        let since = if matches!(status, Status::New | Status::Assigned) { order.opened_at } else { dates.last };
        self.lived(&roles, (order.opened_at, since), random);
        self.interval(&roles, status, since, None);
    }

    /// The time before its present status: worked on, and with three of ten tickets on hold for a quarter of it.
    fn lived(&mut self, roles: &Roles<'_>, (from, to): (i64, i64), random: &mut Random) {
        let active = if roles.assignees.is_empty() { Status::New } else { Status::Assigned };
        let held = random.chance(30).then_some((from + (to - from) / 4, from + (to - from) / 2));
        let steps = match held {
            _ if to <= from => Vec::new(),
            Some((begin, end)) if from < begin && begin < end && end < to => {
                vec![(active, from, begin), (Status::Pending, begin, end), (active, end, to)]
            }
            _ => vec![(active, from, to)],
        };
        for (status, begin, end) in steps {
            self.interval(roles, status, begin, Some(end));
        }
    }

    fn interval(&mut self, roles: &Roles<'_>, status: Status, from: i64, to: Option<i64>) {
        self.intervals.push(vec![new_id().into(), roles.id.into(), status.as_str().into(), from.into(), to.into()]);
    }

    fn roles(&self, order: Order, status: Status, random: &mut Random) -> Option<Roles<'a>> {
        let cast = self.cast;
        let place = if order.marked { cast.places.get(cast.requester1.0) } else { random.pick(&cast.places) }?;
        let words = self.vocabulary.of(place.lang)?;
        let everybody = if random.chance(10) && !place.named.is_empty() { &place.named } else { &place.requesters };
        let requester = random.pick(everybody).copied()?;
        let mut assignees: Vec<Uuid> = Vec::new();
        // Nobody is assigned to a new ticket, somebody to those under way.
        let wanted = match status {
            Status::New => 0,
            Status::Assigned | Status::Planned | Status::Pending => 1 + random.below(2),
            Status::Solved | Status::Closed | Status::Cancelled => random.below(3),
        };
        for _assignee in 0..wanted {
            let agents = if random.chance(30) { &cast.named_agents } else { &cast.agents };
            assignees.extend(random.pick(agents).filter(|agent| !assignees.contains(*agent)).copied());
        }
        if order.marked {
            return Some(Roles {
                id: new_id(),
                place,
                words,
                requester: cast.requester1.1,
                assignees: vec![cast.tech1],
            });
        }
        Some(Roles { id: new_id(), place, words, requester, assignees })
    }

    fn actors(&mut self, roles: &Roles<'_>) {
        let mut push = |role: &str, user: Uuid, position: i32| {
            self.actors.push(vec![new_id().into(), roles.id.into(), role.into(), user.into(), position.into()]);
        };
        push("requester", roles.requester, 0);
        for (user, position) in roles.assignees.iter().zip(0..) {
            push("assignee", *user, position);
        }
    }

    fn entries(&mut self, order: Order, roles: &Roles<'_>, dates: &mut Dates, random: &mut Random) {
        let steps = i64::try_from(order.entries).unwrap_or(i64::MAX).saturating_add(1);
        for index in 1..steps {
            let at = order.opened_at + (dates.end - order.opened_at).saturating_mul(index) / steps;
            let private = random.chance(30);
            let by_requester = !private && random.chance(45);
            let agent = roles.assignees.first().copied().or_else(|| random.pick(&self.cast.agents).copied());
            let author = if by_requester { Some(roles.requester) } else { agent };
            let length = 8 + random.below(25);
            let text = format!("{}.", roles.words.phrase(random, length));
            let minutes = (!by_requester && random.chance(60)).then(|| random.between(5, 120));
            let minutes: Option<i32> = minutes.and_then(|minutes| i32::try_from(minutes).ok());
            let category = random.pick(&self.cast.occurrence_categories).copied().filter(|_| !by_requester);
            let id = new_id();
            let indexed: Vec<Value> =
                vec![roles.id.into(), roles.place.id.into(), "occurrence".into(), id.into(), author.into(), at.into()];
            let index = if private { &mut self.private } else { &mut self.public };
            index.push(self.engine, indexed, &text);
            self.occurrences.push(vec![
                id.into(),
                roles.id.into(),
                roles.place.id.into(),
                author.into(),
                if by_requester { "requester" } else { "service" }.into(),
                format!("<p>{text}</p>").into(),
                text.into(),
                if private { "private" } else { "public" }.into(),
                at.into(),
                at.into(),
                minutes.into(),
                category.into(),
                0_i32.into(),
                1_i32.into(),
            ]);
            self.events.push(vec![
                new_id().into(),
                roles.id.into(),
                at.into(),
                author.into(),
                "occurrence_added".into(),
                false.into(),
                "occurrence".into(),
                id.into(),
                private.into(),
                author.into(),
                "[]".into(),
                "{\"version\":0}".into(),
            ]);
            dates.last = at;
            if !private {
                dates.last_public = at;
            }
        }
    }

    /// There is no solved ticket without a solution.
    fn solution(&mut self, roles: &Roles<'_>, at: i64, random: &mut Random) {
        let author = roles.assignees.first().copied().or_else(|| random.pick(&self.cast.agents).copied());
        let length = 8 + random.below(25);
        let text = format!("{}.", roles.words.phrase(random, length));
        let id = new_id();
        let indexed: Vec<Value> =
            vec![roles.id.into(), roles.place.id.into(), KIND.into(), id.into(), author.into(), at.into()];
        self.public.push(self.engine, indexed, &text);
        self.solutions.push(vec![
            id.into(),
            roles.id.into(),
            roles.place.id.into(),
            author.into(),
            format!("<p>{text}</p>").into(),
            text.into(),
            SolutionState::Waiting.as_str().into(),
            at.into(),
            0_i32.into(),
            1_i32.into(),
        ]);
    }

    fn ticket(&mut self, order: Order, roles: &Roles<'_>, status: Status, dates: &Dates, random: &mut Random) {
        let title_words = 3 + random.below(6);
        let title = roles.words.phrase(random, title_words);
        let text_words = 15 + random.below(45);
        let text = format!("{}.", roles.words.phrase(random, text_words));
        let (category, group) =
            random.pick(&self.cast.categories).map_or((None, None), |found| (Some(found.0), found.1));
        let levels: Vec<Value> = (0..3).map(|_| Value::from(i32::try_from(1 + random.below(5)).unwrap_or(3))).collect();
        let when = |wanted: &[Status]| wanted.contains(&status).then_some(dates.last);
        let assigned = (!roles.assignees.is_empty()).then_some(order.opened_at);
        let due = random.chance(40).then(|| order.opened_at + random.between(DAY, 30 * DAY));
        let indexed: Vec<Value> = vec![
            roles.id.into(),
            roles.place.id.into(),
            "ticket".into(),
            roles.id.into(),
            roles.requester.into(),
            order.opened_at.into(),
        ];
        self.public.push(self.engine, indexed, &format!("{}\n{title}\n{text}", order.number));
        let mut row: Vec<Value> = vec![
            roles.id.into(),
            order.number.into(),
            roles.place.id.into(),
            if random.chance(70) { "incident" } else { "request" }.into(),
            title.into(),
            format!("<p>{text}</p>").into(),
            text.into(),
            status.as_str().into(),
        ];
        row.extend(levels);
        row.extend([
            Value::from(false),
            category.into(),
            roles.requester.into(),
            group.into(),
            order.opened_at.into(),
            assigned.into(),
            assigned.into(),
            due.into(),
            when(&[Status::Solved, Status::Closed]).into(),
            when(&[Status::Closed]).into(),
            when(&[Status::Cancelled]).into(),
            when(&[Status::Pending]).into(),
            Value::from(false),
            0_i32.into(),
            1_i32.into(),
            order.opened_at.into(),
            dates.last.into(),
            dates.last_public.into(),
        ]);
        self.tickets.push(row);
    }
}

/// Moments of a ticket: its last change, the last one everybody may notice, when its occurrences end.
#[derive(Clone, Copy, Debug)]
struct Dates {
    last: i64,
    last_public: i64,
    end: i64,
}

/// 8 % new, 14 % assigned, 5 % pending, 8 % solved, 63 % closed, 2 % cancelled.
fn status(random: &mut Random) -> Status {
    match random.below(100) {
        0..8 => Status::New,
        8..22 => Status::Assigned,
        22..27 => Status::Pending,
        27..35 => Status::Solved,
        35..98 => Status::Closed,
        _ => Status::Cancelled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_25_a_vector_holds_words_and_their_places() {
        assert_eq!(vector("acao o neil"), "'acao':1 'o':2 'neil':3 ");
        assert_eq!(vector(""), "");
    }
}
