//! `guichet bench`: the hot paths on the present data, with the machine they were measured on.

use service::bench::{self, BenchOptions};

use crate::config::Options;

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
}

/// Prints the table.
pub(super) async fn run(options: &Options, wanted: Bench) -> anyhow::Result<()> {
    let services = options.open(options.listen).await?;
    let writes = wanted.writes.div_ceil(wanted.writers.max(1));
    let options = BenchOptions { reads: wanted.reads, writers: wanted.writers, writes };
    let rows = bench::run(&services, options).await?;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{:?}, {cores} cores\n{}", services.db.engine(), bench::table(&rows));
    services.db.close().await?;
    Ok(())
}
