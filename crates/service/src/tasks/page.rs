//! What the pages of one task, and of a new one, need.

use domain::error::AppError;
use domain::policy;
use domain::template::TemplateKind;
use domain::views::{DraftView, TaskChoices, TaskPage};
use serde_json::Value;
use uuid::Uuid;

use super::{KIND, fields, people, read, rows};
use crate::ctx::{Ctx, random_token};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::tickets::detail;
use crate::{drafts, lists, templates, tickets};

/// The page of a task of a ticket, or without an id that of a new one.
///
/// # Errors
/// `NotFound` for readers who are no agents there; for a new one `Forbidden` without the right to add it.
pub async fn page(ctx: &Ctx, number: i64, id: Option<Uuid>) -> Result<TaskPage, ServiceError> {
    let object = id.map_or_else(|| number.to_string(), |id| id.to_string());
    let draft = drafts::find(ctx, KIND, &object).await?;
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, task) = match id {
        Some(id) => {
            let (loaded, row) = read::load(ctx, &snapshot, id).await?;
            if !loaded.is_agent() || loaded.ticket.number != number {
                return Err(AppError::NotFound.into());
            }
            let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), false).await?;
            (loaded, Some(views.into_iter().next().ok_or(AppError::NotFound)?))
        }
        None => (tickets::load_visible(&snapshot, &ctx.actor, number).await?, None),
    };
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    if task.is_none() {
        policy::can_add_task(loaded.caps, &loaded.facts)
            .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
    }
    let entity = loaded.ticket.entity_id;
    let path = ctx.actor.path_of(entity);
    let settings = Settings::load(&snapshot, &path).await?;
    let categories = lists::rows(&snapshot, lists::TASK_CATEGORIES, &path).await?;
    let actions = detail::actions(ctx, &snapshot, &loaded, &settings).await?;
    let may = |action: &str| actions.iter().any(|known| known == action);
    Ok(TaskPage {
        number,
        status: loaded.status(),
        choices: TaskChoices {
            categories: lists::choices(&categories, ctx.actor.lang),
            users: people::users(&snapshot, &ctx.actor, &[entity]).await?,
            groups: people::groups(&snapshot, &ctx.actor, &[entity]).await?,
            templates: templates::choices_of(&snapshot, TemplateKind::Task, &path).await?,
            form: tickets::for_ticket(&snapshot, &ctx.actor, entity, &settings).await?,
        },
        draft,
        key: random_token(16),
        visibility: fields::default_visibility(&ctx.actor).as_str().to_owned(),
        may_suspend: may("suspend"),
        may_resume: may("reactivate"),
        now: ctx.moment(),
        title: loaded.ticket.title,
        task,
    })
}

/// Begins the form of a new task with a template. Nothing is stored; a draft that is there already is left alone.
///
/// # Errors
/// `NotFound` for templates that are gone, inactive, or do not count there; `Invalid` at the text of one that does not compile.
pub async fn begin(ctx: &Ctx, page: &mut TaskPage, template: Uuid) -> Result<(), ServiceError> {
    if page.task.is_some() || page.draft.is_some() {
        return Ok(());
    }
    let made = templates::task(ctx, page.number, template).await?;
    let text = |text: &str| Value::String(text.to_owned());
    let mut fields = serde_json::Map::new();
    fields.insert("content".to_owned(), text(&made.html));
    fields.insert("format".to_owned(), text("html"));
    fields.insert("template".to_owned(), text(&made.id.to_string()));
    for (field, value) in made.sets {
        fields.insert(field, Value::String(value));
    }
    page.draft = Some(DraftView {
        // The page must not say that it is saved.
        id: Uuid::nil(),
        kind: KIND.to_owned(),
        object: page.number.to_string(),
        fields: Value::Object(fields),
        attachments: Vec::new(),
        saved_at: ctx.moment(),
        other: None,
    });
    Ok(())
}
