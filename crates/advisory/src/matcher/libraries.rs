//! Judges libraries of programming languages by the database of their ecosystem.
//!
//! A library whose files belong to a package of the distribution is judged with that package, where the package is that
//! library (`python3-requests` and `requests`): the distribution patches without changing the upstream version. A library
//! that is merely bundled with something else is judged by itself, since nobody else judges it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::{Libraries, Library, LibraryKind};
use assay_model::evidence::package::{Package, PackageOrigin, Packages};
use assay_model::finding::{Confidence, FixState};

use super::channel::Reach;
use super::coverage::not_covered;
use super::installed::Installed;
use super::judge::{Judgement, for_each_id, shelf};
use super::opinion::{Opinion, settle};
use super::ruling::Ruling;
use super::verdict::{Compared, Operand, Remedy, Status, SuspectedReason, Verdict};
use crate::AdvisoryError;
use crate::database::Database;
use crate::platform::Platform;
use crate::version::VersionOrder;

/// A library that is judged as a part of the package that owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnedLibrary<'a> {
    /// The library.
    pub library: &'a Library,
    /// The package.
    pub owner: &'a Package,
}

/// Judges every library of the database's ecosystem.
///
/// # Errors
///
/// When the database is damaged.
pub fn judge_libraries<'a>(
    database: &'a Database,
    libraries: &'a Libraries,
    packages: Option<&'a Packages>,
) -> Result<Judgement<'a>, AdvisoryError> {
    let mut judgement = Judgement::default();
    let Platform::Library(ecosystem) = database.header().scope.platform() else {
        return Ok(judgement);
    };
    let owners = Owners::new(packages);
    let order = Platform::Library(ecosystem).version_order();
    let view = database.view()?;
    let mut by_name: BTreeMap<&str, Vec<(usize, &Library)>> = BTreeMap::new();
    for (position, library) in libraries.libraries.iter().enumerate() {
        if library.ecosystem != ecosystem {
            continue;
        }
        if let Some(owner) = owners.judge_of(library) {
            judgement.owned.push(OwnedLibrary { library, owner });
            continue;
        }
        judgement.judged += 1;
        by_name.entry(&library.name).or_default().push((position, library));
    }
    let mut verdicts: Vec<(usize, Verdict<'_>)> = Vec::new();
    for (name, of_name) in by_name {
        let rulings = shelf(&view, name, order)?;
        for (position, library) in of_name {
            for_each_id(rulings.iter(), [].iter(), |rulings| {
                let verdict = verdict(rulings, library, owners.distribution_of(library).is_some(), order);
                if let Some(verdict) = verdict.and_then(|verdict| judgement.count(verdict)) {
                    verdicts.push((position, verdict));
                }
            });
        }
    }
    verdicts.sort_by_key(|(position, _)| *position);
    judgement.verdicts = verdicts.into_iter().map(|(_, verdict)| verdict).collect();
    Ok(judgement)
}

/// The verdict that rulings about one vulnerability come to.
pub(super) fn verdict<'a>(
    rulings: &[&Ruling<'a>],
    library: &'a Library,
    is_distributed: bool,
    order: VersionOrder,
) -> Option<Verdict<'a>> {
    let version = order.parse(&library.version).ok();
    let opinions = rulings.iter().map(|ruling| {
        let standing = ruling.judge(version.as_ref());
        let confidence = ruling.advisory.confidence;
        let status = match standing.status {
            Status::Affected(_) if confidence == Confidence::Suspected => Status::Suspected(SuspectedReason::Derived),
            status => status,
        };
        let installed = Cow::Borrowed(library.version.as_str());
        let (fixed, order) = (standing.bound, standing.order);
        let compared = Compared { operand: Operand::InstalledBinary, installed, fixed, order };
        let advisory = ruling.advisory;
        Opinion { advisory, reach: Reach::Everybody, status, compared, confidence, is_installed: false }
    });
    let (opinion, contradicted) = settle(opinions.collect(), order)?;
    // A lock file says what would be installed; a distribution may have patched what it ships.
    let is_sure = library.kind != LibraryKind::Locked && !is_distributed;
    let most = if is_sure { Confidence::Certain } else { Confidence::Likely };
    let remedy = match opinion.status {
        Status::Affected(FixState::FixedIn) => Remedy::Upgrade,
        _ => Remedy::None,
    };
    Some(Verdict {
        installed: Installed::Library(library),
        advisory: opinion.advisory,
        status: opinion.status,
        compared: opinion.compared,
        kernel: None,
        remedy,
        confidence: opinion.confidence.min(most),
        live_patch: None,
        contradicted,
    })
}

