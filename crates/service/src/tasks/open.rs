//! Tasks that are still open when their ticket is solved (T-SOL-02).

use domain::task::TaskState;
use entity::task;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{edit, pause};
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::Sql;
use crate::tickets::Loaded;
use crate::work::Work;

/// The open tasks of a ticket that somebody sees, the oldest first; what only informs is nothing to do.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn open_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: Uuid,
) -> Result<Vec<task::Model>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT k.* FROM task k WHERE k.removed_at IS NULL AND k.state IN ('todo','in_progress','on_hold') AND k.ticket_id = ",
    );
    sql.bind(ticket).push(" AND ").append(&scope::tasks(actor)).push(" ORDER BY k.registered_at, k.id");
    Ok(sql.all(connection).await?)
}

/// Marks them done, as far as the actor may: each a change of its own, with its revision.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn finish_open(w: &Work, loaded: &mut Loaded) -> Result<(), ServiceError> {
    for row in open_of(&w.tx, w.actor(), loaded.ticket.id).await? {
        if edit::require_right(w, loaded, &row, true).is_ok() {
            pause::set(w, loaded, row, TaskState::Done).await?;
        }
    }
    Ok(())
}
