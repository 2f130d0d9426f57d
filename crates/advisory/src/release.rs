//! Which database judges a host: the scope of its operating system.
//!
//! A derivative is not judged by its parent's feed: it has its own scope, or none. Debian's testing and unstable have no
//! `VERSION_ID`, and both say `trixie/sid` (or its successor) in `/etc/debian_version`: they cannot be told apart, so both
//! are judged as `sid`, whose fixed versions are never older than testing's.

use assay_model::evidence::operating_system::OperatingSystem;

use crate::platform::Platform;
use crate::scope::Scope;

/// Why there is no scope to judge a host by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// A distribution that no feed speaks of.
    #[error("the host is {id:?}, which no feed covers")]
    NoFeed {
        /// `ID` of os-release.
        id: String,
    },
    /// os-release says neither a known version nor a code name.
    #[error("the host does not say which release of {platform} it is")]
    NotStated {
        /// The distribution.
        platform: &'static str,
    },
    /// os-release contradicts itself.
    #[error("the host says it is {codename:?} and version {version_id:?}, which are two releases")]
    Contradictory {
        /// `VERSION_CODENAME`.
        codename: String,
        /// `VERSION_ID`.
        version_id: String,
    },
    /// The release cannot be one.
    #[error("{release:?} is no release of {platform}")]
    NoRelease {
        /// The distribution.
        platform: &'static str,
        /// `VERSION_CODENAME` or `VERSION_ID`.
        release: String,
    },
}

/// `VERSION_ID` and code name of Debian's releases.
const RELEASES: [(&str, &str); 9] = [
    ("7", "wheezy"),
    ("8", "jessie"),
    ("9", "stretch"),
    ("10", "buster"),
    ("11", "bullseye"),
    ("12", "bookworm"),
    ("13", "trixie"),
    ("14", "forky"),
    ("15", "duke"),
];

/// The scope whose advisories judge a host's packages.
///
/// # Errors
///
/// When no feed covers the distribution, or it does not say (or contradicts itself about) which release it is.
pub fn scope_of(os: &OperatingSystem) -> Result<Scope, ReleaseError> {
    let platform = match os.id.as_str() {
        "debian" => Platform::Debian,
        "ubuntu" => Platform::Ubuntu,
        "alpine" => Platform::Alpine,
        "rhel" => Platform::RedHat,
        "almalinux" => Platform::AlmaLinux,
        "rocky" => Platform::Rocky,
        "ol" => Platform::Oracle,
        "sles" | "sled" | "sles_sap" => Platform::Suse,
        "opensuse-leap" | "opensuse-tumbleweed" => Platform::OpenSuse,
        "amzn" => Platform::Amazon,
        id => return Err(ReleaseError::NoFeed { id: id.to_owned() }),
    };
    let release = match (platform, os.version_id.as_deref()) {
        (Platform::Debian, _) => debian_release(os)?,
        (Platform::OpenSuse, _) if os.id == "opensuse-tumbleweed" => "tumbleweed".to_owned(),
        (_, None) => return Err(ReleaseError::NotStated { platform: platform.title() }),
        (Platform::Alpine, Some(version)) => alpine_branch(version),
        (Platform::Amazon, Some("2018.03" | "2017.09" | "2017.03")) => "1".to_owned(),
        (Platform::Ubuntu | Platform::Suse | Platform::OpenSuse | Platform::Amazon, Some(version)) => {
            version.to_owned()
        }
        (_, Some(version)) => version.split('.').next().unwrap_or_default().to_owned(),
    };
    let refused = |_| ReleaseError::NoRelease { platform: platform.title(), release: release.clone() };
    Scope::new(platform, &release).map_err(refused)
}

/// `3.20` of `3.20.3`; `edge` of `3.21.0_alpha20240807`.
fn alpine_branch(version: &str) -> String {
    if version.contains("_alpha") {
        return "edge".to_owned();
    }
    let mut numbers = version.splitn(3, '.');
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => format!("{major}.{minor}"),
        _ => version.to_owned(),
    }
}

