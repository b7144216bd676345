//! The organisation of the demo desk: entities, people, groups, lists.

use std::collections::BTreeMap;

use domain::policy::ShippedRole;
use entity::{app_group, app_group_member, app_user, assignment, list_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::rows::insert_all;
use crate::account::email_key;
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::{install, lists};

pub(super) type Texts = BTreeMap<String, String>;

/// `desk.json`.
#[derive(Debug, Deserialize)]
pub(super) struct DeskFile {
    entities: Vec<EntityItem>,
    groups: Vec<GroupItem>,
    people: Vec<PersonItem>,
    ticket_categories: Vec<CategoryItem>,
    occurrence_categories: Vec<NamedItem>,
    locations: Vec<LocationItem>,
    pending_reasons: Vec<ReasonItem>,
}

#[derive(Debug, Deserialize)]
struct EntityItem {
    key: String,
    parent: Option<String>,
    name: String,
    language: String,
    time_zone: String,
    currency: String,
}

#[derive(Debug, Deserialize)]
struct GroupItem {
    key: String,
    entity: String,
    name: String,
    recursive: bool,
    may_be_assigned: bool,
    may_be_asked: bool,
    may_be_requester: bool,
    members: Vec<String>,
    managers: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct PersonItem {
    key: String,
    name: String,
    email: String,
    language: String,
    time_zone: String,
    phone: Option<String>,
    extension: Option<String>,
    roles: Vec<RoleItem>,
}

#[derive(Debug, Deserialize)]
struct RoleItem {
    entity: String,
    role: String,
    recursive: bool,
}

#[derive(Debug, Deserialize)]
struct CategoryItem {
    key: String,
    parent: Option<String>,
    names: Texts,
    group: Option<String>,
    incident: bool,
    request: bool,
    portal: bool,
}

#[derive(Debug, Deserialize)]
struct NamedItem {
    key: String,
    names: Texts,
}

#[derive(Debug, Deserialize)]
struct LocationItem {
    key: String,
    entity: String,
    parent: Option<String>,
    names: Texts,
}

#[derive(Debug, Deserialize)]
struct ReasonItem {
    key: String,
    names: Texts,
    label: Texts,
}

/// Somebody of the desk.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) language: String,
    pub(super) role: ShippedRole,
}

/// A group of the desk.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) members: Vec<Uuid>,
}

/// A ticket category and the group its tickets wait for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Category {
    pub(super) id: Uuid,
    pub(super) group: Option<Uuid>,
}

/// What tickets refer to, by the keys of the files; people in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) entities: BTreeMap<String, Uuid>,
    pub(super) people: BTreeMap<String, Person>,
    pub(super) order: Vec<String>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) categories: BTreeMap<String, Category>,
    pub(super) occurrence_categories: BTreeMap<String, Uuid>,
    pub(super) locations: BTreeMap<String, Uuid>,
    pub(super) reasons: BTreeMap<String, Uuid>,
    /// Shipped ones by their codes.
    pub(super) solution_types: BTreeMap<String, Uuid>,
    /// By their English name.
    pub(super) sources: BTreeMap<String, Uuid>,
}

/// What a key of the files stands for.
pub(super) fn known<'a, T>(map: &'a BTreeMap<String, T>, key: &str) -> Result<&'a T, ServiceError> {
    map.get(key).ok_or_else(|| ServiceError::internal(format!("the demo files name {key}, which they do not define")))
}

/// The same for a key that may be missing.
pub(super) fn known_id(map: &BTreeMap<String, Uuid>, key: Option<&str>) -> Result<Option<Uuid>, ServiceError> {
    key.map(|key| known(map, key).copied()).transpose()
}

/// Inserts all of it; everybody gets the same password.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    file: &DeskFile,
    password_hash: &str,
    now: i64,
) -> Result<Desk, ServiceError> {
    let mut desk = Desk::default();
    // The desk is older than its oldest ticket.
    let created = now - 180 * 86_400;
    insert_entities(tx, file, &mut desk, created).await?;
    let root = file.entities.first().ok_or_else(|| ServiceError::internal("the demo desk has no entity"))?;
    let root = *known(&desk.entities, &root.key)?;
    insert_people(tx, file, &mut desk, password_hash, created).await?;
    insert_groups(tx, file, &mut desk, created).await?;
    install::ensure(tx, root, created).await?;
    let shipped = list_row::Entity::find().filter(list_row::Column::EntityId.eq(root)).all(tx).await?;
    insert_all::<list_row::Entity>(tx, list_rows(file, &mut desk, root, &shipped)?).await?;
    Ok(desk)
}

