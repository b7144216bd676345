use super::*;

#[test]
fn t_stt_02_ages_follow_each_other() {
    let ends: Vec<Option<i64>> = Age::ALL.iter().map(|age| age.end().map(|end| end / 86_400)).collect();
    assert_eq!(ends, [Some(2), Some(8), Some(31), None]);
    let begins: Vec<i64> = Age::ALL.iter().map(|age| age.begin() / 86_400).collect();
    assert_eq!(begins, [0, 2, 8, 31]);
}
