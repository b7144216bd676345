//! Requests for validation and their answers in the timeline (T-TIM-01): where they stand, for whom, and for whom not.

use domain::forms::{AnswerValidation, AskValidation};
use domain::occurrence::BodyFormat;
use domain::views::{Entry, TimelineQuery};
use service::{requests, tickets, validations};
use testing::{World, both_engines, upload};
use uuid::Uuid;

use crate::canary::{WORDS, answers, assert_same, lived_in};

async fn ask(world: &World, number: i64, names: &[&str], comment: &str) -> Uuid {
    let mut targets = Vec::new();
    for name in names {
        targets.push(world.user(name).await);
    }
    let comment = comment.to_owned();
    let form = AskValidation {
        ticket: number,
        comment,
        format: BodyFormat::Text,
        targets,
        required_percent: "100".into(),
        ..AskValidation::default()
    };
    validations::ask(&world.ctx("tech1").await, form).await.expect("tech1 may ask")
}

async fn answer(world: &World, who: &str, id: Uuid, word: &str, comment: &str) {
    let form = AnswerValidation {
        id: id.to_string(),
        answer: word.to_owned(),
        comment: comment.to_owned(),
        ..AnswerValidation::default()
    };
    validations::answer(&world.ctx(who).await, form, None).await.unwrap_or_else(|e| panic!("{who} may answer: {e:?}"));
}

fn of(kinds: &str) -> TimelineQuery {
    TimelineQuery { kinds: kinds.to_owned(), order: "asc".to_owned(), ..TimelineQuery::default() }
}

/// Kind and text of the entries somebody is shown.
async fn shown(world: &World, who: &str, number: i64, query: TimelineQuery) -> Vec<(&'static str, String)> {
    let timeline = tickets::timeline(&world.ctx(who).await, number, query).await.unwrap();
    let said = |entry: &Entry| match entry {
        Entry::Validation(one) => Some((one.kind(), one.body_text.clone())),
        Entry::Occurrence(one) => Some(("occurrence", one.body_text.clone())),
        Entry::Event(one) => Some(("event", one.kind.clone())),
        _ => None,
    };
    timeline.entries.iter().filter_map(said).collect()
}

both_engines!(t_tim_01_requests_and_answers_of_validations_are_entries, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "We found a dealer.").await;
    world.advance(60);
    let id = ask(&world, number, &["supervisor", "requester2"], "May we buy it?").await;
    world.advance(60);
    answer(&world, "supervisor", id, "granted", "Gladly.").await;
    world.advance(60);
    world.occurrence("tech1", number, "private", "Half of them agree.").await;
    world.advance(60);
    answer(&world, "requester2", id, "refused", "Too dear.").await;

    let all = shown(&world, "tech1", number, of("")).await;
    let expected = [
        ("occurrence", "We found a dealer."),
        ("validation_request", "May we buy it?"),
        ("validation_answer", "Gladly."),
        ("occurrence", "Half of them agree."),
        ("validation_answer", "Too dear."),
    ];
    let plain: Vec<(&str, &str)> = all.iter().map(|(kind, text)| (*kind, text.trim())).collect();
    assert_eq!(plain, expected);
    assert_eq!(shown(&world, "tech1", number, of("validation_request")).await.len(), 1);
    assert_eq!(shown(&world, "tech1", number, of("validation_answer")).await.len(), 2);
    assert_eq!(shown(&world, "tech1", number, of("validation_request,validation_answer")).await.len(), 3);
    // The entry tells it; the event would only repeat it.
    let events = shown(&world, "tech1", number, of("event")).await;
    assert!(events.iter().all(|(_, kind)| !kind.starts_with("validation_")), "{events:?}");

    // His own: what he asked, what he answered.
    let mine = |who: &'static str| shown_kinds(&world, who, number, TimelineQuery { mine: true, ..of("") });
    assert_eq!(mine("tech1").await, ["occurrence", "validation_request", "occurrence"]);
    assert_eq!(mine("supervisor").await, ["validation_answer"]);
    // None is public, and the search is over other entries (T-OCC-24).
    let public = TimelineQuery { public_only: true, ..of("") };
    assert_eq!(shown_kinds(&world, "tech1", number, public).await, ["occurrence"]);
    let find = TimelineQuery { find: "dear".to_owned(), ..of("") };
    assert!(shown(&world, "tech1", number, find).await.is_empty());
    // What was withdrawn or asked again stays where it was said.
    let tech1 = world.ctx("tech1").await;
    world.advance(60);
    let again = domain::forms::ChangeValidation { id: id.to_string(), ticket: number, ..Default::default() };
    validations::ask_again(&tech1, again).await.unwrap();
    assert_eq!(shown(&world, "tech1", number, of("validation_request")).await.len(), 2);
    world.assert_sound().await;
});

async fn shown_kinds(world: &World, who: &str, number: i64, query: TimelineQuery) -> Vec<&'static str> {
    shown(world, who, number, query).await.into_iter().map(|(kind, _)| kind).collect()
}

