//! The evidence of whole configurations: file and line, losers, blocks, what is left out.

use assay_host::MemoryHost;
use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, PackageState, Packages, Provenance};
use assay_model::evidence::setting::{Setting, SettingSource};
use assay_model::evidence::sshd::Sshd;
use assay_model::evidence::{Problem, ProblemKind, SourceKind};

use super::collect;

const MAIN: &str = "/etc/ssh/sshd_config";

fn packages(version: &str) -> Packages {
    let package = Package {
        name: "openssh-server".to_owned(),
        version: version.to_owned(),
        architecture: "amd64".to_owned(),
        source_name: "openssh".to_owned(),
        source_version: version.to_owned(),
        state: PackageState::Installed,
        held: false,
        origin: PackageOrigin::Distribution,
        role: PackageRole::Ordinary,
        recorded_at: None,
        previous_version: None,
        provenance: Provenance::default(),
    };
    Packages { format: "dpkg".to_owned(), packages: vec![package], ..Packages::default() }
}

fn host() -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory).file("/usr/sbin/sshd", "")
}

fn collected(host: &MemoryHost) -> (Sshd, Vec<Problem>) {
    let collected = collect(host, Some(&packages("1:9.2p1-2+deb12u7")));
    (collected.facts.unwrap(), collected.problems)
}

/// A setting as `value@file:line`, or the bare value of a default.
fn shown(setting: &Setting) -> String {
    match (setting.source, &setting.file, setting.line) {
        (SettingSource::File, Some(file), Some(line)) => format!("{}@{file}:{line}", setting.value),
        _ => setting.value.clone(),
    }
}

fn effective(sshd: &Sshd, keyword: &str) -> String {
    sshd.effective.get(keyword).map_or_else(|| "absent".to_owned(), shown)
}

fn list(sshd: &Sshd, keyword: &str) -> Vec<String> {
    sshd.lists.get(keyword).into_iter().flatten().map(shown).collect()
}

fn overridden(sshd: &Sshd, keyword: &str) -> Vec<String> {
    sshd.overridden.get(keyword).into_iter().flatten().map(shown).collect()
}

fn kinds(problems: &[Problem]) -> Vec<(&str, ProblemKind)> {
    problems.iter().map(|problem| (problem.subject.as_str(), problem.kind)).collect()
}

#[test]
fn every_value_names_its_line_and_the_lines_that_lost() {
    let host = host()
        .file(MAIN, "Include sshd_config.d/*.conf\nPermitRootLogin yes\nPort 22\nPort 2222\nMaxAuthTries 4 # few\n")
        .file("/etc/ssh/sshd_config.d/10-a.conf", "\nPermitRootLogin no\n")
        .file("/etc/ssh/sshd_config.d/20-b.conf", "PermitRootLogin without-password\nAllowUsers a b\n");
    let (sshd, problems) = collected(&host);
    assert_eq!(problems, []);
    assert_eq!(sshd.version.as_deref(), Some("9.2p1"));
    assert_eq!(effective(&sshd, "permitrootlogin"), "no@/etc/ssh/sshd_config.d/10-a.conf:2");
    assert_eq!(
        overridden(&sshd, "permitrootlogin"),
        ["prohibit-password@/etc/ssh/sshd_config.d/20-b.conf:1", "yes@/etc/ssh/sshd_config:2"]
    );
    assert_eq!(effective(&sshd, "maxauthtries"), "4@/etc/ssh/sshd_config:5");
    assert_eq!(effective(&sshd, "passwordauthentication"), "yes");
    assert_eq!(list(&sshd, "port"), ["22@/etc/ssh/sshd_config:3", "2222@/etc/ssh/sshd_config:4"]);
    assert_eq!(
        list(&sshd, "allowusers"),
        ["a@/etc/ssh/sshd_config.d/20-b.conf:2", "b@/etc/ssh/sshd_config.d/20-b.conf:2"]
    );
    assert_eq!(
        sshd.files,
        [MAIN, "/etc/ssh/sshd_config.d/10-a.conf", "/etc/ssh/sshd_config.d/20-b.conf"],
        "in the order in which they took effect"
    );
}

