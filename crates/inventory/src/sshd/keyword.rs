//! The keywords of sshd_config(5): canonical name, where they may stand, what follows them, since which release.
//!
//! Several names may mean one thing; the canonical one is the one that `sshd -T` prints, which for
//! `ChallengeResponseAuthentication` changed in 8.7: before, it was a setting of its own.

use super::algorithm::AlgorithmKind;
use super::program::{Program, Release};

/// What follows a keyword.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// One of a few words, and what each stands for.
    Choice(&'static [(&'static str, &'static str)]),
    /// A time such as `1h30m`, in seconds.
    Time,
    /// A time, or `none`.
    TimeOrNone,
    /// A non-negative integer.
    Integer,
    /// A non-negative integer, or `none`.
    IntegerOrNone,
    /// A list of algorithms, possibly with `+`, `-` or `^` before it.
    Algorithms(AlgorithmKind),
    /// One argument, where `none` is a value in any case of letters.
    Word,
    /// The rest of the line.
    Rest,
    /// The rest of the line, an absolute path with arguments, or `none`.
    Command,
    /// A port; every line adds one.
    Port,
    /// An address with or without port; every line adds one.
    ListenAddress,
    /// One argument; every line adds one.
    AppendWord,
    /// User patterns; every line adds some.
    AppendUsers,
    /// Group patterns; every line adds some.
    AppendGroups,
    /// Names of environment variables; every line adds some.
    AppendVariables,
    /// `NAME=value` pairs; only the first line counts.
    Variables,
    /// Words; only the first line counts.
    FirstLine(WordCheck),
    /// Name, command and its arguments; every line adds one.
    Subsystem,
    /// `10:30:100` or `10`.
    MaxStartups,
    /// `32:128` or `32`.
    NetBlockSize,
    /// One or two service classes.
    QualityOfService,
    /// A size and perhaps a time.
    RekeyLimit,
    /// `yes`, `no` or a pattern list.
    UserEnvironment,
    /// Options of public keys.
    PublicKeyOptions,
    /// An octal mask.
    Mask,
    /// Accepted and without effect; the value is noted for releases before the given one, or always.
    Obsolete(Option<Release>),
    /// Accepted and without effect in these builds; not noted.
    Ignored,
    /// Reads other files.
    Include,
    /// Begins a conditional block.
    Match,
}

/// What each word of a [`Kind::FirstLine`] must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum WordCheck {
    /// Anything.
    Any,
    /// A list of authentication methods.
    Methods,
    /// `none`, or `type=time`.
    ChannelTimeout,
    /// `any`, `none` or `host:port`.
    PermitOpen,
    /// As [`WordCheck::PermitOpen`], where a bare port is one on any host.
    PermitListen,
}

/// Where a keyword may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Outside Match blocks only.
    Global,
    /// In Match blocks too.
    All,
}

/// Which of several values counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wins {
    /// The first, as nearly always.
    First,
    /// The last: a few keywords never followed the rule.
    Last,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyword {
    /// As written, in lower case.
    pub(super) name: &'static str,
    /// The name that counts.
    pub(super) canonical: &'static str,
    /// Where it may stand.
    pub(super) scope: Scope,
    /// What follows it.
    pub(super) kind: Kind,
    /// The first release that knows it.
    pub(super) since: Release,
}

const fn global(name: &'static str, kind: Kind) -> Keyword {
    Keyword { name, canonical: name, scope: Scope::Global, kind, since: Release::new(0, 0) }
}

const fn all(name: &'static str, kind: Kind) -> Keyword {
    Keyword { name, canonical: name, scope: Scope::All, kind, since: Release::new(0, 0) }
}

impl Keyword {
    const fn means(mut self, canonical: &'static str) -> Keyword {
        self.canonical = canonical;
        self
    }

    const fn since(mut self, major: u32, minor: u32) -> Keyword {
        self.since = Release::new(major, minor);
        self
    }

    /// Which of several values counts in this release.
    pub(super) fn wins(&self, program: &Program) -> Wins {
        match self.canonical {
            "maxstartups" | "persourcenetblocksize" | "ipqos" | "streamlocalbindmask" | "fingerprinthash" => Wins::Last,
            "persourcemaxstartups" if !program.is_at_least(9, 3) => Wins::Last,
            _ => Wins::First,
        }
    }
}

