//! Figures: of one ticket (T-STT-01), and of a period (T-STT-02).
//!
//! Belongs here: reading stored times under the rights of the reader, within bounds that do not grow with the desk. Does not
//! belong here: the arithmetic (`domain::statistics`), pictures (`app`).

mod averages;
mod breakdown;
mod dashboard;
mod period;
mod ticket;

pub use breakdown::OTHERS;
pub use dashboard::{dashboard, export};
pub use ticket::of_ticket;

/// Whole minutes of some seconds.
const fn minutes(seconds: i64) -> i64 {
    seconds / 60
}
