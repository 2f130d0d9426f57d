//! States of the Ubuntu CVE tracker (its README, "Status"): `needed`, `ignored (end of life, was needed)`.

use assay_model::finding::FixState;

use crate::entry::Statement;
use crate::platform::Platform;
use crate::scope::Scope;
use crate::ubuntu::version_of_codename;
use crate::version::debian::DebianVersion;

/// What a state says.
#[derive(Debug)]
pub(crate) struct Said<'f> {
    pub(crate) statement: Statement,
    /// The tracker's word.
    pub(crate) word: &'f str,
    /// What is in brackets, where it is no version with a fix.
    pub(crate) note: &'f str,
    /// What stands where a version should.
    pub(crate) bad_version: Option<&'f str>,
}

/// Places that are no releases.
const NO_RELEASE: [&str; 4] = ["upstream", "devel", "product", "snap"];

/// Release and channel of what stands before the name of the package; nothing for what is no release of Ubuntu, an
/// error for a code name that is not known.
pub(crate) fn place_of(place: &str) -> Option<Result<(Scope, Option<&str>), &str>> {
    let (codename, channel) = match place.split_once('/') {
        None => (place, None),
        // As long as there was only one kind.
        Some((codename, "esm")) => (codename, Some("esm-infra")),
        // Of phones and of Ubuntu Core, which are built apart.
        Some((codename, _)) if version_of_codename(codename).is_some() => return None,
        Some(("esm-infra-legacy", codename)) => (codename, Some("esm-infra")),
        Some((channel, codename)) => (codename, Some(channel)),
    };
    let is_word = !codename.is_empty() && codename.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word || NO_RELEASE.contains(&codename) {
        return None;
    }
    let scope = version_of_codename(codename).and_then(|version| Scope::new(Platform::Ubuntu, version).ok());
    Some(scope.map(|scope| (scope, channel)).ok_or(codename))
}

/// What a state says; nothing where the package is not in the release.
pub(crate) fn statement_of(status: &str) -> Option<Said<'_>> {
    let (word, rest) = status
        .split_once([' ', '\t', '('])
        .map_or((status, ""), |(word, _)| (word, status.get(word.len()..).unwrap_or_default()));
    let note = rest.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let unfixed = |state| (Statement::unfixed(state), note, None);
    let (statement, note, bad_version) = match word {
        "DNE" => return None,
        "released" | "pending" if DebianVersion::parse(note).is_ok() => {
            let remark = if word == "pending" { "the fix is prepared, but not published" } else { "" };
            (Statement::fixed_in(note), remark, None)
        }
        "released" => (Statement::range_unknown(), "", Some(note).filter(|note| !note.is_empty())),
        "needed" | "pending" | "in-progress" | "active" => unfixed(FixState::NoFixYet),
        "deferred" => unfixed(FixState::NoDsa),
        "ignored" if note.contains("was not-affected") => (not_affected(note), note, None),
        "ignored" => unfixed(if is_end_of_life(note) { FixState::EndOfLife } else { FixState::Ignored }),
        "not-affected" => (not_affected(note), note, None),
        "needs-triage" => (Statement::UnderInvestigation, note, None),
        _ => (Statement::NotUnderstood, note, None),
    };
    Some(Said { statement, word, note, bad_version })
}

fn not_affected(reason: &str) -> Statement {
    let reason = super::notice_text::clip(reason, 512);
    Statement::NotAffected { reason: (!reason.is_empty()).then(|| reason.to_owned()) }
}

/// Whether the release or the package gets no updates any more: a kernel series ends when the next takes its place.
fn is_end_of_life(reason: &str) -> bool {
    let signs =
        ["end of life", "end-of-life", "end of standard support", "out of standard support", "end of kernel support"];
    signs.iter().any(|sign| reason.contains(sign)) || reason.contains("superseded by") || reason.contains("end of ESM")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_understood() {
        for (status, expected, note) in [
            ("released (3.0.2-0ubuntu1.1)", Statement::fixed_in("3.0.2-0ubuntu1.1"), ""),
            ("pending (1.2)", Statement::fixed_in("1.2"), "the fix is prepared, but not published"),
            ("pending", Statement::unfixed(FixState::NoFixYet), ""),
            ("released", Statement::range_unknown(), ""),
            ("needed", Statement::unfixed(FixState::NoFixYet), ""),
            ("needs-triage", Statement::UnderInvestigation, ""),
            ("deferred (2023-01-01)", Statement::unfixed(FixState::NoDsa), "2023-01-01"),
            ("ignored", Statement::unfixed(FixState::Ignored), ""),
            ("ignored (no fix upstream)", Statement::unfixed(FixState::Ignored), "no fix upstream"),
            ("ignored (end of life, was needed)", Statement::unfixed(FixState::EndOfLife), "end of life, was needed"),
            (
                "not-affected (code not present)",
                Statement::NotAffected { reason: Some("code not present".to_owned()) },
                "code not present",
            ),
            ("not-affected", Statement::NotAffected { reason: None }, ""),
            ("whatever(2)", Statement::NotUnderstood, "2"),
        ] {
            let said = statement_of(status).unwrap();
            assert_eq!((said.statement, said.note, said.bad_version), (expected, note, None), "{status}");
        }
        assert!(statement_of("DNE").is_none());
        assert_eq!(statement_of("released (x y)").unwrap().bad_version, Some("x y"));
    }

    #[test]
    fn places_are_understood() {
        for (place, expected) in [
            ("jammy", Some(Ok(("ubuntu-22.04", None)))),
            ("esm-apps/jammy", Some(Ok(("ubuntu-22.04", Some("esm-apps"))))),
            ("fips-updates/focal", Some(Ok(("ubuntu-20.04", Some("fips-updates"))))),
            ("trusty/esm", Some(Ok(("ubuntu-14.04", Some("esm-infra"))))),
            ("esm-infra-legacy/trusty", Some(Ok(("ubuntu-14.04", Some("esm-infra"))))),
            ("vivid/stable-phone-overlay", None),
            ("upstream", None),
            ("devel", None),
            ("Tags", None),
            ("", None),
            ("zippy", Some(Err("zippy"))),
            ("esm-apps/zippy", Some(Err("zippy"))),
        ] {
            let found = place_of(place).map(|found| found.map(|(scope, channel)| (scope.to_string(), channel)));
            let expected = expected.map(|found| found.map(|(scope, channel)| (scope.to_owned(), channel)));
            assert_eq!(found, expected, "{place}");
        }
    }
}