/// The row of a keyword in any case of letters, in the form it has in this release.
pub(super) fn find(name: &str, program: &Program) -> Option<Keyword> {
    let name = name.to_ascii_lowercase();
    let mut keyword = KEYWORDS.iter().find(|keyword| keyword.name == name).copied()?;
    match keyword.name {
        "challengeresponseauthentication" if program.is_before(8, 7) => {
            keyword.canonical = "challengeresponseauthentication";
            keyword.scope = Scope::Global;
        }
        "skeyauthentication" if program.is_before(8, 7) => keyword.kind = Kind::Ignored,
        "subsystem" if program.is_before(9, 5) => keyword.scope = Scope::Global,
        _ => {}
    }
    Some(keyword)
}

/// The canonical keywords whose global value a Match block replaces. For `SetEnv` older releases forgot to.
pub(super) fn overridable(program: &Program) -> impl Iterator<Item = &'static str> {
    let rows = KEYWORDS.iter().filter_map(|keyword| find(keyword.name, program));
    rows.filter(|keyword| keyword.scope == Scope::All)
        .map(|keyword| keyword.canonical)
        .filter(|name| *name != "setenv" || !program.is_before(8, 7))
}

const FLAG: Kind = Kind::Choice(&[("yes", "yes"), ("no", "no")]);
const FAMILY: Kind = Kind::Choice(&[("inet", "inet"), ("inet6", "inet6"), ("any", "any")]);
const ROOT_LOGIN: Kind = Kind::Choice(&[
    ("without-password", "prohibit-password"),
    ("prohibit-password", "prohibit-password"),
    ("forced-commands-only", "forced-commands-only"),
    ("yes", "yes"),
    ("no", "no"),
]);
const RHOSTS: Kind = Kind::Choice(&[("yes", "yes"), ("no", "no"), ("shosts-only", "shosts-only")]);
const COMPRESSION: Kind = Kind::Choice(&[("yes", "yes"), ("delayed", "yes"), ("no", "no")]);
const GATEWAY_PORTS: Kind = Kind::Choice(&[("clientspecified", "clientspecified"), ("yes", "yes"), ("no", "no")]);
const FORWARDING: Kind =
    Kind::Choice(&[("yes", "yes"), ("all", "yes"), ("no", "no"), ("remote", "remote"), ("local", "local")]);
const TUNNEL: Kind =
    Kind::Choice(&[("no", "no"), ("point-to-point", "point-to-point"), ("ethernet", "ethernet"), ("yes", "yes")]);
const FACILITY: Kind = Kind::Choice(&[
    ("daemon", "DAEMON"),
    ("user", "USER"),
    ("auth", "AUTH"),
    ("authpriv", "AUTHPRIV"),
    ("local0", "LOCAL0"),
    ("local1", "LOCAL1"),
    ("local2", "LOCAL2"),
    ("local3", "LOCAL3"),
    ("local4", "LOCAL4"),
    ("local5", "LOCAL5"),
    ("local6", "LOCAL6"),
    ("local7", "LOCAL7"),
]);
const LEVEL: Kind = Kind::Choice(&[
    ("silent", "QUIET"),
    ("quiet", "QUIET"),
    ("fatal", "FATAL"),
    ("error", "ERROR"),
    ("info", "INFO"),
    ("verbose", "VERBOSE"),
    ("debug", "DEBUG"),
    ("debug1", "DEBUG"),
    ("debug2", "DEBUG2"),
    ("debug3", "DEBUG3"),
]);
const DIGEST: Kind =
    Kind::Choice(&[("md5", "MD5"), ("sha1", "SHA1"), ("sha256", "SHA256"), ("sha384", "SHA384"), ("sha512", "SHA512")]);
const METHODS: Kind = Kind::FirstLine(WordCheck::Methods);
/// Protocol 1 and what served it: gone since 7.4.
const BEFORE_7_4: Kind = Kind::Obsolete(Some(Release::new(7, 4)));

