//! What a pending reason does by itself: reminders, each once, whatever instance looks after them (T-PEN-01..06, T-CLK-11).

use domain::forms::{Command, ListRowPatch, Patch, RulePatch, RunCommand};
use domain::lang::Lang;
use domain::lists::List;
use domain::pending::Fault;
use domain::settings::Key;
use domain::template::{TemplateKind, text_field};
use domain::ticket::Status;
use entity::{occurrence, pending_timer, ticket_event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use service::jobs::remind_pending;
use service::lists::{self, Basis};
use service::settings::{self, NewSettings};
use service::templates::{self, NAME, NewTemplate};
use service::tickets;
use testing::{Sink, Sql, World, both_engines, field};
use uuid::Uuid;

use crate::mail::{relay, talking};

const DAY: i64 = 86_400;

async fn template(world: &World, name: &str) -> Uuid {
    let text = "{{ requesters }}: any news of {{ ticket.title }}? {{ ticket.pending_label }}";
    let fields = [(NAME, name), (text_field(Lang::En), text)];
    let fields = fields.into_iter().map(|(field, text)| (field, text.to_owned())).collect();
    let new = NewTemplate { kind: TemplateKind::Reply, entity: world.root.to_string(), fields, key: String::new() };
    templates::create(&world.ctx("admin").await, new).await.unwrap().row.id
}

fn named(name: &str, rule: RulePatch) -> ListRowPatch {
    let names = [(Lang::En, Patch::Set(name.to_owned()))].into_iter().collect();
    ListRowPatch { names, rule, ..ListRowPatch::default() }
}

fn set(text: impl ToString) -> Patch<String> {
    Patch::Set(text.to_string())
}

async fn reason(world: &World, name: &str, rule: RulePatch) -> Uuid {
    let ctx = world.ctx("supervisor").await;
    lists::create(&ctx, List::PendingReasons, &world.root.to_string(), named(name, rule), "").await.unwrap()
}

async fn daily(world: &World) -> RulePatch {
    let reminder_template = set(template(world, "Any news").await);
    RulePatch { reminder_every: set("1d"), reminder_template, ..RulePatch::default() }
}

async fn suspend(world: &World, number: i64, reason: Uuid) {
    let form =
        RunCommand { number, command: Command::Suspend, pending_reason: reason.to_string(), ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, form).await.unwrap();
}

async fn reminders(world: &World, number: i64) -> Vec<occurrence::Model> {
    let id = world.row(number).await.id;
    let rows = occurrence::Entity::find().filter(occurrence::Column::TicketId.eq(id)).all(world.db().reader()).await;
    rows.unwrap().into_iter().filter(|row| row.side == "system").collect()
}

async fn timer(world: &World, number: i64) -> Option<pending_timer::Model> {
    let id = world.row(number).await.id;
    pending_timer::Entity::find_by_id(id).one(world.db().reader()).await.unwrap()
}

async fn look(world: &World) -> usize {
    remind_pending(&world.services).await.unwrap()
}

both_engines!(t_pen_04_a_due_reminder_is_a_public_entry_of_the_system_and_a_mail, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let why = reason(&world, "Asked", daily(&world).await).await;
    let number = world.ticket().title("VPN drops").assignee("tech1").create().await;
    suspend(&world, number, why).await;
    let before = world.row(number).await;
    assert_eq!(look(&world).await, 0, "nothing is due yet");
    world.advance(DAY - 1);
    assert_eq!(look(&world).await, 0);
    world.advance(1);
    assert_eq!((look(&world).await, look(&world).await), (1, 0), "once");
    let found = reminders(&world, number).await;
    assert_eq!(found.len(), 1);
    let entry = &found[0];
    assert_eq!((entry.author_id, entry.visibility.as_str()), (None, "public"));
    assert_eq!(entry.body_text, "requester1: any news of VPN drops? Waiting");
    let after = world.row(number).await;
    assert_eq!((after.status.as_str(), after.version, after.taken_at), ("pending", before.version, before.taken_at));
    let row = timer(&world, number).await.unwrap();
    assert_eq!((row.reminders, row.due_at), (1, Some(world.now() + DAY)));
    let told = ticket_event::Entity::find().filter(ticket_event::Column::Kind.eq("reminder_sent"));
    let told = told.all(world.db().reader()).await.unwrap();
    assert_eq!(told.iter().map(|event| (event.public, event.author_id)).collect::<Vec<_>>(), [(true, None)]);
    relay(&world.services).await;
    // Beside the receipt and what was assigned.
    let mails: Vec<_> = sink.mails().into_iter().filter(|mail| mail.text().contains("any news")).collect();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, [world.person("requester1").await.email]);
    assert_eq!(mails[0].header("Precedence").as_deref(), Some("bulk"));
    assert!(mails[0].text().contains("any news of VPN drops?"), "{}", mails[0].text());
    world.advance(DAY);
    assert_eq!((look(&world).await, reminders(&world, number).await.len()), (1, 2), "and the next day");
    world.assert_sound().await;
});

