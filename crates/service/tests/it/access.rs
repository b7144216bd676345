//! Groups, roles, entities and the audit log (T-ROL-02, 04, 08, M-RCP-05).

use domain::access::GroupMail;
use domain::error::{AppError, Code};
use domain::forms::{ChangeMember, EntityPatch, GroupPatch, Membership, RolePatch, WhyForm};
use domain::policy::{CapSet, Capability, ShippedRole};
use service::access::{self, AuditQuery, Versions};
use service::{Ctx, install};
use testing::{NOW, World, both_engines, error, field, forbidden, refused};
use uuid::Uuid;

async fn shipped(world: &World, role: ShippedRole) -> Uuid {
    *install::shipped_roles(world.db().writer(), NOW).await.unwrap().get(&role).unwrap()
}

async fn copy(ctx: &Ctx, world: &World, role: ShippedRole, name: &str) -> Uuid {
    let patch = RolePatch { name: Some(name.to_owned()), capabilities: None };
    let model = shipped(world, role).await.to_string();
    access::create_role(ctx, patch, &model, "").await.unwrap()
}

fn of(set: CapSet) -> RolePatch {
    RolePatch { name: None, capabilities: Some(set.iter().map(|one| one.name().to_owned()).collect()) }
}

async fn assign(world: &World, who: &str, role: Uuid, entity: Uuid) {
    let form = domain::forms::SaveAssignment {
        user: world.person(who).await.id.to_string(),
        entity: entity.to_string(),
        role: role.to_string(),
        recursive: true,
        ..Default::default()
    };
    access::change_assignment(&world.ctx("admin").await, form).await.unwrap();
}

both_engines!(t_rol_02_shipped_roles_are_copied_and_copies_changed, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let technician = shipped(&world, ShippedRole::Technician).await.to_string();
    let refused = access::save_role(&ctx, &technician, of(CapSet::EMPTY), Versions::default()).await;
    assert_eq!(field(refused, "shipped"), Some(Code::NotAllowed));
    let deleted = access::delete_role(&ctx, &technician, Versions::default()).await;
    assert_eq!(field(deleted, "shipped"), Some(Code::NotAllowed));

    let id = copy(&ctx, &world, ShippedRole::Technician, "Dispatcher").await.to_string();
    let twin = RolePatch { name: Some("dispatcher".to_owned()), capabilities: None };
    assert_eq!(field(access::create_role(&ctx, twin, "", "").await, "name"), Some(Code::DuplicateName));
    let page = access::role_page(&ctx, &id, &technician).await.unwrap();
    assert_eq!(page.role.capabilities, page.compared.unwrap().capabilities);
    let mut set = page.role.capabilities;
    set.insert(Capability::TicketAssign);
    access::save_role(&ctx, &id, of(set), Versions { from: Some(1), if_match: None }).await.unwrap();
    let page = access::role_page(&ctx, &id, &technician).await.unwrap();
    assert_eq!(page.role.capabilities.without(page.compared.unwrap().capabilities).len(), 1);
    assert_eq!(page.role.version, 2);
    access::delete_role(&ctx, &id, Versions::default()).await.unwrap();
    assert_eq!(error(access::role_page(&ctx, &id, "").await), AppError::NotFound);
});

both_engines!(t_rol_02_saving_a_role_says_who_gains_and_who_loses, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let id = copy(&ctx, &world, ShippedRole::Technician, "Dispatcher").await;
    // One has it alone, one beside the role it was copied from.
    world.hire_with("fresh", &[]).await;
    assign(&world, "fresh", id, world.brasil).await;
    assign(&world, "tech1", id, world.root).await;
    let mut set = domain::policy::capabilities(ShippedRole::Technician);
    set.remove(Capability::TicketTake);
    set.insert(Capability::TicketAssign);
    let saved = access::save_role(&ctx, &id.to_string(), of(set), Versions::default()).await.unwrap();
    assert_eq!(saved.effects.len(), 2, "{:?}", saved.effects);
    for effect in &saved.effects {
        let name = effect.names.first().unwrap().name.as_str();
        assert!(effect.gained.contains(Capability::TicketAssign) && effect.people == 1, "{name}");
        assert_eq!(effect.lost.contains(Capability::TicketTake), name == "fresh", "{name}: he has it by another role");
    }
    assert!(world.ctx("fresh").await.actor.has(world.brasil, Capability::TicketAssign), "from the next request on");
    assert_eq!(access::role_page(&ctx, &id.to_string(), "").await.unwrap().effects, saved.effects, "the log keeps it");
    assert_eq!(refused(access::delete_role(&ctx, &id.to_string(), Versions::default()).await), Code::InUse);
});

