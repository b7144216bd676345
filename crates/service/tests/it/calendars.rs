//! Calendars: edited as a list, chosen by a setting, used as working time (T-SET-12, T-SOL-10).

use std::collections::BTreeMap;

use domain::error::{AppError, Code};
use domain::forms::{AddSolution, AddTask, Command, ListRowPatch, Patch, RunCommand};
use domain::lang::Lang;
use domain::lists::List;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::views::SettingsView;
use service::calendars::{self, WorkingTime};
use service::lists::{self, Basis};
use service::settings::{self, NewSettings};
use service::{ServiceError, clocks, moments, solutions, tasks, tickets};
use testing::{World, both_engines, error, field, refused};
use uuid::Uuid;

const HOURS: &str = "08:00-12:00, 13:00-17:00";

/// A calendar from Monday to Friday.
fn office(name: &str) -> ListRowPatch {
    ListRowPatch {
        names: BTreeMap::from([(Lang::En, Patch::Set(name.to_owned()))]),
        week: Patch::Set(vec![HOURS.to_owned(); 5]),
        holidays: Patch::Set("2026-03-16 Founders\n01-01".to_owned()),
        ..ListRowPatch::default()
    }
}

async fn create(world: &World, patch: ListRowPatch) -> Result<Uuid, ServiceError> {
    lists::create(&world.ctx("supervisor").await, List::Calendars, &world.root.to_string(), patch, "").await
}

async fn update(world: &World, id: Uuid, patch: ListRowPatch, basis: Basis) -> Result<(), ServiceError> {
    lists::update(&world.ctx("supervisor").await, List::Calendars, id, patch, basis).await
}

async fn set(world: &World, entity: Uuid, key: &str, value: Option<&str>) -> Result<SettingsView, ServiceError> {
    let values = BTreeMap::from([(key.to_owned(), value.map(str::to_owned))]);
    let new = NewSettings { values, ..NewSettings::default() };
    settings::save(&world.ctx("admin").await, &entity.to_string(), new).await
}

/// The office counts everywhere; answers the zone of the tickets.
async fn office_counts(world: &World) -> chrono_tz::Tz {
    let id = create(world, office("Office")).await.unwrap();
    set(world, world.root, "working_calendar", Some(&id.to_string())).await.unwrap();
    time_of(world, world.brasil).await.zone
}

async fn solve(world: &World, number: i64) {
    let format = BodyFormat::Text;
    let form = AddSolution { ticket: number, body: "Glued.".into(), format, ..AddSolution::default() };
    solutions::add(&world.ctx("tech1").await, form).await.unwrap();
}

async fn run(world: &World, number: i64, command: Command, reason: &str) {
    let form = RunCommand { number, command, reason: reason.to_owned(), ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, form).await.unwrap();
}

async fn time_of(world: &World, entity: Uuid) -> WorkingTime {
    let ctx = world.ctx("admin").await;
    calendars::of_entity(world.db().reader(), &ctx.actor, entity).await.unwrap()
}

both_engines!(t_set_12_a_calendar_has_hours_and_holidays, |world: World| async move {
    let id = create(&world, office("Office")).await.unwrap();
    let row = lists::get(&world.ctx("supervisor").await, List::Calendars, id).await.unwrap().0;
    assert_eq!(row.calendar.week.lines(), [HOURS, HOURS, HOURS, HOURS, HOURS, "", ""]);
    let holidays: Vec<String> = row.calendar.holidays.iter().map(ToString::to_string).collect();
    assert_eq!(holidays, ["01-01", "2026-03-16 Founders"]);
    assert!(!row.portal, "calendars are nothing for the portal");

    let nothing = ListRowPatch { week: Patch::Keep, ..office("Never") };
    assert_eq!(field(create(&world, nothing).await, "week"), Some(Code::CalendarEmpty));
    let wrong = ListRowPatch { week: Patch::Set(vec!["9 to 5".to_owned()]), ..office("Wrong") };
    let AppError::Invalid(errors) = error(create(&world, wrong).await) else { panic!("must be refused") };
    assert_eq!((errors.of("week[0]"), errors.of("week")), (Some(Code::Invalid), None));
    let wrong = ListRowPatch { holidays: Patch::Set("Christmas".to_owned()), ..office("Wrong") };
    assert_eq!(field(create(&world, wrong).await, "holidays"), Some(Code::Invalid));
    let cleared = ListRowPatch { week: Patch::Clear, ..ListRowPatch::default() };
    assert_eq!(field(update(&world, id, cleared, Basis::default()).await, "week"), Some(Code::CalendarEmpty));
});

