//! SUSE's products, by the names that its feeds and `/etc/os-release` give them.

use crate::{Platform, Scope};

/// The scope of a product, and the channel where it is not everybody's: `SUSE Linux Enterprise Server 15 SP5-LTSS`,
/// `openSUSE Leap 15.5`. Absent for products with releases of their own (Micro, Manager).
pub(crate) fn place_of_product(name: &str) -> Option<(Scope, Option<String>)> {
    if let Some(product) = name.strip_prefix("openSUSE ") {
        let release = opensuse_release(product)?;
        return Some((Scope::new(Platform::OpenSuse, &release).ok()?, None));
    }
    let (release, channel) = enterprise_release(name.strip_prefix("SUSE ")?)?;
    Some((Scope::new(Platform::Suse, &release).ok()?, channel))
}

/// `15.5` and the channel of `Linux Enterprise Server 15 SP5-LTSS`, of a module or an extension.
fn enterprise_release(product: &str) -> Option<(String, Option<String>)> {
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
    } else if named.contains("LTSS Extended Security") {
        Some("ltss-extended-security".to_owned())
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

    #[track_caller]
    fn check(name: &str, expected: Option<(&str, Option<&str>)>) {
        let found = place_of_product(name).map(|(scope, channel)| (scope.to_string(), channel));
        assert_eq!(found, expected.map(|(scope, channel)| (scope.to_owned(), channel.map(str::to_owned))), "{name}");
    }

    #[test]
    fn products_have_places() {
        check("SUSE Linux Enterprise Server 15 SP5", Some(("suse-15.5", None)));
        check("SUSE Linux Enterprise Desktop 12", Some(("suse-12", None)));
        check("SUSE Linux Enterprise Module for Basesystem 15 SP5", Some(("suse-15.5", None)));
        check("SUSE Linux Enterprise Server 12 SP2-LTSS", Some(("suse-12.2", Some("ltss"))));
        check("SUSE Linux Enterprise Server 15-LTSS", Some(("suse-15", Some("ltss"))));
        check("SUSE Linux Enterprise Server 11 SP4-LTSS-EXTREME-CORE", Some(("suse-11.4", Some("ltss-extreme-core"))));
        let extended = Some(("suse-12.5", Some("ltss-extended-security")));
        check("SUSE Linux Enterprise Server LTSS Extended Security 12 SP5", extended);
        check("SUSE Linux Enterprise Server for SAP Applications 15 SP3", Some(("suse-15.3", Some("sap"))));
        check("SUSE Linux Enterprise High Performance Computing 15 SP3-LTSS", Some(("suse-15.3", Some("hpc"))));
        check("SUSE Linux Enterprise Server 16.0", Some(("suse-16.0", None)));
        check("SUSE Linux Enterprise Micro 5.5", None);
        check("SUSE Package Hub 15 SP5", Some(("suse-15.5", None)));
        check("SUSE Manager Server 4.3", None);
        check("openSUSE Leap 15.5", Some(("opensuse-15.5", None)));
        check("openSUSE Tumbleweed", Some(("opensuse-tumbleweed", None)));
        check("openSUSE Leap Micro 5.5", None);
        check("Fedora 40", None);
    }
}
