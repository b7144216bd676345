use super::*;

const OPEN: Stand = Stand { state: SurveyState::Open, expires_at: 1_000, answered_at: None, is_mine: false };

#[test]
fn t_srv_02_who_may_answer_until_when() {
    let answered = |is_mine| Stand { state: SurveyState::Answered, answered_at: Some(900), is_mine, ..OPEN };
    let end = 900 + CHANGE_WITHIN;
    let table = [
        (OPEN, 0, Ok(())),
        (OPEN, 1_000, Ok(())),
        (OPEN, 1_001, Err(Code::SurveyExpired)),
        (answered(true), 901, Ok(())),
        // Its life may end meanwhile: the twelve hours are those of the answer.
        (answered(true), 1_001, Ok(())),
        (answered(true), end - 1, Ok(())),
        (answered(true), end, Err(Code::SurveyClosed)),
        (answered(false), 901, Err(Code::SurveyClosed)),
        (Stand { state: SurveyState::Withdrawn, ..OPEN }, 0, Err(Code::SurveyClosed)),
        (Stand { state: SurveyState::Superseded, ..answered(true) }, 901, Err(Code::SurveyClosed)),
    ];
    for (stand, now, expected) in table {
        assert_eq!(stand.check(now), expected, "{stand:?} {now}");
    }
}

#[test]
fn t_srv_01_a_score_is_a_whole_number_from_0_to_5() {
    let table = [
        ("", Err(Code::Required)),
        ("0", Ok(0)),
        (" 5 ", Ok(5)),
        ("6", Err(Code::OutOfRange)),
        ("-1", Err(Code::OutOfRange)),
        ("3.5", Err(Code::Invalid)),
        ("good", Err(Code::Invalid)),
    ];
    for (typed, expected) in table {
        assert_eq!(score(typed), expected, "{typed:?}");
    }
}

#[test]
fn t_srv_01_a_comment_has_up_to_5000_characters() {
    assert_eq!(comment("  Thank you. \n"), Ok("Thank you.".to_owned()));
    assert_eq!(comment(&"é".repeat(5_000)), Ok("é".repeat(5_000)));
    assert_eq!(comment(&"é".repeat(5_001)), Err(Code::TooLong));
}
