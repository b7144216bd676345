use super::*;

const G: Answer = Answer::Granted;
const R: Answer = Answer::Refused;

#[test]
fn t_val_03_answers_decide_a_request() {
    // Answers in order, targets, percent, state.
    let table: &[(&[Answer], usize, u8, State)] = &[
        (&[], 1, 0, State::Waiting),
        (&[G], 3, 0, State::Granted),
        (&[R], 3, 0, State::Refused),
        (&[G, R, R], 3, 0, State::Granted),
        (&[R, G, G], 3, 0, State::Refused),
        (&[], 2, 50, State::Waiting),
        (&[R], 2, 50, State::Waiting),
        (&[G], 2, 50, State::Granted),
        (&[R, G], 2, 50, State::Granted),
        (&[R, R], 2, 50, State::Refused),
        (&[G; 5], 10, 60, State::Waiting),
        (&[G; 6], 10, 60, State::Granted),
        (&[R; 4], 10, 60, State::Waiting),
        (&[R; 5], 10, 60, State::Refused),
        (&[G, G], 3, 100, State::Waiting),
        (&[G, G, G], 3, 100, State::Granted),
        (&[R], 3, 100, State::Refused),
        (&[], 3, 1, State::Waiting),
        (&[R, R], 3, 1, State::Waiting),
        (&[R, R, R], 3, 1, State::Refused),
        (&[G], 3, 34, State::Waiting),
        (&[G], 3, 33, State::Granted),
    ];
    for (answers, targets, percent, expected) in table {
        assert_eq!(state(answers, *targets, *percent), *expected, "{answers:?} of {targets}, {percent} %");
    }
}

#[test]
fn t_val_03_what_is_decided_stays_decided() {
    for targets in 1..=6_usize {
        for percent in [0, 1, 33, 50, 51, 67, 100] {
            for pattern in 0..(1_u32 << targets) {
                let answers: Vec<Answer> =
                    (0..targets).map(|at| if pattern & (1 << at) == 0 { G } else { R }).collect();
                let mut decided = State::Waiting;
                for given in 0..=targets {
                    let now = state(&answers[..given], targets, percent);
                    assert!(decided == State::Waiting || decided == now, "{answers:?} {percent} %");
                    decided = now;
                }
                assert_ne!(decided, State::Waiting, "all have answered: {answers:?} {percent} %");
            }
        }
    }
}

#[test]
fn t_val_04_the_worst_request_is_the_state_of_the_ticket() {
    use State::{Granted, Refused, Waiting};
    let table: &[(&[State], Standing, bool)] = &[
        (&[], Standing::None, false),
        (&[Granted], Standing::Granted, false),
        (&[Granted, Granted], Standing::Granted, false),
        (&[Granted, Waiting], Standing::Waiting, true),
        (&[Waiting, Granted], Standing::Waiting, true),
        (&[Waiting, Refused], Standing::Refused, true),
        (&[Refused, Granted, Waiting], Standing::Refused, true),
    ];
    for (requests, expected, blocks) in table {
        let found = standing(requests.iter().copied());
        assert_eq!((found, found.blocks()), (*expected, *blocks), "{requests:?}");
    }
}

#[test]
fn t_val_01_the_percentage_is_a_whole_number_up_to_100() {
    let cases = [
        ("", Ok(0)),
        (" 60 ", Ok(60)),
        ("100", Ok(100)),
        ("007", Ok(7)),
        ("101", Err(Code::OutOfRange)),
        ("-1", Err(Code::OutOfRange)),
        ("99999", Err(Code::OutOfRange)),
        ("5.5", Err(Code::Invalid)),
        ("half", Err(Code::Invalid)),
        ("-", Err(Code::Invalid)),
        ("+5", Err(Code::Invalid)),
    ];
    for (typed, expected) in cases {
        assert_eq!(percent(typed), expected, "{typed:?}");
    }
}

#[test]
fn t_val_02_a_refusal_says_why() {
    let longest = "ã".repeat(COMMENT_MAX);
    let cases = [
        (G, String::new(), Ok(String::new())),
        (G, "Fine.".to_owned(), Ok("Fine.".to_owned())),
        (R, " \n".to_owned(), Err(Code::Required)),
        (R, "Too dear.".to_owned(), Ok("Too dear.".to_owned())),
        (G, longest.clone(), Ok(longest.clone())),
        (R, longest + "x", Err(Code::TooLong)),
    ];
    for (answer, typed, expected) in cases {
        assert_eq!(comment(answer, typed), expected, "{answer}");
    }
}
