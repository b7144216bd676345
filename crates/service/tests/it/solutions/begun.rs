//! What a solution is begun with: a template, an article (T-OCC-09, T-SOL-03).

use domain::error::Code;
use domain::forms::AddSolution;
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::template::{TemplateKind, text_field};
use service::solutions;
use service::templates::{self, NewTemplate};
use service::{drafts, knowledge};
use testing::{both_engines, field};
use uuid::Uuid;

use super::{proposal, shown, try_solve};

both_engines!(t_occ_09_a_solution_template_is_added_to_what_is_typed, |world: World| async move {
    let number = world.ticket().create().await;
    let kind = world.coded(service::lists::SOLUTION_TYPES, "workaround").await;
    let fields = templates::Fields::from([
        (templates::NAME, "Reboot".to_owned()),
        (text_field(Lang::En), "Reboot it. See #{{ ticket.number }}.".to_owned()),
        (templates::TYPE, kind.clone()),
    ]);
    let entity = world.brasil.to_string();
    let new = NewTemplate { kind: TemplateKind::Solution, entity, fields, key: String::new() };
    let made = templates::create(&world.ctx("admin").await, new).await.unwrap();
    let tech1 = world.ctx("tech1").await;
    let page = solutions::solve_page(&tech1, number, "").await.unwrap();
    assert_eq!((page.templates.len(), page.leads_to.as_str()), (1, "solved"));
    let id = made.row.id.to_string();
    templates::insert_solution(&tech1, &proposal(number, "Hello."), &id).await.unwrap();
    let draft = drafts::find(&tech1, solutions::KIND, &number.to_string()).await.unwrap().unwrap();
    let text = draft.text("body");
    assert!(text.contains("Hello.") && text.contains(&format!("#{number}")), "{text}");
    assert_eq!((draft.text("kind"), draft.text("template")), (kind, id.clone()));
    let form = AddSolution { template: id, ..proposal(number, "Hello. Reboot it.") };
    let solved = try_solve(&world, "tech1", form).await.unwrap();
    assert_eq!(shown(&world, "tech1", solved).await.template.map(|one| one.name), Some("Reboot".to_owned()));
    assert_eq!(shown(&world, "requester1", solved).await.template, None, "what it began with is the team's");
});

both_engines!(t_sol_03_the_text_of_an_article_is_added_and_the_article_linked, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let values = knowledge::Values::from([
        (knowledge::TITLE, "VPN".to_owned()),
        (knowledge::BODY, "Choose the gateway.".to_owned()),
        (knowledge::AUDIENCE, "agents".to_owned()),
        (knowledge::STATUS, "published".to_owned()),
    ]);
    let new = knowledge::NewArticle { values, format: BodyFormat::Text, ..knowledge::NewArticle::default() };
    let article = knowledge::create(&tech1, new).await.unwrap().to_string();
    let page = solutions::solve_page(&tech1, number, "gateway").await.unwrap();
    assert_eq!(page.found.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["VPN"]);
    let is_internal = solutions::insert_article(&tech1, &proposal(number, "Hello."), &article).await.unwrap();
    assert!(is_internal, "the text is for agents alone");
    let draft = drafts::find(&tech1, solutions::KIND, &number.to_string()).await.unwrap().unwrap();
    let text = draft.text("body");
    assert!(text.contains("Hello.") && text.contains("Choose the gateway."), "{text}");
    assert_eq!(draft.text("article"), article);
    let unknown = AddSolution { article: Uuid::nil().to_string(), ..proposal(number, &text) };
    assert_eq!(field(try_solve(&world, "tech1", unknown).await, "article"), Some(Code::UnknownReference));
    try_solve(&world, "tech1", AddSolution { article, ..proposal(number, &text) }).await.unwrap();
    let linked = knowledge::of_ticket(&tech1, number, "", "").await.unwrap().linked;
    assert_eq!(linked.into_iter().filter_map(|link| link.row).map(|row| row.title).collect::<Vec<_>>(), ["VPN"]);
});
