//! Figures of a ticket (T-STT-01) and the dashboard (T-STT-02): what is counted, for whom, and that nothing else is told.

use std::collections::BTreeMap;

use domain::clock::Phase;
use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, AnswerSurvey, Command, CustomerPatch, ListRowPatch, Patch, RunCommand};
use domain::lang::Lang;
use domain::lists::List;
use domain::policy::{Capability, ShippedRole};
use domain::settings::Key;
use domain::statistics::Age;
use domain::ticket::Status;
use domain::views::{DashboardQuery, DashboardView, ListQuery};
use service::statistics::{self, OTHERS};
use service::{Ctx, customers, lists, occurrences, surveys, tickets};
use testing::{Sql, World, both_engines, error, field, forbidden, note};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

async fn spend(world: &World, who: &str, number: i64, visibility: &str, minutes: &str) {
    let form =
        AddOccurrence { visibility: visibility.into(), minutes: minutes.into(), ..note(number, "Looked at it.") };
    occurrences::add(&world.ctx(who).await, form).await.unwrap();
}

async fn of_all(ctx: &Ctx) -> DashboardView {
    statistics::dashboard(ctx, &DashboardQuery::default()).await.unwrap()
}

fn backlog(view: &DashboardView, status: Status) -> i64 {
    view.backlog.iter().find(|(known, _)| *known == status).map_or(0, |(_, n)| *n)
}

fn named(rows: &[(String, i64)], name: &str) -> i64 {
    rows.iter().find(|(known, _)| known == name).map_or(0, |(_, n)| *n)
}

both_engines!(t_stt_01_a_ticket_shows_how_long_it_took, |world: World| async move {
    let number = world.ticket().create().await;
    world.advance(HOUR);
    world.command("tech1", number, Command::Take).await.unwrap();
    world.advance(2 * HOUR);
    let suspend = RunCommand { number, command: Command::Suspend, text: "waits".into(), ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, suspend).await.unwrap();
    world.advance(3 * HOUR);
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    world.advance(HOUR);
    spend(&world, "tech1", number, "public", "30").await;
    spend(&world, "tech1", number, "private", "1h").await;
    spend(&world, "tech2", number, "private", "15").await;

    let view = statistics::of_ticket(&world.ctx("supervisor").await, number).await.unwrap();
    assert_eq!((view.taken.elapsed_minutes, view.taken.running), (60, false));
    assert_eq!((view.pending.elapsed_minutes, view.pending.running), (180, false));
    assert_eq!((view.solving.elapsed_minutes, view.solving.running), (240, true), "without the hold");
    assert_eq!(view.solving.working_minutes, view.solving.elapsed_minutes, "no calendar: all of it is working time");
    assert_eq!((view.worked.0, view.reopen_count), (105, 0));
    let spent: Vec<(i32, i64)> = view.time_by_person.iter().map(|one| (one.minutes.0, one.entries)).collect();
    assert_eq!(spent, [(90, 2), (15, 1)]);
    let of = |phase| view.phases.iter().find(|(known, _)| *known == phase).map_or(0, |(_, minutes)| *minutes);
    assert_eq!((of(Phase::Working), of(Phase::Pending)), (240, 180));
    let statuses: Vec<Status> = view.intervals.iter().map(|one| one.status).collect();
    assert_eq!(statuses, [Status::New, Status::Assigned, Status::Pending, Status::Assigned]);
    assert!(view.intervals.last().is_some_and(|one| one.to.is_none()));
    world.assert_sound().await;
});

