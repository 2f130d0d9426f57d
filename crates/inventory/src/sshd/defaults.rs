//! What is compiled in: the value of a keyword that no line sets.
//!
//! Where the release is not known, only what has been the same in every release is told. `PermitRootLogin` is not among
//! it: before 7.0 root could log in with a password.

use super::algorithm::{self, AlgorithmKind};
use super::program::{Build, Program, Release};

/// In whose builds a default holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Every build.
    Everywhere,
    /// Debian's builds only: a patch, or a path that was chosen when building.
    Debian,
}

struct Row {
    keyword: &'static str,
    holds: Holds,
    /// From which release on it has which value; oldest first.
    values: &'static [(Release, &'static str)],
}

const ALWAYS: Release = Release::new(0, 0);

macro_rules! rows {
    ($($holds:ident $keyword:literal $($major:literal . $minor:literal => $value:literal),+;)*) => {
        &[$(Row { keyword: $keyword, holds: Holds::$holds, values: &[$((Release::new($major, $minor), $value)),+] }),*]
    };
}

/// Releases are written `major . minor`, and `0 . 0` is "always".
const ROWS: &[Row] = rows! {
    Everywhere "usepam" 0 . 0 => "no";
    Everywhere "pamservicename" 9 . 8 => "sshd";
    Everywhere "addressfamily" 0 . 0 => "any";
    Everywhere "logingracetime" 0 . 0 => "120";
    Everywhere "x11displayoffset" 0 . 0 => "10";
    Everywhere "maxauthtries" 0 . 0 => "6";
    Everywhere "maxsessions" 0 . 0 => "10";
    Everywhere "clientaliveinterval" 0 . 0 => "0";
    Everywhere "clientalivecountmax" 0 . 0 => "3";
    Everywhere "requiredrsasize" 9 . 1 => "1024";
    Everywhere "streamlocalbindmask" 6 . 7 => "0177";
    Everywhere "unusedconnectiontimeout" 9 . 2 => "none";
    Everywhere "channeltimeout" 9 . 2 => "none";
    Everywhere "permitrootlogin" 0 . 0 => "yes", 7 . 0 => "prohibit-password";
    Everywhere "protocol" 0 . 0 => "2,1", 5 . 4 => "2", 7 . 4 => "";
    Everywhere "ignorerhosts" 0 . 0 => "yes";
    Everywhere "ignoreuserknownhosts" 0 . 0 => "no";
    Everywhere "hostbasedauthentication" 0 . 0 => "no";
    Everywhere "hostbasedusesnamefrompacketonly" 0 . 0 => "no";
    Everywhere "pubkeyauthentication" 0 . 0 => "yes";
    Everywhere "kerberosauthentication" 0 . 0 => "no";
    Everywhere "kerberosorlocalpasswd" 0 . 0 => "yes";
    Everywhere "kerberosticketcleanup" 0 . 0 => "yes";
    Everywhere "gssapiauthentication" 0 . 0 => "no";
    Everywhere "gssapicleanupcredentials" 0 . 0 => "yes";
    Debian "gssapikeyexchange" 0 . 0 => "no";
    Everywhere "gssapistrictacceptorcheck" 6 . 9 => "yes";
    Debian "gssapistorecredentialsonrekey" 0 . 0 => "no";
    Debian "gssapikexalgorithms" 8 . 4 =>
        "gss-group14-sha256-,gss-group16-sha512-,gss-nistp256-sha256-,gss-curve25519-sha256-,gss-group14-sha1-,gss-gex-sha1-";
    Everywhere "passwordauthentication" 0 . 0 => "yes";
    Everywhere "kbdinteractiveauthentication" 0 . 0 => "no", 8 . 7 => "yes";
    Everywhere "challengeresponseauthentication" 0 . 0 => "yes", 8 . 7 => "";
    Everywhere "printmotd" 0 . 0 => "yes";
    Everywhere "printlastlog" 0 . 0 => "yes";
    Everywhere "x11forwarding" 0 . 0 => "no";
    Everywhere "x11uselocalhost" 0 . 0 => "yes";
    Everywhere "permittty" 6 . 4 => "yes";
    Everywhere "permituserrc" 6 . 7 => "yes";
    Everywhere "strictmodes" 0 . 0 => "yes";
    Everywhere "tcpkeepalive" 0 . 0 => "yes";
    Everywhere "permitemptypasswords" 0 . 0 => "no";
    Everywhere "compression" 0 . 0 => "delayed", 7 . 4 => "yes";
    Everywhere "gatewayports" 0 . 0 => "no";
    Everywhere "usedns" 0 . 0 => "yes", 6 . 8 => "no";
    Everywhere "allowtcpforwarding" 0 . 0 => "yes";
    Everywhere "allowagentforwarding" 0 . 0 => "yes";
    Everywhere "disableforwarding" 7 . 4 => "no";
    Everywhere "allowstreamlocalforwarding" 6 . 7 => "yes";
    Everywhere "streamlocalbindunlink" 6 . 7 => "no";
    Everywhere "fingerprinthash" 6 . 8 => "SHA256";
    Everywhere "exposeauthinfo" 7 . 6 => "no";
    Everywhere "refuseconnection" 9 . 9 => "no";
    Debian "debianbanner" 0 . 0 => "yes";
    Debian "pidfile" 7 . 4 => "/run/sshd.pid";
    Everywhere "modulifile" 8 . 5 => "/etc/ssh/moduli";
    Debian "xauthlocation" 0 . 0 => "/usr/bin/xauth";
    Everywhere "banner" 0 . 0 => "none";
    Everywhere "forcecommand" 0 . 0 => "none";
    Everywhere "chrootdirectory" 0 . 0 => "none";
    Everywhere "trustedusercakeys" 0 . 0 => "none";
    Everywhere "revokedkeys" 0 . 0 => "none";
    Everywhere "securitykeyprovider" 8 . 2 => "internal";
    Everywhere "authorizedprincipalsfile" 0 . 0 => "none";
    Everywhere "versionaddendum" 0 . 0 => "none";
    Everywhere "authorizedkeyscommand" 6 . 2 => "none";
    Everywhere "authorizedkeyscommanduser" 6 . 2 => "none";
    Everywhere "authorizedprincipalscommand" 6 . 9 => "none";
    Everywhere "authorizedprincipalscommanduser" 6 . 9 => "none";
    Everywhere "hostkeyagent" 6 . 3 => "none";
    Debian "sshdsessionpath" 9 . 8 => "/usr/lib/openssh/sshd-session";
    Debian "sshdauthpath" 10 . 0 => "/usr/lib/openssh/sshd-auth";
    Everywhere "persourcepenaltyexemptlist" 9 . 8 => "none";
    Everywhere "persourcepenalties" 9 . 9 => "crash:90 authfail:5 noauth:1 grace-exceeded:10 refuseconnection:10 max:600 min:15 max-sources4:65536 max-sources6:65536 overflow:permissive overflow6:permissive";
    Everywhere "loglevel" 0 . 0 => "INFO";
    Everywhere "syslogfacility" 0 . 0 => "AUTH";
    Everywhere "authorizedkeysfile" 0 . 0 => ".ssh/authorized_keys .ssh/authorized_keys2";
    Everywhere "authenticationmethods" 6 . 2 => "any";
    Everywhere "maxstartups" 0 . 0 => "10:100:10", 6 . 2 => "10:30:100";
    Everywhere "persourcemaxstartups" 8 . 5 => "none";
    Everywhere "persourcenetblocksize" 8 . 5 => "32:128";
    Everywhere "permittunnel" 0 . 0 => "no";
    Everywhere "rekeylimit" 6 . 3 => "0 0";
    Everywhere "permitopen" 0 . 0 => "any";
    Everywhere "permitlisten" 7 . 8 => "any";
    Everywhere "permituserenvironment" 0 . 0 => "no";
    Everywhere "pubkeyauthoptions" 8 . 2 => "none";
};

