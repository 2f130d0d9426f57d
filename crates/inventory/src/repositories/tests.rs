//! Repositories of every package manager, as tables of files, and apt as the oracle of its own sources.

use std::fs;
use std::process::Command;

use assay_host::{Host, MemoryHost, RootedHost};
use assay_model::evidence::{ProblemKind, SourceKind};

use super::collect;
use crate::packages::Format;

fn host() -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory)
}

/// Repositories as `id location`, problems as kind and the end of the path they are about.
#[track_caller]
fn check(host: &dyn Host, format: Format, expected: &[&str], problems: &[(ProblemKind, &str)]) {
    let (repositories, told) = collect(host, format);
    let seen: Vec<String> =
        repositories.iter().map(|repository| format!("{} {}", repository.id, repository.location)).collect();
    assert_eq!(seen, expected);
    assert_eq!(told.len(), problems.len(), "{told:?}");
    for (problem, (kind, path)) in told.iter().zip(problems) {
        assert!(problem.kind == *kind && problem.subject.ends_with(path), "{problem:?}");
        assert!(!format!("{problem:?}").contains("s3cret"), "{problem:?}");
    }
}

const LIST: &str = "\
# a comment
deb http://deb.debian.org/debian bookworm main contrib # more
deb-src http://deb.debian.org/debian bookworm main
  deb [arch=amd64,i386 signed-by=/usr/share/keyrings/a b.gpg] https://u:s3cret@apt.example.com/x?token=s3cret stable main

