//! Times opening a compiled database and judging 2,000 packages by it; `bench/run matching` prints what this prints.
//!
//! Usage: `matching DATABASE ROOT`, where ROOT is a root directory whose packages are repeated up to 2,000.

// An example prints, and a wrong argument may end it.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use assay_advisory::Database;
use assay_advisory::matcher::{Inventory, judge};
use assay_host::RootedHost;

const PACKAGES: usize = 2_000;
const RUNS: usize = 50;

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (path, root) = (arguments.next().unwrap(), arguments.next().unwrap());
    let host = RootedHost::root_directory(&root).unwrap();
    let mut packages = assay_inventory::dpkg::collect(&host, "debian").facts.unwrap();
    packages.packages = packages.packages.into_iter().cycle().take(PACKAGES).collect();
    let open = median((0..RUNS).map(|_| time(|| Database::open(&path).unwrap())));
    let database = Database::open(&path).unwrap();
    let judged =
        median((0..RUNS).map(|_| time(|| judge(&database, &Inventory::of_packages(&packages, None)).unwrap())));
    println!("{} {}", open.as_secs_f64(), judged.as_secs_f64());
}

fn time<T>(action: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = action();
    let elapsed = start.elapsed();
    drop(result);
    elapsed
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
