//! Commands on tickets × roles, straight from the matrix of capabilities.

use domain::forms::Command;
use domain::policy::{Capability, ShippedRole, capabilities};

use super::Out::{Allowed, Forbidden};
use super::{judge, nothing};
use crate::support::{Desk, ROLES, Story};

/// The capability a command needs (tickets.md section 2).
const fn needed(command: Command) -> Capability {
    match command {
        Command::Take | Command::GiveBack => Capability::TicketTake,
        Command::Assign => Capability::TicketAssign,
        Command::Delegate => Capability::TicketDelegate,
        Command::Reclassify => Capability::TicketReclassify,
        Command::ChangeSla => Capability::TicketChangeSla,
        Command::Suspend => Capability::TicketSuspend,
        Command::Reactivate => Capability::TicketReactivate,
        Command::Close => Capability::TicketClose,
        Command::Reopen => Capability::TicketReopen,
        Command::Cancel => Capability::TicketCancel,
        Command::Delete => Capability::TicketDelete,
        Command::Restore => Capability::TicketRestore,
        Command::Purge => Capability::TicketPurge,
    }
}

#[tokio::test]
async fn every_command_is_for_the_roles_that_hold_its_capability() {
    let desk = Desk::new().await;
    let tech2 = desk.world.user("tech2").await;
    let mut findings = Vec::new();
    for command in Command::ALL {
        for (role, who) in ShippedRole::ALL.into_iter().zip(ROLES) {
            // The requester side reopens by state and settings, not by a capability (T-STA-24).
            if *command == Command::Reopen && role == ShippedRole::Requester {
                continue;
            }
            let story = Story::tell(&desk).await;
            let number = story.number.to_string();
            let mut fields = vec![
                ("form[number]", number.as_str()),
                ("form[command]", command.as_str()),
                ("form[reason]", "because"),
                ("form[confirm]", number.as_str()),
            ];
            match command {
                Command::Delegate => fields.push(("form[to]", tech2.as_str())),
                Command::Assign => fields.push(("form[add][0]", tech2.as_str())),
                Command::Reclassify => fields.push(("form[kind]", "request")),
                _ => {}
            }
            let answer = desk.call("run_command", &fields, who).await;
            let expected = if capabilities(role).contains(needed(*command)) { Allowed } else { Forbidden };
            findings.extend(judge(command.as_str(), who, expected, &answer));
        }
    }
    nothing(&findings);
}