deb cdrom:[Debian GNU/Linux 12 #1 - amd64]/ bookworm main
deb file:/srv/own ./
";

#[test]
fn apt_has_lines() {
    let host = host()
        .file("/etc/apt/sources.list", LIST)
        .file("/etc/apt/sources.list.d/more.list", "deb http://x.example more main\n")
        .file("/etc/apt/sources.list.d/more.list.save", "deb http://saved.example more main\n")
        .file("/etc/apt/sources.list.d/.hidden.list", "deb http://hidden.example more main\n");
    check(
        &host,
        Format::Dpkg,
        &[
            "./ file:/srv/own",
            "bookworm cdrom:[Debian GNU/Linux 12 ",
            "bookworm http://deb.debian.org/debian",
            "more http://x.example",
            "stable https://apt.example.com/x",
        ],
        &[],
    );
}

#[test]
fn apt_has_stanzas() {
    let sources = "\
# Debian
Types: deb deb-src
URIs: http://deb.debian.org/debian
 https://u:s3cret@mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 Suites: not-a-field

Types: deb
URIs: http://off.example
Suites: off
Enabled: No

types: deb-src
URIs: http://source.example
Suites: source

Types: deb
Suites: nowhere
";
    let host = host().file("/etc/apt/sources.list.d/debian.sources", sources);
    check(
        &host,
        Format::Dpkg,
        &[
            "bookworm http://deb.debian.org/debian",
            "bookworm https://mirror.example/debian/",
            "bookworm-updates http://deb.debian.org/debian",
            "bookworm-updates https://mirror.example/debian/",
        ],
        &[(ProblemKind::Malformed, "debian.sources")],
    );
}

#[test]
fn extended_maintenance_needs_a_subscription() {
    let list = "deb https://esm.ubuntu.com/apps/ubuntu jammy-apps-security main\n\
                deb https://esm.ubuntu.com/infra/ubuntu jammy-infra-security main\n\
                deb http://archive.ubuntu.com/ubuntu jammy main\n";
    let host = host().file("/etc/apt/sources.list.d/ubuntu-esm.list", list);
    let status = "/var/lib/ubuntu-advantage/status.json";
    let (archive, apps, infra) = (
        "jammy http://archive.ubuntu.com/ubuntu",
        "jammy-apps-security https://esm.ubuntu.com/apps/ubuntu",
        "jammy-infra-security https://esm.ubuntu.com/infra/ubuntu",
    );
    for (document, expected) in [
        (
            r#"{"attached": true, "services": [{"name": "esm-apps", "status": "enabled"}, {"name": "esm-infra", "status": "disabled"}]}"#,
            &[archive, apps][..],
        ),
        (r#"{"attached": true, "services": [{"name": "esm-infra", "status": "warning"}]}"#, &[archive, infra]),
        (r#"{"attached": false, "services": [{"name": "esm-apps", "status": "enabled"}]}"#, &[archive]),
        (r#"{"attached": false, "contract": {"id": "s3cret"}}"#, &[archive]),
    ] {
        check(&host.clone().file(status, document), Format::Dpkg, expected, &[]);
    }
    check(&host, Format::Dpkg, &[archive, apps, infra], &[]);
    check(&host.clone().file(status, "{"), Format::Dpkg, &[archive, apps, infra], &[(ProblemKind::Malformed, status)]);
    check(&host.denied(status), Format::Dpkg, &[archive, apps, infra], &[(ProblemKind::NotPermitted, status)]);
}

const REPO: &str = "\
[rhel-9-for-x86_64-baseos-eus-rpms]
name = Red Hat
baseurl = https://cdn.redhat.com/content/eus/rhel9/$releasever/x86_64/baseos/os
enabled = 1
sslclientkey = /etc/pki/entitlement/1-key.pem

[off]
baseurl=https://off.example/
enabled=0

[by-default]
# no word of it
metalink=https://mirrors.example/metalink?repo=x&key=s3cret
baseurl=
    https://u:s3cret@one.example/x/
    https://two.example/x/
";

#[test]
fn dnf_and_zypper_have_sections() {
    let host = host()
        .file("/etc/yum.conf", "[main]\ngpgcheck=1\nenabled=1\n\n[in-main-file]\nmirrorlist=http://m.example/list\n")
        .file("/etc/yum.repos.d/redhat.repo", REPO)
        .file("/etc/yum.repos.d/redhat.repo.rpmnew", "[saved]\nbaseurl=http://saved.example\n")
        .file("/etc/yum.repos.d/z.repo", "[off]\nenabled=1\nbaseurl=http://second.example\n")
        .file("/etc/zypp/repos.d/oss.repo", "[repo-oss]\nenabled=1\nautorefresh=1\nbaseurl=http://d.example/oss\n");
    let expected = [
        "by-default https://one.example/x/",
        "in-main-file http://m.example/list",
        "repo-oss http://d.example/oss",
        "rhel-9-for-x86_64-baseos-eus-rpms https://cdn.redhat.com/content/eus/rhel9/$releasever/x86_64/baseos/os",
    ];
    check(&host, Format::Rpm, &expected, &[]);
    let changed = host.file(
        "/etc/dnf/repos.override.d/99-config_manager.repo",
        "[by-default]\nenabled=0\n\n[off]\nenabled=1\n\n[rhel-*]\nenabled=0\n\n[unknown]\nenabled=1\n",
    );
    let expected = [expected[1], "off https://off.example/", expected[2], expected[3]];
    check(&changed, Format::Rpm, &expected, &[(ProblemKind::NotSupported, "repos.override.d")]);
}

#[test]
fn apk_and_opkg_have_lists() {
    let alpine = host()
        .file(
            "/etc/apk/repositories",
            "#/media/cdrom/apks\nhttps://dl-cdn.alpinelinux.org/alpine/v3.20/main\n\
             @edge https://u:s3cret@dl.example/alpine/edge/testing/\n/srv/apks\nset -x=y\n",
        )
        .file("/etc/apk/repositories.d/new.list", "v3 https://n.example/alpine/v3.23 main community\n@only\ndeb https://u:s3cret@a.example b\nhttps://a.example/a https://u:s3cret@b.example\n");
    check(
        &alpine,
        Format::Apk,
        &[
            "edge/testing https://dl.example/alpine/edge/testing",
            "srv/apks /srv/apks",
            "v3.20/main https://dl-cdn.alpinelinux.org/alpine/v3.20/main",
            "v3.23/community https://n.example/alpine/v3.23/community",
            "v3.23/main https://n.example/alpine/v3.23/main",
        ],
        &[(ProblemKind::Malformed, "new.list"); 3],
    );
    let router = host().file("/etc/opkg.conf", "dest root /\noption overlay_root /overlay\nsrc/gz broken\n").file(
        "/etc/opkg/distfeeds.conf",
        "src/gz openwrt_core https://downloads.example/23.05.2/packages\n# src/gz x y\n",
    );
    check(
        &router,
        Format::Opkg,
        &["openwrt_core https://downloads.example/23.05.2/packages"],
        &[(ProblemKind::Malformed, "opkg.conf")],
    );
}

#[test]
fn hostile_files_are_told_and_the_rest_is_read() {
    let good = "deb http://x.example more main\n";
    for (hostile, path, kind) in [
        (host().denied("/etc/apt/sources.list"), "sources.list", ProblemKind::NotPermitted),
        (host().fifo("/etc/apt/sources.list"), "sources.list", ProblemKind::WrongType),
        (host().link("/etc/apt/sources.list", "sources.list"), "sources.list", ProblemKind::LinkLoop),
        (host().file("/etc/apt/sources.list", vec![b'#'; 5 << 20]), "sources.list", ProblemKind::TooLarge),
        (host().file("/etc/apt/sources.list", "http://u:s3cret@a b\n"), "sources.list", ProblemKind::Malformed),
        (host().file("/etc/apt/sources.list", "deb http://u:s3cret@a\n"), "sources.list", ProblemKind::Malformed),
        (host().file("/etc/apt/sources.list", "deb [arch=amd64 http://a b\n"), "sources.list", ProblemKind::Malformed),
        (host().file("/etc/apt/sources.list.d/a.sources", "s3cret\n\n"), "a.sources", ProblemKind::Malformed),
    ] {
        let hostile = hostile.file("/etc/apt/sources.list.d/good.list", good);
        check(&hostile, Format::Dpkg, &["more http://x.example"], &[(kind, path)]);
    }
    let addresses = (0..100).map(|number| format!(" http://{number}.example")).collect::<String>();
    let suites = (0..100).map(|number| format!(" s{number}")).collect::<String>();
    let many =
        host().file("/etc/apt/sources.list.d/m.sources", format!("Types: deb\nURIs:{addresses}\nSuites:{suites}\n"));
    let (repositories, problems) = collect(&many, Format::Dpkg);
    assert_eq!((repositories.len(), problems.len(), problems[0].kind), (1024, 1, ProblemKind::Malformed));
    let odd = "enabled=1\n[a]\nenabled=perhaps\nnonsense\nbaseurl=http://a.example\n[b\n";
    let odd = host().file("/etc/yum.repos.d/odd.repo", odd);
    check(&odd, Format::Rpm, &["a http://a.example"], &[(ProblemKind::Malformed, "odd.repo"); 4]);
}

/// apt itself reads the same sources: it fetches a release file from each repository.
#[test]
fn apt_names_the_same_repositories() {
    let root = tempfile::tempdir().unwrap();
    let sources = root.path().join("etc/apt/sources.list.d");
    fs::create_dir_all(&sources).unwrap();
    fs::write(
        root.path().join("etc/apt/sources.list"),
        "deb http://a.example/debian/ one main # deb http://commented.example x main\n\
         deb [ arch=amd64 lang=none ] http://b.example/x two main contrib\n",
    )
    .unwrap();
    fs::write(
        sources.join("c.sources"),
        "Types: deb\nURIs: http://c.example/1 http://c.example/2\nSuites: three\n four\nComponents: main\n\n\
         Types: deb\nURIs: http://off.example\nSuites: off\nComponents: main\nEnabled: false\n",
    )
    .unwrap();
    fs::write(sources.join("ignored.conf"), "deb http://ignored.example x main\n").unwrap();
    fs::create_dir_all(root.path().join("var/lib/apt/lists/partial")).unwrap();
    let output = Command::new("apt-get")
        .args(["update", "--print-uris", "-o", &format!("Dir={}", root.path().display())])
        .args(["-o", "Dir::State::status=/dev/null", "-o", "APT::Architecture=amd64"])
        .output()
        .expect("apt-get is needed: apt");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let repository = |line: &str| {
        let address = line.strip_prefix('\'')?.split_once("/InRelease'")?.0;
        address.split_once("/dists/").map(|(location, suite)| format!("{suite} {location}"))
    };
    let mut asked: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().filter_map(repository).collect();
    asked.sort();
    let (repositories, problems) = collect(&RootedHost::root_directory(root.path()).unwrap(), Format::Dpkg);
    assert_eq!(problems, []);
    let seen: Vec<String> = repositories
        .iter()
        .map(|repository| format!("{} {}", repository.id, repository.location.trim_end_matches('/')))
        .collect();
    assert_eq!(seen.len(), 6);
    assert_eq!(seen, asked);
}
