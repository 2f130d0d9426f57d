//! Channels: which updates reach a host beside those that everybody gets.
//!
//! A fix in a channel that the host does not have is no fix for it. There are two kinds. Extended maintenance of the same
//! packages (Ubuntu's ESM, SUSE's LTSS, Red Hat's ELS) carries on where everybody's updates end: without it the fix is
//! worth telling of. All others (Red Hat's EUS, AUS, E4S, TUS, layered products, topics of Amazon Linux Extras) hold other
//! builds: without them their records say nothing.

use std::collections::BTreeSet;

use super::inventory::Inventory;

/// The channels that a host has, by their names in [`Entry::channel`](crate::Entry::channel).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Channels {
    names: BTreeSet<&'static str>,
    topics: BTreeSet<String>,
    minor_release: Option<String>,
}

/// What a record's channel means for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It is for everybody.
    Everybody,
    /// The host has the channel, whose builds take the place of everybody's.
    Own,
    /// The host could get it.
    NotEnabled,
    /// It is about other builds than the host's.
    OtherBuilds,
}

/// A part of a repository's id or address, and the channel it gives.
const SIGNS: [(&str, &str); 16] = [
    ("-apps-security", "esm-apps"),
    ("-apps-updates", "esm-apps"),
    ("esm.ubuntu.com/apps", "esm-apps"),
    ("-infra-security", "esm-infra"),
    ("-infra-updates", "esm-infra"),
    ("esm.ubuntu.com/infra", "esm-infra"),
    ("esm.ubuntu.com/fips", "fips"),
    ("esm.ubuntu.com/fips-updates", "fips-updates"),
    ("esm.ubuntu.com/realtime", "realtime"),
    ("-els-", "els"),
    ("LTSS", "ltss"),
    ("ltss", "ltss"),
    ("-eus-", "eus"),
    ("-aus-", "aus"),
    ("-e4s-", "e4s"),
    ("-tus-", "tus"),
];

/// Channels of minor releases.
const MINOR_RELEASE: [&str; 4] = ["eus", "aus", "e4s", "tus"];

/// Channels that carry on with the same packages.
const EXTENDED: [&str; 8] = ["esm", "esm-apps", "esm-infra", "fips", "fips-updates", "realtime", "els", "ltss"];

/// Topics of Amazon Linux Extras are repositories of their own, `amzn2extra-kernel-5.15`.
const EXTRAS: (&str, &str) = ("extras-", "amzn2extra-");

impl Channels {
    pub(crate) fn of(inventory: &Inventory<'_>) -> Channels {
        let (mut names, mut topics) = (BTreeSet::new(), BTreeSet::new());
        for repository in &inventory.packages.repositories {
            topics.extend(repository.id.strip_prefix(EXTRAS.1).map(str::to_owned));
            for (sign, name) in SIGNS {
                if repository.id.contains(sign) || repository.location.contains(sign) {
                    names.insert(name);
                }
            }
        }
        Channels { names, topics, minor_release: inventory.version_id.map(str::to_owned) }
    }

    fn has(&self, channel: &str) -> bool {
        let topic = channel.strip_prefix(EXTRAS.0);
        self.names.contains(channel)
            || topic.is_some_and(|topic| self.topics.contains(topic))
            || (channel == "esm" && self.names.iter().any(|name| name.starts_with("esm-")))
            || (channel.starts_with("ltss-") && self.names.contains("ltss"))
    }

    pub(crate) fn reach(&self, channel: Option<&str>) -> Reach {
        let Some(channel) = channel else {
            return Reach::Everybody;
        };
        let minor = MINOR_RELEASE.into_iter().find_map(|name| {
            let rest = channel.strip_prefix(name)?;
            if rest.is_empty() { Some((name, None)) } else { Some((name, Some(rest.strip_prefix('-')?))) }
        });
        match minor {
            Some((name, release)) => {
                let is_ours = release.is_none_or(|release| self.minor_release.as_deref() == Some(release));
                if is_ours && self.names.contains(name) { Reach::Own } else { Reach::OtherBuilds }
            }
            None if self.has(channel) => Reach::Own,
            None if EXTENDED.contains(&channel) || channel.starts_with("ltss-") => Reach::NotEnabled,
            None => Reach::OtherBuilds,
        }
    }
}

#[cfg(test)]
mod tests {
    use assay_model::evidence::package::{Packages, Repository};

    use super::*;

    #[track_caller]
    fn check(repositories: &[&str], version_id: &str, channel: Option<&str>, expected: Reach) {
        let repositories =
            repositories.iter().map(|id| Repository { id: (*id).to_owned(), location: String::new() }).collect();
        let packages = Packages { repositories, ..Packages::default() };
        let inventory = Inventory { version_id: Some(version_id), ..Inventory::of_packages(&packages, None) };
        assert_eq!(Channels::of(&inventory).reach(channel), expected, "{channel:?}");
    }

    #[test]
    fn channels_are_told_by_repositories() {
        check(&[], "22.04", None, Reach::Everybody);
        check(&["jammy-security"], "22.04", Some("esm-apps"), Reach::NotEnabled);
        check(&["jammy-apps-security"], "22.04", Some("esm-apps"), Reach::Own);
        check(&["jammy-apps-security"], "22.04", Some("esm-infra"), Reach::NotEnabled);
        check(&["jammy-apps-security"], "22.04", Some("esm"), Reach::Own);
        check(&[], "2", Some("extras-kernel-5.15"), Reach::OtherBuilds);
        check(&["amzn2extra-kernel-5.15"], "2", Some("extras-kernel-5.15"), Reach::Own);
        check(&[], "8.9", Some("product-openshift-4"), Reach::OtherBuilds);
        check(&["SLES15-SP4-LTSS-Updates"], "15.4", Some("ltss"), Reach::Own);
        check(&[], "15.4", Some("ltss"), Reach::NotEnabled);
        let eus = ["rhel-9-for-x86_64-baseos-eus-rpms"];
        check(&eus, "9.2", Some("eus"), Reach::Own);
        check(&eus, "9.2", Some("eus-9.2"), Reach::Own);
        check(&eus, "9.2", Some("eus-9.0"), Reach::OtherBuilds);
        check(&eus, "9.2", Some("aus-9.2"), Reach::OtherBuilds);
        check(&["rhel-9-for-x86_64-baseos-rpms"], "9.2", Some("eus-9.2"), Reach::OtherBuilds);
    }
}
