//! The canary (T-VIS-03, T-VIS-04, T-OCC-27, P-GEN-02, P-HID-02): whatever happens to a private entry, every answer a requester gets stays the
//! same to the letter. Compared as JSON, after the clock moved, so that dates cannot tell either.

use domain::error::AppError;
use domain::forms::{AddOccurrence, AddTask, OccurrencePatch, Patch, RemoveOccurrence, TaskPatch};
use domain::occurrence::BodyFormat;
use domain::views::{ArticleQuery, DashboardQuery, HistoryRow, ListQuery, TimelineQuery};
use serde_json::{Value, json};
use service::chat::{self, ChatQuery};
use service::events::{self, Position};
use service::history::HistoryQuery;
use service::knowledge::{AUDIENCE, ArticleChange, BODY, NewArticle, STATUS, TITLE, Values};
use service::messages::{self, MessageQuery};
use service::notifications::NotificationQuery;
use service::occurrences::OccurrenceQuery;
use service::tasks::TaskQuery;
use service::validations::{self, ValidationQuery};
use service::{
    Ctx, ServiceError, documents, drafts, history, knowledge, notifications, occurrences, requests, search, statistics,
    tasks, tickets,
};
use testing::{World, both_engines, error, note, upload};
use uuid::Uuid;

pub(crate) const WORDS: &str = "zebra-canário";

