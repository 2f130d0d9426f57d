//! Archives of every dialect, of the system's `tar` and of hands that mean no good.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, symlink};
use std::path::Path;
use std::process::Command;

use super::*;
use crate::image::extent::Extent;
use crate::image::extent::tests::extent_of;
use crate::image::specimen::{Member, Tar, octal, sign};

fn read_with(bytes: &[u8], mut budget: TarBudget) -> (Vec<TarEntry>, Option<TarError>) {
    let archive = extent_of(bytes);
    let mut reader = TarReader::new(&archive, &mut budget);
    let mut entries = Vec::new();
    loop {
        match reader.next_entry() {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => return (entries, None),
            Err(error) => return (entries, Some(error)),
        }
    }
}

fn read(bytes: &[u8]) -> (Vec<TarEntry>, Option<TarError>) {
    read_with(bytes, TarBudget::new(10_000, 10_000))
}

/// The names of the entries, and how reading ended.
fn check(archive: Vec<u8>, names: &[&str], end: Option<&str>) {
    let (entries, error) = read(&archive);
    let found: Vec<_> = entries.iter().map(|entry| String::from_utf8_lossy(&entry.name).into_owned()).collect();
    assert_eq!(found, names);
    assert_eq!(error.map(|error| error.to_string()).as_deref(), end);
}

fn content(archive: &Extent, entry: &TarEntry) -> Vec<u8> {
    let mut content = vec![0; usize::try_from(entry.size).unwrap()];
    let whole = [Piece { at: 0, size: entry.size, offset: if let Data::Run(at) = entry.data { at } else { 0 } }];
    let pieces = if let Data::Sparse(pieces) = &entry.data { pieces.as_slice() } else { &whole };
    for piece in pieces {
        let (at, end) = (piece.at as usize, (piece.at + piece.size) as usize);
        let part = archive.part(piece.offset, piece.size).unwrap();
        let mut read = Vec::new();
        std::io::Read::read_to_end(&mut part.reader(), &mut read).unwrap();
        content[at..end].copy_from_slice(&read);
    }
    content
}

/// A directory with everything that an archive's dialects write in different ways.
fn make_tree(root: &Path) {
    fs::create_dir_all(root.join("deep").join("x".repeat(90)).join("y".repeat(90))).unwrap();
    fs::write(root.join("empty"), "").unwrap();
    fs::write(root.join("deep").join("x".repeat(90)).join("y".repeat(90)).join("file"), "deep").unwrap();
    fs::write(root.join("large"), vec![b'l'; 100_000]).unwrap();
    fs::hard_link(root.join("large"), root.join("name")).unwrap();
    symlink("t".repeat(80), root.join("link")).unwrap();
    let sparse = File::create(root.join("sparse")).unwrap();
    sparse.set_len(3_000_000).unwrap();
    for at in (0..60).map(|part| part * 40_000) {
        sparse.write_all_at(b"data", at + 5000).unwrap();
    }
    let mut tail = File::create(root.join("tail")).unwrap();
    tail.write_all(b"head").unwrap();
    tail.set_len(1_000_000).unwrap();
}

fn tar(directory: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new("tar");
    command.args(["--create", "--sort=name", "--directory"]).arg(directory).args(arguments).arg(".");
    let output = command.output().expect("GNU tar is there (package tar)");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn what_gnu_tar_writes_is_read_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    make_tree(directory.path());
    let mut counts = Vec::new();
    for arguments in [
        ["--format=gnu", "--sparse", "--owner=1:2"].as_slice(),
        &["--format=oldgnu", "--sparse"],
        &["--format=posix", "--sparse", "--sparse-version=0.0"],
        &["--format=posix", "--sparse", "--sparse-version=0.1"],
        &["--format=posix", "--sparse", "--sparse-version=1.0"],
        &["--format=ustar"],
    ] {
        let archive = extent_of(&tar(directory.path(), arguments));
        let mut budget = TarBudget::new(10_000, 10_000);
        let mut reader = TarReader::new(&archive, &mut budget);
        let mut sparse = 0;
        while let Some(entry) = reader.next_entry().unwrap() {
            let name = String::from_utf8(entry.name.clone()).unwrap();
            let path = directory.path().join(&name);
            let real = fs::symlink_metadata(&path).unwrap();
            assert_eq!((entry.mode & 0o7777, entry.modified), ((real.mode() & 0o7777).into(), real.mtime()), "{name}");
            sparse += usize::from(matches!(entry.data, Data::Sparse(_)));
            match entry.kind {
                TarKind::File => assert!(content(&archive, &entry) == fs::read(&path).unwrap(), "{arguments:?} {name}"),
                TarKind::HardLink => {
                    assert_eq!((name.as_str(), entry.link.as_slice()), ("./name", b"./large".as_slice()))
                }
                TarKind::SymbolicLink => assert_eq!(entry.link, [b't'; 80]),
                TarKind::Directory => assert!(real.is_dir()),
                kind => panic!("{kind:?}"),
            }
            counts.push(name);
        }
        let expected = if arguments.contains(&"--format=ustar") { 0 } else { 2 };
        assert_eq!(sparse, expected, "{arguments:?}");
    }
    assert_eq!(counts.len(), 6 * 11);
}

