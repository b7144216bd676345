//! Reading occurrences one by one, as a list, and with their former versions.

use std::collections::BTreeMap;

use domain::duration::Minutes;
use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::views::{FormChoices, OccurrencePage, OccurrenceView, Page, Ref, RevisionView};
use entity::{document, occurrence, occurrence_revision};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::history::parse_period;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded, people};
use crate::{drafts, lists, sanitise, scope, search};

/// One occurrence.
///
/// # Errors
/// `NotFound` for unknown and invisible ones alike.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<OccurrenceView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row, settings) = load(ctx, &snapshot, id).await?;
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), &settings, !loaded.is_agent()).await?;
    views.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

async fn load(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<(Loaded, occurrence::Model, Settings), ServiceError> {
    let row = occurrence::Entity::find_by_id(id).one(connection).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(connection, &ctx.actor, row.ticket_id).await?;
    let settings = Settings::load(connection, &ctx.actor.path_of(loaded.ticket.entity_id)).await?;
    let portal = !loaded.is_agent();
    if !rows::sees(&ctx.actor, &loaded, &row, portal) || (portal && !settings.is_on(Key::PortalShowOccurrences)) {
        return Err(AppError::NotFound.into());
    }
    Ok((loaded, row, settings))
}

/// What the pages edit, remove and revisions of an entry need.
///
/// # Errors
/// `NotFound` when the entry is not one of this ticket that the reader may see.
pub async fn page(ctx: &Ctx, number: i64, id: Uuid, with_revisions: bool) -> Result<OccurrencePage, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row, settings) = load(ctx, &snapshot, id).await?;
    if loaded.ticket.number != number {
        return Err(AppError::NotFound.into());
    }
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), &settings, !loaded.is_agent()).await?;
    let occurrence = views.into_iter().next().ok_or(AppError::NotFound)?;
    let choices = if with_revisions {
        FormChoices::default()
    } else {
        tickets::for_ticket(&snapshot, &ctx.actor, loaded.ticket.entity_id, &settings).await?
    };
    drop(snapshot);
    let revisions = if with_revisions { revisions(ctx, id).await? } else { Vec::new() };
    let draft = drafts::find(ctx, "occurrence_edit", &id.to_string()).await?;
    Ok(OccurrencePage { occurrence, title: loaded.ticket.title, choices, draft, revisions })
}

/// All versions of an entry, oldest first, the present one last, each with its word difference to the one before.
///
/// # Errors
/// `NotFound` for readers who are no agents, and for unknown and invisible entries.
pub async fn revisions(ctx: &Ctx, id: Uuid) -> Result<Vec<RevisionView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row, _settings) = load(ctx, &snapshot, id).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let stored = occurrence_revision::Entity::find()
        .filter(occurrence_revision::Column::OccurrenceId.eq(id))
        .order_by_asc(occurrence_revision::Column::Number)
        .all(&snapshot)
        .await?;
    let versions = versions(&row, stored);
    let mine = row.author_id == Some(ctx.actor.id());
    let visible: Vec<Version> = versions
        .into_iter()
        .filter(|v| {
            policy::can_see_entry(
                loaded.caps,
                v.row.visibility.parse().unwrap_or(Visibility::Private).is_private(),
                mine,
            )
        })
        .filter(|v| {
            row.removed_at.is_none()
                || mine
                || loaded.caps.contains(Capability::OccurrenceViewPrivate)
                || v.is_text_less()
        })
        .collect();
    let names_ids = unique(visible.iter().filter_map(|v| v.by));
    let names = people::directory(&snapshot, &[], &names_ids).await?;
    let refs_ids = unique(visible.iter().flat_map(|v| [v.row.category_id, v.row.source_id]).flatten());
    let refs = lists::refs(&snapshot, &refs_ids, ctx.actor.lang).await?;
    let files = file_names(&snapshot, id).await?;
    let mut former = String::new();
    Ok(visible
        .into_iter()
        .map(|version| {
            let diff = sanitise::word_diff(&former, &version.row.body_text);
            former.clone_from(&version.row.body_text);
            let attached: Vec<Uuid> = serde_json::from_str(&version.row.attachments).unwrap_or_default();
            RevisionView {
                revision: version.row.number,
                at: moment(version.at, ctx.actor.zone),
                by: people::author(&names, version.by, true),
                what: version.what,
                visibility: version.row.visibility.parse().unwrap_or(Visibility::Private),
                occurred_at: moment(version.row.occurred_at, ctx.actor.zone),
                minutes: version.row.minutes.map(Minutes),
                category: version.row.category_id.and_then(|id| refs.get(&id)).cloned(),
                source: version.row.source_id.and_then(|id| refs.get(&id)).cloned(),
                attachments: attached
                    .iter()
                    .filter_map(|id| files.get(id).map(|name| Ref { id: *id, name: name.clone() }))
                    .collect(),
                body: sanitise::stored(version.row.body),
                diff,
            }
        })
        .collect())
}

