//! What a package is judged as: the source package and source version that the tracker speaks of.
//!
//! Debian signs boot code in source packages of their own, which the tracker does not list: `linux-image-6.1.0-37-amd64`
//! has the source `linux-signed-amd64 (6.1.140+1)`, while its advisories are those of `linux`, in `6.1.140-1`. Judged by
//! the name in the package database, no kernel of a Debian host would ever have a finding.

use std::borrow::Cow;

use assay_model::evidence::package::Package;

/// Source package and version to look up and compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject<'a> {
    pub(crate) source: &'a str,
    pub(crate) version: Cow<'a, str>,
}

/// What the package is judged as.
pub(crate) fn subject(package: &Package) -> Subject<'_> {
    let own = || Subject { source: &package.source_name, version: Cow::Borrowed(&package.source_version) };
    let Some(signed) = package.source_name.strip_suffix("-signed").or_else(|| linux_signed(&package.source_name))
    else {
        return own();
    };
    // The kernel's signed packages carry the version of `linux` itself.
    if signed == "linux" {
        return Subject { source: "linux", version: Cow::Borrowed(&package.version) };
    }
    let source = if signed.starts_with("grub-efi-") {
        "grub2"
    } else if signed.starts_with("shim-helpers-") {
        "shim"
    } else {
        return own();
    };
    match unsigned_version(&package.source_version) {
        Some(version) => Subject { source, version: Cow::Owned(version) },
        None => own(),
    }
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
    use assay_model::evidence::package::{PackageOrigin, PackageRole, PackageState, Provenance};

    use super::*;

    fn check(name: &str, version: &str, source: (&str, &str), expected: (&str, &str)) {
        let package = Package {
            name: name.to_owned(),
            version: version.to_owned(),
            architecture: "amd64".to_owned(),
            source_name: source.0.to_owned(),
            source_version: source.1.to_owned(),
            state: PackageState::Installed,
            held: false,
            origin: PackageOrigin::Unknown,
            role: PackageRole::Ordinary,
            recorded_at: None,
            previous_version: None,
            provenance: Provenance::default(),
        };
        let found = subject(&package);
        assert_eq!((found.source, &*found.version), expected, "{name}");
    }

    /// Names and versions are those of Debian 12; `Built-Using` of the same packages confirms the right-hand side.
    #[test]
    fn signed_packages_are_judged_as_what_was_signed() {
        check("openssl", "3.0.16-1~deb12u1", ("openssl", "3.0.16-1~deb12u1"), ("openssl", "3.0.16-1~deb12u1"));
        check("linux-image-6.1.0-37-amd64", "6.1.140-1", ("linux-signed-amd64", "6.1.140+1"), ("linux", "6.1.140-1"));
        check(
            "grub-efi-amd64-signed",
            "1+2.06+13+deb12u2",
            ("grub-efi-amd64-signed", "1+2.06+13+deb12u2"),
            ("grub2", "2.06-13+deb12u2"),
        );
        check(
            "shim-helpers-amd64-signed",
            "1+16.1+2~deb12u1",
            ("shim-helpers-amd64-signed", "1+16.1+2~deb12u1"),
            ("shim", "16.1-2~deb12u1"),
        );
        check("shim-signed", "1.51+16.1-2", ("shim-signed", "1.51"), ("shim-signed", "1.51"));
        check("grub-efi-ia32-signed", "odd", ("grub-efi-ia32-signed", "odd"), ("grub-efi-ia32-signed", "odd"));
    }
}
