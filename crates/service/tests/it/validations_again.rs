//! Asking a refused request again (T-VAL-05): those who are asked must still be ones who may be (T-VAL-01), and what is wrong is told
//! in the order of T-GEN-02. Lists of requests of many tickets cost as much as those of few.

use domain::error::Code;
use domain::forms::{AnswerValidation, AskValidation, ChangeValidation};
use domain::occurrence::BodyFormat;
use domain::policy::Capability;
use domain::ticket::Status;
use domain::validation::State;
use domain::views::ValidationView;
use service::validations::{self, ValidationQuery};
use testing::{Sql, Statements, World, both_engines, field, refused};
use uuid::Uuid;

async fn asked(world: &World, number: i64, targets: Vec<String>) -> Uuid {
    let comment = "May we buy it?".to_owned();
    let form = AskValidation { ticket: number, comment, format: BodyFormat::Text, targets, ..AskValidation::default() };
    validations::ask(&world.ctx("tech1").await, form).await.expect("tech1 may ask")
}

async fn refuse(world: &World, who: &str, id: Uuid) {
    let (answer, comment) = ("refused".to_owned(), "Too dear.".to_owned());
    let form = AnswerValidation { id: id.to_string(), answer, comment, ..AnswerValidation::default() };
    validations::answer(&world.ctx(who).await, form, None).await.unwrap_or_else(|e| panic!("{who} may answer: {e:?}"));
}

fn change(id: Uuid, number: i64) -> ChangeValidation {
    ChangeValidation { id: id.to_string(), ticket: number, ..ChangeValidation::default() }
}

both_engines!(t_val_05_only_those_who_may_answer_are_asked_again, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let tech1 = world.ctx("tech1").await;
    world.hire_with("treasurer", &[Capability::ValidationAnswer]).await;
    let group = world.group("Board", &["requester2"]).await;
    let board = |may: bool| {
        let mut sql = Sql::new("UPDATE app_group SET may_be_asked = ");
        sql.bind(may).push_bind(" WHERE id = ", group);
        sql
    };
    world.run(&board(true)).await;
    let targets = vec![world.user("supervisor").await, world.user("treasurer").await, format!("group:{group}")];
    let id = asked(&world, number, targets).await;
    refuse(&world, "supervisor", id).await;

    world.run(&board(false)).await;
    let again = validations::ask_again(&tech1, change(id, number)).await;
    assert_eq!(field(again, "targets[2]"), Some(Code::UnknownReference));
    world.run(&board(true)).await;
    world.disable("treasurer").await;
    let again = validations::ask_again(&tech1, change(id, number)).await;
    assert_eq!(field(again, "targets[1]"), Some(Code::UnknownReference));
    let view = validations::get(&tech1, id).await.unwrap();
    assert!(view.counts() && view.state == State::Refused, "nothing has changed");
    world.assert_sound().await;
});

both_engines!(t_gen_02_who_is_asked_himself_is_told_so_before_the_state_is_looked_at, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let id = asked(&world, number, vec![world.user("supervisor").await]).await;
    let (tech1, supervisor) = (world.ctx("tech1").await, world.ctx("supervisor").await);
    let own = validations::ask_again(&supervisor, change(id, number)).await;
    assert_eq!(field(own, "targets"), Some(Code::ApproverIsAsker));
    refuse(&world, "supervisor", id).await;
    world.put_status(number, Status::Closed).await;
    let own = validations::ask_again(&supervisor, change(id, number)).await;
    assert_eq!(field(own, "targets"), Some(Code::ApproverIsAsker), "the field before the state");
    assert_eq!(refused(validations::ask_again(&tech1, change(id, number)).await), Code::ValidationClosed);
});

/// So many requests more, what requester2 is shown of all of them, and how many statements that took.
async fn shown(world: &World, heard: (&World, &Statements), more: usize) -> (Vec<ValidationView>, usize) {
    for _ticket in 0..more {
        let number = world.ticket().assignee("tech1").create().await;
        asked(world, number, vec![world.user("requester2").await]).await;
    }
    let ctx = heard.0.ctx("requester2").await;
    let (page, run) = heard.1.during(validations::all(&ctx, ValidationQuery::default())).await;
    (page.unwrap().items, run.len())
}

both_engines!(t_val_06_a_page_of_requests_of_many_tickets_asks_no_more_than_one_of_few, |world: World| async move {
    let (heard, statements) = world.heard();
    let (few, cheap) = shown(&world, (&heard, &statements), 2).await;
    let (many, dear) = shown(&world, (&heard, &statements), 6).await;
    assert_eq!((few.len(), many.len()), (2, 8));
    assert_eq!(cheap, dear, "statements");
    let mut numbers: Vec<i64> = many.iter().map(|view| view.ticket).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 8, "each with the number of its own ticket");
    assert!(many.iter().all(|view| view.may("answer")));
    world.assert_sound().await;
});
