//! Tickets and articles (T-KNO-03, T-KNO-04, T-SOL-03, T-SOL-04): tickets that use some, and articles made of what was written there.

use domain::error::{AppError, Code};
use domain::forms::{AddSolution, Command};
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use domain::policy::Capability::{KnowledgeEdit, TicketViewAll};
use domain::ticket::Status;
use domain::views::TimelineQuery;
use service::history::HistoryQuery;
use service::knowledge::{self, ArticleChange, NewArticle};
use service::{documents, history, requests, solutions};
use testing::{both_engines, error, field, forbidden, note, refused, upload};
use uuid::Uuid;

use super::{FOR_AGENTS, FOR_ALL, find, get, make, new, values, words};

both_engines!(t_kno_03_tickets_use_articles, |world: World| async move {
    let number = world.ticket().create().await;
    let public = make(&world, "tech1", "VPN", "Words.", &FOR_ALL).await;
    let internal = make(&world, "tech1", "Zebra", "Words.", &FOR_AGENTS).await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    world.advance(60);
    for id in [internal, internal, public] {
        knowledge::link(&tech1, number, &id.to_string()).await.unwrap();
    }
    let tab = knowledge::of_ticket(&tech1, number, "", "").await.unwrap();
    assert_eq!(tab.linked.len(), 2, "linked twice is linked once");
    let page = history::list(&tech1, number, HistoryQuery::default()).await.unwrap();
    let kinds = |page: &domain::views::Page<domain::views::HistoryRow>| {
        page.items.iter().filter(|row| row.event.kind == "record_linked").count()
    };
    assert_eq!(kinds(&page), 2);
    let detail = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    let shown: Vec<&str> = detail.articles.iter().map(|hint| hint.title.as_str()).collect();
    assert_eq!(shown, ["VPN"], "P-DET-06");
    assert_eq!(
        forbidden(knowledge::link(&world.ctx("observer").await, number, &public.to_string()).await),
        "ticket.update"
    );
    assert_eq!(forbidden(knowledge::unlink(&requester1, number, &public.to_string()).await), "ticket.update");
    let unknown = knowledge::link(&tech1, number, &Uuid::nil().to_string()).await;
    assert_eq!(field(unknown, "article"), Some(Code::UnknownReference));
    // An archived one stays readable where it was used, also for those who write none.
    knowledge::archive(&tech1, internal, None, None).await.unwrap();
    assert!(get(&world, "observer", internal).await.is_ok());
    assert!(find(&world, "observer", words("zebra")).await.items.is_empty());
    knowledge::delete(&tech1, public, None, None).await.unwrap();
    let tab = knowledge::of_ticket(&tech1, number, "", "").await.unwrap();
    let gone = tab.linked.iter().find(|link| link.id == public).unwrap();
    assert!(gone.is_removed && gone.row.is_none(), "T-KNO-05");
    let detail = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert!(detail.articles.is_empty());
    world.put_status(number, Status::Closed).await;
    knowledge::unlink(&tech1, number, &internal.to_string()).await.unwrap();
    assert_eq!(error(knowledge::unlink(&tech1, number, &internal.to_string()).await), AppError::NotFound);
    let page = history::list(&tech1, number, HistoryQuery::default()).await.unwrap();
    assert_eq!(page.items[0].event.kind, "record_unlinked");
    world.assert_sound().await;
});

both_engines!(t_kno_03_a_new_article_is_linked_by_whoever_may_link_one, |world: World| async move {
    let number = world.ticket().create().await;
    world.hire_with("writer", &[TicketViewAll, KnowledgeEdit]).await;
    let form = || NewArticle { ticket: number, ..new("VPN", "Words.", &[]) };
    assert_eq!(forbidden(knowledge::create(&world.ctx("writer").await, form()).await), "ticket.update");
    world.command("admin", number, Command::Delete).await.unwrap();
    assert_eq!(refused(knowledge::create(&world.ctx("admin").await, form()).await), Code::TicketDeleted);
    assert_eq!(world.count("article").await, 0, "and none is left unlinked");
});

both_engines!(t_kno_03_an_internal_link_leaves_no_trace_for_requesters, |world: World| async move {
    let number = world.ticket().create().await;
    let requester1 = world.ctx("requester1").await;
    requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    let before = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    let row = world.row(number).await;
    let id = make(&world, "tech1", "Zebra", "Words.", &FOR_AGENTS).await;
    knowledge::link(&world.ctx("tech1").await, number, &id.to_string()).await.unwrap();
    let after = requests::detail(&requester1, number, TimelineQuery::default()).await.unwrap();
    assert_eq!((before.articles.len(), after.articles.len()), (0, 0));
    assert_eq!(world.row(number).await.public_updated_at, row.public_updated_at);
    let page = history::list(&requester1, number, HistoryQuery::default()).await.unwrap();
    assert!(page.items.iter().all(|row| row.event.kind != "record_linked"));
});

