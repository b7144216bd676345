//! Who may read which file: its ticket, its entry and the settings of the portal decide (T-DOC-03, T-VIS-03).

use std::ops::Range;

use bytes::Bytes;
use domain::error::{AppError, Code};
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::views::DocumentView;
use entity::document;
use futures::stream::BoxStream;
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult};
use uuid::Uuid;

use super::{DESCRIPTION, DOCUMENT, Files, OCCURRENCE, TASK, VALIDATION, VALIDATION_ANSWER, thumbnails, view};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::solutions::KIND as SOLUTION;
use crate::sql::Sql;
use crate::{people, scope, search, tickets};

/// A file with its ticket and, where it belongs to one, its occurrence or task.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) row: document::Model,
    pub(super) ticket: Option<(i64, Uuid)>,
    pub(super) entry_author: Option<Uuid>,
}

impl Found {
    fn from_row(row: &QueryResult) -> Result<Self, ServiceError> {
        let number: Option<i64> = row.try_get("", "ticket_number")?;
        let entity: Option<Uuid> = row.try_get("", "ticket_entity_id")?;
        let written_by: Option<Uuid> = row.try_get("", "entry_author_id")?;
        let row = document::Model::from_query_result(row, "")?;
        let is_written = matches!(row.entry_kind.as_deref(), Some(OCCURRENCE | TASK));
        let entry_author = if is_written { written_by } else { Some(row.author_id) };
        Ok(Self { ticket: number.zip(entity), entry_author, row })
    }

    /// What SQL does not decide: the right to public entries, and settings 298 and 371 for readers who are no agents there.
    fn is_readable(&self, actor: &Actor, shows: Shows) -> bool {
        let Some((_, entity)) = self.ticket else { return true };
        let caps = actor.caps(entity);
        match self.row.entry_kind.as_deref() {
            Some(DESCRIPTION) => true,
            Some(OCCURRENCE | TASK) => self.is_entry_readable(actor) && (caps.is_agent() || shows.occurrences),
            Some(SOLUTION) => self.is_entry_readable(actor) && (caps.is_agent() || shows.solutions),
            Some(DOCUMENT) => self.is_entry_readable(actor),
            // Agents and those who are asked, as the condition says.
            Some(VALIDATION | VALIDATION_ANSWER) => true,
            _ => false,
        }
    }

    fn is_entry_readable(&self, actor: &Actor) -> bool {
        let Some((_, entity)) = self.ticket else { return false };
        let private = self.row.visibility != Visibility::Public.as_str();
        let can_see =
            if self.row.entry_kind.as_deref() == Some(TASK) { policy::can_see_task } else { policy::can_see_entry };
        can_see(actor.caps(entity), private, self.entry_author == Some(actor.id()))
    }
}

const SELECT: &str = "SELECT d.*, t.number AS ticket_number, t.entity_id AS ticket_entity_id, COALESCE(o.author_id, k.author_id) AS entry_author_id \
    FROM document d LEFT JOIN ticket t ON t.id = d.ticket_id \
    LEFT JOIN occurrence o ON o.id = d.entry_id AND d.entry_kind = 'occurrence' \
    LEFT JOIN task k ON k.id = d.entry_id AND d.entry_kind = 'task' \
    LEFT JOIN customer_occurrence co ON co.id = d.entry_id AND d.entry_kind = 'customer_occurrence' \
    WHERE d.removed_at IS NULL AND ";

