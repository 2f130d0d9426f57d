//! Databases that are cut off or damaged anywhere: what is missing is told, and nothing takes long.
//!
//! Surprising: SQLite and Berkeley DB keep no checksum of their pages, so a changed letter in a name cannot be seen. What
//! is tested is that fewer packages never come without a problem when a file is cut off, and that damage ends nothing.

use std::collections::BTreeSet;
use std::fs;

use assay_host::MemoryHost;
use assay_model::evidence::SourceKind;

use super::bytes::Order;
use super::header::Tag;
use super::specimen::{Value, bdb, header, ndb, package, sqlite, wal};
use super::tests::shared;
use super::{collect, owners};

fn host(name: &str, file: &[u8]) -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory).file(&format!("/var/lib/rpm/{name}"), file)
}

#[test]
fn a_database_that_is_cut_off_is_never_taken_for_whole() {
    for (path, name) in [
        ("go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite", "rpmdb.sqlite"),
        ("go-rpmdb/sle15-bci/Packages.db", "Packages.db"),
        ("go-rpmdb/libuuid/Packages", "Packages"),
    ] {
        let file = fs::read(shared(path)).unwrap();
        let whole = collect(&host(name, &file), "").facts.unwrap().packages.len();
        for part in 0..24 {
            let cut = file.len() * part / 24;
            let collected = collect(&host(name, &file[..cut]), "");
            let count = collected.facts.map(|facts| facts.packages.len());
            assert!(!collected.problems.is_empty(), "{name} cut off at {cut}: {count:?} of {whole}");
            assert!(count.is_none_or(|count| count <= whole), "{name} cut off at {cut}");
        }
    }
}

/// Changes one to eight bytes at places and to values that the seed decides.
fn damage(file: &mut [u8], seed: &mut u64) {
    let mut next = || {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        usize::try_from(*seed >> 16).unwrap()
    };
    for _ in 0..=next() % 8 {
        let at = next() % file.len();
        let values = [0, 1, 0x7f, 0x80, 0xff, next().to_le_bytes()[0]];
        file[at] = values[next() % values.len()];
    }
}

#[test]
fn damage_anywhere_is_survived() {
    let long = header(&[
        (Tag::SigGpg, Value::Bytes(&[7; 1300])),
        (Tag::Name, Value::Text("kernel-core")),
        (Tag::Version, Value::Text("5.14.0")),
        (Tag::Release, Value::Text("427.el9")),
        (Tag::SourceRpm, Value::Text("kernel-5.14.0-427.el9.src.rpm")),
        (Tag::BaseNames, Value::Texts(&["bash", "vmlinuz"])),
        (Tag::DirectoryNames, Value::Texts(&["/usr/bin/", "/lib/modules/5.14.0/"])),
        (Tag::DirectoryIndexes, Value::Numbers(&[0, 1])),
        (Tag::FileStates, Value::Bytes(&[0, 2])),
    ]);
    let (small, last) = (package("bash", "5.1", "1"), package("zsh", "5", "1"));
    let tree = sqlite(&[&[&small, &long], &[&last]]);
    let pages = u32::try_from(tree.len() / 512).unwrap();
    let frames: Vec<(u32, u32, &[u8])> = tree
        .chunks(512)
        .zip(1..)
        .map(|(page, number)| (number, if number == pages { pages } else { 0 }, page))
        .collect();
    let wanted = BTreeSet::from(["/usr/bin/bash".to_owned()]);
    let mut seed = 0x2545_f491_4f6c_dd1d;
    for (name, whole) in [
        ("rpmdb.sqlite", tree.clone()),
        ("rpmdb.sqlite-wal", wal(&frames)),
        ("Packages.db", ndb(&[&small, &long, &last])),
        ("Packages", bdb(&[&small, &long, &last], Order::Little)),
    ] {
        for round in 0..1_000 {
            let mut file = whole.clone();
            damage(&mut file, &mut seed);
            let mut host = host(name, &file);
            if name == "rpmdb.sqlite-wal" {
                host = host.file("/var/lib/rpm/rpmdb.sqlite", &tree);
            }
            let collected = collect(&host, "rhel");
            assert!(collected.problems.len() <= 66, "{name}, round {round}: {:?}", collected.problems);
            for package in collected.facts.iter().flat_map(|facts| &facts.packages) {
                assert!(
                    !package.name.is_empty() && package.version.contains('-'),
                    "{name}, round {round}: {package:?}"
                );
            }
            let owner = owners::collect(&host, &wanted).facts;
            assert!(owner.is_none_or(|owners| owners.count() <= 1), "{name}, round {round}");
        }
    }
}
