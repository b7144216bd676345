//! Two administrators at two instances who change rights at the same moment (T-ROL-08, T-GEN-07): both engines have to let one of
//! them go first, PostgreSQL without a lock on all writers.

use domain::error::{AppError, Code};
use domain::forms::{RolePatch, RunUserCommand, SaveAssignment, UserCommand};
use domain::policy::{CapSet, Capability, ShippedRole, capabilities};
use service::access::{self, UserDone, Versions};
use service::{Ctx, ServiceError, install};
use testing::{Db, NOW, Sql, TestDb, World, both_engines, conflict, error, field, refused};
use uuid::Uuid;

/// Rounds of a race: each of them alone may happen to go well.
const ROUNDS: usize = 5;
/// Who may administer the whole desk at this moment.
const ADMINISTRATORS: &str = "app_user u WHERE u.active = TRUE AND u.id IN (SELECT a.user_id FROM assignment a \
                              JOIN role r ON r.id = a.role_id WHERE r.capabilities LIKE '%admin.users%')";

/// The same desk at two instances, with `admin` and `second` as its administrators.
async fn two_instances(db: &TestDb) -> (World, World) {
    let one = World::open(db.db().clone()).await;
    let other = World::open(Db::connect(db.url()).await.unwrap()).await;
    one.hire("second", ShippedRole::Admin, one.root).await;
    (one, other)
}

async fn disable(ctx: &Ctx, who: Uuid) -> Result<UserDone, ServiceError> {
    let form = RunUserCommand { id: who.to_string(), command: UserCommand::Disable, ..RunUserCommand::default() };
    access::run_user_command(ctx, form, Versions::default()).await
}

/// The answer of whoever came second; exactly one may come first.
fn loser<T: std::fmt::Debug, E: std::fmt::Debug>(first: Result<T, E>, second: Result<T, E>) -> Result<T, E> {
    assert_ne!(first.is_ok(), second.is_ok(), "{first:?}, {second:?}");
    if first.is_ok() { second } else { first }
}

/// The only assignment of somebody.
async fn assignment(world: &World, who: Uuid) -> String {
    let mut sql = Sql::new("SELECT id FROM assignment WHERE user_id = ");
    sql.bind(who).scalar::<Uuid>(world.db().reader()).await.unwrap().unwrap().to_string()
}

fn of(set: CapSet) -> RolePatch {
    RolePatch { name: None, capabilities: Some(set.iter().map(|one| one.name().to_owned()).collect()) }
}

async fn technician(world: &World) -> String {
    let roles = install::shipped_roles(world.db().writer(), NOW).await.unwrap();
    roles.get(&ShippedRole::Technician).unwrap().to_string()
}

both_engines!(t_rol_08_of_two_administrators_who_disable_each_other_one_stays, |db: &TestDb| async move {
    let (one, other) = two_instances(db).await;
    let (admin, second) = (one.ctx("admin").await, other.ctx("second").await);
    for _round in 0..ROUNDS {
        let (first, last) = tokio::join!(disable(&admin, second.actor.id()), disable(&second, admin.actor.id()));
        assert_eq!(refused(loser(first, last)), Code::LastAdministrator);
        assert_eq!(one.count(ADMINISTRATORS).await, 1);
        one.run(&Sql::new("UPDATE app_user SET active = TRUE")).await;
    }
    other.services.db.close().await.unwrap();
});

both_engines!(t_rol_08_of_two_administrators_who_strip_each_other_one_stays, |db: &TestDb| async move {
    let (one, other) = two_instances(db).await;
    let (admin, second) = (one.ctx("admin").await, other.ctx("second").await);
    let strip = async |ctx: &Ctx, who: Uuid| {
        let remove = assignment(&one, who).await;
        let form = SaveAssignment { user: who.to_string(), remove, ..SaveAssignment::default() };
        access::change_assignment(ctx, form).await
    };
    let (first, last) = tokio::join!(strip(&admin, second.actor.id()), strip(&second, admin.actor.id()));
    assert_eq!(refused(loser(first, last)), Code::LastAdministrator);
    assert_eq!(one.count(ADMINISTRATORS).await, 1);
    other.services.db.close().await.unwrap();
});

both_engines!(t_rol_08_a_role_and_an_account_that_go_at_once_leave_an_administrator, |db: &TestDb| async move {
    let (one, other) = two_instances(db).await;
    let boss = one.hire_with("boss", &capabilities(ShippedRole::Admin).iter().collect::<Vec<_>>()).await;
    one.disable("second").await;
    let mut sql = Sql::new("SELECT role_id FROM assignment WHERE user_id = ");
    let role = sql.bind(boss).scalar::<Uuid>(one.db().reader()).await.unwrap().unwrap();
    let (admin, boss) = (one.ctx("admin").await, other.ctx("boss").await);
    let less = || of(capabilities(ShippedRole::Technician));
    // One empties the role the other one has, who disables him at that moment.
    let empty =
        async { access::save_role(&admin, &role.to_string(), less(), Versions::default()).await.map(|_saved| ()) };
    let gone = async { disable(&boss, admin.actor.id()).await.map(|_done| ()) };
    let (first, last) = tokio::join!(empty, gone);
    assert_eq!(refused(loser(first, last)), Code::LastAdministrator);
    assert_eq!(one.count(ADMINISTRATORS).await, 1);
    other.services.db.close().await.unwrap();
});

both_engines!(t_gen_07_a_role_that_two_change_at_once_keeps_the_first_change, |db: &TestDb| async move {
    let (one, other) = two_instances(db).await;
    let (admin, second) = (one.ctx("admin").await, other.ctx("second").await);
    let model = technician(&one).await;
    let more = capabilities(ShippedRole::Technician).union([Capability::TicketAssign].into_iter().collect());
    let less = capabilities(ShippedRole::Technician).without([Capability::TicketTake].into_iter().collect());
    for round in 0..ROUNDS {
        let patch = RolePatch { name: Some(format!("Shift {round}")), capabilities: None };
        // Only one of them makes it: names are unique, whatever the instance.
        let (first, last) = tokio::join!(
            access::create_role(&admin, patch.clone(), &model, ""),
            access::create_role(&second, patch.clone(), &model, "")
        );
        let id = first.as_ref().or(last.as_ref()).copied().unwrap().to_string();
        assert_eq!(field(loser(first, last), "name"), Some(Code::DuplicateName));

        let from = Versions { from: Some(1), if_match: None };
        let (first, last) = tokio::join!(
            access::save_role(&admin, &id, of(more), from),
            access::save_role(&second, &id, of(less), from)
        );
        let kept = if first.is_ok() { more } else { less };
        let conflicts = conflict(loser(first, last));
        assert_eq!(conflicts.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["capabilities"]);
        let page = access::role_page(&admin, &id, "").await.unwrap();
        assert_eq!((page.role.capabilities, page.role.version), (kept, 2));
    }
    let stale = Versions { from: None, if_match: Some(1) };
    let listed = access::roles(&admin).await.unwrap().roles.into_iter().find(|row| row.role.name == "Shift 0").unwrap();
    let late = access::save_role(&second, &listed.role.id.to_string(), of(more), stale).await;
    assert_eq!(error(late), AppError::PreconditionFailed(2));
    other.services.db.close().await.unwrap();
});