both_engines!(t_stt_01_figures_are_for_agents_and_count_what_they_may_see, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    spend(&world, "tech1", number, "public", "30").await;
    spend(&world, "tech1", number, "private", "45").await;
    for who in ["requester1", "requester2"] {
        let answer = statistics::of_ticket(&world.ctx(who).await, number).await;
        assert_eq!(error(answer), AppError::NotFound, "{who}");
    }
    let own = [Capability::TicketViewAll, Capability::OccurrenceAddAny, Capability::StatisticsView];
    world.hire_with("reader", &own).await;
    let view = statistics::of_ticket(&world.ctx("reader").await, number).await.unwrap();
    assert_eq!(view.worked.0, 30, "no private entries");
    let none = [Capability::TicketViewAll, Capability::OccurrenceAddAny, Capability::OccurrenceViewPrivate];
    world.hire_with("blind", &none).await;
    let answer = statistics::of_ticket(&world.ctx("blind").await, number).await;
    assert_eq!(forbidden(answer), "statistics.view");
    world.assert_sound().await;
});

both_engines!(t_stt_02_the_dashboard_counts_a_period, |world: World| async move {
    let (one, two) = (world.ticket().assignee("tech1").create().await, world.ticket().create().await);
    world.advance(2 * DAY);
    let three = world.ticket().assignee("tech1").assigned_group(world.network).create().await;
    world.advance(HOUR);
    world.put_status(one, Status::Solved).await;
    spend(&world, "tech1", three, "private", "1h30").await;

    let supervisor = world.ctx("supervisor").await;
    let view = of_all(&supervisor).await;
    assert_eq!((view.days.len(), view.step), (30, 1));
    let opened: i64 = view.days.iter().map(|day| day.opened).sum();
    let solved: i64 = view.days.iter().map(|day| day.solved).sum();
    assert_eq!((opened, solved), (3, 1));
    let last = view.days.last().expect("days");
    assert_eq!((last.opened, last.solved, last.closed), (1, 1, 0));
    assert_eq!((backlog(&view, Status::New), backlog(&view, Status::Assigned)), (1, 1));
    let ages: Vec<(Age, i64)> = view.ages.iter().copied().filter(|(_, n)| *n > 0).collect();
    assert_eq!(ages, [(Age::Day, 1), (Age::Week, 1)]);
    assert_eq!(view.worked, 90);
    assert_eq!(view.solving, Some((2 * DAY + HOUR) / 60));
    let name = world.person("tech1").await.name;
    assert_eq!((named(&view.by_assignee, &name), named(&view.by_group, "Network")), (2, 1));

    // Filters.
    let me = DashboardQuery { person: "me".into(), ..DashboardQuery::default() };
    let mine = statistics::dashboard(&world.ctx("tech1").await, &me).await.unwrap();
    assert_eq!(mine.days.iter().map(|day| day.opened).sum::<i64>(), 2);
    let network = DashboardQuery { group: world.network.to_string(), ..DashboardQuery::default() };
    let of_group = statistics::dashboard(&supervisor, &network).await.unwrap();
    assert_eq!(of_group.days.iter().map(|day| day.opened).sum::<i64>(), 1);
    let today = DashboardQuery { from: view.to.clone(), to: view.to.clone(), ..DashboardQuery::default() };
    let of_today = statistics::dashboard(&supervisor, &today).await.unwrap();
    assert_eq!(of_today.days.iter().map(|day| (day.opened, day.solved)).collect::<Vec<_>>(), [(1, 1)]);
    let year = DashboardQuery { from: "2025-06-01".into(), to: view.to.clone(), ..DashboardQuery::default() };
    assert_eq!(statistics::dashboard(&supervisor, &year).await.unwrap().step, 7);

    // The trash is not counted.
    world.command("supervisor", two, Command::Delete).await.unwrap();
    assert_eq!(of_all(&supervisor).await.days.iter().map(|day| day.opened).sum::<i64>(), 2);
    world.assert_sound().await;
});