async fn insert_entities(
    tx: &impl ConnectionTrait,
    file: &DeskFile,
    desk: &mut Desk,
    created: i64,
) -> Result<(), ServiceError> {
    let mut rows = Vec::new();
    for item in &file.entities {
        let id = new_id();
        let parent_id = known_id(&desk.entities, item.parent.as_deref())?;
        desk.entities.insert(item.key.clone(), id);
        rows.push(entity::entity::Model {
            id,
            parent_id,
            name: item.name.clone(),
            language: item.language.clone(),
            time_zone: item.time_zone.clone(),
            currency: item.currency.clone(),
            created_at: created,
            version: 1,
        });
    }
    insert_all::<entity::entity::Entity>(tx, rows).await
}

async fn insert_people(
    tx: &impl ConnectionTrait,
    file: &DeskFile,
    desk: &mut Desk,
    password_hash: &str,
    created: i64,
) -> Result<(), ServiceError> {
    let roles = install::shipped_roles(tx, created).await?;
    let (mut users, mut assignments) = (Vec::new(), Vec::new());
    for item in &file.people {
        let id = new_id();
        let first =
            item.roles.first().ok_or_else(|| ServiceError::internal("somebody of the demo desk has no role"))?;
        let role: ShippedRole = first.role.parse()?;
        users.push(user(item, id, *known(&desk.entities, &first.entity)?, password_hash, created));
        for held in &item.roles {
            let role: ShippedRole = held.role.parse()?;
            let role_id =
                roles.get(&role).copied().ok_or_else(|| ServiceError::internal("a shipped role is missing"))?;
            let entity_id = *known(&desk.entities, &held.entity)?;
            assignments.push(assignment::Model {
                id: new_id(),
                user_id: id,
                entity_id,
                role_id,
                recursive: held.recursive,
            });
        }
        desk.order.push(item.key.clone());
        let person =
            Person { id, name: item.name.clone(), email: item.email.clone(), language: item.language.clone(), role };
        desk.people.insert(item.key.clone(), person);
    }
    insert_all::<app_user::Entity>(tx, users).await?;
    insert_all::<assignment::Entity>(tx, assignments).await
}

fn user(item: &PersonItem, id: Uuid, entity_id: Uuid, password_hash: &str, created: i64) -> app_user::Model {
    app_user::Model {
        id,
        entity_id,
        name: item.name.clone(),
        email: item.email.clone(),
        email_key: email_key(&item.email),
        password_hash: Some(password_hash.to_owned()),
        phone: item.phone.clone(),
        extension: item.extension.clone(),
        language: item.language.clone(),
        time_zone: item.time_zone.clone(),
        theme: "auto".to_owned(),
        density: "comfortable".to_owned(),
        default_visibility: "private".to_owned(),
        task_default_visibility: "private".to_owned(),
        timeline_order: None,
        show_events: false,
        signature: String::new(),
        active: true,
        created_at: created,
        last_seen_at: None,
        version: 1,
    }
}

async fn insert_groups(
    tx: &impl ConnectionTrait,
    file: &DeskFile,
    desk: &mut Desk,
    created: i64,
) -> Result<(), ServiceError> {
    let (mut rows, mut memberships) = (Vec::new(), Vec::new());
    for item in &file.groups {
        let id = new_id();
        let mut members = Vec::new();
        for key in item.members.iter().chain(item.managers.iter().filter(|key| !item.members.contains(*key))) {
            let user_id = known(&desk.people, key)?.id;
            members.push(user_id);
            memberships.push(app_group_member::Model { group_id: id, user_id, manager: item.managers.contains(key) });
        }
        rows.push(app_group::Model {
            id,
            entity_id: *known(&desk.entities, &item.entity)?,
            name: item.name.clone(),
            recursive: item.recursive,
            may_be_assigned: item.may_be_assigned,
            may_be_asked: item.may_be_asked,
            may_be_requester: item.may_be_requester,
            active: true,
            created_at: created,
            version: 1,
        });
        desk.groups.insert(item.key.clone(), Group { id, name: item.name.clone(), members });
    }
    insert_all::<app_group::Entity>(tx, rows).await?;
    insert_all::<app_group_member::Entity>(tx, memberships).await
}

