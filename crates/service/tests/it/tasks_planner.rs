//! My tasks, the planner, the calendar feed, task templates (T-TSK-08..10, T-TPL-01).

use std::collections::BTreeMap;

use domain::error::{AppError, Code};
use domain::forms::{AddTask, MoveTask, Patch, RemoveOccurrence, TaskPatch};
use domain::occurrence::BodyFormat;
use domain::template::TemplateKind;
use domain::ticket::Status;
use service::tasks::{self, PlannerQuery, TaskQuery};
use service::templates::{self, Fields, NAME, NewTemplate};
use testing::{World, both_engines, error, field, forbidden, refused};
use uuid::Uuid;

async fn id_of(world: &World, name: &str) -> String {
    world.person(name).await.id.to_string()
}

fn planned(number: i64, user: &str, begin: &str, minutes: &str) -> AddTask {
    AddTask {
        ticket: number,
        content: "Change the disk".to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        planned_begin: begin.to_owned(),
        duration_minutes: if begin.is_empty() { String::new() } else { minutes.to_owned() },
        user: user.to_owned(),
        ..AddTask::default()
    }
}

async fn add(world: &World, form: AddTask) -> Uuid {
    tasks::add(&world.ctx("tech1").await, form).await.unwrap().id
}

async fn ids(world: &World, name: &str, part: &str) -> Vec<Uuid> {
    let page = tasks::mine(&world.ctx(name).await, part, "").await.unwrap();
    page.rows.iter().map(|row| row.task.entry.id).collect()
}

both_engines!(t_tsk_08_mine_of_my_groups_and_what_is_late, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let tech2 = id_of(&world, "tech2").await;
    let group = world.group("Crew", &["tech2"]).await.to_string();
    let later = add(&world, planned(number, &tech2, "2026-03-13T09:00", "60")).await;
    let unplanned = add(&world, planned(number, &tech2, "", "")).await;
    let late = add(&world, planned(number, &tech2, "2026-03-12T08:00", "60")).await;
    let of_group = add(&world, AddTask { group: group.clone(), ..planned(number, "", "", "") }).await;
    // With a person it is nobody else's.
    add(&world, AddTask { group, ..planned(number, &id_of(&world, "tech1").await, "", "") }).await;
    assert_eq!(ids(&world, "tech2", "mine").await, [late, later, unplanned], "by begin, then age");
    assert_eq!(ids(&world, "tech2", "groups").await, [of_group]);
    assert_eq!(ids(&world, "tech2", "overdue").await, [late]);
    let page = tasks::mine(&world.ctx("tech2").await, "mine", "").await.unwrap();
    assert_eq!(page.counts, [3, 1, 1]);
    assert_eq!(error(tasks::mine(&world.ctx("requester1").await, "mine", "").await), AppError::NotFound);
    let done = TaskPatch { state: Patch::Set("done".to_owned()), ..TaskPatch::default() };
    tasks::edit(&world.ctx("tech2").await, late, done).await.unwrap();
    assert_eq!(ids(&world, "tech2", "mine").await, [later, unplanned]);
    world.put_status(number, Status::Closed).await;
    assert!(ids(&world, "tech2", "mine").await.is_empty());
});

