//! A made-up feed of Debian's size whose answer is known because of how it is made.
//!
//! The shares are those of the shared tool `mkfeed.py`: most entries never affected, some fixed in exactly the installed
//! version, in a later one, in an earlier one, some open. No version is compared to know the answer.

use std::collections::{BTreeMap, BTreeSet};

use assay_advisory::matcher::{Inventory, Status, judge};
use assay_model::evidence::package::{Package, PackageRole, Packages};
use serde_json::{Map, Value, json};

use crate::support::{Pair, affected_pairs, compile, packages_of_status, pairs_of, read_shared};

pub(crate) struct MadeUp {
    pub(crate) json: String,
    /// Pairs that a right matcher reports.
    pub(crate) affected: BTreeSet<Pair>,
    /// Pairs of packages without code of the kernel.
    pub(crate) no_kernel_code: BTreeSet<Pair>,
    /// Pairs that cannot be decided.
    pub(crate) unknown: BTreeSet<Pair>,
}

/// xorshift64: the same feed on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

pub(crate) fn generate(packages: &Packages, entries: u32, seed: u64) -> MadeUp {
    let mut dice = Dice(seed);
    let mut installed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages.packages.iter().filter(|package| package.state.has_files()) {
        installed.entry(&package.source_name).or_default().insert(&package.source_version);
    }
    // A source that is installed in two versions has no answer without comparing them.
    let sources: Vec<(&str, &str)> = installed
        .iter()
        .filter(|(source, versions)| {
            versions.len() == 1 && !source.ends_with("-signed") && !source.contains("-signed-")
        })
        .map(|(source, versions)| (*source, *versions.first().unwrap()))
        .collect();
    let mut feed: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut open_to: BTreeMap<&str, Vec<(String, Answer)>> = BTreeMap::new();
    for index in 0..entries {
        let id = format!("CVE-{}-{}", 2002 + index % 24, 10_000 + index);
        // A quarter of the entries is about what is installed, the rest about 26,000 other source packages.
        if dice.below(4) != 0 {
            let other = format!("other{}", dice.below(26_000));
            feed.entry(other).or_default().insert(id, release(&json!({"status": "open"})));
            continue;
        }
        let (source, version) = sources[dice.below(sources.len() as u64) as usize];
        let (state, answer) = match dice.below(100) {
            0..75 => (json!({"status": "resolved", "fixed_version": "0"}), Answer::Sound),
            75..85 => (json!({"status": "resolved", "fixed_version": version}), Answer::Sound),
            85..90 => (json!({"status": "resolved", "fixed_version": format!("{version}+deb12u99")}), Answer::Affected),
            90..94 => (json!({"status": "resolved", "fixed_version": format!("{version}~bpo1")}), Answer::Sound),
            94..97 => (json!({"status": "open", "nodsa": "Minor issue", "nodsa_reason": ""}), Answer::Affected),
            97..99 => (json!({"status": "open", "urgency": "unimportant"}), Answer::Affected),
            _ => (json!({"status": "undetermined"}), Answer::Unknown),
        };
        feed.entry(source.to_owned()).or_default().insert(id.clone(), release(&state));
        open_to.entry(source).or_default().push((id, answer));
    }
    let mut made_up = MadeUp {
        json: serde_json::to_string(&feed).unwrap(),
        affected: BTreeSet::new(),
        no_kernel_code: BTreeSet::new(),
        unknown: BTreeSet::new(),
    };
    let is_backport = |package: &Package| package.version.contains("~bpo");
    for package in packages.packages.iter().filter(|package| package.state.has_files() && !is_backport(package)) {
        for (id, answer) in open_to.get(package.source_name.as_str()).into_iter().flatten() {
            let holds_kernel_code = !matches!(package.role, PackageRole::KernelCompanion | PackageRole::KernelMeta);
            let set = match answer {
                Answer::Sound => continue,
                _ if !holds_kernel_code => &mut made_up.no_kernel_code,
                Answer::Affected => &mut made_up.affected,
                Answer::Unknown => &mut made_up.unknown,
            };
            set.insert((package.name.clone(), id.clone()));
        }
    }
    made_up
}

enum Answer {
    Sound,
    Affected,
    Unknown,
}

fn release(state: &Value) -> Value {
    json!({"description": "A made-up issue.", "releases": {"bookworm": state}})
}

#[test]
fn the_known_answer_is_given() {
    let packages = packages_of_status(&read_shared("hosts/debian-12.11/dpkg-status.xz"));
    let made_up = generate(&packages, 45_000, 7);
    let database = compile(&made_up.json, "bookworm");
    database.verify().unwrap();
    let judgement = judge(&database, &Inventory::of_packages(&packages, None)).unwrap();
    assert!(made_up.affected.len() > 1000, "{} affected", made_up.affected.len());
    assert!(!made_up.no_kernel_code.is_empty());
    assert_eq!(affected_pairs(&judgement), made_up.affected);
    assert_eq!(pairs_of(&judgement, |status| status == Status::NoKernelCode), made_up.no_kernel_code);
    assert_eq!(pairs_of(&judgement, |status| matches!(status, Status::Unknown(_))), made_up.unknown);
}