both_engines!(t_pen_03_days_are_working_days_from_the_moment_a_calendar_counts, |world: World| async move {
    let why = reason(&world, "Asked", RulePatch { reminder_every: set("1d"), ..RulePatch::default() }).await;
    world.advance(DAY);
    let number = world.ticket().assignee("tech1").create().await;
    suspend(&world, number, why).await;
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(world.now() + DAY), "Friday, then Saturday");

    let ctx = world.ctx("supervisor").await;
    let week = Patch::Set(vec!["08:00-17:00".to_owned(); 5]);
    let office = ListRowPatch { week, ..named("Office", RulePatch::default()) };
    let office = lists::create(&ctx, List::Calendars, &world.root.to_string(), office, "").await.unwrap();
    let values = [("working_calendar".to_owned(), Some(office.to_string()))].into_iter().collect();
    let new = NewSettings { values, ..NewSettings::default() };
    settings::save(&world.ctx("admin").await, &world.root.to_string(), new).await.unwrap();
    look(&world).await;
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(world.now() + 3 * DAY), "Monday");

    let holidays = ListRowPatch { holidays: set("2026-03-16 Founders"), ..ListRowPatch::default() };
    lists::update(&ctx, List::Calendars, office, holidays, Basis::default()).await.unwrap();
    look(&world).await;
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(world.now() + 4 * DAY), "Tuesday");
    assert!(reminders(&world, number).await.is_empty());
});

both_engines!(t_pen_03_a_ticket_that_moves_is_reminded_by_the_calendar_of_its_new_entity, |world: World| async move {
    let why = reason(&world, "Asked", RulePatch { reminder_every: set("1d"), ..RulePatch::default() }).await;
    let week = Patch::Set(vec!["08:00-17:00".to_owned(); 5]);
    let office = ListRowPatch { week, ..named("Office", RulePatch::default()) };
    let supervisor = world.ctx("supervisor").await;
    let office = lists::create(&supervisor, List::Calendars, &world.root.to_string(), office, "").await.unwrap();
    world.set(Key::WorkingCalendar, world.brasil, &office.to_string()).await;
    world.advance(DAY);
    let number = world.ticket().assignee("tech1").create().await;
    suspend(&world, number, why).await;
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(world.now() + 3 * DAY), "Friday, then Monday");
    for (entity, days) in [(world.root, 1), (world.brasil, 3)] {
        let command = Command::Reclassify;
        let form = RunCommand { number, command, entity: entity.to_string(), ..RunCommand::default() };
        tickets::run(&supervisor, form).await.unwrap();
        look(&world).await;
        assert_eq!(timer(&world, number).await.unwrap().due_at, Some(world.now() + days * DAY));
    }
    assert!(reminders(&world, number).await.is_empty());
    world.assert_sound().await;
});

both_engines!(t_clk_11_instances_that_look_at_once_remind_once, |world: World| async move {
    let why = reason(&world, "Asked", daily(&world).await).await;
    let number = world.ticket().create().await;
    suspend(&world, number, why).await;
    world.advance(DAY);
    let (one, other) = (world.services.clone(), world.services.clone());
    let (first, second, third) = tokio::join!(remind_pending(&one), remind_pending(&other), remind_pending(&one));
    for looked in [first, second, third] {
        looked.unwrap();
    }
    assert_eq!(reminders(&world, number).await.len(), 1);
    // An instance that was away for long reminds once, not for every day it was away.
    world.advance(9 * DAY);
    assert_eq!((look(&world).await, look(&world).await), (1, 0));
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(world.now() + DAY));
});

both_engines!(t_pen_05_any_way_out_of_pending_ends_timer_and_count, |world: World| async move {
    let why = reason(&world, "Asked", daily(&world).await).await;
    let number = world.ticket().assignee("tech1").create().await;
    suspend(&world, number, why).await;
    assert!(timer(&world, number).await.is_some());
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    assert_eq!(timer(&world, number).await, None);
    suspend(&world, number, why).await;
    // The requester answers (T-STA-08).
    world.occurrence("requester1", number, "", "Here it is.").await;
    assert_eq!((world.status(number).await, timer(&world, number).await), (Status::Assigned, None));
    world.advance(5 * DAY);
    assert_eq!(look(&world).await, 0);
});

both_engines!(t_sta_13_another_reason_counts_anew_and_the_same_counts_on, |world: World| async move {
    let (why, other) = (
        reason(&world, "Asked", daily(&world).await).await,
        reason(&world, "Ordered", RulePatch { reminder_every: set("1w"), ..RulePatch::default() }).await,
    );
    let number = world.ticket().create().await;
    suspend(&world, number, why).await;
    let begun = world.now();
    world.advance(DAY / 2);
    suspend(&world, number, why).await;
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(begun + DAY));
    suspend(&world, number, other).await;
    let row = timer(&world, number).await.unwrap();
    assert_eq!((row.reason_id, row.reminders, row.due_at), (other, 0, Some(world.now() + 7 * DAY)));
});

