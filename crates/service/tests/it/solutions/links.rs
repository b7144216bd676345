//! Solutions answered by a signed link (T-SOL-08).

use domain::error::{AppError, Code};
use domain::forms::AnswerByLink;
use domain::solution::SolutionState;
use domain::ticket::Status;
use domain::views::SolutionLinkView;
use service::occurrences::{self, OccurrenceQuery};
use service::{search, solutions};
use testing::{Sink, both_engines, error, field, refused};

use super::{DAY, shown, solve};
use crate::mail::{relay, talking};

/// Secrets of the links in the mails that came to `sink`, by the address they went to.
fn secrets(sink: &Sink) -> Vec<(String, String)> {
    let mails = sink.mails();
    let secret = |text: &str| {
        let (_, rest) = text.split_once("/solution?token=")?;
        rest.split('&').next().map(str::to_owned)
    };
    mails.iter().filter_map(|mail| Some((mail.to.first()?.clone(), secret(&mail.text())?))).collect()
}

fn by_link(token: &str, answer: &str, text: &str) -> AnswerByLink {
    AnswerByLink { token: token.to_owned(), answer: answer.to_owned(), text: text.to_owned() }
}

both_engines!(t_sol_08_a_signed_link_answers_without_signing_in, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let requesters = vec![world.user("requester1").await, "email:Zoé <zoe@elsewhere.example>".to_owned()];
    let number = world.ticket().with(|form| form.requesters = requesters).assignee("tech1").create().await;
    let id = solve(&world, number, "The cable was loose.").await;
    relay(&world.services).await;
    let found = secrets(&sink);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|(_, secret)| secret.len() >= 32), "at least 128 bits: {found:?}");
    assert_ne!(found[0].1, found[1].1, "each has his own");
    let stored = world.count("signed_link").await;
    assert_eq!(stored, 2);
    let zoe = found.iter().find(|(to, _)| to == "zoe@elsewhere.example").unwrap().1.clone();
    let own = found.iter().find(|(to, _)| to != "zoe@elsewhere.example").unwrap().1.clone();

    // Looking changes nothing, however often: scanners of mail servers open links.
    for _ in 0..3 {
        let seen = solutions::open(&world.services, &zoe).await.unwrap();
        let SolutionLinkView::Open(open) = seen else { panic!("{seen:?}") };
        assert_eq!(open.number, number);
        assert!(open.body.is_some_and(|body| body.as_str().contains("loose")), "371");
    }
    assert_eq!(world.status(number).await, Status::Solved);
    assert_eq!(solutions::open(&world.services, "guessed").await.unwrap(), SolutionLinkView::Void);
    assert_eq!(error(solutions::act(&world.services, by_link("guessed", "approve", "")).await), AppError::NotFound);

    let silent = solutions::act(&world.services, by_link(&zoe, "refuse", " ")).await;
    assert_eq!(field(silent, "reason"), Some(Code::Required));
    solutions::act(&world.services, by_link(&zoe, "refuse", "It fell out again.")).await.unwrap();
    assert_eq!(world.status(number).await, Status::Assigned);
    let view = shown(&world, "tech1", id).await;
    assert_eq!((view.state, view.answered_by.map(|by| by.name)), (SolutionState::Refused, Some("Zoé".to_owned())));
    // The same again is the first answer; the other one has missed it.
    solutions::act(&world.services, by_link(&zoe, "refuse", "It fell out again.")).await.unwrap();
    assert_eq!(refused(solutions::act(&world.services, by_link(&own, "approve", "")).await), Code::NotSolved);
    assert!(matches!(solutions::open(&world.services, &own).await.unwrap(), SolutionLinkView::Answered { .. }));

    // A newer solution has links of its own.
    world.advance(60);
    solve(&world, number, "Glued.").await;
    assert_eq!(solutions::open(&world.services, &own).await.unwrap(), SolutionLinkView::Void);
    relay(&world.services).await;
    let newest = secrets(&sink).into_iter().rev().find(|(to, _)| to != "zoe@elsewhere.example").unwrap().1;
    solutions::act(&world.services, by_link(&newest, "approve", "")).await.unwrap();
    assert_eq!(world.status(number).await, Status::Closed);
    world.assert_sound().await;
});

both_engines!(t_sol_08_a_link_ends_after_30_days_and_with_its_account, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let number = world.ticket().create().await;
    solve(&world, number, "Done.").await;
    relay(&world.services).await;
    let secret = secrets(&sink).remove(0).1;
    assert!(matches!(solutions::open(&world.services, &secret).await.unwrap(), SolutionLinkView::Open(_)));
    world.advance(31 * DAY);
    assert_eq!(solutions::open(&world.services, &secret).await.unwrap(), SolutionLinkView::Void);
    assert_eq!(refused(solutions::act(&world.services, by_link(&secret, "approve", "")).await), Code::NotSolved);

    let number = world.ticket().create().await;
    solve(&world, number, "Done.").await;
    relay(&world.services).await;
    let secret = secrets(&sink).pop().unwrap().1;
    world.disable("requester1").await;
    assert_eq!(solutions::open(&world.services, &secret).await.unwrap(), SolutionLinkView::Void);
    assert_eq!(error(solutions::act(&world.services, by_link(&secret, "approve", "")).await), AppError::NotFound);
});

both_engines!(t_rol_10_the_address_of_who_has_no_account_is_the_teams_alone, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let requesters = vec![world.user("requester1").await, "email:max@elsewhere.example".to_owned()];
    let number = world.ticket().with(|form| form.requesters = requesters).assignee("tech1").create().await;
    solve(&world, number, "The cable was loose.").await;
    relay(&world.services).await;
    let his = secrets(&sink).into_iter().find(|(to, _)| to == "max@elsewhere.example").unwrap().1;
    solutions::act(&world.services, by_link(&his, "refuse", "Marzipan again.")).await.unwrap();
    for (who, name) in [("requester1", "max"), ("tech1", "max@elsewhere.example")] {
        let ctx = world.ctx(who).await;
        let entries = occurrences::list(&ctx, number, OccurrenceQuery::default()).await.unwrap().items;
        assert_eq!(entries.iter().map(|entry| entry.author.name.as_str()).collect::<Vec<_>>(), [name], "{who}");
        let hits = search::search(&ctx, "marzipan", &["occurrence".to_owned()], None, "", 0).await.unwrap().items;
        assert_eq!(hits.len(), 1, "{who}");
        assert_eq!((hits[0].author.name.as_str(), hits[0].agent), (name, who == "tech1"));
    }
});