#[test]
fn match_blocks_are_kept_apart() {
    let host = host()
        .file(
            MAIN,
            "PermitRootLogin no\nMatch User backup Address 10.0.0.0/8 # nightly\n PermitRootLogin yes\n PermitRootLogin no\n \
             AllowUsers a\n AllowUsers b\n Include /etc/ssh/inner\nX11Forwarding yes\nMatch Group wheel\nBanner none\n",
        )
        .file("/etc/ssh/inner", "MaxSessions 1\nMatch Host h\nMaxSessions 2\nMatch all\nMaxSessions 3\n");
    let (sshd, problems) = collected(&host);
    assert_eq!(problems, []);
    let blocks: Vec<String> = sshd
        .match_blocks
        .iter()
        .map(|block| {
            let settings: Vec<String> =
                block.settings.iter().map(|(name, setting)| format!("{name}={}", shown(setting))).collect();
            format!("{} ({}:{}) {}", block.criteria, block.file, block.line, settings.join(" "))
        })
        .collect();
    assert_eq!(
        blocks,
        [
            "User backup Address 10.0.0.0/8 (/etc/ssh/sshd_config:2) allowusers=a b@/etc/ssh/sshd_config:5 \
             maxsessions=1@/etc/ssh/inner:1 permitrootlogin=yes@/etc/ssh/sshd_config:3 \
             x11forwarding=yes@/etc/ssh/sshd_config:8",
            "User backup Address 10.0.0.0/8 Host h (/etc/ssh/inner:2) maxsessions=2@/etc/ssh/inner:3",
            "User backup Address 10.0.0.0/8 (/etc/ssh/inner:4) maxsessions=3@/etc/ssh/inner:5",
            "Group wheel (/etc/ssh/sshd_config:9) banner=none@/etc/ssh/sshd_config:10",
        ]
    );
    assert_eq!(effective(&sshd, "permitrootlogin"), "no@/etc/ssh/sshd_config:1");
    assert_eq!(effective(&sshd, "x11forwarding"), "no");
    assert_eq!(effective(&sshd, "maxsessions"), "10");
}

#[test]
fn a_block_for_everyone_replaces_the_global_value() {
    let host = host().file(MAIN, "PermitRootLogin no\nAllowUsers a\nMatch all\nPermitRootLogin yes\nAllowUsers b\n");
    let (sshd, problems) = collected(&host);
    assert_eq!(problems, []);
    assert_eq!(effective(&sshd, "permitrootlogin"), "yes@/etc/ssh/sshd_config:4");
    assert_eq!(overridden(&sshd, "permitrootlogin"), ["no@/etc/ssh/sshd_config:1"]);
    assert_eq!(list(&sshd, "allowusers"), ["b@/etc/ssh/sshd_config:5"]);
    assert_eq!(overridden(&sshd, "allowusers"), ["a@/etc/ssh/sshd_config:2"]);
    assert_eq!(sshd.match_blocks.len(), 1);
    assert_eq!(sshd.match_blocks[0].settings["permitrootlogin"].value, "yes");
}

#[test]
fn a_denied_include_leaves_out_what_it_might_have_set() {
    let host = host()
        .file(
            MAIN,
            "PermitRootLogin no\nIPQoS ef\nAllowUsers a\nInclude /etc/ssh/d/*.conf\nMaxAuthTries 3\nIPQoS af21\n",
        )
        .file("/etc/ssh/d/1.conf", "LogLevel VERBOSE\n")
        .denied("/etc/ssh/d/2.conf")
        .file("/etc/ssh/d/3.conf", "MaxSessions 2\nPermitRootLogin yes\n");
    let (sshd, problems) = collected(&host);
    assert_eq!(kinds(&problems), [("/etc/ssh/d/2.conf", ProblemKind::NotPermitted)]);
    assert_eq!(
        effective(&sshd, "permitrootlogin"),
        "no@/etc/ssh/sshd_config:1",
        "the first line wins whatever follows"
    );
    assert_eq!(effective(&sshd, "loglevel"), "VERBOSE@/etc/ssh/d/1.conf:1");
    assert_eq!(effective(&sshd, "ipqos"), "af21 af21@/etc/ssh/sshd_config:6", "here the last line wins");
    for keyword in ["maxauthtries", "maxsessions", "passwordauthentication", "ciphers", "protocol"] {
        assert_eq!(effective(&sshd, keyword), "absent", "{keyword}");
    }
    assert!(sshd.lists.is_empty(), "{:?}", sshd.lists);
}

