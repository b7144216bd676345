//! Articles and tickets in the trash: nothing is linked to one, and nothing is made from what stands in it (T-KNO-03, T-KNO-04).

use domain::error::Code;
use domain::forms::{AddSolution, Command};
use domain::occurrence::BodyFormat;
use service::knowledge::{self, BODY, NewArticle, TITLE, Values};
use service::solutions;
use testing::{both_engines, refused};

fn article(ticket: i64) -> NewArticle {
    let values: Values = [(TITLE, "VPN".to_owned()), (BODY, "Words.".to_owned())].into_iter().collect();
    NewArticle { values, format: BodyFormat::Text, ticket, ..NewArticle::default() }
}

both_engines!(t_kno_04_nothing_is_linked_to_a_ticket_in_the_trash_nor_made_from_it, |world: World| async move {
    let number = world.ticket().title("VPN drops").create().await;
    let entry = world.occurrence("tech1", number, "public", "The gateway was full.").await;
    let form = AddSolution {
        ticket: number,
        body: "Choose the gateway.".into(),
        format: BodyFormat::Text,
        ..AddSolution::default()
    };
    let solution = solutions::add(&world.ctx("tech1").await, form).await.unwrap();
    let supervisor = world.ctx("supervisor").await;
    let known = knowledge::create(&supervisor, article(0)).await.unwrap();
    world.command("supervisor", number, Command::Delete).await.unwrap();

    let link = knowledge::link(&supervisor, number, &known.to_string()).await;
    assert_eq!(refused(link), Code::TicketDeleted);
    assert_eq!(refused(knowledge::create(&supervisor, article(number)).await), Code::TicketDeleted);
    assert_eq!(refused(knowledge::save_entry(&supervisor, entry, "").await), Code::TicketDeleted);
    assert_eq!(refused(knowledge::save_solution(&supervisor, solution, "").await), Code::TicketDeleted);
    assert_eq!(world.count("article").await, 1, "a refusal leaves none behind");
    assert_eq!(world.count("article_link").await, 0);

    world.command("supervisor", number, Command::Restore).await.unwrap();
    knowledge::save_entry(&supervisor, entry, "").await.unwrap();
    knowledge::save_solution(&supervisor, solution, "").await.unwrap();
    assert_eq!(world.count("article_link").await, 2);
    world.assert_sound().await;
});
