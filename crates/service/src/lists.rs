//! Rows of the editable lists: categories, sources, locations, reasons (T-SET-09..12).

mod admin;
mod chosen;
mod fields;
mod remove;
mod save;
mod trace;
mod used;
mod values;

use std::collections::BTreeMap;

use domain::calendar::Calendar;
use domain::error::Code;
use domain::lang::Lang;
use domain::views::{Choice, Ref};
use entity::list_row;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::ServiceError;

pub use self::admin::{get, page, row_page, visible};
pub(crate) use self::chosen::{Chosen, Purpose, fitting_row};
pub use self::remove::{remove, remove_form};
pub(crate) use self::save::follow_language;
pub use self::save::{Basis, create, save_form, shift, update};

/// Name of the ticket category list.
pub const TICKET_CATEGORIES: &str = "ticket-categories";
/// Name of the occurrence category list.
pub const OCCURRENCE_CATEGORIES: &str = "occurrence-categories";
/// Name of the request source list.
pub const SOURCES: &str = "request-sources";
/// Name of the location list.
pub const LOCATIONS: &str = "locations";
/// Name of the pending reason list.
pub const PENDING_REASONS: &str = "pending-reasons";
/// Name of the solution type list.
pub const SOLUTION_TYPES: &str = "solution-types";
/// Name of the list of categories of knowledge articles.
pub const KNOWLEDGE_CATEGORIES: &str = "knowledge-categories";
/// Name of the task category list.
pub const TASK_CATEGORIES: &str = "task-categories";
/// Name of the list of calendars.
pub const CALENDARS: &str = "calendars";

/// Name of the list of categories of customer occurrences.
pub const CUSTOMER_CATEGORIES: &str = "customer-occurrence-categories";
/// Name of the list of customer segments.
pub const CUSTOMER_SEGMENTS: &str = "customer-segments";

/// Beside the texts of a row stands the language of its entity, to which an empty one falls back.
const HOME: &str = "home";

/// Name of a row in a language; an empty one falls back to the language of its entity, to English, then to any (T-SET-09).
#[must_use]
pub fn name(row: &list_row::Model, lang: Lang) -> String {
    text_in(&row.names, lang)
}

/// Public label of a pending reason; default "Waiting" in the reader's language (T-PEN-01).
#[must_use]
pub fn label(row: &list_row::Model, lang: Lang) -> String {
    let label = row.labels.as_deref().map(|labels| text_in(labels, lang)).unwrap_or_default();
    if label.is_empty() { waiting(lang).to_owned() } else { label }
}

/// Working hours and holidays of a row; none where it is no calendar, or what is stored cannot be read.
#[must_use]
pub fn calendar(row: &list_row::Model) -> Calendar {
    row.hours.as_deref().and_then(|hours| serde_json::from_str(hours).ok()).unwrap_or_default()
}

pub(crate) const fn waiting(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Waiting",
        Lang::PtBr => "Aguardando",
        Lang::Es => "En espera",
        Lang::Fr => "En attente",
    }
}

fn text_in(json: &str, lang: Lang) -> String {
    let mut names: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    let home = names.remove(HOME).unwrap_or_default();
    [lang.code(), home.as_str(), Lang::En.code()]
        .iter()
        .filter_map(|code| names.get(*code))
        .chain(names.values())
        .find(|name| !name.is_empty())
        .cloned()
        .unwrap_or_default()
}

/// Whether what is kept in an entity, there alone or also below it, counts where `path` begins: an entity and its ancestors.
pub(crate) fn reaches(entity: Uuid, recursive: bool, path: &[Uuid]) -> bool {
    path.first() == Some(&entity) || (recursive && path.contains(&entity))
}