#[test]
fn names_come_from_where_the_last_word_is() {
    let long = "n".repeat(300);
    let file = |name: &str| Member { content: b"x".to_vec(), ..Member::new(name, b'0') };
    let mut prefixed = file("name").header(Tar::POSIX);
    prefixed[345..351].copy_from_slice(b"prefix");
    sign(&mut prefixed);
    check(Tar::new().raw(prefixed).padded(b"x").finish(), &["prefix/name"], None);
    check(Tar::new().gnu_long(b'L', &long).file("short", "x").file("next", "").finish(), &[&long, "next"], None);
    check(
        Tar::new().pax(b'x', &[("path", b"pax")]).file("short", "x").file("next", "").finish(),
        &["pax", "next"],
        None,
    );
    let both = Tar::new().gnu_long(b'L', "gnu").pax(b'x', &[("path", b"pax")]).file("short", "x");
    check(both.finish(), &["gnu"], None);
    let global = Tar::new().pax(b'g', &[("path", b"pax")]).file("short", "x");
    check(global.finish(), &["short"], None);
    check(Tar::new().pax(b'x', &[("path", b"")]).file("short", "x").finish(), &["short"], None);
    check(Tar::new().pax(b'x', &[("path", b"alone")]).finish(), &[], None);
    let (entries, _) = read(&Tar::new().file(b"no\xffutf8", "").link("l", "x".repeat(200)).finish());
    assert_eq!((entries[0].name.as_slice(), entries[1].link.len()), (b"no\xffutf8".as_slice(), 200));
}

#[test]
fn an_archive_ends_where_it_says_or_where_it_stops() {
    let one = || Tar::new().file("one", "content");
    check(one().finish(), &["one"], None);
    check(one().unfinished(), &["one"], None);
    check(one().raw([0; 512]).unfinished(), &["one"], None);
    check(one().raw([0; 1024]).file("behind", "").unfinished(), &["one"], None);
    check(Vec::new(), &[], None);
    let short = one().unfinished();
    check(short[..512 + 7].to_vec(), &["one"], None);
    check(short[..512 + 6].to_vec(), &[], Some("the archive breaks off in the entry at byte 0"));
    check(short[..511].to_vec(), &[], Some("the archive breaks off in the entry at byte 0"));
    check(one().raw([7; 100]).unfinished(), &["one"], Some("the archive breaks off in the entry at byte 1024"));
    check(one().raw([7; 512]).finish(), &["one"], Some("the header at byte 1024 has a wrong check sum"));
    check(
        one().raw([0; 512]).file("behind", "").finish(),
        &["one"],
        Some("the header at byte 1536 follows a block of zeros"),
    );
}

