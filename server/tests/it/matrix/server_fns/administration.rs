//! Rows of the table about what administrators set up: access, settings, outgoing mail, lists, templates.

use super::{Row, UNKNOWN};
use crate::matrix::Out::{Forbidden, NotFound, Ok, Refused, Unauthenticated as Nobody};
use crate::matrix::Outs;

/// Settings are for those who may set them.
const SETTERS_ELSE_404: Outs = [Nobody, NotFound, NotFound, NotFound, NotFound, Ok];
/// Templates are for those who hold the right to them.
const TEMPLATES_ELSE_404: Outs = [Nobody, NotFound, NotFound, NotFound, Ok, Ok];
/// Access is administered by holders of `admin.users` and `admin.entities`.
const ADMINS: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, Ok];
/// The fields are wrong, or the object does not exist.
const ADMINS_ONLY: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, Refused];
const ADMINS_ELSE_403: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, NotFound];

pub(super) const ROWS: &[Row] = &[
    ("admin_users", &[("query[q]", "tech")], ADMINS),
    ("admin_user", &[("id", "{public}")], ADMINS_ELSE_403),
    ("save_user", &[("form[id]", "{public}"), ("form[name]", "Eve"), ("form[email]", "eve@example.org")], ADMINS_ONLY),
    ("save_assignment", &[("form[user]", "{public}"), ("form[remove]", "{public}")], ADMINS_ELSE_403),
    ("run_user_command", &[("form[id]", "{public}"), ("form[command]", "disable")], ADMINS_ELSE_403),
    ("admin_groups", &[("q", ""), ("cursor", "")], ADMINS),
    ("admin_group", &[("id", "{public}")], ADMINS_ELSE_403),
    ("save_group", &[("form[id]", ""), ("form[name]", "")], ADMINS_ONLY),
    ("change_member", &[("form[group]", "{public}"), ("form[user]", "{public}")], ADMINS_ELSE_403),
    ("delete_group", &[("id", "{public}"), ("version", "1")], ADMINS_ELSE_403),
    ("admin_roles", &[], ADMINS),
    ("admin_role", &[("id", "{public}"), ("compare", "")], ADMINS_ELSE_403),
    ("save_role", &[("form[id]", "{public}"), ("form[name]", "Crew")], ADMINS_ELSE_403),
    ("delete_role", &[("id", "{public}"), ("version", "1")], ADMINS_ELSE_403),
    ("why_may", &[("form[user]", "ghost@example.org"), ("form[capability]", "ticket.take")], ADMINS_ONLY),
    ("admin_entities", &[], ADMINS),
    ("save_entity", &[("form[id]", "{public}"), ("form[name]", "Rio")], ADMINS_ELSE_403),
    ("delete_entity", &[("id", "{public}"), ("version", "1")], ADMINS_ELSE_403),
    ("audit_log", &[("filter[kind]", "setting_changed")], [Nobody, Forbidden, Ok, Forbidden, Forbidden, Ok]),
    ("settings_page", &[("entity", "")], SETTERS_ELSE_404),
    (
        "save_setting",
        &[("form[entity]", "{brasil}"), ("form[key]", "portal.cancel"), ("form[value]", "false")],
        SETTERS_ELSE_404,
    ),
    ("settings_warnings", &[], SETTERS_ELSE_404),
    // No mail server is configured here: whoever may test it is told so.
    ("test_mail", &[("entity", "")], [Nobody, NotFound, NotFound, NotFound, NotFound, Refused]),
    ("outgoing_mail", &[("query[state]", "failed")], SETTERS_ELSE_404),
    // Mails that do not exist: whose right it is is told by the tests of the use case.
    ("send_outgoing_again", &[("form[mail]", "{public}"), ("form[back]", "/settings/mail")], UNKNOWN),
    ("give_mail_up", &[("form[mail]", "{public}"), ("form[back]", "/settings/mail")], UNKNOWN),
    ("edited_list", &[("list", "locations"), ("entity", "")], [Nobody, NotFound, NotFound, NotFound, Ok, Ok]),
    (
        "edited_list_row",
        &[("list", "locations"), ("id", "{public}")],
        [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "save_list_row",
        &[("form[list]", "locations"), ("form[entity]", "{brasil}"), ("form[names][en]", "Floor {number}")],
        [Nobody, Forbidden, Forbidden, Forbidden, Ok, Ok],
    ),
    // Rows that do not exist.
    (
        "move_list_row",
        &[("form[list]", "locations"), ("form[id]", "{public}"), ("form[up]", "true")],
        [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "remove_list_row",
        &[("form[list]", "locations"), ("form[id]", "{public}")],
        [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("template_list", &[("kind", "replies")], TEMPLATES_ELSE_404),
    ("template_form", &[("id", ""), ("kind", "replies"), ("ticket", ""), ("language", "")], TEMPLATES_ELSE_404),
    (
        "save_template",
        &[
            ("form[kind]", "replies"),
            ("form[entity]", "{brasil}"),
            // Names are unique, tickets have one number each.
            ("form[name]", "Reply {number}"),
            ("form[text_en]", "We look at it."),
        ],
        TEMPLATES_ELSE_404,
    ),
    // Templates that do not exist.
    ("remove_template", &[("id", "{public}")], UNKNOWN),
];