#[test]
fn a_denied_include_of_a_block_leaves_the_global_values() {
    let host = host()
        .file(MAIN, "Match User a\nInclude /etc/ssh/x\nMatch all\nInclude /etc/ssh/y\nPermitRootLogin no\n")
        .denied("/etc/ssh/x");
    let (sshd, problems) = collected(&host);
    assert_eq!(kinds(&problems), [("/etc/ssh/x", ProblemKind::NotPermitted)]);
    assert_eq!(effective(&sshd, "permitrootlogin"), "no@/etc/ssh/sshd_config:5");
    assert_eq!(effective(&sshd, "passwordauthentication"), "yes");
    let (sshd, _) = collected(&host.denied("/etc/ssh/y"));
    assert_eq!(effective(&sshd, "permitrootlogin"), "absent");
    assert_eq!(effective(&sshd, "passwordauthentication"), "absent");
}

#[test]
fn a_main_file_that_cannot_be_read_leaves_nothing() {
    for (host, kind) in [
        (host(), ProblemKind::NotFound),
        (host().denied(MAIN), ProblemKind::NotPermitted),
        (host().fifo(MAIN), ProblemKind::WrongType),
        (host().link(MAIN, "sshd_config"), ProblemKind::LinkLoop),
        (host().file(MAIN, vec![b'#'; 5 << 20]), ProblemKind::TooLarge),
        (host().file(MAIN, "PermitRootLogin no\0\nPort 22\n"), ProblemKind::Malformed),
    ] {
        let (sshd, problems) = collected(&host);
        assert_eq!(kinds(&problems), [(MAIN, kind)]);
        assert!(sshd.installed);
        assert!(sshd.effective.is_empty() && sshd.lists.is_empty(), "{kind:?}");
    }
}

#[test]
fn broken_lines_are_told_and_leave_out_their_keyword() {
    let host =
        host().file(MAIN, "PermitRootLogin perhaps\nPermitRootLogin no\nPort x y\nNoSuch 1\nMaxAuthTries 3\n\"Banner");
    let (sshd, problems) = collected(&host);
    assert_eq!(problems.len(), 3);
    assert!(problems.iter().all(|problem| problem.kind == ProblemKind::Malformed));
    assert!(problems[0].detail.starts_with("line 1 of /etc/ssh/sshd_config"), "{}", problems[0].detail);
    assert!(problems[0].detail.contains("sshd refuses to start"));
    assert_eq!(effective(&sshd, "permitrootlogin"), "absent");
    assert_eq!(list(&sshd, "port"), Vec::<String>::new());
    assert_eq!(effective(&sshd, "maxauthtries"), "3@/etc/ssh/sshd_config:5");
}

#[test]
fn an_unknown_criterion_does_not_make_its_block_global() {
    let host = host().file(MAIN, "PermitRootLogin no\nMatch Exec true\nPermitRootLogin yes\nX11Forwarding yes\n");
    let (sshd, problems) = collected(&host);
    assert_eq!(kinds(&problems), [(MAIN, ProblemKind::Malformed)]);
    assert_eq!(effective(&sshd, "x11forwarding"), "no");
    assert_eq!(sshd.match_blocks[0].criteria, "Exec true");
}

#[test]
fn options_of_the_service_come_first() {
    let host = host()
        .file("/etc/default/ssh", "# SSHD_OPTS=-4\nSSHD_OPTS=\"-o PermitRootLogin=no -p 2022\"\n")
        .file(MAIN, "PermitRootLogin yes\nPort 22\n");
    let (sshd, problems) = collected(&host);
    assert_eq!(problems, []);
    assert_eq!(effective(&sshd, "permitrootlogin"), "no@/etc/default/ssh:2");
    assert_eq!(overridden(&sshd, "permitrootlogin"), ["yes@/etc/ssh/sshd_config:1"]);
    assert_eq!(list(&sshd, "port"), ["2022@/etc/default/ssh:2"]);
    assert_eq!(sshd.files, ["/etc/default/ssh", MAIN]);
    let other = host.file("/etc/default/ssh", "SSHD_OPTS=-f/etc/other\n").file("/etc/other", "Port 1\n");
    assert_eq!(list(&collected(&other).0, "port"), ["1@/etc/other:1"]);
    let bad = other.file("/etc/default/ssh", "SSHD_OPTS=-Z\n");
    assert_eq!(kinds(&collected(&bad).1), [("/etc/default/ssh", ProblemKind::Malformed)]);
    let denied = bad.denied("/etc/default/ssh");
    assert_eq!(effective(&collected(&denied).0, "permitrootlogin"), "absent");
}

