//! Archives in archives, archives that lie, and real ones.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;

/// How an entry of a made archive is packed.
#[derive(Clone, Copy)]
enum Method {
    Stored,
    Deflated,
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A zip file with these entries.
fn archive(entries: &[(&str, &[u8])], method: Method) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in entries {
        let (packed, number) = match method {
            Method::Stored => (content.to_vec(), 0_u16),
            Method::Deflated => (deflated(content), 8),
        };
        let header = u32::try_from(file.len()).unwrap();
        let mut common = vec![20, 0, 0, 0];
        common.extend(number.to_le_bytes());
        common.extend([0; 8]);
        common.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        common.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0; 2]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(header.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = u32::try_from(file.len()).unwrap();
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, count].concat());
    file.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0; 2]);
    file
}

fn properties(artifact: &str) -> String {
    format!("groupId=org.a\nartifactId={artifact}\nversion=1.0\n")
}

/// Libraries as `name version location`, and the locations of problems.
fn read_all(bytes: Vec<u8>, path: &str) -> (Vec<String>, Vec<JarError>) {
    let contents = read(&mut Cursor::new(bytes), path);
    let line = |(location, parsed): &(String, Parsed)| {
        let each = parsed.found.iter().map(|found| format!("{} {} {location}", found.name, found.version));
        each.collect::<Vec<_>>()
    };
    (contents.libraries.iter().flat_map(line).collect(), contents.problems)
}

#[track_caller]
fn check(bytes: Vec<u8>, path: &str, libraries: &[&str], problems: &[&str]) {
    let (found, told) = read_all(bytes, path);
    assert_eq!(found, libraries);
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), problems.len(), "{told:?}");
    for (problem, part) in told.iter().zip(problems) {
        assert!(problem.contains(part), "{problem} should say {part}");
    }
}

#[test]
fn archives_in_archives_are_read_packed_or_not() {
    for method in [Method::Stored, Method::Deflated] {
        let inner = archive(&[("META-INF/maven/org.a/inner/pom.properties", properties("inner").as_bytes())], method);
        let war = archive(&[("WEB-INF/lib/inner.jar", &inner), ("WEB-INF/classes/A.class", b"")], method);
        let shaded = [
            ("META-INF/maven/x/one/pom.properties", properties("one")),
            ("META-INF/maven/x/two/pom.properties", properties("two")),
        ];
        let shaded: Vec<(&str, &[u8])> = shaded.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let ear = archive(&[("app.war", &war), ("../../shaded-9.jar", &archive(&shaded, method))], method);
        let expected = [
            "org.a:inner 1.0 /srv/all.ear!/app.war!/WEB-INF/lib/inner.jar",
            "org.a:one 1.0 /srv/all.ear!/../../shaded-9.jar",
            "org.a:two 1.0 /srv/all.ear!/../../shaded-9.jar",
        ];
        check(ear.clone(), "/srv/all.ear", &expected, &[]);
        // A start script before it, as Spring Boot writes.
        check([b"#!/bin/sh\nexit\n".to_vec(), ear].concat(), "/srv/all.ear", &expected, &[]);
    }
}

#[test]
fn what_does_not_say_what_it_is_is_told() {
    let class = archive(&[("A.class", b"x")], Method::Deflated);
    check(class.clone(), "/srv/a-1.2.3.jar", &["a 1.2.3 /srv/a-1.2.3.jar"], &[]);
    check(class, "/srv/a.jar", &[], &["/srv/a.jar: neither"]);
    check(archive(&[("a.txt", b"x")], Method::Stored), "/srv/a.jar", &[], &[]);
    check(b"text".to_vec(), "/srv/a.jar", &[], &["no zip file"]);
    check(Vec::new(), "/srv/a.jar", &[], &["no zip file"]);
}

#[test]
fn depth_ends_and_is_told() {
    let mut nested = archive(&[("pom.properties", properties("deepest").as_bytes())], Method::Deflated);
    for _ in 0..50 {
        nested = archive(&[("pom.properties", properties("a").as_bytes()), ("n.jar", &nested)], Method::Deflated);
    }
    let (found, problems) = read_all(nested, "/n.jar");
    assert_eq!(found.len(), MAX_DEPTH + 1);
    assert!(matches!(problems.as_slice(), [JarError::TooDeep { .. }]), "{problems:?}");
}

#[test]
fn bombs_are_told_and_what_stands_beside_them_is_read() {
    let zeros = archive(&[("pom.properties", &vec![b'\n'; 30 << 20])], Method::Stored);
    let beside = archive(&[("pom.properties", properties("beside").as_bytes())], Method::Stored);
    let bomb = archive(&[("bomb.jar", &zeros), ("z.jar", &beside)], Method::Deflated);
    check(bomb, "/b.jar", &["org.a:beside 1.0 /b.jar!/z.jar"], &["unpacks to more than"]);
    let text = archive(&[("META-INF/MANIFEST.MF", &vec![b'a'; 9 << 20]), ("z.jar", &beside)], Method::Deflated);
    check(text, "/b.jar", &["org.a:beside 1.0 /b.jar!/z.jar"], &["unpacks to more than 1048576 bytes"]);
}

#[test]
fn every_cut_and_every_changed_byte_is_an_error_at_most() {
    let inner = archive(&[("pom.properties", properties("inner").as_bytes())], Method::Deflated);
    let whole = archive(&[("inner.jar", &inner), ("pom.properties", properties("a").as_bytes())], Method::Deflated);
    for end in 0..whole.len() {
        assert!(!read_all(whole[..end].to_vec(), "/a.jar").1.is_empty(), "{end}");
    }
    for at in 0..whole.len() {
        for value in [0, 0xff, whole[at] ^ 1] {
            let mut odd = whole.clone();
            odd[at] = value;
            read_all(odd, "/a.jar");
        }
    }
}

#[test]
fn archives_of_pythons_library_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made-1.0.jar");
    let script = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as file:\n \
        file.writestr('META-INF/maven/g/made/pom.properties', 'groupId=g\\nartifactId=made\\nversion=1.0\\n')\n \
        with file.open('big.txt', 'w', force_zip64=True) as entry: entry.write(b'x' * 100000)\n \
        with file.open('in-2.0.jar', 'w', force_zip64=True) as entry: entry.write(open(sys.argv[2], 'rb').read())\n \
        file.comment = b'PK comment'\n";
    let inner = folder.path().join("inner.jar");
    std::fs::write(&inner, archive(&[("A.class", b"x")], Method::Stored)).unwrap();
    let status = std::process::Command::new("python3").arg("-c").arg(script).args([&path, &inner]).status();
    assert!(status.expect("python3 is missing; install Debian's package python3").success());
    let expected = ["g:made 1.0 /made-1.0.jar", "in 2.0 /made-1.0.jar!/in-2.0.jar"];
    check(std::fs::read(&path).unwrap(), "/made-1.0.jar", &expected, &[]);
}
