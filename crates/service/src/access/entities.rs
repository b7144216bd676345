//! The tree of entities: seen, grown, pruned (`admin.entities`).

use std::collections::BTreeMap;

use domain::access::{Grant, Held, effective, excess, would_circle};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::EntityPatch;
use domain::policy::Capability;
use domain::views::{Choice, EntityRow, EntityTree, Ref};
use entity::entity as tenant;
use sea_orm::{EntityTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

use super::reading::grants_of;
use super::trail::{self, Changed};
use super::tree::Tree;
use super::{NAME_MAX, Versions, forbidden, in_use, lock_rights, one_of, require};
use crate::account;
use crate::conflict::Difference;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::idempotency;
use crate::people::{self, entity_choices};
use crate::scope;
use crate::sql::Sql;
use crate::work::{Work, write};

/// Deepest tree, counted from the root.
const DEPTH_MAX: usize = 32;
/// Tickets of an entity that are counted: one more than is said exactly.
const TICKETS_COUNTED: i64 = 1_001;
/// Name of the command for idempotency keys.
const CREATE: &str = "create_entity";

#[derive(Debug, FromQueryResult)]
struct Counted {
    id: Uuid,
    parent_id: Option<Uuid>,
    version: i32,
    people: i64,
    groups: i64,
    tickets: i64,
    children: i64,
}

/// The entities in which the actor holds `admin.entities`, in the order of the branches.
///
/// # Errors
/// `Forbidden` for others.
pub async fn entity_tree(ctx: &Ctx) -> Result<EntityTree, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminEntities)?;
    let mut sql = Sql::new(
        "SELECT e.id, e.parent_id, e.version, \
         (SELECT COUNT(*) FROM app_user u WHERE u.active = TRUE AND u.entity_id = e.id) AS people, \
         (SELECT COUNT(*) FROM app_group g WHERE g.active = TRUE AND g.entity_id = e.id) AS groups, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM ticket t WHERE t.entity_id = e.id AND ",
    );
    sql.append(&scope::tickets(&ctx.actor)).push_bind(" LIMIT ", TICKETS_COUNTED).push(
        ") n) AS tickets, \
         (SELECT COUNT(*) FROM entity c WHERE c.parent_id = e.id) AS children FROM entity e WHERE e.id IN ",
    );
    let rows: Vec<Counted> = sql.list(held.iter().copied()).all(ctx.db().reader()).await?;
    let mut counted: BTreeMap<String, Counted> = rows.into_iter().map(|row| (row.id.to_string(), row)).collect();
    let choices = entity_choices(&ctx.actor, &held);
    let rows =
        choices.iter().filter_map(|choice| counted.remove(&choice.value).map(|row| view(ctx, choice, row, &held)));
    Ok(EntityTree { rows: rows.collect(), choices: choices.clone() })
}

fn view(ctx: &Ctx, choice: &Choice, row: Counted, held: &[Uuid]) -> EntityRow {
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let parent = row.parent_id.filter(|id| held.contains(id));
    EntityRow {
        id: row.id,
        name: choice.name.clone(),
        parent: parent.map(|id| Ref { id, name: ctx.actor.entity_name(id) }),
        depth: choice.depth,
        people: number(row.people),
        groups: number(row.groups),
        tickets: number(row.tickets),
        children: number(row.children),
        is_root: row.parent_id.is_none(),
        version: row.version,
    }
}

#[derive(Clone, Debug, Default)]
struct Checked {
    name: Option<String>,
    parent: Option<Uuid>,
}

fn check(patch: &EntityPatch, held: &[Uuid], is_new: bool) -> Result<Checked, AppError> {
    let mut errors = FieldErrors::new();
    let required =
        |field: &Option<String>| if is_new { Some(field.clone().unwrap_or_default()) } else { field.clone() };
    let name = required(&patch.name).and_then(|name| errors.check("name", account::line(&name, NAME_MAX)));
    let parent = required(&patch.parent).and_then(|parent| errors.check("parent", one_of(&parent, held)));
    errors.or(Some(Checked { name, parent }))
}

