//! Users: made, given roles, disabled, forgotten, invited (T-ROL-01, 08, 09).

use domain::error::{AppError, Code};
use domain::forms::{
    AcceptInvitation, AddTask, GrantForm, RunUserCommand, SaveAssignment, SignIn, UserCommand, UserPatch,
};
use domain::policy::{Capability, ShippedRole};
use domain::views::{OutgoingQuery, UserListQuery};
use service::access::{self, UserDone, Versions};
use service::{ServiceError, account, install, mail, notifications, occurrences};
use testing::{Behaviour, NOW, PASSWORD, Sink, Sql, World, both_engines, conflict, error, field, forbidden, refused};
use uuid::Uuid;

use crate::mail::{connected, letter, relay};

async fn role(world: &World, role: ShippedRole) -> String {
    let roles = install::shipped_roles(world.db().writer(), NOW).await.unwrap();
    roles.get(&role).unwrap().to_string()
}

fn patch(name: &str, entity: Uuid) -> UserPatch {
    UserPatch {
        name: Some(name.to_owned()),
        email: Some(format!("{name}@example.org")),
        entity: Some(entity.to_string()),
        ..UserPatch::default()
    }
}

fn grant(entity: Uuid, role: &str, recursive: bool) -> Option<Vec<GrantForm>> {
    Some(vec![GrantForm { entity: entity.to_string(), role: role.to_owned(), recursive }])
}

async fn command(world: &World, who: &str, name: &str, command: UserCommand) -> Result<UserDone, ServiceError> {
    let id = world.person(name).await.id.to_string();
    let form = RunUserCommand { id, command, ..RunUserCommand::default() };
    access::run_user_command(&world.ctx(who).await, form, Versions::default()).await
}

async fn audited(world: &World, kind: &str) -> i64 {
    world.count(&format!("audit WHERE kind = '{kind}'")).await
}

both_engines!(t_rol_01_a_new_user_signs_in_by_his_link_and_holds_his_role, |world: World| async move {
    let technician = role(&world, ShippedRole::Technician).await;
    let form = UserPatch { assignments: grant(world.brasil, &technician, true), ..patch("rita", world.brasil) };
    let ctx = world.ctx("admin").await;
    let made = access::create_user(&ctx, form, true, "k1").await.unwrap();
    let rita = world.ctx("rita").await;
    assert!(
        rita.actor.has(world.brasil, Capability::TicketTake) && !rita.actor.has(world.root, Capability::TicketTake)
    );
    assert_eq!(rita.actor.user.time_zone, "America/Sao_Paulo", "that of her entity");

    let secret = made.invitation.unwrap();
    assert_eq!(world.count(&format!("invitation WHERE token_hash = '{secret}'")).await, 0, "only the hash is kept");
    let greeted = account::invitation(&world.services, &secret).await.unwrap().unwrap();
    assert_eq!(greeted.email, "rita@example.org");
    let weak = AcceptInvitation { token: secret.clone(), password: "rita".to_owned() };
    let refused = account::accept_invitation(&world.services, weak, "", "").await;
    assert_eq!(field(refused, "password"), Some(Code::WeakPassword));
    let form = AcceptInvitation { token: secret.clone(), password: PASSWORD.to_owned() };
    account::accept_invitation(&world.services, form.clone(), "", "").await.unwrap();
    assert_eq!(error(account::accept_invitation(&world.services, form, "", "").await), AppError::NotFound, "used once");
    let form = SignIn { email: "rita@example.org".into(), password: PASSWORD.into(), next: String::new() };
    account::sign_in(&world.services, form, "", "").await.unwrap();
    assert_eq!(audited(&world, "user_created").await, 1);
    world.assert_sound().await;
});

both_engines!(an_invitation_ends_after_a_week_and_by_the_next_one, |world: World| async move {
    let first = command(&world, "admin", "tech1", UserCommand::Invite).await.unwrap().invitation.unwrap();
    let second = command(&world, "admin", "tech1", UserCommand::Invite).await.unwrap().invitation.unwrap();
    assert!(account::invitation(&world.services, &first).await.unwrap().is_none());
    assert!(account::invitation(&world.services, &second).await.unwrap().is_some());
    world.advance(8 * 86_400);
    assert!(account::invitation(&world.services, &second).await.unwrap().is_none());
});

