//! Mails that ask for something, and mails of tasks and validations: letters of their own to the requesters, and no second mail that
//! says the same (M-OUT-05, M-OUT-06, M-RCP-01, M-RCP-03, M-RCP-05).

use domain::forms::{AddSolution, AddTask, AskValidation, ChangeValidation, Command};
use domain::notification::Event;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::NotificationPreference;
use service::{notifications, solutions, tasks, validations};
use testing::{Received, Sink, Sql, World, both_engines};
use uuid::Uuid;

use crate::mail::{relay, talking};

async fn solve(world: &World, number: i64) -> Uuid {
    let form =
        AddSolution { ticket: number, body: "Glued.".into(), format: BodyFormat::Text, ..AddSolution::default() };
    solutions::add(&world.ctx("tech1").await, form).await.unwrap()
}

/// What somebody wants by mail of one event.
async fn want(world: &World, name: &str, event: Event, mail: bool) {
    let wanted = vec![NotificationPreference { event, app: true, mail }];
    notifications::save_preferences(&world.ctx(name).await, wanted).await.unwrap();
}

/// Mails to somebody since the first `before` ones, the oldest first.
async fn to(world: &World, sink: &Sink, name: &str, before: usize) -> Vec<Received> {
    let address = world.person(name).await.email;
    sink.mails().into_iter().skip(before).filter(|mail| mail.to == [address.clone()]).collect()
}

both_engines!(m_out_06_solved_is_one_letter_with_links_and_a_notice_to_observers, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    relay(&world.services).await;
    let before = sink.mails().len();
    solve(&world, number).await;
    relay(&world.services).await;
    let letters = to(&world, &sink, "requester1", before).await;
    assert_eq!(letters.len(), 1, "one mail says all");
    let text = letters[0].text();
    assert!(text.contains("/solution?token=") && text.contains("/profile/notifications#event-solved"), "{text}");
    let notices = to(&world, &sink, "requester2", before).await;
    assert_eq!(notices.len(), 1);
    let text = notices[0].text();
    assert!(text.contains("tech1 solved") && !text.contains("/solution?"), "observers answer nothing: {text}");
    world.assert_sound().await;
});

both_engines!(m_rcp_05_a_group_that_insists_on_the_end_has_the_letter_sent, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    want(&world, "requester1", Event::Solved, false).await;
    let free = world.ticket().assignee("tech1").create().await;
    let bound = world.ticket().assignee("tech1").assigned_group(world.network).create().await;
    let mut sql = Sql::new("INSERT INTO app_group_mail (group_id, event) VALUES (");
    world.run(sql.bind(world.network).push(", 'closing')")).await;
    relay(&world.services).await;
    let before = sink.mails().len();
    solve(&world, free).await;
    solve(&world, bound).await;
    relay(&world.services).await;
    let letters = to(&world, &sink, "requester1", before).await;
    assert_eq!(letters.len(), 1, "of the ticket of the group only");
    let text = letters[0].text();
    assert!(text.contains(&format!("#{bound}")) && !text.contains("/profile/notifications"), "{text}");
});

both_engines!(t_srv_01_the_letter_of_the_survey_says_closed_too, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    world.set(Key::SurveyEnabled, world.root, "true").await;
    let number = world.ticket().observer("requester2").create().await;
    relay(&world.services).await;
    let before = sink.mails().len();
    world.put_status(number, Status::Solved).await;
    world.command("supervisor", number, Command::Close).await.unwrap();
    relay(&world.services).await;
    let letters = to(&world, &sink, "requester1", before).await;
    assert_eq!(letters.len(), 1, "no notice besides");
    assert!(letters[0].text().contains("/survey?token="), "{}", letters[0].text());
    let notices = to(&world, &sink, "requester2", before).await;
    assert!(notices.len() == 1 && notices[0].text().contains("closed"), "observers are asked for no opinion");

    // Who wants no surveys by mail is told all the same that it is closed.
    want(&world, "requester1", Event::Survey, false).await;
    let number = world.ticket().create().await;
    relay(&world.services).await;
    let before = sink.mails().len();
    world.put_status(number, Status::Solved).await;
    world.command("supervisor", number, Command::Close).await.unwrap();
    relay(&world.services).await;
    let told = to(&world, &sink, "requester1", before).await;
    assert!(told.len() == 1 && told[0].text().contains("closed") && !told[0].text().contains("/survey?"));
});

both_engines!(m_out_08_who_is_asked_for_a_validation_gets_the_way_to_it, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let number = world.ticket().assignee("tech1").create().await;
    relay(&world.services).await;
    let before = sink.mails().len();
    let ask = async || {
        let form = AskValidation {
            ticket: number,
            comment: "Canaryquestion".into(),
            format: BodyFormat::Text,
            targets: vec![world.user("supervisor").await],
            ..AskValidation::default()
        };
        validations::ask(&world.ctx("tech1").await, form).await.unwrap()
    };
    let id = ask().await;
    relay(&world.services).await;
    let asked = to(&world, &sink, "supervisor", before).await;
    assert_eq!(asked.len(), 1);
    let text = asked[0].text();
    assert!(text.contains(&format!("http://127.0.0.1:3000/approvals/{id}\n")), "{text}");
    assert!(text.contains("tech1 asks you for validation") && !text.contains("Canary"), "{text}");
    assert!(asked[0].header("List-Unsubscribe").is_some());

    // What is withdrawn before it leaves is asked for no more.
    let again = ask().await;
    let change = ChangeValidation { id: again.to_string(), ticket: number, ..ChangeValidation::default() };
    validations::withdraw(&world.ctx("tech1").await, change).await.unwrap();
    relay(&world.services).await;
    assert_eq!(to(&world, &sink, "supervisor", before).await.len(), 1);
    assert_eq!(world.count("outbox WHERE answer = 'withdrawn'").await, 1);
    world.assert_sound().await;
});

both_engines!(m_rcp_03_a_private_task_is_mailed_to_who_does_it_and_says_nothing_of_it, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    want(&world, "tech2", Event::TaskGiven, true).await;
    let number = world.ticket().assignee("tech1").create().await;
    relay(&world.services).await;
    let before = sink.mails().len();
    let form = AddTask {
        ticket: number,
        content: "Canarytask".into(),
        format: BodyFormat::Text,
        visibility: "private".into(),
        user: world.person("tech2").await.id.to_string(),
        ..AddTask::default()
    };
    let id = tasks::add(&world.ctx("tech1").await, form).await.unwrap().id;
    relay(&world.services).await;
    let told = to(&world, &sink, "tech2", before).await;
    assert_eq!(told.len(), 1);
    let text = told[0].text();
    assert!(text.contains(&format!("http://127.0.0.1:3000/tickets/{number}#task-{id}\n")), "{text}");
    assert!(text.contains("tech1 gave you a task") && !text.contains("Canary"), "{text}");
    let private = "ticket_event WHERE kind IN ('mail_queued', 'mail_sent') AND entry_private = TRUE";
    assert_eq!(world.count(private).await, 2, "as private as the task (M-DLV-06)");
    world.assert_sound().await;
});
