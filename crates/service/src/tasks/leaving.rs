//! The open tasks of somebody who leaves go to somebody else (T-ROL-09).

use domain::error::{AppError, Code, FieldErrors};
use entity::task;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::revisions::Wanted;
use super::{edit, fields, list, rows};
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::people::ResolvedActor;
use crate::scope;
use crate::sql::Sql;
use crate::tickets::Loaded;
use crate::work::Work;

/// The field of the form that names who follows.
const FIELD: &str = "hand_over_to";

/// Open tasks that somebody has in tickets that are not over, as far as the actor sees them (T-VIS-02).
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn held_by(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    user: Uuid,
) -> Result<Vec<Uuid>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT k.id FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE k.removed_at IS NULL AND k.user_id = ",
    );
    sql.bind(user).push(list::TO_DO);
    sql.push(" AND ").append(&scope::tickets(actor)).push(" AND ").append(&scope::tasks(actor));
    let mut out = Vec::new();
    for row in sql.push(" ORDER BY t.number, k.id").rows(connection).await? {
        out.push(row.try_get("", "id")?);
    }
    Ok(out)
}

/// Gives them to `to`, each a change of its own with its revision, and answers how many they were.
///
/// # Errors
/// `Forbidden` without `task.update-any` in the entity of one; `Invalid` on `hand_over_to` with `not_assignable`, and with
/// `assignee_cannot_see` for a private task that he must not read.
pub(crate) async fn hand_over(w: &Work, from: Uuid, to: &ResolvedActor) -> Result<u32, ServiceError> {
    let mut handed_over = 0;
    for id in held_by(&w.tx, w.actor(), from).await? {
        let (mut loaded, row) = edit::lock(w, id).await?;
        edit::require_right(w, &loaded, &row, false)?;
        let new = given(w, &loaded, &row, to).await?;
        let present = edit::files_of(w, id).await?;
        let wanted = Wanted { new, files: present.clone(), new_files: Vec::new(), present };
        wanted.store(w, &mut loaded, row).await?;
        handed_over += 1;
    }
    Ok(handed_over)
}

/// The task as it is when `to` does it.
async fn given(w: &Work, loaded: &Loaded, row: &task::Model, to: &ResolvedActor) -> Result<task::Model, ServiceError> {
    let path = w.actor().path_of(loaded.ticket.entity_id);
    let mut new = row.clone();
    let mut errors = FieldErrors::new();
    match to {
        ResolvedActor::User(id) => {
            new.user_id = fields::user(&w.tx, &path, &id.to_string(), &mut errors).await?;
            fields::check_sight(&w.tx, &path, rows::visibility_of(&new), new.user_id, row.author_id, &mut errors)
                .await?;
        }
        ResolvedActor::Group(id) => {
            new.user_id = None;
            new.group_id = fields::group(&w.tx, &path, &id.to_string(), &mut errors).await?;
        }
        ResolvedActor::Email { .. } => errors.add("user", Code::NotAssignable),
    }
    match errors.0.first() {
        Some(wrong) => Err(AppError::field(FIELD, wrong.code).into()),
        None => Ok(new),
    }
}
