//! Validations (T-VAL): who is asked and answers, what answers make of a request, what waits for it, and what those who are asked
//! see of the ticket.

use domain::error::{AppError, Code};
use domain::forms::{AnswerValidation, AskValidation, ChangeValidation, Command, RunCommand};
use domain::notification::{Event, Why};
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::Status;
use domain::validation::{Answer, SIGHT, Standing, State};
use domain::views::{ListQuery, TimelineQuery, ValidationView};
use service::history::HistoryQuery;
use service::notifications::NotificationQuery;
use service::sql::Sql;
use service::validations::{self, ValidationQuery};
use service::{Ctx, ServiceError, documents, events, history, notifications, requests, search, tickets};
use testing::{World, both_engines, error, field, forbidden, note, refused, upload};
use uuid::Uuid;

/// A request for the agreement of some people.
async fn form(world: &World, number: i64, names: &[&str]) -> AskValidation {
    let mut targets = Vec::new();
    for name in names {
        targets.push(world.user(name).await);
    }
    let comment = "May we buy it?".to_owned();
    AskValidation { ticket: number, comment, format: BodyFormat::Text, targets, ..AskValidation::default() }
}

async fn try_ask(world: &World, who: &str, form: AskValidation) -> Result<Uuid, ServiceError> {
    validations::ask(&world.ctx(who).await, form).await
}

async fn ask(world: &World, number: i64, names: &[&str]) -> Uuid {
    let form = form(world, number, names).await;
    try_ask(world, "tech1", form).await.expect("tech1 may ask")
}

async fn asked_of(world: &World, number: i64, names: &[&str], percent: &str) -> Uuid {
    let form = AskValidation { required_percent: percent.to_owned(), ..form(world, number, names).await };
    try_ask(world, "tech1", form).await.expect("tech1 may ask")
}

async fn try_answer(world: &World, who: &str, id: Uuid, word: &str, comment: &str) -> Result<(), ServiceError> {
    let form = AnswerValidation {
        id: id.to_string(),
        answer: word.to_owned(),
        comment: comment.to_owned(),
        ..AnswerValidation::default()
    };
    validations::answer(&world.ctx(who).await, form, None).await
}

async fn grant(world: &World, who: &str, id: Uuid) {
    try_answer(world, who, id, "granted", "").await.unwrap_or_else(|error| panic!("{who} may answer: {error:?}"));
}

async fn refuse(world: &World, who: &str, id: Uuid) {
    try_answer(world, who, id, "refused", "Too dear.").await.unwrap_or_else(|e| panic!("{who} may answer: {e:?}"));
}

fn change(id: Uuid, number: i64) -> ChangeValidation {
    ChangeValidation { id: id.to_string(), ticket: number, ..ChangeValidation::default() }
}

async fn shown(world: &World, who: &str, id: Uuid) -> ValidationView {
    validations::get(&world.ctx(who).await, id).await.unwrap_or_else(|error| panic!("{who} sees it: {error:?}"))
}

/// Where a ticket stands for agents.
async fn standing(world: &World, number: i64) -> Standing {
    validations::page(&world.ctx("tech1").await, number).await.expect("agents see the tab").standing
}

/// A group whose members may be asked.
async fn board(world: &World, members: &[&str]) -> String {
    let id = world.group("Board", members).await;
    let mut sql = Sql::new("UPDATE app_group SET may_be_asked = TRUE WHERE id = ");
    sql.bind(id);
    world.run(&sql).await;
    format!("group:{id}")
}

async fn about(world: &World, name: &str, number: i64) -> Vec<(Event, Why)> {
    let all = notifications::list(&world.ctx(name).await, NotificationQuery::default()).await.unwrap().items;
    all.iter().filter(|told| told.ticket == number).map(|told| (told.event, told.why)).collect()
}

async fn kinds(ctx: &Ctx, number: i64) -> Vec<String> {
    let page = history::list(ctx, number, HistoryQuery::default()).await.unwrap();
    page.items.into_iter().map(|row| row.event.kind).collect()
}

