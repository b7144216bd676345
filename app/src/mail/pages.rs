//! Pages of outgoing mails.

pub mod outgoing;
pub mod unsubscribe;
