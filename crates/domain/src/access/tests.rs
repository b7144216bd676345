use super::*;

const ROOT: Uuid = Uuid::from_u128(1);
const NORTH: Uuid = Uuid::from_u128(2);
const SOUTH: Uuid = Uuid::from_u128(3);
const CITY: Uuid = Uuid::from_u128(4);

/// Root over North (over City) and South.
fn tree() -> Parents {
    Parents::from([(ROOT, None), (NORTH, Some(ROOT)), (SOUTH, Some(ROOT)), (CITY, Some(NORTH))])
}

fn set(capabilities: &[Capability]) -> CapSet {
    capabilities.iter().copied().collect()
}

fn grant(entity: Uuid, recursive: bool, capabilities: &[Capability]) -> Grant {
    Grant { entity, recursive, capabilities: set(capabilities) }
}

#[test]
fn t_rol_01_roles_of_an_entity_and_recursive_roles_above_add_up() {
    let grants = [
        grant(ROOT, false, &[Capability::AdminAudit]),
        grant(NORTH, true, &[Capability::TicketCreate]),
        grant(CITY, false, &[Capability::TicketTake]),
    ];
    let held = effective(&grants, &tree());
    assert_eq!(held.get(&ROOT), Some(&set(&[Capability::AdminAudit])));
    assert_eq!(held.get(&NORTH), Some(&set(&[Capability::TicketCreate])));
    assert_eq!(held.get(&CITY), Some(&set(&[Capability::TicketCreate, Capability::TicketTake])));
    assert_eq!(held.get(&SOUTH), None, "nothing is held beside the branch");
}

#[test]
fn t_rol_02_a_change_tells_what_is_gained_and_lost() {
    let before = effective(&[grant(NORTH, true, &[Capability::TicketCreate])], &tree());
    let after = effective(&[grant(NORTH, false, &[Capability::TicketCreate, Capability::TicketTake])], &tree());
    assert_eq!(gained(&before, &after), set(&[Capability::TicketTake]));
    assert_eq!(gained(&after, &before), set(&[Capability::TicketCreate]), "the city below lost it");
    assert!(gained(&before, &before).is_empty());
}

#[test]
fn t_rol_08_nobody_gives_what_he_does_not_hold_there() {
    let giver = effective(&[grant(NORTH, false, &[Capability::TicketCreate, Capability::TicketTake])], &tree());
    let of_giver = |entity: Uuid| giver.get(&entity).copied().unwrap_or(CapSet::EMPTY);
    let given = |grants: &[Grant]| excess(&Held::new(), &effective(grants, &tree()), of_giver);
    let cases = [
        (grant(NORTH, false, &[Capability::TicketTake]), None),
        (grant(NORTH, false, &[Capability::TicketAssign]), Some(Capability::TicketAssign)),
        (grant(NORTH, true, &[Capability::TicketTake]), Some(Capability::TicketTake)),
        (grant(SOUTH, false, &[Capability::TicketTake]), Some(Capability::TicketTake)),
    ];
    for (grant, expected) in cases {
        assert_eq!(given(&[grant]), expected, "{grant:?}");
    }
    let had = effective(&[grant(SOUTH, false, &[Capability::TicketAssign])], &tree());
    assert_eq!(excess(&had, &had, of_giver), None, "what somebody has already is not given");
}

#[test]
fn an_entity_never_stands_above_itself() {
    for (entity, parent, expected) in
        [(NORTH, SOUTH, false), (NORTH, CITY, true), (NORTH, NORTH, true), (CITY, ROOT, false), (ROOT, CITY, true)]
    {
        assert_eq!(would_circle(entity, parent, &tree()), expected, "{entity} under {parent}");
    }
    let circle = Parents::from([(NORTH, Some(SOUTH)), (SOUTH, Some(NORTH))]);
    assert_eq!(way_up(NORTH, &circle), [NORTH, SOUTH], "a broken tree ends too");
}

#[test]
fn m_rcp_05_the_mails_of_a_group_have_names() {
    for mail in GroupMail::ALL {
        assert_eq!(mail.as_str().parse::<GroupMail>(), Ok(mail));
        assert_eq!(serde_json::to_string(&mail).unwrap(), format!("\"{mail}\""));
    }
    assert_eq!("receipt".parse::<GroupMail>(), Err(Code::Invalid));
}