#[test]
fn absurd_sizes_are_refused() {
    let sized = |flag, size| Tar::new().raw(Member { size: Some(size), ..Member::new("x", flag) }.header(Tar::GNU));
    let negative = [0xff; 12];
    let huge = *b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff";
    let not_octal = *b"99999999999\0";
    for (flag, size, expected) in [
        (b'0', negative, "the header at byte 0 has a negative size"),
        (b'0', huge, "the archive breaks off in the entry at byte 0"),
        (b'0', octal(1 << 32), "the archive breaks off in the entry at byte 0"),
        (b'0', not_octal, "the header at byte 0 has a number that is none"),
        (b'x', huge, "the header at byte 0 has extended headers of an absurd size"),
        (b'L', octal((1 << 20) + 1), "the header at byte 0 has extended headers of an absurd size"),
        (b'K', negative, "the header at byte 0 has extended headers of an absurd size"),
        (b'L', octal(1 << 20), "the archive breaks off in the entry at byte 0"),
    ] {
        check(sized(flag, size).finish(), &[], Some(expected));
    }
    // What has no content has none, whatever it says.
    for flag in [b'1', b'2', b'3', b'4', b'5', b'6'] {
        check(sized(flag, huge).file("next", "").finish(), &["x", "next"], None);
    }
    let grown = Tar::new().pax(b'x', &[("size", b"600")]).file("pax", "x").padded(b"more");
    check(grown.file("next", "").finish(), &["pax", "next"], None);
    let shrunk = Tar::new().pax(b'x', &[("size", b"-1")]).file("pax", "x");
    check(shrunk.finish(), &[], Some("the header at byte 1024 has a negative size"));
}

#[test]
fn maps_of_sparse_files_must_add_up() {
    let map = |size: &str, map: &str, content: &str| {
        let count = (map.split(',').count() / 2).to_string();
        let records = [("GNU.sparse.size", size), ("GNU.sparse.numblocks", &count), ("GNU.sparse.map", map)];
        let records: Vec<_> = records.iter().map(|(key, value)| (*key, value.as_bytes())).collect();
        Tar::new().pax(b'x', &records).file("sparse", content).finish()
    };
    let (entries, error) = read(&map("1000000000000000", "5,3,900000000000000,2", "abcde"));
    assert!(error.is_none());
    let pieces = [Piece { at: 5, size: 3, offset: 1536 }, Piece { at: 900_000_000_000_000, size: 2, offset: 1539 }];
    assert_eq!((entries[0].size, &entries[0].data), (1_000_000_000_000_000, &Data::Sparse(pieces.to_vec())));
    for (size, numbers, content) in [
        ("10", "5,3", "abcd"),
        ("10", "5,3", "ab"),
        ("10", "5,3,7,1", "abcd"),
        ("7", "5,3", "abc"),
        ("10", "5,3,4", "abc"),
        ("10", "-5,3", "abc"),
        ("10", "5,-3", ""),
        ("10", "9223372036854775807,9223372036854775807", "abc"),
        ("10", "x,y", ""),
    ] {
        let (entries, error) = read(&map(size, numbers, content));
        assert!(entries.is_empty(), "{numbers}");
        assert!(matches!(error, Some(TarError::Malformed { at: 1024, .. })), "{numbers}: {error:?}");
    }
    for text in
        ["", "x\n", "-1\n", "99999999999999999999\n", "9223372036854775807\n0\n", "2\n0\n1\n", &"1".repeat(1100)]
    {
        let records =
            [("GNU.sparse.major", b"1".as_slice()), ("GNU.sparse.minor", b"0"), ("GNU.sparse.realsize", b"9")];
        let (entries, error) = read(&Tar::new().pax(b'x', &records).file("sparse", text).finish());
        assert!(entries.is_empty() && error.is_some(), "{text}");
    }
}

#[test]
fn the_budget_is_kept() {
    let three = Tar::new().file("a", "").pax(b'x', &[("path", b"b")]).file("b", "").finish();
    assert!(read_with(&three, TarBudget::new(4, 0)).1.is_none());
    let (entries, error) = read_with(&three, TarBudget::new(2, 0));
    assert_eq!((entries.len(), error.unwrap().to_string().as_str()), (1, "there are more than 2 entries"));
    // A chain of blocks that continue the map of a sparse file, without an end.
    let mut header = Member { size: Some(octal(0)), ..Member::new("sparse", b'S') }.header(Tar::GNU);
    header[482] = 1;
    sign(&mut header);
    let mut block = [0; 512];
    block[504] = 1;
    let endless = (0..1000).fold(Tar::new().raw(header), |tar, _| tar.raw(block));
    let (_, error) = read_with(&endless.finish(), TarBudget::new(100, 500));
    assert_eq!(error.unwrap().to_string(), "there are more than 500 pieces of sparse files");
    let old = Tar::new().raw(Member::new("sparse", b'S').header(Tar::POSIX)).finish();
    assert_eq!(read(&old).1.unwrap().to_string(), "the header at byte 0 is of a sparse file, but not GNU's");
}
