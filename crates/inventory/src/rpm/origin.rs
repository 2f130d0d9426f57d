//! Whether the distribution made a package, by the vendor that its header states.
//!
//! Surprising: rpm keeps no record of the repository that a package was installed from (dnf has one of its own), so the
//! vendor, which the builder writes, is all that the database says. The signing key is kept beside it.

use assay_model::evidence::package::PackageOrigin;

/// `ID` of os-release, and what the distribution writes as vendor of its packages.
///
/// Taken from the distributions' published packages. Leap has packages built for SLE since 15.3.
const VENDORS: &[(&str, &[&str])] = &[
    ("almalinux", &["AlmaLinux"]),
    ("amzn", &["Amazon Linux", "Amazon.com"]),
    ("azurelinux", &["Microsoft Corporation"]),
    ("centos", &["CentOS"]),
    ("fedora", &["Fedora Project"]),
    ("mariner", &["Microsoft Corporation"]),
    ("ol", &["Oracle America"]),
    ("opensuse-leap", &["openSUSE", SUSE]),
    ("opensuse-tumbleweed", &["openSUSE"]),
    ("photon", &["VMware, Inc."]),
    ("rhel", &["Red Hat, Inc."]),
    ("rocky", &["Rocky Enterprise Software Foundation", "Rocky"]),
    ("sle_hpc", &[SUSE]),
    ("sled", &[SUSE]),
    ("sles", &[SUSE]),
    ("sles_sap", &[SUSE]),
    ("suse-microos", &[SUSE]),
    ("sl-micro", &[SUSE]),
];

const SUSE: &str = "SUSE LLC <https://www.suse.com/>";

/// The origin; `distribution` is the `ID` of os-release. Unknown for a distribution whose vendor is not known here.
pub(super) fn origin(distribution: &str, vendor: Option<&str>) -> PackageOrigin {
    let Some((_, own)) = VENDORS.iter().find(|(id, _)| *id == distribution) else {
        return PackageOrigin::Unknown;
    };
    match vendor {
        None => PackageOrigin::Local,
        Some(vendor) if own.contains(&vendor) => PackageOrigin::Distribution,
        Some(vendor) => PackageOrigin::ThirdParty { origin: vendor.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_decides() {
        let foreign = |vendor: &str| PackageOrigin::ThirdParty { origin: vendor.to_owned() };
        for (distribution, vendor, expected) in [
            ("rhel", Some("Red Hat, Inc."), PackageOrigin::Distribution),
            ("rhel", Some("Fedora Project"), foreign("Fedora Project")),
            ("rocky", Some("Red Hat, Inc."), foreign("Red Hat, Inc.")),
            ("rocky", Some("Rocky Enterprise Software Foundation"), PackageOrigin::Distribution),
            ("opensuse-leap", Some(SUSE), PackageOrigin::Distribution),
            ("sles", Some("obs://build.suse.de/home:me"), foreign("obs://build.suse.de/home:me")),
            ("almalinux", None, PackageOrigin::Local),
            ("mageia", Some("Mageia.Org"), PackageOrigin::Unknown),
            ("", None, PackageOrigin::Unknown),
        ] {
            assert_eq!(origin(distribution, vendor), expected, "{distribution} {vendor:?}");
        }
    }
}