both_engines!(t_val_01_named_people_are_asked, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let me = form(&world, number, &["tech1"]).await;
    assert_eq!(field(try_ask(&world, "tech1", me).await, "targets[0]"), Some(Code::ApproverIsAsker));
    let nobody = AskValidation { targets: Vec::new(), ..form(&world, number, &[]).await };
    assert_eq!(field(try_ask(&world, "tech1", nobody).await, "targets"), Some(Code::Required));
    // The auditor may not answer, a group has no such flag, an address is nobody's.
    let auditor = form(&world, number, &["observer"]).await;
    assert_eq!(field(try_ask(&world, "tech1", auditor).await, "targets[0]"), Some(Code::UnknownReference));
    let crew = world.group("Crew", &["requester2"]).await;
    for target in [format!("group:{crew}"), "ghost@example.org".to_owned()] {
        let form = AskValidation { targets: vec![target], ..form(&world, number, &[]).await };
        assert_eq!(field(try_ask(&world, "tech1", form).await, "targets[0]"), Some(Code::UnknownReference));
    }
    for (typed, code) in [("101", Code::OutOfRange), ("half", Code::Invalid)] {
        let form = AskValidation { required_percent: typed.into(), ..form(&world, number, &["supervisor"]).await };
        assert_eq!(field(try_ask(&world, "tech1", form).await, "required_percent"), Some(code));
    }
    let of_others = form(&world, number, &["supervisor"]).await;
    assert_eq!(forbidden(try_ask(&world, "requester1", of_others.clone()).await), "validation.request");
    assert_eq!(forbidden(try_ask(&world, "observer", of_others.clone()).await), "validation.request");
    assert_eq!(error(try_ask(&world, "requester2", of_others.clone()).await), AppError::NotFound);
    assert_eq!(world.count("validation").await, 0);

    // Several lines of one field, people and groups; asked once for one key.
    let board = board(&world, &["requester2"]).await;
    let targets = vec![format!("{}\n{board}", world.user("supervisor").await)];
    let form = AskValidation { targets, key: "once".into(), ..of_others };
    let id = try_ask(&world, "tech1", form.clone()).await.unwrap();
    assert_eq!(try_ask(&world, "tech1", form).await.unwrap(), id);
    let view = shown(&world, "tech1", id).await;
    assert_eq!((view.ticket, view.targets.len(), view.state), (number, 2, State::Waiting));
    assert!(view.comment_text.contains("May we buy it?") && view.required_percent == 0);
    assert_eq!(standing(&world, number).await, Standing::Waiting);
    assert!(kinds(&world.ctx("tech1").await, number).await.contains(&"validation_requested".to_owned()));

    world.put_status(number, Status::Closed).await;
    let late = self::form(&world, number, &["supervisor"]).await;
    assert_eq!(refused(try_ask(&world, "tech1", late).await), Code::TicketClosed);
    world.assert_sound().await;
});

both_engines!(t_val_02_an_answer_is_given_once_and_for_ever, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = ask(&world, number, &["supervisor"]).await;
    assert_eq!(field(try_answer(&world, "supervisor", id, "", "").await, "answer"), Some(Code::Required));
    assert_eq!(field(try_answer(&world, "supervisor", id, "perhaps", "").await, "answer"), Some(Code::Invalid));
    assert_eq!(field(try_answer(&world, "supervisor", id, "refused", " ").await, "comment"), Some(Code::Required));
    let long = "x".repeat(10_001);
    assert_eq!(field(try_answer(&world, "supervisor", id, "granted", &long).await, "comment"), Some(Code::TooLong));
    assert_eq!(forbidden(try_answer(&world, "tech2", id, "granted", "").await), "validation.answer");
    assert_eq!(error(try_answer(&world, "requester1", id, "granted", "").await), AppError::NotFound);
    assert_eq!(error(try_answer(&world, "supervisor", Uuid::nil(), "granted", "").await), AppError::NotFound);

    world.advance(60);
    try_answer(&world, "supervisor", id, "granted", "See <b>this</b>:\nhttps://example.org").await.unwrap();
    assert_eq!(refused(try_answer(&world, "supervisor", id, "refused", "No.").await), Code::AlreadyAnswered);
    let view = shown(&world, "tech1", id).await;
    let one = view.targets.first().expect("a target");
    assert_eq!((view.state, one.answer, one.at.is_some()), (State::Granted, Some(Answer::Granted), true));
    let html = one.comment_html.as_str();
    assert!(html.contains("&lt;b&gt;this") && html.contains("href=\"https://example.org\""), "{html}");
    assert_eq!(standing(&world, number).await, Standing::Granted);
    world.assert_sound().await;
});

