//! The addresses that sshd listens on: ListenAddress times Port.
//!
//! A ListenAddress without a port means every Port, also ports that later lines add; names are left as they are, the
//! server looks them up when it starts.

use std::net::IpAddr;

use assay_model::evidence::setting::Setting;

/// The addresses as `address:port`, IPv6 in brackets; and the ones that the server would refuse in this family.
pub(super) fn addresses(
    queued: Option<&Vec<Setting>>,
    ports: &[Setting],
    family: &str,
) -> (Vec<Setting>, Vec<Setting>) {
    let Some(queued) = queued else {
        return (any_address(ports, family), Vec::new());
    };
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for setting in queued {
        let mut parts = setting.value.splitn(3, ' ');
        let host = parts.next().unwrap_or_default();
        let own_port = parts.next().filter(|port| !port.is_empty());
        let domain = parts.next().map(|domain| format!(" {domain}")).unwrap_or_default();
        let address: Option<IpAddr> = host.parse().ok();
        let is_refused = match address {
            Some(IpAddr::V4(_)) => family == "inet6",
            Some(IpAddr::V6(_)) => family == "inet",
            None => false,
        };
        if is_refused {
            refused.push(Setting { value: host.to_owned(), ..setting.clone() });
            continue;
        }
        let name = match address {
            Some(IpAddr::V6(address)) => format!("[{address}]"),
            Some(IpAddr::V4(address)) => address.to_string(),
            None if host.contains(':') => format!("[{host}]"),
            None => host.to_owned(),
        };
        let ports: Vec<&str> = match own_port {
            Some(port) => vec![port],
            None => ports.iter().map(|port| port.value.as_str()).collect(),
        };
        found.extend(ports.iter().map(|port| Setting { value: format!("{name}:{port}{domain}"), ..setting.clone() }));
    }
    (found, refused)
}

fn any_address(ports: &[Setting], family: &str) -> Vec<Setting> {
    let both = [("[::]", "inet"), ("0.0.0.0", "inet6")];
    let each = ports.iter().flat_map(|port| {
        let wanted = both.iter().filter(|(_, other_family)| *other_family != family);
        wanted.map(|(address, _)| Setting::compiled_in(format!("{address}:{}", port.value)))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(queued: Option<&[&str]>, ports: &[&str], family: &str, expected: &[&str], refused: &[&str]) {
        let settings = |values: &[&str]| values.iter().map(|value| Setting::from_file(*value, "/f", 1)).collect();
        let queued: Option<Vec<Setting>> = queued.map(settings);
        let ports: Vec<Setting> = settings(ports);
        let (found, lost) = addresses(queued.as_ref(), &ports, family);
        let values = |settings: &[Setting]| settings.iter().map(|setting| setting.value.clone()).collect::<Vec<_>>();
        assert_eq!(values(&found), expected);
        assert_eq!(values(&lost), refused);
    }

    #[test]
    fn every_address_without_port_gets_every_port() {
        check(None, &["22", "2222"], "any", &["[::]:22", "0.0.0.0:22", "[::]:2222", "0.0.0.0:2222"], &[]);
        check(None, &["22"], "inet", &["0.0.0.0:22"], &[]);
        check(
            Some(&["10.0.0.1 ", "::1 2022", "host.example  rdomain red"]),
            &["22", "23"],
            "any",
            &["10.0.0.1:22", "10.0.0.1:23", "[::1]:2022", "host.example:22 rdomain red", "host.example:23 rdomain red"],
            &[],
        );
        check(Some(&["10.0.0.1 ", "::1 "]), &["22"], "inet6", &["[::1]:22"], &["10.0.0.1"]);
    }
}
