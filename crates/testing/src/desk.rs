//! The small desk every `World` stands on: Acme with its sub-entity Brasil, seven people, one group.

use std::collections::BTreeMap;

use domain::policy::ShippedRole;
use entity::{app_group, app_group_member, app_user, assignment};
use sea_orm::EntityTrait;
use service::ctx::new_id;
use service::db::Db;
use service::install;
use uuid::Uuid;

use crate::world::NOW;

/// The password `World::let_in` gives; nobody has one before.
pub const PASSWORD: &str = "quartz lantern 83 mossy";
/// Name of the root entity.
pub(crate) const ROOT: &str = "Acme";
/// Name of its sub-entity, where requests are made.
pub(crate) const BRASIL: &str = "Brasil";
/// Name of the group.
pub(crate) const NETWORK: &str = "Network";

/// Everybody: name, role, whether the role is held at the root (and below) or in Brasil only.
const PEOPLE: [(&str, ShippedRole, bool); 7] = [
    ("admin", ShippedRole::Admin, true),
    ("supervisor", ShippedRole::Supervisor, true),
    ("tech1", ShippedRole::Technician, true),
    ("tech2", ShippedRole::Technician, true),
    ("observer", ShippedRole::Observer, true),
    ("requester1", ShippedRole::Requester, false),
    ("requester2", ShippedRole::Requester, false),
];

/// Address of a person of the desk.
pub(crate) fn email(name: &str) -> String {
    format!("{name}@example.org")
}

/// Builds it in a migrated database.
pub(crate) async fn build(db: &Db) {
    let root = add_entity(db, ROOT, None, "UTC").await;
    let brasil = add_entity(db, BRASIL, Some(root), "America/Sao_Paulo").await;
    let roles = install::shipped_roles(db.writer(), NOW).await.expect("roles");
    install::ensure(db.writer(), root, NOW).await.expect("lists");
    let mut people = BTreeMap::new();
    for (name, role, at_root) in PEOPLE {
        let id = add_person(db, name, brasil).await;
        let role = roles.get(&role).copied().expect("a shipped role");
        assign(db, id, if at_root { root } else { brasil }, role, at_root).await;
        people.insert(name, id);
    }
    let network = app_group::Model {
        id: new_id(),
        entity_id: root,
        name: NETWORK.to_owned(),
        recursive: true,
        may_be_assigned: true,
        may_be_asked: true,
        may_be_requester: false,
        active: true,
        created_at: NOW,
        version: 1,
    };
    let group_id = network.id;
    insert_group(db, network).await;
    let user_id = people.get("tech2").copied().expect("tech2");
    add_member(db, group_id, user_id).await;
}

pub(crate) async fn insert_group(db: &Db, group: app_group::Model) {
    let row = app_group::ActiveModel::from(group);
    app_group::Entity::insert(row).exec_without_returning(db.writer()).await.expect("a group");
}

pub(crate) async fn add_member(db: &Db, group_id: Uuid, user_id: Uuid) {
    let row = app_group_member::ActiveModel::from(app_group_member::Model { group_id, user_id, manager: false });
    app_group_member::Entity::insert(row).exec_without_returning(db.writer()).await.expect("a member");
}

pub(crate) async fn add_entity(db: &Db, name: &str, parent_id: Option<Uuid>, time_zone: &str) -> Uuid {
    let row = entity::entity::Model {
        id: new_id(),
        parent_id,
        name: name.to_owned(),
        language: "en".to_owned(),
        time_zone: time_zone.to_owned(),
        currency: "EUR".to_owned(),
        created_at: NOW,
        version: 1,
    };
    let id = row.id;
    let row = entity::entity::ActiveModel::from(row);
    entity::entity::Entity::insert(row).exec_without_returning(db.writer()).await.expect("an entity");
    id
}

pub(crate) async fn add_person(db: &Db, name: &str, entity_id: Uuid) -> Uuid {
    let row = app_user::Model {
        id: new_id(),
        entity_id,
        name: name.to_owned(),
        email: email(name),
        email_key: email(name),
        password_hash: None,
        phone: None,
        extension: None,
        language: "en".to_owned(),
        time_zone: "UTC".to_owned(),
        theme: "auto".to_owned(),
        density: "compact".to_owned(),
        default_visibility: "private".to_owned(),
        task_default_visibility: "private".to_owned(),
        timeline_order: None,
        show_events: false,
        signature: String::new(),
        active: true,
        created_at: NOW,
        last_seen_at: None,
        version: 1,
    };
    let id = row.id;
    let row = app_user::ActiveModel::from(row);
    app_user::Entity::insert(row).exec_without_returning(db.writer()).await.expect("a person");
    id
}

pub(crate) async fn assign(db: &Db, user_id: Uuid, entity_id: Uuid, role_id: Uuid, recursive: bool) {
    let row = assignment::Model { id: new_id(), user_id, entity_id, role_id, recursive };
    let row = assignment::ActiveModel::from(row);
    assignment::Entity::insert(row).exec_without_returning(db.writer()).await.expect("an assignment");
}