/// Keywords whose default is an algorithm list.
const ALGORITHMS: [(&str, AlgorithmKind, Release); 7] = [
    ("ciphers", AlgorithmKind::Cipher, ALWAYS),
    ("macs", AlgorithmKind::Mac, ALWAYS),
    ("kexalgorithms", AlgorithmKind::KeyExchange, ALWAYS),
    ("hostkeyalgorithms", AlgorithmKind::Signature, ALWAYS),
    ("hostbasedacceptedalgorithms", AlgorithmKind::Signature, ALWAYS),
    ("pubkeyacceptedalgorithms", AlgorithmKind::Signature, ALWAYS),
    ("casignaturealgorithms", AlgorithmKind::CertificateAuthority, Release::new(7, 9)),
];

/// Every single-valued keyword that has a default in this program, with its value.
pub(super) fn single_values(program: &Program) -> Vec<(&'static str, String)> {
    let mut values: Vec<(&str, String)> = ROWS
        .iter()
        .filter(|row| row.holds == Holds::Everywhere || program.build == Build::Debian)
        .filter_map(|row| Some((row.keyword, value_of(row, program)?.to_owned())))
        .collect();
    if let Some(classes) = quality_of_service(program) {
        values.push(("ipqos", classes.to_owned()));
    }
    for (keyword, kind, since) in ALGORITHMS {
        if program.release.is_some_and(|release| release >= since) {
            values.extend(algorithm::compiled_in(kind, program).map(|list| (keyword, list)));
        }
    }
    values
}