/// A version with who made it: a stored revision holds the state *before* the change it was kept for.
struct Version {
    row: occurrence_revision::Model,
    at: i64,
    by: Option<Uuid>,
    what: String,
}

impl Version {
    fn is_text_less(&self) -> bool {
        self.row.body.is_empty()
    }
}

fn versions(row: &occurrence::Model, stored: Vec<occurrence_revision::Model>) -> Vec<Version> {
    let mut out: Vec<Version> = Vec::new();
    let (mut at, mut by, mut what) = (row.registered_at, row.author_id, "created".to_owned());
    let mut visibility = stored.first().map_or_else(|| row.visibility.clone(), |r| r.visibility.clone());
    for revision in stored {
        let next = (revision.at, revision.by_id, revision.what.clone());
        if what == "edited" && revision.visibility != visibility {
            what = "visibility_changed".to_owned();
        }
        visibility.clone_from(&revision.visibility);
        out.push(Version { row: revision, at, by, what });
        (at, by, what) = next;
    }
    if what == "edited" && row.visibility != visibility {
        what = "visibility_changed".to_owned();
    }
    let present = occurrence_revision::Model {
        id: row.id,
        occurrence_id: row.id,
        number: row.version,
        at,
        by_id: by,
        what: what.clone(),
        body: row.body.clone(),
        body_text: row.body_text.clone(),
        visibility: row.visibility.clone(),
        occurred_at: row.occurred_at,
        minutes: row.minutes,
        category_id: row.category_id,
        source_id: row.source_id,
        attachments: "[]".to_owned(),
    };
    out.push(Version { row: present, at, by, what });
    out
}

async fn file_names(connection: &impl ConnectionTrait, entry: Uuid) -> Result<BTreeMap<Uuid, String>, ServiceError> {
    let rows = document::Entity::find().filter(document::Column::EntryId.eq(entry)).all(connection).await?;
    Ok(rows.into_iter().map(|d| (d.id, d.name)).collect())
}

/// Filters of the API's list of occurrences.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OccurrenceQuery {
    /// Words (T-OCC-24).
    pub find: String,
    /// `private`, `public`.
    pub visibility: String,
    /// User id.
    pub author: String,
    /// `requester`, `service`, `observer`, `system`.
    pub side: String,
    /// Category id.
    pub category: String,
    /// Source id.
    pub source: String,
    /// `true`, `false`.
    pub has_attachments: String,
    /// First day or moment of happening.
    pub occurred_from: String,
    /// Last day or moment of happening.
    pub occurred_to: String,
    /// First day or moment of registration.
    pub registered_from: String,
    /// Last day or moment of registration.
    pub registered_to: String,
    /// `true`: tombstones only, `false`: none; empty: both.
    pub removed: String,
    /// `registered_at` (default), `occurred_at`, with `-` downwards.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// The reader looks from My requests.
    pub portal: bool,
}