#[test]
fn without_a_server_the_section_is_complete() {
    let none = MemoryHost::new(SourceKind::RootDirectory).file(MAIN, "PermitRootLogin yes\n");
    let collected = collect(&none, None);
    assert_eq!(collected.problems, []);
    assert_eq!(collected.facts.unwrap(), Sshd::default());
    let mut removed = packages("1:9.2p1-2");
    removed.packages[0].state = PackageState::ConfigFiles;
    assert!(!collect(&none, Some(&removed)).facts.unwrap().installed);
    assert!(collect(&none, Some(&packages("1:9.2p1-2"))).facts.unwrap().installed);
}

#[test]
fn without_a_package_only_what_never_changed_is_told() {
    let host = host().file(MAIN, "Ciphers +aes128-cbc\nMACs hmac-sha2-256\n");
    let collected = collect(&host, None);
    let sshd = collected.facts.unwrap();
    assert_eq!(sshd.version, None);
    assert_eq!(effective(&sshd, "passwordauthentication"), "yes");
    assert_eq!(effective(&sshd, "permitrootlogin"), "absent");
    assert_eq!(effective(&sshd, "ciphers"), "absent");
    assert_eq!(effective(&sshd, "macs"), "hmac-sha2-256@/etc/ssh/sshd_config:2");
    assert_eq!(kinds(&collected.problems), [(MAIN, ProblemKind::NotSupported)]);
}

#[test]
fn old_servers_keep_their_keywords_apart() {
    let host =
        host().file(MAIN, "Protocol 2,1\nChallengeResponseAuthentication yes\nKbdInteractiveAuthentication no\n");
    let sshd = collect(&host, Some(&packages("1:7.2p2-4"))).facts.unwrap();
    assert_eq!(effective(&sshd, "protocol"), "2,1@/etc/ssh/sshd_config:1");
    assert_eq!(effective(&sshd, "kbdinteractiveauthentication"), "yes@/etc/ssh/sshd_config:2");
    let include = host.file(MAIN, "Include /etc/ssh/x\n");
    assert_eq!(kinds(&collect(&include, Some(&packages("1:7.2p2-4"))).problems), [(MAIN, ProblemKind::Malformed)]);
}

#[test]
fn includes_have_a_limit_in_depth_and_number() {
    let mut deep = host().file(MAIN, "Include /etc/ssh/0\n");
    let mut wide = deep.clone();
    for level in 0..20 {
        let path = format!("/etc/ssh/{level}");
        deep = deep.file(&path, format!("Include /etc/ssh/{}\n", level + 1));
        wide = wide.file(&path, format!("Include /etc/ssh/{0}\nInclude /etc/ssh/{0}\n", level + 1));
    }
    let (sshd, problems) = collected(&deep);
    assert_eq!(kinds(&problems), [("/etc/ssh/16", ProblemKind::Malformed)]);
    assert!(sshd.effective.is_empty());
    let (_, problems) = collected(&wide);
    assert!(problems.len() < 100, "{}", problems.len());
}

#[test]
fn includes_have_a_limit_in_bytes() {
    let padding = "# x\n".repeat(256 << 10);
    let large = host().file(MAIN, format!("Include sshd_config\nInclude sshd_config\n{padding}"));
    let (_, problems) = collected(&large);
    assert_eq!(kinds(&problems), [(MAIN, ProblemKind::TooLarge)]);
    assert!(problems[0].detail.contains("bytes"), "{}", problems[0].detail);
}

#[test]
fn hostile_lines_take_no_time_and_no_stack() {
    for line in [
        "A".repeat(1 << 20),
        format!("Match {}", "User a ".repeat(100_000)),
        format!("AllowUsers {}", "\"".repeat(99_999)),
        format!("Include /etc/{}", "*a".repeat(10_000)),
        format!("Ciphers {}", "*,".repeat(100_000)),
        "Match all\n".repeat(10_000),
        "\u{feff}PermitRootLogin no".to_owned(),
    ] {
        let (sshd, problems) = collected(&host().file(MAIN, format!("MaxSessions 3\n{line}")));
        assert_eq!(effective(&sshd, "maxsessions"), "3@/etc/ssh/sshd_config:1");
        assert!(problems.len() <= 21, "{}", problems.len());
    }
    let (sshd, problems) = collected(&host().file(MAIN, b"Banner /etc/\xff\xfe\nPermitRootLogin no\n"));
    assert_eq!(effective(&sshd, "permitrootlogin"), "no@/etc/ssh/sshd_config:2");
    assert_eq!(kinds(&problems), [(MAIN, ProblemKind::Malformed)]);
}
