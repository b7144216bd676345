//! Every place and command of the shell, once: rail, bar, menu and bottom bar are drawn from it.

use domain::lang::Lang;
use domain::views::Viewer;

use crate::t::shell as t;

/// Where a command is shown besides the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// First group of the rail.
    Top,
    /// Group Assistance of the rail.
    Assistance,
    /// Group Registers of the rail: customers, and what happens to them.
    Registers,
    /// Foot of the rail.
    Foot,
    /// The bar.
    Bar,
    /// The own menu.
    Own,
}

/// A place to go to, or something to begin.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Name in code and tests.
    pub id: &'static str,
    /// Its word.
    pub word: fn(Lang) -> &'static str,
    /// Icon of the sprite.
    pub icon: &'static str,
    /// Key, `g h` = one after the other; empty = none.
    pub key: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Capability without which it is not shown, or several of which one is enough (`a|b`); empty = every agent.
    pub right: &'static str,
    /// Where it is shown.
    pub menu: Menu,
    /// Also in the bottom bar of phones.
    pub phone: bool,
}

/// All commands, in the order of the rail.
pub const COMMANDS: &[Command] = &[
    Command {
        id: "home",
        word: t::home,
        icon: "house",
        key: "g h",
        path: "/",
        right: "",
        menu: Menu::Top,
        phone: true,
    },
    Command {
        id: "tickets",
        word: t::tickets,
        icon: "ticket",
        key: "g t",
        path: "/tickets",
        right: "",
        menu: Menu::Assistance,
        phone: true,
    },
    Command {
        id: "tasks",
        word: t::my_tasks,
        icon: "list-checks",
        key: "",
        path: "/tasks",
        right: "",
        menu: Menu::Assistance,
        phone: false,
    },
    Command {
        id: "planner",
        word: t::planner,
        icon: "calendar-clock",
        key: "g p",
        path: "/planner",
        right: "",
        menu: Menu::Assistance,
        phone: false,
    },
    Command {
        id: "chat",
        word: t::chat,
        icon: "messages-square",
        key: "",
        path: "/chat",
        // The name of its setting: it stands beside the rights of those for whom it is switched on (`context`).
        right: "chat.enabled",
        menu: Menu::Assistance,
        phone: false,
    },
    Command {
        id: "requests",
        word: t::my_requests,
        icon: "hand-helping",
        key: "",
        path: "/requests",
        right: "",
        menu: Menu::Assistance,
        phone: false,
    },
    Command {
        id: "knowledge",
        word: t::knowledge,
        icon: "book-open",
        key: "g b",
        path: "/knowledge",
        right: "knowledge.view",
        menu: Menu::Assistance,
        phone: false,
    },
    Command {
        id: "approvals",
        word: t::approvals,
        icon: "badge-check",
        key: "",
        path: "/approvals",
        right: "validation.answer",
        menu: Menu::Assistance,
        phone: false,
    },
    Command {
        id: "customers",
        word: t::customers,
        icon: "building-2",
        key: "g u",
        path: "/customers",
        right: "customer.view",
        menu: Menu::Registers,
        phone: false,
    },
    Command {
        id: "customer_occurrence",
        word: t::customer_occurrence,
        icon: "notebook-pen",
        key: "",
        path: "/customer-occurrences/new",
        right: "customer.edit",
        menu: Menu::Registers,
        phone: false,
    },
    Command {
        id: "search",
        word: t::search,
        icon: "search",
        key: "/",
        path: "/search",
        right: "",
        menu: Menu::Bar,
        phone: true,
    },
    Command {
        id: "create",
        word: t::create_ticket,
        icon: "plus",
        key: "c",
        path: "/tickets/new",
        right: "ticket.create",
        menu: Menu::Bar,
        phone: true,
    },
    Command {
        id: "notifications",
        word: t::notifications,
        icon: "bell",
        key: "g n",
        path: "/notifications",
        right: "",
        menu: Menu::Bar,
        phone: true,
    },
    Command {
        id: "reports",
        word: t::statistics,
        icon: "chart-column",
        key: "",
        path: "/reports",
        right: "statistics.view",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "trash",
        word: t::trash,
        icon: "trash-2",
        key: "",
        path: "/trash",
        right: "ticket.restore",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "lists",
        word: t::lists,
        icon: "list",
        key: "",
        path: "/settings/lists",
        right: "admin.templates",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "templates",
        word: t::templates,
        icon: "layout-template",
        key: "",
        path: "/settings/templates",
        right: "admin.templates",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "access",
        word: t::access,
        icon: "users",
        key: "",
        path: "/admin",
        right: "admin.users|admin.entities",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "audit",
        word: t::audit,
        icon: "scroll-text",
        key: "",
        path: "/audit",
        right: "admin.audit",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "settings",
        word: t::settings,
        icon: "settings",
        key: "",
        path: "/settings",
        right: "admin.settings",
        menu: Menu::Foot,
        phone: false,
    },
    Command {
        id: "profile",
        word: t::profile,
        icon: "user",
        key: "",
        path: "/profile",
        right: "",
        menu: Menu::Own,
        phone: false,
    },
    Command {
        id: "drafts",
        word: t::my_drafts,
        icon: "notebook-pen",
        key: "",
        path: "/drafts",
        right: "",
        menu: Menu::Own,
        phone: false,
    },
];

