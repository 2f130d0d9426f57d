//! Hosts with libraries of every kind, and hosts that mean harm.

use assay_host::MemoryHost;
use assay_model::evidence::SourceKind;

use super::*;
use crate::packages::{self, Format};

fn host() -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory)
}

/// Libraries as `ecosystem name version location`, then problems as `kind subject`.
#[track_caller]
fn check(host: &dyn Host, libraries: &[&str], problems: &[(ProblemKind, &str)]) {
    let collected = collect(host);
    let line =
        |library: &Library| format!("{} {} {} {}", library.ecosystem, library.name, library.version, library.location);
    let seen: Vec<String> = collected.facts.unwrap().libraries.iter().map(line).collect();
    assert_eq!(seen, libraries);
    let told: Vec<(ProblemKind, &str)> =
        collected.problems.iter().map(|problem| (problem.kind, problem.subject.as_str())).collect();
    assert_eq!(told, problems, "{:?}", collected.problems);
}

#[test]
fn installed_and_locked_libraries_are_found() {
    let host = host()
        .file("/usr/lib/python3/dist-packages/six-1.16.0.egg-info", "Name: six\nVersion: 1.16.0\n")
        .file("/usr/lib/python3/dist-packages/A_b-2.dist-info/METADATA", "Name: A_b\nVersion: 2\n\ntext")
        .file("/srv/node_modules/@s/a/package.json", r#"{"name": "@s/a", "version": "1.2.3"}"#)
        .file("/srv/node_modules/@s/a/lib/package.json", r#"{"name": "no", "version": "0"}"#)
        .file("/var/lib/gems/3.1.0/specifications/rake-13.0.6.gemspec", "s.name = 'rake'\ns.version = '13.0.6'\n")
        .file("/srv/Cargo.lock", "[[package]]\nname = \"own\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n")
        .link("/srv/again", "node_modules");
    check(
        &host,
        &[
            "crates-io own 1.0.0 /srv/Cargo.lock",
            "npm @s/a 1.2.3 /srv/node_modules/@s/a/package.json",
            "pypi a-b 2 /usr/lib/python3/dist-packages/A_b-2.dist-info/METADATA",
            "pypi six 1.16.0 /usr/lib/python3/dist-packages/six-1.16.0.egg-info",
            "rubygems rake 13.0.6 /var/lib/gems/3.1.0/specifications/rake-13.0.6.gemspec",
        ],
        &[],
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let host = host()
        .file("/a/a.dist-info/METADATA", "Summary: nothing\n")
        .file("/a/node_modules/big/package.json", vec![b' '; 5 << 20])
        .file("/a/node_modules/bad/package.json", "{")
        .denied("/a/node_modules/secret/package.json")
        .fifo("/a/node_modules/fifo/package.json")
        .file("/z/z.dist-info/METADATA", "Name: z\nVersion: 1\n");
    check(
        &host,
        &["pypi z 1 /z/z.dist-info/METADATA"],
        &[
            (ProblemKind::Malformed, "/a/a.dist-info/METADATA"),
            (ProblemKind::Malformed, "/a/node_modules/bad/package.json"),
            (ProblemKind::TooLarge, "/a/node_modules/big/package.json"),
            (ProblemKind::NotPermitted, "/a/node_modules/secret/package.json"),
        ],
    );
}

#[test]
fn more_libraries_than_the_limit_are_told() {
    let mut many = host();
    for number in 0..9 {
        many = many.file(&format!("/{number}/a.dist-info/METADATA"), "Name: a\nVersion: 1\n");
    }
    let collected = collect_within(&many, WalkLimits::DEFAULT, 5);
    assert_eq!(collected.facts.unwrap().libraries.len(), 5);
    assert_eq!(collected.problems.len(), 1);
    assert_eq!(collected.problems[0].kind, ProblemKind::TooLarge);
}

#[test]
fn a_library_has_the_package_that_owns_its_file() {
    let host = host()
        .link("/lib", "usr/lib")
        .file("/usr/lib/python3/dist-packages/six-1.16.0.egg-info", "Name: six\nVersion: 1.16.0\n")
        .file("/usr/local/lib/python3/six.egg-info", "Name: six\nVersion: 1.17.0\n")
        .file("/var/lib/dpkg/info/python3-six.list", "/lib/python3/dist-packages/six-1.16.0.egg-info\n");
    let mut collected = collect(&host);
    packages::assign(&host, Some(Format::Dpkg), &mut [&mut collected]);
    let owners: Vec<(String, Option<String>)> =
        collected.facts.unwrap().libraries.into_iter().map(|library| (library.version, library.owner)).collect();
    assert_eq!(owners, [("1.16.0".to_owned(), Some("python3-six".to_owned())), ("1.17.0".to_owned(), None)]);
    assert_eq!(file_of("/a/b.jar!/c.jar!/d.jar"), "/a/b.jar");
}

/// The shared folder's specimens, unpacked in memory: real programs and archives.
fn specimen(name: &str) -> Vec<u8> {
    let shared = std::env::var_os("ASSAY_SHARED").map_or_else(|| "../../../shared".into(), std::path::PathBuf::from);
    let packed = shared.join("data/hosts/lockfiles.tar.xz");
    let output = std::process::Command::new("tar")
        .args(["-xOJf".as_ref(), packed.as_os_str(), format!("lockfiles/{name}").as_ref()])
        .output()
        .expect("tar is missing");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn programs_say_what_they_were_built_from() {
    let go = specimen("binaries/binary_with_module_replacement-linux-amd64");
    let rust = specimen("binaries/uses_serde_json/uses_serde_json");
    let host = host()
        .file_with("/opt/go", &go, 0o755, 0, 0)
        .file_with("/opt/rust", &rust, 0o755, 0, 0)
        .file_with("/opt/not-executable", &go, 0o644, 0, 0)
        .file_with("/opt/cut", &go[..go.len() / 2], 0o700, 0, 0)
        .file_with("/opt/script", vec![b'#'; 100], 0o755, 0, 0);
    check(
        &host,
        &[
            "crates-io itoa 1.0.14 /opt/rust",
            "crates-io memchr 2.7.4 /opt/rust",
            "crates-io proc-macro2 1.0.92 /opt/rust",
            "crates-io quote 1.0.38 /opt/rust",
            "crates-io ryu 1.0.18 /opt/rust",
            "crates-io serde 1.0.217 /opt/rust",
            "crates-io serde_derive 1.0.217 /opt/rust",
            "crates-io serde_json 1.0.135 /opt/rust",
            "crates-io syn 2.0.95 /opt/rust",
            "crates-io unicode-ident 1.0.14 /opt/rust",
            "go github.com/golang/xerrors v0.0.0-20220907171357-04be3eba64a2 /opt/go",
            "go stdlib 1.22.0 /opt/go",
        ],
        &[(ProblemKind::Malformed, "/opt/cut")],
    );
}

#[test]
fn shared_libraries_say_it_too_whatever_their_permissions() {
    let go = specimen("binaries/binary_with_module_replacement-linux-amd64");
    let host = host()
        .file_with("/usr/lib/libgo.so", &go, 0o644, 0, 0)
        .file_with("/usr/lib/libcut.so.1.2", &go[..go.len() / 2], 0o644, 0, 0)
        .file_with(
            "/usr/lib/libscript.so",
            "/* GNU ld script */ GROUP ( /lib/libc.so.6 /lib/libc_nonshared.a )",
            0o644,
            0,
            0,
        );
    check(
        &host,
        &[
            "go github.com/golang/xerrors v0.0.0-20220907171357-04be3eba64a2 /usr/lib/libgo.so",
            "go stdlib 1.22.0 /usr/lib/libgo.so",
        ],
        &[(ProblemKind::Malformed, "/usr/lib/libcut.so.1.2")],
    );
}

#[test]
fn archives_say_which_libraries_they_are() {
    let log4j = specimen("binaries/log4j-core-2.13.0.jar");
    let folder = "osv-scalibr/language/java/archive/testdata";
    let jar = |name: &str| specimen(&format!("{folder}/{name}"));
    let host = host()
        .file("/srv/log4j.jar", &log4j)
        .file("/srv/cut.jar", &log4j[..log4j.len() / 2])
        .file("/srv/complex.jar", jar("complex.jar"))
        .file("/srv/empty.jar", jar("empty.jar"))
        .file("/srv/invalid.jar", jar("invalid_jar.jar"))
        .file("/srv/nested.jar", jar("nested_at_100.jar"))
        .file("/srv/no_pom_properties-2.4.0.jar", jar("no_pom_properties-2.4.0.jar"));
    check(
        &host,
        &[
            "maven com.some.anotherpackage:another-package-name 3.2.1 /srv/complex.jar!/BOOT-INF/lib/inner.jar",
            "maven com.some.package:package-name 1.2.3 /srv/complex.jar",
            "maven no_pom_properties 2.4.0 /srv/no_pom_properties-2.4.0.jar",
            "maven org.apache.logging.log4j:log4j-core 2.13.0 /srv/log4j.jar",
        ],
        &[
            (ProblemKind::Malformed, "/srv/cut.jar"),
            (ProblemKind::Malformed, "/srv/invalid.jar"),
            (ProblemKind::TooLarge, &format!("/srv/nested.jar{}", "!/nested.jar".repeat(9))),
        ],
    );
}