both_engines!(a_lst_03_tasks_are_filtered_and_read_page_by_page, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let tech2 = id_of(&world, "tech2").await;
    let first = add(&world, planned(number, &tech2, "2026-03-13T09:00", "60")).await;
    let second = add(&world, planned(number, "", "2026-03-14T09:00", "60")).await;
    let third = add(&world, planned(number, "", "", "")).await;
    let list = async |name: &str, query: TaskQuery| {
        let page = tasks::list(&world.ctx(name).await, query).await.unwrap();
        page.items.iter().map(|row| row.task.entry.id).collect::<Vec<Uuid>>()
    };
    let query = || TaskQuery::default();
    assert_eq!(list("tech1", query()).await, [first, second, third]);
    assert_eq!(list("tech2", TaskQuery { user: "me".to_owned(), ..query() }).await, [first]);
    assert_eq!(list("tech2", TaskQuery { user: "none".to_owned(), ..query() }).await, [second, third]);
    assert_eq!(list("tech1", TaskQuery { planned_to: "2026-03-13".to_owned(), ..query() }).await, [first]);
    let not = vec![("user".to_owned(), "none".to_owned())];
    assert_eq!(list("tech1", TaskQuery { not, ..query() }).await, [first]);
    let not = vec![("group".to_owned(), "my_groups".to_owned())];
    assert_eq!(list("tech1", TaskQuery { not, ..query() }).await, [first, second, third], "he is in no group");
    assert_eq!(
        list("tech1", TaskQuery { number, sort: "-registered_at".to_owned(), ..query() }).await,
        [third, second, first]
    );
    // Nobody learns of people or groups by filters from the requester side (A-LST-04).
    assert!(list("requester1", TaskQuery { number, user: tech2.clone(), ..query() }).await.is_empty());
    assert_eq!(list("requester1", TaskQuery { number, ..query() }).await, [first, second, third]);
    let ctx = world.ctx("tech1").await;
    let page = tasks::list(&ctx, TaskQuery { limit: 2, count: true, ..query() }).await.unwrap();
    assert_eq!(page.count.unwrap().value, 3);
    let next = TaskQuery { limit: 2, count: true, cursor: page.next_cursor.unwrap(), ..query() };
    let rest = tasks::list(&ctx, next).await.unwrap();
    assert_eq!(rest.items.iter().map(|row| row.task.entry.id).collect::<Vec<_>>(), [third]);
    assert_eq!(error(tasks::list(&world.ctx("requester1").await, query()).await), AppError::NotFound);
    let wrong = TaskQuery { state: "later".to_owned(), ..query() };
    assert_eq!(field(tasks::list(&ctx, wrong).await, "state"), Some(Code::Invalid));
});

both_engines!(p_hid_01_a_removed_task_is_found_by_no_filter_of_the_requester_side, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = add(&world, planned(number, "", "2026-03-13T09:00", "60")).await;
    let removal = RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() };
    tasks::remove(&world.ctx("tech1").await, removal).await.unwrap();
    let ctx = world.ctx("requester1").await;
    let whole = || TaskQuery { number, ..TaskQuery::default() };
    let page = tasks::list(&ctx, whole()).await.unwrap();
    assert!(page.items[0].task.entry.removed.is_some(), "its place is kept");
    for query in [
        TaskQuery { state: "todo".to_owned(), ..whole() },
        TaskQuery { not: vec![("state".to_owned(), "done".to_owned())], ..whole() },
        TaskQuery { overdue: "false".to_owned(), ..whole() },
        TaskQuery { planned_from: "2026-03-13".to_owned(), ..whole() },
        TaskQuery { sort: "planned_begin".to_owned(), ..whole() },
    ] {
        let page = tasks::list(&ctx, TaskQuery { count: true, ..query }).await.unwrap();
        assert_eq!((page.items.len(), page.count.unwrap().value), (0, 0));
    }
});

both_engines!(t_tsk_09_the_planner_shows_days_and_hides_what_is_not_to_be_read, |world: World| async move {
    let number = world.ticket().assignee("tech1").title("Printer").create().await;
    let tech2 = id_of(&world, "tech2").await;
    let open = add(&world, planned(number, &tech2, "2026-03-12T14:00", "90")).await;
    let hidden = AddTask { visibility: "private".to_owned(), ..planned(number, &tech2, "2026-03-12T15:00", "60") };
    let hidden = add(&world, hidden).await;
    let unplanned = add(&world, planned(number, &tech2, "", "")).await;
    let query = PlannerQuery { view: "day".to_owned(), person: tech2.clone(), ..PlannerQuery::default() };
    let page = tasks::planner(&world.ctx("tech1").await, &query).await.unwrap();
    let blocks = &page.columns[0].blocks;
    assert_eq!(blocks.iter().map(|block| block.id).collect::<Vec<_>>(), [Some(open), Some(hidden)]);
    assert_eq!((blocks[0].row, blocks[0].rows, blocks[0].conflict, blocks[0].movable), (28, 3, true, true));
    assert_eq!(page.unplanned.iter().map(|block| block.id).collect::<Vec<_>>(), [Some(unplanned)]);
    // Others' rows are changed with task.update-any only.
    let page = tasks::planner(&world.ctx("tech2").await, &PlannerQuery { person: String::new(), ..query.clone() })
        .await
        .unwrap();
    assert!(page.columns[0].blocks.iter().all(|block| block.id.is_some() && !block.movable));
    let blind = [domain::policy::Capability::TicketViewAll, domain::policy::Capability::TaskViewPublic];
    world.hire_with("blind", &blind).await;
    let page = tasks::planner(&world.ctx("blind").await, &query).await.unwrap();
    let busy = page.columns[0].blocks.iter().find(|block| block.id.is_none()).unwrap();
    assert!(busy.title.is_empty() && busy.text.is_empty() && busy.ticket.is_none() && busy.begin.is_some());
    assert_eq!(error(tasks::planner(&world.ctx("requester1").await, &query).await), AppError::NotFound);
    let unknown = PlannerQuery { person: id_of(&world, "requester1").await, ..query };
    assert_eq!(error(tasks::planner(&world.ctx("tech1").await, &unknown).await), AppError::NotFound);
});

