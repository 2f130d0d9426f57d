//! `USER@HOST:PORT`, as `--ssh` takes it.

use std::fmt;
use std::str::FromStr;

/// Longest destination, in bytes: a host name has at most 253.
const MAX_BYTES: usize = 512;

/// Where to log in. Nothing in it can be taken for an option of `ssh` or mean something to a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// `USER@HOST` or `HOST`; the host may be an alias of the operator's configuration.
    pub host: String,
    /// Port; the configuration's where absent.
    pub port: Option<u16>,
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) if self.host.contains(':') => write!(formatter, "[{}]:{port}", self.host),
            Some(port) => write!(formatter, "{}:{port}", self.host),
            None => formatter.write_str(&self.host),
        }
    }
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Destination, String> {
        let wrong = || format!("{text:?} is no USER@HOST[:PORT]");
        if text.len() > MAX_BYTES {
            return Err(wrong());
        }
        let (user, address) = match text.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, text),
        };
        let (host, port) = host_and_port(address).ok_or_else(wrong)?;
        let port = match port {
            Some(port) => Some(port.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(wrong)?),
            None => None,
        };
        let is_host = is_word(host, ".-_:%") && user.is_none_or(|user| is_word(user, ".-_+@"));
        if !is_host {
            return Err(wrong());
        }
        let host = user.map_or_else(|| host.to_owned(), |user| format!("{user}@{host}"));
        Ok(Destination { host, port })
    }
}

/// Splits `host`, `host:22`, `[::1]:22`, `[::1]` and `::1`.
fn host_and_port(address: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = address.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return if rest.is_empty() { Some((host, None)) } else { Some((host, Some(rest.strip_prefix(':')?))) };
    }
    match address.split_once(':') {
        Some((host, port)) if !port.contains(':') => Some((host, Some(port))),
        _ => Some((address, None)),
    }
}

fn is_word(text: &str, punctuation: &str) -> bool {
    let is_allowed = |character: char| character.is_alphanumeric() || punctuation.contains(character);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_read() {
        for (text, host, port) in [
            ("web1", "web1", None),
            ("root@web1.example.org", "root@web1.example.org", None),
            ("root@10.0.0.7:2222", "root@10.0.0.7", Some(2222)),
            ("first.last@corp@web1:22", "first.last@corp@web1", Some(22)),
            ("root@[fe80::1%eth0]:22", "root@fe80::1%eth0", Some(22)),
            ("[::1]", "::1", None),
            ("::1", "::1", None),
        ] {
            let expected = Destination { host: host.to_owned(), port };
            assert_eq!(text.parse::<Destination>(), Ok(expected.clone()), "{text}");
            assert_eq!(expected.to_string().trim_start_matches('[').replace(']', ""), text.replace(['[', ']'], ""));
        }
    }

    #[test]
    fn what_ssh_or_a_shell_could_misread_is_refused() {
        for text in [
            "",
            "@web1",
            "root@",
            "-oProxyCommand=id",
            "-l@web1",
            "root@-oProxyCommand=id",
            "web1;id",
            "$(id)@web1",
            "`id`@web1",
            "root@web 1",
            "root@web1\n",
            "root@web1:",
            "root@web1:0",
            "root@web1:65536",
            "root@web1:ssh",
            "root@[::1",
            "root@[::1]22",
            "ssh://root@web1",
        ] {
            assert!(text.parse::<Destination>().is_err(), "{text:?}");
        }
        assert!("a".repeat(513).parse::<Destination>().is_err());
    }
}
