//! Copies of roles: made, changed, gone. Saving says who gains or loses what (T-ROL-02, 08).

use std::collections::BTreeMap;

use domain::access::{Grant, effective, excess, gained};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::RolePatch;
use domain::policy::{CapSet, Capability};
use domain::views::{RoleEffect, RoleView};
use entity::role;
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{CHANGED, Effect, NAMES_MAX, one, root_of, told};
use crate::access::reading::{Assigned, grants_of};
use crate::access::trail::{self, Changed};
use crate::access::tree::Tree;
use crate::access::{NAME_MAX, Versions, forbidden, in_use, lock_rights, require, require_administrator};
use crate::account;
use crate::conflict::Difference;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::idempotency;
use crate::people;
use crate::sql::Sql;
use crate::work::{Work, write};

/// Name of the command for idempotency keys.
const CREATE: &str = "create_role";

/// A saved role and what that meant to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSaved {
    /// The role as it is now.
    pub role: RoleView,
    /// People with the same gains and losses together; empty when nobody has it or nothing changed.
    pub effects: Vec<RoleEffect>,
}

#[derive(Clone, Debug, Default)]
struct Checked {
    name: Option<String>,
    capabilities: Option<CapSet>,
}

fn check(patch: &RolePatch, is_new: bool) -> Result<Checked, AppError> {
    let mut errors = FieldErrors::new();
    let name = if is_new { Some(patch.name.clone().unwrap_or_default()) } else { patch.name.clone() };
    let name = name.and_then(|name| errors.check("name", account::line(&name, NAME_MAX)));
    let capabilities = patch.capabilities.as_ref().map(|names| {
        let mut set = CapSet::EMPTY;
        for (index, name) in names.iter().enumerate() {
            if let Some(capability) = errors.check(&format!("capabilities[{index}]"), name.parse::<Capability>()) {
                set.insert(capability);
            }
        }
        set
    });
    errors.or(Some(Checked { name, capabilities }))
}

fn names(set: CapSet) -> String {
    set.iter().map(Capability::name).collect::<Vec<_>>().join(" ")
}

/// Makes a role; without capabilities it is a copy of `copy_of`.
///
/// # Errors
/// `Forbidden` without `admin.users` in the root entity, or with the first capability the actor does not hold there; `Invalid`
/// with every wrong field, `duplicate_name` for a name another role has.
pub async fn create_role(ctx: &Ctx, patch: RolePatch, copy_of: &str, key: &str) -> Result<Uuid, ServiceError> {
    require(&ctx.actor, Capability::AdminUsers)?;
    let checked = check(&patch, true)?;
    let hash = idempotency::content_hash(&(&patch, copy_of));
    let (copy_of, key) = (copy_of.to_owned(), key.to_owned());
    write(ctx, move |w| {
        let (checked, copy_of, hash, key) = (checked.clone(), copy_of.clone(), hash.clone(), key.clone());
        Box::pin(async move {
            if let Some(id) = idempotency::claim::<Uuid>(w, CREATE, &key, &hash).await? {
                return Ok(id);
            }
            let id = insert(w, checked, &copy_of).await?;
            idempotency::answer(w, CREATE, &key, &id).await?;
            Ok(id)
        })
    })
    .await
}

async fn insert(w: &Work, checked: Checked, copy_of: &str) -> Result<Uuid, ServiceError> {
    let root = root_of(w.actor()).ok_or_else(|| forbidden(Capability::AdminUsers))?;
    lock_rights(w).await?;
    let name = checked.name.unwrap_or_default();
    require_free(w, &name, None).await?;
    let capabilities = match (checked.capabilities, copy_of) {
        (Some(set), _) => set,
        (None, "") => CapSet::EMPTY,
        (None, model) => {
            let wrong = || AppError::field("copy_of", Code::UnknownReference);
            let model: Uuid = model.parse().map_err(|_no_id| wrong())?;
            one(&w.tx, model).await?.ok_or_else(wrong)?.capabilities
        }
    };
    require_held(w, root, capabilities)?;
    let id = new_id();
    let row = role::Model {
        id,
        key: None,
        name,
        shipped: false,
        capabilities: names(capabilities),
        created_at: w.now(),
        version: 1,
    };
    role::Entity::insert(role::ActiveModel::from(row)).exec_without_returning(&w.tx).await?;
    let data = json!({ "capabilities": capabilities, "copy_of": copy_of });
    trail::record(w, "role_created", Some(root), id, &Changed::whole(1).with(data)).await?;
    Ok(id)
}

/// T-ROL-08, for a role that nobody has yet.
fn require_held(w: &Work, root: Uuid, capabilities: CapSet) -> Result<(), AppError> {
    let missing = capabilities.without(w.actor().caps(root)).iter().next();
    missing.map_or(Ok(()), |capability| Err(forbidden(capability)))
}

async fn require_free(w: &Work, name: &str, but: Option<Uuid>) -> Result<(), ServiceError> {
    for row in Sql::new("SELECT id, name FROM role").rows(&w.tx).await? {
        let (id, known): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "name")?);
        if Some(id) != but && known.to_lowercase() == name.to_lowercase() {
            return Err(AppError::field("name", Code::DuplicateName).into());
        }
    }
    Ok(())
}

/// Changes a copy and says who gains or loses what.
///
/// # Errors
/// `Forbidden` as [`create_role`]; `NotFound`; `Invalid` with every wrong field, `not_allowed` on `shipped` for a role that comes
/// with the product; `Conflict` and `PreconditionFailed` by version; `Refused(LastAdministrator)`. Nothing is saved then.
pub async fn save_role(ctx: &Ctx, id: &str, patch: RolePatch, versions: Versions) -> Result<RoleSaved, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(id)?;
    let checked = check(&patch, false)?;
    write(ctx, move |w| {
        let (checked, held) = (checked.clone(), held.clone());
        Box::pin(async move {
            let effects = apply(w, id, &checked, versions).await?;
            let role = one(&w.tx, id).await?.ok_or(AppError::NotFound)?;
            Ok(RoleSaved { role, effects: told(&w.tx, effects, &held).await? })
        })
    })
    .await
}

