//! Times a fleet: every host judged by a whole database, then one new advisory against every stored inventory,
//! one by one and in a `Fleet`;
//! `bench/run fleet` prints what this prints.
//!
//! Usage: `fleet DATABASE HOSTS`. The hosts have 2,000 packages each, in the proportions of a real fleet: nine tenths are
//! the same on every host of a kind (there are 40 kinds), the rest differs, and a tenth of the versions is one or two
//! updates behind.

// An example prints, and a wrong argument may end it.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::Instant;

use assay_advisory::Database;
use assay_advisory::matcher::{Fleet, Inventory, WhyNot, explain, judge};
use assay_model::evidence::package::{Package, PackageOrigin, Packages};

const PACKAGES: usize = 2_000;
const KINDS: usize = 40;

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let path = PathBuf::from(arguments.next().unwrap());
    let hosts: usize = arguments.next().unwrap().into_string().unwrap().parse().unwrap();
    let database = Database::open(&path).unwrap();
    let names = names(&database);
    let start = Instant::now();
    let affected: usize = std::thread::scope(|scope| {
        let judging = (0..2).map(|half| {
            let (database, names) = (&database, &names);
            scope.spawn(move || {
                let of_half = (0..hosts).filter(|host| host % 2 == half);
                of_half.map(|host| count(database, &inventory(names, host))).sum::<usize>()
            })
        });
        judging.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let whole = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let fleets: Vec<Fleet> = std::thread::scope(|scope| {
        let building = (0..2).map(|half| {
            let names = &names;
            scope.spawn(move || {
                let mut fleet = Fleet::new();
                for host in (0..hosts).filter(|host| host % 2 == half) {
                    fleet.add(&Inventory::of_packages(&inventory(names, host), None));
                }
                fleet
            })
        });
        building.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let built = start.elapsed().as_secs_f64();
    let resident = resident();
    let ids: Vec<&str> = names
        .iter()
        .filter_map(|name| database.advisories_of_package(name).unwrap().first().map(|first| first.id))
        .step_by(20)
        .collect();
    // The plain way takes its time from a sample, as the inventories themselves would take 30 GB.
    let sample: Vec<Packages> = (0..hosts.min(1_000)).map(|host| inventory(&names, host)).collect();
    let id = ids.first().unwrap();
    let start = Instant::now();
    let is_hit = |packages: &&Packages| {
        let reason = explain(&database, &Inventory::of_packages(packages, None), id).unwrap();
        matches!(reason, WhyNot::Affected(_))
    };
    let hit: usize = std::thread::scope(|scope| {
        let halves = sample.chunks(sample.len().div_ceil(2));
        let judging = halves.map(|half| scope.spawn(|| half.iter().filter(is_hit).count()));
        judging.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let plain = start.elapsed().as_secs_f64() / sample.len() as f64 * hosts as f64;
    let mut times: Vec<f64> = ids.iter().map(|id| ask(&fleets, &database, id).0).collect();
    times.sort_by(f64::total_cmp);
    let (median, longest) = (times.get(times.len() / 2).unwrap(), times.last().unwrap());
    let (_, affected_by_first) = ask(&fleets, &database, id);
    println!("{whole} {affected} {built} {resident} {plain} {hit} {median} {longest} {affected_by_first}");
}

/// How long one advisory takes against all hosts, and how many of them are affected.
fn ask(fleets: &[Fleet], database: &Database, id: &str) -> (f64, usize) {
    let start = Instant::now();
    let affected = std::thread::scope(|scope| {
        let asking = fleets.iter().map(|fleet| {
            scope.spawn(|| {
                let answer = fleet.explain(database, id).unwrap();
                answer.reasons().filter(|reason| matches!(reason, WhyNot::Affected(_))).count()
            })
        });
        asking.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    (start.elapsed().as_secs_f64(), affected)
}

/// The memory that the process holds, in MiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

fn count(database: &Database, packages: &Packages) -> usize {
    judge(database, &Inventory::of_packages(packages, None)).unwrap().affected().count()
}

/// The packages that the database knows, and as many again that it does not.
fn names(database: &Database) -> Vec<String> {
    let known = (0..PACKAGES).map(|number| format!("package{number}"));
    let mut names: Vec<String> = database_names(database);
    names.truncate(PACKAGES);
    names.extend(known);
    names.truncate(PACKAGES + PACKAGES / 4);
    names
}

/// Names of packages with advisories, found by asking for those of the most common letters.
fn database_names(database: &Database) -> Vec<String> {
    database.packages().unwrap().into_iter().map(str::to_owned).collect()
}

fn inventory(names: &[String], host: usize) -> Packages {
    let kind = host % KINDS;
    let packages = (0..PACKAGES).map(|index| {
        let seed = if index % 10 == 9 { host * 31 + index } else { kind * 7 + index };
        let name = names.get((seed * 13 + index) % names.len()).unwrap();
        let behind = (host + index).is_multiple_of(10);
        let version = if behind { "1:0.9-1" } else { "9:99-1" };
        Package { origin: PackageOrigin::Distribution, ..Package::installed(name.as_str(), version, "amd64") }
    });
    Packages { format: "dpkg".to_owned(), packages: packages.collect(), repositories: Vec::new() }
}
