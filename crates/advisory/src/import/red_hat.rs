//! Red Hat's platforms, as the CPE of a product stream names them: `enterprise_linux:9::baseos`, `rhel_eus:9.2::appstream`.

use crate::{Platform, Scope};

/// The products that are updates of Red Hat Enterprise Linux itself, and the channel of each; empty for the one that every
/// host has.
const PRODUCTS: [(&str, &str); 12] = [
    ("enterprise_linux", ""),
    ("enterprise_linux_eus", "eus"),
    ("rhel_extras", ""),
    ("rhel_eus", "eus"),
    ("rhel_eus_long_life", "eus-long-life"),
    ("rhel_aus", "aus"),
    ("rhel_e4s", "e4s"),
    ("rhel_tus", "tus"),
    ("rhel_els", "els"),
    ("rhel_mission_critical", "aus"),
    ("enterprise_linux_server", ""),
    ("enterprise_linux_workstation", ""),
];

/// The scope, and the channel where it is not everybody's, of what follows `cpe:/o:redhat:`; absent for other products
/// (OpenShift, middleware), whose builds are not those of a host.
pub(crate) fn place_of_cpe(cpe: &str) -> Option<(Scope, Option<String>)> {
    let mut parts = cpe.split(':');
    let product = parts.next()?;
    let version = parts.next()?;
    let (_, channel) = PRODUCTS.into_iter().find(|(name, _)| *name == product)?;
    let (major, minor) = match version.split_once('.') {
        Some((major, minor)) => (major, Some(minor)),
        None => (version, None),
    };
    if major.is_empty() || !major.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scope = Scope::new(Platform::RedHat, major).ok()?;
    let channel = match (channel, minor) {
        ("", _) => None,
        (channel, Some(minor)) => Some(format!("{channel}-{major}.{minor}")),
        (channel, None) => Some(channel.to_owned()),
    };
    Some((scope, channel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cpe: &str, expected: Option<(&str, Option<&str>)>) {
        let found = place_of_cpe(cpe).map(|(scope, channel)| (scope.to_string(), channel));
        assert_eq!(found, expected.map(|(scope, channel)| (scope.to_owned(), channel.map(str::to_owned))), "{cpe}");
    }

    #[test]
    fn streams_have_scope_and_channel() {
        check("enterprise_linux:9::baseos", Some(("redhat-9", None)));
        check("enterprise_linux:9", Some(("redhat-9", None)));
        check("enterprise_linux:10.0", Some(("redhat-10", None)));
        check("rhel_eus:9.2::appstream", Some(("redhat-9", Some("eus-9.2"))));
        check("rhel_aus:8.4::baseos", Some(("redhat-8", Some("aus-8.4"))));
        check("rhel_els:7", Some(("redhat-7", Some("els"))));
        check("openshift:4.15::el9", None);
        check("rhel_eus:x.2", None);
        check("enterprise_linux", None);
        check("", None);
    }
}
