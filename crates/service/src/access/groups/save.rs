//! New groups, changed groups, their members, and groups that go.

use std::collections::BTreeSet;

use domain::access::GroupMail;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{ChangeMember, GroupPatch, Membership};
use domain::policy::Capability;
use entity::{app_group, app_group_member};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{addresses_of, in_reach, mails_of, members_of};
use crate::access::reading::reach;
use crate::access::trail::{self, Changed};
use crate::access::{NAME_MAX, Versions, one_of, require};
use crate::account;
use crate::conflict::Difference;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::idempotency;
use crate::people::{self, email_address};
use crate::sql::Sql;
use crate::work::{Work, write};

/// Most addresses that get copies.
const ADDRESSES_MAX: usize = 20;
/// Most members.
const MEMBERS_MAX: usize = 1_000;
/// Name of the command for idempotency keys.
const CREATE: &str = "create_group";

/// The fields of a group with every one checked; `None` stays.
#[derive(Clone, Debug, Default)]
struct Checked {
    name: Option<String>,
    entity: Option<Uuid>,
    flags: [Option<bool>; 4],
    addresses: Option<Vec<String>>,
    mails: Option<Vec<GroupMail>>,
    members: Option<Vec<Uuid>>,
    managers: Option<Vec<Uuid>>,
}

/// Columns of the switches, in the order of `Checked::flags`.
const FLAGS: [&str; 4] = ["recursive", "may_be_assigned", "may_be_asked", "may_be_requester"];

fn check(patch: &GroupPatch, held: &[Uuid], is_new: bool) -> Result<Checked, AppError> {
    let mut errors = FieldErrors::new();
    let required =
        |field: &Option<String>| if is_new { Some(field.clone().unwrap_or_default()) } else { field.clone() };
    let name = required(&patch.name).and_then(|name| errors.check("name", account::line(&name, NAME_MAX)));
    let entity = required(&patch.entity).and_then(|entity| errors.check("entity", one_of(&entity, held)));
    let addresses = patch.extra_addresses.as_ref().map(|all| addresses(all, &mut errors));
    let mails = patch.mandatory_notifications.as_ref().map(|all| {
        let read = |(index, word): (usize, &String)| {
            errors.check(&format!("mandatory_notifications[{index}]"), word.parse::<GroupMail>())
        };
        let mails: BTreeSet<GroupMail> = all.iter().enumerate().filter_map(read).collect();
        mails.into_iter().collect()
    });
    let members = patch.members.as_ref().map(|all| ids("members", all, &mut errors));
    let managers = patch.managers.as_ref().map(|all| ids("managers", all, &mut errors));
    let flags = [patch.recursive, patch.may_be_assigned, patch.may_be_asked, patch.may_be_requester];
    errors.or(Some(Checked { name, entity, flags, addresses, mails, members, managers }))
}

fn addresses(typed: &[String], errors: &mut FieldErrors) -> Vec<String> {
    if typed.len() > ADDRESSES_MAX {
        errors.add("extra_addresses", Code::TooMany);
        return Vec::new();
    }
    let mut out: BTreeSet<String> = BTreeSet::new();
    for (index, text) in typed.iter().enumerate() {
        let read = email_address(text).map(|address| account::email_key(&address));
        out.extend(errors.check(&format!("extra_addresses[{index}]"), read));
    }
    out.into_iter().collect()
}

fn ids(field: &str, typed: &[String], errors: &mut FieldErrors) -> Vec<Uuid> {
    if typed.len() > MEMBERS_MAX {
        errors.add(field, Code::TooMany);
        return Vec::new();
    }
    let mut out: BTreeSet<Uuid> = BTreeSet::new();
    for (index, text) in typed.iter().enumerate() {
        let read = text.trim().parse::<Uuid>().map_err(|_no_id| Code::UnknownReference);
        out.extend(errors.check(&format!("{field}[{index}]"), read));
    }
    out.into_iter().collect()
}

/// Makes a group and answers its id.
///
/// # Errors
/// `Forbidden` without `admin.users`; `Invalid` with every wrong field, `duplicate_name` for a name its entity has already.
pub async fn create_group(ctx: &Ctx, patch: GroupPatch, key: &str) -> Result<Uuid, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let checked = check(&patch, &held, true)?;
    let (hash, key) = (idempotency::content_hash(&patch), key.to_owned());
    write(ctx, move |w| {
        let (checked, held, hash, key) = (checked.clone(), held.clone(), hash.clone(), key.clone());
        Box::pin(async move {
            if let Some(id) = idempotency::claim::<Uuid>(w, CREATE, &key, &hash).await? {
                return Ok(id);
            }
            let id = insert(w, &checked, &held).await?;
            idempotency::answer(w, CREATE, &key, &id).await?;
            Ok(id)
        })
    })
    .await
}

