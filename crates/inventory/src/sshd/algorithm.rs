//! Algorithm lists: `+`, `-` and `^` change a compiled-in list (sshd_config(5), `Ciphers`).
//!
//! The compiled-in lists are known for the builds that were asked: Debian's of 8.4, 9.2 and 10.0. For another build a
//! list with a modifier cannot be expanded and a plain list is taken as written. A `-` removes by pattern while `+`
//! and `^` add: `-*` is refused by no one and leaves an empty list.

use super::algorithm_lists::*;
use super::glob::pattern_matches;
use super::program::{Build, Program, Release};

/// What a list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AlgorithmKind {
    /// Ciphers.
    Cipher,
    /// Message authentication codes.
    Mac,
    /// Key exchange.
    KeyExchange,
    /// Key types and signature algorithms.
    Signature,
    /// Signature algorithms of certificate authorities.
    CertificateAuthority,
}

/// A list as written, looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expanded {
    /// The list that the server uses.
    List(String),
    /// The list changes a compiled-in list that is not known for this build.
    NotKnown,
    /// The server does not start with it, and why.
    Refused(String),
}

/// The compiled-in list of this build.
pub(super) fn compiled_in(kind: AlgorithmKind, program: &Program) -> Option<String> {
    Some(lists(program)?.of(kind).0.join(","))
}

/// Expands a list as written.
pub(super) fn expand(kind: AlgorithmKind, text: &str, program: &Program) -> Expanded {
    let mut rest = text.chars();
    let modifier = rest.next().filter(|first| matches!(first, '+' | '-' | '^'));
    let names = if modifier.is_some() { rest.as_str() } else { text };
    let Some(lists) = lists(program) else {
        return if modifier.is_some() { Expanded::NotKnown } else { Expanded::List(text.to_owned()) };
    };
    let (default, supported) = lists.of(kind);
    if modifier == Some('-') {
        let kept = default.iter().filter(|name| !list_matches(names, name));
        return Expanded::List(kept.copied().collect::<Vec<_>>().join(","));
    }
    for name in names.split(',') {
        if name.is_empty() || !lists.has_name(kind, name) {
            return Expanded::Refused(format!("{name:?} is no algorithm of this kind"));
        }
    }
    let named = names.split(',').flat_map(|name| supported.iter().filter(move |known| pattern_matches(name, known)));
    let mut list: Vec<&str> = Vec::new();
    let ordered: Box<dyn Iterator<Item = &&str>> = match modifier {
        Some('+') => Box::new(default.iter().chain(named)),
        Some(_) => Box::new(named.chain(default.iter())),
        None => Box::new(named),
    };
    for name in ordered {
        if !list.contains(name) {
            list.push(name);
        }
    }
    if list.is_empty() {
        return Expanded::Refused("it names no algorithm".to_owned());
    }
    Expanded::List(list.join(","))
}

fn list_matches(patterns: &str, name: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(negated) if pattern_matches(negated, name) => return false,
            Some(_) => {}
            None => found |= pattern_matches(pattern, name),
        }
    }
    found
}

struct Lists {
    ciphers: (Names, Names),
    key_exchange: (Vec<&'static str>, Vec<&'static str>),
    signatures: (Names, Names),
    authorities: (Names, Names),
}

impl Lists {
    /// The default list and all that is supported.
    fn of(&self, kind: AlgorithmKind) -> (Vec<&'static str>, Vec<&'static str>) {
        let (default, supported) = match kind {
            AlgorithmKind::Cipher => self.ciphers,
            AlgorithmKind::Mac => (MACS, MACS_SUPPORTED),
            AlgorithmKind::KeyExchange => return self.key_exchange.clone(),
            AlgorithmKind::Signature => self.signatures,
            AlgorithmKind::CertificateAuthority => self.authorities,
        };
        (default.to_vec(), supported.to_vec())
    }

    /// Whether the server takes this name in a list. Key types may be given as patterns, everything else by name only.
    fn has_name(&self, kind: AlgorithmKind, name: &str) -> bool {
        match kind {
            AlgorithmKind::Signature | AlgorithmKind::CertificateAuthority => {
                self.signatures.1.iter().any(|known| pattern_matches(name, known))
            }
            _ => self.of(kind).1.contains(&name),
        }
    }
}