/// An answer as it crosses the wire, without what differs between any two calls.
fn wire<T: serde::Serialize>(answer: Result<T, ServiceError>) -> Value {
    let mut value = match answer {
        Ok(answer) => serde_json::to_value(answer).unwrap(),
        Err(error) => serde_json::to_value(error.public).unwrap(),
    };
    strip(&mut value);
    value
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("now");
            fields.remove("key");
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Every row of an export.
async fn exported(ctx: &Ctx, number: i64) -> Result<Vec<HistoryRow>, ServiceError> {
    let mut export = history::export(ctx, number, HistoryQuery::default()).await?;
    let mut rows = Vec::new();
    while let Some(more) = export.next().await? {
        rows.extend(more);
    }
    Ok(rows)
}

/// Everything somebody can read of one ticket and of his lists.
pub(crate) async fn answers(ctx: &Ctx, number: i64) -> Vec<(&'static str, Value)> {
    let words = || ListQuery { text: "zebra".into(), status: "all".into(), count: true, ..ListQuery::default() };
    let all = || ListQuery { role: "all".into(), status: "all".into(), count: true, ..ListQuery::default() };
    let newest = || ListQuery { sort: "-updated_at".into(), ..all() };
    let found = |find: &str| TimelineQuery {
        find: find.into(),
        kinds: "occurrence,task,document,event".into(),
        ..TimelineQuery::default()
    };
    let unread = || ListQuery { more: vec![("unread".into(), "true".into())], ..ListQuery::default() };
    let plain = TimelineQuery::default;
    let with_event =
        || TimelineQuery { kinds: "occurrence,task,document,event".into(), order: "desc".into(), ..plain() };
    let asked = || TimelineQuery { kinds: "validation_request,validation_answer".into(), ..plain() };
    let portal = || HistoryQuery { portal: true, ..HistoryQuery::default() };
    let own = || HistoryQuery { own: true, ..HistoryQuery::default() };
    let articles = |q: &str| ArticleQuery { q: q.into(), ..ArticleQuery::default() };
    let entries = || OccurrenceQuery { sort: "-registered_at".into(), ..OccurrenceQuery::default() };
    vec![
        ("request", wire(requests::detail(ctx, number, plain()).await)),
        ("request with events", wire(requests::detail(ctx, number, with_event()).await)),
        ("request with find", wire(requests::detail(ctx, number, found("zebra")).await)),
        ("requests", wire(requests::list(ctx, ListQuery { role: "all".into(), ..ListQuery::default() }).await)),
        ("requests by change", wire(requests::list(ctx, newest()).await)),
        ("requests by words", wire(requests::list(ctx, words()).await)),
        ("unread requests", wire(requests::list(ctx, unread()).await)),
        ("new request", wire(requests::new_request(ctx, &number.to_string()).await)),
        ("unread in the menu", wire(requests::unread_total(ctx).await)),
        ("ticket", wire(tickets::detail(ctx, number).await)),
        ("timeline", wire(tickets::timeline(ctx, number, with_event()).await)),
        ("timeline of validations", wire(tickets::timeline(ctx, number, asked()).await)),
        ("timeline with find", wire(tickets::timeline(ctx, number, found("canario")).await)),
        ("tickets", wire(tickets::list(ctx, newest()).await)),
        ("tickets by words", wire(tickets::list(ctx, words()).await)),
        ("unread tickets", wire(tickets::list(ctx, unread()).await)),
        ("occurrences", wire(occurrences::list(ctx, number, entries()).await)),
        (
            "occurrences by words",
            wire(occurrences::list(ctx, number, OccurrenceQuery { find: "zebra".into(), ..entries() }).await),
        ),
        (
            "private occurrences",
            wire(occurrences::list(ctx, number, OccurrenceQuery { visibility: "private".into(), ..entries() }).await),
        ),
        ("tasks", wire(tasks::list(ctx, TaskQuery { number, count: true, ..TaskQuery::default() }).await)),
        (
            "private tasks",
            wire(tasks::list(ctx, TaskQuery { number, visibility: "private".into(), ..TaskQuery::default() }).await),
        ),
        ("messages", wire(messages::list(ctx, number, MessageQuery::default()).await)),
        ("chat", wire(chat::list(ctx, number, ChatQuery::default()).await)),
        ("page of the chat", wire(chat::portal_page(ctx, number, chat::Part::Latest).await)),
        ("history of the chat", wire(history::list(ctx, number, HistoryQuery { chat: true, ..own() }).await)),
        ("signs of a chat", wire(chat::signs(ctx, &[number], &chat::Signs::new()).await.map(|signs| signs.len()))),
        ("panel of chats", wire(chat::panel(ctx, "").await)),
        ("history", wire(history::list(ctx, number, HistoryQuery::default()).await)),
        ("history of the portal", wire(history::list(ctx, number, portal()).await)),
        ("page of the history", wire(history::page(ctx, number, HistoryQuery::default()).await)),
        ("page of the own history", wire(history::page(ctx, number, own()).await)),
        ("export of the history", wire(exported(ctx, number).await)),
        ("documents", wire(documents::list(ctx, number).await)),
        ("validations", wire(validations::list(ctx, number, ValidationQuery::default()).await)),
        ("to validate", wire(validations::approvals(ctx, "").await)),
        ("waiting validations", wire(validations::waiting(ctx).await)),
        ("page of the validations", wire(validations::page(ctx, number).await)),
        ("page of the documents", wire(documents::page(ctx, number).await)),
        ("statistics of the ticket", wire(statistics::of_ticket(ctx, number).await)),
        ("statistics", wire(statistics::dashboard(ctx, &DashboardQuery::default()).await)),
        ("search", wire(search::search(ctx, "zebra", &[], None, "", 0).await)),
        ("search by prefix", wire(search::search(ctx, "canar", &[], None, "", 0).await)),
        ("search by exclusion", wire(search::search(ctx, "printer -zebra", &[], None, "", 0).await)),
        ("search of something else", wire(search::search(ctx, "printer", &[], None, "", 0).await)),
        ("search of articles", wire(search::search(ctx, "zebra", &["article".to_owned()], None, "", 0).await)),
        ("search of customers", wire(search::search(ctx, "zebra", &["customer".to_owned()], None, "", 0).await)),
        ("articles", wire(knowledge::list(ctx, &ArticleQuery::default()).await)),
        ("articles by words", wire(knowledge::list(ctx, &articles("zebra")).await)),
        ("articles by the first letters", wire(knowledge::list(ctx, &articles("canar")).await)),
        ("articles of the ticket", wire(knowledge::of_ticket(ctx, number, "zebra", "").await)),
        ("suggested articles", wire(knowledge::suggest(ctx, "the zebra printer", "").await)),
        ("drafts", wire(drafts::list(ctx).await)),
        (
            "notifications",
            wire(notifications::list(ctx, NotificationQuery { count: true, ..Default::default() }).await),
        ),
        ("unread notifications", wire(notifications::unread(ctx, 0).await)),
    ]
}

pub(crate) fn assert_same(before: &[(&str, Value)], after: &[(&str, Value)], when: &str) {
    for ((name, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(before, after, "{name} changed when {when}");
        let text = after.to_string().to_lowercase();
        assert!(!text.contains("zebra") && !text.contains("canário"), "{name} tells it when {when}: {text}");
    }
}

/// A ticket with some public life, read by its requester, and a second one that was changed a little later.
pub(crate) async fn lived_in(world: &World) -> i64 {
    let number = world.ticket().assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "We look at the printer.").await;
    world.advance(60);
    world.ticket().create().await;
    world.advance(60);
    // Read twice: the first time leaves a mark.
    for _time in 0..2 {
        answers(&world.ctx("requester1").await, number).await;
    }
    world.advance(600);
    number
}

both_engines!(t_vis_03_no_answer_to_a_requester_changes_by_a_private_entry, |world: World| async move {
    let number = lived_in(&world).await;
    let requester1 = world.ctx("requester1").await;
    let before = answers(&requester1, number).await;
    world.advance(600);
    let position = world.settled_events().await;

    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "zebra-canário.txt", "zebra-canário".as_bytes()).await.unwrap();
    let form = AddOccurrence {
        visibility: "private".into(),
        minutes: "1h30".into(),
        attachments: vec![file.id.to_string()],
        ..note(number, WORDS)
    };
    let id = occurrences::add(&tech1, form).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was added");

    let seen = answers(&world.ctx("tech2").await, number).await;
    assert!(
        seen.iter().any(|(name, value)| *name == "timeline" && value.to_string().contains("zebra")),
        "the canary lives"
    );
    assert!(seen.iter().any(|(name, value)| *name == "search" && value.to_string().contains("zebra")));

    let edit = OccurrencePatch {
        body: Patch::Set(format!("{WORDS} again")),
        format: BodyFormat::Text,
        ..OccurrencePatch::default()
    };
    occurrences::edit(&tech1, id, edit).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was edited");

    let reply = AddOccurrence { reply_to: id.to_string(), visibility: "private".into(), ..note(number, "zebra, yes") };
    occurrences::add(&world.ctx("tech2").await, reply).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was answered");

    occurrences::remove(&tech1, RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() }).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was removed");

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    assert!(told.len() >= 4, "{told:?}");
    for change in told {
        assert_eq!(change.audience, "private", "{change:?}");
    }
    world.assert_sound().await;
});

