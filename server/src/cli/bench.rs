//! `guichet bench`: the hot paths on the present data, with the machine they were measured on.

mod memory;
mod pages;
mod streams;

use std::fmt::Display;

use service::bench::{self, BenchOptions, BenchRow};

use crate::config::Options;
use crate::site::{Packed, Site};

/// Measures.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// Reads of each kind.
    #[arg(long, default_value_t = 200)]
    reads: usize,
    /// Writers at once.
    #[arg(long, default_value_t = 8)]
    writers: usize,
    /// Writes in all.
    #[arg(long, default_value_t = 400)]
    writes: usize,
    /// Solved tickets that are due to be closed by themselves at once; 0 closes none.
    #[arg(long, default_value_t = 10_000)]
    closings: usize,
    /// Seconds of 100 mails each; 0 sends none.
    #[arg(long, default_value_t = 20)]
    mail_seconds: usize,
    /// Clients that hold an event stream open, at most 2 500; 0 opens none. Two open files for each.
    #[arg(long, default_value_t = 2_000)]
    streams: usize,
}

/// Prints the tables.
pub(super) async fn run(options: &Options, packed: &Packed, wanted: Bench) -> anyhow::Result<()> {
    let services = options.open(options.listen).await?;
    let writes = wanted.writes.div_ceil(wanted.writers.max(1));
    let sizes = BenchOptions { reads: wanted.reads, writers: wanted.writers, writes, closings: wanted.closings };
    let rows = bench::run(&services, sizes).await?;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{:?}, {cores} cores\n{}", services.db.engine(), bench::table(&rows));
    let site = || Site::new(packed, options.site_dir.clone());
    show("pages of requesters", pages::measure(&services, site()).await);
    show("mails", bench::mails(&services, wanted.mail_seconds).await);
    show("event streams", streams::measure(&services, site(), wanted.streams).await);
    services.db.close().await?;
    Ok(())
}

/// A part that cannot be measured does not take the others their figures.
fn show<E: Display>(part: &str, measured: Result<Vec<BenchRow>, E>) {
    match measured {
        Ok(rows) if rows.is_empty() => {}
        Ok(rows) => println!("{}", bench::table(&rows)),
        Err(error) => println!("{part}: NOT MEASURED: {error:#}\n"),
    }
}
