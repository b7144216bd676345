//! Words of the administration that belong to more than one page.

use domain::lang::Lang;
use domain::views::{Choice, HeldRole, RoleName};

use crate::t::admin as t;

/// Name of a role: the shipped ones in the reader's language.
pub(crate) fn role(lang: Lang, role: &RoleName) -> String {
    match role.key.as_str() {
        "requester" => t::role_requester(lang).to_owned(),
        "observer" => t::role_observer(lang).to_owned(),
        "technician" => t::role_technician(lang).to_owned(),
        "supervisor" => t::role_supervisor(lang).to_owned(),
        "admin" => t::role_admin(lang).to_owned(),
        _ => role.name.clone(),
    }
}

/// Roles as options.
pub(crate) fn role_choices(lang: Lang, roles: &[RoleName]) -> Vec<Choice> {
    roles.iter().map(|one| Choice { value: one.id.to_string(), name: role(lang, one), depth: 0 }).collect()
}

/// "Technician in Support (and below)".
pub(crate) fn held(lang: Lang, held: &HeldRole) -> String {
    let name = role(lang, &held.role);
    if held.recursive { t::held_below(lang, &held.entity.name, &name) } else { t::held(lang, &held.entity.name, &name) }
}
