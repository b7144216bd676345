use super::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A chain 1 ← 2 ← … ← `length`.
fn chain(length: u128) -> BTreeMap<Uuid, Option<Uuid>> {
    (1..=length).map(|n| (id(n), (n > 1).then(|| id(n - 1)))).collect()
}

fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect()
}

#[test]
fn every_list_and_flag_is_found_by_its_name() {
    for list in List::ALL {
        assert_eq!(List::read(list.as_str()), Some(list));
        assert_eq!(serde_json::to_value(list).unwrap(), list.as_str());
    }
    assert_eq!(List::read("Locations"), None);
    for flag in Flag::ALL {
        assert_eq!(serde_json::to_value(flag).unwrap(), flag.as_str());
        assert!(List::ALL.iter().any(|list| list.flags().contains(&flag)), "{}", flag.as_str());
    }
}

#[test]
fn t_set_09_a_name_has_one_to_a_hundred_characters() {
    let cases = [
        ("  Network ", Ok("Network".to_owned())),
        ("Net\nwork", Ok("Net work".to_owned())),
        ("invoice\u{202E}fdp", Ok("invoicefdp".to_owned())),
        ("   ", Ok(String::new())),
    ];
    for (typed, expected) in cases {
        assert_eq!(check_name(typed), expected, "{typed:?}");
    }
    assert!(check_name(&"ã".repeat(NAME_MAX)).is_ok());
    assert_eq!(check_name(&"a".repeat(NAME_MAX + 1)), Err(Code::TooLong));
}

#[test]
fn t_set_09_a_name_in_the_language_of_the_entity_or_in_english_is_needed() {
    type Case<'a> = (&'a [(&'a str, &'a str)], Lang, Option<Lang>);
    let cases: [Case<'_>; 6] = [
        (&[("en", "Network")], Lang::PtBr, None),
        (&[("pt-BR", "Rede")], Lang::PtBr, None),
        (&[("pt-BR", "Rede")], Lang::Fr, Some(Lang::Fr)),
        (&[("en", ""), ("fr", "Réseau")], Lang::En, Some(Lang::En)),
        (&[], Lang::Es, Some(Lang::Es)),
        (&[("es", "Red")], Lang::Es, None),
    ];
    for (pairs, home, expected) in cases {
        assert_eq!(missing_name(&names(pairs), home), expected, "{pairs:?} {home}");
    }
}

#[test]
fn t_set_09_case_makes_no_other_name() {
    assert!(same_name("Network", "NETWORK") && same_name("Ação", "AÇÃO"));
    assert!(!same_name("Network", "Networks"));
}

#[test]
fn t_set_10_portal_email_and_chat_stay_active() {
    let cases = [
        (List::RequestSources, Some("portal"), true),
        (List::RequestSources, Some("email"), true),
        (List::RequestSources, Some("chat"), true),
        (List::RequestSources, Some("phone"), false),
        (List::RequestSources, None, false),
        (List::OccurrenceCategories, Some("portal"), false),
    ];
    for (list, code, expected) in cases {
        assert_eq!(stays_active(list, code), expected, "{} {code:?}", list.as_str());
    }
}

#[test]
fn t_set_10_t_set_11_each_list_has_its_own_flags() {
    let flags = |list: List| list.flags().iter().map(|flag| flag.as_str()).collect::<Vec<_>>();
    assert_eq!(flags(List::RequestSources), ["for_tickets", "for_occurrences"]);
    assert_eq!(flags(List::TicketCategories), ["for_incident", "for_request", "portal"]);
    assert!(List::TicketCategories.is_tree() && List::Locations.is_tree() && !List::RequestSources.is_tree());
    assert!(List::TicketCategories.has_group() && !List::Locations.has_group());
    assert!(List::PendingReasons.has_labels() && !List::Locations.has_labels());
    assert!(!Flag::Portal.initial(List::TicketCategories) && Flag::ForTickets.initial(List::RequestSources));
}

#[test]
fn t_set_11_a_tree_has_at_most_eight_levels() {
    let parents = chain(8);
    assert_eq!(check_parent(None, id(7), &parents), Ok(()));
    assert_eq!(check_parent(None, id(8), &parents), Err(Code::OutOfRange));
    // What is moved takes along what stands below it.
    let mut two = chain(7);
    two.insert(id(20), None);
    two.insert(id(21), Some(id(20)));
    assert_eq!(check_parent(Some(id(20)), id(6), &two), Ok(()));
    assert_eq!(check_parent(Some(id(20)), id(7), &two), Err(Code::OutOfRange));
    assert_eq!(check_parent(Some(id(21)), id(7), &two), Ok(()));
}

#[test]
fn t_set_11_no_row_stands_below_itself() {
    let parents = chain(4);
    assert_eq!(check_parent(Some(id(2)), id(2), &parents), Err(Code::Invalid));
    assert_eq!(check_parent(Some(id(2)), id(4), &parents), Err(Code::Invalid));
    assert_eq!(check_parent(Some(id(4)), id(1), &parents), Ok(()));
    // A circle made behind our back is no endless walk.
    let circle = BTreeMap::from([(id(1), Some(id(2))), (id(2), Some(id(1)))]);
    assert_eq!(check_parent(None, id(1), &circle), Ok(()));
}
