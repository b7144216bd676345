//! `guichet demo`: a believable desk, or any size of it.

use service::demo;

use crate::config::Options;

/// Demo data.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Do nothing when the database already has people.
    #[arg(long)]
    if_empty: bool,
    /// Generate this many tickets besides the desk.
    #[arg(long, default_value_t = 0)]
    tickets: u64,
    /// Generate this many occurrences on them.
    #[arg(long, default_value_t = 0)]
    occurrences: u64,
    /// Generate this many customers besides those of the desk.
    #[arg(long, default_value_t = 0)]
    customers: u64,
    /// Generate this many occurrences about them.
    #[arg(long, default_value_t = 0)]
    customer_occurrences: u64,
    /// The same seed makes the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Loads the desk.
pub(super) async fn run(options: &Options, wanted: Demo) -> anyhow::Result<()> {
    let services = options.open(options.listen).await?;
    let is_empty = demo::is_empty(&services).await?;
    if !is_empty && wanted.tickets == 0 && wanted.customers == 0 {
        if wanted.if_empty {
            println!("The database has people already; nothing was loaded.");
            print_accounts();
            return Ok(());
        }
        anyhow::bail!("the database has people already; demo data is only loaded into an empty one");
    }
    if is_empty {
        let summary = demo::load_desk(&services, wanted.seed).await?;
        println!("Demo desk: {} tickets, {} occurrences.", summary.tickets, summary.occurrences);
        print_accounts();
    }
    if wanted.tickets > 0 {
        demo::scale::generate(&services, wanted.tickets, wanted.occurrences, wanted.seed, |done| {
            println!("{done} tickets")
        })
        .await?;
    }
    if wanted.customers > 0 {
        let (count, occurrences) = (wanted.customers, wanted.customer_occurrences);
        demo::scale::generate_customers(&services, count, occurrences, wanted.seed, |done| {
            println!("{done} customers")
        })
        .await?;
    }
    services.db.close().await?;
    Ok(())
}

fn print_accounts() {
    println!("Accounts (password: {}):", demo::PASSWORD);
    for key in ["admin", "supervisor1", "tech1", "tech2", "observer1", "requester1", "requester2"] {
        println!("  {key}@demo.guichet.test");
    }
}
