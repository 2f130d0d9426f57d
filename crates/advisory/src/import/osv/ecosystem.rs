//! OSV's names of ecosystems and releases (`Debian:12`, `Ubuntu:Pro:22.04:LTS`, `SUSE:Linux Enterprise Server 15 SP5`).

use assay_model::ecosystem::Ecosystem;

use super::record::{Package, Specific};
use crate::import::lenient::Word;
use crate::import::red_hat;
use crate::release::debian_codename;
use crate::{Level, Platform, Scope};

/// Where a package belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) scope: Scope,
    pub(super) channel: Option<String>,
    pub(super) level: Level,
}

/// The place of a package; absent for those that Assay has no scope for.
///
/// # Errors
///
/// When it is a distribution's package, and of no release or of one that cannot be.
pub(super) fn place_of(package: &Package, specific: &Specific) -> Result<Option<Place>, String> {
    let (name, release) = match package.ecosystem.split_once(':') {
        Some((name, release)) => (name, release),
        None => (package.ecosystem.as_str(), ""),
    };
    if let Some(ecosystem) = Ecosystem::from_osv_name(name) {
        // What follows is the address of a registry.
        return Ok(Some(Place { scope: Scope::library(ecosystem), channel: None, level: Level::Binary }));
    }
    let purl = package.purl.as_deref().unwrap_or_default();
    let (platform, level, release, channel) = match name {
        "Debian" => match debian_release(release) {
            Some(codename) => (Platform::Debian, Level::Source, codename, None),
            None => return Ok(None),
        },
        "Ubuntu" => {
            let (release, channel) = ubuntu_release(release, purl, specific);
            (Platform::Ubuntu, Level::Source, release, channel)
        }
        "Alpine" => (Platform::Alpine, Level::Source, release.strip_prefix('v').unwrap_or(release).to_owned(), None),
        "AlmaLinux" => (Platform::AlmaLinux, Level::Binary, major(release), None),
        // Builds of a special interest group stand beside the distribution's own.
        "Rocky Linux" if purl.contains("-sig-") => return Ok(None),
        "Rocky Linux" => (Platform::Rocky, Level::Source, major(release), None),
        "Red Hat" => {
            let place = red_hat::place_of_cpe(release);
            return Ok(place.map(|(scope, channel)| Place { scope, channel, level: Level::Binary }));
        }
        "SUSE" => match suse_release(release) {
            Some((release, channel)) => (Platform::Suse, Level::Source, release, channel),
            None => return Ok(None),
        },
        "openSUSE" => match opensuse_release(release) {
            Some(release) => (Platform::OpenSuse, Level::Source, release, None),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let refused = |_| format!("{:.80?} names no release", package.ecosystem);
    Ok(Some(Place { scope: Scope::new(platform, &release).map_err(refused)?, channel, level }))
}

/// The code name of `12` or `sid`; absent for a number before those that Assay knows. No release at all stays empty.
fn debian_release(release: &str) -> Option<String> {
    if release.starts_with(|first: char| first.is_ascii_digit()) {
        debian_codename(release.strip_suffix(".0").unwrap_or(release)).map(str::to_owned)
    } else {
        Some(release.to_owned())
    }
}

/// `22.04` and the channel of `22.04:LTS`, `Pro:22.04:LTS`, `Pro:FIPS-updates:22.04:LTS`.
fn ubuntu_release(text: &str, purl: &str, specific: &Specific) -> (String, Option<String>) {
    let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    let release = text.split(':').find(is_number).unwrap_or_default();
    let has = |sign: &str| text.split(':').any(|word| word.starts_with(sign));
    let channel = if has("FIPS") {
        Some("fips")
    } else if has("Realtime") {
        Some("realtime")
    } else if has("Pro") {
        Some(esm_channel(purl, specific))
    } else {
        None
    };
    (release.to_owned(), channel.map(str::to_owned))
}

/// Which half of Ubuntu's extended maintenance: `distro=esm-infra/jammy` says it, or how the fix can be had.
fn esm_channel(purl: &str, specific: &Specific) -> &'static str {
    let Word(availability) = &specific.availability;
    let signs = [("esm-apps", "esm-apps"), ("esm-infra", "esm-infra"), ("fips", "fips"), ("realtime", "realtime")];
    match signs.into_iter().find(|(sign, _)| qualifier(purl, "distro").is_some_and(|distro| distro.contains(sign))) {
        Some((_, channel)) => channel,
        None if availability.contains("Infra") => "esm-infra",
        None => "esm-apps",
    }
}

/// A qualifier of a package URL, still percent-encoded; SUSE writes `&` for the first `?`.
pub(super) fn qualifier<'p>(purl: &'p str, name: &str) -> Option<&'p str> {
    let pairs = purl.split(['?', '&', '#']).skip(1);
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// `9` of `9.4`.
fn major(release: &str) -> String {
    release.split('.').next().unwrap_or_default().to_owned()
}

