use super::import::{Heading, rows, separator};
use super::period::{Period, Step, bucket_of};
use super::*;

fn day(text: &str) -> NaiveDate {
    read_day(text).unwrap()
}

fn contact(name: &str, email: &str, phone: &str) -> Contact {
    Contact { name: name.into(), email: email.into(), phone: phone.into(), ..Contact::default() }
}

/// Reads addresses as the service does, as far as these tests go.
fn email(text: &str) -> Result<String, Code> {
    if text.contains('@') { Ok(text.to_owned()) } else { Err(Code::Invalid) }
}

#[test]
fn words_of_states_and_impacts_survive_the_way_back() {
    for status in CustomerStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
    for impact in Impact::ALL {
        assert_eq!(impact.as_str().parse(), Ok(impact));
        assert_eq!(serde_json::to_value(impact).unwrap(), impact.as_str());
    }
    assert_eq!("".parse::<Impact>(), Err(Code::Required));
    assert_eq!("POSITIVE".parse::<Impact>(), Err(Code::Invalid));
    assert_eq!("gone".parse::<CustomerStatus>(), Err(Code::Invalid));
}

#[test]
fn section_1_a_name_has_1_to_200_characters() {
    assert_eq!(check_name("  Acme\nLtda "), Ok("Acme Ltda".to_owned()));
    assert_eq!(check_name(" \t"), Err(Code::Required));
    assert!(check_name(&"ã".repeat(200)).is_ok());
    assert_eq!(check_name(&"a".repeat(201)), Err(Code::TooLong));
    assert_eq!(check_line("", 5), Ok(None));
    assert_eq!(check_line("123456", 5), Err(Code::TooLong));
}

#[test]
fn c_cus_01_document_numbers_are_compared_without_signs_and_case() {
    for typed in ["12.345.678/0001-90", "12345678000190", " 12 345 678 0001 90 "] {
        assert_eq!(document_key(typed), "12345678000190", "{typed}");
    }
    assert_eq!(document_key("FR 40-AB"), "fr40ab");
    assert_eq!(document_key(" .-/ "), "");
}

#[test]
fn section_1_contacts_need_a_name_an_address_or_a_phone() {
    let mut errors = FieldErrors::new();
    let typed = vec![
        contact("", "", ""),
        contact("Ana", "ana@acme.example", ""),
        Contact { role: "Buyer".into(), ..Contact::default() },
        contact("", "nobody", ""),
        contact("", "", &"9".repeat(41)),
    ];
    check_contacts(&typed, email, &mut errors);
    assert_eq!(errors.of("contacts[2].name"), Some(Code::Required));
    assert_eq!(errors.of("contacts[3].email"), Some(Code::Invalid));
    assert_eq!(errors.of("contacts[4].phone"), Some(Code::TooLong));
    assert_eq!(errors.0.len(), 3, "{errors:?}");
}

#[test]
fn section_1_at_most_one_contact_is_primary_else_the_first() {
    let mut errors = FieldErrors::new();
    let two = [contact("Ana", "", ""), contact("Rui", "", "")];
    let out = check_contacts(&two, email, &mut errors);
    assert_eq!(out.iter().map(|one| one.is_primary).collect::<Vec<_>>(), [true, false]);
    let marked = two.clone().map(|one| Contact { is_primary: true, ..one });
    check_contacts(&marked, email, &mut errors);
    assert_eq!(errors.of("contacts[1].is_primary"), Some(Code::Duplicate));
    let mut errors = FieldErrors::new();
    check_contacts(&vec![contact("Ana", "", ""); 51], email, &mut errors);
    assert_eq!(errors.of("contacts"), Some(Code::TooMany));
}

#[test]
fn c_occ_03_a_day_is_written_in_one_way_and_not_in_the_future() {
    let today = day("2026-03-12");
    let cases = [
        ("2026-03-12", Ok(today)),
        ("1900-01-01", Ok(day("1900-01-01"))),
        ("1899-12-31", Err(Code::TooOld)),
        ("2026-03-13", Err(Code::InFuture)),
        ("", Err(Code::Required)),
        ("12/03/2026", Err(Code::Invalid)),
        ("03-12-2026", Err(Code::Invalid)),
        ("2026-3-12", Err(Code::Invalid)),
        ("2026-02-30", Err(Code::Invalid)),
        ("2026-03-12T00:00", Err(Code::Invalid)),
    ];
    for (typed, expected) in cases {
        assert_eq!(check_day(typed, today), expected, "{typed}");
    }
}

