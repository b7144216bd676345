//! The end of a draft: with what it became, or by itself (T-DRF-06).

use super::{KEEP_OTHER, PROGRAM};
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// Puts back what was set aside for another text.
const BACK: &str =
    "UPDATE draft SET fields = other, saved_at = other_saved_at, device = '', other = NULL, other_saved_at = NULL";

/// Removes the draft of a form in the transaction that saves what it became (T-DRF-06). Of a program that is the one it names, or
/// the one a program kept: what a person types in a page did not become that, and stays.
pub(crate) async fn remove(w: &Work, kind: &str, object: &str) -> Result<(), ServiceError> {
    if !w.ctx.is_program {
        return clear(w, kind, object).await;
    }
    let mut sql = of_form("DELETE FROM draft", w, kind, object);
    sql.push_bind(" AND ((device = ", PROGRAM)
        .push_bind(" AND (other IS NULL OR other_saved_at <= ", w.now() - KEEP_OTHER)
        .push("))");
    if let Some(id) = w.ctx.sent_draft {
        sql.push_bind(" OR (device <> ", PROGRAM).push_bind(" AND id = ", id).push(")");
    }
    sql.push(")").run(&w.tx).await?;
    // What was set aside for the text of a program takes its place again.
    of_form(BACK, w, kind, object).push_bind(" AND device = ", PROGRAM).run(&w.tx).await?;
    Ok(())
}

/// Removes whatever draft of a form there is: its author throws it away, or its object is gone.
pub(crate) async fn clear(w: &Work, kind: &str, object: &str) -> Result<(), ServiceError> {
    of_form("DELETE FROM draft", w, kind, object).run(&w.tx).await?;
    Ok(())
}

/// A statement about the actor's draft of a form.
fn of_form(statement: &str, w: &Work, kind: &str, object: &str) -> Sql {
    let mut sql = Sql::new(statement);
    sql.push_bind(" WHERE user_id = ", w.actor().id());
    sql.push_bind(" AND kind = ", kind).push_bind(" AND object = ", object);
    sql
}