/// `15.5` and the channel of `Linux Enterprise Server 15 SP5-LTSS`, of a module or an extension; absent for products with
/// releases of their own (Micro, Manager).
fn suse_release(product: &str) -> Option<(String, Option<String>)> {
    let named = product.strip_prefix("Linux Enterprise ").or_else(|| product.strip_prefix("Package Hub"))?;
    if named.starts_with("Micro") {
        return None;
    }
    let mut words = named.split([' ', '-']).skip_while(|word| !is_number(word));
    let major = words.next()?;
    let mut rest = words.peekable();
    let pack = rest.peek().and_then(|word| word.strip_prefix("SP")).filter(|pack| is_number(pack));
    let release = match (major.split_once('.'), pack) {
        (None, Some(pack)) => format!("{major}.{pack}"),
        _ => major.to_owned(),
    };
    let mut rest: Vec<&str> = rest.skip(usize::from(pack.is_some())).collect();
    rest.retain(|word| !word.is_empty());
    let channel = if named.contains("for SAP") {
        Some("sap".to_owned())
    } else if named.starts_with("High Performance Computing") {
        Some("hpc".to_owned())
    } else {
        rest.first().map(|_| rest.join("-").to_ascii_lowercase())
    };
    Some((release, channel))
}

/// `15.5` of `Leap 15.5`, `tumbleweed`; absent for others (Leap Micro, Evergreen).
fn opensuse_release(product: &str) -> Option<String> {
    if product == "Tumbleweed" {
        return Some("tumbleweed".to_owned());
    }
    let release = product.strip_prefix("Leap ").unwrap_or(product);
    is_number(release).then(|| release.to_owned())
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ecosystem: &str, purl: &str, expected: Result<Option<(&str, Option<&str>)>, &str>) {
        let package = Package { ecosystem: ecosystem.to_owned(), name: "x".to_owned(), purl: Some(purl.to_owned()) };
        let specific = Specific { availability: Word("Available with Ubuntu Pro".to_owned()), ..Specific::default() };
        let found = place_of(&package, &specific)
            .map(|place| place.map(|place| (place.scope.to_string(), place.channel)))
            .map_err(|error| error.to_string());
        let expected = expected
            .map(|place| place.map(|(scope, channel)| (scope.to_owned(), channel.map(str::to_owned))))
            .map_err(str::to_owned);
        assert_eq!(found, expected, "{ecosystem} {purl}");
    }

    #[test]
    fn ecosystems_have_places() {
        check("PyPI", "", Ok(Some(("pypi", None))));
        check("Maven:https://maven.google.com", "", Ok(Some(("maven", None))));
        check("Debian:12", "", Ok(Some(("debian-bookworm", None))));
        check("Debian:7.0", "", Ok(Some(("debian-wheezy", None))));
        check("Debian:sid", "", Ok(Some(("debian-sid", None))));
        check("Debian:3.0", "", Ok(None));
        check("Debian", "", Err("\"Debian\" names no release"));
        check("Ubuntu:22.04:LTS", "pkg:deb/ubuntu/x?arch=source&distro=jammy", Ok(Some(("ubuntu-22.04", None))));
        check("Ubuntu:24.10", "", Ok(Some(("ubuntu-24.10", None))));
        let infra = "pkg:deb/ubuntu/x@1?arch=source&distro=esm-infra/bionic";
        check("Ubuntu:Pro:18.04:LTS", infra, Ok(Some(("ubuntu-18.04", Some("esm-infra")))));
        check("Ubuntu:Pro:18.04:LTS", "", Ok(Some(("ubuntu-18.04", Some("esm-apps")))));
        check("Ubuntu:Pro:FIPS-updates:22.04:LTS", "", Ok(Some(("ubuntu-22.04", Some("fips")))));
        check("Ubuntu:Pro:22.04:LTS:Realtime:Kernel", "", Ok(Some(("ubuntu-22.04", Some("realtime")))));
        check("Alpine:v3.20", "", Ok(Some(("alpine-3.20", None))));
        check("Alpine", "", Err("\"Alpine\" names no release"));
        check("AlmaLinux:9", "", Ok(Some(("almalinux-9", None))));
        check("Rocky Linux:9", "pkg:rpm/rocky-linux/bcel?distro=rocky-linux-9-aarch64", Ok(Some(("rocky-9", None))));
        check("Rocky Linux:8", "pkg:rpm/rocky-linux/kernel?distro=rocky-linux-8-sig-cloud&epoch=0", Ok(None));
        check("Red Hat:rhel_eus:8.8::baseos", "", Ok(Some(("redhat-8", Some("eus-8.8")))));
        check("Red Hat:openshift:4.15::el9", "", Ok(None));
        check("openSUSE:Leap 15.5", "", Ok(Some(("opensuse-15.5", None))));
        check("openSUSE:Tumbleweed", "", Ok(Some(("opensuse-tumbleweed", None))));
        check("openSUSE:Leap Micro 5.5", "", Ok(None));
        check("Wolfi", "", Ok(None));
    }

    #[test]
    fn products_of_suse_have_places() {
        check("SUSE:Linux Enterprise Server 15 SP5", "", Ok(Some(("suse-15.5", None))));
        check("SUSE:Linux Enterprise Desktop 12", "", Ok(Some(("suse-12", None))));
        check("SUSE:Linux Enterprise Module for Basesystem 15 SP5", "", Ok(Some(("suse-15.5", None))));
        check("SUSE:Linux Enterprise Server 12 SP2-LTSS", "", Ok(Some(("suse-12.2", Some("ltss")))));
        check("SUSE:Linux Enterprise Server 15-LTSS", "", Ok(Some(("suse-15", Some("ltss")))));
        check(
            "SUSE:Linux Enterprise Server 11 SP4-LTSS-EXTREME-CORE",
            "",
            Ok(Some(("suse-11.4", Some("ltss-extreme-core")))),
        );
        check("SUSE:Linux Enterprise Server LTSS Extended Security 12 SP5", "", Ok(Some(("suse-12.5", None))));
        check("SUSE:Linux Enterprise Server for SAP Applications 15 SP3", "", Ok(Some(("suse-15.3", Some("sap")))));
        check("SUSE:Linux Enterprise High Performance Computing 15 SP3-LTSS", "", Ok(Some(("suse-15.3", Some("hpc")))));
        check("SUSE:Linux Enterprise Server 16.0", "", Ok(Some(("suse-16.0", None))));
        check("SUSE:Linux Enterprise Micro 5.5", "", Ok(None));
        check("SUSE:Package Hub 15 SP5", "", Ok(Some(("suse-15.5", None))));
        check("SUSE:Manager Server 4.3", "", Ok(None));
    }
}