both_engines!(t_tsk_09_moving_keeps_the_length_and_an_empty_begin_takes_the_plan_away, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = add(&world, planned(number, "", "2026-03-12T14:00", "90")).await;
    let form = |begin: &str| MoveTask { id: id.to_string(), planned_begin: begin.to_owned(), ..MoveTask::default() };
    let tech1 = world.ctx("tech1").await;
    tasks::move_to(&tech1, form("2026-03-13T08:00")).await.unwrap();
    let facts = tasks::get(&tech1, id).await.unwrap().facts;
    assert!(facts.planned_end.unwrap().as_str().starts_with("2026-03-13T09:30"));
    assert_eq!(forbidden(tasks::move_to(&world.ctx("tech2").await, form("2026-03-13T10:00")).await), "task.update-any");
    // Whether there is a task that he does not see is told by no answer.
    let hidden = AddTask { visibility: "private".to_owned(), ..planned(number, "", "", "") };
    let (hidden, requester1) = (add(&world, hidden).await, world.ctx("requester1").await);
    let told = async |id: Uuid, begin: &str| {
        error(tasks::move_to(&requester1, MoveTask { id: id.to_string(), ..form(begin) }).await)
    };
    for begin in ["soon", "2026-03-13T08:00"] {
        assert_eq!(told(hidden, begin).await, told(Uuid::nil(), begin).await, "{begin}");
    }
    tasks::move_to(&tech1, form("")).await.unwrap();
    assert_eq!(tasks::get(&tech1, id).await.unwrap().facts.planned_begin, None);
    assert_eq!(world.status(number).await, Status::Assigned);
    world.put_status(number, Status::Closed).await;
    assert_eq!(refused(tasks::move_to(&tech1, form("2026-03-13T08:00")).await), Code::TicketClosed);
});

