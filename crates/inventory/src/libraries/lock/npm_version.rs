//! How JavaScript's lock files say where a package comes from.
//!
//! Surprising: the same member holds a version, an alias of another package (`npm:real@1.2.3`), or the address of
//! something that no registry knows.

/// Where a package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin<'a> {
    /// The registry, under its own name.
    Registry { name: &'a str, version: &'a str },
    /// A directory, git, a tarball.
    Elsewhere,
}

/// The origin of the package that is locked as `name` at `version`.
pub(super) fn origin<'a>(name: &'a str, version: &'a str) -> Origin<'a> {
    let (name, version) = match version.strip_prefix("npm:").map(split_at_version) {
        Some(Some(real)) => real,
        Some(None) => return Origin::Elsewhere,
        None => (name, version),
    };
    // A version of the registry begins with a number (Semantic Versioning 2.0.0, clause 2).
    if version.starts_with(|first: char| first.is_ascii_digit()) {
        Origin::Registry { name, version }
    } else {
        Origin::Elsewhere
    }
}

/// `@scope/name@1.2.3` in its two parts.
pub(super) fn split_at_version(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once('@')?;
    (!name.is_empty()).then_some((name, version))
}

/// Whether an address is none of a registry: a directory, git, or an archive that a code host makes.
pub(super) fn is_elsewhere(address: &str) -> bool {
    let schemes = ["file:", "git:", "git+", "git@", "github:", "gitlab:", "bitbucket:", "link:", "ssh:"];
    let hosts =
        ["https://codeload.github.com/", "https://github.com/", "https://gitlab.com/", "https://bitbucket.org/"];
    // `https://host/repository.git#0a1b2c` is git too.
    let is_git = address.split('#').next().is_some_and(|address| address.ends_with(".git"));
    is_git || schemes.iter().chain(&hosts).any(|start| address.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        let registry = |name, version| Origin::Registry { name, version };
        for (name, version, expected) in [
            ("a", "1.2.3", registry("a", "1.2.3")),
            ("a", "1.2.3-rc.1+b", registry("a", "1.2.3-rc.1+b")),
            ("a", "npm:b@1.0.0", registry("b", "1.0.0")),
            ("a", "npm:@s/b@1.0.0", registry("@s/b", "1.0.0")),
            ("a", "npm:@s/b", Origin::Elsewhere),
            ("a", "npm:b@latest", Origin::Elsewhere),
            ("a", "npm:", Origin::Elsewhere),
            ("a", "file:../b", Origin::Elsewhere),
            ("a", "git+ssh://git@github.com/a/b.git#82dcc8", Origin::Elsewhere),
            ("a", "https://codeload.github.com/a/b/tar.gz/82dcc8", Origin::Elsewhere),
            ("a", "", Origin::Elsewhere),
        ] {
            assert_eq!(origin(name, version), expected, "{version}");
        }
    }

    #[test]
    fn addresses() {
        for (address, expected) in [
            ("https://registry.npmjs.org/a/-/a-1.0.0.tgz", false),
            ("https://npm.example/a-1.0.0.tgz", false),
            ("git+ssh://git@github.com/a/b.git#82dcc8", true),
            ("https://codeload.github.com/a/b/tar.gz/82dcc8", true),
            ("https://token@git.example/a.git#82dcc8", true),
            ("file:b", true),
        ] {
            assert_eq!(is_elsewhere(address), expected, "{address}");
        }
    }
}
