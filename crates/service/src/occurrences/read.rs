//! Reading occurrences one by one, and with their former versions.

use domain::duration::Minutes;
use domain::error::AppError;
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::views::{FormChoices, OccurrencePage, OccurrenceView, RevisionView};
use entity::{occurrence, occurrence_revision};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::rows;
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::unique;
use crate::tickets::{self, Loaded, people};
use crate::versions::{self, Version};
use crate::{documents, drafts, lists, mail, sanitise};

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
    let mail = if with_revisions {
        None
    } else {
        mail::offer(ctx, &snapshot, &loaded, &settings, mail::Kind::Requester).await?
    };
    drop(snapshot);
    let revisions = if with_revisions { revisions(ctx, id).await? } else { Vec::new() };
    let draft = drafts::find(ctx, "occurrence_edit", &id.to_string()).await?;
    let key = random_token(16);
    Ok(OccurrencePage {
        occurrence,
        title: loaded.ticket.title,
        choices,
        draft,
        key,
        mail,
        revisions,
        now: ctx.moment(),
    })
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
    let present: Vec<Uuid> =
        documents::of_entries(&snapshot, &[id]).await?.into_values().flatten().map(|d| d.id).collect();
    let made = (row.registered_at, row.author_id);
    let versions = versions::all(made, stored, rows::as_revision(&row, &present)?);
    let mine = row.author_id == Some(ctx.actor.id());
    let visible: Vec<Version<occurrence_revision::Model>> = versions
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
                || v.row.body.is_empty()
        })
        .collect();
    let names_ids = unique(visible.iter().filter_map(|v| v.by));
    let names = people::directory(&snapshot, &[], &names_ids).await?;
    let refs_ids = unique(visible.iter().flat_map(|v| [v.row.category_id, v.row.source_id]).flatten());
    let refs = lists::refs(&snapshot, &refs_ids, ctx.actor.lang).await?;
    let files = versions::file_names(&snapshot, id).await?;
    let mut former = String::new();
    Ok(visible
        .into_iter()
        .map(|version| {
            let diff = sanitise::word_diff(&former, &version.row.body_text);
            former.clone_from(&version.row.body_text);
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
                attachments: versions::attached(&version.row.attachments, &files),
                body: sanitise::stored(version.row.body),
                body_text: version.row.body_text,
                diff,
                more: Vec::new(),
            }
        })
        .collect())
}
