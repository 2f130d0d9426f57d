//! VEX documents of the user's own: which verdicts a statement sets aside, and which it does not.

use assay_advisory::database::DatabaseBuilder;
use assay_advisory::import::vex::{VexDocument, VexProduct, VexStatement, VexStatus};
use assay_advisory::{Database, Entry, FeedOrigin, Level, Statement, scope_of};
use assay_assess::{VexFile, set_aside_by, set_aside_in};
use assay_model::evidence::{Evidence, SourceKind};
use assay_model::finding::Confidence;

use crate::host::{feed, host, judge_with, kernel_image, kernels, package};

const FIXED: &str = r#""status": "resolved", "fixed_version": "2.0-1", "urgency": "high", "repositories": {}"#;

fn statement(id: &str, purl: &str, status: VexStatus) -> VexStatement {
    VexStatement {
        vulnerability: id.to_owned(),
        aliases: Vec::new(),
        products: vec![VexProduct { purl: purl.to_owned(), subcomponents: Vec::new() }],
        status,
        justification: Some("component_not_present".to_owned()),
        statement: "We build without it.".to_owned(),
        timestamp: Some("2026-11-01T00:00:00Z".parse().unwrap()),
        source: "Example https://example.org/1".to_owned(),
    }
}

fn file(path: &str, statements: Vec<VexStatement>) -> VexFile {
    VexFile { path: path.to_owned(), document: VexDocument { statements, malformed: Vec::new() } }
}

fn vulnerable() -> Evidence {
    host(vec![package("libfoo1", "foo", "1:1.0-1")], None)
}

/// Judges a host by one vulnerability and these documents: whether there is a finding, and the titles of exclusions.
fn judged(evidence: &Evidence, files: &[VexFile]) -> (bool, Vec<String>) {
    let database = feed(&[("foo", "CVE-2026-0001", &FIXED.replace("2.0-1", "1:2.0-1"))]);
    let assessment = judge_with(evidence, Ok(&database), files);
    let titles = assessment.exclusions.into_iter().map(|exclusion| exclusion.title).collect();
    (!assessment.findings.is_empty(), titles)
}

/// Whether exactly this statement about the vulnerable host sets its verdict aside.
#[track_caller]
fn check(statement: VexStatement, is_aside: bool) {
    let told = format!("{statement:?}");
    let (is_found, titles) = judged(&vulnerable(), &[file("a.json", vec![statement])]);
    let expected = if is_aside { vec!["Set aside by VEX".to_owned()] } else { Vec::new() };
    assert_eq!((is_found, titles), (!is_aside, expected), "{told}");
}

#[test]
fn products_are_matched_by_what_they_give() {
    for (purl, is_aside) in [
        ("pkg:deb/debian/libfoo1", true),
        ("pkg:deb/libfoo1", true),
        ("pkg:deb/Debian/LibFoo1@1:1.0-1", true),
        ("pkg:deb/debian/libfoo1@1%3A1.0-1?arch=amd64&distro=debian-12", true),
        ("pkg:deb/debian/libfoo1?distro=bookworm", true),
        ("pkg:deb/debian/libfoo1?upstream=foo", true),
        ("pkg:deb/debian/foo@1:1.0-1?arch=source", true),
        ("pkg:deb/debian/foo", false),
        ("pkg:deb/debian/libfoo1@1.0-1", false),
        ("pkg:deb/debian/libfoo1@1:2.0-1", false),
        ("pkg:deb/debian/libfoo1?arch=arm64", false),
        ("pkg:deb/debian/libfoo1?distro=debian-11", false),
        ("pkg:deb/debian/libfoo1?repository_url=example.org", false),
        ("pkg:deb/debian/libfoo1#part", false),
        ("pkg:deb/ubuntu/libfoo1", false),
        ("pkg:rpm/debian/libfoo1", false),
    ] {
        check(statement("CVE-2026-0001", purl, VexStatus::NotAffected), is_aside);
    }
}

#[test]
fn vulnerabilities_are_matched_by_any_id_and_only_some_statuses_set_aside() {
    let purl = "pkg:deb/debian/libfoo1";
    check(statement("cve-2026-0001", purl, VexStatus::Fixed), true);
    check(statement("CVE-2026-0002", purl, VexStatus::Fixed), false);
    let aliased = statement("GHSA-1", purl, VexStatus::Fixed);
    check(VexStatement { aliases: vec!["CVE-2026-0001".to_owned()], ..aliased }, true);
    check(statement("CVE-2026-0001", purl, VexStatus::Affected), false);
    check(statement("CVE-2026-0001", purl, VexStatus::UnderInvestigation), false);
}

