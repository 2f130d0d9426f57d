//! Measures the walk for libraries: `cargo run --release -p assay-inventory --example libraries -- ROOT [list]`.
//!
//! Prints milliseconds, the best of five runs, how many libraries of each ecosystem were found, the problems, and the
//! peak of memory. No test, because times depend on the machine; `bench/run libraries` compares them with find(1).

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use assay_host::{Host as _, HostError, RootedHost};
use assay_inventory::libraries;

const RUNS: u32 = 5;

fn main() -> Result<(), HostError> {
    let host = match std::env::args_os().nth(1).map(PathBuf::from) {
        Some(root) => RootedHost::root_directory(&root)?,
        None => RootedHost::live()?,
    };
    let is_listed = std::env::args_os().nth(2).is_some_and(|word| word == "list");
    let mut best = f64::INFINITY;
    for run in 1..=RUNS {
        let start = Instant::now();
        let collected = libraries::collect(&host);
        best = best.min(start.elapsed().as_secs_f64());
        if run < RUNS {
            continue;
        }
        let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
        for library in collected.facts.iter().flat_map(|facts| &facts.libraries) {
            *counts.entry((library.ecosystem.to_string(), format!("{:?}", library.kind))).or_default() += 1;
        }
        println!("{:9.1} ms  {counts:?}", best * 1000.0);
        for library in collected.facts.iter().flat_map(|facts| &facts.libraries).filter(|_| is_listed) {
            println!("{}\t{}\t{}\t{}", library.ecosystem, library.name, library.version, library.location);
        }
        for problem in collected.problems {
            println!("{:?} {}: {}", problem.kind, problem.subject, problem.detail);
        }
    }
    let status = RootedHost::live()?.read("/proc/self/status", 1 << 20)?;
    let status = String::from_utf8_lossy(&status);
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    Ok(())
}