fn lists(program: &Program) -> Option<Lists> {
    if program.build != Build::Debian {
        return None;
    }
    let release = program.release?;
    if release == Release::new(8, 4) {
        return Some(Lists {
            ciphers: (CIPHERS_8_4, CIPHERS_SUPPORTED_8_4),
            key_exchange: (KEX_8_4.to_vec(), [KEX_SUPPORTED, &["sntrup4591761x25519-sha512@tinyssh.org"]].concat()),
            signatures: (SIGNATURES_8_4, SIGNATURES_SUPPORTED_8_4),
            authorities: (AUTHORITIES_8_4, SIGNATURES_PLAIN_8_4),
        });
    }
    if release == Release::new(9, 2) {
        // The name without a domain came with an update of the stable release.
        let newer = if program.update.is_none_or(|update| update >= 4) { SNTRUP } else { SNTRUP_FIRST };
        return Some(Lists {
            ciphers: (CIPHERS_8_4, CIPHERS_SUPPORTED),
            key_exchange: ([newer, KEX_8_4].concat(), [KEX_SUPPORTED, newer].concat()),
            signatures: (SIGNATURES, SIGNATURES_SUPPORTED_9_2),
            authorities: (AUTHORITIES, SIGNATURES_PLAIN_9_2),
        });
    }
    if release == Release::new(10, 0) {
        let default = [&["mlkem768x25519-sha256"], SNTRUP, KEX_10_0].concat();
        return Some(Lists {
            ciphers: (CIPHERS_10_0, CIPHERS_SUPPORTED),
            key_exchange: (default, [KEX_SUPPORTED, SNTRUP, &["mlkem768x25519-sha256"]].concat()),
            signatures: (SIGNATURES, SIGNATURES_SUPPORTED_10_0),
            authorities: (AUTHORITIES, SIGNATURES_PLAIN_10_0),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: &str, kind: AlgorithmKind, text: &str, expected: Expanded) {
        let program = Program::from_package_version(version, Build::Debian);
        assert_eq!(expand(kind, text, &program), expected, "{version} {text}");
    }

    #[test]
    fn modifiers_change_the_compiled_in_list() {
        let list = |text: &str| Expanded::List(text.to_owned());
        let default = CIPHERS_8_4.join(",");
        for (text, expected) in [
            ("aes256-ctr,aes128-ctr", list("aes256-ctr,aes128-ctr")),
            ("+aes128-cbc", list(&format!("{default},aes128-cbc"))),
            ("^aes128-cbc", list(&format!("aes128-cbc,{default}"))),
            ("-aes*-ctr,chacha*", list("aes128-gcm@openssh.com,aes256-gcm@openssh.com")),
            ("-*", list("")),
            ("aes256-ctr,aes256-ctr", list("aes256-ctr")),
        ] {
            check("1:9.2p1-2+deb12u7", AlgorithmKind::Cipher, text, expected);
        }
        for text in ["aes*", "arcfour", "+", "", "aes256-ctr,,aes128-ctr"] {
            let program = Program::from_package_version("1:9.2p1-2", Build::Debian);
            assert!(matches!(expand(AlgorithmKind::Cipher, text, &program), Expanded::Refused(_)), "{text}");
        }
    }

    #[test]
    fn key_types_may_be_patterns() {
        check(
            "1:9.2p1-2+deb12u7",
            AlgorithmKind::Signature,
            "ssh-ed25519*,rsa-sha2-512",
            Expanded::List("ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512".to_owned()),
        );
    }

    #[test]
    fn an_unknown_build_expands_nothing() {
        check("1:9.6p1-3ubuntu13", AlgorithmKind::Cipher, "+aes128-cbc", Expanded::NotKnown);
        check("1:9.6p1-3ubuntu13", AlgorithmKind::Cipher, "anything", Expanded::List("anything".to_owned()));
    }

    #[test]
    fn an_update_of_a_stable_release_may_change_a_list() {
        for (version, first) in [
            ("1:9.2p1-2+deb12u3", "sntrup761x25519-sha512@openssh.com"),
            ("1:9.2p1-2+deb12u4", "sntrup761x25519-sha512"),
            ("1:10.0p1-7", "mlkem768x25519-sha256"),
            ("1:8.4p1-5+deb11u3", "curve25519-sha256"),
        ] {
            let program = Program::from_package_version(version, Build::Debian);
            let list = compiled_in(AlgorithmKind::KeyExchange, &program).unwrap();
            assert_eq!(list.split(',').next(), Some(first), "{version}");
        }
    }
}