both_engines!(t_kno_02_no_answer_to_a_requester_changes_by_an_article_of_the_team, |world: World| async move {
    let number = lived_in(&world).await;
    let tech1 = world.ctx("tech1").await;
    let fields = |pairs: &[(&'static str, &str)]| -> Values {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    // One that everybody may read, so that there is something to compare.
    let open = [(TITLE, "Printer"), (BODY, "The printer."), (AUDIENCE, "public"), (STATUS, "published")];
    let open = NewArticle { values: fields(&open), format: BodyFormat::Text, ..NewArticle::default() };
    knowledge::create(&tech1, open).await.unwrap();
    let requester1 = world.ctx("requester1").await;
    let before = answers(&requester1, number).await;
    world.advance(600);

    let text = format!("The printer: {WORDS}");
    let hidden = [(TITLE, "zebra-canário"), (BODY, text.as_str()), (AUDIENCE, "public")];
    let hidden =
        NewArticle { values: fields(&hidden), format: BodyFormat::Text, ticket: number, ..NewArticle::default() };
    let id = knowledge::create(&tech1, hidden).await.unwrap();
    assert_same(&before, &answers(&requester1, number).await, "a draft was linked");
    let seen = answers(&world.ctx("tech2").await, number).await;
    for place in ["articles by words", "search", "search of articles"] {
        assert!(
            seen.iter().any(|(name, value)| *name == place && value.to_string().contains("canário")),
            "the canary lives: {place}"
        );
    }
    let agents =
        ArticleChange { values: fields(&[(AUDIENCE, "agents"), (STATUS, "published")]), ..ArticleChange::default() };
    knowledge::update(&tech1, id, agents).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was published for agents");
    knowledge::archive(&tech1, id, None, None).await.unwrap();
    assert_same(&before, &answers(&requester1, number).await, "it was archived");
    for id in [id, Uuid::nil()] {
        assert_eq!(error(knowledge::get(&requester1, id).await), AppError::NotFound);
        assert_eq!(error(knowledge::page(&requester1, &id.to_string()).await), AppError::NotFound);
        assert_eq!(error(knowledge::revisions(&requester1, id).await), AppError::NotFound);
        assert_eq!(error(knowledge::insertable(&requester1, id).await), AppError::NotFound);
        assert_eq!(error(knowledge::helped(&requester1, id).await), AppError::NotFound);
        assert_eq!(error(knowledge::publish(&requester1, id, None, None).await), AppError::NotFound);
        assert_eq!(error(knowledge::delete(&requester1, id, None, None).await), AppError::NotFound);
    }
    knowledge::unlink(&tech1, number, &id.to_string()).await.unwrap();
    knowledge::delete(&tech1, id, None, None).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was unlinked and removed");
    world.assert_sound().await;
});

both_engines!(t_vis_03_no_answer_to_a_requester_changes_by_a_private_task, |world: World| async move {
    let number = lived_in(&world).await;
    let requester1 = world.ctx("requester1").await;
    let before = answers(&requester1, number).await;
    world.advance(600);
    let position = world.settled_events().await;

    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "zebra-canário.txt", "zebra-canário".as_bytes()).await.unwrap();
    // Not planned: a plan would change the status of the ticket, which everybody sees.
    let form = AddTask {
        ticket: number,
        content: WORDS.into(),
        format: BodyFormat::Text,
        visibility: "private".into(),
        actual_minutes: "1h30".into(),
        user: world.person("tech2").await.id.to_string(),
        attachments: vec![file.id.to_string()],
        ..AddTask::default()
    };
    let id = tasks::add(&tech1, form).await.unwrap().id;
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was added");

    let seen = answers(&world.ctx("tech2").await, number).await;
    for place in ["timeline", "search", "tasks"] {
        assert!(
            seen.iter().any(|(name, value)| *name == place && value.to_string().contains("zebra")),
            "the canary lives: {place}"
        );
    }

    let edit = TaskPatch {
        content: Patch::Set(format!("{WORDS} again")),
        format: BodyFormat::Text,
        state: Patch::Set("done".into()),
        ..TaskPatch::default()
    };
    tasks::edit(&tech1, id, edit).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was edited");

    tasks::remove(&tech1, RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() }).await.unwrap();
    world.advance(600);
    assert_same(&before, &answers(&requester1, number).await, "it was removed");

    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    assert!(told.len() >= 3, "{told:?}");
    for change in told {
        assert!(!events::sees(&requester1, &change).await, "{change:?}");
    }
    world.assert_sound().await;
});

