//! What a package is judged as: the source package and source version that the feed speaks of.
//!
//! Debian and Ubuntu sign boot code in source packages of their own, which their trackers do not list: Debian's
//! `linux-image-6.1.0-37-amd64` has the source `linux-signed-amd64 (6.1.140+1)`, while its advisories are those of
//! `linux`, in `6.1.140-1`. Judged by the name in the package database, no kernel would ever have a finding.

use std::borrow::Cow;
use std::collections::BTreeSet;

use assay_model::evidence::package::Package;

use crate::platform::Platform;

/// Source package and version to look up and compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject<'a> {
    pub(crate) source: Cow<'a, str>,
    pub(crate) version: Cow<'a, str>,
}

/// What the package is judged as.
pub(crate) fn subject(platform: Platform, package: &Package) -> Subject<'_> {
    let own =
        || Subject { source: Cow::Borrowed(&package.source_name), version: Cow::Borrowed(&package.source_version) };
    match platform {
        Platform::Debian => {}
        Platform::Ubuntu => return unsigned_kernel(package).unwrap_or_else(own),
        _ => return own(),
    }
    let Some(signed) = package.source_name.strip_suffix("-signed").or_else(|| linux_signed(&package.source_name))
    else {
        return own();
    };
    // The kernel's signed packages carry the version of `linux` itself.
    if signed == "linux" {
        return Subject { source: Cow::Borrowed("linux"), version: Cow::Borrowed(&package.version) };
    }
    let source = if signed.starts_with("grub-efi-") {
        "grub2"
    } else if signed.starts_with("shim-helpers-") {
        "shim"
    } else {
        return own();
    };
    match unsigned_version(&package.source_version) {
        Some(version) => Subject { source: Cow::Borrowed(source), version: Cow::Owned(version) },
        None => own(),
    }
}

/// Every name by which the feed of some platform may speak of the package: its own, and what it is judged as.
pub(crate) fn feed_names(package: &Package) -> BTreeSet<Cow<'_, str>> {
    let sources = Platform::DISTRIBUTIONS.map(|platform| subject(platform, package).source);
    sources.into_iter().chain([Cow::Borrowed(package.name.as_str())]).collect()
}

/// Ubuntu: `linux-signed-aws` signs what `linux-aws` built, in the same version.
fn unsigned_kernel(package: &Package) -> Option<Subject<'_>> {
    let flavour = package.source_name.strip_prefix("linux-signed")?;
    let source = Cow::Owned(format!("linux{flavour}"));
    Some(Subject { source, version: Cow::Borrowed(&package.version) })
}

fn linux_signed(source: &str) -> Option<&str> {
    source.starts_with("linux-signed-").then_some("linux")
}

/// `2.06-13+deb12u1` of `1+2.06+13+deb12u1`: the template's own version, then the version of what was signed, with `+`
/// for its hyphen.
fn unsigned_version(version: &str) -> Option<String> {
    let (template, signed) = version.split_once('+')?;
    let (upstream, revision) = signed.split_once('+')?;
    template.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{upstream}-{revision}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(platform: Platform, name: &str, version: &str, source: (&str, &str), expected: (&str, &str)) {
        let package = Package {
            source_name: source.0.to_owned(),
            source_version: source.1.to_owned(),
            ..Package::installed(name, version, "amd64")
        };
        let found = subject(platform, &package);
        assert_eq!((&*found.source, &*found.version), expected, "{name}");
    }

    /// Names and versions are those of Debian 12; `Built-Using` of the same packages confirms the right-hand side.
    #[test]
    fn signed_packages_are_judged_as_what_was_signed() {
        check(
            Platform::Debian,
            "openssl",
            "3.0.16-1~deb12u1",
            ("openssl", "3.0.16-1~deb12u1"),
            ("openssl", "3.0.16-1~deb12u1"),
        );
        check(
            Platform::Debian,
            "linux-image-6.1.0-37-amd64",
            "6.1.140-1",
            ("linux-signed-amd64", "6.1.140+1"),
            ("linux", "6.1.140-1"),
        );
        check(
            Platform::Debian,
            "grub-efi-amd64-signed",
            "1+2.06+13+deb12u2",
            ("grub-efi-amd64-signed", "1+2.06+13+deb12u2"),
            ("grub2", "2.06-13+deb12u2"),
        );
        check(
            Platform::Debian,
            "shim-helpers-amd64-signed",
            "1+16.1+2~deb12u1",
            ("shim-helpers-amd64-signed", "1+16.1+2~deb12u1"),
            ("shim", "16.1-2~deb12u1"),
        );
        check(
            Platform::Ubuntu,
            "linux-image-6.8.0-1-aws",
            "6.8.0-1.1",
            ("linux-signed-aws", "6.8.0-1.1"),
            ("linux-aws", "6.8.0-1.1"),
        );
        check(Platform::Ubuntu, "linux-image-x", "1", ("linux-signed", "1"), ("linux", "1"));
        check(Platform::RedHat, "x", "1", ("linux-signed-amd64", "1"), ("linux-signed-amd64", "1"));
        check(Platform::Debian, "shim-signed", "1.51+16.1-2", ("shim-signed", "1.51"), ("shim-signed", "1.51"));
        check(
            Platform::Debian,
            "grub-efi-ia32-signed",
            "odd",
            ("grub-efi-ia32-signed", "odd"),
            ("grub-efi-ia32-signed", "odd"),
        );
    }
}