both_engines!(t_tim_04_validations_are_paged_both_ways_and_led_to, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    for turn in 0..4 {
        world.occurrence("tech1", number, "public", &format!("Entry {turn}")).await;
        let id = ask(&world, number, &["supervisor"], &format!("Request {turn}")).await;
        // Some at the same second as their request, some later.
        world.advance(turn * 30);
        answer(&world, "supervisor", id, "granted", &format!("Answer {turn}")).await;
    }
    let whole = shown(&world, "tech1", number, of("")).await;
    assert_eq!(whole.len(), 12);
    let tech1 = world.ctx("tech1").await;
    for order in ["asc", "desc"] {
        let page = |cursor: String, limit: u32| {
            let query = TimelineQuery { cursor, limit, order: order.to_owned(), ..TimelineQuery::default() };
            tickets::timeline(&tech1, number, query)
        };
        let all = page(String::new(), 100).await.unwrap().entries;
        let (mut found, mut cursor, mut back) = (Vec::new(), String::new(), None);
        loop {
            let next = page(cursor, 5).await.unwrap();
            found.extend(next.entries);
            back = next.previous_cursor.or(back);
            match next.next_cursor {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(found, all, "{order}");
        let before = page(back.unwrap(), 5).await.unwrap().entries;
        assert_eq!(before, all[5..10], "{order}");
    }
    // A link to one of them leads there, for those who may see it.
    let entries = tickets::timeline(&tech1, number, of("validation_answer")).await.unwrap().entries;
    let Some(Entry::Validation(last)) = entries.last() else { panic!("{entries:?}") };
    let around = TimelineQuery { around: format!("validation_answer-{}", last.id), ..of("") };
    let led = tickets::timeline(&tech1, number, around.clone()).await.unwrap();
    assert!(led.entries.iter().any(|one| matches!(one, Entry::Validation(one) if one.id == last.id)), "{led:?}");
    assert!(led.previous_cursor.is_some(), "{led:?}");
    let requester1 = world.ctx("requester1").await;
    let plain = tickets::timeline(&requester1, number, of("")).await.unwrap().entries;
    assert_eq!(tickets::timeline(&requester1, number, around).await.unwrap().entries, plain, "no hint");
    world.assert_sound().await;
});

both_engines!(t_vis_05_no_answer_to_a_requester_changes_by_a_validation, |world: World| async move {
    let number = lived_in(&world).await;
    let requester1 = world.ctx("requester1").await;
    let before = answers(&requester1, number).await;
    world.advance(600);
    let id = ask(&world, number, &["supervisor", "requester2"], WORDS).await;
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "somebody was asked");
    answer(&world, "supervisor", id, "refused", WORDS).await;
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "he answered");
    let seen = answers(&world.ctx("tech2").await, number).await;
    let lives = |of: &str| seen.iter().any(|(name, value)| *name == of && value.to_string().contains("zebra"));
    assert!(lives("timeline of validations"), "the canary lives");

    // Who is asked and is no agent reads his request on its own page, not among the entries; nor does the portal show it an agent.
    let requester2 = world.ctx("requester2").await;
    for query in [of(""), of("validation_request,validation_answer")] {
        let timeline = tickets::timeline(&requester2, number, query).await.unwrap();
        assert!(!serde_json::to_string(&timeline).unwrap().contains("zebra"), "{timeline:?}");
    }
    let approval = validations::approval(&requester2, id, "").await.unwrap();
    assert!(approval.timeline.entries.iter().all(|one| !matches!(one, Entry::Validation(_))), "{approval:?}");
    let own = world.ticket().requester("tech1").assignee("tech2").create().await;
    ask(&world, own, &["supervisor"], WORDS).await;
    let portal = requests::detail(&world.ctx("tech1").await, own, TimelineQuery::default()).await.unwrap();
    assert!(!serde_json::to_string(&portal.timeline).unwrap().contains("zebra"), "{portal:?}");
    let printed = tickets::print(&world.ctx("tech1").await, number, of(""), false).await.unwrap();
    assert!(!serde_json::to_string(&printed).unwrap().contains("zebra"), "what is printed may be given away");
    let printed = tickets::print(&world.ctx("tech1").await, number, of(""), true).await.unwrap();
    assert!(serde_json::to_string(&printed).unwrap().contains("zebra"));
    world.assert_sound().await;
});

both_engines!(t_tim_03_validations_with_files_are_found_by_them, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let tech1 = world.ctx("tech1").await;
    let offer = upload(&tech1, "offer.txt", b"100").await.unwrap().id;
    let form = AskValidation {
        ticket: number,
        targets: vec![world.user("supervisor").await],
        attachments: vec![offer.to_string()],
        ..AskValidation::default()
    };
    validations::ask(&tech1, form).await.unwrap();
    ask(&world, number, &["supervisor"], "Another one?").await;
    let timeline = tickets::timeline(&tech1, number, TimelineQuery { with_attachments: true, ..of("") }).await.unwrap();
    let [Entry::Validation(one)] = timeline.entries.as_slice() else { panic!("{timeline:?}") };
    assert_eq!((one.attachments.len(), one.kind(), one.body_text.as_str()), (1, "validation_request", ""));
    world.assert_sound().await;
});