async fn insert(w: &Work, checked: &Checked, held: &[Uuid]) -> Result<Uuid, ServiceError> {
    let (Some(name), Some(entity)) = (checked.name.clone(), checked.entity) else {
        return Err(ServiceError::internal("a new group without name or entity"));
    };
    require_free(w, &name, entity, None).await?;
    let [recursive, may_be_assigned, may_be_asked, may_be_requester] = checked.flags.map(Option::unwrap_or_default);
    let id = new_id();
    let row = app_group::Model {
        id,
        entity_id: entity,
        name,
        recursive,
        may_be_assigned,
        may_be_asked,
        may_be_requester,
        active: true,
        created_at: w.now(),
        version: 1,
    };
    app_group::Entity::insert(app_group::ActiveModel::from(row)).exec_without_returning(&w.tx).await?;
    store_lists(w, id, checked, held).await?;
    trail::record(w, "group_created", Some(entity), id, &Changed::whole(1)).await?;
    Ok(id)
}

/// A name stands once in an entity, whatever its case.
async fn require_free(w: &Work, name: &str, entity: Uuid, but: Option<Uuid>) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.entity_id = ");
    for row in sql.bind(entity).rows(&w.tx).await? {
        let (id, known): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "name")?);
        if Some(id) != but && known.to_lowercase() == name.to_lowercase() {
            return Err(AppError::field("name", Code::DuplicateName).into());
        }
    }
    Ok(())
}

/// Changes a group and answers its version.
///
/// # Errors
/// As [`create_group`]; `NotFound` out of reach; `Conflict` and `PreconditionFailed` by version. Nothing is saved then.
pub async fn save_group(ctx: &Ctx, id: &str, patch: GroupPatch, versions: Versions) -> Result<i32, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(id)?;
    let checked = check(&patch, &held, false)?;
    write(ctx, move |w| {
        let (checked, held) = (checked.clone(), held.clone());
        Box::pin(async move { apply(w, id, &checked, &held, versions).await })
    })
    .await
}

async fn apply(w: &Work, id: Uuid, checked: &Checked, held: &[Uuid], versions: Versions) -> Result<i32, ServiceError> {
    let group = in_reach(&w.tx, id, held, true).await?;
    versions.require(group.version)?;
    let changes = changes(w, &group, checked).await?;
    trail::refuse_conflicts(w, id, (group.version, versions.from), &changes).await?;
    if changes.is_empty() {
        return Ok(group.version);
    }
    let entity = checked.entity.unwrap_or(group.entity_id);
    if let Some(name) = &checked.name {
        require_free(w, name, entity, Some(id)).await?;
    }
    let version = group.version + 1;
    let mut sql = Sql::new("UPDATE app_group SET version = ");
    sql.bind(version).push_bind(", entity_id = ", entity);
    if let Some(name) = &checked.name {
        sql.push_bind(", name = ", name.clone());
    }
    for (column, flag) in FLAGS.into_iter().zip(checked.flags) {
        if let Some(flag) = flag {
            sql.push(", ").push(column).push_bind(" = ", flag);
        }
    }
    sql.push_bind(" WHERE id = ", id).run(&w.tx).await?;
    store_lists(w, id, checked, held).await?;
    trail::record(w, "group_changed", Some(entity), id, &Changed::fields(version, &changes)).await?;
    Ok(version)
}

async fn changes(w: &Work, group: &app_group::Model, checked: &Checked) -> Result<Vec<Difference>, ServiceError> {
    let mut out: Vec<Difference> = Vec::new();
    if let Some(name) = checked.name.as_ref().filter(|name| **name != group.name) {
        out.push(("name", json!(name), json!(group.name)));
    }
    if let Some(entity) = checked.entity.filter(|entity| *entity != group.entity_id) {
        out.push(("entity", json!(entity), json!(group.entity_id)));
    }
    let present = [group.recursive, group.may_be_assigned, group.may_be_asked, group.may_be_requester];
    for ((field, new), old) in FLAGS.into_iter().zip(checked.flags).zip(present) {
        if let Some(new) = new.filter(|new| *new != old) {
            out.push((field, json!(new), json!(old)));
        }
    }
    if let Some(new) = &checked.addresses {
        let old = addresses_of(&w.tx, group.id).await?;
        if *new != old {
            out.push(("extra_addresses", json!(new), json!(old)));
        }
    }
    if let Some(new) = &checked.mails {
        let old = mails_of(&w.tx, group.id).await?;
        if *new != old {
            out.push(("mandatory_notifications", json!(new), json!(old)));
        }
    }
    let members = members_of(&w.tx, group.id).await?;
    for (field, new, leads) in [("members", &checked.members, false), ("managers", &checked.managers, true)] {
        let old: BTreeSet<Uuid> = members.iter().filter(|one| one.manager || !leads).map(|one| one.id).collect();
        if let Some(new) = new.as_ref().filter(|new| !old.iter().eq(new.iter())) {
            out.push((field, json!(new), json!(old)));
        }
    }
    Ok(out)
}