both_engines!(t_val_02_a_member_answers_for_his_group_and_the_asker_for_none, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let board = board(&world, &["tech1", "requester2"]).await;
    let form = AskValidation { targets: vec![board], ..form(&world, number, &[]).await };
    let id = try_ask(&world, "tech1", form).await.unwrap();
    let own = try_answer(&world, "tech1", id, "granted", "").await;
    assert_eq!(field(own, "answer"), Some(Code::ApproverIsAsker));
    grant(&world, "requester2", id).await;
    let view = shown(&world, "tech1", id).await;
    let one = view.targets.first().expect("a target");
    let by = one.by.as_ref().map(|by| by.name.clone());
    assert_eq!((one.target.name.as_str(), by), ("Board", Some(world.person("requester2").await.name)));
    world.assert_sound().await;
});

both_engines!(t_val_03_answers_make_the_state_of_a_request, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let people = ["supervisor", "tech2", "admin", "requester2"];
    // The first answer decides, and later ones change nothing of it.
    let first = asked_of(&world, number, &people, "0").await;
    refuse(&world, "tech2", first).await;
    grant(&world, "supervisor", first).await;
    assert_eq!(shown(&world, "tech1", first).await.state, State::Refused);
    // Half of four.
    let half = asked_of(&world, number, &people, "50").await;
    refuse(&world, "tech2", half).await;
    grant(&world, "supervisor", half).await;
    assert_eq!(shown(&world, "tech1", half).await.state, State::Waiting);
    grant(&world, "requester2", half).await;
    assert_eq!(shown(&world, "tech1", half).await.state, State::Granted);
    // All of them: one that refuses is enough.
    let all = asked_of(&world, number, &people, "100").await;
    grant(&world, "supervisor", all).await;
    refuse(&world, "admin", all).await;
    assert_eq!(shown(&world, "tech1", all).await.state, State::Refused);
    world.assert_sound().await;
});

both_engines!(t_val_05_requests_are_withdrawn_and_asked_again, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let id = ask(&world, number, &["requester2"]).await;
    assert_eq!(refused(validations::ask_again(&tech1, change(id, number)).await), Code::TransitionNotAllowed);
    assert_eq!(forbidden(validations::withdraw(&tech2, change(id, number)).await), "validation.override");
    assert_eq!(error(validations::withdraw(&tech1, change(id, number + 1)).await), AppError::NotFound);
    refuse(&world, "requester2", id).await;
    assert_eq!(refused(validations::withdraw(&tech1, change(id, number)).await), Code::TransitionNotAllowed);
    assert_eq!(standing(&world, number).await, Standing::Refused);

    let again = validations::ask_again(&tech1, change(id, number)).await.unwrap();
    let (old, new) = (shown(&world, "tech1", id).await, shown(&world, "tech1", again).await);
    assert!(old.replaced && !old.counts() && new.counts(), "{old:?}");
    assert_eq!((new.comment_text, new.targets.len(), new.state), (old.comment_text, 1, State::Waiting));
    assert_eq!(refused(try_answer(&world, "requester2", id, "granted", "").await), Code::ValidationClosed);
    assert_eq!(standing(&world, number).await, Standing::Waiting);

    validations::withdraw(&world.ctx("supervisor").await, change(again, number)).await.unwrap();
    assert_eq!(refused(validations::withdraw(&tech1, change(again, number)).await), Code::ValidationClosed);
    assert_eq!(standing(&world, number).await, Standing::None);
    assert!(kinds(&tech1, number).await.contains(&"validation_withdrawn".to_owned()));

    // Cancelling a ticket takes back what waits for it.
    let open = ask(&world, number, &["requester2"]).await;
    world.command("supervisor", number, Command::Cancel).await.unwrap();
    assert!(shown(&world, "tech1", open).await.withdrawn_at.is_some());
    world.assert_sound().await;
});

