//! What the comment of a test that is about no package says of the host: `Red Hat Enterprise Linux 8 is installed`,
//! `Module nodejs:18 is enabled`, `Oracle Linux arch is x86_64`.

use crate::platform::Platform;
use crate::scope::Scope;

/// A release, and the channel of updates where it is not everybody's.
pub(super) type Place = (Scope, Option<String>);

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// The host is one of these.
    Places(Vec<Place>),
    /// The host is something that no scope is for (SUSE Manager, CoreOS).
    Elsewhere,
    /// A module stream is enabled.
    Module(String),
    /// The host has this architecture.
    Architecture(String),
    /// Nothing that chooses between hosts: a signature, a running kernel.
    Neutral,
}

/// Names of distributions whose scopes are major versions.
const BY_MAJOR: [(&str, Platform); 5] = [
    ("Red Hat Enterprise Linux ", Platform::RedHat),
    ("AlmaLinux OS ", Platform::AlmaLinux),
    ("AlmaLinux ", Platform::AlmaLinux),
    ("Oracle Linux ", Platform::Oracle),
    ("Rocky Linux ", Platform::Rocky),
];

/// Words of Ubuntu's products that are for subscribers, and their channels.
const UBUNTU_PRO: [(&str, &str); 5] = [
    ("FIPS-updates", "fips-updates"),
    ("FIPS", "fips"),
    ("Infra", "esm-infra"),
    ("Apps", "esm-apps"),
    ("Realtime", "realtime"),
];

/// Products of SUSE whose names begin as those of the enterprise distribution, but are none.
const NO_SUSE: [&str; 2] = ["Micro", "Desktop GNOME"];

/// The service packs of SUSE Linux Enterprise 12, all of which its modules are for.
const SERVICE_PACKS_OF_12: [&str; 6] = ["12", "12.1", "12.2", "12.3", "12.4", "12.5"];

/// Reads a comment.
pub(super) fn condition_of(comment: &str) -> Condition {
    let comment = comment.trim().trim_end_matches('.');
    if let Some(module) = comment.strip_prefix("Module ").and_then(|rest| rest.strip_suffix(" is enabled")) {
        return Condition::Module(module.trim().to_owned());
    }
    if let Some((_, architecture)) = comment.split_once(" arch is ") {
        return Condition::Architecture(architecture.trim().to_owned());
    }
    let Some(product) = comment.strip_suffix(" is installed") else {
        return Condition::Neutral;
    };
    let places = places_of_product(product);
    if places.is_empty() { Condition::Elsewhere } else { Condition::Places(places) }
}

/// The releases that a product's name stands for; none where it is no release that there are scopes for.
pub(super) fn places_of_product(product: &str) -> Vec<Place> {
    let product = product.trim();
    let found = suse(product).or_else(|| opensuse(product)).or_else(|| ubuntu(product)).or_else(|| by_major(product));
    found.unwrap_or_default()
}

fn by_major(product: &str) -> Option<Vec<Place>> {
    let (platform, rest) =
        BY_MAJOR.into_iter().find_map(|(name, platform)| Some((platform, product.strip_prefix(name)?)))?;
    let major = rest.split(['.', ' ']).next()?;
    let is_number = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit());
    let scope = Scope::new(platform, major).ok().filter(|_| is_number)?;
    Some(vec![(scope, None)])
}

/// `Ubuntu 22.04 LTS (jammy)`, `Ubuntu Pro FIPS-updates 22.04 LTS`.
fn ubuntu(product: &str) -> Option<Vec<Place>> {
    let rest = product.strip_prefix("Ubuntu ")?;
    let version = rest.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let channel = UBUNTU_PRO.into_iter().find(|(name, _)| rest.contains(name)).map(|(_, channel)| channel.to_owned());
    Some(vec![(Scope::new(Platform::Ubuntu, version).ok()?, channel)])
}

/// `openSUSE Leap 15.5`, `openSUSE Tumbleweed`, `openSUSE 13.2`; not `openSUSE Leap Micro 5.2`.
fn opensuse(product: &str) -> Option<Vec<Place>> {
    let rest = product.strip_prefix("openSUSE ")?;
    let release = match rest.strip_prefix("Leap ").unwrap_or(rest) {
        "Tumbleweed" => "tumbleweed",
        version if version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => version,
        _ => return None,
    };
    Some(vec![(Scope::new(Platform::OpenSuse, release).ok()?, None)])
}