/// Addresses, mails and members of a group, as far as they are given.
async fn store_lists(w: &Work, id: Uuid, checked: &Checked, held: &[Uuid]) -> Result<(), ServiceError> {
    if let Some(addresses) = &checked.addresses {
        Sql::new("DELETE FROM app_group_address WHERE group_id = ").bind(id).run(&w.tx).await?;
        for address in addresses {
            let mut sql = Sql::new("INSERT INTO app_group_address (group_id, address) VALUES (");
            sql.bind(id).push_bind(", ", address.clone()).push(")").run(&w.tx).await?;
        }
    }
    if let Some(mails) = &checked.mails {
        Sql::new("DELETE FROM app_group_mail WHERE group_id = ").bind(id).run(&w.tx).await?;
        for mail in mails {
            let mut sql = Sql::new("INSERT INTO app_group_mail (group_id, event) VALUES (");
            sql.bind(id).push_bind(", ", mail.as_str()).push(")").run(&w.tx).await?;
        }
    }
    if checked.members.is_some() || checked.managers.is_some() {
        store_members(w, id, checked, held).await?;
    }
    Ok(())
}

async fn store_members(w: &Work, id: Uuid, checked: &Checked, held: &[Uuid]) -> Result<(), ServiceError> {
    let present = members_of(&w.tx, id).await?;
    let were: BTreeSet<Uuid> = present.iter().map(|one| one.id).collect();
    let led: BTreeSet<Uuid> = present.iter().filter(|one| one.manager).map(|one| one.id).collect();
    let are: BTreeSet<Uuid> = match &checked.members {
        Some(members) => members.iter().copied().collect(),
        None => were.clone(),
    };
    let lead: BTreeSet<Uuid> = match &checked.managers {
        Some(managers) => managers.iter().copied().collect(),
        None => led.intersection(&are).copied().collect(),
    };
    let mut errors = FieldErrors::new();
    for (index, manager) in checked.managers.iter().flatten().enumerate() {
        if !are.contains(manager) {
            errors.add(format!("managers[{index}]"), Code::NotAllowed);
        }
    }
    for (index, member) in checked.members.iter().flatten().enumerate() {
        if !were.contains(member) && !is_known(w, *member, held).await? {
            errors.add(format!("members[{index}]"), Code::UnknownReference);
        }
    }
    errors.or(Some(()))?;
    Sql::new("DELETE FROM app_group_member WHERE group_id = ").bind(id).run(&w.tx).await?;
    for user_id in are {
        let row = app_group_member::Model { group_id: id, user_id, manager: lead.contains(&user_id) };
        let row = app_group_member::ActiveModel::from(row);
        app_group_member::Entity::insert(row).exec_without_returning(&w.tx).await?;
    }
    Ok(())
}

/// Whether somebody active is in the reach of the actor.
async fn is_known(w: &Work, user: Uuid, held: &[Uuid]) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 AS found FROM app_user u WHERE u.active = TRUE AND u.id = ");
    sql.bind(user).push(" AND ").append(&reach(held));
    Ok(!sql.rows(&w.tx).await?.is_empty())
}

/// Makes somebody a member, or one who leads, or none.
///
/// # Errors
/// As [`save_group`]; what is wrong with the person stands at `user`.
pub async fn change_member(ctx: &Ctx, form: ChangeMember) -> Result<i32, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let group = people::path_id(&form.group)?;
    if form.user.trim().is_empty() {
        return Err(AppError::field("user", Code::Required).into());
    }
    write(ctx, move |w| {
        let (form, held) = (form.clone(), held.clone());
        Box::pin(async move {
            let wrong = || AppError::field("user", Code::UnknownReference);
            let user = named(w, &form.user).await?.ok_or_else(wrong)?;
            let present = members_of(&w.tx, in_reach(&w.tx, group, &held, true).await?.id).await?;
            let is_new = present.iter().all(|one| one.id != user);
            if is_new && (form.membership == Membership::None || !is_known(w, user, &held).await?) {
                return Err(wrong().into());
            }
            let mut members: BTreeSet<Uuid> = present.iter().map(|one| one.id).collect();
            let mut managers: BTreeSet<Uuid> = present.iter().filter(|one| one.manager).map(|one| one.id).collect();
            members.remove(&user);
            managers.remove(&user);
            if form.membership != Membership::None {
                members.insert(user);
            }
            if form.membership == Membership::Manager {
                managers.insert(user);
            }
            let checked = Checked {
                members: Some(members.into_iter().collect()),
                managers: Some(managers.into_iter().collect()),
                ..Checked::default()
            };
            apply(w, group, &checked, &held, Versions::default()).await
        })
    })
    .await
}

