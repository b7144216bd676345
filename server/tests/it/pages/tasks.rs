//! The pages of tasks: complete without scripts.

use domain::ticket::Status;
use serde_json::json;

use crate::support::{Desk, Story};

#[tokio::test]
async fn t_tsk_a_task_is_added_read_and_ticked_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let page = desk.get(&format!("/tickets/{number}/tasks/new"), "tech1").await.expect(200).text();
    for field in ["content", "planned_begin", "planned_end", "duration_minutes", "user", "group", "state", "visibility"]
    {
        assert!(page.contains(&format!("name=\"form[{field}]\"")), "{field}");
    }
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[content]", "Order a cable"),
        ("form[format]", "text"),
        ("form[visibility]", "public"),
        ("form[planned_begin]", "2026-03-13T09:00"),
        ("form[duration_minutes]", "1h"),
    ];
    let answer = desk.post_form("add_task", &format!("/tickets/{number}/tasks/new"), &fields, "tech1").await;
    assert_eq!(answer.status, 302);
    let place = answer.location().to_owned();
    let task = desk.get(&place, "tech1").await.expect(200).text();
    assert!(task.contains("Order a cable") && task.contains("10:00"), "{task}");
    let ticket = desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text();
    assert!(ticket.contains("entry-task") && ticket.contains("To do"), "the timeline says where it stands");
    let request = desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text();
    assert!(request.contains("Order a cable") && request.contains("To do"));
    assert!(!request.contains("/tasks/"), "requesters have no page of it");
    let id = place.rsplit('/').next().unwrap();
    let tick = [("form[id]", id), ("form[state]", "done"), ("form[back]", "/tasks")];
    let answer = desk.post_form("set_task", "/tasks", &tick, "tech1").await;
    assert_eq!((answer.status, answer.location()), (302, "/tasks".to_owned()));
    let task = desk.get(&place, "tech1").await.text();
    assert!(task.contains("data-state=\"done\""), "{task}");
}

#[tokio::test]
async fn t_tsk_a_refused_task_comes_back_as_it_was_typed() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[content]", "Order a cable"),
        ("form[format]", "text"),
        ("form[planned_end]", "2026-03-13T09:00"),
    ];
    assert_eq!(desk.post_form("add_task", &format!("/tickets/{number}/tasks/new"), &fields, "tech1").await.status, 302);
    let page = desk.get(&format!("/tickets/{number}/tasks/new"), "tech1").await.expect(200).text();
    assert!(page.contains("Order a cable") && page.contains("value=\"2026-03-13T09:00\""), "{page}");
}

#[tokio::test]
async fn t_tsk_08_my_tasks_and_the_planner_show_what_is_mine() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let me = desk.api("GET", "/me", "tech1", None).await.json()["id"].clone();
    let body = json!({
        "content": "Order a cable", "format": "text", "visibility": "private", "user": me,
        "planned_begin": "2026-03-12T15:00:00-03:00", "duration_minutes": 60,
    });
    desk.api("POST", &format!("/tickets/{}/tasks", story.number), "tech1", Some(body)).await.expect(201);
    let mine = desk.get("/tasks", "tech1").await.expect(200).text();
    assert!(mine.contains("Order a cable") && mine.contains("VPN drops"), "{mine}");
    for view in ["week", "day", "list"] {
        let page = desk.get(&format!("/planner?view={view}"), "tech1").await.expect(200).text();
        assert!(page.contains("VPN drops") && page.contains("data-movable"), "{view}");
    }
    assert!(!desk.get("/tasks", "tech2").await.expect(200).text().contains("Order a cable"));
}

#[tokio::test]
async fn t_tsk_09_tasks_of_the_same_time_share_the_width_of_their_day() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let me = desk.api("GET", "/me", "tech1", None).await.json()["id"].clone();
    for hour in ["14:00", "14:30", "16:00"] {
        let body = json!({
            "content": "Order a cable", "format": "text", "visibility": "private", "user": me,
            "planned_begin": format!("2026-03-12T{hour}:00-03:00"), "duration_minutes": 60,
        });
        desk.api("POST", &format!("/tickets/{}/tasks", story.number), "tech1", Some(body)).await.expect(201);
    }
    let page = desk.get("/planner?view=day", "tech1").await.expect(200).text();
    for place in ["--lane:0;--lanes:2", "--lane:1;--lanes:2", "--lane:0;--lanes:1", "--widest:2"] {
        assert_eq!(page.matches(place).count(), 1, "{place}: {page}");
    }
    // A list has no lanes.
    assert!(!desk.get("/planner?view=list", "tech1").await.expect(200).text().contains("--lane:"));
}

#[tokio::test]
async fn t_tsk_10_the_address_of_a_feed_is_shown_once() {
    let desk = Desk::new().await;
    let answer = desk.post_form("make_feed", "/tasks", &[], "tech1").await;
    assert_eq!((answer.status, answer.location()), (302, "/tasks?feed=made#feed".to_owned()));
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("guichet_once=feed=") && cookie.contains("Path=/tasks"), "{cookie}");
    let page = desk.get("/tasks", "tech1").await.expect(200).text();
    assert!(!page.contains("/ical/"), "no page holds the address but the one after it was made");
    assert!(page.contains("revoke_feed"), "it can be taken back");
}

#[tokio::test]
async fn t_tsk_05_a_task_and_its_ticket_are_paused_and_resumed_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let (place, id) = (format!("/tickets/{}/tasks/{}", story.number, story.public_task), story.public_task.to_string());
    let page = desk.get(&place, "tech1").await.expect(200).text();
    assert!(page.contains("pause_task") && page.contains("name=\"form[ticket]\""), "{page}");
    let pause = [
        ("form[id]", id.as_str()),
        ("form[back]", place.as_str()),
        ("form[task]", "true"),
        ("form[ticket]", "true"),
        ("form[text]", "The cable is on its way"),
    ];
    let answer = desk.post_form("pause_task", &place, &pause, "tech1").await.expect(302);
    assert_eq!(answer.location(), place);
    assert!(desk.get(&place, "tech1").await.expect(200).text().contains("data-state=\"on_hold\""));
    assert_eq!(desk.world.status(story.number).await, Status::Pending);
    let resume = [&pause[..4], &[("form[resume]", "true")]].concat();
    desk.post_form("pause_task", &place, &resume, "tech1").await.expect(302);
    assert!(desk.get(&place, "tech1").await.expect(200).text().contains("data-state=\"in_progress\""));
    assert_eq!(desk.world.status(story.number).await, Status::Assigned);
}

#[tokio::test]
async fn t_tsk_01_the_form_of_a_task_has_every_field() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let page = desk.get(&format!("/tickets/{number}/tasks/new"), "tech1").await.expect(200).text();
    for field in ["category", "estimated_minutes", "actual_minutes", "reminder_minutes", "attachments"] {
        assert!(page.contains(&format!("form[{field}]")), "{field}");
    }
    assert!(page.contains("value=\"private\"") && page.contains("value=\"on_hold\""), "{page}");
}
