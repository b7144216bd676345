use std::collections::BTreeSet;

use super::*;
use crate::error::Code;

/// Key, what is typed, what is stored or why not.
const CASES: &[(Key, &str, Result<&str, Code>)] = &[
    (Key::PortalCancel, "true", Ok("true")),
    (Key::PortalCancel, " false ", Ok("false")),
    (Key::PortalCancel, "yes", Err(Code::Invalid)),
    (Key::PortalCancel, "", Err(Code::Invalid)),
    (Key::ReopenDays, "0", Ok("0")),
    (Key::ReopenDays, " 007 ", Ok("7")),
    (Key::ReopenDays, "365", Ok("365")),
    (Key::ReopenDays, "366", Err(Code::OutOfRange)),
    (Key::ReopenDays, "-1", Err(Code::OutOfRange)),
    (Key::ReopenDays, "99999999999999999999999", Err(Code::OutOfRange)),
    (Key::ReopenDays, "7.5", Err(Code::Invalid)),
    (Key::ReopenDays, "", Err(Code::Invalid)),
    (Key::UploadMaxMib, "0", Err(Code::OutOfRange)),
    (Key::SessionIdleMinutes, "4", Err(Code::OutOfRange)),
    (Key::AutoCloseDays, "never", Ok("never")),
    (Key::AutoCloseDays, "0", Ok("0")),
    (Key::AutoCloseDays, "100", Err(Code::OutOfRange)),
    (Key::SurveyValidDays, "365", Ok("365")),
    (Key::SurveyValidDays, "0", Err(Code::OutOfRange)),
    (Key::SurveyValidDays, "366", Err(Code::OutOfRange)),
    (Key::TrashKeepDays, "3650", Ok("3650")),
    (Key::TrashKeepDays, "3651", Err(Code::OutOfRange)),
    (Key::ReopenPolicy, "append-only", Ok("append-only")),
    (Key::ReopenPolicy, "Reopen", Err(Code::Invalid)),
    (Key::ValidationBlocksSolving, "true", Ok("true")),
    (Key::ValidationBlocksSolving, "1", Err(Code::Invalid)),
    (Key::EntityLanguage, "pt-BR", Ok("pt-BR")),
    (Key::EntityLanguage, "de", Err(Code::Invalid)),
    (Key::EntityTimeZone, "", Err(Code::Invalid)),
    (Key::EntityCurrency, " brl ", Ok("BRL")),
    (Key::EntityCurrency, "EUR", Ok("EUR")),
    (Key::EntityCurrency, "ZWG", Ok("ZWG")),
    (Key::EntityCurrency, "XYZ", Err(Code::Invalid)),
    (Key::EntityCurrency, "EUR USD", Err(Code::Invalid)),
    (Key::EntityCurrency, "", Err(Code::Invalid)),
    (Key::WorkingCalendar, "", Ok("")),
    (Key::WorkingCalendar, "office", Err(Code::UnknownReference)),
    (Key::TicketDefaultGroup, "", Ok("")),
    (Key::TicketDefaultGroup, "0195A1F0-0000-7000-8000-000000000000", Ok("0195a1f0-0000-7000-8000-000000000000")),
    (Key::TicketDefaultGroup, "Network", Err(Code::UnknownReference)),
    (Key::PortalDefaultSource, "portal", Err(Code::UnknownReference)),
    (Key::MailSenderName, "", Ok("")),
    (Key::MailSenderName, " Service\ndesk ", Ok("Service desk")),
    (Key::MailSubjectTag, "Desk-2", Ok("Desk-2")),
    (Key::MailSubjectTag, "", Err(Code::Invalid)),
    (Key::MailSubjectTag, "Help desk", Err(Code::Invalid)),
    (Key::MailSubjectTag, "[x]", Err(Code::Invalid)),
    (Key::MailSubjectTag, "abcdefghijklmnopqrstu", Err(Code::OutOfRange)),
    (Key::UploadForbiddenExtensions, " .EXE; com ;;exe", Ok("exe;com")),
    (Key::UploadForbiddenExtensions, "", Ok("")),
    (Key::UploadForbiddenExtensions, "tar.gz", Err(Code::Invalid)),
    (Key::UploadForbiddenExtensions, "exe com", Err(Code::Invalid)),
    (Key::HelpContactUrl, "", Ok("")),
    (Key::HelpContactUrl, "https://help.example.org/a?b=c", Ok("https://help.example.org/a?b=c")),
    (Key::HelpContactUrl, "MAILTO:help@example.org", Ok("MAILTO:help@example.org")),
    (Key::HelpContactUrl, "tel:+5511999990000", Ok("tel:+5511999990000")),
    (Key::HelpContactUrl, "http://help.example.org", Err(Code::Invalid)),
    (Key::HelpContactUrl, "javascript:alert(1)", Err(Code::Invalid)),
    (Key::HelpContactUrl, "https://", Err(Code::Invalid)),
    (Key::HelpContactUrl, "tel:11 22", Err(Code::Invalid)),
    (Key::PriorityMatrix, "", Err(Code::Invalid)),
    (Key::PriorityMatrix, "[[1,1,1,1,1]]", Err(Code::Invalid)),
    (
        Key::PriorityMatrix,
        "[[1,1,1,1,1], [1,1,1,1,1], [1,1,1,1,1], [1,1,1,1,1], [1,1,1,1,5]]",
        Ok("[[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,5]]"),
    ),
    (Key::PriorityMatrix, "[[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,1],[1,1,1,1,6]]", Err(Code::OutOfRange)),
    (Key::MailTransport, "smtp://mail.example.org", Err(Code::NotAllowed)),
];

