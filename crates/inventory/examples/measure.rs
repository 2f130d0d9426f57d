//! Measures each collector on this machine: `cargo run --release -p assay-inventory --example measure`.
//!
//! Prints milliseconds, the best of ten runs, and what was found. No test, because times depend on the machine.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use assay_host::{Host, HostError, RootedHost};
use assay_inventory::dpkg::status::Layout;
use assay_inventory::{dpkg, kernel, packages, processes, processor, sockets};

const RUNS: u32 = 10;

fn main() -> Result<(), HostError> {
    let host = RootedHost::live()?;
    measure("read and parse dpkg's status", || {
        let status = host.read("/var/lib/dpkg/status", 1 << 27).unwrap_or_default();
        format!("{} stanzas", dpkg::status::parse(&status, Layout::Database).packages.len())
    });
    measure("dpkg, with role and origin", || {
        let collected = dpkg::collect(&host, "debian");
        let packages = collected.facts.unwrap_or_default().packages;
        let mut origins: BTreeMap<String, u32> = BTreeMap::new();
        for package in &packages {
            *origins.entry(format!("{:?}", package.origin)).or_default() += 1;
        }
        format!("{} packages, {} problems, {origins:?}", packages.len(), collected.problems.len())
    });
    measure("owners of 3 paths, one unowned", || {
        let wanted: BTreeSet<String> =
            ["/usr/bin/ls", "/usr/sbin/zic", "/opt/none"].into_iter().map(str::to_owned).collect();
        let owners = dpkg::owners::collect(&host, &wanted).facts.unwrap_or_default();
        format!("{:?}", wanted.iter().map(|path| owners.package_of(path)).collect::<Vec<_>>())
    });
    measure("kernel", || format!("{:?}", kernel::collect(&host)));
    measure("processor", || {
        let processor = processor::collect(&host).facts.unwrap_or_default();
        format!("{}, {} flags", processor.architecture, processor.flags.len())
    });
    measure("processes", || {
        let collected = processes::collect(&host, &BTreeMap::new());
        let facts = collected.facts.unwrap_or_default();
        let replaced: Vec<&str> =
            facts.mapped_files.iter().filter(|file| file.replaced).map(|file| file.path.as_str()).collect();
        format!(
            "{} processes, {} mapped files, replaced {replaced:?}, problems {:?}",
            facts.processes.len(),
            facts.mapped_files.len(),
            collected.problems
        )
    });
    measure("sockets", || {
        let collected = sockets::collect(&host).collected;
        format!("{:?}, problems {:?}", collected.facts.unwrap_or_default().listening, collected.problems)
    });
    let databases = packages::Databases::find(&host, None);
    measure("packages and repositories", || {
        let collected = packages::collect(&host, "debian", &databases);
        let facts = collected.facts.unwrap_or_default();
        format!("{} packages, {:?}, problems {:?}", facts.packages.len(), facts.repositories, collected.problems)
    });
    let processes = processes::collect(&host, &BTreeMap::new());
    measure("owners of all mapped files", || {
        let mut processes = processes.clone();
        packages::assign(&host, databases.own, &mut [&mut processes]);
        let files = processes.facts.unwrap_or_default().mapped_files;
        format!("{} of {} files", files.iter().filter(|file| file.package.is_some()).count(), files.len())
    });
    Ok(())
}

fn measure(what: &str, mut run: impl FnMut() -> String) {
    let mut best = f64::INFINITY;
    let mut found = String::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        found = run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{:9.3} ms  {what}: {found}", best * 1000.0);
}
