//! The row of a list that a ticket or an occurrence names.

use domain::error::{Code, FieldErrors};
use domain::forms::Patch;
use entity::list_row;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{SOURCES, active_row};
use crate::error::ServiceError;

/// What names the row: a source may be for one of them only (T-SET-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A ticket.
    Ticket,
    /// An occurrence.
    Occurrence,
}

/// One active row that is visible in an entity (`path`: it and its ancestors) and fits its purpose.
///
/// # Errors
/// `UnknownReference` for every other id: one code for all.
pub(crate) async fn fitting_row(
    connection: &impl ConnectionTrait,
    list: &str,
    path: &[Uuid],
    id: &str,
    purpose: Purpose,
) -> Result<Result<list_row::Model, Code>, ServiceError> {
    let found = active_row(connection, list, path, id).await?;
    let fits = |row: &list_row::Model| match purpose {
        _ if list != SOURCES => true,
        Purpose::Ticket => row.for_tickets,
        Purpose::Occurrence => row.for_occurrences,
    };
    Ok(found.and_then(|row| if fits(&row) { Ok(row) } else { Err(Code::UnknownReference) }))
}

/// A row in a field of what exists already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    /// The list.
    pub(crate) list: &'static str,
    /// The field.
    pub(crate) field: &'static str,
    /// What names it.
    pub(crate) purpose: Purpose,
    /// The row of now.
    pub(crate) present: Option<Uuid>,
}

impl Chosen {
    /// Reads a change. The row of now stays whatever has become of it: inactive rows stay readable (T-SET-09).
    pub(crate) async fn read(
        self,
        connection: &impl ConnectionTrait,
        path: &[Uuid],
        patch: &Patch<String>,
        errors: &mut FieldErrors,
    ) -> Result<Option<Option<Uuid>>, ServiceError> {
        let text = match patch {
            Patch::Keep => return Ok(None),
            Patch::Clear => return Ok(Some(None)),
            Patch::Set(text) => text,
        };
        if self.present.is_some_and(|id| id.to_string() == *text) {
            return Ok(Some(self.present));
        }
        let found = fitting_row(connection, self.list, path, text, self.purpose).await?;
        Ok(errors.check(self.field, found).map(|row| Some(row.id)))
    }
}