both_engines!(t_vis_03_errors_about_a_private_entry_are_those_of_an_unknown_one, |world: World| async move {
    let number = lived_in(&world).await;
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "zebra.txt", b"zebra").await.unwrap().id;
    let form =
        AddOccurrence { visibility: "private".into(), attachments: vec![file.to_string()], ..note(number, WORDS) };
    let id = occurrences::add(&tech1, form).await.unwrap();
    for name in ["requester1", "requester2"] {
        let ctx = world.ctx(name).await;
        for id in [id, Uuid::nil()] {
            assert_eq!(error(occurrences::get(&ctx, id).await), AppError::NotFound);
            assert_eq!(error(occurrences::page(&ctx, number, id, true).await), AppError::NotFound);
            assert_eq!(error(occurrences::revisions(&ctx, id).await), AppError::NotFound);
            assert_eq!(error(occurrences::edit(&ctx, id, OccurrencePatch::default()).await), AppError::NotFound);
            let removal = RemoveOccurrence { id: id.to_string(), ..RemoveOccurrence::default() };
            assert_eq!(error(occurrences::remove(&ctx, removal).await), AppError::NotFound);
        }
        for id in [file, Uuid::nil()] {
            assert_eq!(documents::open(&ctx, id).await.map(|_| ()).map_err(|e| e.public), Err(AppError::NotFound));
            assert_eq!(error(documents::remove(&ctx, id).await), AppError::NotFound);
        }
    }
    let requester1 = world.ctx("requester1").await;
    let reply = |id: Uuid| AddOccurrence { reply_to: id.to_string(), ..note(number, "Hello?") };
    let hidden = error(occurrences::add(&requester1, reply(id)).await);
    assert_eq!(hidden, error(occurrences::add(&requester1, reply(Uuid::nil())).await));
    let around = |id: Uuid| TimelineQuery { around: format!("occurrence-{id}"), ..TimelineQuery::default() };
    drafts::discard(&requester1, "occurrence", &number.to_string()).await.unwrap();
    let hidden = wire(requests::detail(&requester1, number, around(id)).await);
    assert_eq!(hidden, wire(requests::detail(&requester1, number, around(Uuid::nil())).await));
});