const KEYWORDS: &[Keyword] = &[
    global("usepam", FLAG),
    all("pamservicename", Kind::Word).since(9, 8),
    global("pamauthenticationviakbdint", Kind::Ignored),
    global("port", Kind::Port),
    global("hostkey", Kind::AppendWord),
    global("hostdsakey", Kind::AppendWord).means("hostkey"),
    global("hostkeyagent", Kind::Word),
    global("pidfile", Kind::Word),
    global("modulifile", Kind::Word).since(8, 5),
    global("serverkeybits", BEFORE_7_4),
    global("logingracetime", Kind::Time),
    global("keyregenerationinterval", BEFORE_7_4),
    all("permitrootlogin", ROOT_LOGIN),
    global("syslogfacility", FACILITY),
    all("loglevel", LEVEL),
    all("logverbose", Kind::FirstLine(WordCheck::Any)).since(8, 5),
    global("rhostsauthentication", Kind::Ignored),
    all("rhostsrsaauthentication", BEFORE_7_4),
    all("hostbasedauthentication", FLAG),
    all("hostbasedusesnamefrompacketonly", FLAG),
    all("hostbasedacceptedalgorithms", Kind::Algorithms(AlgorithmKind::Signature)).since(8, 5),
    all("hostbasedacceptedkeytypes", Kind::Algorithms(AlgorithmKind::Signature)).means("hostbasedacceptedalgorithms"),
    global("hostkeyalgorithms", Kind::Algorithms(AlgorithmKind::Signature)),
    all("rsaauthentication", BEFORE_7_4),
    all("pubkeyauthentication", FLAG),
    all("pubkeyacceptedalgorithms", Kind::Algorithms(AlgorithmKind::Signature)).since(8, 5),
    all("pubkeyacceptedkeytypes", Kind::Algorithms(AlgorithmKind::Signature)).means("pubkeyacceptedalgorithms"),
    all("pubkeyauthoptions", Kind::PublicKeyOptions).since(8, 2),
    global("dsaauthentication", FLAG).means("pubkeyauthentication"),
    all("kerberosauthentication", FLAG),
    global("kerberosorlocalpasswd", FLAG),
    global("kerberosticketcleanup", FLAG),
    global("kerberosgetafstoken", Kind::Ignored),
    global("kerberostgtpassing", Kind::Ignored),
    global("afstokenpassing", Kind::Ignored),
    all("gssapiauthentication", FLAG),
    global("gssapicleanupcredentials", FLAG),
    global("gssapicleanupcreds", FLAG).means("gssapicleanupcredentials"),
    global("gssapistrictacceptorcheck", FLAG),
    global("gssapikeyexchange", FLAG),
    global("gssapistorecredentialsonrekey", FLAG),
    global("gssapikexalgorithms", Kind::Word),
    global("gssusesessionccache", Kind::Ignored),
    global("gssapiusesessioncredcache", Kind::Ignored),
    // Of Red Hat's builds.
    global("gssapienablek5users", FLAG),
    global("kerberosuniqueccache", FLAG),
    global("kerberosusekuserok", FLAG),
    global("rsaminsize", Kind::Integer).means("requiredrsasize"),
    all("passwordauthentication", FLAG),
    all("kbdinteractiveauthentication", FLAG),
    all("challengeresponseauthentication", FLAG).means("kbdinteractiveauthentication"),
    all("skeyauthentication", FLAG).means("kbdinteractiveauthentication"),
    global("checkmail", Kind::Ignored),
    global("listenaddress", Kind::ListenAddress),
    global("addressfamily", FAMILY),
    global("printmotd", FLAG),
    global("printlastlog", FLAG),
    all("ignorerhosts", RHOSTS),
    global("ignoreuserknownhosts", FLAG),
    all("x11forwarding", FLAG),
    all("x11displayoffset", Kind::Integer),
    all("x11uselocalhost", FLAG),
    global("xauthlocation", Kind::Word),
    global("strictmodes", FLAG),
    global("permitblacklistedkeys", Kind::Ignored),
    all("permitemptypasswords", FLAG),
    global("permituserenvironment", Kind::UserEnvironment),
    global("uselogin", BEFORE_7_4),
    global("compression", COMPRESSION),
    all("rekeylimit", Kind::RekeyLimit),
    global("tcpkeepalive", FLAG),
    global("keepalive", FLAG).means("tcpkeepalive"),
    all("allowtcpforwarding", FORWARDING),
    all("allowagentforwarding", FLAG),
    all("allowusers", Kind::AppendUsers),
    all("denyusers", Kind::AppendUsers),
    all("allowgroups", Kind::AppendGroups),
    all("denygroups", Kind::AppendGroups),
    global("ciphers", Kind::Algorithms(AlgorithmKind::Cipher)),
    global("macs", Kind::Algorithms(AlgorithmKind::Mac)),
    global("protocol", Kind::Obsolete(None)),
    all("gatewayports", GATEWAY_PORTS),
    all("subsystem", Kind::Subsystem),
    global("maxstartups", Kind::MaxStartups),
    global("persourcemaxstartups", Kind::IntegerOrNone).since(8, 5),
    global("persourcenetblocksize", Kind::NetBlockSize).since(8, 5),
    global("persourcepenalties", Kind::FirstLine(WordCheck::Any)).since(9, 8),
    global("persourcepenaltyexemptlist", Kind::Word).since(9, 8),
    all("maxauthtries", Kind::Integer),
    all("maxsessions", Kind::Integer),
    all("banner", Kind::Word),
    global("usedns", FLAG),
    global("verifyreversemapping", Kind::Ignored),
    global("reversemappingcheck", Kind::Ignored),
    all("clientaliveinterval", Kind::Time),
    all("clientalivecountmax", Kind::Integer),
    all("authorizedkeysfile", Kind::FirstLine(WordCheck::Any)),
    all("authorizedkeysfile2", Kind::Ignored),
    global("useprivilegeseparation", Kind::Obsolete(Some(Release::new(7, 5)))),
    all("acceptenv", Kind::AppendVariables),
    all("setenv", Kind::Variables).since(7, 8),
    all("permittunnel", TUNNEL),
    all("permittty", FLAG),
    all("permituserrc", FLAG),
    all("match", Kind::Match),
    all("permitopen", Kind::FirstLine(WordCheck::PermitOpen)),
    all("permitlisten", Kind::FirstLine(WordCheck::PermitListen)).since(7, 8),
    all("forcecommand", Kind::Rest),
    all("chrootdirectory", Kind::Word),
    global("hostcertificate", Kind::AppendWord),
    all("revokedkeys", Kind::Word),
    all("trustedusercakeys", Kind::Word),
    all("authorizedprincipalsfile", Kind::Word),
    global("kexalgorithms", Kind::Algorithms(AlgorithmKind::KeyExchange)),
    all("include", Kind::Include).since(8, 2),
    all("ipqos", Kind::QualityOfService),
    all("authorizedkeyscommand", Kind::Command),
    all("authorizedkeyscommanduser", Kind::Word),
    all("authorizedprincipalscommand", Kind::Command),
    all("authorizedprincipalscommanduser", Kind::Word),
    global("versionaddendum", Kind::Rest),
    all("authenticationmethods", METHODS),
    all("streamlocalbindmask", Kind::Mask),
    all("streamlocalbindunlink", FLAG),
    all("allowstreamlocalforwarding", FORWARDING),
    global("fingerprinthash", DIGEST),
    all("disableforwarding", FLAG).since(7, 4),
    all("exposeauthinfo", FLAG).since(7, 6),
    all("rdomain", Kind::Word).since(7, 6),
    all("casignaturealgorithms", Kind::Algorithms(AlgorithmKind::CertificateAuthority)).since(7, 9),
    global("securitykeyprovider", Kind::Word).since(8, 2),
    all("requiredrsasize", Kind::Integer).since(9, 1),
    all("channeltimeout", Kind::FirstLine(WordCheck::ChannelTimeout)).since(9, 2),
    all("unusedconnectiontimeout", Kind::TimeOrNone).since(9, 2),
    global("sshdsessionpath", Kind::Word).since(9, 8),
    global("sshdauthpath", Kind::Word).since(10, 0),
    all("refuseconnection", FLAG).since(9, 9),
    global("debianbanner", FLAG),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sshd::Build;

    #[test]
    fn every_name_is_unique_and_in_lower_case() {
        let mut names: Vec<&str> = KEYWORDS.iter().map(|keyword| keyword.name).collect();
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase()));
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_alias_leads_to_a_keyword() {
        for keyword in KEYWORDS {
            assert!(KEYWORDS.iter().any(|other| other.name == keyword.canonical), "{}", keyword.name);
        }
    }

    #[test]
    fn a_release_has_its_own_form_of_a_keyword() {
        let old = Program::from_package_version("8.4p1-1", Build::Other);
        let new = Program::from_package_version("9.2p1-1", Build::Other);
        let canonical = |program| find("ChallengeResponseAuthentication", program).unwrap().canonical;
        assert_eq!(canonical(&old), "challengeresponseauthentication");
        assert_eq!(canonical(&new), "kbdinteractiveauthentication");
        assert!(find("NoSuchKeyword", &new).is_none());
    }
}