/// Somebody by his id or his address.
async fn named(w: &Work, text: &str) -> Result<Option<Uuid>, ServiceError> {
    let text = text.trim();
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(Some(id));
    }
    let mut sql = Sql::new("SELECT id FROM app_user WHERE email_key = ");
    Ok(sql.bind(account::email_key(text)).scalar(&w.tx).await?)
}

/// Takes a group away: it stays named on tickets that are over, and nobody is its member any more.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` as [`save_group`]; `Refused(InUse)` while it is assigned to an open ticket, has a task
/// to do, gets the tickets of a category, or is named by a setting.
pub async fn delete_group(ctx: &Ctx, id: &str, versions: Versions) -> Result<(), ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(id)?;
    write(ctx, move |w| {
        let held = held.clone();
        Box::pin(async move {
            let group = in_reach(&w.tx, id, &held, true).await?;
            versions.require_same(group.version)?;
            if is_used(w, id).await? {
                return Err(Code::InUse.into());
            }
            for table in ["app_group_member", "app_group_address", "app_group_mail"] {
                let mut sql = Sql::new("DELETE FROM ");
                sql.push(table).push_bind(" WHERE group_id = ", id).run(&w.tx).await?;
            }
            let mut sql = Sql::new("UPDATE app_group SET version = version + 1, active = FALSE WHERE id = ");
            sql.bind(id).run(&w.tx).await?;
            trail::record(w, "group_deleted", Some(group.entity_id), id, &Changed::whole(group.version + 1)).await
        })
    })
    .await
}

async fn is_used(w: &Work, id: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new(
        "SELECT 1 AS found FROM ticket_actor a JOIN ticket t ON t.id = a.ticket_id WHERE t.deleted_at IS NULL \
         AND t.status NOT IN ('solved', 'closed', 'cancelled') AND a.role = 'assignee' AND a.group_id = ",
    );
    sql.bind(id);
    sql.push_bind(
        " UNION ALL SELECT 1 FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE t.deleted_at IS NULL \
         AND t.status NOT IN ('closed', 'cancelled') AND k.removed_at IS NULL \
         AND k.state IN ('todo', 'in_progress', 'on_hold') AND k.group_id = ",
        id,
    );
    sql.push_bind(" UNION ALL SELECT 1 FROM list_row l WHERE l.active = TRUE AND l.group_id = ", id);
    sql.push_bind(" UNION ALL SELECT 1 FROM setting s WHERE s.value = ", id.to_string()).push(" LIMIT 1");
    Ok(!sql.rows(&w.tx).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_rcp_05_addresses_of_a_group_are_few_right_and_once() {
        let patch = |addresses: &[&str]| GroupPatch {
            extra_addresses: Some(addresses.iter().map(|text| (*text).to_owned()).collect()),
            ..GroupPatch::default()
        };
        let checked = check(&patch(&["B@x.org", "a@x.org", "b@X.org"]), &[], false).unwrap();
        assert_eq!(checked.addresses, Some(vec!["a@x.org".to_owned(), "b@x.org".to_owned()]));
        let Err(AppError::Invalid(errors)) = check(&patch(&["a@x.org", "nobody"]), &[], false) else {
            panic!("must be refused")
        };
        assert_eq!(errors.of("extra_addresses[1]"), Some(Code::Invalid));
        let many: Vec<String> = (0..21).map(|n| format!("a{n}@x.org")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let Err(AppError::Invalid(errors)) = check(&patch(&many), &[], false) else { panic!("must be refused") };
        assert_eq!(errors.of("extra_addresses"), Some(Code::TooMany));
    }

    #[test]
    fn m_rcp_05_only_known_mails_can_be_insisted_on() {
        let patch = GroupPatch {
            mandatory_notifications: Some(vec!["closing".to_owned(), "opening".to_owned(), "gossip".to_owned()]),
            ..GroupPatch::default()
        };
        let Err(AppError::Invalid(errors)) = check(&patch, &[], false) else { panic!("must be refused") };
        assert_eq!(errors.of("mandatory_notifications[2]"), Some(Code::Invalid));
    }
}
