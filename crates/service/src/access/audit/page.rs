//! The log as its page and its file show it: objects and people by their names.

use std::collections::BTreeMap;

use domain::error::{AppError, FieldErrors};
use domain::views::{AuditFilter, AuditLine, AuditPage, Page, Ref};
use entity::{audit, list_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use super::facts::facts;
use super::{Asked, AuditQuery};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::lists;
use crate::moments::moment;
use crate::sql::{Sql, unique};

/// Ids that are looked up at once.
const IDS_MAX: usize = 1_000;
/// Tables whose rows have an id and a name.
const NAMED: [&str; 4] = ["app_user", "app_group", "role", "template"];

/// What the page and its file ask for.
pub(super) fn query_of(filter: &AuditFilter) -> AuditQuery {
    let AuditFilter { person, kind, from, to, cursor } = filter.clone();
    AuditQuery { person, kind, from, to, cursor, ..AuditQuery::default() }
}

/// A page of the log. What is wrong with the filters is told beside no rows.
///
/// # Errors
/// `Forbidden` for those who hold `admin.audit` nowhere.
pub async fn audit_page(ctx: &Ctx, filter: &AuditFilter) -> Result<AuditPage, ServiceError> {
    let query = query_of(filter);
    match filled(ctx, &query).await {
        Ok(page) => Ok(page),
        Err(ServiceError { public: AppError::Invalid(errors), .. }) => {
            let page = Page { items: Vec::new(), next_cursor: None, count: None, now: ctx.moment() };
            Ok(AuditPage { page, person: String::new(), errors })
        }
        Err(error) => Err(error),
    }
}

async fn filled(ctx: &Ctx, query: &AuditQuery) -> Result<AuditPage, ServiceError> {
    let asked = Asked::read(ctx, query)?;
    let snapshot = ctx.db().snapshot().await?;
    let (rows, next_cursor) = asked.page(ctx, &snapshot, query).await?;
    let count = Some(asked.count(&snapshot).await?);
    let items = lines(ctx, &snapshot, rows).await?;
    // Whoever did none of the rows stays nameless here.
    let wanted = query.person.trim().parse::<Uuid>().ok();
    let person = items.iter().filter_map(|line| line.person.as_ref()).find(|person| Some(person.id) == wanted);
    let person = person.map(|person| person.name.clone()).unwrap_or_default();
    Ok(AuditPage { page: Page { items, next_cursor, count, now: ctx.moment() }, person, errors: FieldErrors::new() })
}

/// Rows with the names of what they are about: two queries for any number of them.
pub(super) async fn lines(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    rows: Vec<audit::Model>,
) -> Result<Vec<AuditLine>, ServiceError> {
    let actor = &ctx.actor;
    let mut out: Vec<AuditLine> = rows
        .into_iter()
        .map(|row| {
            let data: Value = serde_json::from_str(&row.data).unwrap_or_default();
            AuditLine {
                id: row.id,
                at: moment(row.at, actor.zone),
                person: row.user_id.map(|id| Ref { id, name: String::new() }),
                entity: row.entity_id.map(|id| Ref { id, name: actor.entity_name(id) }),
                kind: row.kind,
                object: row.object,
                // What it was called then, in case it is gone.
                name: data.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
                facts: facts(&data),
            }
        })
        .collect();
    let names = Names::load(connection, actor, ids_of(&out)).await?;
    for line in &mut out {
        if let Some(person) = &mut line.person {
            person.name = names.of(person.id).unwrap_or_default();
        }
        if let Some(name) = line.object.parse().ok().and_then(|id| names.of(id)) {
            line.name = name;
        }
        for fact in &mut line.facts {
            fact.old = names.instead(&fact.old);
            fact.new = names.instead(&fact.new);
        }
    }
    Ok(out)
}

fn ids_of(lines: &[AuditLine]) -> Vec<Uuid> {
    let ids = |text: &str| text.split(", ").filter_map(|word| word.parse::<Uuid>().ok()).collect::<Vec<_>>();
    let of_line = |line: &AuditLine| {
        let mut out: Vec<Uuid> = line.person.iter().map(|person| person.id).chain(ids(&line.object)).collect();
        for fact in &line.facts {
            out.extend(ids(&fact.old).into_iter().chain(ids(&fact.new)));
        }
        out
    };
    unique(lines.iter().flat_map(of_line))
}

/// Names of people, groups, roles, templates, rows of lists and entities.
struct Names(BTreeMap<Uuid, String>);

impl Names {
    async fn load(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Self, ServiceError> {
        let mut names: BTreeMap<Uuid, String> = BTreeMap::new();
        for ids in ids.chunks(IDS_MAX) {
            let mut sql = Sql::default();
            for (at, table) in NAMED.iter().enumerate() {
                sql.push(if at > 0 { " UNION ALL SELECT id, name FROM " } else { "SELECT id, name FROM " });
                sql.push(table).push(" WHERE id IN ").list(ids.iter().copied());
            }
            for row in sql.rows(connection).await? {
                names.insert(row.try_get("", "id")?, row.try_get("", "name")?);
            }
            let rows = list_row::Entity::find().filter(list_row::Column::Id.is_in(ids.iter().copied()));
            for row in rows.all(connection).await? {
                names.insert(row.id, lists::name(&row, actor.lang));
            }
            // Entities he holds nothing in stay ids.
            for entity in actor.entities() {
                if ids.contains(&entity) {
                    names.insert(entity, actor.entity_name(entity));
                }
            }
        }
        Ok(Self(names))
    }

    fn of(&self, id: Uuid) -> Option<String> {
        self.0.get(&id).cloned()
    }

    /// A text with names where it holds ids that are known.
    fn instead(&self, text: &str) -> String {
        let name = |word: &str| word.parse().ok().and_then(|id| self.of(id)).unwrap_or_else(|| word.to_owned());
        text.split(", ").map(name).collect::<Vec<_>>().join(", ")
    }
}