/// Makes an entity below another one, with its language, zone and currency, and answers its id.
///
/// # Errors
/// `Forbidden` without `admin.entities`; `Invalid` with every wrong field, `duplicate_name` for a name its parent has already below.
pub async fn create_entity(ctx: &Ctx, patch: EntityPatch, key: &str) -> Result<Uuid, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminEntities)?;
    let checked = check(&patch, &held, true)?;
    let (hash, key) = (idempotency::content_hash(&patch), key.to_owned());
    write(ctx, move |w| {
        let (checked, hash, key) = (checked.clone(), hash.clone(), key.clone());
        Box::pin(async move {
            if let Some(id) = idempotency::claim::<Uuid>(w, CREATE, &key, &hash).await? {
                return Ok(id);
            }
            let id = insert(w, checked).await?;
            idempotency::answer(w, CREATE, &key, &id).await?;
            Ok(id)
        })
    })
    .await
}

async fn insert(w: &Work, checked: Checked) -> Result<Uuid, ServiceError> {
    lock_rights(w).await?;
    let (Some(name), Some(parent)) = (checked.name, checked.parent) else {
        return Err(ServiceError::internal("a new entity without name or parent"));
    };
    let tree = Tree::load(&w.tx).await?;
    require_place(&tree, &name, parent, None)?;
    let above = tenant::Entity::find_by_id(parent).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let id = new_id();
    let row = tenant::Model {
        id,
        parent_id: Some(parent),
        name,
        language: above.language,
        time_zone: above.time_zone,
        currency: above.currency,
        created_at: w.now(),
        version: 1,
    };
    tenant::Entity::insert(tenant::ActiveModel::from(row)).exec_without_returning(&w.tx).await?;
    trail::record(w, "entity_created", Some(id), id, &Changed::whole(1).with(json!({ "parent": parent }))).await?;
    Ok(id)
}

/// A name stands once below its parent, and no branch is endless.
fn require_place(tree: &Tree, name: &str, parent: Uuid, id: Option<Uuid>) -> Result<(), AppError> {
    if tree.is_taken(name, Some(parent), id) {
        return Err(AppError::field("name", Code::DuplicateName));
    }
    let below = id.map_or(0, |id| height(tree, id));
    let depth = domain::access::way_up(parent, &tree.parents).len();
    if depth + below >= DEPTH_MAX { Err(AppError::field("parent", Code::NotAllowed)) } else { Ok(()) }
}

/// Levels below an entity.
fn height(tree: &Tree, id: Uuid) -> usize {
    let own = domain::access::way_up(id, &tree.parents).len();
    let depths = tree.below(id).into_iter().map(|below| domain::access::way_up(below, &tree.parents).len());
    depths.max().unwrap_or(own).saturating_sub(own)
}

/// Renames an entity or moves it with all below it, and answers its version.
///
/// # Errors
/// As [`create_entity`]; `NotFound` out of reach; `not_allowed` at `parent` for a place below itself; `Forbidden` with the
/// first capability that somebody above the new place would gain and the actor does not hold; `Conflict` and
/// `PreconditionFailed` by version. Nothing is saved then.
pub async fn save_entity(ctx: &Ctx, id: &str, patch: EntityPatch, versions: Versions) -> Result<i32, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminEntities)?;
    let id = reached(id, &held)?;
    let checked = check(&patch, &held, false)?;
    write(ctx, move |w| {
        let checked = checked.clone();
        Box::pin(async move { apply(w, id, &checked, versions).await })
    })
    .await
}

/// An entity the actor may change.
fn reached(id: &str, held: &[Uuid]) -> Result<Uuid, AppError> {
    let id = people::path_id(id)?;
    if held.contains(&id) { Ok(id) } else { Err(AppError::NotFound) }
}

