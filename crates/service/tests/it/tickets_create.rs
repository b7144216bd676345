//! Tickets that come with further commands (T-TKT-01), and for whom the portal registers them (P-NEW-03).

use domain::error::Code;
use domain::forms::{AddOccurrence, AddSolution, AddTask, CreateTicket};
use domain::occurrence::BodyFormat;
use domain::policy::Capability::{OccurrenceViewPublic, SolutionAdd, TicketCreate, TicketSolve, TicketViewAll};
use domain::settings::Key;
use domain::solution::SolutionState;
use service::history::{self, HistoryQuery};
use service::solutions::{self, SolutionQuery};
use service::tickets::{self, Further, Suspend};
use service::{ServiceError, drafts, lists, occurrences};
use testing::{Sql, World, both_engines, field, forbidden, note, refused};

fn described(text: &str) -> CreateTicket {
    CreateTicket {
        title: "Printer".into(),
        description: text.into(),
        format: BodyFormat::Text,
        ..CreateTicket::default()
    }
}

fn with_entry(text: &str) -> Further {
    let entry = AddOccurrence { visibility: "public".into(), ..note(0, text) };
    Further { occurrence: Some(entry), ..Further::default() }
}

fn with_solution(text: &str) -> Further {
    let solution = AddSolution { body: text.into(), format: BodyFormat::Text, ..AddSolution::default() };
    Further { solution: Some(solution), ..Further::default() }
}

/// Kinds of the events of a ticket, the oldest first.
async fn kinds(world: &World, number: i64) -> Vec<String> {
    let page = history::list(&world.ctx("admin").await, number, HistoryQuery::default()).await.unwrap();
    page.items.into_iter().rev().map(|row| row.event.kind).collect()
}

async fn create(world: &World, name: &str, form: CreateTicket, further: Further) -> Result<i64, ServiceError> {
    tickets::create_with(&world.ctx(name).await, form, further).await
}

both_engines!(t_tkt_01_further_commands_run_in_their_order_in_one_transaction, |world: World| async move {
    let reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let further = Further {
        suspend: Some(Suspend { reason: reason.clone(), text: "Asked.".into(), public: false }),
        ..with_entry("Which printer is it?")
    };
    let form = CreateTicket { assignees: vec!["me".into()], ..described("It jams.") };
    let number = create(&world, "tech1", form, further).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.pending_text.as_deref()), ("pending", Some("Asked.")));
    assert_eq!(row.pending_reason_id.map(|id| id.to_string()), Some(reason));
    let page = occurrences::list(&world.ctx("tech2").await, number, Default::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].body_text, "Which printer is it?");
    assert_eq!(kinds(&world, number).await, ["created", "status_changed", "suspended", "occurrence_added"]);
    assert_eq!(world.count("draft").await, 0);
    world.assert_sound().await;
});

both_engines!(t_tkt_01_one_refusal_refuses_all, |world: World| async move {
    world.hire_with("scribe", &[TicketCreate, TicketViewAll, OccurrenceViewPublic]).await;
    let wrong_entry = |minutes: &str| {
        let mut further = with_entry("Words worth keeping.");
        further.occurrence.as_mut().unwrap().minutes = minutes.into();
        further
    };
    let answer =
        create(&world, "tech1", CreateTicket { urgency: "9".into(), ..described("x") }, wrong_entry("abc")).await;
    assert_eq!(field(answer, "occurrence.minutes"), Some(Code::TimeFormat));
    let answer =
        create(&world, "tech1", CreateTicket { urgency: "9".into(), ..described("x") }, wrong_entry("abc")).await;
    assert_eq!(field(answer, "urgency"), Some(Code::OutOfRange), "T-GEN-02: all of them at once");
    let mut unknown = with_entry("x");
    unknown.occurrence.as_mut().unwrap().category = "no id".into();
    assert_eq!(
        field(create(&world, "tech1", described("x"), unknown).await, "occurrence.category"),
        Some(Code::UnknownReference)
    );
    let hold = |reason: &str, text: &str| Further {
        suspend: Some(Suspend { reason: reason.into(), text: text.into(), public: false }),
        ..Further::default()
    };
    let answer = create(&world, "tech1", described("x"), hold("no id", "")).await;
    assert_eq!(field(answer, "suspend.reason"), Some(Code::UnknownReference));
    let answer = create(&world, "tech1", described("x"), hold("", &"x".repeat(2_001))).await;
    assert_eq!(field(answer, "suspend.text"), Some(Code::TooLong));
    assert_eq!(forbidden(create(&world, "scribe", described("x"), hold("", "")).await), "ticket.suspend");
    assert_eq!(forbidden(create(&world, "scribe", described("x"), with_entry("x")).await), "occurrence.add-own");
    for (name, further) in [("occurrence", with_entry("x")), ("suspend", hold("", ""))] {
        let answer = create(&world, "requester1", described("x"), further).await;
        assert_eq!(field(answer, name), Some(Code::NotAllowed), "the portal has no such field");
    }
    assert_eq!((world.count("ticket").await, world.count("occurrence").await), (0, 0));
    create(&world, "scribe", described("x"), Further::default()).await.unwrap();
});

