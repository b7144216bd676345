//! Rights, generated from the matrix of `domain::policy`: every shipped role × every command, and every way to touch an entry.

use domain::error::AppError;
use domain::forms::{Command, OccurrencePatch, RemoveOccurrence, RunCommand};
use domain::policy::{self, CapSet, Capability, Facts, ShippedRole};
use service::{occurrences, tickets};
use testing::{World, both_engines, error, note};
use uuid::Uuid;

/// Somebody of the desk for each role; the requester sees the ticket as its observer only.
const fn holder(role: ShippedRole) -> &'static str {
    match role {
        ShippedRole::Requester => "requester2",
        ShippedRole::Observer => "observer",
        ShippedRole::Technician => "tech2",
        ShippedRole::Supervisor => "supervisor",
        ShippedRole::Admin => "admin",
    }
}

/// The capability a command needs of somebody who is neither assigned nor on the requester side.
const fn needed(command: Command) -> &'static [Capability] {
    match command {
        Command::Take | Command::GiveBack => &[Capability::TicketTake],
        Command::Assign => &[Capability::TicketAssign],
        // Not his own ticket: handing it over is assigning.
        Command::Delegate => &[Capability::TicketDelegate, Capability::TicketAssign],
        Command::Reclassify => &[Capability::TicketReclassify],
        Command::ChangeSla => &[Capability::TicketChangeSla],
        Command::Suspend => &[Capability::TicketSuspend],
        Command::Reactivate => &[Capability::TicketReactivate],
        Command::Close => &[Capability::TicketClose],
        Command::Reopen => &[Capability::TicketReopen],
        Command::Cancel => &[Capability::TicketCancel],
        Command::Delete => &[Capability::TicketDelete],
        Command::Restore => &[Capability::TicketRestore],
        Command::Purge => &[Capability::TicketPurge],
    }
}

fn missing(caps: CapSet, command: Command) -> Option<&'static str> {
    needed(command).iter().copied().find(|capability| !caps.contains(*capability)).map(Capability::name)
}

async fn visible_ticket(world: &World) -> i64 {
    world.ticket().observer("requester2").create().await
}

both_engines!(t_rol_02_every_role_and_every_command, |world: World| async move {
    let to = world.user("tech1").await;
    let shared = visible_ticket(&world).await;
    for role in ShippedRole::ALL {
        let ctx = world.ctx(holder(role)).await;
        for command in Command::ALL.iter().copied() {
            let missing = missing(policy::capabilities(role), command);
            // What is forbidden changes nothing, so it can be tried on one ticket again and again.
            let number = if missing.is_some() { shared } else { visible_ticket(&world).await };
            let form = RunCommand {
                number,
                command,
                to: delegated(command, &to),
                reason: "Because.".into(),
                ..RunCommand::default()
            };
            let answer = tickets::run(&ctx, form).await.map_err(|refusal| refusal.public);
            match missing {
                Some(capability) => {
                    assert_eq!(answer, Err(AppError::Forbidden(capability.to_owned())), "{role:?} {command:?}")
                }
                None => assert!(
                    !matches!(answer, Err(AppError::Forbidden(_) | AppError::NotFound | AppError::Internal(_))),
                    "{role:?} {command:?}: {answer:?}"
                ),
            }
        }
    }
    let row = world.row(shared).await;
    assert_eq!((row.version, row.status.as_str()), (1, "new"), "nothing forbidden left a trace");
    world.assert_sound().await;
});

fn delegated(command: Command, to: &str) -> String {
    if command == Command::Delegate { to.to_owned() } else { String::new() }
}

both_engines!(t_gen_02_every_command_on_a_foreign_ticket_is_not_found, |world: World| async move {
    let number = world.ticket().create().await;
    let to = world.user("tech1").await;
    let stranger = world.ctx("requester2").await;
    for command in Command::ALL.iter().copied() {
        for number in [number, number + 1_000] {
            let form = RunCommand {
                number,
                command,
                to: delegated(command, &to),
                reason: "x".into(),
                ..RunCommand::default()
            };
            assert_eq!(error(tickets::run(&stranger, form).await), AppError::NotFound, "{command:?}");
        }
    }
});

both_engines!(t_occ_every_role_writes_reads_changes_and_removes_as_the_matrix_says, |world: World| async move {
    let number = visible_ticket(&world).await;
    let public = world.occurrence("tech1", number, "public", "Public.").await;
    let private = world.occurrence("tech1", number, "private", "Private.").await;
    for role in ShippedRole::ALL {
        let ctx = world.ctx(holder(role)).await;
        let caps = policy::capabilities(role);
        let facts = Facts {
            observer: role == ShippedRole::Requester,
            writer: role == ShippedRole::Supervisor,
            ..Facts::default()
        };

        let added = occurrences::add(&ctx, note(number, "Mine.")).await.map_err(|refusal| refusal.public);
        match policy::can_add_occurrence(caps, &facts) {
            Ok(()) => assert!(added.is_ok(), "{role:?}: {added:?}"),
            Err(capability) => assert_eq!(added, Err(forbidden(capability)), "{role:?}"),
        }
        for (id, is_private) in [(public, false), (private, true)] {
            let sees = policy::can_see_entry(caps, is_private, false);
            assert_eq!(occurrences::get(&ctx, id).await.is_ok(), sees, "{role:?} {is_private}");
            let edited =
                occurrences::edit(&ctx, id, OccurrencePatch::default()).await.map_err(|refusal| refusal.public);
            assert_eq!(
                edited,
                expected(sees, policy::can_update_occurrence(caps, false)),
                "{role:?} edits, private: {is_private}"
            );
        }
        if let Ok(own) = added {
            let edited =
                occurrences::edit(&ctx, own, OccurrencePatch::default()).await.map_err(|refusal| refusal.public);
            assert_eq!(edited, expected(true, policy::can_update_occurrence(caps, true)), "{role:?} edits his own");
            assert_eq!(
                removed(&world, role, own).await,
                expected(true, policy::can_delete_occurrence(caps, true)),
                "{role:?}"
            );
        }
        let theirs = world.occurrence("tech1", number, "private", "To be removed.").await;
        let sees = policy::can_see_entry(caps, true, false);
        assert_eq!(
            removed(&world, role, theirs).await,
            expected(sees, policy::can_delete_occurrence(caps, false)),
            "{role:?}"
        );
    }
});

async fn removed(world: &World, role: ShippedRole, id: Uuid) -> Result<(), AppError> {
    let form = RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&world.ctx(holder(role)).await, form).await.map_err(|refusal| refusal.public)
}

fn forbidden(capability: Capability) -> AppError {
    AppError::Forbidden(capability.name().to_owned())
}

fn expected(sees: bool, right: Result<(), Capability>) -> Result<(), AppError> {
    if sees { right.map_err(forbidden) } else { Err(AppError::NotFound) }
}

both_engines!(t_rol_01_a_role_counts_where_it_is_held, |world: World| async move {
    let lisbon = world.entity("Lisbon", world.root).await;
    world.hire("local", ShippedRole::Technician, lisbon).await;
    let number = world.ticket().create().await;
    assert_eq!(error(tickets::detail(&world.ctx("local").await, number).await), AppError::NotFound);
    let below = world.entity("Alfama", lisbon).await;
    let local = world.ctx("local").await;
    assert!(local.actor.is_agent_in(lisbon) && local.actor.is_agent_in(below) && !local.actor.is_agent_in(world.root));
});