both_engines!(t_val_08_what_waits_for_a_validation_goes_on_when_it_is_there, |world: World| async move {
    let close = |number, reason: &str| RunCommand {
        number,
        command: Command::Close,
        reason: reason.to_owned(),
        ..RunCommand::default()
    };
    let supervisor = world.ctx("supervisor").await;
    // Without the setting nothing waits.
    let free = world.ticket().assignee("tech1").create().await;
    ask(&world, free, &["requester2"]).await;
    world.put_status(free, Status::Solved).await;
    tickets::run(&supervisor, close(free, "")).await.unwrap();

    world.set(Key::ValidationBlocksSolving, world.root, "true").await;
    let number = world.ticket().assignee("tech1").create().await;
    let id = ask(&world, number, &["requester2"]).await;
    world.put_status(number, Status::Solved).await;
    let name = world.person("requester2").await.name;
    match error(tickets::run(&supervisor, close(number, "")).await) {
        AppError::Refused { code, data, .. } => {
            assert_eq!(code, Code::ValidationBlocks);
            let data = data.map(|data| data.to_string()).unwrap_or_default();
            assert!(data.contains(&name), "{data}");
        }
        other => panic!("not refused but {other:?}"),
    }
    let blocked = validations::blocked(&supervisor, number).await.unwrap().expect("it is blocked");
    assert_eq!((blocked.state, blocked.may_override), (Standing::Waiting, true));
    assert_eq!(blocked.waiting_for, std::slice::from_ref(&name));
    let seen = validations::blocked(&world.ctx("tech1").await, number).await.unwrap().expect("it is blocked");
    assert!(!seen.may_override);
    // A refusal is in the way too, and the history keeps why somebody passed over it.
    refuse(&world, "requester2", id).await;
    assert_eq!(refused(tickets::run(&supervisor, close(number, "")).await), Code::ValidationBlocks);
    tickets::run(&supervisor, close(number, "The director said so.")).await.unwrap();
    let page = history::list(&supervisor, number, HistoryQuery::default()).await.unwrap();
    let over = page.items.iter().find(|row| row.event.kind == "validation_overridden").expect("an event");
    assert_eq!(over.event.reason.as_deref(), Some("The director said so."));
    assert_eq!(world.status(number).await, Status::Closed);

    // What was agreed to goes on, and so does what nobody was asked for; other steps never wait.
    let agreed = world.ticket().assignee("tech1").create().await;
    let id = ask(&world, agreed, &["requester2"]).await;
    let suspend = RunCommand { number: agreed, command: Command::Suspend, text: "waits".into(), ..close(agreed, "") };
    tickets::run(&supervisor, suspend).await.unwrap();
    world.command("supervisor", agreed, Command::Reactivate).await.unwrap();
    grant(&world, "requester2", id).await;
    world.put_status(agreed, Status::Solved).await;
    tickets::run(&supervisor, close(agreed, "")).await.unwrap();
    world.assert_sound().await;
});

/// What somebody sees of a ticket: in lists and their counts, in search, by its number.
async fn sight(world: &World, who: &str, number: i64) -> [bool; 6] {
    let ctx = world.ctx(who).await;
    let all = ListQuery { role: "all".into(), status: "all".into(), count: true, ..ListQuery::default() };
    let listed = tickets::list(&ctx, all).await.unwrap();
    let is_listed = listed.items.iter().any(|row| row.number == number);
    let is_counted = listed.count.is_some_and(|count| count.value > 0);
    let found = search::search(&ctx, "wobbling", &[], None, "", 0).await.unwrap();
    [
        is_listed,
        is_counted,
        !found.items.is_empty() && found.count.value > 0,
        tickets::detail(&ctx, number).await.is_ok(),
        history::list(&ctx, number, HistoryQuery::default()).await.is_ok(),
        documents::list(&ctx, number).await.is_ok(),
    ]
}