/// The rows the desk adds to the shipped ones; a shipped row with the same code serves for both.
fn list_rows(
    file: &DeskFile,
    desk: &mut Desk,
    root: Uuid,
    shipped: &[list_row::Model],
) -> Result<Vec<list_row::Model>, ServiceError> {
    let mut rows = Vec::new();
    let of_code = |list: &str, code: &str| shipped.iter().find(|r| r.list == list && r.code.as_deref() == Some(code));
    for row in shipped.iter().filter(|row| row.list == lists::SOURCES) {
        desk.sources.insert(lists::name(row, domain::lang::Lang::En), row.id);
    }
    for row in shipped.iter().filter(|row| row.list == lists::SOLUTION_TYPES) {
        desk.solution_types.extend(row.code.clone().map(|code| (code, row.id)));
    }
    for (item, position) in file.ticket_categories.iter().zip(1..) {
        let mut row = list_row_of(lists::TICKET_CATEGORIES, root, &item.names, position)?;
        let parent = item.parent.as_deref().map(|key| known(&desk.categories, key)).transpose()?.copied();
        row.parent_id = parent.map(|parent| parent.id);
        row.group_id = item.group.as_deref().map(|key| known(&desk.groups, key)).transpose()?.map(|group| group.id);
        (row.for_incident, row.for_request, row.portal) = (item.incident, item.request, item.portal);
        let group = row.group_id.or_else(|| parent.and_then(|parent| parent.group));
        desk.categories.insert(item.key.clone(), Category { id: row.id, group });
        rows.push(row);
    }
    // Shipped rows stand first.
    for (item, position) in file.occurrence_categories.iter().zip(100..) {
        let id = match of_code(lists::OCCURRENCE_CATEGORIES, &item.key) {
            Some(row) => row.id,
            None => added(&mut rows, list_row_of(lists::OCCURRENCE_CATEGORIES, root, &item.names, position)?),
        };
        desk.occurrence_categories.insert(item.key.clone(), id);
    }
    for (item, position) in file.locations.iter().zip(1..) {
        let mut row = list_row_of(lists::LOCATIONS, *known(&desk.entities, &item.entity)?, &item.names, position)?;
        row.parent_id = known_id(&desk.locations, item.parent.as_deref())?;
        desk.locations.insert(item.key.clone(), added(&mut rows, row));
    }
    for (item, position) in file.pending_reasons.iter().zip(100..) {
        let id = match of_code(lists::PENDING_REASONS, &item.key) {
            Some(row) => row.id,
            None => {
                let mut row = list_row_of(lists::PENDING_REASONS, root, &item.names, position)?;
                row.labels = Some(serde_json::to_string(&item.label)?);
                added(&mut rows, row)
            }
        };
        desk.reasons.insert(item.key.clone(), id);
    }
    Ok(rows)
}

fn added(rows: &mut Vec<list_row::Model>, row: list_row::Model) -> Uuid {
    let id = row.id;
    rows.push(row);
    id
}

pub(super) fn list_row_of(
    list: &str,
    entity_id: Uuid,
    names: &Texts,
    position: i32,
) -> Result<list_row::Model, ServiceError> {
    Ok(list_row::Model {
        id: new_id(),
        list: list.to_owned(),
        entity_id,
        recursive: true,
        parent_id: None,
        code: None,
        names: serde_json::to_string(names)?,
        labels: None,
        active: true,
        position,
        for_tickets: true,
        for_occurrences: true,
        for_incident: true,
        for_request: true,
        portal: true,
        group_id: None,
        rule: None,
        version: 1,
        hours: None,
    })
}