both_engines!(t_tkt_01_a_ticket_is_registered_with_its_solution, |world: World| async move {
    let further = Further { occurrence: with_entry("He called.").occurrence, ..with_solution("Reset.") };
    let number = create(&world, "tech1", described("Locked out."), further.clone()).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.closed_at), ("solved", Some(world.now()), None));
    let page = solutions::list(&world.ctx("tech2").await, number, SolutionQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!((page.items[0].body_text.as_str(), page.items[0].state), ("Reset.", SolutionState::Waiting));
    assert_eq!(kinds(&world, number).await, ["created", "occurrence_added", "status_changed", "solution_added"]);
    // T-STA-16: where nobody is waited for, the solution closes.
    world.set(Key::AutoCloseDays, world.brasil, "0").await;
    let number = create(&world, "tech1", described("Locked out."), further).await.unwrap();
    assert_eq!(world.row(number).await.status, "closed");
    world.assert_sound().await;
});

both_engines!(t_sta_21_a_ticket_is_registered_solved_and_closed_in_one_command, |world: World| async move {
    let further = Further { close: true, ..with_solution("Reset by phone.") };
    let refused_of = create(&world, "tech1", described("Locked out."), further.clone()).await;
    assert_eq!(forbidden(refused_of), "ticket.close");
    assert_eq!((world.count("ticket").await, world.count("solution").await), (0, 0), "one refusal refuses all");
    let number = create(&world, "supervisor", described("Locked out."), further.clone()).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.solved_at, row.closed_at), ("closed", Some(world.now()), Some(world.now())));
    let page = solutions::list(&world.ctx("tech1").await, number, SolutionQuery::default()).await.unwrap();
    assert_eq!(page.items[0].state, SolutionState::Waiting, "T-STA-20: closed without answer");
    assert_eq!(kinds(&world, number).await, ["created", "status_changed", "solution_added", "closed"]);
    // One that waits is solved and closed too, and so is one whose solution alone would close it.
    let reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let hold = Suspend { reason, text: String::new(), public: false };
    let held = Further { suspend: Some(hold), ..further.clone() };
    let number = create(&world, "supervisor", described("Locked out."), held).await.unwrap();
    let row = world.row(number).await;
    assert_eq!((row.status.as_str(), row.pending_since), ("closed", None));
    world.set(Key::AutoCloseDays, world.brasil, "0").await;
    let number = create(&world, "supervisor", described("Locked out."), further).await.unwrap();
    assert_eq!(world.row(number).await.status, "closed");
    world.assert_sound().await;
});

both_engines!(t_sta_29_a_new_ticket_is_not_closed_without_a_solution, |world: World| async move {
    let further = Further { close: true, ..with_entry("x") };
    assert_eq!(forbidden(create(&world, "tech1", described("x"), further.clone()).await), "ticket.close");
    assert_eq!(refused(create(&world, "supervisor", described("x"), further).await), Code::SolutionRequired);
    assert_eq!((world.count("ticket").await, world.count("occurrence").await), (0, 0));
});

