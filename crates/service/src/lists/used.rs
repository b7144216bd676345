//! What holds on to a row: settings, rows below it, templates, tickets and entries (T-SET-07, T-SET-09).

use domain::error::{AppError, Code};
use domain::lists::{List, stays_active};
use domain::views::{ListRowUse, Ref, SettingUse};
use entity::list_row;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::settings;
use crate::sql::Sql;

/// Where rows of a list are named: table and column.
const fn places(list: List) -> &'static [(&'static str, &'static str)] {
    match list {
        List::TicketCategories => &[("ticket", "category_id")],
        List::OccurrenceCategories => {
            &[("template", "category_id"), ("occurrence", "category_id"), ("occurrence_revision", "category_id")]
        }
        List::RequestSources => &[
            ("template", "source_id"),
            ("ticket", "source_id"),
            ("occurrence", "source_id"),
            ("occurrence_revision", "source_id"),
        ],
        List::Locations => &[("ticket", "location_id")],
        List::PendingReasons => &[("ticket", "pending_reason_id")],
        // Calendars are named by settings only.
        List::Calendars => &[],
        List::SolutionTypes => {
            &[("template", "category_id"), ("solution", "type_id"), ("solution_revision", "type_id")]
        }
        List::KnowledgeCategories => &[("article", "category_id"), ("article_revision", "category_id")],
        List::TaskCategories => {
            &[("template", "category_id"), ("task", "category_id"), ("task_revision", "category_id")]
        }
        List::CustomerOccurrenceCategories => {
            &[("customer_occurrence", "category_id"), ("customer_occurrence_revision", "category_id")]
        }
        List::CustomerSegments => &[("customer", "segment_id")],
    }
}

/// The settings that name a row; `counts` says in which entities. Those of entities the caller knows are named.
pub(super) async fn by_settings(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    row: Uuid,
    counts: impl Fn(Uuid) -> bool,
) -> Result<ListRowUse, ServiceError> {
    let known = actor.entities();
    let mut out = ListRowUse::default();
    for (key, entity) in settings::used_by(connection, row).await? {
        if !counts(entity) {
            continue;
        }
        if known.contains(&entity) {
            let entity = Ref { id: entity, name: actor.entity_name(entity) };
            out.settings.push(SettingUse { key, entity });
        } else {
            out.other_settings = out.other_settings.saturating_add(1);
        }
    }
    Ok(out)
}

/// The same, with rows below it and whether it is shipped for good; tickets and entries are not looked at.
pub(super) async fn at_a_glance(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    list: List,
    row: &list_row::Model,
    all: &[list_row::Model],
) -> Result<ListRowUse, ServiceError> {
    let mut out = by_settings(connection, actor, row.id, |_entity| true).await?;
    out.rows = all.iter().any(|other| other.parent_id == Some(row.id));
    out.shipped = stays_active(list, row.code.as_deref());
    Ok(out)
}

/// Whether a reply template, a ticket or an entry, or a former version of one, names a row. The first one found ends the search.
pub(super) async fn by_records(connection: &impl ConnectionTrait, list: List, row: Uuid) -> Result<bool, ServiceError> {
    for (table, column) in places(list) {
        let mut sql = Sql::new("SELECT 1 AS found FROM ");
        sql.push(table).push(" WHERE ").push(column).push_bind(" = ", row).push(" LIMIT 1");
        if !sql.rows(connection).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The refusal with what holds on to the row.
pub(super) fn in_use(used: &ListRowUse) -> ServiceError {
    let settings: Vec<serde_json::Value> = used
        .settings
        .iter()
        .map(|one| json!({ "key": one.key.as_str(), "entity": { "id": one.entity.id, "name": one.entity.name } }))
        .collect();
    let data = json!({
        "settings": settings,
        "other_settings": used.other_settings,
        "rows": used.rows,
        "records": used.records,
        "shipped": used.shipped,
    });
    AppError::Refused { code: Code::InUse, data: Some(data) }.into()
}