both_engines!(t_gen_07_hours_and_holidays_are_fields_of_their_own, |world: World| async move {
    let id = create(&world, office("Office")).await.unwrap();
    let from = Basis { version: Some(1), if_match: None };
    let hours = ListRowPatch { week: Patch::Set(vec!["09:00-17:00".to_owned(); 5]), ..ListRowPatch::default() };
    update(&world, id, hours, from).await.unwrap();
    let holidays = ListRowPatch { holidays: Patch::Clear, ..ListRowPatch::default() };
    update(&world, id, holidays, from).await.unwrap();
    let row = lists::get(&world.ctx("supervisor").await, List::Calendars, id).await.unwrap().0;
    assert!(row.calendar.holidays.is_empty() && row.calendar.week.lines()[0] == "09:00-17:00");
    let late = ListRowPatch { week: Patch::Set(vec!["10:00-17:00".to_owned(); 5]), ..ListRowPatch::default() };
    let AppError::Conflict { conflicts, .. } = error(update(&world, id, late, from).await) else { panic!("conflict") };
    assert_eq!(conflicts.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["week"]);
});

both_engines!(t_sol_10_the_calendar_of_the_setting_counts_in_the_zone_of_the_entity, |world: World| async move {
    assert_eq!(time_of(&world, world.brasil).await.calendar, None, "24 hours, 7 days");
    let id = create(&world, office("Office")).await.unwrap();
    set(&world, world.root, "working_calendar", Some(&id.to_string())).await.unwrap();
    set(&world, world.brasil, "entity.time_zone", Some("America/Sao_Paulo")).await.unwrap();
    let time = time_of(&world, world.brasil).await;
    assert_eq!(time.zone.name(), "America/Sao_Paulo");
    let at = |text: &str| moments::parse(text, time.zone).unwrap();
    // Thursday; Monday is a holiday.
    assert_eq!(time.add_days(at("2026-03-12T10:00"), 2), at("2026-03-17T10:00"));
    assert_eq!(time.minutes_between(at("2026-03-13T16:00"), at("2026-03-17T09:00")), 120);
    // A calendar that was put away behind our back counts no longer.
    let mut sql = testing::Sql::new("UPDATE list_row SET active = FALSE WHERE id = ");
    sql.bind(id);
    world.run(&sql).await;
    assert_eq!(time_of(&world, world.brasil).await.calendar, None);
});

both_engines!(t_set_07_a_calendar_that_counts_stays, |world: World| async move {
    let id = create(&world, office("Office")).await.unwrap();
    set(&world, world.root, "working_calendar", Some(&id.to_string())).await.unwrap();
    let off = ListRowPatch { active: Some(false), ..ListRowPatch::default() };
    assert_eq!(refused(update(&world, id, off, Basis::default()).await), Code::InUse);
    let supervisor = world.ctx("supervisor").await;
    assert_eq!(refused(lists::remove(&supervisor, List::Calendars, id, Basis::default()).await), Code::InUse);
    set(&world, world.root, "working_calendar", None).await.unwrap();
    lists::remove(&supervisor, List::Calendars, id, Basis::default()).await.unwrap();
});

both_engines!(t_set_04_only_a_calendar_with_hours_can_be_chosen, |world: World| async move {
    let empty = world.list_row(lists::CALENDARS, "Empty", |_| {}).await;
    let refused = set(&world, world.root, "working_calendar", Some(&empty)).await;
    assert_eq!(field(refused, Key::WorkingCalendar.as_str()), Some(Code::CalendarEmpty));
    let other = world.list_row(lists::LOCATIONS, "Floor", |_| {}).await;
    let refused = set(&world, world.root, "working_calendar", Some(&other)).await;
    assert_eq!(field(refused, "working_calendar"), Some(Code::UnknownReference));
});

both_engines!(t_set_04_the_entity_holds_its_currency_itself, |world: World| async move {
    set(&world, world.brasil, "entity.currency", Some("brl")).await.unwrap();
    let stored: Option<String> = testing::Sql::new("SELECT currency FROM entity WHERE id = ")
        .bind(world.brasil)
        .scalar(world.db().reader())
        .await
        .unwrap();
    assert_eq!(stored.as_deref(), Some("BRL"));
    assert_eq!(world.count("setting").await, 0);
    for (value, code) in [(Some("Reais"), Code::Invalid), (None, Code::Required)] {
        let refused = set(&world, world.brasil, "entity.currency", value).await;
        assert_eq!(field(refused, "entity.currency"), Some(code), "{value:?}");
    }
});

both_engines!(t_sol_10_a_solved_ticket_closes_on_a_working_day, |world: World| async move {
    let id = create(&world, office("Office")).await.unwrap();
    for (key, value) in [("working_calendar", id.to_string()), ("auto_close_days", "2".to_owned())] {
        set(&world, world.root, key, Some(&value)).await.unwrap();
    }
    let number = world.ticket().assignee("tech1").create().await;
    solve(&world, number).await;
    // It is Thursday, and Monday is a holiday.
    assert_eq!(world.row(number).await.close_due_at, Some(world.now() + 5 * 86_400));
});