both_engines!(t_stt_02_wrong_filters_are_told_together, |world: World| async move {
    let supervisor = world.ctx("supervisor").await;
    let ask = async |query: DashboardQuery| statistics::dashboard(&supervisor, &query).await;
    let wrong = DashboardQuery { entity: "x".into(), group: "y".into(), to: "z".into(), ..DashboardQuery::default() };
    for name in ["entity", "group", "to"] {
        assert!(field(ask(wrong.clone()).await, name).is_some(), "{name}");
    }
    let days = |from: &str, to: &str| DashboardQuery { from: from.into(), to: to.into(), ..DashboardQuery::default() };
    for query in [days("2026-03-12", "2026-03-11"), days("2024-01-01", "2026-03-11")] {
        assert_eq!(field(ask(query).await, "from"), Some(Code::OutOfRange));
    }
});

both_engines!(t_stt_02_only_what_the_reader_may_see_is_counted, |world: World| async move {
    let elsewhere = world.entity("Chile", world.root).await;
    world.ticket().assignee("tech1").create().await;
    let far = world.ticket().create().await;
    let mut sql = service::sql::Sql::new("UPDATE ticket SET entity_id = ");
    sql.bind(elsewhere).push_bind(" WHERE number = ", far);
    world.run(&sql).await;
    for who in ["requester1", "requester2"] {
        let answer = statistics::dashboard(&world.ctx(who).await, &DashboardQuery::default()).await;
        assert_eq!(forbidden(answer), "statistics.view", "{who}");
    }
    world.hire("local", domain::policy::ShippedRole::Supervisor, world.brasil).await;
    let local = world.ctx("local").await;
    assert_eq!(of_all(&local).await.days.iter().map(|day| day.opened).sum::<i64>(), 1);
    let foreign = DashboardQuery { entity: elsewhere.to_string(), ..DashboardQuery::default() };
    assert!(field(statistics::dashboard(&local, &foreign).await, "entity").is_some());
    let whole = world.ctx("supervisor").await;
    assert_eq!(of_all(&whole).await.days.iter().map(|day| day.opened).sum::<i64>(), 2);
    let part = statistics::dashboard(&whole, &foreign).await.unwrap();
    assert_eq!(part.days.iter().map(|day| day.opened).sum::<i64>(), 1);

    // Who sees only his own tickets counts only those.
    let own = [Capability::TicketViewAssigned, Capability::OccurrenceAddAssigned, Capability::StatisticsView];
    world.hire_with("own", &own).await;
    assert_eq!(of_all(&world.ctx("own").await).await.days.iter().map(|day| day.opened).sum::<i64>(), 0);
});

both_engines!(t_stt_02_its_form_names_nobody_from_elsewhere, |world: World| async move {
    let iberia = world.entity("Iberia", world.root).await;
    let far = world.hire("far", ShippedRole::Technician, iberia).await;
    world.hire("local", ShippedRole::Supervisor, world.brasil).await;
    let named = async |who: &str, id: uuid::Uuid| {
        let query = DashboardQuery { person: id.to_string(), ..DashboardQuery::default() };
        let view = statistics::dashboard(&world.ctx(who).await, &query).await.unwrap();
        (view.person.unwrap().name, view.groups.len())
    };
    assert_eq!(named("supervisor", far).await, ("far".to_owned(), 1));
    assert_eq!(named("local", far).await, (String::new(), 1));
    let near = world.person("tech1").await.id;
    world.run(&Sql::new("UPDATE app_group SET recursive = FALSE")).await;
    assert_eq!(named("local", near).await, ("tech1".to_owned(), 0), "a group of the root alone");
});

both_engines!(t_stt_02_long_breakdowns_end_in_one_row_and_exports_are_told, |world: World| async move {
    let mut people = Vec::new();
    for at in 0..12 {
        let name = format!("agent{at}");
        world.hire(&name, domain::policy::ShippedRole::Technician, world.root).await;
        people.push(name);
    }
    for name in &people {
        world.ticket().assignee(name).create().await;
    }
    let supervisor = world.ctx("supervisor").await;
    let view = of_all(&supervisor).await;
    assert_eq!((view.by_assignee.len(), named(&view.by_assignee, OTHERS)), (11, 2));
    assert_eq!(named(&view.by_category, ""), 12, "tickets without category");

    let before = world.count("audit").await;
    statistics::export(&supervisor, &DashboardQuery::default()).await.unwrap();
    assert_eq!(world.count("audit").await, before + 1);
});

