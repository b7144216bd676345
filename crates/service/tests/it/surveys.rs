//! The survey after closing: asked once, answered by whoever was asked, with and without sign-in (T-SRV-01, T-SRV-02).

use domain::error::{AppError, Code};
use domain::forms::{AnswerSurvey, AnswerSurveyByLink, Command, RunCommand};
use domain::settings::Key;
use domain::survey::SurveyState;
use domain::ticket::Status;
use domain::views::SurveyView;
use service::{ServiceError, history, surveys, tickets};
use testing::{Sink, Sql, World, both_engines, error, field, forbidden, refused};

use crate::mail::{relay, talking};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

async fn switched_on(world: &World) {
    world.set(Key::SurveyEnabled, world.root, "true").await;
}

async fn close(world: &World, number: i64) {
    world.put_status(number, Status::Solved).await;
    world.command("supervisor", number, Command::Close).await.unwrap();
}

async fn reopen(world: &World, number: i64) {
    let form = RunCommand { number, command: Command::Reopen, reason: "Again.".into(), ..RunCommand::default() };
    tickets::run(&world.ctx("tech1").await, form).await.unwrap();
}

async fn answer(world: &World, who: &str, ticket: i64, score: &str, comment: &str) -> Result<(), ServiceError> {
    let form = AnswerSurvey { ticket, score: score.into(), comment: comment.into(), ..AnswerSurvey::default() };
    surveys::answer(&world.ctx(who).await, form).await
}

async fn seen(world: &World, who: &str, number: i64) -> Result<SurveyView, ServiceError> {
    surveys::get(&world.ctx(who).await, number).await
}