/// Condition on attached files: their ticket and their entry are visible. Files of removed entries only for view-private (T-OCC-23).
fn attached(actor: &Actor) -> Sql {
    let entries = scope::entries(actor);
    let mut sql = Sql::new("((");
    sql.append(&scope::tickets(actor)).push(") OR (").append(&scope::trash(actor));
    sql.push(")) AND (d.entry_kind IN ('description', 'solution') OR (d.entry_kind = 'occurrence' AND ")
        .append(&entries);
    sql.push(" AND (o.removed_at IS NULL OR o.entity_id IN ")
        .list(actor.entities_with(Capability::OccurrenceViewPrivate));
    sql.push(")) OR (d.entry_kind = 'task' AND ").append(&scope::tasks(actor));
    sql.push(" AND (k.removed_at IS NULL OR k.entity_id IN ").list(actor.entities_with(Capability::TaskViewPrivate));
    // A free document is an entry of its own, with the same columns the rule for entries looks at.
    sql.push(")) OR (d.entry_kind = 'document' AND EXISTS (SELECT 1 FROM document o WHERE o.id = d.id AND ")
        .append(&entries);
    sql.push(")) OR (d.entry_kind IN ('validation','validation_answer') AND (t.entity_id IN ")
        .list(actor.agent_entities());
    // A request is for agents and for those it names, with its answers (T-VAL-06, 07).
    sql.push(" OR d.entry_id IN (").append(&scope::asked(actor, "validation_id"));
    sql.push(
        ") OR d.entry_id IN (SELECT answered.id FROM validation_target answered WHERE answered.validation_id IN (",
    );
    sql.append(&scope::asked(actor, "validation_id")).push(")))))");
    sql
}

/// Condition on files of articles: whoever may open the article (T-KNO-01), and those who may bring it back.
fn of_articles(actor: &Actor) -> Sql {
    let mut sql =
        Sql::new("d.entry_kind = 'article' AND EXISTS (SELECT 1 FROM article a WHERE a.id = d.entry_id AND (");
    sql.append(&scope::open_articles(actor)).push(" OR (").append(&scope::article_trash(actor)).push(")))");
    sql
}

/// What the portal shows in an entity.
#[derive(Clone, Copy, Debug)]
struct Shows {
    /// Setting 298.
    occurrences: bool,
    /// Setting 371.
    solutions: bool,
}

async fn shown(connection: &impl ConnectionTrait, actor: &Actor, entity: Uuid) -> Result<Shows, ServiceError> {
    let settings = Settings::load(connection, &actor.path_of(entity)).await?;
    let is_on = |key| settings.is_on(key);
    Ok(Shows { occurrences: is_on(Key::PortalShowOccurrences), solutions: is_on(Key::PortalShowSolution) })
}

/// A file the actor may read; own uploads that are not attached included.
///
/// # Errors
/// `NotFound` for everything else, whatever the reason.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: Uuid,
    now: i64,
) -> Result<Found, ServiceError> {
    let mut sql = Sql::new(SELECT);
    sql.push_bind("d.id = ", id).push_bind(" AND ((d.ticket_id IS NULL AND d.author_id = ", actor.id());
    sql.push_bind(" AND d.expires_at > ", now).push(") OR (").append(&attached(actor)).push(") OR (");
    sql.append(&of_articles(actor));
    // Images of customers' occurrences are for those who reach the customer, and go with their occurrence (C-IMG-05, 06).
    sql.push(") OR (d.entry_kind = 'customer_occurrence' AND co.removed_at IS NULL AND ");
    sql.append(&scope::customers(actor, Capability::CustomerView, "co")).push("))");
    let found = match sql.rows(connection).await?.first() {
        Some(row) => Found::from_row(row)?,
        None => return Err(AppError::NotFound.into()),
    };
    let shows = match found.ticket {
        Some((_, entity)) => shown(connection, actor, entity).await?,
        None => Shows { occurrences: true, solutions: true },
    };
    if found.is_readable(actor, shows) { Ok(found) } else { Err(AppError::NotFound.into()) }
}

/// A file to send.
#[derive(Clone, Debug)]
pub struct OpenDocument {
    /// What its page shows.
    pub view: DocumentView,
    /// Changes only with the content: its salted hash.
    pub etag: String,
    /// Bytes in all.
    pub size: u64,
    /// Type by content.
    pub media_type: String,
    files: Files,
}

