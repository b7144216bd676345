//! Fields of a task that name something stored: category, person, group, template.

use domain::error::{Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::policy::{CapSet, Capability};
use domain::template::TemplateKind;
use domain::views::Ref;
use entity::app_group;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::work::Work;
use crate::{lists, moments, notifications, people, templates};

/// What a new task begins with: the writer's preference, else private (T-TSK-01).
pub(super) fn default_visibility(actor: &Actor) -> Visibility {
    let is_public = actor.user.task_default_visibility == Visibility::Public.as_str();
    if is_public { Visibility::Public } else { Visibility::Private }
}

/// A time as typed or sent; empty = none.
pub(super) fn time(ctx: &Ctx, field: &str, text: &str, errors: &mut FieldErrors) -> Option<i64> {
    if text.trim().is_empty() {
        return None;
    }
    errors.check(field, moments::parse(text, ctx.actor.zone))
}

/// The category of a new task.
pub(super) async fn category(
    w: &Work,
    path: &[Uuid],
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found = lists::active_row(&w.tx, lists::TASK_CATEGORIES, path, text.trim()).await?;
    Ok(errors.check("category", found).map(|row| row.id))
}

/// Capabilities of an active person in the first entity of `path`; nothing for anybody else.
pub(super) async fn caps_of(
    connection: &impl ConnectionTrait,
    path: &[Uuid],
    user: Uuid,
) -> Result<Option<CapSet>, ServiceError> {
    let Some(entity) = path.first().copied() else { return Ok(None) };
    let found = notifications::people(connection, entity, path, vec![user]).await?;
    Ok(found.into_iter().next().map(|person| person.caps))
}

/// Whoever does it: an active agent of the entity.
pub(crate) async fn user(
    connection: &impl ConnectionTrait,
    path: &[Uuid],
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let caps = match text.trim().parse::<Uuid>() {
        Ok(id) => caps_of(connection, path, id).await?.map(|caps| (id, caps)),
        Err(_not_an_id) => None,
    };
    let found = caps.filter(|(_, caps)| caps.is_agent()).map(|(id, _)| id);
    Ok(errors.check("user", found.ok_or(Code::NotAssignable)))
}

/// The group that does it: an active one that reaches the entity and may be assigned.
pub(crate) async fn group(
    connection: &impl ConnectionTrait,
    path: &[Uuid],
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Uuid>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let row = match text.trim().parse::<Uuid>() {
        Ok(id) => app_group::Entity::find_by_id(id).one(connection).await?,
        Err(_not_an_id) => None,
    };
    let found = row.filter(|row| row.may_be_assigned && people::group_reaches(row, path)).map(|row| row.id);
    Ok(errors.check("group", found.ok_or(Code::NotAssignable)))
}

/// A private task is given to those only who may read it (T-TSK-01).
pub(super) async fn check_sight(
    connection: &impl ConnectionTrait,
    path: &[Uuid],
    visibility: Visibility,
    user: Option<Uuid>,
    author: Option<Uuid>,
    errors: &mut FieldErrors,
) -> Result<(), ServiceError> {
    // Its author reads it in any case.
    let Some(user) = user.filter(|user| visibility.is_private() && Some(*user) != author) else { return Ok(()) };
    let caps = caps_of(connection, path, user).await?.unwrap_or(CapSet::EMPTY);
    if !caps.contains(Capability::TaskViewPrivate) {
        errors.add("user", Code::AssigneeCannotSee);
    }
    Ok(())
}

/// The task template it was begun with.
pub(super) async fn template(
    w: &Work,
    path: &[Uuid],
    text: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Ref>, ServiceError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found = templates::named_of(&w.tx, TemplateKind::Task, text, path).await?;
    Ok(errors.check("template", found.ok_or(Code::UnknownReference)))
}