/// Packages that own the files of libraries, by name.
pub(super) struct Owners<'a> {
    by_name: BTreeMap<&'a str, &'a Package>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(packages: Option<&'a Packages>) -> Owners<'a> {
        let installed = packages.into_iter().flat_map(|packages| &packages.packages);
        let installed = installed.filter(|package| package.state.has_files());
        Owners { by_name: installed.map(|package| (package.name.as_str(), package)).collect() }
    }

    /// The package of the distribution that owns it, one that a feed covers.
    pub(super) fn distribution_of(&self, library: &Library) -> Option<&'a Package> {
        let owner = self.by_name.get(library.owner.as_deref()?).copied()?;
        let is_covered = not_covered(owner).is_none() && !matches!(owner.origin, PackageOrigin::Local);
        is_covered.then_some(owner)
    }

    /// The package that the library is judged with: the owner, where it ships that upstream.
    pub(super) fn judge_of(&self, library: &Library) -> Option<&'a Package> {
        self.distribution_of(library).filter(|owner| ships(owner, library))
    }
}

/// Whether the package is that library, by its own name or its source's.
fn ships(owner: &Package, library: &Library) -> bool {
    let wanted = plain(match library.ecosystem {
        Ecosystem::Maven => library.name.rsplit_once(':').map_or(library.name.as_str(), |(_, artifact)| artifact),
        Ecosystem::Go | Ecosystem::Npm | Ecosystem::Packagist => last_segment(&library.name),
        _ => &library.name,
    });
    if library.ecosystem == Ecosystem::Go && library.name == "stdlib" {
        return false;
    }
    // `python3-jwt` is `pyjwt`: distributions leave out what says the language a second time.
    let short = wanted.strip_prefix("py").filter(|_| library.ecosystem == Ecosystem::Pypi);
    [&owner.name, &owner.source_name].into_iter().any(|name| {
        let name = plain(name);
        name == wanted
            || PREFIXES.into_iter().any(|prefix| {
                name.strip_prefix(prefix).is_some_and(|rest| {
                    rest == wanted || Some(rest) == short || rest.strip_suffix("java") == Some(&wanted)
                })
            })
    })
}

/// What distributions put before the upstream's name, in [`plain`] form.
const PREFIXES: [&str; 16] = [
    "python3",
    "python2",
    "python311",
    "python312",
    "python39",
    "python",
    "py3",
    "py",
    "nodejs",
    "node",
    "rubygem",
    "ruby",
    "golang",
    "php",
    "rust",
    "lib",
];

/// The last part of a path, a major version suffix of Go passed over.
fn last_segment(name: &str) -> &str {
    let mut segments = name.rsplit('/');
    let last = segments.next().unwrap_or(name);
    let is_major = last
        .strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if is_major { segments.next().unwrap_or(last) } else { last }
}

/// Letters and digits only, lower case.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(owner: &str, ecosystem: Ecosystem, name: &str, expected: bool) {
        let library = Library {
            ecosystem,
            name: name.to_owned(),
            version: "1".to_owned(),
            location: "/x".to_owned(),
            kind: LibraryKind::Installed,
            owner: Some(owner.to_owned()),
            development: false,
        };
        assert_eq!(ships(&Package::installed(owner, "1", "all"), &library), expected, "{owner} {name}");
    }

    #[test]
    fn a_package_ships_the_library_it_is_named_after() {
        check("python3-requests", Ecosystem::Pypi, "requests", true);
        check("python3-yaml", Ecosystem::Pypi, "pyyaml", true);
        check("py3-pyyaml", Ecosystem::Pypi, "pyyaml", true);
        check("node-semver", Ecosystem::Npm, "semver", true);
        check("libcommons-io-java", Ecosystem::Maven, "commons-io:commons-io", true);
        check("ruby-rack", Ecosystem::Rubygems, "rack", true);
        check("splunk", Ecosystem::Pypi, "requests", false);
        check("docker-ce", Ecosystem::Go, "golang.org/x/net", false);
        check("golang-github-spf13-cobra-dev", Ecosystem::Go, "stdlib", false);
        check("hugo", Ecosystem::Go, "github.com/gohugoio/hugo", true);
    }
}
