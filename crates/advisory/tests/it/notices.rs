//! Notices of updates: `updateinfo.xml` and errata against what vuln-list-update made of the same files.

use std::collections::BTreeSet;

use assay_advisory::Limits;
use assay_advisory::import::{errata, updateinfo};
use serde_json::Value;

use crate::samples::{Collected, Row, fixed_rows, json, sample, text};

fn read_updateinfo(path: &str, scope: &str) -> Collected {
    let mut collected = Collected::default();
    let bytes = sample(path);
    updateinfo::read(&bytes[..], &scope.parse().unwrap(), &Limits::default(), &mut collected).unwrap();
    collected
}

/// What a golden file of Amazon's says.
fn rows_of_golden(golden: &Value) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for cve in golden["cveids"].as_array().unwrap() {
        for package in golden["packages"].as_array().unwrap().iter().filter(|package| package["arch"] != "src") {
            let part = |name| text(package, name);
            let evr = format!("{}:{}-{}", part("epoch"), part("version"), part("release"));
            rows.insert((cve.as_str().unwrap().to_owned(), part("name").to_owned(), evr, part("arch").to_owned()));
        }
    }
    rows
}

#[test]
fn amazon_is_read_as_its_golden_files_say() {
    for (file, scope, golden) in [
        ("updateinfo_1_item", "amazon-2", &["ALAS2-2018-939"][..]),
        ("updateinfo_2_items", "amazon-2", &["ALAS2-2018-942", "ALAS2-2018-949"]),
        ("updateinfo_AL2022", "amazon-2022", &["ALAS2022-2021-001"]),
        ("updateinfo_AL2023", "amazon-2023", &["ALAS2023-2023-001"]),
    ] {
        let folder = "vuln-list-update/amazon/testdata";
        let found = read_updateinfo(&format!("{folder}/fixtures/{file}.xml.gz"), scope);
        let goldens: Vec<Value> = golden.iter().map(|id| json(&format!("{folder}/{id}.json.golden"))).collect();
        let expected: BTreeSet<Row> = goldens.iter().flat_map(rows_of_golden).collect();
        assert_eq!(fixed_rows(&found), expected, "{file}");
        assert_eq!(found.malformed, [""; 0]);
        for golden in &goldens {
            let (id, severity) = (text(golden, "id"), text(golden, "severity"));
            let own: Vec<_> = found.entries.iter().filter(|(_, entry)| entry.aliases == [id]).collect();
            assert!(!own.is_empty() && own.iter().all(|(_, entry)| entry.severity == severity), "{id}");
        }
    }
}

#[test]
fn topics_of_amazon_are_channels() {
    let folder = "vuls-data-update/amazon/testdata/fixtures";
    for (file, scope, channel) in [
        ("updateinfo_1", "amazon-1", None),
        ("updateinfo_2", "amazon-2", None),
        ("updateinfo_2_kernel-5.15", "amazon-2", Some("extras-kernel-5.15")),
        ("updateinfo_2023_kernel-livepatch", "amazon-2023", Some("extras-kernel-livepatch")),
        ("updateinfo_2023_nvidia", "amazon-2023", Some("extras-nvidia")),
    ] {
        let found = read_updateinfo(&format!("{folder}/{file}.xml.gz"), scope);
        assert!(!found.entries.is_empty() && found.malformed.is_empty(), "{file}: {:?}", found.malformed);
        assert!(found.entries.iter().all(|(_, entry)| entry.channel.as_deref() == channel), "{file}");
    }
    let kernel = read_updateinfo(&format!("{folder}/updateinfo_2_kernel-5.15.xml.gz"), "amazon-2");
    let (_, entry) = kernel.entries.iter().find(|(_, entry)| entry.id == "CVE-2022-1729").unwrap();
    assert_eq!(entry.description, "perf: Fix sys_perf_event_open() race against self");
}

#[test]
fn updateinfo_of_rebuilds_is_read() {
    let repodata = |path: &str| format!("vuls-data-update/{path}-updateinfo.xml.gz");
    let alma = "alma/updateinfo/testdata/fixtures/happy/almalinux/9/AppStream/x86_64/os/repodata/\
        cccc125de8ddb7f66ac6a9850f48af285670c3ace1e29f2b0ce002ab69b88ee5";
    let found = read_updateinfo(&repodata(alma), "almalinux-9");
    let row = |row: [&str; 4]| BTreeSet::from([row.map(str::to_owned).into()]);
    assert_eq!(fixed_rows(&found), row(["CVE-2023-44487", "nodejs", "1:18.18.2-1.el9", "x86_64"]));
    assert_eq!(found.entries[0].1.reference, "https://errata.almalinux.org/9/ALSA-2023-7549.html");
    let rocky = "rocky/updateinfo/testdata/fixtures/happy/vault/rocky/8.6/BaseOS/x86_64/os/repodata/\
        dddd587b7c2316f0b357a284fc32836ceee13fe54e277cc841b30ecefb7cbb42a";
    let found = read_updateinfo(&repodata(rocky), "rocky-8");
    assert_eq!(fixed_rows(&found), row(["CVE-2022-0778", "openssl", "1:1.1.1k-6.el8_5", "x86_64"]));
}