/// The secret of the link of the newest mail.
fn token(sink: &Sink) -> String {
    let text = sink.mails().last().expect("a mail was sent").text();
    let (_, rest) = text.split_once("/survey?token=").unwrap_or_else(|| panic!("no link: {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn by_link(world: &World, token: &str, score: &str) -> Result<(), ServiceError> {
    let form = AnswerSurveyByLink { token: token.into(), score: score.into(), ..AnswerSurveyByLink::default() };
    surveys::answer_by_link(&world.services, form).await
}

both_engines!(t_srv_01_closing_asks_the_requesters_where_the_setting_says_so, |world: World| async move {
    let quiet = world.ticket().create().await;
    close(&world, quiet).await;
    assert_eq!(error(seen(&world, "tech1", quiet).await), AppError::NotFound);
    switched_on(&world).await;
    let number = world.ticket().assignee("tech1").observer("requester2").create().await;
    close(&world, number).await;
    let survey = seen(&world, "tech1", number).await.unwrap();
    assert_eq!((survey.state, survey.score, survey.comment.as_str()), (SurveyState::Open, None, ""));
    let portal = surveys::portal(&world.ctx("requester1").await, number).await.unwrap();
    assert_eq!((portal.off, portal.is_mine), (None, false));
    assert_eq!(error(seen(&world, "requester2", number).await), AppError::NotFound, "observers are not asked");
    assert_eq!(forbidden(answer(&world, "tech1", number, "5", "").await), "");
    assert_eq!(error(answer(&world, "requester2", quiet, "5", "").await), AppError::NotFound);
    world.assert_sound().await;
});

both_engines!(t_srv_02_the_first_answer_counts_and_is_changed_for_twelve_hours, |world: World| async move {
    switched_on(&world).await;
    let number = world.ticket().requester("requester1").requester("requester2").create().await;
    close(&world, number).await;
    for (score, comment, wrong, code) in [
        ("", "", "score", Code::Required),
        ("6", "", "score", Code::OutOfRange),
        ("3.5", "", "score", Code::Invalid),
        ("3", "x".repeat(5_001).as_str(), "comment", Code::TooLong),
    ] {
        assert_eq!(field(answer(&world, "requester1", number, score, comment).await, wrong), Some(code), "{score}");
    }
    answer(&world, "requester1", number, "4", " Fast. ").await.unwrap();
    assert_eq!(refused(answer(&world, "requester2", number, "0", "").await), Code::SurveyClosed);
    world.advance(12 * HOUR - 1);
    answer(&world, "requester1", number, "5", "Fast and kind.").await.unwrap();
    let survey = seen(&world, "tech1", number).await.unwrap();
    assert_eq!((survey.score, survey.comment.as_str()), (Some(5), "Fast and kind."));
    assert_eq!(survey.answered_by.map(|actor| actor.name).as_deref(), Some("requester1"));
    let other = seen(&world, "requester2", number).await.unwrap();
    assert_eq!((other.score, other.comment.as_str(), other.answered_by), (None, "", None));
    world.advance(1);
    assert_eq!(refused(answer(&world, "requester1", number, "1", "").await), Code::SurveyClosed);
    let page = history::list(&world.ctx("tech1").await, number, history::HistoryQuery::default()).await.unwrap();
    let told: Vec<&str> =
        page.items.iter().map(|row| row.event.kind.as_str()).filter(|k| k.contains("survey")).collect();
    assert_eq!(told, ["survey_answered", "survey_answered", "survey_sent"]);
    let page = history::list(&world.ctx("requester1").await, number, history::HistoryQuery::default()).await.unwrap();
    assert!(page.items.iter().all(|row| !row.event.kind.contains("survey")), "agents only");
});

both_engines!(t_srv_02_an_unanswered_survey_expires, |world: World| async move {
    switched_on(&world).await;
    world.set(Key::SurveyValidDays, world.root, "2").await;
    let number = world.ticket().create().await;
    close(&world, number).await;
    world.advance(2 * DAY);
    assert_eq!(surveys::portal(&world.ctx("requester1").await, number).await.unwrap().off, None);
    world.advance(1);
    assert_eq!(refused(answer(&world, "requester1", number, "5", "").await), Code::SurveyExpired);
});

both_engines!(t_srv_02_reopening_withdraws_a_survey_and_supersedes_an_answer, |world: World| async move {
    switched_on(&world).await;
    let number = world.ticket().create().await;
    close(&world, number).await;
    world.advance(10);
    reopen(&world, number).await;
    assert_eq!(seen(&world, "tech1", number).await.unwrap().state, SurveyState::Withdrawn);
    assert_eq!(refused(answer(&world, "requester1", number, "5", "").await), Code::SurveyClosed);
    world.advance(10);
    close(&world, number).await;
    answer(&world, "requester1", number, "2", "").await.unwrap();
    world.advance(10);
    reopen(&world, number).await;
    world.advance(10);
    close(&world, number).await;
    let last = seen(&world, "tech1", number).await.unwrap();
    let states: Vec<SurveyState> = last.earlier.iter().map(|one| one.state).collect();
    assert_eq!((last.state, states), (SurveyState::Open, vec![SurveyState::Superseded, SurveyState::Withdrawn]));
    let mine = seen(&world, "requester1", number).await.unwrap();
    assert!(mine.earlier.is_empty() && mine.off.is_none());
});

both_engines!(t_sol_08_the_link_answers_without_sign_in_and_opening_it_changes_nothing, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    switched_on(&world).await;
    let number = world.ticket().title("VPN drops").create().await;
    close(&world, number).await;
    relay(&world.services).await;
    assert_eq!(sink.mails().last().unwrap().header("Precedence").as_deref(), Some("bulk"));
    let token = token(&sink);
    assert!(token.len() >= 43, "256 bits: {token}");
    let stored: Option<String> =
        Sql::new("SELECT token_hash FROM signed_link WHERE kind = 'survey'").scalar(world.db().reader()).await.unwrap();
    assert!(stored.is_some_and(|hash| hash.len() == 64 && !hash.contains(&token)), "only its hash is stored");
    for _scanner in 0..2 {
        let view = surveys::by_link(&world.services, &token).await.unwrap().unwrap();
        assert_eq!((view.number, view.title.as_str(), view.off, view.score), (number, "VPN drops", None, None));
    }
    assert_eq!(seen(&world, "tech1", number).await.unwrap().state, SurveyState::Open);
    assert_eq!(surveys::by_link(&world.services, "guessed").await.unwrap(), None);
    assert_eq!(surveys::by_link(&world.services, "").await.unwrap(), None);
    assert_eq!(error(by_link(&world, "guessed", "5").await), AppError::NotFound);
    assert_eq!(field(by_link(&world, &token, "9").await, "score"), Some(Code::OutOfRange));
    by_link(&world, &token, "5").await.unwrap();
    let survey = seen(&world, "requester1", number).await.unwrap();
    assert_eq!((survey.score, survey.is_mine), (Some(5), true), "the same person, signed in");
    world.advance(12 * HOUR);
    let over = surveys::by_link(&world.services, &token).await.unwrap().unwrap();
    assert_eq!((over.off, over.title.as_str(), over.score), (Some(Code::SurveyClosed), "", None), "no texts");
    assert_eq!(refused(by_link(&world, &token, "1").await), Code::SurveyClosed);
    world.assert_sound().await;
});

both_engines!(t_sol_08_a_link_is_over_with_its_person_its_closing_and_its_time, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    switched_on(&world).await;
    let mailed = async || {
        let number = world.ticket().create().await;
        close(&world, number).await;
        relay(&world.services).await;
        (number, token(&sink))
    };
    let (number, first) = mailed().await;
    reopen(&world, number).await;
    let view = surveys::by_link(&world.services, &first).await.unwrap().unwrap();
    assert_eq!((view.is_reopened, view.off), (true, Some(Code::SurveyClosed)));
    let (_, second) = mailed().await;
    world.advance(31 * DAY);
    assert_eq!(refused(by_link(&world, &second, "5").await), Code::SurveyExpired);
    let (_, third) = mailed().await;
    world.disable("requester1").await;
    assert_eq!(surveys::by_link(&world.services, &third).await.unwrap(), None);
    assert_eq!(error(by_link(&world, &third, "5").await), AppError::NotFound);
});

both_engines!(t_rol_10_an_address_without_account_answers_by_its_link, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    switched_on(&world).await;
    let asked = |form: &mut domain::forms::CreateTicket| form.requesters = vec!["email:Eva <eva@example.org>".into()];
    let number = world.ticket().with(asked).create().await;
    close(&world, number).await;
    relay(&world.services).await;
    let token = token(&sink);
    by_link(&world, &token, "3").await.unwrap();
    let survey = seen(&world, "tech1", number).await.unwrap();
    let by = survey.answered_by.unwrap();
    assert_eq!((survey.score, by.name.as_str(), by.email.as_deref()), (Some(3), "Eva", Some("eva@example.org")));
    by_link(&world, &token, "4").await.unwrap();
    assert_eq!(seen(&world, "tech1", number).await.unwrap().score, Some(4));
});