both_engines!(t_vis_01_who_is_asked_sees_the_ticket_until_it_has_been_over_for_long, |world: World| async move {
    let number = world.ticket().assignee("tech1").title("Wobbling chair").create().await;
    assert_eq!(sight(&world, "requester2", number).await, [false; 6]);
    let id = ask(&world, number, &["requester2"]).await;
    assert_eq!(sight(&world, "requester2", number).await, [true; 6]);
    // Not among his requests: he is no actor of it.
    let requester2 = world.ctx("requester2").await;
    assert_eq!(error(requests::detail(&requester2, number, TimelineQuery::default()).await), AppError::NotFound);
    assert_eq!(validations::approvals(&requester2, "").await.unwrap().rows.len(), 1);
    assert_eq!(validations::waiting(&requester2).await.unwrap(), 1);
    assert_eq!(validations::all(&requester2, ValidationQuery::default()).await.unwrap().items.len(), 1);
    assert_eq!(error(validations::page(&requester2, number).await), AppError::NotFound, "the tab is for agents");

    validations::withdraw(&world.ctx("tech1").await, change(id, number)).await.unwrap();
    assert_eq!(sight(&world, "requester2", number).await, [false; 6]);
    assert_eq!(error(validations::approval(&requester2, id, "").await), AppError::NotFound);
    assert!(validations::approvals(&requester2, "").await.unwrap().rows.is_empty());

    // An answer leaves him his sight; 30 days after the end it is gone.
    let id = ask(&world, number, &["requester2"]).await;
    grant(&world, "requester2", id).await;
    assert_eq!(validations::waiting(&requester2).await.unwrap(), 0);
    world.put_status(number, Status::Closed).await;
    assert_eq!(sight(&world, "requester2", number).await, [true; 6]);
    world.advance(SIGHT - 1);
    assert_eq!(sight(&world, "requester2", number).await, [true; 6]);
    world.advance(1);
    assert_eq!(sight(&world, "requester2", number).await, [false; 6]);
    assert_eq!(error(validations::approval(&world.ctx("requester2").await, id, "").await), AppError::NotFound);
    // Who is asked in a group has the same sight; others have none.
    let other = world.ticket().title("Wobbling desk").create().await;
    let board = board(&world, &["requester2"]).await;
    let form = AskValidation { targets: vec![board], ..form(&world, other, &[]).await };
    try_ask(&world, "tech1", form).await.unwrap();
    assert_eq!(sight(&world, "requester2", other).await, [true; 6]);
    world.assert_sound().await;
});

both_engines!(t_val_07_who_is_asked_sees_what_the_requester_side_would, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    world.occurrence("tech1", number, "public", "We found a dealer.").await;
    world.occurrence("tech1", number, "private", "The zebra is dear.").await;
    let tech1 = world.ctx("tech1").await;
    let offer = upload(&tech1, "offer.txt", b"100").await.unwrap().id;
    let form = AskValidation { attachments: vec![offer.to_string()], ..form(&world, number, &["requester2"]).await };
    let id = try_ask(&world, "tech1", form).await.unwrap();
    let hidden = upload(&tech1, "zebra.txt", b"zebra").await.unwrap().id;
    let private = domain::forms::AddOccurrence {
        visibility: "private".into(),
        attachments: vec![hidden.to_string()],
        ..note(number, "The zebra again.")
    };
    service::occurrences::add(&tech1, private).await.unwrap();

    let requester2 = world.ctx("requester2").await;
    let page = validations::approval(&requester2, id, "").await.unwrap();
    assert_eq!((page.number, page.agent, page.request.may("answer")), (number, false, true));
    let whole = serde_json::to_string(&page).unwrap();
    assert!(whole.contains("We found a dealer.") && whole.contains("offer.txt"), "{whole}");
    let timeline = tickets::timeline(&requester2, number, TimelineQuery::default()).await.unwrap();
    let listed = documents::list(&requester2, number).await.unwrap();
    let found = search::search(&requester2, "zebra", &[], None, "", 0).await.unwrap();
    for text in [whole, serde_json::to_string(&timeline).unwrap(), serde_json::to_string(&listed).unwrap()] {
        assert!(!text.contains("zebra"), "{text}");
    }
    assert!(found.items.is_empty(), "{found:?}");
    // Files of a request are for agents and for those it names.
    assert!(documents::open(&requester2, offer).await.is_ok());
    assert_eq!(documents::open(&requester2, hidden).await.map(|_| ()).map_err(|e| e.public), Err(AppError::NotFound));
    let requester1 = world.ctx("requester1").await;
    assert_eq!(documents::open(&requester1, offer).await.map(|_| ()).map_err(|e| e.public), Err(AppError::NotFound));
    assert_eq!(error(validations::get(&requester1, id).await), AppError::NotFound);
    // He adds nothing to it.
    let answer = service::occurrences::add(&requester2, note(number, "May I?")).await;
    assert!(forbidden(answer).starts_with("occurrence.add"));
    world.assert_sound().await;
});