both_engines!(t_rol_08_a_link_opens_no_more_than_its_maker_holds, |world: World| async move {
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    let rita = world.hire("rita", ShippedRole::Requester, world.brasil).await;
    let kept = command(&world, "local", "rita", UserCommand::Invite).await.unwrap().invitation.unwrap();
    assert!(account::invitation(&world.services, &kept).await.unwrap().is_some());
    let more = SaveAssignment {
        user: rita.to_string(),
        entity: world.root.to_string(),
        role: role(&world, ShippedRole::Admin).await,
        recursive: true,
        ..SaveAssignment::default()
    };
    access::change_assignment(&world.ctx("admin").await, more).await.unwrap();
    assert!(account::invitation(&world.services, &kept).await.unwrap().is_none());
    let form = AcceptInvitation { token: kept, password: PASSWORD.to_owned() };
    assert_eq!(error(account::accept_invitation(&world.services, form, "", "").await), AppError::NotFound);
});

both_engines!(an_invitation_ends_with_the_address_it_went_to, |world: World| async move {
    let secret = command(&world, "admin", "tech1", UserCommand::Invite).await.unwrap().invitation.unwrap();
    let id = world.person("tech1").await.id.to_string();
    let email = UserPatch { email: Some("right@example.org".to_owned()), ..UserPatch::default() };
    access::save_user(&world.ctx("admin").await, &id, email, Versions::default()).await.unwrap();
    assert!(account::invitation(&world.services, &secret).await.unwrap().is_none());
});

both_engines!(t_rol_08_enabling_gives_nothing_back_that_one_does_not_hold, |world: World| async move {
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    let boss = world.hire("boss", ShippedRole::Technician, world.brasil).await;
    let more = SaveAssignment {
        user: boss.to_string(),
        entity: world.root.to_string(),
        role: role(&world, ShippedRole::Admin).await,
        recursive: true,
        ..SaveAssignment::default()
    };
    access::change_assignment(&world.ctx("admin").await, more).await.unwrap();
    command(&world, "admin", "boss", UserCommand::Disable).await.unwrap();
    assert_eq!(forbidden(command(&world, "local", "boss", UserCommand::Enable).await), "ticket.create");
    command(&world, "admin", "boss", UserCommand::Enable).await.unwrap();
});

both_engines!(t_gen_08_the_same_new_user_is_made_once, |world: World| async move {
    let ctx = world.ctx("admin").await;
    let first = access::create_user(&ctx, patch("rita", world.brasil), false, "k").await.unwrap();
    let again = access::create_user(&ctx, patch("rita", world.brasil), false, "k").await.unwrap();
    assert_eq!(first.id, again.id);
    let twin = access::create_user(&ctx, patch("rita", world.brasil), false, "").await;
    assert_eq!(field(twin, "email"), Some(Code::Duplicate), "an address belongs to one account");
});

both_engines!(t_rol_08_nobody_gives_a_right_he_does_not_hold, |world: World| async move {
    let admin = role(&world, ShippedRole::Admin).await;
    world.hire_with("clerk", &[Capability::AdminUsers, Capability::TicketCreate]).await;
    let clerk = world.ctx("clerk").await;
    let form = UserPatch { assignments: grant(world.brasil, &admin, false), ..patch("rita", world.brasil) };
    assert_eq!(forbidden(access::create_user(&clerk, form, true, "").await), "ticket.view-own");
    assert_eq!(world.count("app_user WHERE name = 'rita'").await, 0, "all or nothing");
    // His own account is no exception, and neither is a link to somebody else's.
    let own = SaveAssignment {
        user: clerk.actor.id().to_string(),
        entity: world.root.to_string(),
        role: admin,
        recursive: true,
        ..SaveAssignment::default()
    };
    assert_eq!(forbidden(access::change_assignment(&clerk, own).await), "ticket.view-own");
    assert_eq!(forbidden(command(&world, "clerk", "admin", UserCommand::Invite).await), "ticket.view-own");
    let id = world.person("admin").await.id.to_string();
    let email = UserPatch { email: Some("clerk2@example.org".to_owned()), ..UserPatch::default() };
    assert_eq!(forbidden(access::save_user(&clerk, &id, email, Versions::default()).await), "ticket.view-own");
    // A local administrator gives at home only.
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    let local = world.ctx("local").await;
    let technician = role(&world, ShippedRole::Technician).await;
    let elsewhere = UserPatch { assignments: grant(world.root, &technician, true), ..patch("rita", world.brasil) };
    let wrong = access::create_user(&local, elsewhere, true, "").await;
    assert_eq!(field(wrong, "assignments[0].entity"), Some(Code::UnknownReference));
    let home = UserPatch { assignments: grant(world.brasil, &technician, true), ..patch("rita", world.brasil) };
    access::create_user(&local, home, true, "").await.unwrap();
});

