//! Files of tickets (T-DOC): what the tab "Documents" asks of the server.

pub mod server_fns;