both_engines!(t_stt_02_customers_and_satisfaction_are_counted_for_whom_they_are, |world: World| async move {
    let patch = CustomerPatch {
        entity: Patch::Set(world.root.to_string()),
        name: Patch::Set("Acme".to_owned()),
        ..CustomerPatch::default()
    };
    let supervisor = world.ctx("supervisor").await;
    let acme = customers::create(&supervisor, patch, "").await.unwrap().id;
    world.set(Key::SurveyEnabled, world.root, "true").await;
    let of_acme = world.ticket().create().await;
    let mut sql = service::sql::Sql::new("UPDATE ticket SET customer_id = ");
    sql.bind(acme).push_bind(" WHERE number = ", of_acme);
    world.run(&sql).await;
    let other = world.ticket().create().await;
    for (number, score) in [(of_acme, "5"), (other, "2")] {
        world.put_status(number, Status::Solved).await;
        world.command("supervisor", number, Command::Close).await.unwrap();
        let form = AnswerSurvey { ticket: number, score: score.into(), ..AnswerSurvey::default() };
        surveys::answer(&world.ctx("requester1").await, form).await.unwrap();
    }
    let view = of_all(&supervisor).await;
    let rows = view.by_customer.unwrap();
    assert_eq!((named(&rows, "Acme"), named(&rows, "")), (1, 1));
    assert_eq!((view.surveys_answered, view.satisfaction), (2, Some(350)));

    // Who sees no customers is told nothing of them.
    let own = [Capability::TicketViewAll, Capability::OccurrenceAddAny, Capability::StatisticsView];
    world.hire_with("reader", &own).await;
    assert_eq!(of_all(&world.ctx("reader").await).await.by_customer, None);
});

both_engines!(t_stt_02_averages_count_working_time, |world: World| async move {
    let supervisor = world.ctx("supervisor").await;
    let names = BTreeMap::from([(Lang::En, Patch::Set("Office".to_owned()))]);
    let week = Patch::Set(vec!["08:00-17:00".to_owned(); 5]);
    let office = ListRowPatch { names, week, ..ListRowPatch::default() };
    let office = lists::create(&supervisor, List::Calendars, &world.root.to_string(), office, "").await.unwrap();
    world.set(Key::WorkingCalendar, world.brasil, &office.to_string()).await;
    // Thursday at 10, taken and put on hold on Saturday.
    let number = world.ticket().create().await;
    world.advance(2 * DAY);
    world.command("tech1", number, Command::Take).await.unwrap();
    world.command("tech1", number, Command::Suspend).await.unwrap();
    // Monday at 11; solved at 12, closed on Tuesday at 12.
    world.advance(2 * DAY + HOUR);
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    world.advance(HOUR);
    world.put_status(number, Status::Solved).await;
    world.advance(DAY);
    world.command("supervisor", number, Command::Close).await.unwrap();
    let view = of_all(&world.ctx("supervisor").await).await;
    let hours = |minutes: Option<i64>| minutes.map(|minutes| minutes / 60);
    assert_eq!(hours(view.taken), Some(16), "seven of Thursday, nine of Friday");
    assert_eq!(hours(view.solving), Some(17), "and one of Monday: three of four were on hold");
    assert_eq!(hours(view.awaiting), Some(9));
    assert_eq!(hours(view.closing), Some(26), "all but what was on hold");

    // One of an entity without a calendar counts by the wall beside it.
    let plain = world.ticket().create().await;
    let mut sql = service::sql::Sql::new("UPDATE ticket SET entity_id = ");
    sql.bind(world.root).push_bind(" WHERE number = ", plain);
    world.run(&sql).await;
    world.advance(2 * HOUR);
    world.command("tech2", plain, Command::Take).await.unwrap();
    assert_eq!(hours(of_all(&world.ctx("supervisor").await).await.taken), Some(9), "of sixteen and two");
});