both_engines!(t_val_07_two_requests_are_told_apart, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let one = ask(&world, number, &["requester2"]).await;
    let other = ask(&world, number, &["supervisor"]).await;
    let requester2 = world.ctx("requester2").await;
    assert_eq!(error(validations::get(&requester2, other).await), AppError::NotFound);
    let listed = validations::list(&requester2, number, ValidationQuery::default()).await.unwrap();
    assert_eq!(listed.items.iter().map(|request| request.id).collect::<Vec<_>>(), [one]);
    let all = validations::list(&world.ctx("tech2").await, number, ValidationQuery::default()).await.unwrap();
    assert_eq!(all.items.iter().map(|request| request.id).collect::<Vec<_>>(), [other, one], "the newest first");
    world.assert_sound().await;
});

both_engines!(t_ntf_02_approvers_and_askers_are_told, |world: World| async move {
    let number = world.ticket().assignee("tech2").create().await;
    let position = world.settled_events().await;
    let board = board(&world, &["observer"]).await;
    let mut form = form(&world, number, &["requester2"]).await;
    form.targets.push(board);
    form.required_percent = "100".into();
    let id = try_ask(&world, "tech1", form).await.unwrap();
    assert_eq!(about(&world, "requester2", number).await, [(Event::ValidationAsked, Why::Approver)]);
    assert!(about(&world, "tech1", number).await.is_empty(), "his own act is quiet");
    refuse(&world, "requester2", id).await;
    assert_eq!(about(&world, "tech1", number).await, [(Event::ValidationAnswered, Why::Asker)]);
    let of_assignee = about(&world, "tech2", number).await;
    assert_eq!(of_assignee.first(), Some(&(Event::ValidationAnswered, Why::Assignee)), "{of_assignee:?}");
    assert_eq!(about(&world, "requester1", number).await, [(Event::Registered, Why::Requester)]);

    // Live events reach agents and who is asked, and nobody else.
    world.settled_events().await;
    let told = events::after(world.db(), position).await.unwrap();
    let told: Vec<_> = told.into_iter().filter(|change| change.kind == "validation").collect();
    assert!(!told.is_empty());
    for (who, hears) in [("requester2", true), ("tech2", true), ("requester1", false)] {
        let ctx = world.ctx(who).await;
        for change in &told {
            assert_eq!(events::sees(&ctx, change).await, hears, "{who}: {change:?}");
        }
    }
    world.assert_sound().await;
});

both_engines!(t_val_06_requests_that_wait_stand_first, |world: World| async move {
    let mut ids = Vec::new();
    for _time in 0..3 {
        let number = world.ticket().assignee("tech1").create().await;
        ids.push(ask(&world, number, &["requester2"]).await);
        world.advance(60);
    }
    grant(&world, "requester2", ids[2]).await;
    let requester2 = world.ctx("requester2").await;
    let page = validations::approvals(&requester2, "").await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[1], ids[0], ids[2]]);
    assert_eq!((page.waiting, page.next_cursor), (2, None));
    assert_eq!(page.rows.iter().map(|row| row.waiting).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(page.rows[2].answer, Some(Answer::Granted));

    // The list of tickets finds those that wait.
    let filter = |value: &str| ListQuery {
        status: "all".into(),
        more: vec![("validation".into(), value.into())],
        count: true,
        ..ListQuery::default()
    };
    let tech1 = world.ctx("tech1").await;
    for (value, count) in [("waiting", 2), ("granted", 1), ("refused", 0)] {
        let found = tickets::list(&tech1, filter(value)).await.unwrap();
        assert_eq!(found.items.len(), count, "{value}");
    }
    world.assert_sound().await;
});