async fn apply(w: &Work, id: Uuid, checked: &Checked, versions: Versions) -> Result<i32, ServiceError> {
    lock_rights(w).await?;
    let row = tenant::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    versions.require(row.version)?;
    let tree = Tree::load(&w.tx).await?;
    let mut changes: Vec<Difference> = Vec::new();
    if let Some(name) = checked.name.as_ref().filter(|name| **name != row.name) {
        changes.push(("name", json!(name), json!(row.name)));
    }
    if let Some(parent) = checked.parent.filter(|parent| Some(*parent) != row.parent_id) {
        // The root has no place to go to.
        if row.parent_id.is_none() || would_circle(id, parent, &tree.parents) {
            return Err(AppError::field("parent", Code::NotAllowed).into());
        }
        changes.push(("parent", json!(parent), json!(row.parent_id)));
    }
    trail::refuse_conflicts(w, id, (row.version, versions.from), &changes).await?;
    if changes.is_empty() {
        return Ok(row.version);
    }
    let name = checked.name.clone().unwrap_or_else(|| row.name.clone());
    let parent = checked.parent.or(row.parent_id);
    if let Some(parent) = parent {
        require_place(&tree, &name, parent, Some(id))?;
    }
    if parent != row.parent_id {
        require_gains(w, &tree, id, parent).await?;
    }
    let version = row.version + 1;
    let mut sql = Sql::new("UPDATE entity SET version = ");
    sql.bind(version).push_bind(", name = ", name).push_bind(", parent_id = ", parent).push_bind(" WHERE id = ", id);
    sql.run(&w.tx).await?;
    let data = json!({ "from": row.parent_id, "to": parent });
    let data = if parent == row.parent_id { serde_json::Value::Null } else { data };
    trail::record(w, "entity_changed", Some(id), id, &Changed::fields(version, &changes).with(data)).await?;
    Ok(version)
}

/// T-ROL-08: roles above the new place count below it from now on; nobody gives by that what he does not hold.
async fn require_gains(w: &Work, tree: &Tree, id: Uuid, parent: Option<Uuid>) -> Result<(), ServiceError> {
    let mut moved = tree.parents.clone();
    moved.insert(id, parent);
    let way = domain::access::way_up(id, &moved);
    let mut of = Sql::new("u.active = TRUE AND a.recursive = TRUE AND a.entity_id IN ");
    of.list(way.iter().copied().filter(|at| *at != id));
    let branch = tree.below(id);
    for assigned in grants_of(&w.tx, &of).await?.into_values() {
        let grants: Vec<Grant> = assigned.iter().map(|one| one.grant).collect();
        let within = |held: Held| held.into_iter().filter(|(at, _)| branch.contains(at)).collect::<Held>();
        let (before, after) = (within(effective(&grants, &tree.parents)), within(effective(&grants, &moved)));
        if let Some(missing) = excess(&before, &after, |entity| w.actor().caps(entity)) {
            return Err(forbidden(missing).into());
        }
    }
    Ok(())
}

/// Takes an entity away that holds nothing: its own settings go with it.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` as [`save_entity`]; `Refused(InUse)` while anything belongs to it.
pub async fn delete_entity(ctx: &Ctx, id: &str, versions: Versions) -> Result<(), ServiceError> {
    let held = require(&ctx.actor, Capability::AdminEntities)?;
    let id = reached(id, &held)?;
    write(ctx, move |w| {
        Box::pin(async move {
            lock_rights(w).await?;
            let row = tenant::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
            versions.require_same(row.version)?;
            if row.parent_id.is_none() {
                return Err(Code::InUse.into());
            }
            Sql::new("DELETE FROM setting WHERE entity_id = ").bind(id).run(&w.tx).await?;
            Sql::new("DELETE FROM entity WHERE id = ").bind(id).run(&w.tx).await.map_err(in_use)?;
            trail::record(w, "entity_deleted", row.parent_id, id, &Changed::whole(row.version)).await
        })
    })
    .await
}