#[test]
fn t_set_04_a_value_outside_its_type_or_range_is_refused_and_the_others_have_one_form() {
    for (key, typed, expected) in CASES {
        assert_eq!(validate(*key, typed), expected.map(str::to_owned), "{} {typed:?}", key.as_str());
    }
}

#[test]
fn t_set_04_a_long_text_or_address_is_out_of_range() {
    assert_eq!(validate(Key::MailSenderName, &"ç".repeat(100)), Ok("ç".repeat(100)));
    assert_eq!(validate(Key::MailSenderName, &"ç".repeat(101)), Err(Code::OutOfRange));
    let address = format!("https://{}", "a".repeat(500));
    assert_eq!(validate(Key::HelpContactUrl, &address), Err(Code::OutOfRange));
}

#[test]
fn t_set_04_every_default_is_a_value_in_its_own_form() {
    for key in Key::ALL.iter().copied() {
        let default = key.default_value();
        let is_named = match key.kind() {
            // Shipped rows are named by their code, the shipped matrix and templates by nothing.
            Kind::Reference(_) => default.is_empty() || default.parse::<uuid::Uuid>().is_err(),
            Kind::Matrix | Kind::Transport => default.is_empty(),
            _ => validate(key, default).as_deref() == Ok(default),
        };
        assert!(is_named, "{} {default}", key.as_str());
    }
}

#[test]
fn t_set_08_keys_are_read_by_their_name_and_found_by_their_number() {
    let names: BTreeSet<&str> = Key::ALL.iter().map(|key| key.as_str()).collect();
    assert_eq!(names.len(), Key::ALL.len());
    for key in Key::ALL.iter().copied() {
        assert_eq!(Key::read(key.as_str()), Some(key));
        assert!(key.number().is_none_or(|number| key.has_number(number)));
    }
    assert_eq!(Key::read("portal.nothing"), None);
    let of = |number| Key::ALL.iter().copied().filter(|key| key.has_number(number)).collect::<Vec<_>>();
    assert_eq!(of(298), [Key::PortalShowOccurrences]);
    assert_eq!(of(199), [Key::MailTransport]);
    assert_eq!((of(261), of(378)), (vec![Key::ListsExportMaxRows], vec![Key::ListsExportMaxRows]));
}

#[test]
fn t_set_01_only_the_instance_rows_of_the_specification_have_one_value() {
    let instance: Vec<&str> =
        Key::ALL.iter().filter(|key| key.scope() == Scope::Instance).map(|key| key.as_str()).collect();
    let expected = [
        "mail.transport",
        "upload.max_mib",
        "upload.forbidden_extensions",
        "session.idle_minutes",
        "session.max_hours",
        "lists.export_max_rows",
    ];
    assert_eq!(instance, expected);
}