/// Rows of a list that a number leads to.
async fn rows(ctx: &Ctx, list: Option<ListQuery>) -> i64 {
    let list = ListQuery { limit: 200, ..list.expect("a list") };
    i64::try_from(tickets::list(ctx, list).await.unwrap().items.len()).unwrap()
}

/// Checks that every number of the backlog is that of its list, and answers how many tickets wait and are overdue.
async fn as_many(ctx: &Ctx, query: DashboardQuery) -> (i64, i64) {
    let view = statistics::dashboard(ctx, &query).await.unwrap();
    for (status, n) in &view.backlog {
        assert_eq!(rows(ctx, view.list_of_status(*status)).await, *n, "{status} of {query:?}");
    }
    for (age, n) in &view.ages {
        assert_eq!(rows(ctx, view.list_of_age(*age)).await, *n, "{age} of {query:?}");
    }
    assert_eq!(rows(ctx, view.list_of_overdue()).await, view.overdue, "overdue of {query:?}");
    (view.backlog.iter().map(|(_, n)| n).sum(), view.overdue)
}

both_engines!(t_stt_02_numbers_of_the_backlog_lead_to_lists_of_as_many_tickets, |world: World| async move {
    let chile = world.entity("Chile", world.root).await;
    let far = world.ticket().create().await;
    let mut sql = Sql::new("UPDATE ticket SET entity_id = ");
    sql.bind(chile).push_bind(" WHERE number = ", far);
    world.run(&sql).await;
    let held = world.ticket().assignee("tech1").create().await;
    world.advance(23 * DAY);
    world.ticket().assignee("tech1").assigned_group(world.network).create().await;
    world.advance(5 * DAY);
    let over = world.ticket().assignee("tech1").create().await;
    world.run(&Sql::new("UPDATE ticket SET due_resolve_at = opened_at + 3600")).await;
    world.advance(3 * DAY);
    world.ticket().create().await;
    world.put_status(held, Status::Pending).await;
    world.put_status(over, Status::Solved).await;

    let supervisor = world.ctx("supervisor").await;
    assert_eq!(as_many(&supervisor, DashboardQuery::default()).await, (4, 2), "what is on hold is not overdue");
    let of = |entity: uuid::Uuid| DashboardQuery { entity: entity.to_string(), ..DashboardQuery::default() };
    assert_eq!(as_many(&supervisor, of(world.brasil)).await, (3, 1));
    assert_eq!(as_many(&supervisor, of(chile)).await, (1, 1));
    assert_eq!(as_many(&supervisor, of(world.root)).await, (4, 2));
    let network = DashboardQuery { group: world.network.to_string(), ..of(world.brasil) };
    assert_eq!(as_many(&supervisor, network).await, (1, 1));
    let tech1 = DashboardQuery { person: world.person("tech1").await.id.to_string(), ..DashboardQuery::default() };
    assert_eq!(as_many(&supervisor, tech1).await, (2, 1));
    let me = DashboardQuery { person: "me".into(), ..DashboardQuery::default() };
    assert_eq!(as_many(&world.ctx("tech1").await, me).await, (2, 1));

    // Who sees less is led to less.
    world.hire("local", ShippedRole::Supervisor, world.brasil).await;
    assert_eq!(as_many(&world.ctx("local").await, DashboardQuery::default()).await, (3, 1));
    let own = [Capability::TicketViewAssigned, Capability::OccurrenceAddAssigned, Capability::StatisticsView];
    world.hire_with("own", &own).await;
    assert_eq!(as_many(&world.ctx("own").await, DashboardQuery::default()).await, (0, 0));
});
