//! Administration of access: accounts, groups, entities, roles.

use super::KEYED;
use crate::api::openapi::{Route, route};

/// What a change of access may answer.
const ADMINISTERS: &str = "conflict precondition_failed version_required";

const fn user_action(path: &'static str, operation: &'static str, summary: &'static str, body: &'static str) -> Route {
    route("POST", path, operation, summary)
        .needs("admin.users")
        .body(body)
        .gives(200, "User")
        .codes("conflict precondition_failed idempotency_mismatch request_in_progress")
}

/// In the order of the specification.
pub(super) const ACCESS: &[Route] = &[
    route("POST", "/users", "createUser", "Make an account; it has no password before it is invited")
        .needs("admin.users")
        .body("NewUser")
        .gives(201, "User")
        .codes(KEYED),
    route("PATCH", "/users/{id}", "updateUser", "Change an account and its roles")
        .needs("admin.users")
        .body("UserPatch")
        .gives(200, "User")
        .codes(ADMINISTERS)
        .more("last_administrator"),
    user_action(
        "/users/{id}/actions/disable",
        "disableUser",
        "Disable an account; its sessions and tokens end",
        "DisableUser",
    )
    .more("last_administrator"),
    user_action("/users/{id}/actions/enable", "enableUser", "Enable an account", "Plain"),
    user_action("/users/{id}/actions/anonymise", "anonymiseUser", "Forget name and address, for ever", "Plain")
        .more("last_administrator"),
    user_action("/users/{id}/actions/sign-out", "signOutUser", "End all sessions and tokens of an account", "Plain"),
    user_action("/users/{id}/actions/invite", "inviteUser", "Make a link to choose a password by, told once", "Plain")
        .gives(200, "Invitation"),
    route("POST", "/groups", "createGroup", "Make a group")
        .needs("admin.users")
        .body("NewGroup")
        .gives(201, "Group")
        .codes(KEYED),
    route("PATCH", "/groups/{id}", "updateGroup", "Change a group, its members, what it insists on")
        .needs("admin.users")
        .body("GroupPatch")
        .gives(200, "Group")
        .codes(ADMINISTERS),
    route("DELETE", "/groups/{id}", "deleteGroup", "Take a group away")
        .needs("admin.users")
        .query("version:integer")
        .gives(204, "")
        .codes(ADMINISTERS)
        .more("in_use"),
    route("POST", "/entities", "createEntity", "Make an entity below another one")
        .needs("admin.entities")
        .body("NewEntity")
        .gives(201, "Entity")
        .codes(KEYED),
    route("PATCH", "/entities/{id}", "updateEntity", "Rename an entity, or move it with all below it")
        .needs("admin.entities")
        .body("EntityPatch")
        .gives(200, "Entity")
        .codes(ADMINISTERS),
    route("DELETE", "/entities/{id}", "deleteEntity", "Take an empty entity away")
        .needs("admin.entities")
        .query("version:integer")
        .gives(204, "")
        .codes(ADMINISTERS)
        .more("in_use"),
    route("GET", "/roles", "listRoles", "Roles, the shipped ones first")
        .needs("admin.users")
        .query(listed!("count:boolean"))
        .gives(200, "Role[]"),
    route("POST", "/roles", "createRole", "Make a role; without capabilities it is a copy")
        .needs("admin.users")
        .body("NewRole")
        .gives(201, "Role")
        .codes(KEYED),
    route("PATCH", "/roles/{id}", "updateRole", "Change a copy; the answer says who gains or loses what")
        .needs("admin.users")
        .body("RolePatch")
        .gives(200, "Role")
        .codes(ADMINISTERS)
        .more("last_administrator"),
    route("DELETE", "/roles/{id}", "deleteRole", "Take a copy away that nobody has")
        .needs("admin.users")
        .query("version:integer")
        .gives(204, "")
        .codes(ADMINISTERS)
        .more("in_use"),
    route("GET", "/roles/why", "why", "Whether somebody may do something, and by which roles")
        .needs("admin.users")
        .query("user*:uuid capability*:string ticket:integer")
        .gives(200, "Why"),
];