both_engines!(t_rol_08_a_role_holds_no_more_than_who_made_it, |world: World| async move {
    world.hire_with("clerk", &[Capability::AdminUsers, Capability::TicketCreate]).await;
    let clerk = world.ctx("clerk").await;
    let wide = RolePatch {
        name: Some("Wide".to_owned()),
        capabilities: Some(vec!["ticket.create".to_owned(), "ticket.purge".to_owned()]),
    };
    assert_eq!(forbidden(access::create_role(&clerk, wide, "", "").await), "ticket.purge");
    let narrow = RolePatch { name: Some("Narrow".to_owned()), capabilities: Some(vec!["ticket.create".to_owned()]) };
    let id = access::create_role(&clerk, narrow, "", "").await.unwrap().to_string();
    let set: CapSet = [Capability::TicketPurge].into_iter().collect();
    assert_eq!(forbidden(access::save_role(&clerk, &id, of(set), Versions::default()).await), "ticket.purge");
    // Roles count everywhere: who administers a branch only reads them.
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    let local = world.ctx("local").await;
    assert!(!access::roles(&local).await.unwrap().may_copy);
    assert_eq!(forbidden(access::save_role(&local, &id, of(CapSet::EMPTY), Versions::default()).await), "admin.users");
});

both_engines!(t_rol_08_a_changed_role_leaves_an_administrator, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let id = copy(&ctx, &world, ShippedRole::Admin, "Boss").await;
    world.hire_with("boss", &[]).await;
    assign(&world, "boss", id, world.root).await;
    world.disable("admin").await;
    let boss = world.ctx("boss").await;
    let less = access::save_role(&boss, &id.to_string(), of(CapSet::EMPTY), Versions::default()).await;
    assert_eq!(refused(less), Code::LastAdministrator);
});

both_engines!(why_names_the_roles_that_give_a_right, |world: World| async move {
    let number = world.ticket().create().await;
    let ctx = world.ctx("admin").await;
    let ask = async |user: &str, capability: &str, ticket: &str| {
        let form =
            WhyForm { user: format!("{user}@example.org"), capability: capability.into(), ticket: ticket.into() };
        access::why(&ctx, form).await
    };
    let found = ask("tech1", "ticket.take", &number.to_string()).await.unwrap();
    assert!(found.allowed && found.sees_ticket == Some(true));
    assert_eq!(found.because.iter().map(|held| held.role.key.as_str()).collect::<Vec<_>>(), ["technician"]);
    let found = ask("requester1", "ticket.take", "").await.unwrap();
    assert!(!found.allowed && found.because.is_empty());
    let found = ask("requester2", "occurrence.add-own", &format!("#{number}")).await.unwrap();
    assert!(!found.allowed && found.sees_ticket == Some(false) && !found.because.is_empty());
    world.disable("tech1").await;
    assert!(!ask("tech1", "ticket.take", "").await.unwrap().allowed);
    assert_eq!(field(ask("nobody", "ticket.fly", "999999").await, "ticket"), Some(Code::UnknownReference));
    assert_eq!(forbidden(access::why(&world.ctx("tech1").await, WhyForm::default()).await), "admin.users");
});

both_engines!(t_rol_04_a_group_has_members_managers_and_flags, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let patch = GroupPatch {
        name: Some("Field".to_owned()),
        entity: Some(world.brasil.to_string()),
        may_be_assigned: Some(true),
        extra_addresses: Some(vec!["Desk@Partner.example".to_owned()]),
        mandatory_notifications: Some(vec!["closing".to_owned(), "opening".to_owned()]),
        ..GroupPatch::default()
    };
    let id = access::create_group(&ctx, patch.clone(), "").await.unwrap().to_string();
    assert_eq!(field(access::create_group(&ctx, patch, "").await, "name"), Some(Code::DuplicateName));
    let change = async |user: &str, membership: Membership| {
        let form = ChangeMember { group: id.clone(), user: user.to_owned(), membership };
        access::change_member(&ctx, form).await
    };
    change("tech1@example.org", Membership::Manager).await.unwrap();
    change(&world.person("tech2").await.id.to_string(), Membership::Member).await.unwrap();
    assert_eq!(field(change("ghost@example.org", Membership::Member).await, "user"), Some(Code::UnknownReference));
    let group = access::group_page(&ctx, &id).await.unwrap().group.unwrap();
    let members: Vec<(&str, bool)> = group.members.iter().map(|one| (one.name.as_str(), one.manager)).collect();
    assert_eq!(members, [("tech1", true), ("tech2", false)]);
    assert_eq!(group.extra_addresses, ["desk@partner.example"]);
    assert_eq!(group.mandatory_notifications, [GroupMail::Opening, GroupMail::Closing]);
    assert!(world.ctx("tech1").await.actor.groups.iter().any(|own| own.to_string() == id));
    change("tech1@example.org", Membership::None).await.unwrap();
    assert!(world.ctx("tech1").await.actor.groups.is_empty());
    for who in ["requester1", "observer", "tech1", "supervisor"] {
        assert_eq!(forbidden(access::groups(&world.ctx(who).await, "", "").await), "admin.users", "{who}");
    }
});