#[test]
fn days_are_stored_as_numbers() {
    assert_eq!(day_number(day("1970-01-01")), 0);
    assert_eq!(day_number(day("1969-12-31")), -1);
    for text in ["1900-01-01", "2000-02-29", "2026-03-12"] {
        assert_eq!(day_of(day_number(day(text))), day(text));
    }
}

#[test]
fn c_rgt_01_whose_occurrence_and_whose_entity_decide() {
    let reader = Reach { view: true, ..Reach::default() };
    let below = Reach { edit: true, ..reader };
    let own = Reach { edit_own: true, ..below };
    assert!(reader.register().is_err() && reader.change().is_err() && reader.change_occurrence(true).is_err());
    assert!(below.register().is_ok() && below.change().is_err());
    assert!(below.change_occurrence(true).is_ok() && below.change_occurrence(false).is_err());
    assert!(own.register().is_ok() && own.change().is_ok() && own.change_occurrence(false).is_ok());
    let blind = Reach { view: false, ..own };
    assert!(blind.register().is_err() && blind.change().is_err(), "customer.edit alone is nothing");
}

#[test]
fn c_rep_01_the_usual_period_is_twelve_calendar_months() {
    let period = Period::usual(day("2026-03-12"));
    assert_eq!((period.from, period.to), (day("2025-04-01"), day("2026-03-31")));
    assert_eq!(period.buckets().len(), 12);
}

#[test]
fn c_rep_02_steps_are_days_weeks_from_monday_or_months() {
    let of = |from: &str, to: &str| Period { from: day(from), to: day(to) };
    assert_eq!(of("2026-03-01", "2026-03-31").step(), Step::Day);
    assert_eq!(of("2026-03-01", "2026-04-01").step(), Step::Week);
    assert_eq!(of("2026-01-01", "2026-07-01").step(), Step::Week, "182 days are 26 weeks");
    assert_eq!(of("2026-01-01", "2026-07-02").step(), Step::Month);
    // 2026-03-12 is a Thursday.
    let weeks = of("2026-03-12", "2026-04-14").buckets();
    assert_eq!((weeks[0].from, weeks[0].to), (day("2026-03-12"), day("2026-03-15")));
    assert_eq!((weeks[1].from, weeks[1].to), (day("2026-03-16"), day("2026-03-22")));
    assert_eq!(weeks.last().map(|week| week.to), Some(day("2026-04-14")));
    assert_eq!(weeks.iter().map(Period::days).sum::<i64>(), 34, "no day is left out or twice");
    assert_eq!(bucket_of(&weeks, day("2026-03-22")), Some(1));
    assert_eq!(bucket_of(&weeks, day("2026-03-11")), None);
    assert_eq!(bucket_of(&weeks, day("2026-04-15")), None);
    assert!(of("2026-03-12", "2026-03-11").buckets().is_empty());
}

#[test]
fn c_imp_01_the_separator_is_found_and_columns_stand_anywhere() {
    assert_eq!(separator("name;legal_name\na,b,c"), ';');
    assert_eq!(separator("\"a;b;c\",d"), ',');
    assert_eq!(separator("name\tstatus"), '\t');
    assert_eq!(separator("name"), ',');
    let rows = rows("\u{feff}status;Name;colour\n;;\nactive;Acme;red\n").unwrap();
    assert_eq!(rows.len(), 2);
    let heading = Heading::read(&rows[0].cells).unwrap();
    assert_eq!(heading.unknown, ["colour"]);
    assert_eq!((heading.cell(&rows[1].cells, "name"), heading.cell(&rows[1].cells, "status")), ("Acme", "active"));
    assert!(!heading.has("segment"));
    assert_eq!(heading.cell(&rows[1].cells, "segment"), "");
    assert_eq!(rows[1].line, 3);
}

#[test]
fn c_imp_01_a_file_without_names_is_refused() {
    let errors = Heading::read(&["status".to_owned(), "status".to_owned()]).unwrap_err();
    assert_eq!(errors.of("name"), Some(Code::Required));
    assert_eq!(errors.of("status"), Some(Code::Duplicate));
}
