use super::*;

#[test]
fn m_dlv_03_tries_two_to_five_come_after_1_5_15_and_60_minutes() {
    let waits: Vec<Option<i64>> = (1..=5).map(|tries| next_try(tries, 0)).collect();
    assert_eq!(waits, [Some(60), Some(300), Some(900), Some(3600), None]);
    assert_eq!((next_try(2, -1000), next_try(2, 1000)), (Some(240), Some(360)), "20 % either way");
    assert_eq!(next_try(2, 5000), Some(360), "and no more");
    assert_eq!(next_try(TRIES_MAX, 0), None);
}

#[test]
fn m_trn_04_a_dead_server_is_asked_after_1_2_5_10_and_then_every_15_minutes() {
    let pauses: Vec<i64> = (1..=7).map(|failures| transport_pause(failures) / 60).collect();
    assert_eq!(pauses, [1, 2, 5, 10, 15, 15, 15]);
}

#[test]
fn m_dlv_04_the_state_of_an_entry_is_the_worst_of_its_mails() {
    use MailState::{Bounced, Failed, Queued, Sent};
    for (states, worst) in [
        (vec![], None),
        (vec![Sent], Some(Sent)),
        (vec![Sent, Queued], Some(Queued)),
        (vec![Queued, Bounced, Sent], Some(Bounced)),
        (vec![Bounced, Failed, Sent], Some(Failed)),
    ] {
        assert_eq!(MailState::worst(states.clone()), worst, "{states:?}");
    }
}

#[test]
fn m_con_06_a_subject_names_the_ticket_and_ends_within_200_characters() {
    assert_eq!(subject("Guichet", 42, None, "Printer on fire"), "[Guichet #42] Printer on fire");
    assert_eq!(subject("IT-Desk", 7, Some("Changed:"), "  a \n b "), "[IT-Desk #7] Changed: a b");
    let long = subject("Guichet", 42, None, &"ã".repeat(250));
    assert_eq!((text::length(&long), long.ends_with("ã…")), (SUBJECT_MAX, true));
}

#[test]
fn m_hdr_05_a_title_makes_no_header() {
    let subject = subject("Guichet", 1, None, "Hello\r\nBcc: all@example.org\0");
    assert_eq!(subject, "[Guichet #1] Hello Bcc: all@example.org");
}

#[test]
fn m_hdr_02_a_message_id_holds_kind_id_and_mac() {
    let id = message_id('o', Uuid::nil(), "abc", "desk.example");
    assert_eq!(id, "<o.00000000000000000000000000000000.abc@desk.example>");
}

#[test]
fn m_rcp_02_addresses_nobody_reads_get_nothing() {
    for address in ["MAILER-DAEMON@x.org", "postmaster@x.org", "noreply@x.org", "No-Reply+1@x.org", "root@x.org"] {
        assert!(is_unattended(address), "{address}");
    }
    for address in ["ana@x.org", "rooter@x.org", "abuser@x.org", "reply@noreply.org"] {
        assert!(!is_unattended(address), "{address}");
    }
}

#[test]
fn m_lop_01_ten_automatic_mails_in_ten_minutes_are_enough() {
    let cases = [
        ([0, 0, 0], 0, false),
        ([9, 24, 99], 359, false),
        ([10, 10, 10], 10, true),
        ([0, 25, 25], 25, true),
        ([0, 0, 100], 100, true),
        ([0, 0, 0], 360, true),
    ];
    for (of_ticket, of_address, expected) in cases {
        assert_eq!(is_too_often(of_ticket, of_address), expected, "{of_ticket:?} {of_address}");
    }
    assert_eq!(RATES_OF_TICKET.map(|(_, seconds)| seconds / 60), [10, 60, 600], "minutes of the rule");
}

#[test]
fn states_and_reasons_are_read_as_they_are_written() {
    assert!(MailState::ALL.into_iter().all(|state| state.as_str().parse() == Ok(state)));
    assert!(Unsent::ALL.into_iter().all(|reason| Unsent::read(reason.as_str()) == Some(reason)));
    assert_eq!((Unsent::read("250 ok"), "lost".parse::<MailState>()), (None, Err(Code::Invalid)));
}