#[test]
fn the_newest_statement_wins_in_any_order() {
    let said = |day: Option<&str>, status| {
        let timestamp = day.map(|day| format!("2026-11-{day}T00:00:00Z").parse().unwrap());
        file("a.json", vec![VexStatement { timestamp, ..statement("CVE-2026-0001", "pkg:deb/libfoo1", status) }])
    };
    use VexStatus::{Affected, NotAffected};
    for (old, new, is_found) in [
        (said(Some("01"), Affected), said(Some("02"), NotAffected), false),
        (said(Some("01"), NotAffected), said(Some("02"), Affected), true),
        (said(Some("01"), NotAffected), said(Some("01"), Affected), true),
        (said(None, Affected), said(Some("01"), NotAffected), false),
    ] {
        assert_eq!(judged(&vulnerable(), &[old.clone(), new.clone()]).0, is_found);
        assert_eq!(judged(&vulnerable(), &[new, old]).0, is_found);
    }
}

#[test]
fn the_exclusion_names_all_and_the_package_counts_as_decided() {
    let database = feed(&[("foo", "CVE-2026-0001", FIXED)]);
    let evidence = host(vec![package("foo-bin", "foo", "1.0-1"), package("libfoo1", "foo", "1.0-1")], None);
    let said = statement("CVE-2026-0001", "pkg:deb/debian/libfoo1", VexStatus::NotAffected);
    let assessment = judge_with(&evidence, Ok(&database), &[file("mine.json", vec![said])]);
    assert_eq!(assessment.findings[0].packages.len(), 1);
    assert_eq!(
        assessment.exclusions[0].description,
        "CVE-2026-0001 in libfoo1 1.0-1; VEX not_affected (component_not_present) by Example https://example.org/1 on \
         2026-11-01T00:00:00Z in mine.json: We build without it."
    );
    let outcomes = &assessment.coverage.packages[0].outcomes;
    assert_eq!((outcomes.pass, outcomes.fail), (1, 1));
    let purl = assessment.findings[0].packages[0].purl.as_deref();
    assert_eq!(purl, Some("pkg:deb/debian/foo-bin@1.0-1?arch=amd64&distro=debian-12&upstream=foo%401.0-1"));
}

#[test]
fn a_part_of_an_image_is_no_part_of_anything_else() {
    let part = |whole: &str| {
        let said = statement("CVE-2026-0001", whole, VexStatus::NotAffected);
        let product = VexProduct { purl: whole.to_owned(), subcomponents: vec!["pkg:deb/libfoo1".to_owned()] };
        [file("a.json", vec![VexStatement { products: vec![product], ..said }])]
    };
    let image = Evidence { source: SourceKind::ContainerImage, ..vulnerable() };
    assert!(!judged(&image, &part("pkg:oci/app@sha256:00")).0);
    assert!(judged(&vulnerable(), &part("pkg:oci/app@sha256:00")).0);
    assert!(judged(&image, &part("pkg:deb/debian/other")).0);
}

#[test]
fn what_cannot_be_used_is_said_and_the_rest_counts() {
    let mut vex = file("a.json", vec![statement("CVE-2026-0001", "pkg:deb/libfoo1", VexStatus::Fixed)]);
    vex.document.malformed.push("statement 2: it is about no product".to_owned());
    vex.document.statements.push(statement("CVE-2026-0001", "pkg:bad", VexStatus::Fixed));
    let (is_found, titles) = judged(&vulnerable(), &[vex]);
    assert_eq!(
        (is_found, titles),
        (false, ["VEX statements that could not be used", "Set aside by VEX"].map(str::to_owned).to_vec())
    );
}

#[test]
fn a_fix_that_is_installed_and_does_not_run_sets_nothing_aside() {
    let kernel = kernels(&["1-amd64"], ("1-amd64", "1.0-1"), "1-amd64");
    let evidence = host(vec![kernel_image("1-amd64", "2.0-1")], Some(kernel));
    let database = feed(&[("linux", "CVE-2026-0001", FIXED)]);
    for (purl, status, is_found) in [
        ("pkg:deb/debian/linux-image-1-amd64", VexStatus::Fixed, true),
        ("pkg:deb/debian/linux-image-1-amd64@2.0-1", VexStatus::NotAffected, true),
        ("pkg:deb/debian/linux-image-1-amd64", VexStatus::NotAffected, false),
    ] {
        let files = [file("a.json", vec![statement("CVE-2026-0001", purl, status)])];
        let assessment = judge_with(&evidence, Ok(&database), &files);
        assert_eq!(!assessment.findings.is_empty(), is_found, "{purl} {status:?}");
    }
}