both_engines!(t_pen_03_a_changed_rule_counts_for_tickets_that_wait_already, |world: World| async move {
    let why = reason(&world, "Asked", RulePatch::default()).await;
    let number = world.ticket().create().await;
    suspend(&world, number, why).await;
    let begun = world.now();
    assert_eq!(timer(&world, number).await.unwrap().due_at, None);
    let ctx = world.ctx("supervisor").await;
    let patch = ListRowPatch { rule: daily(&world).await, ..ListRowPatch::default() };
    lists::update(&ctx, List::PendingReasons, why, patch, Basis::default()).await.unwrap();
    assert_eq!((look(&world).await, reminders(&world, number).await.len()), (1, 0), "looked at, and not yet due");
    assert_eq!(timer(&world, number).await.unwrap().due_at, Some(begun + DAY));
    world.advance(DAY);
    assert_eq!((look(&world).await, reminders(&world, number).await.len()), (1, 1));
});

both_engines!(t_pen_04_without_its_template_nothing_is_sent_and_the_row_says_so, |world: World| async move {
    let rule = daily(&world).await;
    let why = reason(&world, "Asked", rule).await;
    let number = world.ticket().create().await;
    suspend(&world, number, why).await;
    let switch = async |on: bool| {
        world
            .run(&Sql::new(if on {
                "UPDATE template SET active = TRUE WHERE name = 'Any news'"
            } else {
                "UPDATE template SET active = FALSE WHERE name = 'Any news'"
            }))
            .await;
    };
    switch(false).await;
    let (row, _) = lists::get(&world.ctx("supervisor").await, List::PendingReasons, why).await.unwrap();
    assert_eq!(row.faults, [Fault::ReminderTemplate]);
    world.advance(DAY);
    look(&world).await;
    assert_eq!(reminders(&world, number).await.len(), 0);
    switch(true).await;
    assert_eq!(look(&world).await, 0, "looked at again a day later");
    world.advance(DAY);
    assert_eq!((look(&world).await, reminders(&world, number).await.len()), (1, 1));
});

both_engines!(t_pen_03_after_the_last_reminder_none_follows, |world: World| async move {
    let rule = RulePatch { reminders_before_solving: set(1), ..daily(&world).await };
    let why = reason(&world, "Asked", rule).await;
    let number = world.ticket().create().await;
    suspend(&world, number, why).await;
    for _day in 0..4 {
        world.advance(DAY);
        look(&world).await;
    }
    assert_eq!(reminders(&world, number).await.len(), 1);
    assert_eq!(world.status(number).await, Status::Pending, "without a solution template nothing is solved (T-PEN-06)");
});

both_engines!(t_tkt_08_a_ticket_in_the_trash_is_not_reminded_of, |world: World| async move {
    let why = reason(&world, "Asked", daily(&world).await).await;
    let number = world.ticket().create().await;
    suspend(&world, number, why).await;
    world.command("supervisor", number, Command::Delete).await.unwrap();
    world.advance(DAY);
    assert_eq!((look(&world).await, reminders(&world, number).await.len()), (0, 0));
    world.command("supervisor", number, Command::Restore).await.unwrap();
    assert_eq!((look(&world).await, reminders(&world, number).await.len()), (1, 1));
});

both_engines!(t_pen_01_one_reason_of_an_entity_is_chosen_at_first, |world: World| async move {
    let first = RulePatch { is_default: Some(true), ..RulePatch::default() };
    let one = reason(&world, "One", first.clone()).await;
    let two = reason(&world, "Two", first).await;
    let ctx = world.ctx("supervisor").await;
    let is_default = async |id: Uuid| lists::get(&ctx, List::PendingReasons, id).await.unwrap().0.rule.is_default;
    assert_eq!((is_default(one).await, is_default(two).await), (false, true));
    let number = world.ticket().create().await;
    let page = tickets::page(&world.ctx("tech1").await, number, Default::default()).await.unwrap();
    assert_eq!(page.choices.pending_default, two.to_string());
});

both_engines!(t_pen_01_a_rule_names_templates_that_are_there, |world: World| async move {
    let ctx = world.ctx("supervisor").await;
    let root = world.root.to_string();
    let rule = RulePatch {
        reminder_every: set("8d"),
        reminder_template: set(Uuid::max()),
        reminders_before_solving: set(4),
        solution_template: set(template(&world, "A reply").await),
        ..RulePatch::default()
    };
    for wrong in ["reminder_every", "reminders_before_solving", "reminder_template", "solution_template"] {
        let made = lists::create(&ctx, List::PendingReasons, &root, named("Wrong", rule.clone()), "").await;
        assert!(field(made, wrong).is_some(), "{wrong}");
    }
});