impl OpenDocument {
    /// The content, or `range` of it: begin inclusive, end exclusive.
    ///
    /// # Errors
    /// `Invalid` on `range` (`out_of_range`) when the range is empty or reaches over the end.
    pub async fn stream(
        &self,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, std::io::Error>>, ServiceError> {
        if range.as_ref().is_some_and(|range| range.is_empty() || range.end > self.size) {
            return Err(AppError::field("range", Code::OutOfRange).into());
        }
        self.files.stream(&self.etag, range).await
    }

    /// The thumbnail of this picture (C-IMG-05), which is a JPEG whatever the picture is.
    pub(super) fn made_small(mut self, key: String, size: i64) -> Self {
        let stem = self.view.name.rsplit_once('.').map_or(self.view.name.as_str(), |(stem, _)| stem);
        self.view.name = [stem, ".jpg"].concat();
        self.etag = key;
        self.size = u64::try_from(size).unwrap_or_default();
        "image/jpeg".clone_into(&mut self.media_type);
        self
    }
}

/// A file to send whose sight the caller has looked at.
pub(crate) fn opened(ctx: &Ctx, row: document::Model) -> OpenDocument {
    OpenDocument {
        view: view(&row, None, ctx.actor.view(), ctx.actor.zone),
        etag: row.sha256,
        size: u64::try_from(row.size).unwrap_or_default(),
        media_type: row.media_type,
        files: ctx.services.files.clone(),
    }
}

/// Opens a file for reading (T-DOC-03).
///
/// # Errors
/// `NotFound` for what does not exist and for what the actor may not see alike.
pub async fn open(ctx: &Ctx, id: Uuid) -> Result<OpenDocument, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let found = find(&snapshot, &ctx.actor, id, ctx.now()).await?;
    let directory = people::actor_views(&snapshot, &[found.row.author_id], &[]).await?;
    // An own upload is the reader's; of the file of an article portal users learn no address.
    let is_own = found.row.author_id == ctx.actor.id();
    let entity = found.ticket.map_or(found.row.entity_id, |(_, entity)| entity);
    let agent = ctx.actor.is_agent_in(entity) || (is_own && found.ticket.is_none());
    let author = directory.author(Some(found.row.author_id), agent);
    let mut view = view(&found.row, found.ticket.map(|(number, _)| number), author, ctx.actor.zone);
    view.has_thumbnail = thumbnails::has_thumbnail(&snapshot, &found.row).await?;
    Ok(OpenDocument {
        view,
        etag: found.row.sha256,
        size: u64::try_from(found.row.size).unwrap_or_default(),
        media_type: found.row.media_type,
        files: ctx.services.files.clone(),
    })
}

/// Rows of all files of a visible ticket that the actor may read; `public_only` for My requests, whoever reads (T-VIS-04).
pub(crate) async fn list_rows(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: &entity::ticket::Model,
    public_only: bool,
) -> Result<Vec<document::Model>, ServiceError> {
    let found = of_ticket(connection, actor, ticket, public_only).await?;
    Ok(found.into_iter().map(|found| found.row).collect())
}

/// The same with who wrote their entries.
pub(super) async fn of_ticket(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: &entity::ticket::Model,
    public_only: bool,
) -> Result<Vec<Found>, ServiceError> {
    let mut sql = Sql::new(SELECT);
    sql.push_bind("d.ticket_id = ", ticket.id).push(" AND ").append(&attached(actor));
    if public_only {
        // The entry decides, not its file; and what was removed is nowhere in the portal.
        sql.push(
            " AND d.visibility = 'public' AND (o.id IS NULL OR (o.visibility = 'public' AND o.removed_at IS NULL)) \
             AND (k.id IS NULL OR (k.visibility = 'public' AND k.removed_at IS NULL))",
        );
    }
    let shows = shown(connection, actor, ticket.entity_id).await?;
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        let found = Found::from_row(&row)?;
        let is_shown = match found.row.entry_kind.as_deref() {
            Some(OCCURRENCE | TASK) => shows.occurrences,
            Some(SOLUTION) => shows.solutions,
            _ => true,
        };
        let is_hidden = public_only && !is_shown;
        if found.is_readable(actor, shows) && !is_hidden {
            out.push(found);
        }
    }
    // Versions of one name stand together, the newest first (T-DOC-04).
    out.sort_by_cached_key(|found| {
        let row = &found.row;
        (search::fold(&row.name), std::cmp::Reverse((row.registered_at, row.id)))
    });
    Ok(out)
}

