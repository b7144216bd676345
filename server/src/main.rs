//! The one binary of Guichet.

use clap::Parser as _;

fn main() -> anyhow::Result<()> {
    server::config::refuse_unknown_variables()?;
    let command = server::cli::Cli::parse();
    server::config::start_logging(&command.options)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(server::cli::run(command))
}
