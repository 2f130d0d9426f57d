//! The package managers whose databases are read, and which of them is the host's own.

use assay_host::{Host, HostError};
use assay_model::evidence::operating_system::OperatingSystem;

use crate::{apk, dpkg, rpm};

/// A package manager's kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// dpkg, of Debian and its derivatives.
    Dpkg,
    /// rpm, of Red Hat, SUSE, Amazon and others.
    Rpm,
    /// apk, of Alpine and others.
    Apk,
    /// opkg, of OpenWrt and Yocto.
    Opkg,
}

/// Every format, the likelier ones first: the order counts where os-release does not say whose host it is.
const ALL: [Format; 4] = [Format::Dpkg, Format::Rpm, Format::Apk, Format::Opkg];

/// The formats of distributions, by the `ID` or `ID_LIKE` of os-release; the first one counts that the host has.
const DISTRIBUTIONS: &[(&str, &[Format])] = &[
    ("debian", &[Format::Dpkg]),
    ("ubuntu", &[Format::Dpkg]),
    ("rhel", &[Format::Rpm]),
    ("fedora", &[Format::Rpm]),
    ("centos", &[Format::Rpm]),
    ("suse", &[Format::Rpm]),
    ("opensuse", &[Format::Rpm]),
    ("sles", &[Format::Rpm]),
    ("amzn", &[Format::Rpm]),
    ("ol", &[Format::Rpm]),
    ("rocky", &[Format::Rpm]),
    ("almalinux", &[Format::Rpm]),
    ("mariner", &[Format::Rpm]),
    ("azurelinux", &[Format::Rpm]),
    ("photon", &[Format::Rpm]),
    ("openeuler", &[Format::Rpm]),
    ("mageia", &[Format::Rpm]),
    ("altlinux", &[Format::Rpm]),
    ("alpine", &[Format::Apk]),
    ("wolfi", &[Format::Apk]),
    ("chainguard", &[Format::Apk]),
    ("openwrt", &[Format::Opkg, Format::Apk]),
    ("poky", &[Format::Rpm, Format::Opkg, Format::Dpkg]),
];

impl Format {
    /// Its name in the evidence.
    pub fn name(self) -> &'static str {
        match self {
            Format::Dpkg => "dpkg",
            Format::Rpm => "rpm",
            Format::Apk => "apk",
            Format::Opkg => "opkg",
        }
    }

    /// The files (dpkg: also a folder) that make the database, in the order in which they are looked for.
    pub fn places(self) -> Vec<String> {
        let owned = |places: &[&str]| places.iter().map(|place| (*place).to_owned()).collect();
        match self {
            Format::Dpkg => {
                let both = |directory: &&str| [format!("{directory}/status"), format!("{directory}/status.d")];
                dpkg::DIRECTORIES.iter().flat_map(both).collect()
            }
            Format::Rpm => rpm::places(),
            Format::Apk => owned(apk::DATABASES),
            Format::Opkg => owned(dpkg::OPKG_STATUS),
        }
    }

    /// Whether something is there; what cannot be looked at is there, so that reading it tells why.
    fn is_on(self, host: &dyn Host) -> bool {
        self.places().iter().any(|place| !matches!(host.metadata(place), Err(HostError::NotFound { .. })))
    }
}

/// The package databases of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Databases {
    /// The one that its distribution is made of.
    pub own: Option<Format>,
    /// The others that exist: of tools, or of another distribution.
    pub others: Vec<Format>,
}

impl Databases {
    /// Looks which databases exist, and decides by os-release whose host it is.
    pub fn find(host: &dyn Host, os: Option<&OperatingSystem>) -> Databases {
        let mut found: Vec<Format> = ALL.into_iter().filter(|format| format.is_on(host)).collect();
        let likely = os.map(formats_of).unwrap_or_default();
        let own = likely.into_iter().find(|format| found.contains(format)).or(found.first().copied());
        found.retain(|format| Some(*format) != own);
        Databases { own, others: found }
    }
}

/// What the distribution uses, by `ID` before `ID_LIKE`.
fn formats_of(os: &OperatingSystem) -> Vec<Format> {
    let of_id = |id: &str| {
        // openSUSE has `opensuse-leap`, SUSE `sles_sap` and `sle_hpc`.
        let family = if id.starts_with("opensuse") { "opensuse" } else { id };
        let family = if family.starts_with("sle") { "sles" } else { family };
        DISTRIBUTIONS.iter().find(|(distribution, _)| *distribution == family).map(|(_, formats)| *formats)
    };
    let ids = std::iter::once(&os.id).chain(&os.id_like);
    ids.filter_map(|id| of_id(id)).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    #[test]
    fn os_release_decides_among_databases() {
        use Format::{Apk, Dpkg, Opkg, Rpm};
        let place = |format: Format| match format {
            Dpkg => "/var/lib/dpkg/status",
            Rpm => "/var/lib/rpm/rpmdb.sqlite",
            Apk => "/lib/apk/db/installed",
            Opkg => "/usr/lib/opkg/status",
        };
        let all = [Dpkg, Rpm, Apk, Opkg];
        for (id, like, found, own) in [
            ("debian", "", &[Dpkg, Rpm][..], Some(Dpkg)),
            ("fedora", "", &[Dpkg, Rpm], Some(Rpm)),
            ("rocky", "rhel centos fedora", &[Dpkg, Rpm], Some(Rpm)),
            ("linuxmint", "ubuntu debian", &[Dpkg, Rpm], Some(Dpkg)),
            ("newcomer", "rhel fedora", &[Dpkg, Rpm], Some(Rpm)),
            ("opensuse-leap", "", &all, Some(Rpm)),
            ("sles_sap", "", &all, Some(Rpm)),
            ("alpine", "", &[Dpkg, Apk], Some(Apk)),
            ("openwrt", "lede openwrt", &[Apk], Some(Apk)),
            ("openwrt", "", &all, Some(Opkg)),
            ("debian", "", &[Rpm], Some(Rpm)),
            ("linux", "", &all, Some(Dpkg)),
            ("alpine", "", &[], None),
        ] {
            let mut host = MemoryHost::new(SourceKind::RootDirectory);
            for format in found {
                host = host.file(place(*format), "");
            }
            let id_like = like.split_whitespace().map(str::to_owned).collect();
            let os = OperatingSystem { id: id.to_owned(), id_like, ..OperatingSystem::default() };
            let databases = Databases::find(&host, Some(&os));
            assert_eq!(databases.own, own, "{id} with {found:?}");
            let others: Vec<Format> = found.iter().copied().filter(|format| Some(*format) != own).collect();
            assert_eq!(databases.others, others, "{id} with {found:?}");
            assert_eq!(Databases::find(&host, None).own, found.first().copied(), "without os-release");
        }
    }

    #[test]
    fn every_place_makes_a_database() {
        for format in ALL {
            for place in format.places() {
                let host = MemoryHost::new(SourceKind::RootDirectory).denied(&place);
                assert_eq!(
                    Databases::find(&host, None),
                    Databases { own: Some(format), others: Vec::new() },
                    "{place}"
                );
            }
        }
    }
}
