//! The publisher's states: a specimen of each in `testdata/debian-tracker/`, and the verdict it gives.

use assay_advisory::matcher::{Inventory, Status, UnknownReason, explain, judge};
use assay_model::finding::FixState;

use crate::support::{all_verdicts, compile, package, packages, specimen};

fn check(state: &str, installed: &str, expected: Status, reason: &str) {
    let database = compile(&specimen(state), "bookworm");
    database.verify().unwrap();
    let packages = packages(vec![package("libspecimen1", ("libspecimen", installed))]);
    let verdicts = all_verdicts(&database, &packages, None);
    assert_eq!(verdicts.len(), 1, "{state}");
    let verdict = &verdicts[0];
    assert_eq!(verdict.status, expected, "{state} with {installed}");
    let why = explain(&database, &Inventory::of_packages(&packages, None), verdict.advisory.id).unwrap();
    assert_eq!(why.to_string(), format!("libspecimen1: {reason}."), "{state} with {installed}");
    let affected = verdict.affected_package();
    assert_eq!(affected.is_some(), matches!(expected, Status::Affected(_)), "{state}");
    let fixed = affected.and_then(|affected| affected.fixed_version);
    assert_eq!(fixed.is_some(), expected == Status::Affected(FixState::FixedIn), "{state}");
}

#[test]
fn every_state_has_its_verdict() {
    let affected = Status::Affected;
    let now = "1.2-3+deb12u1";
    check(
        "resolved-never-affected",
        "0~1",
        Status::NotAffected,
        "the publisher says that libspecimen was never affected in this release",
    );
    check(
        "resolved-fixed",
        now,
        affected(FixState::FixedIn),
        "libspecimen 1.2-3+deb12u1 is older than 1.2-3+deb12u2, which has the fix",
    );
    check(
        "resolved-fixed",
        "1.2-3+deb12u2",
        Status::Fixed,
        "libspecimen 1.2-3+deb12u2 is not older than 1.2-3+deb12u2, which has the fix",
    );
    check("open", now, affected(FixState::NoFixYet), "libspecimen is affected and there is no fix yet");
    check("open-unimportant", now, affected(FixState::NoFixYet), "libspecimen is affected and there is no fix yet");
    let no_dsa = "libspecimen is affected; the publisher plans no security advisory for it";
    check("open-no-dsa", now, affected(FixState::NoDsa), no_dsa);
    check("open-postponed", now, affected(FixState::NoDsa), no_dsa);
    check(
        "open-ignored",
        now,
        affected(FixState::Ignored),
        "libspecimen is affected and will not be fixed in this release",
    );
    check(
        "open-end-of-life",
        now,
        affected(FixState::EndOfLife),
        "libspecimen is affected and gets no security support in this release",
    );
    check("temporary-id", now, affected(FixState::NoFixYet), "libspecimen is affected and there is no fix yet");
}

#[test]
fn what_cannot_be_decided_is_unknown() {
    let now = "1.2-3+deb12u1";
    let unknown = Status::Unknown;
    check(
        "undetermined",
        now,
        unknown(UnknownReason::Undetermined),
        "The publisher has not determined whether this release is affected",
    );
    check(
        "unrecognised-status",
        now,
        unknown(UnknownReason::UnrecognisedStatus),
        "The publisher's status is no word that this version knows",
    );
    check(
        "resolved-without-version",
        now,
        unknown(UnknownReason::NoFixedVersion),
        "The publisher says resolved, but not in which version",
    );
    check(
        "resolved-in-no-version",
        now,
        unknown(UnknownReason::FixedVersion),
        "A version of the advisory cannot be read as a version of its kind",
    );
    check(
        "resolved-fixed",
        "1.2_3",
        unknown(UnknownReason::InstalledVersion),
        "The installed version cannot be read as a version of its kind",
    );
}

#[test]
fn records_keep_the_trackers_own_words() {
    let record = |state: &str| {
        let database = compile(&specimen(state), "bookworm");
        let advisory = database.advisories_of_package("libspecimen").unwrap()[0];
        (advisory.severity().unwrap().to_owned(), advisory.to_record().note, advisory.description().unwrap().to_owned())
    };
    let description = "An issue of the made-up source package libspecimen.".to_owned();
    let minor = Some("no-dsa: Minor issue".to_owned());
    assert_eq!(record("open-no-dsa"), ("low".to_owned(), minor, description.clone()));
    let intrusive = Some("ignored: Minor issue; too intrusive to backport".to_owned());
    assert_eq!(record("open-ignored"), ("not yet assigned".to_owned(), intrusive, description.clone()));
    let embargoed = Some("the tracker's status is \"embargoed\"".to_owned());
    assert_eq!(record("unrecognised-status"), ("dreadful".to_owned(), embargoed, description.clone()));
    assert_eq!(record("open-unimportant"), ("unimportant".to_owned(), None, description));
    assert_eq!(record("temporary-id"), ("not yet assigned".to_owned(), None, String::new()));
}

#[test]
fn each_release_has_its_own_state() {
    let json = specimen("open");
    let packages = packages(vec![package("libspecimen1", ("libspecimen", "1.2-3"))]);
    let status = |release: &str| {
        judge(&compile(&json, release), &Inventory::of_packages(&packages, None)).unwrap().verdicts[0].status
    };
    assert_eq!(status("bookworm"), Status::Affected(FixState::NoFixYet));
    assert_eq!(status("sid"), Status::Affected(FixState::FixedIn));
}
