//! The parts of the page.

pub(crate) mod control;
pub(crate) mod mail_server;
pub(crate) mod row;