fn value_of(row: &Row, program: &Program) -> Option<&'static str> {
    let value = match (program.release, row.values) {
        (Some(release), values) => values.iter().rev().find(|(since, _)| *since <= release)?.1,
        (None, [(ALWAYS, value)]) => value,
        (None, _) => return None,
    };
    // An empty value marks a release that no longer has the keyword.
    (!value.is_empty()).then_some(value)
}

/// Debian kept the older classes until 10.0, against upstream's change in 7.8.
fn quality_of_service(program: &Program) -> Option<&'static str> {
    program.release?;
    match program.build {
        _ if program.is_at_least(10, 0) => (program.build == Build::Debian).then_some("ef cs1"),
        Build::Debian => Some("lowdelay throughput"),
        Build::Other if program.is_at_least(7, 8) => Some("af21 cs1"),
        Build::Other => Some("lowdelay throughput"),
    }
}

/// The host keys that are looked for when no line names one.
pub(super) fn host_keys(program: &Program) -> Option<[&'static str; 3]> {
    program.is_at_least(7, 7).then_some([
        "/etc/ssh/ssh_host_rsa_key",
        "/etc/ssh/ssh_host_ecdsa_key",
        "/etc/ssh/ssh_host_ed25519_key",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default(version: &str, build: Build, keyword: &str) -> Option<String> {
        let program = match version {
            "" => Program::unknown(),
            _ => Program::from_package_version(version, build),
        };
        single_values(&program).into_iter().find(|(name, _)| *name == keyword).map(|(_, value)| value)
    }

    #[test]
    fn defaults_follow_the_release() {
        for (version, build, keyword, expected) in [
            ("6.6p1", Build::Other, "permitrootlogin", Some("yes")),
            ("7.4p1", Build::Other, "permitrootlogin", Some("prohibit-password")),
            ("", Build::Other, "permitrootlogin", None),
            ("", Build::Other, "passwordauthentication", Some("yes")),
            ("7.3p1", Build::Other, "protocol", Some("2")),
            ("7.4p1", Build::Other, "protocol", None),
            ("5.3p1", Build::Other, "protocol", Some("2,1")),
            ("9.0p1", Build::Other, "requiredrsasize", None),
            ("9.2p1", Build::Debian, "ipqos", Some("lowdelay throughput")),
            ("9.2p1", Build::Other, "ipqos", Some("af21 cs1")),
            ("9.2p1", Build::Other, "ciphers", None),
            ("9.6p1", Build::Debian, "ciphers", None),
        ] {
            assert_eq!(default(version, build, keyword).as_deref(), expected, "{version} {keyword}");
        }
    }
}
