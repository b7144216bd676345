//! A ticket worked to its end: reply by template, a planned task with its reminder, a pause, a solution from the knowledge base
//! that is refused, a second one approved by the link of its mail, the survey. What is asserted at last are the durations, to the
//! second, by the wall and by the calendar (T-CLK-01, 02, 08, T-STT-01).

use std::collections::BTreeMap;

use domain::clock::{Figure, Phase};
use domain::forms::{
    AddOccurrence, AddSolution, AddTask, AnswerByLink, AnswerSolution, AnswerSurvey, Command, ListRowPatch, Patch,
    PauseTask, TaskPatch,
};
use domain::lang::Lang;
use domain::lists::List;
use domain::notification::Event;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::solution::SolutionState;
use domain::template::{TemplateKind, text_field};
use domain::ticket::Status;
use domain::views::SolutionLinkView;
use service::knowledge::{self, AUDIENCE, BODY, NewArticle, STATUS, TITLE};
use service::notifications::NotificationQuery;
use service::settings::{self, NewSettings};
use service::tasks::PlannerQuery;
use service::templates::{self, NAME, NewTemplate};
use service::{clocks, drafts, jobs, lists, notifications, occurrences, solutions, statistics, surveys, tasks};
use testing::{NOW, Sink, World, both_engines, note};
use uuid::Uuid;

use crate::mail::{relay, talking};

const DAY: i64 = 86_400;

/// Monday to Friday from nine to six, in Brasil, which is three hours behind UTC.
async fn office_hours(world: &World) {
    let patch = ListRowPatch {
        names: BTreeMap::from([(Lang::En, Patch::Set("Office".to_owned()))]),
        week: Patch::Set(vec!["09:00-18:00".to_owned(); 5]),
        ..ListRowPatch::default()
    };
    let supervisor = world.ctx("supervisor").await;
    let id = lists::create(&supervisor, List::Calendars, &world.root.to_string(), patch, "").await.unwrap();
    let values = BTreeMap::from([(Key::WorkingCalendar.as_str().to_owned(), Some(id.to_string()))]);
    let new = NewSettings { values, ..NewSettings::default() };
    settings::save(&world.ctx("admin").await, &world.root.to_string(), new).await.unwrap();
}

async fn reply_template(world: &World) -> Uuid {
    let fields = [(NAME, "Received"), (text_field(Lang::En), "We look at {{ ticket.title }}.")];
    let fields = fields.into_iter().map(|(field, text)| (field, text.to_owned())).collect();
    let new = NewTemplate { kind: TemplateKind::Reply, entity: world.root.to_string(), fields, key: String::new() };
    templates::create(&world.ctx("admin").await, new).await.unwrap().row.id
}

async fn article(world: &World) -> Uuid {
    let values =
        [(TITLE, "VPN drops"), (BODY, "Choose the nearest gateway."), (AUDIENCE, "public"), (STATUS, "published")];
    let values = values.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    let new = NewArticle { values, format: BodyFormat::Text, ..NewArticle::default() };
    knowledge::create(&world.ctx("tech1").await, new).await.unwrap()
}

/// The clock stands so many seconds after the opening.
fn at(world: &World, seconds: i64) {
    world.advance(NOW + seconds - world.now());
}

/// The secret of the newest link that answers a solution.
fn secret(sink: &Sink) -> String {
    let mails = sink.mails();
    let links = mails.iter().rev().filter_map(|mail| {
        let text = mail.text();
        let (_, rest) = text.split_once("/solution?token=")?;
        rest.split('&').next().map(str::to_owned)
    });
    links.into_iter().next().expect("a mail with a link")
}

async fn told(world: &World, name: &str, event: Event) -> usize {
    let page = notifications::list(&world.ctx(name).await, NotificationQuery::default()).await.unwrap();
    page.items.iter().filter(|one| one.event == event).count()
}

/// Seconds by the wall and by the calendar of a figure that grows no more.
#[track_caller]
fn ended(figure: Figure) -> (i64, i64) {
    assert!(!figure.running, "{figure:?}");
    (figure.elapsed, figure.working)
}