/// The rows of a list visible in an entity (`path`: the entity and its ancestors), in order.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn rows(
    connection: &impl ConnectionTrait,
    list: &str,
    path: &[Uuid],
) -> Result<Vec<list_row::Model>, ServiceError> {
    Ok(list_row::Entity::find()
        .filter(list_row::Column::List.eq(list))
        .filter(list_row::Column::EntityId.is_in(path.iter().copied()))
        .order_by_asc(list_row::Column::Position)
        .order_by_asc(list_row::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .filter(|row| reaches(row.entity_id, row.recursive, path))
        .collect())
}

/// One active row of a list that is visible in an entity.
///
/// # Errors
/// `UnknownReference` for an id that does not exist, is inactive, of another list, or not visible there: one code for all.
pub async fn active_row(
    connection: &impl ConnectionTrait,
    list: &str,
    path: &[Uuid],
    id: &str,
) -> Result<Result<list_row::Model, Code>, ServiceError> {
    let Ok(id) = id.parse::<Uuid>() else { return Ok(Err(Code::UnknownReference)) };
    let row = list_row::Entity::find_by_id(id).one(connection).await?;
    Ok(row
        .filter(|row| row.list == list && row.active && reaches(row.entity_id, row.recursive, path))
        .ok_or(Code::UnknownReference))
}

/// The row of a list with a shipped code (`portal`, `phone`), visible in an entity.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn by_code(
    connection: &impl ConnectionTrait,
    list: &str,
    path: &[Uuid],
    code: &str,
) -> Result<Option<list_row::Model>, ServiceError> {
    Ok(rows(connection, list, path).await?.into_iter().find(|row| row.code.as_deref() == Some(code)))
}

/// Names of the given rows, by id.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn refs(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
    lang: Lang,
) -> Result<BTreeMap<Uuid, Ref>, ServiceError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = list_row::Entity::find().filter(list_row::Column::Id.is_in(ids.iter().copied())).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, Ref { id: row.id, name: name(&row, lang) })).collect())
}

/// Rows as options of a choice, trees in order of their branches.
#[must_use]
pub fn choices(rows: &[list_row::Model], lang: Lang) -> Vec<Choice> {
    let mut out = Vec::new();
    branch(rows, None, 0, lang, &mut out);
    out
}

fn branch(rows: &[list_row::Model], parent: Option<Uuid>, depth: u8, lang: Lang, out: &mut Vec<Choice>) {
    if depth > 8 {
        return;
    }
    for row in rows.iter().filter(|row| row.parent_id == parent && row.active) {
        out.push(Choice { value: row.id.to_string(), name: name(row, lang), depth });
        branch(rows, Some(row.id), depth + 1, lang, out);
    }
}

/// A row with its ancestors as an entity sees them (`path`: the entity and its ancestors), "Network > VPN".
#[must_use]
pub fn path_name(rows: &[list_row::Model], path: &[Uuid], id: Uuid, lang: Lang) -> String {
    let reaches = |row: &list_row::Model| reaches(row.entity_id, row.recursive, path);
    let mut names = Vec::new();
    let mut at = Some(id);
    while let Some(row) = at.and_then(|id| rows.iter().find(|row| row.id == id && reaches(row))) {
        names.push(name(row, lang));
        at = row.parent_id.filter(|_| names.len() < 9);
    }
    names.reverse();
    names.join(" > ")
}

/// The rows of a list in any of several entities.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn rows_of_entities(
    connection: &impl ConnectionTrait,
    list: &str,
    entities: &[Uuid],
) -> Result<Vec<list_row::Model>, ServiceError> {
    // Rows of ancestors reach down, so they count too: the list is small, one query fetches it whole.
    let rows = list_row::Entity::find().filter(list_row::Column::List.eq(list)).all(connection).await?;
    Ok(rows.into_iter().filter(|row| row.recursive || entities.contains(&row.entity_id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_set_09_an_empty_language_falls_back_to_that_of_the_entity_then_to_english() {
        let both = r#"{"pt-BR":"Rede","en":"Network","home":"pt-BR"}"#;
        assert_eq!(text_in(both, Lang::Fr), "Rede");
        assert_eq!(text_in(both, Lang::En), "Network");
        assert_eq!(text_in(r#"{"pt-BR":"Rede","en":"Network"}"#, Lang::Fr), "Network");
        assert_eq!(text_in(r#"{"es":"Red","fr":"","home":"fr"}"#, Lang::Fr), "Red");
        assert_eq!(text_in(r#"{"home":"fr"}"#, Lang::Fr), "");
    }
}
