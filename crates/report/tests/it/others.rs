//! Reports of other scanners: real ones of the shared data, and what no report should be.

use std::path::{Path, PathBuf};
use std::process::Command;

use assay_model::ecosystem::Ecosystem;
use assay_report::{
    ClaimKind, Options, OtherReport, OtherReportError, Reason, RowLimit, Scanner, compare, comparison_text,
    read_other_report,
};

/// One file of the shared archive of reports.
fn sample(name: &str) -> Vec<u8> {
    let shared = match std::env::var_os("ASSAY_SHARED") {
        Some(folder) => PathBuf::from(folder).join("data"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let archive = shared.join("formats/scanner-reports.tar.xz");
    let member = format!("scanner-samples/defectdojo/{name}");
    let output = Command::new("tar").arg("-xJOf").arg(archive).arg(member).output();
    let output = output.expect("tar and xz are installed (Debian: tar, xz-utils)");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// `PACKAGE VERSION: IDS`, for each claim of a kind.
fn lines(report: &OtherReport, is_wanted: impl Fn(&ClaimKind) -> bool) -> Vec<String> {
    let claims = report.claims.iter().filter(|claim| is_wanted(&claim.kind));
    claims.map(|claim| format!("{} {}: {}", claim.package, claim.version, claim.ids.join(" "))).collect()
}

#[track_caller]
fn check(name: &str, scanner: Scanner, count: usize, one: (&str, ClaimKind)) {
    let report = read_other_report(&sample(name)).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!((report.scanner, report.claims.len()), (scanner, count), "{name}");
    assert_eq!(report.problems, [""; 0], "{name}");
    let (line, kind) = one;
    let found = lines(&report, |other| *other == kind);
    assert!(found.iter().any(|found| found == line) || line.is_empty(), "{name}: {line} in {found:#?}");
}

/// The counts are those of the distinct entries in each document, counted by a script that shares nothing with the readers.
#[test]
fn real_reports_are_read() {
    let system = || ClaimKind::SystemPackage;
    let library = ClaimKind::Library;
    for (name, scanner, count, one) in [
        ("trivy/all_statuses.json", Scanner::Trivy, 8, ("apt 1.8.2.3: CVE-2011-3374", system())),
        ("trivy/legacy_many_vulns.json", Scanner::Trivy, 93, ("apt 1.8.2.2: CVE-2011-3374", system())),
        (
            "trivy/scheme_2_many_vulns.json",
            Scanner::Trivy,
            5,
            ("org.apache.commons:commons-compress 1.14: CVE-2018-1324", library(Ecosystem::Maven)),
        ),
        (
            "trivy/misconfigurations_and_secrets.json",
            Scanner::Trivy,
            2,
            ("urllib3 1.26.3: CVE-2021-28363", library(Ecosystem::Pypi)),
        ),
        ("anchore_grype/many_vulns.json", Scanner::Grype, 1509, ("linux-libc-dev 4.19.160-2: CVE-2004-0230", system())),
        (
            "anchore_grype/issue_9618.json",
            Scanner::Grype,
            35,
            ("org.apache.avro:avro 1.11.1: CVE-2023-39410 GHSA-rhrv-645h-fjfh", library(Ecosystem::Maven)),
        ),
        ("anchore_grype/same_cve_different_paths.json", Scanner::Grype, 1, ("libc6 2.28-10: CVE-2021-33574", system())),
        (
            "anchore_grype/anchore_grype_epss_problem.json",
            Scanner::Grype,
            1,
            ("golang.org/x/net v0.9.0: GHSA-4374-p667-p6c8 CVE-2023-39325", library(Ecosystem::Go)),
        ),
        (
            "anchore_grype/many_vulns_with_epss_values.json",
            Scanner::Grype,
            15,
            ("busybox 1.32.1: CVE-2021-28831", ClaimKind::Other("binary".into())),
        ),
        (
            "osv_scanner/some_findings.json",
            Scanner::OsvScanner,
            1,
            ("flot-axis 0.0.0: MAL-2023-1035 GHSA-8348-2q94-ffjx", library(Ecosystem::Npm)),
        ),
        (
            "osv_scanner/many_findings.json",
            Scanner::OsvScanner,
            37,
            ("guzzlehttp/guzzle 6.3.3: GHSA-25mq-v84q-4j7r CVE-2022-31090", library(Ecosystem::Packagist)),
        ),
    ] {
        check(name, scanner, count, one);
    }
    for (name, scanner) in [
        ("trivy/scheme_2_no_vuln.json", Scanner::Trivy),
        ("trivy/license_scheme.json", Scanner::Trivy),
        ("anchore_grype/no_vuln.json", Scanner::Grype),
    ] {
        let report = read_other_report(&sample(name)).unwrap();
        assert_eq!((report.scanner, report.claims.len(), report.problems.len()), (scanner, 0, 0), "{name}");
    }
}

#[test]
fn an_entry_without_a_vulnerability_is_told_of() {
    let report = read_other_report(&sample("trivy/legacy_trivy_mix.json")).unwrap();
    assert_eq!(report.claims.len(), 6);
    assert_eq!(report.problems.len(), 1);
    assert!(report.problems[0].ends_with("names no vulnerability."), "{:?}", report.problems);
}

/// `models.ScanResult` of Vuls, with one package of dpkg, one of rpm, one library and one match by CPE.
const VULS: &str = r#"{
  "jsonVersion": 4, "serverName": "web", "family": "debian", "release": "12",
  "scannedCves": {
    "CVE-2026-1": {"cveID": "CVE-2026-1", "affectedPackages": [
      {"name": "libssl3", "fixedIn": "3.0.17-1~deb12u3"}, {"name": "bash", "notFixedYet": true}]},
    "CVE-2026-2": {"cveID": "CVE-2026-2", "libraryFixedIns": [
      {"key": "npm", "name": "minimist", "fixedIn": "1.2.6", "path": "/srv/package-lock.json"}]},
    "CVE-2026-3": {"cveID": "CVE-2026-3", "cpeURIs": ["cpe:/a:vendor:product:1"]}
  },
  "packages": {
    "libssl3": {"name": "libssl3", "version": "3.0.16-1~deb12u1", "release": ""},
    "bash": {"name": "bash", "version": "5.1.8", "release": "6.el9"}
  },
  "libraries": [{"Type": "npm", "path": "/srv/package-lock.json", "Libs": [{"Name": "minimist", "Version": "1.2.5"}]}]
}"#;

#[test]
fn vuls_versions_come_from_another_part_of_its_document() {
    let report = read_other_report(VULS.as_bytes()).unwrap();
    assert_eq!(report.scanner, Scanner::Vuls);
    assert_eq!(
        lines(&report, |_| true),
        ["bash 5.1.8-6.el9: CVE-2026-1", "libssl3 3.0.16-1~deb12u1: CVE-2026-1", "minimist 1.2.5: CVE-2026-2"]
    );
    assert_eq!(report.claims[1].fixed_version.as_deref(), Some("3.0.17-1~deb12u3"));
    assert_eq!(report.claims[2].kind, ClaimKind::Library(Ecosystem::Npm));
    assert_eq!(report.problems, ["CVE-2026-3 names no package; it was matched by cpe:/a:vendor:product:1."]);
}

/// Version 2 of OSV-Scanner names the binary package; version 1 only the source.
#[test]
fn osv_scanner_names_the_source_unless_it_names_the_binary() {
    let report = |binary: &str| {
        let text = format!(
            r#"{{"results": [{{"source": {{"path": "/var/lib/dpkg/status"}}, "packages": [{{
                "package": {{"name": "openssl", {binary} "version": "3.0.16-1", "ecosystem": "Debian:12"}},
                "groups": [{{"ids": ["DSA-1"], "aliases": ["CVE-2026-1"]}}],
                "vulnerabilities": [{{"id": "DSA-1", "upstream": ["CVE-2026-2"]}}, {{"id": "DEBIAN-CVE-2026-3"}}]}}]}}]}}"#
        );
        read_other_report(text.as_bytes()).unwrap()
    };
    let first = report("");
    let expected = ["openssl 3.0.16-1: DEBIAN-CVE-2026-3", "openssl 3.0.16-1: DSA-1 CVE-2026-1 CVE-2026-2"];
    assert_eq!(lines(&first, |kind| *kind == ClaimKind::SystemSource), expected);
    let second = report(r#""os_package_name": "libssl3","#);
    assert_eq!(lines(&second, |kind| *kind == ClaimKind::SystemPackage).len(), 2);
    assert!(second.claims.iter().all(|claim| claim.package == "libssl3" && claim.location.is_none()));
}