/// Filters of the files of a ticket. Values of one field are comma separated and joined by "or".
#[derive(Clone, Debug, Default)]
pub struct DocumentQuery {
    /// Part of the name.
    pub name: String,
    /// `description`, `occurrence`, `task`, `solution`, `document`.
    pub entry_kind: String,
    /// User ids, `me`.
    pub author: String,
    /// No part of the name.
    pub not_name: String,
    /// Other kinds of entries.
    pub not_entry_kind: String,
    /// Other people.
    pub not_author: String,
}

impl DocumentQuery {
    fn fits(&self, row: &document::Model, actor: &Actor, agent: bool) -> bool {
        let is_named = |text: &str| search::fold(&row.name).contains(&search::fold(text.trim()));
        let is_of_kind = |kinds: &str| kinds.split(',').any(|kind| row.entry_kind.as_deref() == Some(kind.trim()));
        let me = actor.id();
        let is_by = |people: &str| {
            people.split(',').map(str::trim).any(|text| match text {
                "me" => row.author_id == me,
                id => id.parse::<Uuid>().is_ok_and(|id| row.author_id == id),
            })
        };
        // The requester side knows nobody's id but its own: conditions on others are false for it (A-LST-04).
        let is_known = |people: &str| {
            agent
                || people
                    .split(',')
                    .map(str::trim)
                    .all(|text| text == "me" || text.parse::<Uuid>().is_ok_and(|id| id == me))
        };
        (self.name.trim().is_empty() || is_named(&self.name))
            && (self.not_name.trim().is_empty() || !is_named(&self.not_name))
            && (self.entry_kind.is_empty() || is_of_kind(&self.entry_kind))
            && (self.not_entry_kind.is_empty() || !is_of_kind(&self.not_entry_kind))
            && (self.author.is_empty() || (is_known(&self.author) && is_by(&self.author)))
            && (self.not_author.is_empty() || (is_known(&self.not_author) && !is_by(&self.not_author)))
    }
}

/// All files of a ticket the actor may read, each with whether it fits the filters: the others tell older versions of a name.
///
/// # Errors
/// `NotFound` when the ticket may not be seen.
pub async fn list_fitting(
    ctx: &Ctx,
    number: i64,
    query: &DocumentQuery,
) -> Result<Vec<(DocumentView, bool)>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let rows = list_rows(&snapshot, &ctx.actor, &loaded.ticket, false).await?;
    let authors: Vec<Uuid> = rows.iter().map(|row| row.author_id).collect();
    let directory = people::actor_views(&snapshot, &authors, &[]).await?;
    let agent = loaded.is_agent();
    let one = |row: &document::Model| {
        let author = directory.author(Some(row.author_id), agent);
        (view(row, Some(number), author, ctx.actor.zone), query.fits(row, &ctx.actor, agent))
    };
    Ok(rows.iter().map(one).collect())
}

/// All files of a ticket the actor may read (T-DOC-04).
///
/// # Errors
/// `NotFound` when the ticket may not be seen.
pub async fn list(ctx: &Ctx, number: i64) -> Result<Vec<DocumentView>, ServiceError> {
    let all = list_fitting(ctx, number, &DocumentQuery::default()).await?;
    Ok(all.into_iter().map(|(view, _)| view).collect())
}