both_engines!(t_rol_04_a_group_with_open_tickets_stays, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let id = world.group("Field", &["tech1"]).await;
    let number = world.ticket().assigned_group(id).create().await;
    let gone = access::delete_group(&ctx, &id.to_string(), Versions::default()).await;
    assert_eq!(refused(gone), Code::InUse);
    world.put_status(number, domain::ticket::Status::Closed).await;
    access::delete_group(&ctx, &id.to_string(), Versions::default()).await.unwrap();
    assert_eq!(error(access::group_page(&ctx, &id.to_string()).await), AppError::NotFound);
    assert_eq!(world.count("audit WHERE kind = 'group_deleted'").await, 1);
    world.assert_sound().await;
});

both_engines!(entities_grow_move_and_go, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let patch =
        |name: &str, parent: Uuid| EntityPatch { name: Some(name.to_owned()), parent: Some(parent.to_string()) };
    let rio = access::create_entity(&ctx, patch("Rio", world.brasil), "").await.unwrap();
    let ctx = access::refreshed(&ctx).await.unwrap();
    assert_eq!(ctx.actor.entity_zone(rio).name(), "America/Sao_Paulo", "that of the entity above");
    assert_eq!(
        field(access::create_entity(&ctx, patch("rio", world.brasil), "").await, "name"),
        Some(Code::DuplicateName)
    );
    let tree = access::entity_tree(&ctx).await.unwrap();
    let shown: Vec<(&str, u8)> = tree.rows.iter().map(|row| (row.name.as_str(), row.depth)).collect();
    assert_eq!(shown, [("Acme", 0), ("Brasil", 1), ("Rio", 2)]);

    let into = |parent: Uuid| EntityPatch { name: None, parent: Some(parent.to_string()) };
    let circle = access::save_entity(&ctx, &world.brasil.to_string(), into(rio), Versions::default()).await;
    assert_eq!(field(circle, "parent"), Some(Code::NotAllowed));
    let root = access::save_entity(&ctx, &world.root.to_string(), into(rio), Versions::default()).await;
    assert_eq!(field(root, "parent"), Some(Code::NotAllowed));
    access::save_entity(&ctx, &rio.to_string(), into(world.root), Versions::default()).await.unwrap();
    assert_eq!(access::refreshed(&ctx).await.unwrap().actor.path_of(rio), [rio, world.root]);

    let full = access::delete_entity(&ctx, &world.brasil.to_string(), Versions::default()).await;
    assert_eq!(refused(full), Code::InUse);
    world.set(domain::settings::Key::ReopenDays, rio, "3").await;
    access::delete_entity(&ctx, &rio.to_string(), Versions::default()).await.unwrap();
    assert_eq!(world.count("setting").await, 0, "its own settings go with it");
    assert_eq!(forbidden(access::entity_tree(&world.ctx("supervisor").await).await), "admin.entities");
    world.assert_sound().await;
});

both_engines!(t_rol_08_moving_a_branch_gives_no_rights_one_does_not_hold, |world: World| async move {
    let (north, city) = (world.entity("North", world.root).await, world.entity("City", world.brasil).await);
    world.hire("chief", ShippedRole::Supervisor, north).await;
    world.hire_with("mover", &[Capability::AdminEntities]).await;
    let mover = world.ctx("mover").await;
    let patch = EntityPatch { name: None, parent: Some(north.to_string()) };
    let moved = access::save_entity(&mover, &city.to_string(), patch.clone(), Versions::default()).await;
    assert_eq!(forbidden(moved), "ticket.create", "the chief of the north would work in the city");
    access::save_entity(&world.ctx("admin").await, &city.to_string(), patch, Versions::default()).await.unwrap();
    assert!(world.ctx("chief").await.actor.has(city, Capability::TicketAssign));
});

both_engines!(the_audit_log_is_read_by_its_holders, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let patch = EntityPatch { name: Some("Rio".to_owned()), parent: Some(world.brasil.to_string()) };
    access::create_entity(&ctx, patch, "").await.unwrap();
    let id = copy(&ctx, &world, ShippedRole::Technician, "Dispatcher").await;
    let auditor = world.ctx("observer").await;
    let rows = access::audit_rows(&auditor, AuditQuery::default()).await.unwrap().items;
    let kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["role_created", "entity_created"], "newest first");
    assert_eq!(rows.first().map(|row| row.object.clone()), Some(id.to_string()));
    assert_eq!(rows.first().and_then(|row| row.person.clone()).map(|who| who.name), Some("admin".to_owned()));
    let query = AuditQuery { kind: "entity_created".to_owned(), limit: 1, count: true, ..AuditQuery::default() };
    let page = access::audit_rows(&auditor, query).await.unwrap();
    assert_eq!((page.items.len(), page.count.map(|count| count.value), page.next_cursor), (1, Some(1), None));
    for who in ["requester1", "tech1", "supervisor"] {
        let refused = access::audit_rows(&world.ctx(who).await, AuditQuery::default()).await;
        assert_eq!(forbidden(refused), "admin.audit", "{who}");
    }
});
