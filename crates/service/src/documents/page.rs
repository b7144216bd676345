//! What the tab "Documents" of a ticket shows (T-DOC-04): every file the reader may see, versions of one name together.

use domain::error::AppError;
use domain::policy::{self, Capability};
use domain::ticket::Status;
use domain::views::{DocumentsView, FileGroup, FileView, RemovedFile};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{DESCRIPTION, DOCUMENT, OCCURRENCE, TASK, read, view};
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::solutions::KIND as SOLUTION;
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded};
use crate::{drafts, people, search};

/// Most removed files that are told of.
const REMOVED_MAX: i64 = 50;

/// The tab for agents.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity.
pub async fn page(ctx: &Ctx, number: i64) -> Result<DocumentsView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    let found = read::of_ticket(&snapshot, &ctx.actor, &loaded.ticket, false).await?;
    let authors = unique(found.iter().map(|one| one.row.author_id));
    let names = people::actor_views(&snapshot, &authors, &[]).await?;
    let is_writable = tickets::require_writable(&loaded.ticket).is_ok();
    let mut groups: Vec<FileGroup> = Vec::new();
    let mut last = String::new();
    for one in &found {
        let author = names.author(Some(one.row.author_id), true);
        let file = FileView {
            document: view(&one.row, Some(number), author, ctx.actor.zone),
            can_remove: is_writable && can_remove(ctx, &loaded, one),
        };
        let name = search::fold(&one.row.name);
        match groups.last_mut() {
            Some(group) if last == name => group.older.push(file),
            _ => groups.push(FileGroup { newest: file, older: Vec::new() }),
        }
        last = name;
    }
    let removed = removed(ctx, &snapshot, &loaded).await?;
    let may_add = tickets::detail::may_write(&loaded, &settings);
    let visibility = tickets::detail::default_visibility(&loaded, &ctx.actor).to_owned();
    drop(snapshot);
    let draft = if may_add { drafts::find(ctx, DOCUMENT, &number.to_string()).await? } else { None };
    Ok(DocumentsView {
        number,
        title: loaded.ticket.title.clone(),
        groups,
        removed,
        may_add,
        visibility,
        draft,
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
        key: random_token(16),
        now: ctx.moment(),
    })
}

/// Removing follows the right on the entry (T-DOC-04).
fn can_remove(ctx: &Ctx, loaded: &Loaded, one: &read::Found) -> bool {
    let is_author = one.entry_author == Some(ctx.actor.id());
    match one.row.entry_kind.as_deref() {
        Some(DESCRIPTION) => loaded.caps.contains(Capability::TicketUpdate),
        Some(OCCURRENCE) => policy::can_update_occurrence(loaded.caps, is_author).is_ok(),
        Some(TASK) => policy::can_update_task(loaded.caps, is_author).is_ok(),
        Some(SOLUTION) => {
            loaded.status() == Status::Solved && policy::can_update_occurrence(loaded.caps, is_author).is_ok()
        }
        Some(DOCUMENT) => policy::can_delete_occurrence(loaded.caps, is_author).is_ok(),
        _ => false,
    }
}

#[derive(Debug, FromQueryResult)]
struct Gone {
    name: String,
    removed_at: i64,
    removed_by_id: Option<Uuid>,
}

/// What removed files leave: public ones for everybody here, private ones for readers of private entries of their kind.
async fn removed(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<Vec<RemovedFile>, ServiceError> {
    let sees_private = loaded.caps.contains(Capability::OccurrenceViewPrivate);
    let mut sql = Sql::new(
        "SELECT d.name, d.removed_at, d.removed_by_id FROM document d WHERE d.removed_at IS NOT NULL AND d.ticket_id = ",
    );
    sql.bind(loaded.ticket.id);
    if !sees_private {
        sql.push_bind(" AND (d.visibility = 'public' OR d.entry_kind = ", TASK).push(")");
    }
    // Tasks have capabilities of their own (T-VIS-03).
    for (visibility, needed) in [("public", Capability::TaskViewPublic), ("private", Capability::TaskViewPrivate)] {
        if !loaded.caps.contains(needed) {
            sql.push_bind(" AND (COALESCE(d.entry_kind, '') <> ", TASK);
            sql.push_bind(" OR d.visibility <> ", visibility).push(")");
        }
    }
    sql.push_bind(" ORDER BY d.removed_at DESC, d.id DESC LIMIT ", REMOVED_MAX);
    let rows: Vec<Gone> = sql.all(connection).await?;
    let names = people::actor_views(connection, &unique(rows.iter().filter_map(|row| row.removed_by_id)), &[]).await?;
    let gone = |row: Gone| RemovedFile {
        at: moment(row.removed_at, ctx.actor.zone),
        by: names.author(row.removed_by_id, true),
        name: sees_private.then_some(row.name),
    };
    Ok(rows.into_iter().map(gone).collect())
}