/// A copy that the actor may change, and the root entity.
async fn changeable(w: &Work, id: Uuid) -> Result<(Uuid, RoleView), ServiceError> {
    let root = root_of(w.actor()).ok_or_else(|| forbidden(Capability::AdminUsers))?;
    lock_rights(w).await?;
    let role = one(&w.tx, id).await?.ok_or(AppError::NotFound)?;
    if role.shipped { Err(AppError::field("shipped", Code::NotAllowed).into()) } else { Ok((root, role)) }
}

async fn apply(w: &Work, id: Uuid, checked: &Checked, versions: Versions) -> Result<Vec<Effect>, ServiceError> {
    let (root, role) = changeable(w, id).await?;
    versions.require(role.version)?;
    let mut changes: Vec<Difference> = Vec::new();
    if let Some(name) = checked.name.as_ref().filter(|name| **name != role.role.name) {
        changes.push(("name", json!(name), json!(role.role.name)));
        require_free(w, name, Some(id)).await?;
    }
    if let Some(set) = checked.capabilities.filter(|set| *set != role.capabilities) {
        changes.push(("capabilities", json!(set), json!(role.capabilities)));
        require_held(w, root, set.without(role.capabilities))?;
    }
    trail::refuse_conflicts(w, id, (role.version, versions.from), &changes).await?;
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let capabilities = checked.capabilities.unwrap_or(role.capabilities);
    let effects = effects(w, id, capabilities).await?;
    let mut sql = Sql::new("UPDATE role SET version = version + 1, name = ");
    sql.bind(checked.name.clone().unwrap_or(role.role.name))
        .push_bind(", capabilities = ", names(capabilities))
        .push_bind(" WHERE id = ", id);
    sql.run(&w.tx).await?;
    if role.capabilities.contains(Capability::AdminUsers) && !capabilities.contains(Capability::AdminUsers) {
        require_administrator(w, root).await?;
    }
    let data = json!({
        "gained": capabilities.without(role.capabilities),
        "lost": role.capabilities.without(capabilities),
        "effects": effects,
    });
    let changed = Changed::fields(role.version + 1, &changes).with(data);
    trail::record(w, CHANGED, Some(root), id, &changed).await?;
    Ok(effects)
}

/// What the new capabilities of a role mean to those who hold it: somebody may have them by another role as well.
async fn effects(w: &Work, id: Uuid, capabilities: CapSet) -> Result<Vec<Effect>, ServiceError> {
    let mut of = Sql::new("u.active = TRUE AND a.user_id IN (SELECT x.user_id FROM assignment x WHERE x.role_id = ");
    of.bind(id).push(")");
    let people = grants_of(&w.tx, &of).await?;
    let tree = Tree::load(&w.tx).await?;
    let mut groups: BTreeMap<(String, String), Effect> = BTreeMap::new();
    for (user, assigned) in people {
        let before: Vec<Grant> = assigned.iter().map(|one| one.grant).collect();
        let changed = |one: &Assigned| if one.role == id { Grant { capabilities, ..one.grant } } else { one.grant };
        let after: Vec<Grant> = assigned.iter().map(changed).collect();
        let (before, after) = (effective(&before, &tree.parents), effective(&after, &tree.parents));
        if let Some(missing) = excess(&before, &after, |entity| w.actor().caps(entity)) {
            return Err(forbidden(missing).into());
        }
        let (more, less) = (gained(&before, &after), gained(&after, &before));
        if more.is_empty() && less.is_empty() {
            continue;
        }
        let group = groups.entry((names(more), names(less))).or_default();
        group.gained = more;
        group.lost = less;
        group.people += 1;
        if group.users.len() < NAMES_MAX {
            group.users.push(user);
        }
    }
    Ok(groups.into_values().collect())
}

/// Takes a copy away.
///
/// # Errors
/// As [`save_role`]; `Refused(InUse)` while somebody has it.
pub async fn delete_role(ctx: &Ctx, id: &str, versions: Versions) -> Result<(), ServiceError> {
    require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(id)?;
    write(ctx, move |w| {
        Box::pin(async move {
            let (root, role) = changeable(w, id).await?;
            versions.require_same(role.version)?;
            Sql::new("DELETE FROM role WHERE id = ").bind(id).run(&w.tx).await.map_err(in_use)?;
            let data = json!({ "capabilities": role.capabilities });
            trail::record(w, "role_deleted", Some(root), id, &Changed::whole(role.version).with(data)).await
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_rol_02_a_role_holds_known_capabilities_only() {
        let of = |names: &[&str]| RolePatch {
            name: Some("Dispatch".to_owned()),
            capabilities: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        };
        let checked = check(&of(&["ticket.take", "ticket.assign", "ticket.take"]), true).unwrap();
        assert_eq!(checked.capabilities.map(names).as_deref(), Some("ticket.assign ticket.take"));
        let Err(AppError::Invalid(errors)) = check(&of(&["ticket.take", "ticket.fly"]), true) else {
            panic!("must be refused")
        };
        assert_eq!(errors.of("capabilities[1]"), Some(Code::UnknownReference));
        let Err(AppError::Invalid(errors)) = check(&RolePatch::default(), true) else { panic!("must be refused") };
        assert_eq!(errors.of("name"), Some(Code::Required));
    }
}