both_engines!(t_clk_08_a_ticket_is_worked_to_its_end_and_its_durations_are_true, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    office_hours(&world).await;
    world.set(Key::SurveyEnabled, world.root, "true").await;
    let (template, article) = (reply_template(&world).await, article(&world).await);
    let (tech1, tech2) = (world.ctx("tech1").await, world.person("tech2").await.id.to_string());

    // Thursday 10:00:00 in Brasil.
    let number = world.ticket().title("VPN drops").create().await;

    // Thursday 10:10:07.
    at(&world, 607);
    world.command("tech1", number, Command::Take).await.unwrap();

    at(&world, 1_200);
    let typed = AddOccurrence { minutes: "25".into(), visibility: "public".into(), ..note(number, "Hello.") };
    templates::insert(&tech1, &typed, &template.to_string()).await.unwrap();
    let draft = drafts::find(&tech1, "occurrence", &number.to_string()).await.unwrap().unwrap();
    assert_eq!(draft.text("body"), "Hello.\n\nWe look at VPN drops.");
    let sent = AddOccurrence { body: draft.text("body"), template: draft.text("template"), ..typed };
    occurrences::add(&tech1, sent).await.unwrap();

    // Thursday 10:30: planned for Friday from ten to eleven, to be reminded of an hour before. Forms are read in UTC here.
    at(&world, 1_800);
    let task = AddTask {
        ticket: number,
        content: "Change the gateway".to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        planned_begin: "2026-03-13T13:00".to_owned(),
        duration_minutes: "1h".to_owned(),
        reminder_minutes: "60".to_owned(),
        user: tech2,
        ..AddTask::default()
    };
    let task = tasks::add(&tech1, task).await.unwrap().id;
    assert_eq!(world.status(number).await, Status::Planned);
    let doer = world.ctx("tech2").await;
    let friday = PlannerQuery { view: "day".into(), date: "2026-03-13".into(), ..PlannerQuery::default() };
    let planner = tasks::planner(&doer, &friday).await.unwrap();
    let blocks: Vec<Option<Uuid>> =
        planner.columns.iter().flat_map(|column| &column.blocks).map(|block| block.id).collect();
    assert_eq!(blocks, [Some(task)]);
    let feed = tasks::make_feed(&doer).await.unwrap();
    let feed = feed.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    let calendar = tasks::calendar(&world.services, &feed).await.unwrap().unwrap();
    for line in ["DTSTART:20260313T130000Z", "DTEND:20260313T140000Z", &format!("SUMMARY:#{number} VPN drops")] {
        assert!(calendar.contains(&format!("{line}\r\n")), "{line} in {calendar}");
    }

    // Thursday 16:30:20 to Friday 09:30:00: the task and its ticket wait.
    at(&world, 23_420);
    let pause = PauseTask { id: task.to_string(), task: true, ticket: true, ..PauseTask::default() };
    tasks::pause(&tech1, PauseTask { text: "The provider looks.".into(), ..pause.clone() }).await.unwrap();
    assert_eq!(world.status(number).await, Status::Pending);
    at(&world, 82_799);
    assert_eq!(jobs::remind_tasks(&world.services).await.unwrap(), 0, "a second too early");
    at(&world, 82_800);
    jobs::remind_tasks(&world.services).await.unwrap();
    jobs::remind_tasks(&world.services).await.unwrap();
    assert_eq!(told(&world, "tech2", Event::TaskReminder).await, 1, "T-TSK-07");
    at(&world, 84_600);
    tasks::pause(&tech1, PauseTask { resume: true, ..pause }).await.unwrap();
    assert_eq!(world.status(number).await, Status::Planned);

    // Friday 11:00:00: done.
    at(&world, 90_000);
    let set = |text: &str| Patch::Set(text.to_owned());
    let done = TaskPatch { state: set("done"), actual_minutes: set("45"), ..TaskPatch::default() };
    tasks::edit(&doer, task, done).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);

    // Friday 11:15:30: a solution from the knowledge base.
    at(&world, 90_930);
    let form = AddSolution { ticket: number, format: BodyFormat::Text, ..AddSolution::default() };
    let begun = AddSolution { body: "As the article says:".into(), ..form.clone() };
    assert!(!solutions::insert_article(&tech1, &begun, &article.to_string()).await.unwrap(), "it is for everybody");
    let draft = drafts::find(&tech1, solutions::KIND, &number.to_string()).await.unwrap().unwrap();
    assert!(draft.text("body").starts_with("As the article says:"), "{draft:?}");
    assert!(draft.text("body").contains("Choose the nearest gateway."), "{draft:?}");
    let from_article = AddSolution { body: draft.text("body"), article: draft.text("article"), ..form.clone() };
    let first = solutions::add(&tech1, from_article).await.unwrap();
    let linked = knowledge::of_ticket(&tech1, number, "", "").await.unwrap();
    assert_eq!(linked.linked.iter().map(|row| row.id).collect::<Vec<_>>(), [article], "T-SOL-03");

    // Friday 14:00:00: refused, with a reason that everybody reads.
    at(&world, 100_800);
    let no = AnswerSolution {
        ticket: number,
        answer: "refuse".into(),
        text: "It drops again.".into(),
        ..AnswerSolution::default()
    };
    solutions::answer(&world.ctx("requester1").await, no).await.unwrap();
    let view = solutions::get(&tech1, first).await.unwrap();
    assert_eq!((view.state, view.comment.as_str()), (SolutionState::Refused, "It drops again."));

    // Friday 19:00:00, after hours: a second one, approved on Monday at 09:20:10 by the link of its mail.
    at(&world, 118_800);
    solutions::add(&tech1, AddSolution { body: "The gateway was replaced.".into(), ..form }).await.unwrap();
    relay(&world.services).await;
    let token = secret(&sink);
    at(&world, 343_210);
    assert!(matches!(solutions::open(&world.services, &token).await.unwrap(), SolutionLinkView::Open(_)));
    let yes = AnswerByLink { token, answer: "approve".into(), text: String::new() };
    solutions::act(&world.services, yes).await.unwrap();
    assert_eq!(world.status(number).await, Status::Closed);

    // A day later: the survey, and the figures grow no more.
    at(&world, 343_210 + DAY);
    let five =
        AnswerSurvey { ticket: number, score: "5".into(), comment: "Patient.".into(), ..AnswerSurvey::default() };
    surveys::answer(&world.ctx("requester1").await, five).await.unwrap();
    let survey = surveys::get(&tech1, number).await.unwrap();
    assert_eq!((survey.score, survey.comment.as_str()), (Some(5), "Patient."));

    let figures = clocks::figures(&tech1, number).await.unwrap();
    assert_eq!(ended(figures.taken), (607, 607));
    assert_eq!(ended(figures.assigned), (607, 607));
    // By the calendar an hour and a half of Thursday, less twenty seconds, and half an hour of Friday.
    assert_eq!(ended(figures.pending), (61_180, 5_380 + 1_800));
    // Friday 11:15:30 to 14:00:00; then Friday 19:00:00 to Monday 09:20:10, of which twenty minutes are working time.
    assert_eq!(ended(figures.awaiting), (9_870 + 224_410, 9_870 + 1_210));
    // Up to Friday 19:00:00: eight hours of Thursday and nine of Friday, less what was pending or awaiting.
    assert_eq!(ended(figures.solving), (118_800 - 61_180 - 9_870, 28_800 + 32_400 - 7_180 - 9_870));
    assert_eq!(ended(figures.closing), (343_210 - 61_180, 28_800 + 32_400 + 1_210 - 7_180));

    let shown = statistics::of_ticket(&tech1, number).await.unwrap();
    let minutes = [shown.taken, shown.pending, shown.awaiting, shown.solving, shown.closing];
    assert_eq!(minutes.map(|figure| figure.elapsed_minutes), [10, 1_019, 3_904, 795, 4_700]);
    assert_eq!(minutes.map(|figure| figure.working_minutes), [10, 119, 184, 735, 920]);
    assert_eq!((shown.worked.0, shown.reopen_count), (70, 1));
    let spent: Vec<(&str, i32)> = shown.time_by_person.iter().map(|one| (one.kind.as_str(), one.minutes.0)).collect();
    assert_eq!(spent, [("task", 45), ("occurrence", 25)], "T-TSK-11");
    let phase = |wanted: Phase| shown.phases.iter().find(|(known, _)| *known == wanted).map(|(_, spent)| *spent);
    // Working: all that was neither pending nor awaiting, up to the closing.
    let working = (343_210 - 61_180 - 9_870 - 224_410) / 60;
    assert_eq!([Phase::Working, Phase::Pending, Phase::Awaiting].map(phase), [Some(working), Some(1_019), Some(3_904)]);
    let lived: Vec<(Status, i64)> = shown.intervals.iter().map(|one| (one.status, one.minutes)).collect();
    use Status::{Assigned, Closed, New, Pending, Planned, Solved};
    assert_eq!(
        lived,
        [
            (New, 10),
            (Assigned, 19),
            (Planned, 360),
            (Pending, 1_019),
            (Planned, 90),
            (Assigned, 15),
            (Solved, 164),
            (Assigned, 300),
            (Solved, 3_740),
            (Closed, 1_440),
        ]
    );
    world.assert_sound().await;
});
