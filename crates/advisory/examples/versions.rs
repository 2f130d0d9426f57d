//! Times comparing versions by every order, in million comparisons a second; `bench/run versions` prints it.
//!
//! Usage: `versions FOLDER`, where FOLDER holds OSV-SCALIBR's lists of versions that its ecosystems really have. Each
//! version is compared with the next hundred of its list: first both parsed before, then from text.

// An example prints, and a wrong argument may end it.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::Instant;

use assay_advisory::version::{Version, VersionOrder};

const LISTS: [(VersionOrder, &str); 11] = [
    (VersionOrder::Dpkg, "debian-versions-generated.txt"),
    (VersionOrder::Rpm, "redhat-versions.txt"),
    (VersionOrder::Apk, "alpine-versions-generated.txt"),
    (VersionOrder::Pep440, "pypi-versions-generated.txt"),
    (VersionOrder::Npm, "semver-versions.txt"),
    (VersionOrder::Go, "semver-versions.txt"),
    (VersionOrder::Semver, "semver-versions.txt"),
    (VersionOrder::Maven, "maven-versions-generated.txt"),
    (VersionOrder::RubyGems, "rubygems-versions-generated.txt"),
    (VersionOrder::Composer, "packagist-versions-generated.txt"),
    (VersionOrder::NuGet, "nuget-versions.txt"),
];
const NEIGHBOURS: usize = 100;
const PAIRS: usize = 1_000_000;

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap());
    for (order, list) in LISTS {
        let text = std::fs::read_to_string(folder.join(list)).unwrap();
        let words = text.lines().filter(|line| !line.starts_with(['#', '/'])).flat_map(str::split_whitespace);
        let versions: Vec<Version<'_>> = words.flat_map(|word| order.parse(word)).collect();
        let pairs = || {
            let near = |index| versions.iter().cycle().skip(index).take(NEIGHBOURS);
            let all =
                versions.iter().enumerate().flat_map(move |(index, left)| near(index).map(move |right| (left, right)));
            std::iter::repeat_with(move || all.clone()).flatten().take(PAIRS)
        };
        let parsed = rate(pairs().map(|(left, right)| left.compare(right).unwrap().is_lt()));
        let from_text = rate(pairs().map(|(left, right)| order.compare(left.text(), right.text()).unwrap().is_lt()));
        println!("{order} {parsed:.1} {from_text:.1}");
    }
}

/// Million items a second.
fn rate(items: impl Iterator<Item = bool>) -> f64 {
    let start = Instant::now();
    let count = items.map(std::hint::black_box).count();
    count as f64 / start.elapsed().as_secs_f64() / 1e6
}