#[test]
fn rocky_is_read_as_its_golden_files_say() {
    let folder = "vuln-list-update/rocky/testdata";
    let found = read_updateinfo(&format!("{folder}/fixtures/happy/updateinfo.xml"), "rocky-8");
    let goldens: Vec<Value> = ["2019/RLSA-2019:1972", "2021/RLSA-2021:2575", "2021/RLSA-2021:3057"]
        .iter()
        .map(|id| json(&format!("{folder}/golden/{id}.json")))
        .collect();
    assert_eq!(fixed_rows(&found), rows_of_errata(&goldens));
    assert_eq!(found.malformed, [""; 0]);
    let ruby = found.entries.iter().filter(|(_, entry)| entry.aliases == ["RLSA-2019:1972"]);
    let modules: BTreeSet<Option<&str>> = ruby.map(|(_, entry)| entry.module.as_deref()).collect();
    assert_eq!(modules, BTreeSet::from([Some("ruby:2.6")]));
}

/// What AlmaLinux's own documents say, read without our reader.
fn rows_of_errata(errata: &[Value]) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for erratum in errata {
        let packages = erratum["packages"].as_array().or_else(|| erratum["pkglist"]["packages"].as_array()).unwrap();
        let references =
            erratum["references"].as_array().unwrap().iter().filter(|reference| reference["type"] == "cve");
        for cve in references {
            for package in packages {
                let part = |name| text(package, name);
                let evr = format!("{}:{}-{}", part("epoch"), part("version"), part("release"));
                rows.insert((text(cve, "id").to_owned(), part("name").to_owned(), evr, part("arch").to_owned()));
            }
        }
    }
    rows
}

#[test]
fn errata_of_almalinux_are_read() {
    let new = "vuls-data-update/alma/errata/testdata/fixtures/errata.full.json";
    let old = "vuln-list-update/alma/testdata/errata.json";
    for (path, module) in [(new, "mariadb:10.3"), (old, "virt:rhel")] {
        let mut found = Collected::default();
        let scope = "almalinux-8".parse().unwrap();
        errata::read_almalinux(&sample(path)[..], &scope, &Limits::default(), &mut found).unwrap();
        let document = json(path);
        let errata = document["data"].as_array().or_else(|| document.as_array()).unwrap();
        let expected = rows_of_errata(errata);
        assert!(expected.len() > 10, "{path}");
        assert_eq!(fixed_rows(&found), expected, "{path}");
        assert_eq!(found.malformed, [""; 0]);
        assert!(found.entries.iter().any(|(_, entry)| entry.module.as_deref() == Some(module)), "{path}");
    }
}

#[test]
fn pages_of_rocky_are_read() {
    let folder = "vuls-data-update/rocky/errata/testdata/fixtures/happy";
    let mut found = Collected::default();
    errata::read_rocky(&sample(&format!("{folder}/page1.json"))[..], &Limits::default(), &mut found).unwrap();
    let rows = fixed_rows(&found);
    let delve = ["CVE-2025-58183", "delve", "0:1.25.2-1.el10_1", "s390x"].map(str::to_owned).into();
    assert!(!rows.contains(&delve), "the API has no delve for s390x");
    let golang = ["CVE-2025-58183", "golang", "0:1.25.3-1.el10_1", "s390x"].map(str::to_owned).into();
    assert!(rows.contains(&golang));
    assert!(found.entries.iter().all(|(scope, _)| scope.to_string() == "rocky-10"));
    let (_, entry) = &found.entries[0];
    assert_eq!(entry.cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"]);
    assert_eq!(entry.description, "golang: archive/tar: Unbounded allocation when parsing GNU sparse map");
    // A bug fix that names no vulnerability.
    let mut found = Collected::default();
    errata::read_rocky(&sample(&format!("{folder}/page2.json"))[..], &Limits::default(), &mut found).unwrap();
    assert_eq!((found.entries.len(), found.malformed.len()), (0, 0));
}
