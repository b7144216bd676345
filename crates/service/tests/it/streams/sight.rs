//! Who hears of something is who sees it (T-VIS-07).

use domain::error::AppError;
use domain::policy::Capability;
use domain::ticket::Status;
use domain::validation::SIGHT;
use entity::{ticket, ticket_actor};
use sea_orm::EntityTrait;
use service::ctx::new_id;
use service::events::{self, Change};
use service::tickets;
use testing::{Sql, World, both_engines};
use uuid::Uuid;

/// Somebody becomes something of a ticket, as no form would let him.
async fn place(world: &World, number: i64, role: &str, user_id: Option<Uuid>, group_id: Option<Uuid>) {
    let ticket_id = world.row(number).await.id;
    let (email, name) = (None, None);
    let row =
        ticket_actor::Model { id: new_id(), ticket_id, role: role.into(), user_id, group_id, email, name, position: 9 };
    let row = ticket_actor::ActiveModel::from(row);
    ticket_actor::Entity::insert(row).exec_without_returning(world.db().writer()).await.unwrap();
}

/// Somebody is asked for a validation.
async fn ask(world: &World, number: i64, user: Option<Uuid>, group: Option<Uuid>, withdrawn_at: Option<i64>) {
    let (id, ticket, asker) = (new_id(), world.row(number).await.id, world.person("tech1").await.id);
    let mut sql = Sql::new(
        "INSERT INTO validation (id, ticket_id, asker_id, comment, comment_text, required_percent, state, asked_at) VALUES (",
    );
    sql.bind(id).push_bind(", ", ticket).push_bind(", ", asker).push(", '', '', 100, 'waiting', ");
    world.run(sql.bind(world.now()).push(")")).await;
    let mut sql = Sql::new(
        "INSERT INTO validation_target (id, validation_id, ticket_id, position, user_id, group_id, comment, withdrawn_at) VALUES (",
    );
    sql.bind(new_id()).push_bind(", ", id).push_bind(", ", ticket).push(", 0");
    sql.push_bind(", ", user).push_bind(", ", group).push(", ''").push_bind(", ", withdrawn_at).push(")");
    world.run(&sql).await;
}

fn change_of(ticket: &ticket::Model) -> Change {
    Change {
        seq: 1,
        xid: 0,
        entity_id: ticket.entity_id,
        kind: "ticket".into(),
        what: "changed".into(),
        object_id: ticket.id,
        ticket_id: ticket.id,
        ticket_number: ticket.number,
        version: 1,
        audience: "public".into(),
        author_id: None,
    }
}

/// One ticket for every way somebody may come to see one, and a few that look like one and are none.
async fn tickets_of(world: &World, people: &[Uuid], group: Uuid) -> Vec<(&'static str, i64)> {
    let mut found = Vec::new();
    for way in [
        "nothing",
        "requester",
        "observer",
        "assignee",
        "requester by group",
        "observer by group",
        "assignee by group",
        "assignee by group, taken",
        "queue",
        "queue, another group has it",
        "queue, somebody has it",
        "queue, somebody had it",
        "writer",
        "asked",
        "asked by group",
        "asked and withdrawn",
        "asked, closed",
        "asked, closed long ago",
        "requester, in the trash",
    ] {
        let number = world.ticket().create().await;
        let role = ["requester", "observer", "assignee"].into_iter().find(|role| way.starts_with(role));
        match role {
            Some(role) if way.contains("by group") => place(world, number, role, None, Some(group)).await,
            Some(role) => {
                for person in people {
                    place(world, number, role, Some(*person), None).await;
                }
            }
            None if way.starts_with("queue") => {
                let mut sql = Sql::new("UPDATE ticket SET routing_group_id = ");
                world.run(sql.bind(group).push_bind(" WHERE number = ", number)).await;
            }
            None if way.starts_with("asked") => {
                let withdrawn_at = way.contains("withdrawn").then(|| world.now());
                if way.contains("by group") {
                    ask(world, number, None, Some(group), withdrawn_at).await;
                } else {
                    for person in people {
                        ask(world, number, Some(*person), None, withdrawn_at).await;
                    }
                }
            }
            None => {}
        }
        let taker = if way.contains("had it") { "gone" } else { "tech1" };
        if way.contains("taken") || way.contains("somebody") {
            place(world, number, "assignee", Some(world.person(taker).await.id), None).await;
        }
        if way.contains("another group") {
            place(world, number, "assignee", None, Some(world.network)).await;
        }
        if way.contains("closed") {
            world.put_status(number, Status::Closed).await;
        }
        if way.contains("long ago") {
            let mut sql = Sql::new("UPDATE ticket SET closed_at = ");
            world.run(sql.bind(world.now() - SIGHT).push_bind(" WHERE number = ", number)).await;
        }
        if way.contains("trash") {
            let mut sql = Sql::new("UPDATE ticket SET deleted_at = ");
            world.run(sql.bind(world.now()).push_bind(" WHERE number = ", number)).await;
        }
        found.push((way, number));
    }
    found
}

// What a stream asks of memory and a list asks of SQL is the same sight.
both_engines!(t_vis_07_who_hears_of_a_ticket_is_who_sees_it, |world: World| async move {
    use Capability::{
        TicketPurge, TicketRestore, TicketViewAll, TicketViewAssigned, TicketViewGroup, TicketViewOwn,
        TicketViewUnassignedOfMyGroups, ValidationAnswer,
    };
    let holders = [
        ("holder_of_nothing", Capability::CustomerView),
        ("holder_of_all", TicketViewAll),
        ("holder_of_assigned", TicketViewAssigned),
        ("holder_of_queue", TicketViewUnassignedOfMyGroups),
        ("holder_of_group", TicketViewGroup),
        ("holder_of_own", TicketViewOwn),
        ("holder_of_answer", ValidationAnswer),
        ("holder_of_restore", TicketRestore),
        ("holder_of_purge", TicketPurge),
    ];
    let mut people = Vec::new();
    for (name, capability) in holders {
        people.push(world.hire_with(name, &[capability]).await);
    }
    world.hire("gone", domain::policy::ShippedRole::Technician, world.root).await;
    world.disable("gone").await;
    let names: Vec<&str> = holders.iter().map(|(name, _)| *name).collect();
    let group = world.group("Circle", &names).await;
    let ways = tickets_of(&world, &people, group).await;
    let mut sql = Sql::new("UPDATE ticket SET writer_id = ");
    let (_, written) = ways.iter().find(|(way, _)| *way == "writer").unwrap();
    let writer = world.person("holder_of_own").await.id;
    world.run(sql.bind(writer).push_bind(" WHERE number = ", *written)).await;

    let (mut seen, mut wrong) = (0, Vec::new());
    for name in names.iter().copied().chain(["admin", "tech1", "observer", "requester1", "requester2"]) {
        let ctx = world.ctx(name).await;
        for (way, number) in &ways {
            let sees = match tickets::detail(&ctx, *number).await {
                Ok(_) => true,
                Err(error) if error.public == AppError::NotFound => false,
                Err(error) => panic!("{name} {way}: {error:?}"),
            };
            let hears = events::sees(&ctx, &change_of(&world.row(*number).await)).await;
            seen += usize::from(sees);
            if sees != hears {
                wrong.push(format!("{name}, {way}: sees {sees}, hears {hears}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!((40..200).contains(&seen), "the table is one: {seen}");
});
