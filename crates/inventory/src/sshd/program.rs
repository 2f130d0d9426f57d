//! Which sshd is installed: release, builder and the builder's update number.
//!
//! Defaults and grammar changed between releases, and Debian patches both; a security update may change a compiled-in
//! list as well (1:9.2p1-2+deb12u4 gave an algorithm a second name), so the update number counts too.

use assay_model::evidence::package::{Package, Packages};

/// A release of OpenSSH, without the portable suffix: 9.2p1 is `9.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// Major number.
    pub major: u32,
    /// Minor number.
    pub minor: u32,
}

impl Release {
    /// A release.
    pub const fn new(major: u32, minor: u32) -> Release {
        Release { major, minor }
    }
}

/// Who built the program, as far as it changes defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Build {
    /// Debian's package or one derived from it: Debian's patches are in it.
    Debian,
    /// Any other, or not known.
    Other,
}

/// The installed server program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Upstream's version, for example `9.2p1`.
    pub version: Option<String>,
    /// The release in it.
    pub release: Option<Release>,
    /// Who built it.
    pub build: Build,
    /// The `N` of `debMuN` in the package's version: which update of a stable release it is.
    pub update: Option<u32>,
}

impl Program {
    /// A program of which nothing is known.
    pub fn unknown() -> Program {
        Program { version: None, release: None, build: Build::Other, update: None }
    }

    /// Reads a package version, for example `1:9.2p1-2+deb12u7`, `8.7p1-38.el9` or `9.7_p1-r4`.
    pub fn from_package_version(text: &str, build: Build) -> Program {
        let without_epoch = text.split_once(':').map_or(text, |(_, rest)| rest);
        let (upstream, revision) = without_epoch.split_once('-').unwrap_or((without_epoch, ""));
        let version = upstream.replace("_p", "p");
        let release = parse_release(&version);
        let update = revision.split_once("deb").and_then(|(_, rest)| rest.split_once('u')).and_then(|(_, number)| {
            let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        Program { version: release.map(|_| version), release, build, update }
    }

    /// Whether the release is known and at least this one.
    pub(super) fn is_at_least(&self, major: u32, minor: u32) -> bool {
        self.release.is_some_and(|release| release >= Release::new(major, minor))
    }

    /// Whether the release is known and before this one.
    pub(super) fn is_before(&self, major: u32, minor: u32) -> bool {
        self.release.is_some_and(|release| release < Release::new(major, minor))
    }
}

fn parse_release(version: &str) -> Option<Release> {
    let (major, rest) = version.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(Release { major: major.parse().ok()?, minor: minor.parse().ok()? })
}

/// The package that holds the server, when its files are on the host.
pub(super) fn server_package(packages: &Packages) -> Option<&Package> {
    ["openssh-server", "openssh"]
        .iter()
        .find_map(|name| packages.packages.iter().find(|package| package.name == *name && package.state.has_files()))
}

/// The build that a package database's kind stands for.
pub(super) fn build_of(packages: &Packages) -> Build {
    if packages.format == "dpkg" { Build::Debian } else { Build::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_versions_hold_release_and_update() {
        for (text, version, release, update) in [
            ("1:9.2p1-2+deb12u10", Some("9.2p1"), Some((9, 2)), Some(10)),
            ("1:10.0p1-7+deb13u4", Some("10.0p1"), Some((10, 0)), Some(4)),
            ("1:8.4p1-5+deb11u3", Some("8.4p1"), Some((8, 4)), Some(3)),
            ("1:9.6p1-3ubuntu13.5", Some("9.6p1"), Some((9, 6)), None),
            ("8.7p1-38.el9", Some("8.7p1"), Some((8, 7)), None),
            ("9.7_p1-r4", Some("9.7p1"), Some((9, 7)), None),
            ("7.2p2", Some("7.2p2"), Some((7, 2)), None),
            ("unstable", None, None, None),
            ("99999999999.1p1-1", None, None, None),
            ("", None, None, None),
        ] {
            let program = Program::from_package_version(text, Build::Debian);
            assert_eq!(program.version.as_deref(), version, "{text}");
            assert_eq!(program.release, release.map(|(major, minor)| Release::new(major, minor)), "{text}");
            assert_eq!(program.update, update, "{text}");
        }
    }
}
