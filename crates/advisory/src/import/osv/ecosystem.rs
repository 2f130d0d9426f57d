//! OSV's names of ecosystems and releases (`Debian:12`, `Ubuntu:Pro:22.04:LTS`, `SUSE:Linux Enterprise Server 15 SP5`).

use assay_model::ecosystem::Ecosystem;

use super::record::{Package, Specific};
use crate::import::lenient::Word;
use crate::import::purl::PackageUrl;
use crate::import::{red_hat, suse};
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
    let purl = package.purl.as_deref().and_then(PackageUrl::read).unwrap_or_default();
    let (platform, level, release, channel) = match name {
        "Debian" => match debian_release(release) {
            Some(codename) => (Platform::Debian, Level::Source, codename, None),
            None => return Ok(None),
        },
        "Ubuntu" => {
            let (release, channel) = ubuntu_release(release, &purl, specific);
            (Platform::Ubuntu, Level::Source, release, channel)
        }
        "Alpine" => (Platform::Alpine, Level::Source, release.strip_prefix('v').unwrap_or(release).to_owned(), None),
        "AlmaLinux" => (Platform::AlmaLinux, Level::Binary, major(release), None),
        // Builds of a special interest group stand beside the distribution's own.
        "Rocky Linux" if purl.qualifier("distro").is_some_and(|distro| distro.contains("-sig-")) => return Ok(None),
        "Rocky Linux" => (Platform::Rocky, Level::Source, major(release), None),
        "Red Hat" => {
            let place = red_hat::place_of_cpe(release);
            return Ok(place.map(|(scope, channel)| Place { scope, channel, level: Level::Binary }));
        }
        "SUSE" | "openSUSE" => {
            let place = suse::place_of_product(&format!("{name} {release}"));
            return Ok(place.map(|(scope, channel)| Place { scope, channel, level: Level::Source }));
        }
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
fn ubuntu_release(text: &str, purl: &PackageUrl, specific: &Specific) -> (String, Option<String>) {
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
fn esm_channel(purl: &PackageUrl, specific: &Specific) -> &'static str {
    let Word(availability) = &specific.availability;
    let distro = purl.qualifier("distro").unwrap_or_default();
    let signs = [("esm-apps", "esm-apps"), ("esm-infra", "esm-infra"), ("fips", "fips"), ("realtime", "realtime")];
    match signs.into_iter().find(|(sign, _)| distro.contains(sign)) {
        Some((_, channel)) => channel,
        None if availability.contains("Infra") => "esm-infra",
        None => "esm-apps",
    }
}

/// `9` of `9.4`.
fn major(release: &str) -> String {
    release.split('.').next().unwrap_or_default().to_owned()
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
        check("SUSE:Linux Enterprise Server 15 SP5-LTSS", "", Ok(Some(("suse-15.5", Some("ltss")))));
        check("openSUSE:Leap 15.5", "", Ok(Some(("opensuse-15.5", None))));
        check("openSUSE:Tumbleweed", "", Ok(Some(("opensuse-tumbleweed", None))));
        check("openSUSE:Leap Micro 5.5", "", Ok(None));
        check("Wolfi", "", Ok(None));
    }
}