/// The commands of a menu that `viewer` may use.
pub fn of_menu(menu: Menu, viewer: &Viewer) -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(move |c| c.menu == menu && may_use(c, viewer))
}

/// The commands of the bottom bar of phones.
pub fn of_phone(viewer: &Viewer) -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(move |c| c.phone && may_use(c, viewer))
}

fn may_use(command: &Command, viewer: &Viewer) -> bool {
    command.right.is_empty() || command.right.split('|').any(|right| viewer.can(right))
}

/// Pages whose address lies below another command than the one they belong to, with the id of theirs: the report of customer
/// occurrences is read among the customers, though it stands with the reports.
const ELSEWHERE: [(&str, &str); 1] = [("/reports/customer-occurrences", "customers")];

/// Whether the page at `path` belongs to the command: the deepest command that leads there.
#[must_use]
pub fn is_current(command: &Command, path: &str) -> bool {
    if let Some((_, id)) = ELSEWHERE.iter().find(|(page, _)| *page == path) {
        return *id == command.id;
    }
    let covers = |c: &Command| {
        path == c.path || (c.path != "/" && path.strip_prefix(c.path).is_some_and(|rest| rest.starts_with('/')))
    };
    let deepest = COMMANDS.iter().filter(|c| covers(c)).max_by_key(|c| c.path.len());
    deepest.is_some_and(|c| c.id == command.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_current() {
        let current = |path: &str| COMMANDS.iter().filter(|c| is_current(c, path)).map(|c| c.id).collect::<Vec<_>>();
        assert_eq!(current("/"), ["home"]);
        assert_eq!(current("/tickets"), ["tickets"]);
        assert_eq!(current("/tickets/42/history"), ["tickets"]);
        assert_eq!(current("/tickets/new"), ["create"]);
        assert_eq!(current("/admin/users/new"), ["access"]);
        assert_eq!(current("/approvals/01980000-0000-7000-8000-000000000000"), ["approvals"]);
        assert_eq!(current("/tickets/42/statistics"), ["tickets"]);
        assert_eq!(current("/reports"), ["reports"]);
        assert_eq!(current("/reports/customer-occurrences"), ["customers"]);
        assert_eq!(current("/customers/new"), ["customers"]);
        assert_eq!(current("/customer-occurrences/new"), ["customer_occurrence"]);
        assert_eq!(current("/ticketsabc"), [] as [&str; 0]);
    }
}