both_engines!(t_rol_08_the_last_administrator_stays, |world: World| async move {
    for gone in [UserCommand::Disable, UserCommand::Anonymise] {
        assert_eq!(refused(command(&world, "admin", "admin", gone).await), Code::LastAdministrator, "{gone:?}");
    }
    let ctx = world.ctx("admin").await;
    let own = access::user_page(&ctx, &ctx.actor.id().to_string()).await.unwrap().user.unwrap();
    let held = own.roles.first().unwrap().id.to_string();
    let form = SaveAssignment { user: own.id.to_string(), remove: held, ..SaveAssignment::default() };
    assert_eq!(refused(access::change_assignment(&ctx, form.clone()).await), Code::LastAdministrator);
    // A local administrator does not count, a second one at the root does.
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    assert_eq!(refused(access::change_assignment(&ctx, form.clone()).await), Code::LastAdministrator);
    world.hire("second", ShippedRole::Admin, world.root).await;
    access::change_assignment(&ctx, form).await.unwrap();
    assert_eq!(forbidden(access::users(&world.ctx("admin").await, UserListQuery::default()).await), "admin.users");
});

both_engines!(t_rol_01_a_disabled_user_is_out_at_once, |world: World| async move {
    world.let_in("tech1").await;
    let form = SignIn { email: "tech1@example.org".into(), password: PASSWORD.into(), next: String::new() };
    let signed_in = account::sign_in(&world.services, form.clone(), "", "").await.unwrap();
    let made = service::tokens::create_for(&world.services, "tech1@example.org", "tests", "full", None).await.unwrap();
    command(&world, "admin", "tech1", UserCommand::Disable).await.unwrap();
    assert!(account::load_actor(&world.services, &signed_in.cookie_token).await.unwrap().is_none());
    assert!(service::tokens::authenticate(&world.services, &made.token).await.unwrap().is_none());
    assert_eq!(error(account::sign_in(&world.services, form.clone(), "", "").await), AppError::InvalidCredentials);
    command(&world, "admin", "tech1", UserCommand::Enable).await.unwrap();
    account::sign_in(&world.services, form, "", "").await.unwrap();
    assert!(world.ctx("tech1").await.actor.has(world.root, Capability::TicketTake), "with the same roles");
    assert_eq!((audited(&world, "user_disabled").await, audited(&world, "user_enabled").await), (1, 1));
});

