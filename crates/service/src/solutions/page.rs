//! What the pages of solutions need: the form that solves a ticket, the one that changes a solution, its former versions.

use domain::error::AppError;
use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy::{self, Capability};
use domain::settings::Key;
use domain::solution::AutoClose;
use domain::template::TemplateKind;
use domain::ticket::machine::{self, Rules, Trigger};
use domain::views::{RevisionView, SolutionPage, SolutionView};
use entity::{solution, solution_revision};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{KIND, edit, rows};
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::unique;
use crate::tickets::{self, Loaded, people, state};
use crate::{documents, drafts, knowledge, lists, mail, sanitise, tasks, templates, validations, versions};

/// The page "Propose a solution"; `words` are looked for among the articles (T-SOL-03).
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity; `Invalid` on `q`.
pub async fn solve_page(ctx: &Ctx, number: i64, words: &str) -> Result<SolutionPage, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    let has_right = [Capability::TicketSolve, Capability::SolutionAdd].into_iter().all(|one| loaded.caps.contains(one));
    let zone = ctx.actor.entity_zone(loaded.ticket.entity_id);
    let blocked = validations::blocking(&ctx.actor, &snapshot, &loaded).await?;
    let rules = Rules {
        validation_blocks: blocked.is_some(),
        // The form has a field for the reason of who may pass over it.
        validation_passed: blocked.as_ref().is_some_and(|blocked| blocked.may_override),
        ..state::rules(&loaded, &settings, ctx.now(), zone)
    };
    let leads_to = match machine::apply(loaded.status(), Trigger::Solve, &rules) {
        _ if !has_right => "forbidden",
        Ok(change) => change.to.as_str(),
        Err(code) => code.as_str(),
    };
    let mailed = mail::asked(ctx, &snapshot, &loaded, Event::Solved).await?.names();
    let page = Begun { ctx, loaded: &loaded, settings: &settings };
    let mut page = page.page(&snapshot, None).await?;
    page.open_tasks = tasks::open_of(&snapshot, &ctx.actor, loaded.ticket.id).await?.len();
    page.may_search = !ctx.actor.entities_with(Capability::KnowledgeView).is_empty();
    if page.may_search {
        page.found = knowledge::fitting(ctx, &snapshot, &loaded, words).await?;
    }
    page.blocked = blocked;
    drop(snapshot);
    leads_to.clone_into(&mut page.leads_to);
    page.mailed = mailed;
    page.may_close = loaded.caps.contains(Capability::TicketClose) && leads_to == "solved";
    page.draft = drafts::find(ctx, KIND, &number.to_string()).await?;
    Ok(page)
}

/// The pages that change a solution and show its former versions.
///
/// # Errors
/// `NotFound` when it is none of this ticket, and for readers who are no agents; `Forbidden` to change it without the right.
pub async fn edit_page(ctx: &Ctx, number: i64, id: Uuid, with_revisions: bool) -> Result<SolutionPage, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = solution::Entity::find_by_id(id).one(&snapshot).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(&snapshot, &ctx.actor, row.ticket_id).await?;
    if loaded.ticket.number != number || !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    if !super::sees(&loaded, &settings, false) {
        return Err(AppError::NotFound.into());
    }
    if !with_revisions {
        let mine = row.author_id == Some(ctx.actor.id());
        policy::can_update_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    }
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), false).await?;
    let view = views.into_iter().next().ok_or(AppError::NotFound)?;
    let begun = Begun { ctx, loaded: &loaded, settings: &settings };
    let mut page = begun.page(&snapshot, Some(view)).await?;
    if with_revisions {
        page.revisions = revisions(ctx, &snapshot, &row).await?;
    }
    drop(snapshot);
    if !with_revisions {
        page.draft = drafts::find(ctx, KIND, &id.to_string()).await?;
    }
    Ok(page)
}

/// What both pages begin with.
struct Begun<'b> {
    ctx: &'b Ctx,
    loaded: &'b Loaded,
    settings: &'b Settings,
}

impl Begun<'_> {
    async fn page(
        &self,
        connection: &impl ConnectionTrait,
        solution: Option<SolutionView>,
    ) -> Result<SolutionPage, ServiceError> {
        let Self { ctx, loaded, settings } = *self;
        let path = ctx.actor.path_of(loaded.ticket.entity_id);
        let types = lists::rows(connection, lists::SOLUTION_TYPES, &path).await?;
        let closes_after = match AutoClose::read(settings.text(Key::AutoCloseDays)) {
            AutoClose::After(days) => Some(days),
            AutoClose::Never | AutoClose::AtOnce => None,
        };
        Ok(SolutionPage {
            number: loaded.ticket.number,
            title: loaded.ticket.title.clone(),
            types: lists::choices(&types, ctx.actor.lang),
            templates: if solution.is_none() {
                templates::choices_of(connection, TemplateKind::Solution, &path).await?
            } else {
                Vec::new()
            },
            solution,
            revisions: Vec::new(),
            leads_to: String::new(),
            closes_after,
            may_close: false,
            mailed: Vec::new(),
            blocked: None,
            open_tasks: 0,
            may_search: false,
            found: Vec::new(),
            draft: None,
            key: random_token(16),
            upload_max: settings.upload_max(),
            forbidden_extensions: settings.forbidden_extensions(),
            now: ctx.moment(),
        })
    }
}

/// All versions, oldest first, the present one last, each with its word difference to the one before.
async fn revisions(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: &solution::Model,
) -> Result<Vec<RevisionView>, ServiceError> {
    let stored = solution_revision::Entity::find()
        .filter(solution_revision::Column::SolutionId.eq(row.id))
        .order_by_asc(solution_revision::Column::Number)
        .all(connection)
        .await?;
    let present: Vec<Uuid> =
        documents::of_entries(connection, &[row.id]).await?.into_values().flatten().map(|file| file.id).collect();
    let made = (row.registered_at, row.author_id);
    let all = versions::all(made, stored, edit::as_revision(row, &present)?);
    let names = people::directory(connection, &[], &unique(all.iter().filter_map(|version| version.by))).await?;
    let types = unique(all.iter().filter_map(|version| version.row.type_id));
    let types = lists::refs(connection, &types, ctx.actor.lang).await?;
    let files = versions::file_names(connection, row.id).await?;
    let zone = ctx.actor.zone;
    let mut former = String::new();
    let mut out = Vec::new();
    for version in all {
        let state = version.row;
        let diff = sanitise::word_diff(&former, &state.body_text);
        former.clone_from(&state.body_text);
        out.push(RevisionView {
            revision: state.number,
            at: moment(version.at, zone),
            by: people::author(&names, version.by, true),
            what: version.what,
            visibility: Visibility::Public,
            occurred_at: moment(version.at, zone),
            minutes: None,
            category: state.type_id.and_then(|id| types.get(&id)).cloned(),
            source: None,
            attachments: versions::attached(&state.attachments, &files),
            diff,
            body: sanitise::stored(state.body),
            body_text: state.body_text,
            more: Vec::new(),
        });
    }
    Ok(out)
}
