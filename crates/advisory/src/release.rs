//! Which release's database judges a host.
//!
//! Testing and unstable have no `VERSION_ID`, and both say `trixie/sid` (or its successor) in `/etc/debian_version`:
//! they cannot be told apart, so both are judged as `sid`, whose fixed versions are never older than testing's.

use assay_model::evidence::operating_system::OperatingSystem;

/// Why there is no release to judge a host by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Another distribution; a derivative is not judged by its parent's feed.
    #[error("the host is {id:?}, not Debian: no feed covers it")]
    NotDebian {
        /// `ID` of os-release.
        id: String,
    },
    /// os-release says neither a known version nor a code name.
    #[error("the host does not say which release of Debian it is")]
    NotStated,
    /// os-release contradicts itself.
    #[error("the host says it is {codename:?} and version {version_id:?}, which are two releases")]
    Contradictory {
        /// `VERSION_CODENAME`.
        codename: String,
        /// `VERSION_ID`.
        version_id: String,
    },
    /// The code name cannot be one.
    #[error("{codename:?} is no code name of a Debian release")]
    NoCodename {
        /// `VERSION_CODENAME`.
        codename: String,
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

/// The release whose advisories judge this host, for example `bookworm`.
///
/// # Errors
///
/// When it is not Debian itself, or does not say (or contradicts itself about) which release it is.
pub fn release_of(os: &OperatingSystem) -> Result<String, ReleaseError> {
    if os.id != "debian" {
        return Err(ReleaseError::NotDebian { id: os.id.clone() });
    }
    let is_rolling = |text: &str| text == "sid" || text.ends_with("/sid");
    let codename = os.version_codename.as_deref();
    if os.debian_version.as_deref().is_some_and(is_rolling) || codename == Some("sid") {
        return Ok("sid".to_owned());
    }
    let numbered = os.version_id.as_deref().or_else(|| os.debian_version.as_deref().and_then(major));
    let by_number = numbered.and_then(|id| RELEASES.iter().find(|(number, _)| *number == id)).map(|(_, name)| *name);
    match (codename, by_number) {
        (Some(codename), Some(name)) if codename != name => Err(ReleaseError::Contradictory {
            codename: codename.to_owned(),
            version_id: numbered.unwrap_or_default().to_owned(),
        }),
        (Some(codename), _) if is_codename(codename) => Ok(codename.to_owned()),
        (Some(codename), _) => Err(ReleaseError::NoCodename { codename: codename.to_owned() }),
        (None, Some(name)) => Ok(name.to_owned()),
        (None, None) => Err(ReleaseError::NotStated),
    }
}

/// The file name of the compiled database of a distribution's release, for example `debian-bookworm.assaydb`.
pub fn database_file_name(distribution: &str, release: &str) -> String {
    format!("{distribution}-{release}.assaydb")
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
        let found = release_of(&os).map_err(|error| error.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{os:?}");
    }

    #[test]
    fn releases_come_from_os_release() {
        check("debian", "bookworm", "12", "12.11", Ok("bookworm"));
        check("debian", "bullseye", "11", "11.11", Ok("bullseye"));
        check("debian", "trixie", "", "trixie/sid", Ok("sid"));
        check("debian", "sid", "", "", Ok("sid"));
        check("debian", "forky", "", "forky/sid", Ok("sid"));
        check("debian", "", "9", "9.13", Ok("stretch"));
        check("debian", "", "", "12.11", Ok("bookworm"));
        check("debian", "zurg", "", "", Ok("zurg"));
        check("debian", "", "", "", Err("the host does not say which release of Debian it is"));
        check("ubuntu", "jammy", "22.04", "bookworm/sid", Err("the host is \"ubuntu\", not Debian: no feed covers it"));
        check("raspbian", "bookworm", "12", "12.1", Err("the host is \"raspbian\", not Debian: no feed covers it"));
        check(
            "debian",
            "bullseye",
            "12",
            "12.11",
            Err("the host says it is \"bullseye\" and version \"12\", which are two releases"),
        );
        check("debian", "../../etc", "", "", Err("\"../../etc\" is no code name of a Debian release"));
    }
}
