//! The one binary of Guichet: the server, and the site it serves.

use clap::Parser as _;
use server::site::Packed;

include!(concat!(env!("OUT_DIR"), "/site.rs"));

fn main() -> anyhow::Result<()> {
    server::config::refuse_unknown_variables()?;
    let command = server::cli::Cli::parse();
    server::config::start_logging(&command.options)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(server::cli::run(command, &SITE))
}