both_engines!(t_kno_04_an_entry_becomes_a_draft_for_agents, |world: World| async move {
    let number = world.ticket().title("VPN drops").create().await;
    let tech1 = world.ctx("tech1").await;
    let file = upload(&tech1, "plan.txt", b"plan").await.unwrap().id;
    let form = domain::forms::AddOccurrence {
        visibility: "private".into(),
        attachments: vec![file.to_string()],
        ..note(number, "The gateway was full.")
    };
    let entry = service::occurrences::add(&tech1, form).await.unwrap();
    let id = knowledge::save_entry(&tech1, entry, "once").await.unwrap();
    assert_eq!(knowledge::save_entry(&tech1, entry, "once").await.unwrap(), id, "the same key, the same article");
    let view = get(&world, "tech1", id).await.unwrap();
    assert_eq!((view.row.title.as_str(), view.body_text.as_str()), ("VPN drops", "The gateway was full."));
    assert_eq!(
        (view.row.status.as_str(), view.row.audience.map(domain::knowledge::Audience::as_str)),
        ("draft", Some("agents"))
    );
    assert!(view.about.as_ref().is_some_and(|about| about.is_from_private));
    let copy = view.attachments[0].id;
    assert!(copy != file && view.attachments[0].name == "plan.txt", "a copy of its own");
    let tab = knowledge::of_ticket(&tech1, number, "", "").await.unwrap();
    assert_eq!(tab.linked[0].id, id);
    let requester1 = world.ctx("requester1").await;
    assert_eq!(documents::open(&requester1, copy).await.map(|_| ()).map_err(|e| e.public), Err(AppError::NotFound));
    // Nothing private becomes public unknowingly.
    let public = || ArticleChange { values: values(&FOR_ALL), ..ArticleChange::default() };
    assert_eq!(field(knowledge::update(&tech1, id, public()).await, "confirm_public"), Some(Code::Required));
    let sure = ArticleChange { confirm_public: true, ..public() };
    knowledge::update(&tech1, id, sure).await.unwrap();
    assert!(documents::open(&requester1, copy).await.is_ok());
    assert_eq!(documents::open(&requester1, file).await.map(|_| ()).map_err(|e| e.public), Err(AppError::NotFound));
    assert_eq!(forbidden(knowledge::save_entry(&world.ctx("observer").await, entry, "").await), "knowledge.edit");
    assert_eq!(error(knowledge::save_entry(&requester1, entry, "").await), AppError::NotFound);
    world.assert_sound().await;
});

both_engines!(t_sol_04_a_solution_becomes_a_draft_for_agents, |world: World| async move {
    let number = world.ticket().title("VPN drops").create().await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    let file = upload(&tech1, "plan.txt", b"plan").await.unwrap().id.to_string();
    let form = AddSolution {
        ticket: number,
        body: "Choose the gateway.".into(),
        format: BodyFormat::Text,
        attachments: vec![file],
        save_to_knowledge: true,
        ..AddSolution::default()
    };
    world.hire_with("solver", &[Capability::TicketViewAll, Capability::TicketSolve, Capability::SolutionAdd]).await;
    let by_solver = AddSolution { attachments: Vec::new(), ..form.clone() };
    assert_eq!(forbidden(solutions::add(&world.ctx("solver").await, by_solver).await), "knowledge.edit");
    assert_eq!(world.status(number).await, Status::New, "told before anything is solved");

    let solution = solutions::add(&tech1, form).await.unwrap();
    let tab = knowledge::of_ticket(&tech1, number, "", &solution.to_string()).await.unwrap();
    assert_eq!(tab.entry, Some((solution, "Choose the gateway.".to_owned(), false)));
    let id = knowledge::save_solution(&tech1, solution, "once").await.unwrap();
    assert_eq!(knowledge::save_solution(&tech1, solution, "once").await.unwrap(), id, "the same key, the same article");
    let view = get(&world, "tech1", id).await.unwrap();
    assert_eq!((view.row.title.as_str(), view.body_text.as_str()), ("VPN drops", "Choose the gateway."));
    assert_eq!(
        (view.row.status.as_str(), view.row.audience.map(domain::knowledge::Audience::as_str)),
        ("draft", Some("agents"))
    );
    assert_eq!(view.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["plan.txt"]);
    assert_eq!(knowledge::of_ticket(&tech1, number, "", "").await.unwrap().linked[0].id, id);
    let observer = world.ctx("observer").await;
    assert_eq!(forbidden(knowledge::save_solution(&observer, solution, "").await), "knowledge.edit");
    assert_eq!(error(knowledge::save_solution(&requester1, solution, "").await), AppError::NotFound);
    assert_eq!(error(knowledge::save_entry(&tech1, solution, "").await), AppError::NotFound, "it is no occurrence");
    world.assert_sound().await;
});

both_engines!(t_sol_03_a_text_to_insert_warns_where_it_is_for_agents, |world: World| async move {
    let public = make(&world, "tech1", "VPN", "Choose the gateway.", &FOR_ALL).await;
    let internal = make(&world, "tech1", "Zebra", "Words.", &FOR_AGENTS).await;
    let tech1 = world.ctx("tech1").await;
    let text = knowledge::insertable(&tech1, public).await.unwrap();
    assert_eq!((text.text.as_str(), text.is_internal), ("Choose the gateway.", false));
    assert!(knowledge::insertable(&tech1, internal).await.unwrap().is_internal);
    assert_eq!(error(knowledge::insertable(&world.ctx("requester1").await, internal).await), AppError::NotFound);
});