/// The components of a calendar, read by the rules of RFC 5545: lines end with CRLF and are unfolded, each is a name with
/// parameters and a value, components are nested. Anything else fails.
fn events_of(calendar: &str) -> Vec<BTreeMap<String, String>> {
    assert!(calendar.ends_with("\r\n") && !calendar.replace("\r\n", "").contains(['\r', '\n']), "{calendar:?}");
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
    let unfolded = calendar.replace("\r\n ", "").replace("\r\n\t", "");
    let (mut open, mut out): (Vec<String>, Vec<BTreeMap<String, String>>) = (Vec::new(), Vec::new());
    for line in unfolded.trim_end().split("\r\n") {
        let (head, value) = line.split_once(':').unwrap_or_else(|| panic!("no content line: {line}"));
        let name = head.split(';').next().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{line}");
        match name {
            "BEGIN" => {
                open.push(value.to_owned());
                if value == "VEVENT" {
                    out.push(BTreeMap::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ if open.last().is_some_and(|last| last == "VEVENT") => {
                let text = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
                assert!(out.last_mut().unwrap().insert(name.to_owned(), text).is_none(), "twice: {line}");
            }
            _ => assert_eq!(open, ["VCALENDAR"]),
        }
    }
    assert!(open.is_empty());
    for event in &out {
        for required in ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"] {
            assert!(event.contains_key(required), "{required}");
        }
    }
    out
}

both_engines!(t_tsk_10_the_feed_shows_planned_tasks_to_whoever_knows_its_address, |world: World| async move {
    let number = world.ticket().assignee("tech1").title("Printer, again; \"third\" time").create().await;
    let tech2 = id_of(&world, "tech2").await;
    add(&world, planned(number, &tech2, "2026-03-13T09:00", "60")).await;
    add(&world, AddTask { visibility: "private".to_owned(), ..planned(number, &tech2, "2026-03-14T09:00", "60") })
        .await;
    for outside in ["2026-02-01T09:00", "2027-03-20T09:00"] {
        add(&world, planned(number, &tech2, outside, "60")).await;
    }
    add(&world, planned(number, &id_of(&world, "tech1").await, "2026-03-13T09:00", "60")).await;
    let ctx = world.ctx("tech2").await;
    let secret = |url: &str| url.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    let first = secret(&tasks::make_feed(&ctx).await.unwrap());
    let calendar = tasks::calendar(&ctx.services, &first).await.unwrap().unwrap();
    let events = events_of(&calendar);
    let summaries: Vec<&str> = events.iter().map(|event| event["SUMMARY"].as_str()).collect();
    assert_eq!(summaries, [format!("#{number} Printer, again; \"third\" time"), format!("#{number}")]);
    assert_eq!((events[0]["DTSTART"].as_str(), events[0]["DTEND"].as_str()), ("20260313T090000Z", "20260313T100000Z"));
    assert_eq!(tasks::calendar(&ctx.services, "guessed").await.unwrap(), None);
    // Replaced, revoked, its owner disabled: it leads nowhere.
    let second = secret(&tasks::make_feed(&ctx).await.unwrap());
    assert_eq!(tasks::calendar(&ctx.services, &first).await.unwrap(), None);
    assert!(tasks::calendar(&ctx.services, &second).await.unwrap().is_some());
    tasks::revoke_feed(&ctx).await.unwrap();
    assert_eq!(tasks::calendar(&ctx.services, &second).await.unwrap(), None);
    let third = secret(&tasks::make_feed(&ctx).await.unwrap());
    world.disable("tech2").await;
    assert_eq!(tasks::calendar(&ctx.services, &third).await.unwrap(), None);
});

both_engines!(t_tpl_01_a_task_template_begins_a_task_with_all_it_sets, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let user = id_of(&world, "tech1").await;
    let fields = Fields::from([
        (NAME, "Disk".to_owned()),
        ("texts.en", "Change the disk of #{{ ticket.number }}".to_owned()),
        ("state", "in_progress".to_owned()),
        ("estimated_minutes", "1h30".to_owned()),
        ("user", user.clone()),
        ("visibility", "private".to_owned()),
    ]);
    let new = NewTemplate { kind: TemplateKind::Task, entity: world.brasil.to_string(), fields, key: String::new() };
    let made = templates::create(&world.ctx("admin").await, new).await.unwrap();
    assert_eq!(made.row.sets.get("estimated_minutes").map(String::as_str), Some("90"));
    let tech1 = world.ctx("tech1").await;
    let mut page = tasks::page(&tech1, number, None).await.unwrap();
    assert!(page.choices.templates.iter().any(|choice| choice.value == made.row.id.to_string()));
    tasks::begin(&tech1, &mut page, made.row.id).await.unwrap();
    let begun = page.draft.unwrap();
    assert!(begun.text("content").contains(&format!("#{number}")));
    assert_eq!(
        (begun.text("state"), begun.text("user"), begun.text("visibility")),
        ("in_progress".to_owned(), user, "private".to_owned())
    );
    let form = AddTask { template: made.row.id.to_string(), ..planned(number, "", "", "") };
    let id = add(&world, form).await;
    let view = tasks::get(&tech1, id).await.unwrap();
    assert_eq!(view.entry.template.map(|template| template.name).as_deref(), Some("Disk"));
});