both_engines!(t_vis_04_my_requests_hides_private_entries_from_agents_too, |world: World| async move {
    let number = world.ticket().requester("tech2").assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "We look at it.").await;
    let tech2 = world.ctx("tech2").await;
    let detail = || requests::detail(&tech2, number, TimelineQuery::default());
    detail().await.unwrap();
    world.advance(60);
    let before = wire(detail().await);
    let listed = wire(requests::list(&tech2, ListQuery::default()).await);
    world.advance(60);
    world.occurrence("tech1", number, "private", WORDS).await;
    world.advance(60);
    assert_eq!(wire(detail().await), before);
    assert_eq!(wire(requests::list(&tech2, ListQuery::default()).await), listed);
    let words = ListQuery { text: "zebra".into(), ..ListQuery::default() };
    assert_eq!(requests::list(&tech2, words).await.unwrap().items.len(), 0);
    let portal = OccurrenceQuery { portal: true, ..OccurrenceQuery::default() };
    assert_eq!(occurrences::list(&tech2, number, portal).await.unwrap().items.len(), 1);
    let seen = tickets::timeline(&tech2, number, TimelineQuery::default()).await.unwrap();
    assert!(json!(seen).to_string().contains("zebra"), "in the ticket he reads it");
});

both_engines!(t_vis_07_a_private_change_is_told_with_its_audience_and_author, |world: World| async move {
    let number = world.ticket().create().await;
    let position = world.settled_events().await;
    assert!(position > Position::default());
    world.occurrence("tech1", number, "private", WORDS).await;
    world.occurrence("tech1", number, "public", "Hello.").await;
    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    let audiences: Vec<&str> = told.iter().map(|change| change.audience.as_str()).collect();
    // The requester is told of the public one, and he alone hears of that.
    assert_eq!(audiences, ["private", "public", "person"]);
    assert_eq!(told[2].author_id, Some(world.person("requester1").await.id));
    assert_eq!(told[0].author_id, Some(world.person("tech1").await.id));
    assert!(!format!("{told:?}").contains("zebra"), "ids and numbers, never text");
});