/// 4,030 claims of one kind must not hide the two of another.
#[test]
fn a_rare_reason_is_shown_before_common_ones() {
    let report = read_other_report(VULS.as_bytes()).unwrap();
    let comparison = compare(&report, &[], |claim| {
        let name = if claim.package == "minimist" { "rare" } else { "common" };
        Ok::<_, ()>(Reason { name: name.to_owned(), sentence: "It is so.".to_owned() })
    });
    let options = Options { rows: RowLimit::First(1), ..Options::default() };
    let text = comparison_text(&comparison.unwrap(), "web", &options);
    assert!(text.contains("        2  common\n        1  rare\n"), "{text}");
    assert!(
        text.contains("Only theirs\n  CVE-2026-2 minimist 1.2.5 at /srv/package-lock.json\n      rare: It is so.\n"),
        "{text}"
    );
    assert!(text.ends_with("  … and 2 more: --all shows them.\n"), "{text}");
}

#[test]
fn what_is_no_report_is_a_clear_error() {
    let deep = format!("{{\"matches\": {}", "[".repeat(100_000));
    let cases: [(&[u8], &str); 10] = [
        (b"", "the report is empty"),
        (b" \n", "the report is empty"),
        (b"null", "the report is none of Trivy, Grype, OSV-Scanner or Vuls in JSON"),
        (b"{}", "the report is none of Trivy, Grype, OSV-Scanner or Vuls in JSON"),
        (b"{\"bomFormat\": \"CycloneDX\"}", "the report is none of Trivy, Grype, OSV-Scanner or Vuls in JSON"),
        (b"{\"matches\": [", "the report is no JSON document"),
        (b"{\"matches\": \"\xff\"}", "the report is no JSON document"),
        (b"{\"matches\": 3}", "failed to read the report of Grype"),
        (b"[{\"Vulnerabilities\": 1}]", "failed to read the report of Trivy"),
        (deep.as_bytes(), "the report is no JSON document"),
    ];
    for (bytes, message) in cases {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]);
        assert_eq!(read_other_report(bytes).unwrap_err().to_string(), message, "{text}");
    }
    for cluster in ["trivy/kubernetes.json", "trivy/issue_10991.json"] {
        assert!(matches!(read_other_report(&sample(cluster)), Err(OtherReportError::OfCluster)), "{cluster}");
    }
    let other_tool = read_other_report(br#"{"results": [{"check_id": "rule", "path": "a.py"}]}"#).unwrap();
    assert_eq!((other_tool.claims.len(), other_tool.problems.len()), (0, 1));
}