fn debian_release(os: &OperatingSystem) -> Result<String, ReleaseError> {
    let is_rolling = |text: &str| text == "sid" || text.ends_with("/sid");
    let codename = os.version_codename.as_deref();
    if os.debian_version.as_deref().is_some_and(is_rolling) || codename == Some("sid") {
        return Ok("sid".to_owned());
    }
    let numbered = os.version_id.as_deref().or_else(|| os.debian_version.as_deref().and_then(major));
    let by_number = numbered.and_then(debian_codename);
    match (codename, by_number) {
        (Some(codename), Some(name)) if codename != name => Err(ReleaseError::Contradictory {
            codename: codename.to_owned(),
            version_id: numbered.unwrap_or_default().to_owned(),
        }),
        (Some(codename), _) if is_codename(codename) => Ok(codename.to_owned()),
        (Some(codename), _) => {
            Err(ReleaseError::NoRelease { platform: Platform::Debian.title(), release: codename.to_owned() })
        }
        (None, Some(name)) => Ok(name.to_owned()),
        (None, None) => Err(ReleaseError::NotStated { platform: Platform::Debian.title() }),
    }
}

/// The code name of a release of Debian, by its number.
pub(crate) fn debian_codename(number: &str) -> Option<&'static str> {
    RELEASES.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

/// Whether the text can be a code name: it becomes part of a file name, so it holds lower-case letters, digits and `-`
/// only, at most 32 of them, and starts with a letter.
pub(crate) fn is_codename(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= 32 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(is_allowed)
}

/// `12` of `12.11`.
fn major(debian_version: &str) -> Option<&str> {
    debian_version.split('.').next().filter(|number| !number.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, codename: &str, version_id: &str, debian_version: &str, expected: Result<&str, &str>) {
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let os = OperatingSystem {
            id: id.to_owned(),
            version_codename: optional(codename),
            version_id: optional(version_id),
            debian_version: optional(debian_version),
            ..OperatingSystem::default()
        };
        let found = scope_of(&os).map(|scope| scope.to_string()).map_err(|error| error.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{os:?}");
    }

    #[test]
    fn releases_come_from_os_release() {
        check("debian", "bookworm", "12", "12.11", Ok("debian-bookworm"));
        check("debian", "bullseye", "11", "11.11", Ok("debian-bullseye"));
        check("debian", "trixie", "", "trixie/sid", Ok("debian-sid"));
        check("debian", "sid", "", "", Ok("debian-sid"));
        check("debian", "forky", "", "forky/sid", Ok("debian-sid"));
        check("debian", "", "9", "9.13", Ok("debian-stretch"));
        check("debian", "", "", "12.11", Ok("debian-bookworm"));
        check("debian", "zurg", "", "", Ok("debian-zurg"));
        check("debian", "", "", "", Err("the host does not say which release of Debian it is"));
        check("ubuntu", "jammy", "22.04", "bookworm/sid", Ok("ubuntu-22.04"));
        check("alpine", "", "3.20.3", "", Ok("alpine-3.20"));
        check("alpine", "", "3.21.0_alpha20240807", "", Ok("alpine-edge"));
        check("rhel", "", "9.4", "", Ok("redhat-9"));
        check("ol", "", "8.10", "", Ok("oracle-8"));
        check("sles", "", "15.5", "", Ok("suse-15.5"));
        check("opensuse-tumbleweed", "", "20261101", "", Ok("opensuse-tumbleweed"));
        check("amzn", "", "2018.03", "", Ok("amazon-1"));
        check("amzn", "", "2023", "", Ok("amazon-2023"));
        check("rocky", "", "", "", Err("the host does not say which release of Rocky Linux it is"));
        check("raspbian", "bookworm", "12", "12.1", Err("the host is \"raspbian\", which no feed covers"));
        check("centos", "", "9", "", Err("the host is \"centos\", which no feed covers"));
        check("linuxmint", "virginia", "21.3", "", Err("the host is \"linuxmint\", which no feed covers"));
        check(
            "debian",
            "bullseye",
            "12",
            "12.11",
            Err("the host says it is \"bullseye\" and version \"12\", which are two releases"),
        );
        check("debian", "../../etc", "", "", Err("\"../../etc\" is no release of Debian"));
        check("ubuntu", "", "../../etc", "", Err("\"../../etc\" is no release of Ubuntu"));
    }
}