/// Occurrences of a ticket, oldest first unless sorted otherwise.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` at a wrong filter.
pub async fn list(ctx: &Ctx, number: i64, query: OccurrenceQuery) -> Result<Page<OccurrenceView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let settings = Settings::load(&snapshot, &ctx.actor.path_of(loaded.ticket.entity_id)).await?;
    let portal = query.portal || !loaded.is_agent();
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let (column, descending) = sort(&query.sort)?;
    let unbound = OccurrenceQuery { cursor: String::new(), limit: 0, ..query.clone() };
    let binding = format!("occurrences:{number}:{}:{}", ctx.actor.id(), serde_json::to_string(&unbound)?);
    let position: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    if portal && !settings.is_on(Key::PortalShowOccurrences) {
        return Ok(Page { items: Vec::new(), next_cursor: None, count: None });
    }
    let mut sql = Sql::new("SELECT o.* FROM occurrence o WHERE o.ticket_id = ");
    sql.bind(loaded.ticket.id).push(" AND ");
    if portal {
        sql.push("o.visibility = 'public'");
    } else {
        sql.append(&scope::entries(&ctx.actor));
    }
    append_filters(ctx, &query, portal, &mut sql)?;
    let (sign, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some((at, id)) = position {
        sql.push(&format!(" AND (o.{column}, o.id) {sign} (")).bind(at).push_bind(", ", id).push(")");
    }
    // Words are compared after reading: a ticket has few entries, and both engines then find the same.
    let found = if query.find.trim().is_empty() { None } else { Some(parse_find(&query.find)?) };
    let read = if found.is_some() { 10_000 } else { limit + 1 };
    sql.push(&format!(" ORDER BY o.{column} {direction}, o.id {direction}")).push_bind(" LIMIT ", read);
    let mut rows: Vec<occurrence::Model> = sql.all(&snapshot).await?;
    if let Some(found) = &found {
        rows.retain(|row| row.removed_at.is_none() && search::find_in_text(&row.body_text, found));
    }
    let keep = usize::try_from(limit).unwrap_or(50);
    let more = rows.len() > keep;
    rows.truncate(keep);
    let next_cursor = rows.last().filter(|_| more).map(|row| {
        let at = if column == "occurred_at" { row.occurred_at } else { row.registered_at };
        cursor::seal(&ctx.services.secret, &binding, &(at, row.id))
    });
    let items = rows::views(ctx, &snapshot, &loaded, &rows, &settings, portal).await?;
    Ok(Page { items, next_cursor, count: None })
}

fn sort(text: &str) -> Result<(&'static str, bool), ServiceError> {
    Ok(match text {
        "" | "registered_at" => ("registered_at", false),
        "-registered_at" => ("registered_at", true),
        "occurred_at" => ("occurred_at", false),
        "-occurred_at" => ("occurred_at", true),
        _ => return Err(AppError::field("sort", Code::Invalid).into()),
    })
}

fn parse_find(text: &str) -> Result<domain::search::Query, ServiceError> {
    search::parse(text).map_err(|code| AppError::field("find", code).into())
}

fn append_filters(ctx: &Ctx, query: &OccurrenceQuery, portal: bool, sql: &mut Sql) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    for (field, value, known) in [
        ("visibility", &query.visibility, &["private", "public"][..]),
        ("side", &query.side, &["requester", "service", "observer", "system"][..]),
    ] {
        if known.contains(&value.as_str()) {
            sql.push(&format!(" AND o.{field} = ")).bind(value.clone());
        } else if !value.is_empty() {
            errors.add(field, Code::Invalid);
        }
    }
    for (field, value) in [("author", &query.author), ("category", &query.category), ("source", &query.source)] {
        if value.is_empty() {
            continue;
        }
        // A field the reader may not see is false for every row (A-LST-04).
        if portal && field == "source" {
            sql.push(" AND 1 = 0");
        }
        match if value == "me" { Ok(ctx.actor.id()) } else { value.parse::<Uuid>() } {
            Ok(id) => {
                sql.push(&format!(" AND o.{field}_id = ")).bind(id);
            }
            Err(_not_an_id) => errors.add(field, Code::Invalid),
        }
    }
    let files = "EXISTS (SELECT 1 FROM document d WHERE d.entry_id = o.id AND d.removed_at IS NULL)";
    match query.has_attachments.as_str() {
        "" => {}
        "true" => drop(sql.push(&format!(" AND {files}"))),
        "false" => drop(sql.push(&format!(" AND NOT {files}"))),
        _ => errors.add("has_attachments", Code::Invalid),
    }
    match query.removed.as_str() {
        "" => {}
        "true" => drop(sql.push(" AND o.removed_at IS NOT NULL")),
        "false" => drop(sql.push(" AND o.removed_at IS NULL")),
        _ => errors.add("removed", Code::Invalid),
    }
    for (field, value, column, end) in [
        ("occurred_from", &query.occurred_from, "occurred_at", false),
        ("occurred_to", &query.occurred_to, "occurred_at", true),
        ("registered_from", &query.registered_from, "registered_at", false),
        ("registered_to", &query.registered_to, "registered_at", true),
    ] {
        if value.is_empty() {
            continue;
        }
        if let Some((first, after)) = errors.check(field, parse_period(value, ctx.actor.zone)) {
            if end {
                sql.push(&format!(" AND o.{column} < ")).bind(after);
            } else {
                sql.push(&format!(" AND o.{column} >= ")).bind(first);
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors).into()) }
}
