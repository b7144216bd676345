//! Which roles somebody holds after a change, and whether the actor may give them (T-ROL-08).

use domain::access::{Grant, effective, excess, gained};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::GrantForm;
use domain::policy::{CapSet, Capability};
use entity::assignment;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::reading::grants_of;
use super::super::tree::Tree;
use super::super::{forbidden, one_of, optional_id, require_administrator};
use crate::actor::read_capabilities;
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// A role somebody shall hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) entity: Uuid,
    pub(super) role: Uuid,
    pub(super) recursive: bool,
}

impl From<&assignment::Model> for Wanted {
    fn from(row: &assignment::Model) -> Self {
        Self { entity: row.entity_id, role: row.role_id, recursive: row.recursive }
    }
}

/// Reads a list of roles; every wrong one is named at its place.
pub(super) fn read(forms: &[GrantForm], held: &[Uuid], errors: &mut FieldErrors) -> Vec<Wanted> {
    let mut out: Vec<Wanted> = Vec::new();
    for (index, form) in forms.iter().enumerate() {
        let at = |field: &str| format!("assignments[{index}].{field}");
        let entity = errors.check(&at("entity"), one_of(&form.entity, held));
        let role = errors.check(&at("role"), optional_id(&form.role).and_then(|role| role.ok_or(Code::Required)));
        let (Some(entity), Some(role)) = (entity, role) else { continue };
        if out.iter().any(|other| other.entity == entity && other.role == role) {
            errors.add(format!("assignments[{index}]"), Code::Duplicate);
        }
        out.push(Wanted { entity, role, recursive: form.recursive });
    }
    out
}

/// What changed, for the audit log.
pub(super) struct Given {
    /// Ids and capabilities; `null` when nothing changed.
    pub(super) data: Value,
}

/// Makes `wanted` the roles of a user in the entities `held`; those elsewhere stay.
///
/// # Errors
/// `Invalid` for unknown roles, `Forbidden` with the first capability the actor would give without holding it,
/// `Refused(LastAdministrator)`.
pub(super) async fn replace(
    w: &Work,
    (root, user): (Uuid, Uuid),
    held: &[Uuid],
    wanted: &[Wanted],
) -> Result<Given, ServiceError> {
    let present = stored(w, user, held).await?;
    let same = |row: &assignment::Model, one: &Wanted| row.entity_id == one.entity && row.role_id == one.role;
    let gone: Vec<&assignment::Model> = present
        .iter()
        .filter(|row| !wanted.iter().any(|one| same(row, one) && row.recursive == one.recursive))
        .collect();
    let come: Vec<&Wanted> = wanted
        .iter()
        .filter(|one| !present.iter().any(|row| same(row, one) && row.recursive == one.recursive))
        .collect();
    if gone.is_empty() && come.is_empty() {
        return Ok(Given { data: Value::Null });
    }
    let mut of = Sql::new("a.user_id = ");
    of.bind(user);
    let before: Vec<Grant> =
        grants_of(&w.tx, &of).await?.remove(&user).unwrap_or_default().iter().map(|one| one.grant).collect();
    let mut after: Vec<Grant> = before.iter().copied().filter(|grant| !held.contains(&grant.entity)).collect();
    for (index, one) in wanted.iter().enumerate() {
        let capabilities = role(w, one.role).await?;
        let capabilities = capabilities
            .ok_or_else(|| AppError::field(format!("assignments[{index}].role"), Code::UnknownReference))?;
        after.push(Grant { entity: one.entity, recursive: one.recursive, capabilities });
    }
    let tree = Tree::load(&w.tx).await?;
    let (before, after) = (effective(&before, &tree.parents), effective(&after, &tree.parents));
    if let Some(missing) = excess(&before, &after, |entity| w.actor().caps(entity)) {
        return Err(forbidden(missing).into());
    }
    for row in &gone {
        assignment::Entity::delete_by_id(row.id).exec(&w.tx).await?;
    }
    for one in &come {
        let row = assignment::Model {
            id: new_id(),
            user_id: user,
            entity_id: one.entity,
            role_id: one.role,
            recursive: one.recursive,
        };
        assignment::Entity::insert(assignment::ActiveModel::from(row)).exec_without_returning(&w.tx).await?;
    }
    let lost = gained(&after, &before);
    if lost.contains(Capability::AdminUsers) {
        require_administrator(w, root).await?;
    }
    let gone: Vec<Value> = gone.iter().map(|row| told(&Wanted::from(*row))).collect();
    let come: Vec<Value> = come.iter().map(|one| told(one)).collect();
    let data = json!({
        "removed": gone, "added": come, "gained": gained(&before, &after), "lost": lost,
    });
    Ok(Given { data })
}

/// The stored roles of a user in the entities `held`.
pub(super) async fn stored(w: &Work, user: Uuid, held: &[Uuid]) -> Result<Vec<assignment::Model>, ServiceError> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::UserId.eq(user))
        .filter(assignment::Column::EntityId.is_in(held.iter().copied()))
        .all(&w.tx)
        .await?)
}

async fn role(w: &Work, id: Uuid) -> Result<Option<CapSet>, ServiceError> {
    let mut sql = Sql::new("SELECT capabilities FROM role WHERE id = ");
    let found: Option<String> = sql.bind(id).scalar(&w.tx).await?;
    Ok(found.map(|names| read_capabilities(&names)))
}

fn told(one: &Wanted) -> Value {
    json!({ "entity": one.entity, "role": one.role, "recursive": one.recursive })
}