both_engines!(t_tsk_06_a_plan_outside_of_the_working_hours_is_told, |world: World| async move {
    let id = create(&world, office("Office")).await.unwrap();
    set(&world, world.root, "working_calendar", Some(&id.to_string())).await.unwrap();
    let number = world.ticket().assignee("tech1").create().await;
    let warnings = async |begin: &str, end: &str| {
        let form = AddTask {
            ticket: number,
            content: "Change the disk".into(),
            format: BodyFormat::Text,
            planned_begin: begin.to_owned(),
            planned_end: end.to_owned(),
            ..AddTask::default()
        };
        let saved = tasks::add(&world.ctx("tech1").await, form).await.unwrap();
        saved.warnings.into_iter().map(|warning| warning.code).collect::<Vec<_>>()
    };
    assert!(warnings("2026-03-13T14:00", "2026-03-13T14:30").await.is_empty());
    assert_eq!(warnings("2026-03-14T14:00", "2026-03-14T14:30").await, ["outside_working_hours"], "a Saturday");
});

both_engines!(t_clk_05_after_a_pause_as_many_working_hours_are_left, |world: World| async move {
    let zone = office_counts(&world).await;
    let at = |text: &str| moments::parse(text, zone).unwrap();
    let due = "2026-03-13T13:00:00Z".to_owned();
    let number = world.ticket().assignee("tech1").with(|form| form.due_resolve_at = due).create().await;
    let stands = async || {
        let ticket = tickets::detail(&world.ctx("tech1").await, number).await.unwrap();
        (ticket.due_resolve_state, ticket.due_resolve_left.map(|minutes| minutes.0))
    };
    let is = |state: &str, left: Option<i32>| (state.to_owned(), left);

    // Thursday at 10: six hours of the day are left, and two of Friday.
    run(&world, number, Command::Suspend, "").await;
    assert_eq!(stands().await, is("paused", Some(480)));
    world.advance(34 * 3_600);
    assert_eq!(stands().await, is("paused", Some(480)), "it stands still");
    let portal = tickets::portal_detail(&world.ctx("requester1").await, number).await.unwrap();
    assert_eq!(portal.due_resolve_left, None, "what is left is the team's");
    // Friday at 20: the weekend and a holiday do not count.
    run(&world, number, Command::Reactivate, "").await;
    assert_eq!(world.row(number).await.due_resolve_at, Some(at("2026-03-17T17:00")));

    // Of 22 working hours 14 are used, though most of the time on the wall is over.
    world.advance(72 * 3_600);
    assert_eq!(stands().await, is("on_time", None));
    world.advance(16 * 3_600);
    assert_eq!(stands().await, is("at_risk", None), "Tuesday at noon: 18 of 22");

    // Awaiting an answer stops the clock too.
    solve(&world, number).await;
    assert_eq!(stands().await, is("met", None));
    world.advance(24 * 3_600);
    run(&world, number, Command::Reopen, "It fell off.").await;
    assert_eq!(world.row(number).await.due_resolve_at, Some(at("2026-03-18T17:00")), "four hours, as before");
    world.assert_sound().await;
});

both_engines!(t_clk_08_the_figures_count_working_time, |world: World| async move {
    office_counts(&world).await;
    let number = world.ticket().create().await;
    // Friday at 16.
    world.advance(30 * 3_600);
    world.command("tech1", number, Command::Take).await.unwrap();
    run(&world, number, Command::Suspend, "").await;
    // Tuesday at 16.
    world.advance(96 * 3_600);
    run(&world, number, Command::Reactivate, "").await;
    solve(&world, number).await;
    let figures = clocks::figures(&world.ctx("tech1").await, number).await.unwrap();
    let hours = |seconds: i64| seconds / 3_600;
    assert_eq!(
        (hours(figures.taken.elapsed), hours(figures.taken.working)),
        (30, 13),
        "six of Thursday, seven of Friday"
    );
    assert_eq!(
        (hours(figures.pending.elapsed), hours(figures.pending.working)),
        (96, 8),
        "one of Friday, seven of Tuesday"
    );
    assert_eq!((hours(figures.solving.elapsed), hours(figures.solving.working)), (30, 13), "without the pause");
});

both_engines!(t_sta_10_a_note_that_asks_counts_working_days_anew, |world: World| async move {
    let zone = office_counts(&world).await;
    for (key, value) in [("auto_close_days", "1"), ("reopen_policy", "ask")] {
        set(&world, world.root, key, Some(value)).await.unwrap();
    }
    let at = |text: &str| moments::parse(text, zone).unwrap();
    let number = world.ticket().assignee("tech1").create().await;
    solve(&world, number).await;
    assert_eq!(world.row(number).await.close_due_at, Some(at("2026-03-13T10:00")));
    world.advance(23 * 3_600);
    world.occurrence("requester1", number, "", "Is it?").await;
    // Friday at 9; Monday is a holiday.
    assert_eq!(world.row(number).await.close_due_at, Some(at("2026-03-17T09:00")));
});