both_engines!(t_rol_09_disabling_hands_the_open_tickets_over, |world: World| async move {
    let (open, over) =
        (world.ticket().assignee("tech1").create().await, world.ticket().assignee("tech1").create().await);
    world.put_status(over, domain::ticket::Status::Closed).await;
    let ctx = world.ctx("admin").await;
    let (id, to) = (world.person("tech1").await.id.to_string(), world.user("tech2").await);
    let page = access::user_page(&ctx, &id).await.unwrap();
    assert_eq!(page.user.unwrap().open_tickets, 1);
    assert!(page.successors.iter().any(|choice| choice.value == to));
    assert!(page.successors.iter().all(|choice| !choice.value.contains(&id)));
    let form = |to: &str| RunUserCommand { id: id.clone(), hand_over_to: to.to_owned(), ..RunUserCommand::default() };
    let requester = world.user("requester1").await;
    let wrong = access::run_user_command(&ctx, form(&requester), Versions::default()).await;
    assert_eq!(field(wrong, "hand_over_to"), Some(Code::NotAssignable));
    assert!(world.person("tech1").await.active, "all or nothing");
    let done = access::run_user_command(&ctx, form(&to), Versions::default()).await.unwrap();
    assert_eq!(done.handed_over, 1);
    let assigned = async |number: i64| {
        let ticket = world.row(number).await.id;
        let mut sql = Sql::new("SELECT user_id FROM ticket_actor WHERE role = 'assignee' AND ticket_id = ");
        sql.bind(ticket).scalar::<Uuid>(world.db().reader()).await.unwrap()
    };
    assert_eq!(assigned(open).await, Some(world.person("tech2").await.id));
    assert_eq!(assigned(over).await.map(|id| id.to_string()), Some(id), "what is over stays as it was");
    let told = notifications::unread(&world.ctx("tech2").await, 0).await.unwrap();
    assert_eq!(told, 1, "the new assignee is told");
    world.assert_sound().await;
});

both_engines!(t_rol_09_disabling_hands_the_open_tasks_over, |world: World| async move {
    let number = world.ticket().assignee("supervisor").create().await;
    let from = world.person("tech1").await.id;
    let add = async |state: &str, visibility: &str| {
        let form = AddTask {
            ticket: number,
            content: "Change the disk".to_owned(),
            state: state.to_owned(),
            visibility: visibility.to_owned(),
            user: from.to_string(),
            ..AddTask::default()
        };
        service::tasks::add(&world.ctx("supervisor").await, form).await.unwrap().id
    };
    let (open, held, over) =
        (add("todo", "private").await, add("on_hold", "public").await, add("done", "public").await);
    let ctx = world.ctx("admin").await;
    let page = access::user_page(&ctx, &from.to_string()).await.unwrap();
    assert!(!page.successors.is_empty(), "there is something to hand over");
    let user = page.user.unwrap();
    assert_eq!((user.open_tickets, user.open_tasks), (0, 2));
    let to = world.user("tech2").await;
    let form = RunUserCommand { id: from.to_string(), hand_over_to: to, ..RunUserCommand::default() };
    let done = access::run_user_command(&ctx, form, Versions::default()).await.unwrap();
    assert_eq!((done.handed_over, done.handed_over_tasks), (0, 2));
    let doer = async |task: Uuid| {
        let view = service::tasks::get(&world.ctx("supervisor").await, task).await.unwrap();
        view.facts.user.and_then(|user| user.id)
    };
    let tech2 = Some(world.person("tech2").await.id);
    assert_eq!((doer(open).await, doer(held).await, doer(over).await), (tech2, tech2, Some(from)));
    assert!(notifications::unread(&world.ctx("tech2").await, 0).await.unwrap() > 0, "who follows is told");
    assert!(!world.person("tech1").await.active);
    world.assert_sound().await;
});

both_engines!(t_rol_09_a_removed_user_leaves_no_name_behind, |world: World| async move {
    let number = world.ticket().requester("requester1").create().await;
    world.occurrence("requester1", number, "public", "Still jammed.").await;
    let id = world.person("requester1").await.id;
    command(&world, "admin", "requester1", UserCommand::Anonymise).await.unwrap();
    assert_eq!(world.count("app_user WHERE name LIKE 'requester1%' OR email LIKE 'requester1%'").await, 0);
    assert_eq!(world.count("audit WHERE data LIKE '%requester1%'").await, 0, "the log keeps ids");
    let page = access::user_page(&world.ctx("admin").await, &id.to_string()).await.unwrap().user.unwrap();
    assert!(page.removed && !page.active && page.email.is_empty());
    let form = RunUserCommand { id: id.to_string(), command: UserCommand::Enable, ..RunUserCommand::default() };
    let ctx = world.ctx("admin").await;
    let enabled = access::run_user_command(&ctx, form, Versions::default()).await;
    assert_eq!(field(enabled, "removed"), Some(Code::NotAllowed));
    world.assert_sound().await;
});

