//! Commands of the binary.

mod bench;
mod demo;
mod roles;
mod serve;
mod user;

use anyhow::Context as _;
use migration::{Migrator, MigratorTrait as _};

use crate::config::Options;
use crate::site::Packed;

/// Guichet, the service desk.
#[derive(Debug, clap::Parser)]
#[command(name = "guichet", version, about)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Serves the desk; migrates first.
    Serve,
    /// Brings the schema up to date, or takes migrations back.
    Migrate(Migrate),
    /// Loads the demo desk, or generates any size of it.
    Demo(demo::Demo),
    /// Adds a person, or gives him a new password.
    User(user::User),
    /// Makes a token of the REST API for a person.
    Token(user::Token),
    /// Prints the shipped roles and their capabilities.
    Roles,
    /// Measures the hot paths on the present data.
    Bench(bench::Bench),
    /// Checks the integrity of the data; changes nothing.
    Fsck,
    /// Makes the search index anew.
    Reindex,
}

/// Migrations.
#[derive(Debug, clap::Args)]
pub struct Migrate {
    /// Take this many migrations back instead.
    #[arg(long)]
    down: Option<u32>,
}

/// Runs a command.
///
/// # Errors
/// What went wrong, for a person to read.
pub async fn run(cli: Cli, site: &Packed) -> anyhow::Result<()> {
    let options = cli.options;
    match cli.command {
        Command::Serve => serve::run(&options, site).await,
        Command::Migrate(migrate) => {
            let db = options.connect().await?;
            match migrate.down {
                Some(steps) => Migrator::down(db.writer(), Some(steps)).await.context("migrations down")?,
                None => Migrator::up(db.writer(), None).await.context("migrations up")?,
            }
            println!("schema is up to date");
            Ok(())
        }
        Command::Demo(demo) => demo::run(&options, demo).await,
        Command::User(user) => user::run(&options, user).await,
        Command::Token(token) => user::token(&options, token).await,
        Command::Roles => {
            roles::print();
            Ok(())
        }
        Command::Bench(bench) => bench::run(&options, site, bench).await,
        Command::Fsck => {
            let services = options.open(options.listen).await?;
            let findings = service::fsck::check(&services).await?;
            for finding in &findings {
                println!("{finding:?}");
            }
            println!("{} findings", findings.len());
            if findings.is_empty() { Ok(()) } else { anyhow::bail!("the data has defects") }
        }
        Command::Reindex => {
            let services = options.open(options.listen).await?;
            println!("{} entries indexed", service::search::rebuild(&services).await?);
            Ok(())
        }
    }
}