/// A database with one record about the source of the vulnerable host's package.
fn database(statement: Statement, confidence: Confidence) -> Database {
    let evidence = vulnerable();
    let mut builder = DatabaseBuilder::new(scope_of(evidence.os.facts.as_ref().unwrap()).unwrap());
    let (feed, source, digest) = ("made-up".to_owned(), "test".to_owned(), "00".to_owned());
    let origin = FeedOrigin { feed, source, fetched_at: evidence.collected_at, digest };
    let origin = builder.add_origin(origin).unwrap();
    let entry = Entry { confidence, ..Entry::new("CVE-2026-0001", "foo", Level::Source, statement) };
    builder.add(origin, &entry).unwrap();
    Database::from_bytes(builder.compile().unwrap()).unwrap()
}

#[test]
fn what_is_suspected_or_undecided_is_set_aside_too() {
    let open = "Vulnerabilities that are suspected";
    let undecided = "Vulnerabilities that could not be decided";
    for (record, confidence, title, was) in [
        (Statement::range_unknown(), Confidence::Certain, open, " (suspected)"),
        (Statement::fixed_in("1:2.0-1"), Confidence::Suspected, open, " (suspected)"),
        (Statement::UnderInvestigation, Confidence::Certain, undecided, " (undecided)"),
        (Statement::NotUnderstood, Confidence::Certain, undecided, " (undecided)"),
    ] {
        let database = database(record.clone(), confidence);
        let judged = |status| {
            let said = statement("CVE-2026-0001", "pkg:deb/debian/libfoo1", status);
            judge_with(&vulnerable(), Ok(&database), &[file("mine.json", vec![said])])
        };
        let kept = judged(VexStatus::Affected);
        let titles: Vec<&str> = kept.exclusions.iter().map(|exclusion| exclusion.title.as_str()).collect();
        assert_eq!((titles, kept.coverage.packages[0].outcomes.unknown), (vec![title], 1), "{record:?}");
        let aside = judged(VexStatus::NotAffected);
        let [told] = aside.exclusions.as_slice() else { panic!("{record:?}: {:?}", aside.exclusions) };
        assert_eq!(
            (told.title.as_str(), told.rules.as_slice()),
            ("Set aside by VEX", &["CVE-2026-0001".to_owned()][..])
        );
        let beginning = format!("CVE-2026-0001 in libfoo1 1:1.0-1{was}; VEX not_affected (component_not_present) by ");
        assert!(told.description.starts_with(&beginning), "{}", told.description);
        assert_eq!((aside.coverage.packages[0].outcomes.pass, aside.findings.len()), (1, 0), "{record:?}");
    }
}

#[test]
fn one_vulnerability_can_be_asked_for() {
    let databases = [feed(&[("foo", "CVE-2026-0001", FIXED), ("foo", "CVE-2026-0002", FIXED)])];
    let packages = vec![package("foo-bin", "foo", "1.0-1"), package("libfoo1", "foo", "1.0-1")];
    let evidence = host(packages, None);
    let said = |purls: &[&str]| {
        let said = purls.iter().map(|purl| statement("CVE-2026-0001", purl, VexStatus::NotAffected));
        [file("mine.json", said.collect())]
    };
    let all = said(&["pkg:deb/debian/foo-bin", "pkg:deb/debian/libfoo1"]);
    let by_documents = |files: &[VexFile], id: &str| set_aside_by(files, &evidence, &databases, id).unwrap();
    let text = by_documents(&all, "cve-2026-0001").unwrap();
    for part in ["foo-bin 1.0-1; VEX not_affected (component_not_present)", "libfoo1 1.0-1; VEX", "in mine.json"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(by_documents(&all, "CVE-2026-0002"), None);
    // One of its packages is still affected, so there is a finding.
    assert_eq!(by_documents(&said(&["pkg:deb/debian/libfoo1"]), "CVE-2026-0001"), None);
    let run = judge_with(&evidence, Ok(&databases[0]), &all);
    assert_eq!(set_aside_in(&run.exclusions, "CVE-2026-0001"), Some(text));
    assert_eq!(set_aside_in(&run.exclusions, "CVE-2026-0002"), None);
}
