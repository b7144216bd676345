//! `guichet roles`: the shipped matrix, as it is in force.

use domain::policy::{Capability, ShippedRole, capabilities};

/// Prints one line per capability with the marks of the five roles.
pub(super) fn print() {
    println!("{:<40} {}", "capability", ShippedRole::ALL.map(ShippedRole::key).join(" "));
    for capability in Capability::ALL {
        let marks = ShippedRole::ALL.map(|role| {
            let mark = if capabilities(role).contains(*capability) { "x" } else { "-" };
            format!("{mark:<width$}", width = role.key().len())
        });
        let portal = if capability.is_portal() { " P" } else { "" };
        println!("{:<40} {}", format!("{}{portal}", capability.name()), marks.join(" "));
    }
}