both_engines!(t_tkt_01_a_solution_of_a_new_ticket_is_checked_as_if_it_came_alone, |world: World| async move {
    world.hire_with("scribe", &[TicketCreate, TicketViewAll, OccurrenceViewPublic]).await;
    world.hire_with("halfway", &[TicketCreate, TicketViewAll, OccurrenceViewPublic, TicketSolve]).await;
    world.hire_with("solver", &[TicketCreate, TicketViewAll, OccurrenceViewPublic, TicketSolve, SolutionAdd]).await;
    let changed = |change: &dyn Fn(&mut AddSolution)| {
        let mut further = with_solution("Reset.");
        change(further.solution.as_mut().unwrap());
        further
    };
    let of = async |further: Further| create(&world, "tech1", described("x"), further).await;
    let wrong = changed(&|form| {
        form.body = " ".into();
        form.open_tasks = "burn".into();
    });
    assert_eq!(field(of(wrong.clone()).await, "solution.body"), Some(Code::Required));
    assert_eq!(field(of(wrong).await, "solution.open_tasks"), Some(Code::Invalid), "T-GEN-02: all of them at once");
    let unknown = changed(&|form| form.kind = "none".into());
    assert_eq!(field(of(unknown).await, "solution.type"), Some(Code::UnknownReference));
    let long = changed(&|form| form.override_reason = "x".repeat(2_001));
    assert_eq!(field(of(long).await, "solution.override_reason"), Some(Code::TooLong));
    let solve = async |who: &str| create(&world, who, described("x"), with_solution("Reset.")).await;
    assert_eq!(forbidden(solve("scribe").await), "ticket.solve");
    assert_eq!(forbidden(solve("halfway").await), "solution.add");
    let answer = create(&world, "requester1", described("x"), with_solution("Reset.")).await;
    assert_eq!(field(answer, "solution"), Some(Code::NotAllowed), "the portal has no such field");
    let answer = create(&world, "requester1", described("x"), Further { close: true, ..Further::default() }).await;
    assert_eq!(field(answer, "close"), Some(Code::NotAllowed), "the portal has no such field");
    assert_eq!((world.count("ticket").await, world.count("solution").await), (0, 0), "one refusal refuses all");
    solve("solver").await.unwrap();
});

both_engines!(
    t_drf_02_a_refused_registration_keeps_the_texts_of_its_task_and_its_solution,
    |world: World| async move {
        let task = AddTask { content: "Call him back.".into(), format: BodyFormat::Text, ..AddTask::default() };
        let further = Further { task: Some(task), ..with_solution("Reset by phone.") };
        create(&world, "tech1", CreateTicket { urgency: "9".into(), ..described("x") }, further).await.unwrap_err();
        let draft = drafts::find(&world.ctx("tech1").await, "ticket", "new").await.unwrap().unwrap();
        assert_eq!((draft.text("task"), draft.text("solution")), ("Call him back.".into(), "Reset by phone.".into()));
    }
);

both_engines!(t_drf_02_a_refused_registration_keeps_the_text_of_its_occurrence, |world: World| async move {
    let form = CreateTicket { urgency: "9".into(), ..described("It jams.") };
    create(&world, "tech1", form, with_entry("Words worth keeping.")).await.unwrap_err();
    let draft = drafts::find(&world.ctx("tech1").await, "ticket", "new").await.unwrap().unwrap();
    assert_eq!(draft.text("description"), "It jams.");
    assert_eq!(draft.text("occurrence"), "Words worth keeping.");
});

both_engines!(t_gen_08_further_commands_are_part_of_what_a_key_stands_for, |world: World| async move {
    let form = CreateTicket { key: "k1".into(), ..described("x") };
    let first = create(&world, "tech1", form.clone(), with_entry("Once.")).await.unwrap();
    assert_eq!(create(&world, "tech1", form.clone(), with_entry("Once.")).await.unwrap(), first);
    assert_eq!((world.count("ticket").await, world.count("occurrence").await), (1, 1));
    assert_eq!(world.count("draft").await, 0, "the twin leaves no draft");
    let other = create(&world, "tech1", form.clone(), with_entry("Twice.")).await;
    assert_eq!(refused(other), Code::IdempotencyMismatch);
    assert_eq!(refused(create(&world, "tech1", form, Further::default()).await), Code::IdempotencyMismatch);
});