/// `SUSE Linux Enterprise Server 15 SP1-LTSS`, `SUSE Linux Enterprise Module for Basesystem 15 SP4`, `… Server 16.0`,
/// `sles10-sp4`. Every product and module of one service pack has the same builds.
fn suse(product: &str) -> Option<Vec<Place>> {
    if let Some(rest) = product.strip_prefix("sles").or_else(|| product.strip_prefix("sled")) {
        let mut parts = rest.split('-');
        let version = parts.next()?;
        let release = match parts.next().and_then(|part| part.strip_prefix("sp")) {
            Some(pack) => format!("{version}.{pack}"),
            None => version.to_owned(),
        };
        return Some(vec![(Scope::new(Platform::Suse, &release).ok()?, None)]);
    }
    let rest = product.strip_prefix("SUSE Linux Enterprise ")?;
    if NO_SUSE.iter().any(|other| rest.starts_with(other)) {
        return None;
    }
    let mut words = rest.split(' ').skip_while(|word| !word.starts_with(|first: char| first.is_ascii_digit()));
    let (version, support_of_version) = split_support(words.next()?);
    let (release, support) = match words.next().and_then(|word| word.strip_prefix("SP")) {
        Some(pack) => {
            let (pack, support) = split_support(pack);
            (format!("{version}.{pack}"), support)
        }
        None => (version.to_owned(), support_of_version),
    };
    let channel = support.map(str::to_ascii_lowercase);
    let releases = match (rest.starts_with("Module "), release.as_str()) {
        (true, "12") => SERVICE_PACKS_OF_12.map(str::to_owned).to_vec(),
        _ => vec![release],
    };
    let place = |release: &String| Some((Scope::new(Platform::Suse, release).ok()?, channel.clone()));
    releases.iter().map(place).collect()
}

/// `1` and `LTSS` of `1-LTSS`.
fn split_support(word: &str) -> (&str, Option<&str>) {
    match word.split_once('-') {
        Some((number, support)) => (number, Some(support)),
        None => (word, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comment: &str, expected: &str) {
        let found = match condition_of(comment) {
            Condition::Places(places) => {
                let place = |(scope, channel): &Place| match channel {
                    Some(channel) => format!("{scope} {channel}"),
                    None => scope.to_string(),
                };
                places.iter().map(place).collect::<Vec<_>>().join(", ")
            }
            Condition::Elsewhere => "elsewhere".to_owned(),
            Condition::Module(module) => format!("module {module}"),
            Condition::Architecture(architecture) => format!("architecture {architecture}"),
            Condition::Neutral => "neutral".to_owned(),
        };
        assert_eq!(found, expected, "{comment}");
    }

    #[test]
    fn comments_are_understood() {
        for (comment, expected) in [
            ("Red Hat Enterprise Linux 8 is installed", "redhat-8"),
            ("Red Hat Enterprise Linux must be installed", "neutral"),
            ("Red Hat CoreOS 4 is installed", "elsewhere"),
            ("Red Hat Enterprise Linux X is installed", "elsewhere"),
            ("Module nodejs:18 is enabled", "module nodejs:18"),
            ("firefox is signed with Red Hat redhatrelease2 key", "neutral"),
            ("kernel earlier than 0:4.18.0-80.el8 is currently running", "neutral"),
            ("Oracle Linux 7 is installed", "oracle-7"),
            ("Oracle Linux arch is x86_64", "architecture x86_64"),
            ("AlmaLinux 9 is installed", "almalinux-9"),
            ("Ubuntu 22.04 LTS (jammy) is installed.", "ubuntu-22.04"),
            ("Ubuntu Pro FIPS-updates 22.04 LTS is installed", "ubuntu-22.04 fips-updates"),
            ("openSUSE Leap 15.5 is installed", "opensuse-15.5"),
            ("openSUSE Tumbleweed is installed", "opensuse-tumbleweed"),
            ("openSUSE 13.2 is installed", "opensuse-13.2"),
            ("openSUSE Leap Micro 5.2 is installed", "elsewhere"),
            ("SUSE Linux Enterprise Server 15 SP4 is installed", "suse-15.4"),
            ("SUSE Linux Enterprise Server 15 is installed", "suse-15"),
            ("SUSE Linux Enterprise Server 15-LTSS is installed", "suse-15 ltss"),
            ("SUSE Linux Enterprise Server for SAP Applications 15 SP1 is installed", "suse-15.1"),
            ("SUSE Linux Enterprise High Performance Computing 15 SP2-ESPOS is installed", "suse-15.2 espos"),
            ("SUSE Linux Enterprise Module for Public Cloud 15 SP3 is installed", "suse-15.3"),
            (
                "SUSE Linux Enterprise Module for Web Scripting 12 is installed",
                "suse-12, suse-12.1, suse-12.2, suse-12.3, suse-12.4, suse-12.5",
            ),
            ("SUSE Linux Enterprise Server 16.0 is installed", "suse-16.0"),
            ("SUSE Linux Enterprise Micro 5.3 is installed", "elsewhere"),
            ("SUSE Manager Server 4.3 is installed", "elsewhere"),
            ("sles10-sp4 is installed", "suse-10.4"),
            ("", "neutral"),
        ] {
            check(comment, expected);
        }
    }
}