both_engines!(t_rol_09_a_removed_user_is_nobody_in_the_outbox, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    sink.behave(Behaviour::RefuseRecipient(550, None));
    occurrences::add(&tech1, letter(number, "Refused.")).await.unwrap();
    relay(&world.services).await;
    assert_eq!(world.count("outbox WHERE answer LIKE '%requester1@%'").await, 1, "the words of the server name him");
    sink.behave(Behaviour::Accept);
    let waiting = occurrences::add(&tech1, letter(number, "Waits.")).await.unwrap();
    command(&world, "admin", "requester1", UserCommand::Anonymise).await.unwrap();
    for column in ["name", "address", "address_key", "answer"] {
        assert_eq!(world.count(&format!("outbox WHERE {column} LIKE '%requester1%'")).await, 0, "{column}");
    }
    relay(&world.services).await;
    assert!(sink.mails().is_empty(), "nobody is mailed who is nobody");
    let mails = occurrences::get(&tech1, waiting).await.unwrap().mails;
    let shown: Vec<(&str, &str, Option<&str>)> =
        mails.iter().map(|mail| (mail.name.as_str(), mail.to.as_str(), mail.answer.as_deref())).collect();
    assert_eq!(shown, [("Removed user", "", Some("withdrawn"))]);
    let admin = world.ctx("admin").await;
    let found = async |address: &str| {
        let query = OutgoingQuery { address: address.to_owned(), ..OutgoingQuery::default() };
        mail::outgoing(&admin, query).await.unwrap().page.items.len()
    };
    assert_eq!((found("requester1").await, found("Removed").await), (0, 2));
    world.assert_sound().await;
});

both_engines!(t_gen_07_two_administrators_do_not_overwrite_each_other, |world: World| async move {
    let id = world.person("tech1").await.id.to_string();
    let ctx = world.ctx("admin").await;
    let of = |name: &str| UserPatch { name: Some(name.to_owned()), ..UserPatch::default() };
    let from = Versions { from: Some(1), if_match: None };
    assert_eq!(access::save_user(&ctx, &id, of("Tom"), from).await.unwrap(), 2);
    let conflicts = conflict(access::save_user(&ctx, &id, of("Tim"), from).await);
    assert_eq!(conflicts.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["name"]);
    let zone = UserPatch { time_zone: Some("Europe/Paris".to_owned()), ..UserPatch::default() };
    assert_eq!(access::save_user(&ctx, &id, zone, from).await.unwrap(), 3, "another field");
    let stale = Versions { from: None, if_match: Some(1) };
    assert_eq!(error(access::save_user(&ctx, &id, of("Tim"), stale).await), AppError::PreconditionFailed(3));
});

both_engines!(admin_users_reaches_as_far_as_it_is_held, |world: World| async move {
    for who in ["requester1", "observer", "tech1", "supervisor"] {
        let ctx = world.ctx(who).await;
        assert_eq!(forbidden(access::users(&ctx, UserListQuery::default()).await), "admin.users", "{who}");
        assert_eq!(forbidden(access::user_page(&ctx, "new").await), "admin.users", "{who}");
        assert_eq!(forbidden(command(&world, who, "tech2", UserCommand::Disable).await), "admin.users", "{who}");
    }
    let north = world.entity("North", world.root).await;
    world.hire("polar", ShippedRole::Technician, north).await;
    world.hire("local", ShippedRole::Admin, world.brasil).await;
    let local = world.ctx("local").await;
    let polar = world.person("polar").await.id.to_string();
    assert_eq!(error(access::user_page(&local, &polar).await), AppError::NotFound);
    let listed =
        access::users(&local, UserListQuery { q: "polar".to_owned(), ..UserListQuery::default() }).await.unwrap();
    assert!(listed.page.items.is_empty());
    let requester = role(&world, ShippedRole::Requester).await;
    let query = UserListQuery { role: requester, ..UserListQuery::default() };
    let names: Vec<String> =
        access::users(&local, query).await.unwrap().page.items.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["requester1", "requester2"]);
    world.disable("tech2").await;
    let query = UserListQuery { state: "disabled".to_owned(), ..UserListQuery::default() };
    let off = access::users(&local, query).await.unwrap().page.items;
    assert_eq!(off.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["tech2"]);
});