/// Who asks, by a registration of requester1 for these people.
async fn requesters(world: &World, texts: &[&str]) -> Result<Vec<String>, ServiceError> {
    let requesters = texts.iter().map(|text| (*text).to_owned()).collect();
    let form = CreateTicket { requesters, ..described("It jams.") };
    let number = tickets::create(&world.ctx("requester1").await, form).await?;
    let detail = tickets::detail(&world.ctx("supervisor").await, number).await?;
    Ok(detail.requesters.into_iter().map(|person| person.name).collect())
}

both_engines!(p_new_03_the_requester_is_the_writer_or_a_member_of_a_group_he_manages, |world: World| async move {
    world.group("Sales", &["requester1", "requester2"]).await;
    let (mine, theirs) = (world.user("requester1").await, world.user("requester2").await);
    assert_eq!(requesters(&world, &[]).await.unwrap(), ["requester1"]);
    assert_eq!(requesters(&world, &[&mine]).await.unwrap(), ["requester1"]);
    assert_eq!(requesters(&world, &["me"]).await.unwrap(), ["requester1"]);
    assert_eq!(field(requesters(&world, &[&theirs]).await, "requesters[0]"), Some(Code::NotAllowed), "a mere member");
    let mut sql = Sql::new("UPDATE app_group_member SET manager = TRUE WHERE user_id = ");
    sql.bind(world.person("requester1").await.id);
    world.run(&sql).await;
    assert_eq!(requesters(&world, &[&theirs]).await.unwrap(), ["requester2"]);
    assert_eq!(
        field(requesters(&world, &[&mine, &theirs]).await, "requesters[1]"),
        Some(Code::NotAllowed),
        "instead of"
    );
    world.disable("requester2").await;
    assert_eq!(field(requesters(&world, &[&theirs]).await, "requesters[0]"), Some(Code::NotAllowed));
});

both_engines!(p_new_03_a_request_is_shared_with_a_group_of_ones_own, |world: World| async move {
    let sales = format!("group:{}", world.group("Sales", &["requester1"]).await);
    let foreign = format!("group:{}", world.group("Buying", &["requester2"]).await);
    let network = format!("group:{}", world.network);
    assert_eq!(requesters(&world, &[&sales]).await.unwrap(), ["requester1", "Sales"]);
    assert_eq!(requesters(&world, &["me", &sales]).await.unwrap(), ["requester1", "Sales"]);
    assert_eq!(field(requesters(&world, &[&sales, &sales]).await, "requesters[1]"), Some(Code::Duplicate));
    let (nobody, person) = (format!("user:{}", uuid::Uuid::nil()), world.user("tech1").await);
    // Whether it exists is not told: one code for all.
    for other in ["other@example.org", "tech1@example.org", "no such thing", &foreign, &network, &nobody, &person] {
        assert_eq!(field(requesters(&world, &[other]).await, "requesters[0]"), Some(Code::NotAllowed), "{other}");
    }
});

both_engines!(t_tkt_01_a_customer_cannot_be_named_yet, |world: World| async move {
    let form = CreateTicket { customer: "0195a1f0-0000-7000-8000-000000000000".into(), ..described("x") };
    let agent = tickets::create(&world.ctx("tech1").await, form.clone()).await;
    assert_eq!(field(agent, "customer"), Some(Code::UnknownReference));
    let requester = tickets::create(&world.ctx("requester1").await, form).await;
    assert_eq!(field(requester, "customer"), Some(Code::NotAllowed));
});

both_engines!(t_gen_02_people_are_named_by_their_place, |world: World| async move {
    let supervisor = world.ctx("supervisor").await;
    let (tech1, requester1) = (world.user("tech1").await, world.user("requester1").await);
    let form = CreateTicket {
        assignees: vec!["no such thing".into(), tech1, requester1],
        attachments: vec!["no id".into()],
        ..described("x")
    };
    let domain::error::AppError::Invalid(errors) = testing::error(tickets::create(&supervisor, form).await) else {
        panic!("422")
    };
    assert_eq!(errors.of("assignees[0]"), Some(Code::Invalid));
    assert_eq!(errors.of("assignees[1]"), None);
    assert_eq!(errors.of("assignees[2]"), Some(Code::NotAssignable));
    assert_eq!(errors.of("attachments[0]"), Some(Code::UnknownReference));
});
